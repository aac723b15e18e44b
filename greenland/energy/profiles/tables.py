"""Tables of readings from CSV, Excel or Parquet, whatever stands above their header."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.energy.profiles.method import HEADER_ROWS, HEADER_SEARCHED, MANY_CLOCKS
from greenland.energy.profiles.numerals import (
    DecimalSign,
    blanked,
    decimal_sign,
    is_blank,
    parse_numbers,
)
from greenland.energy.profiles.sheets import (
    CellSheet,
    decode,
    open_bytes,
    read_sheets,
    unreadable_rows,
)
from greenland.energy.profiles.words_beside import states_unit
from greenland.errors import InputError, input_error
from greenland.i18n import _

__all__ = [
    "ReadingTable",
    "decode",
    "header_text",
    "numbers",
    "open_bytes",
    "read_tables",
]

Numbers = npt.NDArray[np.float64]
IsHeader = Callable[[Sequence[str]], bool]

_NUMBER = re.compile(r"[+-]?[\d.,]+")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_DATED = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}")
_NARROW = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # ＭＷ as MW


@dataclass(frozen=True)
class ReadingTable:
    """One table of a file.

    Parameters
    ----------
    frame : DataFrame
        Cells as they stand in the file, None where there is none; columns named by the header.
    rows : array of int
        Row of the file each row of the frame stands on.
    titles : tuple of str
        Rows above the header, the cells of each joined; and what stands around the page.
    sheet : str
        Title of the Excel sheet; empty for other files.
    delimiter : str
        Of a CSV file.
    merged : sequence of (str, int, int)
        Cells of a column merged into one: its name, first and last place in the frame.
    between : tuple of (int, str)
        Rows among the readings that hold none, and what they say.
    comments : tuple of str
        On cells of the sheet.
    """

    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    titles: tuple[str, ...] = ()
    sheet: str = ""
    delimiter: str = ""
    merged: Sequence[tuple[str, int, int]] = ()
    between: tuple[tuple[int, str], ...] = ()
    comments: tuple[str, ...] = ()


@dataclass
class _Kept:
    """Sheets of a file, and the tables made of them, by sheet and row of the header."""

    sheets: list[CellSheet]
    tables: dict[tuple[int, int], ReadingTable]


_kept: ContextVar[dict[tuple[Path, str | None], _Kept] | None] = ContextVar("kept", default=None)


@contextmanager
def files_kept() -> Iterator[None]:
    """Inside, a file that holds several curves is read once, and not each time anew."""
    token = _kept.set({} if _kept.get() is None else _kept.get())
    try:
        yield
    finally:
        _kept.reset(token)


def _file(path: Path, sheet: str | None) -> _Kept:
    kept = _kept.get()
    if kept is None:
        return _Kept(read_sheets(path, sheet=sheet), {})
    if (path, sheet) not in kept:
        kept[path, sheet] = _Kept(read_sheets(path, sheet=sheet), {})
    return kept[path, sheet]


def read_tables(path: Path, is_header: IsHeader, *, sheet: str | None = None) -> list[ReadingTable]:
    """Read every table of a file: one from each sheet with a header.

    Parameters
    ----------
    path : Path
        CSV or text, Excel, Parquet; also packed with gzip.
    is_header : callable
        Whether a row's texts are the header.
    sheet : str, optional
        Only this one of an Excel file.

    Raises
    ------
    InputError
        If the file cannot be read, no sheet has a header, one holds readings without a header, or
        rows have more cells than it.
    """
    tables: list[ReadingTable] = []
    headless: list[CellSheet] = []
    file = _file(path, sheet)
    for number, item in enumerate(file.sheets):
        place = _header_place(item, is_header)
        if place is None:
            headless.append(item)
            continue
        if (number, place) not in file.tables:
            file.tables[number, place] = _table(item, place, path)
        table = file.tables[number, place]
        tables.append(replace(table, frame=table.frame.copy(deep=False)))
    if not tables:
        raise _no_header(path)
    for item in headless:
        if _goes_on(item):
            raise input_error(
                "sheet_without_header",
                _("这张工作表有读数而没有表头，像是另一张工作表的续表。"),
                remedy=_("请补上表头，或用 sheet（--sheet）只读另一张工作表。"),
                file=path.name,
                sheet=item.title,
                row=item.numbers[0],
            )
    return tables


def _goes_on(sheet: CellSheet) -> bool:
    """Whether the rows of a sheet without a header are a date and numbers, as those of readings."""
    rows = [[cell for cell in row if not is_blank(cell)] for row in sheet.rows[:HEADER_SEARCHED]]
    dated = [
        row
        for row in rows
        if len(row) > 1
        and (isinstance(row[0], dt.date) or (isinstance(row[0], str) and _DATED.match(row[0])))
        and isinstance(row[-1], int | float)
    ]
    return len(dated) > len(rows) / 2


def _header_place(sheet: CellSheet, is_header: IsHeader) -> int | None:
    """Which row is the header; None where none is."""
    for place in range(min(len(sheet.rows), HEADER_SEARCHED)):
        texts = [header_text(cell) for cell in sheet.rows[place]]
        if sum(map(bool, texts)) > 1 and is_header(texts):
            return place
        if _stands_alone(sheet, place, texts) and is_header(texts):
            return place
    return None


def _table(sheet: CellSheet, place: int, path: Path) -> ReadingTable:
    """The table below a header."""
    texts = [header_text(cell) for cell in sheet.rows[place]]
    names, depth = _header(sheet, place, texts)
    start = place + depth
    width = len(names)
    body = _of_width(sheet, start, width, path)
    columns = [blanked(column) for column in zip(*body, strict=True)] or [[] for _name in names]
    frame = pd.DataFrame(
        {n: pd.Series(column, dtype=object) for n, column in enumerate(columns)}
    ).set_axis(_distinct(names), axis=1)
    used = [bool(name) or bool(frame.iloc[:, n].notna().any()) for n, name in enumerate(names)]
    full = frame.notna().any(axis=1).to_numpy(dtype=bool)
    place_of = np.cumsum(full) - 1
    merged = [
        (str(frame.columns[left]), int(place_of[top - start]), int(place_of[bottom - start]))
        for (top, left), (bottom, right) in sheet.merged
        if start <= top < bottom < start + len(full) and left == right < width and full[top - start]
    ]
    titles = tuple(
        " ".join(text for text in map(header_text, row) if text) for row in sheet.rows[:place]
    )
    return ReadingTable(
        frame.loc[full, used].reset_index(drop=True),
        np.asarray(sheet.numbers[start:], dtype=np.int64)[full],
        (*titles, *sheet.around),
        sheet.title,
        sheet.delimiter,
        merged,
        comments=sheet.comments,
    )


def _stands_alone(sheet: CellSheet, place: int, texts: Sequence[str]) -> bool:
    """Whether a row of one cell may be the header of one column: no title of a wider table."""
    below = sheet.rows[place + 1] if place + 1 < len(sheet.rows) else []
    return len(texts) == 1 and bool(texts[0]) and len(below) < 2 and not states_unit(texts[0])


def _of_width(sheet: CellSheet, start: int, width: int, path: Path) -> Sequence[Sequence[Any]]:
    """Rows below the header, each as wide as it.

    Raises
    ------
    InputError
        Naming the rows that have more cells.
    """
    body = sheet.rows[start:]
    if all(len(row) == width for row in body):
        return body
    wide = [
        (sheet.numbers[start + n], "、".join(str(cell) for cell in row[width:]))
        for n, row in enumerate(body)
        if len(row) > width and any(not is_blank(cell) for cell in row[width:])
    ]
    if wide:
        raise unreadable_rows(wide, path, sheet.title)
    return [[*row[:width], *[None] * (width - len(row))] for row in body]


def _header(sheet: CellSheet, place: int, texts: list[str]) -> tuple[list[str], int]:
    """Names of the columns from the header and rows that belong to it; how many rows it takes."""
    names = _spread(sheet, place, texts)
    depth = 1
    while place + depth < len(sheet.rows) and depth < HEADER_ROWS:
        below = [header_text(cell) for cell in sheet.rows[place + depth]]
        if not _belongs(names, below):
            break
        width = max(len(names), len(below))
        names += [""] * (width - len(names))
        below += [""] * (width - len(below))
        names = [_joined(above, text) for above, text in zip(names, below, strict=True)]
        depth += 1
    return names, depth


def _spread(sheet: CellSheet, place: int, texts: list[str]) -> list[str]:
    """Header texts, each over all columns of its merged range."""
    names = list(texts)
    for (top, left), (bottom, right) in sheet.merged:
        if top <= place <= bottom and right > left and left < len(names):
            for column in range(left + 1, min(right + 1, len(names))):
                names[column] = names[left]
    return names


def _joined(above: str, below: str) -> str:
    """Name of a column from two rows of the header; a time of day stands by itself."""
    return below if _CLOCK.match(below) else f"{above} {below}".strip()


def _belongs(names: Sequence[str], below: Sequence[str]) -> bool:
    """Whether a row below the header still is header: words, units or times of day."""
    words = [text for text in below if text]
    if not words or all(text in names for text in words):
        return False
    if below[0] and names and below[0] != names[0]:
        return False
    clocks = sum(bool(_CLOCK.match(text)) for text in words)
    numeric = sum(bool(_NUMBER.fullmatch(text)) for text in words)
    return clocks == len(words) >= MANY_CLOCKS or (numeric == 0 and clocks == 0)


def _distinct(texts: Sequence[str]) -> list[str]:
    """Column names made distinct by a number."""
    seen: dict[str, int] = {}
    names = []
    for place, text in enumerate(texts):
        name = text or f"_blank{place}"
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name}.{seen[name]}")
    return names


def header_text(cell: Any) -> str:
    """A header cell as plain text; Excel's clock times as ``HH:MM``, dates as ``YYYY-MM-DD``."""
    if is_blank(cell):
        return ""
    if isinstance(cell, dt.timedelta):
        minutes = round(cell.total_seconds() / 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
    if isinstance(cell, dt.date) and not (
        isinstance(cell, dt.datetime) and cell.date() <= dt.date(1900, 1, 1)
    ):
        return f"{cell:%Y-%m-%d}"
    if hasattr(cell, "strftime"):
        return "24:00" if str(cell)[:10] == "1900-01-01" else str(cell.strftime("%H:%M"))
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip().strip('"').strip()
    return re.sub(r"\s+", " ", text.translate(_NARROW))


def _no_header(path: Path) -> InputError:
    return input_error(
        "no_header",
        _("找不到表头行。"),
        file=path.name,
        remedy=_("表头须含时间列（如“时间”“日期”）和读数列；也可用列名参数指定。"),
    )


def numbers(column: pd.Series) -> Numbers:
    """Values of a column as floats; texts such as ``1,234.5`` too, NaN for what is no number.

    A decimal comma is recognised where the column shows it; see `decimal_sign`.
    """
    sign, _unsure = decimal_sign(column)
    return parse_numbers(column, sign or DecimalSign.POINT)
