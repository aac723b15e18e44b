"""CSV files as people save them: UTF-8 or GBK, comma, semicolon or tab."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

from greenland.errors import input_error
from greenland.i18n import _
from greenland.park.header_rows import find_header
from greenland.park.inside import file_inside
from greenland.park.method import MOST_CSV_BYTES, SEPARATOR_LINES
from greenland.park.rawsheet import RawSheet

_SEPARATORS = ",;\t，"
_HINT = re.compile(r"\ufeff?sep=(.)")
_TEXT_FORMULA = re.compile(r'="([^"]*)"')


def decode(content: bytes, name: str) -> tuple[str, str]:
    """Text of a file and the encoding it was in: UTF-8 (with or without BOM) or GB 18030.

    Raises
    ------
    InputError
        If it is neither.
    """
    # a UTF-16 mark is what Excel's "Unicode text" begins with; GB 18030 would take it for text
    marked = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise input_error(
        "encoding",
        _("文件编码不是 UTF-8，也不是 GBK。"),
        remedy=_("请用 Excel 另存为“CSV UTF-8(逗号分隔)”。"),
        file=name,
    )


def read_csv(path: Path, sheet: str = "") -> RawSheet:
    """Cells of a CSV file; the row number is the line on which a record begins.

    The separator is the one that names most columns of *sheet*, or else the most frequent one.

    Raises
    ------
    InputError
        If it is a pipe or device, a link out of its folder, too large, or in no known encoding.
    """
    text, _encoding = decode(_content(path), path.name)
    lines = text.split("\n", 1)
    if hint := _HINT.fullmatch(lines[0].strip()):  # as Excel writes it: sep=;
        rest = lines[1] if len(lines) > 1 else ""
        rows, numbers = _records(rest, hint[1])
        return _sheet(path, rows, [number + 1 for number in numbers], hint[1])
    head = "\n".join(text.splitlines()[:SEPARATOR_LINES])
    separator = max(_SEPARATORS, key=lambda sign: (_named(head, sign, sheet), head.count(sign)))
    return _sheet(path, *_records(text, separator), separator)


def _content(path: Path) -> bytes:
    if not file_inside(path.parent, path.name).is_file():
        raise input_error(
            "not_a_file",
            _("不是普通文件，未读取。"),
            remedy=_("请换成 CSV 文件，或把它移出文件夹。"),
            file=path.name,
        )
    if path.stat().st_size > MOST_CSV_BYTES:
        raise input_error(
            "too_large",
            _("文件太大。"),
            remedy=_("请只保留需要的行和列。"),
            file=path.name,
            allowed=f"≤ {MOST_CSV_BYTES // 1_000_000} MB",
        )
    return path.read_bytes()


def _sheet(path: Path, rows: list[list[str]], numbers: list[int], separator: str) -> RawSheet:
    return RawSheet(
        path.name,
        path.stem,
        [[_unquoted(cell) for cell in row] for row in rows],
        numbers,
        text_only=True,
        comma_unclear=separator == ";",
    )


def _records(text: str, separator: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    numbers: list[int] = []
    before = 0
    for row in reader:
        rows.append(row)
        numbers.append(before + 1)
        before = reader.line_num
    return rows, numbers


def _named(head: str, separator: str, sheet: str) -> int:
    """Columns of the sheet a separator makes out in the head of a file."""
    if not sheet:
        return 0
    header = find_header(sheet, _records(head, separator)[0])
    return 0 if header is None else sum(1 for match in header.matches if match)


def _unquoted(cell: str) -> str:
    """``="0610"``, by which programs keep Excel from making it a number, is 0610."""
    found = _TEXT_FORMULA.fullmatch(cell)
    return found[1] if found else cell
