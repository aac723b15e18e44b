"""Formulas as they are built: the text of each with the value it gives.

A formula is put together from cells, and its value is worked out from theirs at the same time, so
that only those are written whose value is that of the record.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce

_SUM, _PRODUCT, _ATOM = 1, 2, 3  # how tightly a formula holds together
_DIGITS = 15  # significant figures Excel keeps of a number


@dataclass(frozen=True, slots=True)
class Term:
    """A formula that gives a number.

    Parameters
    ----------
    text : str
        Without the sign of equality.
    value : float
        What it gives.
    rank : int
        Whether brackets are needed around it in a product.
    """

    text: str
    value: float
    rank: int = _ATOM

    def __add__(self, other: Term) -> Term:
        return Term(f"{self.text}+{other.text}", self.value + other.value, _SUM)

    def __sub__(self, other: Term) -> Term:
        return Term(f"{self.text}-{other._within(_PRODUCT)}", self.value - other.value, _SUM)

    def __mul__(self, other: Term) -> Term:
        text = f"{self._within(_PRODUCT)}*{other._within(_PRODUCT)}"
        return Term(text, self.value * other.value, _PRODUCT)

    def __truediv__(self, other: Term) -> Term:
        text = f"{self._within(_PRODUCT)}/{other._within(_ATOM)}"
        return Term(text, self.value / other.value if other.value else math.nan, _PRODUCT)

    def __pow__(self, other: Term) -> Term:
        text = f"{self._within(_ATOM)}^{other._within(_ATOM)}"
        return Term(text, float(self.value**other.value), _PRODUCT)

    def _within(self, rank: int) -> str:
        return self.text if self.rank >= rank else f"({self.text})"


@dataclass(frozen=True, slots=True)
class Words:
    """A formula that gives a text."""

    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Range:
    """Cells of one column below each other, with what stands in them.

    Parameters
    ----------
    text : str
    values : tuple
        Numbers and texts.
    """

    text: str
    values: tuple[float | str, ...]

    @property
    def numbers(self) -> list[float]:
        """The numbers among them, which are all that is added up."""
        return [value for value in self.values if isinstance(value, float)]


@dataclass(frozen=True, slots=True)
class CellCondition:
    """What the cells of a range must hold for a row to count.

    Parameters
    ----------
    range : Range
    criterion : str
        As the formula has it.
    holds : callable
        Of the value of a cell.
    """

    range: Range
    criterion: str
    holds: Callable[[float | str], bool]


def constant(value: float) -> Term:
    """A number as it stands."""
    return Term(f"{value:.{_DIGITS}g}", value, _ATOM if value >= 0 else _SUM)


def greatest(*terms: Term) -> Term:
    """The greatest of some numbers."""
    return Term(f"MAX({_list(terms)})", max(term.value for term in terms))


def least(*terms: Term) -> Term:
    """The least of some numbers."""
    return Term(f"MIN({_list(terms)})", min(term.value for term in terms))


def absolute(term: Term) -> Term:
    """A number without its sign."""
    return Term(f"ABS({term.text})", abs(term.value))


def rounded(term: Term, places: int) -> Term:
    """A number rounded as Excel does it, halves away from zero."""
    near = Decimal(f"{term.value:.{_DIGITS}g}").quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Term(f"ROUND({term.text},{places})", float(near))


def added(terms: Sequence[Term]) -> Term:
    """Numbers added one by one."""
    return reduce(operator.add, terms)


def total(cells: Range) -> Term:
    """The sum of the numbers of a range."""
    return Term(f"SUM({cells.text})", math.fsum(cells.numbers))


def counted(*conditions: CellCondition) -> Term:
    """How many rows meet all conditions."""
    return Term(f"COUNTIFS({_conditions(conditions)})", float(sum(_met(conditions))))


def total_where(cells: Range, *conditions: CellCondition) -> Term:
    """The sum of the numbers of the rows that meet all conditions."""
    return Term(
        f"SUMIFS({cells.text},{_conditions(conditions)})", math.fsum(_chosen(cells, conditions))
    )


def mean_where(cells: Range, *conditions: CellCondition) -> Term:
    """The mean of the numbers of the rows that meet all conditions."""
    found = _chosen(cells, conditions)
    text = f"AVERAGEIFS({cells.text},{_conditions(conditions)})"
    return Term(text, math.fsum(found) / len(found) if found else math.nan)


def greatest_where(cells: Range, *conditions: CellCondition) -> Term:
    """The greatest number of the rows that meet all conditions."""
    found = max(_chosen(cells, conditions), default=math.nan)
    return Term(f"_xlfn.MAXIFS({cells.text},{_conditions(conditions)})", found)


def least_where(cells: Range, *conditions: CellCondition) -> Term:
    """The least number of the rows that meet all conditions."""
    found = min(_chosen(cells, conditions), default=math.nan)
    return Term(f"_xlfn.MINIFS({cells.text},{_conditions(conditions)})", found)


def is_number(cells: Range) -> CellCondition:
    """The cell holds a number."""
    return CellCondition(cells, '">-1E+300"', lambda value: isinstance(value, float))


def is_positive(cells: Range) -> CellCondition:
    """The cell holds a number above zero."""
    return CellCondition(cells, '">0"', lambda value: isinstance(value, float) and value > 0)


def is_above(cells: Range, bound: Term) -> CellCondition:
    """The cell holds a number above another."""
    return CellCondition(
        cells,
        f'">"&{bound.text}',
        lambda value: isinstance(value, float) and value > bound.value,
    )


def _list(terms: Sequence[Term]) -> str:
    return ",".join(term.text for term in terms)


def _conditions(conditions: Sequence[CellCondition]) -> str:
    return ",".join(f"{one.range.text},{one.criterion}" for one in conditions)


def _met(conditions: Sequence[CellCondition]) -> list[bool]:
    columns = [[one.holds(value) for value in one.range.values] for one in conditions]
    return [all(row) for row in zip(*columns, strict=True)]


def _chosen(cells: Range, conditions: Sequence[CellCondition]) -> list[float]:
    rows = zip(cells.values, _met(conditions), strict=True)
    return [value for value, met in rows if met and isinstance(value, float)]
