"""The KKT system of a search direction: elimination of columns and bound rows, block by block.

With diagonals ``h`` of the columns and ``d`` of the rows, both positive, solve

    h dx - A' dy = r,        A dx + d dy = q.

Bound rows, with ``w = 1 / d`` and their entry ``a`` in the local column they hold, are eliminated
together with that column. What a held column leaves in the global columns is computed without
cancellation: with its total diagonal ``H = h + sum w_i a_i^2``, bound row ``i`` contributes
``a_i^2 w_i h / H`` on the square of its limit, and every pair of rows ``a_i^2 a_j^2 w_i w_j / H``
on the square of the difference of their limits, where the limit of a row is the vector of its
entries in the global columns over ``a_i``. All are sums of positive terms; subtracting after
writing ``w_i`` on each square would lose all digits once ``w`` is large.
"""

from __future__ import annotations

import numpy as np

from greenland.lp.block_matrix import BlockMatrix, node_positions
from greenland.lp.program import Floats
from greenland.lp.reduced_system import ReducedSystem
from greenland.lp.standard_form import StandardForm
from greenland.lp.symbolic import SymbolicFactorisation
from greenland.lp.threads import BlockPool


class KktSystem:
    """The KKT systems of one matrix: factored once per iteration, solved several times.

    A solution takes three steps, so that the iteration can do its own work on a block while the
    numbers of the block are in the cache: `forward` for every block, `solve_border` for what
    couples the blocks, `backward` for every block.

    Parameters
    ----------
    standard : StandardForm
    symbolic : SymbolicFactorisation
        Of the same matrix.

    Attributes
    ----------
    h, d : array, shape (n,), (m,)
        Diagonals, set by the caller before `update_weights`.
    column_rhs : array, shape (n,)
        Right-hand side ``r``, set by the caller before `forward`, which overwrites it.
    blocks : tuple of Block
        Without the border.
    pool : BlockPool
    """

    def __init__(self, standard: StandardForm, symbolic: SymbolicFactorisation) -> None:
        self.standard, self.symbolic = standard, symbolic
        self.matrix = BlockMatrix(standard)
        self.blocks = self.matrix.layout
        self.pool = BlockPool(len(self.blocks), None if standard.multithreaded else 1)
        self.reduced = ReducedSystem(symbolic, self.pool)
        self.border_rows, self.border_columns = standard.border_rows, standard.border_columns
        n_columns, n_rows = len(standard.cost), len(standard.rhs)
        self.h, self.d = np.empty(n_columns), np.empty(n_rows)
        self.column_rhs = np.empty(n_columns)
        # weights of the reduced system, in the order of `SchurTerms`
        counts = [block.bound_rows for block in self.blocks]
        stops, n_bound = np.cumsum(counts).tolist(), sum(counts)
        self._bound = [slice(stop - n, stop) for stop, n in zip(stops, counts, strict=True)]
        self._weights = np.zeros(symbolic.entry_map.shape[1])
        self._theta = self._weights[:n_columns]  # inverse diagonals, zero for global columns
        self._node_weight = self._weights[n_columns : n_columns + n_bound]
        self._limit_weight = self._weights[n_columns + n_bound : n_columns + 2 * n_bound]
        self._pair_weight = self._weights[n_columns + 2 * n_bound :]
        self._w, self._wa, self._bound_value = (np.empty(n_bound) for _array in range(3))
        # nodes
        node_of_row = np.zeros(n_rows, dtype=np.int64)
        node_of_row[symbolic.node_rows] = np.arange(symbolic.nodes)
        self._node_runs = [node_positions(block, node_of_row) for block in self.blocks]
        self._coupled_nodes = [node_of_row[b.from_rows.columns] for b in self.matrix.blocks]
        self._coupled_values = [np.empty(len(b.from_rows.values)) for b in self.matrix.blocks]
        self._node_rhs, self._row_value = np.empty(symbolic.nodes), np.empty(n_rows)
        # per block and thread
        widest = max(block.columns.stop - block.columns.start for block in self.blocks)
        self._scratch = [np.empty(widest) for _thread in range(self.pool.n_threads)]
        self._n_global_columns = len(symbolic.border_columns)
        self._border_rhs = np.zeros((len(self.blocks), symbolic.border))
        self._border_sums = np.zeros((len(self.blocks), symbolic.border))
        self._row_magnitudes = np.zeros((len(self.blocks), len(symbolic.border_rows)))

    # -- factorisation ---------------------------------------------------------------------

    def update_weights(self, k: int) -> None:
        """Compute the weights of a block from its diagonals `h` and `d`."""
        block, entries, bound = self.blocks[k], self.matrix.blocks[k], self._bound[k]
        h, w, wa = self.h[block.columns], self._w[bound], self._wa[bound]
        start = block.rows.start
        np.divide(1.0, self.d[start : start + block.bound_rows], out=w)
        np.multiply(w, entries.bound_coefficient, out=wa)
        theta = self._theta[block.columns]
        node_weight, limit_weight = self._node_weight[bound], self._limit_weight[bound]
        np.multiply(wa, entries.bound_coefficient, out=limit_weight)
        np.copyto(theta, h)
        entries.to_held.add(theta, limit_weight)
        np.divide(1.0, theta, out=theta)
        np.multiply(w, theta[entries.held_columns], out=node_weight)
        np.multiply(node_weight, h[entries.held_columns], out=limit_weight)
        limit_weight *= entries.bound_coefficient_squared

    def factor(self) -> None:
        """Factor the system for the diagonals whose weights were computed.

        Raises
        ------
        NumericalError
            If it is numerically singular.
        """
        s, h, d = self.symbolic, self.h, self.d
        first, second = s.paired_bound_rows
        if len(first):
            square = s.bound_coefficient_squared
            self._pair_weight[:] = (
                self._node_weight[first] * square[first] * self._w[second] * square[second]
            )
        node_diagonal = np.empty(s.nodes)
        for block, runs in zip(self.blocks, self._node_runs, strict=True):
            block_diagonal = d[block.rows.start + block.bound_rows : block.rows.stop]
            for rows, nodes in runs:
                node_diagonal[nodes] = block_diagonal[rows]
        self.reduced.factor(
            self._weights, node_diagonal, h[self.border_columns], d[self.border_rows]
        )

    # -- solution --------------------------------------------------------------------------

    def forward(self, k: int, thread: int, q: Floats) -> None:
        """Eliminate the columns and bound rows of a block from the right-hand side.

        Parameters
        ----------
        k, thread : int
            Index of the block and of the thread that works on it.
        q : array, shape (rows of the block,)
            The ``r`` of the block's columns stands in `column_rhs`.
        """
        block, entries, bound = self.blocks[k], self.matrix.blocks[k], self._bound[k]
        r, bound_value = self.column_rhs[block.columns], self._bound_value[bound]
        column_value = self._scratch[thread][: len(r)]
        if block.bound_rows:
            np.multiply(self._w[bound], q[: block.bound_rows], out=bound_value)
            entries.bound_local_t.add(r, bound_value)
        np.multiply(self._theta[block.columns], r, out=column_value)
        node_value = self._row_value[block.rows][block.bound_rows :]
        np.copyto(node_value, q[block.bound_rows :])
        entries.node_local.subtract(node_value, column_value)
        for rows, nodes in self._node_runs[k]:
            self._node_rhs[nodes] = node_value[rows]
        coupling = entries.from_rows
        np.multiply(coupling.values, column_value[coupling.rows], out=self._coupled_values[k])
        border_rhs = self._border_rhs[k]
        border_rhs[:] = 0.0
        entries.global_local.subtract(border_rhs[self._n_global_columns :], column_value)
        if block.bound_rows:
            np.subtract(
                self._wa[bound] * column_value[entries.held_columns], bound_value, out=bound_value
            )
            entries.bound_global_t.add(border_rhs[: self._n_global_columns], bound_value)

    def solve_border(self, q: Floats) -> None:
        """Solve the reduced system, after `forward` for all blocks.

        Parameters
        ----------
        q : array, shape (global rows,)
        """
        for nodes, values in zip(self._coupled_nodes, self._coupled_values, strict=True):
            np.subtract.at(self._node_rhs, nodes, values)
        border_rhs = self._border_rhs.sum(axis=0)
        border_rhs[: self._n_global_columns] -= self.column_rhs[self.border_columns]
        border_rhs[self._n_global_columns :] += q
        self._node, self._border = self.reduced.solve(self._node_rhs, border_rhs)

    def backward(self, k: int, q: Floats, dx: Floats, dy: Floats) -> None:
        """Recover the solution of a block, after `solve_border`.

        Parameters
        ----------
        k : int
            Index of the block.
        q : array, shape (rows of the block,)
            As in `forward`.
        dx, dy : array, shape (columns of the block,), (rows of the block,)
            Overwritten.
        """
        block, entries, bound = self.blocks[k], self.matrix.blocks[k], self._bound[k]
        node_value = dy[block.bound_rows :]
        for rows, nodes in self._node_runs[k]:
            node_value[rows] = self._node[nodes]
        np.copyto(dx, self.column_rhs[block.columns])
        entries.node_local_t.add(dx, node_value)
        entries.global_local_t.add(dx, self._border[self._n_global_columns :])
        coupling = entries.from_rows
        if len(coupling.values):
            nodes = self._coupled_nodes[k]
            np.add.at(dx, coupling.rows, coupling.values * self._node[nodes])
        if block.bound_rows:
            limits = entries.bound_global @ self._border[: self._n_global_columns]
            bound_value = self._bound_value[bound]
            np.multiply(self._wa[bound], limits, out=bound_value)
            entries.to_held.subtract(dx, bound_value)
        dx *= self._theta[block.columns]
        if block.bound_rows:
            bound_dual = dy[: block.bound_rows]
            np.subtract(q[: block.bound_rows], limits, out=bound_dual)
            entries.bound_local.subtract(bound_dual, dx)
            bound_dual *= self._w[bound]

    def write_border(self, dx: Floats, dy: Floats) -> None:
        """Write the global columns and rows of the solution to *dx* and *dy*, both in full."""
        dx[self.border_columns] = self._border[: self._n_global_columns]
        dy[self.border_rows] = self._border[self._n_global_columns :]

    def solve(self, r: Floats, q: Floats) -> tuple[Floats, Floats]:
        """Solve the factored system, without iterative refinement.

        Parameters
        ----------
        r, q : array, shape (n,), (m,)

        Returns
        -------
        dx, dy : array, shape (n,), (m,)
        """
        dx, dy = np.empty(len(r)), np.empty(len(q))
        blocks = self.blocks
        np.copyto(self.column_rhs, r)
        self.pool.map_blocks(lambda k, thread: self.forward(k, thread, q[blocks[k].rows]))
        self.solve_border(q[self.border_rows])

        def backward(k: int, _thread: int) -> None:
            columns, rows = blocks[k].columns, blocks[k].rows
            self.backward(k, q[rows], dx[columns], dy[rows])

        self.pool.map_blocks(backward)
        self.write_border(dx, dy)
        return dx, dy

    # -- products with the matrix ----------------------------------------------------------

    def clear_border_sums(self) -> None:
        """Begin a new product: forget what blocks contributed to global columns and rows."""
        self._border_sums[:] = 0.0
        self._row_magnitudes[:] = 0.0

    def subtract_products(self, k: int, x: Floats, y: Floats, primal: Floats, dual: Floats) -> None:
        """Subtract a block's part of ``A @ x`` from *primal* and of ``A.T @ y`` from *dual*.

        All arrays in full. What belongs to global columns and rows is summed up for
        `subtract_border_products`.
        """
        global_columns = self._border_sums[k, : self._n_global_columns]
        global_rows = self._border_sums[k, self._n_global_columns :]
        self.matrix.subtract_products(k, x, y, primal, dual, global_columns, global_rows)

    def subtract_border_products(self, x: Floats, y: Floats, primal: Floats, dual: Floats) -> None:
        """Subtract the products in the global rows from *primal*, in global columns from *dual*.

        *x* and *y* in full; *primal* and *dual* are those of the border.
        """
        corner, sums = self.matrix.global_global, self._border_sums.sum(axis=0)
        dual += sums[: self._n_global_columns] - corner.T @ y[self.border_rows]
        primal += sums[self._n_global_columns :] - corner @ x[self.border_columns]

    def add_row_magnitudes(self, k: int, magnitude: Floats) -> None:
        """Add a block's absolute terms to those of the global rows, from its ``abs(x)``."""
        self.matrix.blocks[k].global_local_magnitude.add(self._row_magnitudes[k], magnitude)

    def border_row_magnitudes(self, x: Floats) -> Floats:
        """Sums of the absolute terms of the global rows, shape (global rows,)."""
        magnitudes: Floats = self.matrix.global_global_magnitude @ np.abs(x[self.border_columns])
        magnitudes += self._row_magnitudes.sum(axis=0)
        return magnitudes

    def newton_residual(
        self, r: Floats, q: Floats, dx: Floats, dy: Floats
    ) -> tuple[Floats, Floats, float]:
        """Residual of a solution of the KKT system.

        Returns
        -------
        column_residual, row_residual : array, shape (n,), (m,)
            ``r - h dx + A' dy`` and ``q - A dx - d dy``.
        largest : float
            The largest, relative to one plus the diagonal.
        """
        column_residual, row_residual = np.empty_like(r), np.empty_like(q)
        minus_dy = np.empty_like(q)
        largest = np.zeros(len(self.standard.blocks))
        self.clear_border_sums()
        for block in self.standard.blocks:
            np.negative(dy[block.rows], out=minus_dy[block.rows])

        def residual(k: int, _thread: int) -> None:
            block = self.standard.blocks[k]
            rows, columns = block.rows, block.columns
            h, d = self.h[columns], self.d[rows]
            in_columns, in_rows = column_residual[columns], row_residual[rows]
            np.subtract(r[columns], h * dx[columns], out=in_columns)
            np.subtract(q[rows], d * dy[rows], out=in_rows)
            if k < len(self.blocks):
                self.subtract_products(k, dx, minus_dy, row_residual, column_residual)
            else:
                self.subtract_border_products(dx, minus_dy, in_rows, in_columns)
            largest[k] = max(
                float(np.max(np.abs(in_columns) / (1.0 + h), initial=0.0)),
                float(np.max(np.abs(in_rows) / (1.0 + d), initial=0.0)),
            )

        self.pool.map_blocks_and_border(residual)
        return column_residual, row_residual, float(largest.max())
