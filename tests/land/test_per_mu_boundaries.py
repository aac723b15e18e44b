"""Scores, benchmarks, classes and vetoes of the per-mu evaluation at their limits, by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_parks import made_park

from greenland.errors import InputError
from greenland.land.indicators import QUOTIENTS
from greenland.land.per_mu.benchmarks import Given, find_benchmark, mean_of
from greenland.land.per_mu.classes import apply_vetoes, classify, no_boundaries
from greenland.land.per_mu.items import Benchmark, Item
from greenland.land.per_mu.points import score_item
from greenland.land.per_mu.scheme import Classes, GroupScheme, Veto
from greenland.land.per_mu.score import score_group
from greenland.rules import load_rulebook

RULES = made_park(2025).rulebook
PARTS = sorted({part for q in QUOTIENTS.values() for part in (q.numerator, q.denominator)})


def units(**columns: list[float | None]) -> pd.DataFrame:
    """Units U0, U1, … with these figures and none else."""
    count = len(next(iter(columns.values())))
    frame = pd.DataFrame(np.nan, index=[f"U{n}" for n in range(count)], columns=PARTS)
    for name, values in columns.items():
        frame[name] = pd.Series(values, index=frame.index, dtype="float64")
    frame["veto"] = pd.Series(None, index=frame.index, dtype=object)
    return frame


# 100 / 10 and 60 / 20 and 9 / 0 万元/亩: aggregate 160 / 30, simple (10 + 3) / 2
UNITS = units(tax_wan=[100, 60, 9, None], land_mu=[10, 20, 0, 5])


def test_means_are_over_units_that_have_both_figures() -> None:
    assert mean_of(UNITS, "tax_per_mu") == pytest.approx(160 / 30)
    assert mean_of(UNITS, "tax_per_mu", "simple") == pytest.approx(6.5)
    assert math.isnan(mean_of(UNITS, "revenue_per_mu"))
    assert math.isnan(mean_of(UNITS.iloc[2:], "tax_per_mu", "simple"))


def benchmark(
    given: Given | None = None, last: pd.DataFrame | None = None, level: str = "provincial",
    these: pd.DataFrame = UNITS, indicator: str = "tax_per_mu", **rule: Any,
) -> Any:  # fmt: skip
    method = Benchmark.model_validate(rule)
    return find_benchmark(indicator, method, these, last, RULES, level, given)


def test_benchmarks_by_method() -> None:
    fixed = benchmark(method="fixed", value=7.5)
    assert (fixed.value, fixed.method, fixed.reason, fixed.rule_id) == (7.5, "fixed", None, None)
    mean = benchmark(method="group_mean", factor=1.5)
    assert (mean.value, mean.method) == (pytest.approx(160 / 30 * 1.5), "group_mean")
    simple = benchmark(method="group_mean", mean="simple")
    assert simple.value == pytest.approx(6.5)
    before = units(tax_wan=[30], land_mu=[10])
    last = benchmark(method="last_year_mean", factor=2, last=before)
    assert (last.value, last.method) == (6.0, "last_year_mean")
    own = benchmark(method="fixed", value=7.5, given=Given(9.0, "县统计局"))
    assert (own.value, own.method, own.reason) == (9.0, "user", "县统计局")


def test_a_benchmark_by_rule_and_what_stands_in_for_it() -> None:
    # 规划 第四章第一节四: 400 万元/亩 for provincial zones, nothing below
    by_rule: dict[str, Any] = {"method": "rule", "rule": "land.per_mu.output_floor.{level}"}
    found = benchmark(**by_rule)
    assert (found.value, found.method) == (400.0, "rule")
    assert found.rule_id == "land.per_mu.output_floor.provincial"
    none = benchmark(**by_rule, level="prefectural")
    assert math.isnan(none.value)
    assert (none.method, none.rule_id) == ("rule", None)
    assert str(none.reason) == "没有规则“land.per_mu.output_floor.prefectural”的数值"
    mean = benchmark(**by_rule, level="prefectural", otherwise="group_mean")
    assert (mean.value, mean.method) == (pytest.approx(160 / 30), "group_mean")


@pytest.mark.parametrize(
    ("rule", "tax", "reason"),
    [
        ({"method": "last_year_mean"}, None, "没有同组企业上年数据"),
        ({"method": "group_mean"}, [None], "同组企业都没有该项数据"),
        ({"method": "group_mean"}, [0.0], "平均值不为正，不能作基准"),
        ({"method": "group_mean"}, [-5.0], "平均值不为正，不能作基准"),
    ],
)
def test_no_benchmark_and_why(
    rule: dict[str, Any], tax: list[float | None] | None, reason: str
) -> None:
    these = UNITS if tax is None else units(tax_wan=tax, land_mu=[10])
    found = benchmark(**rule, these=these)
    assert math.isnan(found.value)
    assert str(found.reason).startswith(reason)
    assert found.method == rule["method"]
    small = benchmark(method="group_mean", these=units(tax_wan=[5.0], land_mu=[10]))
    assert small.value == 0.5


def item(**changes: Any) -> Item:
    rule = {"method": "fixed", "value": 10.0}
    return Item.model_validate(
        {"indicator": "tax_per_mu", "weight": 30, "benchmark": rule, **changes}
    )


def scored(rule: Item, values: list[float | None], benchmark: float = 10.0) -> pd.DataFrame:
    why = pd.Series(["缺"] * len(values), dtype=object)
    return score_item(rule, pd.Series(values, dtype="float64"), benchmark, why)


def test_an_item_between_its_bounds() -> None:
    found = scored(item(cap=1.5, floor=0.5), [15.0, 15.1, 5.0, 4.9, 10.0])
    assert found["score"].tolist() == pytest.approx([45.0, 45.0, 15.0, 15.0, 30.0])
    assert found["treatment"].tolist() == ["scored", "capped", "scored", "floored", "scored"]
    assert found["ratio"].tolist() == pytest.approx([1.5, 1.51, 0.5, 0.49, 1.0])
    assert found["weight"].tolist() == [30.0] * 5
    assert found["reason"].tolist() == [None] * 5
    free = scored(item(), [100.0, -20.0])
    assert free["score"].tolist() == [300.0, -60.0]
    assert free["treatment"].tolist() == ["scored", "scored"]


@pytest.mark.parametrize(
    ("missing", "score", "weight"),
    [
        ("group_mean", 22.5, 30.0),  # (30 + 15) / 2
        ("zero", 0.0, 30.0),
        ("exempt", 0.0, 0.0),
        ("unscored", math.nan, 30.0),
    ],
)
def test_what_stands_for_a_missing_value(missing: str, score: float, weight: float) -> None:
    found = scored(item(missing=missing), [10.0, 5.0, None])
    assert found["score"].tolist() == pytest.approx([30.0, 15.0, score], nan_ok=True)
    assert found["weight"].tolist() == [30.0, 30.0, weight]
    assert found["treatment"].tolist() == ["scored", "scored", missing]
    assert found["reason"].tolist() == [None, None, "缺"]


@pytest.mark.parametrize("missing", ["group_mean", "zero", "unscored"])
@pytest.mark.parametrize("benchmark", [math.nan, 0.0])
def test_without_a_benchmark_nobody_is_scored(missing: str, benchmark: float) -> None:
    found = scored(item(missing=missing), [10.0, None], benchmark)
    assert found["score"].isna().all()
    assert found["treatment"].tolist() == [missing] * 2
    below_one = scored(item(missing=missing), [0.25, 0.5], 0.5)
    assert below_one["score"].tolist() == [15.0, 30.0]


def test_a_small_benchmark_is_a_benchmark() -> None:
    assert scored(item(missing="zero"), [0.25, None], 0.5)["score"].tolist() == [15.0, 0.0]


def test_an_item_nobody_has_is_left_out() -> None:
    found = scored(item(), [None, None])
    assert found[["score", "weight"]].to_numpy().tolist() == [[0.0, 0.0]] * 2
    assert found["treatment"].tolist() == ["exempt"] * 2
    assert set(found["reason"]) == {"同组企业都没有该项数据，该项不计，权重由其余各项分担"}


TWO_ITEMS = GroupScheme.model_validate(
    {
        "items": [
            {"indicator": "tax_per_mu", "weight": 60,
             "benchmark": {"method": "fixed", "value": 10}},
            {"indicator": "revenue_per_mu", "weight": 40, "missing": "exempt",
             "benchmark": {"method": "fixed", "value": 100}},
        ]
    }
)  # fmt: skip


def group(these: pd.DataFrame, **more: Any) -> Any:
    return score_group("g", TWO_ITEMS, these, None, RULES, "provincial", **more)


def test_a_group_by_hand() -> None:
    # U0: 60 × 1 + 40 × 0.5 = 80; U1: 60 × 0.5 of 60, the other item left out: 50; U2 pays no tax
    these = units(tax_wan=[100, 50, None], land_mu=[10, 10, 10], revenue_wan=[500, None, 500])
    found = group(these)
    assert found.score.tolist() == pytest.approx([80.0, 50.0, math.nan], nan_ok=True)
    assert found.reason.tolist() == [None, None, "缺少税收"]
    rows = found.items.set_index(["firm_id", "indicator"])
    assert rows.loc[("U0", "revenue_per_mu"), "value"] == 50.0
    assert rows.loc[("U0", "revenue_per_mu"), "benchmark"] == 100.0
    assert rows.loc[("U1", "revenue_per_mu"), "reason"] == "缺少营业收入"
    assert len(found.items) == 6
    assert found.items.index.tolist() == list(range(6))


def test_rows_of_benchmarks() -> None:
    found = group(units(tax_wan=[100], land_mu=[10], revenue_wan=[500])).benchmarks
    assert found.to_dict("records")[0] == {
        "group": "g", "indicator": "tax_per_mu", "benchmark": 10.0, "weight": 60.0,
        "method": "fixed", "unit": "万元/亩·年", "cap": None, "floor": None, "rule_id": None,
        "reason": None, "least": None, "most": None, "base": None, "reverse": None,
    }  # fmt: skip
    assert found["indicator"].tolist() == ["tax_per_mu", "revenue_per_mu"]


def test_points_rounding_and_benchmarks_of_the_park() -> None:
    these = units(tax_wan=[100, 33], land_mu=[10, 9], revenue_wan=[500, 200])
    points = pd.Series({"U0": 2.5})
    found = group(these, points=points, decimals=1)
    # U1: 33 / 9 / 10 × 60 + 200 / 9 / 100 × 40 = 22 + 8.89, no points
    assert found.score.tolist() == [82.5, 30.9]
    own = group(these, given={"tax_per_mu": Given(20.0, "县")})
    assert own.score.iloc[0] == pytest.approx(30.0 + 20.0)
    assert group(these).score.iloc[1] == 30.8889


def test_a_unit_without_any_figure_has_no_score_and_it_is_said() -> None:
    exempt = {"missing": "exempt", "benchmark": {"method": "fixed", "value": 10}}
    scheme = GroupScheme.model_validate(
        {"items": [{"indicator": "tax_per_mu", "weight": 100, **exempt}]}
    )
    these = units(tax_wan=[100, None], land_mu=[10, 10])
    found = score_group("g", scheme, these, None, RULES, "provincial")
    assert found.score.tolist() == pytest.approx([100.0, math.nan], nan_ok=True)
    assert found.reason.tolist() == [None, "各项数据都缺，无法评分"]


def test_the_least_weight_is_a_weight() -> None:
    # the item of 99.5 points is left out for U1: 0.5 points of 50 / 100, spread to 50 of 100
    heavy = {"missing": "exempt", "benchmark": {"method": "fixed", "value": 10}}
    light = {"benchmark": {"method": "fixed", "value": 100}}
    scheme = GroupScheme.model_validate(
        {
            "items": [
                {"indicator": "tax_per_mu", "weight": 99.5, **heavy},
                {"indicator": "revenue_per_mu", "weight": 0.5, **light},
            ]
        }
    )
    these = units(tax_wan=[100, None], land_mu=[10, 10], revenue_wan=[1000, 500])
    found = score_group("g", scheme, these, None, RULES, "provincial")
    assert found.score.tolist() == pytest.approx([100.0, 50.0])


def test_a_missing_benchmark_is_the_reason_where_nothing_else_is() -> None:
    scheme = GroupScheme.model_validate(
        {"items": [{"indicator": "tax_per_mu", "weight": 100,
                    "benchmark": {"method": "last_year_mean"}}]}
    )  # fmt: skip
    these = units(tax_wan=[100, None], land_mu=[10, 10])
    found = score_group("g", scheme, these, None, RULES, "provincial")
    assert found.score.isna().all()
    assert str(found.reason.iloc[0]).startswith("没有同组企业上年数据")
    assert str(found.reason.iloc[1]) == "缺少税收"


# Classes


def rule(**changes: Any) -> Classes:
    bounds = [
        {"class": "A", "share": 0.25},
        {"class": "B", "share": 0.5},
        {"class": "C", "share": 1},
    ]
    return Classes.model_validate({"method": "share", "bounds": bounds, **changes})  # fmt: skip


def placed(scores: list[float | None], **changes: Any) -> tuple[str, pd.DataFrame]:
    found, edges = classify(pd.Series(scores, dtype="float64"), rule(**changes), "g")
    return "".join("-" if pd.isna(name) else str(name) for name in found), edges


def test_boundaries_by_hand() -> None:
    letters, edges = placed([50, 40, None, 30, 20])
    assert letters == "AB-CC"
    assert edges.to_dict("records") == [
        {"group": "g", "class": "A", "share": 0.25, "ranked_units": 1, "score": 50.0, "ties": 0,
         "reason": None},
        {"group": "g", "class": "B", "share": 0.5, "ranked_units": 1, "score": 40.0, "ties": 0,
         "reason": None},
        {"group": "g", "class": "C", "share": 1.0, "ranked_units": 2, "score": 20.0, "ties": 0,
         "reason": None},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rounding", "firms", "best"),
    [("down", 7, 1), ("nearest", 7, 2), ("up", 7, 2), ("nearest", 6, 2), ("nearest", 5, 1),
     ("up", 5, 2), ("down", 8, 2), ("up", 8, 2)],
)  # fmt: skip
def test_a_quarter_of_so_many_units(rounding: str, firms: int, best: int) -> None:
    letters, _edges = placed([float(n) for n in range(firms)], rounding=rounding)
    assert letters.count("A") == best


def test_rounding_of_a_share_makes_no_place_more() -> None:
    # 0.95 × 20 is 19 and not 18.999…: the last but one has the last place
    bounds = [{"class": "A", "share": 0.95}, {"class": "B", "share": 1}]
    letters, _edges = placed([float(n) for n in range(20)], bounds=bounds, rounding="down")
    assert letters == "B" + "A" * 19


@pytest.mark.parametrize(
    ("ties", "letters", "counts", "least", "side"),
    [
        ("better", "AACC", [2, 0, 2], [9.0, None, 7.0], "较好"),
        ("worse", "BBCC", [0, 2, 2], [None, 9.0, 7.0], "较差"),
    ],
)
def test_units_with_one_score_stand_on_one_side(
    ties: str, letters: str, counts: list[int], least: list[float | None], side: str
) -> None:
    found, edges = placed([9, 9, 8, 7], ties=ties)
    assert found == letters
    assert edges["ranked_units"].tolist() == counts
    assert [None if pd.isna(score) else score for score in edges["score"]] == least
    first = edges.iloc[0]
    assert (first["ties"], str(first["reason"])) == (
        2, f"2 家得分同为 9，跨越分界，全部列入{side}的一类"
    )  # fmt: skip
    if ties == "better":
        assert str(edges.iloc[1]["reason"]) == "企业太少，该类没有名额"
        assert edges.iloc[1]["ties"] == 0


def test_ties_put_down_leave_the_class_to_those_above() -> None:
    # a quarter of sixteen is four; the fourth and fifth have one score and both stand in B
    scores = [30.0, 28.0, 25.0, 9.0, 9.0, *map(float, range(8, -3, -1))]
    letters, edges = placed(scores, ties="worse")
    assert letters == "A" * 3 + "B" * 5 + "C" * 8
    assert edges["score"].tolist() == [25.0, 6.0, -2.0]
    assert edges["ranked_units"].tolist() == [3, 5, 8]


def test_a_class_emptied_by_ties_says_so() -> None:
    # three at 9: the best place is for one, the second class for one more; all stand in A
    letters, edges = placed([9, 9, 9, 8])
    assert letters == "AAAC"
    assert str(edges.iloc[1]["reason"]) == "3 家得分同为 9，跨越分界，全部列入较好的一类"
    assert pd.isna(edges.iloc[1]["score"])


def test_ties_within_a_class_are_none_across_its_boundary() -> None:
    _letters, edges = placed([9, 9, 8, 8, 7, 7, 7, 7])
    assert edges["ties"].tolist() == [0, 0, 0]


def test_no_units_no_places() -> None:
    letters, edges = placed([None])
    assert letters == "-"
    assert edges["ranked_units"].tolist() == edges["ties"].tolist() == [0, 0, 0]
    assert edges["score"].isna().all()
    assert set(edges["reason"].astype(str)) == {"企业太少，该类没有名额"}


def test_classes_by_score() -> None:
    bounds = [{"class": "A", "score": 80}, {"class": "B", "score": 60}, {"class": "C"}]
    letters, edges = placed([80, 79.99, 60, 59.99, -5], method="score", bounds=bounds)
    assert letters == "ABBCC"
    assert edges["ranked_units"].tolist() == [1, 2, 2]
    assert edges["score"].tolist()[:2] == [80.0, 60.0]
    assert edges["reason"].tolist() == edges["share"].tolist() == [None] * 3
    assert set(edges["group"]) == {"g"}
    assert edges["class"].tolist() == ["A", "B", "C"]
    assert edges["ties"].tolist() == [0, 0, 0]


# Vetoes


def vetoed(
    classes: list[str | None],
    these: pd.DataFrame,
    *vetoes: dict[str, Any],
    level: str = "provincial",
) -> tuple[list[Any], list[str | None]]:
    given = pd.Series(classes, index=these.index, dtype=object)
    rules = [Veto.model_validate(item) for item in vetoes]
    found, said = apply_vetoes(given, these, rules, RULES, level)
    return found.tolist(), [None if pd.isna(text) else str(text) for text in said]


MATTER = {"when": "veto_matter", "at_best": "C"}
FLOOR = {
    "when": "below",
    "at_best": "B",
    "indicator": "output_per_mu",
    "rule": "land.per_mu.output_floor.{level}",
}


def test_a_matter_lowers_to_the_class_it_allows_at_best() -> None:
    these = units(land_mu=[1.0] * 5)
    these["veto"] = ["环保处罚", "环保处罚", "环保处罚", " ", None]
    found, said = vetoed(["A", "C", "D", "A", "A"], these, MATTER)
    assert found == ["C", "C", "D", "A", "A"]
    assert said == ["有一票否决事项，最高列 C 类", None, None, None, None]


def test_an_output_below_the_floor_lowers_a_firm() -> None:
    # 400 万元/亩 exactly is not below; within rounding neither
    these = units(land_mu=[10.0] * 4, output_wan=[4_000.0, 3_999.0, 4_000 - 1e-7, None])
    found, said = vetoed(["A"] * 4, these, FLOOR)
    assert found == ["A", "B", "A", "A"]
    assert said == [None, "亩均产值低于 400，最高列 B 类", None, None]
    assert vetoed(["A"] * 4, these, FLOOR, level="prefectural")[0] == ["A"] * 4


def test_two_vetoes_are_both_said() -> None:
    these = units(land_mu=[10.0] * 2, output_wan=[100.0, 100.0])
    these["veto"] = ["环保处罚", None]
    found, said = vetoed(["A", "A"], these, FLOOR, MATTER)
    assert found == ["C", "B"]
    assert said == [
        "亩均产值低于 400，最高列 B 类、有一票否决事项，最高列 C 类",
        "亩均产值低于 400，最高列 B 类",
    ]


def test_a_unit_without_a_class_stays_without() -> None:
    these = units(land_mu=[10.0], output_wan=[100.0])
    these["veto"] = ["环保处罚"]
    assert vetoed([None], these, FLOOR, MATTER) == ([None], [None])


# What is reported beside the points


def test_what_an_item_is_scored_between_is_reported() -> None:
    """旌德县 2022: 20 + 80 × (value − least) / (most − least), without a benchmark."""
    scheme = GroupScheme.model_validate(
        {
            "items": [
                {"indicator": "tax_per_mu", "weight": 60,
                 "scoring": {"method": "min_max", "base": 0.2}},
                {"indicator": "revenue_per_mu", "weight": 40,
                 "benchmark": {"method": "fixed", "value": 100}},
            ]
        }
    )  # fmt: skip
    these = units(tax_wan=[50, 150], land_mu=[10, 10], revenue_wan=[1000, 1000])
    found = score_group("g", scheme, these, None, RULES, "provincial")
    assert found.score.tolist() == pytest.approx([12.0 + 40.0, 60.0 + 40.0])
    between = found.benchmarks[["indicator", "method", "least", "most", "base", "reverse"]]
    tax, revenue = between.astype(object).where(between.notna(), None).to_numpy().tolist()
    assert tax == ["tax_per_mu", "min_max", 5.0, 15.0, 0.2, False]
    assert revenue == ["revenue_per_mu", "fixed", None, None, None, None]


def test_boundaries_of_no_firm_have_the_columns_of_others() -> None:
    assert list(no_boundaries().columns) == list(placed([50.0, None])[1].columns)


def test_a_veto_whose_rule_has_no_value_concerns_this_evaluation_alone() -> None:
    named = Veto.model_validate(FLOOR | {"rule": "land.per_mu.output_floor.provincial"})
    classes = pd.Series(["A"], index=["U0"], dtype=object)
    with pytest.raises(InputError, match="否决条件所用的规则") as told:
        apply_vetoes(classes, units(land_mu=[1]), [named], load_rulebook(("national",), 2025), "")
    assert told.value.problems[0].touches == ("land.per_mu",)
