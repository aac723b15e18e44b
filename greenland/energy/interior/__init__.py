"""Interior point method for linear programs in time order.

`solve` takes any `Program` whose rows and columns carry a time step; see docs/energy-engine.md.
"""

from greenland.energy.interior.answer import TRUSTED, Answer, Outcome, Quality, Reason, measure
from greenland.energy.interior.driver import Engine, solve, solve_interior
from greenland.energy.interior.general import solve_generally
from greenland.energy.interior.program import GLOBAL, Program
from greenland.energy.interior.settings import Settings

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
