"""From a program to a proven solution: standard form, analysis, iteration, check."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import numpy as np
from threadpoolctl import ThreadpoolController

from greenland.lp.analysis import analyse
from greenland.lp.direction import Point
from greenland.lp.iteration import PrimalDualIteration
from greenland.lp.kkt import KktSystem
from greenland.lp.optimality import ACCEPTANCE_TOLERANCE, KktCheck
from greenland.lp.program import Floats, LinearProgram
from greenland.lp.purify import best_purified
from greenland.lp.reduced_system import NumericalError
from greenland.lp.settings import SolverSettings
from greenland.lp.solution import FailureReason, LpStatus, Solution, UnsuitableProgramError
from greenland.lp.standard_form import StandardForm, recover_x, recover_y, standardise
from greenland.lp.starting_point import starting_point_near

ENGINE = "interior"
Enough = Callable[[Floats, Floats], bool]
"""Whether ``x`` and ``y`` answer what was asked."""
BLAS = ThreadpoolController()
"""The BLAS libraries in use; NumPy and SciPy have loaded them by now."""


class InteriorPointSolver:
    """The interior-point method; keeps the analysis of the last matrix for the next program.

    Parameters
    ----------
    settings : SolverSettings, optional

    Attributes
    ----------
    analyses : int
        How many matrices had to be analysed so far.
    """

    def __init__(self, settings: SolverSettings | None = None) -> None:
        self.settings = settings or SolverSettings()
        self._kkt: KktSystem | None = None
        self.analyses = 0

    def solve(
        self, program: LinearProgram, near: Solution | None = None, until: Enough | None = None
    ) -> Solution:
        """Solve a program.

        Parameters
        ----------
        program : LinearProgram
        near : Solution, optional
            Of a program with as many rows and columns and, more or less, the same numbers. The
            iteration begins from it, and once more from the usual point if that leads nowhere.
        until : callable, optional
            Is given ``x`` and ``y`` of the program as stated every other iteration; where it
            returns True, the iteration ends with that point, which is no optimum.

        Returns
        -------
        Solution
            ``optimal`` only where all `KktResiduals` of the program as stated are at most
            `ACCEPTANCE_TOLERANCE`; otherwise ``not_solved`` with the reason. That a program is
            infeasible or unbounded is not proven here.

        Notes
        -----
        BLAS works with a single thread meanwhile: the dense products are long and thin, and a
        second thread would mostly wait.
        """
        began = time.perf_counter()
        with BLAS.limit(limits=1, user_api="blas"), np.errstate(all="ignore"):
            try:
                solution = self._solve(program, near, until)
            except UnsuitableProgramError as error:
                solution = Solution(LpStatus.NOT_SOLVED, ENGINE, reason=error.reason)
            except NumericalError:
                solution = Solution(LpStatus.NOT_SOLVED, ENGINE, reason=FailureReason.NUMERICAL)
        return replace(solution, seconds=time.perf_counter() - began)

    def _solve(
        self, program: LinearProgram, near: Solution | None, until: Enough | None = None
    ) -> Solution:
        standard = standardise(program)
        kkt = self._kkt_system(standard)
        if near is None:
            iteration = PrimalDualIteration(standard, kkt, self.settings)
            return self._iterated(program, standard, iteration, until=until)
        quick = replace(self.settings, max_stalled=self.settings.near_stalled)
        iteration = PrimalDualIteration(standard, kkt, quick)
        with suppress(NumericalError):
            begin = starting_point_near(standard, near.x, near.y, self.settings)
            solution = self._iterated(program, standard, iteration, begin)
            if solution.status is LpStatus.OPTIMAL:
                return solution
        spent = iteration.log.iterations
        solution = self._solve(program, None, until)
        return replace(solution, iterations=solution.iterations + spent)

    def _iterated(
        self,
        program: LinearProgram,
        standard: StandardForm,
        iteration: PrimalDualIteration,
        begin: Point | None = None,
        until: Enough | None = None,
    ) -> Solution:
        """What an iteration comes to, checked on the program as stated."""

        def enough(point: Point) -> bool:
            assert until is not None
            return until(recover_x(standard, point.x), recover_y(standard, point.y, program))

        point, _convergence = iteration.run(begin, None if until is None else enough)
        check = KktCheck(program, recover_y(standard, point.y, program))
        x, residuals = best_purified(check, standard, recover_x(standard, point.x), point)
        accepted = residuals.largest <= ACCEPTANCE_TOLERANCE and not check.has_immense_duals
        return Solution(
            LpStatus.OPTIMAL if accepted else LpStatus.NOT_SOLVED,
            ENGINE,
            x,
            check.y,
            check.reduced_costs,
            float(program.cost @ x) + program.offset,
            residuals,
            iteration.log.iterations,
            reason=None if accepted else FailureReason.INACCURATE,
        )

    def _kkt_system(self, standard: StandardForm) -> KktSystem:
        """KKT system of a program, with the last analysis where the matrix is the same."""
        last = self._kkt
        if last is None or not _same_matrix(last.standard, standard):
            self._kkt = KktSystem(standard, analyse(standard))
            self.analyses += 1
            return self._kkt
        last.standard = standard
        return last


def solve(program: LinearProgram, settings: SolverSettings | None = None) -> Solution:
    """Solve a linear program by the interior-point method.

    Parameters
    ----------
    program : LinearProgram
    settings : SolverSettings, optional

    Returns
    -------
    Solution
        See `InteriorPointSolver.solve`, which also serves several programs of one matrix.

    Examples
    --------
    Minimise ``x + 2 y`` subject to ``x + y >= 3`` and ``0 <= x <= 2``, ``y >= 0``:

    >>> import numpy as np
    >>> from scipy import sparse
    >>> program = LinearProgram(
    ...     cost=np.array([1.0, 2.0]),
    ...     matrix=sparse.csr_array([[1.0, 1.0]]),
    ...     row_lower=np.array([3.0]),
    ...     row_upper=np.array([np.inf]),
    ...     column_lower=np.zeros(2),
    ...     column_upper=np.array([2.0, np.inf]),
    ...     row_step=np.array([0]),
    ...     column_step=np.array([0, 0]),
    ... )
    >>> solution = solve(program)
    >>> str(solution.status), round(solution.objective, 6)
    ('optimal', 4.0)
    """
    return InteriorPointSolver(settings).solve(program)


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
