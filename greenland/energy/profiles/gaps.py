"""Missing readings: where they are, and how each gap is filled by its length.

Short gaps are bridged straight, longer ones repeat similar days nearby, the longest take the
mean day of their month. Every gap is listed with its method; nothing is filled unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.calendar import DayType, day_types
from greenland.energy.profiles.defaults import Defaults
from greenland.energy.profiles.method import DAYS_AVERAGED, NEAR_DAYS
from greenland.energy.profiles.timeline import step_of
from greenland.errors import input_error
from greenland.i18n import N_, _

Numbers = npt.NDArray[np.float64]


class Subject(StrEnum):
    """What a series measures; decides which days are alike and what is plausible."""

    LOAD = "load"
    PV = "pv"
    WIND = "wind"
    WEATHER = "weather"


class Method(StrEnum):
    """How a gap is filled."""

    INTERPOLATED = "interpolated"
    SIMILAR_DAYS = "similar_days"
    MONTH_MEAN = "month_mean"


METHOD_LABELS = {
    Method.INTERPOLATED: N_("线性内插"),
    Method.SIMILAR_DAYS: N_("邻近同类日同一时刻的平均"),
    Method.MONTH_MEAN: N_("同月同类日同一时刻的平均"),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A run of missing readings, and how it was filled.

    Parameters
    ----------
    start, end : Timestamp
        First missing step, and the end of the last one.
    steps : int
    hours : float
    method : Method
    """

    start: pd.Timestamp
    end: pd.Timestamp
    steps: int
    hours: float
    method: Method


def runs(marks: npt.NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First place and one past the last of every run of true values."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], marks, [False])).astype(np.int8)))
    return [(int(first), int(last)) for first, last in edges.reshape(-1, 2)]


def fill(
    series: pd.Series, subject: Subject, values: Defaults
) -> tuple[pd.Series, tuple[Gap, ...]]:
    """Fill the missing values of a regular series.

    Parameters
    ----------
    series : Series
        On a regular index, NaN where there is no reading.
    subject : Subject
        Load looks at the kind of day, the others only at the hour.
    values : Defaults
        Lengths that decide the method.

    Returns
    -------
    filled : Series
    gaps : tuple of Gap

    Raises
    ------
    InputError
        If there are no readings at all.
    """
    missing = series.isna().to_numpy()
    if missing.all():
        raise input_error("series_empty", _("曲线没有任何有效读数。"))
    index = pd.DatetimeIndex(series.index)
    step = step_of(index)
    hours = step / pd.Timedelta(hours=1)
    short = values.number("gap.interpolate_hours")
    middle = values.number("gap.similar_day_hours")
    result = series.to_numpy(dtype=float).copy()
    known = result.copy()
    gaps = []
    days: _Days | None = None
    for first, last in runs(missing):
        length = (last - first) * hours
        inside = first > 0 and last < len(known)
        if length <= short and inside:
            method = Method.INTERPOLATED
            weight = np.arange(1, last - first + 1) / (last - first + 1)
            result[first:last] = known[first - 1] * (1 - weight) + known[last] * weight
        else:
            days = days or _Days.of(known, index, subject)
            method = Method.SIMILAR_DAYS if length <= middle else Method.MONTH_MEAN
            result[first:last], method = days.typical(first, last, method)
        end = index[last - 1] + step
        gaps.append(Gap(index[first], end, last - first, length, method))
    filled = pd.Series(result, index=index, name=series.name)
    filled.attrs = dict(series.attrs)
    return filled, tuple(gaps)


@dataclass(frozen=True)
class _Days:
    """Readings by day (rows) and time of day (columns), with the kind and month of each day."""

    table: Numbers
    kinds: npt.NDArray[np.object_]
    months: npt.NDArray[np.int64]
    offset: int

    @classmethod
    def of(cls, known: Numbers, index: pd.DatetimeIndex, subject: Subject) -> _Days:
        step = step_of(index)
        per_day = round(pd.Timedelta(days=1) / step)
        start = index[0].normalize()
        offset = round((index[0] - start) / step)
        count = -(-(offset + len(known)) // per_day)
        table = np.full(count * per_day, np.nan)
        table[offset : offset + len(known)] = known
        dates = pd.date_range(start.tz_localize(None), periods=count, freq="D")
        if subject is Subject.LOAD:
            kinds = pd.concat([day_types(year) for year in sorted(set(dates.year))])
            named = kinds.reindex(dates).to_numpy()
        else:
            named = np.full(count, DayType.WORKDAY, dtype=object)
        return cls(table.reshape(count, per_day), named, dates.month.to_numpy(), offset)

    def typical(self, first: int, last: int, method: Method) -> tuple[Numbers, Method]:
        """Typical values for the steps from *first* to before *last*, and the method that did."""
        per_day = self.table.shape[1]
        places = np.arange(first + self.offset, last + self.offset)
        days, slots = np.divmod(places, per_day)
        values = np.empty(len(places))
        used = {method}
        for day in np.unique(days):
            own = days == day
            values[own], how = self._one_day(int(day), slots[own], method)
            used.add(how)
        return values, max(used, key=list(Method).index)  # the boldest one counts

    def _one_day(
        self, day: int, slots: npt.NDArray[np.int64], method: Method
    ) -> tuple[Numbers, Method]:
        alike = np.flatnonzero(self.kinds == self.kinds[day])
        distance = np.abs(alike - day)
        if method is Method.SIMILAR_DAYS:
            near = alike[(distance > 0) & (distance <= NEAR_DAYS)]
            near = near[np.argsort(np.abs(near - day), kind="stable")]
            found = _mean_of_first(self.table[np.ix_(near, slots)], DAYS_AVERAGED)
            if np.isfinite(found).all():
                return found, Method.SIMILAR_DAYS
        month = alike[self.months[alike] == self.months[day]]
        for candidates in (month, alike, np.arange(len(self.table))):
            found = _mean_of_first(self.table[np.ix_(candidates, slots)], len(candidates))
            if np.isfinite(found).all():
                return found, Method.MONTH_MEAN
        whole = float(np.nanmean(self.table))
        return np.where(np.isfinite(found), found, whole), Method.MONTH_MEAN


def _mean_of_first(rows: Numbers, count: int) -> Numbers:
    """Mean of the first *count* values known in each column; NaN where there is none."""
    known = np.isfinite(rows)
    used = known & (np.cumsum(known, axis=0) <= count)
    total = np.where(used, rows, 0.0).sum(axis=0)
    number = used.sum(axis=0)
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def gap_runs(gaps: Sequence[Gap], index: pd.DatetimeIndex) -> tuple[tuple[int, int, str], ...]:
    """Gaps as (first place, one past the last, method): small enough to travel with a series."""
    places: list[int] = [int(index.get_loc(gap.start)) for gap in gaps]  # type: ignore[arg-type]
    return tuple(
        (place, place + gap.steps, str(gap.method)) for place, gap in zip(places, gaps, strict=True)
    )


def gap_records(gaps: Sequence[Gap]) -> list[dict[str, object]]:
    """Gaps as JSON-ready rows, the longest first."""
    return [
        {
            "start": gap.start.isoformat(),
            "end": gap.end.isoformat(),
            "steps": gap.steps,
            "hours": gap.hours,
            "method": str(gap.method),
        }
        for gap in sorted(gaps, key=lambda gap: (-gap.steps, gap.start))
    ]
