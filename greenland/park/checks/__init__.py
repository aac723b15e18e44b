"""Checks of the tables once read: every problem at once, each with the evaluations it touches.

Three severities: an *error* is something that cannot be true or cannot be used; a *warning* is
something that may be true but is probably a slip; a *notice* says what was understood.
"""

from greenland.park.checks.run import run_checks

__all__ = ["run_checks"]
