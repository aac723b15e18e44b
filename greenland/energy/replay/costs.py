"""Payments of a schedule and of the assets behind it, with plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from greenland.energy.replay.flows import Flows, column
from greenland.energy.site import Array, Site, mask_of, values_of


def initial_investment(site: Site, capacities: Mapping[str, float]) -> float:
    """Initial investment in what is new [yuan]."""
    return float(sum(investment_items(site, capacities).values()))


def investment_items(site: Site, capacities: Mapping[str, float]) -> dict[str, float]:
    """Initial investment by asset [yuan]."""
    items: dict[str, float] = {}
    for item in site.sources:
        items[item.name] = 1000 * item.capex * (capacities[item.name] - item.existing_mw)
    for b in site.storages:
        power = b.power_capex * (capacities[f"{b.name}_power"] - b.existing_mw)
        energy = b.energy_capex * (capacities[f"{b.name}_energy"] - b.existing_mwh)
        items[b.name] = 1000 * (power + energy)
    for e in site.electrolysers:
        items[e.name] = 1000 * e.capex * (capacities[e.name] - e.existing_mw)
    if site.grid is not None and site.grid.decides_capacity:
        items["grid"] = 1000 * site.grid.capex * (capacities["grid"] - site.grid.existing_mw)
    for asset in site.fixed_assets:
        items[asset.name] = asset.capex
    return items


def _annuity(rate: float, years: float) -> float:
    """Yearly payment that repays 1 over a lifetime; exact for the smallest of rates too."""
    return 1 / years if rate == 0 else float(-rate / np.expm1(-years * np.log1p(rate)))


def costs_of(
    site: Site, capacities: Mapping[str, float], schedule: pd.DataFrame, flows: Flows
) -> Iterator[tuple[str, float]]:
    """Items of the annual cost [yuan/yr]; income is negative."""
    yield from _asset_costs(site, capacities, schedule)
    if site.grid is not None:
        yield from _grid_costs(site, capacities, flows)
    per_kwh = 1000 * site.step_hours / site.years
    for item in site.interruptible:
        yield (
            f"interruption:{item.name}",
            per_kwh * item.price * float(column(schedule, item.name).sum()),
        )
    for made in site.electrolysers:
        tonnes = float(column(schedule, made.name).sum()) * per_kwh / 1000 / made.mwh_per_t
        if made.product_price:
            yield f"product:{made.name}", -made.product_price * tonnes
    if site.unserved_price and flows.unserved.any():
        yield "unserved", per_kwh * site.unserved_price * float(flows.unserved.sum())


def _asset_costs(
    site: Site, capacities: Mapping[str, float], schedule: pd.DataFrame
) -> Iterator[tuple[str, float]]:
    rate = site.discount_rate
    per_kwh = 1000 * site.step_hours / site.years

    def yearly(capex: float, opex: float, life: float, repl: float, when: tuple[int, ...]) -> float:
        worth = capex + sum(repl / (1 + rate) ** year for year in when)
        return 1000 * (_annuity(rate, life) * worth + opex)

    for item in site.sources:
        new = capacities[item.name] - item.existing_mw
        unit = yearly(
            item.capex, item.opex, item.lifetime, item.replacement_cost, item.replacement_years
        )
        made = float(column(schedule, item.name).sum())
        yield item.name, unit * new + per_kwh * item.variable_cost * made
    for b in site.storages:
        power = capacities[f"{b.name}_power"] - b.existing_mw
        energy = capacities[f"{b.name}_energy"] - b.existing_mwh
        cost = power * yearly(b.power_capex, b.power_opex, b.lifetime, 0.0, ())
        cost += energy * yearly(
            b.energy_capex, b.energy_opex, b.lifetime, b.replacement_cost, b.replacement_years
        )
        through = float(column(schedule, f"{b.name}_discharge").sum())
        yield b.name, cost + per_kwh * b.throughput_cost * through
    for e in site.electrolysers:
        new = capacities[e.name] - e.existing_mw
        yield e.name, new * yearly(e.capex, e.opex, e.lifetime, 0.0, ())
    for asset in site.fixed_assets:
        yield asset.name, _annuity(rate, asset.lifetime) * asset.capex + asset.opex


def _grid_costs(
    site: Site, capacities: Mapping[str, float], flows: Flows
) -> Iterator[tuple[str, float]]:
    grid, steps = site.grid, len(flows.load)
    assert grid is not None
    per_kwh = 1000 * site.step_hours / site.years
    yield "energy_purchase", per_kwh * float(values_of(grid.import_price, steps) @ flows.imported)
    fee = values_of(grid.self_use_price, steps)
    if fee.any():
        yield "self_use_fees", per_kwh * float(fee @ flows.self_use)
    connected = capacities.get("grid", 0.0)
    if grid.capacity_price:
        yield "capacity_charge", 12 * 1000 * grid.capacity_price * connected
    if grid.demand_charges:
        yield "demand_charge", demand_charge(site, flows.imported)
    if grid.decides_capacity and (grid.capex or grid.opex):
        unit = _annuity(site.discount_rate, grid.lifetime) * grid.capex + grid.opex
        yield "grid", 1000 * unit * (connected - grid.existing_mw)
    if grid.fixed_cost:
        yield "grid_fixed", grid.fixed_cost
    yield "export_income", -per_kwh * float(values_of(grid.export_price, steps) @ flows.exported)


def demand_charge(site: Site, imported: Array) -> float:
    """Demand charges of a year for given imports [yuan/yr].

    Each charge in each calendar month of the horizon, on the highest import [MW] that counts;
    a horizon with fewer months than a year stands for twelve.
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
                total += 1000 * charge.price_in(int(month)) * float(imported[chosen].max())
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
        bought += made.min_product_t * made.mwh_per_t / 8760
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
    )
    connected = grid.capacity_mw if grid.capacity_mw is not None else float(bought.max())
    costs = pd.Series(dict(_grid_costs(site, {"grid": connected}, flows)), dtype=float)
    return costs.drop("export_income")
