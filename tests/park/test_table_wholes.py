"""A table is understood whole or refused: units beside it, headers, rows without data, sheets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sound_park import CONFIG, with_code

from greenland.errors import Severity
from greenland.park import Park, read_park
from greenland.park.codes import credit_code

SheetOf = Callable[..., Park]
BARE = ["宗地编号", "宗地面积", "土地用途", "供应状态"]
HEAD = ["宗地编号", "宗地面积(亩)", "土地用途", "供应状态"]
ROW, SECOND = ["ZD-1", 30, "工业", "已供应"], ["ZD-2", 40, "工业", "已供应"]
FIRM = credit_code("91", "532301", "MA6T00001")
FIRM_HEAD = ["统一社会信用代码", "企业名称", "年度", "是否规上", "行业代码"]
FIRM_ROW = [FIRM, "甲公司", 2025, "是", "3218"]
TITLE = "宗地台账"


def errors(park: Park) -> list[str]:
    return [problem.code for problem in park.problems if problem.severity is Severity.ERROR]


def areas(park: Park) -> list[float]:
    return list(park.tables["parcels"]["area_mu"])


def merging(*ranges: str) -> Callable[[Any], None]:
    def merge(book: Any) -> None:
        for cells in ranges:
            book.worksheets[0].merge_cells(cells)

    return merge


# -- units beside the table -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "caption",
    ["单位：公顷", "（单位：公顷）", "面积单位: 公顷", "计量单位：公顷、万元", "Unit: ha"],
)
def test_unit_of_a_caption(sheet_of: SheetOf, caption: str) -> None:
    park = sheet_of({TITLE: [["宗地台账"], ["", "", caption], BARE, ["ZD-1", 8, "工业", "已供应"]]})
    assert areas(park) == [120.0]
    (notice,) = with_code(park.problems, "caption_unit")
    assert (notice.row, notice.severity) == (2, Severity.NOTICE)


def test_unit_at_the_end_of_a_title_and_in_a_note_below(sheet_of: SheetOf) -> None:
    row = ["ZD-1", 8, "工业", "已供应"]
    assert areas(sheet_of({TITLE: [["宗地台账（公顷）"], BARE, row]})) == [120.0]
    assert areas(sheet_of({TITLE: [BARE, row, ["注：单位：公顷"]]})) == [120.0]


def test_money_of_a_caption_leaves_areas_alone(sheet_of: SheetOf) -> None:
    head = [*FIRM_HEAD, "用地面积", "实缴税收", "营业收入(万元)"]
    park = sheet_of({"企业效益": [["金额单位：千元"], head, [*FIRM_ROW, 120, 10000, 50000]]})
    firms = park.tables["firms"].iloc[0]
    assert (firms["land_mu"], firms["tax_wan"], firms["revenue_wan"]) == (120.0, 1000.0, 50000.0)


@pytest.mark.parametrize("caption", ["单位：亩、公顷", "单位：百亩"])
def test_a_caption_that_leaves_the_unit_open_is_asked_about(
    sheet_of: SheetOf, caption: str
) -> None:
    park = sheet_of({TITLE: [[caption], BARE, ROW]})
    (error,) = with_code(park.problems, "caption_unit_unclear")
    assert (error.column, error.allowed) == ("宗地面积", "亩")
    assert park.tables["parcels"]["area_mu"].isna().all()


def test_a_caption_in_yuan_leaves_amounts_per_mu_open(sheet_of: SheetOf) -> None:
    head = [*HEAD, "承诺亩均税收"]
    park = sheet_of({TITLE: [["金额单位：元"], head, [*ROW, 300000]]})
    assert "caption_unit_unclear" in errors(park)


def test_the_name_of_an_office_is_no_unit(sheet_of: SheetOf) -> None:
    park = sheet_of({TITLE: [["填报单位：某园区", "", "填报日期：2025年"], BARE, ROW]})
    assert areas(park) == [30.0]
    assert errors(park) == []


def test_a_column_of_units(sheet_of: SheetOf) -> None:
    head = ["宗地编号", "宗地面积", "计量单位", "土地用途", "供应状态"]
    rows = [["ZD-1", 30, "亩", "工业", "已供应"], ["ZD-2", 8, "公顷", "工业", "已供应"]]
    assert areas(sheet_of({TITLE: [head, *rows]})) == [30.0, 120.0]
    blank = ["ZD-3", 8, "", "工业", "已供应"]
    assert "row_unit" in errors(sheet_of({TITLE: [head, *rows, blank]}))


def test_a_row_of_units_that_contradicts_the_header(sheet_of: SheetOf) -> None:
    park = sheet_of({TITLE: [HEAD, ["", "公顷", "", ""], ROW]})
    (error,) = with_code(park.problems, "unit_conflict")
    assert "公顷" in error.message


# -- headers --------------------------------------------------------------------------------------


def test_three_levels_with_merged_cells(sheet_of: SheetOf) -> None:
    cells: list[Sequence[Any]] = [
        ["宗地编号", "宗地基本情况", None, None, None],
        [None, "面积（公顷）", None, "土地用途", "供应状态"],
        [None, "宗地面积", "应动工面积", None, None],
        ["ZD-1", 2, 1, "工业", "已供应"],
    ]
    park = sheet_of({TITLE: cells}, merging("A1:A3", "B1:E1", "B2:C2", "D2:D3", "E2:E3"))
    assert errors(park) == []
    assert areas(park) == [30.0]
    assert park.tables["parcels"]["to_build_area_mu"].tolist() == [15.0]


def test_a_group_is_part_of_the_name(sheet_of: SheetOf) -> None:
    cells = [
        [*HEAD, "约定时间", None, "实际时间", None],
        [*[None] * 4, "开工日期", "竣工日期", "开工日期", "竣工日期"],
        [*ROW, "2021-01-01", "2022-01-01", "2021-05-01", "2022-06-01"],
    ]
    ranges = ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1", "G1:H1")
    parcels = sheet_of({TITLE: cells}, merging(*ranges)).tables["parcels"].iloc[0]
    assert str(parcels["agreed_start_date"])[:10] == "2021-01-01"
    assert str(parcels["agreed_completion_date"])[:10] == "2022-01-01"
    assert str(parcels["actual_start_date"])[:10] == "2021-05-01"
    assert str(parcels["actual_completion_date"])[:10] == "2022-06-01"


def test_last_year_is_not_this_year(sheet_of: SheetOf) -> None:
    cells = [
        [*FIRM_HEAD, "上年", None],
        [*[None] * 5, "实缴税收(万元)", "营业收入(万元)"],
        [*FIRM_ROW, 10, 1000],
    ]
    park = sheet_of({"企业效益": cells}, merging("F1:G1"))
    assert [p.column for p in with_code(park.problems, "other_group")] == [
        "上年 实缴税收(万元)",
        "上年 营业收入(万元)",
    ]
    assert park.tables["firms"]["tax_wan"].isna().all()


@pytest.mark.parametrize(
    "numbers", [["甲", "1=2+3", "2", "3"], ["(1)", "(2)", "(3)", "(4)"], ["甲", 1, 2, 3]]
)
def test_rows_of_column_numbers(sheet_of: SheetOf, numbers: list[Any]) -> None:
    head = ["年度", "供应面积(公顷)", "其中工业用地出让面积(公顷)", "其中标准地出让面积(公顷)"]
    park = sheet_of({"历年供地": [head, numbers, [2025, 12, 9, 8]]})
    assert park.tables["supply_history"]["supplied_ha"].tolist() == [12.0]
    assert errors(park) == []


def test_printed_pages_repeat_title_header_and_units(sheet_of: SheetOf) -> None:
    unit = ["", "公顷", "", ""]
    page = [BARE, unit, ["ZD-1", 2, "工业", "已供应"], ["本页小计", 2], ["宗地台账（续）"]]
    park = sheet_of({TITLE: [*page, BARE, unit, ["ZD-2", 4, "工业", "已供应"], ["总计", 6]]})
    assert areas(park) == [30.0, 60.0]
    assert errors(park) == []
    assert [p.row for p in with_code(park.problems, "header_again")] == [6, 7]


def test_another_table_below_is_refused(sheet_of: SheetOf) -> None:
    other = [["统一社会信用代码", "企业名称", "宗地编号", "年度"], [FIRM, "甲", "ZD-9", 2025]]
    park = sheet_of({TITLE: [HEAD, ROW, [], *other]})
    (error,) = with_code(park.problems, "second_header")
    assert (error.row, areas(park)) == (4, [30.0])
    assert "land.stock" in error.touches


# -- rows that are no data ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "row",
    [
        ["合计数", 70],
        ["总 和", 70],
        ["平均", 35],
        ["共2宗", 70],
        ["其中：工业", 70],
        ["工业用地小计", 70, "工业", "已供应"],
        ["全园区工业仓储用地合计", 70],
        ["", "合计", 70],
    ],
)
def test_totals_by_any_name(sheet_of: SheetOf, row: list[Any]) -> None:
    park = sheet_of({TITLE: [HEAD, ROW, SECOND, row]})
    assert areas(park) == [30.0, 40.0]
    assert [p.row for p in with_code(park.problems, "totals_row")] == [4]
    assert errors(park) == []


def test_parts_of_a_total_follow_it(sheet_of: SheetOf) -> None:
    park = sheet_of(
        {TITLE: [HEAD, ROW, SECOND, ["合计", 70], ["其中：一期", 30], ["　　二期", 40]]}
    )
    assert areas(park) == [30.0, 40.0]
    assert errors(park) == []


@pytest.mark.parametrize(
    "row",
    [
        ["填报单位（盖章）：某园区管委会"],
        ["（注：面积按不动产权证）"],
        ["1.本表由园区填报。"],
        ["※ 数据截至2025年底"],
        ["一、已供应土地"],
        ["单位负责人（签字）：", "", "填表人："],
        ["第1页，共1页"],
        ["（以下空白）"],
    ],
)
def test_footers_and_headings_are_left_out_and_said(sheet_of: SheetOf, row: list[Any]) -> None:
    park = sheet_of({TITLE: [HEAD, ROW, row]})
    assert areas(park) == [30.0]
    assert [p.row for p in with_code(park.problems, "note_row")] == [3]
    assert errors(park) == []


@pytest.mark.parametrize("name", ["园区3.2地块", "一、二期地块", "注塑车间：东", "共计科技"])
def test_a_whole_record_is_data_whatever_its_name(sheet_of: SheetOf, name: str) -> None:
    assert areas(sheet_of({TITLE: [HEAD, [name, *ROW[1:]], SECOND]})) == [30.0, 40.0]


def test_a_row_that_lacks_what_is_required_is_no_note(sheet_of: SheetOf) -> None:
    park = sheet_of({TITLE: [HEAD, ROW, ["ZD-9"]]})
    assert set(errors(park)) == {"required"}


# -- sheets ---------------------------------------------------------------------------------------


def hiding(title: str, state: str = "hidden") -> Callable[[Any], None]:
    def hide(book: Any) -> None:
        book[title].sheet_state = state

    return hide


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_read_beside_a_visible_one(sheet_of: SheetOf, state: str) -> None:
    cells = {TITLE: [HEAD, ["ZD-1", 999, "工业", "已供应"]], "2025年宗地台账": [HEAD, ROW]}
    park = sheet_of(cells, hiding(TITLE, state))
    assert areas(park) == [30.0]
    (notice,) = with_code(park.problems, "hidden_sheet")
    assert (notice.sheet, notice.severity) == (TITLE, Severity.NOTICE)


def test_of_sheets_for_two_years_the_assessed_one_is_read(sheet_of: SheetOf) -> None:
    park = sheet_of({"2024年宗地台账": [HEAD, ROW], "2025年宗地台账": [HEAD, SECOND]})
    assert areas(park) == [40.0]
    (notice,) = with_code(park.problems, "sheet_title")
    assert "2024年宗地台账" in notice.message


def test_two_sheets_alike_are_asked_about(sheet_of: SheetOf) -> None:
    park = sheet_of({"2025年宗地台账": [HEAD, ROW], "宗地台账(2025)": [HEAD, SECOND]})
    (error,) = with_code(park.problems, "sheets_alike")
    assert error.got == "2025年宗地台账、宗地台账(2025)"
    assert "land.stock" in error.touches
    assert areas(park) == []


def test_a_workbook_of_which_nothing_is_recognised_is_an_error(sheet_of: SheetOf) -> None:
    (error,) = sheet_of({"Sheet1": [HEAD, ROW]}).problems[:1]
    assert (error.code, error.severity) == ("no_table", Severity.ERROR)
    assert "“Sheet1”→“宗地台账”" in error.remedy


def test_an_unknown_sheet_that_looks_like_a_missing_table(sheet_of: SheetOf) -> None:
    cells = {"园区概况": [["片区", "批准面积(公顷)"], ["主区", 5]], "Sheet1": [HEAD, ROW]}
    (warning,) = with_code(sheet_of(cells).problems, "unknown_sheet")
    assert warning.severity is Severity.WARNING
    assert "宗地台账" in warning.remedy


def test_where_a_table_was_read(sheet_of: SheetOf) -> None:
    cells = [
        ["", "宗地台账"],
        ["", *HEAD],
        ["", *ROW],
        ["", "小计", 30],
        ["", *SECOND],
        ["", "注：略"],
    ]
    source = sheet_of({TITLE: cells}).sources["parcels"]
    assert (source.sheet, source.extent, source.rows) == (TITLE, "B2:E5", 2)
    assert source.left_out == (4, 6)
    assert str(source) == "park.xlsx 宗地台账 B2:E5，2 行数据，略去第 4、6 行"


# -- CSV ------------------------------------------------------------------------------------------


def csv_park(folder: Path, text: str, encoding: str = "utf-8") -> Park:
    (folder / "park.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "宗地台账.csv").write_bytes(text.encode(encoding))
    return read_park(folder)


def test_a_row_with_more_cells_than_the_header_is_refused(tmp_path: Path) -> None:
    text = "宗地编号,土地用途,供应状态,宗地面积(亩)\nZD-1,工业,已供应,1,234\nZD-2,工业,已供应,40\n"
    park = csv_park(tmp_path, text)
    (error,) = with_code(park.problems, "row_too_long")
    assert (error.row, areas(park)) == (2, [40.0])


def test_a_quote_that_is_not_closed_swallows_no_rows(tmp_path: Path) -> None:
    text = '宗地编号,宗地名称,宗地面积(亩),土地用途,供应状态\nZD-1,"甲,30,工业,已供应\n'
    text += 'ZD-2,乙,40,工业,已供应\nZD-3,"丙",50,工业,已供应\n'
    assert "row_too_long" in errors(csv_park(tmp_path, text))


@pytest.mark.parametrize("first", ["sep=;\n", ""])
def test_the_separator_is_the_one_that_names_the_columns(tmp_path: Path, first: str) -> None:
    text = f"{first}宗地编号;宗地面积(亩);土地用途;供应状态\nZD-1,ZD-1,ZD-1,;30;工业;已供应\n"
    assert areas(csv_park(tmp_path, text)) == [30.0]


def test_text_kept_from_excel_by_a_formula(tmp_path: Path) -> None:
    text = '宗地编号,宗地面积(亩),土地用途,供应状态\n="007",30,工业,已供应\n'
    assert csv_park(tmp_path, text).tables["parcels"]["parcel_id"].tolist() == ["007"]


def test_a_remark_of_several_lines_is_one_cell(tmp_path: Path) -> None:
    text = '宗地编号,宗地面积(亩),土地用途,供应状态,备注\nZD-1,30,工业,已供应,"一\n二\n三"\n'
    park = csv_park(tmp_path, text)
    assert (areas(park), errors(park)) == ([30.0], [])


def test_the_unit_in_one_header_is_not_that_of_another(sheet_of: SheetOf) -> None:
    head = ["宗地编号", "宗地面积（单位：公顷）", "土地用途", "供应状态", "绿地面积"]
    parcels = sheet_of({TITLE: [head, ["ZD-1", 8, "工业", "已供应", 500]]}).tables["parcels"]
    assert (parcels["area_mu"].item(), parcels["green_m2"].item()) == (120.0, 500.0)
