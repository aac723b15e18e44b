"""An iteration that begins from a like program's solution ends at the same optimum."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from drawn import seeds
from engine_checks import solve_by_highs
from random_programs import random_program
from scipy import sparse

from greenland.energy.problem.solve import answer
from greenland.lp import InteriorPointSolver, LinearProgram, LpStatus, SolverSettings
from greenland.lp.direction import Point
from greenland.lp.recent import beginning_near, near, remembering
from greenland.lp.standard_form import recover_x, recover_y, standard_x, standardise
from greenland.lp.starting_point import starting_point_near


@pytest.mark.parametrize("seed", seeds(12, 60))
def test_same_optimum_as_highs_finds(seed: int) -> None:
    """Costs of a program with bounds and rows of all kinds are changed by up to a fifth."""
    first = random_program(seed)
    rng = np.random.default_rng(seed)
    other = replace(first, cost=first.cost * rng.uniform(0.8, 1.2, len(first.cost)))
    solution = InteriorPointSolver().solve(first)
    found = InteriorPointSolver().solve(other, solution)
    usual = InteriorPointSolver().solve(other)
    if usual.status is LpStatus.OPTIMAL:  # a near start may lead to the end of others as well
        assert found.status is LpStatus.OPTIMAL
    if found.status is LpStatus.OPTIMAL:
        size = max(abs(found.objective), 1e-3 * float(np.abs(other.cost) @ np.abs(found.x)), 1e-6)
        if usual.status is LpStatus.OPTIMAL:
            assert abs(found.objective - usual.objective) <= 2e-7 * size
        assert abs(found.objective - other.offset - solve_by_highs(other).fun) <= 1e-6 * size


@pytest.mark.parametrize("seed", seeds(6, 20))
def test_a_stated_solution_is_found_again_in_the_standard_form(seed: int) -> None:
    program = random_program(seed)
    solution = InteriorPointSolver().solve(program)
    if solution.status is not LpStatus.OPTIMAL:
        return
    standard = standardise(program)
    x = standard_x(standard, solution.x)
    assert recover_x(standard, x) == pytest.approx(solution.x, abs=1e-7)
    surplus = standard.matrix @ x - standard.rhs
    equations = np.ones(len(surplus), dtype=bool)
    equations[standard.slack_pairs[1]] = False
    # the columns of ranged rows, which are not stated, are those that close their equations
    assert np.abs(surplus[equations]).max(initial=0.0) < 1e-6 * (1 + np.abs(x).max())
    point = starting_point_near(standard, solution.x, solution.y, SolverSettings())
    assert isinstance(point, Point)
    assert point.direct.min(initial=1.0) > 0
    assert point.complement.min(initial=1.0) > 0
    assert len(recover_y(standard, point.y, program)) == program.shape[0]


def test_no_product_is_out_of_proportion_where_a_price_was_raised() -> None:
    program = LinearProgram(
        cost=np.where(np.arange(40) == 3, 1.0, 2.0),
        matrix=sparse.csr_array(np.ones((1, 40))),
        row_lower=np.array([100.0]),
        row_upper=np.array([np.inf]),
        column_lower=np.zeros(40),
        column_upper=np.full(40, np.inf),
        row_step=np.array([0]),
        column_step=np.zeros(40, dtype=int),
    )
    x, y = np.eye(40)[3] * 100, np.ones(1)  # all from the cheapest
    raised = program.cost.copy()
    raised[3] = 5.0  # which it is no more
    largest = []
    for cost in (program.cost, raised):
        standard = standardise(replace(program, cost=cost))
        point = starting_point_near(standard, x, y, SolverSettings())
        largest.append((point.direct * point.complement).max())
    assert largest[1] < 2 * largest[0]


def test_a_start_that_leads_nowhere_costs_some_iterations_and_nothing_else() -> None:
    program = random_program(5)
    solution = InteriorPointSolver().solve(program)
    assert solution.status is LpStatus.OPTIMAL
    absurd = replace(solution, x=solution.x * np.nan, y=solution.y)
    found = InteriorPointSolver().solve(program, absurd)
    assert found.status is LpStatus.OPTIMAL
    assert found.objective == solution.objective
    far = replace(solution, x=solution.x * 1e9, y=-1e9 * solution.y)
    found = InteriorPointSolver().solve(program, far)
    assert found.status is LpStatus.OPTIMAL
    assert found.objective == pytest.approx(solution.objective, rel=1e-7)
    assert found.iterations >= solution.iterations


def test_programs_begin_near_only_where_that_is_asked_for() -> None:
    program = random_program(1)
    with remembering():
        answer(program)
        assert near(program) is None
        with beginning_near():
            assert near(program) is not None
            assert near(replace_shape(program)) is None
        assert near(program) is None


def replace_shape(program):
    rows = program.shape[0] - 1
    return replace(
        program,
        matrix=program.matrix[:rows],
        row_lower=program.row_lower[:rows],
        row_upper=program.row_upper[:rows],
        row_step=program.row_step[:rows],
    )
