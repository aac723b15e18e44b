"""Columns of the model, family by family."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from greenland.energy.assembly.build import Assembly
from greenland.energy.model.data import Asset


def add_columns(assembly: Assembly) -> None:
    """All columns of the model."""
    _sources(assembly)
    _grid(assembly)
    _storages(assembly)
    _flexible(assembly)
    _directions(assembly)


def _directions(assembly: Assembly) -> None:
    data = assembly.data
    families = {"importing": data.importing, "charging": np.concatenate([[], *data.charging])}
    for family, steps in families.items():
        if len(steps):
            assembly.add_columns(family, (len(steps),), 0.0, 1.0, steps)


def _capacities(assembly: Assembly, family: str, assets: Sequence[Asset]) -> None:
    lower = np.array([item.lower for item in assets], dtype=float)
    upper = np.array([item.upper for item in assets], dtype=float)
    assembly.add_columns(family, (len(assets),), lower, upper)


def _sources(assembly: Assembly) -> None:
    steps = np.arange(assembly.data.steps)
    _capacities(assembly, "capacity", assembly.data.sources)
    assembly.add_columns("curtailment", (len(steps),), step=steps)


def _grid(assembly: Assembly) -> None:
    data = assembly.data
    if data.site.grid is None:
        return
    steps = np.arange(data.steps)
    assembly.add_columns("import", (len(steps),), 0.0, data.import_most, steps)
    assembly.add_columns("export", (len(steps),), 0.0, data.export_cap, steps)
    if data.connection is not None:
        _capacities(assembly, "grid_capacity", (data.connection,))
    if data.peaks:
        assembly.add_columns("peak", (len(data.peaks),))
    if data.site.limits.max_peak_valley_ratio is not None:
        assembly.add_columns("exchange_high", (1,), -np.inf)
        assembly.add_columns("exchange_low", (1,), -np.inf)


def _storages(assembly: Assembly) -> None:
    data = assembly.data
    steps, stores = np.arange(data.steps), len(data.storage_power)
    _capacities(assembly, "storage_power", data.storage_power)
    _capacities(assembly, "storage_energy", data.storage_energy)
    assembly.add_columns("energy_start", (stores,))
    free = np.broadcast_to(np.inf, data.charge_cap.shape)
    highs = {"charge": data.charge_cap, "discharge": data.discharge_cap, "energy": free}
    for family, high in highs.items():
        assembly.add_columns(family, (stores, len(steps)), 0.0, high, steps)
    if data.grid_stores:
        rows = list(data.grid_stores)
        for family, high in highs.items():
            assembly.add_columns(f"grid_{family}", (len(rows), len(steps)), 0.0, high[rows], steps)


def _flexible(assembly: Assembly) -> None:
    data, site = assembly.data, assembly.data.site
    steps = np.arange(data.steps)
    if site.limits.max_unserved_share is not None:
        firm = np.maximum(data.load - data.interruptible.sum(axis=0), 0.0)
        assembly.add_columns("unserved", (len(steps),), 0.0, firm, steps)
    if site.shiftable:
        shape = (len(site.shiftable), len(steps))
        low = np.array([item.min_mw for item in site.shiftable])[:, None]
        high = np.array([item.max_mw for item in site.shiftable])[:, None]
        assembly.add_columns("shift_load", shape, low, high, steps)
        open_side = np.where(data.shift_ends, 0.0, np.inf)
        assembly.add_columns("shift_state", shape, -open_side, open_side, steps)
    if site.interruptible:
        shape = data.interruptible.shape
        assembly.add_columns("interrupted", shape, 0.0, data.interruptible, steps)
    if site.electrolysers:
        _capacities(assembly, "electrolyser_capacity", data.electrolysers)
        shape = (len(site.electrolysers), len(steps))
        assembly.add_columns("electrolyser_load", shape, step=steps)
