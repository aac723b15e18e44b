"""Equilibration: row and column factors that bring the entries of a matrix near one.

References
----------
D. Ruiz, *A scaling algorithm to equilibrate both rows and columns norms in matrices*,
RAL-TR-2001-034. Factors are rounded to powers of two, so that scaling adds no rounding error.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from greenland.lp.program import Floats, Mask

RUIZ_PASSES = 4
UNSCALED_RANGE = (1e-3, 1e3)
"""Range of entries that needs no scaling."""


def equilibrate(
    matrix: sparse.csr_array, local: Mask, passes: int = RUIZ_PASSES
) -> tuple[Floats, Floats]:
    """Row and column factors, powers of two; every row and column must have an entry.

    Parameters
    ----------
    matrix : csr_array, shape (m, n)
    local : array of bool, shape (nnz,)
        Entries of local rows and columns. Where these already lie within `UNSCALED_RANGE`, the natural
        units are left as they are: the entries of border rows and columns are sums over many
        steps, and drawing them to one would spoil the others.
    """
    data = np.abs(matrix.data)
    data = np.where(data > 0, data, 1.0)
    row, column = np.ones(matrix.shape[0]), np.ones(matrix.shape[1])
    inner = data[local] if local.any() else data
    if len(inner) and UNSCALED_RANGE[0] <= inner.min() and inner.max() <= UNSCALED_RANGE[1]:
        return row, column
    counts = np.diff(matrix.indptr)
    order = np.argsort(matrix.indices, kind="stable")
    pointer = np.searchsorted(matrix.indices[order], np.arange(matrix.shape[1]))
    for _pass in range(passes):
        current = data * np.repeat(row, counts) * column[matrix.indices]
        row_largest = np.maximum.reduceat(current, matrix.indptr[:-1])
        column_largest = np.maximum.reduceat(current[order], pointer)
        row /= np.sqrt(row_largest)
        column /= np.sqrt(column_largest)
    return _power_of_two(row), _power_of_two(column)


def _power_of_two(factor: Floats) -> Floats:
    return np.exp2(np.round(np.log2(factor)))
