"""What moves the answer: one price at a time, and what more own electricity costs.

Every figure is an optimum of its own over the whole year: the site is sized anew, not merely
costed anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from greenland.energy.plan.plan import Plan
from greenland.energy.problem.solve import ENGINES
from greenland.energy.site import DemandCharge, Site
from greenland.energy.site.identity import CostKind, Identity
from greenland.energy.sizing.resolve import LINEAR, Resizer
from greenland.energy.sizing.solve import size


@dataclass(frozen=True)
class Sensitivity:
    """Results of a study.

    Parameters
    ----------
    base : float
        Annual cost of the plan itself [yuan/yr].
    change : float, optional
        Share each price was changed by.
    tornado : tuple of dict
        ``parameter``, ``item`` (what it belongs to, None for the whole site), ``kind`` (what that
        is), ``low_result`` and ``high_result`` [yuan/yr]; None where there is no plan.
        ``low_status``, ``low_gap``, ``high_status`` and ``high_gap`` say how well each is proven.
    pareto : tuple of dict
        ``required`` least share, ``self_use_of_consumption`` reached, ``annual_cost`` [yuan/yr],
        ``status``, ``gap`` and ``capacities`` [MW, MWh].
    """

    base: float
    change: float | None
    tornado: tuple[dict[str, Any], ...]
    pareto: tuple[dict[str, Any], ...]

    def to_record(self) -> dict[str, Any]:
        """JSON-ready ``study`` part of the energy results."""
        return {
            "base": self.base,
            "change": self.change,
            "tornado": list(self.tornado),
            "pareto": list(self.pareto),
        }


GRID_PRICES = ("import_price", "export_price", "capacity_price", "self_use_price")

Lever = tuple[str, Identity | None, Site, Site]
"""A parameter, what it belongs to, and the site with it lowered and raised."""


def study_plan(
    plan: Plan,
    change: float | None = None,
    shares: Sequence[float] = (),
    engine: str = "auto",
) -> Sensitivity | None:
    """Resizer a plan; None where there is none to begin with.

    Parameters
    ----------
    plan : Plan
        The continuous optimum.
    change : float, optional
        Share by which each price is lowered and raised, all others as they are.
    shares : sequence of float
        Least shares of own electricity in consumption to size for, one after the other.
    engine : str
        As in `greenland.energy.size`.
    """
    if not plan.status.has_plan:
        return None
    # other objectives are iterations; engines that do not work on arrays build through PuLP
    linear = plan.objective in LINEAR
    resizer = Resizer(plan.site, plan.objective) if linear and engine in ENGINES else None

    def sized(site: Site) -> Plan:
        if resizer is None:
            return size(site, objective=plan.objective, engine=engine)
        # a gap stands beside the figure; closing it would take longer than all the rest
        return resizer.replace(site).size(engine, thorough=False)

    tornado = [
        {
            "parameter": parameter,
            "item": None if item is None else item.owner,
            "kind": None if item is None else str(item.kind),
            **_end("low", sized(low)),
            **_end("high", sized(high)),
        }
        for parameter, item, low, high in levers(plan.site, change)
    ]
    pareto = [_point(sized, plan.site, share) for share in shares]
    return Sensitivity(plan.annual_cost, change, tuple(tornado), tuple(pareto))


def _end(name: str, plan: Plan) -> dict[str, Any]:
    """One end of a price's change, and how well it is proven."""
    solved = plan.status.has_plan
    return {
        f"{name}_result": plan.annual_cost if solved else None,
        f"{name}_status": str(plan.status),
        f"{name}_gap": plan.quality.gap if solved else None,
    }


def _point(sized: Callable[[Site], Plan], site: Site, share: float) -> dict[str, Any]:
    """The cheapest plan with at least a share of own electricity in consumption."""
    limits = replace(site.limits, min_self_use_of_consumption=share)
    plan = sized(replace(site, limits=limits))
    solved = plan.status.has_plan
    return {
        "required": share,
        "self_use_of_consumption": (
            float(plan.ratios["self_use_of_consumption"]) if solved else None
        ),
        "annual_cost": plan.annual_cost if solved else None,
        "status": str(plan.status),
        "gap": plan.quality.gap if solved else None,
        "capacities": {str(k): float(v) for k, v in plan.capacities.items()} if solved else {},
    }


def levers(site: Site, change: float | None) -> Iterator[Lever]:
    """Every price of a site that is not zero, lowered and raised by a share."""
    if change is None:
        return
    factors = (1 - change, 1 + change)
    for kind, what, fields in (
        ("sources", CostKind.SOURCE, ("capex",)),
        ("storages", CostKind.STORAGE, ("power_capex", "energy_capex")),
    ):
        parts = getattr(site, kind)
        for number, part in enumerate(parts):
            prices = {name: getattr(part, name) for name in fields if getattr(part, name)}
            if prices:
                low, high = (
                    _with_part(site, kind, number, {name: f * v for name, v in prices.items()})
                    for f in factors
                )
                yield "capex", Identity(what, part.name), low, high
    for number, part in enumerate(site.electrolysers):
        for name, what in (
            ("capex", CostKind.ELECTROLYSER),
            ("product_price", CostKind.PRODUCT),
        ):
            if price := getattr(part, name):
                low, high = (
                    _with_part(site, "electrolysers", number, {name: f * price}) for f in factors
                )
                yield name, Identity(what, part.name), low, high
    for number, cut in enumerate(site.interruptible):
        if cut.price:
            low, high = (
                _with_part(site, "interruptible", number, {"price": f * cut.price}) for f in factors
            )
            yield "price", Identity(CostKind.INTERRUPTION, cut.name), low, high
    grid = site.grid
    for name in () if grid is None else GRID_PRICES:
        price = getattr(grid, name)
        if np.any(np.asarray(price, dtype=float)):
            low, high = (_with_grid(site, {name: f * price}) for f in factors)
            yield name, None, low, high
    if grid is not None and any(
        charge.price_in(month) for charge in grid.demand_charges for month in range(1, 13)
    ):
        low, high = (
            _with_grid(
                site,
                {"demand_charges": [_charged(charge, f) for charge in grid.demand_charges]},
            )
            for f in factors
        )
        yield "demand_price", None, low, high
    if site.unserved_price:
        low, high = (replace(site, unserved_price=f * site.unserved_price) for f in factors)
        yield "unserved_price", None, low, high
    if site.discount_rate:
        low, high = (replace(site, discount_rate=f * site.discount_rate) for f in factors)
        yield "discount_rate", None, low, high


def _charged(charge: DemandCharge, factor: float) -> DemandCharge:
    """A demand charge with its price in every month multiplied."""
    price = charge.price
    if isinstance(price, Mapping):
        return replace(charge, price={month: factor * one for month, one in price.items()})
    return replace(charge, price=factor * price)


def _with_part(site: Site, kind: str, number: int, changes: dict[str, Any]) -> Site:
    """The site with one of its parts changed."""
    parts = list(getattr(site, kind))
    parts[number] = replace(parts[number], **changes)
    sites: dict[str, Any] = {kind: parts}
    return replace(site, **sites)


def _with_grid(site: Site, changes: dict[str, Any]) -> Site:
    """The site with its grid connection changed."""
    assert site.grid is not None
    return replace(site, grid=replace(site.grid, **changes))
