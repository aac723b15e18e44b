"""Optimality conditions of a linear program, measured on the program as stated.

The measures are relative and independent of all scaling inside the solver: a point that passes
`ACCEPTANCE_TOLERANCE` is optimal whoever computed it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenland.lp.csr_index import with_data
from greenland.lp.program import Floats, LinearProgram
from greenland.lp.scaling import mean_magnitude

ACCEPTANCE_TOLERANCE = 1e-7
"""Largest KKT residual of a point that is called optimal."""
IMMENSE_DUAL = 1e12
"""Largest dual of a row, in units of the largest cost, of a point that is called optimal. Beyond it
the row holds coefficients so small that what it demands is lost in the rounding of the others."""
MIN_COST_SHARE = 1e-2
"""Dual residuals are relative to the terms of the column, or to this share of the mean cost."""


@dataclass(frozen=True)
class KktResiduals:
    """Relative violation of the optimality (Karush-Kuhn-Tucker) conditions.

    Parameters
    ----------
    primal_residual : float
        Largest violation of a row's or column's bounds, over the sum of the absolute terms of the
        row, or the absolute value of the column (at least 1).
    dual_residual : float
        Largest reduced cost or row dual of the wrong sign, over the sum of the absolute terms of
        the column (at least `MIN_COST_SHARE` of the mean cost), or the largest dual.
    complementarity : float
        Largest product of a multiplier and the distance from its bound, over the objective.
    gap : float
        Primal less dual objective, over the larger of them.
    """

    primal_residual: float
    dual_residual: float
    complementarity: float
    gap: float

    @property
    def largest(self) -> float:
        """The largest of the four."""
        return max(self.primal_residual, self.dual_residual, self.complementarity, self.gap)


class KktCheck:
    """Measures primal points against one dual solution.

    Parameters
    ----------
    program : LinearProgram
    y : array, shape (m,)

    Attributes
    ----------
    reduced_costs : array, shape (n,)
    """

    def __init__(self, program: LinearProgram, y: Floats) -> None:
        matrix = program.matrix
        self.program, self.y = program, y
        self.magnitudes = with_data(matrix, np.abs(matrix.data))
        self.reduced_costs: Floats = program.cost - matrix.T @ y
        column_scale = np.abs(program.cost) + self.magnitudes.T @ np.abs(y)
        column_scale = np.maximum(column_scale, MIN_COST_SHARE * mean_magnitude(program.cost))
        wrong_costs = _wrong_sign(self.reduced_costs, program.column_lower, program.column_upper)
        wrong_duals = _wrong_sign(y, program.row_lower, program.row_upper)
        dual_scale = max(_largest(np.abs(y)), 1e-12)
        self.dual_residual = max(
            _largest(wrong_costs / column_scale), _largest(wrong_duals) / dual_scale
        )
        self.row_terms = _dual_terms(y, program.row_lower, program.row_upper)
        self.column_terms = _dual_terms(
            self.reduced_costs, program.column_lower, program.column_upper
        )
        self.dual_objective = float(self.row_terms.sum() + self.column_terms.sum())

    @property
    def has_immense_duals(self) -> bool:
        """Whether a dual exceeds `IMMENSE_DUAL`, so that small residuals mean nothing."""
        return _largest(np.abs(self.y)) > IMMENSE_DUAL * _largest(np.abs(self.program.cost))

    def residuals(self, x: Floats) -> KktResiduals:
        """KKT residuals of the primal point *x*, shape (n,), and the dual solution."""
        program, dual_objective = self.program, self.dual_objective
        activity, magnitude = program.matrix @ x, self.magnitudes @ np.abs(x)
        row_scale = np.maximum(magnitude, 1.0)
        row_violation = np.maximum(program.row_lower - activity, activity - program.row_upper)
        column_violation = np.maximum(program.column_lower - x, x - program.column_upper)
        column_scale = np.maximum(np.abs(x), 1.0)
        primal_residual = max(
            _largest(row_violation / row_scale), _largest(column_violation / column_scale)
        )
        objective = float(program.cost @ x)
        terms = float(np.abs(program.cost) @ np.abs(x))
        size = max(abs(objective), abs(dual_objective), 1e-9 * terms, 1e-12)
        product = max(
            _largest(np.abs(self.y * activity - self.row_terms)),
            _largest(np.abs(self.reduced_costs * x - self.column_terms)),
        )
        gap = abs(objective - dual_objective) / size
        return KktResiduals(primal_residual, self.dual_residual, product / size, gap)


def kkt_residuals(program: LinearProgram, x: Floats, y: Floats) -> KktResiduals:
    """Measure a primal and dual solution on the program as stated.

    Parameters
    ----------
    program : LinearProgram
    x : array, shape (n,)
        Values of the columns.
    y : array, shape (m,)
        Duals of the rows, with the sign of `Solution.y`.

    Returns
    -------
    KktResiduals
    """
    return KktCheck(program, y).residuals(x)


def _largest(values: Floats) -> float:
    return max(float(np.max(values, initial=0.0)), 0.0)


def _wrong_sign(multiplier: Floats, lower: Floats, upper: Floats) -> Floats:
    """Size of multipliers of bounds that do not exist."""
    wrong = np.where((multiplier > 0) & np.isneginf(lower), multiplier, 0.0)
    return np.where((multiplier < 0) & np.isposinf(upper), -multiplier, wrong)


def _dual_terms(multiplier: Floats, lower: Floats, upper: Floats) -> Floats:
    """Terms of the dual objective: multiplier times bound, nothing where there is no bound."""
    bound = np.where(multiplier > 0, lower, upper)
    bound = np.where(np.isfinite(bound), bound, 0.0)
    terms: Floats = multiplier * bound
    return terms
