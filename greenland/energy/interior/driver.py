"""From a program to a trusted answer: standard form, analysis, iteration, check, fall-back."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from threadpoolctl import threadpool_limits

from greenland.energy.interior.answer import TRUSTED, Answer, Outcome, measure
from greenland.energy.interior.factor import Newton, NumericalError
from greenland.energy.interior.general import solve_generally
from greenland.energy.interior.iterate import Iteration, Settings
from greenland.energy.interior.program import Floats, Program
from greenland.energy.interior.standard import (
    Standard,
    UnsuitableError,
    standardise,
    stated_columns,
    stated_duals,
)
from greenland.energy.interior.structure import analyse

ENGINE = "interior"
SNAP = 1e-8
"""Scaled distance below which a value that is pressed onto its bound is put there."""


def solve_interior(program: Program, settings: Settings | None = None) -> Answer:
    """Solve with the interior point engine alone.

    Returns
    -------
    Answer
        ``optimal`` only when residuals, complementarity and gap on the program as stated are
        at most `TRUSTED`; otherwise ``not_solved`` with the reason.

    Notes
    -----
    The products are long and thin: a second BLAS thread waits more than it works, so one is used.
    """
    with threadpool_limits(limits=1, user_api="blas"):
        return _solve(program, settings or Settings())


def _solve(program: Program, settings: Settings) -> Answer:
    began = time.perf_counter()
    try:
        standard = standardise(program)
        newton = Newton(standard, analyse(standard))
        iteration = Iteration(standard, newton, settings)
        point, _progress = iteration.run()
    except (UnsuitableError, NumericalError) as error:
        return Answer(
            Outcome.NOT_SOLVED, ENGINE, seconds=time.perf_counter() - began, reason=str(error)
        )
    x = stated_columns(standard, point.x)
    y = stated_duals(standard, point.y, program.shape[0])
    answer = _checked(program, x, y)
    snapped = _snap(program, standard, x, point.lead, point.mate, iteration.slacks)
    better = _checked(program, snapped, y)
    if (
        better.quality
        and answer.quality
        and better.quality.worst <= max(answer.quality.worst, 0.1 * TRUSTED)
    ):
        answer = better
    return replace(
        answer,
        iterations=iteration.trace.iterations,
        seconds=time.perf_counter() - began,
    )


def solve(program: Program, settings: Settings | None = None) -> Answer:
    """Solve with the interior point engine, and with HiGHS where it cannot be trusted."""
    answer = solve_interior(program, settings)
    if answer.outcome is Outcome.OPTIMAL:
        return answer
    general = solve_generally(program, reason=answer.reason)
    return replace(general, seconds=general.seconds + answer.seconds)


def _checked(program: Program, x: Floats, y: Floats) -> Answer:
    quality = measure(program, x, y)
    trusted = quality.worst <= TRUSTED
    return Answer(
        Outcome.OPTIMAL if trusted else Outcome.NOT_SOLVED,
        ENGINE,
        x,
        y,
        program.cost - program.matrix.T @ y,
        float(program.cost @ x) + program.offset,
        quality,
        reason="" if trusted else "the answer is not accurate enough",
    )


def _snap(
    program: Program,
    standard: Standard,
    x: Floats,
    distance: Floats,
    dual: Floats,
    slacks: int,
) -> Floats:
    """Put values onto the bound they are pressed on, where all but rounding says so."""
    bounded, boxed = standard.bounded, standard.boxed
    low = distance[slacks : slacks + bounded]
    pressed_low = (low < SNAP) & (low < 1e-3 * dual[slacks : slacks + bounded])
    high = distance[slacks + bounded :]
    pressed_high = np.zeros(bounded, dtype=bool)
    pressed_high[:boxed] = (high < SNAP) & (high < 1e-3 * dual[slacks + bounded :])
    snapped = x.copy()
    for pressed, other in ((pressed_low, False), (pressed_high, True)):
        chosen = np.flatnonzero(pressed)
        chosen = chosen[standard.column_of[chosen] >= 0]
        stated = standard.column_of[chosen]
        upwards = (standard.column_factor[chosen] < 0) != other
        snapped[stated] = np.where(
            upwards, program.column_upper[stated], program.column_lower[stated]
        )
    return snapped
