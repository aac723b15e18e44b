"""What makes long ledgers quick to read leaves nothing out."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from odd_workbooks import HEAD, SHEET, changed, write
from odd_workbooks import ROWS as LEDGER

from greenland import units
from greenland.park import read_park, table
from greenland.park.kinds import Kinded, kinds_of
from greenland.park.plain_rows import PlainRows
from greenland.park.rawsheet import RawSheet
from greenland.park.workbook import book
from greenland.park.workbook.styles import CellStyles
from greenland.park.workbook.survey import SheetSurvey, survey

PLAIN = ["ZD-001", "地块1", "示例企业", 1.0, 2.0]
ROWS = 2500  # more than are turned into columns at a time


@pytest.fixture
def _pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the root of a sheet and its cells be looked at in pieces of their own."""
    monkeypatch.setattr("greenland.park.workbook.survey._CHUNK", 40)


def surveyed(cells: str) -> SheetSurvey:
    """What the survey says of a sheet with these cells in its first row; style 1 is a date's."""
    text = f'<worksheet><sheetData><row r="1">{cells}</row></sheetData></worksheet>'
    return survey(io.BytesIO(text.encode()), CellStyles(["General", "yyyy-mm-dd"]))


# -- the survey -----------------------------------------------------------------------------------


@pytest.mark.usefixtures("_pieces")
@pytest.mark.parametrize(
    "run",
    ["<strike/>", "<x:strike/>", "<is:strike/>", "<row:strike/>", '<vertAlign val="superscript"/>'],
)
def test_struck_and_raised_runs_are_found_under_any_prefix(run: str) -> None:
    cell = f'<c r="A1" t="inlineStr"><is><r>{run}<t>1</t></r></is></c>'.replace("<r>", "")
    assert surveyed(cell.replace("</r>", "")).irregular == "runs"


@pytest.mark.usefixtures("_pieces")
@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ('<c r="A1"><v>1</v></c><!-- a -->', "comment"),
        ('<c><v>1</v></c><c r="B1"><v>1</v></c>', "address"),
        ('<c r="A1"><v x="1">1</v></c>', "value"),
        ('<c r="A1" t="inlineStr"><is><t>strike</t></is></c>', ""),
    ],
)
def test_what_makes_a_sheet_irregular(cells: str, why: str) -> None:
    assert surveyed(cells).irregular == why


@pytest.mark.usefixtures("_pieces")
@pytest.mark.parametrize(
    ("number", "odd"),
    [("2958465", 0), ("1234567", 0), ("12345678", 1), ("1e9", 1), ("1E9", 1), ("43220.512345", 0)],
)
def test_numbers_that_no_calendar_may_have_are_odd_in_cells_of_dates(number: str, odd: int) -> None:
    assert len(surveyed(f'<c r="A1" s="1"><v>{number}</v></c>').odd) == odd


@pytest.mark.usefixtures("_pieces")
def test_hidden_columns_and_rows_are_found_in_their_tags_alone() -> None:
    text = (
        '<worksheet><cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>hidden="1"</t></is></c></row>'
        '<row r="7" hidden="1"><c r="A7"><v>1</v></c></row></sheetData></worksheet>'
    )
    found = survey(io.BytesIO(text.encode()), CellStyles())
    assert (found.hidden_rows, found.hidden_columns) == ({6}, {1, 2})


def test_shared_strings_are_not_read_for_an_odd_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(book, "shared_strings", asked.append)
    with xlsxwriter.Workbook(tmp_path / "shared.xlsx") as made:
        page = made.add_worksheet("宗地台账")
        for row, cells in enumerate([HEAD, *LEDGER]):
            page.write_row(row, 0, cells)
    with zipfile.ZipFile(tmp_path / "shared.xlsx") as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    write(tmp_path, changed(parts, SHEET, "<v>600<", "<v>+600<"))
    park = read_park(tmp_path)
    assert (asked, park.tables["parcels"]["land_price_wan"].tolist()) == ([], [600.0, 720.0])


# -- rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    [
        *(
            "合计",
            "总计：",
            "主区小计",
            "共计",
            "累计",
            "分计",
            "汇总",
            "总和",
            "总数",
            "平均",
            "均值",
        ),
        *(
            "合并计",
            "其中：工业",
            "占比",
            "比重",
            "共12宗",
            "∑",
            "Σ",
            "Subtotal",
            "grand total",
            "SUM",
        ),
        *("average", "Mean", "of which", "合 计", "（计）"),
    ],
)
def test_totals_and_their_parts_are_no_plain_rows(word: str) -> None:
    assert not PlainRows(frozenset(), []).holds([word, *PLAIN])


@pytest.mark.parametrize("text", ["宗地编号", "宗地编号（必填）", " 宗地编号*"])
def test_a_row_with_a_name_of_a_column_is_no_plain_row(text: str) -> None:
    assert not PlainRows(frozenset({"宗地编号"}), []).holds([text, *PLAIN])


def test_a_row_with_a_cell_of_a_level_of_the_header_is_no_plain_row() -> None:
    levels = [["甲组", None, 2024.0], ["编号", "名称", ""]]
    plain = PlainRows(frozenset(), levels)
    assert [plain.holds([first, *PLAIN]) for first in ("甲组", 2024.0, "乙组", 2023.0)] == [
        False,
        False,
        True,
        True,
    ]


def test_a_row_of_few_cells_is_no_plain_row() -> None:
    assert not PlainRows(frozenset(), []).holds(["", None, " ", *PLAIN[:4]])


def test_a_row_of_data_is_a_plain_row() -> None:
    assert PlainRows(frozenset({"宗地编号"}), []).holds(["", *PLAIN])


# -- columns --------------------------------------------------------------------------------------


def test_columns_know_the_types_of_all_their_cells() -> None:
    rows = [["a", 1.0] for _row in range(ROWS)]
    rows[-1] = ["b", dt.date(2025, 1, 1)]
    columns = RawSheet("park.xlsx", "宗地台账", rows, range(1, ROWS + 1)).columns(range(ROWS))
    assert [kinds_of(column) for column in columns] == [{str}, {float, dt.date}]


def test_columns_of_uneven_rows_are_filled_with_blanks() -> None:
    rows = [["a"], ["b", 1.0], []]
    columns = RawSheet("park.xlsx", "宗地台账", rows, [1, 2, 3]).columns([0, 1, 2])
    assert columns == [["a", "b", ""], ["", 1.0, ""]]


def test_a_copy_of_cells_has_the_types_that_are_in_it() -> None:
    copied = list(Kinded([1.0, "a"], {float, str}))[:1]
    assert kinds_of(copied) == {float}


def test_days_of_all_calendars_and_none_at_all_are_kept() -> None:
    days = [dt.date(1, 1, 1), None, dt.date(1969, 12, 31), dt.date(9999, 12, 31)]
    read = table("parcels", [{"supply_date": day} for day in days])["supply_date"]
    assert [None if pd.isna(day) else day.date() for day in read] == days


def test_a_word_that_no_unit_has_a_sign_of_needs_no_registry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(units, "registry", lambda: asked.append("registry"))
    assert (units.is_known.__wrapped__("虚构"), asked) == (False, [])
