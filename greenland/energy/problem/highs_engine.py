"""The general solver, HiGHS: it decides wherever the interior engine does not."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from greenland import highs
from greenland.lp.optimality import kkt_residuals
from greenland.lp.program import LinearProgram
from greenland.lp.solution import FailureReason, LpStatus, Solution

ENGINE = "highs"

STATUSES = {
    highs.Status.OPTIMAL: LpStatus.OPTIMAL,
    highs.Status.INFEASIBLE: LpStatus.INFEASIBLE,
    highs.Status.UNBOUNDED: LpStatus.UNBOUNDED,
}


def solve_generally(
    program: LinearProgram, reason: FailureReason | None = None, **options: Any
) -> Solution:
    """Solve with HiGHS; *options* are its own, such as ``solver="ipm"``."""
    result = highs.solve(highs_problem(program), options=options)
    status = STATUSES.get(result.status, LpStatus.NOT_SOLVED)
    if not (result.optimal and result.priced):
        status = LpStatus.NOT_SOLVED if result.optimal else status
        return Solution(status, ENGINE, seconds=result.seconds, reason=reason)
    return Solution(
        status,
        ENGINE,
        result.x,
        result.y,
        program.cost - program.matrix.T @ result.y,
        result.objective,
        kkt_residuals(program, result.x, result.y),
        result.iterations,
        result.seconds,
        reason,
    )


def highs_problem(
    program: LinearProgram, integer: npt.NDArray[np.bool_] | None = None
) -> highs.Problem:
    """A program as HiGHS takes it; *integer* tells the columns that take whole numbers only."""
    return highs.Problem(
        program.cost,
        program.matrix,
        program.row_lower,
        program.row_upper,
        program.column_lower,
        program.column_upper,
        integer=integer,
        offset=program.offset,
    )
