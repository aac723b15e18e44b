"""Names of sources, storages and assets in the finance of a case, held against what there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from greenland.energy.money.config import FinanceConfig
from greenland.errors import Problem, Severity
from greenland.i18n import _
from greenland.yamlfile import nearest


def unknown_ageing(config: FinanceConfig, names: Sequence[str]) -> list[Problem]:
    """Names under ``degradation`` that are no source or storage, with the nearest known one."""
    if not isinstance(config.degradation, dict):
        return []
    return unknown_names("finance.degradation", config.degradation, names)


def unknown_parts(
    config: FinanceConfig, parts: Sequence[str], sources: Sequence[str]
) -> list[Problem]:
    """Names under ``investment.assets`` and ``costs.maintenance`` that the case does not have."""
    made = {} if config.investment is None else config.investment.assets
    kept = {} if config.costs is None else config.costs.maintenance
    return [
        *unknown_names("finance.investment.assets", made, parts),
        *unknown_names("finance.costs.maintenance", kept, sources),
    ]


def unknown_names(place: str, given: Iterable[str], names: Sequence[str]) -> list[Problem]:
    """A problem for each given name that is not known, with the nearest known one."""
    problems = []
    for item in given:
        if item in names:
            continue
        guess = nearest(item, names)
        problems.append(
            Problem(
                Severity.ERROR,
                "unknown_asset",
                _("{place} 里的“{item}”不是本案例可用的名称", place=place, item=item),
                _("是否应为“{guess}”？", guess=guess) if guess else "",
                column=place,
                got=item,
                allowed="、".join(names),
                touches=("energy",),
            )
        )
    return problems
