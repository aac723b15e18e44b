"""Proof by row multipliers that a program has no feasible point (Farkas).

Weighted by any multipliers, the rows demand at least their *row terms*, while the columns, within
their bounds, allow at most so much. Where that is less, no point keeps all rows and bounds; this
holds for whatever multipliers, so that those of an iteration far from its end may prove it.

References
----------
E. D. Andersen, *Certificates of primal or dual infeasibility in linear programming*, Comput.
Optim. Appl. 20 (2001) 171-183. J. Gondzio, *Presolve analysis of linear programs prior to applying
an interior point method*, INFORMS J. Comput. 9 (1997) 73-91: bounds that rows imply.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from greenland.lp.program import Floats, Integers, LinearProgram

MAX_PASSES = 12
"""Rounds in which rows imply bounds: each goes one row further."""
ROUNDING = 1e-9
"""Relative excess of a sum of terms that rounding may feign."""


def with_implied_bounds(program: LinearProgram) -> LinearProgram:
    """The same program with the bounds that its rows imply, in place of infinite ones.

    Parameters
    ----------
    program : LinearProgram

    Returns
    -------
    LinearProgram
        With the same feasible points.
    """
    matrix, columns = program.matrix, program.matrix.indices
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    lower, upper = program.column_lower.copy(), program.column_upper.copy()
    for _pass in range(MAX_PASSES):
        open_up, open_down = np.isposinf(upper), np.isneginf(lower)
        entries = np.flatnonzero((open_up | open_down)[columns])
        if not len(entries):
            break
        least, most = _activity_of_others(program, rows, entries, lower, upper)
        factor, owner, row = matrix.data[entries], columns[entries], rows[entries]
        from_most = (program.row_upper[row] - least) / factor
        from_least = (program.row_lower[row] - most) / factor
        found_upper, found_lower = np.full(len(upper), np.inf), np.full(len(lower), -np.inf)
        np.minimum.at(found_upper, owner, np.where(factor > 0, from_most, from_least))
        np.maximum.at(found_lower, owner, np.where(factor > 0, from_least, from_most))
        found_upper[~open_up], found_lower[~open_down] = np.inf, -np.inf
        if np.isposinf(found_upper).all() and np.isneginf(found_lower).all():
            break
        upper, lower = np.minimum(upper, found_upper), np.maximum(lower, found_lower)
    return replace(program, column_lower=lower, column_upper=upper)


def _activity_of_others(
    program: LinearProgram, rows: Integers, entries: Integers, lower: Floats, upper: Floats
) -> tuple[Floats, Floats]:
    """Least and largest activity of the row of some entries, without these entries' own part."""
    data, columns, height = program.matrix.data, program.matrix.indices, program.shape[0]
    at_lower, at_upper = data * lower[columns], data * upper[columns]
    found = []
    for terms in (np.minimum(at_lower, at_upper), np.maximum(at_lower, at_upper)):
        finite = np.isfinite(terms)
        known = np.where(finite, terms, 0.0)
        total = np.bincount(rows, known, height)
        missing = np.bincount(rows, ~finite, height)
        own = rows[entries]
        alone = missing[own] - ~finite[entries] == 0
        found.append(np.where(alone, total[own] - known[entries], np.nan))
    least, most = found
    return np.where(np.isnan(least), -np.inf, least), np.where(np.isnan(most), np.inf, most)


def row_residual(program: LinearProgram, x: Floats) -> float:
    """Largest violation of a row's or a column's bounds, relative to its size (at least 1).

    Parameters
    ----------
    program : LinearProgram
    x : array, shape (n,)
    """
    activity = program.matrix @ x
    rows = np.maximum(program.row_lower - activity, activity - program.row_upper)
    columns = np.maximum(program.column_lower - x, x - program.column_upper)
    relative = (rows / np.maximum(np.abs(activity), 1.0), columns / np.maximum(np.abs(x), 1.0))
    return max(float(part.max(initial=0.0)) for part in relative)


def least_violation(program: LinearProgram, y: Floats) -> float:
    """What multipliers of the rows prove that every point violates, weighted by them.

    Parameters
    ----------
    program : LinearProgram
        Costs do not matter. Columns without bounds spoil the proof; see `with_implied_bounds`.
    y : array, shape (m,)
        Positive where a row is held to its lower bound, negative where to its upper bound; taken
        as zero where a row has no such bound.

    Returns
    -------
    float
        Positive only where no point is feasible: the sum over the rows of multiplier times
        violation that every point within its bounds has at least. Zero where nothing is proven.
    """
    void = ((y > 0) & np.isneginf(program.row_lower)) | ((y < 0) & np.isposinf(program.row_upper))
    y = np.where(void, 0.0, y)
    demanded = _terms(y, program.row_lower, program.row_upper)
    reduced = -(program.matrix.T @ y)
    allowed = _terms(reduced, program.column_lower, program.column_upper)
    excess = float(demanded.sum() + allowed.sum())
    size = float(np.abs(demanded).sum() + np.abs(allowed).sum())
    return excess if np.isfinite(size) and excess > ROUNDING * size else 0.0


def _terms(multiplier: Floats, lower: Floats, upper: Floats) -> Floats:
    """Multiplier times the bound that makes the product least."""
    bound = np.where(multiplier > 0, lower, upper)
    with np.errstate(invalid="ignore"):  # nothing times an infinite bound is nothing
        return np.where(multiplier == 0.0, 0.0, multiplier * bound)
