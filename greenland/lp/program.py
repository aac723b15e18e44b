"""The form of problem the engine takes: a linear program whose rows and columns carry a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Integers = NDArray[np.integer[Any]]
Mask = NDArray[np.bool_]

GLOBAL = -1
"""Step of a row or column that belongs to no single time step."""


@dataclass(frozen=True)
class LinearProgram:
    """Minimise ``cost @ x`` with ``row_lower <= matrix @ x <= row_upper`` and bounds on ``x``.

    Parameters
    ----------
    cost : array, shape (n,)
    matrix : csr_array, shape (m, n)
    row_lower, row_upper : array, shape (m,)
        Equal for an equation; ``-inf`` or ``inf`` where a side is open.
    column_lower, column_upper : array, shape (n,)
    row_step, column_step : integer array, shape (m,) and (n,)
        Time step, counted from 0, or `GLOBAL`. The steps are what makes the problem fast: a
        column must meet few rows of other steps. Wrong steps cost time, never the answer.
    offset : float
        Constant of the objective.
    """

    cost: Floats
    matrix: sparse.csr_array
    row_lower: Floats
    row_upper: Floats
    column_lower: Floats
    column_upper: Floats
    row_step: Integers
    column_step: Integers
    offset: float = 0.0

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return len(self.row_lower), len(self.cost)
