"""项目准入: 云南行动计划 第9项, 规划 第四章第一节四, 控制指标; two real projects of 昆明 (2025)."""

from __future__ import annotations

import datetime as dt
import itertools
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_parks import made_park

from greenland.errors import InputError
from greenland.land import admission
from greenland.park import table
from greenland.results import NotEvaluated

FAR_MIN = 0.7  # 控制指标 (2008), electrical machinery, code 38 of the 2017 edition


def firm(number: int = 0, **changes: Any) -> dict[str, Any]:
    """600 万元/亩 invested, 500 万元/亩 revenue, 5 万元/tce, 2500 万元/t."""
    return {
        "firm_id": f"F{number}",
        "firm_name": f"企业{number}（虚构）",
        "year": 2026,
        "industry_code": "3824",
        "industry_edition": "2017",
        "land_mu": 50.0,
        "fixed_investment_wan": 30_000.0,
        "revenue_wan": 25_000.0,
        "value_added_wan": 5_000.0,
        "energy_tce": 1_000.0,
        "emission_t": 2.0,
        "firm_state": "operating",
        "utility": False,
        **changes,
    }


def project(**changes: Any) -> dict[str, Any]:
    """A project that passes every check on the land it asks for."""
    return {
        "project_id": "P1",
        "project_name": "项目一（虚构）",
        "industry_code": "3824",
        "industry_edition": "2017",
        "land_use": "industrial",
        "requested_area_mu": 40.0,
        "fixed_investment_wan": 26_000.0,
        "revenue_wan": 24_000.0,
        "output_wan": 24_000.0,
        "value_added_wan": 6_000.0,
        "energy_tce": 1_000.0,
        "emission_t": 2.0,
        "floor_area_m2": 30_000.0,
        "building_coefficient": 0.5,
        "green_ratio": 0.1,
        "admin_land_share": 0.05,
        "admin_floor_area_share": 0.1,
        "capacity_category": "encouraged",
        "negative_list": False,
        **changes,
    }


FIRMS = [firm(number) for number in range(4)]


def judge(
    item: dict[str, Any], firms: list[dict[str, Any]] | None = None, **more: Any
) -> tuple[pd.Series[Any], pd.DataFrame]:
    park = made_park(2026, firms=FIRMS if firms is None else firms, pipeline=[item], **more)
    result = admission.evaluate(park)
    assert not isinstance(result, NotEvaluated)
    checks = result.checks.drop_duplicates("indicator").set_index("indicator")
    return result.projects.iloc[0], checks


def test_a_good_project_is_admitted() -> None:
    found, checks = judge(project())
    assert found["verdict"] == "admitted"
    assert found["reason"] is None
    # the edition of 2023 limits no green ratio
    assert set(checks["state"].drop(["green_ratio", "power_demand"])) == {"met"}
    assert found["power_supply"] == "not_judged"  # nothing is known of the park's supply
    assert checks.loc["green_ratio", "state"] == "not_applicable"
    assert checks.loc["green_ratio", "reason"] == "2023年版控制指标没有这一项"
    assert checks.loc["floor_area_ratio", "reason"] == "2023年版的容积率表没有查到，按2008年版判定"


@pytest.mark.parametrize(
    ("area", "investment", "floor", "intensity", "ratio"),
    [
        # 五华园区, 磨憨: 47.03 亩, 2.92 亿元
        (47.03, 29_200.0, None, 620.9, None),
        # 禄劝, 磨憨: 52.57 亩, 3.13 亿元, 51 800 m² of standard factory
        (52.57, 31_300.0, 51_800.0, 595.4, 1.478),
    ],
    ids=["五华", "禄劝"],
)
def test_two_real_projects(
    area: float, investment: float, floor: float | None, intensity: float, ratio: float | None
) -> None:
    item = project(requested_area_mu=area, fixed_investment_wan=investment, floor_area_m2=floor)
    _found, checks = judge(item)
    assert checks.loc["investment_intensity", "value"] == pytest.approx(intensity, abs=0.05)
    if ratio is not None:
        assert checks.loc["floor_area_ratio", "value"] == pytest.approx(ratio, abs=0.0005)


def test_the_area_at_which_it_would_pass() -> None:
    # 28 200 万元 / 600 万元/亩 = 47 亩
    found, checks = judge(
        project(requested_area_mu=60.0, fixed_investment_wan=28_200.0, revenue_wan=36_000.0)
    )
    assert found["verdict"] == "conditional"
    assert found["passing_area_mu"] == pytest.approx(47.0)
    assert "用地不超过 47.00 亩可通过，申请 60.00 亩" in found["reason"]
    assert checks.loc["investment_intensity", "state"] == "failed"
    assert checks.loc["investment_intensity", "margin"] == pytest.approx(470.0 - 600.0)


