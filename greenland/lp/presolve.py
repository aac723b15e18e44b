"""Presolve: fixed and empty columns, forcing rows, free and empty rows.

The extreme activity of a *forcing row* just reaches one of its bounds, so that every column in it
must be at a bound itself, as under ``x + y <= 0`` with ``x, y >= 0``. Such a row leaves the
feasible set without an interior, which an interior-point method needs.

References
----------
E. D. Andersen, K. D. Andersen, *Presolving in linear programming*, Math. Program. 71 (1995)
221-245: forcing rows and the recovery of their duals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.lp.csr_index import Index, with_data
from greenland.lp.program import Floats, Integers, LinearProgram
from greenland.lp.solution import FailureReason, UnsuitableProgramError

FORCING_TOLERANCE = 1e-9
"""Relative distance of a row's extreme activity from its bound below which the row is forcing."""
FEASIBILITY_TOLERANCE = 1e-7
"""Relative violation of a bound that proves a program infeasible."""
HUGE = 1e300
"""Stands for an infinite bound where it is multiplied by zero."""


@dataclass
class WorkingProgram:
    """A program on its way to standard form.

    Attributes
    ----------
    cost, lower, upper : array, shape (n,)
    matrix : csr_array, shape (m, n)
    row_lower, row_upper : array, shape (m,)
    row_step, column_step : integer array, shape (m,) and (n,)
    original_row, original_column : integer array, shape (m,) and (n,)
        Index in the program as stated.
    """

    cost: Floats
    matrix: sparse.csr_array
    row_lower: Floats
    row_upper: Floats
    lower: Floats
    upper: Floats
    row_step: Integers
    column_step: Integers
    original_row: Integers
    original_column: Integers


@dataclass(frozen=True)
class Eliminated:
    """What presolve took out of a program.

    Parameters
    ----------
    values : array, shape (n,)
        Values of the columns taken out; zero for the others.
    forcing_at_upper, forcing_at_lower : integer array
        Rows whose least activity reaches their upper bound, and whose largest activity reaches
        their lower bound.
    """

    values: Floats
    forcing_at_upper: Integers
    forcing_at_lower: Integers


def presolve(program: LinearProgram) -> tuple[WorkingProgram, Eliminated]:
    """Take out fixed, forced and empty columns, and free, forcing and empty rows.

    Raises
    ------
    UnsuitableProgramError
        If the program is seen to be infeasible or unbounded.
    """
    matrix = program.matrix
    lower, upper = program.column_lower, program.column_upper
    if np.any(lower > upper) or np.any(program.row_lower > program.row_upper):
        raise UnsuitableProgramError(FailureReason.INFEASIBLE)
    values, forced, at_upper, at_lower = _forced_columns(program)
    fixed = (lower == upper) & ~forced
    values[fixed] = lower[fixed]
    has_entries = np.bincount(_bounded_entries(program), minlength=matrix.shape[1]) > 0
    empty = ~has_entries & ~fixed & ~forced
    values[empty] = _empty_column_values(program.cost[empty], lower[empty], upper[empty])
    removed = fixed | forced | empty
    row_lower, row_upper = program.row_lower, program.row_upper
    columns = np.flatnonzero(~removed)
    if removed.any():
        activity = matrix @ values
        row_lower, row_upper = row_lower - activity, row_upper - activity
        matrix = sparse.csr_array(matrix[:, columns])
    rows = _remaining_rows(matrix, row_lower, row_upper, lower[columns], upper[columns])
    column_index, row_index = _index(columns, len(removed)), _index(rows, matrix.shape[0])
    working = WorkingProgram(
        program.cost[column_index],
        matrix if isinstance(row_index, slice) else sparse.csr_array(matrix[rows]),
        row_lower[row_index],
        row_upper[row_index],
        lower[column_index],
        upper[column_index],
        program.row_step[row_index],
        program.column_step[column_index],
        rows,
        columns,
    )
    return working, Eliminated(values, at_upper, at_lower)


def _bounded_entries(program: LinearProgram) -> Integers:
    """Columns of all entries in rows that have a bound; free rows do not hold a column."""
    matrix = program.matrix
    bounded = np.isfinite(program.row_lower) | np.isfinite(program.row_upper)
    if bounded.all():
        return matrix.indices
    return matrix.indices[np.repeat(bounded, np.diff(matrix.indptr))]


def _index(remaining: Integers, length: int) -> Index:
    """Index of what remains; a slice, which copies nothing, where that is all."""
    return slice(None) if len(remaining) == length else remaining


