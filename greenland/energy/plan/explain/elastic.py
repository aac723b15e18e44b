"""The model with named limits that may give way, on sparse arrays.

Every named limit can get a variable that says how far it gives; what it costs per unit is up to
the caller, and limits without a price hold. With a price on each the problem is always feasible,
so that no solver has to prove that it is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.solution import Status
from greenland.energy.problem.solve import answer, read
from greenland.energy.site import Array, SelfUse, Site
from greenland.energy.site.identity import limit_parts
from greenland.lp import GLOBAL, LinearProgram
from greenland.lp.program import Integers


@dataclass(frozen=True)
class Way:
    """Where one limit gives: rows it loosens, or columns whose upper bound it lifts.

    `signs` is +1 where the row is a least value and -1 where it is a largest.
    """

    rows: Integers
    sign: float
    columns: Integers
    bound: float
    beyond: Array | float = np.inf  # what bounds the columns once their bound is lifted


@dataclass(frozen=True)
class Elastic:
    """An elastic answer.

    Parameters
    ----------
    values : mapping of family to array
    gives : mapping of limit to float
        In the unit of the limit's row: MWh for shares, MW, MWh, 亩, m2, thousand yuan, t.
    prices : mapping of limit to float
        How much of its price each limit's give is worth to the rest, 0 to 1: nought where the
        limit is not needed for the clash.
    """

    values: Mapping[str, Array]
    gives: Mapping[str, float]
    prices: Mapping[str, float]


def solve_elastic(
    site: Site, prices: Mapping[str, float], engine: str = "auto", *, free: bool = False
) -> Elastic | None:
    """Least price of all gives; None when the limits without a price clash already.

    Parameters
    ----------
    site : Site
    prices : mapping of limit to float
        Per unit of give; others hold.
    engine : str
        ``"auto"``, ``"interior"`` or ``"highs"``.
    free : bool
        Whether gives may be negative: then a limit is over-fulfilled as far as it goes.
    """
    data = prepare(site)
    assembly = assemble(data)
    program = assembly.program([])
    marks: dict[str, tuple[Any, float]] = {}
    for limit, price in prices.items():
        way = way_of(data, assembly, limit)
        if way is not None:
            program, first = _with_give(program, way, price, free)
            marks[limit] = (first, price)
    chosen = engine if engine in ("auto", "interior", "highs") else "auto"
    found = answer(program, chosen)
    raw = read(assembly, found)
    if raw.status is not Status.OPTIMAL:
        return None
    width = assembly.width
    gives = {limit: float(found.x[width + n]) for n, limit in enumerate(marks)}
    worth = {
        limit: float(np.abs(found.y[rows]).sum()) / price if price else 0.0
        for limit, (rows, price) in marks.items()
    }
    return Elastic(raw.values, gives, worth)


def _with_give(
    program: LinearProgram, way: Way, price: float, free: bool
) -> tuple[LinearProgram, Integers]:
    """The program with one more column, and the rows in which it stands."""
    height, width = program.shape
    rows = way.rows
    matrix, lower, upper = program.matrix, program.row_lower, program.row_upper
    row_step, column_upper = program.row_step, program.column_upper
    if len(way.columns):
        # lifted bounds become rows: column - give <= bound
        count = len(way.columns)
        places = (np.arange(count), way.columns)
        block: Any = sparse.csr_array((np.ones(count), places), shape=(count, width))
        matrix = sparse.vstack([matrix, block]).tocsr()
        rows = np.arange(height, height + count)
        lower = np.concatenate([lower, np.full(count, -np.inf)])
        upper = np.concatenate([upper, np.full(count, way.bound)])
        row_step = np.concatenate([row_step, program.column_step[way.columns]])
        column_upper = column_upper.copy()
        column_upper[way.columns] = way.beyond
    one = sparse.csr_array(
        (np.full(len(rows), way.sign), (rows, np.zeros(len(rows), dtype=np.int64))),
        shape=(len(lower), 1),
    )
    made = replace(
        program,
        cost=np.append(program.cost, price),
        matrix=sparse.csr_array(sparse.hstack([matrix, one]).tocsr()),
        row_lower=lower,
        row_upper=upper,
        row_step=row_step,
        column_lower=np.append(program.column_lower, -np.inf if free else 0.0),
        column_upper=np.append(column_upper, np.inf),
        column_step=np.append(program.column_step, GLOBAL),
    )
    return made, rows


LEAST = {
    "self_use_of_generation",
    "self_use_of_generation_net",
    "self_use_of_consumption",
    "electrolyser_product",
}
_OWNED = ("hours_min", "hours_max", "interruption_share", "electrolyser_product")
_NONE = np.zeros(0, dtype=np.int64)


def way_of(data: ModelData, assembly: Assembly, limit: str) -> Way | None:
    """Where a named limit stands in the arrays, or None where it has no row."""
    kind, owner = limit_parts(limit)
    if kind in ("max_mw", "max_mwh"):
        return _capacity(data, assembly, kind, owner)
    if kind == "grid_capacity":
        return _connection(data, assembly)
    rows = assembly.rows.get(kind, _NONE)
    if kind == "self_use_of_generation_net":
        both = SelfUse(data.site.limits.self_use_reading) is SelfUse.BOTH
        if both:  # the two readings of one limit give way together
            rows = np.concatenate([rows, assembly.rows.get("self_use_of_generation", _NONE)])
    elif kind in _OWNED:
        rows = rows[_places(data, kind, owner)]
    if not len(rows):
        return None
    return Way(rows, 1.0 if kind in LEAST else -1.0, _NONE, 0.0)


def _places(data: ModelData, kind: str, owner: str) -> Integers:
    """Places of an owner's rows among those of a family, in the family's order."""
    site = data.site
    if kind == "hours_min":
        names = [item.name for item in site.storages if item.min_hours is not None]
    elif kind == "hours_max":
        names = [item.name for item in site.storages if item.max_hours is not None]
    elif kind == "interruption_share":
        names = [item.name for item in site.interruptible if item.max_share < 1]
    else:
        names = [item.name for item in site.electrolysers if item.min_product_t]
    each = 1 if kind in ("hours_min", "hours_max") else data.blocks
    first = names.index(owner) * each
    return np.arange(first, first + each)


def _capacity(data: ModelData, assembly: Assembly, kind: str, owner: str) -> Way | None:
    groups = (
        ("capacity", data.sources, "max_mw"),
        ("storage_power", data.storage_power, "max_mw"),
        ("storage_energy", data.storage_energy, "max_mwh"),
        ("electrolyser_capacity", data.electrolysers, "max_mw"),
    )
    for family, assets, named in groups:
        for place, item in enumerate(assets):
            if item.name == owner and kind == named:
                column = np.array([assembly.columns[family][place]])
                return Way(_NONE, -1.0, column, item.upper)
    return None


def _connection(data: ModelData, assembly: Assembly) -> Way | None:
    """A decided capacity's bound; or import and export where a fixed capacity bounds them."""
    grid = data.site.grid
    if grid is None:
        return None
    if data.connection is not None:
        return Way(_NONE, -1.0, assembly.columns["grid_capacity"], data.connection.upper)
    if grid.capacity_mw is None:
        return None
    inward, outward = _bound_by(data, "import"), _bound_by(data, "export")
    own = [np.inf if cap is None else cap for cap in (grid.max_import_mw, grid.max_export_mw)]
    most = np.full(data.steps, own[0])
    if not data.flexible:
        most = np.minimum(most, data.load)  # grid energy still serves the load only
    columns = [assembly.columns["import"][inward], assembly.columns["export"][outward]]
    beyond = np.concatenate([most[inward], np.full(len(outward), own[1])])
    return Way(_NONE, -1.0, np.concatenate(columns), grid.capacity_mw, beyond)


def _bound_by(data: ModelData, direction: str) -> Integers:
    """Steps in which the connected capacity, and nothing tighter, bounds the exchange."""
    grid = data.site.grid
    assert grid is not None
    cap = data.import_cap if direction == "import" else data.export_cap
    chosen = cap == grid.capacity_mw
    if direction == "import" and not data.flexible:
        chosen &= data.load > cap
    return np.flatnonzero(chosen)
