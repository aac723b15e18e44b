"""Weather of a file in one form, moved to Beijing time and to the year wanted.

The form: columns ``ghi``, ``dni``, ``dhi`` [W/m²], ``temp_air`` [°C], ``wind_speed`` [m/s] (and
what else there is), each row labelled at the start of the time it stands for.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import provenance
from greenland.energy.profiles.defaults import defaults
from greenland.energy.profiles.gaps import Gap, Method, Subject, fill, runs
from greenland.energy.profiles.method import FULL_YEAR
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.quality import carried_gaps
from greenland.energy.profiles.renewable.clock_shift import overlapped, phase_of
from greenland.energy.profiles.timeline import (
    TIMEZONE,
    LeapDay,
    onto_year,
    step_of,
    whole_years,
    year_index,
)
from greenland.errors import Problem, input_error
from greenland.i18n import N_, _
from greenland.rules.book import Rulebook

Marks = npt.NDArray[np.int64]


class Form(StrEnum):
    """Kind of weather file."""

    EPW = "epw"
    TMY3 = "tmy3"
    PVGIS = "pvgis"
    NSRDB = "nsrdb"
    TABLE = "table"


FORM_LABELS = {
    Form.EPW: N_("EPW 气象文件"),
    Form.TMY3: N_("TMY3 典型气象年"),
    Form.PVGIS: N_("PVGIS 数据"),
    Form.NSRDB: N_("NSRDB 数据"),
    Form.TABLE: N_("一般数据表"),
}


COLUMNS = ("ghi", "dni", "bhi", "dhi", "temp_air", "wind_speed", "snowfall")


@dataclass(frozen=True)
class Weather:
    """Weather as a file has it.

    Parameters
    ----------
    table : DataFrame
        On a time-zone-aware index, each row labelled at the start of the time it stands for.
    place : Place, optional
        Where the file says it is from.
    form : Form
    source : str
        Name of the file.
    typical : bool
        Whether its months come from several years.
    wind_height : float
        Height of ``wind_speed`` above ground [m].
    direction : Series, optional
        Where the wind comes from, on the index of the table, NaN where that is not known [°].
    notes : tuple of str
        What was done, for the provenance.
    problems : mapping of column to Problems
        What had to be understood or taken out; under ``""`` what concerns the whole file.
    """

    table: pd.DataFrame
    place: Place | None
    form: Form
    source: str
    typical: bool = False
    wind_height: float = 10.0
    direction: pd.Series | None = None
    notes: tuple[str, ...] = field(default=())
    problems: Mapping[str, tuple[Problem, ...]] = field(default_factory=dict)

    def years(self) -> list[int]:
        """Years of the file in its own time zone, most hours first."""
        counts = pd.Series(pd.DatetimeIndex(self.table.index).year).value_counts()
        return [int(year) for year in counts.index]

    def for_year(
        self,
        year: int,
        *,
        source_year: int | None = None,
        leap_day: LeapDay = LeapDay.FEBRUARY_29,
        rulebook: Rulebook | None = None,
    ) -> pd.DataFrame:
        """One year of this weather in Beijing time, moved to a calendar year, gaps filled.

        Parameters
        ----------
        year : int
        source_year : int, optional
            Which year of the file; needed when it has several.
        leap_day : LeapDay
            Day dropped when 366 days have to become 365.

        Returns
        -------
        DataFrame
            On the index of `timeline.year_index`, with ``attrs["provenance"]``; a column without
            any reading is left out. Where the file's clock is not Beijing's, the hours at one end
            of the year come from its other end; where it differs by a part of a step, each step
            is the mean of the two it overlaps. What was filled and said of each column stands in
            ``attrs["filled_by_column"]`` and ``attrs["problems"]``, see `gaps_of`, `problems_of`.

        Raises
        ------
        InputError
            If the file has several years and none is named, or lacks the one named.
        """
        chosen = self._source_year(source_year)
        own = self.table[pd.DatetimeIndex(self.table.index).year == chosen]
        values = defaults(rulebook)
        step = step_of(pd.DatetimeIndex(own.index))
        whole = year_index(chosen, pd.tseries.frequencies.to_offset(step).freqstr)
        turned = _turned(own, chosen)
        phase = phase_of(pd.DatetimeIndex(turned.index), step)
        turned = turned.reindex(whole + phase)
        marks = np.zeros(len(whole), dtype=int)
        columns, filled_by_column = {}, {}
        for name in own.columns:
            known = overlapped(turned[name].to_numpy(dtype=float), phase / step, circular=True)
            if not np.isfinite(known).any():
                continue
            filled, gaps = fill(pd.Series(known, index=whole, name=name), Subject.WEATHER, values)
            own_marks = _marks(gaps, whole)
            marks = np.maximum(marks, own_marks)
            columns[str(name)] = onto_year(filled, year, leap_day=leap_day)
            moved_marks = onto_year(pd.Series(own_marks, index=whole), year, leap_day=leap_day)
            filled_by_column[str(name)] = _runs_of(moved_marks)
        if not columns:
            raise input_error("series_empty", _("气象文件没有任何有效读数。"), file=self.source)
        mark = onto_year(pd.Series(marks, index=whole), year, leap_day=leap_day)
        table = pd.DataFrame({name: column.to_numpy() for name, column in columns.items()})
        table.index = mark.index
        moved = provenance.of(mark)
        table.attrs["filled_runs"] = _runs_of(mark)
        table.attrs["filled_by_column"] = filled_by_column
        table.attrs["problems"] = dict(self.problems)
        table.attrs["provenance"] = provenance.record(
            Kind.WEATHER,
            unit="W/m2",
            sources=[self.source],
            notes=self._notes(chosen, year, moved.get("leap_day"), bool(phase)),
            rules=values.used,
            form=str(self.form),
            source_year=None if self.typical else chosen,
            year=year,
            leap_day=moved.get("leap_day"),
            wind_height=self.wind_height,
        )
        return table

    def for_years(
        self, years: Sequence[int] | None = None, *, rulebook: Rulebook | None = None
    ) -> pd.DataFrame:
        """Several years of this weather in Beijing time, each in its own year, gaps filled.

        Parameters
        ----------
        years : sequence of int, optional
            Consecutive years; all that the file covers wholly when None.

        Raises
        ------
        InputError
            If there is no whole year, or the years do not follow each other.
        """
        chosen = list(years) if years is not None else complete_years(self)
        if not chosen or chosen != list(range(chosen[0], chosen[0] + len(chosen))):
            raise input_error(
                "weather_years",
                _("气象文件没有连续的整年。"),
                file=self.source,
                got="、".join(map(str, chosen)),
            )
        parts = [self.for_year(year, source_year=year, rulebook=rulebook) for year in chosen]
        table = pd.concat(parts)
        starts = np.cumsum([0, *map(len, parts)]).tolist()
        by_column: dict[str, tuple[tuple[int, int, str], ...]] = {}
        for part, start in zip(parts, starts, strict=False):
            for name, marks in part.attrs["filled_by_column"].items():
                by_column[name] = by_column.get(name, ()) + _moved(marks, start)
        table.attrs = dict(parts[0].attrs)
        table.attrs["filled_by_column"] = by_column
        table.attrs["filled_runs"] = tuple(
            run
            for part, start in zip(parts, starts, strict=False)
            for run in _moved(part.attrs["filled_runs"], start)
        )
        record = dict(parts[0].attrs["provenance"])
        record.update(source_year=None, year=None, years=chosen)
        table.attrs["provenance"] = record
        return table

    def _source_year(self, wanted: int | None) -> int:
        years = self.years()
        if wanted is not None:
            if wanted in years:
                return wanted
            raise input_error(
                "weather_year",
                _("气象文件没有 {year} 年的数据。", year=wanted),
                file=self.source,
                allowed="、".join(map(str, sorted(years))),
            )
        stamps = pd.DatetimeIndex(self.table.index).year.to_numpy()
        found, counts = np.unique(stamps, return_counts=True)
        full = [int(year) for year in found[counts > FULL_YEAR * counts.max()]]
        if len(full) > 1:
            raise input_error(
                "weather_years",
                _("气象文件有多个年份，请指明用哪一年。"),
                file=self.source,
                allowed="、".join(map(str, sorted(full))),
                remedy=_("请用 source_year 指明。"),
            )
        return full[0]

    def _notes(self, chosen: int, year: int, leap_day: str | None, between: bool) -> list[str]:
        notes = list(self.notes)
        if between:
            notes.append(
                _("气象文件的时段与北京时间整点错开，各时段按重叠时长取相邻两个时段的平均。")
            )
        zone = pd.DatetimeIndex(self.table.index)[0]
        if zone.utcoffset() != pd.Timestamp(zone).tz_convert(TIMEZONE).utcoffset():
            notes.append(
                _("气象文件的时区不是北京时间，已换算；年首年末的几小时由同年另一端补齐。")
            )
        if self.typical:
            notes.append(_("典型气象年：各月取自不同年份。"))
        elif chosen != year:
            notes.append(_("气象取自 {source} 年，移到 {year} 年。", source=chosen, year=year))
        if leap_day is not None:
            dropped = {
                "dropped feb29": _("闰年的 2 月 29 日未采用。"),
                "dropped dec31": _("闰年的 12 月 31 日未采用。"),
                "repeated feb28": _("闰年的 2 月 29 日重复 2 月 28 日。"),
            }
            notes.append(dropped[leap_day])
        return notes


def _marks(gaps: Sequence[Gap], index: pd.DatetimeIndex) -> Marks:
    """Number of the method that filled each step, from 1; 0 where there was a reading."""
    marks = np.zeros(len(index), dtype=int)
    for gap in gaps:
        first = int(index.searchsorted(gap.start))
        marks[first : first + gap.steps] = list(Method).index(gap.method) + 1
    return marks


def _runs_of(marks: pd.Series) -> tuple[tuple[int, int, str], ...]:
    return tuple(
        (first, last, str(method))
        for number, method in enumerate(Method, start=1)
        for first, last in runs(marks.to_numpy() == number)
    )


def _moved(filled: Sequence[tuple[int, int, str]], start: int) -> tuple[tuple[int, int, str], ...]:
    return tuple((first + start, last + start, method) for first, last, method in filled)


def gaps_of(table: pd.DataFrame, columns: Collection[str]) -> tuple[Gap, ...]:
    """Gaps that were filled in some columns of a year of weather, a step counted once.

    Parameters
    ----------
    table : DataFrame
        As `Weather.for_year` gives it; otherwise its ``attrs["filled_runs"]`` count.
    columns : collection of str
        Those the calculation uses.
    """
    by_column = table.attrs.get("filled_by_column")
    if by_column is None:
        return carried_gaps(table)
    methods = list(Method)
    marks = np.zeros(len(table), dtype=int)
    for name in columns:
        for first, last, method in by_column.get(name, ()):
            number = methods.index(Method(method)) + 1
            marks[first:last] = np.maximum(marks[first:last], number)
    filled = pd.Series(0.0, index=table.index)
    filled.attrs["filled_runs"] = _runs_of(pd.Series(marks, index=table.index))
    return carried_gaps(filled)


def problems_of(table: pd.DataFrame, columns: Collection[str]) -> list[Problem]:
    """What was said of the whole file and of some columns of a year of weather."""
    by_column = table.attrs.get("problems", {})
    return [problem for name in ("", *columns) for problem in by_column.get(name, ())]


def _turned(table: pd.DataFrame, year: int) -> pd.DataFrame:
    """Put a year of another clock into Beijing's year: the hours that stick out go to its end."""
    local = pd.DatetimeIndex(table.index).tz_convert(TIMEZONE)
    start, end = (pd.Timestamp(year=item, month=1, day=1, tz=TIMEZONE) for item in (year, year + 1))
    length = end - start
    shifted = local.where(np.asarray(local >= start), local + length)
    shifted = shifted.where(np.asarray(shifted < end), shifted - length)
    turned = table.set_axis(pd.DatetimeIndex(shifted)).sort_index()
    return turned[~turned.index.duplicated()]


def complete_years(weather: Weather) -> list[int]:
    """Calendar years the file covers wholly, in its own time zone."""
    index = pd.DatetimeIndex(weather.table.index)
    years = sorted(set(index.year))
    return [year for year in years if whole_years(index[index.year == year]) == 1]
