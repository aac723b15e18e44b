"""Columns divided below their heading, and sheets that go on with another: refused, not halved."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from each import for_each
from sound_park import with_code

from greenland.errors import Severity
from greenland.park import Park
from greenland.park.codes import credit_code

SheetOf = Callable[..., Park]
HEAD = ["统一社会信用代码", "年度", "实缴税收(万元)", "", "", "营业收入(万元)"]
ROW = [credit_code("91", "532301", "MA6T00001"), 2025, 100, 200, 300, 5000]


def merged(book: Any) -> None:
    for cells in ("C1:E1", "A1:A2", "B1:B2", "F1:F2"):
        book.worksheets[0].merge_cells(cells)


def test_a_column_divided_below_its_heading(sheet_of: SheetOf) -> None:
    """The first part was taken for the whole: the tax of 2023, or of one office."""

    def check(names: tuple[Any, ...]) -> None:
        for edit in (None, merged):
            park = sheet_of({"企业效益": [HEAD, ["", "", *names, ""], ROW]}, edit)
            (error,) = with_code(park.problems, "divided_column")
            assert (error.row, error.column) == (2, "实缴税收(万元)")
            assert park.tables["firms"]["tax_wan"].isna().tolist() == [True]
            assert park.tables["firms"]["revenue_wan"].tolist() == [5000.0]

    for_each(
        [("2023年", "2024年", "2025年"), (2023, 2024, 2025), ("国税", "地税", "合计")], check, str
    )


def test_a_row_of_texts_is_data(sheet_of: SheetOf) -> None:
    head = ["宗地编号", "宗地面积(亩)", "备注", ""]
    park = sheet_of({"宗地台账": [head, ["ZD-1", 30, "租用", "已到期"]]})
    assert park.tables["parcels"]["area_mu"].tolist() == [30.0]
    assert not with_code(park.problems, "divided_column")


def test_a_sheet_that_goes_on_with_another(sheet_of: SheetOf) -> None:
    head = ["宗地编号", "宗地面积(亩)", "土地用途", "供应状态"]
    rows = [["ZD-1", 30, "工业", "已供应"], ["ZD-2", 40, "工业", "已供应"]]
    sheets = {
        "宗地台账(续)": Severity.ERROR,
        "续表": Severity.ERROR,
        "城北片区": Severity.WARNING,
        "宗地台账备份": None,
    }

    def check(title: str) -> None:
        park = sheet_of({"宗地台账": [head, rows[0]], title: [head, rows[1]]})
        assert len(park.tables["parcels"]) == 1
        told = [problem.severity for problem in with_code(park.problems, "sheet_continued")]
        assert told == ([] if sheets[title] is None else [sheets[title]])

    for_each(sheets, check, str)
