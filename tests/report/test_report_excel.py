"""The workbook: sheets, formats, and that user text is never a formula."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import made_records
import openpyxl
import pytest
from xlsxwriter.worksheet import Worksheet

from greenland.report import write_excel
from greenland.report.blocks import Rules
from greenland.report.excel.book import Book, BookSheet
from greenland.report.excel.cells import exact_digits, shown_number
from greenland.report.excel.workbook import write_table
from greenland.report.tables import Table, TableColumn

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("excel")]  # whole workbooks are written


# What a cell would run if it were not written as text.
DANGEROUS = ('=HYPERLINK("http://x","y")', "+1+1", "-2+3", "@SUM(A1)")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of the complete record; tests read it only."""
    path = tmp_path_factory.mktemp("book") / "results.xlsx"
    return openpyxl.load_workbook(write_excel(path, made_records.complete()))


@pytest.fixture(scope="module")
def odd_workbook(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The workbook of a record with dangerous texts, an odd name and a day that is past."""
    record = made_records.complete()
    for firm, rule, text in zip(
        record["land"]["per_mu"]["firms"], record["rules"], DANGEROUS, strict=False
    ):
        firm["firm_name"] = rule["title"] = text
    record["park"]["name"] = "=甲&乙园区"
    _leaving(record)["by_date"] = "2020-01-31"
    path = tmp_path_factory.mktemp("odd") / "results.xlsx"
    return openpyxl.load_workbook(write_excel(path, record))


def _leaving(record: dict[str, Any]) -> dict[str, Any]:
    """The first parcel that is to leave."""
    parcels: list[dict[str, Any]] = record["land"]["exit"]["parcels"]
    return next(row for row in parcels if row["decision"] == "exit")


def test_a_sheet_for_every_table_and_the_rules(workbook: Any) -> None:
    names = workbook.sheetnames
    assert names[:3] == ["目录", "结论", "待办"]
    assert names[-1] == "规则"
    for name in (
        "“标准地”逐项核查",
        "企业亩均效益排名",
        "评价指标",
        "闲置土地台账",
        "逐时调度",
        "数据问题及其影响",
    ):
        assert name in names


def test_sheets_have_title_units_frozen_head_and_filter(
    workbook: Any, record: dict[str, Any]
) -> None:
    sheet = workbook["企业亩均效益排名"]
    headings = [cell.value for cell in sheet[3]]
    assert "亩均税收（万元/亩·年）" in headings
    assert sheet.freeze_panes == "C4"
    assert sheet.auto_filter.ref.startswith("A3:")
    assert sheet.max_row == 3 + len(record["land"]["per_mu"]["firms"])


def test_numbers_are_numbers_and_shares_are_percentages(workbook: Any) -> None:
    sheet = workbook["评价指标"]
    headings = [cell.value for cell in sheet[3]]
    cell = sheet.cell(4, headings.index("实际值") + 1)
    assert isinstance(cell.value, float) or cell.data_type == "f"
    assert cell.number_format == "0.0%"
    assert isinstance(sheet.cell(4, headings.index("理想值") + 1).value, float)


def test_states_are_coloured_by_condition(workbook: Any) -> None:
    rules = workbook["不达标与逾期的指标"].conditional_formatting
    assert any('"不达标"' in rule.formula[0] for area in rules for rule in area.rules)


@pytest.mark.parametrize("text", [*DANGEROUS, "=甲&乙园区"])
def test_user_text_is_text(odd_workbook: Any, text: str) -> None:
    cells = [cell for sheet in odd_workbook for row in sheet.iter_rows() for cell in row]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert not [one for one in formulas if text in one]
    assert [cell for cell in cells if text in str(cell.value) and cell.data_type == "s"]


def test_same_record_same_bytes(record: dict[str, Any], tmp_path: Path) -> None:
    first = write_excel(tmp_path / "a.xlsx", record).read_bytes()
    assert write_excel(tmp_path / "b.xlsx", record).read_bytes() == first


def test_money_is_written_in_the_unit_of_its_heading(workbook: Any, record: dict[str, Any]) -> None:
    sheet = workbook["电费对比"]
    headings = [cell.value for cell in sheet[3]]
    bill = record["energy"]["bill"]["grid_only"]
    yearly = bill["items"][0]["yuan"] / bill["years"]
    assert headings[1] == "全部网购（万元/年）"
    assert sheet.cell(4, 2).value == pytest.approx(yearly / 1e4, rel=1e-11)
    assert sheet.cell(4, 2).number_format == "#,##0"


def test_missing_is_a_dash(workbook: Any, record: dict[str, Any]) -> None:
    sheet = workbook["“标准地”出让比例与目标路径"]
    shares = [row["standard_land_share"] for row in record["land"]["standard_land"]["path"]]
    assert shares[0] is not None
    assert sheet.cell(4, 2).value == round(shares[0], 3)  # a tenth of a per cent
    assert sheet.cell(4 + shares.index(None), 2).value == "—"


def test_index_links_to_every_sheet_and_back(workbook: Any) -> None:
    index = workbook["目录"]
    targets = [cell.hyperlink.location for (cell,) in index.iter_rows(4, None, 2, 2)]
    assert targets == [f"'{name}'!A1" for name in workbook.sheetnames[1:]]
    for sheet in workbook.worksheets[1:]:
        assert sheet["A2"].hyperlink.location == "'目录'!A1", sheet.title


def test_every_sheet_is_set_up_for_print(odd_workbook: Any, record: dict[str, Any]) -> None:
    for sheet in odd_workbook.worksheets:
        assert sheet.page_setup.orientation == "landscape", sheet.title
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.print_title_cols or (sheet.page_setup.fitToWidth or 1) == 1, sheet.title
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$3:$3"
        assert "甲&&乙园区" in str(sheet.oddHeader.left.text)
        assert str(record["year"]) in str(sheet.oddHeader.right.text)
        assert "&P" in str(sheet.oddFooter.right.text)


@pytest.mark.parametrize(
    ("value", "required", "shown"),
    [
        (383000.00021, 1.0, 383000.0),
        (0.00004, 1.0, 0.00004),  # never rounded to nothing
        (0.29996, 0.3, 0.29996),  # below stays below
        (0.1 + 0.2, 0.3, 0.3),  # noise is not a difference
    ],
)
def test_numbers_are_rounded_as_shown(value: float, required: float, shown: float) -> None:
    row = {"indicator": "floor_area_ratio", "value": value, "required": required}
    column = TableColumn("value", "", kind="value")
    number, form = shown_number(value, row, column)
    assert number == shown
    assert len(form.partition(".")[2]) >= len(f"{shown:.10f}".rstrip("0").partition(".")[2])


def test_the_most_that_is_allowed_is_rounded_down() -> None:
    column = TableColumn("passing_area_mu", "", kind="number", digits=2)
    assert shown_number(107.6387, {}, column)[0] == 107.63


def test_areas_keep_their_decimals_and_quotients_those_of_the_page() -> None:
    rows = [{"a": 11.02, "q": 1 / 3}, {"a": 8.4, "q": 0.5}]
    area, quotient = (TableColumn(key, "", kind="number", digits=1) for key in "aq")
    assert exact_digits(area, rows).digits == 2
    assert exact_digits(quotient, rows).digits == 1


def test_values_of_mixed_indicators_show_their_unit(workbook: Any) -> None:
    sheet = workbook["“标准地”逐项核查"]
    headings = [cell.value for cell in sheet[3]]
    place = headings.index("实际值") + 1
    forms = {
        sheet.cell(row, headings.index("指标") + 1).value: sheet.cell(row, place).number_format
        for row in range(4, sheet.max_row + 1)
        if isinstance(sheet.cell(row, place).value, int | float)
    }
    assert forms["亩均产值"].endswith('" 万元/亩·年"')
    assert forms["建筑系数"].endswith("%")


def _todo(book: Any) -> list[dict[str, Any]]:
    head, *rows = book["待办"].iter_rows(min_row=3, values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_things_to_do_name_the_parcel_the_clause_and_the_day(
    workbook: Any, record: dict[str, Any]
) -> None:
    rows = _todo(workbook)
    taken = [row for row in record["land"]["stock"]["idle"] if row["consequence"] == "take_back"]
    found = [row for row in rows if row["事项"] == "处置闲置土地：无偿收回"]
    assert {row["对象"] for row in found} == {row["parcel_id"] for row in taken}
    assert all("《闲置土地处置办法》" in row["文件"] and "第十四条" in row["条款"] for row in found)
    leaving = [row for row in record["land"]["exit"]["parcels"] if row["decision"] != "keep"]
    days = {row["对象"]: row["期限"] for row in rows if row["类别"] == "退出与提升"}
    assert {key: f"{day:%Y-%m-%d}" for key, day in days.items()} == {
        row["parcel_id"]: row["by_date"] for row in leaving
    }
    assert {row["责任人"] for row in rows} == {row["佐证材料"] for row in rows} == {None}


def test_things_to_do_cover_every_parcel_that_is_off(workbook: Any, record: dict[str, Any]) -> None:
    checks = record["land"]["standard_land"]["checks"]
    off = {row["parcel_id"] for row in checks if row["state"] in ("failed", "overdue")}
    rows = _todo(workbook)
    listed = {row["对象"] for row in rows if str(row["事项"]).startswith(("整改：", "组织验收"))}
    assert listed == off


def test_a_day_that_is_past_is_said_and_comes_before_the_rest(
    odd_workbook: Any, record: dict[str, Any]
) -> None:
    parcel = _leaving(record)
    rows = _todo(odd_workbook)
    dated = [row for row in rows if row["期限"] != "立即"]
    assert dated[0]["对象"] == parcel["parcel_id"]
    assert dated[0]["是否到期"] == "已到期"
    assert dated[-1]["是否到期"] == "未到期"


@pytest.mark.parametrize(
    "formula",
    ["=SUM(A1:A3)", "A1+1", "=1+SUM(SORT(A1:A3))", "{=SUM(A1:A3)}", "=_xlfn.XLOOKUP(1,A:A,B:B)"],
)
def test_a_formula_is_prepared_as_the_library_does(formula: str) -> None:
    for young in (False, True):
        prepared = Worksheet()._prepare_formula(formula, young)
        assert BookSheet()._prepare_formula(formula, young) == prepared


@pytest.mark.parametrize(("columns", "across"), [(20, 1), (40, 3)])
def test_a_table_too_wide_for_a_sheet_is_divided_with_its_names_repeated(
    columns: int, across: int
) -> None:
    stream = io.BytesIO()
    book = Book(stream)
    shown = [TableColumn(f"c{n}", f"甲乙丙丁戊己庚辛{n}") for n in range(columns)]
    table = Table("t", "表", tuple(shown), ({column.key: "甲" for column in shown},))
    write_table(book, book.sheet("表", "", 1), table, shown, Rules((), {}))
    book.close()
    setup = openpyxl.load_workbook(stream)["表"].page_setup
    assert (setup.fitToWidth or 1) == across


def test_a_workbook_without_rules_has_no_sheet_of_them(tmp_path: Path) -> None:
    path = write_excel(tmp_path / "results.xlsx", made_records.bare() | {"rules": []})
    assert openpyxl.load_workbook(path).sheetnames == [
        "目录",
        "结论",
        "园区概况",
        "数据问题及其影响",
    ]
