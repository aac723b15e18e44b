"""A cell is understood whole or refused: marks, remarks, spans, lost digits, formats, 1904."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from greenland.errors import Severity
from greenland.park.cells import EPOCH_1904, Cells, Context, footnote_marks, read_cells
from greenland.park.cells.formats import Shown, shown_by
from greenland.park.header import match_header

AREA, TAX = ("parcels", "宗地面积(亩)"), ("firms", "实缴税收(万元)")
DAY, CODE = ("parcels", "供应日期"), ("parcels", "宗地编号")
INDUSTRY, CREDIT = ("firms", "行业代码"), ("firms", "统一社会信用代码")


def read(place: tuple[str, str], *values: Any, **context: Any) -> Cells:
    match = match_header(*place)
    assert match is not None
    return read_cells(values, Context(match, **context))


def refused(place: tuple[str, str], value: Any, **context: Any) -> str:
    cells = read(place, value, **context)
    assert cells.values == [None]
    (fault,) = cells.faults
    assert fault.severity is Severity.ERROR
    return fault.code


def told(place: tuple[str, str], value: Any, **context: Any) -> tuple[Any, list[str]]:
    cells = read(place, value, **context)
    assert all(fault.severity is not Severity.ERROR for fault in cells.faults)
    return cells.values[0], [fault.code for fault in cells.faults]


# -- marks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["120①", "120²", "35.6¹", "120⑴", "120⒈", "½", "12½", "①", "120❶"]
)
def test_a_number_with_a_footnote_mark_is_refused(value: str) -> None:
    assert refused(AREA, value) == "footnote_mark"


@pytest.mark.parametrize("place", [DAY, CODE, CREDIT, INDUSTRY, ("firms", "年度")])
def test_marks_are_refused_in_dates_codes_and_years(place: tuple[str, str]) -> None:
    assert refused(place, "2023.1①") == "footnote_mark"
    assert refused(place, "2025²") == "footnote_mark"


def test_marks_in_text_stay_and_powers_of_units_are_none() -> None:
    assert told(("parcels", "使用权人"), "甲公司①") == ("甲公司①", [])
    assert told(AREA, "80000 m²") == (pytest.approx(120.0), ["cell_unit"])
    assert footnote_marks("0.08 km²、80000㎡、〇号、Ⅱ区") == []


@pytest.mark.parametrize(
    "value", ["120*", "120※", "120(1)", "120[1]", "120+", "120a", "~120", "≈120"]
)
def test_other_signs_beside_a_number_are_refused(value: str) -> None:
    assert refused(AREA, value) in ("not_a_number", "unit")


@pytest.mark.parametrize("sign", ["\u200b", "\ufeff", "\u202a", "\u2060", "\u00ad"])
def test_signs_that_show_nothing_are_dropped_and_named(sign: str) -> None:
    assert told(CREDIT, f"91532301MA6T00031R{sign}") == ("91532301MA6T00031R", ["invisible_sign"])
    value, codes = told(AREA, f"{sign}120")
    assert (value, codes) == (120.0, ["invisible_sign"])
    fault = read(DAY, f"2023-05-01{sign}").faults[0]
    assert f"U+{ord(sign):04X}" in fault.message


# -- several values in a cell ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", ["12 15", "12\n15", "12/15", "12、15", "100-120", "12 150", "1 2 3"]
)
def test_two_numbers_are_refused(value: str) -> None:
    assert refused(AREA, value) == "several_numbers"


@pytest.mark.parametrize(
    "value", ["12\u2009345.5", "12\u00a0345.5", "12'345.5", "12,345.5", "12，345.5"]
)
def test_groups_of_three_are_one_number(value: str) -> None:
    assert told(AREA, value) == (12345.5, [])


def test_a_comma_that_may_be_a_decimal_sign_is_refused() -> None:
    cells = read(AREA, "1,234", "40,5", "7")
    assert cells.values == [None, None, 7.0]
    assert [fault.code for fault in cells.faults] == ["comma_unclear", "not_a_number"]
    assert refused(AREA, "1,234", comma_unclear=True) == "comma_unclear"
    assert told(AREA, "1,234.5", comma_unclear=True) == (1234.5, [])


@pytest.mark.parametrize(
    "value",
    [
        "2022-03-01 （经批准延期至2025-06-01）",
        "2022-03-01 改为2025-06-01",
        "2023.5-6",
        "2023.5-2024.6",
        "2023年5-6月",
        "2023-05-01至2024-05-01",
    ],
)
def test_two_dates_or_a_span_are_refused(value: str) -> None:
    assert refused(DAY, value) == "several_dates"


@pytest.mark.parametrize(
    "value", ["2023-05-01前", "2023年5月底", "约2023-05-01", "2023-05/06", "05/06/2023", "23-05-06"]
)
def test_a_remark_beside_a_date_is_refused(value: str) -> None:
    assert refused(DAY, value) in ("not_a_date", "several_dates")


@pytest.mark.parametrize(
    "value", ["2023-05-01 00:00:00", "2023-05-01T08:30", "2023/5/1 8:30", "2023年5月1日 08:30:00"]
)
def test_a_time_of_day_may_follow_a_date(value: str) -> None:
    assert told(DAY, value) == (dt.date(2023, 5, 1), [])


def test_serial_numbers_of_the_1904_system() -> None:
    day, codes = told(DAY, 43585, epoch=EPOCH_1904)
    assert (day, codes) == (dt.date(2023, 5, 1), ["date_serial"])
    assert told(DAY, 43585)[0] == dt.date(2019, 4, 30)


@pytest.mark.parametrize("value", ["ZD-1、ZD-2", "ZD-1 ZD-2", "ZD-1\nZD-2", "ZD-1;ZD-2"])
def test_two_codes_are_refused(value: str) -> None:
    assert refused(CODE, value) == "several_codes"


def test_blanks_inside_a_code_are_said() -> None:
    assert told(CODE, "ZD 001") == ("ZD001", ["code_blanks"])
    assert told(CREDIT, "9153 2301 MA6T 00031R") == ("91532301MA6T00031R", [])


# -- lost digits ----------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [610, 911, 810, 61, 91, 321])
def test_an_industry_code_that_may_have_lost_its_zero_is_refused(value: int) -> None:
    assert refused(INDUSTRY, value) == "zero_lost"
    assert refused(INDUSTRY, str(value), text_only=True) == "zero_lost"


@pytest.mark.parametrize(
    ("value", "code"), [("0610", "0610"), ("610", "610"), (6, "06"), (32, "32"), (3218, "3218")]
)
def test_an_industry_code_that_is_whole(value: Any, code: str) -> None:
    assert told(INDUSTRY, value) == (code, [])


def test_zeros_shown_by_the_format_belong_to_the_code() -> None:
    assert told(INDUSTRY, 610, formats={0: "0000"}) == ("0610", [])
    assert told(CODE, 7, formats={0: "000"}) == ("007", [])
    assert refused(CODE, 7, formats={0: '"ZD-"000'}) == "code_by_format"


def test_the_section_letter_must_hold_the_division() -> None:
    assert told(INDUSTRY, "B0610") == ("0610", [])
    assert refused(INDUSTRY, "B610") == "industry_section"


@pytest.mark.parametrize("value", ["9.15301E+17", "5.30102e+11", 9.15301e17])
def test_digits_lost_to_scientific_notation(value: Any) -> None:
    assert refused(CREDIT, value) == "digits_lost"
    assert refused(CODE, value) == "digits_lost"


def test_a_number_in_scientific_notation_says_how_many_digits_it_has() -> None:
    assert told(AREA, "1.23457E+08") == (123457000.0, ["scientific"])
    assert told(AREA, "1.5E+01") == (15.0, [])


@pytest.mark.parametrize("value", ["1月2日", "2-Jan", "2023/1/2"])
def test_a_code_that_became_a_date_in_csv(value: str) -> None:
    assert refused(CODE, value, text_only=True) == "code_as_date"


# -- number formats: ECMA-376 Part 1, 18.8.31 -----------------------------------------------------


@pytest.mark.parametrize(
    ("form", "shown"),
    [
        ("General", Shown()),
        ("#,##0.00_);[Red](#,##0.00)", Shown()),
        ('_ ¥* #,##0.00_ ;_ ¥* \\-#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', Shown()),
        ("0.0,", Shown(1e-3)),
        ("0.00,,", Shown(1e-6)),
        ("0!.0,", Shown(1e-4)),
        ('0"."0,', Shown(1e-4)),
        ("0\\.0000", Shown(1e-4)),
        ('0.00,"万元"', Shown(1e-3, "万元")),
        ("0%", Shown(100.0, "%")),
        ('0.0"%"', Shown(1.0, "%")),
        ("[$$-409]#,##0.00", Shown(1.0, "$")),
        ('G/通用格式"亩"', Shown(1.0, "亩")),
        (";;;", Shown(hidden=True)),
        ("0000", Shown(digits=4)),
    ],
)
def test_what_a_format_shows(form: str, shown: Shown) -> None:
    assert shown_by(form) == shown


@pytest.mark.parametrize(
    ("form", "held", "read_as", "codes"),
    [
        ("0!.0,", 12345678, 1234.5678, ["format_scaled"]),
        ("0.00,", 12345678, 12345.678, ["format_scaled"]),
        ('0.00"万元"', 1234.5, 1234.5, []),
        ('0.00"元"', 12345678, 1234.5678, ["format_unit"]),
        ('0.00,"元"', 12345678, 1.2345678, ["format_unit"]),
        ('"¥"#,##0.00', 1234.5, 1234.5, []),
        ("#,##0.00", 1234.5, 1234.5, []),
        ("0.00,", 0, 0.0, []),
    ],
)
def test_amounts_are_read_as_they_are_shown(
    form: str, held: float, read_as: float, codes: list[str]
) -> None:
    value, found = told(TAX, held, formats={0: form})
    assert (value, found) == (pytest.approx(read_as, rel=1e-12), codes)


def test_ten_thousands_shown_under_yuan_are_the_number_held() -> None:
    assert told(("firms", "实缴税收(元)"), 12345678, formats={0: '0!.0,"万"'}) == (1234.5678, [])
    assert refused(TAX, 12345678, formats={0: '0!.0,"万"'}) == "format_unclear"


@pytest.mark.parametrize(
    "form", [";;;", "[$$-409]0.00", '0.00"约"', '0.00"美元"', '0"万"', '"US$"0.00']
)
def test_formats_that_leave_the_amount_open_are_refused(form: str) -> None:
    assert refused(TAX, 1234.5, formats={0: form}) in ("format_unclear", "unit")


def test_a_scaled_number_without_a_unit_in_the_header_is_refused() -> None:
    assert refused(("firms", "实缴税收"), 12345678, formats={0: "0.00,"}) == "format_unclear"


def test_per_cent_in_an_area_is_refused() -> None:
    assert refused(AREA, 1.2, formats={0: "0%"}) == "unit"
    assert told(("parcels", "承诺容积率"), 1.2, formats={0: "0%"})[0] == 1.2


@pytest.mark.parametrize("header", ["计划绿地率(%)", "计划绿地率", "计划绿地率(小数)"])
def test_shares_by_format(header: str) -> None:
    assert told(("pipeline", header), 0.12, formats={0: "0.0%"}) == (0.12, [])
    assert told(("pipeline", header), 12, formats={0: '0"%"'}) == (0.12, [])
