"""What a storage promises of its start and end, held against a schedule with plain arithmetic."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from greenland.energy.site import Array, FinalEnergy, Site, Storage
from greenland.energy.site.identity import ColumnKind, Columns


def start_of(item: Storage, size: float, stored: Array, gained: Array, kept: float) -> float:
    """Energy before the first step [MWh]: given, that of the end, or what the first step needs."""
    if item.initial_energy is not None:
        return item.initial_energy * size
    if item.end is FinalEnergy.EQUAL or not kept:
        return float(stored[-1])
    return float(stored[0] - gained[0]) / kept


def end_checks(
    item: Storage, size: float, stored: Array, start: float, scale: float
) -> Iterator[tuple[str, float]]:
    """The energy at the start within its bounds, and at the end what it is tied to."""
    outside = max(item.soc_floor * size - start, start - item.max_soc * size)
    yield f"{item.name}_start", outside / scale
    end, last = item.end, float(stored[-1])
    if end is FinalEnergy.EQUAL:
        yield f"{item.name}_end", abs(last - start) / scale
    elif end is FinalEnergy.AT_LEAST:
        yield f"{item.name}_end", (start - last) / scale
    elif end is not FinalEnergy.FREE:
        yield f"{item.name}_end", abs(last - end * size) / scale


def ledger_checks(
    site: Site, item: Storage, size: float, start: float, schedule: Columns, scale: float
) -> Iterator[tuple[str, float]]:
    """Grid energy in a storage: its own balance, and no more of it than of all.

    Grid energy may make good some of what is lost below the floor, and no more than that.
    """
    charge = schedule.of(ColumnKind.GRID_CHARGE, item.name)
    discharge = schedule.of(ColumnKind.GRID_DISCHARGE, item.name)
    grid = schedule.of(ColumnKind.GRID_ENERGY, item.name)
    stored = schedule.of(ColumnKind.ENERGY, item.name)
    hours, kept = site.step_hours, item.kept(site.step_hours)
    floor = item.soc_floor * size
    gained = hours * (item.charge_efficiency * charge - discharge / item.discharge_efficiency)
    lost = kept * grid[:-1] + gained[1:] - grid[1:]
    most = (1 - kept) * floor
    astray = np.maximum(-lost, lost - most)
    yield f"{item.name}_grid_balance", float(np.max(astray, initial=0.0)) / scale
    yield f"{item.name}_grid_energy", float(np.max(grid - stored + floor)) / scale
    for part, kind in ((charge, ColumnKind.CHARGE), (discharge, ColumnKind.DISCHARGE)):
        total = schedule.of(kind, item.name)
        yield f"{item.name}_grid_{kind}", float(np.max(part - total)) / scale
    need = float(grid[0] - gained[0])  # of what is left of the start, beside the loss
    green = float(stored[-1] - grid[-1])
    yield f"{item.name}_green_end", _turn_fault(item, kept, need, most, start, green, grid) / scale


def _turn_fault(
    item: Storage, kept: float, need: float, most: float, start: float, green: float, grid: Array
) -> float:
    """How far any split of the start falls short of what is promised at the turn [MWh].

    *need* is the grid energy the first step needs of what is left of the start, *most* what it may
    lose besides; *green* is the green energy at the end. The split is free but for this: the green
    ledger ends with no less than it began with, so that no green energy is made at the turn.
    """
    least, largest = [0.0, start - green], [start]
    if kept:
        least.append(need / kept)
        largest.append((need + most) / kept)
    if item.closes_green:
        largest.append(start - green)
    if item.may_end_higher:
        largest.append(float(grid[-1]))
    return max(least) - min(largest)
