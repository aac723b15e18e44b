"""The standard form the iteration works on, and the way back to the program as stated.

Standard form: minimise ``c @ x`` subject to ``A x - s = b``, where a slack ``s >= 0`` stands in
inequality rows only, ``x >= 0`` except for free columns, and ``x <= u`` for boxed columns.

Rows and columns are ordered by *blocks* of consecutive steps; the last block, the *border*, holds
those that are global. Within a block come bound rows, other inequalities, equations, and boxed
columns, columns with a lower bound, free columns: every set the iteration touches is contiguous,
and successive operations on one block find its numbers in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from greenland.lp.classify import BOUND, Classification, classify
from greenland.lp.csr_index import unit_pattern, with_data
from greenland.lp.presolve import Eliminated, WorkingProgram, presolve, recover_duals
from greenland.lp.program import GLOBAL, Floats, Integers, LinearProgram, Mask
from greenland.lp.scaling import equilibrate, mean_magnitude

BLOCK_COLUMNS = 40_000
"""About how many local columns make a block: smaller blocks mean more calls, larger ones do not
fit into the cache."""
THREAD_COLUMNS = 110_000
"""Local columns per block of a program that is worked on by several threads; blocks smaller than
this are not worth distributing."""
THREAD_BLOCKS = 4
"""Such a program has a multiple of this number of blocks, so that threads get equal shares."""


@dataclass(frozen=True)
class Block:
    """Where the rows, columns and complementarity pairs of consecutive steps stand.

    The pairs of a block are those of its inequalities, of its lower bounds and of its upper
    bounds, in this order.

    Parameters
    ----------
    rows, columns, pairs : slice
        In the standard form.
    upper : slice
        In `StandardForm.upper`.
    bound_rows, inequalities : int
        Number of rows; inequalities include the bound rows.
    boxed, bounded : int
        Number of columns; bounded ones include the boxed.
    """

    rows: slice
    columns: slice
    pairs: slice
    upper: slice
    bound_rows: int
    inequalities: int
    boxed: int
    bounded: int

    @property
    def upper_start(self) -> int:
        """Position of the first upper bound among the block's pairs."""
        return self.inequalities + self.bounded


@dataclass(frozen=True)
class StandardForm:
    """A program in standard form, scaled and ordered.

    For columns, ``x_stated = column_shift + column_factor * x``; for rows,
    ``y_stated = row_factor * y``.

    Parameters
    ----------
    cost : array, shape (n,)
    matrix : csr_array, shape (m, n)
    rhs : array, shape (m,)
    upper : array, shape (boxed columns,)
    blocks : tuple of Block
        The last is the border.
    row_step, column_step : integer array, shape (m,) and (n,)
        `GLOBAL` for all of the border.
    classification : Classification
        In the order before sorting into blocks.
    original_column, original_row : integer array, shape (n,) and (m,)
        Index in the program as stated; -1 for columns the standard form added.
    column_factor, column_shift, row_factor : array
    row_unit : array, shape (m,)
        What a residual of one is in the units of the program.
    column_unit : array, shape (n,)
        The same for a reduced cost of one.
    eliminated : Eliminated
    """

    cost: Floats
    matrix: sparse.csr_array
    rhs: Floats
    upper: Floats
    blocks: tuple[Block, ...]
    row_step: Integers
    column_step: Integers
    classification: Classification
    original_column: Integers
    original_row: Integers
    column_factor: Floats
    column_shift: Floats
    row_factor: Floats
    row_unit: Floats
    column_unit: Floats
    eliminated: Eliminated

    @property
    def n_pairs(self) -> int:
        """Number of complementarity pairs: slacks, lower and upper bounds."""
        return int(self.blocks[-1].pairs.stop)

    @property
    def multithreaded(self) -> bool:
        """Whether the blocks are large enough to be distributed to threads."""
        return len(self.cost) >= THREAD_BLOCKS * THREAD_COLUMNS

    @property
    def border_columns(self) -> slice:
        """Global columns."""
        return self.blocks[-1].columns

    @property
    def border_rows(self) -> slice:
        """Global rows."""
        return self.blocks[-1].rows

    @property
    def bound_row_indices(self) -> Integers:
        """All bound rows."""
        parts = [np.arange(b.rows.start, b.rows.start + b.bound_rows) for b in self.blocks]
        return np.concatenate(parts)

    @property
    def lower_pairs(self) -> tuple[Integers, Integers]:
        """Pairs of lower bounds, and their columns."""
        return self._bound_pairs(lambda b: b.bounded, lambda b: b.inequalities)

    @property
    def upper_pairs(self) -> tuple[Integers, Integers]:
        """Pairs of upper bounds, and their columns."""
        return self._bound_pairs(lambda b: b.boxed, lambda b: b.upper_start)

    @property
    def slack_pairs(self) -> tuple[Integers, Integers]:
        """Pairs of inequalities, and their rows."""
        pairs = [np.arange(b.pairs.start, b.pairs.start + b.inequalities) for b in self.blocks]
        rows = [np.arange(b.rows.start, b.rows.start + b.inequalities) for b in self.blocks]
        return np.concatenate(pairs), np.concatenate(rows)

    def _bound_pairs(
        self, count: Callable[[Block], int], offset: Callable[[Block], int]
    ) -> tuple[Integers, Integers]:
        pairs, columns = [], []
        for block in self.blocks:
            positions = np.arange(count(block))
            pairs.append(block.pairs.start + offset(block) + positions)
            columns.append(block.columns.start + positions)
        return np.concatenate(pairs), np.concatenate(columns)


