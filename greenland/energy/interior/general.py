"""The general solver, HiGHS: it decides wherever the interior engine does not."""

from __future__ import annotations

from typing import Any

from greenland import highs
from greenland.energy.interior.answer import Answer, Outcome, Reason, measure
from greenland.energy.interior.program import Program

ENGINE = "highs"

OUTCOMES = {
    highs.Status.OPTIMAL: Outcome.OPTIMAL,
    highs.Status.INFEASIBLE: Outcome.INFEASIBLE,
    highs.Status.UNBOUNDED: Outcome.UNBOUNDED,
}


def solve_generally(program: Program, reason: Reason | None = None, **options: Any) -> Answer:
    """Solve with HiGHS; *options* are its own, such as ``solver="ipm"``."""
    problem = highs.Problem(
        program.cost,
        program.matrix,
        program.row_lower,
        program.row_upper,
        program.column_lower,
        program.column_upper,
        offset=program.offset,
    )
    result = highs.solve(problem, options=options)
    outcome = OUTCOMES.get(result.status, Outcome.NOT_SOLVED)
    if not (result.optimal and result.priced):
        outcome = Outcome.NOT_SOLVED if result.optimal else outcome
        return Answer(outcome, ENGINE, seconds=result.seconds, reason=reason)
    return Answer(
        outcome,
        ENGINE,
        result.x,
        result.y,
        program.cost - program.matrix.T @ result.y,
        result.objective,
        measure(program, result.x, result.y),
        result.iterations,
        result.seconds,
        reason,
    )
