"""Rows of financial statements: what is given, and what follows from other rows.

A row that follows says how, so that it is computed once here and again by the formulas of a
workbook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


class Follows(StrEnum):
    """How a row follows from others of the same year."""

    GIVEN = "given"
    SUM = "sum"
    PRODUCT = "product"
    QUOTIENT = "quotient"


class Total(StrEnum):
    """What stands in the column of totals."""

    SUM = "sum"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a statement.

    Parameters
    ----------
    key : str
        Unique in its statement.
    number : str
        As printed, such as ``"1.2"``.
    follows : Follows
    of : tuple of (row, factor)
        Rows it follows from, ``statement.key``; factors count in sums only.
    carried : str
        Row of the same statement whose value of the year before is added; zero in the first.
    values : array
        One per year [yuan]; of a quotient by zero, nan.
    total : Total
    """

    key: str
    number: str
    follows: Follows = Follows.GIVEN
    of: tuple[tuple[str, float], ...] = ()
    carried: str = ""
    values: Array = field(default_factory=lambda: np.zeros(0))
    total: Total = Total.SUM


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement: its rows over its years."""

    key: str
    years: tuple[int, ...]
    lines: tuple[Line, ...]

    def __getitem__(self, key: str) -> Array:
        """Values of a row [yuan]."""
        return next(line.values for line in self.lines if line.key == key)

    def __contains__(self, key: object) -> bool:
        return any(line.key == key for line in self.lines)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready record."""
        return {
            "statement": self.key,
            "years": list(self.years),
            "rows": [_record(line) for line in self.lines],
        }


def _record(line: Line) -> dict[str, Any]:
    values = [None if np.isnan(value) else float(value) for value in line.values]
    return {
        "row": line.key,
        "number": line.number,
        "follows": str(line.follows),
        "of": [{"row": row, "factor": factor} for row, factor in line.of],
        "carried": line.carried or None,
        "values": values,
        "total": float(line.values.sum()) if line.total is Total.SUM else None,
    }


class Drafting:
    """Statements in the making: rows see those of the statements before them.

    Parameters
    ----------
    years : tuple of int
        From the first of construction (not above 0) to the last of operation.
    """

    def __init__(self, years: tuple[int, ...]) -> None:
        self.years = years
        self.statements: dict[str, Statement] = {}
        self._name = ""
        self._lines: dict[str, Line] = {}
        self._done: set[tuple[str, int]] = set()

    def begin(self, name: str) -> None:
        """Begin a statement."""
        self._name, self._lines = name, {}

    def close(self) -> None:
        """End the statement: rows that follow are computed, and it is kept."""
        self._done = set()
        for year in range(len(self.years)):
            for key in self._lines:
                self._at(f"{self._name}.{key}", year)
        lines = tuple(self._lines.values())
        self.statements[self._name] = Statement(self._name, self.years, lines)

    def given(self, key: str, number: str, values: ArrayLike, **options: Any) -> None:
        """A row whose values are given [yuan]."""
        amounts = np.asarray(values, dtype=float) + 0.0
        self._lines[key] = Line(key, number, values=amounts, **options)

    def sums(
        self,
        key: str,
        number: str,
        of: Iterable[str] | Mapping[str, float],
        *,
        carried: str = "",
        total: Total = Total.SUM,
    ) -> None:
        """A row that is the sum of others, with factors, and of one of the year before."""
        factors = of if isinstance(of, Mapping) else dict.fromkeys(of, 1.0)
        self._add(key, number, Follows.SUM, factors, carried, total)

    def product(self, key: str, number: str, of: Iterable[str]) -> None:
        """A row that is the product of others."""
        self._add(key, number, Follows.PRODUCT, dict.fromkeys(of, 1.0), "", Total.SUM)

    def quotient(self, key: str, number: str, over: str, under: str) -> None:
        """A row that is one over another; nothing where that is zero."""
        of = {over: 1.0, under: 1.0}
        self._add(key, number, Follows.QUOTIENT, of, "", Total.NONE)

    def _add(
        self,
        key: str,
        number: str,
        how: Follows,
        of: Mapping[str, float],
        carried: str,
        total: Total,
    ) -> None:
        full = tuple(
            (row if "." in row else f"{self._name}.{row}", factor) for row, factor in of.items()
        )
        values = np.zeros(len(self.years))
        self._lines[key] = Line(key, number, how, full, carried, values, total)

    def _value(self, line: Line, year: int) -> float:
        """Value of a row that follows; rows it rests on may stand below it."""
        amounts = [self._at(row, year) for row, _factor in line.of]
        if line.follows is Follows.PRODUCT:
            return float(np.prod(amounts))
        if line.follows is Follows.QUOTIENT:
            over, under = amounts
            return over / under if abs(under) > _NOTHING else float("nan")
        parts = [factor * amount for (_row, factor), amount in zip(line.of, amounts, strict=True)]
        if line.carried and year:
            parts.append(self._at(f"{self._name}.{line.carried}", year - 1))
        value = float(sum(parts))
        noise = _ROUNDING * max((abs(part) for part in parts), default=0.0)
        return value if abs(value) > noise else 0.0

    def _at(self, row: str, year: int) -> float:
        statement, key = row.split(".")
        if statement != self._name:
            return float(self.statements[statement][key][year])
        line = self._lines[key]
        if line.follows is not Follows.GIVEN and (key, year) not in self._done:
            self._done.add((key, year))
            line.values[year] = self._value(line, year)
        return float(line.values[year])


_NOTHING = 1e-6  # yuan
_ROUNDING = 1e-12  # relative to the largest term; what arithmetic leaves of nothing
