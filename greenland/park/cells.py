"""Cells read column by column: forgiving in form, never in content.

Numbers may carry full-width digits, thousand separators and a unit; dates may be text or Excel
serial numbers; choices may be named by a synonym. What cannot be understood is reported and left
missing, never guessed.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from greenland.errors import InputError, Severity
from greenland.i18n import _
from greenland.park.codes import industry_code_parts, land_codes
from greenland.park.dictionary import Column, ColumnType, choices
from greenland.park.header import DECIMAL_WORDS, Match, column_factor, is_unit
from greenland.park.normal import is_blank, one_line, plain_text, squeezed
from greenland.yamlfile import nearest


class CellError(str):
    """What stands in a cell that shows an error, such as ``#DIV/0!``."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to say about one cell; *position* counts data rows from 0."""

    position: int
    severity: Severity
    code: str
    message: str
    remedy: str = ""
    allowed: str = ""


@dataclass
class Cells:
    """Values of one column in canonical form, and what there is to say about them."""

    values: list[Any]
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Context:
    """What cells are read with.

    Parameters
    ----------
    match : Match
        Column and the unit of its header.
    text_only : bool
        Whether the file holds nothing but text (CSV), so that ``2023.1`` may stand for October.
    percent : set of int
        Positions of cells formatted as per cent, which hold decimals.
    """

    match: Match
    text_only: bool = False
    percent: frozenset[int] = frozenset()

    @property
    def column(self) -> Column:
        """The column."""
        return self.match.column


# What people write where there is nothing to write.
EMPTY_WORDS = frozenset(
    {"-", "--", "—", "——", "–", "/", "\\", "无", "暂无", "n/a", "na", "none", "null"}
)
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_DIGITS = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d.,]*\d[\d.,]*)\s*(.+)")


def read_cells(values: Sequence[Any], context: Context) -> Cells:
    """Read the cells of one column.

    Returns
    -------
    Cells
        Values in the dictionary's form: numbers in its unit, shares as decimals, choices as
        codes, ``datetime.date``, ``bool``, ``str``; None where missing or not understood.
    """
    return _READERS[context.column.type](values, context)


def _each(values: Sequence[Any], read: Callable[[Any], Any], cells: Cells | None = None) -> Cells:
    """Read cell by cell; *read* raises `_Unclear` for what it cannot understand."""
    cells = cells or Cells([None] * len(values))
    for position, value in enumerate(values):
        if value == "" or is_blank(value):
            continue
        if type(value) is CellError:
            cells.faults.append(_cell_error(position, value))
            continue
        try:
            cells.values[position] = read(value)
        except _Unclear as unclear:
            if unclear.keep is not None:
                cells.values[position] = unclear.keep
            cells.faults.append(
                Fault(
                    position,
                    unclear.severity,
                    unclear.code,
                    unclear.message,
                    unclear.remedy,
                    unclear.allowed,
                )
            )
    return cells


class _Unclear(Exception):  # noqa: N818 (never leaves this module)
    """A cell that is not understood, or (with *keep*) understood but worth a word."""

    def __init__(
        self,
        code: str,
        message: str,
        remedy: str = "",
        allowed: str = "",
        *,
        severity: Severity = Severity.ERROR,
        keep: Any = None,
    ) -> None:
        super().__init__(code)
        self.code, self.message, self.remedy, self.allowed = code, message, remedy, allowed
        self.severity, self.keep = severity, keep


def _cell_error(position: int, value: CellError) -> Fault:
    if value.startswith("="):
        return Fault(
            position,
            Severity.ERROR,
            "formula",
            _("单元格是没有计算结果的公式。"),
            _("请用 Excel 打开文件、重新计算并保存，或改填数值。"),
        )
    return Fault(
        position,
        Severity.ERROR,
        "cell_error",
        _("单元格是 Excel 错误值。"),
        _("请改正公式或改填数值；没有数据请留空。"),
    )


# -- numbers ------------------------------------------------------------------------------------


