"""Recompute a plan from its capacities and its schedule with plain arithmetic.

Nothing of the model is used here: every balance, bound, ratio and payment is derived again from
the site's own series and the reported columns. A plan that does not close is not reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.site import (
    Array,
    SelfUse,
    Site,
    Storage,
    WeatherYears,
    horizon_years,
    mask_of,
    values_of,
)
from greenland.errors import GreenlandError
from greenland.i18n import _

TOLERANCE = 1e-6


class ReplayError(GreenlandError, ArithmeticError):
    """A schedule does not close when it is recomputed."""

    def __init__(self, check: str, residual: float) -> None:
        self.check, self.residual = check, residual
        super().__init__(check, residual)

    def __str__(self) -> str:
        """Return which check failed and by how much."""
        return _(
            "独立复算未能闭合：“{check}”相差 {residual:.3g}（允许 {tolerance:g}）。结果不予报告。",
            check=self.check,
            residual=self.residual,
            tolerance=TOLERANCE,
        )


@dataclass(frozen=True)
class Replay:
    """What a schedule amounts to, recomputed.

    Parameters
    ----------
    energy : Series
        Per year [MWh/yr].
    ratios : Series
        By the names of the nomenclature, as decimals.
    costs : Series
        Items of the annual cost [yuan/yr]; their sum is `annual_cost`.
    checks : Series
        Largest residual of every balance and bound, relative to the site's largest power (or
        energy, or capacity); negative or zero where a bound is kept with room.
    limits : DataFrame
        One row for every limit (and year where each must hold): limit, year, value, required,
        excess (relative, positive when broken).
    """

    energy: pd.Series
    ratios: pd.Series
    costs: pd.Series
    checks: pd.Series
    limits: pd.DataFrame

    @property
    def annual_cost(self) -> float:
        """Annual cost of supplying the load [yuan/yr]."""
        return float(self.costs.sum())

    @property
    def residual(self) -> float:
        """Largest residual of all checks and limits."""
        worst = float(self.checks.max())
        if len(self.limits):
            worst = max(worst, float(self.limits["excess"].max()))
        return max(worst, 0.0)

    def require_closed(self, tolerance: float = TOLERANCE) -> None:
        """Refuse a schedule that does not close.

        Raises
        ------
        ReplayError
        """
        if self.residual <= tolerance:
            return
        checks = dict(self.checks)
        for row in self.limits.itertuples():
            checks[str(row.limit)] = float(row.excess)  # type: ignore[arg-type]
        worst = max(checks, key=lambda name: checks[name])
        raise ReplayError(str(worst), float(checks[worst]))


@dataclass(frozen=True)
class _Flows:
    """Columns of a schedule as arrays, and what is derived from them [MW]."""

    load: Array
    available: Array
    imported: Array
    exported: Array
    curtailed: Array
    unserved: Array
    interrupted: Array
    flexible: Array
    charged: Array
    discharged: Array
    grid_charged: Array
    grid_discharged: Array

    @property
    def consumption(self) -> Array:
        return self.load + self.flexible - self.interrupted - self.unserved

    @property
    def grid_to_load(self) -> Array:
        return self.imported - self.grid_charged + self.grid_discharged

    @property
    def self_use(self) -> Array:
        return self.consumption - self.grid_to_load


def replay(site: Site, capacities: Mapping[str, float], schedule: pd.DataFrame) -> Replay:
    """Recompute every balance, bound, ratio, limit and payment of a schedule.

    Parameters
    ----------
    site : Site
    capacities : mapping
        As in `Plan.capacities` [MW], [MWh].
    schedule : DataFrame
        As in `Plan.schedule` [MW], [MWh].
    """
    flows = _flows(site, schedule)
    checks = dict(_checks(site, capacities, schedule, flows))
    hours = site.step_hours
    ratios, energy = _energies(flows, hours, horizon_years(site.index))
    limits = pd.DataFrame(
        list(_limits(site, capacities, schedule, flows)),
        columns=["limit", "year", "value", "required", "excess"],
    )
    costs = pd.Series(dict(_costs(site, capacities, schedule, flows)), dtype=float)
    return Replay(
        pd.Series(energy, dtype=float),
        pd.Series(ratios, dtype=float),
        costs,
        pd.Series(checks, dtype=float),
        limits,
    )


def _column(schedule: pd.DataFrame, name: str) -> Array:
    if name not in schedule:
        return np.zeros(len(schedule))
    return schedule[name].to_numpy(dtype=float)


def _flows(site: Site, schedule: pd.DataFrame) -> _Flows:
    def total(names: list[str]) -> Array:
        parts = [_column(schedule, name) for name in names]
        return np.asarray(sum(parts, np.zeros(len(schedule))))

    stores = [item.name for item in site.storages]
    flexible = [item.name for item in site.shiftable]
    flexible += [item.name for item in site.electrolysers]
    return _Flows(
        load=site.load.to_numpy(dtype=float),
        available=total([item.name for item in site.sources]),
        imported=_column(schedule, "import"),
        exported=_column(schedule, "export"),
        curtailed=_column(schedule, "curtailment"),
        unserved=_column(schedule, "unserved"),
        interrupted=total([item.name for item in site.interruptible]),
        flexible=total(flexible),
        charged=total([f"{name}_charge" for name in stores]),
        discharged=total([f"{name}_discharge" for name in stores]),
        grid_charged=total([f"{name}_grid_charge" for name in stores]),
        grid_discharged=total([f"{name}_grid_discharge" for name in stores]),
    )


def _most(values: Array) -> float:
    return float(np.max(values, initial=-np.inf)) if len(values) else 0.0


def _checks(
    site: Site, capacities: Mapping[str, float], schedule: pd.DataFrame, flows: _Flows
) -> Iterator[tuple[str, float]]:
    """Name and largest relative residual of every balance and bound."""
    scale = max(1.0, _most(flows.load), _most(flows.available), _most(flows.imported))
    supply = flows.available + flows.imported + flows.discharged
    demand = flows.consumption + flows.charged + flows.exported + flows.curtailed
    yield "balance", _most(np.abs(supply - demand)) / scale
    for item in site.sources:
        expected = capacities[item.name] * values_of(item.profile, len(schedule))
        yield f"{item.name}", _most(np.abs(_column(schedule, item.name) - expected)) / scale
    signs = schedule.drop(columns=[item.name for item in site.storages if item.name in schedule])
    yield "non_negative", _most(-signs.to_numpy(dtype=float).min(axis=0)) / scale
    yield from _grid_checks(site, capacities, flows, scale)
    for storage in site.storages:
        yield from _storage_checks(site, storage, capacities, schedule)
    yield from _flexible_checks(site, capacities, schedule, flows, scale)
    yield from _bound_checks(site, capacities)


def _grid_checks(
    site: Site, capacities: Mapping[str, float], flows: _Flows, scale: float
) -> Iterator[tuple[str, float]]:
    steps = len(flows.load)
    yield "import_export", _most(np.minimum(flows.imported, flows.exported)) / scale
    yield "import_use", _most(flows.grid_to_load - flows.consumption) / scale
    yield "grid_charging", _most(flows.grid_charged - flows.imported) / scale
    if site.grid is None:
        yield "off_grid", max(_most(flows.imported), _most(flows.exported)) / scale
        return
    connected = capacities.get("grid", np.inf)
    if site.grid.capacity_mw is not None or site.grid.decides_capacity:
        yield (
            "grid_capacity",
            (_most(np.maximum(flows.imported, flows.exported)) - connected) / scale,
        )
    for cap, flow, name in (
        (site.grid.max_import_mw, flows.imported, "max_import_mw"),
        (site.grid.max_export_mw, flows.exported, "max_export_mw"),
    ):
        if cap is not None:
            yield name, (_most(flow) - cap) / scale
    allowed = mask_of(site.grid.export_allowed, steps)
    yield "export_allowed", _most(flows.exported[~allowed]) / scale if (~allowed).any() else 0.0


def _storage_checks(
    site: Site, item: Storage, capacities: Mapping[str, float], schedule: pd.DataFrame
) -> Iterator[tuple[str, float]]:
    power, size = capacities[f"{item.name}_power"], capacities[f"{item.name}_energy"]
    charge = _column(schedule, f"{item.name}_charge")
    discharge = _column(schedule, f"{item.name}_discharge")
    stored = _column(schedule, f"{item.name}_energy")
    scale, hours = max(1.0, size, power), site.step_hours
    before = np.concatenate([[_start(item, size, stored)], stored[:-1]])
    keep = (1 - item.self_discharge) ** hours
    expected = keep * before + hours * (
        item.charge_efficiency * charge - discharge / item.discharge_efficiency
    )
    yield f"{item.name}_balance", _most(np.abs(stored - expected)) / scale
    yield f"{item.name}_power", (_most(np.maximum(charge, discharge)) - power) / scale
    if item.shared_power:
        yield f"{item.name}_shared_power", (_most(charge + discharge) - power) / scale
    yield f"{item.name}_full", (_most(stored) - item.max_soc * size) / scale
    yield f"{item.name}_empty", (item.soc_floor * size - float(stored.min())) / scale
    yield f"{item.name}_charge_discharge", _most(np.minimum(charge, discharge)) / scale
    if item.cyclic and item.initial_energy is not None:
        yield f"{item.name}_cyclic", abs(float(stored[-1]) - item.initial_energy * size) / scale
    if item.grid_charging:
        yield from _ledger_checks(site, item, schedule, scale)


def _ledger_checks(
    site: Site, item: Storage, schedule: pd.DataFrame, scale: float
) -> Iterator[tuple[str, float]]:
    """Grid energy in a storage: its own balance, and no more of it than of all."""
    charge = _column(schedule, f"{item.name}_grid_charge")
    discharge = _column(schedule, f"{item.name}_grid_discharge")
    stored = _column(schedule, f"{item.name}_grid_energy")
    hours = site.step_hours
    before = np.concatenate([[0.0], stored[:-1]])
    expected = (1 - item.self_discharge) ** hours * before + hours * (
        item.charge_efficiency * charge - discharge / item.discharge_efficiency
    )
    yield f"{item.name}_grid_balance", _most(np.abs(stored - expected)) / scale
    size = _column(schedule, f"{item.name}_energy")
    yield f"{item.name}_grid_energy", _most(stored - size) / scale
    for part, name in ((charge, "charge"), (discharge, "discharge")):
        total = _column(schedule, f"{item.name}_{name}")
        yield f"{item.name}_grid_{name}", _most(part - total) / scale


def _start(item: Storage, size: float, stored: Array) -> float:
    if item.initial_energy is not None:
        return item.initial_energy * size
    return float(stored[-1])


def _flexible_checks(
    site: Site,
    capacities: Mapping[str, float],
    schedule: pd.DataFrame,
    flows: _Flows,
    scale: float,
) -> Iterator[tuple[str, float]]:
    steps = len(schedule)
    for shift in site.shiftable:
        drawn, plan = _column(schedule, shift.name), values_of(shift.profile, steps)
        length = max(1, round(shift.window_hours / site.step_hours))
        window = np.arange(steps) // length
        yield f"{shift.name}_energy", _most(np.abs(np.bincount(window, drawn - plan))) / scale
        over = max(_most(drawn) - shift.max_mw, shift.min_mw - float(drawn.min()))
        yield f"{shift.name}_power", over / scale
    for item in site.interruptible:
        most = values_of(item.max_mw, steps)
        yield f"{item.name}_power", _most(_column(schedule, item.name) - most) / scale
    for made in site.electrolysers:
        drawn, size = _column(schedule, made.name), capacities[made.name]
        yield f"{made.name}_power", (_most(drawn) - size) / scale
        yield f"{made.name}_min_load", (made.min_load_share * size - float(drawn.min())) / scale
    yield "unserved", _most(flows.unserved + flows.interrupted - flows.load) / scale


def _bound_checks(site: Site, capacities: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Capacities within their bounds, relative to their size."""
    bounds = [(s.name, s.existing_mw + s.min_mw, s.existing_mw + s.max_mw) for s in site.sources]
    for b in site.storages:
        bounds.append((f"{b.name}_power", b.existing_mw + b.min_mw, b.existing_mw + b.max_mw))
        bounds.append((f"{b.name}_energy", b.existing_mwh + b.min_mwh, b.existing_mwh + b.max_mwh))
    bounds += [
        (e.name, e.existing_mw + e.min_mw, e.existing_mw + e.max_mw) for e in site.electrolysers
    ]
    if site.grid is not None and site.grid.max_capacity_mw is not None:
        bounds.append(("grid", site.grid.min_capacity_mw, site.grid.max_capacity_mw))
    for name, low, high in bounds:
        size = capacities[name]
        yield f"{name}_bounds", max(low - size, size - high) / max(1.0, abs(size))


