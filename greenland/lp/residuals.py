"""Primal and dual residuals of a point, and measures of its distance from an optimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenland.lp.direction import Direction, Point
from greenland.lp.kkt import KktSystem
from greenland.lp.optimality import MIN_COST_SHARE
from greenland.lp.program import Floats
from greenland.lp.scaling import mean_magnitude
from greenland.lp.standard_form import StandardForm


@dataclass
class Convergence:
    """Measures of a point, all but the last two relative.

    Attributes
    ----------
    primal, dual : float
        Largest residual of a row and of a column, in the units of the program.
    gap : float
        Difference of primal and dual objective.
    mu : float
        Mean complementarity product.
    product_sum : float
        Sum of the complementarity products.
    """

    primal: float
    dual: float
    gap: float
    mu: float
    product_sum: float

    @property
    def worst(self) -> float:
        """What is held against the tolerance: the gap, or 6 % of a residual if that is larger."""
        return max(0.06 * self.primal, 0.06 * self.dual, self.gap)


class Residuals:
    """Residuals of the present point in the units of the standard form.

    Attributes
    ----------
    primal : array, shape (m,)
        ``b + s - A x``.
    dual : array, shape (n,)
        ``c - A' y - z + v``.
    """

    def __init__(self, standard: StandardForm, kkt: KktSystem) -> None:
        self.standard, self.kkt = standard, kkt
        row_unit, column_unit = np.abs(standard.row_unit), np.abs(standard.column_unit)
        self.row_weight = row_unit / np.maximum(row_unit * np.abs(standard.rhs), 1.0)
        self.border_row_unit = row_unit[standard.border_rows]
        costs = column_unit * np.abs(standard.cost)
        self.column_weight = column_unit / np.maximum(costs, MIN_COST_SHARE * mean_magnitude(costs))
        self.primal, self.dual = np.empty(len(row_unit)), np.empty(len(column_unit))
        slices = [part for block in standard.blocks for part in (block.rows, block.columns)]
        longest = max(part.stop - part.start for part in slices)
        self.scratch = [np.empty(longest) for _thread in range(kkt.pool.n_threads)]

    def evaluate(self, point: Point) -> Convergence:
        """Compute the residuals of a point and measure it."""
        largest = np.empty((len(self.standard.blocks), 2))
        self.kkt.clear_border_sums()

        def evaluate_block(k: int, thread: int) -> None:
            largest[k] = self._evaluate_block(k, point, self.scratch[thread])

        self.kkt.pool.map_blocks_and_border(evaluate_block)
        primal, dual = largest.max(axis=0).tolist()
        return self._convergence(point, primal, dual)

    def shrink(self, point: Point, before: Convergence, direction: Direction) -> Convergence:
        """Measure a point after a step along *direction*, without a product by the matrix.

        A Newton step ``a`` shortens a linear residual by the factor ``1 - a``, up to rounding.
        """
        primal, dual = 1.0 - direction.primal_step, 1.0 - direction.dual_step

        def shrink_block(k: int, _thread: int) -> None:
            self.primal[self.standard.blocks[k].rows] *= primal
            self.dual[self.standard.blocks[k].columns] *= dual

        self.kkt.pool.map_blocks_and_border(shrink_block)
        return self._convergence(point, primal * before.primal, dual * before.dual)

    def _convergence(self, point: Point, primal: float, dual: float) -> Convergence:
        """Gap and products of a point whose largest residuals are known."""
        sums = np.empty((len(self.standard.blocks), 3))

        def sum_block(k: int, _thread: int) -> None:
            sums[k] = self._block_sums(k, point)

        self.kkt.pool.map_blocks_and_border(sum_block)
        primal_objective, dual_objective, product_sum = sums.sum(axis=0).tolist()
        size = max(abs(primal_objective), abs(dual_objective), 1e-6)
        gap = abs(primal_objective - dual_objective) / size
        mu = product_sum / max(self.standard.n_pairs, 1)
        return Convergence(primal, dual, gap, mu, product_sum)

    def _block_sums(self, k: int, point: Point) -> tuple[float, float, float]:
        """A block's part of the primal and the dual objective and of the sum of products."""
        standard, block = self.standard, self.standard.blocks[k]
        rows, columns, complement = block.rows, block.columns, point.complement[block.pairs]
        dual_objective = (
            standard.rhs[rows] @ point.y[rows]
            - standard.upper[block.upper] @ complement[block.upper_start :]
        )
        return (
            float(standard.cost[columns] @ point.x[columns]),
            float(dual_objective),
            float(point.direct[block.pairs] @ complement),
        )

    def _evaluate_block(self, k: int, point: Point, scratch: Floats) -> tuple[float, float]:
        """Compute the residuals of a block's rows and columns; the largest of either."""
        standard, kkt, block = self.standard, self.kkt, self.standard.blocks[k]
        rows, columns = block.rows, block.columns
        complement, slacks = point.complement[block.pairs], block.inequalities
        x, primal, dual = point.x[columns], self.primal[rows], self.dual[columns]
        np.copyto(primal, standard.rhs[rows])
        primal[:slacks] += complement[:slacks]
        np.copyto(dual, standard.cost[columns])
        dual[: block.bounded] -= complement[slacks : block.upper_start]
        dual[: block.boxed] += complement[block.upper_start :]
        if k < len(kkt.blocks):
            kkt.subtract_products(k, point.x, point.y, self.primal, self.dual)
            kkt.add_row_magnitudes(k, np.abs(x, out=scratch[: len(x)]))
        else:
            kkt.subtract_border_products(point.x, point.y, primal, dual)
            # border rows sum over many steps: their rounding grows with the size of their terms
            magnitudes = self.border_row_unit * kkt.border_row_magnitudes(point.x)
            self.row_weight[rows] = self.border_row_unit / np.maximum(magnitudes, 1.0)
        return (
            _weighted_max(primal, self.row_weight[rows], scratch),
            _weighted_max(dual, self.column_weight[columns], scratch),
        )


def _weighted_max(values: Floats, weights: Floats, scratch: Floats) -> float:
    """Largest weighted absolute value; the weights are positive."""
    if len(values) == 0:
        return 0.0
    weighted = np.multiply(values, weights, out=scratch[: len(values)])
    return max(float(weighted.max()), -float(weighted.min()))
