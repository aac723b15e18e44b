"""A series put on a regular index: what keeps it from being a whole, regular year is reported."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.config import SeriesConfig
from greenland.park.normal import listing
from greenland.park.problems import LISTED, ProblemCollector, row_ranges

TIMEZONE = "Asia/Shanghai"
TOUCHES = ("energy",)
STEPS = {"1h": pd.Timedelta(hours=1), "15min": pd.Timedelta(minutes=15)}
STEPS |= {"30min": pd.Timedelta(minutes=30), "1d": pd.Timedelta(days=1)}


@dataclass
class SeriesSource:
    """One series on its way: what it is called, where it stands, and how to report."""

    name: str
    spec: SeriesConfig
    collector: ProblemCollector

    def say(self, severity: Severity, code: str, message: str, remedy: str, **parts: Any) -> None:
        """Report something about the file; an error touches the energy evaluation."""
        touches = TOUCHES if severity is Severity.ERROR else ()
        self.collector.add(
            severity, code, message, remedy, file=self.spec.file, touches=touches, **parts
        )


def regular(
    series: pd.Series[float], numbers: np.ndarray[Any, Any], source: SeriesSource
) -> pd.Series[float] | None:
    """Sort, and report what keeps the series from being regular and whole."""
    times = pd.DatetimeIndex(series.index)
    repeated = times.duplicated(keep="first")
    if repeated.any():
        rows = [int(n) for n in numbers[repeated]]
        source.say(
            Severity.ERROR,
            "repeated_time",
            _("有 {n} 个时刻重复：第 {rows} 行。", n=len(rows), rows=some_rows(rows)),
            _("请删除重复的时刻；中国不实行夏令时，注意时间是否按其他时区导出。"),
            row=rows[0],
            got=str(times[repeated][0].tz_localize(None)),
        )
    if not times.is_monotonic_increasing:
        source.say(Severity.NOTICE, "unsorted", _("时间没有按先后排列，已重新排序。"), "", row=None)
    once = series[~repeated].sort_index()
    step = _step(pd.DatetimeIndex(once.index), source)
    if step is None:
        return None
    _check_gaps(pd.DatetimeIndex(once.index), step, source)
    _check_year(pd.DatetimeIndex(once.index), step, source)
    whole = pd.date_range(once.index[0], once.index[-1], freq=step)
    if not pd.DatetimeIndex(once.index).isin(whole).all():
        return None
    found = once.reindex(whole).rename(source.name)
    found.attrs["provenance"] = {"file": source.spec.file, "unit": source.spec.unit}
    return found


def _step(times: pd.DatetimeIndex, source: SeriesSource) -> pd.Timedelta | None:
    if len(times) < 2:
        source.say(Severity.ERROR, "too_short", _("至少要有两个时刻。"), _("请补充数据。"))
        return None
    differences = pd.Series(times[1:] - times[:-1])
    usual = pd.Timedelta(differences.mode().iloc[0])
    wanted = STEPS.get(source.spec.step or "")
    if source.spec.step and wanted is None:
        source.say(
            Severity.ERROR,
            "step",
            _("series.{name} 的 step 无法识别。", name=source.name),
            _("请改为允许的写法。"),
            got=source.spec.step,
            allowed=listing(STEPS),
        )
    elif wanted is not None and wanted != usual:
        source.say(
            Severity.ERROR,
            "step",
            _("时间间隔与 park.yaml 中的 step 不一致。"),
            _("请改正 step，或换用相应的数据。"),
            got=str(usual),
            allowed=str(wanted),
        )
    odd = int(np.count_nonzero(differences.to_numpy() % usual.to_timedelta64()))
    if odd:
        source.say(
            Severity.ERROR,
            "irregular",
            _(
                "有 {n} 处时间间隔不是 {step} 的整数倍，无法排成等间隔序列。",
                n=odd,
                step=str(usual),
            ),
            _("请统一时间间隔。"),
        )
        return None
    return usual


def _check_gaps(times: pd.DatetimeIndex, step: pd.Timedelta, source: SeriesSource) -> None:
    differences = pd.Series(times[1:] - times[:-1])
    for place in np.flatnonzero(differences > step)[:LISTED]:
        first, last = times[place] + step, times[place + 1] - step
        missing = int(differences.iloc[place] / step) - 1
        leap = missing * step == pd.Timedelta(days=1) and (first.month, first.day) == (2, 29)
        source.say(
            Severity.ERROR,
            "leap_day" if leap else "gap",
            _("闰年缺少 2 月 29 日。")
            if leap
            else _(
                "缺少 {n} 个时刻：{first} 至 {last}。",
                n=missing,
                first=first.strftime("%Y-%m-%d %H:%M"),
                last=last.strftime("%Y-%m-%d %H:%M"),
            ),
            _("请补齐这一段，或用 greenland profile 的补全工具处理。"),
        )


def _check_year(times: pd.DatetimeIndex, step: pd.Timedelta, source: SeriesSource) -> None:
    """The series covers the year named for it, no more and no less."""
    year = source.spec.year
    if year is None:
        return
    begin = pd.Timestamp(year, 1, 1, tz=TIMEZONE)
    end = pd.Timestamp(year + 1, 1, 1, tz=TIMEZONE) - step
    wanted = int((366 if calendar.isleap(year) else 365) * pd.Timedelta(days=1) / step)
    if times[0] == begin and times[-1] == end:
        return
    source.say(
        Severity.ERROR,
        "series_length",
        _("没有正好覆盖 {year} 年全年：应有 {wanted} 个时刻。", year=year, wanted=wanted),
        _("请提供全年数据，或在 park.yaml 中改正 year。"),
        got=_(
            "{n} 个，{first} 至 {last}",
            n=len(times),
            first=times[0].strftime("%Y-%m-%d %H:%M"),
            last=times[-1].strftime("%Y-%m-%d %H:%M"),
        ),
    )


def some_rows(rows: Sequence[int]) -> str:
    """Row numbers, as many as a message can hold."""
    shown = row_ranges(rows)
    return shown if len(shown) <= 120 else shown[:120] + "…"
