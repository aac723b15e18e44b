"""Why no plan is feasible: which requirements clash, and the least each must give.

All named limits are first allowed to give way at a price. Those whose give is worth its price to
the rest are what clashes; of these every one that the others clash without is dropped. What is
left becomes feasible when any one of it is left out. For each of the set the least it must give
is found with all others kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from greenland.energy.explain.elastic import Elastic, solve_elastic
from greenland.energy.explain.text import (
    KINDS,
    label_of,
    limit_record,
    named_limits,
    required_value,
    show,
)
from greenland.energy.identity import limit_parts
from greenland.energy.plan import capacities_of, schedule_of
from greenland.energy.problem.data import prepare
from greenland.energy.replay import replay
from greenland.energy.site import Site
from greenland.i18n import _, joined
from greenland.results import plain_value

GIVE_DUST = 1e-5  # relative: a smaller give is what accuracy leaves of none
CHEAP, DEAR = 1e-6, 1e3  # prices of limits that may give freely, and of those that should not
REACH_ROUNDS = 12


@dataclass(frozen=True)
class Relaxation:
    """The least one limit must give, with all others kept.

    Parameters
    ----------
    limit : str
    required, reachable : float or None
        The limit, and the value nearest to it that can be reached, in the same unit (shares as
        decimals); None: even without this limit nothing is feasible.
    text : str
    """

    limit: str
    required: float
    reachable: float | None
    unit: str
    text: str

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "limit": self.limit,
            **limit_record(self.limit),
            "required": plain_value(self.required),
            "reachable": plain_value(self.reachable),
            "unit": self.unit,
            "text": str(self.text),
        }


@dataclass(frozen=True)
class Infeasibility:
    """Why no plan is feasible.

    Parameters
    ----------
    clashes : tuple of str
        Named limits that cannot hold together; without any one of them they can.
    relaxations : tuple of Relaxation
    text : str
        The whole in words.
    """

    clashes: tuple[str, ...]
    relaxations: tuple[Relaxation, ...]
    text: str

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "clashes": [
                {"limit": name, **limit_record(name), "text": str(label_of(name))}
                for name in self.clashes
            ],
            "relaxations": [item.to_record() for item in self.relaxations],
            "text": str(self.text),
        }


def infeasibility(site: Site, engine: str = "auto") -> Infeasibility:
    """Find which limits clash and the least each must give.

    Parameters
    ----------
    site : Site
        Known to be infeasible.
    engine : str
        ``"auto"``, ``"interior"`` or ``"highs"``.
    """
    names = named_limits(site)
    clashing = _clash(site, names, engine)
    if clashing is None:
        text = _("即使放开所有有名称的限制也不可行：请检查负荷、接入与储能的基本参数。")
        return Infeasibility((), (), text)
    relaxations = tuple(_relaxation(site, name, names, engine) for name in clashing)
    return Infeasibility(tuple(clashing), relaxations, _in_words(clashing, relaxations))


def _size(site: Site, name: str) -> float:
    """What a limit's give is measured against, so that different units compare."""
    kind = limit_parts(name)[0]
    power = max(1.0, float(site.load.max()))
    if kind in ("max_mw", "grid_capacity", "peak_valley"):
        return power
    if kind in ("max_mwh", "hours_min", "hours_max"):
        return 4 * power
    if kind in ("land", "roof", "co2", "budget"):
        return max(1.0, required_value(site, name) * (10.0 if kind == "budget" else 1.0))
    return max(1.0, float(site.load.sum()) * site.step_hours)


def _prices(
    site: Site, names: Iterable[str], chosen: Iterable[str], others: float
) -> dict[str, float]:
    """Price 1 for a whole size of each chosen limit, *others* for the rest."""
    kept = set(chosen)
    return {name: (1.0 if name in kept else others) / _size(site, name) for name in names}


def _given(site: Site, found: Elastic, names: Iterable[str]) -> dict[str, float]:
    """Limits that gave way, by how much of their size, those that gave most first."""
    gave = {name: found.gives.get(name, 0.0) / _size(site, name) for name in names}
    kept = {name: share for name, share in gave.items() if share > GIVE_DUST}
    return dict(sorted(kept.items(), key=lambda item: -item[1]))


def _clash(site: Site, names: list[str], engine: str) -> list[str] | None:
    """A smallest set of limits that cannot hold together; None when relaxing all is no help."""
    found = solve_elastic(site, _prices(site, names, names, 1.0), engine)
    if found is None:
        return None
    gave = _given(site, found, names)
    needed = [name for name in names if found.prices.get(name, 0.0) > 1e-4]
    kept = sorted(needed, key=lambda name: name in gave)
    for name in list(kept):
        rest = [one for one in kept if one != name]
        if rest and _still_clash(site, names, rest, engine):
            kept = rest
    return sorted(kept, key=names.index)


