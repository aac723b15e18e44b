"""Dates that stand in no column of their own: in parts, across the header, or beside the table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.profiles import columns
from greenland.energy.profiles.clocks import read_clock
from greenland.energy.profiles.method import FEWEST_ACROSS
from greenland.energy.profiles.reading_log import ReadingLog
from greenland.energy.profiles.tables import ReadingTable
from greenland.i18n import Text, _

DATE_NAME, CLOCK_NAME = "日期", "时刻"
_READING = "读数"
_PARTS = {
    "year": re.compile(r"年|年份|年度|year|yyyy", re.IGNORECASE),
    "month": re.compile(r"月|月份|month", re.IGNORECASE),
    "day": re.compile(r"日|day", re.IGNORECASE),
}
_HOUR = re.compile(r"时|小时|hour", re.IGNORECASE)
_MINUTE = re.compile(r"分|分钟|minute", re.IGNORECASE)
_WHOLE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?")
_MONTH_DAY = re.compile(r"()(\d{1,2})月(\d{1,2})日")
_DAY = re.compile(r"()()(\d{1,2})日")
_FORMS = (_WHOLE, _MONTH_DAY, _DAY)
_SUMMARY = re.compile(r"合计|总计|小计|平均|最大|最小|备注|total|sum|mean|max|min", re.IGNORECASE)
# Texts whose date is that of the paper, not of the readings, beside `columns.WRITTEN_LATER`.
_OF_THE_PAPER = re.compile(r"上报|审核|签字|[至到~—]|\bto\b", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(\d{4})\s*(?:年|[-/.](?=\d))")
_MONTH = re.compile(
    r"(?<!\d)(?:\d{4}\s*[-/.]\s*)?(\d{1,2})\s*月|(?<!\d)\d{4}\s*[-/.](\d{1,2})(?!\d)"
)
_COMPACT = re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)")
# 3号 is a transformer or a line as well
_OF_MONTH = re.compile(r"(?<!\d)(\d{1,2})\s*日|(?<!\d)\d{4}\s*[-/.]\d{1,2}\s*[-/.](\d{1,2})(?!\d)")


@dataclass(frozen=True)
class StatedDate:
    """What texts beside a table say of its date; None where they say nothing, or two things."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def stated_date(sheet: str, titles: Iterable[str]) -> StatedDate:
    """Date of the readings by the sheet's name and, where that leaves it open, by the titles.

    Dates of printing, of the query and spans of time are not those of the readings.

    Examples
    --------
    >>> stated_date("3月1日", ["某厂2025年负荷", "制表日期：2026-01-05"])
    StatedDate(year=2025, month=3, day=1)
    """
    own = [_COMPACT.sub(r"\1-\2-\3", text) for text in titles if not _of_the_paper(text)]
    sheet = _COMPACT.sub(r"\1-\2-\3", sheet)
    found = [
        _only(pattern, [sheet]) or _only(pattern, own) for pattern in (_YEAR, _MONTH, _OF_MONTH)
    ]
    return StatedDate(*found)


def _of_the_paper(text: str) -> bool:
    return bool(_OF_THE_PAPER.search(text) or columns.WRITTEN_LATER.search(text))


def _only(pattern: re.Pattern[str], texts: Iterable[str]) -> int | None:
    numbers = {
        int(next(group for group in match.groups() if group))
        for text in texts
        for match in pattern.finditer(text)
    }
    return numbers.pop() if len(numbers) == 1 else None


def date_parts(headers: Sequence[str]) -> dict[str, str]:
    """Columns of year, month and day by their names; empty without one of days.

    Examples
    --------
    >>> date_parts(["年", "月", "日", "时", "负荷(kW)"])
    {'year': '年', 'month': '月', 'day': '日'}
    """
    found = {}
    for part, pattern in _PARTS.items():
        names = [name for name in headers if pattern.fullmatch(name.strip())]
        if len(names) == 1:
            found[part] = names[0]
    return found if "day" in found else {}


def dates_across(headers: Sequence[str]) -> dict[str, re.Match[str]]:
    """Columns named by a day below which clocks run down, if that is what the header shows.

    Examples
    --------
    >>> list(dates_across(["时间", "2025-03-01", "2025-03-02", "2025-03-03", "合计"]))
    ['2025-03-01', '2025-03-02', '2025-03-03']
    """
    first, rest = (headers[0].strip(), headers[1:]) if headers else ("", ())
    if not (first == "" or first.startswith("_blank") or _names_clocks(first)):
        return {}
    own = [name for name in rest if name and not _SUMMARY.search(name)]
    own = [name for name in own if not name.startswith("_blank")]
    for form in _FORMS:
        found = {name: match for name in own if (match := form.fullmatch(name.strip()))}
        if len(found) == len(own) >= FEWEST_ACROSS:
            return found
    return {}


