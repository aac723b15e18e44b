"""Cells: forgiving in form, never in content."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greenland.errors import Severity
from greenland.park.cells import CellError, Cells, Context, parse_number, read_cells
from greenland.park.header import match_header


def read(sheet: str, header: str, *values: Any, **context: Any) -> Cells:
    match = match_header(sheet, header)
    assert match is not None
    return read_cells(values, Context(match, **context))


def one(sheet: str, header: str, value: Any, **context: Any) -> Any:
    cells = read(sheet, header, value, **context)
    assert [f for f in cells.faults if f.severity is not Severity.NOTICE] == []
    return cells.values[0]


def fault(sheet: str, header: str, value: Any, **context: Any) -> str:
    cells = read(sheet, header, value, **context)
    assert cells.values == [None]
    (found,) = cells.faults
    assert found.severity is Severity.ERROR
    return found.code


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (120, 120.0),
        ("120", 120.0),
        ("１２０．５", 120.5),
        ("1,234.5", 1234.5),
        ("1，234.5", 1234.5),
        (" 12 ", 12.0),
        ("-3", -3.0),
        ("−3", -3.0),
        ("1e3", 1000.0),
        ("120亩", 120.0),
        ("120 亩", 120.0),
        ("8公顷", 120.0),
        ("80000㎡", 120.0),
        ("8万㎡", 120.0),
    ],
)
def test_numbers_in_a_mu_column(value: Any, expected: float) -> None:
    assert one("parcels", "宗地面积(亩)", value) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("header", ["宗地面积(公顷)", "宗地面积（公顷）", "宗地面积/公顷"])
def test_header_unit_converts(header: str) -> None:
    assert one("parcels", header, 8) == 120.0


def test_cell_unit_wins_over_header_unit() -> None:
    cells = read("parcels", "宗地面积(公顷)", "120亩")
    assert cells.values == [120.0]
    assert [f.code for f in cells.faults] == ["cell_unit"]
    assert "已换算为 120亩" in cells.faults[0].message


@pytest.mark.parametrize(
    "value", ["约120", "100-120", "12,34", "百二", True, "120人", "1.2万", "1e999"]
)
def test_what_is_not_a_number_is_refused(value: Any) -> None:
    assert fault("parcels", "宗地面积(亩)", value) in (
        "not_a_number",
        "several_numbers",
        "unit",
    )


def test_unit_of_another_kind_is_refused() -> None:
    assert fault("parcels", "宗地面积(亩)", "120万元") == "unit"


def test_date_in_a_number_column_is_refused() -> None:
    assert fault("parcels", "宗地面积(亩)", dt.date(2023, 5, 1)) == "date_in_number"


def test_electricity_is_not_coal_at_equivalent_value() -> None:
    assert fault("firms", "综合能源消费量(等价值)(吨标煤)", "100MWh") == "unit"


def test_error_cell_is_refused() -> None:
    assert fault("parcels", "宗地面积(亩)", CellError("#DIV/0!")) == "cell_error"
    assert fault("parcels", "宗地面积(亩)", CellError("=A1*2")) == "formula"


@pytest.mark.parametrize("value", ["-", "—", "/", "无", "N/A"])
def test_placeholders_are_blank_and_said(value: str) -> None:
    cells = read("parcels", "宗地面积(亩)", value)
    assert cells.values == [None]
    assert [f.code for f in cells.faults] == ["placeholder"]


# -- shares: the rule of docs/input.md ------------------------------------------------------------


def test_share_under_percent_header_is_per_cent() -> None:
    assert read("pipeline", "计划建筑系数(%)", 35, 7).values == [0.35, 0.07]


def test_share_formatted_as_per_cent_is_taken_as_it_is() -> None:
    assert one("pipeline", "计划建筑系数(%)", 0.35, formats={0: "0%"}) == 0.35


def test_share_with_sign_is_per_cent_under_any_header() -> None:
    for header in ("计划建筑系数(%)", "计划建筑系数", "计划建筑系数(小数)"):
        assert one("pipeline", header, "35%") == 0.35
        assert one("pipeline", header, "35％") == 0.35


def test_share_as_decimal() -> None:
    assert one("pipeline", "计划建筑系数(小数)", 0.35) == 0.35


def test_share_without_unit_up_to_one_is_ambiguous() -> None:
    assert fault("pipeline", "计划建筑系数", 0.35) == "ambiguous_share"
    assert one("pipeline", "计划建筑系数", 35) == 0.35
    assert one("pipeline", "计划建筑系数", 0) == 0.0


def test_small_shares_under_percent_header_are_doubted_once() -> None:
    cells = read("pipeline", "计划建筑系数(%)", 0.35, 0.4)
    assert cells.values == [0.0035, 0.004]
    assert [f.code for f in cells.faults] == ["small_share"]
    assert read("pipeline", "计划建筑系数(%)", 0.8, 35).faults == []


# -- dates and years ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        dt.date(2023, 5, 1),
        dt.datetime(2023, 5, 1, 8, 30),
        "2023-05-01",
        "2023/5/1",
        "2023.5.1",
        "2023年5月1日",
        "２０２３年５月１日",
        "20230501",
        20230501,
        45047,  # Excel's serial number of 2023-05-01
        "45047",
        "2023年5月",
        "2023.5",
        2023.5,
        "2023-05",
    ],
)
def test_dates(value: Any) -> None:
    assert one("parcels", "供应日期", value) == dt.date(2023, 5, 1)


def test_october_as_text_and_as_number() -> None:
    assert one("parcels", "供应日期", "2023.10") == dt.date(2023, 10, 1)
    assert fault("parcels", "供应日期", 2023.1) == "ambiguous_month"
    assert one("parcels", "供应日期", "2023.1") == dt.date(2023, 1, 1)
    assert fault("parcels", "供应日期", "2023.1", text_only=True) == "ambiguous_month"


@pytest.mark.parametrize("value", [dt.date(1899, 12, 31), dt.datetime(1900, 1, 1), "1900-01-01"])
def test_zero_shown_as_a_date_is_refused(value: Any) -> None:
    assert fault("parcels", "供应日期", value) == "date_zero"


def test_month_only_and_serial_are_said() -> None:
    cells = read("parcels", "供应日期", "2023年5月", 45047)
    assert [f.code for f in cells.faults] == ["month_only", "date_serial"]


@pytest.mark.parametrize("value", ["2023", "2023年", "5月1日", "2023-13-01", "去年", 12.5, True])
def test_what_is_not_a_date_is_refused(value: Any) -> None:
    assert fault("parcels", "供应日期", value) == "not_a_date"


@pytest.mark.parametrize("value", [2025, 2025.0, "2025", "2025年", "2025年度", "２０２５"])
def test_years(value: Any) -> None:
    assert one("firms", "年度", value) == 2025


@pytest.mark.parametrize("value", ["25", 2025.5, "二〇二五", 12025])
def test_what_is_not_a_year_is_refused(value: Any) -> None:
    assert fault("firms", "年度", value) == "not_a_year"


# -- words and codes ----------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["工业", "工业用地", " 工 业 ", "industrial", "Industrial"])
def test_choices_by_name_synonym_and_code(value: str) -> None:
    assert one("parcels", "土地用途", value) == "industrial"


def test_unknown_choice_names_the_nearest() -> None:
    cells = read("parcels", "供应状态", "批而未拱")
    assert cells.faults[0].code == "choice"
    assert "是否应为“批而未供”" in cells.faults[0].remedy
    assert "尚可供应" in cells.faults[0].allowed


@pytest.mark.parametrize(
    ("value", "expected"), [("是", True), ("否", False), (True, True), (1, True), ("×", False)]
)
def test_yes_and_no(value: Any, expected: bool) -> None:
    assert one("parcels", "是否标准地", value) is expected


def test_codes_keep_their_form() -> None:
    assert one("parcels", "宗地编号", 1001.0) == "1001"
    assert one("parcels", "宗地编号", "Ｇ－００１") == "G-001"
    assert (
        one("parcels", "使用权人统一社会信用代码", " 91530100ma6k 12345x ") == "91530100MA6K12345X"
    )
    assert one("parcels", "相邻宗地编号", "ZD-1、ZD-2；ZD-3") == ("ZD-1", "ZD-2", "ZD-3")
    assert one("parcels", "行业代码", "C3218") == "3218"
    assert one("parcels", "行业代码", 3218.0) == "3218"
    assert one("land_use", "地类代码", "b21") == "B21"


def test_codes_damaged_by_excel_are_refused() -> None:
    assert fault("parcels", "使用权人统一社会信用代码", 9.15301e17) == "digits_lost"
    assert fault("parcels", "宗地编号", dt.date(2023, 5, 1)) == "code_as_date"


def test_industry_by_name_is_refused() -> None:
    assert fault("parcels", "行业代码", "有色金属冶炼") == "industry_form"


# -- properties ---------------------------------------------------------------------------------


@given(st.floats(min_value=-1e9, max_value=1e9, allow_nan=False).map(lambda x: round(x, 4)))
def test_thousand_separators_change_nothing(value: float) -> None:
    assert parse_number(f"{value:,.4f}") == parse_number(f"{value:.4f}")


@given(
    st.floats(min_value=0, max_value=1e6, allow_nan=False), st.sampled_from(["亩", "公顷", "㎡"])
)
def test_unit_in_header_and_in_cell_agree(value: float, unit: str) -> None:
    text = f"{value:.6f}"
    by_header = read("parcels", f"宗地面积({unit})", float(text)).values[0]
    by_cell = read("parcels", "宗地面积(亩)", f"{text}{unit}").values[0]
    assert by_header == pytest.approx(by_cell, rel=1e-12)


@given(st.dates(min_value=dt.date(1950, 1, 2), max_value=dt.date(2099, 12, 30)))
def test_every_way_of_writing_a_day_is_the_same_day(day: dt.date) -> None:
    serial = (day - dt.date(1899, 12, 30)).days
    ways = [
        day,
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        serial,
    ]
    assert {one("parcels", "供应日期", way) for way in ways} == {day}
