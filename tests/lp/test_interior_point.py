"""The interior point engine: parts, answers, refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from engine_checks import agrees, kkt_error
from random_programs import random_program
from scipy import sparse

from greenland.lp import (
    GLOBAL,
    FailureReason,
    InteriorPointSolver,
    LinearProgram,
    LpStatus,
    SolverSettings,
    kkt_residuals,
    solve,
    solve_generally,
    solve_interior_point,
)
from greenland.lp import analysis as analysis_module
from greenland.lp import standard_form as standard_module
from greenland.lp.csr_index import as_slice, member_pairs, member_positions, strided_runs
from greenland.lp.diagonals import DiagonalMatrix
from greenland.lp.scaling import equilibrate
from greenland.lp.standard_form import standardise
from greenland.lp.threads import BlockPool


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


# -- small problems with answers by hand ---------------------------------------------------------


def test_a_corner():
    # least -x - 2y with x + y <= 4, x + 3y <= 6: at (3, 1)
    one = program([[1, 1], [1, 3]], [-1, -2], [0, 0], [INF, INF], [-INF, -INF], [4, 6])
    found = solve_interior_point(one)
    assert found.status is LpStatus.OPTIMAL
    np.testing.assert_allclose(found.x, [3, 1], atol=1e-6)
    np.testing.assert_allclose(found.y, [-0.5, -0.5], atol=1e-6)
    assert found.objective == pytest.approx(-5)


def test_every_kind_of_bound():
    # free, boxed, only above, only below; a range; all at known sides
    one = program([[1, 1, 1, 1]], [1, 2, -1, 3], [-INF, -1, -INF, 2], [INF, 1, 5, INF], [3], [10])
    found, general = solve_interior_point(one), solve_generally(one)
    assert found.objective == pytest.approx(general.objective, rel=1e-7)


def test_an_offset_counts():
    one = program([[1.0]], [1.0], [0], [INF], [2], [INF])
    assert solve_interior_point(replace(one, offset=10.0)).objective == pytest.approx(12)


def test_fixed_and_unconnected_columns():
    one = program([[1, 1, 0]], [1, 1, -1], [2, 0, 0], [2, INF, 7], [5], [INF])
    np.testing.assert_allclose(solve_interior_point(one).x, [2, 3, 7], atol=1e-6)


def test_a_row_that_forces_its_columns_gets_a_price():
    # x + y <= 0 leaves nothing; the price of the row is the better of the two costs
    one = program([[1, 1], [0, 1]], [-3, -1], [0, 0], [INF, INF], [-INF, -INF], [0, 4])
    found = solve_interior_point(one)
    assert found.status is LpStatus.OPTIMAL
    np.testing.assert_allclose(found.x, 0, atol=1e-9)
    assert found.y[0] == pytest.approx(-3)


@pytest.mark.parametrize(
    ("case", "reason", "status"),
    [
        (
            program([[1.0]], [1.0], [0], [1], [2], [INF]),
            FailureReason.INFEASIBLE,
            LpStatus.INFEASIBLE,
        ),
        (
            program([[1, 0]], [1, -1], [0, 0], [INF, INF], [2], [INF]),
            FailureReason.UNBOUNDED,
            LpStatus.UNBOUNDED,
        ),
        (
            program([[1, -1], [-1, 1]], [1, 1], [0, 0], [INF, INF], [1, 1], [INF, INF]),
            None,
            LpStatus.INFEASIBLE,
        ),
        (
            program([[1, -1]], [-1, -1], [0, 0], [INF, INF], [-INF], [1]),
            None,
            LpStatus.UNBOUNDED,
        ),
    ],
    ids=["row out of reach", "open column", "rows against each other", "ray"],
)
def test_the_general_solver_decides_what_is_infeasible_or_unbounded(case, reason, status):
    mine = solve_interior_point(case)
    assert mine.status is LpStatus.NOT_SOLVED
    if reason is not None:
        assert mine.reason is reason
    found = solve(case)
    assert found.status is status
    assert found.engine == "highs"
    assert found.reason is not None


def test_a_border_too_wide_goes_to_the_general_solver(monkeypatch):
    monkeypatch.setattr(analysis_module, "MAX_BORDER", 1)
    found = solve(program([[1, 1]], [1, 2], [0, 0], [5, 5], [3], [INF]))
    assert (found.engine, found.reason) == ("highs", FailureReason.BORDER)
    assert found.objective == pytest.approx(3)


def test_too_few_iterations_go_to_the_general_solver():
    found = solve(random_program(2), InteriorPointSolver(SolverSettings(max_iterations=2)))
    assert (found.engine, found.reason) == ("highs", FailureReason.INACCURATE)


# -- quality -------------------------------------------------------------------------------------


def test_a_wrong_answer_is_seen():
    one = program([[1, 1], [1, 3]], [-1, -2], [0, 0], [INF, INF], [-INF, -INF], [4, 6])
    x, y = np.array([3.0, 1.0]), np.array([-0.5, -0.5])
    assert kkt_residuals(one, x, y).largest < 1e-12
    assert kkt_residuals(one, np.array([3.0, 1.01]), y).primal_residual > 1e-3
    assert kkt_residuals(one, x, np.array([-0.4, -0.5])).dual_residual > 1e-3
    assert kkt_residuals(one, np.array([2.9, 1.0]), y).gap > 1e-3
    assert kkt_residuals(one, np.array([2.9, 1.0]), y).complementarity > 1e-3


# -- linear algebra ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_the_newton_system_is_solved(seed):
    assert kkt_error(random_program(seed), seed) < 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_the_newton_system_is_solved_in_many_blocks(seed, many_blocks):
    assert kkt_error(random_program(seed), seed) < 1e-9


@pytest.mark.parametrize("seed", [4, 9])
def test_blocks_change_nothing_but_the_rounding(seed, many_blocks, monkeypatch):
    program = random_program(seed)
    in_blocks = solve_interior_point(program)
    assert len(standardise(program).blocks) > 4
    monkeypatch.setattr(standard_module, "THREAD_COLUMNS", 10**9)
    whole = solve_interior_point(program)
    assert len(standardise(program).blocks) == 2
    assert in_blocks.status is whole.status is LpStatus.OPTIMAL
    assert in_blocks.objective == pytest.approx(whole.objective, rel=1e-7)


def test_every_block_is_worked_on_once_and_errors_come_out():
    pool = BlockPool(7, n_threads=3)
    seen = []
    with pool.running():
        pool.map_blocks(lambda k, thread: seen.append((k, thread)))
        with pytest.raises(ZeroDivisionError):
            pool.map_blocks(lambda k, _thread: 1 // (k - 6))
    assert sorted(k for k, _thread in seen) == list(range(7))
    assert {thread for _k, thread in seen} == {0, 1, 2}
    pool.map_blocks(lambda k, thread: seen.append((k, thread)))  # alone, once the others have gone
    assert {thread for _k, thread in seen[7:]} == {0}


def striped() -> sparse.csr_array:
    """Diagonals of one and of many values, a broken one, long columns and rows, loose entries."""
    rng = np.random.default_rng(3)
    dense = np.zeros((260, 240))
    step = np.arange(200)
    dense[step, step] = np.where(step < 100, 1.0, -2.5)
    dense[step[:150] + 40, step[:150] + 1] = rng.normal(size=150)
    dense[step[step % 7 != 0] + 3, 230] = rng.normal(size=int(np.sum(step % 7 != 0)))
    dense[:200, 231] = -1.0
    dense[250, :200] = 3.0
    dense[251, 20:190] = rng.normal(size=170)
    dense[252, [3, 90, 239]] = [1.0, 2.0, 3.0]
    return sparse.csr_array(dense)


def test_products_by_strips_are_the_products_of_the_matrix():
    matrix, rng = striped(), np.random.default_rng(4)
    strips = DiagonalMatrix.of(matrix)
    x, y = rng.normal(size=240), rng.normal(size=260)
    assert strips.remainder.nnz < 0.2 * matrix.nnz
    np.testing.assert_allclose(strips @ x, matrix @ x, atol=1e-12)
    np.testing.assert_allclose(strips.transposed() @ y, matrix.T @ y, atol=1e-12)
    np.testing.assert_allclose(strips.magnitudes() @ x, abs(matrix) @ x, atol=1e-12)
    left = y.copy()
    strips.subtract(left, x)
    np.testing.assert_allclose(left, y - matrix @ x, atol=1e-12)


@pytest.mark.parametrize("matrix", [sparse.csr_array((5, 4)), sparse.csr_array((0, 4))])
def test_a_matrix_without_entries_has_no_strips(matrix):
    strips = DiagonalMatrix.of(matrix)
    assert np.array_equal(strips @ np.ones(4), np.zeros(matrix.shape[0]))
    assert np.array_equal(strips.transposed() @ np.ones(matrix.shape[0]), np.zeros(4))


@pytest.mark.parametrize("seed", range(6))
def test_strips_of_any_matrix(seed):
    rng = np.random.default_rng(seed)
    matrix = sparse.random_array((300, 250), density=0.3, rng=rng, format="csr")
    x = rng.normal(size=250)
    np.testing.assert_allclose(DiagonalMatrix.of(matrix) @ x, matrix @ x, atol=1e-10)


def test_scaling_leaves_plain_matrices_alone_and_mends_wild_ones():
    plain = sparse.csr_array(np.array([[1.0, 2.0], [0.5, 0.0]]))
    everywhere = np.ones(3, dtype=bool)
    assert all((factor == 1).all() for factor in equilibrate(plain, everywhere))
    wild = sparse.csr_array(np.array([[1e8, 1.0], [0.0, 1e-8]]))
    row, column = equilibrate(wild, everywhere)
    scaled = np.abs(wild.toarray()) * row[:, None] * column
    assert 0.1 <= scaled.max() <= 10
    assert scaled.max(axis=1).min() > 1e-2


def test_ragged_indices():
    at, owner = member_positions(np.array([4, 0]), np.array([2, 3]))
    assert (at.tolist(), owner.tolist()) == ([4, 5, 0, 1, 2], [0, 0, 1, 1, 1])
    later, earlier, which = member_pairs(np.array([0, 2, 2, 3]))
    found = sorted(zip(later.tolist(), earlier.tolist(), which.tolist(), strict=True))
    assert found == [(0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 2, 2)]
    assert as_slice(np.array([3, 5, 7])) == slice(3, 8, 2)
    assert not isinstance(as_slice(np.array([3, 5, 6])), slice)


@pytest.mark.parametrize(
    ("index", "count"),
    [([], 0), ([5], 1), ([2, 3, 4], 1), ([0, 2, 4, 1, 3, 5], 2), ([3, 2, 1], 3), ([0, 1, 9, 9], 3)],
)
def test_an_index_in_stretches(index, count):
    whole = np.array(index, dtype=int)
    found = strided_runs(whole)
    made = np.full(len(whole), -1)
    for here, there in found:
        made[here] = np.arange(20)[there]
    assert np.array_equal(made, whole)
    assert len(found) == count


def test_an_index_without_stretches_stays_whole():
    wild = np.random.default_rng(1).permutation(1000)
    assert len(strided_runs(wild)) == 1


# -- random problems -----------------------------------------------------------------------------


def test_random_programs_of_any_make_are_never_wrong():
    results = [agrees(random_program(seed)) for seed in range(60)]
    assert all(right for _answered, right in results)
    assert np.mean([answered for answered, _right in results]) >= 0.9


def test_the_code_in_the_docs_runs():
    import re
    from pathlib import Path

    page = Path(__file__).parents[2] / "docs" / "energy-engine.md"
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        exec(block, {})
