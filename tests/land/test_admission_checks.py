"""Every check of 项目准入 at its boundary, and what it says beside its verdict."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_parks import made_park
from test_admission import FIRMS, judge, project

from greenland.errors import InputError
from greenland.land import admission
from greenland.land.admission.checks import CHECK_COLUMNS
from greenland.results import NotEvaluated

# What the project of `project` is held to: peers 600 and 500 万元/亩 (FIRMS), 5 万元/tce and
# 2500 万元/t; floor 400 万元/亩 (规划 第四章第一节四, provincial); 控制指标: 容积率 0.7 (code 38),
# 建筑系数 0.40, 绿地率 0.20 (the park's own), 行政办公 0.07. The project asks for 40 亩,
# 26 666.67 ㎡.
FLOOR_AREA = 0.7 * 40 * 10_000 / 15

OWN = {"land.control.green_ratio": 0.20}
WORSE = {"revenue_wan": 18_000.0, "green_ratio": 0.25}
BOUNDARIES = [
    # indicator, column, just inside, just outside
    ("investment_intensity", "fixed_investment_wan", 24_000.0, 23_999.9),
    ("revenue_per_mu", "revenue_wan", 20_000.0, 19_999.9),
    ("output_per_mu", "output_wan", 16_000.0, 15_999.9),
    ("floor_area_ratio", "floor_area_m2", FLOOR_AREA, FLOOR_AREA - 0.1),
    ("building_coefficient", "building_coefficient", 0.40, 0.3999),
    ("green_ratio", "green_ratio", 0.20, 0.2001),
    ("admin_land_share", "admin_land_share", 0.07, 0.0701),
    ("admin_floor_area_share", "admin_floor_area_share", 0.15, 0.1501),  # 2023年版 (72号)
    ("value_added_per_tce", "energy_tce", 1_200.0, 1_200.1),
    ("value_added_per_emission", "emission_t", 2.4, 2.4001),
    ("negative_list", "negative_list", False, True),
    ("capacity_category", "capacity_category", "permitted", "restricted"),
    ("capacity_category", "capacity_category", "encouraged", "eliminated"),
]


# Figures a project may leave out, and what is then said.
LEFT_OUT = [
    ("fixed_investment_wan", "investment_intensity", "缺少固定资产投资额"),
    ("revenue_wan", "revenue_per_mu", "缺少预期年营业收入"),
    ("output_wan", "output_per_mu", "缺少预期年产值"),
    ("floor_area_m2", "floor_area_ratio", "缺少计划建筑面积"),
    ("building_coefficient", "building_coefficient", "缺少计划建筑系数"),
    ("green_ratio", "green_ratio", "缺少计划绿地率"),
    ("admin_land_share", "admin_land_share", "缺少计划行政办公用地比重"),
    ("admin_floor_area_share", "admin_floor_area_share", "缺少计划行政办公建筑面积比重"),
    ("energy_tce", "value_added_per_tce", "缺少预期年综合能耗"),
    ("emission_t", "value_added_per_emission", "缺少预期年主要污染物排放量"),
    ("value_added_wan", "value_added_per_tce", "缺少预期年工业增加值"),
    ("negative_list", "negative_list", "未填是否列入负面清单"),
    ("capacity_category", "capacity_category", "未填产能类别"),
]
AREAS = {"no area": None, "area of zero": 0.0}


def _name(column: str, value: Any) -> str:
    return f"{column}={value}"


@pytest.fixture(scope="module")
def checks() -> pd.DataFrame:
    """The first check of every indicator of many projects, judged in one go."""
    changes: dict[str, dict[str, Any]] = {"plain": {}, "worse": WORSE}
    for _indicator, column, inside, outside in BOUNDARIES:
        changes |= {_name(column, value): {column: value} for value in (inside, outside)}
    changes |= {_name(column, None): {column: None} for column, _indicator, _reason in LEFT_OUT}
    changes |= {name: {"requested_area_mu": area} for name, area in AREAS.items()}
    changes["half a mu"] = {"requested_area_mu": 0.5}
    changes |= {_name(column, 0): {column: 0.0} for column in ("energy_tce", "emission_t")}
    items = [project(project_id=name, **change) for name, change in changes.items()]
    found = admission.evaluate(made_park(2026, firms=FIRMS, pipeline=items, overrides=OWN))
    assert not isinstance(found, NotEvaluated)
    assert len(found.checks) == 14 * len(items)
    first = found.checks.drop_duplicates(["project_id", "indicator"])
    return first.set_index(["project_id", "indicator"])


@pytest.mark.parametrize(("indicator", "column", "inside", "outside"), BOUNDARIES)
def test_each_check_at_its_boundary(
    checks: pd.DataFrame, indicator: str, column: str, inside: Any, outside: Any
) -> None:
    assert checks.loc[(_name(column, inside), indicator), "state"] == "met"
    assert checks.loc[(_name(column, outside), indicator), "state"] == "failed"


@pytest.mark.parametrize(
    ("indicator", "value", "required", "margin", "share"),
    [
        # the project has 650, 600, 600 万元/亩, 容积率 1.125, 6 and 3000 万元 per tce and t
        ("investment_intensity", 650.0, 600.0, 50.0, 50 / 600),
        ("revenue_per_mu", 600.0, 500.0, 100.0, 0.2),
        ("output_per_mu", 600.0, 400.0, 200.0, 0.5),
        ("floor_area_ratio", 1.125, 0.7, 0.425, 0.425 / 0.7),
        ("building_coefficient", 0.5, 0.4, 0.1, 0.25),
        ("green_ratio", 0.1, 0.2, 0.1, 0.5),
        ("admin_land_share", 0.05, 0.07, 0.02, 2 / 7),
        ("admin_floor_area_share", 0.1, 0.15, 0.05, 1 / 3),
        ("value_added_per_tce", 6.0, 5.0, 1.0, 0.2),
        ("value_added_per_emission", 3_000.0, 2_500.0, 500.0, 0.2),
    ],
)
def test_value_requirement_and_margins_by_hand(
    checks: pd.DataFrame,
    indicator: str,
    value: float,
    required: float,
    margin: float,
    share: float,
) -> None:
    row = checks.loc[("plain", indicator)]
    assert row["value"] == pytest.approx(value)
    assert row["required"] == pytest.approx(required)
    assert row["margin"] == pytest.approx(margin)
    assert row["margin_share"] == pytest.approx(share)


def test_margins_are_negative_where_a_limit_is_broken(checks: pd.DataFrame) -> None:
    shares = checks.loc["worse", "margin_share"]
    assert shares["revenue_per_mu"] == pytest.approx(-50 / 500)
    assert shares["green_ratio"] == pytest.approx(-0.25)


def test_a_requirement_of_zero_has_no_relative_margin() -> None:
    _found, checks = judge(project(), overrides={"land.admission.entry.value_added_per_tce": 0.0})
    row = checks.loc["value_added_per_tce"]
    assert (row["state"], row["margin"]) == ("met", 6.0)
    assert np.isnan(row["margin_share"])


def test_the_greatest_area_each_check_allows() -> None:
    # 26 000 / 600, 24 000 / 500, 24 000 / 400, 30 000 ㎡ / 0.7 ÷ (10 000/15) 亩
    found, judged = judge(project())
    areas = judged["area_limit_mu"]
    assert areas["investment_intensity"] == pytest.approx(26_000 / 600)
    assert areas["revenue_per_mu"] == pytest.approx(48.0)
    assert areas["output_per_mu"] == pytest.approx(60.0)
    assert areas["floor_area_ratio"] == pytest.approx(30_000 / 0.7 * 15 / 10_000)
    others = areas.drop(
        ["investment_intensity", "revenue_per_mu", "output_per_mu", "floor_area_ratio"]
    )
    assert others.isna().all()
    assert found["passing_area_mu"] == pytest.approx(26_000 / 600)


def test_peers_of_zero_ask_nothing_of_the_area() -> None:
    firms = [{**item, "revenue_wan": 0.0} for item in FIRMS]
    _found, checks = judge(project(), firms)
    assert checks.loc["revenue_per_mu", "state"] == "met"
    assert np.isnan(checks.loc["revenue_per_mu", "area_limit_mu"])
    little = [{**item, "revenue_wan": 25.0} for item in FIRMS]  # 0.5 万元/亩
    _found, checks = judge(project(), little)
    assert checks.loc["revenue_per_mu", "area_limit_mu"] == pytest.approx(48_000.0)
    assert checks.loc["revenue_per_mu", "margin_share"] == pytest.approx(599.5 / 0.5)


def all_checks(item: dict[str, Any], **more: Any) -> pd.DataFrame:
    """Every check of one project, both of the investment intensity."""
    result = admission.evaluate(made_park(2026, firms=FIRMS, pipeline=[item], **more))
    assert not isinstance(result, NotEvaluated)
    assert result.checks.columns.tolist() == CHECK_COLUMNS
    return result.checks


def test_the_directions_and_bases() -> None:
    found = all_checks(project())
    told = dict(zip(found["indicator"], zip(found["direction"], found["basis"], strict=True),
                    strict=True))  # fmt: skip
    assert told == {
        "investment_intensity": (">=", "control"),
        "revenue_per_mu": (">=", "class"),
        "output_per_mu": (">=", None),
        "floor_area_ratio": (">=", "control"),
        "building_coefficient": (">=", "control"),
        "green_ratio": ("<=", "control"),  # without a value: the edition of 2023 has none
        "admin_land_share": ("<=", "control"),
        "admin_floor_area_share": ("<=", "control"),
        "value_added_per_tce": (">=", "class"),
        "value_added_per_emission": (">=", "class"),
        "negative_list": ("not_in", None),
        "capacity_category": ("not_in", None),
        "power_demand": ("<=", None),
    }
    by_peers = found[found["basis"] == "class"].set_index("indicator")
    assert by_peers.index.tolist() == [
        "investment_intensity", "revenue_per_mu", "value_added_per_tce",
        "value_added_per_emission",
    ]  # fmt: skip
    assert (by_peers["peers"] == 4).all()
    assert set(found["project_id"]) == {"P1"}


def test_the_rule_behind_each_check() -> None:
    found = all_checks(project()).set_index("indicator")["rule_id"]
    assert found["investment_intensity"].tolist()[0] == "land.admission.investment_intensity"
    assert found["revenue_per_mu"] == "land.admission.revenue_per_mu"
    assert found["output_per_mu"] == "land.per_mu.output_floor.provincial"
    assert found["value_added_per_tce"] == "land.admission.entry.by_peers"
    assert found["negative_list"] == "land.admission.negative_list"
    assert found["capacity_category"] == "land.admission.capacity_refused"
    own = {"land.admission.entry.value_added_per_tce": 7.0}
    own_rule = all_checks(project(), overrides=own).set_index("indicator")
    assert own_rule.loc["value_added_per_tce", "rule_id"] == (
        "land.admission.entry.value_added_per_tce"
    )
    assert own_rule.loc["value_added_per_tce", "peers"] is None


@pytest.mark.parametrize(("column", "indicator", "reason"), LEFT_OUT)
def test_each_figure_left_out_is_named(
    checks: pd.DataFrame, column: str, indicator: str, reason: str
) -> None:
    row = checks.loc[(_name(column, None), indicator)]
    assert (row["state"], row["value"], row["reason"]) == ("no_data", None, reason)
    known = {"floor_area_ratio": "2023年版的容积率表没有查到，按2008年版判定"}
    assert checks.loc[("plain", indicator), "reason"] == known.get(indicator)


@pytest.mark.parametrize("name", AREAS)
def test_without_an_area_nothing_per_area_is_judged(checks: pd.DataFrame, name: str) -> None:
    rows = checks.loc[name]
    by_area = ["investment_intensity", "revenue_per_mu", "output_per_mu", "floor_area_ratio"]
    assert set(rows.loc[by_area, "state"]) == {"no_data"}
    assert set(rows.loc[by_area, "reason"]) == {"缺少申请用地面积，或面积为零"}
    assert set(rows.drop([*by_area, "power_demand"])["state"]) == {"met"}


def test_the_smallest_area_is_an_area(checks: pd.DataFrame) -> None:
    assert checks.loc["half a mu", "reason"].drop(["floor_area_ratio", "power_demand"]).isna().all()


@pytest.mark.parametrize(
    ("column", "indicator"),
    [("energy_tce", "value_added_per_tce"), ("emission_t", "value_added_per_emission")],
)
def test_using_nothing_meets_the_requirement_and_says_so(
    checks: pd.DataFrame, column: str, indicator: str
) -> None:
    row = checks.loc[(_name(column, 0), indicator)]
    assert (row["state"], row["reason"]) == ("met", "用量为零")


def test_nothing_is_required_of_energy_without_peers_or_a_value_of_the_park() -> None:
    _found, checks = judge(project(energy_tce=0.0), FIRMS[:2])
    row = checks.loc["value_added_per_tce"]
    assert row["state"] == "not_applicable"
    assert row["reason"] == "没有准入值，也没有足够的同类企业可比"
    assert (row["required"], row["rule_id"]) == (None, "land.admission.entry.by_peers")


def test_a_park_may_leave_energy_and_emission_uncompared() -> None:
    found = all_checks(project(), overrides={"land.admission.entry.by_peers": False})
    row = found.set_index("indicator").loc["value_added_per_tce"]
    assert (row["state"], row["basis"], row["rule_id"]) == ("not_applicable", "user", None)


def test_a_control_value_not_given_is_not_applied_and_said() -> None:
    rows = all_checks(project())
    row = rows[(rows["indicator"] == "investment_intensity") & (rows["basis"] == "control")].iloc[0]
    assert row["state"] == "not_applicable"
    assert row["reason"]
    own = {"land.control.min_investment_intensity": 700.0}
    rows = all_checks(project(), overrides=own)
    row = rows[(rows["indicator"] == "investment_intensity") & (rows["basis"] == "control")].iloc[0]
    assert (row["state"], row["margin"]) == ("failed", pytest.approx(-50.0))
    assert row["area_limit_mu"] == pytest.approx(26_000 / 700)


def test_control_values_are_those_of_the_day() -> None:
    # 建筑系数: 30 % before the edition of 2023 is in force, 40 % after
    item = project(building_coefficient=0.35)
    for day, state in ((dt.date(2020, 1, 1), "met"), (dt.date(2026, 1, 1), "failed")):
        found = all_checks(item, as_of=day).set_index("indicator")
        assert found.loc["building_coefficient", "state"] == state


def test_what_is_asked_of_which_land_use() -> None:
    uses = {"industrial": True, "storage": True, None: True, "public": False}
    items = [
        project(project_id=str(use), land_use=use, revenue_wan=1.0, negative_list=True)
        for use in uses
    ]
    result = admission.evaluate(made_park(2026, firms=FIRMS, pipeline=items))
    assert not isinstance(result, NotEvaluated)
    by_check = dict(list(result.checks.groupby(["project_id", "indicator"])))
    for use, asked in uses.items():
        ((_index, row),) = by_check[(str(use), "revenue_per_mu")].iterrows()
        assert row["state"] == ("failed" if asked else "not_applicable")
        assert row["reason"] == (None if asked else "只考核工业项目")
        assert np.isnan(row["area_limit_mu"]) == (not asked)
        ((_index, listed),) = by_check[(str(use), "negative_list")].iterrows()
        assert (listed["state"], listed["reason"]) == ("failed", None)  # asked of every project


def test_two_projects_keep_their_own_judgements() -> None:
    items = [project(), project(project_id="P2", land_use="public", negative_list=True)]
    park = made_park(2026, firms=FIRMS, pipeline=items)
    found = admission.evaluate(park)
    assert not isinstance(found, NotEvaluated)
    assert found.projects["verdict"].tolist() == ["admitted", "rejected"]
    assert found.checks["project_id"].tolist() == ["P1"] * 14 + ["P2"] * 14


@pytest.mark.parametrize("rule_id", ["investment_intensity", "revenue_per_mu", "negative_list"])
def test_a_choice_nobody_offers_is_refused(rule_id: str) -> None:
    with pytest.raises(InputError, match=r"取值无效.*none.*(peer_average|refused)"):
        judge(project(), overrides={f"land.admission.{rule_id}": "none"})
