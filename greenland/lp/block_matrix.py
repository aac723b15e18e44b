"""The matrix of a program in standard form, by blocks.

The rows of a block are its bound rows and its *node rows*, the others. They meet the block's own
columns, the global columns, and, where a stored quantity passes from one block to the next, a few
columns of neighbouring blocks. Global rows meet the columns of every block.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.lp.csr_index import Index, as_slice, strided_runs
from greenland.lp.diagonals import DiagonalMatrix
from greenland.lp.program import Floats, Integers
from greenland.lp.standard_form import Block, StandardForm


@dataclass(frozen=True)
class Coupling:
    """Single entries where rows of one block meet columns of another.

    Parameters
    ----------
    rows, columns : integer array, shape (nnz,)
    values : array, shape (nnz,)
    """

    rows: Integers
    columns: Integers
    values: Floats

    def subtract(self, out: Floats, x: Floats) -> None:
        """Subtract the product with *x* from *out*, in place."""
        if len(self.values):
            np.subtract.at(out, self.rows, self.values * x[self.columns])


class MatrixBlock:
    """The entries of one block by the kinds of their rows and columns.

    The names say rows first: ``bound_global`` holds the entries of bound rows in global columns.
    Rows and columns are counted inside the block.

    Parameters
    ----------
    block : Block
    entries : csr_array, shape (rows of the block, n)
    global_columns : slice
    global_entries : csc_array, shape (global rows, n)

    Attributes
    ----------
    bound_local, bound_global, node_local, node_global, global_local : DiagonalMatrix
        And the transposed of each, with the suffix ``_t``.
    global_local_magnitude : DiagonalMatrix
        Absolute values of `global_local`.
    held_columns : slice or integer array, shape (bound rows,)
        The local column that each bound row holds.
    bound_coefficient, bound_coefficient_squared : array, shape (bound rows,)
        Entry of each bound row in that column.
    to_held : DiagonalMatrix, shape (columns, bound rows)
        Sums values of bound rows onto the columns they hold.
    from_columns : Coupling
        The block's rows in columns of other blocks; both counted in the standard form.
    from_rows : Coupling
        Transposed entries of rows of other blocks in the block's columns: its *rows* are columns
        of the block, its *columns* are rows of the standard form.
    """

    def __init__(
        self,
        block: Block,
        entries: sparse.csr_array,
        global_columns: slice,
        global_entries: sparse.csc_array,
    ) -> None:
        n_bound, column = block.bound_rows, entries.indices
        bound, node = entries[:n_bound], entries[n_bound:]
        width, first_column = block.columns.stop - block.columns.start, block.columns.start
        self.bound_local, self.node_local = (
            DiagonalMatrix.of(rows[:, block.columns]) for rows in (bound, node)
        )
        self.bound_global, self.node_global = (
            DiagonalMatrix.of(rows[:, global_columns]) for rows in (bound, node)
        )
        self.global_local = DiagonalMatrix.of(sparse.csr_array(global_entries[:, block.columns]))
        self.global_local_magnitude = self.global_local.magnitudes()
        self.bound_local_t = self.bound_local.transposed()
        self.bound_global_t = self.bound_global.transposed()
        self.node_local_t = self.node_local.transposed()
        self.node_global_t = self.node_global.transposed()
        self.global_local_t = self.global_local.transposed()
        outside = np.flatnonzero(
            (column < first_column)
            | ((column >= block.columns.stop) & (column < global_columns.start))
        )
        row = np.searchsorted(entries.indptr, outside, side="right") - 1
        self.from_columns = Coupling(
            row + block.rows.start, column[outside].astype(np.int64), entries.data[outside]
        )
        first_entry = entries.indptr[:n_bound]  # local columns come before the global ones
        held = column[first_entry].astype(np.int64) - first_column
        self.held_columns: Index = as_slice(held)
        self.bound_coefficient = entries.data[first_entry]
        self.bound_coefficient_squared = self.bound_coefficient**2
        selection = np.ones(n_bound), held, np.arange(n_bound + 1)
        self.to_held = DiagonalMatrix.of(
            sparse.csr_array(selection, shape=(n_bound, width))
        ).transposed()
        nothing = np.zeros(0, dtype=np.int64)
        self.from_rows = Coupling(nothing, nothing, np.zeros(0))  # set once all blocks are known


class BlockMatrix:
    """All blocks of a matrix in standard form.

    Parameters
    ----------
    standard : StandardForm

    Attributes
    ----------
    layout : tuple of Block
        Without the border.
    blocks : list of MatrixBlock
    global_global, global_global_magnitude : array, shape (global rows, global columns)
        Entries of global rows in global columns, and their absolute values.
    """

    def __init__(self, standard: StandardForm) -> None:
        matrix = standard.matrix
        self.global_rows, self.global_columns = standard.border_rows, standard.border_columns
        global_entries = sparse.csc_array(matrix[self.global_rows])
        self.global_global = global_entries[:, self.global_columns].toarray()
        self.global_global_magnitude = np.abs(self.global_global)
        self.layout = standard.blocks[:-1]
        self.blocks = [
            MatrixBlock(block, matrix[block.rows], self.global_columns, global_entries)
            for block in self.layout
        ]
        couplings = [block.from_columns for block in self.blocks]
        rows = np.concatenate([coupling.rows for coupling in couplings])
        columns = np.concatenate([coupling.columns for coupling in couplings])
        values = np.concatenate([coupling.values for coupling in couplings])
        for layout, block in zip(self.layout, self.blocks, strict=True):
            inside = (columns >= layout.columns.start) & (columns < layout.columns.stop)
            block.from_rows = Coupling(
                columns[inside] - layout.columns.start, rows[inside], values[inside]
            )

    def subtract_products(
        self,
        k: int,
        x: Floats,
        y: Floats,
        primal: Floats,
        dual: Floats,
        global_columns: Floats,
        global_rows: Floats,
    ) -> None:
        """Subtract the part of ``A @ x`` and of ``A.T @ y`` that a block contributes, in place.

        Parameters
        ----------
        k : int
            Index of the block.
        x, y : array, shape (n,), (m,)
        primal, dual : array, shape (m,), (n,)
            Receive the products in the rows and columns of blocks.
        global_columns, global_rows : array
            Receive those in the global columns and rows.
        """
        layout, block = self.layout[k], self.blocks[k]
        x_global, y_global = x[self.global_columns], y[self.global_rows]
        x_local, middle = x[layout.columns], layout.rows.start + layout.bound_rows
        bound, node = slice(layout.rows.start, middle), slice(middle, layout.rows.stop)
        block.bound_local.subtract(primal[bound], x_local)
        block.bound_global.subtract(primal[bound], x_global)
        block.node_local.subtract(primal[node], x_local)
        block.node_global.subtract(primal[node], x_global)
        block.from_columns.subtract(primal, x)
        block.global_local.subtract(global_rows, x_local)
        dual_local = dual[layout.columns]
        block.bound_local_t.subtract(dual_local, y[bound])
        block.node_local_t.subtract(dual_local, y[node])
        block.global_local_t.subtract(dual_local, y_global)
        block.from_rows.subtract(dual_local, y)
        block.bound_global_t.subtract(global_columns, y[bound])
        block.node_global_t.subtract(global_columns, y[node])


def node_positions(block: Block, node_of_row: Integers) -> list[tuple[slice, Index]]:
    """Runs of a block's node rows, and the nodes they are in the reduced system."""
    nodes = node_of_row[block.rows.start + block.bound_rows : block.rows.stop]
    return strided_runs(nodes)