def _still_clash(site: Site, names: list[str], rest: list[str], engine: str) -> bool:
    """Whether some limits clash by themselves, all others giving as they like."""
    found = solve_elastic(site, _prices(site, names, rest, CHEAP), engine)
    return found is not None and bool(_given(site, found, rest))


def _relaxation(site: Site, name: str, names: list[str], engine: str) -> Relaxation:
    """The least a limit must give while all others hold."""
    required = required_value(site, name)
    kind = limit_parts(name)[0]
    unit, share, least = KINDS[kind]
    reached = _reach(site, name, names, engine)
    if reached is None:
        return Relaxation(name, required, None, unit, _together(site, name, names, engine))
    values = {
        "name": label_of(name),
        "required": show(required, share, unit),
        "reachable": show(reached, share, unit, up=not least),
    }
    if kind in ("max_mw", "max_mwh", "grid_capacity", "land", "roof", "budget"):
        text = _("{name}由 {required} 增至 {reachable} 即可满足。", **values)
    elif least:
        text = _("{name}要求不低于 {required}，其余限制下最高只能达到 {reachable}。", **values)
    else:
        text = _("{name}要求不高于 {required}，其余限制下最低只能降到 {reachable}。", **values)
    return Relaxation(name, required, reached, unit, text)


def _together(site: Site, name: str, names: list[str], engine: str) -> str:
    """What a limit must give together with capacities, where it alone is not enough."""
    alone = _("单独放宽{name}不够", name=label_of(name))
    sizes = [one for one in names if limit_parts(one)[0] in _SIZES]
    found = solve_elastic(site, _prices(site, names, {name, *sizes}, DEAR), engine)
    if found is None:
        return alone + _("，须同时放宽其他限制。")
    steps = []
    for one in _given(site, found, names):
        unit, share, least = KINDS[limit_parts(one)[0]]
        value = show(_reached(site, one, found), share, unit, up=not least)
        steps.append(_("{name}改为 {value}", name=label_of(one), value=value))
    return alone + _("；例如{steps}可以满足。", steps="、".join(steps))


_SIZES = {"max_mw", "max_mwh", "grid_capacity", "land", "roof", "budget"}


def _reach(site: Site, name: str, names: list[str], engine: str) -> float | None:
    """Value nearest to a limit that can be reached with all others kept, or None.

    A share is a ratio of two decisions; each round puts the value reached into the limit and
    asks whether more can be had, until nothing has to give (Dinkelbach's iteration).
    """
    found = solve_elastic(site, _prices(site, names, {name}, DEAR), engine)
    if found is None or _given(site, found, [one for one in names if one != name]):
        return None
    value = _reached(site, name, found)
    field = _RATIO_FIELDS.get(name)
    if field is None:
        return value
    for _round in range(REACH_ROUNDS):
        level = min(1.0, max(0.0, value))
        changed: dict[str, Any] = {field: level}
        trial = replace(site, limits=replace(site.limits, **changed))
        better = solve_elastic(trial, {name: 1.0 / _size(site, name)}, engine, free=True)
        if better is None:
            break
        reached = _reached(trial, name, better)
        if abs(reached - value) <= 1e-8:
            break
        value = reached
    return value


_RATIO_FIELDS = {
    "self_use_of_generation": "min_self_use_of_generation",
    "self_use_of_generation_net": "min_self_use_of_generation",
    "self_use_of_consumption": "min_self_use_of_consumption",
    "export_share": "max_export_share",
    "curtailment_share": "max_curtailment_share",
    "peak_valley": "max_peak_valley_ratio",
}


def _reached(site: Site, name: str, found: Elastic) -> float:
    """Value of a named limit in an elastic answer, in the unit people read."""
    kind = limit_parts(name)[0]
    if kind in ("max_mw", "max_mwh", "grid_capacity"):
        return required_value(site, name) + found.gives.get(name, 0.0)
    data = prepare(site)
    sizes = {str(k): float(v) for k, v in capacities_of(data, found.values).items()}
    limits = replay(site, sizes, schedule_of(data, found.values)).limits
    rows = limits[limits["limit"] == name]
    value = float(rows["value"].min() if KINDS[kind][2] else rows["value"].max())
    return value / 1e4 if kind == "budget" else value


def _in_words(clashing: list[str], relaxations: tuple[Relaxation, ...]) -> str:
    names = joined(label_of(name) for name in clashing)
    if len(clashing) == 1:
        head = _("“{names}”无法满足。", names=names)
    else:
        head = _("以下 {count} 项要求不能同时满足：{names}。", count=len(clashing), names=names)
    steps = " ".join(str(item.text) for item in relaxations if item.reachable is not None)
    if not steps:
        return head
    return head + _("任选一项放宽即可：{steps}", steps=steps)
