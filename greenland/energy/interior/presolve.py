"""What is settled before the iteration: fixed and unconnected columns, rows that force.

A row whose activity can only just reach its side forces every column in it onto a bound. Such a
row leaves no room inside, which an interior point method needs; an export share of zero is one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.energy.interior.answer import Reason, UnsuitableError
from greenland.energy.interior.program import Floats, Integers, Program
from greenland.energy.interior.ragged import Index, with_data

TIGHT = 1e-9
"""Relative distance below which a row's reach counts as touching its side."""
ENDLESS = 1e300
"""Stands for an open bound: it may be multiplied by zero."""


@dataclass
class Draft:
    """The program while it is being brought into standard form."""

    cost: Floats
    matrix: sparse.csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    row_step: Integers
    column_step: Integers
    row_of: Integers
    column_of: Integers


@dataclass(frozen=True)
class Settled:
    """What was taken out: values of the columns, and the rows that forced some of them.

    *at_least* are rows forced at their upper side, *at_most* at their lower side, so named
    after the activity that is already reached.
    """

    values: Floats
    at_least: Integers
    at_most: Integers


def take_out(program: Program) -> tuple[Draft, Settled]:
    """Leave out fixed, forced and unconnected columns, and free, forcing and empty rows.

    Raises
    ------
    UnsuitableError
        If the program is seen to be infeasible or unbounded.
    """
    matrix = program.matrix
    lower, upper = program.column_lower, program.column_upper
    if np.any(lower > upper) or np.any(program.row_lower > program.row_upper):
        raise UnsuitableError(Reason.INFEASIBLE)
    values, forced, at_least, at_most = _forced(program)
    fixed = (lower == upper) & ~forced
    values[fixed] = lower[fixed]
    met = np.bincount(matrix.indices, minlength=matrix.shape[1]) > 0
    alone = ~met & ~fixed & ~forced
    values[alone] = _unconnected(program.cost[alone], lower[alone], upper[alone])
    out = fixed | forced | alone
    row_lower, row_upper = program.row_lower, program.row_upper
    columns = np.flatnonzero(~out)
    if out.any():
        shift = matrix @ values
        row_lower, row_upper = row_lower - shift, row_upper - shift
        matrix = sparse.csr_array(matrix[:, columns])
    rows = _remaining_rows(matrix, row_lower, row_upper, lower[columns], upper[columns])
    some, many = _kept(columns, len(out)), _kept(rows, matrix.shape[0])
    draft = Draft(
        program.cost[some],
        matrix if isinstance(many, slice) else sparse.csr_array(matrix[rows]),
        row_lower[many],
        row_upper[many],
        lower[some],
        upper[some],
        program.row_step[many],
        program.column_step[some],
        rows,
        columns,
    )
    return draft, Settled(values, at_least, at_most)


def _kept(places: Integers, length: int) -> Index:
    """The places of what is kept, without a copy where that is all."""
    return slice(None) if len(places) == length else places


def _remaining_rows(
    matrix: sparse.csr_array,
    row_lower: Floats,
    row_upper: Floats,
    lower: Floats,
    upper: Floats,
) -> Integers:
    """Rows that have columns and a side, and do more than repeat the bound of one column.

    Where a storage may not charge, ``charge <= power`` is left as ``0 <= power``.
    """
    counts = np.diff(matrix.indptr)
    slack = 1e-7 * (1.0 + np.where(np.isfinite(row_lower), np.abs(row_lower), 0.0))
    if np.any((counts == 0) & ((row_lower > slack) | (row_upper < -slack))):
        raise UnsuitableError(Reason.INFEASIBLE)
    idle = (counts == 0) | (np.isneginf(row_lower) & np.isposinf(row_upper))
    single = np.flatnonzero(counts == 1)
    column, factor = matrix.indices[matrix.indptr[single]], matrix.data[matrix.indptr[single]]
    ends = factor * np.clip(lower[column], -ENDLESS, ENDLESS)
    others = factor * np.clip(upper[column], -ENDLESS, ENDLESS)
    within = (np.minimum(ends, others) >= row_lower[single]) & (
        np.maximum(ends, others) <= row_upper[single]
    )
    idle[single[within]] = True
    return np.flatnonzero(~idle)


def _unconnected(cost: Floats, lower: Floats, upper: Floats) -> Floats:
    """Best values of columns that stand in no row."""
    value = np.where(cost > 0, lower, np.where(cost < 0, upper, np.clip(0.0, lower, upper)))
    if np.any(np.isinf(value)):
        raise UnsuitableError(Reason.UNBOUNDED)
    return value


def _forced(program: Program) -> tuple[Floats, np.ndarray, Integers, Integers]:
    """Columns that forcing rows put onto a bound, their values, and those rows."""
    matrix = program.matrix
    lower, upper = (
        np.clip(b, -ENDLESS, ENDLESS) for b in (program.column_lower, program.column_upper)
    )
    rising = with_data(matrix, np.maximum(matrix.data, 0.0))
    falling = with_data(matrix, np.minimum(matrix.data, 0.0))
    least, most = rising @ lower + falling @ upper, rising @ upper + falling @ lower
    room = TIGHT * (1.0 + np.abs(matrix.data).max(initial=0.0))
    if np.any(least > program.row_upper + _slack(program.row_upper)) or np.any(
        most < program.row_lower - _slack(program.row_lower)
    ):
        raise UnsuitableError(Reason.INFEASIBLE)
    full = least >= program.row_upper - room
    at_least = np.flatnonzero(full)
    at_most = np.flatnonzero((most <= program.row_lower + room) & ~full)
    values, forced = np.zeros(matrix.shape[1]), np.zeros(matrix.shape[1], dtype=bool)
    for rows, low, high in ((at_least, lower, upper), (at_most, upper, lower)):
        some = sparse.csr_array(matrix[rows])
        at = some.indices
        values[at], forced[at] = np.where(some.data > 0, low[at], high[at]), True
    return values, forced, at_least, at_most


def _slack(side: Floats) -> Floats:
    return 1e-7 * (1.0 + np.where(np.isfinite(side), np.abs(side), 0.0))


def complete_duals(program: Program, settled: Settled, duals: Floats) -> Floats:
    """Prices of the forcing rows: the least that keep the columns on their bounds."""
    matrix = program.matrix
    if len(settled.at_least) + len(settled.at_most) == 0:
        return duals
    reduced = program.cost - matrix.T @ duals
    free = program.column_lower < program.column_upper
    for rows, best in ((settled.at_least, np.minimum), (settled.at_most, np.maximum)):
        for row in rows:
            span = slice(matrix.indptr[row], matrix.indptr[row + 1])
            columns, data = matrix.indices[span], matrix.data[span]
            mine = free[columns] & (data != 0)
            price = float(best.reduce(reduced[columns[mine]] / data[mine], initial=0.0))
            duals[row] = price
            reduced[columns] -= price * data
    return duals
