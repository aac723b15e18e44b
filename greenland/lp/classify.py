"""Local and global rows and columns, and the bound rows among the local ones."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.lp.csr_index import unit_pattern
from greenland.lp.program import GLOBAL, Integers, Mask

MAX_COLUMN_SPAN = 120
"""Steps a local column may span; one that spans more is treated as global."""

BOUND, LOCAL, BORDER = 0, 1, 2
"""Kinds of rows."""


@dataclass(frozen=True)
class Classification:
    """Kind of every row, and whether a column is local.

    Parameters
    ----------
    row_kind : integer array, shape (m,)
        `BOUND`, `LOCAL` or `BORDER`.
    column_local : array of bool, shape (n,)
    """

    row_kind: Integers
    column_local: Mask

    @property
    def row_local(self) -> Mask:
        """Rows that belong to a step, bound rows included."""
        local: Mask = self.row_kind != BORDER
        return local


def classify(
    matrix: sparse.csr_array, row_step: Integers, column_step: Integers, inequality: Mask
) -> Classification:
    """Classify rows and columns.

    A *bound row* is an inequality with a single local column: a variable bound such as
    ``output_t <= capacity``, which limits the local column by global ones. It is eliminated from
    the KKT system together with that column. A column whose rows lie more than `MAX_COLUMN_SPAN`
    steps apart is global whatever its step, and so is a row without local columns.

    Parameters
    ----------
    matrix : csr_array, shape (m, n)
    row_step, column_step : integer array, shape (m,) and (n,)
    inequality : array of bool, shape (m,)
    """
    local = column_step >= 0
    entry_step = np.repeat(row_step.astype(np.int32), np.diff(matrix.indptr))
    last = np.full(matrix.shape[1], GLOBAL, dtype=np.int32)
    np.maximum.at(last, matrix.indices, entry_step)
    # viewed as unsigned integers, GLOBAL is larger than any step
    first = np.full(matrix.shape[1], GLOBAL, dtype=np.int32).view(np.uint32)
    np.minimum.at(first, matrix.indices, entry_step.view(np.uint32))
    local &= last - np.minimum(first, last) <= MAX_COLUMN_SPAN
    local_entries = unit_pattern(matrix) @ local.astype(np.int32)
    kind = np.where((row_step >= 0) & (local_entries >= 1), LOCAL, BORDER)
    kind[(kind == LOCAL) & inequality & (local_entries == 1)] = BOUND
    return Classification(kind, local)
