"""Recompute a plan from its capacities and its schedule with plain arithmetic.

Nothing of the model is used here: every balance, bound, ratio and payment is derived again from
the site's own series and the reported columns. A plan that does not close is not reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from greenland.energy.plan.replay.building import built_checks
from greenland.energy.plan.replay.costs import costs_of
from greenland.energy.plan.replay.flows import Flows, energies, flows_of, most_of
from greenland.energy.plan.replay.generators import generator_checks
from greenland.energy.plan.replay.limits import limits_of
from greenland.energy.plan.replay.maintenance import short_of_least
from greenland.energy.plan.replay.quotas import quota_fault
from greenland.energy.plan.replay.turn import end_checks, ledger_checks, start_of
from greenland.energy.site import Site, Storage, mask_of, values_of
from greenland.energy.site.identity import (
    Capacities,
    CapacityKind,
    ColumnKind,
    Columns,
    cost_labels,
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
        energy, or capacity); negative or zero where a bound is kept with room. Two checks may
        be called the same where names of the site make them so; each counts.
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
        """Largest residual of all checks and limits; infinite where one is no number."""
        return max(0.0, self._worst()[1])

    def _worst(self) -> tuple[str, float]:
        """The check or limit furthest off, and by how much; what is no number is furthest."""
        checks = [*self.checks.items()]
        checks += zip(self.limits["limit"], self.limits["excess"], strict=True)
        sizes = [np.inf if np.isnan(excess) else float(excess) for _name, excess in checks]
        worst = int(np.argmax(sizes))
        return str(checks[worst][0]), sizes[worst]

    def require_closed(self, tolerance: float = TOLERANCE) -> None:
        """Refuse a schedule that does not close.

        Raises
        ------
        ReplayError
        """
        if self.residual <= tolerance:
            return
        raise ReplayError(*self._worst())


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
    sizes, columns, items = Capacities(site, capacities), Columns(site, schedule), cost_labels(site)
    flows = flows_of(site, columns)
    checks = list(_checks(site, sizes, columns, flows))
    hours = site.step_hours
    ratios, energy = energies(flows, hours, site.years)
    limits = pd.DataFrame(
        list(limits_of(site, sizes, columns, flows)),
        columns=["limit", "year", "value", "required", "excess"],
    )
    costs = {items[key]: yuan for key, yuan in costs_of(site, sizes, columns, flows)}
    return Replay(
        pd.Series(energy, dtype=float),
        pd.Series(ratios, dtype=float),
        pd.Series(costs, dtype=float),
        pd.Series([excess for _name, excess in checks], [name for name, _excess in checks], float),
        limits,
    )


def _checks(
    site: Site, capacities: Capacities, schedule: Columns, flows: Flows
) -> Iterator[tuple[str, float]]:
    """Name and largest relative residual of every balance and bound."""
    scale = max(1.0, most_of(flows.load), most_of(flows.available), most_of(flows.imported))
    supply = flows.available + flows.imported + flows.discharged + flows.other_generated
    demand = flows.consumption + flows.charged + flows.exported + flows.curtailed
    yield "balance", most_of(np.abs(supply - demand)) / scale
    untaken = np.zeros(len(schedule))
    for item in site.sources:
        size = capacities.of(CapacityKind.SOURCE, item.name)
        expected = size * values_of(item.profile, len(schedule))
        available = schedule.of(ColumnKind.SOURCE, item.name)
        yield f"{item.name}", most_of(np.abs(available - expected)) / scale
        if item.purchase is not None:
            taken = schedule.of(ColumnKind.TAKEN, item.name)
            yield f"{item.name}_taken", most_of(taken - available) / scale
            untaken += available - taken
    if site.sellers:
        yield "untaken", most_of(untaken - flows.curtailed) / scale
    yield from generator_checks(site, capacities, schedule, flows, scale)
    yield "non_negative", most_of(-schedule.table.to_numpy(dtype=float).min(axis=0)) / scale
    yield from _grid_checks(site, capacities, flows, scale)
    for storage in site.storages:
        yield from _storage_checks(site, storage, capacities, schedule)
    yield from _flexible_checks(site, capacities, schedule, flows, scale)
    yield from _bound_checks(site, capacities)
    yield from built_checks(site, capacities)


def _grid_checks(
    site: Site, capacities: Capacities, flows: Flows, scale: float
) -> Iterator[tuple[str, float]]:
    steps = len(flows.load)
    yield "import_export", most_of(np.minimum(flows.imported, flows.exported)) / scale
    not_green = flows.grid_to_load + flows.other_generated
    yield "import_use", most_of(not_green - flows.consumption) / scale
    yield "grid_charging", most_of(flows.grid_charged - flows.imported) / scale
    if site.grid is None:
        yield "off_grid", max(most_of(flows.imported), most_of(flows.exported)) / scale
        return
    connected = capacities.get(CapacityKind.GRID, default=np.inf)
    if site.grid.capacity_mw is not None or site.grid.decides_capacity:
        yield (
            "grid_capacity",
            (most_of(np.maximum(flows.imported, flows.exported)) - connected) / scale,
        )
    for cap, flow, name in (
        (site.grid.max_import_mw, flows.imported, "max_import_mw"),
        (site.grid.max_export_mw, flows.exported, "max_export_mw"),
    ):
        if cap is not None:
            yield name, (most_of(flow) - cap) / scale
    allowed = mask_of(site.grid.export_allowed, steps)
    yield "export_allowed", most_of(flows.exported[~allowed]) / scale if (~allowed).any() else 0.0


def _storage_checks(
    site: Site, item: Storage, capacities: Capacities, schedule: Columns
) -> Iterator[tuple[str, float]]:
    power = capacities.of(CapacityKind.STORAGE_POWER, item.name)
    size = capacities.of(CapacityKind.STORAGE_ENERGY, item.name)
    charge = schedule.of(ColumnKind.CHARGE, item.name)
    discharge = schedule.of(ColumnKind.DISCHARGE, item.name)
    stored = schedule.of(ColumnKind.ENERGY, item.name)
    scale, hours = max(1.0, size, power), site.step_hours
    keep = item.kept(hours)
    gained = hours * (item.charge_efficiency * charge - discharge / item.discharge_efficiency)
    start = start_of(item, size, stored, gained, keep)
    expected = keep * np.concatenate([[start], stored[:-1]]) + gained
    yield f"{item.name}_balance", most_of(np.abs(stored - expected)) / scale
    inward = charging_power(item, capacities)
    yield f"{item.name}_power", max(most_of(discharge) - power, most_of(charge) - inward) / scale
    if item.shared_power:
        yield f"{item.name}_shared_power", (most_of(charge + discharge) - power) / scale
    yield f"{item.name}_full", (most_of(stored) - item.max_soc * size) / scale
    yield f"{item.name}_empty", (item.soc_floor * size - float(stored.min())) / scale
    yield f"{item.name}_charge_discharge", most_of(np.minimum(charge, discharge)) / scale
    yield from end_checks(item, size, stored, start, scale)
    if site.charges_from_grid(item):
        yield from ledger_checks(site, item, size, start, schedule, scale)


def charging_power(item: Storage, capacities: Capacities) -> float:
    """Most a storage may charge with [MW]."""
    if item.decides_charge_power:
        return capacities.of(CapacityKind.STORAGE_CHARGE_POWER, item.name)
    return item.charge_ratio * capacities.of(CapacityKind.STORAGE_POWER, item.name)


def _flexible_checks(
    site: Site,
    capacities: Capacities,
    schedule: Columns,
    flows: Flows,
    scale: float,
) -> Iterator[tuple[str, float]]:
    steps = len(schedule)
    for shift in site.shiftable:
        drawn = schedule.of(ColumnKind.SHIFTABLE, shift.name)
        plan = values_of(shift.profile, steps)
        length = max(1, round(shift.window_hours / site.step_hours))
        window = np.arange(steps) // length
        yield f"{shift.name}_energy", most_of(np.abs(np.bincount(window, drawn - plan))) / scale
        over = max(most_of(drawn) - shift.max_mw, shift.min_mw - float(drawn.min()))
        yield f"{shift.name}_power", over / scale
    for item in site.interruptible:
        most = values_of(item.max_mw, steps)
        cut = schedule.of(ColumnKind.INTERRUPTED, item.name)
        yield f"{item.name}_power", most_of(cut - most) / scale
    for electrolyser in site.electrolysers:
        drawn = schedule.of(ColumnKind.ELECTROLYSER, electrolyser.name)
        size = capacities.of(CapacityKind.ELECTROLYSER, electrolyser.name)
        yield f"{electrolyser.name}_power", (most_of(drawn) - size) / scale
        least = np.full(len(drawn), electrolyser.min_load_share * size)
        short = short_of_least(electrolyser, drawn, least)
        yield f"{electrolyser.name}_min_load", most_of(short) / scale
        if electrolyser.has_quota:
            yield f"{electrolyser.name}_daily_product", quota_fault(site, electrolyser, drawn)
    yield "unserved", most_of(flows.unserved + flows.interrupted - flows.load) / scale


def _bound_checks(site: Site, capacities: Capacities) -> Iterator[tuple[str, float]]:
    """Capacities within their bounds, relative to their size."""
    of, kinds = capacities.of, CapacityKind
    bounds = [
        (s.name, of(kinds.SOURCE, s.name), s.existing_mw, s.min_mw, s.max_mw)
        for s in site.suppliers
    ]
    for b in site.storages:
        power, energy = of(kinds.STORAGE_POWER, b.name), of(kinds.STORAGE_ENERGY, b.name)
        bounds.append((f"{b.name}_power", power, b.existing_mw, b.min_mw, b.max_mw))
        bounds.append((f"{b.name}_energy", energy, b.existing_mwh, b.min_mwh, b.max_mwh))
        if b.decides_charge_power:
            inward, have = charging_power(b, capacities), b.existing_charge_mw
            most = b.max_charge_mw
            bounds.append((f"{b.name}_charge_power", inward, have, b.min_charge_mw, most))
    bounds += [
        (e.name, of(kinds.ELECTROLYSER, e.name), e.existing_mw, e.min_mw, e.max_mw)
        for e in site.electrolysers
    ]
    grid = site.grid
    if grid is not None and grid.max_capacity_mw is not None:
        bounds.append(("grid", of(kinds.GRID), 0.0, grid.min_capacity_mw, grid.max_capacity_mw))
    for name, size, have, low, high in bounds:
        broken = max(have + low - size, size - (have + high))
        yield f"{name}_bounds", broken / max(1.0, abs(size))