def _names_clocks(header: str) -> bool:
    """Whether the corner of a table names clocks: ``时间``, ``时刻/日期``."""
    parts = [part for part in re.split(r"[\\/|]", header) if part]
    return any(columns.is_clock_name(part) for part in parts)


def _named_readings(corner: str) -> str:
    """What a corner such as ``时间/负荷(kW)`` says of the readings; empty where it says nothing."""
    parts = [part.strip() for part in re.split(r"[\\/|]", corner)][1:]
    own = [part for part in parts if part and not columns.is_clock_name(part)]
    return own[-1] if own and columns.time_rank(own[-1]) is None else ""


def is_header(row: Sequence[str]) -> bool:
    """Whether the texts of a row name parts of dates and what stands beside them, or days across.

    Examples
    --------
    >>> is_header(["年", "月", "日", "负荷(kW)"]), is_header(["填报日期", "2025", "年", "3", "月"])
    (True, False)
    """
    parts = date_parts(row)
    others = [name for name in row if name and name not in parts.values()]
    named = any(
        not name[0].isdigit() and not _of_the_paper(name) and not columns.DATE.match(name)
        for name in others
    )
    clocked = any(columns.is_clock_name(name) for name in others)
    return ("month" in parts and named) or (bool(parts) and clocked) or bool(dates_across(row))


def with_dates(table: ReadingTable, log: ReadingLog) -> ReadingTable:
    """The table with its dates in a column, as the rest of the reading takes them.

    Raises
    ------
    InputError
        If dates are told in part only.
    """
    stated = stated_date(table.sheet, table.titles)
    headers = [str(name) for name in table.frame.columns]
    frame, notes = in_column(table.frame, stated)
    for note in notes:
        log.note(note)
    if frame is None:
        raise _open_date(log, table, headers[0])
    if frame is table.frame:
        return _of_one_day(table, headers, stated, log)
    times = len(frame) // max(1, len(table.frame))
    return replace(table, frame=frame, rows=np.tile(table.rows, times), merged=())


def in_column(
    frame: pd.DataFrame, stated: StatedDate, value: str = _READING
) -> tuple[pd.DataFrame | None, list[Text | str]]:
    """Dates of parts or across the header in a column of their own.

    Parameters
    ----------
    frame : DataFrame
    stated : StatedDate
        What the table itself leaves open.
    value : str
        Name of the readings that stood below dates.

    Returns
    -------
    frame : DataFrame, optional
        The same one where its dates do not stand so; None where a part of them is nowhere.
    notes : list of str
        What was done.
    """
    headers = [str(name) for name in frame.columns]
    if across := dates_across(headers):
        return _turned(frame, headers, across, stated, value)
    parts = date_parts(headers)
    others = [name for name in headers if name not in parts.values()]
    if not parts or any(columns.DATE.match(name) for name in others):
        return frame, []
    return _joined(frame, parts, stated)


def _turned(
    frame: pd.DataFrame,
    headers: Sequence[str],
    across: Mapping[str, re.Match[str]],
    stated: StatedDate,
    value: str,
) -> tuple[pd.DataFrame | None, list[Text | str]]:
    """Days across and clocks down as one reading per row."""
    days: dict[str, str] = {}
    for name, match in across.items():
        year, month, number = (int(text) if text else None for text in match.groups())
        day = _iso(year or stated.year, month or stated.month, number)
        if day is not None:
            days[name] = day
        elif bool(frame[name].notna().any()):  # else the 31st of a form, left blank
            return None, []
    notes: list[Text | str] = [_("表头是日期、各行是时刻，按逐时刻读。")]
    left = [name for name in headers[1:] if name not in across and not name.startswith("_blank")]
    if left:
        notes.append(_("未读列：{names}。", names="、".join(left)))
    clock = frame[headers[0]]
    value = _named_readings(headers[0]) or value
    parts = [
        pd.DataFrame({DATE_NAME: day, CLOCK_NAME: clock, value: frame[name]}).astype(object)
        for name, day in days.items()
    ]
    return pd.concat(parts, ignore_index=True), notes


