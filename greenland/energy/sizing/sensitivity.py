"""What moves the answer: one price at a time, and what more own electricity costs.

Every figure is an optimum of its own over the whole year: the site is sized anew, not merely
costed anew.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.plan.plan import Plan
from greenland.energy.problem.solution import Status
from greenland.energy.problem.solve import ENGINES
from greenland.energy.site import DemandCharge, Objective, Price, PurchaseContract, Site
from greenland.energy.site.identity import CostKind, Identity
from greenland.energy.sizing.resolve import Resizer, takes_one_program
from greenland.energy.sizing.solve import size
from greenland.energy.sizing.together import MODULE, too_small
from greenland.i18n import N_, _
from greenland.lp.recent import Solved, beginning_near, kept, remembering
from greenland.workers import Batch, current, side_by_side


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
    """Resize a plan; None where there is none to begin with.

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

    Raises
    ------
    GreenlandError
        If a process that sized for it is gone.
    """
    with side_by_side(MODULE):
        study = begin_study(plan, change, shares, engine)
        return None if study is None else study.result()


def begin_study(
    plan: Plan,
    change: float | None = None,
    shares: Sequence[float] = (),
    engine: str = "auto",
) -> Study | None:
    """Begin a study in the processes in use; its result is waited for later. Else as `study_plan`.

    The solution of the site's own program, where it is kept, is what the others begin from.
    """
    if not plan.status.has_plan:
        return None
    site = plan.site
    prices = list(levers(site, change))
    # what a price of settled capacity moves is known once one end is: both ends go together
    tasks: list[tuple[str, Sequence[Site]]] = []
    for name, item, low, high in prices:
        what = f"{'' if item is None else item.owner} {_(LEVER_LABELS[name])}".strip()
        if name == "capacity_price":
            tasks.append((_("情景研究：{what}降、升", what=what), (low, high)))
        else:
            tasks.append((_("情景研究：{what}降", what=what), (low,)))
            tasks.append((_("情景研究：{what}升", what=what), (high,)))
    for share in shares:
        limits = replace(site.limits, min_self_use_of_consumption=share)
        wanted = replace(site, limits=limits)
        tasks.append((_("情景研究：自用占用电量不低于 {share:.1%}", share=share), (wanted,)))
    tasks.reverse()  # limits and grid prices may take several programs: none is left to the end
    batch = current().start(
        _Sizing(site, plan.objective, engine, kept()[:1]),
        [sites for _name, sites in tasks],
        names=[name for name, _sites in tasks],
        alone=too_small(site, len(tasks)),
    )
    return Study(plan, change, prices, shares, batch)


LEVER_LABELS = {
    "capex": N_("单位投资"),
    "product_price": N_("产品售价"),
    "fuel_price": N_("燃料价格"),
    "start_cost": N_("启动费用"),
    "purchase_price": N_("购电价格"),
    "price": N_("中断补偿单价"),
    "import_price": N_("购网电价"),
    "export_price": N_("上网电价"),
    "capacity_price": N_("容（需）量电价"),
    "self_use_price": N_("自用电量缴费"),
    "demand_price": N_("需量电价"),
    "unserved_price": N_("缺电损失单价"),
    "discount_rate": N_("折现率"),
}


@dataclass(frozen=True)
class StudyPoint:
    """What a study tells of a sizing."""

    status: Status
    gap: float | None = None
    annual_cost: float | None = None
    share: float | None = None
    capacities: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> StudyPoint:
        """The figures of a plan; of none but its status where there is none."""
        if not plan.status.has_plan:
            return cls(plan.status)
        sizes = {str(name): float(value) for name, value in plan.capacities.items()}
        share = float(plan.ratios["self_use_of_consumption"])
        return cls(plan.status, plan.quality.gap, plan.annual_cost, share, sizes)


class _Sizing:
    """Sizes sites that are like a given one; what it is given is all it rests on."""

    def __init__(
        self, site: Site, objective: Objective, engine: str, known: Sequence[Solved]
    ) -> None:
        self.site, self.objective, self.engine, self.known = site, objective, engine, known

    @cached_property
    def resizer(self) -> Resizer | None:
        """None for what takes several programs, and for engines that do not work on arrays."""
        if self.engine in ENGINES and takes_one_program(self.site, self.objective):
            return Resizer(self.site, self.objective)
        return None

    def __getstate__(self) -> dict[str, Any]:
        """Without the program, which every process builds by itself."""
        return {name: value for name, value in vars(self).items() if name != "resizer"}

    def __call__(self, sites: Sequence[Site]) -> list[StudyPoint]:
        """Size sites one after another."""
        with remembering(self.known):
            return [StudyPoint.of(self._figured(site)) for site in sites]

    def _figured(self, site: Site) -> Plan:
        if site.limits != self.site.limits:  # which the solution that is known does not keep
            return self._sized(site)
        with beginning_near():
            return self._sized(site)

    def _sized(self, site: Site) -> Plan:
        if self.resizer is None:
            return size(site, objective=self.objective, engine=self.engine)
        # a gap stands beside the figure; closing it would take longer than all the rest
        return self.resizer.replace(site).size(self.engine, thorough=False)


class Study:
    """A study under way."""

    def __init__(
        self,
        plan: Plan,
        change: float | None,
        prices: Sequence[Lever],
        shares: Sequence[float],
        batch: Batch[Sequence[Site], list[StudyPoint]],
    ) -> None:
        self.plan, self.change, self.prices, self.shares = plan, change, prices, shares
        self.batch = batch  # the last first

    def result(self) -> Sensitivity:
        """Wait for all of it."""
        found = chain.from_iterable(reversed(self.batch.results()))
        tornado = [
            {
                "parameter": parameter,
                "item": None if item is None else item.owner,
                "kind": None if item is None else str(item.kind),
                **_end("low", next(found)),
                **_end("high", next(found)),
            }
            for parameter, item, _low, _high in self.prices
        ]
        pareto = [_point(share, next(found)) for share in self.shares]
        return Sensitivity(self.plan.annual_cost, self.change, tuple(tornado), tuple(pareto))


def _end(name: str, found: StudyPoint) -> dict[str, Any]:
    """One end of a price's change, and how well it is proven."""
    return {
        f"{name}_result": found.annual_cost,
        f"{name}_status": str(found.status),
        f"{name}_gap": found.gap,
    }