def standardise(program: LinearProgram) -> StandardForm:
    """Presolve, scale and order a program.

    Raises
    ------
    UnsuitableProgramError
        If presolve sees that the program is infeasible or unbounded.
    """
    working, eliminated = presolve(program)
    working = _split_ranged_rows(working)
    row_sign, column_sign, inequality = _signs(working)
    lower = np.where(column_sign > 0, working.lower, -working.upper)
    upper = np.where(column_sign > 0, working.upper, -working.lower)
    shift = np.where(np.isfinite(lower), lower, 0.0)
    row_bound = np.where(row_sign > 0, working.row_lower, working.row_upper)
    rhs = row_sign * (row_bound - working.matrix @ (column_sign * shift))
    classes = classify(working.matrix, working.row_step, working.column_step, inequality)
    row_scale, column_scale = equilibrate(working.matrix, _local_entries(working.matrix, classes))
    matrix = _scaled(working.matrix, row_sign * row_scale, column_sign * column_scale)
    rhs *= row_scale
    cost = working.cost * column_sign * column_scale
    width = (upper - shift) / column_scale
    rhs_scale = mean_magnitude(np.concatenate([rhs, width[np.isfinite(width)]]))
    cost_scale = mean_magnitude(cost)
    column_kind = np.where(np.isfinite(width), 0, np.where(np.isfinite(lower), 1, 2))
    row_kind = np.where(classes.row_kind == BOUND, 0, np.where(inequality, 1, 2))
    row_block, column_block, n_blocks = _assign_blocks(working, classes)
    rows = np.lexsort((row_kind, row_block))
    columns = np.lexsort((column_kind, column_block))
    new_column = np.empty(len(columns), dtype=matrix.indices.dtype)
    new_column[columns] = np.arange(len(columns))
    ordered = matrix[rows]
    ordered = sparse.csr_array(
        (ordered.data, new_column[ordered.indices], ordered.indptr), matrix.shape
    )
    ordered.sort_indices()
    blocks = _lay_out_blocks(row_block, row_kind, column_block, column_kind, n_blocks)
    return StandardForm(
        cost=cost[columns] / cost_scale,
        matrix=ordered,
        rhs=rhs[rows] / rhs_scale,
        upper=width[columns][column_kind[columns] == 0] / rhs_scale,
        blocks=blocks,
        row_step=np.where(classes.row_local, working.row_step, GLOBAL)[rows],
        column_step=np.where(classes.column_local, working.column_step, GLOBAL)[columns],
        classification=classes,
        original_column=working.original_column[columns],
        original_row=working.original_row[rows],
        column_factor=(column_sign * column_scale * rhs_scale)[columns],
        column_shift=(column_sign * shift)[columns],
        row_factor=(row_sign * row_scale * cost_scale)[rows],
        row_unit=(rhs_scale / row_scale)[rows],
        column_unit=(cost_scale / column_scale)[columns],
        eliminated=eliminated,
    )


def _split_ranged_rows(working: WorkingProgram) -> WorkingProgram:
    """Turn rows bounded on both sides into equations with a boxed column each."""
    ranged = np.flatnonzero(
        np.isfinite(working.row_lower)
        & np.isfinite(working.row_upper)
        & (working.row_lower < working.row_upper)
    )
    if len(ranged) == 0:
        return working
    count = len(ranged)
    extra = sparse.csr_array(
        (-np.ones(count), (ranged, np.arange(count))), shape=(working.matrix.shape[0], count)
    )
    row_lower, row_upper = working.row_lower.copy(), working.row_upper.copy()
    row_lower[ranged] = row_upper[ranged] = 0.0
    return replace(
        working,
        cost=np.concatenate([working.cost, np.zeros(count)]),
        matrix=sparse.csr_array(sparse.hstack([working.matrix, extra], format="csr")),
        row_lower=row_lower,
        row_upper=row_upper,
        lower=np.concatenate([working.lower, working.row_lower[ranged]]),
        upper=np.concatenate([working.upper, working.row_upper[ranged]]),
        column_step=np.concatenate([working.column_step, working.row_step[ranged]]),
        original_column=np.concatenate([working.original_column, np.full(count, -1)]),
    )