def _remaining_rows(
    matrix: sparse.csr_array,
    row_lower: Floats,
    row_upper: Floats,
    lower: Floats,
    upper: Floats,
) -> Integers:
    """Rows with entries and a bound that do more than repeat the bound of their only column.

    Where a storage may not charge, ``charge <= power`` is left as ``0 <= power``.
    """
    counts = np.diff(matrix.indptr)
    tolerance = _tolerance(row_lower)
    if np.any((counts == 0) & ((row_lower > tolerance) | (row_upper < -tolerance))):
        raise UnsuitableProgramError(FailureReason.INFEASIBLE)
    redundant = (counts == 0) | (np.isneginf(row_lower) & np.isposinf(row_upper))
    single = np.flatnonzero(counts == 1)
    column, coefficient = matrix.indices[matrix.indptr[single]], matrix.data[matrix.indptr[single]]
    at_lower = coefficient * np.clip(lower[column], -HUGE, HUGE)
    at_upper = coefficient * np.clip(upper[column], -HUGE, HUGE)
    implied = (np.minimum(at_lower, at_upper) >= row_lower[single]) & (
        np.maximum(at_lower, at_upper) <= row_upper[single]
    )
    redundant[single[implied]] = True
    return np.flatnonzero(~redundant)


def _empty_column_values(cost: Floats, lower: Floats, upper: Floats) -> Floats:
    """Optimal values of columns without entries."""
    value = np.where(cost > 0, lower, np.where(cost < 0, upper, np.clip(0.0, lower, upper)))
    if np.any(np.isinf(value)):
        raise UnsuitableProgramError(FailureReason.UNBOUNDED)
    return value


def _forced_columns(program: LinearProgram) -> tuple[Floats, np.ndarray, Integers, Integers]:
    """Values of columns in forcing rows, which columns these are, and the two kinds of rows."""
    matrix = program.matrix
    lower, upper = (
        np.clip(bound, -HUGE, HUGE) for bound in (program.column_lower, program.column_upper)
    )
    positive = with_data(matrix, np.maximum(matrix.data, 0.0))
    negative = with_data(matrix, np.minimum(matrix.data, 0.0))
    least, largest = positive @ lower + negative @ upper, positive @ upper + negative @ lower
    if np.any(least > program.row_upper + _tolerance(program.row_upper)) or np.any(
        largest < program.row_lower - _tolerance(program.row_lower)
    ):
        raise UnsuitableProgramError(FailureReason.INFEASIBLE)
    slack = FORCING_TOLERANCE * (1.0 + np.abs(matrix.data).max(initial=0.0))
    is_at_upper = least >= program.row_upper - slack
    at_upper = np.flatnonzero(is_at_upper)
    at_lower = np.flatnonzero((largest <= program.row_lower + slack) & ~is_at_upper)
    values, forced = np.zeros(matrix.shape[1]), np.zeros(matrix.shape[1], dtype=bool)
    for rows, if_positive, if_negative in ((at_upper, lower, upper), (at_lower, upper, lower)):
        entries = sparse.csr_array(matrix[rows])
        columns = entries.indices
        values[columns] = np.where(entries.data > 0, if_positive[columns], if_negative[columns])
        forced[columns] = True
    return values, forced, at_upper, at_lower


def _tolerance(bound: Floats) -> Floats:
    finite = np.where(np.isfinite(bound), np.abs(bound), 0.0)
    tolerance: Floats = FEASIBILITY_TOLERANCE * (1.0 + finite)
    return tolerance


def recover_duals(program: LinearProgram, eliminated: Eliminated, duals: Floats) -> Floats:
    """Duals with those of forcing rows: the smallest that keep the columns at their bounds.

    Parameters
    ----------
    program : LinearProgram
        As stated.
    eliminated : Eliminated
    duals : array, shape (m,)
        Zero for the rows taken out; changed in place.
    """
    matrix = program.matrix
    if len(eliminated.forcing_at_upper) + len(eliminated.forcing_at_lower) == 0:
        return duals
    reduced_costs = program.cost - matrix.T @ duals
    not_fixed = program.column_lower < program.column_upper
    for rows, extreme in (
        (eliminated.forcing_at_upper, np.minimum),
        (eliminated.forcing_at_lower, np.maximum),
    ):
        for row in rows:
            entries = slice(matrix.indptr[row], matrix.indptr[row + 1])
            columns, data = matrix.indices[entries], matrix.data[entries]
            relevant = not_fixed[columns] & (data != 0)
            ratios = reduced_costs[columns[relevant]] / data[relevant]
            dual = float(extreme.reduce(ratios, initial=0.0))
            duals[row] = dual
            reduced_costs[columns] -= dual * data
    return duals
