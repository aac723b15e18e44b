"""Where a limit stands in the arrays of the sizing problem: what slack has to be put in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.data import ModelData
from greenland.energy.site import Array, SelfUse
from greenland.energy.site.floor_kinds import QUOTAS
from greenland.energy.site.limit_kinds import CONNECTION
from greenland.energy.site.limits import LimitRef, limits_of_site
from greenland.lp.program import Integers


@dataclass(frozen=True)
class Relaxable:
    """Where a limit stands in the arrays: its rows, or the columns whose upper bound it is.

    Parameters
    ----------
    rows : integer array
    sign : float or array
        Coefficient of the slack in the rows: 1 where they are a least value, -1 where a most, or
        a share of it.
    columns : integer array
        Columns bounded by the limit; the bound becomes a row.
    bound : float or array
    beyond : array or float
        What bounds the columns once the limit does not.
    least : bool
        Whether it bounds the columns from below.
    """

    rows: Integers
    sign: float | Array
    columns: Integers
    bound: float | Array
    beyond: Array | float = np.inf
    least: bool = False


_NONE = np.zeros(0, dtype=np.int64)
_BOUNDED = {  # families of capacities, with the limit that is their upper bound
    "capacity": "max_mw",
    "storage_power": "max_mw",
    "storage_energy": "max_mwh",
    "charge_power": "max_charge_mw",
    "electrolyser_capacity": "max_mw",
    "generator_capacity": "max_mw",
}
_FLOORED = {family: key.replace("max", "min") for family, key in _BOUNDED.items()}


def relaxable_of(data: ModelData, assembly: Assembly, limit: LimitRef) -> Relaxable | None:
    """Where a limit stands in the arrays, or None where it has no row."""
    kind = limit.kind
    if kind is CONNECTION:
        return _connection(data, assembly)
    if kind.key in _BOUNDED.values():
        return _capacity(data, assembly, limit)
    if kind.key in _FLOORED.values():
        return _least_capacity(data, assembly, limit)
    if kind in QUOTAS:
        return _quota(data, assembly, limit)
    rows = assembly.rows.get(kind.key, _NONE)
    if kind.reading is SelfUse.NET:
        # of both readings this is the stricter: the two are relaxed together
        rows = np.concatenate([rows, assembly.rows.get("self_use_of_generation", _NONE)])
    elif limit.owner:
        rows = rows[_places(data, limit, len(rows))]
    if not len(rows):
        return None
    return Relaxable(rows, 1.0 if kind.is_least else -1.0, _NONE, 0.0)


def _places(data: ModelData, limit: LimitRef, rows: int) -> Integers:
    """Places of a part's rows among those of the family, which go through the parts in order."""
    owners = [other.owner for other in limits_of_site(data.site) if other.kind is limit.kind]
    each = rows // len(owners)  # one row, or one for every limit year
    first = owners.index(limit.owner) * each
    return np.arange(first, first + each)


def _capacity(data: ModelData, assembly: Assembly, limit: LimitRef) -> Relaxable | None:
    """The upper bound of a decided capacity."""
    for family, capacities in data.capacities.items():
        for place, item in enumerate(capacities):
            if item.name == limit.owner and _BOUNDED.get(family) == limit.kind.key:
                column = np.array([assembly.columns[family][place]])
                return Relaxable(_NONE, -1.0, column, item.upper)
    return None


def _least_capacity(data: ModelData, assembly: Assembly, limit: LimitRef) -> Relaxable | None:
    """The lower bound of a decided capacity, down to what exists."""
    for family, capacities in data.capacities.items():
        for place, item in enumerate(capacities):
            if item.name == limit.owner and _FLOORED.get(family) == limit.kind.key:
                column = np.array([assembly.columns[family][place]])
                return Relaxable(_NONE, 1.0, column, item.lower, item.existing, least=True)
    return None


def _quota(data: ModelData, assembly: Assembly, limit: LimitRef) -> Relaxable | None:
    """The product of every day within its quota; of a part of a day by that part of the slack."""
    for row, j in enumerate(data.quotas):
        item, least = data.site.electrolysers[j], limit.kind.is_least
        if item.name != limit.owner:
            continue
        bounds = data.quota_least[row] if least else data.quota_most[row]
        steps = np.flatnonzero(bounds > 0) if least else np.flatnonzero(np.isfinite(bounds))
        whole = item.min_daily_product_t if least else item.max_daily_product_t
        columns = assembly.columns["day_product"][row][steps]
        shares = bounds[steps] / whole if whole else np.ones(len(steps))
        if least:
            return Relaxable(_NONE, shares, columns, bounds[steps], 0.0, least=True)
        return Relaxable(_NONE, -shares, columns, bounds[steps])
    return None


def _connection(data: ModelData, assembly: Assembly) -> Relaxable | None:
    """A decided capacity's bound; or import and export where a fixed capacity bounds them."""
    grid = data.site.grid
    if grid is None:
        return None
    if data.connection is not None:
        return Relaxable(_NONE, -1.0, assembly.columns["grid_capacity"], data.connection.upper)
    if grid.capacity_mw is None:
        return None
    inward, outward = _bound_by(data, "import"), _bound_by(data, "export")
    caps = [np.inf if cap is None else cap for cap in (grid.max_import_mw, grid.max_export_mw)]
    most = np.full(data.steps, caps[0])
    if not data.flexible:
        most = np.minimum(most, data.load)  # grid energy still serves the load only
    columns = [assembly.columns["import"][inward], assembly.columns["export"][outward]]
    beyond = np.concatenate([most[inward], np.full(len(outward), caps[1])])
    return Relaxable(_NONE, -1.0, np.concatenate(columns), grid.capacity_mw, beyond)


def _bound_by(data: ModelData, direction: str) -> Integers:
    """Steps in which the connected capacity, and nothing tighter, bounds the exchange."""
    grid = data.site.grid
    assert grid is not None
    cap = data.import_cap if direction == "import" else data.export_cap
    chosen = cap == grid.capacity_mw
    if direction == "import" and not data.flexible:
        chosen &= data.load > cap
    return np.flatnonzero(chosen)
