"""Readings whose steps begin between ours: zones half an hour or three quarters apart."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.timeline import step_of

Numbers = npt.NDArray[np.float64]


def phase_of(index: pd.DatetimeIndex, step: pd.Timedelta) -> pd.Timedelta:
    """How long after a whole step of the day of their clock the steps of an index begin."""
    return pd.Timedelta((index[0] - index[0].normalize()) % step)


def overlapped(values: Numbers, share: float, *, circular: bool) -> Numbers:
    """Means over steps that begin earlier than the readings' by a share of a step.

    Parameters
    ----------
    values : array
        Means of successive steps.
    share : float
        By which part of a step ours begin earlier, as decimal.
    circular : bool
        Whether the step before the first is the last, as in a year closed into a ring.

    Returns
    -------
    array
        Each weighted by how long the two readings' steps lie in it: the sum is kept.
    """
    if share == 0:
        return values
    before = np.roll(values, 1)
    if not circular:
        before[0] = np.nan
    return share * before + (1 - share) * values


def on_whole_steps(series: pd.Series) -> pd.Series:
    """A regular series in Beijing time with its steps on whole steps of the day; see `overlapped`.

    The first step, of which only a part is known, is missing.
    """
    index = pd.DatetimeIndex(series.index)
    step = step_of(index)
    phase = phase_of(index, step)
    if not phase:
        return series
    values = overlapped(series.to_numpy(dtype=float), phase / step, circular=False)
    return pd.Series(values, index=index - phase, name=series.name)
