"""Which rows and columns are local to a step, which are global, and what a row does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.energy.interior.program import Integers, Mask
from greenland.energy.interior.ragged import in_parts, segment_reduce

WIDEST = 120
"""Steps a local column may span; one that spans more joins the border."""

BOUNDING, LOCAL, BORDER = 0, 1, 2


@dataclass(frozen=True)
class Classes:
    """Kind of every row (bounding, local, border) and whether a column is local."""

    row_kind: Integers
    column_local: Mask

    @property
    def row_local(self) -> Mask:
        """Rows that carry a step."""
        local: Mask = self.row_kind != BORDER
        return local


def classify(
    matrix: sparse.csr_array, row_step: Integers, column_step: Integers, inequality: Mask
) -> Classes:
    """Classify rows and columns.

    A *bounding* row is an inequality that holds one local column against global ones; it is
    eliminated together with that column. A column whose rows lie more than `WIDEST` steps apart
    is global whatever its label says, and so is a row without local columns.
    """
    local = column_step >= 0
    pattern = np.zeros(matrix.nnz, dtype=np.int8), matrix.indices, matrix.indptr
    by_column = sparse.csr_array(pattern, shape=matrix.shape).tocsc()
    steps = row_step.astype(np.int32)[by_column.indices]
    last = segment_reduce(np.maximum, steps, by_column.indptr, -1)
    # read without a sign, GLOBAL is the largest number there is
    first = segment_reduce(np.minimum, steps.view(np.uint32), by_column.indptr, 0)
    local &= last - np.minimum(first, last) <= WIDEST
    count = np.empty(matrix.shape[0], dtype=np.int64)
    for part in in_parts(matrix.indptr):
        owner = part.owners[local[matrix.indices[part.members]]]
        count[part.lists] = np.bincount(owner, minlength=len(part.counts))
    kind = np.where((row_step >= 0) & (count >= 1), LOCAL, BORDER)
    kind[(kind == LOCAL) & inequality & (count == 1)] = BOUNDING
    return Classes(kind, local)
