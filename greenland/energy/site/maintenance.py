"""A maintenance window: when a generator stands still, once a year, at a time that is decided."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd
from numpy.typing import NDArray

HOURS_A_DAY = 24
HOURS_A_YEAR = 8760


@dataclass(frozen=True)
class MaintenanceWindow:
    """One stretch without output in every year, placed where it costs least.

    Parameters
    ----------
    days, hours : float, optional
        Its length; one of the two [d], [h].
    between : tuple of str, optional
        First and last day it may touch, as month and day (``("04-01", "06-30")``); from a later
        to an earlier day it goes over the turn of the year. Any time of the year when left out.

    Notes
    -----
    It begins at midnight and does not go over the end of the horizon.

    Examples
    --------
    >>> from greenland.energy.site import MaintenanceWindow
    >>> MaintenanceWindow(days=20, between=("10-08", "11-30")).steps(1.0)
    480
    """

    days: float | None = None
    hours: float | None = None
    between: tuple[str, str] | None = None

    @property
    def length_hours(self) -> float:
        """Its length [h]."""
        return (self.hours or 0.0) + HOURS_A_DAY * (self.days or 0.0)

    def steps(self, step_hours: float) -> int:
        """Steps it takes, the last one whole."""
        return max(1, math.ceil(self.length_hours / step_hours - 1e-9))

    def starts(self, index: pd.DatetimeIndex, step_hours: float) -> list[NDArray[np.int64]]:
        """Steps it may begin at, of each year of a horizon.

        A year is twelve months from the beginning of the horizon, or of a run of weather years
        after a break; what is left over at the end belongs to the last one.
        """
        length, days = self.steps(step_hours), index.normalize()
        first = np.ones(len(index), dtype=bool)
        first[1:] = np.asarray(days[1:] != days[:-1])
        allowed = np.concatenate([[0], np.cumsum(self._allowed(index))])
        found = []
        for begin, end in _years(index, step_hours):
            starts = begin + np.flatnonzero(first[begin:end])
            starts = starts[starts + length <= end]
            found.append(starts[allowed[starts + length] - allowed[starts] == length])
        return found

    def _allowed(self, index: pd.DatetimeIndex) -> NDArray[np.bool_]:
        """Steps of the days it may touch."""
        if self.between is None:
            return np.ones(len(index), dtype=bool)
        day = index.month.to_numpy() * 100 + index.day.to_numpy()
        low, high = (100 * month + of for month, of in map(month_and_day, self.between))
        inside = (day >= low, day <= high)
        return np.asarray(inside[0] & inside[1] if low <= high else inside[0] | inside[1])


def month_and_day(text: str) -> tuple[int, int]:
    """Month and day of ``"04-01"``; the last of February may be its 29th.

    Raises
    ------
    ValueError
        If there is no such day.
    """
    month, _dash, day = text.partition("-")
    when = pd.Timestamp(year=2000, month=int(month), day=int(day))  # a leap year
    return when.month, when.day


def _years(index: pd.DatetimeIndex, step_hours: float) -> list[tuple[int, int]]:
    """First step and end of each year."""
    step = pd.Timedelta(hours=step_hours)
    breaks = np.flatnonzero(np.r_[True, (index[1:] - index[:-1]) != step, True])
    found = []
    for begin, end in zip(breaks[:-1].tolist(), breaks[1:].tolist(), strict=True):
        count = max(1, round((end - begin) * step_hours / HOURS_A_YEAR))
        later = [index[begin] + pd.DateOffset(years=year) for year in range(1, count)]
        bounds = [begin, *(int(index.searchsorted(when)) for when in later), end]
        found += list(pairwise(bounds))
    return found
