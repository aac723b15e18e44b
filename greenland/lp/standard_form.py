"""From the program as stated to the form the iteration works on, and back.

StandardForm form: minimise ``c @ x`` with ``A x - s = b``, where a slack ``s >= 0`` stands in
inequality rows only, ``x >= 0`` except for free columns, and ``x <= u`` for boxed columns.

Rows and columns are ordered by repeated_patterns of time, the *blocks*, and last come those without a
step. Inside a block rows are ordered bound_rows, other inequalities, equations, and columns boxed,
bounded below, free: every set the iteration touches is then contiguous, and whatever is done to a
block one thing after the other finds its numbers in the processor's cache.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from greenland.lp.classify import BOUND, Classification, classify
from greenland.lp.csr_index import pattern, with_data
from greenland.lp.presolve import Eliminated, WorkingProgram, presolve, recover_duals
from greenland.lp.program import GLOBAL, Floats, Integers, LinearProgram, Mask
from greenland.lp.scaling import equilibrate

BLOCK_COLUMNS = 40_000
"""About how many local columns make a block: more blocks are more calls, longer ones leave the
processor's cache."""
THREAD_COLUMNS = 110_000
"""Local columns that make a share for a thread; smaller shares are not worth handing out."""
THREAD_BLOCKS = 4
"""Shares are made in this number or a multiple, so that threads get alike much."""


@dataclass(frozen=True)
class Block:
    """A stretch of time: where its rows, columns and pairs stand, and how many are of which kind.

    A *pair* is a slack or a bound with its multiplier; the pairs of a block are those of its
    inequalities, of its lower and of its upper bounds, in this order.
    """

    rows: slice
    columns: slice
    pairs: slice
    upper: slice
    bound_rows: int  # rows that hold one local column against global ones
    inequalities: int  # with the bound rows
    boxed: int
    bounded: int  # with the boxed columns

    @property
    def upper_start(self) -> int:
        """Where the pairs of the upper bounds begin inside the block's pairs."""
        return self.inequalities + self.bounded


@dataclass(frozen=True)
class StandardForm:
    """A program in standard form, scaled and ordered.

    ``x_stated = shift + column_factor * x`` for the columns in ``original_column`` (-1 for a column
    the standard form added); ``y_stated = row_factor * y`` for the rows in ``original_row``.
    """

    cost: Floats
    matrix: sparse.csr_array
    rhs: Floats
    upper: Floats  # of the boxed columns
    blocks: tuple[Block, ...]  # the last without a step
    row_step: Integers
    column_step: Integers
    classification: Classification
    original_column: Integers
    original_row: Integers
    column_factor: Floats
    column_shift: Floats
    row_factor: Floats
    row_unit: Floats  # of a residual of a row, in the units of the program
    column_unit: Floats  # of a price of a column
    eliminated: Eliminated

    @property
    def pairs(self) -> int:
        """Number of slacks and bounds."""
        return int(self.blocks[-1].pairs.stop)

    @property
    def multithreaded(self) -> bool:
        """Whether the blocks are large enough to be shared out to threads."""
        return len(self.cost) >= THREAD_BLOCKS * THREAD_COLUMNS

    @property
    def border_columns(self) -> slice:
        """Columns without a step."""
        return self.blocks[-1].columns

    @property
    def border_rows(self) -> slice:
        """Rows without a step."""
        return self.blocks[-1].rows

    @property
    def bound_row_indices(self) -> Integers:
        """Rows that hold one local column against global ones."""
        parts = [np.arange(b.rows.start, b.rows.start + b.bound_rows) for b in self.blocks]
        return np.concatenate(parts)

    @property
    def lower_pairs(self) -> tuple[Integers, Integers]:
        """Pairs of lower bounds, and their columns."""
        return self._bounds("bounded", lambda b: b.inequalities)

    @property
    def upper_pairs(self) -> tuple[Integers, Integers]:
        """Pairs of upper bounds, and their columns."""
        return self._bounds("boxed", lambda b: b.upper_start)

    @property
    def slack_pairs(self) -> tuple[Integers, Integers]:
        """Pairs of inequalities, and their rows."""
        at = [np.arange(b.pairs.start, b.pairs.start + b.inequalities) for b in self.blocks]
        rows = [np.arange(b.rows.start, b.rows.start + b.inequalities) for b in self.blocks]
        return np.concatenate(at), np.concatenate(rows)

    def _bounds(self, kind: str, offset: Callable[[Block], int]) -> tuple[Integers, Integers]:
        pairs, columns = [], []
        for b in self.blocks:
            count = getattr(b, kind)
            pairs.append(b.pairs.start + offset(b) + np.arange(count))
            columns.append(b.columns.start + np.arange(count))
        return np.concatenate(pairs), np.concatenate(columns)


def _split_ranged_rows(draft: WorkingProgram) -> WorkingProgram:
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
        original_column=np.concatenate([draft.original_column, np.full(count, -1)]),
    )


def _signs(draft: WorkingProgram) -> tuple[Floats, Floats, Mask]:
    """Signs that turn upper bounds into lower ones, and which rows are inequalities."""
    row_sign = np.where(np.isneginf(draft.row_lower), -1.0, 1.0)
    column_sign = np.where(np.isneginf(draft.lower) & np.isfinite(draft.upper), -1.0, 1.0)
    return row_sign, column_sign, draft.row_lower < draft.row_upper


def _scaled(matrix: sparse.csr_array, row: Floats, column: Floats) -> sparse.csr_array:
    data = matrix.data * np.repeat(row, np.diff(matrix.indptr)) * column[matrix.indices]
    return with_data(matrix, data)


