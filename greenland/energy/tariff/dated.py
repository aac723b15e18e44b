"""Values that hold from one day to another, put together to a year."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.energy.tou import wall_clock
from greenland.i18n import Text, _

NOBODY = -1
MONTHS = 12


@dataclass(frozen=True, slots=True)
class Dated:
    """A value, the days it holds for, and where it comes from.

    Parameters
    ----------
    value : number or anything
    source : str
    confidence : str
        As in the rules, or ``"user"``.
    rule_id : str, optional
    first, last : date, optional
        Both ends count; open when None.
    """

    value: Any
    source: str
    confidence: str = "user"
    rule_id: str | None = None
    first: dt.date | None = None
    last: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive days of the year on which one value holds, both ends counted."""

    first: dt.date
    last: dt.date
    dated: Dated


def days_of(year: int) -> int:
    """Number of days of a year."""
    return 365 + calendar.isleap(year)


def day_numbers(index: pd.DatetimeIndex, year: int) -> NDArray[np.int64]:
    """Day of the priced year that each step stands for, counted from 0.

    Parameters
    ----------
    index : DatetimeIndex
        A curve of any year, such as a weather year; its month and day count.
    year : int
        Whose prices are paid; 29 February is the 28th where the year has none.
    """
    clock = wall_clock(index)
    month, day = clock.month.to_numpy(), clock.day.to_numpy()
    last = np.array([calendar.monthrange(year, number)[1] for number in range(1, MONTHS + 1)])
    before = np.concatenate([[0], np.cumsum(last)[:-1]])
    return np.asarray(before[month - 1] + np.minimum(day, last[month - 1]) - 1, dtype=np.int64)


class YearOfValues:
    """One value on each day of a year, taken from the first that holds on it.

    Parameters
    ----------
    year : int
    layers : sequence of Dated
        What the user gives stands before what the rules say.
    """

    def __init__(self, year: int, layers: Sequence[Dated]) -> None:
        self.year, self.layers = year, tuple(layers)
        first = dt.date(year, 1, 1)
        self.owner = np.full(days_of(year), NOBODY)
        for place, item in enumerate(self.layers):
            begin = 0 if item.first is None else max(0, (item.first - first).days)
            end = len(self.owner) if item.last is None else (item.last - first).days + 1
            span = self.owner[begin : max(0, end)]
            span[span == NOBODY] = place

    @property
    def whole(self) -> bool:
        """Whether every day has a value."""
        return bool((self.owner != NOBODY).all())

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """What holds when, in order of time."""
        return tuple(
            Piece(first, last, self.layers[place])
            for place, first, last in _runs(self.owner, self.year)
            if place != NOBODY
        )

    @property
    def days(self) -> NDArray[np.float64]:
        """The numbers, day by day; NaN where there is none."""
        values = np.array([*(float(item.value) for item in self.layers), np.nan])
        days: NDArray[np.float64] = values[self.owner]
        return days

    @property
    def months(self) -> tuple[float, ...]:
        """The mean of the days of each month, January first."""
        return by_month(self.days, self.year)

    def on(self, index: pd.DatetimeIndex) -> pd.Series:
        """The number of each step."""
        return pd.Series(self.days[day_numbers(index, self.year)], index=index)

    def map(self, number: Callable[[Any], float]) -> YearOfValues:
        """The same days with a number in the place of each value."""
        parts = (replace(item, value=number(item.value)) for item in self.layers)
        return YearOfValues(self.year, tuple(parts))

    def missing(self) -> Text | str:
        """The days without a value in words: whole months by their numbers."""
        gaps = [
            _span(first, last)
            for place, first, last in _runs(self.owner, self.year)
            if place == NOBODY
        ]
        if not self.pieces:
            gaps = [_("全年")]
        return _("{year}年{months}", year=self.year, months="、".join(map(str, gaps)))


def by_month(days: NDArray[np.float64], year: int) -> tuple[float, ...]:
    """Means of a year's days by month, January first."""
    ends = np.cumsum([calendar.monthrange(year, number)[1] for number in range(1, MONTHS + 1)])
    return tuple(float(part.mean()) for part in np.split(days, ends[:-1]))


def _runs(owner: NDArray[np.int64], year: int) -> list[tuple[int, dt.date, dt.date]]:
    """Stretches of days with one owner."""
    first = dt.date(year, 1, 1)
    turns = [0, *(np.flatnonzero(np.diff(owner)) + 1).tolist(), len(owner)]
    return [
        (int(owner[begin]), first + dt.timedelta(begin), first + dt.timedelta(end - 1))
        for begin, end in pairwise(turns)
    ]


def _span(first: dt.date, last: dt.date) -> Text | str:
    if first.day == 1 and (last + dt.timedelta(1)).day == 1:
        if first.month == last.month:
            return _("{month}月", month=first.month)
        return _("{first}—{last}月", first=first.month, last=last.month)
    return _(
        "{first_month}月{first_day}日—{last_month}月{last_day}日",
        first_month=first.month,
        first_day=first.day,
        last_month=last.month,
        last_day=last.day,
    )
