"""Why no plan is feasible: which requirements clash, and the least each must give.

The named limits are first allowed to give way at a price (elastic solve); those that do are
enforced in turn until nothing else can give, which leaves a set that clashes; what is not needed
for the clash is then dropped, so that the set becomes feasible when any one of it is left out.
For each of the set the least it must give is found with all others kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from greenland.energy.limit_text import KINDS, label_of, named_limits, required_value, show
from greenland.energy.model import build
from greenland.energy.model_data import ModelData, prepare
from greenland.energy.plan import capacities_of, schedule_of
from greenland.energy.replay import Replay, replay
from greenland.energy.site import Array, Site
from greenland.energy.solution import RawSolution, Status
from greenland.energy.solve import solve_model
from greenland.i18n import _
from greenland.results import plain_value

GIVE_DUST = 1e-6


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
            "clashes": [{"limit": name, "text": str(label_of(name))} for name in self.clashes],
            "relaxations": [item.to_record() for item in self.relaxations],
            "text": str(self.text),
        }


def infeasibility(site: Site, engine: str = "highs") -> Infeasibility:
    """Find which limits clash and the least each must give.

    Parameters
    ----------
    site : Site
        Known to be infeasible.
    """
    data = prepare(site)
    names = named_limits(site)
    clashing = _clash(data, names, engine)
    if clashing is None:
        text = _("即使放开所有有名称的限制也不可行：请检查负荷、接入与储能的基本参数。")
        return Infeasibility((), (), text)
    relaxations = tuple(_relaxation(site, name, engine) for name in clashing)
    return Infeasibility(tuple(clashing), relaxations, _in_words(clashing, relaxations))


def _elastic(data: ModelData, relaxed: Iterable[str], engine: str) -> RawSolution | None:
    """Least total give of the relaxed limits, each relative to its size; None: infeasible.

    The gives themselves are in `values` under ``give:<limit>``.
    """
    model = build(data, relaxed=set(relaxed))
    weights = {model.gives[name]: 1.0 / _size(data, name) for name in model.gives}
    model.problem.objective = type(model.problem.objective)(weights)
    raw = solve_model(model, engine)
    if raw.status is not Status.OPTIMAL:
        return None
    gives = {f"give:{k}": np.array([v.varValue or 0.0]) for k, v in model.gives.items()}
    return replace(raw, values={**raw.values, **gives})


def _size(data: ModelData, name: str) -> float:
    """What a limit's give is measured against, so that different units compare."""
    kind = name.partition(":")[0]
    energy = max(1.0, float(data.load.sum()) * data.step_hours)
    power = max(1.0, float(data.load.max()))
    if kind in ("max_mw", "grid_capacity", "peak_valley"):
        return power
    if kind in ("max_mwh", "hours_min", "hours_max"):
        return 4 * power
    limits = data.site.limits
    sizes = {
        "land": limits.max_land_mu,
        "roof": limits.max_roof_m2,
        "budget": None if limits.max_capex_yuan is None else limits.max_capex_yuan / 1000,
        "co2": limits.max_co2_t,
    }
    return max(1.0, sizes.get(kind) or energy)


def _gives(raw: RawSolution, data: ModelData, names: Iterable[str]) -> list[str]:
    """Limits that gave way, those that gave most first."""
    found = {}
    for name in names:
        values = raw.values.get(f"give:{name}")
        if values is not None and values[0] / _size(data, name) > GIVE_DUST:
            found[name] = values[0] / _size(data, name)
    return sorted(found, key=lambda name: -found[name])


def _clash(data: ModelData, names: list[str], engine: str) -> list[str] | None:
    """A smallest set of limits that cannot hold together; None when relaxing all is no help."""
    enforced: list[str] = []
    while True:
        raw = _elastic(data, [name for name in names if name not in enforced], engine)
        if raw is None:
            break
        gave = _gives(raw, data, names)
        if not gave:
            return enforced  # feasible after all, or only by a hair
        enforced += gave
    if not enforced:
        return None
    return _smallest(data, names, enforced, engine)


def _smallest(data: ModelData, names: list[str], clashing: list[str], engine: str) -> list[str]:
    """Drop from a clashing set what it clashes without."""
    kept = list(clashing)
    for name in clashing:
        rest = [one for one in kept if one != name]
        if rest and _elastic(data, [one for one in names if one not in rest], engine) is None:
            kept = rest
    return kept