def _point(share: float, found: StudyPoint) -> dict[str, Any]:
    """The cheapest plan with at least a share of own electricity in consumption."""
    return {
        "required": share,
        "self_use_of_consumption": found.share,
        "annual_cost": found.annual_cost,
        "status": str(found.status),
        "gap": found.gap,
        "capacities": dict(found.capacities),
    }


def levers(site: Site, change: float | None) -> Iterator[Lever]:
    """Every price of a site that is not zero, lowered and raised by a share."""
    if change is None:
        return
    factors = (1 - change, 1 + change)
    for kind, what, fields in (
        ("sources", CostKind.SOURCE, ("capex",)),
        ("storages", CostKind.STORAGE, ("power_capex", "energy_capex", "charge_power_capex")),
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
    for number, seller in enumerate(site.sources):
        if seller.purchase is not None and np.any(np.asarray(seller.purchase.price, dtype=float)):
            low, high = (
                _with_part(site, "sources", number, {"purchase": _bought(seller.purchase, f)})
                for f in factors
            )
            yield "purchase_price", Identity(CostKind.PURCHASE, seller.name), low, high
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
    for number, unit in enumerate(site.generators):
        for name, what in (("capex", CostKind.SOURCE), ("fuel_price", CostKind.FUEL)):
            price = getattr(unit, name)
            if np.any(np.asarray(price, dtype=float)):
                low, high = (
                    _with_part(site, "generators", number, {name: _times(f, price)})
                    for f in factors
                )
                yield name, Identity(what, unit.name), low, high
    for kind in ("generators", "electrolysers"):
        for number, part in enumerate(getattr(site, kind)):
            if part.has_start_cost:
                costs = {name: getattr(part, name) for name in ("start_cost", "start_cost_per_mw")}
                low, high = (
                    _with_part(site, kind, number, {name: f * v for name, v in costs.items()})
                    for f in factors
                )
                yield "start_cost", Identity(CostKind.START, part.name), low, high
    grid = site.grid
    for name in () if grid is None else GRID_PRICES:
        price = getattr(grid, name)
        if np.any(np.asarray(price, dtype=float)):
            low, high = (_with_grid(site, {name: _times(f, price)}) for f in factors)
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


def _times(factor: float, price: Price) -> Price:
    """A price multiplied: a number, a series, or values in a list, which Python would repeat."""
    if isinstance(price, int | float | pd.Series):
        return factor * price
    return factor * np.asarray(price, dtype=float)


def _charged(charge: DemandCharge, factor: float) -> DemandCharge:
    """A demand charge with its price in every month multiplied."""
    price = charge.price
    if isinstance(price, Mapping):
        return replace(charge, price={month: factor * one for month, one in price.items()})
    return replace(charge, price=factor * price)


def _bought(contract: PurchaseContract, factor: float) -> PurchaseContract:
    """A purchase contract with its prices multiplied."""
    short = contract.shortfall_price
    return replace(
        contract,
        price=_times(factor, contract.price),
        shortfall_price=None if short is None else factor * short,
    )


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
