"""A program that is no longer wanted is given up within an iteration."""

from __future__ import annotations

import numpy as np
import pytest
from random_programs import random_program

from greenland.lp import InteriorPointSolver, LpStatus
from greenland.lp.wanted import GivenUpError, while_wanted


def test_work_is_given_up_and_can_be_taken_up_again() -> None:
    program, solver = random_program(1), InteriorPointSolver()
    whole = solver.solve(program)
    assert whole.status is LpStatus.OPTIMAL
    asked: list[int] = []

    def wanted() -> bool:
        asked.append(len(asked))
        return len(asked) < 3

    with pytest.raises(GivenUpError), while_wanted(wanted):
        solver.solve(program)
    assert len(asked) == 3
    again = solver.solve(program)  # the engine is as good as new
    assert again.iterations == whole.iterations
    assert np.array_equal(again.x, whole.x)
