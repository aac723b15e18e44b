"""A number read as its cell shows it, where the number format says more than digits."""

from __future__ import annotations

from greenland.errors import InputError, Severity
from greenland.i18n import _
from greenland.park.cells.base import Context, Unclear
from greenland.park.cells.formats import MULTIPLES, Shown, other_money, shown_by
from greenland.park.cells.scale import scaling
from greenland.park.header import column_factor, is_unit
from greenland.park.normal import plain_text, squeezed


def number_as_shown(value: float, form: str, context: Context) -> float:
    """What a cell shows, in the unit of the dictionary.

    Raises
    ------
    Unclear
        If what the cell shows cannot be told for sure, or differs from what it holds.
    """
    shown = shown_by(form, value)
    if shown.hidden:
        raise _unclear(_("数字格式“{form}”不显示这个数。", form=form))
    label = plain_text(shown.label)
    if label in MULTIPLES:
        return _multiplied(value, form, shown, MULTIPLES[label], context)
    if not label:
        return _scaled(value, form, shown, context)
    unit = label.strip("()")
    if other_money(label) or not (is_unit(squeezed(unit)) or is_unit(unit)):
        raise _unclear(
            _("数字格式“{form}”显示“{label}”，读不出这是什么单位。", form=form, label=label)
        )
    return _with_label(value, form, shown, unit, context)


def _plain(value: float, context: Context) -> float:
    """The number held, in the unit of the header."""
    match = context.match
    return scaling(1.0 if match.decimal else column_factor(match.unit, match.column))(value)


def _multiplied(value: float, form: str, shown: Shown, multiple: float, context: Context) -> float:
    """``0!.0,"万"`` under 元 shows the number held; under 万元 it may mean either."""
    unit = context.match.unit
    if abs(shown.scale * multiple - 1) < 1e-9 and not unit.startswith(tuple("千万百亿k")):
        return _plain(value, context)
    raise _unclear(
        _("数字格式“{form}”与表头单位“{unit}”不符。", form=form, unit=unit),
    )


def _scaled(value: float, form: str, shown: Shown, context: Context) -> float:
    if shown.scale == 1.0:
        return _plain(value, context)
    number = float(f"{value * shown.scale:.15g}")
    if not context.match.stated:
        raise _unclear(
            _(
                "单元格存的是 {value}，数字格式“{form}”显示为 {shown}，表头又没有单位。",
                value=f"{value:.15g}",
                form=form,
                shown=f"{number:g}",
            )
        )
    raise Unclear(
        "format_scaled",
        _(
            "单元格存的是 {value}，数字格式“{form}”显示为 {shown}，按显示的数和表头单位读取。",
            value=f"{value:.15g}",
            form=form,
            shown=f"{number:g}",
        ),
        _("请确认；建议改填表头单位的数，数字格式用“常规”。"),
        severity=Severity.WARNING,
        keep=_plain(number, context),
    )


def _with_label(value: float, form: str, shown: Shown, unit: str, context: Context) -> float:
    item = context.column
    number = float(f"{value * shown.scale:.15g}")
    try:
        read = scaling(column_factor(unit, item))(number)
    except InputError as error:
        fault = error.problems[0]
        raise Unclear("unit", fault.message, fault.remedy, item.shown_unit) from error
    plain = _plain(value, context)
    if abs(read - plain) <= 1e-9 * max(abs(read), abs(plain)):
        return plain if shown.scale == 1.0 else read
    if unit == "%" and item.unit == "%":
        return read  # 40 % under any header
    raise Unclear(
        "format_unit",
        _(
            "单元格存的是 {value}，数字格式“{form}”显示为 {shown}{unit}，按显示的数和单位读取。",
            value=f"{value:.15g}",
            form=form,
            shown=f"{number:g}",
            unit=unit,
        ),
        _("请确认；建议整列使用表头的单位，数字格式用“常规”。"),
        severity=Severity.WARNING,
        keep=read,
    )


def _unclear(message: str) -> Unclear:
    return Unclear(
        "format_unclear",
        message,
        _("请改填表头单位的数，数字格式用“常规”。"),
    )
