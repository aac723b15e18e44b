"""Land-intensity review: the 宾西 case to the printed digits, score, potentials, bookkeeping."""

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
from made_parks import made_park
from ruamel.yaml import YAML

from greenland.errors import InputError
from greenland.land import review
from greenland.land.review.balance import completed
from greenland.land.review.scheme import SCHEMES, Node, available_schemes, load_scheme
from greenland.land.review.score import score_tree, standardise, weighted_sum
from greenland.results import NotEvaluated
from greenland.yamlfile import plain, read_tree

# 宾西经济技术开发区 2013, 208 parcels: a published case of the review (ha, ㎡, 万元).
LAND = {
    "A": 771.2867, "A1": 3.2264, "A2": 548.9182, "A31": 94.1657, "A32": 20.2567, "A4": 23.8331,
    "A51": 4.5178, "A52": 76.3688, "B21": 126.4514, "B22": 804.9349, "C": 155.0276,
    "D": 782.1337, "D1": 195.3090, "D21": 586.8247, "E": 920.5393, "E1": 21.7644,
    "E21": 752.3186, "E22": 146.4563, "F": 155.0276,
}  # fmt: skip
FIGURES = {
    "floor_area_m2": 3997588.7,
    "industrial_floor_area_m2": 3523240.7,
    "building_base_m2": 1730341.4,
    "industrial_base_m2": 2063323.5,
    "industrial_investment_wan": 1196346,
    "industrial_tax_wan": 40129,
    "industrial_revenue_wan": 1650870,
}
SUPPLY = {2009: 32.2983, 2010: 82.6017, 2011: 123.6248, 2012: 36.3038, 2013: 61.3864}


def land_rows(areas: dict[str, float], year: int = 2013, part: str | None = None) -> list[Any]:
    return [{"year": year, "part": part, "code": c, "area_ha": a} for c, a in areas.items()]


def evaluate(
    areas: dict[str, float] | None = None,
    figures: dict[str, float | None] | None = None,
    *,
    rows: dict[str, list[dict[str, Any]]] | None = None,
    year: int = 2013,
    **more: Any,
):
    tables = rows or {
        "land_use": land_rows(LAND | (areas or {})),
        "indicators": [{"year": 2013, **FIGURES, **(figures or {})}],
    }
    tables.setdefault(
        "supply_history", [{"year": y, "supplied_ha": area} for y, area in SUPPLY.items()]
    )
    chosen = more.pop("settings", {})
    found = review.evaluate(made_park(year, land={"review": chosen}, **tables, **more))
    assert not isinstance(found, NotEvaluated)
    return found


def value(found: Any, indicator: str) -> float:
    return float(found.indicators.set_index("indicator").loc[indicator, "value"])


@pytest.mark.parametrize(
    ("indicator", "printed", "digits"),
    [
        ("land_development_rate", 0.5273, 4),
        ("land_supply_rate", 0.8712, 4),
        ("land_completion_rate", 0.9861, 4),
        ("industrial_land_share", 0.7117, 4),
        ("zone_floor_area_ratio", 0.5183, 4),
        ("zone_building_density", 0.2243, 4),
        ("industrial_floor_area_ratio", 0.6419, 4),
        ("industrial_building_coefficient", 0.3759, 4),
        ("industrial_investment_intensity", 2179.46, 2),
        ("industrial_tax_per_ha", 73.11, 2),
        ("industrial_output_per_ha", 3007.50, 2),
    ],
)
def test_binxi_to_the_printed_digits(indicator: str, printed: float, digits: int) -> None:
    assert round(value(evaluate(), indicator), digits) == printed


def test_binxi_zone_type_potentials_and_years_of_supply() -> None:
    found = evaluate()
    assert found.zone_type == "industrial"
    expansion = found.potentials.set_index("potential")["value_ha"]
    assert round(expansion["expansion_potential"], 2) == 920.54
    assert round(expansion["expansion_industrial_potential"], 2) == 752.32
    assert round(found.supply["years_of_supply_mean"], 2) == 12.48
    assert round(found.supply["years_of_supply_peak"], 2) == 7.45
    assert round(value(found, "industrial_tax_per_ha") / 15, 2) == 4.87
    assert set(found.identities["state"]) == {"met"}
    assert found.land_use.set_index("code")["area_ha"][["A", "B", "C"]].sum() == pytest.approx(
        1857.7006
    )


