"""What a load becomes: growth by the year, new production lines from their first day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import provenance
from greenland.energy.profiles.calendar import DayType, coverage_problems, day_types
from greenland.energy.profiles.load.shapes import DayShape, expand, shape
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.timeline import (
    TIMEZONE,
    require_one_year,
    step_hours,
    step_of,
)
from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import _


@dataclass(frozen=True)
class NewLine:
    """A production line that comes into use.

    Parameters
    ----------
    name : str
    start : date
        First day in use.
    annual_mwh : float
        Energy of a whole year in full use [MWh].
    day_shape : DayShape or str
        A shape, or the id of a built-in one.
    ramp_days : int
        Days from the start until full use, rising evenly.
    end : date, optional
        Last day in use.
    """

    name: str
    start: dt.date
    annual_mwh: float
    day_shape: DayShape | str = "continuous"
    ramp_days: int = 0
    end: dt.date | None = None


def grown(load: pd.Series, rate: float, years: int, *, name: str | None = None) -> pd.Series:
    """Load after some years of even growth.

    Parameters
    ----------
    load : Series
        [MW]
    rate : float
        Growth per year, as decimal (0.05: five per cent).
    years : int

    Returns
    -------
    Series
        The same index: use `to_year` to move it.

    Raises
    ------
    InputError
        If the rate is no more than −1.
    """
    if rate <= -1:
        raise input_error("growth_rate", _("年增长率应大于 −100%。"), got=str(rate))
    series = (load * (1 + rate) ** years).rename(name or str(load.name))
    return _noted(
        series, load, _("按年增长率 {rate} 推算 {years} 年。", rate=f"{rate:.1%}", years=years)
    )


def to_year(load: pd.Series, year: int, rate: float = 0.0) -> pd.Series:
    """Move a measured year of load to another year by the Chinese calendar, with growth.

    Parameters
    ----------
    load : Series
        One whole calendar year [MW].
    year : int
    rate : float
        Growth per year, as decimal.

    Returns
    -------
    Series
        [MW] Every day takes the readings of the nearest day of its kind: a workday those of a
        workday on the same weekday, a day of Spring Festival those of the same day of the
        festival. The year's energy may change a little, for years differ in workdays.

    Raises
    ------
    InputError
        If the load is not one whole calendar year.
    """
    index = pd.DatetimeIndex(load.index)
    step = step_of(index)
    require_one_year(index, year)
    source = int(index[0].year)
    days = matching_days(source, year)
    table = load.to_numpy(dtype=float).reshape(-1, round(pd.Timedelta(days=1) / step))
    start = pd.Timestamp(year=year, month=1, day=1, tz=TIMEZONE)
    target = pd.date_range(start, periods=len(days) * table.shape[1], freq=step)
    moved = pd.Series(table[days].ravel(), index=target, name=load.name)
    note = _(
        "负荷由 {source} 年按工作日、周末、节假日和春节对应移到 {year} 年。",
        source=source,
        year=year,
    )
    moved = _noted(moved, load, note)
    record = provenance.of(moved)
    record.update(year=year, moved_from_year=source)
    record["notes"] += [problem.message for problem in coverage_problems(year)]
    moved.attrs.pop("filled_runs", None)
    provenance.attach(moved, record)
    return grown(moved, rate, year - source) if rate else moved


def matching_days(source: int, target: int) -> npt.NDArray[np.int64]:
    """For every day of the *target* year the place in the *source* year of the day like it."""
    ours, theirs = day_types(target), day_types(source)
    place, weekday = np.arange(len(theirs)), pd.DatetimeIndex(theirs.index).day_of_week.to_numpy()
    in_run = _place_in_run(theirs)
    chosen = np.empty(len(ours), dtype=np.int64)
    own_run, own_weekday = _place_in_run(ours), pd.DatetimeIndex(ours.index).day_of_week.to_numpy()
    for number, kind in enumerate(ours):
        away = np.abs(place - number)
        distance = np.minimum(away, len(theirs) - away).astype(float)
        if kind is DayType.SPRING_FESTIVAL:  # its date moves by weeks; what counts is its day
            distance = 100.0 * np.abs(in_run - own_run[number]) + distance
        else:
            distance += 4.0 * (weekday != own_weekday[number])
        distance[np.asarray(theirs != kind)] += 1e6
        chosen[number] = int(distance.argmin())
    return chosen


def _place_in_run(types: pd.Series) -> npt.NDArray[np.int64]:
    """How many days of the same kind stand directly before each day."""
    run = (types != types.shift()).cumsum()
    return np.asarray(types.groupby(run).cumcount(), dtype=np.int64)


def with_lines(load: pd.Series, lines: Sequence[NewLine]) -> pd.Series:
    """Add new lines to a load from their first day on.

    Parameters
    ----------
    load : Series
        [MW]
    lines : sequence of NewLine

    Returns
    -------
    Series
        [MW]; lines that start after the load's end add nothing, and the provenance says so.

    Raises
    ------
    InputError
        With every line whose figures cannot be used.
    """
    _check(lines)
    index = pd.DatetimeIndex(load.index)
    total = load.to_numpy(dtype=float).copy()
    series = load
    for line in lines:
        power = line_power(line, index)
        total += power
        energy = float(power.sum()) * step_hours(index)
        series = _noted(
            series,
            series,
            _(
                "新增产线“{name}”自 {start} 投产，本年用电 {energy} MWh（按形状推算）。",
                name=line.name,
                start=str(line.start),
                energy=f"{energy:.1f}",
            ),
            assumed=True,
        )
    result = pd.Series(total, index=index, name=load.name)
    result.attrs = dict(series.attrs)
    return result


def line_power(line: NewLine, index: pd.DatetimeIndex) -> np.ndarray:
    """Power of a line on an index [MW]: a full year gives its annual energy.

    The shape is scaled on the calendar year of each step, so holidays cost energy as they do in
    a whole year.
    """
    chosen = shape(line.day_shape) if isinstance(line.day_shape, str) else line.day_shape
    hours = step_hours(index)
    base = np.zeros(len(index))
    for year in sorted(set(index.year)):
        whole = pd.date_range(
            pd.Timestamp(year=year, month=1, day=1, tz=TIMEZONE),
            pd.Timestamp(year=year + 1, month=1, day=1, tz=TIMEZONE),
            freq=index[1] - index[0],
            inclusive="left",
        )
        values = expand(chosen, whole)
        values = values * (line.annual_mwh / (values.sum() * hours))
        own = index.year == year
        base[own] = pd.Series(values, index=whole).reindex(index[own]).to_numpy()
    start = pd.Timestamp(line.start, tz=TIMEZONE)
    since = np.asarray((index - start) / pd.Timedelta(days=1))
    level = np.where(since < 0, 0.0, 1.0)
    if line.ramp_days > 0:
        level = np.clip(since / line.ramp_days, 0.0, 1.0)
    if line.end is not None:
        stop = pd.Timestamp(line.end, tz=TIMEZONE) + pd.Timedelta(days=1)
        level = np.where(np.asarray(index >= stop), 0.0, level)
    return base * level


def _check(lines: Sequence[NewLine]) -> None:
    problems = [
        Problem(
            Severity.ERROR,
            "new_line",
            _("新增产线“{name}”的年用电量应不小于零，止日不得早于投产日。", name=line.name),
            got=str(line.annual_mwh),
        )
        for line in lines
        if not line.annual_mwh >= 0
        or line.ramp_days < 0
        or (line.end is not None and line.end < line.start)
    ]
    if problems:
        raise InputError(problems)


def _noted(series: pd.Series, source: pd.Series, note: str, *, assumed: bool = False) -> pd.Series:
    """Carry the provenance over with one more note."""
    result = series.copy()
    result.attrs = dict(source.attrs)
    record = provenance.of(source) or provenance.record(Kind.MEASURED, unit="MW")
    record["notes"] = [*record.get("notes", []), note]
    if assumed:
        record["assumed_parts"] = True
    return provenance.attach(result, record)
