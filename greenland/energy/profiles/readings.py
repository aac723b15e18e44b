"""Raw readings put on a regular grid: labels, duplicates, time zone, and what was found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles import provenance, quality
from greenland.energy.profiles.defaults import Defaults, defaults
from greenland.energy.profiles.gaps import Subject, fill, gap_runs
from greenland.energy.profiles.grid import check_mixed, common_step, late_midnights, on_grid
from greenland.energy.profiles.method import LEAST_PRESENT, MOST_STEPS
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.provenance import Kind
from greenland.energy.profiles.registers import KnownEnergy
from greenland.energy.profiles.timeline import TIMEZONE, step_of, year_index
from greenland.energy.profiles.times import localize
from greenland.energy.profiles.years_apart import years_apart
from greenland.errors import Problem, Severity, input_error
from greenland.i18n import N_, _
from greenland.rules.book import Rulebook

Numbers = npt.NDArray[np.float64]

# Problems after which a curve is not what its file meant: no case may rest on it.
SPOILS = frozenset({"time_unread", "duplicates_different", "reading_no_number"})


class Label(StrEnum):
    """Which end of a step its time names."""

    LEFT = "left"
    RIGHT = "right"


LABEL_LABELS = {Label.LEFT: N_("时段开始"), Label.RIGHT: N_("时段结束")}


class Duplicates(StrEnum):
    """What stands for a time that was read more than once."""

    LAST = "last"
    FIRST = "first"
    MEAN = "mean"


@dataclass(frozen=True)
class Readings:
    """Readings of one meter on a regular grid in Beijing time, NaN where there is none.

    Parameters
    ----------
    series : Series
        Labelled at the start of each step.
    label_given : Label
        Where the file put its times.
    duplicates : (int, int)
        Repeated times with the same, and with another value.
    sources, notes : tuple of str
    problems : tuple of Problem
    assumptions : tuple of Problem
        What was taken to be so though the file leaves it open.
    known : tuple of KnownEnergy
        Energy known of stretches without readings [MWh].
    column : str
        Header of the values; empty for a day table.
    """

    series: pd.Series
    label_given: Label
    duplicates: tuple[int, int] = (0, 0)
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = field(default=())
    assumptions: tuple[Problem, ...] = field(default=())
    known: tuple[KnownEnergy, ...] = field(default=())
    column: str = ""


def gridded(
    times: pd.DatetimeIndex,
    values: Numbers,
    *,
    name: str,
    label: Label | None = None,
    timezone: str = TIMEZONE,
    step: pd.Timedelta | None = None,
    duplicates: Duplicates = Duplicates.LAST,
    keep_ends: bool = False,
    sources: Sequence[str] = (),
    notes: Sequence[str] = (),
) -> Readings:
    """Put readings on a regular grid.

    Parameters
    ----------
    times : DatetimeIndex
        In the order of the file; wall-clock times of *timezone* unless they have a zone.
    values : array
        In the unit wanted.
    label : Label, optional
        Worked out from the first and last time when None.
    timezone : str
        IANA name of the zone of the times.
    step : Timedelta, optional
        The commonest distance of two readings when None.
    duplicates : Duplicates
        Which of different values at one time counts.
    keep_ends : bool
        Whether the curve is taken as it stands: times without a value at its beginning and end
        belong to it, and it may be of years apart.

    Raises
    ------
    InputError
        If there are too few readings or they do not lie on a grid.
    """
    said, found = list(notes), []
    assumed: list[Problem] = []
    good = np.asarray(times.notna()) & ~np.isnan(values)
    ends = times[times.notna()] if keep_ends else times[:0]
    times, values = times[good], values[good]
    if len(times) < 2:
        raise input_error("series_short", _("有效读数少于两个。"), file=_first(sources))
    times, text = late_midnights(times)
    if text:
        said += text
        ends = ends[:0]
    if len(times.unique()) < 2:
        raise input_error(
            "series_short",
            _("读数的时刻全部相同。"),
            file=_first(sources),
            remedy=_("日期之外另有时刻列的，请用 clock（--clock）指明。"),
        )
    if label is None:
        label, problem = _guess_label(times, step)
        assumed += problem
    times, lost = localize(times, timezone)
    there = np.asarray(times.notna())
    times, values = times[there], values[there]
    if lost:
        said.append(_("{count} 个不存在或无法判定的本地时刻未采用。", count=lost))
    series, counts = _merged(times, values, duplicates)
    check_mixed(counts[1], len(series), times, _first(sources))
    step = step or common_step(pd.DatetimeIndex(series.index), _first(sources))
    series, moved = on_grid(series, step, _first(sources))
    if moved:
        said.append(_("{count} 个读数的时刻按时间步长取整。", count=moved))
    if label is Label.RIGHT:
        series.index = pd.DatetimeIndex(series.index) - step
    found += _duplicate_problems(name, counts, duplicates, len(series), step)
    _check_length(series, step, _first(sources), may_be_apart=keep_ends)
    first, last = _ends(series, ends, timezone, step, label)
    whole = pd.date_range(first, last, freq=step)
    series = series.reindex(whole).rename(name)
    return Readings(
        series, label, counts, tuple(sources), tuple(said), tuple(found), tuple(assumed)
    )


def _first(sources: Sequence[str]) -> str:
    return sources[0] if sources else ""


def _ends(
    series: pd.Series, times: pd.DatetimeIndex, timezone: str, step: pd.Timedelta, label: Label
) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last step of a curve, times without a value among them."""
    first, last = series.index[0], series.index[-1]
    given = localize(times, timezone)[0].dropna()
    if len(given) == 0:
        return first, last
    shift = step if label is Label.RIGHT else pd.Timedelta(0)
    before = max(0, round((first - (given.min() - shift)) / step))
    after = max(0, round((given.max() - shift - last) / step))
    return first - before * step, last + after * step


