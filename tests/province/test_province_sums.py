"""Sums over what is present, goals judged on them, pilots, outliers, parks named twice."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from made_members import PACKS, YEAR, compared, entry, member

from greenland.errors import InputError
from greenland.province.config import ProvinceFigures, read_province
from greenland.province.goals import Goal
from greenland.province.result import ProvinceResult
from greenland.results import State


def total(result: ProvinceResult, key: str) -> object:
    return next(one for one in result.totals if one.key == key)


def test_a_sum_is_over_those_that_have_it() -> None:
    members = [member("A", idle_ha=3.0), member("B", idle_ha=4.5), member("C")]
    found = total(compared(members, parks=5), "idle_ha")
    assert (found.value, found.parks, found.of) == (7.5, 2, 5)
    assert found.missing == ("C园区（虚构）",)
    nothing = total(compared(members), "exit_ha")
    assert (nothing.value, nothing.parks) == (None, 0)


def test_a_ratio_is_of_two_sums_of_the_same_parks() -> None:
    """By hand: (1 + 6) ÷ (2 + 8); C has no denominator and does not count."""
    members = [
        member("A", standard_land_ha=1.0, industrial_supplied_ha=2.0, standard_land_share=0.5),
        member("B", standard_land_ha=6.0, industrial_supplied_ha=8.0, standard_land_share=0.75),
        member("C", standard_land_ha=9.0),
    ]
    found = total(compared(members), "standard_land_share")
    assert found.value == pytest.approx(0.7)
    assert (found.parks, found.missing) == (2, ("C园区（虚构）",))


def test_research_of_a_province_is_spending_over_revenue() -> None:
    """By hand: (3 + 1) ÷ (100 + 100) against the 2 % asked for by 2025; C has no spending."""
    parks = {"A": (3.0, 100.0), "B": (1.0, 100.0), "C": (None, 800.0)}
    members = [
        member(
            park,
            year=2025,
            **{"above_scale_revenue_wan": revenue}
            | ({} if spent is None else {"above_scale_rd_wan": spent, "rd_intensity": 0.5}),
        )
        for park, (spent, revenue) in parks.items()
    ]
    result = compared(members, year=2025)
    found = total(result, "rd_intensity")
    assert (found.value, found.parks, found.missing) == (0.02, 2, ("C园区（虚构）",))
    goal = goals(result)["rd_intensity"]
    assert (goal.value, goal.state, goal.parks, goal.of) == (0.02, State.MET, 2, 3)
    assert "2 个园区（共 3 个）" in goal.reason
    nobody = goals(compared([member("A", year=2025)], year=2025))["rd_intensity"]
    assert (nobody.value, nobody.state) == (None, State.NO_DATA)


def test_a_change_is_over_the_parks_that_have_both_years() -> None:
    members = [member("A", revenue_wan=110.0), member("B", revenue_wan=1000.0)]
    found = total(
        compared(members, earlier=[entry("A", YEAR - 1, revenue_wan=100.0)]), "revenue_wan"
    )
    assert (found.same, found.before, found.same_parks) == (110.0, 100.0, 1)
    assert found.change == pytest.approx(0.1)


def goals(result: ProvinceResult) -> dict[str, Goal]:
    return {one.goal: one for one in result.goals}


def growing(park: str, before: float | None, now: float | None) -> object:
    yearly = {
        YEAR - 1: {"revenue_wan": before, "above_scale_output_wan": before},
        YEAR: {"revenue_wan": now, "above_scale_output_wan": now},
    }
    return member(park, yearly=yearly)


def test_growth_is_judged_on_the_sum() -> None:
    """A grows 50 %, B falls 5 %: together (150 + 950) ÷ (100 + 1000) − 1 = 0, below 7 %."""
    found = goals(compared([growing("A", 100.0, 150.0), growing("B", 1000.0, 950.0)]))
    growth = found["revenue_growth"]
    assert growth.value == pytest.approx(0.0)
    assert (growth.state, growth.parks, growth.of) == (State.FAILED, 2, 2)
    assert found["output_growth"].state is State.FAILED


def test_growth_of_seven_per_cent_is_enough() -> None:
    found = goals(compared([growing("A", 100.0, 107.0), growing("B", None, 500.0)]))
    assert found["revenue_growth"].state is State.MET
    assert "只合计了有数的 1 个园区（共 2 个）" in found["revenue_growth"].reason


def test_growth_over_the_plan_is_the_yearly_mean() -> None:
    """From 2025, kept in a history, to 2028: (1331 ÷ 1000)^(1/3) − 1 = 10 % a year."""
    from greenland.province.goals import goals as judged
    from greenland.rules import load_rulebook

    figures = {year: {"revenue_wan": now} for year, now in ((2027, 1300.0), (2028, 1331.0))}
    rules = load_rulebook(PACKS, 2028)
    members = [member("A", year=2028, yearly=figures)]
    before = entry("A", 2025, revenue_wan=1000.0)
    kept = {before.key: before}

    def growth(*parks: object) -> Goal:
        found = judged(list(parks), len(parks), rules, ProvinceFigures(), kept)
        return next(one for one in found if one.goal == "revenue_growth")

    assert growth(*members).value == pytest.approx(0.1)
    assert growth(*members).reason == ""
    # another park without 2025: all that is known of both is last year
    both = growth(*members, member("B", year=2028, yearly=figures))
    assert both.value == pytest.approx(1331 / 1300 - 1)
    assert "只能算较上年" in both.reason


def test_leading_industries_are_weighted_by_revenue() -> None:
    """By hand: (0.9·100 + 0.5·300) ÷ 400 = 0.6, the goal itself."""
    members = [
        member("A", leading_industry_share=0.9, revenue_wan=100.0),
        member("B", leading_industry_share=0.5, revenue_wan=300.0),
    ]
    found = goals(compared(members))["leading_industry_share"]
    assert found.value == pytest.approx(0.6)
    assert found.state is State.MET
    below = [member("A", leading_industry_share=0.59, revenue_wan=100.0)]
    found = goals(compared(below))["leading_industry_share"]
    assert (found.state, found.due_year) == (State.NOT_DUE, 2028)


def test_new_firms_of_parks_that_are_missing_could_only_add() -> None:
    few = [member("A", new_above_scale_firms=300.0), member("B", new_above_scale_firms=299.0)]
    assert goals(compared(few))["new_above_scale_firms"].state is State.FAILED
    partly = goals(compared(few, parks=3))["new_above_scale_firms"]
    assert partly.state is State.NO_DATA
    assert "只会使合计增加" in partly.reason
    enough = [*few, member("C", new_above_scale_firms=1.0)]
    assert goals(compared(enough, parks=9))["new_above_scale_firms"].state is State.MET


def test_shares_of_the_province_take_its_own_figures() -> None:
    members = [member("A", above_scale_output_wan=8.6e6)]  # 860 亿元
    nothing = goals(compared(members))
    assert nothing["gdp_share"].state is State.NO_DATA
    assert "gdp_yi" in nothing["gdp_share"].reason
    assert "above_scale_output_yi" in nothing["above_scale_output_share"].reason
    figures = {"gdp_yi": 1000, "park_gdp_yi": 250, "above_scale_output_yi": 1000, "source": "虚构"}
    found = goals(compared(members, figures=figures))
    assert found["above_scale_output_share"].value == pytest.approx(0.86)
    assert found["above_scale_output_share"].state is State.MET
    # 25 % has to be exceeded
    assert (found["gdp_share"].value, found["gdp_share"].state) == (0.25, State.NOT_DUE)
    more = goals(compared(members, figures=figures | {"park_gdp_yi": 251}))
    assert more["gdp_share"].state is State.MET
    wrong = goals(compared(members, figures=figures | {"above_scale_output_yi": 800}))
    assert wrong["above_scale_output_share"].state is State.NO_DATA
    assert "超过了全省数" in wrong["above_scale_output_share"].reason


def test_a_goal_of_a_prefecture_is_judged_over_its_own_parks() -> None:
    """In 2025, 50 % of leading industries in 楚雄, which only B belongs to."""
    from greenland.province.goals import goals as judged
    from greenland.rules import load_rulebook

    members = [
        member("A", leading_industry_share=0.9, revenue_wan=100.0),
        member("B", packs=(*PACKS, "chuxiong"), leading_industry_share=0.4, revenue_wan=100.0),
    ]
    rules = load_rulebook(("national", "yunnan", "chuxiong"), 2025)
    found = {one.rule_id: one for one in judged(members, 2, rules, ProvinceFigures())}
    goal = found["land.policy.goal.chuxiong_2025.leading_industry_share"]
    assert (goal.value, goal.state, goal.parks, goal.of) == (0.4, State.FAILED, 1, 1)


def plan(cost: float, avoided: float, margin: float, **more: float) -> dict[str, float]:
    return {
        "capex_yuan": 1e8,
        "green_cost_per_mwh": cost,
        "avoided_kg_per_yuan": avoided,
        "least_margin": margin,
        "limits_failed": 0.0,
        **more,
    }


def test_pilots_are_ordered_by_three_places() -> None:
    members = [
        member("A", **plan(300.0, 0.5, 0.2)),  # 2, 2, 1
        member("B", **plan(250.0, 0.6, 0.0002)),  # 1, 1, 2: on a limit, as C is
        member("C", **plan(400.0, 0.4, 0.0)),  # 3, 3, 2
        member("D", **plan(100.0, 0.9, 0.3, limits_failed=1.0)),
        member("E"),
    ]
    found = {one.park.park: one for one in compared(members).pilots}
    assert {name: one.place for name, one in found.items()} == {"B": 1, "A": 2, "C": 3, "D": None}
    assert [one.park.park for one in compared(members).pilots] == ["B", "A", "C", "D"]
    assert (found["B"].margin_place, found["C"].margin_place) == (2, 2)
    assert "1 项约束不满足" in found["D"].reason


def test_an_outlier_is_far_from_the_median_of_its_like() -> None:
    values = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 100.0]
    members = [member(f"P{n}", tax_per_mu=value) for n, value in enumerate(values)]
    members.append(member("N", level="national", tax_per_mu=1000.0))  # of another kind
    (found,) = compared(members).outliers
    # by hand: median 13.5, absolute deviations 0.5 … 86.5 with the median 2
    assert (found.park.park, found.median, found.peers) == ("P7", 13.5, 8)
    assert found.score == pytest.approx(0.6745 * 86.5 / 2.0)


def test_few_or_equal_values_make_no_outlier() -> None:
    few = [member(f"P{n}", tax_per_mu=value) for n, value in enumerate([1.0, 2.0, 3.0, 99.0])]
    assert compared(few).outliers == ()
    same = [member(f"P{n}", tax_per_mu=5.0 + 90.0 * (n == 8)) for n in range(9)]
    assert compared(same).outliers == ()


def test_one_code_twice_counts_once() -> None:
    first = member("X1", code="X1", idle_ha=1.0)
    second = member("X1", code="X1", name="另一个名称（虚构）", idle_ha=1.0)
    found = compared([first, second])
    assert [one.folder for one in found.members] == ["folder_X1"]
    assert total(found, "idle_ha").value == 1.0
    (same,) = found.same
    assert (str(same.by), same.left_out) == ("code", True)


def test_one_name_with_two_codes_is_told_and_counts_twice() -> None:
    members = [
        member("X1", code="X1", name="同名（虚构）"),
        member("X2", code="X2", name="同名（虚构）"),
    ]
    found = compared(members)
    assert len(found.members) == 2
    (same,) = found.same
    assert (str(same.by), same.left_out) == ("name", False)


def test_the_same_outlines_are_found() -> None:
    members = [
        member("A", more={"outlines": frozenset({"a", "b"})}),
        member("B", more={"outlines": frozenset({"b", "c"})}),
        member("C", more={"outlines": frozenset({"d"})}),
    ]
    (same,) = compared(members).same
    assert (same.first, same.second, same.count) == ("folder_A", "folder_B", 1)


def test_a_ring_is_the_same_wherever_it_begins() -> None:
    from greenland.province.member import _ring

    square = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0))
    turned = ((1.0, 1.0), (0.0, 1.0), (0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
    backward = tuple(reversed(square))
    moved = tuple((x + 1e-8, y) for x, y in square)
    assert _ring(square) == _ring(turned) == _ring(backward) == _ring(moved)
    assert _ring(square) != _ring(((0.0, 0.0), (2.0, 0.0), (1.0, 1.0), (0.0, 1.0)))


def test_parks_of_another_year_neither_rank_nor_add() -> None:
    found = compared([member("A", idle_ha=1.0), member("B", year=2025, idle_ha=9.0)])
    assert total(found, "idle_ha").value == 1.0
    assert [one.name for one in found.other_years] == ["B园区（虚构）"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("figures: {gdp_yi: 100}", "出处"),
        ("weights: {tax_per_muu: 1}", "tax_per_mu"),
        ("weights: {tax_per_mu: -1}", "不小于 0"),
        ("parks: 0", "parks"),
        ("yeer: 2026", "year"),
    ],
)
def test_a_faulty_province_file_is_told(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "province.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_province(tmp_path)


def test_no_sum_is_not_a_number() -> None:
    found = compared([member("A", industrial_supplied_ha=0.0, standard_land_ha=0.0)])
    share = total(found, "standard_land_share")
    assert share.value is None
    assert not any(
        isinstance(one.value, float) and not math.isfinite(one.value) for one in found.totals
    )
