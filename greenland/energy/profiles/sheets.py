"""The cells of a file as they stand: CSV, Excel or Parquet, told apart by their content."""

from __future__ import annotations

import csv
import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from greenland.energy.profiles.method import DELIMITER_LINES, MAJORITY, MOST_BYTES
from greenland.errors import InputError, MissingExtraError, Problem, Severity, input_error
from greenland.i18n import Text, _
from greenland.park.cells.formats import shown_by
from greenland.park.rawsheet import RawSheet, column_letters
from greenland.park.workbook import Workbook, gave_up, refuse_other_kinds

DELIMITERS = (",", "\t", ";", "，", "|")
# 元, 时 and a few more in GBK are also sound UTF-8, of letters no table holds
_GBK_AS_UTF8 = re.compile(
    "^[^\u0800-\uffff]*[\u0180-\u02ff\u0500-\u052f][^\u0800-\uffff]*$", re.DOTALL
)

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Span = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class CellSheet:
    """Cells of one sheet of a file.

    Parameters
    ----------
    title : str
        Of an Excel sheet; empty for other files.
    rows : sequence of sequences
        Cells; texts only in a CSV file.
    numbers : sequence of int
        Line or row of the file each row begins on, from 1.
    delimiter : str
        Of a CSV file.
    merged : sequence of ((row, column), (row, column))
        Merged ranges from 0, ends included.
    notes : tuple of str
        What had to be understood to read the file.
    around, comments : tuple of str
        Texts of page headers, footers and text boxes; and of comments on cells.
    """

    title: str
    rows: Sequence[Sequence[Any]]
    numbers: Sequence[int]
    delimiter: str = ""
    merged: Sequence[Span] = ()
    notes: tuple[Text | str, ...] = field(default=())
    around: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()


