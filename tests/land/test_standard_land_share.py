"""Share of land sold as standard land, its targets and the path to them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_parks import made_park, parcel

from greenland.land import standard_land
from greenland.land.standard_land.share import needed_path, standard_land_share


def history(**shares: float | None) -> list[dict[str, Any]]:
    return [
        {
            "year": int(year[1:]),
            "supplied_ha": 12.0,
            "industrial_supplied_ha": 10.0,
            "standard_land_ha": None if share is None else share * 10,
        }
        for year, share in shares.items()
    ]


def share(year: int, rows: list[dict[str, Any]], **more: Any) -> Any:
    park = made_park(year, supply_history=rows, **more)
    return standard_land_share(
        park.tables["supply_history"], park.tables["parcels"], year, park.rulebook
    )


# 楚办发〔2023〕5号 第22项: 60 % by 2025; 云南行动计划 第24项: 100 % by 2028.
@pytest.mark.parametrize(
    ("year", "value", "state", "target_year"),
    [
        (2025, 0.60, "met", 2025),
        (2025, 0.59, "failed", 2025),
        (2024, 0.50, "not_due", 2025),
        (2024, 0.70, "met", 2025),
        (2026, 0.90, "not_due", 2028),
        (2028, 0.99, "failed", 2028),
        (2028, 1.00, "met", 2028),
    ],
)
def test_share_against_the_target_next_due(
    year: int, value: float, state: str, target_year: int
) -> None:
    found = share(year, history(**{f"y{year}": value})).share
    assert found["standard_land_share"] == pytest.approx(value)
    assert (found["state"], found["target_year"]) == (state, target_year)
    assert found["rule_id"] == f"land.standard_land.share_target.{target_year}"


def test_parts_of_a_zone_are_added() -> None:
    rows = [
        item | {"part": part} for part in ("main", "development") for item in history(y2025=0.6)
    ]
    assert share(2025, rows).share["industrial_supplied_ha"] == 20.0


def test_a_part_left_blank_leaves_no_share() -> None:
    rows = [
        history(y2025=0.6)[0] | {"part": "main"},
        history(y2025=None)[0] | {"part": "development"},
    ]
    found = share(2025, rows).share
    assert (found["state"], found["standard_land_share"]) == ("no_data", None)
    assert "填写不全" in found["reason"]


def test_a_year_without_sales_is_not_judged() -> None:
    rows = [history(y2025=0.0)[0] | {"industrial_supplied_ha": 0.0}]
    found = share(2025, rows).share
    assert (found["state"], found["reason"]) == ("not_applicable", "当年没有出让工业用地")


def test_a_year_without_rows_is_no_data() -> None:
    assert share(2025, history(y2024=0.5)).share["state"] == "no_data"


def test_without_a_target_nothing_is_judged() -> None:
    found = share(2025, history(y2025=0.5), packs=("national",)).share
    assert found["state"] == "not_applicable"
    assert found["rule_id"] is None


def test_the_ledger_stands_in_for_the_sheet() -> None:
    parcels = [
        parcel(supply_date="2025-03-01", area_mu=45),
        parcel(parcel_id="G2", supply_date="2025-04-01", area_mu=30, standard_land=False),
        parcel(parcel_id="G3", supply_date="2025-04-01", supply_mode="allocation"),
        parcel(parcel_id="G4", supply_date="2024-04-01"),
    ]
    found = standard_land.evaluate(made_park(parcels=parcels)).share.share
    assert found["standard_land_share"] == pytest.approx(0.6)
    assert found["industrial_supplied_ha"] == pytest.approx(5.0)
    assert found["source"] == "parcels"


def test_an_unmarked_parcel_leaves_the_ledgers_share_unknown() -> None:
    parcels = [
        parcel(supply_date="2025-03-01"),
        parcel(parcel_id="G2", supply_date="2025-03-01", standard_land=None),
    ]
    assert standard_land.evaluate(made_park(parcels=parcels)).share.share["state"] == "no_data"


def test_the_path_shows_past_years_targets_and_what_is_needed() -> None:
    path = share(2025, history(y2024=0.4, y2025=0.55)).path.set_index("year")
    assert path.index.tolist() == [2024, 2025, 2026, 2027, 2028]
    assert path.loc[2025, "target"] == 0.6
    assert path.loc[[2026, 2027, 2028], "needed"].round(2).tolist() == [0.7, 0.85, 1.0]
    assert path.loc[2028, "rule_id"] == "land.standard_land.share_target.2028"


@given(
    st.floats(0, 1),
    st.dictionaries(st.integers(2025, 2040), st.floats(0, 1), min_size=1, max_size=4),
)
def test_the_path_never_falls_and_reaches_every_target(
    today: float, targets: dict[int, float]
) -> None:
    path = needed_path(2024, today, targets)
    assert path.is_monotonic_increasing
    assert all(path[year] >= value - 1e-12 for year, value in targets.items())
    assert path.min() >= today - 1e-12
