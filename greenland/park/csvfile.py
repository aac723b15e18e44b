"""CSV files as people save them: UTF-8 or GBK, comma, semicolon or tab."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from greenland.errors import input_error
from greenland.i18n import _
from greenland.park.rawsheet import RawSheet

_SEPARATORS = ",;\t，"
_SNIFFED = 20  # lines looked at for the separator


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


def read_csv(path: Path) -> RawSheet:
    """Cells of a CSV file; the row number is the line on which a record begins."""
    text, _encoding = decode(path.read_bytes(), path.name)
    head = text.splitlines()[:_SNIFFED]
    separator = max(_SEPARATORS, key=lambda sign: sum(line.count(sign) for line in head))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[list[str]] = []
    numbers: list[int] = []
    before = 0
    for row in reader:
        rows.append(row)
        numbers.append(before + 1)
        before = reader.line_num
    return RawSheet(path.name, path.stem, [list(row) for row in rows], numbers, text_only=True)
