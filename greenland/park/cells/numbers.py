"""Numbers and shares: full-width digits, thousand separators, units in cells, per cent."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from types import NoneType
from typing import Any

from greenland.errors import InputError, Severity
from greenland.i18n import _
from greenland.park.cells.base import EMPTY_WORDS, Cells, Context, Fault, Unclear, each, placeholder
from greenland.park.cells.scale import scaling
from greenland.park.cells.shown import number_as_shown
from greenland.park.cells.worded import IN_WORDS, MULTIPLIED, bracketed, in_words, multiplied
from greenland.park.dictionary import Column, ColumnType
from greenland.park.header import Match, column_factor, is_unit
from greenland.park.kinds import Kinded, kinds_of
from greenland.park.method import DOUBTFUL_SHARE
from greenland.park.normal import is_blank, plain_text, squeezed

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_DIGITS = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d.,]*\d[\d.,]*)\s*(.+)")
_BRACKETED = re.compile(r"\(\s*(\d[\d.,]*)\s*\)")
_SIGN_BLANK = re.compile(r"^([+-]) +")
# Groups of three as GB/T 15835 sets them, with a thin or fixed blank; an ordinary blank may as
# well stand between two numbers.
_THIN_GROUPS = re.compile(r"[+-]?\d{1,3}([\u00a0\u2007\u2009\u202f]\d{3})+(\.\d+)?")
_SWISS_GROUPS = re.compile(r"[+-]?\d{1,3}(['\u2019]\d{3})+(\.\d+)?")
_TWO_NUMBERS = re.compile(r"[+-]?\d[\d.,]*((\s+|[/;、~至-]\s*)[+-]?\d[\d.,]*)+")
_ONE_COMMA = re.compile(r"[+-]?\d{1,3},\d{3}")
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,3}(\.\d{3})*,(\d{1,2}|\d{4,})|[+-]?\d+(\.\d{3})+,\d+")


def read_numbers(values: Sequence[Any], context: Context) -> Cells:
    """Numbers and shares: the header's factor for bare numbers, a cell's own unit before it."""
    item, match = context.column, context.match
    scale = scaling(column_factor(match.unit, item) if not match.decimal else 1.0)
    if context.units:
        return read_by_row_unit(values, context, scale)
    as_they_are = scale is float and kinds_of(values) == {float}
    cells = Cells(Kinded(values if as_they_are else [None] * len(values), {float, NoneType}))
    rest: list[int] = []
    scaled: dict[float, float] = {}  # amounts repeat down a column
    for position, value in enumerate(() if as_they_are else values):
        kind = type(value)
        if kind is float or kind is int:
            known = scaled.get(value)
            if known is None:
                known = scaled[value] = scale(value)
            cells.values[position] = known
        elif kind is str and _DIGITS.fullmatch(value):
            cells.values[position] = scale(float(value))
        elif value is not None and value != "":
            rest.append(position)
    comma_unclear = bool(rest) and _comma_unclear([values[n] for n in rest], context)
    for position in rest:
        _number_cell(values[position], position, context, scale, cells, comma_unclear)
    _settle_formats(values, context, cells)
    if item.type is ColumnType.SHARE:
        _settle_shares(values, context, cells)
    return cells


def _number_cell(
    value: Any,
    position: int,
    context: Context,
    scale: Callable[[float], float],
    cells: Cells,
    comma_unclear: bool = False,
) -> None:
    def read(cell: Any) -> float | None:
        if comma_unclear and isinstance(cell, str) and _ONE_COMMA.fullmatch(plain_text(cell)):
            raise _comma_doubt()
        return _number(cell, context.column, context.match, scale)

    part = each([value], read)
    cells.values[position] = part.values[0]
    cells.faults.extend(replace(fault, position=position) for fault in part.faults)


def _number(
    value: Any, item: Column, match: Match, scale: Callable[[float], float]
) -> float | None:
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        raise Unclear(
            "date_in_number",
            _("应为数字，单元格却是日期或时间。"),
            _("请把单元格格式改为“常规”后重新填写。"),
        )
    if isinstance(value, bool):
        raise _not_a_number(item)
    text = _ungrouped(value) if isinstance(value, str) else plain_text(value)
    number = parse_number(text)
    if number is not None:
        if isinstance(value, str) and (lost := _digits_lost(text)):
            raise _scientific(scale(number), lost)
        return scale(number)
    if squeezed(text) in EMPTY_WORDS:
        raise placeholder()
    if (inside := _BRACKETED.fullmatch(text)) and (number := parse_number(inside[1])) is not None:
        raise bracketed(scale(-number))
    if (parts := MULTIPLIED.fullmatch(text)) and (number := parse_number(parts[1])) is not None:
        raise multiplied(text, number, parts[2], item.shown_unit)
    if IN_WORDS.fullmatch(squeezed(text)):
        raise in_words()
    with_unit = _WITH_UNIT.fullmatch(text)
    number = parse_number(with_unit[1]) if with_unit else None
    if with_unit is None or number is None:
        raise _not_a_number(item, text)
    if _TWO_NUMBERS.fullmatch(text):
        raise _not_a_number(item, text)
    return _number_with_unit(number, with_unit[2].strip(), item, match)


def parse_number(text: str) -> float | None:
    """Number in folded text, with or without thousand separators; None when it is not one.

    Examples
    --------
    >>> parse_number("1,234.5")
    1234.5
    >>> parse_number("12,34") is None, parse_number("12 15") is None
    (True, True)
    """
    compact = _SIGN_BLANK.sub(r"\1", text.removeprefix("'"))
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
        value = scaling(column_factor(unit, item))(number)
    except InputError as error:
        fault = error.problems[0]
        raise Unclear("unit", fault.message, fault.remedy, item.shown_unit) from error
    same = match.unit in (unit, squeezed(unit)) or column_factor(match.unit, item) == column_factor(
        unit, item
    )
    if not same:
        raise Unclear(
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


def _ungrouped(value: str) -> str:
    """Folded text of a cell, without the blanks and apostrophes that set groups of three apart."""
    text = value.strip(" \t\r\n\u3000")
    if _THIN_GROUPS.fullmatch(text) or _SWISS_GROUPS.fullmatch(text):
        text = re.sub(r"[\u00a0\u2007\u2009\u202f'\u2019]", "", text)
    return plain_text(text)


def _digits_lost(text: str) -> int:
    """Digits shown of a number in scientific notation that has more; 0 when none can be lost."""
    mantissa, _e, exponent = text.lower().partition("e")
    shown = sum(1 for sign in mantissa if sign.isdigit())
    return shown if exponent and shown > 1 and int(exponent) >= shown else 0


def _scientific(value: float, digits: int) -> Unclear:
    return Unclear(
        "scientific",
        _(
            "是科学计数法，只保留了 {digits} 位数字，按 {value} 读取。",
            digits=digits,
            value=f"{value:g}",
        ),
        _("请把单元格设为“常规”或“数值”格式后重新保存，以免丢失后面的数字。"),
        severity=Severity.WARNING,
        keep=value,
    )


def _comma_unclear(texts: Sequence[Any], context: Context) -> bool:
    """Whether the comma of ``1,234`` may be a decimal comma in this column."""
    if context.comma_unclear:
        return True
    return any(isinstance(text, str) and _DECIMAL_COMMA.fullmatch(text.strip()) for text in texts)


def _comma_doubt() -> Unclear:
    return Unclear(
        "comma_unclear",
        _("无法判断逗号是千分位还是小数点。"),
        _("请去掉千分位，小数点用“.”。"),
    )


def _not_a_number(item: Column, text: str = "") -> Unclear:
    if text and _TWO_NUMBERS.fullmatch(text):
        return Unclear(
            "several_numbers",
            _("单元格里不止一个数，无法判断取哪一个。"),
            _("请只填一个数；区间、分项写到备注列。"),
            _("数字（{unit}）", unit=item.shown_unit) if item.unit else _("数字"),
        )
    return Unclear(
        "not_a_number",
        _("应为数字，读不出数值。"),
        _("请只填数字，不要加文字、约数或区间；没有数据请留空。"),
        _("数字（{unit}）", unit=item.shown_unit) if item.unit else _("数字"),
    )


# -- number formats and units of rows ----------------------------------------------------------


def _settle_formats(values: Sequence[Any], context: Context, cells: Cells) -> None:
    """Read cells whose format shows another number than they hold as what they show."""
    known: dict[str, dict[float, float | Unclear]] = {form: {} for form in context.formats.values()}
    for position, form in context.formats.items():
        value = values[position]
        if cells.values[position] is None or value == 0 or not _is_number(value):
            continue
        shown = known[form].get(value)
        if shown is None:
            shown = known[form][value] = _as_shown(value, form, context)
        if type(shown) is Unclear:
            cells.values[position] = shown.keep
            cells.faults.append(shown.fault(position))
        else:
            cells.values[position] = shown


def _as_shown(value: float, form: str, context: Context) -> float | Unclear:
    try:
        return number_as_shown(value, form, context)
    except Unclear as unclear:
        return unclear


def read_by_row_unit(
    values: Sequence[Any], context: Context, scale: Callable[[float], float]
) -> Cells:
    """Numbers whose unit stands in another column of the same row."""
    item = context.column
    cells = Cells([None] * len(values))
    for position, value in enumerate(values):
        unit = context.units[position]
        if is_blank(value):
            continue
        if not unit:
            cells.faults.append(_no_unit(position))
            continue
        match = Match(item, unit, stated=True)
        try:
            own = scaling(column_factor(unit, item))
        except InputError as error:
            fault = error.problems[0]
            cells.faults.append(
                Fault(
                    position, Severity.ERROR, "unit", fault.message, fault.remedy, item.shown_unit
                )
            )
            continue
        row = Context(match, context.text_only, comma_unclear=context.comma_unclear)
        _number_cell(value, position, row, own, cells, context.comma_unclear)
        if position in context.formats:
            part = Context(match, context.text_only, {position: context.formats[position]})
            _settle_formats(values, part, cells)
    return cells


def _no_unit(position: int) -> Fault:
    return Fault(
        position,
        Severity.ERROR,
        "row_unit",
        _("这一行没有写明单位，其他行的单位写在单位列中。"),
        _("请在单位列填写这一行的单位。"),
    )


# -- shares -------------------------------------------------------------------------------------


def _settle_shares(values: Sequence[Any], context: Context, cells: Cells) -> None:
    """Apply the rule for shares; see `docs/input.md`.

    A cell formatted as per cent holds a decimal and is taken as it is. Any other bare number is
    what the header says: per cent under ``(%)``, a decimal under ``(小数)``. Where the header
    says neither, a number above 1 is per cent, and one up to 1 is refused as ambiguous.
    """
    if len(context.formats) == len(values):
        return  # every cell says by its format what it is
    plain = [
        position
        for position, value in enumerate(values)
        if cells.values[position] is not None
        and position not in context.formats
        and _is_bare(value)
    ]
    if not context.match.stated:
        _refuse_ambiguous(plain, cells)
    elif not context.match.decimal:
        _doubt_small(plain, cells)


def _is_number(value: Any) -> bool:
    return type(value) is float or isinstance(value, int | float)


def _is_bare(value: Any) -> bool:
    return _is_number(value) or parse_number(plain_text(value)) is not None


def _refuse_ambiguous(plain: Sequence[int], cells: Cells) -> None:
    for position in plain:
        share = cells.values[position]
        if 0 < share <= DOUBTFUL_SHARE:  # stood as a number up to 1
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
    if positive and all(cells.values[position] <= DOUBTFUL_SHARE for position in positive):
        cells.faults.append(
            Fault(
                positive[0],
                Severity.WARNING,
                "small_share",
                _("表头单位是 %，但整列数值都不超过 1，已按百分数读取（0.35 即 0.35%）。"),
                _("如果填的是小数，请把表头改为“(小数)”，或改填百分数（35）。"),
            )
        )