def test_weighted_sum_of_a_public_implementation() -> None:
    # its test weights do not sum to 1; the arithmetic is held against the stored figures
    main = weighted_sum([128.13, 40, 48], [0.25, 0.42, 0.17])
    development = weighted_sum([87.5, 100, 100], [0.7, 0.2, 0.1])
    assert round(main, 2) == 56.99
    assert round(development, 2) == 91.25
    assert round(weighted_sum([main, development], [0.8, 0.2]), 2) == 63.84


def test_score_by_hand() -> None:
    # 宾西 with an idle area of 10 ha and 经开区 reference ideals, summed up the tree
    found = evaluate({"G": 10.0})
    a, a2, d = 771.2867, 548.9182, 782.1337
    degree = (d / 897.7381 * 50) + (a / d * 50)
    intensity = (
        0.25 * (399.75887 / a / 1.14)
        + 0.22 * (173.03414 / a / 0.42)
        + 0.25 * (352.32407 / a2 / 0.98)
        + 0.28 * (206.33235 / a2 / 0.40)
    ) * 100
    state = 0.25 * degree + 0.25 * 100 + 0.50 * intensity
    benefit = 50 * 1196346 / a2 / 3344 + 50 * 40129 / a2 / 375
    by_hand = 0.7 * state + 0.2 * benefit + 0.1 * (1 - 10 / d) * 100
    assert found.land_intensity_score == pytest.approx(by_hand, abs=1e-4)
    assert found.indicators["contribution"].sum() == pytest.approx(by_hand, abs=1e-4)


@pytest.mark.parametrize(
    ("given", "ideal", "reverse", "cap", "expected"),
    [
        (0.5, 0.8, False, 100, 62.5),
        (1.2, 0.8, False, 100, 100),
        (1.2, 0.8, False, None, 150),
        (0.05, 0.0, True, 100, 95),
        (1.5, 0.0, True, 100, 0),
        (0.5, 0.0, False, 100, math.nan),
        (math.nan, 1.0, False, 100, math.nan),
    ],
)
def test_standardise(
    given: float, ideal: float, reverse: bool, cap: float | None, expected: float
) -> None:
    found = standardise(given, ideal, reverse=reverse, cap=cap)
    assert found == pytest.approx(expected, nan_ok=True)


# Missing parts


def test_without_idle_land_no_score_and_the_indicator_is_named() -> None:
    found = evaluate()
    assert found.land_intensity_score is None
    assert found.score_reason == "缺少指标或理想值：土地闲置率"
    nodes = found.nodes.set_index("node")
    assert nodes.loc["land_use_state", "score"] > 0  # the rest is still scored
    row = found.indicators.set_index("indicator").loc["idle_land_rate"]
    assert row["reason"] == "缺少G 类土地面积"


def test_zero_built_land_is_said() -> None:
    found = evaluate({"A": 0.0} | {code: 0.0 for code in LAND if code.startswith("A")})
    row = found.indicators.set_index("indicator").loc["zone_floor_area_ratio"]
    assert (math.isnan(row["value"]), row["reason"]) == (True, "分母为零")


def test_a_year_without_figures_is_not_zero() -> None:
    found = evaluate(rows={"land_use": land_rows(LAND), "indicators": []})
    row = found.indicators.set_index("indicator").loc["zone_floor_area_ratio"]
    assert math.isnan(row["value"])
    assert row["reason"] == "缺少已建成用地总建筑面积"


def test_the_direction_of_indicators_is_the_schemes() -> None:
    rows = evaluate().indicators.set_index("indicator")["direction"]
    assert rows[rows == "<="].index.tolist() == ["idle_land_rate", "unsupplied_land_rate"]
    assert rows["land_supply_rate"] == ">="


