"""Reckons a workbook anew from its formulas alone: an office program in miniature."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Any

from openpyxl.utils import range_boundaries

_REFERENCE = re.compile(
    r'"(?P<text>[^"]*)"'
    r"|(?:'(?P<sheet>[^']+)'!)?(?P<first>\$?[A-Z]{1,3}\$?\d+)(?::(?P<last>\$?[A-Z]{1,3}\$?\d+))?"
    r"|(?P<name>(?:_xlfn\.)?[A-Z]{2,}(?=\())"
)
_KEPT: dict[str, Callable[[float, float], bool]] = {
    ">": lambda value, bound: value > bound,
    "<": lambda value, bound: value < bound,
    ">=": lambda value, bound: value >= bound,
    "<=": lambda value, bound: value <= bound,
}


class Text(str):
    """A text of a cell, joined by ``&``."""

    __slots__ = ()

    def __and__(self, other: object) -> Text:
        return Text(f"{self}{other:.15g}" if isinstance(other, float) else f"{self}{other}")


class Spreadsheet:
    """A workbook of which formulas are reckoned and remembered values ignored.

    Parameters
    ----------
    book : openpyxl workbook
        Read with its formulas.
    """

    def __init__(self, book: Any) -> None:
        self.book = book
        self.value = cache(self._value)
        self.cells = cache(self._cells)

    def formulas(self) -> list[tuple[str, str]]:
        """Sheet and address of each cell with a formula."""
        cells = (cell for sheet in self.book for row in sheet.iter_rows() for cell in row)
        return [(cell.parent.title, cell.coordinate) for cell in cells if cell.data_type == "f"]

    def _value(self, sheet: str, address: str) -> Any:
        found = self.book[sheet][address].value
        if isinstance(found, str):
            return self._worked(sheet, found[1:]) if found.startswith("=") else Text(found)
        return float(found) if isinstance(found, int | float) else found

    def _cells(self, sheet: str, first: str, last: str) -> list[Any]:
        left, top, right, bottom = range_boundaries(f"{first}:{last}")
        assert left == right
        column = re.sub(r"\d", "", first)
        return [self.value(sheet, f"{column}{row}") for row in range(top or 1, (bottom or 1) + 1)]

    def _worked(self, sheet: str, formula: str) -> Any:
        def python(match: re.Match[str]) -> str:
            part = match.groupdict()
            if part["text"] is not None:
                return f"T({part['text']!r})"
            if part["name"]:
                return "F_" + part["name"].removeprefix("_xlfn.")
            where, first = part["sheet"] or sheet, part["first"].replace("$", "")
            if part["last"]:
                return f"R({where!r},{first!r},{part['last'].replace('$', '')!r})"
            return f"C({where!r},{first!r})"

        names = {"T": Text, "C": self.value, "R": self.cells, **_FUNCTIONS}
        return eval(_REFERENCE.sub(python, formula).replace("^", "**"), {"__builtins__": {}}, names)


def _numbers(cells: list[Any]) -> list[float]:
    return [value for value in cells if isinstance(value, float)]


def _meets(value: Any, criterion: str) -> bool:
    sign = re.match(r"<>|>=|<=|>|<", criterion)
    rest = criterion[sign.end() :] if sign else criterion
    if sign and sign[0] != "<>":
        return isinstance(value, float) and _KEPT[sign[0]](value, float(rest))
    pattern = re.escape(rest).replace(r"\*", ".*")
    like = isinstance(value, str) and re.fullmatch(pattern, value, re.IGNORECASE) is not None
    return not like if sign else like


def _rows(pairs: tuple[Any, ...]) -> list[bool]:
    columns = [
        [_meets(value, criterion) for value in cells]
        for cells, criterion in zip(pairs[::2], pairs[1::2], strict=True)
    ]
    return [all(row) for row in zip(*columns, strict=True)]


def _chosen(cells: list[Any], pairs: tuple[Any, ...]) -> list[float]:
    return _numbers([value for value, met in zip(cells, _rows(pairs), strict=True) if met])


def _rounded(value: float, places: int) -> float:
    step = Decimal(1).scaleb(-places)
    return float(Decimal(f"{value:.15g}").quantize(step, ROUND_HALF_UP))


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "F_SUM": lambda cells: sum(_numbers(cells)),
    "F_MAX": max,
    "F_MIN": min,
    "F_ABS": abs,
    "F_ROUND": _rounded,
    "F_IF": lambda test, yes, no: yes if test else no,
    "F_COUNTIFS": lambda *pairs: float(sum(_rows(pairs))),
    "F_SUMIFS": lambda cells, *pairs: sum(_chosen(cells, pairs)),
    "F_AVERAGEIFS": lambda cells, *pairs: sum(_chosen(cells, pairs)) / len(_chosen(cells, pairs)),
    "F_MAXIFS": lambda cells, *pairs: max(_chosen(cells, pairs)),
    "F_MINIFS": lambda cells, *pairs: min(_chosen(cells, pairs)),
}