def _energies(
    flows: _Flows, hours: float, years: float
) -> tuple[dict[str, float], dict[str, float]]:
    """Ratios and yearly energies [MWh/yr] of some steps."""

    def per_year(flow: Array) -> float:
        return float(flow.sum()) * hours / years

    energy = {
        "available_generation": per_year(flows.available),
        "curtailment": per_year(flows.curtailed),
        "export": per_year(flows.exported),
        "import": per_year(flows.imported),
        "load": per_year(flows.load + flows.flexible),
        "consumption": per_year(flows.consumption),
        "self_use": per_year(flows.self_use),
        "grid_to_load": per_year(flows.grid_to_load),
        "charge": per_year(flows.charged),
        "discharge": per_year(flows.discharged),
        "storage_loss": per_year(flows.charged - flows.discharged),
        "unserved": per_year(flows.unserved),
        "interrupted": per_year(flows.interrupted),
    }
    return _ratios(energy), energy


def _ratios(energy: Mapping[str, float]) -> dict[str, float]:
    """Shares by the names of the nomenclature; NaN where the denominator is nothing."""
    made, used = energy["available_generation"], energy["consumption"]

    def over(part: float, whole: float) -> float:
        return part / whole if whole > 1e-9 else float("nan")

    gross = made - energy["export"] - energy["curtailment"]
    return {
        "self_use_of_generation": over(gross, made),
        "self_use_of_generation_net": over(energy["self_use"], made),
        "self_use_of_consumption": over(energy["self_use"], used),
        "export_share": over(energy["export"], made),
        "curtailment_share": over(energy["curtailment"], made),
        "unserved_share": over(energy["unserved"], energy["load"]),
    }


