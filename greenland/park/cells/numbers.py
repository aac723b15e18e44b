"""Numbers and shares: full-width digits, thousand separators, units in cells, per cent."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from greenland.errors import InputError, Severity
from greenland.i18n import _
from greenland.park.cells.base import EMPTY_WORDS, Cells, Context, Fault, Unclear, each, placeholder
from greenland.park.dictionary import Column, ColumnType
from greenland.park.header import Match, column_factor, is_unit
from greenland.park.normal import plain_text, squeezed

_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_DIGITS = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_WITH_UNIT = re.compile(r"([+-]?[\d.,]*\d[\d.,]*)\s*(.+)")


def read_numbers(values: Sequence[Any], context: Context) -> Cells:
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

    part = each([value], read)
    cells.values[position] = part.values[0]
    cells.faults.extend(
        Fault(position, f.severity, f.code, f.message, f.remedy, f.allowed) for f in part.faults
    )


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
    text = plain_text(value)
    number = parse_number(text)
    if number is not None:
        return scale(number)
    if squeezed(text) in EMPTY_WORDS:
        raise placeholder()
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


def _not_a_number(item: Column) -> Unclear:
    return Unclear(
        "not_a_number",
        _("应为数字，读不出数值。"),
        _("请只填数字，不要加文字、约数或区间；没有数据请留空。"),
        _("数字（{unit}）", unit=item.shown_unit) if item.unit else _("数字"),
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