def _check_length(series: pd.Series, step: pd.Timedelta, file: str, *, may_be_apart: bool) -> None:
    """Refuse readings so far apart that hardly a step between them has one."""
    length = (series.index[-1] - series.index[0]) / step + 1
    if length <= MOST_STEPS:
        if may_be_apart and len(series) < LEAST_PRESENT * length:
            length = sum(map(len, years_apart(pd.DatetimeIndex(series.index), step)))
        if len(series) >= LEAST_PRESENT * length:
            return
    raise input_error(
        "series_sparse",
        _("读数太稀疏：按步长 {step} 只有很少的时刻有读数。", step=str(step)),
        got=_(
            "{count} 个，{start} 至 {end}",
            count=len(series),
            start=str(series.index[0]),
            end=str(series.index[-1]),
        ),
        file=file,
        remedy=_("请检查日期是否写错，或混有不同的数据。"),
    )


def _guess_label(times: pd.DatetimeIndex, step: pd.Timedelta | None) -> tuple[Label, list[Problem]]:
    """Work out from the ends of the file which end of a step its times name."""
    ordered = times.sort_values().unique()
    step = step or common_step(ordered, "")
    first, last = ordered[0], ordered[-1]
    if first - first.normalize() == step and last == last.normalize():
        return Label.RIGHT, []
    if first == first.normalize() and last + step == (last + step).normalize():
        return Label.LEFT, []
    return Label.LEFT, [
        Problem(
            Severity.NOTICE,
            "label_assumed",
            _("看不出时刻标注在时段始还是时段末，按时段始计。"),
            _("如为时段末，请用 label=right 指明。"),
            got=_("{start} 至 {end}", start=str(first), end=str(last)),
        )
    ]


def _merged(
    times: pd.DatetimeIndex, values: Numbers, duplicates: Duplicates
) -> tuple[pd.Series, tuple[int, int]]:
    """One value per time, sorted; and how many repeated times had the same, another value."""
    series = pd.Series(values, index=times)
    if times.is_unique:
        return series.sort_index(), (0, 0)
    groups = series.groupby(level=0)
    spread = groups.max() - groups.min()
    extra = groups.size() - 1
    different = int((spread > 0).sum())
    equal = int(extra[spread == 0].sum())
    if duplicates is Duplicates.MEAN:
        return groups.mean(), (equal, different)
    kept = groups.first() if duplicates is Duplicates.FIRST else groups.last()
    return kept, (equal, different)


