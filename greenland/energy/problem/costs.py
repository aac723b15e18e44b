"""What each decision costs: one array of coefficients per variable family."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from greenland.energy.problem.data import (
    TIE_CHARGE,
    TIE_CURTAILMENT,
    TIE_DISCHARGE,
    TIE_ENERGY,
    TIE_EXPORT,
    TIE_GRID_ENERGY,
    TIE_INTERRUPTED,
    TIE_UNSERVED,
    ModelData,
)
from greenland.energy.problem.starts import start_costs
from greenland.energy.problem.stopping import may_stop
from greenland.energy.site import Array, Objective


@dataclass
class Costs:
    """An objective: coefficients by family [thousand yuan per MW(h)], and a constant."""

    by_family: dict[str, Array] = field(default_factory=dict)
    constant: float = 0.0

    def add(self, family: str, values: Array) -> None:
        """Add *values* to the coefficients of *family*."""
        known = self.by_family.get(family)
        self.by_family[family] = values if known is None else known + values


def objective_costs(
    data: ModelData,
    objective: Objective | str = Objective.ANNUAL_COST,
    green_price: float = 0.0,
) -> Costs:
    """Coefficients of an objective, to be minimised, without the costs that break ties.

    Parameters
    ----------
    data : ModelData
        Prepared for the same objective.
    objective : Objective
        ``npv`` gives the present worth of all costs: the net present value is what the same
        load costs from the grid, less this. ``green_price`` gives green cost less
        *green_price* times green energy.
    green_price : float
        Price at which green energy is credited [yuan/kWh].
    """
    objective = Objective(objective)
    costs = Costs()
    if objective is Objective.CAPEX:
        _investment(costs, data)
        return costs
    everything = objective is not Objective.GREEN_PRICE
    _assets(costs, data, everything)
    _energy(costs, data, purchase=everything)
    if objective is Objective.GREEN_PRICE:
        _green_energy(costs, data, -green_price)
    else:
        _connection(costs, data)
        costs.constant += data.fixed
    return costs


def tie_costs(data: ModelData) -> Costs:
    """Costs too small to matter that make one of several equal optima the answer."""
    costs = Costs()
    for family, assets in data.capacities.items():
        costs.add(family, np.array([item.tie for item in assets]))
    tie = TIE_ENERGY * data.weight
    steps, stores = data.steps, len(data.storage_power)
    rising = TIE_CHARGE + np.arange(steps) / steps
    if data.site.grid is not None:
        costs.add("export", np.full(steps, tie * TIE_EXPORT))
    costs.add("curtailment", np.full(steps, tie * TIE_CURTAILMENT))
    costs.add("charge", np.tile(tie * rising, (stores, 1)))
    costs.add("discharge", np.full((stores, steps), tie * TIE_DISCHARGE))
    both = len(data.grid_stores)
    costs.add("grid_charge", np.tile(tie * rising, (both, 1)))
    costs.add("grid_discharge", np.full((both, steps), tie * TIE_DISCHARGE))
    stored = TIE_ENERGY / data.years * TIE_GRID_ENERGY
    costs.add("grid_start", np.full(both, stored))
    costs.add("grid_floor_loss", np.full((len(data.floor_stores), steps), stored))
    costs.add("interrupted", np.full(data.interruptible.shape, tie * TIE_INTERRUPTED))
    if data.site.limits.max_unserved_share is not None:
        costs.add("unserved", np.full(steps, tie * TIE_UNSERVED))
    return costs


def _assets(costs: Costs, data: ModelData, all_sources: bool) -> None:
    """Annuities (or present worths) and fixed opex of what is new.

    *all_sources* is False where what is not green does not count, as the grid's energy does not.
    """
    for family, assets in data.capacities.items():
        if family != "grid_capacity":
            per_unit = np.array([item.cost for item in assets])
            if family == "generator_capacity" and not all_sources:
                per_unit[list(data.generator_rows(green=False))] = 0.0
            costs.add(family, per_unit)
            costs.constant -= sum(
                cost * item.existing for cost, item in zip(per_unit.tolist(), assets, strict=True)
            )
    costs.constant += sum(
        choice.cost
        for number, choice in enumerate(data.choices)
        if number in data.built and (all_sources or choice.green)
    )
    _starts(costs, data, all_sources)
    variable = np.array([item.variable_cost for item in data.site.sources])
    running = data.running_factor * data.weight
    costs.add("capacity", running * variable * data.pu.sum(axis=1))
    if data.sellers:
        _purchases(costs, data, running)


def _starts(costs: Costs, data: ModelData, all_sources: bool) -> None:
    """What the starts of everything that may stop cost, where it is decided when it runs.

    With binary variables every step has a start of its own, and capacity that is started.
    """
    if data.deciding_runs:
        _deciding_starts(costs, data)
    for item in start_costs(data):
        other = item.family == "generator_capacity" and not data.site.generators[item.row].is_green
        if all_sources or not other:
            per_mw = np.zeros(len(data.capacities[item.family]))
            per_mw[item.row] = item.per_mw
            costs.add(item.family, per_mw)
            costs.constant += item.fixed


def _deciding_starts(costs: Costs, data: ModelData) -> None:
    parts = [item for _family, _row, item in may_stop(data) if item.has_start_cost]
    if parts:
        yearly = data.running_factor / data.years / 1000
        for family, prices in (
            ("start", [item.start_cost for item in parts]),
            ("start_size", [item.start_cost_per_mw for item in parts]),
        ):
            costs.add(family, np.tile(yearly * np.array(prices)[:, None], (1, data.steps)))


def _purchases(costs: Costs, data: ModelData, running: float) -> None:
    """What is paid for the output that is taken, and for what has to be taken and is not."""
    rows, prices = list(data.sellers), data.purchase_price
    worth = np.zeros(len(data.sources))
    worth[rows] = running * (prices * data.pu[rows]).sum(axis=1)
    costs.add("capacity", worth)
    costs.add("untaken", -running * prices)
    per_mwh = data.running_factor / data.years
    due = [price for _place, _least, price in data.least_takes for _year in range(data.blocks)]
    costs.add("take_shortfall", per_mwh * np.array(due))


def _connection(costs: Costs, data: ModelData) -> None:
    """Capacity and demand charges, and the connection's own cost where it is a decision."""
    if data.connection is not None:
        per_mw = data.connection.cost + data.running_factor * data.capacity_charge
        costs.add("grid_capacity", np.array([per_mw]))
        costs.constant -= data.connection.cost * data.connection.existing
    if data.peaks:
        costs.add("peak", data.running_factor * np.array([peak.cost for peak in data.peaks]))


