"""The days a row of a table of bills covers: a month, a first and last day, or both in one cell."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from greenland.energy.profiles import times as timestamps
from greenland.energy.profiles.method import BILL_YEARS
from greenland.energy.profiles.power_units import spaced
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.tables import ReadingTable
from greenland.i18n import _

Days = tuple[dt.date, dt.date]

_MONTH = re.compile(r"(\d{4})\s*(?:[-年/.]\s*(\d{1,2})|(\d{2}))\s*月?(?:份)?(?:\s*电费)?")
_MONTH_ONLY = re.compile(r"(\d{1,2})\s*月(?:份)?")
_FIRST_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?: 00:00(?::00)?)?")
_SPAN = re.compile(
    r"(\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?)\s*(?:[-~–—至到]|--)+\s*(\d{4}[-/.年]?\d{1,2}[-/.月]?\d{1,2}日?)"
)
_YEAR = re.compile(r"(20\d\d)\s*年")
_TOTAL = re.compile(
    r"^\s*(?:合计|总计|小计|共计|全年|年合计|累计|平均|月均|(?:上|下)半年|第?[一二三四1-4]季度|合\s*计|total|sum|average)"
    r"(?:[（(].*[)）])?\s*[:：]?\s*$",
    re.IGNORECASE,
)


def is_total_row(cells: Sequence[object]) -> bool:
    """Whether a row holds sums or means of others."""
    return any(isinstance(cell, str) and _TOTAL.match(cell) is not None for cell in cells)


def bill_days(table: ReadingTable, dates: Mapping[str, str], log: ReadingLog) -> list[Days | None]:
    """First and last day of every row; None where they cannot be read.

    Raises
    ------
    InputError
        If day and month of a column cannot be told apart.
    """
    if "month" in dates:
        return _months(table, dates["month"], log)
    if "span" in dates:
        return [_span(cell) for cell in table.frame[dates["span"]]]
    if "start" not in dates or "end" not in dates:
        return [None] * len(table.frame)
    columns = [table.frame[dates[kind]] for kind in ("start", "end")]
    read = np.array(
        [not is_total_row(row) for row in table.frame.itertuples(index=False)], dtype=bool
    )
    both: pd.Series = pd.concat([column.where(read) for column in columns], ignore_index=True)
    # both columns are written alike: together they tell more of the order of day and month
    parsed = timestamps.parse(both, consecutive=False)
    log.add_times(parsed)
    stamps = [None if pd.isna(stamp) else stamp.date() for stamp in parsed.values]
    half = len(table.frame)
    return [
        None if first is None or last is None else (first, last)
        for first, last in zip(stamps[:half], stamps[half:], strict=True)
    ]


def _months(table: ReadingTable, name: str, log: ReadingLog) -> list[Days | None]:
    cells = list(table.frame[name])
    years = {found for text in table.titles for found in _YEAR.findall(text)}
    october = any(isinstance(cell, float) and 0 < round(cell % 1 * 100) < 10 for cell in cells)
    result: list[Days | None] = []
    for cell in cells:
        year_month = _month(cell, october)
        if year_month is None and isinstance(cell, str):
            only = _MONTH_ONLY.fullmatch(cell.strip())
            if only and len(years) == 1:
                year_month = (int(next(iter(years))), int(only[1]))
                log.note(_("账单的年份取自标题：{year}。", year=year_month[0]))
        result.append(None if year_month is None else _days(*year_month))
    return result


def _month(cell: object, october: bool) -> tuple[int, int] | None:
    if isinstance(cell, dt.date):
        return (cell.year, cell.month) if cell.day == 1 else None
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        if cell == int(cell) and 190001 <= cell <= 210012:
            return divmod(int(cell), 100)
        if cell == int(cell) or not BILL_YEARS[0] <= cell <= BILL_YEARS[1]:
            return None
        # 2025.1 is October beside 2025.01 to 2025.09, and could be January otherwise
        hundredths = round(cell % 1 * 100)
        if abs(cell % 1 * 100 - hundredths) > 1e-6 or (hundredths == 10 and not october):
            return None
        return int(cell), hundredths
    text = spaced(str(cell))
    first = _FIRST_DAY.fullmatch(text)
    if first is not None:
        return (int(first[1]), int(first[2])) if int(first[3]) == 1 else None
    found = _MONTH.fullmatch(text)
    return None if found is None else (int(found[1]), int(found[2] or found[3]))


def _days(year: int, month: int) -> Days | None:
    if not (1 <= month <= 12 and BILL_YEARS[0] <= year <= BILL_YEARS[1]):
        return None
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1])


def _span(cell: object) -> Days | None:
    found = _SPAN.fullmatch(spaced(str(cell)))
    if found is None:
        return None
    days = [_date(found[1]), _date(found[2])]
    return None if days[0] is None or days[1] is None else (days[0], days[1])


def _date(text: str) -> dt.date | None:
    parts = re.fullmatch(r"(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{2})(\d{2}))", text)
    if parts is None:
        return None
    try:
        return dt.date(int(parts[1]), int(parts[2] or parts[4]), int(parts[3] or parts[5]))
    except ValueError:
        return None
