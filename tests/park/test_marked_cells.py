"""What cells and sheets say by the way they are written: raised, struck, denied, of part of a year.

All data are invented.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from sound_park import CONFIG, FIRM_A, FIRM_B, Rows

from greenland.errors import Problem
from greenland.park import Park, read_park

SheetOf = Callable[..., Park]
HEAD = [
    "宗地编号",
    "宗地面积(亩)",
    "土地用途",
    "供应状态",
    "使用权人",
    "固定资产投资额(含地价)(万元)",
]
ROW = ["ZD-1", 61.5, "工业", "已供应", "甲公司", 29000]
FIRMS = [
    "统一社会信用代码",
    "企业名称",
    "年度",
    "是否规上",
    "行业代码",
    "实缴税收(万元)",
    "营业收入(万元)",
]


def parcels(*rows: Sequence[Any], head: Sequence[Any] = HEAD) -> dict[str, list[Sequence[Any]]]:
    return {"宗地台账": [head, *rows]}


def changed(place: int, value: Any) -> list[Any]:
    return [*ROW[:place], value, *ROW[place + 1 :]]


def firms(above: Sequence[Sequence[Any]] = (), head: Sequence[str] = FIRMS) -> dict[str, Any]:
    rows = [
        [code, name, 2025, "是", "3218", 900, 31000]
        for code, name in ((FIRM_A, "甲公司"), (FIRM_B, "乙公司"))
    ]
    return {"企业效益": [*above, head, *rows]}


def coded(park: Park, *codes: str) -> list[Problem]:
    return [problem for problem in park.problems if problem.code in codes]


# -- raised and struck through -------------------------------------------------------------------


def rich(*parts: tuple[str, dict[str, Any]]) -> CellRichText:
    return CellRichText(*(TextBlock(InlineFont(**font), text) for text, font in parts))


@pytest.mark.parametrize("place", [0, 1])
def test_a_raised_digit_is_a_footnote_mark(sheet_of: SheetOf, place: int) -> None:
    cell = rich((str(ROW[place]), {}), ("2", {"vertAlign": "superscript"}))
    (problem,) = coded(sheet_of(parcels(changed(place, cell))), "footnote_mark")
    assert problem.row == 2
    assert "²" in problem.got


def shared(folder: Path, *more: Sequence[Any]) -> Park:
    """A workbook whose rich texts stand among the shared strings, as Excel writes them."""
    (folder / "park.yaml").write_text(CONFIG, encoding="utf-8")
    with xlsxwriter.Workbook(folder / "park.xlsx", {"in_memory": True}) as book:
        page = book.add_worksheet("宗地台账")
        raised, struck = book.add_format({"font_script": 1}), book.add_format({"font_strikeout": 1})
        page.write_row(0, 0, [*HEAD[:-1], "总建筑面积"])
        page.write_rich_string(0, 5, "总建筑面积(m", raised, "2", ")")
        for row, cells in enumerate([ROW, ["ZD-2", 62.5, *ROW[2:]], *more], 1):
            page.write_row(row, 0, cells)
        page.write_rich_string(1, 1, "61.5", raised, "1")
        page.write_rich_string(2, 4, struck, "甲公司", "乙公司", " ")
        page.write(2, 5, 31000, struck)
    return read_park(folder)


@pytest.mark.parametrize("more", [(), (["ZD-3", "61.51", *ROW[2:]],)])
def test_raised_and_struck_shared_strings(tmp_path: Path, more: tuple[Sequence[Any], ...]) -> None:
    """Also where the same digits stand unraised in another cell."""
    park = shared(tmp_path, *more)
    table = park.tables["parcels"]
    assert table["area_mu"].isna().tolist() == [True, *[False] * (1 + len(more))]
    assert table["floor_area_m2"].tolist()[:2] == [29000.0, 31000.0]  # m² is a unit
    assert table["holder_name"].tolist()[1] == "乙公司"
    assert [p.row for p in coded(park, "footnote_mark", "struck_part", "struck_rows")] == [2, 3, 3]


# -- words that point elsewhere, or deny ---------------------------------------------------------


@pytest.mark.parametrize("word", ["同上", "〃", '"'])
@pytest.mark.parametrize("place", [0, 4])
def test_a_ditto_is_no_content(sheet_of: SheetOf, word: str, place: int) -> None:
    park = sheet_of(parcels(ROW, changed(place, word)))
    assert park.tables["parcels"].iloc[1].isna()[["parcel_id", "holder_name"][place > 0]]
    assert [problem.row for problem in coded(park, "ditto")] == [3]


def test_a_star_on_a_code_is_a_footnote_mark(sheet_of: SheetOf) -> None:
    assert coded(sheet_of(parcels(changed(0, "ZD-1*"))), "footnote_mark")


@pytest.mark.parametrize("codes", ["ZD-1/ZD-3", "ZD-2至ZD-5"])
def test_spans_of_codes_are_several(sheet_of: SheetOf, codes: str) -> None:
    park = sheet_of(parcels(changed(0, codes), changed(0, "2023/01")))
    assert [problem.row for problem in coded(park, "several_codes")] == [2]


def test_numbers_that_differ_only_in_their_writing(sheet_of: SheetOf) -> None:
    park = sheet_of(parcels(ROW, changed(0, "zd—1"), changed(0, "ZD-2")))
    assert [problem.row for problem in coded(park, "like_another")] == [3]


def test_a_veto_that_is_denied(park_of: Callable[[Rows], Park], rows: Rows) -> None:
    """无 is blank, a denial is asked about, an offence that begins like one is one."""
    for number, word in enumerate(["无", "未发生安全事故", "无证排污"]):
        rows["firms"][number]["veto"] = word
    park = park_of(rows)
    assert park.tables["firms"]["veto"].dropna().tolist() == ["未发生安全事故", "无证排污"]
    assert [problem.got for problem in coded(park, "veto_denied")] == ["未发生安全事故"]


# -- headers and titles --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", ["宗地面积(平方米、亩)", "宗地面积(亩)(公顷)", "宗地面积(公顷)(小数)"]
)
def test_two_units_in_one_header(sheet_of: SheetOf, header: str) -> None:
    park = sheet_of(parcels(ROW, head=["宗地编号", header, *HEAD[2:]]))
    assert coded(park, "unit")
    assert park.tables["parcels"]["area_mu"].isna().all()


@pytest.mark.parametrize(
    ("above", "code"),
    [
        ("2025年1-9月企业效益情况表", "part_of_year"),
        ("企业效益（2025年上半年）", "part_of_year"),
        ("截至2025年6月底", "part_of_year"),
        ("2024年度企业效益情况表", "other_year"),
        ("2025年1-12月企业效益情况表", None),
        ("截至2025年12月31日", None),
        ("填报日期：2026年3月", None),
        ("2023—2025年企业效益情况表", None),
        ("行业代码按GB/T 4754-2017（2017年版）填写", None),
    ],
)
def test_the_period_of_a_title(sheet_of: SheetOf, above: str, code: str | None) -> None:
    found = coded(sheet_of(firms([[above]])), "part_of_year", "other_year")
    assert [problem.code for problem in found] == ([code] if code else [])


def test_a_group_of_another_aspect_though_each_name_is_known(sheet_of: SheetOf) -> None:
    group = [*[""] * 5, "去年同期", ""]

    def merge(book: Any) -> None:
        book["企业效益"].merge_cells("F1:G1")

    park = sheet_of(firms([group]), merge)
    assert len(coded(park, "other_group")) == 2
    assert park.tables["firms"][["tax_wan", "revenue_wan"]].isna().all(axis=None)


def test_years_side_by_side_that_the_rows_do_not_have(sheet_of: SheetOf) -> None:
    assert coded(sheet_of(firms([[*[""] * 5, "2024年", "2025年"]])), "other_year")


@pytest.mark.parametrize("title", ["宗地台账(作废)", "宗地台账样表"])
def test_a_sheet_that_says_it_holds_no_data(sheet_of: SheetOf, title: str) -> None:
    assert sheet_of({title: [HEAD, ROW]}).tables["parcels"].empty


def test_the_only_sheet_is_of_another_year(sheet_of: SheetOf) -> None:
    (problem,) = coded(sheet_of({"2024年宗地台账": [HEAD, ROW]}), "sheet_title")
    assert problem.severity == "warning"


# -- number formats ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "shown"),
    [("@", 29000.0), ('[=0]"-";0', 29000.0), ("[<100]0.00;[>=100]0,", 29.0)],
)
def test_formats_with_conditions(sheet_of: SheetOf, form: str, shown: float) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["宗地台账"]["F2"].number_format = form

    park = sheet_of(parcels(ROW), edit)
    assert park.tables["parcels"]["fixed_investment_wan"].tolist() == [shown]