def _relaxation(site: Site, name: str, engine: str) -> Relaxation:
    """The least a limit must give while all others hold."""
    required = required_value(site, name)
    kind = name.partition(":")[0]
    unit, share, least = KINDS[kind]
    reached = _reach(site, name, engine)
    if reached is None:
        return Relaxation(name, required, None, unit, _together(site, name, engine))
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


def _together(site: Site, name: str, engine: str) -> str:
    """What a limit must give together with capacities, where it alone is not enough."""
    alone = _("单独放宽{name}不够", name=label_of(name))
    data = prepare(site)
    others = [one for one in named_limits(site) if one.partition(":")[0] in _SIZES]
    raw = _elastic(data, {name, *others}, engine)
    if raw is None:
        return alone + _("，须同时放宽其他限制。")
    steps = []
    for one in _gives(raw, data, [name, *(other for other in others if other != name)]):
        kind = one.partition(":")[0]
        unit, share, least = KINDS[kind]
        value = show(_reached(data, one, raw), share, unit, up=not least)
        steps.append(_("{name}改为 {value}", name=label_of(one), value=value))
    return alone + _("；例如{steps}可以满足。", steps="、".join(steps))


_SIZES = {"max_mw", "max_mwh", "grid_capacity", "land", "roof", "budget"}


def _reach(site: Site, name: str, engine: str) -> float | None:
    """Value nearest to a limit that can be reached with all others kept, or None.

    A share is a ratio of two decisions; each round puts the value reached into the limit and
    asks whether more can be had, until nothing has to give (Dinkelbach's iteration).
    """
    kind, data = name.partition(":")[0], prepare(site)
    raw = _elastic(data, [name], engine)
    if raw is None:
        return None
    value = _reached(data, name, raw)
    if kind not in _RATIOS:
        return value
    for _round in range(REACH_ROUNDS):
        better = _free(data, name, value, engine)
        if better is None or abs(better - value) <= 1e-9:
            return value if better is None else better
        value = better
    return value


_RATIOS = {
    "self_use_of_generation",
    "self_use_of_generation_net",
    "self_use_of_consumption",
    "export_share",
    "curtailment_share",
    "peak_valley",
}


def _free(data: ModelData, name: str, level: float, engine: str) -> float | None:
    """Ratio reached when a limit's own row, at some level, is over-fulfilled as far as it goes."""
    model = build(data, relaxed={name}, levels={name: level})
    if name not in model.gives:
        return None
    give = model.gives[name]
    give.lowBound = None
    model.problem.objective = type(model.problem.objective)({give: 1.0})
    raw = solve_model(model, engine)
    return _reached(data, name, raw) if raw.status is Status.OPTIMAL else None


def _replayed(data: ModelData, values: Mapping[str, Array]) -> Replay:
    sizes = {str(k): float(v) for k, v in capacities_of(data, values).items()}
    return replay(data.site, sizes, schedule_of(data, values))


def _reached(data: ModelData, name: str, raw: RawSolution) -> float:
    """Value of a named limit in an elastic solution, in the unit people read."""
    kind = name.partition(":")[0]
    if kind in ("max_mw", "max_mwh"):
        return required_value(data.site, name) + float(raw.values.get(f"give:{name}", [0.0])[0])
    if kind == "grid_capacity":
        return required_value(data.site, name) + float(raw.values[f"give:{name}"][0])
    limits = _replayed(data, raw.values).limits
    rows = limits[limits["limit"] == name]
    least = KINDS[kind][2]
    value = float(rows["value"].min() if least else rows["value"].max())
    return value / 1e4 if kind == "budget" else value


def _in_words(clashing: list[str], relaxations: tuple[Relaxation, ...]) -> str:
    names = "、".join(str(label_of(name)) for name in clashing)
    if len(clashing) == 1:
        head = _("“{names}”无法满足。", names=names)
    else:
        head = _("以下 {count} 项要求不能同时满足：{names}。", count=len(clashing), names=names)
    steps = " ".join(str(item.text) for item in relaxations if item.reachable is not None)
    if not steps:
        return head
    return head + _("任选一项放宽即可：{steps}", steps=steps)
