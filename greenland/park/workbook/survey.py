"""One pass over the XML of a sheet: its extent, number formats, errors, merges; no values.

The marks of cells are looked for in large pieces of the XML at once, which takes a fraction of
the time of reading the values. Single cells the fast reader cannot read are `odd`: `cell_reader`
reads them by themselves. What the pass does not understand makes the sheet `irregular`: then
`cell_reader` reads all of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import IO

import numpy as np
import numpy.typing as npt

from greenland.park.method import MOST_MERGES, MOST_ODD
from greenland.park.workbook.cell_formats import CellFormats
from greenland.park.workbook.huge import may_be_huge, with_exponent
from greenland.park.workbook.number_format import is_date
from greenland.park.workbook.runs import HINTS
from greenland.park.workbook.signs import (
    BOOL,
    DATE,
    ERROR,
    INLINE,
    KINDS,
    LONG_DATE,
    NUMBER,
    SHARED,
    UNKNOWN,
    USUAL_STARTS,
    Positions,
    beyond_dates,
    digits_at,
    follows,
    kinds_at,
    letters_at,
    pair,
    whole_names,
)
from greenland.park.workbook.styles import CellStyles
from greenland.park.workbook.xml import plain_text

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384  # of a sheet
# Error values that the fast reader knows.
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#DATA!")
KNOWN_ERRORS = frozenset(_ERRORS)
Place = tuple[int, int]
Range = tuple[Place, Place]

_ROOM = 1 << 24  # bytes, more than any array of a piece has
_CHUNK = 1 << 19  # what the caches of processors hold
_MOST_BELOW = 1 << 22  # of what stands below the cells, kept for page headers and footers
_PAD = 64  # read beyond the end of a piece
_MERGE = re.compile(rb"""<mergeCell\b[^>]*?ref=["']([A-Za-z]+)(\d+):([A-Za-z]+)(\d+)["']""")
_REF = re.compile(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""")
_STYLE = re.compile(rb"""\ss=["'](\d{1,6})["']""")
_KIND = re.compile(rb"""\st=["'](\w*)["']""")
_FORMULA = re.compile(rb"<f[^>]*?(?:/>|>(.*?)</f>)", re.DOTALL)
_VALUE = re.compile(rb"<v>(.*?)</v>", re.DOTALL)
_PLAIN_ROOT = re.compile(rb"<worksheet[\s>]")
_ENCODING = re.compile(rb"""encoding=["']([\w-]+)["']""")
_HIDDEN_ROW = re.compile(
    rb"""<row\b(?=[^>]*?\shidden=["'](?:1|true)["'])[^>]*?\sr=["'](\d{1,7})["']"""
)
_HIDDEN_COLUMN = re.compile(rb"""<col\b(?=[^>]*?\shidden=["'](?:1|true)["'])[^>]*>""")
_HEADING = re.compile(rb"<(?:odd|even|first)(?:Header|Footer)\b[^>]*>([^<]+)<")
_SPAN = re.compile(rb"""\s(min|max)=["'](\d{1,5})["']""")
_BEGINS_NUMBER = np.isin(np.arange(256), np.frombuffer(b"0123456789-", np.uint8))


@dataclass(frozen=True, slots=True)
class OddCell:
    """A cell the fast reader cannot read: its place in the XML [byte], its row (from 0), itself."""

    start: int
    end: int
    row: int
    xml: bytes


@dataclass
class SheetSurvey:
    """What the XML of a sheet tells beside the values.

    Parameters
    ----------
    last_row, last_column : int
        Extent of the filled cells, counted from 1; 0 when there are none.
    filled : int
        Number of filled cells.
    formats : CellFormats
    errors : mapping of (row, column) to str
        Cells that show an error value, and formulas without a result (these begin with ``=``);
        from 0.
    merged : list of ((row, column), (row, column))
        Merged ranges, from 0.
    hidden_rows : set of int
        Hidden rows, by hand or by a filter, from 0.
    hidden_columns : set of int
        Hidden columns, from 0.
    struck_rows : set of int
        Rows with a filled cell whose style strikes its text through, from 0.
    odd : list of OddCell
        In the order of the XML.
    huge : bool
        Whether a number may be beyond what a double holds.
    headings : list of str
        Page headers and footers, as they stand in the XML.
    irregular : str
        Why the sheet must be read cell by cell; empty when the fast reader can be trusted.
    """

    formats: CellFormats
    last_row: int = 0
    last_column: int = 0
    filled: int = 0
    errors: dict[Place, str] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    struck_rows: set[int] = field(default_factory=set)
    odd: list[OddCell] = field(default_factory=list)
    huge: bool = False
    headings: list[str] = field(default_factory=list)
    irregular: str = ""

    def hide_columns(self, first: int, last: int) -> None:
        """Note columns *first* to *last*, counted from 1, as hidden."""
        self.hidden_columns.update(range(max(first, 1) - 1, min(last, LAST_COLUMN)))


def survey(stream: IO[bytes], styles: CellStyles) -> SheetSurvey:
    """Pass over the XML of a sheet."""
    # glibc gives back to the system, and asks for anew, what is larger than the largest block that
    # was let go so far: each array of each piece, a third of the time. Nothing is written here.
    room = bytearray(_ROOM)
    del room
    return _Surveyor(styles).run(stream)


class _Surveyor:
    def __init__(self, known: CellStyles) -> None:
        codes = known.codes
        self.result = SheetSurvey(CellFormats(codes))
        self._at = 0  # place in the XML of what is looked at
        self._dated = np.array([is_date(code) for code in codes] or [False])
        self._struck = np.array(known.struck or [False])
        self._strikes = bool(self._struck.any())

    def run(self, stream: IO[bytes]) -> SheetSurvey:
        tail, below = b"", b""
        first, ended = True, False
        while True:
            chunk = stream.read(_CHUNK)
            text = tail + chunk
            if first:
                first = False
                self._check_head(text[:2000])
            if not ended and (end := text.find(b"</sheetData>")) >= 0:
                ended = True
                self._cells(text[:end])
                text = text[end:]
            look, mark = (self._merges, b"<") if ended else (self._cells, b"<c ")
            cut = max(text.rfind(mark), 0) if chunk else len(text)
            look(text[:cut])
            self._at += cut
            tail = text[cut:]
            if ended and len(below) < _MOST_BELOW:
                below += text[:cut]
            if not chunk or self.result.irregular:
                self.result.headings = [plain_text(text) for text in _HEADING.findall(below)]
                return self.result

    def _irregular(self, why: str) -> None:
        self.result.irregular = self.result.irregular or why

    def _check_head(self, head: bytes) -> None:
        encoding = _ENCODING.search(head.partition(b"?>")[0])
        if encoding is not None and encoding[1].lower() not in (b"utf-8", b"ascii", b"us-ascii"):
            self._irregular("encoding")
        elif _PLAIN_ROOT.search(head) is None:
            self._irregular("root")

    def _hidden(self, text: bytes, opens: Positions, asked: npt.NDArray[np.bool_]) -> None:
        """Look at the tags of rows and columns, which are few."""
        places = np.flatnonzero(asked)
        ends = np.append(opens, len(text))[places + 1]
        spans = zip(opens[places].tolist(), ends.tolist(), strict=True)
        text = b"".join([text[start:end] for start, end in spans])
        if b"hidden=" not in text:
            return
        self.result.hidden_rows.update(int(row) - 1 for row in _HIDDEN_ROW.findall(text))
        for column in _HIDDEN_COLUMN.findall(text):
            span = dict(_SPAN.findall(column))
            if len(span) == 2:
                self.result.hide_columns(int(span[b"min"]), int(span[b"max"]))

    def _merges(self, text: bytes) -> None:
        for left, top, right, bottom in _MERGE.findall(text):
            if len(self.result.merged) >= MOST_MERGES or max(len(top), len(bottom)) > 7:
                self._irregular("merges")
                return
            corners = (int(top) - 1, column_number(left)), (int(bottom) - 1, column_number(right))
            self.result.merged.append(corners)

    def _cells(self, text: bytes) -> None:
        """Look at whole cells."""
        padded = np.frombuffer(text + b"\0" * _PAD, dtype=np.uint8)
        opens = np.flatnonzero(padded == ord("<"))
        first, second = padded[1:][opens], padded[2:][opens]
        pairs = first | second.astype(np.uint16) << 8
        self._hidden(text, opens, (first == ord("r")) | (pairs == pair("co")))
        usual = USUAL_STARTS[pairs].all() and whole_names(padded, opens, pairs)
        if not usual and any(hint in text for hint in HINTS):
            return self._irregular("runs")
        if not usual and (first == ord("!")).any():
            return self._irregular("comment")
        blank = second == ord(" ")
        if not usual and np.isin(pairs, (pair("c>"), pair("c/"))).any():
            return self._irregular("address")
        cells = pairs == pair("c ")
        starts = opens[cells]
        if not len(starts):
            return None
        if not usual and (pairs == pair("v ")).any():
            return self._irregular("value")
        places = np.flatnonzero(pairs == pair("v>"))
        values = opens[places]
        value_ends = np.append(opens, len(text))[places + 1]
        powers = with_exponent(padded, value_ends)
        self.result.huge = self.result.huge or may_be_huge(padded, values, value_ends, powers)
        rows, columns, styles, kinds = self._marks(padded, starts, text)
        if self.result.irregular:
            return None
        owners = (np.cumsum(cells) - 1)[places]
        lead = np.full(len(starts), ord("<"), dtype=np.uint8)
        lead[owners] = padded[values + 3]
        has_value = lead != ord("<")
        odd = (kinds == UNKNOWN) | (kinds == DATE)
        numbers = (kinds == NUMBER) & has_value
        odd |= numbers & ~_BEGINS_NUMBER[lead]
        # calamine before 0.9.1 reads whatever is not 0 as true
        flags = kinds[owners] == BOOL
        at = values[flags] + 3
        odd[owners[flags]] |= ~np.isin(padded[at], list(b"01")) | (padded[at + 1] != ord("<"))
        filled = has_value | (kinds == INLINE)
        self._extent(rows, columns, filled)
        styles = np.where(styles < len(self._dated), styles, 0)
        if self._strikes:
            self.result.struck_rows.update(rows[filled & self._struck[styles]].tolist())
        dated = (numbers & self._dated[styles])[owners]
        dated &= powers | (value_ends - values > LONG_DATE)
        odd[owners[dated]] |= beyond_dates(padded, values[dated] + 3)
        self.result.formats.add(rows[numbers], columns[numbers], styles[numbers])
        ends_name = blank | (second == ord(">")) | (second == ord("/"))
        formulas = np.flatnonzero((first == ord("f")) & ends_name)
        uncalculated = np.zeros(len(starts), dtype=bool)
        if len(formulas):
            uncalculated[(np.cumsum(cells) - 1)[formulas]] = True
            uncalculated &= ~has_value & np.isin(kinds, (NUMBER, SHARED, BOOL))
        ends = np.append(starts[1:], len(text))
        for place in np.flatnonzero((kinds == ERROR) | uncalculated):
            cell = text[starts[place] : ends[place]]
            corner = int(rows[place]), int(columns[place])
            odd[place] |= not self._error(corner, cell, bool(uncalculated[place]))
        for place in np.flatnonzero(odd):
            self._odd(int(starts[place]), int(ends[place]), int(rows[place]), text)
        return None

    def _odd(self, start: int, limit: int, row: int, text: bytes) -> None:
        """Keep a cell to be read by itself; what follows it before *limit* is not its own."""
        close = text.find(b">", start)
        end = close + 1 if text[close - 1 : close] == b"/" else text.find(b"</c>", close) + 4
        if not start < close < end <= limit or len(self.result.odd) >= MOST_ODD:
            return self._irregular("cells")
        cell = OddCell(self._at + start, self._at + end, row, text[start:end])
        self.result.odd.append(cell)
        return None

    def _extent(self, rows: Positions, columns: Positions, filled: npt.NDArray[np.bool_]) -> None:
        count = int(filled.sum())
        if count:
            self.result.filled += count
            self.result.last_row = max(self.result.last_row, int(rows[filled].max()) + 1)
            self.result.last_column = max(self.result.last_column, int(columns[filled].max()) + 1)
        if self.result.last_row > LAST_ROW or self.result.last_column > LAST_COLUMN:
            self._irregular("address")

    def _error(self, place: Place, cell: bytes, uncalculated: bool) -> bool:
        """Note an error value; whether the fast reader knows it."""
        if uncalculated:
            formula = _FORMULA.search(cell)
            inside = plain_text(formula[1] or b"") if formula is not None else ""
            self.result.errors[place] = f"={inside or '…'}"
            return True
        value = _VALUE.search(cell)
        text = plain_text(value[1]) if value is not None else ""
        self.result.errors[place] = text
        return text in KNOWN_ERRORS

    def _marks(
        self, padded: npt.NDArray[np.uint8], starts: Positions, text: bytes
    ) -> tuple[Positions, Positions, Positions, Positions]:
        """Rows and columns (from 0), styles and kinds of cells ``<c r="A1" s="5" t="s">``."""
        at = starts + 3
        usual = follows(padded, at, b'r="')
        at = at + 3
        columns, at = letters_at(padded, at)
        rows, at = digits_at(padded, at, 7)
        usual &= padded[at] == ord('"')
        at = at + 1
        styled = follows(padded, at, b' s="')
        styles, after = digits_at(padded, at + 4, 6)
        styles = np.where(styled, styles, 0)
        usual &= ~styled | (padded[after] == ord('"'))
        at = np.where(styled, after + 1, at)
        typed = np.flatnonzero(follows(padded, at, b' t="'))
        kinds = np.full(len(at), NUMBER, dtype=np.int64)
        kinds[typed], at[typed] = kinds_at(padded, at[typed] + 4)
        usual &= (padded[at] == ord(">")) | (padded[at] == ord("/"))
        usual &= (rows > 0) & (columns > 0)
        for place in np.flatnonzero(~usual):
            start = starts[place]
            tag = text[start : text.find(b">", start) + 1]
            found = _unusual(tag)
            if found is None:
                self._irregular("address")
                break
            rows[place], columns[place], styles[place], kinds[place] = found
        return rows - 1, columns - 1, styles, kinds


def _unusual(tag: bytes) -> tuple[int, int, int, int] | None:
    """Row and column (from 1), style and kind of a cell with its attributes in any order."""
    reference, style, kind = _REF.search(tag), _STYLE.search(tag), _KIND.search(tag)
    if reference is None:
        return None
    number = NUMBER
    if kind is not None:
        number = KINDS.index(kind[1]) if kind[1] in KINDS else UNKNOWN
    elif b" t=" in tag:
        number = UNKNOWN
    column = column_number(reference[1]) + 1
    return int(reference[2]), column, int(style[1]) if style else 0, number


def column_number(letters: bytes) -> int:
    """Number from 0 of a column: A is 0."""
    number = 0
    for sign in letters.upper():
        number = number * 26 + sign - 64
    return number - 1
