"""Programs solved a moment ago: one that differs only in settled columns has the same solution."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

import numpy as np

from greenland.lp.program import Floats, LinearProgram
from greenland.lp.solution import LpStatus, Solution

Solved = tuple[LinearProgram, Solution]
MOST = 6  # programs kept
SAME = 1e-13
"""Relative difference of two costs that is taken for rounding: sums of a few prices, added up in
another order, differ by less."""
_recent: ContextVar[deque[Solved] | None] = ContextVar("recent", default=None)
_near: ContextVar[tuple[Solution, ...] | None] = ContextVar("near", default=None)
"""Solutions given to begin from; None where programs do not begin near others."""


@contextmanager
def remembering(begin: Iterable[Solved] = ()) -> Iterator[None]:
    """Keep the last solutions inside this context; outside it every program is solved.

    Parameters
    ----------
    begin : iterable of (LinearProgram, Solution)
        What is known from the outset, the latest last.
    """
    solved: deque[Solved] = deque(begin, maxlen=MOST)
    token = _recent.set(solved)
    try:
        yield
    finally:
        _recent.reset(token)


def kept() -> tuple[Solved, ...]:
    """What is kept, the latest last; nothing outside `remembering`."""
    return tuple(_recent.get() or ())


def remembers() -> bool:
    """Whether solutions are kept, so that one taken to its end serves the next question too."""
    return _recent.get() is not None


def remember(program: LinearProgram, solution: Solution) -> None:
    """Keep the solution of a program, where solutions are kept."""
    solved = _recent.get()
    if solved is not None and solution.status is LpStatus.OPTIMAL:
        solved.append((program, solution))


def known(program: LinearProgram) -> Solution | None:
    """The solution of a program whose like was solved, None where there was none.

    Two programs are alike where rows, bounds and, but for rounding, the costs of all columns that
    are not settled (bounds that are equal) are the same: what a settled column costs, and the
    offset, move the objective and nothing else.
    """
    for other, solution in reversed(_recent.get() or ()):
        if _alike(program, other):
            return replace(
                solution,
                objective=float(program.cost @ solution.x) + program.offset,
                reduced_costs=solution.reduced_costs + (program.cost - other.cost),
                seconds=0.0,
            )
    return None


@contextmanager
def beginning_near(*given: Solution) -> Iterator[None]:
    """Begin from a solution that is kept, or else from one that is given, inside this context.

    It takes half the iterations, and the optimum is the same. Which of several equally good
    solutions is found depends on where the iteration began, so this is for those who want the
    value alone.
    """
    token = _near.set(given)
    try:
        yield
    finally:
        _near.reset(token)


def near(program: LinearProgram) -> Solution | None:
    """The latest solution of a program of the same shape, where programs begin from such."""
    given = _near.get()
    if given is None:
        return None
    found = [solution for _other, solution in reversed(_recent.get() or ())]
    return next(
        (one for one in (*found, *given) if program.shape == (len(one.y), len(one.x))), None
    )


def _alike(one: LinearProgram, other: LinearProgram) -> bool:
    if one.shape != other.shape or one.matrix.nnz != other.matrix.nnz:
        return False
    free = one.column_lower < one.column_upper
    return bool(
        _same(one.cost[free], other.cost[free])
        and np.array_equal(one.column_lower, other.column_lower)
        and np.array_equal(one.column_upper, other.column_upper)
        and np.array_equal(one.row_lower, other.row_lower)
        and np.array_equal(one.row_upper, other.row_upper)
        and np.array_equal(one.matrix.indptr, other.matrix.indptr)
        and np.array_equal(one.matrix.indices, other.matrix.indices)
        and np.array_equal(one.matrix.data, other.matrix.data)
    )


def _same(one: Floats, other: Floats) -> bool:
    """Whether numbers differ by rounding only."""
    return bool(np.all(np.abs(one - other) <= SAME * np.maximum(np.abs(one), np.abs(other))))
