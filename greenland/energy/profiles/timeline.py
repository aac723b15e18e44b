"""The time axis every profile stands on: Beijing time, regular steps, labelled at their start.

A step labelled 08:00 covers 08:00 up to the next label (left label). China has kept UTC+8
without daylight saving since 1992, so a calendar year has 8760 or 8784 hours.
"""

from __future__ import annotations

import calendar
from enum import StrEnum

import numpy as np
import pandas as pd

from greenland.errors import input_error
from greenland.i18n import N_, _

TIMEZONE = "Asia/Shanghai"
HOURS_PER_YEAR = 8760


class LeapDay(StrEnum):
    """Which day goes when a leap year has to become one of 365 days."""

    FEBRUARY_29 = "feb29"
    DECEMBER_31 = "dec31"


LEAP_DAY_LABELS = {LeapDay.FEBRUARY_29: N_("2月29日"), LeapDay.DECEMBER_31: N_("12月31日")}


def year_index(year: int, step: str = "1h") -> pd.DatetimeIndex:
    """Every step of a calendar year in Beijing time.

    Parameters
    ----------
    year : int
    step : str
        Length of a step as pandas writes it, such as ``"1h"`` or ``"15min"``.
    """
    start = pd.Timestamp(year=year, month=1, day=1, tz=TIMEZONE)
    end = pd.Timestamp(year=year + 1, month=1, day=1, tz=TIMEZONE)
    return pd.date_range(start, end, freq=step, inclusive="left")


def step_of(index: pd.DatetimeIndex) -> pd.Timedelta:
    """Length of the steps of a regular index.

    Raises
    ------
    InputError
        If the index has fewer than two steps, or steps of different length.
    """
    if len(index) < 2:
        raise input_error("series_short", _("曲线少于两个时刻。"), got=str(len(index)))
    steps = np.diff(index.asi8)
    if (steps != steps[0]).any() or steps[0] <= 0:
        place = int(np.flatnonzero(steps != steps[0])[0]) + 1 if steps[0] > 0 else 1
        raise input_error(
            "series_irregular",
            _("曲线的时间间隔不一致，从 {time} 起。", time=str(index[place])),
            remedy=_("请先用 greenland energy profile load 整理成等间隔的曲线。"),
        )
    return pd.Timedelta(index[1] - index[0])


def step_hours(index: pd.DatetimeIndex) -> float:
    """Length of the steps of a regular index [h]; see `step_of`."""
    return step_of(index) / pd.Timedelta(hours=1)


def full_load_hours(per_unit: pd.Series) -> float:
    """Full-load hours of a per-unit series [h per year].

    Parameters
    ----------
    per_unit : Series
        Output per unit of capacity on a regular index.

    Notes
    -----
    A calendar year counts as one, with 8760 or 8784 hours; other lengths are scaled by
    8760 hours.
    """
    index = pd.DatetimeIndex(per_unit.index)
    hours = step_hours(index)
    total = float(per_unit.sum()) * hours
    length = len(index) * hours
    whole = whole_years(index)
    years = whole if whole else length / HOURS_PER_YEAR
    return total / years


def resampled(series: pd.Series, step: str) -> pd.Series:
    """The same curve in other steps: means of finer ones, repeats of coarser ones.

    Parameters
    ----------
    series : Series
        Power [MW] or output per unit on a regular index.
    step : str
        Such as ``"1h"`` or ``"15min"``; one length must be a multiple of the other.

    Returns
    -------
    Series
        ``attrs["provenance"]["resampled_minutes"]`` has the step it came from.

    Raises
    ------
    InputError
        If neither length is a multiple of the other.
    """
    index = pd.DatetimeIndex(series.index)
    old, new = step_of(index), pd.Timedelta(step)
    if old == new:
        return series
    if new % old == pd.Timedelta(0):
        result = series.resample(new).mean()
    elif old % new == pd.Timedelta(0):
        whole = pd.date_range(index[0], index[-1] + old, freq=new, inclusive="left")
        result = series.reindex(whole, method="ffill")
    else:
        raise input_error(
            "step",
            _("步长 {old} 不能换算为 {new}。", old=str(old), new=str(new)),
            remedy=_("两个步长之一应为另一个的整数倍。"),
        )
    result.attrs = {name: value for name, value in series.attrs.items() if name != "filled_runs"}
    record = dict(result.attrs.get("provenance", {}))
    record["resampled_minutes"] = old / pd.Timedelta(minutes=1)
    result.attrs["provenance"] = record
    return result.rename(str(series.name))


