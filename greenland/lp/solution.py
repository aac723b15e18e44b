"""An answer to a program, and how far it is from optimal on the program as stated."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from greenland.lp.csr_index import with_data
from greenland.lp.program import Floats, LinearProgram

ACCEPTANCE_TOLERANCE = 1e-7
"""Largest relative residual, complementarity and gap of an answer that is given out."""


MIN_COST_SHARE = 1e-2
"""Share of the mean_magnitude cost below which the price of a column counts as this share."""


class FailureReason(StrEnum):
    """Why the interior engine did not answer."""

    INFEASIBLE = "infeasible"  # seen before solving
    UNBOUNDED = "unbounded"
    BORDER = "border"  # too many rows and columns without a step
    BAND = "band"  # too many couplings between steps
    NUMERICAL = "numerical"
    INACCURATE = "inaccurate"  # also what infeasible and unbounded problems end in


class UnsuitableProgramError(Exception):
    """The engine does not take this problem; the general solver does."""

    def __init__(self, reason: FailureReason) -> None:
        self.reason = reason
        super().__init__(reason)


class LpStatus(StrEnum):
    """What an engine found out."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    NOT_SOLVED = "not_solved"


@dataclass(frozen=True)
class KktResiduals:
    """Measures of an answer on the unscaled program, all relative.

    Parameters
    ----------
    primal_residual : float
        Largest violation of a row or bound, over the size of the row's terms (at least 1).
    dual_residual : float
        Largest violation of a column's price, over the size of its terms.
    complementarity : float
        Largest product of a multiplier and its distance, over the objective.
    gap : float
        Primal less dual objective, over the larger of them.
    """

    primal_residual: float
    dual_residual: float
    complementarity: float
    gap: float

    @property
    def worst(self) -> float:
        """The largest of the four."""
        return max(self.primal_residual, self.dual_residual, self.complementarity, self.gap)


@dataclass(frozen=True)
class Solution:
    """Values, duals and their residuals.

    Parameters
    ----------
    status : LpStatus
    engine : str
        ``"interior"`` or ``"highs"``.
    x, y, reduced_costs : array, shape (n,), (m,), (n,)
        Values of the columns; derivatives of the objective by the rows' sides; reduced_costs costs.
    objective : float
        With the program's offset.
    reason : FailureReason, optional
        Why the interior engine did not answer, when it did not.
    """

    status: LpStatus
    engine: str
    x: Floats = field(default_factory=lambda: np.zeros(0))
    y: Floats = field(default_factory=lambda: np.zeros(0))
    reduced_costs: Floats = field(default_factory=lambda: np.zeros(0))
    objective: float = float("nan")
    residuals: KktResiduals | None = None
    iterations: int = 0
    seconds: float = 0.0
    reason: FailureReason | None = None


class KktCheck:
    """Measures answers with the same prices on the program as stated.

    Attributes
    ----------
    reduced_costs : array, shape (n,)
        Reduced costs of the columns.
    """

    def __init__(self, program: LinearProgram, y: Floats) -> None:
        matrix = program.matrix
        self.program, self.y = program, y
        self.sizes = with_data(matrix, np.abs(matrix.data))
        self.reduced_costs: Floats = program.cost - matrix.T @ y
        price = np.abs(program.cost) + self.sizes.T @ np.abs(y)
        price = np.maximum(price, MIN_COST_SHARE * mean_magnitude(program.cost))
        wrong = _wrong_sign(self.reduced_costs, program.column_lower, program.column_upper)
        wrong_row = _wrong_sign(y, program.row_lower, program.row_upper)
        scale = max(_largest(np.abs(y)), 1e-12)
        self.dual = max(_largest(wrong / price), _largest(wrong_row) / scale)
        self.terms = _dual_terms(y, program.row_lower, program.row_upper)
        self.more = _dual_terms(self.reduced_costs, program.column_lower, program.column_upper)
        self.bound = float(self.terms.sum() + self.more.sum())

    def measure(self, x: Floats) -> KktResiduals:
        """Measure one answer."""
        program, bound = self.program, self.bound
        activity, magnitude = program.matrix @ x, self.sizes @ np.abs(x)
        row_size = np.maximum(magnitude, 1.0)
        over = np.maximum(program.row_lower - activity, activity - program.row_upper)
        outside = np.maximum(program.column_lower - x, x - program.column_upper)
        column_size = np.maximum(np.abs(x), 1.0)
        primal = max(_largest(over / row_size), _largest(outside / column_size))
        value = float(program.cost @ x)
        terms = float(np.abs(program.cost) @ np.abs(x))
        size = max(abs(value), abs(bound), 1e-9 * terms, 1e-12)
        products = max(
            _largest(np.abs(self.y * activity - self.terms)),
            _largest(np.abs(self.reduced_costs * x - self.more)),
        )
        return KktResiduals(primal, self.dual, products / size, abs(value - bound) / size)


def measure(program: LinearProgram, x: Floats, y: Floats) -> KktResiduals:
    """Measure an answer on the program as stated."""
    return KktCheck(program, y).measure(x)


def mean_magnitude(values: Floats) -> float:
    """Mean size of what is not zero."""
    size = np.abs(values)
    size = size[size > 0]
    return float(np.mean(size)) if len(size) else 1.0


def _largest(values: Floats) -> float:
    return max(float(np.max(values, initial=0.0)), 0.0)


def _wrong_sign(price: Floats, lower: Floats, upper: Floats) -> Floats:
    """Size of prices that pull towards a side that is open."""
    wrong = np.where((price > 0) & np.isneginf(lower), price, 0.0)
    return np.where((price < 0) & np.isposinf(upper), -price, wrong)


def _dual_terms(price: Floats, lower: Floats, upper: Floats) -> Floats:
    """What each row or column adds to the dual objective; open sides add nothing."""
    side = np.where(price > 0, lower, upper)
    side = np.where(np.isfinite(side), side, 0.0)
    result: Floats = price * side
    return result
