"""A cell the fast reader cannot read is read by itself; all others go the fast way."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
import xlsxwriter

from greenland.park.rawsheet import RawSheet
from greenland.park.workbook.book import Workbook

ROWS = 50
ODD = {
    "date cell": ('<c r="B7"><v>5</v></c>', '<c r="B7" t="d"><v>2024-03-01T00:00:00</v></c>'),
    "unknown kind": ('<c r="B7"><v>5</v></c>', '<c r="B7" t="zz"><v>5</v></c>'),
    "unknown kind, empty": ('<c r="B7"><v>5</v></c>', '<c r="B7" t="zz"/>'),
    "sign": ('<c r="B7"><v>5</v></c>', '<c r="B7"><v>+5.5</v></c>'),
    "no number": ('<c r="B7"><v>5</v></c>', '<c r="B7"><v>x&lt;5</v></c>'),
    "unknown error": ('<c r="B7"><v>5</v></c>', '<c r="B7" t="e"><v>#SPILL!</v></c>'),
    "beyond calendars": ("<v>44007</v>", "<v>99999999</v>"),
    "exponent": ("<v>44007</v>", "<v>4.4007E4</v>"),
    "last of a row": ("<v>44007</v></c></row>", "<v>4.4007E4</v></c></row>"),
}


def workbook(path: Path, odd: str) -> Path:
    """Numbers and dates, some as per cent, and a second sheet; one cell written oddly."""
    with xlsxwriter.Workbook(path, {"in_memory": True}) as book:
        page, other = book.add_worksheet("一"), book.add_worksheet("二")
        day, share = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "0.0%"))
        for row in range(ROWS):
            page.write(row, 0, f"第{row}行")
            page.write(row, 1, row - 1)
            page.write(row, 2, row / 100, share)
            page.write(row, 3, 44000 + row, day)
        page.write_formula(9, 1, "=NA()", None, "#N/A")
        other.write(0, 0, 1)
    before, after = ODD[odd]
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert sheet.count(before.encode()) == 1
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(before.encode(), after.encode())
    with zipfile.ZipFile(path, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return path


def cells(raw: RawSheet) -> dict[tuple[int, int], tuple[type, object]]:
    """Every filled cell but errors, with its type; errors are compared by themselves."""
    return {
        (row, column): (type(cell), cell)
        for row, line in enumerate(raw.rows)
        for column, cell in enumerate(line)
        if cell != "" and (row, column) not in raw.errors
    }


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_cell_costs_itself_only(
    odd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "a.xlsx", odd)
    whole = Workbook(path)
    wanted = whole._cell_by_cell(whole._sheets["一"])

    def never(*_args: object) -> None:
        raise AssertionError("the whole sheet was read cell by cell")

    monkeypatch.setattr(Workbook, "_cell_by_cell", never)
    found = Workbook(path).sheet("一")
    assert cells(found) == cells(wanted)
    assert found.errors == wanted.errors
    assert [found.formats(column) for column in range(4)] == [
        wanted.formats(column) for column in range(4)
    ]


def test_many_odd_cells_are_read_with_all_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("greenland.park.workbook.survey.MOST_ODD", 0)
    book = Workbook(workbook(tmp_path / "a.xlsx", "sign"))
    called: list[object] = []
    plain = Workbook._cell_by_cell
    monkeypatch.setattr(
        Workbook, "_cell_by_cell", lambda self, part: called.append(part) or plain(self, part)
    )
    assert book.sheet("一").rows[6][1] == 5.5
    assert len(called) == 1
