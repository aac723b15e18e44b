"""Sparse matrices by diagonals, repeated patterns, and index arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from greenland.lp.csr_index import as_slice, member_pairs, member_positions, strided_runs
from greenland.lp.diagonals import DiagonalMatrix
from greenland.lp.patterns import repeated_patterns


def banded() -> sparse.csr_array:
    """Diagonals of one and of many values, a broken one, long columns and rows, single entries."""
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


def test_products_by_segments_equal_those_of_the_matrix():
    matrix, rng = banded(), np.random.default_rng(4)
    diagonals = DiagonalMatrix.of(matrix)
    x, y = rng.normal(size=240), rng.normal(size=260)
    assert diagonals.remainder.nnz < 0.2 * matrix.nnz
    np.testing.assert_allclose(diagonals @ x, matrix @ x, atol=1e-12)
    np.testing.assert_allclose(diagonals.transposed() @ y, matrix.T @ y, atol=1e-12)
    np.testing.assert_allclose(diagonals.magnitudes() @ x, abs(matrix) @ x, atol=1e-12)
    difference = y.copy()
    diagonals.subtract(difference, x)
    np.testing.assert_allclose(difference, y - matrix @ x, atol=1e-12)


@pytest.mark.parametrize("matrix", [sparse.csr_array((5, 4)), sparse.csr_array((0, 4))])
def test_a_matrix_without_entries_has_no_segments(matrix):
    diagonals = DiagonalMatrix.of(matrix)
    assert np.array_equal(diagonals @ np.ones(4), np.zeros(matrix.shape[0]))
    assert np.array_equal(diagonals.transposed() @ np.ones(matrix.shape[0]), np.zeros(4))


@pytest.mark.parametrize("seed", range(6))
def test_segments_of_any_matrix(seed):
    rng = np.random.default_rng(seed)
    matrix = sparse.random_array((300, 250), density=0.3, rng=rng, format="csr")
    x = rng.normal(size=250)
    np.testing.assert_allclose(DiagonalMatrix.of(matrix) @ x, matrix @ x, atol=1e-10)


def test_positions_and_pairs_of_members():
    position, owner = member_positions(np.array([4, 0]), np.array([2, 3]))
    assert (position.tolist(), owner.tolist()) == ([4, 5, 0, 1, 2], [0, 0, 1, 1, 1])
    later, earlier, owner = member_pairs(np.array([0, 2, 2, 3]))
    members = sorted(zip(later.tolist(), earlier.tolist(), owner.tolist(), strict=True))
    assert members == [(0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 2, 2)]


def test_a_constant_stride_makes_a_slice():
    assert as_slice(np.array([3, 5, 7])) == slice(3, 8, 2)
    assert not isinstance(as_slice(np.array([3, 5, 6])), slice)


@pytest.mark.parametrize(
    ("index", "count"),
    [([], 0), ([5], 1), ([2, 3, 4], 1), ([0, 2, 4, 1, 3, 5], 2), ([3, 2, 1], 3), ([0, 1, 9, 9], 3)],
)
def test_runs_of_an_index(index, count):
    array = np.array(index, dtype=int)
    runs = strided_runs(array)
    rebuilt = np.full(len(array), -1)
    for part, places in runs:
        rebuilt[part] = np.arange(20)[places]
    assert np.array_equal(rebuilt, array)
    assert len(runs) == count


def test_an_index_without_runs_stays_an_array():
    wild = np.random.default_rng(1).permutation(1000)
    assert len(strided_runs(wild)) == 1


def matrix_of(rows: list[list[tuple[int, float]]], width: int) -> sparse.csr_array:
    dense = np.zeros((len(rows), width))
    for k, row in enumerate(rows):
        for column, value in row:
            dense[k, column] = value
    return sparse.csr_array(dense)


def test_patterns_go_on_while_strides_are_constant(pattern_length):
    pattern_length(4)
    forward = [[(2 * k, 1.0), (30, float(k + 1))] for k in range(8)]
    jump = [[(1 + k, 5.0), (31, 2.0)] for k in range(5)]
    odd = [[(0, 1.0)], [(3, 1.0), (4, 1.0), (9, 1.0)]]
    csr = matrix_of(forward + jump + odd, 40)
    patterns = repeated_patterns(csr.indptr, csr.indices, csr.data)
    assert [(p.start, p.stop, p.first, p.stride) for p in patterns] == [
        (0, 8, (0, 30), (2, 0)),
        (8, 13, (1, 31), (1, 0)),
    ]
    assert patterns[0].values[0] == 1.0
    assert patterns[0].value(1, 2, 5).tolist() == [3.0, 4.0, 5.0]
    assert patterns[1].values == (5.0, 2.0)


@pytest.mark.parametrize("stride", [1, 2, 3, -1])
def test_segments_with_a_stride(stride, pattern_length):
    pattern_length(4)
    first = 0 if stride > 0 else 19
    rows = [[(first + stride * k, 2.0 + (k >= 10)), (70, 1.5 * k + 1.0)] for k in range(20)]
    matrix, rng = matrix_of(rows, 80), np.random.default_rng(3)
    x, y = rng.normal(size=80), rng.normal(size=20)
    diagonals = DiagonalMatrix.of(matrix)
    if stride > 0:
        assert diagonals.remainder.nnz == 0
    np.testing.assert_allclose(diagonals @ x, matrix @ x, atol=1e-12)
    np.testing.assert_allclose(diagonals.transposed() @ y, matrix.T @ y, atol=1e-12)
    np.testing.assert_allclose(diagonals.magnitudes() @ x, abs(matrix) @ x, atol=1e-12)
