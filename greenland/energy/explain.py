"""Why: which requirements clash and what each must give, or what each is worth and what binds.

Infeasible: the named limits are first allowed to give way at a price (elastic solve); those that
do are enforced in turn until nothing else can give, which leaves a set that clashes; what is not
needed for the clash is then dropped, so that the set becomes feasible when any one of it is left
out. For each of the set the least it must give is found with all others kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from greenland.energy.model import build
from greenland.energy.model_data import ModelData, prepare
from greenland.energy.plan import Plan, capacities_of, schedule_of
from greenland.energy.replay import Replay, replay
from greenland.energy.site import Array, SelfUse, Site
from greenland.energy.solution import RawSolution, Status
from greenland.energy.solve import solve_model
from greenland.i18n import N_, _
from greenland.results import plain_value

GIVE_DUST = 1e-6
REACH_ROUNDS = 12

LIMIT_LABELS = {
    "self_use_of_generation": N_("自发自用占可用发电量比例（口径a）"),
    "self_use_of_generation_net": N_("自发自用占可用发电量比例（口径b）"),
    "self_use_of_consumption": N_("自发自用占总用电量比例"),
    "export_share": N_("上网比例"),
    "curtailment_share": N_("弃电率"),
    "unserved_share": N_("缺电比例"),
    "interruption_share": N_("中断比例"),
    "electrolyser_product": N_("年产量"),
    "co2": N_("年碳排放"),
    "land": N_("用地"),
    "roof": N_("屋顶"),
    "budget": N_("初投资"),
    "grid_capacity": N_("接入容量"),
    "max_mw": N_("装机上限"),
    "max_mwh": N_("储能容量上限"),
    "peak_valley": N_("交换功率峰谷差率"),
    "hours_min": N_("储能最短时长"),
    "hours_max": N_("储能最长时长"),
}
# unit, whether it is a share, and whether the limit is a least value
_KINDS: dict[str, tuple[str, bool, bool]] = {
    "self_use_of_generation": ("", True, True),
    "self_use_of_generation_net": ("", True, True),
    "self_use_of_consumption": ("", True, True),
    "export_share": ("", True, False),
    "curtailment_share": ("", True, False),
    "unserved_share": ("", True, False),
    "interruption_share": ("", True, False),
    "electrolyser_product": ("t", False, True),
    "co2": ("tCO2", False, False),
    "land": ("亩", False, False),
    "roof": ("m2", False, False),
    "budget": ("万元", False, False),
    "grid_capacity": ("MW", False, False),
    "max_mw": ("MW", False, False),
    "max_mwh": ("MWh", False, False),
    "peak_valley": ("", True, False),
    "hours_min": ("h", False, True),
    "hours_max": ("h", False, False),
}


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


@dataclass(frozen=True)
class Binding:
    """The limit that sets a capacity."""

    capacity: str
    limit: str | None
    text: str

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {"capacity": self.capacity, "limit": self.limit, "text": str(self.text)}


def label_of(limit: str) -> str:
    """A limit in words, with the asset it belongs to."""
    kind, _colon, owner = limit.partition(":")
    name = _(LIMIT_LABELS[kind])
    return _("{owner}的{name}", owner=owner, name=name) if owner else name


def named_limits(site: Site) -> list[str]:
    """Names of all limits of a site that may clash."""
    limits, found = site.limits, []
    reading = SelfUse(limits.self_use_reading)
    if limits.min_self_use_of_generation is not None:
        # of both readings the net one is the stricter: it stands for the two
        gross = reading is SelfUse.GROSS
        found.append("self_use_of_generation" if gross else "self_use_of_generation_net")
    for name, value in (
        ("self_use_of_consumption", limits.min_self_use_of_consumption),
        ("export_share", limits.max_export_share),
        ("curtailment_share", limits.max_curtailment_share),
        ("unserved_share", limits.max_unserved_share),
        ("co2", limits.max_co2_t),
        ("land", limits.max_land_mu),
        ("roof", limits.max_roof_m2),
        ("budget", limits.max_capex_yuan),
        ("peak_valley", limits.max_peak_valley_ratio),
    ):
        if value is not None:
            found.append(name)
    return found + _capacity_limits(site)


def _capacity_limits(site: Site) -> list[str]:
    found = [f"max_mw:{item.name}" for item in site.sources if np.isfinite(item.max_mw)]
    for item in site.storages:
        found += [f"max_mw:{item.name}"] if np.isfinite(item.max_mw) else []
        found += [f"max_mwh:{item.name}"] if np.isfinite(item.max_mwh) else []
        found += [f"hours_max:{item.name}"] if item.max_hours is not None else []
        found += [f"hours_min:{item.name}"] if item.min_hours is not None else []
    for made in site.electrolysers:
        found += [f"max_mw:{made.name}"] if np.isfinite(made.max_mw) else []
        found += [f"electrolyser_product:{made.name}"] if made.min_product_t else []
    for cut in site.interruptible:
        found += [f"interruption_share:{cut.name}"] if cut.max_share < 1 else []
    grid = site.grid
    if grid is not None and (grid.capacity_mw is not None or grid.decides_capacity):
        found.append("grid_capacity")
    return found


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
    unit, share, least = _KINDS[kind]
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
        unit, share, least = _KINDS[kind]
        value = show(_reached(data, one, raw), share, unit, up=not least)
        steps.append(_("{name}改为 {value}", name=label_of(one), value=value))
    return alone + _("；例如{steps}可以满足。", steps="、".join(steps))


_SIZES = {"max_mw", "max_mwh", "grid_capacity", "land", "roof", "budget"}


def show(value: float, share: bool, unit: str, up: bool = False) -> str:
    """A value as people read it, rounded to the side that is safe."""
    if share:
        scaled = value * 1000
        return f"{(np.ceil(scaled - 1e-6) if up else np.floor(scaled + 1e-6)) / 10:.1f}%"
    digits = 1 if abs(value) < 10000 else 0
    factor = 10**digits
    scaled = np.ceil(value * factor - 1e-6) if up else np.floor(value * factor + 1e-6)
    return f"{scaled / factor:,.{digits}f} {unit}".strip()


def required_value(site: Site, name: str) -> float:
    """The value of a named limit, in the unit people read it in (budget in 10 000 yuan)."""
    kind, _colon, owner = name.partition(":")
    limits, grid = site.limits, site.grid
    simple: Mapping[str, float | None] = {
        "self_use_of_generation": limits.min_self_use_of_generation,
        "self_use_of_generation_net": limits.min_self_use_of_generation,
        "self_use_of_consumption": limits.min_self_use_of_consumption,
        "export_share": limits.max_export_share,
        "curtailment_share": limits.max_curtailment_share,
        "unserved_share": limits.max_unserved_share,
        "co2": limits.max_co2_t,
        "land": limits.max_land_mu,
        "roof": limits.max_roof_m2,
        "budget": None if limits.max_capex_yuan is None else limits.max_capex_yuan / 1e4,
        "peak_valley": limits.max_peak_valley_ratio,
    }
    if kind in simple:
        return float(simple[kind] or 0.0)
    if kind == "grid_capacity" and grid is not None:
        return float(
            grid.capacity_mw if grid.capacity_mw is not None else grid.max_capacity_mw or 0
        )
    return _owned_value(site, kind, owner)


_FIELDS = {
    "max_mw": "max_mw",
    "max_mwh": "max_mwh",
    "hours_min": "min_hours",
    "hours_max": "max_hours",
    "electrolyser_product": "min_product_t",
    "interruption_share": "max_share",
}


def _owned_value(site: Site, kind: str, owner: str) -> float:
    parts: list[Any] = [*site.sources, *site.storages, *site.electrolysers, *site.interruptible]
    for item in parts:
        if item.name == owner and hasattr(item, _FIELDS[kind]):
            value = float(getattr(item, _FIELDS[kind]))
            if kind == "max_mw":
                value += item.existing_mw
            return value + (item.existing_mwh if kind == "max_mwh" else 0.0)
    raise KeyError(f"{kind}:{owner}")


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
    least = _KINDS[kind][2]
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


SHADOW_UNITS = {
    "share": N_("元/年·每百分点"),
    "max_mw": N_("元/年·MW"),
    "grid_capacity": N_("元/年·MW"),
    "max_mwh": N_("元/年·MWh"),
    "land": N_("元/年·亩"),
    "roof": N_("元/年·m2"),
    "budget": N_("元/年·万元"),
    "co2": N_("元/年·tCO2"),
}


def shadow_texts(plan: Plan) -> list[dict[str, Any]]:
    """What one unit more of each binding limit is worth, in words, the dearest first."""
    rows = []
    for name, value in plan.shadow_prices.sort_values(ascending=False).items():
        limit = str(name)
        kind = limit.partition(":")[0]
        share = _KINDS[kind][1]
        least = _KINDS[kind][2]
        unit = _(SHADOW_UNITS["share" if share else kind])
        change = _("降低") if least else _("增加")
        step = _("1 个百分点") if share else "1 " + _KINDS[kind][0]
        text = _(
            "{name}每{change} {step}，年费用减少 {value:,.0f} 元。",
            name=label_of(limit),
            change=change,
            step=step,
            value=float(value),
        )
        rows.append({"limit": limit, "value": float(value), "unit": str(unit), "text": str(text)})
    return rows


def binding(plan: Plan) -> list[Binding]:
    """What sets each capacity: a bound of its own, a limit that binds, or its cost."""
    found = []
    prices = plan.shadow_prices
    shared = [str(name) for name in prices.index if ":" not in str(name)]
    for name, size, own in _decided(plan):
        found.append(_one_binding(plan, name, size, own, shared))
    return found


def _decided(plan: Plan) -> Iterable[tuple[str, float, list[tuple[str, float]]]]:
    """Every decided capacity: its name, size, and the bounds of its own with their limit."""
    site, sizes = plan.site, plan.capacities
    for item in site.sources:
        bounds = [(f"max_mw:{item.name}", item.existing_mw + item.max_mw)]
        yield item.name, float(sizes[item.name]), bounds
    for b in site.storages:
        bounds = [(f"max_mw:{b.name}", b.existing_mw + b.max_mw)]
        yield f"{b.name}_power", float(sizes[f"{b.name}_power"]), bounds
        bounds = [(f"max_mwh:{b.name}", b.existing_mwh + b.max_mwh)]
        yield f"{b.name}_energy", float(sizes[f"{b.name}_energy"]), bounds
    for made in site.electrolysers:
        bounds = [(f"max_mw:{made.name}", made.existing_mw + made.max_mw)]
        yield made.name, float(sizes[made.name]), bounds
    if site.grid is not None and site.grid.max_capacity_mw is not None:
        yield "grid", float(sizes["grid"]), [("grid_capacity", site.grid.max_capacity_mw)]


def _one_binding(
    plan: Plan, name: str, size: float, own: list[tuple[str, float]], shared: list[str]
) -> Binding:
    tolerance = 1e-6 * max(1.0, size)
    for limit, bound in own:
        if np.isfinite(bound) and size >= bound - tolerance:
            text = _("{name}达到上限 {bound:g}，由上限决定。", name=name, bound=bound)
            return Binding(name, limit, text)
    if size <= tolerance:
        return Binding(name, None, _("{name}不建：在当前价格和限制下不划算。", name=name))
    if not shared:
        text = _(
            "{name}＝{size:.4g}，由费用权衡决定：再多建，增加的费用大于节省。", name=name, size=size
        )
        return Binding(name, None, text)
    limits = "、".join(str(label_of(limit)) for limit in shared)
    text = _(
        "{name}＝{size:.4g}，由费用权衡和“{limits}”共同决定。", name=name, size=size, limits=limits
    )
    return Binding(name, shared[0], text)


@dataclass(frozen=True)
class Explanation:
    """A plan in words: of what clashes, or of what each limit is worth and what binds."""

    status: Status
    infeasibility: Infeasibility | None
    shadow_prices: tuple[dict[str, Any], ...] = ()
    binding: tuple[Binding, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """Everything as sentences."""
        if self.infeasibility is not None:
            return [str(self.infeasibility.text)]
        prices = [str(row["text"]) for row in self.shadow_prices]
        return prices + [str(item.text) for item in self.binding]


def explain(plan: Plan, engine: str = "highs") -> Explanation:
    """Explain a plan.

    Parameters
    ----------
    plan : Plan
        Optimal: shadow prices and what sets each capacity. Infeasible: what clashes and the
        least each limit must give.
    engine : str
        For the further problems an infeasible plan needs.
    """
    if plan.status is Status.OPTIMAL:
        return Explanation(plan.status, None, tuple(shadow_texts(plan)), tuple(binding(plan)))
    if plan.status is Status.INFEASIBLE:
        return Explanation(plan.status, infeasibility(plan.site, engine))
    if plan.status is Status.UNBOUNDED:
        text = _(
            "费用可以无限降低：卖电收入高于新建电源的成本，而装机、上网都没有上限。"
            "请给出 max_mw、接入容量或 max_export_share。"
        )
        return Explanation(plan.status, Infeasibility((), (), text))
    return Explanation(plan.status, None)
