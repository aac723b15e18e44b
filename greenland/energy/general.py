"""The general solver, HiGHS: it decides wherever the interior engine does not."""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np

from greenland.lp.optimality import kkt_residuals
from greenland.lp.program import LinearProgram
from greenland.lp.solution import FailureReason, LpStatus, Solution

ENGINE = "highs"


def solve_generally(
    program: LinearProgram, reason: FailureReason | None = None, **options: Any
) -> Solution:
    """Solve with HiGHS; *options* are its own, such as ``solver="ipm"``."""
    began = time.perf_counter()
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(_lp(program))
    solver.run()
    status = _outcome(solver)
    if status is not LpStatus.OPTIMAL:
        return Solution(status, ENGINE, seconds=time.perf_counter() - began, reason=reason)
    found = solver.getSolution()
    x, y = np.array(found.col_value), np.array(found.row_dual)
    info = solver.getInfo()
    return Solution(
        status,
        ENGINE,
        x,
        y,
        program.cost - program.matrix.T @ y,
        float(program.cost @ x) + program.offset,
        kkt_residuals(program, x, y),
        info.simplex_iteration_count + info.ipm_iteration_count,
        time.perf_counter() - began,
        reason,
    )


def _lp(program: LinearProgram) -> Any:
    lp = highspy.HighsLp()
    rows, columns = program.shape
    lp.num_col_, lp.num_row_ = columns, rows
    lp.col_cost_ = program.cost
    lp.col_lower_, lp.col_upper_ = program.column_lower, program.column_upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    matrix = program.matrix
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr
    lp.a_matrix_.index_ = matrix.indices
    lp.a_matrix_.value_ = matrix.data
    return lp


def _outcome(solver: Any) -> LpStatus:
    """HiGHS's verdict; presolve's "infeasible or unbounded" is resolved without presolve."""
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        solver.setOptionValue("presolve", "off")
        solver.run()
        status = solver.getModelStatus()
    known = {
        highspy.HighsModelStatus.kOptimal: LpStatus.OPTIMAL,
        highspy.HighsModelStatus.kModelEmpty: LpStatus.OPTIMAL,
        highspy.HighsModelStatus.kInfeasible: LpStatus.INFEASIBLE,
        highspy.HighsModelStatus.kUnbounded: LpStatus.UNBOUNDED,
    }
    return known.get(status, LpStatus.NOT_SOLVED)
