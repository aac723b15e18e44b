"""A sheet read cell by cell from its XML: slower, but of odd cells each is refused by itself."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any

import numpy as np

from greenland.park.cells import CellError
from greenland.park.workbook.cell_formats import CellFormats
from greenland.park.workbook.contents import unescaped
from greenland.park.workbook.number_format import elapsed, is_date
from greenland.park.workbook.runs import Runs
from greenland.park.workbook.styles import CellStyles
from greenland.park.workbook.survey import (
    LAST_COLUMN,
    LAST_ROW,
    SheetSurvey,
    column_number,
)
from greenland.park.workbook.xml import local_name, parse

_ADDRESS = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_RANGE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7}):([A-Za-z]{1,3})([0-9]{1,7})")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
HEADINGS = frozenset(
    f"{pages}{place}" for pages in ("odd", "even", "first") for place in ("Header", "Footer")
)
_EPOCH = dt.datetime(1899, 12, 30)
_EPOCH_1904 = dt.datetime(1904, 1, 1)
_DAY_MS = 86_400_000
_TRUE = ("1", "true")
_LEAP_BUG = 60  # Excel counts a 29 February 1900, which was none


@dataclass(frozen=True, slots=True)
class CellContext:
    """What the cells of a sheet refer to: shared strings, styles, the date system.

    Parameters
    ----------
    texts : function
        The shared strings; they are read when a cell names one.
    """

    texts: Callable[[], Sequence[str]]
    styles: CellStyles
    date1904: bool

    @property
    def codes(self) -> Sequence[str]:
        """Number formats of the styles."""
        return self.styles.codes


@dataclass
class SheetCells:
    """Filled rows of a sheet.

    Parameters
    ----------
    rows : list of list
        Cells of each row that has any, from the first column to the last filled one.
    numbers : list of int
        Row number of each, counted from 1, ascending.
    survey : SheetSurvey
        What stands beside the values; its rows are those of the sheet, from 0.
    """

    survey: SheetSurvey
    rows: list[list[Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)


class AddressError(ValueError):
    """A cell's address that no sheet has."""


def read_cells_of(stream: IO[bytes], context: CellContext) -> SheetCells:
    """Read a sheet cell by cell.

    Raises
    ------
    AddressError
        If a cell says that it stands where no sheet has cells.
    xml.parsers.expat.ExpatError
        If the XML is not well-formed.
    """
    reader = _CellReader(context)
    parse(stream, reader.start, reader.end, reader.text)
    return reader.result()


