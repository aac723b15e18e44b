"""The park's workbook with its faults marked: filled cells, comments, and a list of them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException

from greenland.errors import SEVERITY_LABELS, Problem, Severity, input_error
from greenland.files import whole
from greenland.i18n import _, language
from greenland.park.header_rows import find_header
from greenland.park.normal import header_text
from greenland.park.sheet_choice import PROBLEM_TITLES, sheet_id
from greenland.park.workbook.package import FAULTS, Package

AUTHOR = "greenland"
_FILLS = {
    Severity.ERROR: PatternFill("solid", fgColor="FFF4B6A6"),
    Severity.WARNING: PatternFill("solid", fgColor="FFFAE3A0"),
}
_ORDER = list(Severity)
_HEADER_ROWS = 30  # in which the headings are looked for
_TALL, _WIDE = 120, 320  # of a comment [px]
_NO_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what Excel would take for a formula
# Parts that openpyxl does not write again.
_LOST = ("xl/charts/", "xl/drawings/", "xl/media/", "xl/pivottables/", "xl/slicers/", "xl/activex/")


@dataclass(frozen=True, slots=True)
class Marked:
    """What was marked.

    Parameters
    ----------
    path : Path
    cells : int
        Cells that were filled and commented.
    listed : int
        Problems on the list.
    lost : bool
        Whether the workbook has charts, pictures or pivot tables, which the copy lacks.
    """

    path: Path
    cells: int
    listed: int
    lost: bool


@dataclass
class _Mark:
    severity: Severity = Severity.NOTICE
    lines: list[str] = field(default_factory=list)

    def add(self, problem: Problem, line: str) -> None:
        if line not in self.lines:
            self.lines.append(line)
        if _ORDER.index(problem.severity) < _ORDER.index(self.severity):
            self.severity = problem.severity


def write_marked(path: Path, workbook: Path | None, problems: Sequence[Problem]) -> Marked:
    """Write a copy of a workbook in which every cell with a fault is filled and commented.

    Marks of an earlier copy are taken away first, so that a copy can be mended, brought back and
    marked again. Values, formulas and formats of cells stay.

    Parameters
    ----------
    path : Path
        Written whole or not at all.
    workbook : Path, optional
        Left out, the copy holds the list of problems alone, as for a park of CSV files.
    problems : sequence of Problem

    Returns
    -------
    Marked

    Raises
    ------
    InputError
        If the workbook cannot be opened.
    """
    book, lost = _opened(workbook)
    file = workbook.name if workbook is not None else ""
    cells = 0
    for page in book.worksheets:
        _unmark(page)
        own = [one for one in problems if one.file == file and one.sheet == page.title]
        cells += _mark(page, own)
    told = [problem for problem in problems if problem.severity is not Severity.NOTICE]
    _list(book, told)
    with whole(path) as temporary:
        book.save(temporary)
    return Marked(path, cells, len(told), lost)


def _opened(workbook: Path | None) -> tuple[Any, bool]:
    if workbook is None:
        book = openpyxl.Workbook()
        book.remove(book.active)
        return book, False
    package = Package(workbook)  # its limits come before openpyxl, which has none
    lost = any(name.lower().startswith(_LOST) for name in package.names() if "vml" not in name)
    try:
        book = openpyxl.load_workbook(workbook, keep_vba=workbook.suffix.lower() == ".xlsm")
    except (*FAULTS, KeyError, TypeError, AttributeError, InvalidFileException) as error:
        raise input_error(
            "workbook",
            _("工作簿无法加上标注。"),
            remedy=_("请用 Excel 打开并另存为 .xlsx，再上传；问题清单不受影响。"),
            file=workbook.name,
        ) from error
    return book, lost


def _unmark(page: Any) -> None:
    """Take away what an earlier copy was marked with."""
    plain = PatternFill()
    for cell in list(page._cells.values()):
        if cell.comment is not None and cell.comment.author == AUTHOR:
            cell.comment = None
            if cell.fill.fgColor.rgb in {fill.fgColor.rgb for fill in _FILLS.values()}:
                cell.fill = plain


def _mark(page: Any, problems: Sequence[Problem]) -> int:
    marks: dict[tuple[int, int], _Mark] = {}
    heads = _Headings(page, problems)
    for problem in problems:
        fill = problem.severity in _FILLS
        for row in problem.rows or ((problem.row,) if problem.row else ()):
            if fill and 0 < row <= page.max_row + 1:
                place = heads.column(problem.column)
                line = problem.what
                if problem.column and place is None:
                    line = _("“{column}”列：{what}", column=problem.column, what=problem.what)
                marks.setdefault((row, place or 1), _Mark()).add(problem, line)
    made = 0
    for (row, column), mark in marks.items():
        cell = page.cell(row, column)
        if type(cell).__name__ == "MergedCell":  # only the first of merged cells holds anything
            cell = _first_of(page, row, column)
        label = _(SEVERITY_LABELS[mark.severity])
        text = "\n".join(f"[{label}] {line}" for line in mark.lines)
        if cell.comment is not None and cell.comment.author != AUTHOR:
            text = f"{cell.comment.text}\n{text}"
        cell.comment = Comment(text, AUTHOR, height=_TALL, width=_WIDE)
        cell.fill = _FILLS[mark.severity]
        made += 1
    return made


def _first_of(page: Any, row: int, column: int) -> Any:
    for merged in page.merged_cells.ranges:
        if merged.min_row <= row <= merged.max_row and merged.min_col <= column <= merged.max_col:
            return page.cell(merged.min_row, merged.min_col)
    return page.cell(1, 1)


class _Headings:
    """Columns of a sheet by their heading, as reading found it."""

    def __init__(self, page: Any, problems: Iterable[Problem]) -> None:
        rows = [
            ["" if cell is None else cell for cell in row]
            for row in page.iter_rows(max_row=_HEADER_ROWS, values_only=True)
        ]
        self._columns: dict[str, int] = {}
        table = next((one.table for one in problems if one.table), None) or sheet_id(page.title)
        merged = [
            ((one.min_row - 1, one.min_col - 1), (one.max_row - 1, one.max_col - 1))
            for one in page.merged_cells.ranges
        ]
        header = find_header(table, rows, merged) if table and rows else None
        if header is not None:
            for place, text in enumerate(header.texts):
                self._columns.setdefault(header_text(text), place + 1)
                match = header.matches[place]
                if match is not None:
                    self._columns.setdefault(header_text(match.column.header), place + 1)
        for row in rows:  # headings that the dictionary does not know
            for place, value in enumerate(row):
                if isinstance(value, str) and value:
                    self._columns.setdefault(header_text(value), place + 1)

    def column(self, heading: str) -> int | None:
        """Number of the column, from 1; None when no such heading was found."""
        return self._columns.get(header_text(heading)) if heading else None


def _list(book: Any, problems: Sequence[Problem]) -> None:
    """The sheet that lists every problem, the first of the workbook."""
    for title in PROBLEM_TITLES:
        if title in book.sheetnames:
            del book[title]
    page = book.create_sheet(PROBLEM_TITLES[language() != "zh"], 0)
    headings = [
        *(_("级别"), _("文件"), _("工作表"), _("行"), _("列")),
        *(_("现为"), _("问题"), _("允许"), _("处理")),
    ]
    page.append(headings)
    for problem in problems:
        rows = ",".join(map(str, problem.rows)) if len(problem.rows) > 1 else problem.row
        page.append(
            [
                _(SEVERITY_LABELS[problem.severity]),
                *(_text(one) for one in (problem.file, problem.sheet)),
                _text(rows) if isinstance(rows, str) else rows,
                *(_text(one) for one in (problem.column, problem.got, str(problem.message))),
                *(_text(one) for one in (problem.allowed, problem.remedy)),
            ]
        )
    for cell in page[1]:
        cell.font = Font(bold=True)
    for letter, width in zip("ABCDEFGHI", (8, 16, 16, 10, 20, 20, 48, 24, 40), strict=True):
        page.column_dimensions[letter].width = width
    for row in page.iter_rows(min_row=2):
        for cell in row:
            cell.alignment = Alignment(vertical="top", wrap_text=True)
            if isinstance(cell.value, str) and cell.value.startswith(_NO_FORMULA):
                cell.data_type = "s"  # as it stands, whatever it begins with
                cell.quotePrefix = True
    page.freeze_panes = "A2"
    page.auto_filter.ref = page.dimensions
    book.active = 0
    for other in book.worksheets[1:]:
        other.sheet_view.tabSelected = False


def _text(value: str) -> str:
    """A text as a cell may hold it: without signs that XML does not know, and not too long."""
    kept = "".join(sign for sign in str(value) if sign >= " " or sign in "\n\t")
    return kept[:32_000]
