"""Doubts about the horizon: a year or month that is not whole, limit years cut short."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from greenland.energy.site.horizon import HOURS_OF_A_STEP, step_hours
from greenland.energy.site.readings import WeatherYears
from greenland.energy.site.site import Site
from greenland.energy.site.value_checks import warning
from greenland.errors import Problem
from greenland.i18n import _

NEAR = pd.Timedelta(days=2)  # further from a whole month or year nobody meant one
YEAR = pd.Timedelta(hours=8760)


def horizon_problems(site: Site) -> Iterator[Problem]:
    """Doubts about the horizon as a whole."""
    for start, end in stretches(site.index):
        yield from _not_whole(start, end, site.step_hours)
    if site.step_hours in HOURS_OF_A_STEP:
        yield warning(
            "step_long",
            _(
                "每步 {hours:g} 小时，步内取平均：尖峰和缺口被削平，储能、需量和费用都会偏小。",
                hours=site.step_hours,
            ),
            _("只用于比较和初估；定稿请用逐时或更细的曲线。"),
            column="load",
        )
    if str(site.weather_years) == WeatherYears.EACH:
        yield from _parts_of_years(site.index)


def stretches(index: pd.DatetimeIndex) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """First step and end of the last one of every run without a break."""
    step = pd.Timedelta(hours=step_hours(index))
    first = np.flatnonzero(np.r_[True, (index[1:] - index[:-1]) != step])
    last = np.r_[first[1:], len(index)] - 1
    return [(index[int(i)], index[int(j)] + step) for i, j in zip(first, last, strict=True)]


def _not_whole(start: pd.Timestamp, end: pd.Timestamp, hours: float) -> Iterator[Problem]:
    """A run that misses a whole number of months or years by a little."""
    missing = _missing(start, end)
    if missing is None:
        return
    step = pd.Timedelta(hours=hours)
    names = {"first": f"{start:%Y-%m-%d %H:%M}", "last": f"{end:%Y-%m-%d %H:%M}"}
    names["count"] = str(round(abs(missing) / step))
    if missing > pd.Timedelta(0):
        text = _("时段 {first} 至 {last} 比整月或整年少 {count} 个时步。", **names)
    else:
        text = _("时段 {first} 至 {last} 比整月或整年多 {count} 个时步。", **names)
    yield warning(
        "horizon_length",
        text,
        _("请核对曲线是否截短或多出；年度数字按实有小时数折算，需量电费按日历月计。"),
        column="load",
        got=str(round((end - start) / step)),
        allowed=str(round((end - start + missing) / step)),
    )


def _missing(start: pd.Timestamp, end: pd.Timestamp) -> pd.Timedelta | None:
    """What a run lacks of the nearest whole months or years; None when it is whole, or far off.

    8760 hours are a year whatever the calendar. Months count from the first of one, or to it.
    """
    years = max(1, round((end - start) / YEAR))
    ends = [start + years * YEAR, start + pd.DateOffset(years=years)]
    if _begins_month(start):
        ends += [_month(end), _month(end) + pd.DateOffset(months=1)]
    missing = [whole - end for whole in ends if whole > start]
    if _begins_month(end):
        starts = [_month(start), _month(start) + pd.DateOffset(months=1)]
        missing += [start - whole for whole in starts if whole < end]
    nearest = min(missing, key=abs, default=pd.Timedelta(0))
    return nearest if pd.Timedelta(0) < abs(nearest) <= NEAR else None


def _month(time: pd.Timestamp) -> pd.Timestamp:
    return time.normalize().replace(day=1)


def _begins_month(time: pd.Timestamp) -> bool:
    return time == _month(time)


def _parts_of_years(index: pd.DatetimeIndex) -> Iterator[Problem]:
    """Calendar years that New Year cuts out of a run: limits hold in each part by itself."""
    for start, end in stretches(index):
        last = end - pd.Timedelta(nanoseconds=1)
        whole = (start, end) == (_new_year(start), _new_year(last) + pd.DateOffset(years=1))
        if start.year == last.year or whole:
            continue
        yield warning(
            "weather_year_parts",
            _(
                "weather_years 为 each：{first} 至 {last} 跨过元旦，各年部分分别满足年度限制。",
                first=f"{start:%Y-%m-%d}",
                last=f"{last:%Y-%m-%d}",
            ),
            _("若应按一年合计，请写 average，或让每个气象年都从 1 月 1 日起。"),
            column="weather_years",
        )


def _new_year(time: pd.Timestamp) -> pd.Timestamp:
    return time.normalize().replace(month=1, day=1)