def whole_years(index: pd.DatetimeIndex) -> int:
    """Number of complete calendar years the index covers exactly; 0 if it does not."""
    end = index[-1] + step_of(index)
    first, last = index[0], end
    starts = [stamp == stamp.normalize() and stamp.day_of_year == 1 for stamp in (first, last)]
    return last.year - first.year if all(starts) else 0


def require_one_year(index: pd.DatetimeIndex, year: int) -> None:
    """Refuse an index that is not one whole calendar year, which cannot be moved to *year*."""
    if whole_years(index) != 1:
        raise input_error(
            "series_not_a_year",
            _("曲线不是完整的一个日历年，不能移到 {year} 年。", year=year),
            got=_("{start} 至 {end}", start=str(index[0]), end=str(index[-1])),
            remedy=_("请提供 1 月 1 日 0 时起的一整年数据。"),
        )


def onto_year(
    series: pd.Series,
    year: int,
    *,
    leap_day: LeapDay = LeapDay.FEBRUARY_29,
    keep_weekdays: bool = False,
) -> pd.Series:
    """Move one year of readings onto another calendar year.

    Parameters
    ----------
    series : Series
        Readings of one whole calendar year on a regular index.
    year : int
        The year to move them to.
    leap_day : LeapDay
        Day dropped when the readings have 366 days and the year 365. In the other direction
        29 February repeats 28 February, whatever this says.
    keep_weekdays : bool
        Turn the days round so that weekdays fall on weekdays: right for load, pointless for
        weather. Up to three days at one end of the year then come from the other end.

    Returns
    -------
    Series
        On the index of `year_index`; ``attrs["provenance"]["leap_day"]`` says what was done.

    Raises
    ------
    InputError
        If the series is not one whole calendar year.
    """
    index = pd.DatetimeIndex(series.index)
    step = step_of(index)
    require_one_year(index, year)
    source = int(index[0].year)
    per_day = int(pd.Timedelta(days=1) / step)
    days = series.to_numpy().reshape(-1, per_day)
    days, note = _leap(days, source, year, leap_day)
    if keep_weekdays:
        days = np.roll(days, -_weekday_shift(source, year), axis=0)
    target = pd.date_range(
        pd.Timestamp(year=year, month=1, day=1, tz=TIMEZONE), periods=days.size, freq=step
    )
    moved = pd.Series(days.ravel(), index=target, name=series.name)
    moved.attrs = dict(series.attrs)
    provenance = dict(moved.attrs.get("provenance", {}))
    provenance.update(year=year, moved_from_year=source, leap_day=note, keep_weekdays=keep_weekdays)
    moved.attrs["provenance"] = provenance
    if "quality" in moved.attrs:
        moved.attrs["quality"] = {**moved.attrs["quality"], "leap_day": note}
    moved.attrs.pop("filled_runs", None)  # places of the year it came from
    return moved


def _leap(
    days: np.ndarray, source: int, year: int, leap_day: LeapDay
) -> tuple[np.ndarray, str | None]:
    """Drop or repeat a day so that the rows fit the year; and what was done."""
    if calendar.isleap(source) == calendar.isleap(year):
        return days, None
    if calendar.isleap(source):
        place = 59 if leap_day is LeapDay.FEBRUARY_29 else len(days) - 1
        return np.delete(days, place, axis=0), f"dropped {leap_day}"
    return np.insert(days, 59, days[58], axis=0), "repeated feb28"


def _weekday_shift(source: int, year: int) -> int:
    """Days by which readings of *source* are turned round, −3 … 3, to keep their weekdays."""
    first = pd.Timestamp(year=source, month=1, day=1).weekday()
    wanted = pd.Timestamp(year=year, month=1, day=1).weekday()
    return (wanted - first + 3) % 7 - 3