def standardise(program: LinearProgram) -> StandardForm:
    """Bring a program into standard form.

    Raises
    ------
    UnsuitableProgramError
        If it is seen to be infeasible or unbounded, or its structure does not suit.
    """
    draft, eliminated = presolve(program)
    draft = _split_ranged_rows(draft)
    row_sign, column_sign, inequality = _signs(draft)
    lower = np.where(column_sign > 0, draft.lower, -draft.upper)
    upper = np.where(column_sign > 0, draft.upper, -draft.lower)
    shift = np.where(np.isfinite(lower), lower, 0.0)
    side = np.where(row_sign > 0, draft.row_lower, draft.row_upper)
    rhs = row_sign * (side - draft.matrix @ (column_sign * shift))
    classification = classify(draft.matrix, draft.row_step, draft.column_step, inequality)
    row_scale, column_scale = equilibrate(
        draft.matrix, _local_entries(draft.matrix, classification)
    )
    matrix = _scaled(draft.matrix, row_sign * row_scale, column_sign * column_scale)
    rhs *= row_scale
    cost = draft.cost * column_sign * column_scale
    width = (upper - shift) / column_scale
    size = _magnitude(np.concatenate([rhs, width[np.isfinite(width)]]))
    price = _magnitude(cost)
    group = np.where(np.isfinite(width), 0, np.where(np.isfinite(lower), 1, 2))
    kind = np.where(classification.row_kind == BOUND, 0, np.where(inequality, 1, 2))
    row_block, column_block, count = _stretches(draft, classification)
    rows, columns = np.lexsort((kind, row_block)), np.lexsort((group, column_block))
    back = np.empty(len(columns), dtype=matrix.indices.dtype)
    back[columns] = np.arange(len(columns))
    ordered = matrix[rows]
    ordered = sparse.csr_array((ordered.data, back[ordered.indices], ordered.indptr), matrix.shape)
    ordered.sort_indices()
    blocks = _blocks(row_block, kind, column_block, group, count)
    return StandardForm(
        cost=cost[columns] / price,
        matrix=ordered,
        rhs=rhs[rows] / size,
        upper=width[columns][group[columns] == 0] / size,
        blocks=blocks,
        row_step=np.where(classification.row_local, draft.row_step, GLOBAL)[rows],
        column_step=np.where(classification.column_local, draft.column_step, GLOBAL)[columns],
        classification=classification,
        original_column=draft.original_column[columns],
        original_row=draft.original_row[rows],
        column_factor=(column_sign * column_scale * size)[columns],
        column_shift=(column_sign * shift)[columns],
        row_factor=(row_sign * row_scale * price)[rows],
        row_unit=(size / row_scale)[rows],
        column_unit=(price / column_scale)[columns],
        eliminated=eliminated,
    )


def _stretches(
    draft: WorkingProgram, classification: Classification
) -> tuple[Integers, Integers, int]:
    """Block of every row and column, and the number of blocks, that without a step included.

    A bound row stands in the block of the column it holds.
    """
    local = classification.column_local
    steps = 1 + int(max(np.max(draft.column_step, initial=0), np.max(draft.row_step, initial=0)))
    width = int(local.sum())
    shares = THREAD_BLOCKS * (width // (THREAD_BLOCKS * THREAD_COLUMNS))
    count = min(shares or max(1, round(width / BLOCK_COLUMNS)), steps)
    column_block = np.where(local, draft.column_step * count // steps, count)
    row_block = np.where(classification.row_local, draft.row_step * count // steps, count)
    bound_rows = classification.row_kind == BOUND
    held = pattern(draft.matrix) @ np.where(local, column_block, 0)
    return np.where(bound_rows, held, row_block), column_block, count + 1


def _blocks(
    row_block: Integers, kind: Integers, column_block: Integers, group: Integers, count: int
) -> tuple[Block, ...]:
    """Where each block stands."""
    kinds = np.bincount(row_block * 3 + kind, minlength=3 * count).reshape(count, 3)
    groups = np.bincount(column_block * 3 + group, minlength=3 * count).reshape(count, 3)
    blocks, row, column, pair, upper = [], 0, 0, 0, 0
    for (bound_rows, other, equal), (boxed, low, free) in zip(
        kinds.tolist(), groups.tolist(), strict=True
    ):
        rows, columns = bound_rows + other + equal, boxed + low + free
        pairs = bound_rows + other + 2 * boxed + low
        blocks.append(
            Block(
                slice(row, row + rows),
                slice(column, column + columns),
                slice(pair, pair + pairs),
                slice(upper, upper + boxed),
                bound_rows,
                bound_rows + other,
                boxed,
                boxed + low,
            )
        )
        row, column, pair, upper = row + rows, column + columns, pair + pairs, upper + boxed
    return tuple(blocks)


def _local_entries(matrix: sparse.csr_array, classification: Classification) -> Mask:
    """Entries where a local row meets a local column."""
    inner: Mask = np.repeat(classification.row_local, np.diff(matrix.indptr))
    return inner & classification.column_local[matrix.indices]


def _magnitude(values: Floats) -> float:
    """Scale of a vector: the mean of what is not zero, 1 when all is."""
    size = np.abs(values)
    size = size[size > 0]
    return float(size.mean()) if len(size) else 1.0


def recover_x(standard: StandardForm, x: Floats) -> Floats:
    """Values of the stated columns."""
    values = standard.eliminated.values.copy()
    mine = standard.original_column >= 0
    stated = standard.column_shift + standard.column_factor * x
    values[standard.original_column[mine]] = stated[mine]
    return values


def recover_y(standard: StandardForm, y: Floats, program: LinearProgram) -> Floats:
    """Duals of the stated rows; those of rows that were left out are made up for."""
    duals = np.zeros(program.shape[0])
    duals[standard.original_row] = standard.row_factor * y
    return recover_duals(program, standard.eliminated, duals)
