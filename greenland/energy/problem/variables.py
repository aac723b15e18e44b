"""Variables of the problem, family by family; see docs/energy-model.md, section 2."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.data import DecidedCapacity
from greenland.energy.problem.stopping import may_stop, most_of

BINARIES = ("importing", "charging", "on")
"""Families of variables that are 0 or 1."""


def add_columns(assembly: Assembly) -> None:
    """All columns of the model."""
    _sources(assembly)
    _grid(assembly)
    _storages(assembly)
    _flexible(assembly)
    _generators(assembly)
    _directions(assembly)
    _runs(assembly)


def _directions(assembly: Assembly) -> None:
    """Binary variables: 1 where the direction is import, or charging."""
    data = assembly.data
    if len(data.importing):
        assembly.add_columns("importing", (len(data.importing),), 0.0, 1.0, steps=data.importing)
    steps = np.concatenate([np.zeros(0, dtype=np.int64), *data.charging])
    if len(steps):
        owners = [
            item.name
            for item, own_steps in zip(data.site.storages, data.charging, strict=True)
            for _t in own_steps
        ]
        assembly.add_columns("charging", (len(steps),), 0.0, 1.0, steps=steps, owners=owners)


def _runs(assembly: Assembly) -> None:
    """Binary variables: 1 where what may stop runs; starts, and capacity that is started."""
    data, steps = assembly.data, np.arange(assembly.data.steps)
    parts = [item for _family, _row, item in may_stop(data)] if data.deciding_runs else []
    if parts:
        names = [item.name for item in parts]
        assembly.add_columns("on", (len(names), len(steps)), 0.0, 1.0, steps=steps, owners=names)
    names = [item.name for item in parts if item.has_start_cost]
    if names:
        shape = (len(names), len(steps))
        assembly.add_columns("start", shape, 0.0, 1.0, steps=steps, owners=names)
        assembly.add_columns("start_size", shape, steps=steps, owners=names)


def _capacities(assembly: Assembly, family: str, assets: Sequence[DecidedCapacity]) -> None:
    lower = np.array([item.lower for item in assets], dtype=float)
    upper = np.array([item.upper for item in assets], dtype=float)
    names = [item.name for item in assets]
    assembly.add_columns(family, (len(assets),), lower, upper, owners=names)


def _sources(assembly: Assembly) -> None:
    steps = np.arange(assembly.data.steps)
    _capacities(assembly, "capacity", assembly.data.sources)
    assembly.add_columns("curtailment", (len(steps),), steps=steps)
    data = assembly.data
    if data.sellers:
        names = [data.site.sources[g].name for g in data.sellers]
        assembly.add_columns("untaken", (len(names), len(steps)), steps=steps, owners=names)
    if data.least_takes:
        due = [
            f"{names[place]}_{y}" for place, *_due in data.least_takes for y in range(data.blocks)
        ]
        assembly.add_columns("take_shortfall", (len(due),), owners=due)


def _grid(assembly: Assembly) -> None:
    data = assembly.data
    if data.site.grid is None:
        return
    steps = np.arange(data.steps)
    assembly.add_columns("import", (len(steps),), 0.0, data.import_most, steps=steps)
    assembly.add_columns("export", (len(steps),), 0.0, data.export_cap, steps=steps)
    if data.connection is not None:
        _capacities(assembly, "grid_capacity", (data.connection,))
    if data.peaks:
        numbers = [str(k) for k in range(len(data.peaks))]
        least = np.array([peak.lower for peak in data.peaks])
        assembly.add_columns("peak", (len(numbers),), least, owners=numbers)
    if data.site.limits.max_peak_valley_ratio is not None:
        assembly.add_columns("exchange_high", (1,), -np.inf)
        assembly.add_columns("exchange_low", (1,), -np.inf)


def _storages(assembly: Assembly) -> None:
    data = assembly.data
    steps, names = np.arange(data.steps), [item.name for item in data.site.storages]
    _capacities(assembly, "storage_power", data.storage_power)
    _capacities(assembly, "storage_energy", data.storage_energy)
    if data.charge_power:
        _capacities(assembly, "charge_power", data.charge_power)
    assembly.add_columns("energy_start", (len(names),), owners=names)
    free = np.broadcast_to(np.inf, data.charge_cap.shape)
    most = {"charge": data.charge_cap, "discharge": data.discharge_cap, "energy": free}
    shape = (len(names), len(steps))
    for family, high in most.items():
        assembly.add_columns(family, shape, 0.0, high, steps=steps, owners=names)
    if data.grid_stores:
        rows, shape = list(data.grid_stores), (len(data.grid_stores), len(steps))
        names = [names[b] for b in rows]
        assembly.add_columns("grid_start", (len(names),), owners=names)
        for family, high in most.items():
            family = f"grid_{family}"
            bound = high[rows]
            assembly.add_columns(family, shape, 0.0, bound, steps=steps, owners=names)
    if data.floor_stores:
        names = [data.site.storages[b].name for b in data.floor_stores]
        shape = (len(names), len(steps))
        assembly.add_columns("grid_floor_loss", shape, steps=steps, owners=names)


def _generators(assembly: Assembly) -> None:
    data = assembly.data
    if data.generators:
        _capacities(assembly, "generator_capacity", data.generators)
        names = [item.name for item in data.generators]
        shape = (len(names), data.steps)
        most = most_of(data, "generation")
        steps = np.arange(data.steps)
        assembly.add_columns("generation", shape, 0.0, most, steps=steps, owners=names)


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
        most = most_of(data, "electrolyser_load")
        assembly.add_columns("electrolyser_load", shape, 0.0, most, steps=steps, owners=names)
    if data.quotas:
        shape = data.quota_least.shape
        names = [site.electrolysers[j].name for j in data.quotas]
        least, highest = data.quota_least, data.quota_most
        assembly.add_columns("day_product", shape, least, highest, steps=steps, owners=names)
