"""Numeric factorisation and solution of the Newton system.

With ``h`` the curvature of the columns and ``d`` the compliance of the rows, solve

    h dx - A' dy = r,        A dx + d dy = q.

Bounding rows (curvature ``w = 1/d``) and the local columns they hold go first. What a held
column leaves on the global columns is written without subtraction of large numbers: with the
total curvature ``H = h + sum w_i``, row ``i`` leaves ``w_i h / H`` on its goal and each pair of
rows ``w_i w_j / H`` on the difference of their goals.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.linalg import lapack

from greenland.energy.interior.program import Floats
from greenland.energy.interior.ragged import as_slice
from greenland.energy.interior.standard import Standard
from greenland.energy.interior.strips import Strips
from greenland.energy.interior.structure import Structure

PIVOT = 1e-14
"""Least pivot of a row; smaller ones are rounding, and are made good by refinement."""
SHIFTS = (PIVOT, 1e-13, 1e-11, 1e-9)
"""What is added to the band's diagonal, more each time it does not factor."""


class NumericalError(ArithmeticError):
    """The factorisation broke down."""


class Newton:
    """The linear systems of one program: factor once per iteration, solve several times."""

    def __init__(self, standard: Standard, structure: Structure) -> None:
        self.standard, self.structure = standard, structure
        matrix, bounding = standard.matrix, standard.bounding
        top = sparse.csr_array(matrix[:bounding])
        self.top = Strips.of(top)
        self.top_t = self.top.transposed()
        self.low = Strips.of(sparse.csr_array(matrix[bounding:]))
        self.low_t = self.low.transposed()
        self.local = standard.column_step >= 0
        count = len(structure.bounding_column)
        held = (structure.bounding_column, np.arange(count))
        shape = (matrix.shape[1], count)
        self.hold = Strips.of(sparse.csr_array((structure.bounding_square, held), shape=shape))
        self.held = Strips.of(sparse.csr_array((np.ones(count), held), shape=shape))
        local_entry = self.local[top.indices]
        self.factors = top.data[local_entry]
        self.goals = Strips.of(sparse.csr_array(top[:, structure.border_columns]))
        self.goals_t = self.goals.transposed()
        self.node_low = as_slice(structure.node_rows - bounding)
        self.node_rows = as_slice(structure.node_rows)
        self.bounding_column = as_slice(structure.bounding_column)
        self.border_low = structure.border_rows - bounding
        self.pivots = np.concatenate([structure.node_rows, structure.border_rows])
        border = structure.border
        self.corner_diagonal = structure.corner_at + np.arange(border) * (border + 1)

    def multiply(self, x: Floats) -> Floats:
        """``A @ x``."""
        return np.concatenate([self.top @ x, self.low @ x])

    def multiply_t(self, y: Floats) -> Floats:
        """``A.T @ y``."""
        bounding = self.standard.bounding
        return self.top_t @ y[:bounding] + self.low_t @ y[bounding:]

    def factor(self, h: Floats, d: Floats) -> None:
        """Factor for the curvatures *h* of the columns and the compliances *d* of the rows."""
        s, standard = self.structure, self.standard
        bounding = standard.bounding
        self.h, self.d = h, d
        self.w = 1.0 / d[:bounding]
        self.pull = self.w * self.factors
        total = h + self.hold @ self.w
        self.theta = np.where(self.local, 1.0 / total, 0.0)
        held = self.theta[self.bounding_column]
        rho = self.w * held
        kappa = rho * s.bounding_square * h[self.bounding_column]
        first, second = s.twice
        square = s.bounding_square
        twin = rho[first] * square[first] * self.w[second] * square[second]
        entries = s.fill @ np.concatenate([self.theta, rho, kappa, twin])
        entries += s.constant
        loose, reach = s.band_at - s.band_start, s.bandwidth + 1
        compliance = d[self.node_rows]
        entries[loose : s.band_at] += compliance[: s.band_start]
        entries[s.band_at : s.border_at : reach] += compliance[s.band_start :]
        border_columns = len(s.border_columns)
        entries[self.corner_diagonal[:border_columns]] -= h[s.border_columns]
        entries[self.corner_diagonal[border_columns:]] += d[s.border_rows]
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
            inverse = 1.0 / np.maximum(entries[loose + part.start : loose + part.stop], PIVOT)
            ratios = [inverse[link.inside] * entries[link.entries] for link in part.links]
            for fill in part.fills:
                change = ratios[fill.ratio_link][fill.ratio_at] * entries[fill.other]
                if fill.repeated:
                    np.subtract.at(entries, np.asarray(fill.target), change)
                else:
                    entries[fill.target] -= change
            for link, ratio in zip(part.links, ratios, strict=True):
                self.side[:, link.later] -= ratio * self.side[:, link.earlier]
            self.ratios.append(ratios)
            self.inverse.append(inverse)

    def _factor_band(self, entries: Floats) -> None:
        s = self.structure
        band = entries[s.band_at : s.border_at].reshape(-1, s.bandwidth + 1)
        if len(band) == 0:
            return
        for shift in SHIFTS:
            band[:, 0] += shift * (1.0 + band[:, 0]) if shift > PIVOT else shift
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
            off = band[:-1, 1] if self.structure.bandwidth else np.zeros(len(band) - 1)
            *self.band, info = lapack.dpttrf(band[:, 0], off)
        else:
            factored, info = lapack.dpbtrf(band.T, lower=1)
            self.band = [factored]
        return bool(info == 0)

    def _solve_band(self, b: Floats) -> Floats:
        """Solve with the band for right-hand sides in the columns of *b* (Fortran order)."""
        if self._tridiagonal:
            x, info = lapack.dpttrs(self.band[0], self.band[1], b)
        else:
            x, info = lapack.dpbtrs(self.band[0], b, lower=1)
        if info != 0:
            raise NumericalError("the band could not be solved")
        solved: Floats = x
        return solved

    def _factor_corner(self, entries: Floats) -> None:
        s = self.structure
        corner = entries[s.corner_at :].reshape(s.border, s.border)
        corner = np.tril(corner) + np.tril(corner, -1).T
        for part, inverse in zip(s.parts, self.inverse, strict=True):
            side = self.side[:, part.start : part.stop]
            corner -= (side * inverse) @ side.T
        if s.band_start < s.nodes:
            band_side = self.side[:, s.band_start :]
            self.solved = np.ascontiguousarray(self._solve_band(band_side.T).T)
            corner -= self.solved @ band_side.T
        if s.border:
            self.corner, self.swaps, info = lapack.dgetrf(corner)
            if info != 0 or not np.all(np.isfinite(corner)):
                raise NumericalError("the border is singular")

    def solve(self, r: Floats, q: Floats) -> tuple[Floats, Floats]:
        """Solve the factored system once, without refinement."""
        s, bounding = self.structure, self.standard.bounding
        columns = len(s.border_columns)
        pulled = self.top_t @ (self.w * q[:bounding])
        pulled += r
        moved = self.theta * pulled
        rest = q[bounding:] - self.low @ moved
        goal = -pulled[s.border_columns]
        if bounding:
            goal += self.goals_t @ (self.pull * moved[self.bounding_column])
        node, border = self._reduced(
            rest[self.node_low], np.concatenate([goal, rest[self.border_low]])
        )
        dy = np.empty(len(q))
        dy[self.node_rows] = node
        dy[s.border_rows] = border[columns:]
        dx = self.low_t @ dy[bounding:]
        dx += pulled
        if bounding:
            dx -= self.held @ (self.pull * (self.goals @ border[:columns]))
        dx *= self.theta
        dx[s.border_columns] = border[:columns]
        if bounding:
            np.subtract(q[:bounding], self.top @ dx, out=dy[:bounding])
            dy[:bounding] *= self.w
        return dx, dy

    def _reduced(self, q: Floats, z: Floats) -> tuple[Floats, Floats]:
        """Solve for nodes and border."""
        s = self.structure
        for part, ratios in zip(s.parts, self.ratios, strict=True):
            for link, ratio in zip(part.links, ratios, strict=True):
                q[link.later] -= ratio * q[link.earlier]
        y = np.empty_like(q)
        for part, inverse in zip(s.parts, self.inverse, strict=True):
            y[part.start : part.stop] = inverse * q[part.start : part.stop]
        if s.band_start < s.nodes:
            y[s.band_start :] = self._solve_band(q[s.band_start :])
        if s.border:
            for part in s.parts:
                z = z - self.side[:, part.start : part.stop] @ y[part.start : part.stop]
            if s.band_start < s.nodes:
                z = z - self.solved @ q[s.band_start :]
            z, _info = lapack.dgetrs(self.corner, self.swaps, z)
            if s.band_start < s.nodes:
                y[s.band_start :] -= z @ self.solved
        for part, inverse, ratios in zip(
            reversed(s.parts), reversed(self.inverse), reversed(self.ratios), strict=True
        ):
            own = y[part.start : part.stop]
            if s.border:
                own -= inverse * (z @ self.side[:, part.start : part.stop])
            for link, ratio in zip(part.links, ratios, strict=True):
                own[link.inside] -= ratio * y[link.later]
        return y, z
