"""The Chinese working calendar: holidays, Spring Festival and make-up workdays.

From the `holidays` library, which transcribes the State Council's yearly notices. Years whose
notice is not out yet have the statutory days but no exchanged days off; the calendar says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import pandas as pd

from greenland.errors import Problem, Severity, input_error
from greenland.i18n import N_, _


class DayType(StrEnum):
    """What kind of day it is for a workplace."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    SPRING_FESTIVAL = "spring_festival"


DAY_TYPE_LABELS = {
    DayType.WORKDAY: N_("工作日"),
    DayType.WEEKEND: N_("周末"),
    DayType.HOLIDAY: N_("节假日"),
    DayType.SPRING_FESTIVAL: N_("春节"),
}

_NEW_YEAR = "Chinese New Year"


@dataclass(frozen=True)
class _Year:
    holidays: dict[dt.date, str]
    makeup: frozenset[dt.date]


@cache
def _year(year: int) -> _Year:
    from holidays import country_holidays

    # the neighbours too: days are exchanged across New Year
    found = country_holidays("CN", years=[year - 1, year, year + 1], language="en_US")
    names = {day: name for day, name in found.items() if day.year == year}
    makeup = frozenset(day for day in found.weekend_workdays if day.year == year)
    return _Year(names, makeup)


@cache
def published_years() -> tuple[int, int]:
    """First and last year for which the exchanged days off are known."""
    first, last = 2001, dt.date.today().year + 1
    known = [year for year in range(first, last + 1) if _has_notice(year)]
    return known[0], known[-1]


def _has_notice(year: int) -> bool:
    """Whether the library holds the yearly notice: it then knows make-up workdays in January on."""
    return any(not (day.month == 12 and day.day > 28) for day in _year(year).makeup)


def day_types(year: int) -> pd.Series:
    """Kind of every day of a year.

    Returns
    -------
    Series
        `DayType` values on a DatetimeIndex of days without time zone. Weekend days inside a
        break that contains a holiday are part of the holiday; weekend days worked in exchange
        are workdays.
    """
    days = pd.date_range(dt.date(year, 1, 1), dt.date(year, 12, 31), freq="D")
    known = _year(year)
    kinds: list[DayType] = []
    for stamp in days:
        day = stamp.date()
        if day in known.makeup:
            kinds.append(DayType.WORKDAY)
        elif day in known.holidays:
            kinds.append(DayType.HOLIDAY)
        else:
            kinds.append(DayType.WEEKEND if day.weekday() >= 5 else DayType.WORKDAY)
    types = pd.Series(kinds, index=days, name="day_type", dtype=object)
    return _mark_breaks(types, known)


def _mark_breaks(types: pd.Series, known: _Year) -> pd.Series:
    """Make every run of days off that holds a holiday a holiday, or Spring Festival."""
    off = types != DayType.WORKDAY
    runs = (off != off.shift()).cumsum()
    for _number, run in types[off].groupby(runs[off]):
        names = [known.holidays[day.date()] for day in run.index if day.date() in known.holidays]
        if names:
            spring = any(_NEW_YEAR in name for name in names)
            types.loc[run.index] = DayType.SPRING_FESTIVAL if spring else DayType.HOLIDAY
    return types


def coverage_problems(year: int) -> list[Problem]:
    """A warning if the year's exchanged days off are not known."""
    first, last = published_years()
    if first <= year <= last:
        return []
    return [
        Problem(
            Severity.WARNING,
            "calendar_coverage",
            _("{year} 年的放假安排（调休）尚无数据，只按法定节日和周末计。", year=year),
            _("放假通知发布后，请升级 holidays 组件。"),
            got=str(year),
            allowed=f"{first}–{last}",
        )
    ]


def require_coverage(year: int) -> None:
    """Refuse a year whose exchanged days off are not known.

    Raises
    ------
    InputError
        For years outside `published_years`.
    """
    first, last = published_years()
    if not first <= year <= last:
        raise input_error(
            "calendar_coverage",
            _("没有 {year} 年的放假安排（调休）。", year=year),
            got=str(year),
            allowed=f"{first}–{last}",
            remedy=_("请换一个年份，或升级 holidays 组件。"),
        )
