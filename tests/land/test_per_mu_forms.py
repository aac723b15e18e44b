"""Forms of published schemes: own indicators and groups, and every way a value becomes points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made_parks import firm, made_park
from ruamel.yaml import YAML

from greenland.errors import InputError
from greenland.land import per_mu
from greenland.land.per_mu.items import Item
from greenland.land.per_mu.points import score_item
from greenland.land.per_mu.scheme import load_scheme
from greenland.results import NotEvaluated

NAN = float("nan")


def points(values: list[float], against: float = NAN, *, zero: Any = None, **changes: Any) -> Any:
    given = {"indicator": "tax_per_mu", "weight": 10, **changes}
    if "benchmark" not in given and given.get("scoring", {}).get("method") not in (
        "min_max", "steps", "rank",
    ):  # fmt: skip
        given["benchmark"] = {"method": "fixed", "value": 1}
    series = pd.Series(values, dtype="float64")
    none = pd.Series([None] * len(values), dtype=object)
    flags = None if zero is None else pd.Series(zero)
    return score_item(Item.model_validate(given), series, against, none, flags)


@pytest.mark.parametrize(
    ("scoring", "values", "benchmark", "expected"),
    [
        # 旌德县 2022: 权重×〔20+80×(企业本值-最小值)/(最大值-最小值)〕/100
        ({"method": "min_max", "base": 0.2}, [5, 15, 25], NAN, [2, 6, 10]),
        ({"method": "min_max", "reverse": True}, [5, 15, 25], NAN, [10, 5, 0]),
        ({"method": "min_max", "least": 10, "most": 20}, [5, 15, 25], NAN, [0, 5, 10]),
        ({"method": "min_max"}, [7, 7], NAN, [10, 10]),
        # 企业得分=(2-企业指标值/基准值)×分值; ≥2×基准值 → 零分 (fsou.net, 17006375 (3))
        ({"method": "complement"}, [2, 4, 8, 9], 4.0, [15, 10, 0, 0]),
        ({"method": "reciprocal"}, [2, 4, 8], 4.0, [20, 10, 5]),
        (
            {"method": "steps", "steps": [{"at_least": 30, "points": 10},
                                          {"at_least": 10, "points": 6}, {"points": 1}]},
            [30, 29.9, 10, 9], NAN, [10, 6, 6, 1],
        ),
        (
            {"method": "steps", "steps": [{"at_most": 0.1, "points": 10},
                                          {"at_most": 0.2, "points": 4}]},
            [0.1, 0.2, 0.21], NAN, [10, 4, 0],
        ),
        ({"method": "rank"}, [1, 4, 3, 2], NAN, [2.5, 10, 7.5, 5]),
        ({"method": "rank", "reverse": True}, [1, 4, 3, 2], NAN, [10, 2.5, 5, 7.5]),
        ({"method": "rank"}, [3, 3, 1], NAN, [10, 10, 10 / 3]),
        (
            {"method": "rank",
             "steps": [{"share": 0.2, "points": 10}, {"share": 0.6, "points": 5}]},
            [5, 4, 3, 2, 1], NAN, [10, 5, 5, 0, 0],
        ),
    ],
)  # fmt: skip
def test_points_by_hand(
    scoring: dict[str, Any], values: list[float], benchmark: float, expected: list[float]
) -> None:
    found = points(values, benchmark, scoring=scoring)
    assert found["score"].tolist() == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scoring", "values", "expected"),
    [
        ({"method": "rank"}, [3, NAN, 1], [10, NAN, 5]),  # of two
        (
            {"method": "rank", "steps": [{"share": 0.5, "points": 10}, {"share": 1, "points": 5}]},
            [3, NAN, 1, 2, 0], [10, NAN, 5, 10, 5],
        ),
        ({"method": "min_max", "base": 0.2}, [5, NAN, 15], [2, NAN, 10]),
        ({"method": "min_max"}, [7, NAN], [10, NAN]),
        ({"method": "min_max", "least": 0}, [5, NAN, 10], [5, NAN, 10]),
        ({"method": "min_max", "most": 20}, [10, NAN, 15], [0, NAN, 5]),
        # within 1e-9 of the limit, of either sign, is at the limit
        (
            {"method": "steps", "steps": [{"at_least": 30, "points": 10}, {"points": 1}]},
            [30 - 2.9e-8, NAN, 30 - 3.1e-8], [10, NAN, 1],
        ),
        (
            {"method": "steps", "steps": [{"at_least": -30, "points": 10}]},
            [-30 - 2.9e-8, NAN, -30 - 3.1e-8], [10, NAN, 0],
        ),
        (
            {"method": "steps", "steps": [{"at_most": -0.1, "points": 10}]},
            [-0.1 + 0.9e-10, NAN, -0.1 + 1.1e-10], [10, NAN, 0],
        ),
    ],
)  # fmt: skip
def test_who_has_no_figure_neither_has_points_nor_counts(
    scoring: dict[str, Any], values: list[float], expected: list[float]
) -> None:
    found = points(values, scoring=scoring, missing="unscored")
    assert found["score"].tolist() == pytest.approx(expected, nan_ok=True)
    assert found["weight"].tolist() == [10.0] * len(values)
    treated = ["unscored" if np.isnan(value) else "scored" for value in values]
    assert found["treatment"].tolist() == treated
    nothing = points(values, scoring=scoring, missing="zero")
    assert nothing["score"].tolist() == pytest.approx(np.nan_to_num(expected))


def test_zero_earns_the_whole_weight_where_the_scheme_says_so() -> None:
    found = points([NAN, 2.0], 4.0, scoring={"method": "reciprocal"}, zero=[True, False],
                   full_when_zero="emission_t", cap=1.5)  # fmt: skip
    assert found["score"].tolist() == [10, 15]
    assert found["treatment"].tolist() == ["zero_full", "capped"]


def test_a_missing_figure_may_cost_points() -> None:
    # 综合能耗数据为零或没有数据的，得分倒扣3分 (fsou.net, 17006375 (2))
    found = points([NAN, 4.0], 4.0, missing="points", missing_points=-3)
    assert found["score"].tolist() == [-3, 10]


def test_a_value_no_reverse_form_can_use_is_said() -> None:
    found = points([0.0, 2.0], 4.0, scoring={"method": "reciprocal"})
    assert np.isnan(found["score"].iloc[0])
    assert found["reason"].iloc[0] == "指标值不为正，不能作分母"


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"scoring": {"method": "steps"}}, "须给出 steps"),
        ({"scoring": {"method": "min_max"}, "cap": 2}, "cap、floor"),
        ({"scoring": {"method": "min_max"}, "benchmark": {"method": "best"}}, "须给出 benchmark"),
        ({"scoring": {"method": "reciprocal"}, "benchmark": None}, "须给出 benchmark"),
        ({"scoring": {"method": "ratio", "reverse": True}}, "reverse 只用于"),
        ({"scoring": {"method": "ratio", "base": 0.2}}, "只用于极值法"),
        ({"scoring": {"method": "min_max", "least": 2, "most": 1}}, "least 应小于 most"),
        (
            {"scoring": {"method": "steps",
                         "steps": [{"at_least": 1, "points": 1}, {"at_least": 2, "points": 2}]}},
            "由大到小",
        ),
        (
            {"scoring": {"method": "steps",
                         "steps": [{"at_least": 2, "points": 11}, {"points": 1}]}},
            "不能超过权重",
        ),
        ({"scoring": {"method": "rank", "steps": [{"points": 1}]}}, "累计比例"),
        ({"missing": "points"}, "missing_points"),
        ({"full_when_zero": "emissions"}, "是否应为“emission_t”"),
    ],
)  # fmt: skip
def test_an_item_that_cannot_be_is_refused(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        points([1.0], 1.0, **changes)


# -- whole schemes --------------------------------------------------------------------------------

SCHEME: dict[str, Any] = {
    "id": "own",
    "title": "测试方案",
    "title_en": "test",
    "document": "测试",
    "confidence": "user",
    "groups": {
        "above_scale": {"items": [{"indicator": "tax_per_mu", "weight": 100,
                                   "benchmark": {"method": "fixed", "value": 10}}]},
    },
    "classes": {"method": "score", "bounds": [{"class": "A", "score": 100}, {"class": "B"}]},
}  # fmt: skip


def scheme(**changes: Any) -> dict[str, Any]:
    return {**SCHEME, **changes}


def written(tmp_path: Path, tree: dict[str, Any]) -> Path:
    with (tmp_path / "own.yaml").open("w", encoding="utf-8") as file:
        YAML().dump(tree, file)
    return tmp_path


def evaluated(
    tmp_path: Path, tree: dict[str, Any], firms: list[dict[str, Any]], **more: Any
) -> Any:
    land = {"per_mu": {"scheme": "own.yaml"}}
    park = made_park(2025, firms=firms, land=land, folder=written(tmp_path, tree), **more)
    found = per_mu.evaluate(park)
    assert not isinstance(found, NotEvaluated)
    return found


def one(number: int, **changes: Any) -> dict[str, Any]:
    """10 万元 of tax per mu on 10 亩, in rubber and plastics."""
    return firm(
        firm_id=f"F{number}",
        firm_name=f"企业{number}（虚构）",
        land_mu=10.0,
        tax_wan=100.0,
        **changes,
    )


def score_of(found: Any) -> dict[str, float]:
    scores: dict[str, float] = found.firms.set_index("firm_id")["score"].to_dict()
    return scores


OWN_ITEM = {"indicator": "growth", "weight": 100, "benchmark": {"method": "best"}}
GROWTH = {"growth": {"title": "税收增长", "title_en": "growth of tax", "unit": "share",
                     "formula": "tax_wan / last(tax_wan) - 1"}}  # fmt: skip


def test_an_own_indicator_year_on_year_against_the_best(tmp_path: Path) -> None:
    tree = scheme(indicators=GROWTH, groups={"above_scale": {"items": [OWN_ITEM]}})
    firms = [one(1), one(2), one(3)]
    before = [dict(one(1), year=2024, tax_wan=80.0), dict(one(2), year=2024, tax_wan=50.0)]
    found = evaluated(tmp_path, tree, [*firms, *before])
    # 25 % and 100 %, the best; the third has no year before
    assert score_of(found)["F1"] == pytest.approx(25)
    assert score_of(found)["F2"] == pytest.approx(100)
    assert np.isnan(score_of(found)["F3"])
    reason = found.firms.set_index("firm_id").loc["F3", "reason"]
    assert "缺少上年数据" in reason
    record = found.to_record()["scheme"]["indicators"]["growth"]
    assert record == {"title": "税收增长", "title_en": "growth of tax", "unit": "share",
                      "formula": "tax_wan / last(tax_wan) - 1"}  # fmt: skip


@pytest.mark.parametrize(
    ("method", "expected"),
    # rubber: 10 and 20 万元/亩, food: 5; the whole group: 35/3 in the mean, 20 at best
    [("industry_mean", [200 / 3, 400 / 3, 100]), ("industry_best", [50, 100, 100]),
     ("best", [50, 100, 25])],
)  # fmt: skip
def test_the_best_or_the_industry_as_benchmark(
    tmp_path: Path, method: str, expected: list[float]
) -> None:
    items = [{"indicator": "tax_per_mu", "weight": 100, "benchmark": {"method": method}}]
    firms = [
        one(1, industry_code="2911"),
        one(2, industry_code="2929"),
        one(3, industry_code="1310"),
    ]
    firms[1]["tax_wan"], firms[2]["tax_wan"] = 200.0, 50.0
    found = evaluated(tmp_path, scheme(groups={"above_scale": {"items": items}}), firms)
    assert [score_of(found)[f"F{n}"] for n in (1, 2, 3)] == pytest.approx(expected, abs=1e-3)


def test_an_industry_with_too_few_firms_is_held_to_the_group(tmp_path: Path) -> None:
    benchmark = {"method": "industry_best", "fewest": 2}
    items = [{"indicator": "tax_per_mu", "weight": 100, "benchmark": benchmark}]
    firms = [
        one(1, industry_code="2911"),
        one(2, industry_code="2929"),
        one(3, industry_code="1310"),
    ]
    firms[1]["tax_wan"] = 200.0
    found = evaluated(tmp_path, scheme(groups={"above_scale": {"items": items}}), firms)
    assert score_of(found)["F3"] == pytest.approx(50)


def test_groups_of_the_schemes_own(tmp_path: Path) -> None:
    def items(value: float) -> list[dict[str, Any]]:
        return [{"indicator": "tax_per_mu", "weight": 100,
                 "benchmark": {"method": "fixed", "value": value}}]  # fmt: skip

    titles = {"title": "重点排污企业", "title_en": "key emitters"}
    groups = {
        "above_scale": {"items": items(10)},
        "emitters": {**titles, "when": "emission_t >= 5", "items": items(20)},
        "metals": {**titles, "above_scale": True, "industries": ["31", "32"], "items": items(40)},
    }
    firms = [
        one(1, emission_t=4.9),
        one(2, emission_t=5.0, industry_code="3218"),
        one(3, emission_t=None, industry_code="3218"),
        one(4, emission_t=1.0, above_scale=False, industry_code="3218"),
    ]
    found = evaluated(tmp_path, scheme(groups=groups), firms)
    table = found.firms.set_index("firm_id")
    assert table["group"].to_dict() == {
        "F1": "above_scale", "F2": "emitters", "F3": "metals", "F4": "below_scale",
    }  # fmt: skip
    assert table["score"].to_dict() == pytest.approx(
        {"F1": 100, "F2": 50, "F3": 25, "F4": NAN}, nan_ok=True
    )
    assert table.loc["F4", "reason"] == "评价方案不含该组企业"


def test_less_land_than_the_group_asks_for_is_not_evaluated(tmp_path: Path) -> None:
    groups = {"above_scale": {**SCHEME["groups"]["above_scale"], "least_land_mu": 5}}
    firms = [one(1), {**one(2), "land_mu": 4.9}, {**one(3), "land_mu": 5.0}]
    table = evaluated(tmp_path, scheme(groups=groups), firms).firms.set_index("firm_id")
    assert table["class"].to_dict() == {"F1": "A", "F2": "exempt", "F3": "A"}
    assert table.loc["F2", "reason"] == "用地不足 5 亩"


def test_weights_may_add_up_to_more_than_a_hundred(tmp_path: Path) -> None:
    base = {"benchmark": {"method": "fixed", "value": 10}}
    items = [
        {"indicator": "tax_per_mu", "weight": 70, **base},
        {"indicator": "revenue_per_mu", "weight": 50, "missing": "exempt", **base},
    ]
    tree = scheme(groups={"above_scale": {"full": 120, "items": items}})
    found = evaluated(tmp_path, tree, [one(1, revenue_wan=200.0), one(2, revenue_wan=None)])
    # 70 + 2 × 50; and 70 of 70, spread over the 120
    assert score_of(found) == {"F1": pytest.approx(170), "F2": pytest.approx(120)}


def test_bonus_and_penalty_by_conditions_within_their_bounds(tmp_path: Path) -> None:
    bonus = {
        "minimum": -5,
        "maximum": 6,
        "items": [
            {"id": "research", "title": "研发投入3%以上", "title_en": "r&d", "points": 4,
             "when": "rd_wan / revenue_wan >= 0.03"},
            {"id": "grown", "title": "税收增长20%以上", "title_en": "grown", "points": 3,
             "when": "tax_wan / last(tax_wan) - 1 >= 0.2"},
            {"id": "shrunk", "title": "税收下降", "title_en": "shrunk", "points": -8,
             "when": "tax_wan < last(tax_wan)"},
        ],
    }  # fmt: skip
    firms = [
        one(1, rd_wan=3.0, revenue_wan=100.0), one(2, rd_wan=2.9, revenue_wan=100.0),
        one(3, rd_wan=0.0, revenue_wan=100.0, bonus_points=1.0),
    ]  # fmt: skip
    before = [dict(one(1), year=2024, tax_wan=80.0), dict(one(2), year=2024, tax_wan=120.0)]
    found = evaluated(tmp_path, scheme(bonus=bonus), [*firms, *before])
    # 4 + 3 within 6; −8 within −5; the point entered
    assert score_of(found) == {"F1": 106, "F2": 95, "F3": 101}
    rows = found.items[found.items["treatment"] == "bonus"]
    shared = {"firm_id", "indicator", "weight", "score", "treatment"}
    assert set(rows.columns[rows.notna().any()]) == shared
    assert set(rows.columns) - shared == {"value", "benchmark", "ratio", "reason"}
    assert rows["weight"].tolist() == [0.0] * 3
    assert dict(zip(rows["indicator"], rows["score"], strict=True)) == {
        "research": 4, "grown": 3, "shrunk": -8,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("mixed", "scores"),
    # landlord 100 万元 and tenant 20 万元 on 10 亩 of which 4 are let
    [("combined", {"F1": 120.0, "T": 120.0}), ("own", {"F1": 100 / 6 * 10, "T": 50.0})],
)
def test_a_mixed_firm_as_one_or_each_in_its_group(
    tmp_path: Path, mixed: str, scores: dict[str, float]
) -> None:
    groups = dict.fromkeys(("above_scale", "below_scale"), SCHEME["groups"]["above_scale"])
    tenant = firm(firm_id="T", firm_name="承租（虚构）", above_scale=False, landlord_id="F1",
                  land_mu=4.0, tax_wan=20.0)  # fmt: skip
    ledger = [{"parcel_id": "G1", "holder_id": "F1", "area_mu": 10.0, "supply_state": "supplied",
               "land_use": "industrial"}]  # fmt: skip
    firms = [{**one(1), "land_mu": None}, tenant]
    tree = scheme(groups=groups, mixed=mixed)
    found = evaluated(tmp_path, tree, firms, parcels=ledger)
    assert score_of(found) == pytest.approx(scores)
    table = found.firms.set_index("firm_id")
    assert table.loc["T", "tenant"] == (mixed == "combined")
    assert found.park["land_mu"] == pytest.approx(10)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"groups": {"big": SCHEME["groups"]["above_scale"]}}, "title、title_en"),
        (
            {"groups": {"above_scale": {**SCHEME["groups"]["above_scale"], "when": "tax_wan > 1"}}},
            "不能另加条件",
        ),
        ({"indicators": {"tax_per_mu": GROWTH["growth"]}}, "已有定义"),
        ({"indicators": {"x": {**GROWTH["growth"], "formula": "tax / land_mu"}}}, "tax_wan"),
        ({"indicators": {"x": {**GROWTH["growth"], "formula": "open('x')"}}}, "公式只能有"),
        ({"indicators": {"x": {**GROWTH["growth"], "formula": "tax_wan > 1"}}}, "不能是比较式"),
        (
            {"bonus": {"items": [{"id": "a", "title": "甲", "title_en": "a", "points": 1,
                                  "when": "tax_wan / land_mu"}]}},
            "条件须是比较式",
        ),
        ({"groups": {"above_scale": {"items": [OWN_ITEM]}}}, "没有指标“growth”"),
        ({"bonuses": {}}, "不认识的项"),
    ],
)  # fmt: skip
def test_a_scheme_that_cannot_be_is_refused(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(InputError, match=reason):
        load_scheme("own.yaml", written(tmp_path, scheme(**changes)))


def test_benchmarks_of_the_park_must_be_the_schemes(tmp_path: Path) -> None:
    own = {"tax_per_mu": {"value": 1.0, "source": "县统计局"}}
    for group, items in (("above", own), ("above_scale", {"rd_intensity": own["tax_per_mu"]})):
        land = {"per_mu": {"scheme": "own.yaml", "benchmarks": {group: items}}}
        park = made_park(2025, firms=[one(1)], land=land, folder=written(tmp_path, scheme()))
        with pytest.raises(InputError, match=r"没有“(above|rd_intensity)”"):
            per_mu.evaluate(park)


# 黄岩区 2022 公示, 附件2: the two formulas as printed.
def test_huangyan_2022_by_its_printed_formulas() -> None:
    above = firm(firm_id="F1", land_mu=20.0, tax_wan=600.0, value_added_wan=3000.0,
                 energy_tce=900.0, emission_t=0.5, employees=150.0, rd_wan=300.0,
                 revenue_wan=12_000.0)  # fmt: skip
    below = firm(firm_id="F2", above_scale=False, land_mu=8.0, tax_wan=64.0, electricity_mwh=400.0)
    park = made_park(2025, firms=[above, below], land={"per_mu": {"scheme": "hy-2022"}})
    found = per_mu.evaluate(park)
    assert not isinstance(found, NotEvaluated)
    expected = (
        600 / 20 / 24.097 * 30 + 3000 / 20 / 136.16 * 20 + 3000 / 900 / 2.694 * 20
        + 3000 / 0.5 / 4929.81 * 10 + 3000 / 150 / 18.14 * 10 + 300 / 12_000 / 0.0302 * 10
    )  # fmt: skip
    assert score_of(found)["F1"] == pytest.approx(expected, abs=1e-4)
    assert score_of(found)["F2"] == pytest.approx(
        64 / 8 / 11.5932 * 50 + 64 / 400 / 0.2352 * 50, abs=1e-4
    )


# 旌德县 2022 解读: 权重×〔20+80×(企业本值-最小值)/(最大值-最小值)〕/100; weights are 35 each here.
def test_jingde_2022_by_its_printed_formula() -> None:
    def small(number: int, tax: float, revenue: float, energy: float, emission: float) -> Any:
        return firm(firm_id=f"F{number}", above_scale=False, land_mu=10.0, tax_wan=tax,
                    revenue_wan=revenue, energy_tce=energy, emission_t=emission)  # fmt: skip

    firms = [
        small(1, 50.0, 1000.0, 100.0, 1.0),
        small(2, 100.0, 3000.0, 200.0, 0.0),
        small(3, 150.0, 4000.0, 100.0, 2.0),
        firm(firm_id="F4", above_scale=False, land_mu=4.9, tax_wan=9e3),
    ]  # fmt: skip
    found = per_mu.evaluate(
        made_park(2025, firms=firms, land={"per_mu": {"scheme": "jingde-2022"}})
    )
    assert not isinstance(found, NotEvaluated)
    # 亩均税收 5 10 15 → 20 60 100; 单位能耗营收 10 15 40 → 20, 20 + 80/6, 100;
    # 单位排放营收 1000, no emission, 2000 → 20, full, 100
    assert score_of(found)["F1"] == pytest.approx(0.35 * (20 + 20 + 20))
    assert score_of(found)["F2"] == pytest.approx(0.35 * (60 + 20 + 80 / 6 + 100), abs=1e-4)
    assert score_of(found)["F3"] == pytest.approx(105)
    assert found.firms.set_index("firm_id").loc["F4", "class"] == "exempt"
