"""Excel workbooks: values through calamine, which is fast; openpyxl only where it must look again.

calamine shows a cell with an error as blank and does not tell number formats. The packed XML is
searched for signs of either first, so that clean ledgers are never read twice.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree
from xml.sax.saxutils import unescape

from python_calamine import CalamineError, CalamineWorkbook, SheetVisibleEnum

from greenland.errors import input_error
from greenland.i18n import _
from greenland.park.cells import tells
from greenland.park.rawsheet import RawSheet

EXCEL_SUFFIXES = (".xlsx", ".xlsm")
OTHER_SUFFIXES = (".xls", ".xlsb", ".ods", ".et", ".wps")

# A cell with an error; a formula without a stored result.
_ERRORS = re.compile(rb"""t=["']e["']""")
_UNCALCULATED = re.compile(rb"""</(?:\w+:)?f>(?:<(?:\w+:)?v\s*/>|<v></v>|</(?:\w+:)?c>)""")
_SIGNS = (b't="e"', b"t='e'", b"</f>", b":f>")
_SUSPICIOUS = re.compile(_ERRORS.pattern + b"|" + _UNCALCULATED.pattern)
# Formats 9 and 10 are per cent; all others that may show another number are written out.
_PERCENT_IDS = re.compile(r"""numFmtId=["'](?:9|10)["']""")
_FORMAT_CODES = re.compile(r"""formatCode=["']([^"']*)["']""")
_DATE1904 = re.compile(rb"""date1904=["'](?:1|true)["']""")
_CHUNK = 1 << 20
_OVERLAP = 64
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Workbook:
    """One Excel file.

    Raises
    ------
    InputError
        If the file is not an Excel workbook that can be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._known_formats: dict[str, Mapping[int, Mapping[int, str]]] = {}
        try:
            with zipfile.ZipFile(path) as packed:
                self._members = _sheet_members(packed)
            self._book = CalamineWorkbook.from_path(path)
        except (CalamineError, zipfile.BadZipFile, OSError, ValueError, KeyError) as error:
            raise input_error(
                "workbook",
                _("无法作为 Excel 工作簿打开。"),
                remedy=_("请用 Excel 打开并另存为 .xlsx（不要加密），再重试。"),
                file=path.name,
            ) from error

    @property
    def titles(self) -> list[str]:
        """Titles of the sheets, in order."""
        return list(self._book.sheet_names)

    def hidden(self, title: str) -> bool:
        """Whether a sheet is hidden, as those behind drop-downs are."""
        return any(
            item.name == title and item.visible != SheetVisibleEnum.Visible
            for item in self._book.sheets_metadata
        )

    def sheet(self, title: str) -> RawSheet:
        """Cells of one sheet."""
        sheet = self._book.get_sheet_by_name(title)
        rows = sheet.to_python(skip_empty_area=False)
        return RawSheet(
            file=self.path.name,
            title=title,
            rows=rows,
            numbers=range(1, len(rows) + 1),
            errors=self._error_cells(title),
            formats=lambda column: self._formats(title).get(column, {}),
            merged=list(sheet.merged_cell_ranges or ()),
            date1904=self._date1904,
        )

    def _shows(self, title: str, pattern: re.Pattern[bytes]) -> bool:
        """Whether the packed XML of a sheet has a sign of something calamine does not tell."""
        with zipfile.ZipFile(self.path) as packed:
            return _found(packed, self._members[title], pattern, _SIGNS)

    @cached_property
    def _has_telling_formats(self) -> bool:
        with zipfile.ZipFile(self.path) as packed:
            if "xl/styles.xml" not in packed.namelist():
                return False
            styles = packed.read("xl/styles.xml").decode("utf-8", "replace")
        codes = (unescape(code, {"&quot;": '"'}) for code in _FORMAT_CODES.findall(styles))
        return _PERCENT_IDS.search(styles) is not None or any(map(tells, codes))

    @cached_property
    def _date1904(self) -> bool:
        with zipfile.ZipFile(self.path) as packed:
            return _DATE1904.search(packed.read("xl/workbook.xml")) is not None

    def _error_cells(self, title: str) -> Mapping[tuple[int, int], str]:
        found: dict[tuple[int, int], str] = {}
        if not self._shows(title, _SUSPICIOUS):
            return found
        if self._shows(title, _ERRORS):
            for place, kind, value, _form in _cells(self.path, title, values=True):
                if kind == "e":
                    found[place] = str(value)
        if self._shows(title, _UNCALCULATED):
            valued = {place for place, *_rest in _cells(self.path, title, values=True)}
            for place, kind, value, _form in _cells(self.path, title, values=False):
                if kind == "f" and place not in valued:
                    found[place] = str(value)
        return found

    def _formats(self, title: str) -> Mapping[int, Mapping[int, str]]:
        """Number formats by column and row; read once for a sheet."""
        if title not in self._known_formats:
            found: dict[int, dict[int, str]] = {}
            if self._has_telling_formats:
                for (row, column), kind, _value, form in _cells(self.path, title, values=True):
                    if kind == "n" and form != "General":
                        found.setdefault(column, {})[row] = form
            self._known_formats[title] = found
        return self._known_formats[title]


def _found(
    packed: zipfile.ZipFile, name: str, pattern: re.Pattern[bytes], signs: Sequence[bytes] = (b"",)
) -> bool:
    """Search a member of the archive chunk by chunk; *signs* are plain bytes to look for first."""
    tail = b""
    with packed.open(name) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            if any(sign in text for sign in signs) and pattern.search(text):
                return True
            tail = chunk[-_OVERLAP:]
    return False


def _cells(
    path: Path, title: str, *, values: bool
) -> Iterator[tuple[tuple[int, int], str, object, str]]:
    """Every filled cell: place from 0, openpyxl's kind, value or formula, number format."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True, data_only=values)
    try:
        for row in book[title].iter_rows():
            for cell in row:
                if cell.value is not None:
                    place = (cell.row - 1, cell.column - 1)
                    yield place, cell.data_type, cell.value, cell.number_format or ""
    finally:
        book.close()


def _sheet_members(packed: zipfile.ZipFile) -> dict[str, str]:
    """Member of the archive that holds each sheet, by title."""
    links = {
        link.get("Id"): link.get("Target", "")
        for link in ElementTree.fromstring(packed.read("xl/_rels/workbook.xml.rels"))
    }
    sheets = ElementTree.fromstring(packed.read("xl/workbook.xml")).iter(f"{_MAIN}sheet")
    return {sheet.get("name", ""): _member(links.get(sheet.get(_LINK), "")) for sheet in sheets}


def _member(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
