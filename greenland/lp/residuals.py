"""What the rows and columns of a point miss, and how far the point is from an optimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenland.lp.direction import Direction, Point
from greenland.lp.kkt import KktSystem
from greenland.lp.program import Floats
from greenland.lp.solution import MIN_COST_SHARE, mean_magnitude
from greenland.lp.standard_form import StandardForm


@dataclass
class Convergence:
    """Measures of a point, relative; *total* is the sum of the products of the pairs."""

    primal: float
    dual: float
    gap: float
    mu: float
    total: float

    @property
    def worst(self) -> float:
        """The gap, or a small part of a residual, whichever is larger."""
        return max(0.06 * self.primal, 0.06 * self.dual, self.gap)


class Residuals:
    """Residuals of a point, in the units the KktSystem system is asked for.

    Attributes
    ----------
    primal, dual : array
        What the rows and the columns of the last point miss.
    """

    def __init__(self, standard: StandardForm, newton: KktSystem) -> None:
        self.standard, self.newton = standard, newton
        rows, columns = np.abs(standard.row_unit), np.abs(standard.column_unit)
        self.per_row = rows / np.maximum(rows * np.abs(standard.rhs), 1.0)
        self.border_unit = rows[standard.border_rows]
        costs = columns * np.abs(standard.cost)
        self.per_column = columns / np.maximum(costs, MIN_COST_SHARE * mean_magnitude(costs))
        self.primal, self.dual = np.empty(len(rows)), np.empty(len(columns))
        parts = [part for block in standard.blocks for part in (block.rows, block.columns)]
        most = max(part.stop - part.start for part in parts)
        self.rooms = [np.empty(most) for _thread in range(newton.crew.threads)]

    def measure(self, point: Point) -> Convergence:
        """Measure a point, and look up what is missing in its rows and columns."""
        missing = np.empty((len(self.standard.blocks), 2))
        self.newton.clear()

        def work(k: int, thread: int) -> None:
            missing[k] = self._look_up(k, point, self.rooms[thread])

        self.newton.crew.every(work)
        primal, dual = missing.max(axis=0).tolist()
        return self._progress(point, primal, dual)

    def shrink(self, point: Point, before: Convergence, move: Direction) -> Convergence:
        """Measure a point after a move; what was missing is shrunk as the steps say."""
        primal, dual = 1.0 - move.primal, 1.0 - move.dual

        def work(k: int, _thread: int) -> None:
            self.primal[self.standard.blocks[k].rows] *= primal
            self.dual[self.standard.blocks[k].columns] *= dual

        self.newton.crew.every(work)
        return self._progress(point, primal * before.primal, dual * before.dual)

    def _progress(self, point: Point, primal: float, dual: float) -> Convergence:
        """Gap and products of a point, with the largest misses of its rows and columns."""
        sums = np.empty((len(self.standard.blocks), 3))

        def work(k: int, _thread: int) -> None:
            sums[k] = self._sums(k, point)

        self.newton.crew.every(work)
        value, bound, total = sums.sum(axis=0).tolist()
        size = max(abs(value), abs(bound), 1e-6)
        gap, mu = abs(value - bound) / size, total / max(self.standard.pairs, 1)
        return Convergence(primal, dual, gap, mu, total)

    def _sums(self, k: int, point: Point) -> tuple[float, float, float]:
        """A block's share of the two objectives and of the products."""
        standard, block = self.standard, self.standard.blocks[k]
        rows, columns, complement = block.rows, block.columns, point.complement[block.pairs]
        bound = (
            standard.rhs[rows] @ point.y[rows]
            - standard.upper[block.upper] @ complement[block.upper_start :]
        )
        return (
            float(standard.cost[columns] @ point.x[columns]),
            float(bound),
            float(point.direct[block.pairs] @ complement),
        )

    def _look_up(self, k: int, point: Point, room: Floats) -> tuple[float, float]:
        """Find what is missing in a block's rows and columns, and the largest of either."""
        standard, newton, block = self.standard, self.newton, self.standard.blocks[k]
        rows, columns = block.rows, block.columns
        complement, slacks, x = point.complement[block.pairs], block.inequalities, point.x[columns]
        primal, dual = self.primal[rows], self.dual[columns]
        np.copyto(primal, standard.rhs[rows])
        primal[:slacks] += complement[:slacks]
        np.copyto(dual, standard.cost[columns])
        dual[: block.bounded] -= complement[slacks : block.upper_start]
        dual[: block.boxed] += complement[block.upper_start :]
        if k < len(newton.blocks):
            newton.subtract_products(k, point.x, point.y, self.primal, self.dual)
            newton.add_sizes(k, np.abs(x, out=room[: len(x)]))
        else:
            newton.subtract_border(point.x, point.y, primal, dual)
            # sums over many steps: their rounding goes with their terms
            terms = self.border_unit * newton.border_sizes(point.x)
            self.per_row[rows] = self.border_unit / np.maximum(terms, 1.0)
        return (
            _largest(primal, self.per_row[rows], room),
            _largest(dual, self.per_column[columns], room),
        )


def _largest(values: Floats, weights: Floats, room: Floats) -> float:
    """Largest absolute value, weighted."""
    if len(values) == 0:
        return 0.0
    weighted = np.multiply(values, weights, out=room[: len(values)])
    return max(float(weighted.max()), -float(weighted.min()))