def open_bytes(path: Path) -> bytes:
    """Content of a file, unpacked if it is packed with gzip.

    Raises
    ------
    InputError
        If there is no such file, it is too large, or cannot be unpacked.
    """
    if not path.exists():
        raise input_error("no_file", _("找不到文件。"), file=str(path))
    if not path.is_file():
        raise input_error("no_file", _("不是普通文件，无法读取。"), file=str(path))
    if path.stat().st_size > MOST_BYTES:
        raise _too_large(path)
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(data)) as stream:
                data = stream.read(MOST_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise input_error(
            "unreadable",
            _("文件无法读取，可能已损坏。"),
            file=path.name,
            got=str(error)[:80],
        ) from error
    if len(data) > MOST_BYTES:
        raise _too_large(path)
    return data


def _too_large(path: Path) -> InputError:
    return input_error(
        "too_large",
        _("文件太大。"),
        file=path.name,
        allowed=f"≤ {MOST_BYTES // 1_000_000} MB",
        remedy=_("请只保留需要的年份和列。"),
    )


def decode(data: bytes, path: Path) -> str:
    """Text of a file in UTF-8, UTF-16 or GBK (GB 18030).

    Raises
    ------
    InputError
        If it is in none of them.
    """
    for encoding in _encodings(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding != "utf-8-sig" or not _GBK_AS_UTF8.search(text):
            return text
    raise input_error(
        "encoding",
        _("文件既不是 UTF-8 也不是 GBK 编码。"),
        remedy=_("请另存为 UTF-8 编码的 CSV。"),
        file=path.name,
    )


def _encodings(data: bytes) -> tuple[str, ...]:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return ("utf-16",)
    head = data[:2000]
    # without a mark: ASCII digits and signs of UTF-16 have a zero byte each
    if head.count(0) > len(head) // 5:
        return ("utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be",)
    return ("utf-8-sig", "gb18030")


def read_sheets(path: Path, *, sheet: str | None = None) -> list[CellSheet]:
    """Cells of every sheet of a file that holds any.

    Parameters
    ----------
    path : Path
        Its content decides how it is read, not its name.
    sheet : str, optional
        Only this one of an Excel file.

    Raises
    ------
    InputError
        If the file cannot be read, or has no sheet of that name.
    """
    if _begins_with(path, _ZIP):
        return _workbook(Workbook(path), path, sheet)
    data = open_bytes(path)
    if data[:4] == b"PAR1":
        return [_parquet(data, path)]
    if data[:4] == _ZIP:  # packed with gzip once more
        return _workbook(Workbook(path, data), path, sheet)
    if data[:8] == _OLE:
        if _ENCRYPTED in data[: 1 << 20]:
            refuse_other_kinds(path)
        return _excel(data, path, sheet)
    _check_name(data, path)
    return [_csv(decode(data, path), path)]


def _check_name(data: bytes, path: Path) -> None:
    """Refuse a file that is named after another kind than it holds."""
    head = data[:2000].lstrip().lower()
    suffix = Path(path.name.lower().removesuffix(".gz")).suffix
    if head.startswith((b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml")):
        text = _("文件内容是网页或 XML 表格，不是真正的 Excel 或 CSV 文件。")
    elif suffix in (".xlsx", ".xlsm", ".xls", ".xlsb", ".et"):
        text = _("不能作为 Excel 文件读取：内容不是 Excel 工作簿（可能是改了扩展名的 CSV）。")
    elif suffix == ".parquet":
        text = _("不能作为 Parquet 文件读取：内容不是 Parquet。")
    else:
        return
    raise input_error(
        "file_kind",
        text,
        file=path.name,
        remedy=_(
            "请用 Excel 打开后另存为 .xlsx 或 CSV UTF-8；本来就是 CSV 的，把扩展名改为 .csv。"
        ),
    )


def _csv(text: str, path: Path) -> CellSheet:
    head = text[:200_000].splitlines()[:DELIMITER_LINES]
    delimiter = max(DELIMITERS, key=lambda sign: _fields(head, sign))
    rows: list[list[str]] = []
    numbers: list[int] = []
    before = 0
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            if any(map(str.strip, row)):
                rows.append(row)
                numbers.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        raise input_error(
            "csv",
            _("CSV 文件的这一行读不出。"),
            file=path.name,
            row=before + 1,
            got=str(error),
            remedy=_("请检查引号是否成对。"),
        ) from error
    return CellSheet("", rows, numbers, delimiter)


def _fields(lines: Sequence[str], delimiter: str) -> tuple[int, int]:
    """How many of the lines the delimiter cuts into the commonest number (above one) of parts."""
    counts: dict[int, int] = {}
    for line in lines:
        try:
            parts = len(next(csv.reader([line], delimiter=delimiter), []))
        except csv.Error:
            continue
        if parts > 1:
            counts[parts] = counts.get(parts, 0) + 1
    if not counts:
        return (0, 0)
    # decimal commas cut "967,60" too: with a semicolon in every line, the comma is no delimiter
    most = max(counts.values())
    return (most, -DELIMITERS.index(delimiter) if delimiter != ";" else 1)


def _begins_with(path: Path, sign: bytes) -> bool:
    """Whether an ordinary file of a size that is read begins with *sign*."""
    if not path.is_file() or path.stat().st_size > MOST_BYTES:
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(sign)) == sign
    except OSError:
        return False


def _workbook(book: Workbook, path: Path, sheet: str | None) -> list[CellSheet]:
    """Sheets of an .xlsx file, within the limits and with the care of the park's workbooks."""
    if sheet is not None and sheet not in book.titles:
        raise _no_such_sheet(sheet, path, book.titles)
    visible = [title for title in book.titles if not book.hidden(title)]
    return [
        found
        for title in ((visible or book.titles) if sheet is None else [sheet])
        for found in _filled(book.sheet(title))
    ]


def _filled(raw: RawSheet) -> Iterator[CellSheet]:
    """Cells of a sheet with what is shown as an error in its place; nothing for an empty one."""
    rows = raw.rows
    for (row, column), text in raw.errors.items():
        if row < len(rows):
            rows[row].extend([""] * (column + 1 - len(rows[row])))
            rows[row][column] = str(text)
    filled = [place for place, row in enumerate(rows) if any(cell != "" for cell in row)]
    _refuse_scaled(raw, len(filled))
    if filled:
        last = filled[-1] + 1
        yield CellSheet(
            raw.title,
            rows[:last],
            raw.numbers[:last],
            merged=list(raw.merged),
            around=tuple(one.text for one in raw.beside if one.cell is None),
            comments=tuple(one.text for one in raw.beside if one.cell is not None),
        )


def _refuse_scaled(raw: RawSheet, count: int) -> None:
    """Refuse a column whose number format shows it in thousands: which number is meant is open."""
    for column in range(max(map(len, raw.rows), default=0)):
        scaled = [
            (row, form)
            for row, form in raw.formats(column).items()
            if row < len(raw.rows) and _is_scaled(raw.cell(row, column), form)
        ]
        if len(scaled) <= MAJORITY * count:
            continue
        row, form = scaled[0]
        value = raw.cell(row, column)
        shown = f"{value * shown_by(form, value).scale:g}"
        raise input_error(
            "series_format",
            _("单元格存的是 {value}，数字格式“{form}”显示为 {shown}，不知道以哪个为准。",
              value=f"{value:g}", form=form, shown=shown),
            file=raw.file,
            sheet=raw.title,
            row=raw.numbers[row],
            column=column_letters(column),
            remedy=_("请改填表头单位的数，数字格式用“常规”。"),
        )  # fmt: skip


def _is_scaled(value: Any, form: str) -> bool:
    if not isinstance(value, int | float) or value == 0:
        return False
    shown = shown_by(form, value)
    return shown.scale != 1.0 and "%" not in shown.label


def _no_such_sheet(sheet: str, path: Path, titles: Sequence[str]) -> InputError:
    return input_error(
        "sheet",
        _("没有工作表“{sheet}”。", sheet=sheet),
        file=path.name,
        allowed="、".join(titles),
    )


def _excel(data: bytes, path: Path, sheet: str | None) -> list[CellSheet]:
    """Sheets of an Excel file as it was before 2007 (.xls, .et)."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = list(book.sheet_names)
        if sheet is not None and sheet not in names:
            raise _no_such_sheet(sheet, path, names)
        chosen = names if sheet is None else [sheet]
        return [found for name in chosen for found in _excel_sheet(book, name)]
    except InputError:
        raise
    except BaseException as error:
        if not gave_up(error):
            raise
        raise input_error(
            "excel",
            _("不能作为 Excel 文件读取。"),
            file=path.name,
            got=str(error)[:80],
            remedy=_("请用 Excel 打开并另存为 .xlsx（不要加密），再重试。"),
        ) from error


def _excel_sheet(book: Any, name: str) -> Iterator[CellSheet]:
    cells = book.get_sheet_by_name(name)
    rows = cells.to_python(skip_empty_area=False)
    filled = [place for place, row in enumerate(rows) if any(cell != "" for cell in row)]
    if filled:
        merged = [] if cells.merged_cell_ranges is None else list(cells.merged_cell_ranges)
        yield CellSheet(name, rows[: filled[-1] + 1], range(1, filled[-1] + 2), merged=merged)


def _parquet(data: bytes, path: Path) -> CellSheet:
    try:
        table = pd.read_parquet(io.BytesIO(data))
    except ImportError as error:
        raise MissingExtraError("parquet", _("读取 Parquet 文件")) from error
    except (OSError, ValueError) as error:
        raise input_error(
            "parquet",
            _("不能作为 Parquet 文件读取。"),
            file=path.name,
            got=str(error)[:80],
        ) from error
    if isinstance(table.index, pd.DatetimeIndex):
        table = table.reset_index(names="time")
    rows = [list(map(str, table.columns)), *table.itertuples(index=False, name=None)]
    return CellSheet("", rows, range(1, len(rows) + 1))


def unreadable_rows(rows: Sequence[tuple[int, str]], path: Path, sheet: str = "") -> InputError:
    """Error that names the rows with more cells than the header."""
    return InputError(
        [
            Problem(
                Severity.ERROR,
                "row_cells",
                _("这一行的单元格比表头多，多半是多了一个分隔符，或数字里的逗号没有加引号。"),
                _("请改正这一行。"),
                file=path.name,
                sheet=sheet,
                row=number,
                got=text[:60],
            )
            for number, text in rows[:20]
        ]
    )