def test_an_indicator_without_ideal_says_so() -> None:
    row = evaluate().indicators.set_index("indicator").loc["industrial_output_per_ha"]
    assert row["reason"] == "没有理想值，未作标准化"


def test_years_of_supply_name_the_missing_years() -> None:
    rows = {
        "land_use": land_rows(LAND),
        "indicators": [{"year": 2013, **FIGURES}],
        "supply_history": [{"year": y, "supplied_ha": SUPPLY[y]} for y in (2011, 2012, 2013)],
    }
    supply = evaluate(rows=rows).supply
    assert supply["years_of_supply_mean"] is not None
    assert supply["years_of_supply_peak"] is None
    assert "2009、2010" in supply["years_of_supply_peak_reason"]


def test_a_year_without_land_use_is_not_evaluated() -> None:
    found = review.evaluate(made_park(2014, land_use=land_rows(LAND)))
    assert isinstance(found, NotEvaluated)


# Areas


@pytest.mark.parametrize(
    ("stated", "code", "area"),
    [
        pytest.param({"A1": 2.0, "A2": 3.0}, "A", 5.0, id="sum"),
        pytest.param({"D": 5.0, "D1": 2.0, "D21": 3.0}, "D22", 0.0, id="nothing-left"),
        pytest.param({"D": 5.0, "D1": 2.0, "D21": 2.0}, "D22", 1.0, id="the-rest"),
        pytest.param({"E": 9.0, "E1": 2.0}, "E2", 7.0, id="the-only-gap"),
        pytest.param({"E": 9.0}, "E21", math.nan, id="two-gaps"),
        pytest.param({"A1": 2.0}, "A2", math.nan, id="not-stated-is-not-zero"),
        pytest.param({"A": 9.0, "A31": 1.0, "A51": 1.0}, "A3", math.nan, id="partial-sums"),
    ],
)
def test_areas_that_follow_from_others(stated: dict[str, float], code: str, area: float) -> None:
    assert completed(stated, 0.01)[code] == pytest.approx(area, nan_ok=True)


def test_an_identity_that_fails_is_shown_with_both_sides() -> None:
    rows = evaluate({"C": 156.0276}).identities.set_index("identity")
    assert rows.loc["A+B+C=D+E+F", "state"] == "failed"
    assert rows.loc["A+B+C=D+E+F", "difference_ha"] == pytest.approx(1.0)
    assert rows.loc["F=C", "state"] == "failed"


def test_a_sum_of_sub_codes_that_fails_is_shown() -> None:
    rows = evaluate({"A2": 500.0}).identities.set_index("identity")
    assert rows.loc["A=A1+A2+A31+A32+A4+A51+A52", "state"] == "failed"


# Zone types, schemes, settings


@pytest.mark.parametrize(
    ("industrial", "residential", "kind"),
    [
        (31, 24, "industrial"),
        (30, 25, "city_industry"),
        (31, 25, "other"),
        (30, 24, "other"),
    ],
)
def test_zone_types(industrial: float, residential: float, kind: str) -> None:
    areas = {"A": 100.0, "A1": residential, "A2": industrial}
    rows = {"land_use": land_rows(areas), "indicators": [{"year": 2013, **FIGURES}]}
    found = evaluate(rows=rows)
    assert found.zone_type == kind
    listed = set(found.indicators["indicator"])
    assert ("industrial_tax_per_ha" in listed) == (kind == "industrial")
    assert ("population_density" in listed) == (kind != "industrial")


def test_the_park_may_state_its_type() -> None:
    found = evaluate(settings={"zone_kind": "city_industry"})
    assert (found.zone_type, found.zone_type_reason) == (
        "city_industry",
        "园区在 park.yaml 中指定",
    )


def test_high_tech_zones_have_the_extra_indicator() -> None:
    own = {"high_tech_land_share": {"value": 0.5, "source": "规划"}}
    found = evaluate(
        {"G": 0.0}, {"high_tech_land_ha": 200.0}, kind="high_tech", settings={"ideals": own}
    )
    row = found.indicators.set_index("indicator").loc["high_tech_land_share"]
    assert row["weight"] == pytest.approx(0.7 * 0.25 * 0.5)
    assert row["ideal_basis"] == "user"
    assert pd.isna(row["rule_id"])
    assert found.land_intensity_score is not None
    ideals = found.indicators.set_index("indicator")["ideal"]
    assert ideals["industrial_floor_area_ratio"] == 1.10  # 高新区 reference set


