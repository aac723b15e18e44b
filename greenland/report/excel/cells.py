"""Cells of the workbook: numbers rounded as shown, their formats by kind, colours and widths."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from greenland.report import formatters as fmt
from greenland.report.blocks import Rules
from greenland.report.excel.book import HEADER_ROW, Book, letters
from greenland.report.excel.formulas import whole
from greenland.report.excel.sight import NO_NUMBERS
from greenland.report.excel.terms import Term, Words
from greenland.report.labels import label, state_label, unit_text, value_label
from greenland.report.tables import Row, TableColumn, cell_text, indicator_of

WIDTH_ROWS = 200  # rows whose texts make the width of a column
BLANK = "blank"  # kind of a column that the reader fills in
_WIDEST, _WIDEST_LONG = 34, 56  # of a column, and of one with texts of several sentences
_LONG = 160  # letters of such a text
_ONE_LINE = 16  # letters up to which a text is not broken
_MORE_DIGITS = 6  # decimals a number may have beyond those shown, that it does not become another
_GIVEN_DIGITS = 4  # decimals of areas and scores in the sheets of a park
_NOISE = 1e-9  # relative difference below which two numbers are one
# Columns held against each other: rounding must not turn "below" into "equal".
_HELD = {"value": "required", "required": "value", "rate": "target", "target": "rate"}
_ROUNDED_DOWN = {"passing_area_mu", "area_limit_mu"}  # the most that is allowed
_TINTS = {
    "failed": ("#8F2A12", "#FBE8E2"),
    "overdue": ("#7C2557", "#F7E6F0"),
    "met": ("#0B5F58", "#E2F2F0"),
    "no_data": ("#6B4F00", "#FAF1D6"),
    "not_due": ("#4B5563", "#ECEFF2"),
    "rejected": ("#8F2A12", "#FBE8E2"),
    "conditional": ("#6B4F00", "#FAF1D6"),
    "admitted": ("#0B5F58", "#E2F2F0"),
    "exit": ("#8F2A12", "#FBE8E2"),
    "supervise": ("#6B4F00", "#FAF1D6"),
    "A": ("#0B5F58", "#E2F2F0"),
    "D": ("#8F2A12", "#FBE8E2"),
}
_TINTED = {"state": "state", "verdict": "verdict", "decision": "decision", "class": "class"}


def write_cell(
    book: Book,
    sheet: Worksheet,
    number: int,
    place: int,
    row: Row,
    column: TableColumn,
    text: str,
    *,
    exact: bool = False,
) -> None:
    """Write the cell of a row and a column; *exact* numbers are not rounded.

    *text* is what is `written` there, and stays text.
    """
    value = row.get(column.key)
    amount = fmt.as_number(value)
    if column.kind == BLANK:
        sheet.write_blank(number, place, None, book.style("blank", border=1, text_wrap=True))
    elif column.kind == "link" and row.get("link"):
        sheet.write_url(number, place, f"external:{row['link']}", book.link, str(value))
    elif fmt.is_missing(value):
        none = book.style("none", align="right") if column.numeric else book.plain
        sheet.write_string(number, place, fmt.DASH, none)
    elif amount is not None and column.kind not in NO_NUMBERS:
        shown, form = shown_number(amount / column.divisor, row, column)
        shown = whole(amount / column.divisor) if exact else shown
        sheet.write_number(number, place, shown, book.number(form))
    elif column.kind == "date" and (day := _day(value)) is not None:
        style = book.style("date", num_format="yyyy-mm-dd", align="left", indent=1)
        sheet.write_datetime(number, place, day, style)
    else:
        style = book.plain if letters(text) <= _ONE_LINE else book.text
        sheet.write_string(number, place, text, style)


def written(row: Row, column: TableColumn, rules: Rules) -> str:
    """The text of a cell; that of a number as it is shown."""
    value = row.get(column.key)
    if column.kind == BLANK:
        return ""
    if fmt.is_missing(value):
        return fmt.DASH
    if column.kind == "rule":
        found = rules.get(value)
        return f"{found.number} {found.document} {found.clause}".strip() if found else str(value)
    if column.kind == "mark":
        return state_label(str(value))
    return str(value) if column.kind == "date" else cell_text(row, column)


def head(book: Book, column: TableColumn) -> Format:
    """The format of a heading: over its numbers, or over its text."""
    return book.number_head if column.numeric else book.head


def write_formula(
    book: Book,
    sheet: Worksheet,
    number: int,
    place: int,
    row: Row,
    column: TableColumn,
    formula: Term | Words,
) -> None:
    """Write a formula with the value of the record, for readers that do not reckon."""
    text = f"={formula.text}"
    if isinstance(formula, Words):
        sheet.write_formula(number, place, text, book.plain, formula.value)
        return
    amount = float(row[column.key]) / column.divisor
    form = book.number(shown_number(amount, row, column)[1])
    sheet.write_formula(number, place, text, form, whole(amount))


def _day(value: Any) -> dt.datetime | None:
    try:
        day = dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return dt.datetime(day.year, day.month, day.day) if day.year >= 1900 else None


def shown_number(amount: float, row: Row, column: TableColumn) -> tuple[float, str]:
    """A number rounded as its format shows it, and the format.

    Decimals are added where rounding would make a number zero, or equal to the one it is held
    against though it is not.

    Parameters
    ----------
    amount : float
        In the unit of the heading.
    row : mapping
    column : TableColumn
    """
    kind, digits, unit = _kind(amount, row, column)
    if kind == "year":
        return amount, "0"
    hundredths = 2 if kind == "share" else 0
    other = fmt.as_number(row.get(_HELD.get(column.key, "")))
    held = None if other is None else other / column.divisor
    places = _places(amount, digits + hundredths, held)
    shown = round(amount, places)
    if column.key in _ROUNDED_DOWN and shown > amount * (1 + _NOISE):
        shown = math.floor(amount * 10**places) / 10**places
    decimals = max(0, places - hundredths)
    point = "." + "0" * decimals if decimals else ""
    if kind == "share":
        return shown, f"0{point}%"
    return shown, f"#,##0{point}" + (f'" {unit}"' if unit else "")


def exact_digits(column: TableColumn, rows: Sequence[Row]) -> TableColumn:
    """The column with as many decimals as its numbers were given with, four at most.

    A column of quotients, which have no last decimal, keeps those of the page.
    """
    if column.kind not in ("number", "int"):
        return column
    found = [
        n / column.divisor for row in rows if (n := fmt.as_number(row.get(column.key))) is not None
    ]
    decimals = [_decimals(amount) for amount in found]
    if not decimals or None in decimals:
        return column
    most = max(one for one in decimals if one is not None)
    digits = max(most, column.digits or 0) if most else 0
    return replace(column, kind="number" if most else column.kind, digits=digits)


def _decimals(amount: float) -> int | None:
    """How many decimals a number was given with; None for more than four."""
    for places in range(_GIVEN_DIGITS + 1):
        if math.isclose(amount, round(amount, places), rel_tol=1e-12, abs_tol=1e-12):
            return places
    return None


def _kind(amount: float, row: Row, column: TableColumn) -> tuple[str, int, str]:
    """Kind, decimals (of the percentage for shares) and the unit that stands behind the number."""
    kind, digits, unit = column.kind, column.digits, ""
    if kind in ("value", "change"):
        entry = label(indicator_of(row))
        kind, digits = entry.kind, entry.digits
        if row.get("unit") == "share":
            kind = "share"
        if column.units and kind != "share":
            unit = unit_text(entry.unit).replace('"', "")
    if kind == "share":
        return kind, 1, ""
    if kind in ("int", "year"):
        return kind, 0 if amount.is_integer() else fmt.digits_for(amount), unit
    if digits is None:
        digits = 0 if amount.is_integer() else fmt.digits_for(amount)
    return kind, digits, unit


def _places(amount: float, digits: int, held: float | None) -> int:
    """Decimals that keep a number from zero and on its side of the one it is held against."""
    apart = held is not None and not math.isclose(amount, held, rel_tol=_NOISE)
    for places in range(digits, digits + _MORE_DIGITS + 1):
        gone = amount != 0 and round(amount, places) == 0
        level = apart and held is not None and round(amount, places) == round(held, places)
        if not gone and not level:
            return places
    return digits


def column_width(rows: Sequence[Row], column: TableColumn, texts: Sequence[str]) -> float:
    """Room for the heading and for the longest of the first rows, counting Chinese double.

    *texts* are what is `written` in these; a rule or a date needs no more room than on the page.
    """
    if column.kind == BLANK:
        return 20.0
    if column.kind == "mark":
        texts = [state_label("no_data")]
    elif column.kind in ("rule", "date"):
        texts = [cell_text(row, column) for row in rows[:WIDTH_ROWS]]
    longest = max((letters(text) for text in texts), default=0)
    widest = _WIDEST_LONG if longest > _LONG else _WIDEST
    return max(9.0, min(widest, max(longest, letters(column.heading) * 0.62) + 3.5))


def tint(book: Book, code: str) -> Format | None:
    """The colour of a state; None when it has none."""
    if code not in _TINTS:
        return None
    ink, ground = _TINTS[code]
    return book.style(f"tint {code}", font_color=ink, bg_color=ground)


def colour(book: Book, sheet: Worksheet, place: int, column: TableColumn, last: int) -> None:
    """Conditional colours that follow the words, so that an edited cell changes colour too."""
    coded = "state" if column.kind in ("state", "mark") else _TINTED.get(column.key)
    if coded is None:
        return
    cells = xl_range(HEADER_ROW + 1, place, last, place)
    for code, (ink, ground) in _TINTS.items():
        words = value_label(coded, code)
        if words == code:
            continue
        form = book.book.add_format({"font_color": ink, "bg_color": ground})
        rule = {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": form}
        sheet.conditional_format(cells, rule)
