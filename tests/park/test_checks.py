"""Checks of sound tables in which exactly one thing is broken."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from sound_park import FIRM_A, FIRM_B, YEAR, Rows, sound_rows, with_code

from greenland.errors import Problem, Severity
from greenland.park.codes import credit_code

Checks = Callable[..., list[Problem]]
ERROR, WARNING, NOTICE = Severity.ERROR, Severity.WARNING, Severity.NOTICE


def broken(sheet: str, place: int, **values: Any) -> Rows:
    rows = sound_rows()
    rows[sheet][place] |= values
    return rows


def only(problems: list[Problem]) -> Problem:
    assert len(problems) == 1, [str(problem) for problem in problems]
    return problems[0]


def test_the_sound_park_is_sound(checks: Checks) -> None:
    assert checks(sound_rows()) == []


@pytest.mark.parametrize("sheet", list(sound_rows()))
def test_each_sheet_alone_and_left_out(checks: Checks, sheet: str) -> None:
    rows = sound_rows()
    assert [p for p in checks({sheet: rows[sheet]}) if p.severity is ERROR] == []
    del rows[sheet]
    assert [p for p in checks(rows) if p.severity is ERROR] == []


# one broken cell → one problem: sheet, row from 0, values, code, severity, words, evaluation
CASES: list[tuple[str, int, dict[str, Any], str, Severity, str, str]] = [
    ("parcels", 3, {"area_mu": -1.0}, "out_of_bounds", ERROR, "不能为负数", "land.standard_land"),
    ("pipeline", 0, {"green_ratio": 1.2, "building_coefficient": None},
     "out_of_bounds", ERROR, "超出允许范围", "land.admission"),
    ("indicators", 0, {"revenue_wan": 1e15}, "magnitude", WARNING, "大得不可能", "land.policy"),
    ("indicators", 0, {"resident_population": 1e9}, "magnitude", WARNING, "大得不可能", ""),
    ("parcels", 3, {"area_mu": 0.0}, "zero_area", ERROR, "面积为 0", "land.stock"),
    ("parcels", 2, {"building_base_m2": 240000.0, "floor_area_m2": 250000.0},
     "building_coefficient", ERROR, "建筑系数超过 100%", "land.standard_land"),
    ("parcels", 2, {"green_m2": 50000.0}, "area_exceeds_parcel", ERROR, "大于宗地面积",
     "land.standard_land"),
    ("parcels", 2, {"green_m2": 30000.0}, "areas_exceed_parcel", WARNING, "之和大于宗地面积",
     "land.standard_land"),
    ("parcels", 2, {"high_storey_area_m2": 50000.0}, "part_exceeds_whole", ERROR,
     "大于“总建筑面积”", "land.standard_land"),
    ("parcels", 2, {"built_area_mu": 61.0}, "part_exceeds_whole", ERROR,
     "大于“应动工开发建设用地面积”", "land.stock"),
    ("parcels", 2, {"to_build_area_mu": 90.0}, "part_exceeds_whole", ERROR, "大于“宗地面积”",
     "land.stock"),
    ("parcels", 2, {"invested_wan": 40000.0}, "part_exceeds_whole", WARNING,
     "大于“计划总投资额”", "land.stock"),
    ("parcels", 2, {"fixed_investment_wan": 2.9e8}, "implausible", WARNING, "以元填写",
     "land.standard_land"),
    ("parcels", 3, {"area_mu": 20000.0}, "implausible", WARNING, "以 ㎡ 填写", "land.stock"),
    ("parcels", 2, {"actual_completion_date": dt.date(2018, 1, 1)}, "date_order", ERROR,
     "早于“实际开工日期”", "land.standard_land"),
    ("parcels", 2, {"actual_start_date": dt.date(2018, 8, 1)}, "date_order", WARNING,
     "早于“供应日期”", "land.stock"),
    ("parcels", 2, {"production_review_date": dt.date(2203, 5, 1)}, "future_date", ERROR,
     "晚得多", "land.standard_land"),
    ("parcels", 3, {"supply_date": dt.date(2025, 1, 1)}, "supply_state", ERROR,
     "却填了供应日期", "land.stock"),
    ("parcels", 3, {"approval_date": None}, "supply_state", WARNING, "没有农转用批准日期",
     "land.stock"),
    ("parcels", 2, {"supply_date": None}, "supply_state", WARNING, "没有供应日期",
     "land.stock"),
    ("parcels", 2, {"latitude": None}, "half_a_place", WARNING, "经度和纬度", ""),
    ("parcels", 2, {"holder_id": credit_code("91", "532301", "MA6CCCCC3"),
      "holder_name": "丙化工"}, "unknown_holder", WARNING, "没有这家企业", "land.per_mu"),
    ("parcels", 2, {"industry_code": "3899", "industry_edition": "2002"}, "industry_division",
     ERROR, "GB/T 4754-2002 没有大类“38”", "land.standard_land"),
    ("parcels", 3, {"adjacent_parcels": ("ZD-9",)}, "unknown_neighbour", WARNING, "ZD-9",
     "land.reallocation"),
    ("firms", 0, {"tax_wan": 40000.0}, "part_exceeds_whole", WARNING,
     "大于“营业收入”", "land.per_mu"),
    ("firms", 1, {"electricity_mwh": 2e5}, "energy_below_electricity", WARNING, "当量值",
     "land.per_mu"),
    ("firms", 2, {"land_mu": 620.0}, "firm_land", WARNING, "宗地合计 63 亩", "land.per_mu"),
    ("firms", 2, {"landlord_id": credit_code("91", "532301", "MA6DDDDD4")}, "unknown_landlord",
     WARNING, "出租方", "land.per_mu"),
    ("firms", 2, {"landlord_id": FIRM_B}, "own_landlord", ERROR, "企业自己", "land.per_mu"),
    ("pipeline", 0, {"min_area_mu": 45.0}, "part_exceeds_whole", ERROR, "大于“申请用地面积”",
     "land.reallocation"),
    ("pipeline", 0, {"green_ratio": 0.7}, "shares_exceed_site", ERROR, "超过 100%",
     "land.admission"),
    ("land_use", 12, {"area_ha": 8.0}, "land_balance", ERROR, "A+B+C 与 D+E+F 相差 6.0000",
     "land.review"),
    ("land_use", 16, {"area_ha": 300.0}, "idle_exceeds_supplied", ERROR, "闲置土地 G",
     "land.review"),
    ("supply_history", 4, {"industrial_supplied_ha": 6.0}, "part_exceeds_whole", ERROR,
     "大于“供应面积”", "land.standard_land"),
    ("supply_history", 4, {"unsupplied_disposed_ha": 60.0}, "part_exceeds_whole", ERROR,
     "大于“年初批而未供面积”", "land.stock"),
    ("indicators", 0, {"industrial_base_m2": 200000.0}, "part_exceeds_whole", ERROR,
     "大于“工矿仓储用地建筑物构筑物及堆场占地面积”", "land.review"),
    ("indicators", 0, {"industrial_base_m2": 3522000.0}, "exceeds_land", ERROR,
     "大于所在土地 A2 的面积", "land.review"),
    ("indicators", 0, {"industrial_tax_wan": 11000.0}, "part_exceeds_whole", ERROR,
     "大于“二三产业税收总额”", "land.review"),
    ("indicators", 0, {"industrial_revenue_wan": 40000.0}, "below_sum", WARNING,
     "小于“企业效益”各行之和", "land.review"),
    ("indicators", 0, {"rank": 30.0}, "part_exceeds_whole", ERROR, "大于“参评园区数”",
     "land.policy"),
    ("overview", 0, {"approved_area_ha": 150.0, "planned_area_ha": 160.0}, "approved_area",
     WARNING, "不一致", "land.review"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "place", "values", "code", "severity", "words", "touches"),
    CASES,
    ids=[f"{case[0]}-{case[3]}-{'-'.join(case[2])}"[:70] for case in CASES],
)
def test_one_broken_thing(
    checks: Checks,
    sheet: str,
    place: int,
    values: dict[str, Any],
    code: str,
    severity: Severity,
    words: str,
    touches: str,
) -> None:
    problem = only(checks(broken(sheet, place, **values)))
    assert (problem.code, problem.severity) == (code, severity), str(problem)
    assert words in problem.message
    assert problem.remedy
    if touches:
        assert touches in problem.touches


# -- the dirty data of real ledgers ---------------------------------------------------------------


def test_building_coefficient_of_587_per_cent(checks: Checks) -> None:
    problem = only(checks(broken("indicators", 0, industrial_base_m2=587e-2 * 600000)))
    assert problem.got == "587%"


def test_base_and_yards_below_building_base(checks: Checks) -> None:
    problem = only(checks(broken("indicators", 0, industrial_base_m2=209999.0)))
    assert problem.got == "210000㎡ > 209999㎡"


def test_firm_listed_twice_in_a_year(checks: Checks) -> None:
    rows = sound_rows()
    rows["firms"].append(dict(rows["firms"][2], remark="重复"))
    problem = only(with_code(checks(rows), "duplicate"))
    assert (problem.severity, problem.row) == (ERROR, 5)
    assert "与第 4 行重复：统一社会信用代码、年度相同" in problem.message
    assert "land.per_mu" in problem.touches


def test_firm_listed_under_two_codes(checks: Checks) -> None:
    rows = sound_rows()
    other = credit_code("91", "532301", "MA6EEEEE5")
    rows["firms"].append(dict(rows["firms"][2], firm_id=other, land_mu=5.0))
    problem = only(with_code(checks(rows), "firm_twice"))
    assert f"另一个是 {FIRM_B}" in problem.message


def test_floor_area_in_wan_m2_in_the_indicators(checks: Checks) -> None:
    values = {"floor_area_m2": 60.0, "industrial_floor_area_m2": 42.0}
    found = checks(broken("indicators", 0, **values, building_base_m2=None))
    assert {p.code for p in found} == {"floor_area_unit", "unit_mismatch"}
    mismatch = only(with_code(found, "unit_mismatch"))
    assert "与“宗地台账”各行之和 126006 相差 3e+03 倍" in mismatch.message
    assert mismatch.severity is ERROR


def test_zone_tax_of_19_wan(checks: Checks) -> None:
    found = checks(broken("indicators", 0, industrial_tax_wan=19.0))
    problem = only(with_code(found, "implausible_tax"))
    assert problem.severity is WARNING
    assert "19 万元，合 0.317 万元/公顷" in problem.got


def test_revenue_that_is_the_next_rows_output(checks: Checks) -> None:
    output = sound_rows()["firms"][2]["output_wan"]
    problem = only(checks(broken("firms", 1, revenue_wan=output)))
    assert problem.code == "copied_cell"
    assert "与下一行（第 4 行）的“工业总产值”完全相同" in problem.message


def test_neighbours_figures_copied(checks: Checks) -> None:
    figures = ("floor_area_m2", "fixed_investment_wan")
    above = sound_rows()["parcels"][1]
    problem = only(checks(broken("parcels", 2, **{name: above[name] for name in figures})))
    assert (problem.code, problem.row) == ("copied_row", 4)
    assert "与第 3 行的" in problem.message


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (FIRM_A[:-1] + ("0" if FIRM_A[-1] != "0" else "1"), "credit_code_check_digit"),
        (FIRM_A[:-1], "credit_code_length"),
        (FIRM_A[:-1] + "O", "credit_code_character"),
    ],
)
def test_wrong_credit_code(checks: Checks, code: str, kind: str) -> None:
    rows = broken("firms", 1, firm_id=code)
    rows["parcels"] = rows["parcels"][2:]
    found = with_code(checks(rows), kind)
    assert only(found).severity is ERROR


def test_holder_under_another_code_than_the_firm(checks: Checks) -> None:
    other = credit_code("91", "532301", "MA6FFFFF6")
    problem = only(with_code(checks(broken("parcels", 2, holder_id=other)), "holder_code_differs"))
    assert FIRM_B in problem.message
    assert problem.severity is ERROR


def test_unit_changed_from_one_year_to_the_next(checks: Checks) -> None:
    rows = broken("firms", 0, tax_wan=8.1e6, revenue_wan=3e8)
    found = with_code(checks(rows), "unit_jump")
    assert {p.column for p in found} == {"实缴税收", "营业收入"}


@pytest.mark.parametrize("sheet", ["firms", "land_use", "indicators"])
def test_no_data_for_the_assessed_year(checks: Checks, sheet: str) -> None:
    rows = sound_rows()
    for row in rows[sheet]:
        row["year"] = YEAR - 1
    rows["firms"] = rows["firms"][1:] if sheet == "firms" else rows["firms"]
    problem = only(with_code(checks(rows), "no_such_year"))
    assert (problem.severity, problem.got) == (ERROR, str(YEAR - 1))


def test_gap_in_the_supply_history(checks: Checks) -> None:
    rows = sound_rows()
    del rows["supply_history"][1]
    problem = only(checks(rows))
    assert "缺少 2022 年的供地数据" in problem.message


def test_parts_that_do_not_add_up(checks: Checks) -> None:
    rows = sound_rows()
    rows["land_use"].append({"year": YEAR, "code": "A", "area_ha": 80.0})
    found = with_code(checks(rows), "parts_differ")
    assert "2025 年 A 的分项之和不等于 A" in only(found).message
    assert found[0].got == "80.0000 ≠ 82.0000 ha"


def test_dates_after_the_day_of_assessment_are_a_notice(checks: Checks) -> None:
    rows = broken("parcels", 2, production_review_date=dt.date(2026, 3, 1))
    problem = only(checks(rows))
    assert (problem.code, problem.severity) == ("later_date", NOTICE)
    assert "（第 4 行）" in problem.message


def test_limits_of_the_checks_can_be_overridden(park_of: Any) -> None:
    config = """name: 甲
level: 省级
type: 产业园区
year: 2025
rules:
  packs: [national]
  overrides:
    land.data.parcel_area_max: {value: 20, source: 测试}
"""
    found = with_code(park_of(sound_rows(), config).problems, "implausible")
    assert len(found) == 4
