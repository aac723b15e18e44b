"""Formulas of the workbook, so that a figure can be followed cell by cell to the data.

A formula is written only where it gives the value of the record; the cells it rests on are written
with all their digits. Where several may give a value, the first that does is written.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from greenland.report.excel.sight import AbsentError, Sheets, Sight, number_in
from greenland.report.excel.terms import Term, Words, constant
from greenland.report.tables import Row, TableColumn, cell_text

Formula = Callable[[Sight], Term | Words]
Rules = Mapping[tuple[str, str], tuple[Formula, ...]]  # by table and column

Traced = dict[tuple[str, int, str], Term | Words]  # by table, row and column

_SAME = 1e-9  # relative difference below which a formula gives the value
_DIGITS = 12  # significant figures that leave a number as it is, without the noise of arithmetic
_HUNDRED = constant(100.0)


def _ratio(above: str, below: str) -> Formula:
    return lambda at: at.own(above) / at.own(below)


def _product(left: str, right: str) -> Formula:
    return lambda at: at.own(left) * at.own(right)


def _difference(left: str, right: str) -> Formula:
    return lambda at: at.own(left) - at.own(right)


def _standardised(above: str, below: str) -> Formula:
    return lambda at: at.own(above) / at.own(below) * _HUNDRED


# Columns that follow from others of their row, in whatever table they stand.
COMMON: Mapping[str, tuple[Formula, ...]] = {
    "tax_per_mu": (_ratio("tax_wan", "land_mu"),),
    "revenue_per_mu": (_ratio("revenue_wan", "land_mu"),),
    "standard_land_share": (_ratio("standard_land_ha", "industrial_supplied_ha"),),
    "margin": (_difference("value", "required"), _difference("required", "value")),
    "rate": (_ratio("disposed_ha", "stock_ha"),),
    "difference_ha": (_difference("left_ha", "right_ha"),),
    "difference_yuan": (_difference("plan_yuan", "grid_only_yuan"),),
    "change": (_difference("value", "previous"),),
}


def formulas(sheets: Sheets, rules: Rules) -> Traced:
    """Every formula of a workbook, by table, row and column.

    Parameters
    ----------
    sheets : Sheets
        With all tables placed; takes note of the columns formulas rest on.
    rules : mapping
        Formulas that belong to one table.
    """
    found: Traced = {}
    for name, placed in sheets.placed.items():
        for key, column in placed.columns.items():
            tried = (*rules.get((name, key), ()), *COMMON.get(key, ()))
            for number, row in enumerate(placed.table.rows if tried else ()):
                made = _first(Sight(sheets, name, number), row, column, tried)
                if made is not None:
                    found[name, number, key] = made
    return found


def _first(
    at: Sight, row: Row, column: TableColumn, tried: tuple[Formula, ...]
) -> Term | Words | None:
    """The first formula that gives what stands in a cell."""
    number, text = number_in(row, column), cell_text(row, column)
    for formula in tried:
        try:
            made = formula(at)
        except (AbsentError, OverflowError):
            continue
        if isinstance(made, Words):
            if number is None and made.value == text:
                return made
        elif number is not None and same(made.value, number):
            return made
    return None


def same(value: float, other: float) -> bool:
    """Whether two numbers are one but for the noise of arithmetic."""
    return math.isclose(value, other, rel_tol=_SAME, abs_tol=_SAME)


def whole(amount: float) -> float:
    """A number with all it says, without the noise of arithmetic.

    Examples
    --------
    >>> whole(0.1 + 0.2), whole(1 / 3)
    (0.3, 0.333333333333)
    """
    return float(f"{amount:.{_DIGITS}g}")
