"""Seeded random linear programs in time order."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from greenland.lp import GLOBAL, LinearProgram


def random_program(seed: int) -> LinearProgram:
    """A feasible, bounded program of the form the engine takes, of any make.

    Local columns meet rows of their own and the next step; rows and columns have all kinds of
    bounds; a few rows and columns are global. A point that keeps all bounds is made first, and a
    dual one, so that an optimum exists.
    """
    rng = np.random.default_rng(seed)
    steps, per_step = int(rng.integers(3, 40)), int(rng.integers(2, 6))
    globals_, border, rows_per_step = (int(rng.integers(*r)) for r in ((0, 5), (0, 4), (1, 4)))
    columns = globals_ + steps * per_step
    column_step = np.concatenate([np.full(globals_, GLOBAL), np.repeat(np.arange(steps), per_step)])
    blocks, row_step = [], []
    for t in range(steps):
        for _row in range(rows_per_step):
            line = np.zeros(columns)
            own = globals_ + t * per_step
            line[own : own + per_step] = rng.normal(size=per_step) * (rng.random(per_step) < 0.7)
            if t and rng.random() < 0.6:
                line[own - 1 - int(rng.integers(per_step))] = rng.normal()
            if globals_ and rng.random() < 0.7:
                line[int(rng.integers(globals_))] = rng.normal()
            if not line.any():
                line[own] = 1.0
            blocks.append(line)
            row_step.append(t)
        bound_rows = np.zeros(columns)
        bound_rows[globals_ + t * per_step] = 1.0
        if globals_:
            bound_rows[0] = -1.0
        blocks.append(bound_rows)
        row_step.append(t)
    for _row in range(border):
        blocks.append(rng.normal(size=columns) * (rng.random(columns) < 0.5))
        row_step.append(GLOBAL)
    dense = np.array(blocks)
    kept = dense.any(axis=1)
    matrix = sparse.csr_array(dense[kept])
    return _sides(rng, matrix, np.array(row_step)[kept], column_step)


def _sides(rng, matrix, row_step, column_step) -> LinearProgram:
    """Bounds and costs with a known primal and dual point."""
    rows, columns = matrix.shape
    x = rng.normal(size=columns)
    kind = rng.integers(0, 5, columns)
    lower = np.where(
        kind == 4,
        -np.inf,
        np.where(
            kind == 3, -np.inf, x - rng.exponential(size=columns) * (rng.random(columns) < 0.6)
        ),
    )
    upper = np.where(
        (kind == 1) | (kind == 3),
        x + rng.exponential(size=columns) * (rng.random(columns) < 0.6),
        np.inf,
    )
    activity = matrix @ x
    row_kind = rng.integers(0, 4, rows)
    slack = rng.exponential(size=rows) * (rng.random(rows) < 0.6)
    row_lower = np.where(row_kind == 1, -np.inf, activity - np.where(row_kind == 0, 0, slack))
    more = rng.exponential(size=rows) * (rng.random(rows) < 0.6)
    row_upper = np.where(row_kind == 2, np.inf, activity + np.where(row_kind == 0, 0, more))
    y = rng.normal(size=rows)
    y = np.where(np.isneginf(row_lower), -np.abs(y), np.where(np.isposinf(row_upper), np.abs(y), y))
    y *= (row_lower == activity) | (row_upper == activity)
    z = rng.normal(size=columns)
    free = np.isneginf(lower) & np.isposinf(upper)
    z = np.where(
        free,
        0.0,
        np.where(np.isneginf(lower), -np.abs(z), np.where(np.isposinf(upper), np.abs(z), z)),
    )
    return LinearProgram(
        cost=matrix.T @ y + z,
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        column_lower=lower,
        column_upper=upper,
        row_step=row_step,
        column_step=column_step,
        offset=float(rng.normal()),
    )
