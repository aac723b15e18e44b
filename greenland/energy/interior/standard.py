"""From the program as stated to the form the iteration works on, and back.

Standard form: minimise ``c @ x`` with ``A x - s = b``, where a slack ``s >= 0`` stands in
inequality rows only, ``x >= 0`` except for free columns, and ``x <= u`` for boxed columns. Rows
are ordered inequalities first, columns boxed, bounded below, free: every set the iteration
touches is then one contiguous stretch of a vector.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from greenland.energy.interior.classify import BOUNDING, Classes, classify
from greenland.energy.interior.presolve import Draft, Settled, complete_duals, take_out
from greenland.energy.interior.program import GLOBAL, Floats, Integers, Mask, Program
from greenland.energy.interior.scaling import equilibrate


@dataclass(frozen=True)
class Standard:
    """A program in standard form, scaled and ordered.

    ``x_stated = shift + column_factor * x`` for the columns in ``column_of`` (-1 for a column
    the standard form added); ``y_stated = row_factor * y`` for the rows in ``row_of``.
    """

    cost: Floats
    matrix: sparse.csr_array
    rhs: Floats
    upper: Floats  # of the boxed columns
    inequalities: int
    bounding: int  # the first rows: one local column against global ones
    boxed: int
    bounded: int  # boxed and bounded below
    row_step: Integers
    column_step: Integers
    classes: Classes
    column_of: Integers
    row_of: Integers
    column_factor: Floats
    column_shift: Floats
    row_factor: Floats
    row_unit: Floats  # of a residual of a row, in the units of the program
    column_unit: Floats  # of a price of a column
    settled: Settled


def _split_ranges(draft: Draft) -> Draft:
    """Turn rows bounded on both sides into equations with a boxed column each."""
    ranged = np.flatnonzero(
        np.isfinite(draft.row_lower)
        & np.isfinite(draft.row_upper)
        & (draft.row_lower < draft.row_upper)
    )
    if len(ranged) == 0:
        return draft
    count = len(ranged)
    extra = sparse.csr_array(
        (-np.ones(count), (ranged, np.arange(count))), shape=(draft.matrix.shape[0], count)
    )
    row_lower, row_upper = draft.row_lower.copy(), draft.row_upper.copy()
    row_lower[ranged] = row_upper[ranged] = 0.0
    return replace(
        draft,
        cost=np.concatenate([draft.cost, np.zeros(count)]),
        matrix=sparse.csr_array(sparse.hstack([draft.matrix, extra], format="csr")),
        row_lower=row_lower,
        row_upper=row_upper,
        lower=np.concatenate([draft.lower, draft.row_lower[ranged]]),
        upper=np.concatenate([draft.upper, draft.row_upper[ranged]]),
        column_step=np.concatenate([draft.column_step, draft.row_step[ranged]]),
        column_of=np.concatenate([draft.column_of, np.full(count, -1)]),
    )


def _signs(draft: Draft) -> tuple[Floats, Floats, Mask]:
    """Signs that turn upper bounds into lower ones, and which rows are inequalities."""
    row_sign = np.where(np.isneginf(draft.row_lower), -1.0, 1.0)
    column_sign = np.where(np.isneginf(draft.lower) & np.isfinite(draft.upper), -1.0, 1.0)
    return row_sign, column_sign, draft.row_lower < draft.row_upper


def _scaled(matrix: sparse.csr_array, row: Floats, column: Floats) -> sparse.csr_array:
    data = matrix.data * np.repeat(row, np.diff(matrix.indptr)) * column[matrix.indices]
    return sparse.csr_array((data, matrix.indices, matrix.indptr), shape=matrix.shape)


def standardise(program: Program) -> Standard:
    """Bring a program into standard form.

    Raises
    ------
    UnsuitableError
        If it is seen to be infeasible or unbounded, or its structure does not suit.
    """
    draft, settled = take_out(program)
    draft = _split_ranges(draft)
    row_sign, column_sign, inequality = _signs(draft)
    lower = np.where(column_sign > 0, draft.lower, -draft.upper)
    upper = np.where(column_sign > 0, draft.upper, -draft.lower)
    shift = np.where(np.isfinite(lower), lower, 0.0)
    side = np.where(row_sign > 0, draft.row_lower, draft.row_upper)
    rhs = row_sign * (side - draft.matrix @ (column_sign * shift))
    classes = classify(draft.matrix, draft.row_step, draft.column_step, inequality)
    row_scale, column_scale = equilibrate(draft.matrix, _local_entries(draft.matrix, classes))
    matrix = _scaled(draft.matrix, row_sign * row_scale, column_sign * column_scale)
    rhs *= row_scale
    cost = draft.cost * column_sign * column_scale
    width = (upper - shift) / column_scale
    size = _magnitude(np.concatenate([rhs, width[np.isfinite(width)]]))
    price = _magnitude(cost)
    rows = np.lexsort((classes.row_kind != BOUNDING, ~inequality))
    group = np.where(np.isfinite(width), 0, np.where(np.isfinite(lower), 1, 2))
    columns = np.argsort(group, kind="stable")
    back = np.empty(len(columns), dtype=np.int64)
    back[columns] = np.arange(len(columns))
    ordered = matrix[rows]
    ordered = sparse.csr_array((ordered.data, back[ordered.indices], ordered.indptr), matrix.shape)
    ordered.sort_indices()
    boxed = int(np.sum(group == 0))
    return Standard(
        cost=cost[columns] / price,
        matrix=ordered,
        rhs=rhs[rows] / size,
        upper=width[columns][:boxed] / size,
        inequalities=int(inequality.sum()),
        bounding=int(np.sum(classes.row_kind == BOUNDING)),
        boxed=boxed,
        bounded=int(np.sum(group < 2)),
        row_step=np.where(classes.row_local, draft.row_step, GLOBAL)[rows],
        column_step=np.where(classes.column_local, draft.column_step, GLOBAL)[columns],
        classes=classes,
        column_of=draft.column_of[columns],
        row_of=draft.row_of[rows],
        column_factor=(column_sign * column_scale * size)[columns],
        column_shift=(column_sign * shift)[columns],
        row_factor=(row_sign * row_scale * price)[rows],
        row_unit=(size / row_scale)[rows],
        column_unit=(price / column_scale)[columns],
        settled=settled,
    )


def _local_entries(matrix: sparse.csr_array, classes: Classes) -> Mask:
    """Entries where a local row meets a local column."""
    inner: Mask = np.repeat(classes.row_local, np.diff(matrix.indptr))
    return inner & classes.column_local[matrix.indices]


def _magnitude(values: Floats) -> float:
    """Scale of a vector: the mean of what is not zero, 1 when all is."""
    size = np.abs(values)
    size = size[size > 0]
    return float(size.mean()) if len(size) else 1.0


def stated_columns(standard: Standard, x: Floats) -> Floats:
    """Values of the stated columns."""
    values = standard.settled.values.copy()
    mine = standard.column_of >= 0
    stated = standard.column_shift + standard.column_factor * x
    values[standard.column_of[mine]] = stated[mine]
    return values


def stated_duals(standard: Standard, y: Floats, program: Program) -> Floats:
    """Duals of the stated rows; those of rows that were left out are made up for."""
    duals = np.zeros(program.shape[0])
    duals[standard.row_of] = standard.row_factor * y
    return complete_duals(program, standard.settled, duals)
