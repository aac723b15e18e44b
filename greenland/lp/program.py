"""The linear program the solver takes: rows and columns carry a time step, or none."""

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
    """Minimise ``cost @ x + offset`` over ``x`` within bounds on rows and columns.

    Rows: ``row_lower <= matrix @ x <= row_upper``; columns: ``column_lower <= x <= column_upper``.

    Parameters
    ----------
    cost : array, shape (n,)
    matrix : csr_array, shape (m, n)
    row_lower, row_upper : array, shape (m,)
        Equal for an equation, infinite where a row has no such bound.
    column_lower, column_upper : array, shape (n,)
        Infinite where a column has no such bound.
    row_step, column_step : integer array, shape (m,) and (n,)
        Time step, counted from 0, or `GLOBAL`. The solver is fast because most columns meet
        only rows of their own and of neighbouring steps; wrong steps cost time, never the
        solution.
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
