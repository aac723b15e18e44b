"""A price table of a province as one CSV: prices, charges, losses, funds and time of use."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from greenland.energy.tariff.config import Voltage
from greenland.energy.tariff.dated import Dated
from greenland.energy.tariff.table_rows import ITEMS, TableReader, TableRow
from greenland.energy.tou import PERIOD_LABELS, DayKind, TouRow, day_periods
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _

SCHEDULE, RATIO, FLOATS = TIME_OF_USE = ("分时时段", "分时比价", "分时浮动")
Key = tuple[str, str, str]  # field of the tariff, voltage or "", part or ""


@dataclass(frozen=True)
class PriceTable:
    """What a price table says of one year.

    Parameters
    ----------
    numbers : mapping
        Dated numbers of each field, voltage and part.
    schedule, ratios, floating : list of Dated
        Rows of time of use, the ratio of each period, and the components that float.
    """

    numbers: dict[Key, list[Dated]] = field(default_factory=dict)
    schedule: list[Dated] = field(default_factory=list)
    ratios: list[Dated] = field(default_factory=list)
    floating: list[Dated] = field(default_factory=list)

    def layers(self, name: str, voltage: Voltage, part: str = "") -> list[Dated]:
        """Dated numbers of a field; of the voltage and part where the table has it by these."""
        return [
            *self.numbers.get((name, voltage, part), ()),
            *self.numbers.get((name, voltage, ""), ()),
            *self.numbers.get((name, "", ""), ()),
        ]


def read_price_table(path: Path, year: int) -> PriceTable:
    """Read a price table for the year whose prices are paid.

    Parameters
    ----------
    path : Path
        CSV, UTF-8 or GBK; its columns are described in ``docs/tariff-table.md``.
    year : int

    Raises
    ------
    InputError
        With every fault of every row, by row and column.
    """
    reader = TableReader(path)
    rows = reader.rows()
    problems = reader.problems
    if not problems:
        problems = [*_overlaps(rows, path.name), *_time_of_use_faults(rows, year, path.name)]
    if problems:
        raise InputError(problems)
    table = PriceTable()
    for row in rows:
        item = ITEMS[row.item]
        if item.field:
            key = (item.field, row.voltage, row.part)
            table.numbers.setdefault(key, []).extend(_spans(row, year))
    tou = [row for row in rows if row.item in TIME_OF_USE]
    for first, last in _stretches(tou, year):
        _time_of_use(table, [row for row in tou if _holds(row, first)], first, last)
    return table


def _spans(row: TableRow, year: int) -> Iterator[Dated]:
    """The days of the year a row holds for: its dates, and of these its months."""
    if not row.months:
        yield Dated(row.value, row.source, first=row.first, last=row.last)
        return
    for month in row.months:
        first = dt.date(year, month, 1)
        last = dt.date(year, month, calendar.monthrange(year, month)[1])
        first, last = max(first, row.first or first), min(last, row.last or last)
        if first <= last:
            yield Dated(row.value, row.source, first=first, last=last)


def _holds(row: TableRow, day: dt.date) -> bool:
    return (row.first or day) <= day <= (row.last or day)


def _stretches(rows: Sequence[TableRow], year: int) -> Iterator[tuple[dt.date, dt.date]]:
    """Stretches of the year within which neither the rows in force nor the month change."""
    one = dt.timedelta(1)
    turns = {dt.date(year, month, 1) for month in range(1, 13)}
    turns |= {row.first for row in rows if row.first} | {row.last + one for row in rows if row.last}
    begins = sorted(day for day in turns if day.year == year)
    for begin, end in zip(begins, [*begins[1:], dt.date(year + 1, 1, 1)], strict=True):
        yield begin, end - one


def _time_of_use(
    table: PriceTable, rows: Sequence[TableRow], first: dt.date, last: dt.date
) -> None:
    """Add the schedule, ratios and floating components of a stretch of days of one month."""
    here = [row for row in rows if not row.months or first.month in row.months]
    of = {item: [row for row in here if row.item == item] for item in TIME_OF_USE}
    schedule = [_tou_row(row) for row in of[SCHEDULE]]
    ratios = {row.period: row.value for row in of[RATIO]}
    floating = [name for row in of[FLOATS] for name in row.names]
    for values, found, item in (
        (table.schedule, schedule, SCHEDULE),
        (table.ratios, ratios, RATIO),
        (table.floating, floating, FLOATS),
    ):
        source = "；".join(dict.fromkeys(row.source for row in of[item]))
        before = values[-1] if values else None
        if before is not None and (before.value, before.source) == (found, source):
            values[-1] = replace(before, last=last)  # the next month is like the one before
        elif found:
            values.append(Dated(found, source, first=first, last=last))


def _tou_row(row: TableRow) -> TouRow:
    """A row of time of use for the days it is in force on."""
    times: dict[str, Any] = {"start": row.start, "end": row.end}
    return TouRow(period=row.period, priority=row.priority, **times)


def _fault(code: str, message: str, file: str, row: int, column: str, **parts: Any) -> Problem:
    place: dict[str, Any] = {"file": file, "row": row, "column": column, "touches": ("energy",)}
    return Problem(Severity.ERROR, code, message, **place, **parts)


def _overlaps(rows: Sequence[TableRow], file: str) -> Iterator[Problem]:
    """Rows that give one number twice for the same days."""
    for place, row in enumerate(rows):
        for other in rows[:place]:
            if row.item == SCHEDULE or row.key != other.key:
                continue
            days = max(row.first or dt.date.min, other.first or dt.date.min) <= min(
                row.last or dt.date.max, other.last or dt.date.max
            )
            shared = not row.months or not other.months or set(row.months) & set(other.months)
            if days and shared:
                yield _fault(
                    "table_twice",
                    _("与第 {row} 行给出同一项，日期和月份重叠。", row=other.line),
                    file,
                    row.line,
                    "项目",
                    got=row.title,
                    remedy=_("请改正生效、失效日期或月份，或删去一行。"),
                )


def _time_of_use_faults(rows: Sequence[TableRow], year: int, file: str) -> Iterator[Problem]:
    """The first stretch of days with a period without ratio, an hour without period or with two."""
    tou = [row for row in rows if row.item in TIME_OF_USE]
    for first, last in _stretches(tou, year):
        held = [row for row in tou if _holds(row, first)]
        here = PriceTable()
        _time_of_use(here, held, first, last)
        if not here.schedule:
            continue
        schedule = here.schedule[0].value
        ratios = here.ratios[0].value if here.ratios else {}
        missing = [row for row in schedule if row.period not in ratios]
        detail: Any = ""
        if missing:
            names = dict.fromkeys(str(_(PERIOD_LABELS[row.period])) for row in missing)
            detail = _("没有“{periods}”的分时比价", periods="、".join(names))
        else:
            try:
                day_periods(schedule, first.month, DayKind.WORKDAY)
            except ValueError as error:
                detail = str(error)
        if detail:
            line = next(row.line for row in held if row.item == SCHEDULE)
            text = _("{first} 起的分时时段有误：{detail}。", first=first.isoformat(), detail=detail)
            yield _fault("table_tou", text, file, line, "时段")
            return
