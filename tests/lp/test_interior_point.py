"""The interior-point method on linear programs: solutions, failures, the fall-back."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from engine_checks import agrees
from random_programs import random_program
from scipy import sparse

from greenland.lp import (
    GLOBAL,
    FailureReason,
    InteriorPointSolver,
    LinearProgram,
    LpStatus,
    SolverSettings,
    analysis,
    kkt_residuals,
    solve,
)


def program(
    matrix, cost, lower, upper, row_lower, row_upper, row_step=None, column_step=None
) -> LinearProgram:
    dense = np.array(matrix, dtype=float)
    rows, columns = dense.shape
    steps = [
        np.full(n, GLOBAL) if given is None else np.array(given)
        for n, given in ((rows, row_step), (columns, column_step))
    ]
    arrays = [np.array(v, dtype=float) for v in (cost, row_lower, row_upper, lower, upper)]
    return LinearProgram(arrays[0], sparse.csr_array(dense), *arrays[1:], *steps)


INF = np.inf


# -- small programs, solved by hand ---------------------------------------------------------------


def test_a_vertex():
    # minimise -x - 2y subject to x + y <= 4, x + 3y <= 6: at (3, 1)
    case = program([[1, 1], [1, 3]], [-1, -2], [0, 0], [INF, INF], [-INF, -INF], [4, 6])
    solution = solve(case)
    assert solution.status is LpStatus.OPTIMAL
    np.testing.assert_allclose(solution.x, [3, 1], atol=1e-6)
    np.testing.assert_allclose(solution.y, [-0.5, -0.5], atol=1e-6)
    assert solution.objective == pytest.approx(-5)


def test_every_kind_of_bound():
    # columns free, boxed, with an upper and with a lower bound only; a ranged row. The free column
    # costs 1 and takes up the row at its lower bound; those that cost more are at their lower
    # bounds, the one that costs less at its upper bound: -3 - 2 - 5 + 6 = -4
    case = program([[1] * 4], [1, 2, -1, 3], [-INF, -1, -INF, 2], [INF, 1, 5, INF], [3], [10])
    solution = solve(case)
    np.testing.assert_allclose(solution.x, [-3, -1, 5, 2], atol=1e-6)
    assert solution.objective == pytest.approx(-4)
    assert solution.y[0] == pytest.approx(1)


def test_the_objective_includes_the_offset():
    case = program([[1.0]], [1.0], [0], [INF], [2], [INF])
    assert solve(replace(case, offset=10.0)).objective == pytest.approx(12)


def test_fixed_and_empty_columns():
    case = program([[1, 1, 0]], [1, 1, -1], [2, 0, 0], [2, INF, 7], [5], [INF])
    np.testing.assert_allclose(solve(case).x, [2, 3, 7], atol=1e-6)


def test_a_free_row_does_not_hold_a_column():
    # y stands in a free row only: at its upper bound, as its cost is negative
    case = program([[1, 0], [1, 1]], [1, -1], [0, 0], [INF, 7], [2, -INF], [INF, INF])
    np.testing.assert_allclose(solve(case).x, [2, 7], atol=1e-6)
    unbounded = replace(case, column_upper=np.array([INF, INF]))
    assert solve(unbounded).reason is FailureReason.UNBOUNDED


def test_a_program_that_presolve_solves():
    case = program([[1, 1]], [1, -1], [2, 0], [2, 7], [-INF], [INF])
    solution = solve(case)
    assert solution.status is LpStatus.OPTIMAL
    np.testing.assert_array_equal(solution.x, [2, 7])


def test_the_dual_of_a_row_forcing_at_its_upper_bound():
    # x + y <= 0 leaves x = y = 0; reduced costs -3 - dual and -1 - dual must not be negative
    case = program([[1, 1], [0, 1]], [-3, -1], [0, 0], [INF, INF], [-INF, -INF], [0, 4])
    solution = solve(case)
    assert solution.status is LpStatus.OPTIMAL
    np.testing.assert_allclose(solution.x, 0, atol=1e-9)
    assert solution.y[0] == pytest.approx(-3)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (program([[1.0]], [1.0], [0], [1], [2], [INF]), FailureReason.INFEASIBLE),
        (
            program([[1, 0]], [1, -1], [0, 0], [INF, INF], [2], [INF]),
            FailureReason.UNBOUNDED,
        ),
        (
            program([[1, -1], [-1, 1]], [1, 1], [0, 0], [INF, INF], [1, 1], [INF, INF]),
            FailureReason.INACCURATE,
        ),
        (
            program([[1, -1]], [-1, -1], [0, 0], [INF, INF], [-INF], [1]),
            FailureReason.INACCURATE,
        ),
    ],
    ids=["row out of reach", "empty column", "contradicting rows", "ray"],
)
def test_infeasible_and_unbounded_programs_are_not_solved(case, reason):
    solution = solve(case)
    assert (solution.status, solution.reason) == (LpStatus.NOT_SOLVED, reason)


def test_a_wide_border_is_not_solved(monkeypatch):
    monkeypatch.setattr(analysis, "MAX_BORDER", 1)
    solution = solve(program([[1, 1]], [1, 2], [0, 0], [5, 5], [3], [INF]))
    assert (solution.status, solution.reason) == (LpStatus.NOT_SOLVED, FailureReason.BORDER)


def test_too_few_iterations_are_not_called_optimal():
    solution = solve(random_program(2), SolverSettings(max_iterations=2))
    assert (solution.status, solution.reason) == (LpStatus.NOT_SOLVED, FailureReason.INACCURATE)


@pytest.mark.parametrize(("entry", "status"), [(1e-18, "not_solved"), (1e-6, "optimal")])
def test_a_point_with_immense_duals_is_not_called_optimal(entry, status):
    """A row of one tiny entry is worth 300 / entry: what it holds, no other row would notice."""
    case = program([[1, 1], [0, entry]], [1, 300], [0, 0], [INF, INF], [1, entry], [INF, INF])
    solution = solve(case)
    assert solution.status == status
    assert solution.y[1] == pytest.approx(300 / entry, rel=0.1)


def test_the_dual_of_a_row_forcing_at_its_lower_bound():
    # x + y >= 20 leaves x = y = 10; reduced costs 3 - dual and 1 - dual must not be positive
    case = program([[1, 1]], [3, 1], [0, 0], [10, 10], [20], [INF])
    solution = solve(case)
    np.testing.assert_array_equal(solution.x, [10, 10])
    assert solution.y[0] == pytest.approx(3)


def test_columns_pressed_onto_a_bound_are_exactly_there():
    # minimise x + 2y + 0.5z subject to x + y + z >= 3, z <= 1: x = 2, y at its lower bound, z at
    # its upper
    case = program([[1, 1, 1]], [1, 2, 0.5], [0, 0, 0], [INF, INF, 1], [3], [INF])
    solution = solve(case)
    assert (solution.x[1], solution.x[2]) == (0.0, 1.0)
    assert solution.x[0] == pytest.approx(2)
    np.testing.assert_allclose(solution.reduced_costs, [0, 1, -0.5], atol=1e-6)


# -- optimality conditions ------------------------------------------------------------------------


def test_each_residual_notices_its_violation():
    case = program([[1, 1], [1, 3]], [-1, -2], [0, 0], [INF, INF], [-INF, -INF], [4, 6])
    x, y = np.array([3.0, 1.0]), np.array([-0.5, -0.5])
    assert kkt_residuals(case, x, y).largest < 1e-12
    assert kkt_residuals(case, np.array([3.0, 1.01]), y).primal_residual > 1e-3
    assert kkt_residuals(case, x, np.array([-0.4, -0.5])).dual_residual > 1e-3
    assert kkt_residuals(case, np.array([2.9, 1.0]), y).gap > 1e-3
    assert kkt_residuals(case, np.array([2.9, 1.0]), y).complementarity > 1e-3


# -- one matrix, several programs -----------------------------------------------------------------


def test_the_analysis_is_kept_while_the_matrix_stays_the_same():
    solver, first = InteriorPointSolver(), random_program(1)
    other_costs = replace(first, cost=2 * first.cost)
    assert solver.solve(other_costs).objective == solve(other_costs).objective
    assert solver.solve(first).objective == solve(first).objective
    assert solver.analyses == 1
    solver.solve(random_program(2))
    assert solver.analyses == 2


# -- random programs and the documentation --------------------------------------------------------


@pytest.mark.slow
def test_random_programs_are_never_solved_wrongly():
    results = [agrees(random_program(seed)) for seed in range(60)]
    assert all(right for _proven, right in results)
    assert np.mean([proven for proven, _right in results]) >= 0.9


def test_the_code_in_the_docs_runs():
    page = Path(__file__).parents[2] / "docs" / "energy-engine.md"
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        exec(block, {})
