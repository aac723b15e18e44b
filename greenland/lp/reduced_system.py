"""Numeric factorisation of the reduced system: levels, band and border.

The reduced system couples the nodes and the border,

    [ M   B' ] [ dy ]   [ q ]
    [ B   C  ] [ z  ] = [ r ],

with ``M`` the matrix of the nodes. Its levels are eliminated by vector operations, its band by
LAPACK, and the border by a dense Schur complement of ``C``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.linalg import lapack

from greenland.lp.program import Floats
from greenland.lp.symbolic import NodeCoupling, SymbolicFactorisation
from greenland.lp.threads import BlockPool

MIN_PIVOT = 1e-14
"""Smallest pivot of a level; smaller ones are rounding, which iterative refinement makes up for."""
BAND_SHIFTS = (MIN_PIVOT, 1e-13, 1e-11, 1e-9)
"""Added to the diagonal of the band, one after the other until it factors."""
CACHE_LENGTH = 16_384
"""Nodes whose entries in the border are handled together, so that they stay in the cache."""


class NumericalError(ArithmeticError):
    """A factorisation broke down, or a direction is not finite."""


class ReducedSystem:
    """Factors the reduced system once per iteration and solves it several times.

    Parameters
    ----------
    symbolic : SymbolicFactorisation
    pool : BlockPool
        Threads that share long ranges.
    """

    def __init__(self, symbolic: SymbolicFactorisation, pool: BlockPool) -> None:
        self.symbolic, self.pool = symbolic, pool
        self.n_global_columns = len(symbolic.border_columns)
        self._entries = np.empty(len(symbolic.constant_entries))
        self._node_solution = np.empty(symbolic.nodes)
        band_length = symbolic.nodes - symbolic.band_start
        self._band_solved_side = np.empty((len(symbolic.side_border), band_length))
        border_diagonal = np.arange(symbolic.border) * (symbolic.border + 1)
        self._border_diagonal = symbolic.border_offset + border_diagonal

    # -- factorisation ---------------------------------------------------------------------

    def factor(
        self,
        weights: Floats,
        node_diagonal: Floats,
        column_diagonal: Floats,
        row_diagonal: Floats,
    ) -> None:
        """Compute and factor the reduced system.

        Parameters
        ----------
        weights : array, shape (weights,)
            See `greenland.lp.schur_terms`.
        node_diagonal : array, shape (nodes,)
            ``d`` of the node rows.
        column_diagonal, row_diagonal : array
            ``h`` of the global columns and ``d`` of the global rows.

        Raises
        ------
        NumericalError
        """
        s, entries = self.symbolic, self._entries
        self.pool.map_range(
            len(entries), lambda part: np.copyto(entries[part], s.constant_entries[part])
        )
        s.entry_map.add(entries, weights)
        band_length = s.nodes - s.band_start
        entries[s.diagonal_offset : s.band_offset] += node_diagonal[: s.band_start]
        entries[s.band_offset : s.band_offset + band_length] += node_diagonal[s.band_start :]
        entries[self._border_diagonal[: self.n_global_columns]] -= column_diagonal
        entries[self._border_diagonal[self.n_global_columns :]] += row_diagonal
        self._side = entries[s.side_offset : s.border_offset].reshape(len(s.side_border), s.nodes)
        self._eliminate_levels(entries)
        self._factor_band(entries)
        self._factor_border(entries)

    def _eliminate_levels(self, entries: Floats) -> None:
        """Eliminate the levels one after the other, each by vector operations."""
        s = self.symbolic
        self._ratios: list[list[Floats]] = []
        self._inverse_pivots: list[Floats] = []
        for level in s.levels:
            diagonal = slice(s.diagonal_offset + level.start, s.diagonal_offset + level.stop)
            inverse = 1.0 / np.maximum(entries[diagonal], MIN_PIVOT)
            ratios = [
                inverse[coupling.in_level] * entries[coupling.entries]
                for coupling in level.couplings
            ]
            for fill_in in level.fill_ins:
                change = ratios[fill_in.coupling][fill_in.ratio] * entries[fill_in.factor]
                if fill_in.repeated:
                    np.subtract.at(entries, np.asarray(fill_in.target), change)
                else:
                    entries[fill_in.target] -= change
            for coupling, ratio in zip(level.couplings, ratios, strict=True):
                self._update_side(coupling, ratio)
            self._ratios.append(ratios)
            self._inverse_pivots.append(inverse)

    def _update_side(self, coupling: NodeCoupling, ratio: Floats) -> None:
        """Subtract from the side of later nodes what the eliminated nodes contribute."""
        side, later, earlier = self._side, coupling.later, coupling.earlier
        if not (isinstance(later, slice) and isinstance(earlier, slice)):
            side[:, later] -= ratio * side[:, earlier]
            return
        later_side, earlier_side = side[:, later], side[:, earlier]

        def update(part: slice) -> None:
            for piece in _cached_pieces(part):
                later_side[:, piece] -= ratio[piece] * earlier_side[:, piece]

        self.pool.map_range(len(ratio), update)

    def _factor_band(self, entries: Floats) -> None:
        s = self.symbolic
        band = entries[s.band_offset : s.side_offset].reshape(s.bandwidth + 1, -1)
        if band.shape[1] == 0:
            return
        for shift in BAND_SHIFTS:
            band[0] += shift * (1.0 + band[0]) if shift > MIN_PIVOT else shift
            if self._try_to_factor_band(band):
                return
        raise NumericalError("the band is not positive definite")

    @property
    def _is_tridiagonal(self) -> bool:
        s = self.symbolic
        return s.bandwidth <= 1 and s.nodes - s.band_start > 1

    def _try_to_factor_band(self, band: Floats) -> bool:
        """Factor the band; False where rounding has made it indefinite."""
        if self._is_tridiagonal:
            off_diagonal = band[1, :-1] if self.symbolic.bandwidth else np.zeros(band.shape[1] - 1)
            *self._band_factor, info = lapack.dpttrf(band[0], off_diagonal)
        else:
            factor, info = lapack.dpbtrf(band, lower=1)
            self._band_factor = [factor]
        return bool(info == 0)

    def _solve_band(self, rhs: Floats) -> None:
        """Solve with the band for the right-hand sides in the rows of *rhs*, in place."""
        if self._is_tridiagonal:
            x, info = lapack.dpttrs(
                self._band_factor[0], self._band_factor[1], rhs.T, overwrite_b=1
            )
        else:
            x, info = lapack.dpbtrs(self._band_factor[0], rhs.T, lower=1, overwrite_b=1)
        if info != 0:
            raise NumericalError("the band could not be solved")
        if not np.may_share_memory(x, rhs):
            rhs[:] = x.T

    def _factor_border(self, entries: Floats) -> None:
        """Factor the Schur complement of the nodes in the border."""
        s = self.symbolic
        border = entries[s.border_offset :].reshape(s.border, s.border)
        schur_complement = np.tril(border) + np.tril(border, -1).T  # a copy
        change = np.zeros((len(s.side_border), len(s.side_border)))
        for level, inverse in zip(s.levels, self._inverse_pivots, strict=True):
            side = self._side[:, level.start : level.stop]
            change += self._inner(side, side.T, inverse)
        if s.band_start < s.nodes:
            band_side = self._side[:, s.band_start :]
            solved = self._band_solved_side
            self.pool.map_range(
                band_side.shape[1], lambda part: np.copyto(solved[:, part], band_side[:, part])
            )
            self._solve_band(solved)
            change += self._inner(solved, band_side.T)
        if s.border:
            schur_complement[np.ix_(s.side_border, s.side_border)] -= change
            self._border_lu, self._border_pivots, info = lapack.dgetrf(schur_complement)
            if info != 0 or not np.all(np.isfinite(schur_complement)):
                raise NumericalError("the border is singular")

    # -- solution --------------------------------------------------------------------------

    def solve(self, node_rhs: Floats, border_rhs: Floats) -> tuple[Floats, Floats]:
        """Solve for the nodes and the border.

        Parameters
        ----------
        node_rhs : array, shape (nodes,)
            Overwritten.
        border_rhs : array, shape (border,)

        Returns
        -------
        node, border : array
            The former is overwritten by the next call.
        """
        s, node = self.symbolic, self._node_solution
        for level, ratios in zip(s.levels, self._ratios, strict=True):
            for coupling, ratio in zip(level.couplings, ratios, strict=True):
                node_rhs[coupling.later] -= ratio * node_rhs[coupling.earlier]
        for level, inverse in zip(s.levels, self._inverse_pivots, strict=True):
            node[level.start : level.stop] = inverse * node_rhs[level.start : level.stop]
        has_band = s.band_start < s.nodes
        if has_band:
            np.copyto(node[s.band_start :], node_rhs[s.band_start :])
            self._solve_band(node[None, s.band_start :])
        border, coupled = border_rhs, border_rhs[s.side_border]
        if s.border:
            for level in s.levels:
                part = slice(level.start, level.stop)
                coupled -= self._inner(self._side[:, part], node[part])
            if has_band:
                coupled -= self._inner(self._band_solved_side, node_rhs[s.band_start :])
            border = border_rhs.copy()
            border[s.side_border] = coupled
            border, _info = lapack.dgetrs(self._border_lu, self._border_pivots, border)
            coupled = border[s.side_border]
            if has_band:
                self._subtract_outer(node[s.band_start :], coupled, self._band_solved_side)
        for level, inverse, ratios in zip(
            reversed(s.levels), reversed(self._inverse_pivots), reversed(self._ratios), strict=True
        ):
            level_node = node[level.start : level.stop]
            if len(coupled):
                side = self._side[:, level.start : level.stop]
                self._subtract_outer(level_node, coupled, side, inverse)
            for coupling, ratio in zip(level.couplings, ratios, strict=True):
                level_node[coupling.in_level] -= ratio * node[coupling.later]
        return node, border

    def _inner(self, left: Floats, right: Floats, weight: Floats | None = None) -> Floats:
        """``(left * weight) @ right``, with the long inner dimension split between threads."""
        products: dict[int, Floats] = {}

        def multiply(part: slice) -> None:
            if weight is None:
                products[part.start] = left[:, part] @ right[part]
                return
            pieces = [
                (left[:, piece] * weight[piece]) @ right[piece] for piece in _cached_pieces(part)
            ]
            products[part.start] = np.sum(pieces, axis=0)

        self.pool.map_range(left.shape[1], multiply)
        total: Floats = np.sum([products[start] for start in sorted(products)], axis=0)
        return total

    def _subtract_outer(
        self, out: Floats, z: Floats, right: Floats, weight: Floats | None = None
    ) -> None:
        """Subtract ``(z @ right) * weight`` from *out*, in place."""

        def subtract(part: slice) -> None:
            for piece in _cached_pieces(part):
                change = z @ right[:, piece]
                if weight is not None:
                    change *= weight[piece]
                out[piece] -= change

        self.pool.map_range(len(out), subtract)


def _cached_pieces(part: slice) -> Iterator[slice]:
    """A range in pieces of `CACHE_LENGTH`."""
    for start in range(part.start, part.stop, CACHE_LENGTH):
        yield slice(start, min(start + CACHE_LENGTH, part.stop))
