"""Variables of the problem, family by family; see docs/energy-model.md, section 2."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.data import Asset


def add_columns(assembly: Assembly) -> None:
    """All columns of the model."""
    _sources(assembly)
    _grid(assembly)
    _storages(assembly)
    _flexible(assembly)


def _capacities(assembly: Assembly, family: str, assets: Sequence[Asset]) -> None:
    lower = np.array([item.lower for item in assets], dtype=float)
    upper = np.array([item.upper for item in assets], dtype=float)
    names = [item.name for item in assets]
    assembly.add_columns(family, (len(assets),), lower, upper, owners=names)


def _sources(assembly: Assembly) -> None:
    steps = np.arange(assembly.data.steps)
    _capacities(assembly, "capacity", assembly.data.sources)
    assembly.add_columns("curtailment", (len(steps),), steps=steps)


def _grid(assembly: Assembly) -> None:
    data = assembly.data
    if data.site.grid is None:
        return
    steps = np.arange(data.steps)
    import_cap = data.import_cap if data.flexible else np.minimum(data.import_cap, data.load)
    assembly.add_columns("import", (len(steps),), 0.0, import_cap, steps=steps)
    assembly.add_columns("export", (len(steps),), 0.0, data.export_cap, steps=steps)
    if data.connection is not None:
        _capacities(assembly, "grid_capacity", (data.connection,))
    if data.peaks:
        numbers = [str(k) for k in range(len(data.peaks))]
        assembly.add_columns("peak", (len(numbers),), owners=numbers)
    if data.site.limits.max_peak_valley_ratio is not None:
        assembly.add_columns("exchange_high", (1,), -np.inf)
        assembly.add_columns("exchange_low", (1,), -np.inf)


def _storages(assembly: Assembly) -> None:
    data = assembly.data
    steps, names = np.arange(data.steps), [item.name for item in data.site.storages]
    _capacities(assembly, "storage_power", data.storage_power)
    _capacities(assembly, "storage_energy", data.storage_energy)
    assembly.add_columns("energy_start", (len(names),), owners=names)
    for family in ("charge", "discharge", "energy"):
        assembly.add_columns(family, (len(names), len(steps)), steps=steps, owners=names)
    if data.grid_stores:
        names = [names[b] for b in data.grid_stores]
        assembly.add_columns("grid_start", (len(names),), owners=names)
        for family in ("grid_charge", "grid_discharge", "grid_energy"):
            assembly.add_columns(family, (len(names), len(steps)), steps=steps, owners=names)
    if data.floor_stores:
        names = [data.site.storages[b].name for b in data.floor_stores]
        shape = (len(names), len(steps))
        assembly.add_columns("grid_floor_loss", shape, steps=steps, owners=names)


def _flexible(assembly: Assembly) -> None:
    data, site = assembly.data, assembly.data.site
    steps = np.arange(data.steps)
    if site.limits.max_unserved_share is not None:
        firm = np.maximum(data.load - data.interruptible.sum(axis=0), 0.0)
        assembly.add_columns("unserved", (len(steps),), 0.0, firm, steps=steps)
    if site.shiftable:
        shape = (len(site.shiftable), len(steps))
        low = np.array([item.min_mw for item in site.shiftable])[:, None]
        high = np.array([item.max_mw for item in site.shiftable])[:, None]
        names = [item.name for item in site.shiftable]
        assembly.add_columns("shift_load", shape, low, high, steps=steps, owners=names)
        slack = np.where(data.shift_ends, 0.0, np.inf)
        assembly.add_columns("shift_state", shape, -slack, slack, steps=steps, owners=names)
    if site.interruptible:
        shape = data.interruptible.shape
        names = [item.name for item in site.interruptible]
        most = data.interruptible
        assembly.add_columns("interrupted", shape, 0.0, most, steps=steps, owners=names)
    if site.electrolysers:
        _capacities(assembly, "electrolyser_capacity", data.electrolysers)
        shape = (len(site.electrolysers), len(steps))
        names = [item.name for item in site.electrolysers]
        assembly.add_columns("electrolyser_load", shape, steps=steps, owners=names)