def test_on_the_area_stated_it_does_pass() -> None:
    item = project(requested_area_mu=60.0, fixed_investment_wan=28_199.0)
    first, _checks = judge(item)
    assert first["verdict"] == "conditional"
    again, _checks = judge({**item, "requested_area_mu": first["passing_area_mu"]})
    assert again["verdict"] == "admitted"


def test_less_land_than_it_can_do_with_is_no_way_out() -> None:
    found, _checks = judge(
        project(requested_area_mu=60.0, min_area_mu=50.0, fixed_investment_wan=28_200.0)
    )
    assert found["verdict"] == "rejected"
    assert "项目至少需要 50.00 亩" in found["reason"]


@pytest.mark.parametrize(
    ("changes", "indicator", "verdict"),
    [
        ({"revenue_wan": 19_999.0}, "revenue_per_mu", "conditional"),
        ({"output_wan": 15_999.0}, "output_per_mu", "conditional"),
        ({"floor_area_m2": 18_600.0}, "floor_area_ratio", "conditional"),
        ({"building_coefficient": 0.39}, "building_coefficient", "conditional"),
        ({"admin_land_share": 0.071}, "admin_land_share", "conditional"),
        ({"admin_floor_area_share": 0.151}, "admin_floor_area_share", "conditional"),
        ({"energy_tce": 1_201.0}, "value_added_per_tce", "rejected"),
        ({"emission_t": 2.41}, "value_added_per_emission", "rejected"),
        ({"negative_list": True}, "negative_list", "rejected"),
        ({"capacity_category": "restricted"}, "capacity_category", "rejected"),
    ],
)
def test_one_thing_wrong(changes: dict[str, Any], indicator: str, verdict: str) -> None:
    found, checks = judge(project(**changes))
    assert found["verdict"] == verdict
    assert checks.index[checks["state"] == "failed"].tolist() == [indicator]
    assert checks.loc[indicator, "rule_id"]


def test_the_floor_follows_the_level_of_the_park() -> None:
    # 规划 第四章第一节四: 600 national, 400 provincial, none below
    for level, required in (("national", 600.0), ("provincial", 400.0)):
        _found, checks = judge(project(), level=level)
        assert checks.loc["output_per_mu", "required"] == required
    for level in ("prefectural", "county"):
        _found, checks = judge(project(), level=level)
        assert checks.loc["output_per_mu", "state"] == "not_applicable"
        assert checks.loc["output_per_mu", "reason"] == "该级别园区没有亩均产出下限"


@pytest.mark.parametrize(
    ("codes", "basis", "peers"),
    [
        (["3824"] * 3 + ["3811"], "class", 3),
        (["3824"] * 2 + ["3811"], "division", 3),
        (["3824"] * 2 + ["1310"], "park", 3),
    ],
)
def test_peers_widen_from_class_to_division_to_park(
    codes: list[str], basis: str, peers: int
) -> None:
    firms = [firm(number, industry_code=code) for number, code in enumerate(codes)]
    found, checks = judge(project(), firms)
    assert (found["basis"], found["peers"]) == (basis, peers)
    assert checks.loc["investment_intensity", "basis"] == basis


def test_in_a_year_with_no_firms_the_verdict_is_pending() -> None:
    for firms in ([], [firm(number, year=None) for number in range(4)]):
        found, checks = judge(project(), firms)
        assert found["verdict"] == "pending"
        assert found["peers"] == 0
        assert checks.loc["revenue_per_mu", "state"] == "no_data"


def test_too_few_peers_leave_the_verdict_open() -> None:
    found, checks = judge(project(), FIRMS[:2])
    assert found["verdict"] == "pending"
    assert checks.loc["investment_intensity", "reason"] == "同类企业不足 3 家"


def test_codes_of_other_editions_are_other_industries() -> None:
    firms = [firm(number, industry_edition="2002") for number in range(4)]
    found, _checks = judge(project(), firms)
    assert found["basis"] == "park"


@pytest.mark.parametrize(
    "changes",
    [{"firm_state": "zombie"}, {"firm_state": "building"}, {"utility": True}, {"year": 2025},
     {"land_mu": 0.0}, {"fixed_investment_wan": None}],
    ids=["zombie", "building", "utility", "other year", "no land", "no investment"],
)  # fmt: skip
def test_firms_that_are_not_compared_with(changes: dict[str, Any]) -> None:
    firms = [*FIRMS, firm(9, **{"fixed_investment_wan": 1.0, **changes})]
    found, checks = judge(project(), firms)
    assert found["peers"] == 4
    assert checks.loc["investment_intensity", "required"] == pytest.approx(600.0)


