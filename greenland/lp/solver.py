"""From a program to a trusted answer: standard form, analysis, iteration, check, fall-back."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from threadpoolctl import ThreadpoolController

from greenland.lp.direction import Point
from greenland.lp.general import solve_generally
from greenland.lp.iteration import Iteration
from greenland.lp.kkt import Newton, NumericalError
from greenland.lp.program import Floats, Program
from greenland.lp.settings import Settings
from greenland.lp.solution import (
    TRUSTED,
    Answer,
    Outcome,
    Reason,
    UnsuitableError,
    Yardstick,
)
from greenland.lp.standard_form import (
    Standard,
    standardise,
    stated_columns,
    stated_duals,
)
from greenland.lp.symbolic import analyse

ENGINE = "interior"
BLAS = ThreadpoolController()
"""Libraries whose threads are held back; NumPy and SciPy have loaded them by now."""
SNAPS = (1e-8, 1e-10)
"""Scaled distances below which a value that is pressed onto its bound is put there."""


class Engine:
    """The interior point engine; it keeps the analysis of the last matrix for the next call.

    Parameters
    ----------
    settings : Settings, optional
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._newton: Newton | None = None
        self.analyses = 0

    def solve(self, program: Program) -> Answer:
        """Solve with the interior point engine alone.

        Returns
        -------
        Answer
            ``optimal`` only when residuals, complementarity and gap on the program as stated
            are at most `TRUSTED`; otherwise ``not_solved`` with the reason.

        Notes
        -----
        The products are long and thin: a second BLAS thread waits more than it works, so one is
        used.
        """
        began = time.perf_counter()
        with BLAS.limit(limits=1, user_api="blas"), np.errstate(all="ignore"):
            try:
                answer = self._solve(program)
            except UnsuitableError as error:
                answer = Answer(Outcome.NOT_SOLVED, ENGINE, reason=error.reason)
            except NumericalError:
                answer = Answer(Outcome.NOT_SOLVED, ENGINE, reason=Reason.NUMERICAL)
        return replace(answer, seconds=time.perf_counter() - began)

    def _solve(self, program: Program) -> Answer:
        standard = standardise(program)
        iteration = Iteration(standard, self._prepared(standard), self.settings)
        point, _progress = iteration.run()
        x = stated_columns(standard, point.x)
        y = stated_duals(standard, point.y, program)
        answer = _best(program, y, [_snap(program, standard, x, point, one) for one in SNAPS], x)
        return replace(answer, iterations=iteration.trace.iterations)

    def _prepared(self, standard: Standard) -> Newton:
        """The linear systems of a program, with the last analysis where the matrix is the same."""
        kept = self._newton
        if kept is None or not _same(kept.standard, standard):
            self._newton = Newton(standard, analyse(standard))
            self.analyses += 1
            return self._newton
        kept.standard = standard
        return kept


def solve_interior(program: Program, settings: Settings | None = None) -> Answer:
    """Solve with the interior point engine alone; see `Engine.solve`."""
    return Engine(settings).solve(program)


def solve(program: Program, engine: Engine | None = None) -> Answer:
    """Solve with the interior point engine, and with HiGHS where it cannot be trusted."""
    answer = (engine or Engine()).solve(program)
    if answer.outcome is Outcome.OPTIMAL:
        return answer
    general = solve_generally(program, reason=answer.reason)
    return replace(general, seconds=general.seconds + answer.seconds)


def _same(one: Standard, other: Standard) -> bool:
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


def _best(program: Program, y: Floats, snapped: list[Floats], x: Floats) -> Answer:
    """The first of the snapped answers that is no worse than the plain one, or hardly off."""
    yardstick = Yardstick(program, y)
    plain: Answer | None = None
    for one in snapped:
        answer = _checked(yardstick, one)
        if _worst(answer) <= 0.1 * TRUSTED:
            return answer
        plain = plain or _checked(yardstick, x)
        if _worst(answer) <= _worst(plain):
            return answer
    return plain or _checked(yardstick, x)


def _worst(answer: Answer) -> float:
    return float("inf") if answer.quality is None else answer.quality.worst


def _checked(yardstick: Yardstick, x: Floats) -> Answer:
    program, quality = yardstick.program, yardstick.measure(x)
    trusted = quality.worst <= TRUSTED
    return Answer(
        Outcome.OPTIMAL if trusted else Outcome.NOT_SOLVED,
        ENGINE,
        x,
        yardstick.y,
        yardstick.reduced,
        float(program.cost @ x) + program.offset,
        quality,
        reason=None if trusted else Reason.INACCURATE,
    )


def _snap(
    program: Program,
    standard: Standard,
    x: Floats,
    point: Point,
    snap: float,
) -> Floats:
    """Put values onto the bound they are pressed on, where all but rounding says so."""
    snapped = x.copy()
    for (pairs, columns), other in ((standard.low, False), (standard.high, True)):
        lead, mate = point.lead[pairs], point.mate[pairs]
        chosen = columns[(lead < snap) & (lead < 1e-3 * mate)]
        chosen = chosen[standard.column_of[chosen] >= 0]
        stated = standard.column_of[chosen]
        upwards = (standard.column_factor[chosen] < 0) != other
        snapped[stated] = np.where(
            upwards, program.column_upper[stated], program.column_lower[stated]
        )
    return snapped
