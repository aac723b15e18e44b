"""What a park sets for its per-mu evaluation in park.yaml."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import BaseModel, ConfigDict, Field

from greenland.errors import Problem, Severity
from greenland.i18n import _
from greenland.land.per_mu.scheme import PerMuScheme


class OwnBenchmark(BaseModel):
    """A benchmark the park gives, with what it rests on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: float = Field(gt=0)
    source: str = Field(min_length=1)


class PerMuSettings(BaseModel):
    """``land.per_mu`` of park.yaml.

    Parameters
    ----------
    scheme : str, optional
        Id of a scheme of the package, or a YAML file beside park.yaml.
    benchmarks : mapping of group to mapping of indicator to OwnBenchmark
        Values that stand in for the scheme's benchmarks, such as last year's county mean; groups
        and indicators are those of the scheme.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: str | None = None
    benchmarks: dict[str, dict[str, OwnBenchmark]] = {}


def benchmark_problems(
    chosen: PerMuSettings, scheme: PerMuScheme, row: Callable[..., int | None] | None = None
) -> list[Problem]:
    """Benchmarks of groups or indicators the scheme does not have.

    Parameters
    ----------
    row : callable, optional
        Line of park.yaml at which a group, or an indicator of a group, stands.
    """
    problems = []
    for group, items in chosen.benchmarks.items():
        part = scheme.groups.get(group)
        known = list(scheme.groups) if part is None else [item.indicator for item in part.items]
        places = [(group,)] if part is None else [(group, name) for name in items]
        problems += [
            Problem(
                Severity.ERROR,
                "per_mu_benchmark",
                _("亩均效益方案“{scheme}”没有“{name}”。", scheme=scheme.id, name=place[-1]),
                _("请按方案的组别和指标填写 land.per_mu.benchmarks。"),
                file="park.yaml",
                row=None if row is None else row(*place),
                got=place[-1],
                allowed="、".join(known),
                touches=("land.per_mu",),
            )
            for place in places
            if place[-1] not in known
        ]
    return problems
