"""Linear programs in time order, solved by a structured interior-point method.

The programs come from planning and scheduling over many time steps: nearly every row and column
belongs to one step, rows couple columns of their own and of neighbouring steps (a storage balance),
and a few *global* columns (capacities) and rows (annual limits) reach through all steps. For this
shape the KKT system of a primal-dual method is an arrow: independent rows and a narrow band, with
a small dense border for whatever is global. One iteration takes time and memory proportional to
the number of steps.

Any `LinearProgram` is accepted, but only one of this shape is solved, and only to optimality:
whatever else comes of it is ``not_solved`` with a `FailureReason`, a case for a general solver. A
solution is called optimal only after its optimality conditions have been checked on the program
as stated (`kkt_residuals`).

The package needs NumPy, SciPy and threadpoolctl and imports nothing of the rest of greenland. See
docs/energy-engine.md for the method.
"""

from greenland.lp.optimality import ACCEPTANCE_TOLERANCE, KktResiduals, kkt_residuals
from greenland.lp.program import GLOBAL, LinearProgram
from greenland.lp.settings import SolverSettings
from greenland.lp.solution import FailureReason, LpStatus, Solution
from greenland.lp.solver import InteriorPointSolver, solve

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
    "kkt_residuals",
    "solve",
]
