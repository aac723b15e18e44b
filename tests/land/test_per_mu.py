"""Per-mu benefit: scores by hand, classes and ties, tenants, missing figures, trend."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_parks import firm, made_park, parcel

from greenland.errors import InputError
from greenland.land import per_mu
from greenland.land.per_mu.classes import classify
from greenland.land.per_mu.firms import landlords
from greenland.land.per_mu.points import score_item
from greenland.land.per_mu.scheme import SCHEMES, Classes, Item
from greenland.results import NotEvaluated


def evaluate(firms: list[dict[str, Any]], scheme: str = "hy-2021", **more: Any):
    land = {"per_mu": {"scheme": scheme, **more.pop("settings", {})}}
    found = per_mu.evaluate(made_park(firms=firms, land=land, **more))
    assert not isinstance(found, NotEvaluated)
    return found


def of(found: Any, firm_id: str = "H1") -> pd.Series:
    return found.firms.set_index("firm_id").loc[firm_id]


def item(found: Any, indicator: str, firm_id: str = "H1") -> pd.Series:
    items = found.items
    return items[(items["indicator"] == indicator) & (items["firm_id"] == firm_id)].iloc[0]


def test_huangyan_score_by_hand() -> None:
    # Σ value/benchmark × weight with the published benchmarks (黄岩区 2021):
    # 20/26.01×30 + (3500/30)/132.27×20 + (3500/1500)/2.54×20 + 1750/4861.08×10
    # + (3500/150)/17.45×10 + 0.02/0.0305×10
    by_hand = 23.06805 + 17.64071 + 18.37270 + 3.60002 + 13.37154 + 6.55738
    found = evaluate([firm()])
    assert of(found)["score"] == pytest.approx(by_hand, abs=1e-4)
    assert item(found, "tax_per_mu")["ratio"] == pytest.approx(20 / 26.01)


def test_huangyan_below_scale_by_hand() -> None:
    found = evaluate([firm(above_scale=False)])
    assert of(found)["score"] == pytest.approx(20 / 16.601058 * 50 + 0.15 / 0.236565 * 50, abs=1e-4)
    assert of(found)["group"] == "below_scale"


def test_huaian_benchmark_is_twice_last_years_mean() -> None:
    last = [firm(year=2024, tax_wan=300), firm(firm_id="H2", year=2024, tax_wan=900, land_mu=90)]
    found = evaluate([firm(), *last], "ha-2024")
    bench = found.benchmarks.set_index("indicator")["benchmark"]
    assert bench["tax_per_mu"] == pytest.approx(2 * 1200 / 120)


def test_a_benchmark_of_the_park_counts_first() -> None:
    own = {"above_scale": {"tax_per_mu": {"value": 40, "source": "县统计局"}}}
    found = evaluate([firm()], "ha-2024", settings={"benchmarks": own})
    row = found.benchmarks.set_index("indicator").loc["tax_per_mu"]
    assert (row["benchmark"], row["method"], row["reason"]) == (40, "user", "县统计局")


def test_without_last_year_there_is_no_score_and_the_remedy_is_said() -> None:
    row = of(evaluate([firm()], "ha-2024"))
    assert math.isnan(row["score"])
    assert row["class"] is None or pd.isna(row["class"])
    assert "land.per_mu.benchmarks" in row["reason"]


def test_the_output_floor_is_the_benchmark_of_the_yunnan_scheme() -> None:
    # 云南“十四五”规划 第四章第一节四: 600 for national zones, 400 for provincial ones
    for level, floor in (("national", 600), ("provincial", 400)):
        found = evaluate([firm()], "yunnan-output-floor", level=level)
        row = found.benchmarks.set_index("indicator").loc["output_per_mu"]
        assert row["benchmark"] == floor == found.floor["required"]
        assert row["rule_id"] == found.floor["rule_id"] == f"land.per_mu.output_floor.{level}"


@pytest.mark.parametrize("level", ["prefectural", "county"])
def test_a_park_below_the_province_has_no_floor_and_takes_the_group_mean(level: str) -> None:
    found = evaluate([firm()], "yunnan-output-floor", level=level)
    assert found.floor["state"] == "not_applicable"
    row = found.benchmarks.set_index("indicator").loc["output_per_mu"]
    assert (row["method"], row["benchmark"]) == ("group_mean", pytest.approx(16000 / 30))


@pytest.mark.parametrize(
    ("output", "state"), [(12000, "met"), (11999, "failed"), (None, "no_data")]
)
def test_the_park_against_the_floor(output: float | None, state: str) -> None:
    found = evaluate([firm(output_wan=output)]).floor
    assert found["state"] == state
    assert (found["reason"] is not None) == (state == "no_data")


def test_the_floor_says_who_is_missing() -> None:
    found = evaluate([firm(), firm(firm_id="H2", output_wan=None)])
    assert found.floor["value"] == pytest.approx(16000 / 30)
    assert found.floor["reason"] == "有 1 家企业缺产值或用地面积，未计入"
    assert found.park["missing"]["output_wan"] == 1


def test_without_a_scheme_the_rule_chooses() -> None:
    found = per_mu.evaluate(made_park(firms=[firm()]))
    assert found.scheme.id == "yunnan-output-floor"  # type: ignore[union-attr]


# Missing figures


def test_without_emissions_the_mean_item_score_of_the_group() -> None:
    firms = [
        firm(),
        firm(firm_id="H2", emission_t=4),
        firm(firm_id="H3", emission_t=None),
        firm(firm_id="H4", emission_t=0),
    ]
    found = evaluate(firms)
    scores = [item(found, "value_added_per_emission", f"H{n}")["score"] for n in (1, 2)]
    for name in ("H3", "H4"):
        row = item(found, "value_added_per_emission", name)
        assert row["treatment"] == "group_mean"
        assert row["score"] == pytest.approx(sum(scores) / 2)
    assert item(found, "value_added_per_emission", "H4")["reason"] == "主要污染物排放量为零或负数"


def test_missing_research_counts_zero() -> None:
    row = item(evaluate([firm(), firm(firm_id="H2", rd_wan=None)]), "rd_intensity", "H2")
    assert (row["score"], row["treatment"], row["reason"]) == (0, "zero", "缺少R&D经费支出")


def test_an_exempt_item_spreads_its_weight() -> None:
    same = {"scheme": "yunnan-output-floor"}
    found = evaluate([firm(), firm(firm_id="H2", employees=None)], **same)
    row = item(found, "labour_productivity", "H2")
    assert (row["treatment"], row["weight"], row["score"]) == ("exempt", 0, 0)
    others = found.items[(found.items["firm_id"] == "H2") & (found.items["weight"] > 0)]
    expected = others["score"].sum() / others["weight"].sum() * 100
    assert of(found, "H2")["score"] == pytest.approx(expected, abs=1e-4)


def test_an_item_nobody_has_is_left_out_for_all() -> None:
    found = evaluate([firm(emission_t=None), firm(firm_id="H2", emission_t=None)])
    row = item(found, "value_added_per_emission")
    assert (row["treatment"], row["weight"]) == ("exempt", 0)
    assert "同组企业都没有该项数据" in row["reason"]
    assert of(found)["score"] > 0


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"land_mu": None}, "缺少用地面积"),
        ({"land_mu": 0}, "用地面积为零或负数"),
        ({"tax_wan": None}, "缺少税收"),
        ({"above_scale": None}, "未填是否规上"),
    ],
)
def test_a_firm_that_cannot_be_scored_says_why(changes: dict[str, Any], reason: str) -> None:
    found = evaluate([firm(), firm(firm_id="H2", **changes)])
    row = of(found, "H2")
    assert math.isnan(row["score"])
    assert reason in row["reason"]
    summary = found.summary
    assert summary.loc[summary["class"].isna(), "firms"].item() == 1
    assert summary["firms"].sum() == 2


# Caps, floors, vetoes, exemptions


def test_cap_and_floor() -> None:
    rule = Item.model_validate(
        {
            "indicator": "tax_per_mu",
            "weight": 30,
            "benchmark": {"method": "fixed", "value": 10},
            "cap": 1.5,
            "floor": 0,
        }
    )
    values = pd.Series([100.0, 5.0, -3.0])
    found = score_item(rule, values, 10.0, pd.Series([None] * 3, dtype=object))
    assert found["score"].tolist() == [45.0, 15.0, 0.0]
    assert found["treatment"].tolist() == ["capped", "scored", "floored"]


def test_a_veto_matter_puts_a_firm_into_the_last_class() -> None:
    row = of(evaluate([firm(veto="重大环保处罚")]))
    assert row["class"] == "D"
    assert "一票否决" in row["reason"]


def test_below_the_output_floor_no_class_a() -> None:
    firms = [firm(output_wan=11000, tax_wan=900), firm(firm_id="H2", tax_wan=10, output_wan=6000)]
    row = of(evaluate(firms, "yunnan-output-floor"))
    assert row["score"] > 100
    assert (row["class"], row["reason"]) == ("B", "亩均产值低于 400，最高列 B 类")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"utility": True}, "公用事业"),
        ({"founded": "2024-01-01"}, "投产不满2年"),
        ({"land_acquired": "2023-06-01"}, "取得土地不满3年"),
    ],
)
def test_exempt_firms_are_not_ranked(changes: dict[str, Any], reason: str) -> None:
    found = evaluate([firm(), firm(firm_id="H2", **changes)])
    row = of(found, "H2")
    assert (row["class"], row["reason"]) == ("exempt", reason)
    assert found.boundaries["firms"].max() == 1


def test_two_years_to_the_day_is_not_young() -> None:
    assert of(evaluate([firm(founded="2023-12-31")]))["class"] != "exempt"


def test_points_count_where_the_scheme_says_so() -> None:
    firms = [firm(year=2024), firm(bonus_points=5), firm(firm_id="H2")]
    found = evaluate(firms, "ha-2024")
    assert of(found)["score"] == pytest.approx(of(found, "H2")["score"] + 5)


# Land and tenants


def test_several_parcels_of_a_firm_are_added_when_it_states_no_land() -> None:
    parcels = [parcel(area_mu=12), parcel(parcel_id="G2", area_mu=8)]
    found = evaluate([firm(land_mu=None)], parcels=parcels)
    assert of(found)["land_mu"] == 20


def test_a_parcel_of_unknown_area_leaves_the_land_unknown() -> None:
    parcels = [parcel(area_mu=12), parcel(parcel_id="G2", area_mu=None)]
    assert math.isnan(of(evaluate([firm(land_mu=None)], parcels=parcels))["land_mu"])


def test_a_tenant_is_taken_with_its_landlord() -> None:
    tenant = firm(firm_id="T1", landlord_id="H1", tax_wan=300, land_mu=None)
    found = evaluate([firm(land_mu=None), tenant], parcels=[parcel(area_mu=30)])
    landlord, renter = of(found), of(found, "T1")
    assert landlord["tax_per_mu"] == 30.0  # 600 + 300 on the landlord's 30 亩
    assert (renter["class"], renter["score"]) == (landlord["class"], landlord["score"])
    assert "随出租方“甲公司（虚构）”评价" in renter["reason"]
    assert (found.park["firms"], found.park["units"], found.park["land_mu"]) == (2, 1, 30)
    assert found.park["tax_per_mu"] == 30


def test_a_tenant_whose_landlord_has_no_figures_stands_alone() -> None:
    row = of(evaluate([firm(landlord_id="X9")]))
    assert row["score"] > 0
    assert row["reason"] == "出租方没有当年数据，按企业自身评价"


def test_tenants_on_their_own_take_their_land_from_the_landlords(tmp_path: Path) -> None:
    text = (SCHEMES / "hy-2021.yaml").read_text(encoding="utf-8")
    own = text.replace("tenants: combined", "tenants: own")
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    tenant = firm(firm_id="T1", landlord_id="H1", land_mu=10)
    found = evaluate(
        [firm(land_mu=None), tenant], "own.yaml", parcels=[parcel(area_mu=30)], folder=tmp_path
    )
    assert of(found)["land_mu"] == 20  # 30 in the ledger, 10 let
    assert of(found, "T1")["tax_per_mu"] == 60


def test_sub_letting_is_followed_and_a_circle_is_not() -> None:
    ids = pd.Series(["a", "b", "c", "x", "y"])
    found = landlords(ids, pd.Series([None, "a", "b", "y", "x"]))
    assert found.tolist() == ["a", "a", "a", "x", "y"]


# Classes


SHARES = {"method": "share", "bounds": [
    {"class": "A", "share": 0.2}, {"class": "B", "share": 0.6},
    {"class": "C", "share": 0.95}, {"class": "D", "share": 1.0},
]}  # fmt: skip


def classes(scores: list[float], **changes: Any) -> tuple[list[str], pd.DataFrame]:
    rule = Classes.model_validate(SHARES | changes)
    found, edges = classify(pd.Series(scores, dtype="float64"), rule)
    return found.tolist(), edges.set_index("class")


def test_shares_of_twenty_firms() -> None:
    found, edges = classes([float(n) for n in range(20, 0, -1)])
    assert "".join(found) == "A" * 4 + "B" * 8 + "C" * 7 + "D"
    assert edges["score"].tolist() == [17, 9, 2, 1]
    assert edges["ties"].sum() == 0


@pytest.mark.parametrize(
    ("ties", "letters", "least"), [("better", "AAABC", 9.0), ("worse", "ABBBC", 10.0)]
)
def test_ties_across_a_boundary(ties: str, letters: str, least: float) -> None:
    bounds = [
        {"class": "A", "share": 0.4},
        {"class": "B", "share": 0.8},
        {"class": "C", "share": 1.0},
    ]
    found, edges = classes([10, 9, 9, 8, 7], ties=ties, bounds=bounds)
    assert "".join(found) == letters
    assert edges.loc["A", "score"] == least
    assert edges.loc["A", "ties"] == 2
    assert "2 家得分同为 9" in edges.loc["A", "reason"]


@pytest.mark.parametrize(("rounding", "best"), [("nearest", 1), ("down", 0), ("up", 1)])
def test_rounding_of_a_share_of_three_firms(rounding: str, best: int) -> None:
    found, edges = classes([3, 2, 1], rounding=rounding)
    assert found.count("A") == best
    if not best:
        assert "没有名额" in edges.loc["A", "reason"]


def test_classes_by_score_include_the_boundary() -> None:
    bounds = [{"class": "A", "score": 100}, {"class": "B", "score": 80}, {"class": "C"}]
    found, _edges = classes([100, 99.9999, 80, 10], method="score", bounds=bounds)
    assert found == ["A", "B", "B", "C"]


def test_points_to_the_next_better_class() -> None:
    firms = [firm(firm_id=f"F{n}", tax_wan=100.0 * (n + 1)) for n in range(10)]
    found = evaluate(firms)
    table = found.firms.set_index("firm_id")
    assert table["class"].tolist() == list("AABBBBBCCC")
    assert table["points_to_next"].isna().tolist() == [True] * 2 + [False] * 8
    least = found.boundaries.set_index("class")["score"]
    assert table.loc["F0", "points_to_next"] == pytest.approx(least["B"] - table.loc["F0", "score"])


def test_a_vetoed_firm_lacks_no_points() -> None:
    table = evaluate([firm(veto="x"), firm(firm_id="H2", tax_wan=1)]).firms.set_index("firm_id")
    assert table.loc["H1", "class"] == "D"
    assert math.isnan(table.loc["H1", "points_to_next"])


# Trend, averages, records


def test_trend_and_movements() -> None:
    firms = [
        firm(firm_id=f"F{n}", year=year, tax_wan=tax)
        for year in (2023, 2024, 2025)
        for n, tax in enumerate([100, 200, 300, 400, 500])
    ]
    firms = [f for f in firms if not (f["firm_id"] == "F4" and f["year"] == 2024)]
    firms[-1]["tax_wan"] = 1.0  # F4 of 2025
    found = evaluate(firms)
    assert found.trend.groupby("firm_id")["year"].count().to_dict() == {
        "F0": 3, "F1": 3, "F2": 3, "F3": 3, "F4": 2,
    }  # fmt: skip
    new = found.movements[found.movements["from"].isna()]
    assert new[["to", "firms"]].to_numpy().tolist() == [["C", 1]]  # 0.95 × 5 firms rounds to 5
    assert found.movements["firms"].sum() == 5


def test_averages_by_industry_count_what_is_missing() -> None:
    firms = [firm(), firm(firm_id="H2", industry_code="3029", revenue_wan=None, land_mu=10)]
    found = evaluate(firms).industries.set_index(["level", "industry_code"])
    division = found.loc[("division", "30")]
    assert (division["firms"], division["missing"], division["land_mu"]) == (2, 1, 40)
    assert division["tax_per_mu"] == 30
    assert division["revenue_per_mu"] == 500
    assert found.loc[("class", "3029"), "tax_per_mu"] == 60


def test_a_year_without_firms_is_not_evaluated() -> None:
    found = per_mu.evaluate(made_park(firms=[firm(year=2024)]))
    assert isinstance(found, NotEvaluated)
    assert "2025" in found.reason


def test_a_firm_twice_in_a_year_is_refused() -> None:
    with pytest.raises(InputError, match="同一年度出现两次"):
        evaluate([firm(), firm()])


def test_faulty_settings_are_refused() -> None:
    with pytest.raises(InputError, match=r"不认识的项“land\.per_mu\.schema”"):
        evaluate([firm()], settings={"schema": "x"})


def test_the_record_is_plain() -> None:
    record = evaluate([firm(), firm(firm_id="H2", land_mu=None)]).to_record()
    json.dumps(record, allow_nan=False)
    assert record["firms"][1]["score"] is None
    assert record["scheme"]["confidence"] == "reprint"
    assert set(record["firms"][0]) >= {
        "row", "firm_id", "firm_name", "group", "industry_code", "land_mu", "tax_per_mu", "score",
        "class", "rank", "reason",
    }  # fmt: skip


# Properties

money = st.none() | st.floats(-500, 5000).map(lambda wan: round(wan, 2))


def sizes(most: float) -> st.SearchStrategy[float | None]:
    """Nothing, zero, or what a firm may report: no number is so small that its ratios overflow."""
    return st.none() | st.just(0.0) | st.floats(0.01, most)


@st.composite
def many_firms(draw: st.DrawFn) -> list[dict[str, Any]]:
    count = draw(st.integers(2, 8))
    return [
        firm(
            firm_id=f"F{place}",
            above_scale=draw(st.booleans()),
            tax_wan=draw(money),
            output_wan=draw(sizes(50000)),
            value_added_wan=draw(money),
            emission_t=draw(sizes(50)),
            land_mu=draw(sizes(200)),
            landlord_id=draw(st.sampled_from([None, None, "F0", "F1"])),
        )
        for place in range(count)
    ]


@pytest.mark.slow
@settings(max_examples=examples(3, 8))
@given(many_firms(), st.randoms(use_true_random=False))
def test_shuffled_firms_get_the_same_scores_and_classes(
    firms: list[dict[str, Any]], random: Any
) -> None:
    mixed = firms.copy()
    random.shuffle(mixed)
    one = evaluate(firms, "yunnan-output-floor").firms.drop(columns="row")
    two = evaluate(mixed, "yunnan-output-floor").firms.drop(columns="row")
    pd.testing.assert_frame_equal(one, two)


@pytest.mark.slow
@settings(max_examples=examples(3, 8))
@given(many_firms())
def test_capped_scores_stay_within_bounds(firms: list[dict[str, Any]]) -> None:
    found = evaluate(firms, "yunnan-output-floor")
    scores = found.firms["score"].dropna()
    assert ((scores >= 0) & (scores <= 150 + 1e-6)).all()
    assert found.summary["firms"].sum() == len(firms)


@settings(max_examples=60)
@given(st.lists(st.floats(0, 200), min_size=1, max_size=30), st.sampled_from(["better", "worse"]))
def test_a_better_score_never_has_a_worse_class(scores: list[float], ties: str) -> None:
    found, _edges = classes(scores, ties=ties)
    pairs = sorted(zip(scores, found, strict=True))
    letters = [letter for _score, letter in reversed(pairs)]
    assert letters == sorted(letters)
    by_score: dict[float, set[str]] = {}
    for score, letter in pairs:
        by_score.setdefault(score, set()).add(letter)
    assert all(len(kinds) == 1 for kinds in by_score.values())


@pytest.mark.slow
@settings(max_examples=examples(3, 6))
@given(many_firms(), st.sampled_from([1 / 15, 15.0]), st.sampled_from([1e-4, 1e4]))
def test_units_do_not_matter_to_scores_measured_against_the_group(
    firms: list[dict[str, Any]], land: float, money: float
) -> None:
    wan = ("tax_wan", "revenue_wan", "output_wan", "value_added_wan", "rd_wan")
    factor = dict.fromkeys(wan, money) | {"land_mu": land}
    other = [
        {k: v * factor[k] if k in factor and v is not None else v for k, v in row.items()}
        for row in firms
    ]
    one, two = (evaluate(rows, "wujin-draft").firms for rows in (firms, other))
    one, two = (found.set_index("firm_id").sort_index() for found in (one, two))
    pd.testing.assert_series_equal(one["score"], two["score"], atol=2e-4)


@settings(max_examples=40)
@given(
    st.lists(st.floats(-10, 100), min_size=1, max_size=10),
    st.floats(0.1, 50),
    st.sampled_from([15.0, 1 / 15, 1e4, 1e-4]),
)
def test_item_scores_are_monotone_and_do_not_hang_on_the_unit(
    values: list[float], benchmark: float, factor: float
) -> None:
    rule = Item.model_validate(
        {
            "indicator": "tax_per_mu",
            "weight": 30,
            "benchmark": {"method": "fixed", "value": 1},
            "cap": 1.5,
            "floor": 0,
        }
    )
    series = pd.Series(sorted(values))
    none = pd.Series([None] * len(series), dtype=object)
    plain = score_item(rule, series, benchmark, none)["score"]
    other = score_item(rule, series * factor, benchmark * factor, none)["score"]
    assert plain.is_monotonic_increasing
    pd.testing.assert_series_equal(plain, other, rtol=1e-9)
