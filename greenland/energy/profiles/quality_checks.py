"""The checks of the quality sheet: outliers, flat lines, the sun, full-load hours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.defaults import Defaults
from greenland.energy.profiles.gaps import Subject, runs
from greenland.energy.profiles.method import (
    LEAST_SPREAD,
    MIDDLE_LONGITUDE,
    NEAR_RATED,
    NIGHT_HOURS,
    NIGHT_ZENITH,
)
from greenland.energy.profiles.place import Place, sun
from greenland.energy.profiles.timeline import step_of
from greenland.errors import Problem, Severity
from greenland.i18n import _

Numbers = npt.NDArray[np.float64]


def _by_slot(series: pd.Series) -> tuple[Numbers, int]:
    """Values by day and time of day, NaN outside the series; and where the series begins."""
    index = pd.DatetimeIndex(series.index)
    step = step_of(index)
    per_day = round(pd.Timedelta(days=1) / step)
    offset = round((index[0] - index[0].normalize()) / step)
    table = np.full(-(-(offset + len(series)) // per_day) * per_day, np.nan)
    table[offset : offset + len(series)] = series.to_numpy(dtype=float)
    return table.reshape(-1, per_day), offset


def outliers_of(series: pd.Series, subject: Subject, factor: float) -> list[dict[str, Any]]:
    """Readings far from the usual range of their time of day, for no more than an hour.

    What lasts longer is a holiday or another way of running the plant, not a slip. PV and wind
    are bounded by nature and swing over their whole range; only load and weather are looked at.
    """
    if subject in (Subject.PV, Subject.WIND):
        return []
    table, offset = _by_slot(series)
    low, middle, high = np.nanpercentile(table, [25, 50, 75], axis=0)
    overall = np.nanpercentile(table, 75) - np.nanpercentile(table, 25)
    spread = np.maximum(high - low, LEAST_SPREAD * overall)
    far = np.abs(table - middle) > factor * np.where(spread > 0, spread, np.inf)
    step = step_of(pd.DatetimeIndex(series.index))
    short = max(1, int(pd.Timedelta(hours=1) / step))
    places = [
        place - offset
        for first, last in runs(far.ravel())
        if last - first <= short
        for place in range(first, last)
    ]
    usual = np.tile(middle, len(table))
    times = pd.DatetimeIndex(series.index)
    return [
        {
            "time": times[place].isoformat(),
            "value": float(series.iloc[place]),
            "usual": float(usual[place + offset]),
        }
        for place in places
    ]


def flat_lines_of(series: pd.Series, subject: Subject, hours: float) -> list[dict[str, Any]]:
    """Runs of one repeated value; zeros count for load only, for suns set and winds drop."""
    numbers = series.to_numpy(dtype=float)
    index = pd.DatetimeIndex(series.index)
    step = step_of(index)
    same = np.zeros(len(numbers), dtype=bool)
    same[1:] = numbers[1:] == numbers[:-1]
    if subject is not Subject.LOAD:
        same &= numbers > 0
    if subject is Subject.WIND:  # in a storm turbines run at rated power for days
        same &= numbers < NEAR_RATED * numbers.max()
    least = round(hours / (step / pd.Timedelta(hours=1)))
    return [
        {
            "start": index[first - 1].isoformat(),
            "hours": (last - first + 1) * (step / pd.Timedelta(hours=1)),
            "value": float(numbers[first]),
        }
        for first, last in runs(same)
        if last - first + 1 >= least
    ]


def sun_checks(series: pd.Series, place: Place | None) -> tuple[float | None, float | None]:
    """Share of the output at night, and how late the middle of the output is [h].

    Without a place the night is 22:00–04:00 and noon that of China's middle, 105° E.
    """
    total = float(series.sum())
    if total <= 0:
        return None, None
    index = pd.DatetimeIndex(series.index)
    middle = index + step_of(index) / 2
    clock = middle.hour.to_numpy() + middle.minute.to_numpy() / 60
    if place is None:
        dark = (clock >= NIGHT_HOURS[0]) | (clock < NIGHT_HOURS[1])
        longitude = MIDDLE_LONGITUDE
    else:
        # a step counts as night only when the sun stays well below the horizon throughout
        dark = (sun(index, place)["zenith"] > NIGHT_ZENITH).to_numpy()
        longitude = place.longitude
    night = float(series.to_numpy()[dark].sum()) / total
    # on a circle, so that a series in another time zone shows its whole shift
    angle = 2 * np.pi * clock / 24
    weight = series.to_numpy()
    centre = np.arctan2((weight * np.sin(angle)).sum(), (weight * np.cos(angle)).sum())
    noon = 12 + (120.0 - longitude) / 15.0
    shift = (centre * 24 / (2 * np.pi) - noon + 12) % 24 - 12
    return night, float(shift)


def findings(
    name: str, outliers: Sequence[Any], flat: Sequence[Any], negative: int
) -> list[Problem]:
    """Problems of outliers, flat lines and negative values."""
    found = []
    if outliers:
        found.append(
            Problem(
                Severity.WARNING,
                "outliers",
                _("曲线“{name}”有 {count} 个异常读数，未作改动。", name=name, count=len(outliers)),
                _("请核对原始数据；确为错误时先改正再计算。"),
                got=str(outliers[0]["value"]),
            )
        )
    if flat:
        found.append(
            Problem(
                Severity.WARNING,
                "flat_lines",
                _("曲线“{name}”有 {count} 段长时间不变的读数。", name=name, count=len(flat)),
                _("请核对是否为采集中断。"),
                got=_("{start} 起 {hours} 小时", start=flat[0]["start"], hours=flat[0]["hours"]),
            )
        )
    if negative:
        found.append(
            Problem(
                Severity.WARNING,
                "negative",
                _("曲线“{name}”有 {count} 个负值。", name=name, count=negative),
                _("请核对是否为反向电量，或正负号约定不同。"),
            )
        )
    return found


def sun_problems(
    name: str, night: float | None, shift: float | None, values: Defaults, slack: float
) -> list[Problem]:
    """Problems of output at night, and of a noon further off than tolerated plus *slack* [h]."""
    found = []
    if night is not None and night > values.number("night_share"):
        found.append(
            Problem(
                Severity.WARNING,
                "pv_at_night",
                _("光伏曲线“{name}”有 {share} 的电量在夜间。", name=name, share=f"{night:.1%}"),
                _("请核对时区（如世界时误作北京时间）。"),
            )
        )
    if shift is not None and abs(shift) > values.number("noon_shift_hours") + slack:
        found.append(
            Problem(
                Severity.WARNING,
                "noon_shifted",
                _(
                    "光伏曲线“{name}”的正午偏移 {shift} 小时。",
                    name=name,
                    shift=f"{shift:+.1f}",
                ),
                _("请核对时区、经度和时刻标注方式（时段始或时段末）。"),
            )
        )
    return found


def hours_problems(
    name: str, hours: float | None, limits: tuple[float, float] | None
) -> list[Problem]:
    """Problem of full-load hours outside the plausible range."""
    if hours is None or limits is None or limits[0] <= hours <= limits[1]:
        return []
    return [
        Problem(
            Severity.WARNING,
            "full_load_hours",
            _("曲线“{name}”的年利用小时不在合理区间内。", name=name),
            _("请核对容量、单位和数据年份。"),
            got=f"{hours:.0f} h",
            allowed=_("{low} 至 {high}", low=f"{limits[0]:.0f} h", high=f"{limits[1]:.0f} h"),
        )
    ]
