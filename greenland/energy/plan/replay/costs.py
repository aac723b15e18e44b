"""Payments of a schedule and of the assets behind it, with plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.plan.replay.building import build_costs
from greenland.energy.plan.replay.flows import Flows
from greenland.energy.plan.replay.limit_years import years_of
from greenland.energy.site import (
    Array,
    Electrolyser,
    Generator,
    Site,
    Source,
    Storage,
    mask_of,
    starts_in,
    steps_running,
    values_of,
)
from greenland.energy.site.identity import (
    Capacities,
    CapacityKind,
    ColumnKind,
    Columns,
    CostKind,
    Identity,
)


def initial_investment(site: Site, capacities: Mapping[str, float]) -> float:
    """Initial investment in what is new, for capacities by their labels [yuan]."""
    return investment_of(site, Capacities(site, capacities))


def investment_of(site: Site, capacities: Capacities) -> float:
    """Initial investment in what is new [yuan]."""
    return float(sum(_investments(site, capacities)))


def _investments(site: Site, capacities: Capacities) -> Iterator[float]:
    for item in site.suppliers:
        new = capacities.of(CapacityKind.SOURCE, item.name) - item.existing_mw
        yield 1000 * item.capex * new
    for b in site.storages:
        power = capacities.of(CapacityKind.STORAGE_POWER, b.name) - b.existing_mw
        energy = capacities.of(CapacityKind.STORAGE_ENERGY, b.name) - b.existing_mwh
        yield 1000 * (b.power_capex * power + b.energy_capex * energy)
        yield 1000 * (b.charge_power_capex or 0.0) * _new_charge_power(b, capacities)
    yield from build_costs(site, capacities).values()
    for e in site.electrolysers:
        yield 1000 * e.capex * (capacities.of(CapacityKind.ELECTROLYSER, e.name) - e.existing_mw)
    grid = site.grid
    if grid is not None and grid.decides_capacity:
        yield 1000 * grid.capex * (capacities.of(CapacityKind.GRID) - grid.existing_mw)
    for asset in site.fixed_assets:
        yield asset.capex


def _new_charge_power(item: Storage, capacities: Capacities) -> float:
    """New charging power where it is a capacity of its own [MW]."""
    if item.charge_power_capex is None:
        return 0.0
    power = capacities.of(CapacityKind.STORAGE_CHARGE_POWER, item.name)
    return power - item.existing_charge_mw


def _annuity(rate: float, years: float) -> float:
    """Yearly payment that repays 1 over a lifetime; exact for the smallest of rates too."""
    return 1 / years if rate == 0 else float(-rate / np.expm1(-years * np.log1p(rate)))


Cost = tuple[Identity, float]


def costs_of(site: Site, capacities: Capacities, schedule: Columns, flows: Flows) -> Iterator[Cost]:
    """Items of the annual cost [yuan/yr]; income is negative."""
    yield from _asset_costs(site, capacities, schedule)
    if site.grid is not None:
        yield from _grid_costs(site, capacities.get(CapacityKind.GRID), flows)
    per_kwh = 1000 * site.step_hours / site.years
    for item in site.interruptible:
        cut = float(schedule.of(ColumnKind.INTERRUPTED, item.name).sum())
        yield Identity(CostKind.INTERRUPTION, item.name), per_kwh * item.price * cut
    for made in site.electrolysers:
        drawn = float(schedule.of(ColumnKind.ELECTROLYSER, made.name).sum())
        tonnes = drawn * per_kwh / 1000 / made.mwh_per_t
        if made.product_price:
            yield Identity(CostKind.PRODUCT, made.name), -made.product_price * tonnes
    if site.unserved_price and flows.unserved.any():
        lost = per_kwh * site.unserved_price * float(flows.unserved.sum())
        yield Identity(CostKind.UNSERVED), lost


def _asset_costs(site: Site, capacities: Capacities, schedule: Columns) -> Iterator[Cost]:
    rate = site.discount_rate
    per_kwh = 1000 * site.step_hours / site.years

    def yearly(capex: float, opex: float, life: float, repl: float, when: tuple[int, ...]) -> float:
        worth = capex + sum(repl / (1 + rate) ** year for year in when)
        return 1000 * (_annuity(rate, life) * worth + opex)

    once = build_costs(site, capacities)

    def building(part: Any) -> float:
        return _annuity(rate, part.lifetime) * once.get(part.name, 0.0)

    for item in site.sources:
        new = capacities.of(CapacityKind.SOURCE, item.name) - item.existing_mw
        unit = yearly(
            item.capex, item.opex, item.lifetime, item.replacement_cost, item.replacement_years
        )
        made = float(schedule.of(ColumnKind.SOURCE, item.name).sum())
        cost = building(item) + unit * new + per_kwh * item.variable_cost * made
        if cost or item.purchase is None:
            yield Identity(CostKind.SOURCE, item.name), cost
        if item.purchase is not None:
            taken = schedule.of(ColumnKind.TAKEN, item.name)
            bought = float(item.purchase.prices(len(taken)) @ taken)
            yield Identity(CostKind.PURCHASE, item.name), per_kwh * bought
            if item.purchase.min_take_mwh:
                yield Identity(CostKind.SHORTFALL, item.name), shortfall_cost(site, item, taken)
    for j in site.generators:
        made_mw = schedule.of(ColumnKind.SOURCE, j.name)
        new = capacities.of(CapacityKind.SOURCE, j.name) - j.existing_mw
        cost = building(j) + new * yearly(j.capex, j.opex, j.lifetime, 0.0, ())
        cost += per_kwh * j.variable_cost * float(made_mw.sum())
        yield Identity(CostKind.SOURCE, j.name), cost
        burnt = made_mw / j.efficiency / j.fuel_kwh  # thousand units an hour
        fuel = float(values_of(j.fuel_price, len(made_mw)) @ burnt)
        yield Identity(CostKind.FUEL, j.name), per_kwh * fuel
    for b in site.storages:
        power = capacities.of(CapacityKind.STORAGE_POWER, b.name) - b.existing_mw
        energy = capacities.of(CapacityKind.STORAGE_ENERGY, b.name) - b.existing_mwh
        cost = building(b) + power * yearly(b.power_capex, b.power_opex, b.lifetime, 0.0, ())
        cost += energy * yearly(
            b.energy_capex,
            b.energy_opex,
            b.years_of_energy,
            b.replacement_cost,
            b.replacement_years,
        )
        if b.charge_power_capex is not None:
            life = b.charge_lifetime or b.lifetime
            unit = yearly(b.charge_power_capex, b.charge_power_opex, life, 0.0, ())
            cost += _new_charge_power(b, capacities) * unit
        through = float(schedule.of(ColumnKind.DISCHARGE, b.name).sum())
        cost += per_kwh * b.throughput_cost * through
        yield Identity(CostKind.STORAGE, b.name), cost
    for e in site.electrolysers:
        new = capacities.of(CapacityKind.ELECTROLYSER, e.name) - e.existing_mw
        cost = building(e) + new * yearly(e.capex, e.opex, e.lifetime, 0.0, ())
        drawn = float(schedule.of(ColumnKind.ELECTROLYSER, e.name).sum())
        cost += e.variable_cost * drawn * per_kwh / 1000 / e.mwh_per_t
        yield Identity(CostKind.ELECTROLYSER, e.name), cost
    yield from start_cost_items(site, capacities, schedule)
    for asset in site.fixed_assets:
        cost = _annuity(rate, asset.lifetime) * asset.capex + asset.opex
        yield Identity(CostKind.FIXED_ASSET, asset.name), cost


def start_cost_items(site: Site, capacities: Capacities, schedule: Columns) -> Iterator[Cost]:
    """What the starts of everything that may stop cost [yuan/yr]."""
    parts: tuple[Generator | Electrolyser, ...] = (*site.generators, *site.electrolysers)
    for item in parts:
        if not item.has_start_cost:
            continue
        made = isinstance(item, Generator)
        size = capacities.of(CapacityKind.SOURCE if made else CapacityKind.ELECTROLYSER, item.name)
        flow = schedule.of(ColumnKind.SOURCE if made else ColumnKind.ELECTROLYSER, item.name)
        can_run = values_of(item.availability, len(flow)) if isinstance(item, Generator) else 1.0
        count = starts_in(steps_running(flow, item.min_load_share * size * np.asarray(can_run)))
        cost = count * (item.start_cost + item.start_cost_per_mw * size) / site.years
        yield Identity(CostKind.START, item.name), cost


def shortfall_cost(site: Site, item: Source, taken: Array) -> float:
    """What is paid for the least energy of a contract that is not taken [yuan/yr].

    Parameters
    ----------
    item : Source
        With a purchase contract.
    taken : array
        What is taken of it [MW].
    """
    assert item.purchase is not None
    missing = 0.0
    for _year, chosen, length in years_of(site):
        energy = float(taken[chosen].sum()) * site.step_hours
        missing += max(0.0, length * item.purchase.min_take_mwh - energy)
    return 1000 * item.purchase.price_of_shortfall(len(taken)) * missing / site.years


def _grid_costs(site: Site, connected: float, flows: Flows) -> Iterator[Cost]:
    grid, steps = site.grid, len(flows.load)
    assert grid is not None
    per_kwh = 1000 * site.step_hours / site.years
    bought = float(values_of(grid.import_price, steps) @ flows.imported)
    yield Identity(CostKind.ENERGY_PURCHASE), per_kwh * bought
    fee = values_of(grid.self_use_price, steps)
    if fee.any():
        yield Identity(CostKind.SELF_USE_FEES), per_kwh * float(fee @ flows.own_use)
    if grid.capacity_price:
        yield Identity(CostKind.CAPACITY_CHARGE), 12 * 1000 * grid.capacity_price * connected
    if grid.demand_charges:
        yield Identity(CostKind.DEMAND_CHARGE), demand_charge(site, flows.imported, connected)
    if grid.decides_capacity and (grid.capex or grid.opex):
        unit = _annuity(site.discount_rate, grid.lifetime) * grid.capex + grid.opex
        yield Identity(CostKind.GRID), 1000 * unit * (connected - grid.existing_mw)
    if grid.fixed_cost:
        yield Identity(CostKind.GRID_FIXED), grid.fixed_cost
    sold = float(values_of(grid.export_price, steps) @ flows.exported)
    yield Identity(CostKind.EXPORT_INCOME), -per_kwh * sold


def demand_charge(site: Site, imported: Array, connected: float = 0.0) -> float:
    """Demand charges of a year for given imports and a connection of so many MW [yuan/yr].

    Each charge in each calendar month of the horizon, on the highest import [MW] that counts;
    a horizon with fewer months than a year stands for twelve. Where the demand is declared, it is
    paid in full, and what goes beyond its allowance at a multiple of the price.
    """
    if site.grid is None:
        return 0.0
    index = site.index
    months = sorted(set(zip(index.year, index.month, strict=True)))
    total = 0.0
    for charge in site.grid.demand_charges:
        counts = mask_of(charge.when, len(index))
        for year, month in months:
            chosen = np.asarray((index.year == year) & (index.month == month)) & counts
            if chosen.any():
                peak = float(imported[chosen].max())
                if charge.contract is not None:
                    peak = charge.contract.billed(int(month), peak, connected)
                total += 1000 * charge.price_in(int(month)) * peak
    return total * 12 / len(months)


def grid_only_costs(site: Site) -> pd.Series:
    """What the same consumption costs when all of it is bought [yuan/yr].

    The connected capacity is the fixed one, or as large as the highest purchase where it is a
    decision. Shiftable loads run as planned, electrolysers evenly at their least product.
    """
    if site.grid is None:
        return pd.Series(dtype=float)
    steps, grid = len(site.load), site.grid
    bought = site.load.to_numpy(dtype=float).copy()
    for shift in site.shiftable:
        bought += values_of(shift.profile, steps)
    for made in site.electrolysers:
        bought += made.least_product_t * made.mwh_per_t / 8760
    nothing = np.zeros(steps)
    flows = Flows(
        load=bought,
        available=nothing,
        imported=bought,
        exported=nothing,
        curtailed=nothing,
        unserved=nothing,
        interrupted=nothing,
        flexible=nothing,
        charged=nothing,
        discharged=nothing,
        grid_charged=nothing,
        grid_discharged=nothing,
        other_generated=nothing,
    )
    connected = grid.capacity_mw if grid.capacity_mw is not None else float(bought.max())
    costs = {str(key.kind): yuan for key, yuan in _grid_costs(site, connected, flows)}
    return pd.Series(costs, dtype=float).drop(str(CostKind.EXPORT_INCOME))
