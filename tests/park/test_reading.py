"""Whole sheets read from workbooks and CSV files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sound_park import CONFIG, FIRM_A, Rows, with_code

from greenland.errors import InputError, Severity
from greenland.park import Park, read_park

SheetOf = Callable[..., Park]
HEAD = ["宗地编号", "宗地面积(亩)", "土地用途", "供应状态", "供应日期"]
ROW = ["ZD-1", 30, "工业", "已供应", "2023-05-01"]
SECOND = ["ZD-2", 40, "工业", "已供应", "2023-05-01"]


def errors(park: Park) -> list[str]:
    return [problem.code for problem in park.problems if problem.severity is Severity.ERROR]


def test_sound_park_has_no_problem(park_of: Callable[[Rows], Park], rows: Rows) -> None:
    assert park_of(rows).problems == ()


def test_title_rows_and_excel_rows(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [["某园区宗地台账"], [], HEAD, ROW, [], SECOND]})
    parcels = park.tables["parcels"]
    assert list(parcels.index) == [4, 6]
    assert parcels.index.name == "row"
    assert errors(park) == []


def test_merged_title(sheet_of: SheetOf) -> None:
    def merge(book: Any) -> None:
        book["宗地台账"].merge_cells("A1:E1")

    park = sheet_of({"宗地台账": [["某园区宗地台账（2025年）"], HEAD, ROW]}, merge)
    assert list(park.tables["parcels"]["parcel_id"]) == ["ZD-1"]


def test_row_of_units_below_the_header(sheet_of: SheetOf) -> None:
    head = ["宗地编号", "宗地面积", "土地用途", "供应状态"]
    park = sheet_of({"宗地台账": [head, ["", "公顷", "", ""], ["ZD-1", 2, "工业", "已供应"]]})
    assert park.tables["parcels"]["area_mu"].tolist() == [30.0]


def test_row_of_column_numbers_below_the_header(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ["甲", 1, 2, 3, 4], ROW]})
    assert list(park.tables["parcels"].index) == [3]


@pytest.mark.parametrize("word", ["合计", "合　计", "总计：", "小计", "主区小计", "合计（2宗）"])
def test_totals_rows_are_left_out_with_a_notice(sheet_of: SheetOf, word: str) -> None:
    park = sheet_of({"宗地台账": [HEAD, ROW, SECOND, [word, 70]]})
    assert len(park.tables["parcels"]) == 2
    (notice,) = with_code(park.problems, "totals_row")
    assert (notice.severity, notice.row) == (Severity.NOTICE, 4)


def test_a_parcel_of_a_similar_name_is_no_total(sheet_of: SheetOf) -> None:
    row = ["合计科技地块", *ROW[1:]]
    park = sheet_of({"宗地台账": [HEAD, ROW, row]})
    assert len(park.tables["parcels"]) == 2


def test_total_that_is_not_the_sum_is_a_warning(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ROW, SECOND, ["合计", 95]]})
    (warning,) = with_code(park.problems, "total_differs")
    assert warning.severity is Severity.WARNING
    assert "各行之和为 70亩" in warning.message
    assert warning.got == "95"


def test_notes_below_the_table_are_left_out(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ROW, ["填表人：张三"], ["注：面积按证载"]]})
    assert len(park.tables["parcels"]) == 1
    assert [p.row for p in with_code(park.problems, "note_row")] == [3, 4]


def test_unknown_column_names_the_nearest(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [[*HEAD, "宗地名秤", "内部流水"], [*ROW, "甲", "x"]]})
    near, far = with_code(park.problems, "unknown_column")
    assert (near.severity, near.column) == (Severity.WARNING, "宗地名秤")
    assert "是否应为“宗地名称”" in near.remedy
    assert (far.severity, far.column) == (Severity.NOTICE, "内部流水")


def test_serial_number_column_needs_no_word(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [["序号", *HEAD], [1, *ROW]]})
    assert with_code(park.problems, "unknown_column") == []


def test_data_without_a_header_is_said(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, [*ROW, 5]]})
    (warning,) = with_code(park.problems, "no_column_name")
    assert "第 6 列没有列名" in warning.message


def test_missing_required_column(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [[HEAD[0], *HEAD[2:]], [ROW[0], *ROW[2:]]]})
    (error,) = with_code(park.problems, "missing_column")
    assert "缺少必填列“宗地面积(亩)”" in error.message
    assert park.blocked("land.standard_land") == [error]
    assert park.blocked("energy") == []


def test_column_twice(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [[*HEAD, "面积(公顷)"], [*ROW, 2]]})
    (error,) = with_code(park.problems, "column_twice")
    assert error.column == "面积(公顷)"
    assert park.tables["parcels"]["area_mu"].isna().all()  # which is meant is not known


def test_unit_that_cannot_be_converted(sheet_of: SheetOf) -> None:
    head = ["宗地编号", "宗地面积(万元)", "土地用途", "供应状态"]
    park = sheet_of({"宗地台账": [head, ["ZD-1", 30, "工业", "已供应"]]})
    (error,) = with_code(park.problems, "unit")
    assert "不能换算为“亩”" in error.message
    assert park.tables["parcels"]["area_mu"].isna().all()


def test_no_header_at_all(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [["没有", "列名"], [1, 2]]})
    (error,) = with_code(park.problems, "no_header")
    assert "宗地编号" in error.allowed


def test_required_cell_blank(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ["ZD-1", None, "工业", "已供应", "2023-05-01"]]})
    (error,) = with_code(park.problems, "required")
    assert (error.row, error.column) == (2, "宗地面积(亩)")
    assert "land.standard_land" in error.touches


def test_what_a_merged_cell_holds_is_read_for_each_row_and_said(sheet_of: SheetOf) -> None:
    def merge(book: Any) -> None:
        book["宗地台账"].merge_cells("C2:C3")

    park = sheet_of({"宗地台账": [HEAD, ROW, SECOND]}, merge)
    assert park.tables["parcels"]["land_use"].tolist() == ["industrial", "industrial"]
    (notice,) = with_code(park.problems, "merged_filled")
    assert (notice.row, notice.column, notice.severity) == (2, "土地用途", Severity.NOTICE)
    assert "第 3 行" in notice.message


def test_a_merged_amount_is_refused_in_every_row(sheet_of: SheetOf) -> None:
    def merge(book: Any) -> None:
        book["宗地台账"].merge_cells("B2:B3")

    park = sheet_of({"宗地台账": [HEAD, ROW, SECOND]}, merge)
    found = with_code(park.problems, "merged_cell")
    assert [(error.row, error.column) for error in found] == [
        (2, "宗地面积(亩)"),
        (3, "宗地面积(亩)"),
    ]
    assert park.tables["parcels"]["area_mu"].isna().all()


def test_a_cell_merged_across_columns_is_refused(sheet_of: SheetOf) -> None:
    def merge(book: Any) -> None:
        book["宗地台账"].merge_cells("C2:D2")

    park = sheet_of({"宗地台账": [HEAD, ROW, SECOND]}, merge)
    assert [p.column for p in with_code(park.problems, "merged_cell")] == ["土地用途", "供应状态"]


def test_records_two_rows_high_are_read(sheet_of: SheetOf) -> None:
    def merge(book: Any) -> None:
        for letter in "ABCDE":
            book["宗地台账"].merge_cells(f"{letter}2:{letter}3")

    park = sheet_of({"宗地台账": [HEAD, ROW, [], SECOND]}, merge)
    assert park.tables["parcels"]["area_mu"].tolist() == [30.0, 40.0]
    assert errors(park) == []


def test_error_cell_is_found(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ["ZD-1", "#DIV/0!", *ROW[2:]]]})
    (error,) = with_code(park.problems, "cell_error")
    assert (error.row, error.got) == (2, "#DIV/0!")
    assert with_code(park.problems, "required") == []


def test_formula_without_result_is_found(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ["ZD-1", "=10*3", *ROW[2:]]]})
    (error,) = with_code(park.problems, "formula")
    assert error.got == "=10*3"


def test_cell_formatted_as_per_cent(sheet_of: SheetOf) -> None:
    head = [
        "项目编号",
        "项目名称",
        "行业代码",
        "申请用地面积(亩)",
        "固定资产投资额(万元)",
        "计划绿地率(%)",
    ]
    row = ["XM-1", "铝箔", "3252", 40, 9000, 0.12]

    def form(book: Any) -> None:
        book["项目储备"]["F2"].number_format = "0%"

    assert sheet_of({"项目储备": [head, row]}, form).tables["pipeline"]["green_ratio"].tolist() == [
        0.12
    ]


def test_plain_number_under_per_cent_header(sheet_of: SheetOf) -> None:
    head = [
        "项目编号",
        "项目名称",
        "行业代码",
        "申请用地面积(亩)",
        "固定资产投资额(万元)",
        "计划绿地率(%)",
    ]
    park = sheet_of({"项目储备": [head, ["XM-1", "铝箔", "3252", 40, 9000, 12]]})
    assert park.tables["pipeline"]["green_ratio"].tolist() == [0.12]


def test_many_faults_of_one_kind_are_listed_by_row(sheet_of: SheetOf) -> None:
    bad = [[f"ZD-{n}", "约3", "工业", "已供应", "2023-05-01"] for n in range(200)]
    found = with_code(sheet_of({"宗地台账": [HEAD, *bad]}).problems, "not_a_number")
    assert len(found) == 21
    assert "另有 179 行有同样问题：第 23–201 行" in found[-1].message


# -- sheets ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title", ["宗地台账", "表1 宗地台账", "附表2、宗地台账", "Parcels", "parcels"]
)
def test_titles_of_sheets(sheet_of: SheetOf, title: str) -> None:
    assert len(sheet_of({title: [HEAD, ROW]}).tables["parcels"]) == 1


def test_title_within_a_longer_one(sheet_of: SheetOf) -> None:
    park = sheet_of({"2025年宗地台账（定稿）": [HEAD, ROW]})
    assert len(park.tables["parcels"]) == 1
    (notice,) = with_code(park.problems, "sheet_title")
    assert notice.message == "按“宗地台账”读取。"


def test_longer_title_beside_the_right_one_is_left(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ROW], "宗地台账备份": [HEAD, SECOND]})
    assert list(park.tables["parcels"]["parcel_id"]) == ["ZD-1"]
    assert with_code(park.problems, "unknown_sheet")


def test_unknown_sheet_names_the_nearest(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ROW], "宗地台帐": [HEAD, SECOND]})
    (warning,) = with_code(park.problems, "unknown_sheet")
    assert (warning.sheet, warning.severity) == ("宗地台帐", Severity.WARNING)
    assert "是否应为“宗地台账”" in warning.remedy


def test_same_sheet_twice(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ROW], "Parcels": [HEAD, SECOND]})
    (error,) = with_code(park.problems, "sheet_twice")
    assert error.sheet == "Parcels"
    assert list(park.tables["parcels"]["parcel_id"]) == ["ZD-1"]


def test_missing_sheets_are_said_and_empty(sheet_of: SheetOf) -> None:
    park = sheet_of({"宗地台账": [HEAD, ROW]})
    assert len(with_code(park.problems, "no_sheet")) == 6
    assert next(iter(park.tables["firms"].columns)) == "firm_id"
    assert park.tables["firms"].empty


# -- CSV ------------------------------------------------------------------------------------------

CSV_TEXT = (
    '宗地编号,宗地面积(公顷),土地用途,供应状态\nZD-1,"1,000.5",工业,已供应\n\n合计,1000.5,,\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_csv_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "宗地台账.csv").write_bytes(CSV_TEXT.encode(encoding))
    park = read_park(tmp_path)
    assert park.tables["parcels"]["area_mu"].tolist() == [15007.5]
    assert park.tables["parcels"].index.tolist() == [2]
    assert errors(park) == []


def test_csv_with_other_separators(tmp_path: Path) -> None:
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    text = "宗地编号\t宗地面积(亩)\t土地用途\t供应状态\nZD-1\t30\t工业\t已供应\n"
    (tmp_path / "parcels.csv").write_text(text, encoding="utf-8")
    assert read_park(tmp_path).tables["parcels"]["area_mu"].tolist() == [30.0]


def test_csv_beside_the_same_sheet_of_the_workbook(sheet_of: SheetOf, tmp_path: Path) -> None:
    (tmp_path / "宗地台账.csv").write_text(CSV_TEXT, encoding="utf-8")
    park = sheet_of({"宗地台账": [HEAD, ROW]})
    (error,) = with_code(park.problems, "sheet_twice")
    assert error.file == "宗地台账.csv"


# -- folders --------------------------------------------------------------------------------------


def test_folder_without_tables(tmp_path: Path) -> None:
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    park = read_park(tmp_path)
    (warning,) = park.problems
    assert (warning.code, warning.severity) == ("no_workbook", Severity.WARNING)


def test_old_excel_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "台账.xls").write_bytes(b"x")
    (error,) = read_park(tmp_path).problems
    assert error.severity is Severity.ERROR
    assert "台账.xls" in error.remedy


def test_workbook_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "park.yaml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "park.xlsx").write_bytes(b"not a workbook")
    with pytest.raises(InputError, match="无法作为 Excel 工作簿打开"):
        read_park(tmp_path)


def test_faulty_settings_do_not_hide_faulty_tables(sheet_of: SheetOf) -> None:
    with pytest.raises(InputError) as caught:
        sheet_of({"宗地台账": [HEAD, ["ZD-1", "约3", *ROW[2:]]]}, config="name: 甲\nlevel: 省级\n")
    codes = {problem.code for problem in caught.value.problems}
    assert {"yaml_missing", "not_a_number"} <= codes


def test_types_of_columns(park_of: Callable[[Rows], Park], rows: Rows) -> None:
    parcels = park_of(rows).tables["parcels"]
    assert parcels["area_mu"].dtype == "float64"
    assert parcels["standard_land"].dtype == "boolean"
    assert pd.api.types.is_datetime64_any_dtype(parcels["supply_date"])
    assert parcels["parcel_id"].dtype == "str"
    assert parcels.loc[2, "holder_id"] == FIRM_A
    assert parcels["adjacent_parcels"].tolist() == [(), (), (), ("ZD-3",)]
    assert park_of(rows).tables["firms"]["year"].dtype == "Int64"
