"""差别化政策: 规划 第二章第三节, 第四章第四节三; 楚办发〔2023〕5号; 行动计划 第8, 9, 14项."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from made_parks import made_park, parcel

from greenland.errors import InputError
from greenland.land import policy, stock
from greenland.record.land.policy import PolicyRecord
from greenland.results import NotEvaluated, plain_value


def year_of(year: int = 2026, **changes: Any) -> dict[str, Any]:
    return {
        "year": year,
        "above_scale_output_wan": 2_500_000.0,
        "new_above_scale_firms": 10.0,
        "revenue_wan": 2_000_000.0,
        "leading_industry_share": 0.6,
        "value_added_wan": 500_000.0,
        "energy_tce": 600_000.0,
        "water_m3": 5_000_000.0,
        "waste_water_treated_share": 1.0,
        "solid_waste_disposed_share": 1.0,
        "rank": 8.0,
        "ranked_parks": 40.0,
        **changes,
    }


def supply(**changes: Any) -> dict[str, Any]:
    return {
        "year": 2026,
        "supplied_ha": 10.0,
        "unsupplied_stock_ha": 100.0,
        "unsupplied_disposed_ha": 30.0,
        "idle_stock_ha": 50.0,
        "idle_disposed_ha": 20.0,
        "quota_ha": 20.0,
        **changes,
    }


TARGETS = {"land.stock.disposal.unsupplied": 0.25, "land.stock.disposal.idle": 0.3}
SHARES = {"land.policy.quota.both_done": 0.10, "land.policy.quota.not_done": -0.20}


def review_of(score: float = 70.0, zone: str = "industrial") -> Any:
    return SimpleNamespace(
        land_intensity_score=score,
        zone_type=zone,
        indicators=pd.DataFrame(
            {
                "indicator": ["land_supply_rate", "land_development_rate"],
                "value": [0.9, 0.5],
            }
        ),
    )


def derive(
    figures: list[dict[str, Any]] | None = None,
    history: dict[str, Any] | None = None,
    review: Any = None,
    per_mu: Any = None,
    standard: Any = None,
    overrides: dict[str, Any] | None = None,
    **more: Any,
) -> policy.PolicyResult:
    more.setdefault("parcels", [parcel()])
    park = made_park(
        2026,
        indicators=[year_of(2025), year_of()] if figures is None else figures,
        supply_history=[history or supply()],
        overrides={**TARGETS, **(overrides or {})},
        **more,
    )
    result = policy.evaluate(
        park,
        review=review or review_of(),
        stock=stock.evaluate(park),
        per_mu=per_mu,
        standard_land=standard,
    )
    assert not isinstance(result, NotEvaluated)
    return result


def of_park(result: policy.PolicyResult) -> pd.DataFrame:
    return result.measures[result.measures["subject"] == "park"]


@pytest.mark.parametrize(
    ("output_yi", "tier", "new_firms"),
    [
        (500.0, "comprehensive", 20),
        (499.9, "leading", 10),
        (100.0, "leading", 10),
        (99.9, "special", 5),
    ],
)
def test_tier_by_output(output_yi: float, tier: str, new_firms: int) -> None:
    found = derive([year_of(above_scale_output_wan=output_yi * 10_000)]).tier
    assert (found["tier"], found["new_firms"]) == (tier, new_firms)
    assert found["output_yi"] == pytest.approx(output_yi)


def test_without_output_there_is_no_tier() -> None:
    found = derive([year_of(above_scale_output_wan=None)]).tier
    assert found["tier"] is None
    assert found["reason"] == "缺少规上工业总产值"


def test_border_parks_need_more_than_forty_new_firms() -> None:
    for firms, state in ((40.0, "failed"), (41.0, "met")):
        found = derive([year_of(new_above_scale_firms=firms)], kind="border").targets
        row = found.set_index("indicator").loc["new_above_scale_firms"]
        assert (row["required"], row["direction"], row["state"]) == (40.0, ">", state)
        assert row["rule_id"] == "land.policy.new_firms.border"


@pytest.mark.parametrize(
    ("history", "factor", "next_ha", "state"),
    [
        (supply(), 0.10, 22.0, "met"),
        (supply(idle_disposed_ha=14.0), -0.20, 16.0, "failed"),
        (supply(unsupplied_disposed_ha=24.0, idle_disposed_ha=0.0), -0.20, 16.0, "failed"),
        # nothing idle at the start of the year: nothing left to do
        (supply(idle_stock_ha=0.0, idle_disposed_ha=0.0), 0.10, 22.0, "met"),
        (supply(idle_disposed_ha=None), None, None, "no_data"),
    ],
    ids=["both done", "one not", "neither", "no stock", "unknown"],
)
def test_next_years_quota(
    history: dict[str, Any], factor: float | None, next_ha: float | None, state: str
) -> None:
    # as 自然资规〔2018〕1号 had it: +10 % when both tasks are done, −20 % when either is not
    found = derive(history=history, overrides=SHARES).quota
    assert found["factor"] == factor
    assert found["next_ha"] == (None if next_ha is None else pytest.approx(next_ha))
    assert found["state"] == state


def test_without_this_years_quota_the_factor_stands_alone() -> None:
    found = derive(history=supply(quota_ha=None), overrides=SHARES).quota
    assert found["factor"] == 0.10
    assert found["next_ha"] is None
    assert found["reason"] == "缺少当年新增建设用地指标"


def test_since_2020_no_share_of_the_quota_is_known() -> None:
    # the factor method of 2018 was for provinces and ended; the park has to supply its own
    found = derive().quota
    assert (found["state"], found["factor"], found["next_ha"]) == ("met", None, None)
    assert found["reason"] == "没有查到对园区计划指标的奖惩比例，须由园区给出"


def test_provincial_goals_are_no_verdict() -> None:
    # 行动计划 主要目标: 7 % a year and 60 % are of all parks of the province together
    found = derive([year_of(2025), year_of(revenue_wan=2_020_000.0)]).targets
    goals = found[found["rule_id"].str.startswith("land.policy.goal")].set_index("indicator")
    assert set(goals.index) == {"revenue_growth", "output_growth", "leading_industry_share"}
    assert set(goals["state"]) == {"not_applicable"}
    assert goals.loc["revenue_growth", "value"] == pytest.approx(0.01)
    assert goals.loc["revenue_growth", "required"] == 0.07
    assert found["indicator"].tolist().count("revenue_growth") == 1


def test_the_record_keeps_the_figures_it_went_by() -> None:
    """A province adds them up; parts of a zone are summed, a figure of one missing is missing."""
    years = [year_of(2025), year_of(revenue_wan=2_020_000.0, part="main"),
             year_of(revenue_wan=None, rank=None, part="development")]  # fmt: skip
    before, now = PolicyRecord.model_validate(plain_value(derive(years).to_record())).figures
    assert (before.year, now.year) == (2025, 2026)
    assert before.revenue_wan == year_of(2025)["revenue_wan"]
    assert now.revenue_wan is None
    assert now.above_scale_output_wan == 2 * year_of()["above_scale_output_wan"]
    assert now.rank == year_of()["rank"]


def test_a_target_of_the_park_is_judged() -> None:
    own = {"land.policy.target.revenue_growth": 0.05}
    found = derive([year_of(2025), year_of(revenue_wan=2_020_000.0)], overrides=own).targets
    row = found[found["rule_id"] == "land.policy.target.revenue_growth"].iloc[0]
    assert (row["state"], row["required"]) == ("failed", 0.05)


def test_a_good_result_with_little_stock_is_rewarded() -> None:
    found = of_park(derive(overrides={"land.policy.reward.min_score": 61.53}))
    reward = found[found["kind"] == "reward"].iloc[0]
    assert reward["rule_id"] == "land.policy.reward"
    assert "集约利用度 70.00 分，不低于 61.53 分" in reward["facts"]
    assert "penalty" not in set(found["kind"])


def test_disposal_tasks_not_done_are_penalised() -> None:
    projects = [
        {"project_id": "P1", "project_name": "省重点项目（虚构）", "priority": "province"},
        {"project_id": "P2", "project_name": "一般项目（虚构）", "priority": "normal"},
    ]
    result = derive(history=supply(idle_disposed_ha=10.0), pipeline=projects)
    found = of_park(result)
    penalties = found[found["kind"] == "penalty"]
    assert penalties["measure"].tolist() == [
        "扣减用地计划指标",
        "暂停用地报件受理（国家、省级重点项目和民生保障项目除外）",
    ]
    assert penalties["facts"].iloc[0] == "闲置土地处置率 20.0%，要求 30.0%"
    assert penalties["reason"].iloc[1] == "除外项目 1 个：省重点项目（虚构）"
    assert "reward" not in set(found["kind"])


def test_what_the_rules_list_is_what_is_done() -> None:
    own = {"land.policy.penalty": ["suspension"]}
    found = of_park(derive(history=supply(idle_disposed_ha=10.0), overrides=own))
    assert found[found["kind"] == "penalty"]["measure"].tolist() == [
        "暂停用地报件受理（国家、省级重点项目和民生保障项目除外）"
    ]
    own = {"land.policy.reward.min_score": 61.53, "land.policy.quota_first": ["low_pollution"]}
    found = of_park(derive(overrides=own))
    assert "新增用地优先投向污染小的项目" in found["measure"].tolist()
    with pytest.raises(InputError, match=r"quota_firsts.*quota_first"):
        derive(overrides={**own, "land.policy.reward": ["quota_firsts"]})


@pytest.mark.parametrize(
    ("share", "state"), [(1.0, "met"), (0.99, "failed"), (None, "not_applicable")]
)
def test_hazardous_waste_is_asked_of_who_states_it(share: float | None, state: str) -> None:
    # 规划 第四章第四节二: 化工园区危险固体废物安全处置率 100 %
    found = derive([year_of(2025), year_of(hazardous_waste_disposed_share=share)]).targets
    row = found.set_index("indicator").loc["hazardous_waste_disposed_share"]
    assert (row["state"], row["required"]) == (state, 1.0)


def test_goals_of_the_plan_to_2025_stand_beside_the_parks_figures() -> None:
    # 规划: 营业收入年均增长15%, 规上工业企业研发经费占营业收入2%
    firms = [
        {"firm_id": "F1", "year": 2025, "above_scale": True, "rd_wan": 30.0, "revenue_wan": 2e3},
        {"firm_id": "F2", "year": 2025, "above_scale": False, "rd_wan": None, "revenue_wan": 9e9},
    ]
    park = made_park(2025, indicators=[year_of(2024), year_of(2025)], firms=firms)
    result = policy.evaluate(park, review=review_of(), stock=stock.evaluate(park))
    assert not isinstance(result, NotEvaluated)
    goals = result.targets[result.targets["rule_id"].str.contains("goal.yunnan_2025")]
    goals = goals.set_index("indicator")
    assert goals.loc["rd_intensity", ["value", "required"]].tolist() == [0.015, 0.02]
    assert goals.loc["revenue_growth", ["value", "required"]].tolist() == [0.0, 0.15]
    assert set(goals["state"]) == {"not_applicable"}


def test_thresholds_no_document_gives_are_not_guessed() -> None:
    result = derive(review=review_of(score=10.0))
    assert "penalty" not in set(of_park(result)["kind"])
    assert any("考核不合格界线没有文件规定" in text for text in result.undecided)


@pytest.mark.parametrize(
    ("rule", "value", "fact"),
    [
        ("max_score", 75.0, "集约利用度 70.00 分，低于 75.00 分"),
        ("min_supply_rate", 0.95, "土地供应率 90.00%，低于 95.00%"),
        ("min_development_rate", 0.6, "土地开发率 50.00%，低于 60.00%"),
    ],
)
def test_thresholds_the_park_gives_are_applied(rule: str, value: float, fact: str) -> None:
    result = derive(overrides={f"land.policy.penalty.{rule}": value})
    found = of_park(result)
    assert fact in found[found["kind"] == "penalty"]["facts"].iloc[0]


@pytest.mark.parametrize(
    ("before", "now", "rules"),
    [
        (30.0, 35.0, set()),
        (30.0, 36.0, {"bottom"}),
        (36.0, 36.0, {"bottom", "bottom_years"}),
        (20.0, 30.0, set()),
        (20.0, 31.0, {"fall"}),
        (None, 31.0, set()),
    ],
    ids=["just above", "bottom five", "two years", "fell ten", "fell eleven", "no rank before"],
)
def test_ranks(before: float | None, now: float, rules: set[str]) -> None:
    # 楚办发〔2023〕5号 第8项: bottom 5, or a fall of more than 10; bottom 5 two years running
    found = of_park(derive([year_of(2025, rank=before), year_of(rank=now)]))
    ranked = found[found["rule_id"].str.startswith("land.policy.ranking")]
    assert {name.rsplit(".", 1)[1] for name in ranked["rule_id"]} == rules


def test_energy_per_value_added_has_to_fall() -> None:
    figures = [year_of(2025), year_of(energy_tce=599_000.0)]
    found = derive(figures).targets.set_index("indicator")
    assert found.loc["energy_per_value_added", "state"] == "met"
    assert found.loc["water_per_value_added", "state"] == "failed"  # unchanged
    alone = derive([year_of()]).targets.set_index("indicator")
    assert alone.loc["energy_per_value_added", "state"] == "no_data"


def test_a_part_without_a_figure_leaves_the_sum_unknown() -> None:
    figures = [year_of(part="main"), year_of(part="development", above_scale_output_wan=None)]
    assert derive(figures).tier["tier"] is None


def test_planned_industrial_share_is_asked_of_industry_led_zones() -> None:
    overview = [{"part": "main", "planned_area_ha": 100.0, "planned_industrial_ha": 65.0}]
    for zone, state in (("industrial", "failed"), ("city_industry", "not_applicable")):
        found = derive(review=review_of(zone=zone), overview=overview).targets
        row = found.set_index("indicator").loc["planned_industrial_share"]
        assert row["value"] == pytest.approx(0.65)
        assert row["state"] == state


def test_class_measures_are_data() -> None:
    per_mu = SimpleNamespace(
        firms=pd.DataFrame(
            {
                "firm_id": ["F1", "F2", "F3"],
                "firm_name": ["甲", "乙", "丙"],
                "class": ["A", "D", "exempt"],
                "score": [95.0, 20.0, None],
            }
        )
    )
    own = {"land.policy.class_measures": {"A": ["用能优先"], "D": ["限期整改", "差别水价"]}}
    found = derive(per_mu=per_mu, overrides=own).measures
    found = found[found["kind"] == "class_measure"]
    assert found["subject"].tolist() == ["F1", "F2", "F2"]
    assert found["measure"].tolist() == ["用能优先", "限期整改", "差别水价"]
    assert found["facts"].iloc[1] == "亩均效益 D 类，得分 20.00"


def test_idle_land_and_broken_promises_are_named() -> None:
    late = parcel(
        parcel_id="G9",
        agreed_start_date="2025-06-01",
        actual_start_date=None,
        actual_completion_date=None,
        delay_cause="firm",
        land_price_wan=500.0,
    )
    breaches = pd.DataFrame(
        {
            "parcel_id": ["G1"],
            "measure": ["rectify"],
            "rule_id": ["land.standard_land.breach"],
            "reason": ["容积率"],
        }
    )
    found = derive(
        parcels=[parcel(), late], standard=SimpleNamespace(breaches=breaches)
    ).measures.set_index("subject")
    assert found.loc["G9", "measure"] == "征缴土地闲置费"
    assert found.loc["G9", "reason"] == "闲置费 100.00 万元，2027-06-01 起可收回"
    assert found.loc["G1", "rule_id"] == "land.standard_land.breach"


def test_every_measure_cites_a_rule_and_facts() -> None:
    result = derive([year_of(2025, rank=20.0), year_of(rank=40.0)],
                    history=supply(idle_disposed_ha=1.0))  # fmt: skip
    assert result.measures["rule_id"].notna().all()
    assert result.measures["facts"].notna().all()


def test_nothing_to_go_by() -> None:
    result = policy.evaluate(made_park(2026))
    assert isinstance(result, NotEvaluated)
    assert result.reason == "没有年度指标，也没有可用的评价结果。"


def test_without_the_provinces_pack_its_measures_are_left_out() -> None:
    park = made_park(2026, packs=("national",), indicators=[year_of()])
    result = policy.evaluate(park)
    assert not isinstance(result, NotEvaluated)
    assert result.targets.empty
    assert result.tier["reason"] == "评价年度没有有效的分档规定"
