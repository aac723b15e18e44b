"""Numeric factorisation and solution of the KktSystem system.

With ``h`` the curvature of the columns and ``d`` the compliance of the rows, solve

    h dx - A' dy = r,        A dx + d dy = q.

Bound rows (curvature ``w = 1/d``) and the local columns they hold go first. What a held
column leaves on the global columns is written without subtraction of large numbers: with the
total curvature ``H = h + sum w_i``, row ``i`` leaves ``w_i h / H`` on its goal and each pair of
rows ``w_i w_j / H`` on the difference of their goals.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.linalg import lapack

from greenland.lp.block_matrix import BlockMatrix, own_rows
from greenland.lp.program import Floats
from greenland.lp.standard_form import StandardForm
from greenland.lp.symbolic import NodeCoupling, SymbolicFactorisation
from greenland.lp.threads import BlockPool

MIN_PIVOT = 1e-14
"""Least pivot of a row; smaller ones are rounding, and are made good by refinement."""
SHIFTS = (MIN_PIVOT, 1e-13, 1e-11, 1e-9)
"""What is added to the band's diagonal, more each time it does not factor."""


CACHE_LENGTH = 16_384
"""Nodes whose couplings with the border are handled together."""


class NumericalError(ArithmeticError):
    """The factorisation broke down."""


