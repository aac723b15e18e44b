"""Where the tables of the workbook stand, and what a formula of one can refer to in all."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from greenland.record.record import Record
from greenland.report import formatters as fmt
from greenland.report.excel.book import HEADER_ROW
from greenland.report.excel.terms import CellCondition, Range, Term, Words
from greenland.report.tables import Row, Table, TableColumn, cell_text

NO_NUMBERS = frozenset({"rule", "coded", "text", "mark", "blank"})  # kinds written as text
_FIRST = HEADER_ROW + 1
_NOT_PLAIN = re.compile(r"[*?~<>=]")  # signs a criterion would take for more than text


def number_in(row: Row, column: TableColumn) -> float | None:
    """The number a cell holds, in the unit of its heading; None where it holds text."""
    amount = fmt.as_number(row.get(column.key))
    return None if amount is None or column.kind in NO_NUMBERS else amount / column.divisor


class AbsentError(Exception):
    """What a formula would rest on is not in the workbook."""


@dataclass(frozen=True)
class Placed:
    """A table on its sheet.

    Parameters
    ----------
    table : Table
    sheet : str
        Name of the sheet.
    """

    table: Table
    sheet: str
    places: Mapping[str, int]
    columns: Mapping[str, TableColumn]
    found: dict[tuple[str, ...], dict[tuple[Any, ...], int]] = field(default_factory=dict)
    contents: dict[str, tuple[float | str, ...]] = field(default_factory=dict)

    def content(self, key: str) -> tuple[float | str, ...]:
        """What stands in the cells of a column."""
        if key not in self.contents:
            column = self.columns[key]
            self.contents[key] = tuple(_content(row, column) for row in self.table.rows)
        return self.contents[key]

    def at(self, keys: tuple[str, ...], values: tuple[Any, ...]) -> int | None:
        """The first row in which some columns have these values."""
        if keys not in self.found:
            index: dict[tuple[Any, ...], int] = {}
            self.found[keys] = index
            for number, row in enumerate(self.table.rows):
                index.setdefault(tuple(_plain(row.get(key)) for key in keys), number)
        return self.found[keys].get(values)


class Sheets:
    """All tables of a workbook, and the columns formulas rest on.

    Parameters
    ----------
    record : Record
    """

    def __init__(self, record: Record) -> None:
        self.record = record
        self.placed: dict[str, Placed] = {}
        self.used: set[tuple[str, str]] = set()

    def place(self, table: Table, sheet: str, columns: Sequence[TableColumn]) -> None:
        """Say where a table stands."""
        places = {column.key: place for place, column in enumerate(columns)}
        by_key = {column.key: column for column in columns}
        self.placed[table.id] = Placed(table, sheet, places, by_key)


class Sight:
    """What the formulas of one row can refer to.

    Every method raises `AbsentError` where the workbook does not hold what is asked for.

    Parameters
    ----------
    sheets : Sheets
    here : str
        Id of the row's table, whose own cells are named without their sheet.
    number : int
        Of the row in its table, from 0.
    """

    def __init__(self, sheets: Sheets, here: str, number: int) -> None:
        self._sheets, self._own, self._number = sheets, sheets.placed[here], number
        self.record = sheets.record
        self.row: Row = self._own.table.rows[number]

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of a table; none where the workbook has no such table."""
        placed = self._sheets.placed.get(table)
        return () if placed is None else placed.table.rows

    def find(self, table: str, **values: Any) -> int:
        """Number of the first row of a table with these values."""
        number = self._placed(table).at(tuple(values), tuple(values.values()))
        if number is None:
            raise AbsentError
        return number

    def own(self, key: str) -> Term:
        """A cell of the row that holds a number."""
        return self.cell(self._own.table.id, self._number, key)

    def above(self, key: str) -> Term:
        """The cell above."""
        if self._number == 0:
            raise AbsentError
        return self.cell(self._own.table.id, self._number - 1, key)

    def cell(self, table: str, number: int, key: str) -> Term:
        """A cell of any table that holds a number."""
        placed = self._placed(table, key)
        amount = number_in(placed.table.rows[number], placed.columns[key])
        if amount is None:
            raise AbsentError
        self._sheets.used.add((table, key))
        return Term(self._address(placed, number, key), amount)

    def shown(self, table: str, number: int, key: str) -> Words:
        """A cell that holds text."""
        placed = self._placed(table, key)
        text = cell_text(placed.table.rows[number], placed.columns[key])
        return Words(self._address(placed, number, key), text)

    def column(self, table: str, key: str, rows: slice = slice(None)) -> Range:
        """Cells of a column, all or some."""
        placed = self._placed(table, key)
        chosen = range(*rows.indices(len(placed.table.rows)))
        if not chosen:
            raise AbsentError
        self._sheets.used.add((table, key))
        first, last = (self._address(placed, at, key, fixed=True) for at in (chosen[0], chosen[-1]))
        return Range(f"{first}:{last.rpartition('!')[2]}", placed.content(key)[rows])

    def same(self, table: str, key: str, own_key: str = "") -> CellCondition:
        """The cells of a column hold the text of a cell of this row."""
        own = self._criterion(own_key or key)
        wanted = own.value.casefold()
        return CellCondition(
            self.column(table, key),
            own.text,
            lambda value: isinstance(value, str) and value.casefold() == wanted,
        )

    def begins(self, table: str, key: str, own_key: str = "") -> CellCondition:
        """The cells of a column begin with the text of a cell of this row."""
        own = self._criterion(own_key or key, numeric=True)
        return CellCondition(
            self.column(table, key),
            f'{own.text}&"*"',
            lambda value: isinstance(value, str) and value.startswith(own.value),
        )

    def other_than(self, table: str, key: str, text: str) -> CellCondition:
        """The cells of a column hold another text than this one."""
        if not text or _NOT_PLAIN.search(text) or '"' in text:
            raise AbsentError
        return CellCondition(
            self.column(table, key),
            f'"<>{text}"',
            lambda value: not isinstance(value, str) or value.casefold() != text.casefold(),
        )

    def _criterion(self, key: str, *, numeric: bool = False) -> Words:
        """Own text as a criterion, if it is not taken for more than text, such as a number."""
        words = self.shown(self._own.table.id, self._number, key)
        plain = words.value and not _NOT_PLAIN.search(words.value)
        if not plain or (not numeric and _is_number(words.value)):
            raise AbsentError
        return words

    def _placed(self, table: str, key: str | None = None) -> Placed:
        placed = self._sheets.placed.get(table)
        if placed is None or (key is not None and key not in placed.places):
            raise AbsentError
        return placed

    def _address(self, placed: Placed, number: int, key: str, *, fixed: bool = False) -> str:
        place = placed.places[key]
        cell = str(xl_rowcol_to_cell(_FIRST + number, place, row_abs=fixed, col_abs=fixed))
        return cell if placed is self._own else f"'{placed.sheet}'!{cell}"


def _content(row: Row, column: TableColumn) -> float | str:
    number = number_in(row, column)
    return cell_text(row, column) if number is None else float(number)


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value
