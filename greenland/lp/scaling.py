"""Equilibration: row and column factors that bring the entries of a matrix near one.

References
----------
D. Ruiz, *A scaling algorithm to equilibrate both rows and columns norms in matrices*,
RAL-TR-2001-034. Here the factors are rounded to powers of two, so that scaling is exact.
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
    """Row and column factors, powers of two; one for rows and columns without entries.

    Parameters
    ----------
    matrix : csr_array, shape (m, n)
    local : array of bool, shape (nnz,)
        Entries of local rows and columns. Where these already lie within `UNSCALED_RANGE`, all
        factors are one: global rows and columns sum over many steps, and to equilibrate their
        entries too would spoil the natural units of the others.
    passes : int
        Iterations of Ruiz's algorithm.

    Returns
    -------
    row_factor, column_factor : array, shape (m,) and (n,)
    """
    data = np.abs(matrix.data)
    data = np.where(data > 0, data, 1.0)
    row_factor, column_factor = np.ones(matrix.shape[0]), np.ones(matrix.shape[1])
    decisive = data[local] if local.any() else data
    smallest, largest = UNSCALED_RANGE
    if len(decisive) == 0 or (smallest <= decisive.min() and decisive.max() <= largest):
        return row_factor, column_factor
    counts = np.diff(matrix.indptr)
    by_column = np.argsort(matrix.indices, kind="stable")
    columns, column_start = np.unique(matrix.indices[by_column], return_index=True)
    rows = np.flatnonzero(counts)
    for _pass in range(passes):
        scaled = data * np.repeat(row_factor, counts) * column_factor[matrix.indices]
        row_norm = np.maximum.reduceat(scaled, matrix.indptr[rows])
        column_norm = np.maximum.reduceat(scaled[by_column], column_start)
        row_factor[rows] /= np.sqrt(row_norm)
        column_factor[columns] /= np.sqrt(column_norm)
    return _nearest_power_of_two(row_factor), _nearest_power_of_two(column_factor)


def mean_magnitude(values: Floats) -> float:
    """Mean absolute value of what is not zero; one where all is."""
    magnitude = np.abs(values)
    magnitude = magnitude[magnitude > 0]
    return float(np.mean(magnitude)) if len(magnitude) else 1.0


def _nearest_power_of_two(factor: Floats) -> Floats:
    return np.exp2(np.round(np.log2(factor)))
