"""A plan in words: what conflicts, or what each limit is worth and what sets each capacity."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.energy.plan.explain.infeasible import Infeasibility, conflicting, infeasibility
from greenland.energy.plan.plan import Plan
from greenland.energy.problem.building import parts_by_choice
from greenland.energy.problem.solution import STATUS_LABELS, Status
from greenland.energy.site import Objective
from greenland.energy.site.identity import Capacities, CapacityKind, Identity, capacity_labels
from greenland.energy.site.limits import LimitRef, limit_ref, limits_by_label, limits_of_site
from greenland.i18n import N_, _, joined
from greenland.results import plain_value
from greenland.summary import Summarised, Summary, quantity


@dataclass(frozen=True)
class Binding:
    """The limit that sets a capacity.

    Parameters
    ----------
    capacity : str
        As in `Plan.capacities`.
    limit : LimitRef or None
        None where its cost alone decides.
    text : str
    key : Identity
        What the capacity is.
    worth : float, optional
        Of one unit more of an upper bound that is reached [yuan/yr per MW or MWh].
    """

    capacity: str
    limit: LimitRef | None
    text: str
    key: Identity
    worth: float | None = None

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "capacity": self.capacity,
            **self.key.to_record(),
            **({"limit": None} if self.limit is None else self.limit.to_record()),
            "worth": plain_value(self.worth),
            "text": str(self.text),
        }


PRICE_UNITS = {  # by the unit of the limit
    "": N_("元/年·每百分点"),
    "MW": N_("元/年·MW"),
    "MWh": N_("元/年·MWh"),
    "亩": N_("元/年·亩"),
    "m2": N_("元/年·m2"),
    "万元": N_("元/年·万元"),
    "tCO2": N_("元/年·tCO2"),
    N_("单位燃料"): N_("元/年·单位燃料"),
}


def shadow_texts(plan: Plan) -> list[dict[str, Any]]:
    """What one unit more of each binding limit is worth, in words, the highest first."""
    limits = limits_by_label(plan.site)
    rows = []
    for label, price in plan.shadow_prices.sort_values(ascending=False).items():
        limit = limits[str(label)]
        kind = limit.kind
        text = _(
            "{name}每{change} {step}，年费用减少 {value:,.0f} 元。",
            name=limit.words,
            change=_("降低") if kind.is_least else _("增加"),
            step=_("1 个百分点") if kind.is_share else "1 " + _(kind.unit),
            value=float(price),
        )
        values = {"value": float(price), "unit": _(PRICE_UNITS[kind.unit]), "text": str(text)}
        rows.append({**limit.to_record(), **values})
    return rows


def binding(plan: Plan) -> list[Binding]:
    """What sets each capacity: a bound of its own, a limit that binds, or its cost."""
    prices, labels = plan.shadow_prices, capacity_labels(plan.site)
    limits = limits_by_label(plan.site)
    priced = (limits[str(label)] for label in prices.index)
    shared = [limit for limit in priced if not limit.owner]
    return [
        _binding_of(labels[key], key, size, bound, shared, prices)
        for key, size, bound in _decided(plan)
    ]


Bound = tuple[LimitRef, float]


def _decided(plan: Plan) -> Iterable[tuple[Identity, float, Bound | None]]:
    """Every decided capacity, its size, and the upper bound of its own."""
    site, kinds = plan.site, CapacityKind
    sizes, values = Capacities(site, plan.capacities), limits_of_site(site)
    makers = site.suppliers
    bounded = [(kinds.SOURCE, item.name, "max_mw") for item in makers]
    for storage in site.storages:
        bounded.append((kinds.STORAGE_POWER, storage.name, "max_mw"))
        bounded.append((kinds.STORAGE_ENERGY, storage.name, "max_mwh"))
        if storage.decides_charge_power:
            bounded.append((kinds.STORAGE_CHARGE_POWER, storage.name, "max_charge_mw"))
    bounded += [(kinds.ELECTROLYSER, item.name, "max_mw") for item in site.electrolysers]
    if site.grid is not None and site.grid.max_capacity_mw is not None:
        bounded.append((kinds.GRID, "", "grid_capacity"))
    for kind, owner, name in bounded:
        limit = limit_ref(name, owner)
        bound = (limit, values[limit]) if limit in values else None
        yield Identity(kind, owner), sizes.of(kind, owner), bound


def _in_words(key: Identity) -> str:
    """A capacity in words: sources and storages keep the names their owner gave them."""
    if key.kind is CapacityKind.STORAGE_POWER:
        return _("{storage}的功率", storage=key.owner)
    if key.kind is CapacityKind.STORAGE_CHARGE_POWER:
        return _("{storage}的充电功率", storage=key.owner)
    if key.kind is CapacityKind.STORAGE_ENERGY:
        return _("{storage}的容量", storage=key.owner)
    return _("接入容量") if key.kind is CapacityKind.GRID else key.owner


def _binding_of(
    label: str,
    key: Identity,
    size: float,
    bound: Bound | None,
    shared: list[LimitRef],
    prices: pd.Series,
) -> Binding:
    tolerance = 1e-6 * max(1.0, size)
    name = _in_words(key)
    if bound is not None and size >= bound[1] - tolerance:
        return _at_bound(label, key, bound, prices)
    if size <= tolerance:
        text = _("{name}不建：在当前价格和限制下不划算。", name=name)
        return Binding(label, None, text, key)
    values = {"name": name, "size": quantity(size, key.unit)}
    if not shared:
        text = _("{name}为 {size}，由费用权衡决定：再多建，增加的费用大于节省。", **values)
        return Binding(label, None, text, key)
    limits = joined(limit.words for limit in shared)
    text = _("{name}为 {size}，由费用权衡和“{limits}”共同决定。", **values, limits=limits)
    return Binding(label, shared[0], text, key)


def _at_bound(label: str, key: Identity, bound: Bound, prices: pd.Series) -> Binding:
    """A capacity at its upper bound, and what one unit more of it is worth."""
    limit, most = bound
    # an objective without prices, such as the green price, leaves the worth open
    worth = float(prices.get(str(limit), 0.0)) if len(prices) else None
    values = {"name": _in_words(key), "most": quantity(most, key.unit), "unit": key.unit}
    if worth is None:
        text = _("{name}达到上限 {most}，由上限决定。", **values)
    elif worth > 0:
        text = _(
            "{name}达到上限 {most}，由上限决定：再增加 1 {unit}，年费用减少 {worth:,.0f} 元。",
            **values,
            worth=worth,
        )
    else:
        text = _("{name}达到上限 {most}：再增加，年费用也不减少。", **values)
    return Binding(label, limit, text, key, worth)


@dataclass(frozen=True, repr=False)
class Explanation(Summarised):
    """A plan in words: of what conflicts, or of what each limit is worth and what binds.

    Parameters
    ----------
    status : Status
        Of the plan.
    infeasibility : Infeasibility, optional
        Limits that conflict, and the least each must be relaxed by.
    shadow_prices : tuple of dict
        What one unit more of each binding limit is worth, the highest first.
    binding : tuple of Binding
        What sets each capacity.
    """

    status: Status
    infeasibility: Infeasibility | None
    shadow_prices: tuple[dict[str, Any], ...] = ()
    binding: tuple[Binding, ...] = ()

    def _summary(self) -> Summary:
        texts = enumerate(self.sentences, start=1)
        return Summary(_(STATUS_LABELS[self.status]), tuple((str(n), text) for n, text in texts))

    @property
    def sentences(self) -> list[str]:
        """Everything as sentences."""
        if self.infeasibility is not None:
            return [str(self.infeasibility.text)]
        prices = [str(row["text"]) for row in self.shadow_prices]
        return prices + [str(item.text) for item in self.binding]


def explain(plan: Plan, *, engine: str = "auto") -> Explanation:
    """Explain a plan.

    Parameters
    ----------
    plan : Plan
        With a plan: shadow prices and what sets each capacity. Infeasible: which limits
        conflict and the least each must be relaxed by.
    engine : str
        For the further problems an infeasible plan needs.

    Returns
    -------
    Explanation
        `Explanation.sentences` holds all of it in words.

    Raises
    ------
    SolverError
        If HiGHS refuses a further problem.

    Examples
    --------
    The load is only bought, so no limit has a price and nothing is built.

    >>> import pandas as pd
    >>> from greenland.energy import Grid, Site, explain, size
    >>> hours = pd.date_range("2025-01-01", periods=24, freq="h")
    >>> plan = size(Site(pd.Series(1.0, index=hours), grid=Grid(import_price=0.5)))
    >>> explain(plan).sentences
    []
    """
    if plan.status.has_plan:
        return Explanation(plan.status, None, tuple(shadow_texts(plan)), tuple(binding(plan)))
    if plan.status is Status.INFEASIBLE and any(parts_by_choice(plan.site)) and plan.notes:
        text = "".join(plan.notes)
        if not conflicting(plan.site):
            return Explanation(plan.status, Infeasibility((), (), text))
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