def _numbers(values: Sequence[Any], context: Context) -> Cells:
    """Numbers and shares: the header's factor for bare numbers, a cell's own unit before it."""
    item, match = context.column, context.match
    scale = _scale(column_factor(match.unit, item) if not match.decimal else 1.0)
    cells = Cells([None] * len(values))
    rest: list[int] = []
    for position, value in enumerate(values):
        kind = type(value)
        if kind is float or kind is int:
            cells.values[position] = scale(value)
        elif kind is str and _DIGITS.fullmatch(value):
            cells.values[position] = scale(float(value))
        elif value is not None and value != "":
            rest.append(position)
    for position in rest:
        _number_cell(values[position], position, context, scale, cells)
    if item.type is ColumnType.SHARE:
        _settle_shares(values, context, cells)
    return cells


def _scale(number: float) -> Callable[[float], float]:
    """Multiply, or divide by the inverse where that is whole, so that 41.2 % is 0.412."""
    inverse = 1 / number
    if number < 1 and abs(inverse - round(inverse)) < 1e-9 * inverse:
        whole = float(round(inverse))
        return lambda value: round(value / whole, 15)
    return lambda value: value * number


def _number_cell(
    value: Any,
    position: int,
    context: Context,
    scale: Callable[[float], float],
    cells: Cells,
) -> None:
    def read(cell: Any) -> float | None:
        return _number(cell, context.column, context.match, scale)

    part = _each([value], read)
    cells.values[position] = part.values[0]
    cells.faults.extend(
        Fault(position, f.severity, f.code, f.message, f.remedy, f.allowed) for f in part.faults
    )


def _number(
    value: Any, item: Column, match: Match, scale: Callable[[float], float]
) -> float | None:
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        raise _Unclear(
            "date_in_number",
            _("应为数字，单元格却是日期或时间。"),
            _("请把单元格格式改为“常规”后重新填写。"),
        )
    if isinstance(value, bool):
        raise _not_a_number(item)
    text = plain_text(value)
    number = parse_number(text)
    if number is not None:
        return scale(number)
    if squeezed(text) in EMPTY_WORDS:
        raise _placeholder()
    with_unit = _WITH_UNIT.fullmatch(text)
    number = parse_number(with_unit[1]) if with_unit else None
    if with_unit is None or number is None:
        raise _not_a_number(item)
    return _number_with_unit(number, with_unit[2].strip(), item, match)


def parse_number(text: str) -> float | None:
    """Number in folded text, with or without thousand separators; None when it is not one.

    Examples
    --------
    >>> parse_number("1,234.5")
    1234.5
    >>> parse_number("12,34") is None
    True
    """
    compact = text.replace(" ", "").replace("'", "")
    if _PLAIN.fullmatch(compact):
        number = float(compact)
        return number if math.isfinite(number) else None
    if _GROUPED.fullmatch(compact):
        return float(compact.replace(",", ""))
    return None


def _number_with_unit(number: float, unit: str, item: Column, match: Match) -> float:
    if not (is_unit(squeezed(unit)) or is_unit(unit)):
        raise _not_a_number(item)
    try:
        value = _scale(column_factor(unit, item))(number)
    except InputError as error:
        fault = error.problems[0]
        raise _Unclear("unit", fault.message, fault.remedy, item.shown_unit) from error
    same = match.unit in (unit, squeezed(unit)) or column_factor(match.unit, item) == column_factor(
        unit, item
    )
    if not same:
        raise _Unclear(
            "cell_unit",
            _(
                "单元格内写明的单位与列单位不同，已换算为 {value}{unit}。",
                value=f"{value:g}",
                unit=item.shown_unit,
            ),
            _("请确认；建议整列使用同一单位，单元格内只填数字。"),
            severity=Severity.NOTICE,
            keep=value,
        )
    return value


