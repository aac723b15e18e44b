"""Interior point method for linear programs in time order.

`solve` takes any `Program` whose rows and columns carry a time step; see docs/energy-engine.md.
"""

from greenland.lp.general import solve_generally
from greenland.lp.program import GLOBAL, Program
from greenland.lp.settings import Settings
from greenland.lp.solution import TRUSTED, Answer, Outcome, Quality, Reason, measure
from greenland.lp.solver import Engine, solve, solve_interior

__all__ = [
    "GLOBAL",
    "TRUSTED",
    "Answer",
    "Engine",
    "Outcome",
    "Program",
    "Quality",
    "Reason",
    "Settings",
    "measure",
    "solve",
    "solve_generally",
    "solve_interior",
]
