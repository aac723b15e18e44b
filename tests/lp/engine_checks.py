"""Checks of the engine, for programs of any origin."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import OptimizeResult, linprog

from greenland.lp import LinearProgram, LpStatus, solve
from greenland.lp.analysis import analyse
from greenland.lp.kkt import KktSystem
from greenland.lp.standard_form import standardise
from greenland.lp.symbolic import SymbolicFactorisation


def solve_by_highs(program: LinearProgram) -> OptimizeResult:
    """Solve by SciPy's HiGHS; status 0 is optimal, 2 infeasible, 3 unbounded."""
    equation = program.row_lower == program.row_upper
    above = np.isfinite(program.row_lower) & ~equation
    below = np.isfinite(program.row_upper) & ~equation
    matrix = program.matrix
    return linprog(
        program.cost,
        sparse.vstack([matrix[below], -matrix[above]]),
        np.concatenate([program.row_upper[below], -program.row_lower[above]]),
        matrix[equation],
        program.row_lower[equation],
        np.column_stack([program.column_lower, program.column_upper]),
        method="highs",
    )


def agrees(program: LinearProgram) -> tuple[bool, bool]:
    """Whether the engine proved an optimum, or there is none, and whether HiGHS confirms it."""
    solution, highs = solve(program), solve_by_highs(program)
    if solution.status is not LpStatus.OPTIMAL:
        return highs.status != 0, True
    if highs.status != 0:
        return True, False
    size = max(abs(highs.fun), 1e-3 * float(np.abs(program.cost) @ np.abs(highs.x)), 1e-6)
    return True, abs(solution.objective - program.offset - highs.fun) <= 1e-6 * size


def kkt_error(program: LinearProgram, seed: int) -> float:
    """Largest residual of a random KKT system after its solution, by the matrix itself."""
    standard = standardise(program)
    kkt = KktSystem(standard, analyse(standard))
    rng = np.random.default_rng(seed)
    h = kkt.h[:] = rng.uniform(0.1, 10, len(standard.cost))
    d = kkt.d[:] = rng.uniform(0.1, 10, len(standard.rhs))
    r, q = rng.normal(size=len(h)), rng.normal(size=len(d))
    for k in range(len(kkt.blocks)):
        kkt.update_weights(k)
    kkt.factor()
    dx, dy = kkt.solve(r, q)
    r_error = h * dx - standard.matrix.T @ dy - r
    q_error = standard.matrix @ dx + d * dy - q
    x, y = rng.normal(size=len(h)), rng.normal(size=len(d))
    r_left, q_left, _worst = kkt.newton_residual(r, q, x, y)
    np.testing.assert_allclose(r_left, r - h * x + standard.matrix.T @ y, atol=1e-9)
    np.testing.assert_allclose(q_left, q - standard.matrix @ x - d * y, atol=1e-9)
    return max(np.abs(r_error).max(), np.abs(q_error).max())


def assert_same_entries(
    one: SymbolicFactorisation, other: SymbolicFactorisation, seed: int
) -> None:
    """Both analyses give the reduced system the same shape, and random weights the same entries."""
    assert (one.bandwidth, one.nodes, one.border) == (other.bandwidth, other.nodes, other.border)
    np.testing.assert_allclose(_entries(one, seed), _entries(other, seed), atol=1e-9)


def _entries(symbolic: SymbolicFactorisation, seed: int) -> np.ndarray:
    entries = symbolic.constant_entries.copy()
    weights = np.random.default_rng(seed).normal(size=symbolic.entry_map.shape[1])
    symbolic.entry_map.add(entries, weights)
    return entries
