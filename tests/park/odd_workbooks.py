"""Small workbooks taken apart and put together again with one thing changed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from sound_park import CONFIG

Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"
HEAD = ["宗地编号", "宗地面积(亩)", "土地用途", "供应状态", "承诺建筑系数(%)", "土地价款(万元)"]
ROWS = [["G1", 50, "工业", "已供应", 0.4, 600], ["G2", 60, "工业", "已供应", 0.4, 720]]
TAIL = '<c r="F2" t="n"><v>600</v></c>'  # the price of G1, as openpyxl writes it


def ledger(rows: Sequence[Sequence[Any]] = ROWS) -> Parts:
    """Parts of a ledger whose shares are shown as 40 %."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "宗地台账"
    for row in [HEAD, *rows]:
        page.append(list(row))
    for row in range(2, len(rows) + 2):
        page.cell(row, 5).number_format = "0%"
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def changed(parts: Parts, part: str, old: str, new: str) -> Parts:
    """Replace a text of one part; it must be there."""
    content = parts[part].decode("utf-8")
    assert old in content, content
    return {**parts, part: content.replace(old, new).encode("utf-8")}


def write(folder: Path, parts: Parts) -> Path:
    """Write a park whose workbook has those parts."""
    (folder / "park.yaml").write_text(CONFIG, encoding="utf-8")
    path = folder / "park.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


def with_cell(cell: str) -> Callable[[Parts], Parts]:
    """Put another cell in the place of the price of G1."""
    return lambda parts: changed(parts, SHEET, TAIL, cell)