def _not_a_number(item: Column) -> _Unclear:
    return _Unclear(
        "not_a_number",
        _("应为数字，读不出数值。"),
        _("请只填数字，不要加文字、约数或区间；没有数据请留空。"),
        _("数字（{unit}）", unit=item.shown_unit) if item.unit else _("数字"),
    )


def _placeholder() -> _Unclear:
    return _Unclear(
        "placeholder",
        _("按空白读取。"),
        _("没有数据请留空；数值确为零请填 0。"),
        severity=Severity.NOTICE,
    )


# -- shares -------------------------------------------------------------------------------------


def _settle_shares(values: Sequence[Any], context: Context, cells: Cells) -> None:
    """Apply the rule for shares; see `docs/input.md`.

    A cell formatted as per cent holds a decimal and is taken as it is. Any other bare number is
    what the header says: per cent under ``(%)``, a decimal under ``(小数)``. Where the header
    says neither, a number above 1 is per cent, and one up to 1 is refused as ambiguous.
    """
    bare = [
        position
        for position, value in enumerate(values)
        if cells.values[position] is not None and _is_bare(value)
    ]
    for position in bare:
        if position in context.percent:
            cells.values[position] = float(values[position])
    plain = [position for position in bare if position not in context.percent]
    if not context.match.stated:
        _refuse_ambiguous(plain, cells)
    elif not context.match.decimal:
        _doubt_small(plain, cells)


def _is_bare(value: Any) -> bool:
    return isinstance(value, int | float) or parse_number(plain_text(value)) is not None


def _refuse_ambiguous(plain: Sequence[int], cells: Cells) -> None:
    for position in plain:
        share = cells.values[position]
        if 0 < share <= 0.01:  # stood as a number up to 1
            cells.values[position] = None
            cells.faults.append(
                Fault(
                    position,
                    Severity.ERROR,
                    "ambiguous_share",
                    _("表头没有写明单位，无法判断这是小数还是百分数。"),
                    _("请在表头注明“(%)”或“(小数)”，或把单元格设为百分比格式。"),
                )
            )


def _doubt_small(plain: Sequence[int], cells: Cells) -> None:
    """Warn once when a whole column headed ``(%)`` looks like decimals."""
    positive = [position for position in plain if cells.values[position] > 0]
    if positive and all(cells.values[position] <= 0.01 for position in positive):
        cells.faults.append(
            Fault(
                positive[0],
                Severity.WARNING,
                "small_share",
                _("表头单位是 %，但整列数值都不超过 1，已按百分数读取（0.35 即 0.35%）。"),
                _("如果填的是小数，请把表头改为“(小数)”，或改填百分数（35）。"),
            )
        )


# -- dates and years ----------------------------------------------------------------------------

EARLIEST_YEAR = 1950
EXCEL_EPOCH = dt.date(1899, 12, 30)
_SERIALS = (18264, 73050)  # 1950 to 2099
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?号?(?:[ T].*)?")
_MONTH = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?(份)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR = re.compile(r"(\d{4})\s*年?度?")
_SERIAL = re.compile(r"\d{5}(\.\d+)?")


def _dates(values: Sequence[Any], context: Context) -> Cells:
    known: dict[str, dt.date | None] = {}  # days repeat down a column

    def read(value: Any) -> dt.date | None:
        if type(value) is not str:
            return _date(value, context.text_only)
        if value not in known:
            known[value] = _date(value, context.text_only)
        return known[value]

    return _each(values, read)


def _date(value: Any, text_only: bool) -> dt.date | None:
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return _plausible(value)
    if isinstance(value, bool | dt.time | dt.timedelta):
        raise _not_a_date()
    if isinstance(value, int | float):
        return _date_from_number(float(value))
    text = plain_text(value)
    if squeezed(text) in EMPTY_WORDS:
        raise _placeholder()
    return _date_from_text(text, text_only)