def _signs(working: WorkingProgram) -> tuple[Floats, Floats, Mask]:
    """Signs that turn upper bounds into lower ones, and which rows are inequalities."""
    row_sign = np.where(np.isneginf(working.row_lower), -1.0, 1.0)
    column_sign = np.where(np.isneginf(working.lower) & np.isfinite(working.upper), -1.0, 1.0)
    return row_sign, column_sign, working.row_lower < working.row_upper


def _scaled(matrix: sparse.csr_array, row: Floats, column: Floats) -> sparse.csr_array:
    data = matrix.data * np.repeat(row, np.diff(matrix.indptr)) * column[matrix.indices]
    return with_data(matrix, data)


def _local_entries(matrix: sparse.csr_array, classes: Classification) -> Mask:
    """Entries of local rows in local columns, shape (nnz,)."""
    in_local_row: Mask = np.repeat(classes.row_local, np.diff(matrix.indptr))
    return in_local_row & classes.column_local[matrix.indices]


def _assign_blocks(
    working: WorkingProgram, classes: Classification
) -> tuple[Integers, Integers, int]:
    """Block of every row and of every column, and the number of blocks with the border.

    A bound row belongs to the block of its local column.
    """
    local, column_step, row_step = classes.column_local, working.column_step, working.row_step
    steps = 1 + int(max(np.max(column_step, initial=0), np.max(row_step, initial=0)))
    n_local = int(local.sum())
    for_threads = THREAD_BLOCKS * (n_local // (THREAD_BLOCKS * THREAD_COLUMNS))
    count = min(for_threads or max(1, round(n_local / BLOCK_COLUMNS)), steps)
    column_block = np.where(local, column_step * count // steps, count)
    row_block = np.where(classes.row_local, row_step * count // steps, count)
    block_of_local_columns = unit_pattern(working.matrix) @ np.where(local, column_block, 0)
    row_block = np.where(classes.row_kind == BOUND, block_of_local_columns, row_block)
    return row_block, column_block, count + 1


def _lay_out_blocks(
    row_block: Integers,
    row_kind: Integers,
    column_block: Integers,
    column_kind: Integers,
    n_blocks: int,
) -> tuple[Block, ...]:
    """Positions of all blocks, from the number of rows and columns of each kind."""
    row_counts = np.bincount(row_block * 3 + row_kind, minlength=3 * n_blocks)
    column_counts = np.bincount(column_block * 3 + column_kind, minlength=3 * n_blocks)
    blocks, row, column, pair, upper = [], 0, 0, 0, 0
    for (bound, other, equations), (boxed, lower_only, free) in zip(
        row_counts.reshape(-1, 3).tolist(), column_counts.reshape(-1, 3).tolist(), strict=True
    ):
        n_rows, n_columns = bound + other + equations, boxed + lower_only + free
        n_pairs = bound + other + 2 * boxed + lower_only
        blocks.append(
            Block(
                slice(row, row + n_rows),
                slice(column, column + n_columns),
                slice(pair, pair + n_pairs),
                slice(upper, upper + boxed),
                bound_rows=bound,
                inequalities=bound + other,
                boxed=boxed,
                bounded=boxed + lower_only,
            )
        )
        row, column = row + n_rows, column + n_columns
        pair, upper = pair + n_pairs, upper + boxed
    return tuple(blocks)


def recover_x(standard: StandardForm, x: Floats) -> Floats:
    """Columns of the program as stated, from those of the standard form, shape (n,)."""
    values = standard.eliminated.values.copy()
    has_original = standard.original_column >= 0
    stated = standard.column_shift + standard.column_factor * x
    values[standard.original_column[has_original]] = stated[has_original]
    return values


def standard_x(standard: StandardForm, stated: Floats) -> Floats:
    """Columns of the standard form, from those of the program as stated, shape (n,)."""
    added = standard.original_column < 0
    x: Floats = (stated[standard.original_column] - standard.column_shift) / standard.column_factor
    x[added] = 0.0
    if added.any():  # what a ranged row comes to: the row is an equation with this column alone
        rows = sparse.csc_array(standard.matrix)[:, np.flatnonzero(added)].tocoo()
        left = standard.rhs - standard.matrix @ x
        x[np.flatnonzero(added)[rows.col]] = left[rows.row] / rows.data
    return x


def recover_y(standard: StandardForm, y: Floats, program: LinearProgram) -> Floats:
    """Duals of the program as stated, those of rows taken out by presolve included."""
    duals = np.zeros(program.shape[0])
    duals[standard.original_row] = standard.row_factor * y
    return recover_duals(program, standard.eliminated, duals)