def test_a_zone_of_living_and_working_is_scored_with_its_own_ideals() -> None:
    own = {
        "tax_per_ha": {"value": 500, "source": "园区规划"},
        "population_density": {"value": 80, "source": "园区规划", "method": "target"},
    }
    found = evaluate(
        {"G": 0.0},
        {"tax_wan": 300000, "resident_population": 40000},
        settings={"zone_kind": "city_industry", "ideals": own},
    )
    assert 0 < found.land_intensity_score <= 100
    nodes = found.nodes.set_index("node")
    assert nodes.loc["benefit", "weight"] == 0.28


@pytest.mark.parametrize("name", available_schemes())
def test_packaged_schemes_are_balanced(name: str) -> None:
    scheme = load_scheme(name)
    for nodes in scheme.trees.values():
        assert math.fsum(w for node in nodes for _leaf, w in node.leaves()) == pytest.approx(1)


def test_weights_that_do_not_sum_to_1_are_refused_naming_the_node(tmp_path: Path) -> None:
    tree = plain(read_tree(SCHEMES / "td1029-public.yaml"))
    tree["trees"]["industrial"][0]["children"][0]["weight"] = 0.30
    with (tmp_path / "own.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(tree, file)
    with pytest.raises(InputError, match=r"“土地利用状况”下各项权重之和为 1\.05，应为 1"):
        evaluate(settings={"scheme": "own.yaml"}, folder=tmp_path)


def own_scheme(tmp_path: Path, change: Any) -> dict[str, Any]:
    """The packaged scheme with something changed, as arguments of `evaluate`."""
    tree = plain(read_tree(SCHEMES / "td1029-public.yaml"))
    change(tree)
    with (tmp_path / "own.yaml").open("w", encoding="utf-8") as file:
        YAML(typ="safe").dump(tree, file)
    return {"settings": {"scheme": "own.yaml"}, "folder": tmp_path}


DISPOSAL = {
    "title": "闲置土地处置率", "title_en": "idle land disposed of", "unit": "share",
    "formula": "idle_disposed_ha / idle_stock_ha", "ideal": 0.8,
}  # fmt: skip


def with_disposal(tree: dict[str, Any], formula: str = DISPOSAL["formula"]) -> None:
    """管理绩效 by an indicator of the scheme's own, from the figures of supply."""
    tree["indicators"] = {"idle_disposal": {**DISPOSAL, "formula": formula}}
    tree["trees"]["industrial"][2]["children"] = [{"indicator": "idle_disposal", "weight": 1.0}]


def test_an_indicator_of_the_schemes_own_counts_in_the_tree(tmp_path: Path) -> None:
    supply = [{"year": 2013, "supplied_ha": 61.0, "idle_stock_ha": 50.0, "idle_disposed_ha": 30.0}]
    rows = {"land_use": land_rows(LAND), "indicators": [{"year": 2013, **FIGURES}],
            "supply_history": supply}  # fmt: skip
    found = evaluate(rows=rows, **own_scheme(tmp_path, with_disposal))
    row = found.indicators.set_index("indicator").loc["idle_disposal"]
    # 30 of 50 公顷, of an ideal of 80 %: 75 points with the weight 0.10
    assert (row["value"], row["ideal"], row["ideal_basis"]) == (0.6, 0.8, "scheme")
    assert row["standardised"] == pytest.approx(75)
    assert row["contribution"] == pytest.approx(7.5)
    assert found.land_intensity_score is not None
    assert "闲置土地处置率" in set(found.nodes["title"].astype(str))
    own = {"ideals": {"idle_disposal": {"value": 0.6, "source": "园区"}}}
    changed = own_scheme(tmp_path, with_disposal)
    changed["settings"] |= own
    row = evaluate(rows=rows, **changed).indicators.set_index("indicator").loc["idle_disposal"]
    assert (row["ideal"], row["standardised"]) == (0.6, 100)


def test_what_an_own_indicator_lacks_is_said(tmp_path: Path) -> None:
    found = evaluate(**own_scheme(tmp_path, with_disposal))
    row = found.indicators.set_index("indicator").loc["idle_disposal"]
    assert row["reason"] == "缺少当年处置闲置土地面积、年初闲置土地面积"
    assert "闲置土地处置率" in str(found.score_reason)


def test_each_part_may_have_a_tree_of_its_own(tmp_path: Path) -> None:
    def change(tree: dict[str, Any]) -> None:
        leaf = [{"indicator": "industrial_land_share", "weight": 1.0}]
        tree["trees"]["industrial_development"] = leaf
        tree["trees"]["industrial_main"] = [{"indicator": "land_supply_rate", "weight": 1.0}]

    rows = {
        "land_use": land_rows(LAND, part="main") + land_rows(LAND, part="development"),
        "indicators": [{"year": 2013, "part": name, **FIGURES} for name in ("main", "development")],
    }
    found = evaluate(rows=rows, **own_scheme(tmp_path, change))
    scores = found.parts.set_index("part")["score"]
    # 工业用地率 71.17 % of an ideal of 55 %, capped; 土地供应率 87.12 % of 100 %
    assert scores["development"] == pytest.approx(100)
    assert scores["main"] == pytest.approx(87.12, abs=0.01)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda tree: with_disposal(tree, "idle_dispose_ha / idle_stock_ha"), "idle_disposed_ha"),
        (lambda tree: with_disposal(tree, "eval('1')"), "公式只能有"),
        (lambda tree: tree.update(indicators={"idle_land_rate": DISPOSAL}), "已有定义"),
        (lambda tree: tree.update(trees={"industrial_north": []}), "没有指标树“industrial_north”"),
        (lambda tree: tree.update(tree={}), "不认识的项“tree”"),
        (lambda tree: tree["trees"]["industrial"][0].update(weigth=1), "不认识的项.*weigth"),
    ],
)
def test_a_review_scheme_that_cannot_be_is_refused(
    tmp_path: Path, change: Any, reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        evaluate(**own_scheme(tmp_path, change))


def test_a_tree_that_is_not_balanced_can_still_be_summed() -> None:
    nodes = [
        Node.model_validate({"indicator": name, "weight": weight})
        for name, weight in (
            ("land_supply_rate", 0.25),
            ("land_completion_rate", 0.42),
            ("industrial_land_share", 0.17),
        )
    ]
    group = Node(weight=1.0, node="main", children=nodes)
    scores = {"land_supply_rate": 128.13, "land_completion_rate": 40, "industrial_land_share": 48}
    assert round(score_tree([group], scores, "zone")[0].score, 2) == 56.99


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"ideals": {"x": {"value": 1, "source": "s"}}}, "没有指标“x”"),
        ({"ideals": {"tax_per_ha": {"value": -1, "source": "s"}}}, "应不小于 0"),
        ({"zone_kind": "harbour"}, "不在允许范围内"),
        ({"scheme": "td1029"}, "没有名为“td1029”"),
    ],
)
def test_faulty_settings_are_refused(chosen: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        evaluate(settings=chosen)


# Bookkeeping: 五年一评价、一年一更新 (云南规划 第四章第四节三)


@pytest.mark.parametrize(
    ("last", "kind", "following"),
    [
        (2013, "full", 2018),
        (2008, "full", 2018),
        (2011, "update", 2016),
        (None, None, None),
        (2015, None, 2015),
    ],
)
def test_full_or_update_year(last: int | None, kind: str | None, following: int | None) -> None:
    # the plan of 2022 is not in force in these years
    own = {"land.review.full_cycle": 5, "land.review.update_cycle": 1}
    found = evaluate(settings={"last_full_year": last}, overrides=own)
    assert (found.kind, found.next_full_year) == (kind, following)
    assert (found.kind_reason is None) == (kind == "full")


@pytest.mark.parametrize(("last", "kind"), [(2011, "update"), (2012, None), (2008, "full")])
def test_years_without_an_update(last: int, kind: str | None) -> None:
    own = {"land.review.full_cycle": 5, "land.review.update_cycle": 2}
    found = evaluate(settings={"last_full_year": last}, overrides=own)
    assert found.kind == kind
    assert (kind is None) == ("本年没有更新任务" in str(found.kind_reason))


# National levels


def test_national_levels_stand_beside_the_zones() -> None:
    # 541 zones, figures of the end of 2019; 579 zones, figures of the end of 2021
    rows = {"land_use": land_rows(LAND, 2019), "indicators": [{"year": 2019, **FIGURES}]}
    row = evaluate(rows=rows, year=2019).indicators.set_index("indicator")
    assert row.loc["industrial_land_share", "national"] == 0.4852
    rows = {"land_use": land_rows(LAND, 2022), "indicators": [{"year": 2022, **FIGURES}]}
    row = evaluate(rows=rows, year=2022).indicators.set_index("indicator")
    row = row.loc["industrial_land_share"]
    assert row["national"] == 0.4778
    assert row["national_rule_id"] == "land.review.national_level.industrial_land_share"


def test_later_national_levels_count_later() -> None:
    rows = {"land_use": land_rows(LAND, 2024), "indicators": [{"year": 2024, **FIGURES}]}
    found = evaluate(rows=rows, year=2024).indicators.set_index("indicator")["national"]
    assert found["zone_floor_area_ratio"] == 1.06


# Potentials


def test_a_potential_below_zero_is_none_with_its_surplus() -> None:
    rows = evaluate().potentials.set_index("potential")
    structure = rows.loc["structure_potential"]
    assert structure["value_ha"] == 0
    assert structure["surplus_ha"] == pytest.approx(548.9182 - 0.55 * 771.2867)
    assert "没有潜力" in structure["reason"]


def test_intensity_potentials_by_hand() -> None:
    rows = evaluate().potentials.set_index("indicator")["value_ha"]
    actual = 3523240.7 / 5489182
    assert rows["industrial_floor_area_ratio"] == pytest.approx(548.9182 * (0.98 - actual) / 0.98)


def test_management_potential_is_expired_and_idle_land() -> None:
    areas = {"D21": 580.8247, "D22": 6.0, "G": 4.0}
    rows = evaluate(areas).potentials.set_index("potential")
    assert rows.loc["management_potential", "value_ha"] == pytest.approx(10)


def test_a_potential_that_lacks_data_says_what() -> None:
    rows = evaluate().potentials.set_index("potential")
    assert pd.isna(rows.loc["management_potential", "value_ha"])
    assert "G" in rows.loc["management_potential", "reason"]


# Last year and parts


def two_years(**change: float) -> dict[str, list[dict[str, Any]]]:
    now = LAND | {"G": 10.0}
    return {
        "land_use": land_rows(now) + land_rows(now | {"A2": 540.0, "G": 30.0}, 2012),
        "indicators": [
            {"year": 2013, **FIGURES},
            {"year": 2012, **FIGURES, "industrial_tax_wan": 30000.0, **change},
        ],
    }


def test_changes_add_up_to_the_change_of_the_score() -> None:
    found = evaluate(rows=two_years())
    assert found.changes["delta_score"].sum() == pytest.approx(
        found.land_intensity_score - found.previous_score
    )
    moved = found.changes.set_index("indicator")["delta_score"]
    assert moved["idle_land_rate"] == pytest.approx(20 / 782.1337 * 10)
    assert moved["land_supply_rate"] == 0
    assert found.changes["delta_score"].abs().is_monotonic_decreasing
    row = found.indicators.set_index("indicator").loc["idle_land_rate"]
    assert row["change"] == pytest.approx(-20 / 782.1337)


def test_without_last_year_there_is_no_change_and_it_is_said() -> None:
    found = evaluate({"G": 0.0})
    assert (found.previous_score, found.changes.empty) == (None, True)
    assert found.previous_reason == "没有 2012 年的土地利用数据"


def in_parts() -> dict[str, list[dict[str, Any]]]:
    main = {code: area * 0.75 for code, area in (LAND | {"G": 10.0}).items()}
    development = {code: area * 0.25 for code, area in (LAND | {"G": 60.0}).items()}
    return {
        "land_use": land_rows(main, part="main") + land_rows(development, part="development"),
        "indicators": [
            {"year": 2013, "part": part, **{k: v * share for k, v in FIGURES.items()}}
            for part, share in (("main", 0.75), ("development", 0.25))
        ],
    }


def test_parts_are_weighted_08_and_02() -> None:
    found = evaluate(rows=in_parts())
    scores = found.parts.set_index("part")
    assert scores["weight"].to_dict() == {"main": 0.8, "development": 0.2}
    assert found.land_intensity_score == pytest.approx(
        0.8 * scores.loc["main", "score"] + 0.2 * scores.loc["development", "score"]
    )
    assert found.indicators["contribution"].sum() == pytest.approx(found.land_intensity_score)
    assert set(found.part_indicators["part"]) == {"main", "development"}


def test_the_zone_is_the_sum_of_its_parts() -> None:
    found = evaluate(rows=in_parts())
    assert value(found, "industrial_land_share") == pytest.approx(0.7117, abs=5e-5)
    assert found.land_use.set_index("code").loc["A", "area_ha"] == pytest.approx(771.2867)


def test_a_single_part_counts_whole() -> None:
    rows = {
        "land_use": land_rows(LAND | {"G": 10.0}, part="main"),
        "indicators": [{"year": 2013, "part": "main", **FIGURES}],
    }
    whole = evaluate({"G": 10.0})
    assert evaluate(rows=rows).land_intensity_score == pytest.approx(whole.land_intensity_score)


def test_the_record_is_plain() -> None:
    record = evaluate(rows=two_years()).to_record()
    json.dumps(record, allow_nan=False)
    assert set(record) >= {
        "year", "kind", "zone_type", "zone_type_reason", "scheme", "indicators", "nodes",
        "land_intensity_score", "previous_score", "changes", "potentials", "years_of_supply_mean",
        "years_of_supply_peak", "identities", "land_use", "parts",
    }  # fmt: skip
    assert record["nodes"][0]["node"] == "zone"


# Properties

shares = st.floats(0.05, 1)


@settings(max_examples=examples(3, 8))
@given(st.fixed_dictionaries({name: st.floats(0, 5e6) for name in FIGURES}), st.floats(0, 700))
def test_scores_are_bounded(figures: dict[str, float], idle: float) -> None:
    found = evaluate({"G": idle}, figures)
    assert 0 <= found.land_intensity_score <= 100 + 1e-9
    assert found.indicators["contribution"].sum() == pytest.approx(found.land_intensity_score)


@settings(max_examples=examples(3, 8))
@given(st.sampled_from(sorted(set(FIGURES) - {"industrial_revenue_wan"})), st.floats(1, 3))
@pytest.mark.slow
def test_more_of_a_good_thing_never_lowers_the_score(name: str, factor: float) -> None:
    before = evaluate({"G": 10.0})
    after = evaluate({"G": 10.0}, {name: FIGURES[name] * factor})
    assert after.land_intensity_score >= before.land_intensity_score - 1e-9


@settings(max_examples=examples(3, 5))
@given(st.randoms(use_true_random=False))
@pytest.mark.slow
def test_shuffled_rows_give_the_same_review(random: Any) -> None:
    rows = two_years()
    for items in rows.values():
        random.shuffle(items)
    one, two = evaluate(rows=two_years()).to_record(), evaluate(rows=rows).to_record()
    assert json.dumps(one) == json.dumps(two)


@settings(max_examples=50)
@given(st.floats(0, 1e4), st.floats(0.01, 1e4), st.sampled_from([15.0, 1 / 15, 1e4, 1e-4, 100.0]))
def test_standardised_values_do_not_hang_on_the_unit(
    value: float, ideal: float, factor: float
) -> None:
    plain_score = standardise(value, ideal)
    assert standardise(value * factor, ideal * factor) == pytest.approx(plain_score, rel=1e-9)
