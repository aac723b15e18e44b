"""From a program to a trusted answer: standard form, analysis, iteration, check, fall-back."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from threadpoolctl import ThreadpoolController

from greenland.lp.direction import Point
from greenland.lp.general import solve_generally
from greenland.lp.iteration import PrimalDualIteration
from greenland.lp.kkt import KktSystem, NumericalError
from greenland.lp.program import Floats, LinearProgram
from greenland.lp.settings import SolverSettings
from greenland.lp.solution import (
    ACCEPTANCE_TOLERANCE,
    FailureReason,
    KktCheck,
    LpStatus,
    Solution,
    UnsuitableProgramError,
)
from greenland.lp.standard_form import (
    StandardForm,
    recover_x,
    recover_y,
    standardise,
)
from greenland.lp.symbolic import analyse

ENGINE = "interior"
BLAS = ThreadpoolController()
"""Libraries whose threads are held back; NumPy and SciPy have loaded them by now."""
PURIFY_DISTANCES = (1e-8, 1e-10)
"""Scaled distances below which a value that is pressed onto its bound is put there."""


class InteriorPointSolver:
    """The interior point engine; it keeps the analysis of the last matrix for the next call.

    Parameters
    ----------
    settings : SolverSettings, optional
    """

    def __init__(self, settings: SolverSettings | None = None) -> None:
        self.settings = settings or SolverSettings()
        self._newton: KktSystem | None = None
        self.analyses = 0

    def solve(self, program: LinearProgram) -> Solution:
        """Solve with the interior point engine alone.

        Returns
        -------
        Solution
            ``optimal`` only when residuals, complementarity and gap on the program as stated
            are at most `ACCEPTANCE_TOLERANCE`; otherwise ``not_solved`` with the reason.

        Notes
        -----
        The products are long and thin: a second BLAS thread waits more than it works, so one is
        used.
        """
        began = time.perf_counter()
        with BLAS.limit(limits=1, user_api="blas"), np.errstate(all="ignore"):
            try:
                answer = self._solve(program)
            except UnsuitableProgramError as error:
                answer = Solution(LpStatus.NOT_SOLVED, ENGINE, reason=error.reason)
            except NumericalError:
                answer = Solution(LpStatus.NOT_SOLVED, ENGINE, reason=FailureReason.NUMERICAL)
        return replace(answer, seconds=time.perf_counter() - began)

    def _solve(self, program: LinearProgram) -> Solution:
        standard = standardise(program)
        iteration = PrimalDualIteration(standard, self._prepared(standard), self.settings)
        point, _progress = iteration.run()
        x = recover_x(standard, point.x)
        y = recover_y(standard, point.y, program)
        answer = _best(
            program, y, [purify(program, standard, x, point, one) for one in PURIFY_DISTANCES], x
        )
        return replace(answer, iterations=iteration.trace.iterations)

    def _prepared(self, standard: StandardForm) -> KktSystem:
        """The linear systems of a program, with the last analysis where the matrix is the same."""
        kept = self._newton
        if kept is None or not _same_matrix(kept.standard, standard):
            self._newton = KktSystem(standard, analyse(standard))
            self.analyses += 1
            return self._newton
        kept.standard = standard
        return kept


def solve_interior_point(
    program: LinearProgram, settings: SolverSettings | None = None
) -> Solution:
    """Solve with the interior point engine alone; see `InteriorPointSolver.solve`."""
    return InteriorPointSolver(settings).solve(program)


def solve(program: LinearProgram, engine: InteriorPointSolver | None = None) -> Solution:
    """Solve with the interior point engine, and with HiGHS where it cannot be trusted."""
    answer = (engine or InteriorPointSolver()).solve(program)
    if answer.status is LpStatus.OPTIMAL:
        return answer
    general = solve_generally(program, reason=answer.reason)
    return replace(general, seconds=general.seconds + answer.seconds)


def _same_matrix(one: StandardForm, other: StandardForm) -> bool:
    """Whether two programs in standard form share matrix, order and steps."""
    return bool(
        one.matrix.shape == other.matrix.shape
        and one.blocks == other.blocks
        and np.array_equal(one.matrix.indptr, other.matrix.indptr)
        and np.array_equal(one.matrix.indices, other.matrix.indices)
        and np.array_equal(one.matrix.data, other.matrix.data)
        and np.array_equal(one.row_step, other.row_step)
        and np.array_equal(one.column_step, other.column_step)
    )


def _best(program: LinearProgram, y: Floats, snapped: list[Floats], x: Floats) -> Solution:
    """The first of the snapped answers that is no worse than the plain one, or hardly off."""
    yardstick = KktCheck(program, y)
    plain: Solution | None = None
    for one in snapped:
        answer = _checked(yardstick, one)
        if _worst(answer) <= 0.1 * ACCEPTANCE_TOLERANCE:
            return answer
        plain = plain or _checked(yardstick, x)
        if _worst(answer) <= _worst(plain):
            return answer
    return plain or _checked(yardstick, x)


def _worst(answer: Solution) -> float:
    return float("inf") if answer.residuals is None else answer.residuals.worst


def _checked(yardstick: KktCheck, x: Floats) -> Solution:
    program, residuals = yardstick.program, yardstick.measure(x)
    trusted = residuals.worst <= ACCEPTANCE_TOLERANCE
    return Solution(
        LpStatus.OPTIMAL if trusted else LpStatus.NOT_SOLVED,
        ENGINE,
        x,
        yardstick.y,
        yardstick.reduced_costs,
        float(program.cost @ x) + program.offset,
        residuals,
        reason=None if trusted else FailureReason.INACCURATE,
    )


def purify(
    program: LinearProgram,
    standard: StandardForm,
    x: Floats,
    point: Point,
    snap: float,
) -> Floats:
    """Put values onto the bound they are pressed on, where all but rounding says so."""
    snapped = x.copy()
    for (pairs, columns), other in ((standard.lower_pairs, False), (standard.upper_pairs, True)):
        direct, complement = point.direct[pairs], point.complement[pairs]
        chosen = columns[(direct < snap) & (direct < 1e-3 * complement)]
        chosen = chosen[standard.original_column[chosen] >= 0]
        stated = standard.original_column[chosen]
        upwards = (standard.column_factor[chosen] < 0) != other
        snapped[stated] = np.where(
            upwards, program.column_upper[stated], program.column_lower[stated]
        )
    return snapped
