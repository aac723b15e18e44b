"""Formulas of the workbook: cells that follow from others of their row, so that they can be traced.

A formula is written only where it gives the value of the record; a capped score, for one, stays a
number.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from xlsxwriter.utility import xl_rowcol_to_cell

from greenland.report import formatters as fmt
from greenland.report.tables import Row, TableColumn

Expression = tuple[str | int, ...]  # operand, operator, operand, …: from left to right

# By the column that follows; where several stand, the first that gives the value.
_EXPRESSIONS: dict[str, tuple[Expression, ...]] = {
    "tax_per_mu": (("tax_wan", "/", "land_mu"),),
    "revenue_per_mu": (("revenue_wan", "/", "land_mu"),),
    "standard_land_share": (("standard_land_ha", "/", "industrial_supplied_ha"),),
    "ratio": (("value", "/", "benchmark"), ("benchmark", "/", "value")),
    "score": (("ratio", "*", "weight"),),
    "value": (("numerator", "/", "denominator"), ("numerator", "/", "denominator", "*", 100)),
    "standardised": (("value", "/", "ideal", "*", 100), ("ideal", "/", "value", "*", 100)),
    "contribution": (("standardised", "*", "weight"),),
    "margin": (("value", "-", "required"), ("required", "-", "value")),
    "rate": (("disposed_ha", "/", "stock_ha"),),
}
_SAME = 1e-9  # relative difference below which a formula gives the value
_DIGITS = 12  # significant figures that leave a number as it is, without the noise of arithmetic


def formula(number: int, row: Row, key: str, columns: Sequence[TableColumn]) -> str | None:
    """The formula of a cell; None where none of the row's cells gives its value.

    Parameters
    ----------
    number : int
        Row of the sheet, from zero.
    row : mapping
    key : str
        Id of the column.
    columns : sequence of TableColumn
        Of the sheet, from its first column.
    """
    if key not in _EXPRESSIONS:
        return None
    value = fmt.as_number(row.get(key))
    places = {column.key: place for place, column in enumerate(columns) if column.divisor == 1}
    if value is None or key not in places:
        return None
    for expression in _EXPRESSIONS[key]:
        found = _result(expression, row) if _names(expression) <= set(places) else None
        if found is not None and math.isclose(found, value, rel_tol=_SAME, abs_tol=_SAME):
            cells = [
                xl_rowcol_to_cell(number, places[part]) if part in places else str(part)
                for part in map(str, expression)
            ]
            return "=" + "".join(cells)
    return None


def inputs(columns: Sequence[TableColumn]) -> frozenset[str]:
    """Columns that formulas of the sheet may rest on, whose numbers are therefore not rounded."""
    keys = {column.key for column in columns}
    used = [
        _names(expression)
        for key in _EXPRESSIONS.keys() & keys
        for expression in _EXPRESSIONS[key]
        if _names(expression) <= keys
    ]
    return frozenset().union(*used)


def whole(amount: float) -> float:
    """A number with all it says, without the noise of arithmetic.

    Examples
    --------
    >>> whole(0.1 + 0.2), whole(1 / 3)
    (0.3, 0.333333333333)
    """
    return float(f"{amount:.{_DIGITS}g}")


def _names(expression: Expression) -> frozenset[str]:
    return frozenset(part for part in expression[::2] if isinstance(part, str))


def _result(expression: Expression, row: Row) -> float | None:
    """What the cells of a row give; None where one has no number, or is divided by zero."""
    operands = [
        float(part) if isinstance(part, int) else fmt.as_number(row.get(part))
        for part in expression[::2]
    ]
    total = operands[0]
    for operator, operand in zip(expression[1::2], operands[1:], strict=True):
        if total is None or operand is None or (operator == "/" and operand == 0):
            return None
        if operator == "-":
            total -= operand
        else:
            total = total * operand if operator == "*" else total / operand
    return total
