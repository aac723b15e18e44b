"""An error in a row costs the verdict on that row; what remains is evaluated, and said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from books import book_of

from greenland.assessment import Assessment, assess
from greenland.park.dictionary import NUMERIC, SHEETS, columns
from greenland.park.row_errors import DEFAULTED, ROW_SHEETS

HEAD = (
    "name: 甲（虚构）\nlevel: 省级\ntype: 经开区\nyear: 2025\nrules: {packs: [national, yunnan]}\n"
)
FIRMS = [
    "统一社会信用代码",
    "企业名称",
    "年度",
    "是否规上",
    "行业代码",
    "用地面积(亩)",
    "实缴税收(万元)",
]
PARCELS = [
    "宗地编号",
    "宗地面积(亩)",
    "土地用途",
    "供应状态",
    "使用权人统一社会信用代码",
    "使用权人",
]
CODES = ("91532301MA6T00001N", "91532301MA6T00002R")  # check digits as GB 32100-2015 has them


def firm(place: int, **changes: Any) -> list[Any]:
    values = dict(
        zip(FIRMS, [CODES[place], "甲乙"[place], 2025, "是", "2651", 100, 300], strict=True)
    )
    return list((values | changes).values())


def parcel(place: int, **changes: Any) -> list[Any]:
    values = dict(
        zip(PARCELS, [f"G{place}", 100, "工业", "已供应", CODES[place], "甲乙"[place]], strict=True)
    )
    return list((values | changes).values())


def assessed(
    folder: Path, firms: list[list[Any]], parcels: list[list[Any]], head: list[str] = FIRMS
) -> Assessment:
    sheets = {"企业效益": [head, *firms], "宗地台账": [PARCELS, *parcels]}
    book_of(sheets).save(folder / "park.xlsx")
    (folder / "park.yaml").write_text(HEAD, encoding="utf-8")
    return assess(folder, parts={"land.per_mu"})


def tax_per_mu(result: Assessment) -> dict[str, float]:
    table = result.land.per_mu.firms  # type: ignore[union-attr]
    values = table.set_index("firm_id")["tax_per_mu"]
    return {code: values.get(code, float("nan")) for code in CODES}


@pytest.mark.parametrize(
    "firms",
    [
        [firm(0), firm(1, **{"实缴税收(万元)": "约300"})],
        [firm(0), firm(1, **{"用地面积(亩)": -4})],  # must not become the ledger's 100
        [firm(0), firm(1), firm(1)],
    ],
    ids=["unreadable", "negative", "twice"],
)
def test_a_firms_error_costs_its_own_verdict(tmp_path: Path, firms: list[list[Any]]) -> None:
    result = assessed(tmp_path, firms, [parcel(0), parcel(1)])
    values = tax_per_mu(result)
    assert values[CODES[0]] == 3.0
    assert values[CODES[1]] != values[CODES[1]]
    assert result.has_errors
    assert any(problem.code == "rows_set_aside" for problem in result.problems)


def test_land_known_to_be_wrong_is_not_part_of_a_sum(tmp_path: Path) -> None:
    blank = {"用地面积(亩)": None}
    parcels = [parcel(0), parcel(1), parcel(1, **{"宗地编号": "G9", "宗地面积(亩)": "五十"})]
    values = tax_per_mu(assessed(tmp_path, [firm(0, **blank), firm(1, **blank)], parcels))
    assert values[CODES[0]] == 3.0
    assert values[CODES[1]] != values[CODES[1]]  # not 300 / 100


def test_columns_that_tell_nothing_apart_may_be_absent(tmp_path: Path) -> None:
    places = [0, 1, 2, 5, 6]
    rows = [
        [row[place] for place in places] for row in (firm(0), firm(1, **{"实缴税收(万元)": 500}))
    ]
    result = assessed(tmp_path, rows, [], [FIRMS[place] for place in places])
    assert tax_per_mu(result) == {CODES[0]: 3.0, CODES[1]: 5.0}
    table = result.land.per_mu.firms.set_index("firm_id")  # type: ignore[union-attr]
    assert table["tax_rank"].to_dict() == {CODES[0]: 2, CODES[1]: 1}
    assert table["class"].isna().all()


def test_a_class_needs_half_of_the_weight(tmp_path: Path) -> None:
    """Tax alone is 30 of the 100 points of the scheme for firms above scale."""
    table = assessed(tmp_path, [firm(0), firm(1)], []).land.per_mu.firms  # type: ignore[union-attr]
    assert table["class"].isna().all()
    assert table["score"].notna().all()
    assert "有数据的权重只有 30 分，不足 50 分，不分类；缺：亩均产值、" in str(
        table["reason"].iloc[0]
    )


def test_exits_of_a_park_whose_only_firm_has_no_code(tmp_path: Path) -> None:
    """No group has a boundary then: looking for the next better class ended in an error."""
    assessed(tmp_path, [firm(0, 统一社会信用代码="", 是否规上="")], [parcel(0)])
    result = assess(tmp_path, parts={"land.per_mu", "land.exit"})
    assert len(result.land.exit.parcels) == 1  # type: ignore[union-attr]


def test_a_class_says_what_it_rests_on(tmp_path: Path) -> None:
    """Firms below scale: output and tax weigh 50 each."""
    rows = [firm(0, 是否规上="否"), firm(1, 是否规上="否")]
    table = assessed(tmp_path, rows, []).land.per_mu.firms  # type: ignore[union-attr]
    assert table["class"].notna().all()
    assert str(table["reason"].iloc[0]) == "得分只依据 100 分权重中的 50 分，缺：亩均产值"


def test_figures_with_a_default_are_those_the_dictionary_promises_one_for() -> None:
    promised = {
        (sheet, item.id)
        for sheet in SHEETS
        if sheet in ROW_SHEETS
        for item in columns(sheet)
        if item.type in NUMERIC and "不填" in item.meaning_zh
    }
    assert promised == DEFAULTED