def _date_from_number(number: float) -> dt.date:
    if _SERIALS[0] <= number <= _SERIALS[1]:
        day = EXCEL_EPOCH + dt.timedelta(days=int(number))
        raise _Unclear(
            "date_serial",
            _("按 Excel 日期序号读取为 {day}。", day=day.isoformat()),
            _("请确认；建议把单元格设为日期格式。"),
            severity=Severity.NOTICE,
            keep=day,
        )
    text = f"{number:.10g}"
    if re.fullmatch(r"\d{4}\.1", text):
        raise _Unclear(
            "ambiguous_month",
            _("无法判断是 1 月还是 10 月（数字格式会丢掉末尾的 0）。"),
            _("请写成 2023-10 或“2023年10月”。"),
        )
    return _date_from_text(text, text_only=False)


def _date_from_text(text: str, text_only: bool) -> dt.date:
    if text_only and re.fullmatch(r"\d{4}\.1", text):
        return _date_from_number(float(text))
    if _SERIAL.fullmatch(text) and _SERIALS[0] <= float(text) <= _SERIALS[1]:
        return _date_from_number(float(text))
    for pattern in (_COMPACT, _DATE):
        if found := pattern.fullmatch(text):
            return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _MONTH.fullmatch(text):
        day = _day(int(found[1]), int(found[2]), 1)
        raise _Unclear(
            "month_only",
            _("只写到月，按当月 1 日读取为 {day}。", day=day.isoformat()),
            _("涉及期限计算，请尽量填写到日。"),
            severity=Severity.NOTICE,
            keep=day,
        )
    raise _not_a_date()


def _day(year: int, month: int, day: int) -> dt.date:
    try:
        return _plausible(dt.date(year, month, day))
    except ValueError:
        raise _not_a_date() from None


def _plausible(day: dt.date) -> dt.date:
    """Refuse days that stand for an empty or damaged cell: Excel shows 0 as 1900-01-00."""
    if day.year < EARLIEST_YEAR:
        raise _Unclear(
            "date_zero",
            _("日期早于 {year} 年，多半是空单元格或 0 被设成了日期格式。", year=EARLIEST_YEAR),
            _("请填写实际日期；没有请留空。"),
        )
    return day


def _not_a_date() -> _Unclear:
    return _Unclear(
        "not_a_date",
        _("应为日期，读不出年月日。"),
        _("请写成 2023-05-01 的形式，至少写到月。"),
        _("日期"),
    )


def _years(values: Sequence[Any], context: Context) -> Cells:
    return _each(values, _year)


def _year(value: Any) -> int:
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        value = str(int(value))
    found = _YEAR.fullmatch(plain_text(value)) if isinstance(value, str) else None
    if found is None or not 1949 <= int(found[1]) <= 2100:
        raise _Unclear(
            "not_a_year", _("应为四位年份。"), _("请填写如 2025 的年份。"), _("四位年份")
        )
    return int(found[1])


# -- words --------------------------------------------------------------------------------------


def _texts(values: Sequence[Any], context: Context) -> Cells:
    return _each(values, _text)


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()[:10]
    return one_line(value)


