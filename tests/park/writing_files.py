"""A grid of cells saved as a workbook or a CSV file, in one of the forms programs leave them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xlsxwriter

from greenland.park import SHEETS


@dataclass
class Written:
    """A table as it stands in a file, and what it means."""

    sheet: str
    path: Path
    truth: dict[str, list[Any]]
    how: dict[str, Any]
    spoiled: str = ""


@dataclass
class Grid:
    """Cells of a sheet with their number formats, and merged ranges."""

    rows: list[list[Any]] = field(default_factory=list)
    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, row: Sequence[Any]) -> int:
        self.rows.append(list(row))
        return len(self.rows) - 1

    def moved(self, by: int) -> Grid:
        """The same cells *by* columns further to the right."""
        return Grid(
            [[*([""] * by), *row] for row in self.rows],
            {(row, column + by): form for (row, column), form in self.formats.items()},
            [(top, left + by, bottom, right + by) for top, left, bottom, right in self.merged],
        )


def save(grid: Grid, sheet: str, folder: Path, how: dict[str, Any], draw: random.Random) -> Path:
    """Write the only table of a folder."""
    (folder / "park.xlsx").unlink(missing_ok=True)
    for old in folder.glob("*.csv"):
        old.unlink()
    if how["csv"]:
        return _save_csv(grid, sheet, folder, how, draw)
    return _save_xlsx(grid, sheet, folder, how, draw)


def _save_csv(
    grid: Grid, sheet: str, folder: Path, how: dict[str, Any], draw: random.Random
) -> Path:
    # 1,234 between semicolons may be 1.234, and is refused
    separator = draw.choice(",,\t" if how["numbers"] == "grouped" else ",,\t;")
    quoting = draw.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    buffer = io.StringIO()
    if draw.random() < 0.1:
        buffer.write(f"sep={separator}\r\n")
    csv.writer(buffer, delimiter=separator, lineterminator="\r\n", quoting=quoting).writerows(
        grid.rows
    )
    encoding = draw.choice(["utf-8", "utf-8-sig", "gb18030", "utf-16"])
    path = folder / f"{SHEETS[sheet].title_zh}.csv"
    path.write_bytes(buffer.getvalue().encode(encoding))
    how |= {"encoding": encoding, "separator": separator}
    return path


def _save_xlsx(
    grid: Grid, sheet: str, folder: Path, how: dict[str, Any], draw: random.Random
) -> Path:
    path, zh = folder / "park.xlsx", SHEETS[sheet].title_zh
    title = draw.choice([zh, zh, f"表1 {zh}", f"2025年{zh}", SHEETS[sheet].title_en])
    with xlsxwriter.Workbook(str(path), {"date_1904": how["1904"], "in_memory": True}) as book:
        if draw.random() < 0.2:
            lists = book.add_worksheet("列表")  # as behind drop-downs
            lists.write_row(0, 0, ["工业", "仓储"])
            lists.hide()
        if draw.random() < 0.15:
            _add_another(book, f"2024年{zh}", hidden=draw.random() < 0.5)
        page = book.add_worksheet(title)
        page.activate()
        page.set_first_sheet()
        _fill(book, page, grid)
    how["title"] = title
    return path


def _add_another(book: Any, title: str, *, hidden: bool) -> None:
    """A sheet of the same table for another year, which is not to be read."""
    page = book.add_worksheet(title)
    page.write_row(0, 0, ["宗地编号", "年度", "面积", "代码"])
    page.write_row(1, 0, ["ZD-旧", 2024, 999, "A1"])
    if hidden:
        page.hide()


def _fill(book: Any, page: Any, grid: Grid) -> None:
    forms = {form: book.add_format({"num_format": form}) for form in set(grid.formats.values())}
    for r, row in enumerate(grid.rows):
        for c, cell in enumerate(row):
            form = forms.get(grid.formats.get((r, c), ""))
            if isinstance(cell, dt.date):
                page.write_datetime(r, c, cell, form)
            elif isinstance(cell, str):
                if cell:
                    page.write_string(r, c, cell)
            else:
                page.write_number(r, c, cell, form)
    for top, left, bottom, right in grid.merged:
        if (top, left) != (bottom, right):
            page.merge_range(top, left, bottom, right, grid.rows[top][left])
