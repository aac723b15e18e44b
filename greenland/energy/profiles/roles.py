"""Which columns of a table hold times, clocks, meters, units and kinds of rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from greenland.energy.profiles import columns, dates_apart
from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles.clocks import read_clock
from greenland.energy.profiles.method import MAJORITY, NEARLY_ALL
from greenland.energy.profiles.multipliers import multiplier_columns
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.readings import Label
from greenland.energy.profiles.series_format import SeriesFormat
from greenland.energy.profiles.tables import ReadingTable
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.yamlfile import nearest


@dataclass(frozen=True)
class Roles:
    """What the columns are that hold no readings."""

    time: str
    clock: str | None
    meter: str | None
    unit: str | None
    kinds: tuple[str, ...]
    others: frozenset[str]
    label: Label | None

    @property
    def taken(self) -> frozenset[str]:
        """Columns that cannot be those of the readings."""
        named = {self.time, self.clock, self.meter, self.unit, *self.kinds, *self.others}
        return frozenset(name for name in named if name is not None)


def is_header(row: Sequence[str], form: SeriesFormat) -> bool:
    """Whether the texts of a row are the header of a table of readings."""
    if form.time is not None:
        # a column without header is named by its place
        return form.time in row or (form.time == "_blank0" and bool(row) and row[0] == "")
    if columns.day_slots(row) is not None or dates_apart.is_header(row):
        return True
    if any(re.match(r"\d{4}\s*[-/.年]\s*\d{1,2}", text) for text in row):
        return False  # a line above the table, such as the span of the query
    return any(columns.time_rank(text) is not None for text in row)


def check_named(headers: Sequence[str], form: SeriesFormat, log: ReadingLog) -> None:
    """Refuse names of columns that are not there."""
    problems = []
    for name in (form.time, form.clock, form.value, form.meter):
        if name is None or name in headers:
            continue
        guess = nearest(name, list(headers))
        problems.append(
            Problem(
                Severity.ERROR,
                "meter_column",
                _("没有名为“{name}”的列。", name=name),
                _("是否应为“{guess}”？", guess=guess) if guess else "",
                file=log.file,
                allowed="、".join(headers[:20]),
            )
        )
    if problems:
        raise InputError(problems)


def roles_of(
    table: ReadingTable, form: SeriesFormat, slots: columns.Slots | None, log: ReadingLog
) -> Roles:
    """Find the columns of times, clocks, meters, units, kinds of rows and multipliers.

    Raises
    ------
    InputError
        If there is no time, or dates repeat and no clock can be found.
    """
    slot_names = set(slots.columns) if slots is not None else set()
    headers = [str(name) for name in table.frame.columns if name not in slot_names]
    ranked = [(rank, name) for name in headers if (rank := columns.time_rank(name)) is not None]
    time = form.time or (min(ranked, key=lambda item: item[0])[1] if ranked else None)
    if time is None:
        raise log.refuse("meter_time", _("找不到时间列。"), got="、".join(headers[:8]))
    label = columns.named_label(time)
    clock = form.clock
    if clock is None and slots is None:
        time, clock = _date_and_clock(table, time, [name for _rank, name in ranked], log)
        label = columns.named_label(clock or time)
    rest = [name for name in headers if name not in (time, clock)]
    meter = form.meter or _first(rest, columns.METER) or _first(rest, columns.CUSTOMER)
    unit = next((name for name in rest if columns.UNIT.match(name)), None)
    kinds = tuple(
        name
        for name in rest
        if name not in (meter, unit, form.value) and columns.is_row_kind(name, table.frame[name])
    )
    others = {name for _rank, name in ranked} | set(multiplier_columns(rest).values())
    others |= {name for name in rest if columns.METER.search(name) or columns.CUSTOMER.search(name)}
    return Roles(time, clock, meter, unit, kinds, frozenset(others - {form.value or ""}), label)


def _first(headers: Sequence[str], pattern: re.Pattern[str]) -> str | None:
    return next((name for name in headers if pattern.search(name)), None)


def _date_and_clock(
    table: ReadingTable, time: str, ranked: Sequence[str], log: ReadingLog
) -> tuple[str, str | None]:
    """The column of dates and that of times of day beside it, if the times are dates only."""
    frame = table.frame
    dates = next((name for name in ranked if _only_days(frame[name])), None)
    if dates is None:
        return time, None
    whole = [name for name in ranked if name != dates and _whole_times(frame[name])]
    if whole:
        return whole[0], None
    if not bool(frame[dates].duplicated().any()):
        return dates, None
    candidates = [
        name for name in frame.columns if name != dates and columns.is_clock_name(str(name))
    ]
    readable = [str(name) for name in candidates if _is_clock(frame, dates, str(name))]
    starts = [name for name in readable if columns.named_label(name) is not Label.RIGHT]
    if starts or readable:
        return dates, (starts or readable)[0]
    if any(frame[dates].value_counts() >= 12):
        raise log.refuse(
            "clock_column",
            _("日期列“{name}”的日期重复出现，看不出各行的时刻在哪一列。", name=dates),
            _("请用 clock（--clock）指明时刻列。"),
            got="、".join(str(name) for name in frame.columns)[:80],
        )
    return dates, None


def _only_days(column: pd.Series) -> bool:
    """Whether a column holds dates without times of day."""
    cells = column.dropna().iloc[:2000]
    if len(cells) == 0:
        return False
    try:
        values = timestamps.parse(cells.reset_index(drop=True), consecutive=False).values
    except InputError as error:
        # day and month not told apart: still dates
        return any(problem.code == "date_order" for problem in error.problems)
    known = values[values.notna()]
    return len(known) > MAJORITY * len(cells) and bool((known == known.normalize()).all())


def _whole_times(column: pd.Series) -> bool:
    cells = column.dropna().iloc[:2000].reset_index(drop=True)
    try:
        values = timestamps.parse(cells, consecutive=False).values
    except InputError:
        return False
    known = values[values.notna()]
    return (
        len(known) > NEARLY_ALL * len(cells)
        and len(known) > 0
        and not bool((known == known.normalize()).all())
    )


def _is_clock(frame: pd.DataFrame, dates: str, name: str) -> bool:
    """Whether a column can be read as times of day, most of them different within a date."""
    seconds = read_clock(frame[name]).seconds
    known = np.isfinite(seconds)
    return (
        bool(known.sum() > MAJORITY * max(1, frame[name].notna().sum()))
        and len(np.unique(seconds[known])) > 1
    )


def read_times(table: ReadingTable, roles: Roles, log: ReadingLog) -> timestamps.Times:
    """Times of every row.

    Raises
    ------
    InputError
        Naming the column, if they cannot be read.
    """
    clock = None if roles.clock is None else table.frame[roles.clock]
    try:
        return timestamps.parse(table.frame[roles.time], clock)
    except InputError as error:
        raise InputError(
            replace(problem, file=log.file, column=problem.column or roles.time, sheet=table.sheet)
            for problem in error.problems
        ) from error