def _energy(costs: Costs, data: ModelData, purchase: bool) -> None:
    """What is paid and earned step by step."""
    site, running = data.site, data.running_factor * data.weight
    if site.grid is not None:
        if purchase:
            costs.add("import", running * data.buy)
        costs.add("export", -running * data.sell)
    if data.generators:
        price = running * data.generating
        if not purchase:
            price[list(data.generator_rows(green=False))] = 0.0
        costs.add("generation", price)
    _self_use(costs, data, running * data.fee)
    through = np.array([item.throughput_cost for item in site.storages])
    costs.add("discharge", np.tile(running * through[:, None], (1, data.steps)))
    grid_through = through[list(data.grid_stores)]
    costs.add("grid_discharge", np.tile(running * grid_through[:, None], (1, data.steps)))
    prices = np.array([item.price for item in site.interruptible])
    costs.add("interrupted", np.tile(running * prices[:, None], (1, data.steps)))
    worth = np.array(
        [
            (item.product_price - item.variable_cost) / 1000 / item.mwh_per_t
            for item in site.electrolysers
        ]
    )
    costs.add("electrolyser_load", np.tile(-running * worth[:, None], (1, data.steps)))
    if site.limits.max_unserved_share is not None:
        costs.add("unserved", np.full(data.steps, running * site.unserved_price))


def _self_use(costs: Costs, data: ModelData, price: Array) -> None:
    """A price on self-used energy: consumption less the grid energy that serves it.

    Funds and fees are paid on all that is generated on site, green or not.
    """
    if not price.any():
        return
    site = data.site
    costs.constant += float(price @ data.load)
    costs.add("import", -price)
    for family, count, sign in (
        ("grid_charge", len(data.grid_stores), 1.0),
        ("grid_discharge", len(data.grid_stores), -1.0),
        ("shift_load", len(site.shiftable), 1.0),
        ("electrolyser_load", len(site.electrolysers), 1.0),
        ("interrupted", len(site.interruptible), -1.0),
    ):
        costs.add(family, np.tile(sign * price, (count, 1)))
    if site.limits.max_unserved_share is not None:
        costs.add("unserved", -price)


def _green_energy(costs: Costs, data: ModelData, price: float) -> None:
    _self_use(costs, data, np.full(data.steps, price * data.weight))
    other = list(data.generator_rows(green=False))
    if other:
        credit = np.zeros(data.generating.shape)
        credit[other] = -price * data.weight
        costs.add("generation", credit)


def _investment(costs: Costs, data: ModelData) -> None:
    """Initial investment in what is new [thousand yuan]."""
    for family, assets in data.capacities.items():
        costs.add(family, np.array([item.capex for item in assets], dtype=float))
        costs.constant -= sum(item.capex * item.existing for item in assets)
    costs.constant += sum(item.capex for item in data.site.fixed_assets) / 1000
    costs.constant += sum(data.choices[number].capex for number in data.built)


def dot(values: Mapping[str, Array], costs: Mapping[str, Array]) -> float:
    """Sum over all families of coefficient times value."""
    parts = (float(np.vdot(costs[family], values[family])) for family in costs if family in values)
    return sum(parts)


def green_parts(data: ModelData, values: Mapping[str, Array]) -> tuple[float, float]:
    """Annual cost without what is paid for the grid, and green energy that serves the load.

    Returns
    -------
    cost : float
        [thousand yuan/yr]
    energy : float
        [MWh/yr]
    """
    cost = objective_costs(data, Objective.GREEN_PRICE)
    credited = objective_costs(data, Objective.GREEN_PRICE, 1.0)
    total = dot(values, cost.by_family) + cost.constant
    return total, total - dot(values, credited.by_family) - credited.constant