def _part(flows: _Flows, chosen: NDArray[np.bool_]) -> _Flows:
    return _Flows(**{name: getattr(flows, name)[chosen] for name in _Flows.__annotations__})


def _years(site: Site) -> Iterator[tuple[str, NDArray[np.bool_], float]]:
    """Label, steps and length of every limit year."""
    index = site.index
    whole = horizon_years(index)
    each = WeatherYears(site.weather_years) is WeatherYears.EACH
    if not each or whole <= 1:
        yield "", np.ones(len(index), dtype=bool), whole
        return
    for year in sorted(set(index.year)):
        chosen = np.asarray(index.year == year)
        length = 8784 if bool(index[chosen].is_leap_year[0]) else 8760
        yield str(year), chosen, float(chosen.sum()) * site.step_hours / length


Limit = tuple[str, str, float, float, float]


def _limits(
    site: Site, capacities: Mapping[str, float], schedule: pd.DataFrame, flows: _Flows
) -> Iterator[Limit]:
    """Every limit with its value, what is required, and the relative excess."""
    for year, chosen, length in _years(site):
        part = _part(flows, chosen)
        ratios, energy = _energies(part, site.step_hours, length)
        yield from _share_limits(site, year, ratios, energy)
        yield from _emission_limit(site, year, chosen, length, flows)
        yield from _load_limits(site, year, chosen, length, schedule)
    yield from _capacity_limits(site, capacities)
    most = site.limits.max_peak_valley_ratio
    if most is not None and site.grid is not None:
        exchange = flows.imported - flows.exported
        high = float(exchange.max())
        ratio = (high - float(exchange.min())) / high if high > 0 else float("nan")
        excess = ((1 - most) * high - float(exchange.min())) / max(1.0, abs(high))
        yield "peak_valley", "", ratio, most, excess


