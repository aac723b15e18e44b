"""What a park sets for its per-mu evaluation in park.yaml."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from greenland.land.per_mu.scheme import FirmGroup, FirmIndicator


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
        Values that stand in for the scheme's benchmarks, such as last year's county mean.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: str | None = None
    benchmarks: dict[FirmGroup, dict[FirmIndicator, OwnBenchmark]] = {}
