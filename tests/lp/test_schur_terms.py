"""Runs of terms, and the strips they make, against the same listed one by one."""

from __future__ import annotations

import numpy as np
import pytest
from engine_checks import assert_same_entries, kkt_error
from random_programs import random_program
from scipy import sparse

from greenland.lp import patterns
from greenland.lp.analysis import analyse
from greenland.lp.diagonals import DiagonalMatrix
from greenland.lp.standard_form import standardise


@pytest.mark.parametrize("seed", range(15))
def test_runs_write_the_entries_that_single_terms_write(seed, shortest):
    standard = standardise(random_program(seed))
    shortest(10**9)
    scattered = analyse(standard)
    shortest(3)
    assert_same_entries(analyse(standard), scattered, seed)


@pytest.mark.parametrize("seed", range(8))
def test_the_newton_system_is_solved_with_runs(seed, shortest):
    shortest(3)
    assert kkt_error(random_program(seed), seed) < 1e-8


def matrix_of(rows: list[list[tuple[int, float]]], width: int) -> sparse.csr_array:
    dense = np.zeros((len(rows), width))
    for k, row in enumerate(rows):
        for column, value in row:
            dense[k, column] = value
    return sparse.csr_array(dense)


def test_stretches_go_on_while_the_steps_are_equal(shortest):
    shortest(4)
    forward = [[(2 * k, 1.0), (30, float(k + 1))] for k in range(8)]
    jump = [[(1 + k, 5.0), (31, 2.0)] for k in range(5)]
    odd = [[(0, 1.0)], [(3, 1.0), (4, 1.0), (9, 1.0)]]
    csr = matrix_of(forward + jump + odd, 40)
    found = patterns.repeated_patterns(csr.indptr, csr.indices, csr.data)
    assert [(one.start, one.stop, one.first, one.stride) for one in found] == [
        (0, 8, (0, 30), (2, 0)),
        (8, 13, (1, 31), (1, 0)),
    ]
    assert found[0].values[0] == 1.0
    assert found[0].value(1, 2, 5).tolist() == [3.0, 4.0, 5.0]
    assert found[1].values == (5.0, 2.0)


@pytest.mark.parametrize("step", [1, 2, 3, -1])
def test_strips_that_go_in_steps(step, shortest):
    shortest(4)
    first = 0 if step > 0 else 19
    rows = [[(first + step * k, 2.0 + (k >= 10)), (70, 1.5 * k + 1.0)] for k in range(20)]
    matrix, rng = matrix_of(rows, 80), np.random.default_rng(3)
    x, y = rng.normal(size=80), rng.normal(size=20)
    found = DiagonalMatrix.of(matrix)
    if step > 0:
        assert found.remainder.nnz == 0
    np.testing.assert_allclose(found @ x, matrix @ x, atol=1e-12)
    np.testing.assert_allclose(found.transposed() @ y, matrix.T @ y, atol=1e-12)
    np.testing.assert_allclose(found.magnitudes() @ x, abs(matrix) @ x, atol=1e-12)