class KktSystem:
    """The linear systems of one program: factor once per iteration, solve several times.

    A solution is made in three parts, so that the iteration can do its own work on a block while
    the block is at hand: `gather` for every block, `settle` for what ties them together, `spread`
    for every block.
    """

    def __init__(self, standard: StandardForm, structure: SymbolicFactorisation) -> None:
        self.standard, self.structure = standard, structure
        self.parts = BlockMatrix(standard)
        self.blocks, self.pieces = self.parts.blocks, self.parts.pieces
        self.crew = BlockPool(len(self.blocks), None if standard.multithreaded else 1)
        self.border_rows, self.border_columns = standard.border_rows, standard.border_columns
        columns = len(standard.cost)
        node = np.zeros(len(standard.rhs), dtype=np.int64)
        node[structure.node_rows] = np.arange(structure.nodes)
        self.own_nodes = [own_rows(block, node) for block in self.blocks]
        counts = [block.bound_rows for block in self.blocks]
        stops = np.cumsum(counts).tolist()
        self.bounds = [slice(t - n, t) for t, n in zip(stops, counts, strict=True)]
        bound_rows = sum(counts)
        self.w, self.pull, self.squeezed = (np.empty(bound_rows) for _array in range(3))
        self.weights = np.zeros(structure.fill.shape[1])
        self.theta = self.weights[:columns]  # stays zero for columns without a step
        self.rho = self.weights[columns : columns + bound_rows]
        self.kappa = self.weights[columns + bound_rows : columns + 2 * bound_rows]
        self.twin = self.weights[columns + 2 * bound_rows :]
        self.pulled = np.empty(columns)
        most = max(block.columns.stop - block.columns.start for block in self.blocks)
        self.rooms = [np.empty(most) for _thread in range(self.crew.threads)]
        self.carried = [np.empty(len(piece.after.values)) for piece in self.pieces]
        self.rest, self.found = np.empty(structure.nodes), np.empty(structure.nodes)
        self.solved = np.empty((structure.border, structure.nodes - structure.band_start))
        self.columns_border = len(structure.border_columns)
        self.z_parts = np.zeros((len(self.blocks), structure.border))
        self.borders = np.zeros((len(self.blocks), structure.border))
        self.sizes = np.zeros((len(self.blocks), len(structure.border_rows)))
        self.entries = np.empty(len(structure.constant))
        self.own = np.empty(len(standard.rhs))
        self.h, self.d = np.empty(columns), np.empty(len(standard.rhs))
        self.after_nodes = [node[piece.after.columns] for piece in self.pieces]
        border = structure.border
        self.corner_diagonal = structure.corner_at + np.arange(border) * (border + 1)

    # -- factor ----------------------------------------------------------------------------

    def weigh(self, k: int) -> None:
        """Take over the curvatures `h` and compliances `d` of a block."""
        block, piece, bounds = self.blocks[k], self.pieces[k], self.bounds[k]
        h, w, pull = self.h[block.columns], self.w[bounds], self.pull[bounds]
        start = block.rows.start
        np.divide(1.0, self.d[start : start + block.bound_rows], out=w)
        np.multiply(w, piece.factors, out=pull)
        theta, rho, kappa = self.theta[block.columns], self.rho[bounds], self.kappa[bounds]
        np.multiply(pull, piece.factors, out=kappa)
        np.copyto(theta, h)
        piece.onto.add(theta, kappa)
        np.divide(1.0, theta, out=theta)
        np.multiply(w, theta[piece.held], out=rho)
        np.multiply(rho, h[piece.held], out=kappa)
        kappa *= piece.squares

    def factor(self) -> None:
        """Factor for the curvatures and compliances that were taken over."""
        s = self.structure
        first, second = s.paired_bound_rows
        if len(first):
            square = s.bounding_square
            self.twin[:] = self.rho[first] * square[first] * self.w[second] * square[second]
        entries = self.entries
        self.crew.cut(len(entries), lambda own: np.copyto(entries[own], s.constant[own]))
        s.fill.add(entries, self.weights)
        loose, banded = s.band_at - s.band_start, s.nodes - s.band_start
        diagonal, h, d = np.empty(s.nodes), self.h, self.d
        for block, repeated_patterns in zip(self.blocks, self.own_nodes, strict=True):
            compliance = d[block.rows.start + block.bound_rows : block.rows.stop]
            for here, there in repeated_patterns:
                diagonal[there] = compliance[here]
        entries[loose : s.band_at] += diagonal[: s.band_start]
        entries[s.band_at : s.band_at + banded] += diagonal[s.band_start :]
        entries[self.corner_diagonal[: self.columns_border]] -= h[self.border_columns]
        entries[self.corner_diagonal[self.columns_border :]] += d[self.border_rows]
        self.side = entries[s.border_at : s.corner_at].reshape(s.border, s.nodes)
        self._eliminate(entries)
        self._factor_band(entries)
        self._factor_corner(entries)

    def _eliminate(self, entries: Floats) -> None:
        """Eliminate the parts before the band."""
        s = self.structure
        loose = len(entries[: s.band_at]) - s.band_start
        self.ratios = []
        self.inverse = []
        for part in s.parts:
            inverse = 1.0 / np.maximum(entries[loose + part.start : loose + part.stop], MIN_PIVOT)
            ratios = [inverse[link.inside] * entries[link.entries] for link in part.links]
            for fill in part.fills:
                change = ratios[fill.ratio_link][fill.ratio_at] * entries[fill.other]
                if fill.repeated:
                    np.subtract.at(entries, np.asarray(fill.target), change)
                else:
                    entries[fill.target] -= change
            for link, ratio in zip(part.links, ratios, strict=True):
                self._subtract_sides(link, ratio)
            self.ratios.append(ratios)
            self.inverse.append(inverse)

    def _subtract_sides(self, link: NodeCoupling, ratio: Floats) -> None:
        """Take what eliminated nodes leave on the border over to later nodes."""
        side, later, earlier = self.side, link.later, link.earlier
        if not (isinstance(later, slice) and isinstance(earlier, slice)):
            side[:, later] -= ratio * side[:, earlier]
            return
        to, of = side[:, later], side[:, earlier]

        def work(own: slice) -> None:
            for part in _pieces(own):
                to[:, part] -= ratio[part] * of[:, part]

        self.crew.cut(len(ratio), work)

    def _factor_band(self, entries: Floats) -> None:
        s = self.structure
        band = entries[s.band_at : s.border_at].reshape(s.bandwidth + 1, -1)
        if band.shape[1] == 0:
            return
        for shift in SHIFTS:
            band[0] += shift * (1.0 + band[0]) if shift > MIN_PIVOT else shift
            if self._try_band(band):
                return
        raise NumericalError("the band is not positive definite")

    @property
    def _tridiagonal(self) -> bool:
        s = self.structure
        return s.bandwidth <= 1 and s.nodes - s.band_start > 1

    def _try_band(self, band: Floats) -> bool:
        """Factor the band; False where rounding has made it indefinite."""
        if self._tridiagonal:
            off = band[1, :-1] if self.structure.bandwidth else np.zeros(band.shape[1] - 1)
            *self.band, info = lapack.dpttrf(band[0], off)
        else:
            factored, info = lapack.dpbtrf(band, lower=1)
            self.band = [factored]
        return bool(info == 0)

    def _solve_band(self, b: Floats) -> None:
        """Solve with the band for the right-hand sides in the rows of *b*, in place."""
        if self._tridiagonal:
            x, info = lapack.dpttrs(self.band[0], self.band[1], b.T, overwrite_b=1)
        else:
            x, info = lapack.dpbtrs(self.band[0], b.T, lower=1, overwrite_b=1)
        if info != 0:
            raise NumericalError("the band could not be solved")
        if not np.may_share_memory(x, b):
            b[:] = x.T

    def _factor_corner(self, entries: Floats) -> None:
        s = self.structure
        corner = entries[s.corner_at :].reshape(s.border, s.border)
        corner = np.tril(corner) + np.tril(corner, -1).T  # a copy
        for part, inverse in zip(s.parts, self.inverse, strict=True):
            side = self.side[:, part.start : part.stop]
            corner -= self._inner(side, side.T, inverse)
        if s.band_start < s.nodes:
            band_side = self.side[:, s.band_start :]
            self.crew.cut(
                band_side.shape[1],
                lambda own: np.copyto(self.solved[:, own], band_side[:, own]),
            )
            self._solve_band(self.solved)
            corner -= self._inner(self.solved, band_side.T)
        if s.border:
            self.corner, self.swaps, info = lapack.dgetrf(corner)
            if info != 0 or not np.all(np.isfinite(corner)):
                raise NumericalError("the border is singular")

    # -- solve -----------------------------------------------------------------------------

    def gather(self, k: int, thread: int, q: Floats) -> None:
        """Eliminate the columns and bound rows of a block.

        *q* is the block's own; what is asked of its columns stands in `pulled`.
        """
        block, piece, bounds = self.blocks[k], self.pieces[k], self.bounds[k]
        pulled, squeezed = self.pulled[block.columns], self.squeezed[bounds]
        moved = self.rooms[thread][: len(pulled)]
        if block.bound_rows:
            np.multiply(self.w[bounds], q[: block.bound_rows], out=squeezed)
            piece.top_t.add(pulled, squeezed)
        np.multiply(self.theta[block.columns], pulled, out=moved)
        own = self.own[block.rows][block.bound_rows :]
        np.copyto(own, q[block.bound_rows :])
        piece.own.subtract(own, moved)
        for here, there in self.own_nodes[k]:
            self.rest[there] = own[here]
        np.multiply(piece.after.values, moved[piece.after.rows], out=self.carried[k])
        z = self.z_parts[k]
        z[:] = 0.0
        piece.ends.subtract(z[self.columns_border :], moved)
        if block.bound_rows:
            np.subtract(self.pull[bounds] * moved[piece.held], squeezed, out=squeezed)
            piece.goals_t.add(z[: self.columns_border], squeezed)

    def settle(self, q: Floats) -> None:
        """Solve for what ties the blocks together; *q* is that of the rows without a step."""
        for nodes, carried in zip(self.after_nodes, self.carried, strict=True):
            np.subtract.at(self.rest, nodes, carried)
        z = self.z_parts.sum(axis=0)
        z[: self.columns_border] -= self.pulled[self.border_columns]
        z[self.columns_border :] += q
        self.node, self.z = self._reduced(self.rest, z)

    def spread(self, k: int, q: Floats, dx: Floats, dy: Floats) -> None:
        """Put the solution of a block into *dx* and *dy*, the block's own."""
        block, piece, bounds = self.blocks[k], self.pieces[k], self.bounds[k]
        own = dy[block.bound_rows :]
        for here, there in self.own_nodes[k]:
            own[here] = self.node[there]
        np.copyto(dx, self.pulled[block.columns])
        piece.own_t.add(dx, own)
        piece.ends_t.add(dx, self.z[self.columns_border :])
        if len(piece.after.values):
            at, rows = piece.after.rows, self.after_nodes[k]
            np.add.at(dx, at, piece.after.values * self.node[rows])
        if block.bound_rows:
            goals, squeezed = piece.goals @ self.z[: self.columns_border], self.squeezed[bounds]
            np.multiply(self.pull[bounds], goals, out=squeezed)
            piece.onto.subtract(dx, squeezed)
        dx *= self.theta[block.columns]
        if block.bound_rows:
            bound_rows = dy[: block.bound_rows]
            np.subtract(q[: block.bound_rows], goals, out=bound_rows)
            piece.top.subtract(bound_rows, dx)
            bound_rows *= self.w[bounds]

    def close(self, dx: Floats, dy: Floats) -> None:
        """Put what has no step into *dx* and *dy*, both whole."""
        dx[self.border_columns] = self.z[: self.columns_border]
        dy[self.border_rows] = self.z[self.columns_border :]

    def solve(self, r: Floats, q: Floats) -> tuple[Floats, Floats]:
        """Solve the factored system once, without refinement."""
        dx, dy = np.empty(len(r)), np.empty(len(q))
        blocks = self.blocks
        np.copyto(self.pulled, r)
        self.crew.run(lambda k, thread: self.gather(k, thread, q[blocks[k].rows]))
        self.settle(q[self.border_rows])

        def spread(k: int, _thread: int) -> None:
            columns, rows = blocks[k].columns, blocks[k].rows
            self.spread(k, q[rows], dx[columns], dy[rows])

        self.crew.run(spread)
        self.close(dx, dy)
        return dx, dy

    # -- products --------------------------------------------------------------------------

    def clear(self) -> None:
        """Forget what the columns and rows without a step were given so far."""
        self.borders[:] = 0.0
        self.sizes[:] = 0.0

    def subtract_products(self, k: int, x: Floats, y: Floats, primal: Floats, dual: Floats) -> None:
        """Subtract a block's ``A @ x`` from *primal* and ``A.T @ y`` from *dual*, all whole.

        What falls to the columns and rows without a step is kept for `subtract_border`.
        """
        goal, end = self.borders[k, : self.columns_border], self.borders[k, self.columns_border :]
        self.parts.subtract(k, x, y, primal, dual, goal, end)

    def subtract_border(self, x: Floats, y: Floats, primal: Floats, dual: Floats) -> None:
        """Subtract the products of the rows without a step, and of such columns."""
        total = self.borders.sum(axis=0)
        dual += total[: self.columns_border] - self.parts.corner.T @ y[self.border_rows]
        primal += total[self.columns_border :] - self.parts.corner @ x[self.border_columns]

    def add_sizes(self, k: int, sizes: Floats) -> None:
        """Take over the absolute values of a block's columns for `border_sizes`."""
        self.pieces[k].ends_size.add(self.sizes[k], sizes)

    def border_sizes(self, x: Floats) -> Floats:
        """Sums of the absolute terms of the rows without a step."""
        border: Floats = self.parts.corner_size @ np.abs(x[self.border_columns])
        border += self.sizes.sum(axis=0)
        return border

    def missed(self, r: Floats, q: Floats, dx: Floats, dy: Floats) -> tuple[Floats, Floats, float]:
        """What a solution leaves of the right-hand sides, and the largest relative to its row."""
        miss_r, miss_q, turned = np.empty_like(r), np.empty_like(q), np.empty_like(q)
        worst = np.zeros(len(self.standard.blocks))
        self.clear()
        for block in self.standard.blocks:
            np.negative(dy[block.rows], out=turned[block.rows])

        def work(k: int, _thread: int) -> None:
            block = self.standard.blocks[k]
            rows, columns = block.rows, block.columns
            h, d, here, there = self.h[columns], self.d[rows], miss_r[columns], miss_q[rows]
            np.subtract(r[columns], h * dx[columns], out=here)
            np.subtract(q[rows], d * dy[rows], out=there)
            if k < len(self.blocks):
                self.subtract_products(k, dx, turned, miss_q, miss_r)
            else:
                self.subtract_border(dx, turned, there, here)
            worst[k] = max(
                float(np.max(np.abs(here) / (1.0 + h), initial=0.0)),
                float(np.max(np.abs(there) / (1.0 + d), initial=0.0)),
            )

        self.crew.every(work)
        return miss_r, miss_q, float(worst.max())

    def _reduced(self, q: Floats, z: Floats) -> tuple[Floats, Floats]:
        """Solve for nodes and border."""
        s = self.structure
        for part, ratios in zip(s.parts, self.ratios, strict=True):
            for link, ratio in zip(part.links, ratios, strict=True):
                q[link.later] -= ratio * q[link.earlier]
        y = self.found
        for part, inverse in zip(s.parts, self.inverse, strict=True):
            y[part.start : part.stop] = inverse * q[part.start : part.stop]
        if s.band_start < s.nodes:
            np.copyto(y[s.band_start :], q[s.band_start :])
            self._solve_band(y[None, s.band_start :])
        if s.border:
            for part in s.parts:
                own = slice(part.start, part.stop)
                z = z - self._inner(self.side[:, own], y[own])
            if s.band_start < s.nodes:
                z = z - self._inner(self.solved, q[s.band_start :])
            z, _info = lapack.dgetrs(self.corner, self.swaps, z)
            if s.band_start < s.nodes:
                self._subtract_outer(y[s.band_start :], z, self.solved)
        for part, inverse, ratios in zip(
            reversed(s.parts), reversed(self.inverse), reversed(self.ratios), strict=True
        ):
            mine = y[part.start : part.stop]
            if s.border:
                self._subtract_outer(mine, z, self.side[:, part.start : part.stop], inverse)
            for link, ratio in zip(part.links, ratios, strict=True):
                mine[link.inside] -= ratio * y[link.later]
        return y, z

    def _inner(self, left: Floats, right: Floats, weight: Floats | None = None) -> Floats:
        """``(left * weight) @ right``, with its long middle shared out."""
        found: dict[int, Floats] = {}

        def work(own: slice) -> None:
            if weight is None:
                found[own.start] = left[:, own] @ right[own]
                return
            parts = [(left[:, part] * weight[part]) @ right[part] for part in _pieces(own)]
            found[own.start] = np.sum(parts, axis=0)

        self.crew.cut(left.shape[1], work)
        total: Floats = np.sum([found[start] for start in sorted(found)], axis=0)
        return total

    def _subtract_outer(
        self, out: Floats, z: Floats, right: Floats, weight: Floats | None = None
    ) -> None:
        """Subtract ``z @ right * weight`` from *out*."""

        def work(own: slice) -> None:
            for part in _pieces(own):
                change = z @ right[:, part]
                if weight is not None:
                    change *= weight[part]
                out[part] -= change

        self.crew.cut(len(out), work)


def _pieces(own: slice) -> Iterator[slice]:
    """A range in pieces whose numbers stay in the processor's cache."""
    for start in range(own.start, own.stop, CACHE_LENGTH):
        yield slice(start, min(start + CACHE_LENGTH, own.stop))