class _CellReader:
    def __init__(self, context: CellContext) -> None:
        self._context = context
        self._rows: dict[int, dict[int, Any]] = {}
        self._survey = SheetSurvey(CellFormats(context.codes))
        self._styles: list[tuple[int, int, int]] = []
        self._row, self._column = -1, -1
        self._kind, self._style = "n", 0
        self._value: list[str] = []
        self._formula: list[str] = []
        self._heading: list[str] = []
        self._has_value = self._has_formula = self._phonetic = False
        self._target: list[str] | None = None
        self._runs = Runs()

    # -- events ---------------------------------------------------------------------------------

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        match tag := local_name(name):
            case "row":
                self._row, self._column = self._row_number(attributes), -1
                if attributes.get("hidden") in _TRUE:
                    self._survey.hidden_rows.add(self._row)
            case "col" if attributes.get("hidden") in _TRUE:
                self._hide(attributes.get("min", ""), attributes.get("max", ""))
            case "c":
                self._begin(attributes)
            case "v":
                self._target, self._has_value = self._value, True
            case "t" if not self._phonetic:
                self._target, self._has_value = self._value, True
            case "f":
                self._target, self._has_formula = self._formula, True
            case "rPh":
                self._phonetic = True
            case "mergeCell":
                self._merge(attributes.get("ref", ""))
            case _ if tag in HEADINGS:
                self._target = self._heading
            case "vertAlign" | "strike":
                self._runs.start(tag, attributes)

    def end(self, name: str) -> None:
        tag = local_name(name)
        self._runs.end(tag)
        match tag:
            case "v" | "t" | "f":
                self._target = None
            case "rPh":
                self._phonetic = False
            case "c":
                self._finish()
            case _ if tag in HEADINGS:
                self._survey.headings.append("".join(self._heading))
                self._heading.clear()
                self._target = None

    def text(self, characters: str) -> None:
        if self._target is not None:
            self._target.append(self._runs.marked(characters))

    def _row_number(self, attributes: Mapping[str, str]) -> int:
        number = attributes.get("r")
        if number is None:
            return self._row + 1
        if not (number.isascii() and number.isdecimal() and 0 < int(number[:9]) <= LAST_ROW):
            raise AddressError(number[:40])
        return int(number) - 1

    def _begin(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._row, self._column = max(self._row, 0), self._column + 1
        else:
            address = _ADDRESS.fullmatch(reference)
            if address is None:
                raise AddressError(reference[:40])
            self._row, self._column = int(address[2]) - 1, column_number(address[1].encode())
        if not (0 <= self._row < LAST_ROW and self._column < LAST_COLUMN):
            raise AddressError((reference or "")[:40])
        self._kind = attributes.get("t", "n")
        style = attributes.get("s", "0")
        self._style = int(style) if style.isascii() and style.isdecimal() and len(style) < 8 else 0
        self._value.clear()
        self._formula.clear()
        self._has_value = self._has_formula = False

    def _hide(self, first: str, last: str) -> None:
        if all(text.isascii() and text.isdecimal() and len(text) < 6 for text in (first, last)):
            self._survey.hide_columns(int(first), int(last))

    def _merge(self, reference: str) -> None:
        corners = _RANGE.fullmatch(reference)
        if corners is not None:
            left, top, right, bottom = corners.groups()
            first = int(top) - 1, column_number(left.encode())
            self._survey.merged.append((first, (int(bottom) - 1, column_number(right.encode()))))

    def _finish(self) -> None:
        raw = "".join(self._value)
        place = self._row, self._column
        if self._has_formula and not raw.strip() and self._kind != "str":
            value: Any = CellError("=" + ("".join(self._formula) or "…"))
        elif not self._has_value or (raw == "" and self._kind != "e"):
            return
        else:
            value = self._read(raw)
        if value == "" and type(value) is str:
            return
        if type(value) is CellError:
            self._survey.errors[place] = str(value)
        self._rows.setdefault(self._row, {})[self._column] = value
        struck = self._context.styles.struck
        if self._style < len(struck) and struck[self._style]:
            self._survey.struck_rows.add(self._row)
        if self._kind == "n" and 0 < self._style < len(self._context.codes):
            self._styles.append((*place, self._style))

    # -- values ---------------------------------------------------------------------------------

    def _read(self, raw: str) -> Any:
        """Value of a cell; a `CellError` that shows what stands there when it has none."""
        kind, text = self._kind, raw.strip()
        match kind:
            case "s":
                strings = self._context.texts()
                known = text.isascii() and text.isdecimal() and len(text) < 10
                if known and int(text) < len(strings):
                    return strings[int(text)]
            case "str" | "inlineStr":
                return unescaped(raw)
            case "n" | "":
                if _NUMBER.fullmatch(text) and math.isfinite(float(text)):
                    return self._number(float(text))
            case "b":
                if text.lower() in ("0", "1", "true", "false"):
                    return text.lower() in ("1", "true")
            case "e":
                return CellError(text if text.startswith("#") else "#" + text)
            case "d":
                try:
                    return _day_or_moment(dt.datetime.fromisoformat(text))
                except ValueError:
                    pass
        return CellError(text[:40] if kind in ("n", "") else f"{text[:40]} (t={kind[:10]})")

    def _number(self, number: float) -> Any:
        codes = self._context.codes
        if self._style < len(codes) and is_date(codes[self._style]):
            return moment_of(number, codes[self._style], self._context.date1904)
        return number

    # -- the whole ------------------------------------------------------------------------------

    def result(self) -> SheetCells:
        survey = self._survey
        cells = SheetCells(survey)
        for row in sorted(self._rows):
            filled = self._rows.pop(row)
            width = max(filled) + 1
            line: list[Any] = [""] * width
            for column, value in filled.items():
                line[column] = value
            cells.rows.append(line)
            cells.numbers.append(row + 1)
            survey.filled += len(filled)
            survey.last_row, survey.last_column = row + 1, max(survey.last_column, width)
        if self._styles:
            rows, columns, styles = np.array(self._styles, dtype=np.int64).T
            survey.formats.add(rows, columns, styles)
        return cells


def moment_of(number: float, code: str, date1904: bool) -> Any:
    """A number as the date, time or span of time its format shows.

    Parameters
    ----------
    number : float
        Days since the epoch of the workbook's date system.
    code : str
        Number format.
    date1904 : bool
        Whether day 0 is 1 January 1904.

    Returns
    -------
    datetime.date, datetime.datetime, datetime.time or datetime.timedelta
        The number itself when no calendar has that day.
    """
    try:
        if elapsed(code):
            return _span(number)
        epoch = _EPOCH_1904 if date1904 else _EPOCH
        if number < 1 and not date1904:
            return (epoch + _span(max(number, 0.0))).time()
        early = not date1904 and number < _LEAP_BUG
        return _day_or_moment(epoch + _span(number + early))
    except OverflowError:
        return number


def _span(days: float) -> dt.timedelta:
    """Days as Excel shows them, to the millisecond: 1/24 is no float, and one hour is meant."""
    return dt.timedelta(milliseconds=round(days * _DAY_MS))


def _day_or_moment(moment: dt.datetime) -> dt.date | dt.datetime:
    midnight = moment.time() == dt.time() and moment.tzinfo is None
    return moment.date() if midnight else moment
