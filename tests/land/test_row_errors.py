"""An error in a row costs the verdict on that row; what remains is evaluated, and said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from books import book_of

from greenland.assessment import Assessment, assess
from greenland.park.dictionary import NUMERIC, SHEETS, columns
from greenland.park.row_errors import DEFAULTED, ROW_SHEETS
from greenland.results import NotEvaluated

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
    folder: Path,
    firms: list[list[Any]],
    parcels: list[list[Any]],
    head: list[str] = FIRMS,
    *,
    parts: frozenset[str] = frozenset({"land.per_mu"}),
    ledger: list[str] = PARCELS,
) -> Assessment:
    sheets = {"企业效益": [head, *firms], "宗地台账": [ledger, *parcels]}
    book_of(sheets).save(folder / "park.xlsx")
    (folder / "park.yaml").write_text(HEAD, encoding="utf-8")
    return assess(folder, parts=parts)


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
    assert promised <= DEFAULTED


DATED = [*PARCELS, "供应日期", "约定开工日期", "实际开工日期", "竣工验收日期", "使用权到期日"]
STOCK = frozenset({"land.per_mu", "land.standard_land", "land.stock", "land.exit"})


def dated(place: int, **changes: Any) -> list[Any]:
    days = dict.fromkeys(DATED[len(PARCELS) :], None)
    days |= {"供应日期": "2019-01-01", "约定开工日期": "2019-06-01", "实际开工日期": "2019-06-01"}
    return [*parcel(place), *(days | changes).values()]


def disposed(folder: Path, *rows: list[Any]) -> Any:
    return assessed(folder, [firm(0)], list(rows), parts=STOCK, ledger=DATED).land


@pytest.mark.parametrize("day", ["1900-01-01", "2041-06-01", "约2019年"])
def test_a_wrong_start_makes_no_land_idle(tmp_path: Path, day: str) -> None:
    """Blank, the date would say that building has not begun."""
    found = disposed(tmp_path, dated(0), dated(1, 实际开工日期=day))
    assert found.stock.idle.empty
    assert found.stock.undecided["parcel_id"].tolist() == ["G1"]
    assert found.stock.undecided["reason"].tolist() == ["没有可用的实际开工日期和约定开工日期"]


def test_a_wrong_end_of_term_is_not_passed_over_in_silence(tmp_path: Path) -> None:
    found = disposed(tmp_path, dated(0), dated(1, 使用权到期日="1900-01-01")).exit.parcels
    assert found["evidence"].tolist() == [
        "尚未竣工，未发现需要处置的情形",
        "本行有错误的数据未采用，按其余数据未发现需要处置的情形",
    ]


def test_a_wrong_completion_makes_no_promise_overdue(tmp_path: Path) -> None:
    ledger = [*DATED, "是否标准地", "约定竣工日期", "承诺容积率", "总建筑面积(㎡)"]
    row = [*dated(0, 竣工验收日期="2041-01-01"), "是", "2020-01-01", 1, 80000]
    result = assessed(tmp_path, [], [row], parts=STOCK, ledger=ledger).land
    checks = result.standard_land.checks.set_index("indicator")  # type: ignore[union-attr]
    assert checks.loc["floor_area_ratio", "state"] == "no_data"
    assert result.standard_land.parcels["stage"].tolist() == [None]  # type: ignore[union-attr]


@pytest.mark.parametrize("column", ["供应状态", "供应日期"])
def test_land_perhaps_supplied_is_not_left_out_of_a_sum(tmp_path: Path, column: str) -> None:
    """With it the firm has 200 亩, without it 100: neither is known."""
    values = dict(zip(DATED, dated(0), strict=True)) | {column: "待定", "宗地编号": "G9"}
    rows = [dated(0), list(values.values())]
    result = assessed(tmp_path, [firm(0, **{"用地面积(亩)": None})], rows, ledger=DATED)
    assert tax_per_mu(result)[CODES[0]] != tax_per_mu(result)[CODES[0]]


def test_land_of_unknown_state_is_not_unsupplied(tmp_path: Path) -> None:
    values = dict(zip(DATED, dated(0), strict=True)) | {"供应状态": "出让中"}
    found = disposed(tmp_path, list(values.values())).exit.parcels.iloc[0]
    assert found["evidence"] == "是否闲置无法判断：没有可用的供应状态"


def test_both_rows_of_a_double_are_named(tmp_path: Path) -> None:
    result = assessed(tmp_path, [firm(0), firm(1), firm(1)], [])
    said = [problem for problem in result.problems if problem.code == "rows_set_aside"]
    assert "（第 3–4 行）" in said[0].message


def test_a_wrong_parcel_does_not_stop_the_review(tmp_path: Path) -> None:
    """Which reads no parcels."""
    result = assessed(tmp_path, [], [parcel(0, **{"宗地面积(亩)": -5})])
    wrong = [problem for problem in result.problems if problem.code == "out_of_bounds"]
    assert len(wrong) == 1
    assert "land.review" not in wrong[0].touches


def test_a_firm_that_stands_twice_costs_the_policy_one_figure(tmp_path: Path) -> None:
    head = [*FIRMS, "R&D经费支出(万元)", "营业收入(万元)"]
    rows = [[*one, 9, 900] for one in (firm(0), firm(1), firm(1))]
    result = assessed(tmp_path, rows, [], head, parts=frozenset({"land.per_mu", "land.policy"}))
    record = result.land.policy.to_record()
    assert (record["evaluated"], record["above_scale_rd_wan"]) == (True, None)


def test_a_column_that_stands_twice_is_a_gap(tmp_path: Path) -> None:
    """Neither is read, and what does not need it is evaluated."""
    head = [*FIRMS, "工业总产值(万元)", "工业总产值(万元)"]
    rows = [[*firm(0), 900, 800], [*firm(1), 700, 600]]
    result = assessed(tmp_path, rows, [], head)
    assert tax_per_mu(result) == {CODES[0]: 3.0, CODES[1]: 3.0}
    assert result.land.per_mu.firms["output_wan"].isna().all()  # type: ignore[union-attr]
    assert any("都没有读取" in problem.message for problem in result.problems)


def test_a_column_that_means_something_when_blank_must_not_stand_twice(tmp_path: Path) -> None:
    """Blank, the land would be that of the ledger."""
    rows = [[*firm(0), 90], [*firm(1), 80]]
    result = assessed(tmp_path, rows, [parcel(0), parcel(1)], [*FIRMS, "用地面积(亩)"])
    assert isinstance(result.land.per_mu, NotEvaluated)
