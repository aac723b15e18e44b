"""A sheet as it stands in a file, before anything is understood."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from greenland.errors import Problem
from greenland.park.kinds import Kinded

_TURNED = 1024  # rows turned into columns at a time: what the caches of processors hold


def _general(_column: int) -> Mapping[int, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Beside:
    """A text outside the cells.

    Parameters
    ----------
    text : str
    cell : (row, column), optional
        Of a comment: the cell it belongs to, from 0.
    """

    text: str
    cell: tuple[int, int] | None = None


@dataclass
class RawSheet:
    """Cells of one sheet.

    Parameters
    ----------
    file, title : str
        File name, and sheet title or file stem.
    rows : list of list
        Cells from the first row and column of the sheet on.
    numbers : sequence of int
        Row number of each row, as the reader of the file sees it.
    text_only : bool
        Whether the file holds nothing but text.
    errors : mapping
        Cells that show an error value or hold a formula without a result (its text begins with
        ``=``), or what is none of a cell's kinds: (row, column) from 0 → text.
    formats : function
        Number formats of a column's filled cells that show another number than they hold, or
        more: column from 0 → row → format code; see `greenland.park.cells.tells`.
    merged : sequence of ((row, column), (row, column))
        Merged ranges, from 0.
    hidden_rows, hidden_columns : collection of int
        Positions of rows, and columns from 0, that are hidden by hand or by a filter.
    struck_rows : collection of int
        Positions of rows with a cell whose text is struck through.
    state : str
        ``"visible"``, ``"hidden"`` or ``"veryHidden"``.
    date1904 : bool
        Whether numbers of days count from 1 January 1904 on.
    comma_unclear : bool
        Whether ``1,234`` may be 1.234: a CSV file separated by semicolons.
    remarks : sequence of Problem
        What the reader of the file left out or could not tell.
    names : mapping
        What ``mapping.yaml`` says of headings: folded heading → header of the dictionary with its
        unit; empty for a column that is not to be read.
    translations : mapping
        What it says of values: column id → folded value → value of the dictionary.

    beside : sequence of Beside
        Texts of page headers and footers, text boxes and comments.

    All rows here are positions in *rows*; *numbers* has their numbers in the file.
    """

    file: str
    title: str
    rows: list[list[Any]]
    numbers: Sequence[int]
    text_only: bool = False
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    formats: Callable[[int], Mapping[int, str]] = _general
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    hidden_rows: Collection[int] = frozenset()
    hidden_columns: Collection[int] = frozenset()
    struck_rows: Collection[int] = frozenset()
    state: str = "visible"
    date1904: bool = False
    comma_unclear: bool = False
    remarks: Sequence[Problem] = ()
    beside: Sequence[Beside] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def columns(self, rows: Sequence[int]) -> list[Kinded]:
        """Every column, over the rows at those positions."""
        chosen = [self.rows[row] for row in rows]
        width = max(map(len, chosen), default=0)
        even = all(len(row) == width for row in chosen)
        found = [Kinded((), set[type]()) for _column in range(width)]
        kinds: list[set[type]] = [set() for _column in range(width)]
        for first in range(0, len(chosen), _TURNED):
            piece = chosen[first : first + _TURNED]
            if not even:
                piece = [[*row, *[""] * (width - len(row))] for row in piece]
            for column, types, cells in zip(found, kinds, zip(*piece, strict=True), strict=True):
                column.extend(cells)
                types.update(map(type, cells))
        for column, types in zip(found, kinds, strict=True):
            column.kinds = types
        return found

    def cell(self, row: int, column: int) -> Any:
        """Value of a cell; blank beyond the end of its row."""
        cells = self.rows[row]
        return cells[column] if column < len(cells) else ""


def column_letters(column: int) -> str:
    """Column as Excel names it: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
