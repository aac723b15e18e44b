"""The KKT system of a direction, the blocks it is solved in, and the lengths of the steps."""

from __future__ import annotations

import numpy as np
import pytest
from engine_checks import assert_same_entries, kkt_error
from random_programs import random_program
from scipy import sparse

from greenland.lp import LpStatus, solve, standard_form
from greenland.lp.analysis import analyse
from greenland.lp.direction import Direction, Point, RatioTest
from greenland.lp.reduced_system import NumericalError
from greenland.lp.scaling import equilibrate
from greenland.lp.standard_form import standardise
from greenland.lp.threads import BlockPool


@pytest.mark.parametrize("seed", range(12))
def test_the_kkt_system_is_solved(seed):
    assert kkt_error(random_program(seed), seed) < 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_the_kkt_system_is_solved_in_many_blocks(seed, many_blocks):
    assert kkt_error(random_program(seed), seed) < 1e-9


@pytest.mark.parametrize("seed", [4, 9])
def test_blocks_change_the_rounding_only(seed, many_blocks, monkeypatch):
    program = random_program(seed)
    in_blocks = solve(program)
    assert len(standardise(program).blocks) > 4
    monkeypatch.setattr(standard_form, "THREAD_COLUMNS", 10**9)
    whole = solve(program)
    assert len(standardise(program).blocks) == 2
    assert in_blocks.status is whole.status is LpStatus.OPTIMAL
    assert in_blocks.objective == pytest.approx(whole.objective, rel=1e-7)


def test_every_block_is_worked_on_once_and_exceptions_are_raised():
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


@pytest.mark.parametrize("seed", range(15))
def test_runs_write_the_same_entries_as_scattered_terms(seed, pattern_length):
    standard = standardise(random_program(seed))
    pattern_length(10**9)
    scattered = analyse(standard)
    pattern_length(3)
    assert_same_entries(analyse(standard), scattered, seed)


@pytest.mark.parametrize("seed", range(8))
def test_the_kkt_system_is_solved_with_runs(seed, pattern_length):
    pattern_length(3)
    assert kkt_error(random_program(seed), seed) < 1e-8


def direction_of_one_pair() -> tuple[Direction, Point]:
    """A pair of 2 and 3 whose halves change by -2 and by 0.5, relative to themselves."""
    direction = Direction.allocate(n_blocks=1, n_pairs=1, n_columns=1, n_rows=0)
    direction.d_direct[:], direction.target[:] = -2.0, -1.5
    return direction, Point(np.zeros(1), np.zeros(0), np.array([2.0]), np.array([3.0]))


def test_a_ratio_test_finds_the_first_pair_to_block():
    test = RatioTest()
    test.update(np.array([0.5, -0.2, 3.0]), 10, is_direct=True)
    assert test.max_step == 1.0  # nothing reaches zero within a full step
    test.update(np.array([-4.0, -1.0]), 20, is_direct=False)
    assert (test.pair, test.is_direct, test.max_step) == (20, False, 0.25)
    assert test.tighter(RatioTest(-5.0, 7, True)).pair == 7


def test_a_step_to_a_given_product():
    # (1 - 2 a) (1 + 0.5) * 2 * 3 = 0.9 has the solution a = 0.45
    direction, point = direction_of_one_pair()
    blocking = RatioTest(-2.0, 0, is_direct=True)
    assert direction.step_to_product(point, blocking, 0.9, other_step=1.0) == pytest.approx(0.45)


def test_a_direction_that_is_not_finite_is_refused():
    direction, _point = direction_of_one_pair()
    direction.block_lengths[0].primal.update(np.array([np.nan, -3.0]), 0, is_direct=True)
    with pytest.raises(NumericalError, match="not finite"):
        direction.join_blocks()


def test_only_badly_scaled_matrices_are_equilibrated():
    even = sparse.csr_array(np.array([[1.0, 2.0], [0.5, 0.0]]))
    everywhere = np.ones(3, dtype=bool)
    assert all((factor == 1).all() for factor in equilibrate(even, everywhere))
    wild = sparse.csr_array(np.array([[1e8, 1.0], [0.0, 1e-8]]))
    row, column = equilibrate(wild, everywhere)
    scaled = np.abs(wild.toarray()) * row[:, None] * column
    assert 0.1 <= scaled.max() <= 10
    assert scaled.max(axis=1).min() > 1e-2


def test_rows_and_columns_without_entries_keep_their_scale():
    matrix = sparse.csr_array(np.array([[0.0, 0, 0], [1e8, 0, 0], [1e-8, 0, 0]]))
    row, column = equilibrate(matrix, np.ones(2, dtype=bool))
    assert (row[0], column[1], column[2]) == (1, 1, 1)
    assert row[1] < 1 < row[2]
    empty = equilibrate(sparse.csr_array((2, 3)), np.ones(0, dtype=bool))
    assert [factor.tolist() for factor in empty] == [[1, 1], [1, 1, 1]]
