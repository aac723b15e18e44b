"""Interior point method for linear programs in time order.

`solve` takes any `LinearProgram` whose rows and columns carry a time step; see docs/energy-engine.md.
"""

from greenland.lp.general import solve_generally
from greenland.lp.program import GLOBAL, LinearProgram
from greenland.lp.settings import SolverSettings
from greenland.lp.solution import (
    ACCEPTANCE_TOLERANCE,
    FailureReason,
    KktResiduals,
    LpStatus,
    Solution,
    measure,
)
from greenland.lp.solver import InteriorPointSolver, solve, solve_interior_point

__all__ = [
    "ACCEPTANCE_TOLERANCE",
    "GLOBAL",
    "FailureReason",
    "InteriorPointSolver",
    "KktResiduals",
    "LinearProgram",
    "LpStatus",
    "Solution",
    "SolverSettings",
    "measure",
    "solve",
    "solve_generally",
    "solve_interior_point",
]
