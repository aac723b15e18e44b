"""Which rows and columns are local to a step, which are global, and what a row does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.lp.csr_index import pattern
from greenland.lp.program import GLOBAL, Integers, Mask

MAX_COLUMN_SPAN = 120
"""Steps a local column may span; one that spans more joins the border."""

BOUND, LOCAL, BORDER = 0, 1, 2


@dataclass(frozen=True)
class Classification:
    """Kind of every row (bound_rows, local, border) and whether a column is local."""

    row_kind: Integers
    column_local: Mask

    @property
    def row_local(self) -> Mask:
        """Rows that carry a step."""
        local: Mask = self.row_kind != BORDER
        return local


def classify(
    matrix: sparse.csr_array, row_step: Integers, column_step: Integers, inequality: Mask
) -> Classification:
    """Classify rows and columns.

    A *bound_rows* row is an inequality that holds one local column against global ones; it is
    eliminated together with that column. A column whose rows lie more than `MAX_COLUMN_SPAN` steps apart
    is global whatever its label says, and so is a row without local columns.
    """
    local = column_step >= 0
    steps = np.repeat(row_step.astype(np.int32), np.diff(matrix.indptr))
    last = np.full(matrix.shape[1], GLOBAL, dtype=np.int32)
    np.maximum.at(last, matrix.indices, steps)
    # read without a sign, GLOBAL is the largest number there is
    first = np.full(matrix.shape[1], GLOBAL, dtype=np.int32).view(np.uint32)
    np.minimum.at(first, matrix.indices, steps.view(np.uint32))
    local &= last - np.minimum(first, last) <= MAX_COLUMN_SPAN
    count = pattern(matrix) @ local.astype(np.int32)
    kind = np.where((row_step >= 0) & (count >= 1), LOCAL, BORDER)
    kind[(kind == LOCAL) & inequality & (count == 1)] = BOUND
    return Classification(kind, local)