def _share_limits(
    site: Site, year: str, ratios: Mapping[str, float], energy: Mapping[str, float]
) -> Iterator[Limit]:
    limits, reading = site.limits, SelfUse(site.limits.self_use_reading)
    least = limits.min_self_use_of_generation
    gross = least if reading in (SelfUse.BOTH, SelfUse.GROSS) else None
    net = least if reading in (SelfUse.BOTH, SelfUse.NET) else None
    rows = (
        ("self_use_of_generation", gross, -1.0),
        ("self_use_of_generation_net", net, -1.0),
        ("self_use_of_consumption", limits.min_self_use_of_consumption, -1.0),
        ("export_share", limits.max_export_share, 1.0),
        ("curtailment_share", limits.max_curtailment_share, 1.0),
    )
    for name, required, sign in rows:
        if required is not None:
            value = ratios[name]
            excess = 0.0 if np.isnan(value) else sign * (value - required)
            yield name, year, value, required, excess
    if limits.max_unserved_share is not None:
        firm = energy["load"]
        value = energy["unserved"] / firm if firm else 0.0
        yield (
            "unserved_share",
            year,
            value,
            limits.max_unserved_share,
            value - (limits.max_unserved_share),
        )


def _emission_limit(
    site: Site, year: str, chosen: NDArray[np.bool_], length: float, flows: _Flows
) -> Iterator[Limit]:
    hours, most = site.step_hours, site.limits.max_co2_t
    if most is not None and site.grid is not None:
        given = site.grid.emission_factor
        factor = values_of(0.0 if given is None else given, len(chosen))
        value = float((factor * flows.imported)[chosen].sum()) * hours / length
        yield "co2", year, value, most, (value - most) / max(1.0, most)


