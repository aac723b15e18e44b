"""The solution of a linear program, and why the interior-point method gave none."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from greenland.lp.optimality import KktResiduals
from greenland.lp.program import Floats


class LpStatus(StrEnum):
    """Outcome of solving a linear program."""

    OPTIMAL = "optimal"
    INFEASIBLE = "infeasible"
    UNBOUNDED = "unbounded"
    NOT_SOLVED = "not_solved"


class FailureReason(StrEnum):
    """Why the interior-point method proved no optimum."""

    INFEASIBLE = "infeasible"  # by presolve
    UNBOUNDED = "unbounded"  # by presolve
    BORDER = "border"  # too many global rows and columns
    BAND = "band"  # rows of different steps are coupled too widely
    NUMERICAL = "numerical"  # the KKT system does not factor
    INACCURATE = "inaccurate"  # no accepted point; infeasible and unbounded programs end here too


class UnsuitableProgramError(Exception):
    """The program is not one for the interior-point method.

    Parameters
    ----------
    reason : FailureReason
    """

    def __init__(self, reason: FailureReason) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Solution:
    """Primal and dual solution of a `LinearProgram`, and how well it was solved.

    Parameters
    ----------
    status : LpStatus
    engine : str
        ``"interior"`` or ``"highs"``.
    x : array, shape (n,)
        Values of the columns; this and all other values are meaningful for an optimum only.
    y : array, shape (m,)
        Duals of the rows: derivative of the optimal objective by the bound that holds.
    reduced_costs : array, shape (n,)
        ``cost - matrix.T @ y``.
    objective : float
        With the offset of the program.
    residuals : KktResiduals, optional
        On the program as stated.
    iterations : int
    seconds : float
        Wall time [s].
    reason : FailureReason, optional
        Why the interior-point method proved no optimum, where it did not.
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
