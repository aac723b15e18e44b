"""A program that differs only in settled columns is answered from the last solutions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from greenland.energy.problem.solve import answer
from greenland.lp import LinearProgram
from greenland.lp.recent import known, remembering


def program() -> LinearProgram:
    """min 2a + b + 3c with a + b >= 4, b <= 3, c = 5, over one step."""
    return LinearProgram(
        cost=np.array([2.0, 1.0, 3.0]),
        matrix=sparse.csr_array(np.array([[1.0, 1.0, 0.0]])),
        row_lower=np.array([4.0]),
        row_upper=np.array([np.inf]),
        column_lower=np.array([0.0, 0.0, 5.0]),
        column_upper=np.array([np.inf, 3.0, 5.0]),
        row_step=np.array([0]),
        column_step=np.array([0, 0, 0]),
    )


def test_cost_of_a_settled_column_and_offset_move_the_objective_only() -> None:
    dearer = replace(program(), cost=np.array([2.0, 1.0, 7.0]), offset=10.0)
    with remembering():
        first = answer(program())
        found = known(dearer)
    assert found is not None
    assert first.objective == pytest.approx(20.0)
    assert found.objective == pytest.approx(answer(dearer).objective) == pytest.approx(50.0)
    assert found.reduced_costs == pytest.approx(dearer.cost - dearer.matrix.T @ found.y, abs=1e-9)


def test_costs_added_up_in_another_order_are_the_same_costs() -> None:
    summed = np.nextafter(2.0, 3.0)
    with remembering():
        answer(program())
        found = known(replace(program(), cost=np.array([summed, 1.0, 3.0])))
    assert found is not None
    assert found.objective == pytest.approx(20.0)


@pytest.mark.parametrize(
    "change",
    [
        {"cost": np.array([2.0, 1.5, 3.0])},
        {"cost": np.array([2.0 * (1 + 1e-12), 1.0, 3.0])},
        {"row_lower": np.array([4.5])},
        {"column_upper": np.array([np.inf, 2.0, 5.0])},
        {"column_lower": np.array([0.5, 0.0, 5.0])},
        {"matrix": sparse.csr_array(np.array([[1.0, 2.0, 0.0]]))},
    ],
    ids=["cost", "a little cost", "row", "upper bound", "lower bound", "matrix"],
)
def test_every_other_difference_is_solved(change: dict[str, np.ndarray]) -> None:
    with remembering():
        answer(program())
        assert known(replace(program(), **change)) is None


def test_nothing_is_kept_outside() -> None:
    answer(program())
    assert known(program()) is None
    with remembering():
        answer(program())
    assert known(program()) is None
