"""The matrix of a program in standard form, taken apart by blocks of time.

A block's own rows meet its own columns, the columns without a step, and where a stored quantity
is handed on, a few columns of the block before. The rows without a step meet columns of every
block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.lp.csr_index import Index, as_slice, runs
from greenland.lp.diagonals import DiagonalMatrix
from greenland.lp.program import Floats, Integers
from greenland.lp.standard_form import Block, StandardForm


@dataclass(frozen=True)
class Coupling:
    """Single entries where rows of one block meet columns of another; all counted overall."""

    rows: Integers
    columns: Integers
    values: Floats

    def subtract(self, out: Floats, x: Floats) -> None:
        """Subtract the product with *x* from *out*."""
        if len(self.values):
            np.subtract.at(out, self.rows, self.values * x[self.columns])


class MatrixBlock:
    """The entries of one block, by who meets whom.

    Rows and columns are counted inside the block; the *own* rows are those that do not bound.

    Attributes
    ----------
    top, goals : DiagonalMatrix
        Bound rows against the block's columns, and against those without a step.
    own, side : DiagonalMatrix
        Own rows against the same.
    ends : DiagonalMatrix
        Rows without a step against the block's columns.
    before : Coupling
        The block's rows against columns of other blocks; both counted overall.
    after : Coupling
        Rows of other blocks against the block's columns, transposed: *rows* are columns of the
        block, *columns* are the rows they meet.
    """

    def __init__(
        self, block: Block, entries: sparse.csr_array, border: slice, ends: sparse.csc_array
    ) -> None:
        bound_rows, column = block.bound_rows, entries.indices
        over, under = entries[:bound_rows], entries[bound_rows:]
        width, left = block.columns.stop - block.columns.start, block.columns.start
        self.top, self.own = (DiagonalMatrix.of(rows[:, block.columns]) for rows in (over, under))
        self.goals, self.side = (DiagonalMatrix.of(rows[:, border]) for rows in (over, under))
        self.ends = DiagonalMatrix.of(sparse.csr_array(ends[:, block.columns]))
        self.ends_size = self.ends.sizes()
        self.top_t, self.goals_t = self.top.transposed(), self.goals.transposed()
        self.own_t, self.side_t = self.own.transposed(), self.side.transposed()
        self.ends_t = self.ends.transposed()
        across = np.flatnonzero(
            (column < left) | ((column >= block.columns.stop) & (column < border.start))
        )
        row = np.searchsorted(entries.indptr, across, side="right") - 1
        self.before = Coupling(
            row + block.rows.start, column[across].astype(np.int64), entries.data[across]
        )
        first = entries.indptr[:bound_rows]  # the column held comes before the global ones
        held = column[first].astype(np.int64) - left
        self.held: Index = as_slice(held)
        self.factors = entries.data[first]
        self.squares = self.factors**2
        each = np.ones(bound_rows), held, np.arange(bound_rows + 1)
        self.onto = DiagonalMatrix.of(
            sparse.csr_array(each, shape=(bound_rows, width))
        ).transposed()
        nowhere = np.zeros(0, dtype=np.int64)
        self.after = Coupling(nowhere, nowhere, np.zeros(0))


class BlockMatrix:
    """All blocks of a program, and what lies between them.

    Attributes
    ----------
    corner, corner_size : array
        Rows without a step against columns without one, and the absolute values.
    """

    def __init__(self, standard: StandardForm) -> None:
        matrix = standard.matrix
        self.border_rows, self.border_columns = standard.border_rows, standard.border_columns
        bottom = sparse.csc_array(matrix[self.border_rows])
        self.corner = bottom[:, self.border_columns].toarray()
        self.corner_size = np.abs(self.corner)
        self.blocks = standard.blocks[:-1]
        self.pieces = [
            MatrixBlock(b, matrix[b.rows], self.border_columns, bottom) for b in self.blocks
        ]
        before = [piece.before for piece in self.pieces]
        across = Coupling(
            np.concatenate([one.rows for one in before]),
            np.concatenate([one.columns for one in before]),
            np.concatenate([one.values for one in before]),
        )
        for block, piece in zip(self.blocks, self.pieces, strict=True):
            mine = (across.columns >= block.columns.start) & (across.columns < block.columns.stop)
            piece.after = Coupling(
                across.columns[mine] - block.columns.start,
                across.rows[mine],
                across.values[mine],
            )

    def subtract(
        self,
        k: int,
        x: Floats,
        y: Floats,
        primal: Floats,
        dual: Floats,
        goal: Floats,
        end: Floats,
    ) -> None:
        """Subtract a block's share of ``A @ x`` from *primal*, of ``A.T @ y`` from *dual*.

        What falls to the columns and rows without a step goes to *goal* and *end*.
        """
        block, piece = self.blocks[k], self.pieces[k]
        x_border, y_border = x[self.border_columns], y[self.border_rows]
        rows, here, middle = block.rows, x[block.columns], block.rows.start + block.bound_rows
        top, own = slice(rows.start, middle), slice(middle, rows.stop)
        piece.top.subtract(primal[top], here)
        piece.goals.subtract(primal[top], x_border)
        piece.own.subtract(primal[own], here)
        piece.side.subtract(primal[own], x_border)
        piece.before.subtract(primal, x)
        piece.ends.subtract(end, here)
        there = dual[block.columns]
        piece.top_t.subtract(there, y[top])
        piece.own_t.subtract(there, y[own])
        piece.ends_t.subtract(there, y_border)
        piece.after.subtract(there, y)
        piece.goals_t.subtract(goal, y[top])
        piece.side_t.subtract(goal, y[own])


def own_rows(block: Block, number: Integers) -> list[tuple[slice, Index]]:
    """Stretches of a block's own rows, and the places *number* gives them."""
    own = number[block.rows.start + block.bound_rows : block.rows.stop]
    return runs(own)
