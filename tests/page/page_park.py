"""A small park as files a manager would drop on the page; all invented."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from sound_park import sound_rows, typed_tables

from greenland.i18n import use_language
from greenland.park import write_tables

NAME = "测试园区"
YAML = (
    f"name: {NAME}\nlevel: 省级\ntype: 产业园区\nyear: 2025\nrules:\n  packs: [national, yunnan]\n"
)


def write_workbook(path: Path) -> Path:
    """The workbook of the small park, without a fault."""
    path.write_bytes(_workbook())
    return path


@cache
def _workbook() -> bytes:
    """Made once for all parks of a process."""
    with use_language("zh"), tempfile.TemporaryDirectory() as folder:
        return write_tables(Path(folder) / "park.xlsx", typed_tables(sound_rows())).read_bytes()


def write_park(folder: Path, *, yaml: str = YAML) -> Path:
    """A park folder that can be evaluated."""
    folder.mkdir(parents=True)
    (folder / "park.yaml").write_text(yaml, encoding="utf-8")
    write_workbook(folder / "park.xlsx")
    return folder


def changed(path: Path, sheet: str, heading: str, row: int, value: Any) -> Path:
    """The workbook with one cell changed; the heading as far as its unit."""
    book = openpyxl.load_workbook(path)
    page = book[sheet]
    column = next(c.column for c in page[1] if str(c.value).split("(")[0] == heading)
    page.cell(row, column).value = value
    book.save(path)
    return path


def renamed(path: Path, sheet: str, headings: dict[str, str]) -> Path:
    """The workbook with headings of a sheet changed."""
    book = openpyxl.load_workbook(path)
    for cell in book[sheet][1]:
        if cell.value in headings:
            cell.value = headings[cell.value]
    book.save(path)
    return path