def _load_limits(
    site: Site, year: str, chosen: NDArray[np.bool_], length: float, schedule: pd.DataFrame
) -> Iterator[Limit]:
    """What interruptible loads and electrolysers must keep to."""
    hours, steps = site.step_hours, len(schedule)
    for item in site.interruptible:
        if item.max_share < 1:
            most = float(values_of(item.max_mw, steps)[chosen].sum())
            cut = float(_column(schedule, item.name)[chosen].sum())
            value = cut / most if most else 0.0
            yield (
                f"interruption_share:{item.name}",
                year,
                value,
                item.max_share,
                (value - item.max_share),
            )
    for made in site.electrolysers:
        if made.min_product_t:
            tonnes = float(_column(schedule, made.name)[chosen].sum()) * hours / made.mwh_per_t
            value, least = tonnes / length, made.min_product_t
            yield f"electrolyser_product:{made.name}", year, value, least, (least - value) / least


def _capacity_limits(site: Site, capacities: Mapping[str, float]) -> Iterator[Limit]:
    limits = site.limits
    new = {item.name: capacities[item.name] - item.existing_mw for item in site.sources}
    land = sum(item.land_mu_per_mw * new[item.name] for item in site.sources)
    roof = sum(item.roof_m2_per_mw * new[item.name] for item in site.sources)
    capex = initial_investment(site, capacities)
    for name, value, most in (
        ("land", land, limits.max_land_mu),
        ("roof", roof, limits.max_roof_m2),
        ("budget", capex, limits.max_capex_yuan),
    ):
        if most is not None:
            yield name, "", value, most, (value - most) / max(1.0, most)
    for item in site.storages:
        power, size = capacities[f"{item.name}_power"], capacities[f"{item.name}_energy"]
        value = size / power if power > 1e-9 else float("nan")
        if item.min_hours is not None:
            excess = (item.min_hours * power - size) / max(1.0, size)
            yield f"hours_min:{item.name}", "", value, item.min_hours, excess
        if item.max_hours is not None:
            excess = (size - item.max_hours * power) / max(1.0, size)
            yield f"hours_max:{item.name}", "", value, item.max_hours, excess


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
    return 1 / years if rate == 0 else rate / (1 - (1 + rate) ** -years)


