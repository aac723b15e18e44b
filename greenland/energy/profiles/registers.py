"""Register readings turned into the energy of steps: gaps, slips, exchanges, turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.method import (
    LEAST_RANGE,
    LEAST_READINGS,
    LEAST_VALUES,
    LONGEST_SLIP,
    MOST_FALLS,
    MOST_FALLS_NAMED,
    TURN,
)
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class KnownEnergy:
    """Energy known of a stretch without readings.

    Parameters
    ----------
    start, end : Timestamp
        Of the stretch.
    energy : float
        [MWh]
    """

    start: pd.Timestamp
    end: pd.Timestamp
    energy: float


def only_rises(values: Numbers) -> bool:
    """Whether readings hardly ever fall, but rise: those of a register.

    Energy per step falls about as often as it rises; a register that stands still at night, or
    was read as zero once, still never falls otherwise.
    """
    known = values[np.isfinite(values)]
    if len(known) < LEAST_READINGS or known[-1] == known[0]:
        return False
    if int((_steps(known) < 0).sum()) > max(1, 2 * MOST_FALLS * len(known)):
        return False
    steps = _steps(known[~_slips(known)])
    return bool((steps < 0).sum() <= MOST_FALLS * len(steps) and (steps > 0).sum() >= LEAST_VALUES)


def may_be_register(values: Numbers) -> bool:
    """Whether readings called those of a register may be: they do not fall as often as amounts."""
    steps = _steps(values[np.isfinite(values)])
    return bool((steps < 0).sum() <= MOST_FALLS_NAMED * len(steps))


def _steps(known: Numbers) -> Numbers:
    """Differences of readings, without those at which the counter turned."""
    return np.asarray(np.diff(known)[_ranges(known) == 0])


def _ranges(values: Numbers) -> Numbers:
    """Range of the counter for each step at which it turned; 0 for all others."""
    before, after = values[:-1], values[1:]
    size = 10.0 ** np.ceil(np.log10(np.maximum(before, 1.0)))
    turned = (size >= LEAST_RANGE) & (before > (1 - TURN) * size) & (after < TURN * size)
    return np.where(turned, size, 0.0)


def energies(series: pd.Series, log: ReadingLog) -> tuple[pd.Series, tuple[KnownEnergy, ...]]:
    """Energy of each step from register readings at its two ends.

    Parameters
    ----------
    series : Series
        Readings at the times they were taken, on a regular index, NaN where there is none.

    Returns
    -------
    energy : Series
        On the starts of the steps; NaN where a reading is missing.
    known : tuple of KnownEnergy
        Of the gaps between two readings, in the unit of the register.

    Raises
    ------
    InputError
        If the readings fall too often for a register.
    """
    values = series.to_numpy(dtype=float).copy()
    places = np.flatnonzero(np.isfinite(values))
    _check_falls(values[places], log)
    slips = _slips(values[places])
    values[places[slips]] = np.nan
    if slips.any():
        log.report(
            "register_slip",
            _("{count} 个示数突降（如瞬时归零）或突升后复原，未采用。", count=int(slips.sum())),
            _("请核对原始数据。"),
        )
    places = places[~slips]
    steps = np.diff(values[places])
    steps = _turned(values[places], steps, log)
    energy = np.full(len(values) - 1, np.nan)
    index = pd.DatetimeIndex(series.index)
    near = np.diff(places) == 1
    energy[places[:-1][near]] = steps[near]
    far = np.flatnonzero(~near & np.isfinite(steps))
    known = tuple(KnownEnergy(index[places[n]], index[places[n + 1]], float(steps[n])) for n in far)
    if known:
        log.note(
            _(
                "{count} 处缺示数，缺口内的电量由两端示数之差得知，按曲线形状分配。",
                count=len(known),
            )
        )
    log.note(_("读数为电表示数，取相邻示数之差。"))
    return pd.Series(energy, index=index[:-1], name=series.name), known


def _check_falls(known: Numbers, log: ReadingLog) -> None:
    falls = int((np.diff(known) < 0).sum())
    if falls > max(LEAST_VALUES, MOST_FALLS * len(known)):
        raise log.refuse(
            "register_falls",
            _("读数有 {count} 处下降，不像电表示数（表码）。", count=falls),
            _("读数为各时段电量的，请去掉 register（--register）。"),
        )


def _slips(values: Numbers) -> npt.NDArray[np.bool_]:
    """Readings far off that the next ones take back."""
    slips = np.zeros(len(values), dtype=bool)
    for fall in np.flatnonzero(np.diff(values) < 0).tolist():
        if slips[fall] or slips[fall + 1]:
            continue
        after = np.flatnonzero(values[fall + 1 :] >= values[fall])
        if len(after) and after[0] <= LONGEST_SLIP:
            slips[fall + 1 : fall + 1 + int(after[0])] = True  # down and back
            continue
        before = np.flatnonzero(values[: fall + 1] <= values[fall + 1])
        if len(before) and fall - before[-1] <= LONGEST_SLIP:
            slips[before[-1] + 1 : fall + 1] = True  # up and back
    return slips


def _turned(values: Numbers, steps: Numbers, log: ReadingLog) -> Numbers:
    """Steps with turns of the counter made good; NaN where the meter was exchanged."""
    steps = steps.copy()
    ranges = _ranges(values)
    exchanged = 0
    for place in np.flatnonzero(steps < 0).tolist():
        before, after = values[place], values[place + 1]
        if size := ranges[place]:
            steps[place] = size - before + after
            log.assume(
                "register_turned",
                _("示数由 {before} 变为 {after}，按计满归零计。", before=before, after=after),
            )
        else:
            steps[place] = np.nan
            exchanged += 1
    if exchanged:
        log.report(
            "register_exchanged",
            _("{count} 处示数回退（换表），按缺测计。", count=exchanged),
            _("请补上换表前后的示数。"),
        )
    return steps
