"""Multipliers of rows that prove a program infeasible, and bounds that rows imply."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from random_programs import random_program
from scipy import sparse

from greenland.lp import LinearProgram, solve
from greenland.lp.certificate import least_violation, row_residual, with_implied_bounds


def chain(most: float = 4.0) -> LinearProgram:
    """a <= 2 (column), b - a <= 1, c - 2 b <= 0 and c >= *most*: c is at most 6."""
    return LinearProgram(
        cost=np.zeros(3),
        matrix=sparse.csr_array(np.array([[-1.0, 1, 0], [0, -2, 1], [0, 0, 1]])),
        row_lower=np.array([-np.inf, -np.inf, most]),
        row_upper=np.array([1.0, 0, np.inf]),
        column_lower=np.zeros(3),
        column_upper=np.array([2.0, np.inf, np.inf]),
        row_step=np.zeros(3, dtype=np.int64),
        column_step=np.zeros(3, dtype=np.int64),
    )


def test_bounds_go_from_row_to_row() -> None:
    assert with_implied_bounds(chain()).column_upper == pytest.approx([2.0, 3.0, 6.0])


def test_bounds_where_there_are_none() -> None:
    open_ = replace(chain(), column_upper=np.full(3, np.inf))
    assert np.isposinf(with_implied_bounds(open_).column_upper).all()


@pytest.mark.parametrize(("most", "excess"), [(5.9, 0.0), (6.0, 0.0), (6.5, 0.5), (9.0, 3.0)])
def test_multipliers_prove_what_is_missing(most: float, excess: float) -> None:
    """c by one, which is twice b and so twice a: 6 are there at most."""
    y = np.array([-2.0, -1.0, 1.0])
    assert least_violation(with_implied_bounds(chain(most)), y) == pytest.approx(excess)


def test_rough_multipliers_prove_it_only_with_bounds() -> None:
    """Half of c's price is lost on the way, which its own bound makes good."""
    y = np.array([-1.0, -0.5, 1.0])
    assert least_violation(chain(9.0), y) == 0.0
    assert 0.0 < least_violation(with_implied_bounds(chain(9.0)), y) <= 3.0


def test_multipliers_of_bounds_that_do_not_exist_count_for_nothing() -> None:
    y = np.array([-2.0, -1.0, 1.0])
    free = replace(chain(9.0), row_lower=np.full(3, -np.inf))
    assert least_violation(with_implied_bounds(free), y) == 0.0


@pytest.mark.parametrize("seed", range(12))
def test_nothing_is_proven_of_a_feasible_program(seed: int) -> None:
    """Bounds keep the optimum, and no multipliers prove it away."""
    program = random_program(seed)
    found, bounded = solve(program), with_implied_bounds(program)
    assert row_residual(bounded, found.x) < 1e-6
    rng = np.random.default_rng(seed)
    for y in (found.y, *rng.normal(size=(40, program.shape[0]))):
        assert least_violation(bounded, y) <= 1e-6 * np.abs(y).sum()