def _costs(
    site: Site, capacities: Mapping[str, float], schedule: pd.DataFrame, flows: _Flows
) -> Iterator[tuple[str, float]]:
    """Items of the annual cost [yuan/yr]; income is negative."""
    yield from _asset_costs(site, capacities, schedule)
    if site.grid is not None:
        yield from _grid_costs(site, capacities, flows)
    per_kwh = 1000 * site.step_hours / horizon_years(site.index)
    for item in site.interruptible:
        yield (
            f"interruption:{item.name}",
            per_kwh * item.price * float(_column(schedule, item.name).sum()),
        )
    for made in site.electrolysers:
        tonnes = float(_column(schedule, made.name).sum()) * per_kwh / 1000 / made.mwh_per_t
        if made.product_price:
            yield f"product:{made.name}", -made.product_price * tonnes
    if site.unserved_price and flows.unserved.any():
        yield "unserved", per_kwh * site.unserved_price * float(flows.unserved.sum())


def _asset_costs(
    site: Site, capacities: Mapping[str, float], schedule: pd.DataFrame
) -> Iterator[tuple[str, float]]:
    rate = site.discount_rate
    per_kwh = 1000 * site.step_hours / horizon_years(site.index)

    def yearly(capex: float, opex: float, life: float, repl: float, when: tuple[int, ...]) -> float:
        worth = capex + sum(repl / (1 + rate) ** year for year in when)
        return 1000 * (_annuity(rate, life) * worth + opex)

    for item in site.sources:
        new = capacities[item.name] - item.existing_mw
        unit = yearly(
            item.capex, item.opex, item.lifetime, item.replacement_cost, item.replacement_years
        )
        made = float(_column(schedule, item.name).sum())
        yield item.name, unit * new + per_kwh * item.variable_cost * made
    for b in site.storages:
        power = capacities[f"{b.name}_power"] - b.existing_mw
        energy = capacities[f"{b.name}_energy"] - b.existing_mwh
        cost = power * yearly(b.power_capex, b.power_opex, b.lifetime, 0.0, ())
        cost += energy * yearly(
            b.energy_capex, b.energy_opex, b.lifetime, b.replacement_cost, b.replacement_years
        )
        through = float(_column(schedule, f"{b.name}_discharge").sum())
        yield b.name, cost + per_kwh * b.throughput_cost * through
    for e in site.electrolysers:
        new = capacities[e.name] - e.existing_mw
        yield e.name, new * yearly(e.capex, e.opex, e.lifetime, 0.0, ())
    for asset in site.fixed_assets:
        yield asset.name, _annuity(rate, asset.lifetime) * asset.capex + asset.opex


def _grid_costs(
    site: Site, capacities: Mapping[str, float], flows: _Flows
) -> Iterator[tuple[str, float]]:
    grid, steps = site.grid, len(flows.load)
    assert grid is not None
    per_kwh = 1000 * site.step_hours / horizon_years(site.index)
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
    flows = _Flows(
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