@cache
def _choice_codes(name: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in choices(name):
        for word in (item.zh, item.en, item.code, *item.synonyms):
            found.setdefault(squeezed(word), item.code)
    return found


def _choices(values: Sequence[Any], context: Context) -> Cells:
    name = context.column.choices
    codes = _choice_codes(name)

    known: dict[Any, str] = {}  # few different words, many cells

    def read(value: Any) -> str:
        if value in known:
            return known[value]
        word = squeezed(one_line(value))
        if word in codes:
            known[value] = codes[word]
            return codes[word]
        if word in EMPTY_WORDS:
            raise _placeholder()
        raise _not_a_choice(word, name, codes)

    return _each(values, read)


def _not_a_choice(word: str, name: str, codes: dict[str, str]) -> _Unclear:
    guess = nearest(word, list(codes))
    shown = {item.code: item.name for item in choices(name)}
    remedy = _("请从下拉列表中选择。")
    if guess:
        remedy = _("是否应为“{guess}”？请从下拉列表中选择。", guess=shown[codes[guess]])
    return _Unclear("choice", _("不在允许的取值之内。"), remedy, "、".join(shown.values()))


def _bools(values: Sequence[Any], context: Context) -> Cells:
    codes = _choice_codes("yes_no")

    def read(value: Any) -> bool:
        word = squeezed(one_line(value))
        if word in codes:
            return codes[word] == "yes"
        if word in EMPTY_WORDS - {"无"}:
            raise _placeholder()
        raise _not_a_choice(word, "yes_no", codes)

    return _each(values, read)


# -- codes --------------------------------------------------------------------------------------

_LIST = re.compile(r"[,;、\s]+")
EXACT_DIGITS = 15  # Excel keeps no more in a number


def _code_text(value: Any) -> str:
    """A code as text; refuses numbers that have lost digits."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= 10**EXACT_DIGITS:
            raise _Unclear(
                "digits_lost",
                _("编码以数字格式保存，第 15 位以后的数字已经丢失。"),
                _("请把单元格设为“文本”格式后重新输入完整编码。"),
            )
        return one_line(value)
    if isinstance(value, dt.date | dt.time):
        raise _Unclear(
            "code_as_date",
            _("编码被 Excel 转成了日期。"),
            _("请把单元格设为“文本”格式后重新输入。"),
        )
    text = _folded_code(str(value))
    if text.lower() in EMPTY_WORDS:
        raise _placeholder()
    return text


def _folded_code(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text
    return re.sub(r"\s+", "", plain_text(text))


def _codes_single(values: Sequence[Any], context: Context) -> Cells:
    return _each(values, _code_text)


def _codes_upper(values: Sequence[Any], context: Context) -> Cells:
    return _each(values, lambda value: _code_text(value).upper())


def _industry_codes(values: Sequence[Any], context: Context) -> Cells:
    def read(value: Any) -> str:
        text = _code_text(value).upper()
        if isinstance(value, int | float) and len(text) == 1:
            text = f"0{text}"  # Excel drops the leading zero of a division
        parts = industry_code_parts(text)
        if parts is None:
            raise _Unclear(
                "industry_form",
                _("不是国民经济行业代码。"),
                _("请填 GB/T 4754 的数字代码；只填一个代码，不填行业名称。"),
                _("2 至 4 位数字，前两位为大类，如 3218"),
            )
        return parts[1]

    return _each(values, read)


def _land_codes(values: Sequence[Any], context: Context) -> Cells:
    known = land_codes()

    def read(value: Any) -> str:
        code = _code_text(value).upper()
        if code not in known:
            raise _Unclear(
                "land_code",
                _("不是土地利用状况统计表的地类代码。"),
                _("请按填写说明中的代码填写，如 A1、B21、D22、E21。"),
                "、".join(known),
            )
        return code

    return _each(values, read)


def _codes_several(values: Sequence[Any], context: Context) -> Cells:
    def read(value: Any) -> tuple[str, ...]:
        if isinstance(value, str):
            return tuple(part for part in _LIST.split(plain_text(value)) if part)
        return (_code_text(value),)

    return _each(values, read)


_READERS: dict[ColumnType, Callable[[Sequence[Any], Context], Cells]] = {
    ColumnType.TEXT: _texts,
    ColumnType.CODE: _codes_single,
    ColumnType.CODES: _codes_several,
    ColumnType.CREDIT_CODE: _codes_upper,
    ColumnType.INDUSTRY_CODE: _industry_codes,
    ColumnType.LAND_CODE: _land_codes,
    ColumnType.CHOICE: _choices,
    ColumnType.BOOL: _bools,
    ColumnType.DATE: _dates,
    ColumnType.YEAR: _years,
    ColumnType.NUMBER: _numbers,
    ColumnType.SHARE: _numbers,
}
assert set(_READERS) == set(ColumnType)
__all__ = ["DECIMAL_WORDS", "CellError", "Cells", "Context", "Fault", "parse_number", "read_cells"]