def _joined(
    frame: pd.DataFrame, parts: Mapping[str, str], stated: StatedDate
) -> tuple[pd.DataFrame | None, list[Text | str]]:
    """One column of dates for those of their parts, and one of clocks for hours and minutes."""
    year = _column(frame, parts.get("year"), stated.year)
    month = _column(frame, parts.get("month"), stated.month)
    if year is None or month is None:
        return None, []
    dates = [_date_text(*cells) for cells in zip(year, month, frame[parts["day"]], strict=True)]
    joined = frame.drop(columns=list(parts.values()))
    joined.insert(0, DATE_NAME, pd.Series(dates, index=frame.index, dtype=object))
    hours = [name for name in joined if _HOUR.fullmatch(str(name))]
    minutes = [name for name in joined if _MINUTE.fullmatch(str(name))]
    if len(hours) == len(minutes) == 1:
        pairs = zip(joined[hours[0]], joined[minutes[0]], strict=True)
        clocks = [_clock_text(*cells) for cells in pairs]
        joined = joined.drop(columns=[*hours, *minutes])
        joined.insert(1, CLOCK_NAME, pd.Series(clocks, index=frame.index, dtype=object))
    part_only = len(parts) < len(_PARTS)
    return joined, [_("列中没有的年、月取自工作表名或标题。")] if part_only else []


def _clock_text(hour: Any, minute: Any) -> str | None:
    """A time of day from its parts; what stands in the cells where they are none."""
    first, second = _number(hour), _number(minute)
    if first is not None and second is not None:
        return f"{first}:{second:02d}"
    return " ".join(str(cell) for cell in (hour, minute) if cell is not None) or None


def _column(frame: pd.DataFrame, name: str | None, stated: int | None) -> list[Any] | None:
    if name is not None:
        return frame[name].tolist()
    return None if stated is None else [stated] * len(frame)


def _date_text(*cells: Any) -> str | None:
    """A date from its parts; what stands in the cells where they are none."""
    numbers = [_number(cell) for cell in cells]
    if all(number is not None for number in numbers) and (day := _iso(*numbers)):
        return day
    words = [str(cell) for cell in cells if cell is not None]
    return " ".join(words) or None


def _number(cell: Any) -> int | None:
    text = re.sub(r"[年月日时分]$", "", str(cell).strip())
    text = text.removesuffix(".0")
    return int(text) if re.fullmatch(r"\d{1,4}", text) else None


def _iso(year: int | None, month: int | None, day: int | None) -> str | None:
    if year is None or month is None or day is None:
        return None
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return None


def _of_one_day(
    table: ReadingTable, headers: Sequence[str], stated: StatedDate, log: ReadingLog
) -> ReadingTable:
    """The table of one day: its column of times has clocks only, the date stands beside it."""
    times = [name for name in headers if columns.time_rank(name) is not None]
    if len(times) != 1 or not _only_clocks(table.frame[times[0]]):
        return table
    day = _iso(stated.year, stated.month, stated.day)
    clocks = read_clock(table.frame[times[0]]).seconds
    if day is None or len(np.unique(clocks)) < len(clocks):
        raise _open_date(log, table, times[0])
    log.note(_("只有时刻的表，日期取自工作表名或标题。"))
    frame = table.frame.rename(columns={times[0]: CLOCK_NAME})
    frame.insert(0, DATE_NAME, pd.Series(day, index=frame.index, dtype=object))
    return replace(table, frame=frame)


_CLOCK_TEXT = re.compile(r"\d{1,2}\s*[:：时点].*")


def _only_clocks(column: pd.Series) -> bool:
    """Whether every cell is a time of day and no date."""
    cells = column.dropna()
    return bool(len(cells)) and all(
        isinstance(cell, dt.time | dt.timedelta)
        or (isinstance(cell, str) and _CLOCK_TEXT.fullmatch(cell.strip()) is not None)
        for cell in cells
    )


def _open_date(log: ReadingLog, table: ReadingTable, column: str) -> Exception:
    return log.refuse(
        "date_open",
        _("看不出这张表的读数是哪一天的：年、月、日不全。"),
        _("请加日期列，或把工作表命名为“2025-03-01”“2025年3月”这样。"),
        column=column,
        sheet=table.sheet,
        got="、".join(text for text in (table.sheet, *table.titles) if text)[:80],
    )