def test_the_average_is_of_sums_unless_the_park_says_otherwise() -> None:
    firms = [*FIRMS, firm(9, land_mu=100.0, fixed_investment_wan=30_000.0)]
    _found, checks = judge(project(), firms)
    assert checks.loc["investment_intensity", "required"] == pytest.approx(150_000 / 300)
    _found, checks = judge(project(), firms, overrides={"land.admission.average": "mean_of_ratios"})
    assert checks.loc["investment_intensity", "required"] == pytest.approx((4 * 600 + 300) / 5)


def test_an_unknown_average_is_refused() -> None:
    with pytest.raises(InputError, match=r"同类企业平均值算法的选择无效.*median.*ratio_of_sums"):
        judge(project(), overrides={"land.admission.average": "median"})


def test_outside_the_years_of_the_plan_nothing_is_compared() -> None:
    firms = [firm(number, year=2025) for number in range(4)]
    park = made_park(2025, firms=firms, pipeline=[project()])
    result = admission.evaluate(park)
    assert not isinstance(result, NotEvaluated)
    check = result.checks.set_index("indicator").loc["revenue_per_mu"]
    assert check["state"] == "not_applicable"
    assert check["reason"] == "决定日没有有效的要求"
    found = result.projects.iloc[0]
    assert found["verdict"] == "pending"
    assert "不能下结论，缺：固定资产投资强度、亩均营业收入" in found["reason"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"requested_area_mu": 0.0}, "缺少申请用地面积，或面积为零"),
        ({"requested_area_mu": None}, "缺少申请用地面积，或面积为零"),
        ({"fixed_investment_wan": None}, "缺少固定资产投资额"),
    ],
)
def test_missing_figures_leave_the_verdict_pending(changes: dict[str, Any], reason: str) -> None:
    found, checks = judge(project(**changes))
    assert checks.loc["investment_intensity", "state"] == "no_data"
    assert reason in checks.loc["investment_intensity", "reason"]
    assert found["verdict"] == "pending"


def test_a_project_that_emits_nothing_is_not_worse_than_any() -> None:
    found, checks = judge(project(emission_t=0.0))
    assert checks.loc["value_added_per_emission", "state"] == "met"
    assert found["verdict"] == "admitted"


def test_the_parks_own_entry_value_goes_before_the_peers() -> None:
    own = {"land.admission.entry.value_added_per_tce": 7.0}
    found, checks = judge(project(), overrides=own)
    assert checks.loc["value_added_per_tce", "basis"] == "user"
    assert found["verdict"] == "rejected"


def test_other_land_uses_are_not_judged_as_industry() -> None:
    found, checks = judge(project(land_use="public", fixed_investment_wan=1.0, revenue_wan=None))
    assert found["verdict"] == "admitted"
    assert checks.loc["investment_intensity", "reason"] == "只考核工业项目"


@pytest.mark.parametrize(
    ("decided", "coefficient", "peers"),
    # 72号 holds from 2023-05-01, 行动计划第9项 from 2026-01-01
    [("2023-04-30", 0.30, False), ("2023-05-01", 0.40, False), ("2026-01-01", 0.40, True)],
)
def test_the_day_of_decision_chooses_the_rules(
    decided: str, coefficient: float, peers: bool
) -> None:
    _found, checks = judge(project(decision_date=decided))
    assert checks.loc["building_coefficient", "required"] == coefficient
    office = checks.loc["admin_floor_area_share"]
    assert office["state"] == ("not_applicable" if coefficient == 0.30 else "met")
    assert (checks.loc["revenue_per_mu", "state"] == "met") == peers


def test_projects_of_several_days_keep_their_order() -> None:
    days = ["2026-03-01", None, "2025-03-01"]
    items = [project(project_id=f"P{n}", decision_date=day) for n, day in enumerate(days)]
    result = admission.evaluate(made_park(2026, firms=FIRMS, pipeline=items))
    assert not isinstance(result, NotEvaluated)
    assert result.projects["project_id"].tolist() == ["P0", "P1", "P2"]
    assert result.projects["verdict"].tolist() == ["admitted", "admitted", "pending"]
    assert result.checks["project_id"].drop_duplicates().tolist() == ["P0", "P1", "P2"]


