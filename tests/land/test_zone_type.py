"""评价类型 by the main zone, and which part of the zone a row describes (TD/T 1029)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from made_parks import made_park

from greenland.land import review
from greenland.land.parts import part_of, zone_by_year
from greenland.land.policy.facts import yearly_figures
from greenland.park import table
from greenland.results import NotEvaluated

Rows = list[dict[str, Any]]


def land(part: str | None = None, year: int = 2025, **areas: float | None) -> Rows:
    """Land codes of one part [公顷]."""
    return [
        {"year": year, "code": code, "area_ha": area, "part": part} for code, area in areas.items()
    ]


def judged(rows: Rows, **more: Any) -> Any:
    found = review.evaluate(made_park(2025, land_use=rows, **more))
    assert not isinstance(found, NotEvaluated)
    return found


# Official field of a round of zones: main zone A2/A 24.8 %, A1/A 36.1 %, filed as 产城融合型;
# the whole zone has 53.4 % and 17.8 %. With A of 100 in the main zone and 150 beside it:
# A1 = 0.178 × 250 − 36.1 = 8.4, A2 = 0.534 × 250 − 24.8 = 108.7.
OFFICIAL_MAIN = {"A": 100.0, "A1": 36.1, "A2": 24.8}
OFFICIAL_DEVELOPMENT = {"A": 150.0, "A1": 8.4, "A2": 108.7}


def test_a_zone_is_of_the_type_of_its_main_part() -> None:
    found = judged(land("main", **OFFICIAL_MAIN) + land("development", **OFFICIAL_DEVELOPMENT))
    assert found.zone_type == "city_industry"
    assert str(found.zone_type_reason) == (
        "主区工矿仓储用地占 24.8%（界限 30%），住宅用地占 36.1%（界限 25%）"
    )
    whole = found.land_use.set_index("code")["area_ha"]
    assert whole["A2"] / whole["A"] == pytest.approx(0.534)
    assert whole["A1"] / whole["A"] == pytest.approx(0.178)
    assert set(found.nodes.loc[found.nodes["level"] == 1, "part"]) == {"main", "development"}


def test_rows_without_a_part_are_the_main_zone_beside_a_marked_development_zone() -> None:
    # 数据字典: 片区不填按主区
    found = judged(land(None, **OFFICIAL_MAIN) + land("development", **OFFICIAL_DEVELOPMENT))
    assert found.zone_type == "city_industry"
    assert found.land_use.set_index("code").loc["A", "area_ha"] == pytest.approx(250.0)


def test_blocks_of_the_main_zone_count_together() -> None:
    # 30 + 70 = 100, 20 + 16.1 = 36.1, 24.8 + 0 = 24.8
    blocks = land("main", A=30.0, A1=20.0, A2=24.8) + land("main", A=70.0, A1=16.1, A2=0.0)
    found = judged(blocks + land("development", **OFFICIAL_DEVELOPMENT))
    assert found.zone_type == "city_industry"
    assert "住宅用地占 36.1%" in found.zone_type_reason


def test_a_block_without_its_area_leaves_the_code_open() -> None:
    blocks = land("main", A=30.0, A1=20.0, A2=24.8) + land("main", A=70.0, A1=16.1, A2=None)
    found = judged(blocks)
    assert found.zone_type == "other"
    assert found.zone_type_reason == "主区缺少 A、A1 或 A2 的面积，无法判断，按其他类型处理"


def test_a_zone_not_divided_is_judged_whole() -> None:
    found = judged(land(None, A=100.0, A1=17.8, A2=53.4))
    assert found.zone_type == "industrial"
    assert str(found.zone_type_reason).startswith("未分片区，全区工矿仓储用地占 53.4%")


def test_without_land_of_the_main_zone_the_whole_is_judged_and_it_is_said() -> None:
    found = judged(land("development", **OFFICIAL_DEVELOPMENT))
    assert found.zone_type == "industrial"
    assert "没有主区的土地利用数据，按全区判断" in found.zone_type_reason


def test_what_is_stated_for_the_whole_zone_does_not_judge_it_where_the_main_zone_is_known() -> None:
    found = judged(land(None, A=250.0, A1=44.5, A2=133.5) + land("main", **OFFICIAL_MAIN))
    assert found.zone_type == "city_industry"
    assert found.land_use.set_index("code").loc["A", "area_ha"] == 250.0


def test_the_type_of_a_main_zone_without_figures_is_not_taken_from_the_rest() -> None:
    found = judged(land("main", A=100.0) + land("development", **OFFICIAL_DEVELOPMENT))
    assert found.zone_type == "other"
    assert "主区缺少" in found.zone_type_reason


@pytest.mark.parametrize(
    ("industrial", "residential", "kind"),
    [
        pytest.param(30.01, 24.99, "industrial", id="just above, just below"),
        pytest.param(30.0, 24.99, "other", id="industry at the limit is not above it"),
        pytest.param(30.01, 25.0, "other", id="housing at the limit reaches it"),
        pytest.param(30.0, 25.0, "city_industry", id="both at the limit"),
    ],
)
def test_limits_of_the_types(industrial: float, residential: float, kind: str) -> None:
    assert judged(land("main", A=100.0, A1=residential, A2=industrial)).zone_type == kind


def test_rounding_of_a_sum_does_not_decide_the_type() -> None:
    # A = 0.1 × 10 adds up to 0.999…9, so that A2/A comes out above 0.3 by its last digit
    parts = {"A1": 0.25, "A31": 0.1, "A32": 0.1, "A4": 0.1, "A51": 0.15}
    found = judged(land("main", A2=0.1 + 0.1 + 0.1, **parts))
    assert found.zone_type == "city_industry"


@pytest.mark.parametrize(
    ("others", "kind"),
    [
        # A 100, A2 60; what the other codes leave for housing: 100 − 60 − 16 = 24, or 25
        ({"A31": 16.0}, "industrial"),
        ({"A31": 15.0}, "other"),
    ],
)
def test_housing_left_out_is_at_most_what_the_others_leave(
    others: dict[str, float], kind: str
) -> None:
    found = judged(land("main", A=100.0, A2=60.0, **others))
    assert found.zone_type == kind
    if kind == "industrial":
        assert "住宅用地未填，至多占 24.0%" in found.zone_type_reason


# Rows of a sheet and the part they describe


@pytest.mark.parametrize(
    ("parts", "meant"),
    [
        ([None, None], ["zone", "zone"]),
        ([None, "development"], ["main", "development"]),
        (["main", "development", None], ["main", "development", "zone"]),
        (["main", None], ["main", "zone"]),
    ],
)
def test_the_part_a_row_describes(parts: list[str | None], meant: list[str]) -> None:
    rows = pd.DataFrame({"year": 2025, "part": pd.Series(parts, dtype=object)})
    assert part_of(rows).tolist() == meant


def test_codes_tell_rows_of_the_main_zone_from_those_of_the_whole() -> None:
    rows = pd.DataFrame({"year": 2025, "part": ["main", None], "code": ["A1", "A2"]}, dtype=object)
    assert part_of(rows, ["code"]).tolist() == ["main", "main"]
    rows["code"] = "A1"
    assert part_of(rows, ["code"]).tolist() == ["main", "zone"]


def test_the_zone_by_year_counts_nothing_twice() -> None:
    rows = [
        {"year": 2023, "part": "main", "supplied_ha": 8.0},
        {"year": 2023, "part": "development", "supplied_ha": 4.0},
        {"year": 2024, "part": "main", "supplied_ha": 8.0},
        {"year": 2024, "part": "development", "supplied_ha": 4.0},
        {"year": 2024, "supplied_ha": 13.0},  # stated for the whole zone
        {"year": 2025, "part": "main", "supplied_ha": 8.0},
        {"year": 2025, "part": "development", "supplied_ha": None},
        {"year": None, "supplied_ha": 99.0},
    ]
    found = zone_by_year(table("supply_history", rows), ["supplied_ha"])["supplied_ha"]
    assert found.index.tolist() == [2023, 2024, 2025]
    assert found.tolist()[:2] == [12.0, 13.0]
    assert pd.isna(found[2025])


def test_policy_takes_the_zones_own_figure_and_not_that_with_its_parts() -> None:
    rows = [
        {"year": 2025, "part": "main", "revenue_wan": 60.0},
        {"year": 2025, "part": "development", "revenue_wan": 40.0},
        {"year": 2025, "revenue_wan": 100.0, "energy_tce": 7.0},
    ]
    found = yearly_figures(table("indicators", rows))
    assert found.loc[2025, "revenue_wan"] == 100.0
    assert found.loc[2025, "energy_tce"] == 7.0


def test_figures_of_the_zone_are_the_sum_of_its_parts_where_it_has_none_of_its_own() -> None:
    figures = [
        {"year": 2025, "part": "main", "tax_wan": 600.0, "floor_area_m2": 1.0},
        {"year": 2025, "part": "development", "tax_wan": 150.0},
    ]
    found = judged(
        land("main", **OFFICIAL_MAIN) + land("development", **OFFICIAL_DEVELOPMENT),
        indicators=figures,
    )
    values = found.indicators.set_index("indicator")["value"]
    assert values["tax_per_ha"] == pytest.approx(750.0 / 250.0)
    assert pd.isna(values["zone_floor_area_ratio"])  # the development zone has none
