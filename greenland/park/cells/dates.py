"""Dates as cells, text, ``2023.5`` or Excel serial numbers; years."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from types import NoneType
from typing import Any

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.cells.base import (
    EMPTY_WORDS,
    EXCEL_EPOCH,
    Cells,
    Context,
    Unclear,
    each,
    placeholder,
)
from greenland.park.kinds import Kinded, kinds_of
from greenland.park.method import (
    EARLIEST_DATE,
    LARGEST_SERIAL,
    LEAST_SERIAL,
    SERIAL_YEARS,
    WRITTEN_YEARS,
)
from greenland.park.normal import plain_text, squeezed

# One separator throughout: 2023.5-6 is a span of months. A time of day may follow, nothing else.
_CLOCK = r"(?:[ T]?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp][Mm])?(?:Z|[+-]\d{2}:?\d{2})?)?"
_DATE = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})" + _CLOCK)
_CHINESE_DATE = re.compile(r"(\d{4})\s*(年)\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]" + _CLOCK)
_MONTH = re.compile(r"(\d{4})\s*[-/.]\s*(\d{1,2})|(\d{4})\s*年\s*(\d{1,2})\s*月份?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR = re.compile(r"(\d{4})\s*年?度?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")
_DAYS = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}(?!\d)")


def read_dates(values: Sequence[Any], context: Context) -> Cells:
    """Dates; what was read from a serial number or only to the month is said."""
    if kinds_of(values) == {dt.date} and min(values).year >= EARLIEST_DATE:
        return Cells(Kinded(values, {dt.date, NoneType}))

    def read(value: Any) -> dt.date | None:
        if type(value) is dt.date and value.year >= EARLIEST_DATE:
            return value
        return _date(value, context)

    return each(values, read)


def _date(value: Any, context: Context) -> dt.date | None:
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return _plausible(value)
    if isinstance(value, bool | dt.time | dt.timedelta):
        raise _not_a_date()
    if isinstance(value, int | float):
        return _date_from_number(float(value), context.epoch)
    text = plain_text(value)
    if squeezed(text) in EMPTY_WORDS:
        raise placeholder()
    return _date_from_text(text, context.text_only, context.epoch)


def _is_serial(number: float, epoch: dt.date) -> bool:
    """Whether a number may be a serial number of a day in the years parks live in."""
    if not 0 < number < LARGEST_SERIAL:
        return False
    first, last = SERIAL_YEARS
    return first <= (epoch + dt.timedelta(days=int(number))).year <= last and number >= LEAST_SERIAL


def _date_from_number(number: float, epoch: dt.date) -> dt.date:
    if _is_serial(number, epoch):
        day = epoch + dt.timedelta(days=int(number))
        raise Unclear(
            "date_serial",
            _("按 Excel 日期序号读取为 {day}。", day=day.isoformat())
            if epoch == EXCEL_EPOCH
            else _("按 Excel 日期序号（1904 日期系统）读取为 {day}。", day=day.isoformat()),
            _("请确认；建议把单元格设为日期格式。"),
            severity=Severity.NOTICE,
            keep=day,
        )
    text = f"{number:.10g}"
    if re.fullmatch(r"\d{4}\.1", text):
        raise Unclear(
            "ambiguous_month",
            _("无法判断是 1 月还是 10 月（数字格式会丢掉末尾的 0）。"),
            _("请写成 2023-10 或“2023年10月”。"),
        )
    return _date_from_text(text, text_only=False, epoch=epoch)


def _date_from_text(text: str, text_only: bool, epoch: dt.date) -> dt.date:
    if text_only and re.fullmatch(r"\d{4}\.1", text):
        return _date_from_number(float(text), epoch)
    if _SERIAL.fullmatch(text) and _is_serial(float(text), epoch):
        return _date_from_number(float(text), epoch)
    if found := _COMPACT.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3]))
    for pattern in (_DATE, _CHINESE_DATE):
        if found := pattern.fullmatch(text):
            return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _MONTH.fullmatch(text):
        day = _day(int(found[1] or found[3]), int(found[2] or found[4]), 1)
        raise Unclear(
            "month_only",
            _("只写到月，按当月 1 日读取为 {day}。", day=day.isoformat()),
            _("涉及期限计算，请尽量填写到日。"),
            severity=Severity.NOTICE,
            keep=day,
        )
    if len(_DAYS.findall(text)) > 1 or re.match(r"\d{4}.*\d.*(-|~|至|到|—|改|延)", text):
        raise Unclear(
            "several_dates",
            _("单元格里不止一个日期，或是一段时期，无法判断取哪一个。"),
            _("请只填一个有效日期（经批准延期的填延期后的日期），其他说明写到备注列。"),
            _("日期"),
        )
    raise _not_a_date()


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return _plausible(dt.date(year, month, day))
    except ValueError:
        raise _not_a_date() from None


def _plausible(day: dt.date) -> dt.date:
    """Refuse days that stand for an empty or damaged cell: Excel shows 0 as 1900-01-00."""
    if day.year < EARLIEST_DATE:
        raise Unclear(
            "date_zero",
            _("日期早于 {year} 年，多半是空单元格或 0 被设成了日期格式。", year=EARLIEST_DATE),
            _("请填写实际日期；没有请留空。"),
        )
    return day


def _not_a_date() -> Unclear:
    return Unclear(
        "not_a_date",
        _("应为日期，读不出年月日。"),
        _("请写成 2023-05-01 的形式，至少写到月。"),
        _("日期"),
    )


def read_years(values: Sequence[Any], context: Context) -> Cells:
    """Years of four digits."""
    return each(values, _year)


def _year(value: Any) -> int:
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        value = str(int(value))
    found = _YEAR.fullmatch(plain_text(value)) if isinstance(value, str) else None
    if found is None or not WRITTEN_YEARS[0] <= int(found[1]) <= WRITTEN_YEARS[1]:
        raise Unclear("not_a_year", _("应为四位年份。"), _("请填写如 2025 的年份。"), _("四位年份"))
    return int(found[1])
