"""The general solver, HiGHS: it decides wherever the interior engine does not."""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np

from greenland.energy.interior.answer import Answer, Outcome, Reason, measure
from greenland.energy.interior.program import Program

ENGINE = "highs"


def solve_generally(program: Program, reason: Reason | None = None, **options: Any) -> Answer:
    """Solve with HiGHS; *options* are its own, such as ``solver="ipm"``."""
    began = time.perf_counter()
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(highs_lp(program))
    solver.run()
    outcome = _outcome(solver)
    if outcome is not Outcome.OPTIMAL:
        return Answer(outcome, ENGINE, seconds=time.perf_counter() - began, reason=reason)
    found = solver.getSolution()
    x, y = np.array(found.col_value), np.array(found.row_dual)
    info = solver.getInfo()
    return Answer(
        outcome,
        ENGINE,
        x,
        y,
        program.cost - program.matrix.T @ y,
        float(program.cost @ x) + program.offset,
        measure(program, x, y),
        info.simplex_iteration_count + info.ipm_iteration_count,
        time.perf_counter() - began,
        reason,
    )


def highs_lp(program: Program) -> Any:
    """A program as HiGHS takes it; its offset is left out."""
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


def _outcome(solver: Any) -> Outcome:
    """HiGHS's verdict; presolve's "infeasible or unbounded" is resolved without presolve."""
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kUnboundedOrInfeasible:
        solver.setOptionValue("presolve", "off")
        solver.run()
        status = solver.getModelStatus()
    known = {
        highspy.HighsModelStatus.kOptimal: Outcome.OPTIMAL,
        highspy.HighsModelStatus.kModelEmpty: Outcome.OPTIMAL,
        highspy.HighsModelStatus.kInfeasible: Outcome.INFEASIBLE,
        highspy.HighsModelStatus.kUnbounded: Outcome.UNBOUNDED,
    }
    return known.get(status, Outcome.NOT_SOLVED)
