"""Dates of a land ledger, column by column: years on, whole months between."""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias

import pandas as pd

Dates: TypeAlias = "pd.Series[pd.Timestamp]"
Numbers: TypeAlias = "pd.Series[float]"


def months_of(years: float) -> int:
    """Whole months in a number of years, as rules state periods."""
    return round(years * 12)


def after(dates: Dates, months: int) -> Dates:
    """The same day so many months later; the last day of the month where there is none.

    Examples
    --------
    >>> after(pd.Series(pd.to_datetime(["2024-02-29"])), 12).dt.date.tolist()
    [datetime.date(2025, 2, 28)]
    """
    return dates + pd.DateOffset(months=months)


def months_since(dates: Dates, day: dt.date) -> Numbers:
    """Whole months from each date up to *day*, as `after` counts them; NaN without a date.

    Examples
    --------
    >>> dates = pd.Series(pd.to_datetime(["2024-01-31"]))
    >>> months_since(dates, dt.date(2024, 3, 30)).tolist()
    [1.0]
    >>> months_since(dates, dt.date(2024, 4, 30)).tolist()
    [3.0]
    """
    part = dates.dt
    count = (day.year - part.year) * 12 + (day.month - part.month)
    # the last day of a month completes it for every later day of the month
    short = (part.day > day.day) & (not pd.Timestamp(day).is_month_end)
    return (count - short).astype("float64")


def on_or_before(dates: Dates, day: dt.date) -> pd.Series[bool]:
    """Whether each date is known and not after *day*."""
    return (dates <= pd.Timestamp(day)).fillna(False).astype(bool)
