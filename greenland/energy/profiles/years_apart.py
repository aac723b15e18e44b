"""Curves of several weather years that do not follow one another."""

from __future__ import annotations

import numpy as np
import pandas as pd

from greenland.energy.profiles.method import LONGEST_OUTAGE_DAYS, MOST_SHIFTED_DAYS
from greenland.i18n import _

DAY = pd.Timedelta(days=1)


def years_apart(
    index: pd.DatetimeIndex, step: pd.Timedelta | None = None
) -> list[pd.DatetimeIndex]:
    """Stretches of a curve that lie in years of their own, such as the same week of two years.

    A stretch ends where more days are missing than a meter is out of order. All are whole days,
    begin within a week of one another in their years and are, but for a leap day, equally long:
    neither a date that is wrong nor a long outage makes a year.

    Parameters
    ----------
    index : DatetimeIndex
        Starts of the steps that have readings.
    step : Timedelta, optional
        The shortest distance of two readings when None.

    Returns
    -------
    list of DatetimeIndex
        Every step of each stretch, those without readings among them; the whole curve as one
        where it is not several years, and as it stands where its times repeat or go back.
    """
    if len(index) < 2 or not index.is_monotonic_increasing or not index.is_unique:
        return [index]
    step = step or (index[1:] - index[:-1]).min()
    missing = np.asarray(index[1:] - index[:-1]) - np.timedelta64(step)
    long = missing > np.timedelta64(pd.Timedelta(days=LONGEST_OUTAGE_DAYS))
    begins = np.flatnonzero(long) + 1
    ends = np.r_[begins, len(index)]
    stretches = [
        pd.date_range(index[begin], index[end - 1], freq=step)
        for begin, end in zip(np.r_[0, begins], ends, strict=True)
    ]
    days = [(one[-1] + step - one[0]) / DAY for one in stretches]
    firsts = [one[0].day_of_year for one in stretches]
    whole = all(one[0] == one[0].normalize() for one in stretches) and all(
        day == round(day) for day in days
    )
    if whole and max(days) - min(days) <= 1 and max(firsts) - min(firsts) <= MOST_SHIFTED_DAYS:
        return stretches
    return [pd.date_range(index[0], index[-1], freq=step)]


def without_time_between(series: pd.Series, step: pd.Timedelta) -> tuple[pd.Series, str]:
    """A curve without the time between its years, and what is said of it.

    Parameters
    ----------
    series : Series
        On a regular grid, NaN where there is no reading.
    step : Timedelta
    """
    stretches = years_apart(pd.DatetimeIndex(series.dropna().index), step)
    if len(stretches) == 1:
        return series, ""
    kept = series[series.index.isin(stretches[0].append(stretches[1:]))]
    spans = "、".join(
        _("{start} 至 {end}", start=one[0].date(), end=one[-1].date()) for one in stretches
    )
    return kept, _(
        "按 {count} 个气象年计（{spans}），其间不作缺测。", count=len(stretches), spans=spans
    )
