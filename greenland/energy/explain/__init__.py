"""A plan in words: what clashes, or what each limit is worth and what sets each capacity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from greenland.energy.explain.infeasible import Infeasibility, infeasibility
from greenland.energy.explain.text import KINDS, label_of, limit_record
from greenland.energy.identity import (
    Capacities,
    CapacityKind,
    Identity,
    capacity_labels,
    limit_parts,
)
from greenland.energy.plan import Plan
from greenland.energy.site import Objective
from greenland.energy.solution import Status
from greenland.i18n import N_, _, joined


@dataclass(frozen=True)
class Binding:
    """The limit that sets a capacity.

    Parameters
    ----------
    capacity : str
        As in `Plan.capacities`.
    limit : str or None
    text : str
    key : Identity
        What the capacity is.
    """

    capacity: str
    limit: str | None
    text: str
    key: Identity

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "capacity": self.capacity,
            **self.key.to_record(),
            "limit": self.limit,
            **({} if self.limit is None else limit_record(self.limit)),
            "text": str(self.text),
        }


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
        kind = limit_parts(limit)[0]
        share = KINDS[kind][1]
        least = KINDS[kind][2]
        unit = SHADOW_UNITS["share" if share else kind]
        change = _("降低") if least else _("增加")
        step = _("1 个百分点") if share else "1 " + KINDS[kind][0]
        text = _(
            "{name}每{change} {step}，年费用减少 {value:,.0f} 元。",
            name=label_of(limit),
            change=change,
            step=step,
            value=float(value),
        )
        values = {"value": float(value), "unit": str(_(unit)), "text": str(text)}
        rows.append({"limit": limit, **limit_record(limit), **values})
    return rows


def binding(plan: Plan) -> list[Binding]:
    """What sets each capacity: a bound of its own, a limit that binds, or its cost."""
    prices, labels = plan.shadow_prices, capacity_labels(plan.site)
    shared = [str(name) for name in prices.index if not limit_parts(str(name))[1]]
    return [_one_binding(labels[key], key, size, own, shared) for key, size, own in _decided(plan)]


Bounds = list[tuple[str, float]]


def _decided(plan: Plan) -> Iterable[tuple[Identity, float, Bounds]]:
    """Every decided capacity, its size, and the bounds of its own with their limit."""
    site, kinds = plan.site, CapacityKind
    sizes = Capacities(site, plan.capacities)
    for item in site.sources:
        bounds = [(f"max_mw:{item.name}", item.existing_mw + item.max_mw)]
        yield Identity(kinds.SOURCE, item.name), sizes.of(kinds.SOURCE, item.name), bounds
    for b in site.storages:
        power, energy = (sizes.of(k, b.name) for k in (kinds.STORAGE_POWER, kinds.STORAGE_ENERGY))
        bounds = [(f"max_mw:{b.name}", b.existing_mw + b.max_mw)]
        yield Identity(kinds.STORAGE_POWER, b.name), power, bounds
        bounds = [(f"max_mwh:{b.name}", b.existing_mwh + b.max_mwh)]
        yield Identity(kinds.STORAGE_ENERGY, b.name), energy, bounds
    for made in site.electrolysers:
        bounds = [(f"max_mw:{made.name}", made.existing_mw + made.max_mw)]
        yield (
            Identity(kinds.ELECTROLYSER, made.name),
            sizes.of(kinds.ELECTROLYSER, made.name),
            bounds,
        )
    if site.grid is not None and site.grid.max_capacity_mw is not None:
        bounds = [("grid_capacity", site.grid.max_capacity_mw)]
        yield Identity(kinds.GRID), sizes.of(kinds.GRID), bounds


def _said(key: Identity) -> str:
    """A capacity as people say it: sources and storages keep the names their owner gave them."""
    if key.kind is CapacityKind.STORAGE_POWER:
        return _("{storage} 的功率（MW）", storage=key.owner)
    if key.kind is CapacityKind.STORAGE_ENERGY:
        return _("{storage} 的容量（MWh）", storage=key.owner)
    return _("接入容量") if key.kind is CapacityKind.GRID else key.owner


def _one_binding(name: str, key: Identity, size: float, own: Bounds, shared: list[str]) -> Binding:
    tolerance = 1e-6 * max(1.0, size)
    said = _said(key)
    for limit, bound in own:
        if np.isfinite(bound) and size >= bound - tolerance:
            text = _("{name}达到上限 {bound:g}，由上限决定。", name=said, bound=bound)
            return Binding(name, limit, text, key)
    if size <= tolerance:
        text = _("{name}不建：在当前价格和限制下不划算。", name=said)
        return Binding(name, None, text, key)
    if not shared:
        text = _(
            "{name}＝{size:.4g}，由费用权衡决定：再多建，增加的费用大于节省。", name=said, size=size
        )
        return Binding(name, None, text, key)
    limits = joined(label_of(limit) for limit in shared)
    text = _(
        "{name}＝{size:.4g}，由费用权衡和“{limits}”共同决定。", name=said, size=size, limits=limits
    )
    return Binding(name, shared[0], text, key)


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


def explain(plan: Plan, engine: str = "auto") -> Explanation:
    """Explain a plan.

    Parameters
    ----------
    plan : Plan
        With a plan: shadow prices and what sets each capacity. Infeasible: what clashes and the
        least each limit must give.
    engine : str
        For the further problems an infeasible plan needs.
    """
    if plan.status.has_plan:
        return Explanation(plan.status, None, tuple(shadow_texts(plan)), tuple(binding(plan)))
    if plan.status is Status.INFEASIBLE:
        return Explanation(plan.status, infeasibility(plan.site, engine))
    if plan.status is Status.UNBOUNDED and plan.objective is Objective.GREEN_PRICE and plan.notes:
        return Explanation(plan.status, Infeasibility((), (), "".join(plan.notes)))
    if plan.status is Status.UNBOUNDED:
        text = _(
            "费用可以无限降低：卖电收入高于新建电源的成本，而装机、上网都没有上限。"
            "请给出 max_mw、接入容量或 max_export_share。"
        )
        return Explanation(plan.status, Infeasibility((), (), text))
    return Explanation(plan.status, None)