def _duplicate_problems(
    name: str,
    counts: tuple[int, int],
    duplicates: Duplicates,
    size: int,
    step: pd.Timedelta,
) -> list[Problem]:
    equal, different = counts
    found = []
    if equal:
        found.append(
            Problem(
                Severity.NOTICE,
                "duplicates_equal",
                _(
                    "曲线“{name}”有 {count} 个重复读数（数值相同），各计一次。",
                    name=name,
                    count=equal,
                ),
            )
        )
    if different:
        per_hour = round(pd.Timedelta(hours=1) / step)
        remedy = _("请核对原始数据。")
        years = size / max(per_hour, 1) / 8760
        if per_hour and different == per_hour * max(1, round(years)):
            remedy = _("像是夏令时造成的重复，请用 timezone 指明数据所用时区。")
        kept = {
            Duplicates.LAST: _("取最后一个"),
            Duplicates.FIRST: _("取第一个"),
            Duplicates.MEAN: _("取平均值"),
        }[duplicates]
        found.append(
            Problem(
                Severity.WARNING,
                "duplicates_different",
                _(
                    "曲线“{name}”有 {count} 个时刻出现不同读数，{kept}。",
                    name=name,
                    count=different,
                    kept=kept,
                ),
                remedy,
            )
        )
    return found


def finished(
    readings: Readings,
    subject: Subject,
    *,
    unit: str,
    kind: Kind = Kind.MEASURED,
    year: int | None = None,
    place: Place | None = None,
    per_unit: bool = False,
    allow_filled: Collection[str] = (),
    rulebook: Rulebook | None = None,
    values: Defaults | None = None,
    **parameters: Any,
) -> pd.Series:
    """Fill the gaps of readings and hang provenance and quality on the result.

    Parameters
    ----------
    readings : Readings
    subject : Subject
    unit : str
        Of the values.
    year : int, optional
        Take this calendar year; what is missing at its ends counts as a gap. The whole range of
        the readings when None.
    allow_filled : collection of str
        Names of series that may be used however much of them was filled.

    Raises
    ------
    InputError
        If the readings do not touch the year, or too much of the series was filled.
    """
    values = values or defaults(rulebook)
    raw = readings.series if year is None else _cut(readings, year)
    filled, gaps = fill(raw, subject, values)
    filled = _with_known(filled, readings.known).rename(str(readings.series.name))
    sheet = quality.assess(
        filled,
        subject,
        values,
        gaps=gaps,
        duplicates=readings.duplicates,
        place=place,
        per_unit=per_unit,
        label_given=str(readings.label_given),
        allow_filled=allow_filled,
        problems=readings.problems,
        assumptions=readings.assumptions,
    )
    quality.attach(filled, sheet)
    filled.attrs["filled_runs"] = gap_runs(gaps, pd.DatetimeIndex(filled.index))
    made = provenance.record(
        kind,
        unit=unit,
        sources=readings.sources,
        notes=[*readings.notes, *(item.message for item in readings.assumptions)],
        rules=values.used,
        label_given=str(readings.label_given),
        year=year,
        **parameters,
    )
    return provenance.attach(filled, made)


def _with_known(filled: pd.Series, known: Sequence[KnownEnergy]) -> pd.Series:
    """Filled stretches scaled to the energy known of them."""
    if not known:
        return filled
    index = pd.DatetimeIndex(filled.index)
    hours = step_of(index) / pd.Timedelta(hours=1)
    values = filled.to_numpy(dtype=float).copy()
    for item in known:
        first, last = index.searchsorted(item.start), index.searchsorted(item.end)
        whole = (item.end - item.start) / pd.Timedelta(hours=1)
        if last <= first or whole <= 0:
            continue
        energy = item.energy * (last - first) * hours / whole  # the part inside a year cut off
        total = values[first:last].sum() * hours
        if total > 0 and (values[first:last] >= 0).all():
            values[first:last] *= energy / total
        else:
            values[first:last] = energy / ((last - first) * hours)
    scaled = pd.Series(values, index=index, name=filled.name)
    scaled.attrs = dict(filled.attrs)
    return scaled


def _cut(readings: Readings, year: int) -> pd.Series:
    step = step_of(pd.DatetimeIndex(readings.series.index))
    index = year_index(year, pd.tseries.frequencies.to_offset(step).freqstr)
    cut = readings.series.reindex(index)
    if cut.isna().all():
        raise input_error(
            "series_year",
            _("数据不含 {year} 年。", year=year),
            file=_first(readings.sources),
            got=_(
                "{start} 至 {end}",
                start=str(readings.series.index[0]),
                end=str(readings.series.index[-1]),
            ),
        )
    return cut