# What leads to a refusal, and the two checks of 第9项: columns each rests on, and its name.
REQUIRED = {
    "negative_list": "负面清单",
    "capacity_category": "产能类别",
    "energy_tce": "单位能耗增加值",
    "emission_t": "单位排放增加值",
    "fixed_investment_wan": "固定资产投资强度",
    "revenue_wan": "亩均营业收入",
}
OPTIONAL = {
    "none": {},
    "no floor area": {"floor_area_m2": None, "admin_land_share": None, "output_wan": None},
    "too much office": {"admin_land_share": 0.08},
    "too little output": {"output_wan": 1.0},
}


def test_nothing_blank_that_decides_is_ever_approved() -> None:
    """Every set of blanks among what decides, each beside other things wrong."""
    blanks = [set(some) for n in range(7) for some in itertools.combinations(REQUIRED, n)]
    cases = [(blank, more) for blank in blanks for more in OPTIONAL.values()]
    items = [
        project(project_id=f"P{n}", **{**more, **dict.fromkeys(blank)})
        for n, (blank, more) in enumerate(cases)
    ]
    result = admission.evaluate(made_park(2026, firms=FIRMS, pipeline=items))
    assert not isinstance(result, NotEvaluated)
    found = zip(cases, result.projects["verdict"], result.projects["reason"], strict=True)
    for (blank, _more), verdict, reason in found:
        if not blank:
            assert verdict in ("admitted", "conditional")
            continue
        assert verdict == "pending", blank
        said = reason.partition("不能下结论，缺：")[2].partition("；")[0]
        named = {column for column, name in REQUIRED.items() if name in said}
        assert named == blank


def test_a_red_line_crossed_goes_before_one_left_blank() -> None:
    found, _checks = judge(project(negative_list=True, capacity_category=None))
    assert found["verdict"] == "rejected"


def test_no_projects() -> None:
    result = admission.evaluate(made_park(2026, firms=FIRMS))
    assert isinstance(result, NotEvaluated)
    assert result.reason == "项目储备没有数据。"


money = st.floats(1_000, 100_000)


@pytest.mark.slow
@settings(max_examples=examples(3, 8))
@given(
    area=st.floats(5, 200),
    investment=money,
    revenue=money,
    output=money,
    scale=st.sampled_from([15.0, 1 / 15, 10_000 / 15, 10_000.0]),
)
def test_a_change_of_unit_keeps_every_verdict(
    area: float, investment: float, revenue: float, output: float, scale: float
) -> None:
    """Money in another unit throughout, requirements included, changes no state."""
    floor = "land.per_mu.output_floor.provincial"

    def states(factor: float) -> list[Any]:
        wan = {
            "fixed_investment_wan": investment,
            "revenue_wan": revenue,
            "output_wan": output,
            "value_added_wan": revenue / 4,
        }
        item = project(requested_area_mu=area, **{k: v * factor for k, v in wan.items()})
        firms = [
            {k: v * factor if k.endswith("_wan") else v for k, v in one.items()} for one in FIRMS
        ]
        found, checks = judge(item, firms, overrides={floor: 400.0 * factor})
        return [found["verdict"], *checks["state"].tolist()]

    assert states(1.0) == states(scale)


@pytest.mark.slow
@settings(max_examples=examples(3, 8))
@given(area=st.floats(5, 200), more=st.floats(1, 3), investment=money)
def test_more_land_never_helps(area: float, more: float, investment: float) -> None:
    order = ["rejected", "conditional", "admitted"]
    small, _checks = judge(project(requested_area_mu=area, fixed_investment_wan=investment))
    large, _checks = judge(project(requested_area_mu=area * more, fixed_investment_wan=investment))
    assert order.index(large["verdict"]) <= order.index(small["verdict"])


def test_shuffled_rows_give_the_same_verdicts() -> None:
    items = [
        project(project_id=f"P{number}", revenue_wan=15_000.0 + 2_000 * number)
        for number in range(6)
    ]
    plain = made_park(2026, firms=FIRMS, pipeline=items)
    mixed = SimpleNamespace(**vars(plain))
    mixed.tables = {
        **plain.tables,
        "firms": plain.tables["firms"].iloc[::-1],
        "pipeline": plain.tables["pipeline"].iloc[[3, 0, 5, 1, 4, 2]],
    }
    one, other = admission.evaluate(plain), admission.evaluate(mixed)
    assert not isinstance(one, NotEvaluated)
    assert not isinstance(other, NotEvaluated)
    pd.testing.assert_frame_equal(one.projects, other.projects.sort_index())


def test_rows_of_the_sheet_are_kept_as_evidence() -> None:
    park = made_park(2026, firms=FIRMS)
    park.tables["pipeline"] = table("pipeline", [project()], index=[17])
    park.as_of = dt.date(2026, 6, 30)
    result = admission.evaluate(park)
    assert result.to_record()["projects"][0]["row"] == 17
