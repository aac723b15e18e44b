"""Time of use: which period, season and kind of day each time step belongs to.

Times are wall-clock times at the park; a schedule row may wrap past midnight, hold for some
months or kinds of day only, and override rows of lower priority.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Annotated, Any

import holidays
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from greenland.energy.site import step_hours
from greenland.errors import input_error
from greenland.i18n import N_, _

TIMEZONE = "Asia/Shanghai"
MINUTES = 24 * 60


class DayKind(StrEnum):
    """Kind of day a time-of-use row may be limited to."""

    WORKDAY = "workday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"


DAY_KIND_LABELS = {
    DayKind.WORKDAY: N_("工作日"),
    DayKind.WEEKEND: N_("休息日"),
    DayKind.HOLIDAY: N_("法定节假日"),
}

PERIOD_LABELS = {
    "super_peak": N_("尖峰"),
    "peak": N_("峰"),
    "flat": N_("平"),
    "valley": N_("谷"),
    "deep_valley": N_("深谷"),
}


def _clock(value: Any) -> Any:
    """Minutes after midnight of ``"HH:MM"``; 24:00 is the end of the day."""
    text = f"{value:02d}:00" if isinstance(value, int) else str(value).strip().replace("：", ":")
    hour, _colon, minute = text.partition(":")
    if not (hour.isdigit() and (minute or "0").isdigit()):
        raise ValueError(_("应为时刻，如 07:30"))
    minutes = int(hour) * 60 + int(minute or 0)
    if not (0 <= minutes <= MINUTES and int(minute or 0) < 60):
        raise ValueError(_("应在 00:00 至 24:00 之间"))
    return minutes


Clock = Annotated[int, BeforeValidator(_clock)]


class TouRow(BaseModel):
    """One row of a time-of-use schedule.

    Parameters
    ----------
    period : str
        Name of the period, such as ``"peak"``.
    start, end : str
        Wall-clock times ``"HH:MM"``; an end before the start wraps past midnight.
    months : list of int
        Months the row holds for; empty: all. A wrapped row keeps the month of each of its hours.
    days : list of DayKind
        Kinds of day the row holds for; empty: all.
    priority : int
        Rows of higher priority override lower ones.
    """

    model_config = ConfigDict(extra="forbid")

    period: str = Field(min_length=1)
    start: Clock
    end: Clock
    months: list[Annotated[int, Field(ge=1, le=12)]] = []
    days: list[DayKind] = []
    priority: int = 0

    @model_validator(mode="after")
    def _not_empty(self) -> TouRow:
        if self.start == self.end:
            raise ValueError(_("时段的起点和终点相同"))
        return self

    def minutes(self) -> list[tuple[int, int]]:
        """Stretches of the day the row covers, as half-open ranges of minutes."""
        if self.start < self.end:
            return [(self.start, self.end)]
        return [(self.start, MINUTES)] + ([(0, self.end)] if self.end else [])

    def holds(self, month: int, kind: DayKind) -> bool:
        """Whether the row holds on such a day."""
        return (not self.months or month in self.months) and (not self.days or kind in self.days)


class Schedule(BaseModel):
    """Time-of-use rows and the ratio of each period to the flat price."""

    model_config = ConfigDict(extra="forbid")

    rows: list[TouRow]
    ratios: dict[str, Annotated[float, Field(ge=0)]]

    @model_validator(mode="after")
    def _ratios_known(self) -> Schedule:
        missing = sorted({row.period for row in self.rows} - set(self.ratios))
        if missing:
            raise ValueError(_("时段“{period}”没有给出比价", period="、".join(missing)))
        for month in range(1, 13):
            for kind in DayKind:
                day_periods(self.rows, month, kind)
        return self

    @property
    def by_day(self) -> bool:
        """Whether any row asks what kind of day it is."""
        return any(row.days for row in self.rows)


def day_periods(rows: Sequence[TouRow], month: int, kind: DayKind) -> NDArray[np.int64]:
    """Row that rules each minute of a day.

    Returns
    -------
    array of int, shape (1440,)
        Index into *rows*.

    Raises
    ------
    ValueError
        If a minute has no row, or two rows of one priority name different periods for it.
    """
    chosen = np.full(MINUTES, -1)
    priorities = np.array([row.priority for row in rows], dtype=np.int64)
    for place, row in enumerate(rows):
        if not row.holds(month, kind):
            continue
        for start, end in row.minutes():
            _no_rival(chosen, rows, place, start, end)
            span = chosen[start:end]
            span[(span < 0) | (priorities[span] <= row.priority)] = place
    if (chosen < 0).any():
        minute = int(np.argmax(chosen < 0))
        raise ValueError(
            _(
                "{month}月 {time} 没有分时时段",
                month=month,
                time=f"{minute // 60:02d}:{minute % 60:02d}",
            )
        )
    return chosen


def _no_rival(
    chosen: NDArray[np.int64], rows: Sequence[TouRow], place: int, start: int, end: int
) -> None:
    """Refuse a row where one of its priority names another period."""
    row = rows[place]
    for other in {int(item) for item in np.unique(chosen[start:end])} - {-1}:
        rival = rows[other]
        if rival.priority == row.priority and rival.period != row.period:
            raise ValueError(
                _(
                    "时段“{first}”与“{second}”重叠且优先级相同，请改时间或给出 priority",
                    first=rival.period,
                    second=row.period,
                )
            )


def wall_clock(index: pd.DatetimeIndex) -> pd.DatetimeIndex:
    """Naive times as a clock on the wall at the park shows them.

    Parameters
    ----------
    index : DatetimeIndex
        Naive times are taken as they are; others are converted to Beijing time.
    """
    return index if index.tz is None else index.tz_convert(TIMEZONE).tz_localize(None)


def day_kinds(days: Iterable[dt.date]) -> dict[dt.date, DayKind]:
    """Kind of each day by the State Council's holiday arrangements.

    Shifted rest days count as weekend, shifted working days as workdays.

    Raises
    ------
    InputError
        If the arrangements of a year are not known yet.
    """
    days = list(days)
    years = sorted({day.year for day in days})
    calendar = holidays.country_holidays("CN", years=years, language="en_US")
    unknown = [year for year in years if year not in calendar.special_public_holidays]
    if unknown:
        raise input_error(
            "holidays",
            _("没有 {years} 年的节假日调休安排。", years="、".join(map(str, unknown))),
            remedy=_("请改用已公布安排的年份，或去掉分时时段里的 days。"),
        )
    return {day: _kind(day, calendar) for day in days}


def _kind(day: dt.date, calendar: Any) -> DayKind:
    if day in calendar.weekend_workdays:
        return DayKind.WORKDAY
    if day in calendar:
        return DayKind.WEEKEND if "Day off" in calendar[day] else DayKind.HOLIDAY
    return DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORKDAY


def step_periods(index: pd.DatetimeIndex, schedule: Schedule) -> tuple[pd.Series, pd.Series]:
    """Period and price ratio of every step.

    Parameters
    ----------
    index : DatetimeIndex
        Beginnings of the steps.
    schedule : Schedule

    Returns
    -------
    period : Series of str
        Period in force when the step begins.
    ratio : Series of float
        Mean ratio over the step [-]; exact where a period changes inside a step.
    """
    clock = wall_clock(index)
    kinds = _kinds_of(clock, schedule)
    length = max(1, round(step_hours(index) * 60))
    start = (clock.hour * 60 + clock.minute).to_numpy()
    period = np.empty(len(index), dtype=object)
    ratio = np.empty(len(index))
    months = clock.month.to_numpy()
    for month, kind in sorted(set(zip(months.tolist(), kinds.tolist(), strict=True))):
        places = np.flatnonzero((months == month) & (kinds == kind))
        rows = day_periods(schedule.rows, month, kind)
        names = np.array([row.period for row in schedule.rows], dtype=object)[rows]
        values = np.array([schedule.ratios[row.period] for row in schedule.rows])[rows]
        total = np.concatenate([[0.0], np.cumsum(np.tile(values, 1 + -(-length // MINUTES)))])
        begin = start[places]
        period[places] = names[begin]
        ratio[places] = (total[begin + length] - total[begin]) / length
    return pd.Series(period, index, name="period"), pd.Series(ratio, index, name="ratio")


def _kinds_of(clock: pd.DatetimeIndex, schedule: Schedule) -> NDArray[np.object_]:
    if not schedule.by_day:
        return np.full(len(clock), DayKind.WORKDAY, dtype=object)
    days = clock.date
    kinds = day_kinds(sorted(set(days)))
    return np.array([kinds[day] for day in days], dtype=object)


def season_of(index: pd.DatetimeIndex, seasons: Mapping[str, Sequence[int]]) -> pd.Series:
    """Season of every step by its month.

    Raises
    ------
    InputError
        If a month belongs to no season or to two.
    """
    months = [int(month) for group in seasons.values() for month in group]
    if sorted(months) != list(range(1, 13)):
        raise input_error(
            "seasons",
            _("季节划分必须让十二个月各出现一次。"),
            got="、".join(map(str, sorted(months))),
        )
    names = {int(month): name for name, group in seasons.items() for month in group}
    return pd.Series(wall_clock(index).month.map(names), index=index, name="season")
