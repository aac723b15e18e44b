"""A workbook read: the values of clean sheets through calamine, those of all others cell by cell.

calamine is fast, but shows error cells as blank, does not tell number formats, gives up a sheet
for one odd cell and asks for memory for the whole used range. The survey of each sheet tells
beforehand whether it can be trusted, and supplies what it leaves out.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.parsers.expat import ExpatError

from python_calamine import CalamineError, CalamineWorkbook

from greenland.errors import Problem, Severity, input_error
from greenland.i18n import _
from greenland.park.method import MOST_COLUMNS
from greenland.park.rawsheet import Beside, RawSheet
from greenland.park.workbook.beside import attached_texts, page_texts
from greenland.park.workbook.cell_reader import (
    AddressError,
    CellContext,
    SheetCells,
    read_cells_of,
)
from greenland.park.workbook.contents import (
    Contents,
    SharedStrings,
    SheetPart,
    read_contents,
    shared_strings,
)
from greenland.park.workbook.mended import put_back, read_odd, without_cells
from greenland.park.workbook.package import FAULTS, Package
from greenland.park.workbook.runs import HINTS
from greenland.park.workbook.styles import CellStyles, cell_styles
from greenland.park.workbook.survey import Range, SheetSurvey, survey

EXCEL_SUFFIXES = (".xlsx", ".xlsm")
OTHER_SUFFIXES = (".xls", ".xlsb", ".ods", ".et", ".wps")

# A used range is handed to calamine while it is not much larger than the filled cells.
_SPREAD, _FREE_AREA = 4, 2_000_000


class Workbook:
    """One Excel file.

    Parameters
    ----------
    path : Path
    content : bytes, optional
        What the file holds, when it is packed once more.

    Raises
    ------
    InputError
        If the file is not an Excel workbook that can be read; it says what the file is.
    """

    def __init__(self, path: Path, content: bytes | None = None) -> None:
        self.path = path
        self._package = Package(path, content)
        with self._package.guarded():
            try:
                self._contents: Contents = read_contents(self._package)
            except KeyError as error:
                raise self._other_package() from error
        self._sheets = {sheet.title: sheet for sheet in self._contents.sheets}
        if len(self._sheets) < len(self._contents.sheets):
            raise input_error(
                "workbook",
                _("工作簿中有同名的工作表。"),
                remedy=_("请用 Excel 打开，改名后另存。"),
                file=path.name,
            )

    def _other_package(self) -> Exception:
        """The error for an archive that holds no workbook."""
        for part, name in (
            ("xl/workbook.bin", _("Excel 二进制工作簿（.xlsb）")),
            ("content.xml", _("ODF 表格（.ods）")),
            ("word/document.xml", _("Word 文档")),
            ("ppt/presentation.xml", _("PowerPoint 文稿")),
        ):
            if part in self._package:
                return input_error(
                    "workbook_kind",
                    _("这是{kind}，不是 .xlsx 工作簿。", kind=name),
                    remedy=_("请用 Excel 或 WPS 打开，另存为“Excel 工作簿(*.xlsx)”。"),
                    file=self.path.name,
                )
        return self._package.damaged()

    @property
    def titles(self) -> list[str]:
        """Titles of the sheets, in order."""
        return list(self._sheets)

    @property
    def date1904(self) -> bool:
        """Whether the workbook counts days from 1 January 1904 on."""
        return self._contents.date1904

    def state(self, title: str) -> str:
        """State of a sheet: ``"visible"``, ``"hidden"`` or ``"veryHidden"``."""
        return self._sheets[title].state

    def hidden(self, title: str) -> bool:
        """Whether a sheet is hidden, as those behind drop-downs are."""
        return self.state(title) != "visible"

    def sheet(self, title: str) -> RawSheet:
        """Cells of one sheet.

        Raises
        ------
        InputError
            If its part is damaged, or says that cells stand where no sheet has any.
        """
        part = self._sheets[title]
        if not part.part:
            raise self._package.damaged(title)
        with self._package.guarded(title):
            if self._package.size(part.part) == 0:
                raise self._package.damaged(title)
            with self._package.open(part.part) as stream:
                facts = survey(stream, self._styles[0])
            raw = None if facts.irregular else self._fast(part, facts)
            return raw or self._cell_by_cell(part)

    # -- what all sheets share ------------------------------------------------------------------

    @cached_property
    def _styles(self) -> tuple[CellStyles, bool]:
        """The styles of cells, and whether they could be read."""
        if not self._contents.styles:
            return CellStyles(), True
        try:
            with self._package.open(self._contents.styles) as stream:
                return cell_styles(stream), True
        except FAULTS:
            return CellStyles(), False

    @property
    def _context(self) -> CellContext:
        return CellContext(lambda: self._strings.texts, self._styles[0], self.date1904)

    @cached_property
    def _strings(self) -> SharedStrings:
        if not self._contents.strings:
            return SharedStrings([], {})
        with self._package.open(self._contents.strings) as stream:
            return shared_strings(stream)

    @cached_property
    def _marked_strings(self) -> bool:
        """Whether shared strings may have raised or struck runs, which calamine does not tell."""
        if not self._contents.strings:
            return False
        with self._package.open(self._contents.strings) as stream:
            last = b""
            while piece := stream.read(1 << 20):
                if any(hint in last + piece for hint in HINTS):
                    return True
                last = piece[-16:]
        return False

    @cached_property
    def _calamine(self) -> CalamineWorkbook | None:
        """The fast reader; None when the workbook as a whole is too odd for it."""
        if not self._styles[1]:
            return None
        for part in (self._contents.strings, self._contents.styles):
            if part:
                self._package.verify(part)  # calamine would unpack whatever comes
        try:
            source = self._package.source()
            if isinstance(source, Path):
                return CalamineWorkbook.from_path(source)
            return CalamineWorkbook.from_filelike(source)
        except BaseException as error:
            if not gave_up(error):
                raise
            return None

    # -- two ways to read a sheet ---------------------------------------------------------------

    def _fast(self, part: SheetPart, facts: SheetSurvey) -> RawSheet | None:
        """A clean sheet through calamine; None when it must be read cell by cell."""
        if facts.last_row * facts.last_column > _SPREAD * facts.filled + _FREE_AREA:
            return None
        book = self._calamine
        if book is None:
            return None
        try:
            rows = self._mended_rows(part, facts) if facts.odd else _rows(book, part.title)
        except BaseException as error:
            if not gave_up(error):
                raise
            return None
        if len(rows) < facts.last_row and facts.filled > len(facts.errors):
            return None  # calamine left something out
        if self._marked_strings:
            if self._strings.open_marks:
                return None
            _mark(rows, self._strings.marked)
        if facts.huge and any(math.inf in row or -math.inf in row for row in rows):
            return None  # a number beyond all numbers
        if facts.odd:
            try:
                cells = read_odd(facts.odd, self._context)
            except (AddressError, ExpatError):
                return None
            put_back(rows, cells)
            facts.errors.update(cells.survey.errors)
        return self._raw(part, rows, range(1, len(rows) + 1), facts)

    def _mended_rows(self, part: SheetPart, facts: SheetSurvey) -> list[list[Any]]:
        """Rows of a sheet without its odd cells."""
        others = [one.part for one in self._sheets.values() if one.part]
        left_out = {name for name in others if name != part.part and name in self._package}
        with TemporaryDirectory(prefix="greenland-", ignore_cleanup_errors=True) as folder:
            copied = without_cells(self._package, part.part, facts.odd, left_out, Path(folder))
            return _rows(CalamineWorkbook.from_path(copied), part.title)

    def _cell_by_cell(self, part: SheetPart) -> RawSheet:
        try:
            with self._package.open(part.part) as stream:
                cells: SheetCells = read_cells_of(stream, self._context)
        except AddressError as error:
            raise input_error(
                "workbook",
                _("工作表中有单元格的地址不合规范，无法读取。"),
                remedy=_("请用 Excel 打开并另存为 .xlsx（不要加密），再重试。"),
                file=self.path.name,
                sheet=part.title,
                got=str(error),
            ) from error
        return self._raw(part, cells.rows, cells.numbers, cells.survey)

    def _raw(
        self,
        part: SheetPart,
        rows: list[list[Any]],
        numbers: Sequence[int],
        facts: SheetSurvey,
    ) -> RawSheet:
        """The sheet with everything told by the position of its row among *rows*."""
        if facts.last_column > MOST_COLUMNS:
            rows = [row[:MOST_COLUMNS] for row in rows]
        placed = _Positions(numbers)
        return RawSheet(
            file=self.path.name,
            title=part.title,
            rows=rows,
            numbers=numbers,
            errors=placed.errors(facts.errors),
            formats=lambda column: placed.by_row(facts.formats.column(column)),
            merged=placed.ranges(facts.merged),
            hidden_rows=placed.rows(facts.hidden_rows),
            hidden_columns=frozenset(facts.hidden_columns),
            struck_rows=placed.rows(facts.struck_rows),
            state=part.state,
            date1904=self.date1904,
            remarks=self._remarks(part, facts),
            beside=self._beside(part, placed, facts),
        )

    def _beside(self, part: SheetPart, placed: _Positions, facts: SheetSurvey) -> list[Beside]:
        """What stands outside the cells; comments by the position of the row they belong to."""
        found = page_texts(facts.headings)
        for one in attached_texts(self._package, part.part):
            cell = None if one.cell is None else placed.cell(one.cell)
            if one.cell is None or cell is not None:
                found.append(Beside(one.text, cell))
        return found

    def _remarks(self, part: SheetPart, facts: SheetSurvey) -> list[Problem]:
        """What was not read, or not as it stands."""
        file, sheet = self.path.name, part.title
        remarks: list[Problem] = []
        if not self._styles[1]:
            text = _("样式无法读取：不知道哪些单元格显示为百分比或日期，按其中的数值读取。")
            remedy = _("请用 Excel 打开并另存，再核对百分比和日期。")
            remarks.append(Problem(Severity.WARNING, "styles", text, remedy, file, sheet))
        if facts.last_column > MOST_COLUMNS:
            text = _(
                "有内容的单元格到第 {last} 列，只读取了前 {read} 列。",
                last=facts.last_column,
                read=MOST_COLUMNS,
            )
            remedy = _("请删除表格右侧多余的内容。")
            remarks.append(Problem(Severity.WARNING, "too_wide", text, remedy, file, sheet))
        return remarks


def _rows(book: CalamineWorkbook, title: str) -> list[list[Any]]:
    rows: list[list[Any]] = book.get_sheet_by_name(title).to_python(skip_empty_area=False)
    return rows


def _mark(rows: list[list[Any]], marked: Mapping[str, str]) -> None:
    """Put the marks of raised and struck runs into the cells that have them."""
    for row in rows:
        for column, cell in enumerate(row):
            if type(cell) is str and cell in marked:
                row[column] = marked[cell]


def gave_up(error: BaseException) -> bool:
    """Whether calamine could not go on; its panics are no `Exception` and have no public class."""
    known = (CalamineError, OSError, ValueError, KeyError, OverflowError)
    return isinstance(error, known) or type(error).__name__ == "PanicException"


class _Positions:
    """Rows of a sheet (from 0) by their position among the rows that were read."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self._numbers = numbers
        self._all = isinstance(numbers, range)  # every row was read: the position is the row

    def _first(self, row: int) -> int:
        """Position of a row, or of the first one below it that was read."""
        return min(row, len(self._numbers)) if self._all else bisect_left(self._numbers, row + 1)

    def errors(self, found: Mapping[tuple[int, int], str]) -> Mapping[tuple[int, int], str]:
        if self._all:
            return found
        return {(self._first(row), column): text for (row, column), text in found.items()}

    def cell(self, place: tuple[int, int]) -> tuple[int, int] | None:
        """A cell by the position of its row; None when the row was not read."""
        row, column = place
        position = self._first(row)
        read = position < len(self._numbers) and self._numbers[position] == row + 1
        return (position, column) if read else None

    def by_row(self, found: Mapping[int, str]) -> Mapping[int, str]:
        return found if self._all else {self._first(row): text for row, text in found.items()}

    def rows(self, found: Collection[int]) -> frozenset[int]:
        """Positions of those of the rows that were read."""
        if self._all or not found:
            return frozenset(found)
        return frozenset(place for place, number in enumerate(self._numbers) if number - 1 in found)

    def ranges(self, merged: Sequence[Range]) -> list[Range]:
        """Merged ranges, cut to the rows that were read."""
        placed: list[Range] = []
        for (top, left), (bottom, right) in merged:
            first, last = self._first(top), self._first(bottom + 1) - 1
            if first <= last:
                placed.append(((first, left), (last, right)))
        return placed
