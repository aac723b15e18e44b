"""Capacities and schedule of an answer under the labels they are reported by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.problem.data import ModelData
from greenland.energy.site import Array
from greenland.energy.site.identity import (
    CapacityKind,
    ColumnKind,
    Identity,
    capacity_labels,
    column_labels,
)

ZERO_MW = 1e-9  # smaller powers [MW] are what a solver's tolerance leaves of zero

CAPACITY_ZERO = 1e-7
"""Capacities below this share of the largest load are what a solver leaves of zero."""
_OF_STORAGES = {"charge", "discharge", "energy", "energy_start"}
_OF_STORAGES |= {"grid_charge", "grid_discharge", "grid_energy", "grid_start"}
ZERO_HOURS = 24.0
"""A storage that negligible power fills within a day [h] holds nothing."""


def capacities_of(data: ModelData, values: Mapping[str, Array]) -> pd.Series:
    """Total capacities by their labels [MW], [MWh]."""
    sizes = dict(_sizes(data, with_exact_zeros(data, values)))
    named = {label: sizes[key] for key, label in capacity_labels(data.site).items()}
    return pd.Series(named, dtype=float, name="capacity")


def with_exact_zeros(data: ModelData, values: Mapping[str, Array]) -> dict[str, Array]:
    """Values with capacities that are nothing but a solver's tolerance set to zero.

    So are the flows of a storage without power or energy: left as they are, they would be more than
    it can take.
    """
    zero = CAPACITY_ZERO * max(1e-2, float(data.load.max()))
    least = {"storage_energy": zero * ZERO_HOURS}
    cleared = dict(values)
    for family in data.capacities:
        if family in values:
            size = values[family]
            cleared[family] = np.where(np.abs(size) < least.get(family, zero), 0.0, size)
    gone = np.zeros(len(data.site.storages), dtype=bool)
    for family in ("storage_power", "storage_energy"):
        gone |= (cleared[family] == 0) & (values[family] != 0)
    if gone.any():
        of_grid = gone[list(data.grid_stores)]
        for family in _OF_STORAGES & values.keys():
            without = of_grid if family.startswith("grid_") else gone
            cleared[family] = values[family].copy()
            cleared[family][without] = 0.0
    return cleared


def _sizes(data: ModelData, values: Mapping[str, Array]) -> Iterator[tuple[Identity, float]]:
    site = data.site
    families: tuple[tuple[str, CapacityKind, Sequence[Any]], ...] = (
        ("capacity", CapacityKind.SOURCE, site.sources),
        ("storage_power", CapacityKind.STORAGE_POWER, site.storages),
        ("storage_energy", CapacityKind.STORAGE_ENERGY, site.storages),
        ("electrolyser_capacity", CapacityKind.ELECTROLYSER, site.electrolysers),
        ("generator_capacity", CapacityKind.SOURCE, site.generators),
    )
    for family, kind, parts in families:
        for place, item in enumerate(parts):
            yield Identity(kind, item.name), float(values[family][place])
    for row, b in enumerate(data.charge_stores):
        power = float(values["charge_power"][row])
        yield Identity(CapacityKind.STORAGE_CHARGE_POWER, site.storages[b].name), power
    if site.grid is not None:
        yield Identity(CapacityKind.GRID), _connected(data, values)


def _connected(data: ModelData, values: Mapping[str, Array]) -> float:
    grid = data.site.grid
    assert grid is not None
    if data.connection is not None:
        return float(values["grid_capacity"][0])
    if grid.capacity_mw is not None:
        return grid.capacity_mw
    return float(max(values["import"].max(), values["export"].max()))  # unlimited: what is used


def schedule_of(data: ModelData, values: Mapping[str, Array]) -> pd.DataFrame:
    """The schedule by the labels of its columns; powers within a solver's tolerance are zero."""
    columns_by_key = dict(_columns(data, with_exact_zeros(data, values)))
    columns = {
        label: columns_by_key[key]
        for key, label in column_labels(data.site).items()
        if key in columns_by_key
    }
    return pd.DataFrame(columns, index=data.index)


def _columns(data: ModelData, values: Mapping[str, Array]) -> Iterator[tuple[Identity, Array]]:
    site, nothing = data.site, np.zeros(data.steps)
    yield Identity(ColumnKind.LOAD), data.load
    for g, item in enumerate(site.sources):
        available = float(values["capacity"][g]) * data.pu[g]
        yield Identity(ColumnKind.SOURCE, item.name), available
        if g in data.sellers:
            untaken = values["untaken"][data.sellers.index(g)]
            yield Identity(ColumnKind.TAKEN, item.name), _clean(available - untaken)
    for kind in (ColumnKind.IMPORT, ColumnKind.EXPORT, ColumnKind.CURTAILMENT):
        yield Identity(kind), _clean(values.get(kind, nothing))
    if "unserved" in values:
        yield Identity(ColumnKind.UNSERVED), _clean(values["unserved"])
    for b in range(len(site.storages)):
        yield from _storage_columns(data, values, b)
    flexible: tuple[tuple[str, ColumnKind, Sequence[Any]], ...] = (
        ("shift_load", ColumnKind.SHIFTABLE, site.shiftable),
        ("interrupted", ColumnKind.INTERRUPTED, site.interruptible),
        ("electrolyser_load", ColumnKind.ELECTROLYSER, site.electrolysers),
        ("generation", ColumnKind.SOURCE, site.generators),
    )
    for family, kind, parts in flexible:
        for row, part in enumerate(parts):
            yield Identity(kind, part.name), _clean(values[family][row])


def _clean(flow: Array) -> Array:
    return np.where(flow < ZERO_MW, 0.0, flow)


def _storage_columns(
    data: ModelData, values: Mapping[str, Array], b: int
) -> Iterator[tuple[Identity, Array]]:
    item = data.site.storages[b]
    floor = item.soc_floor * float(values["storage_energy"][b])
    parts = (
        (ColumnKind.CHARGE, ColumnKind.GRID_CHARGE),
        (ColumnKind.DISCHARGE, ColumnKind.GRID_DISCHARGE),
        (ColumnKind.ENERGY, ColumnKind.GRID_ENERGY),
    )
    for kind, of_grid in parts:
        total = values[kind][b]
        if b in data.grid_stores:
            grid = values[of_grid][data.grid_stores.index(b)]
            total = total + grid
            yield Identity(of_grid, item.name), _clean(grid)
        total = _clean(total)
        yield Identity(kind, item.name), total + floor if kind is ColumnKind.ENERGY else total
