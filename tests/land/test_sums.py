"""Sums, counts and days that do not pass off what is missing as zero."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_parks import firm, made_park, parcel

from greenland.land import exit as leaving
from greenland.land import per_mu, standard_land, stock
from greenland.land.calendar import after, months_since, on_or_before
from greenland.land.standard_land.values import holder_figures
from greenland.land.sums import known_sum
from greenland.park import table
from greenland.results import NotEvaluated


def evaluate(firms: list[dict[str, Any]], **more: Any) -> Any:
    found = per_mu.evaluate(made_park(firms=firms, land={"per_mu": {"scheme": "hy-2021"}}, **more))
    assert not isinstance(found, NotEvaluated)
    return found


@pytest.mark.parametrize(
    ("values", "total"), [([1.0, 2.0], 3.0), ([1.0, None], 1.0), ([None, None], None), ([], 0.0)]
)
def test_known_sum(values: list[float | None], total: float | None) -> None:
    found = known_sum(pd.Series(values, dtype="float64"))
    assert pd.isna(found) if total is None else found == total


def test_a_class_without_data_has_no_sums() -> None:
    # the only firm that is exempt states no figures: its class has none, and D has no firms
    lost = firm(firm_id="H2", land_mu=None, tax_wan=None, revenue_wan=None, utility=True)
    rows = evaluate([firm(), lost]).summary.set_index("class")
    assert (rows.loc["exempt", "firms"], rows.loc["exempt", "units"]) == (1, 1)
    assert rows.loc["exempt", ["land_mu", "tax_wan", "revenue_wan"]].isna().all()
    assert rows.loc["exempt", "missing"] == 1
    assert rows.loc["D", ["firms", "land_mu", "tax_wan"]].tolist() == [0, 0.0, 0.0]
    record = evaluate([firm(), lost]).to_record()
    shown = [row["land_mu"] for row in record["summary"] if row["firms"]]
    assert shown == [30.0, None]
    json.dumps(record, allow_nan=False)


def test_a_class_with_some_data_has_the_sum_of_it_and_says_how_many_lack() -> None:
    firms = [
        firm(firm_id="H1", utility=True),
        firm(firm_id="H2", utility=True, land_mu=None, tax_wan=7.0),
    ]
    row = evaluate(firms).summary.set_index("class").loc["exempt"]
    assert (row["land_mu"], row["tax_wan"], row["missing"]) == (30.0, 607.0, 1)


def test_evaluated_exempt_and_unscored_firms() -> None:
    firms = [
        firm(firm_id="H1"),
        firm(firm_id="H2", utility=True, land_mu=50),
        firm(firm_id="H3", above_scale=None, land_mu=20),
        firm(firm_id="T2", landlord_id="H2", land_mu=5),
    ]
    found = evaluate(firms).park
    assert (found["firms"], found["evaluated_firms"]) == (4, 2)
    assert (found["exempt_firms"], found["unscored_firms"]) == (2, 1)
    assert found["evaluated_land_mu"] == 50.0  # of H1 and H3


def test_boundaries_count_the_firms_of_the_summary() -> None:
    # ten units by share: 2, 5 and 3 by score; a veto takes the best from A to D, and a tenant
    # follows the second
    firms = [firm(firm_id=f"F{n}", tax_wan=100.0 * (n + 1), output_wan=9.0) for n in range(10)]
    firms[9]["veto"] = "重大环保处罚"
    firms.append(firm(firm_id="T8", landlord_id="F8", tax_wan=0.0))
    found = evaluate(firms)
    rows = found.boundaries.set_index("class")
    summary = found.summary.set_index("class")["firms"]
    assert rows["firms"].to_dict() == {name: summary[name] for name in "ABCD"}
    assert rows["firms"].sum() == 11
    assert rows["ranked_units"].tolist() == [2, 5, 3, 0]
    assert rows.loc["D", "firms"] == 1


def test_land_of_a_landlord_without_parcels_is_not_that_of_its_tenants() -> None:
    # F1 states 60 亩 and has no parcel in the ledger; its tenant holds one of 10 亩 itself
    firms = [
        firm(firm_id="F1", land_mu=60),
        firm(firm_id="T1", land_mu=10, landlord_id="F1"),
    ]
    found = evaluate(firms, parcels=[parcel(holder_id="T1", area_mu=10)])
    assert found.park["land_mu"] == 70.0


def test_the_floor_counts_every_firm_left_out_once() -> None:
    # one lacks land, one its output, one both: three are left out, not two
    firms = [
        firm(),
        firm(firm_id="H2", land_mu=None),
        firm(firm_id="H3", output_wan=None),
        firm(firm_id="H4", land_mu=None, output_wan=None),
    ]
    found = evaluate(firms)
    assert found.park["left_out"] == {
        "tax_per_mu": 2, "revenue_per_mu": 2, "output_per_mu": 3, "value_added_per_mu": 2,
    }  # fmt: skip
    assert str(found.floor["reason"]) == "有 3 家企业缺产值或用地面积，未计入"


def test_industries_without_land_have_no_land() -> None:
    rows = evaluate([firm(), firm(firm_id="H2", industry_code="1310", land_mu=None)]).industries
    land = rows.set_index(["level", "industry_code"])["land_mu"]
    assert land["division", "30"] == 30.0
    assert pd.isna(land["division", "13"])


def test_a_ledger_without_areas_has_no_total() -> None:
    rows = [
        parcel(parcel_id="G1", area_mu=None, actual_start_date=None, actual_completion_date=None),
        {"parcel_id": "G2", "area_mu": 5.0, "supply_state": "approved_unsupplied"},
    ]
    found = stock.evaluate(made_park(parcels=rows))
    assert not isinstance(found, NotEvaluated)
    totals = found.totals.set_index("ledger")
    assert totals.loc["idle", ["parcels", "missing"]].tolist() == [1, 1]
    assert pd.isna(totals.loc["idle", "area_mu"])
    assert pd.isna(totals.loc["idle", "area_ha"])
    assert totals.loc["unsupplied", "area_mu"] == 5.0
    assert totals.loc["inefficient", "area_mu"] == 0.0


def test_decisions_and_states_without_areas_have_no_total() -> None:
    park = made_park(parcels=[parcel(area_mu=None)])
    found = leaving.evaluate(park)
    assert not isinstance(found, NotEvaluated)
    summary = found.summary.set_index("decision")["area_mu"]
    assert pd.isna(summary["keep"])
    assert summary["exit"] == 0.0
    judged = standard_land.evaluate(park)
    assert not isinstance(judged, NotEvaluated)
    rows = judged.summary[judged.summary["parcels"] > 0]
    assert rows["area_mu"].isna().all()


def test_a_holder_with_a_parcel_of_unknown_area_has_no_known_land() -> None:
    # 600 万元 over 30 亩 would be 20 万元/亩 where the other parcel has no area
    rows = [parcel(), parcel(parcel_id="G2", area_mu=None)]
    day = pd.Timestamp(2025, 12, 31)
    found = holder_figures(table("parcels", rows), table("firms", [firm()]), 2025, day)
    assert pd.isna(found.loc["H1", "land_mu"])
    assert found.loc["H1", "tax_wan"] == 600.0


@given(
    start=st.dates(dt.date(2019, 1, 1), dt.date(2025, 12, 31)),
    day=st.dates(dt.date(2019, 1, 1), dt.date(2027, 12, 31)),
)
def test_whole_months_are_those_after_which_a_term_ends(start: dt.date, day: dt.date) -> None:
    """What falls due after so many months has seen so many months, and not one more."""
    dates = pd.Series(pd.to_datetime([start]))
    months = int(months_since(dates, day).iloc[0])
    assert on_or_before(after(dates, months), day).all()
    assert not on_or_before(after(dates, months + 1), day).any()


@pytest.mark.parametrize(
    ("start", "day", "months"),
    [
        ("2024-02-29", "2025-02-28", 12),
        ("2024-01-31", "2024-02-28", 0),
        ("2024-01-31", "2024-02-29", 1),
    ],
)
def test_months_at_the_end_of_a_month(start: str, day: str, months: int) -> None:
    found = months_since(pd.Series(pd.to_datetime([start])), dt.date.fromisoformat(day))
    assert found.tolist() == [months]
