"""存量土地 ledgers: 国土资源部令第53号 (idle), 自然资规〔2018〕1号 (approved, not supplied)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from made_parks import made_park

from greenland.land import stock
from greenland.park import table
from greenland.results import NotEvaluated
from greenland.rules import load_rulebook

RULES = load_rulebook(("national", "yunnan", "chuxiong"), 2025)
END = dt.date(2025, 12, 31)


def waiting(**changes: Any) -> dict[str, Any]:
    """A parcel sold in 2022 whose start was agreed for 2023-06-01 and has not come."""
    return {
        "parcel_id": "G1",
        "holder_name": "甲公司（虚构）",
        "area_mu": 30.0,
        "land_use": "industrial",
        "supply_state": "supplied",
        "supply_date": "2022-06-01",
        "agreed_start_date": "2023-06-01",
        "land_price_wan": 600.0,
        "delay_cause": "firm",
        **changes,
    }


def halted(**changes: Any) -> dict[str, Any]:
    """A parcel started on time and stopped since 2024-03-15 with a sixth of it built on."""
    return waiting(
        **{
            "actual_start_date": "2023-06-01",
            "stopped_since": "2024-03-15",
            "to_build_area_mu": 30.0,
            "built_area_mu": 5.0,
            "total_investment_wan": 10_000.0,
            "invested_wan": 5_000.0,
            **changes,
        }
    )


def idle_on(day: dt.date, **changes: Any) -> pd.DataFrame:
    return stock.idle(table("parcels", [waiting(**changes)]), RULES, day)


def test_land_is_idle_one_year_after_the_agreed_start() -> None:
    # 53号令 第二条: 超过约定的动工开发日期满一年未动工
    assert idle_on(dt.date(2024, 5, 31)).empty
    found = idle_on(dt.date(2024, 6, 1)).iloc[0]
    assert found["definition"] == "a"
    assert found["idle_since"] == pd.Timestamp(2024, 6, 1)
    assert found["months"] == 12
    assert found["rule_id"] == "land.stock.idle.not_started_years"


def test_the_fee_is_a_fifth_of_the_land_price() -> None:
    # 53号令 第十四条: 满一年, 土地价款的百分之二十; 600 × 0.2
    found = idle_on(dt.date(2025, 5, 31)).iloc[0]
    assert found["fee_wan"] == pytest.approx(120.0)
    assert found["consequence"] == "fee"
    assert found["take_back_date"] == pd.Timestamp(2025, 6, 1)


def test_after_two_years_land_may_be_taken_back() -> None:
    found = idle_on(dt.date(2025, 6, 1)).iloc[0]
    assert found["consequence"] == "take_back"
    assert found["consequence_rule_id"] == "land.stock.idle.take_back_years"


def test_the_governments_cause_costs_the_firm_nothing() -> None:
    found = idle_on(END, delay_cause="government").iloc[0]
    assert found["consequence"] == "government"
    assert pd.isna(found["fee_wan"])
    assert pd.isna(found["take_back_date"])


def test_without_a_cause_nothing_is_charged_yet() -> None:
    found = idle_on(END, delay_cause=None).iloc[0]
    assert found["consequence"] == "determine_cause"
    assert pd.isna(found["fee_wan"])
    assert found["reason"] == "未填延期原因，后果待认定"


def test_a_missing_price_leaves_the_fee_open_and_says_so() -> None:
    found = idle_on(END, land_price_wan=None).iloc[0]
    assert pd.isna(found["fee_wan"])
    assert "缺少土地价款" in found["reason"]


@pytest.mark.parametrize(
    ("changes", "definition"),
    [
        ({}, "b_area"),
        # a third exactly is not less than a third
        ({"built_area_mu": 10.0, "invested_wan": 2_499.0}, "b_investment"),
    ],
    ids=["area below a third", "investment below a quarter"],
)
def test_stopped_land_is_idle_by_area_or_investment(
    changes: dict[str, Any], definition: str
) -> None:
    parcels = table("parcels", [halted(**changes)])
    assert stock.idle(parcels, RULES, dt.date(2025, 3, 14)).empty
    found = stock.idle(parcels, RULES, dt.date(2025, 3, 15)).iloc[0]
    assert found["definition"] == definition
    assert found["idle_since"] == pd.Timestamp(2025, 3, 15)


def test_stopped_land_at_both_limits_is_not_idle() -> None:
    parcels = table("parcels", [halted(built_area_mu=10.0, invested_wan=2_500.0)])
    assert stock.idle(parcels, RULES, END).empty
    assert stock.undecided(parcels, RULES, END).empty


def test_both_shortfalls_are_listed() -> None:
    parcels = table("parcels", [halted(invested_wan=1_000.0)])
    assert stock.idle(parcels, RULES, END).iloc[0]["definitions"] == ["b_area", "b_investment"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (waiting(agreed_start_date=None), "没有可用的实际开工日期和约定开工日期"),
        (halted(built_area_mu=None), "停工满一年，缺少已动工或应动工面积"),
        (halted(built_area_mu=20.0, to_build_area_mu=0.0), "缺少已动工或应动工面积"),
        (halted(built_area_mu=20.0, invested_wan=None), "停工满一年，缺少已投资额或计划总投资额"),
    ],
    ids=["no dates", "no built area", "nothing to build", "no investment"],
)
def test_what_cannot_be_told_is_listed_with_the_reason(row: dict[str, Any], reason: str) -> None:
    parcels = table("parcels", [row])
    assert stock.idle(parcels, RULES, END).empty
    assert reason in stock.undecided(parcels, RULES, END).iloc[0]["reason"]


@pytest.mark.parametrize(
    "changes",
    [
        {"actual_start_date": "2023-05-01"},
        {"actual_completion_date": "2024-05-01"},
        {"supply_state": "available"},
        {"supply_date": "2026-01-01"},
    ],
    ids=["started", "completed", "not supplied", "supplied later"],
)
def test_land_that_is_not_idle(changes: dict[str, Any]) -> None:
    assert idle_on(END, **changes).empty


def test_an_approval_lapses_after_two_years() -> None:
    rows = [
        {
            "parcel_id": name,
            "area_mu": 15.0,
            "supply_state": "approved_unsupplied",
            "approval_date": day,
        }
        for name, day in (("G1", "2023-12-31"), ("G2", "2024-01-01"), ("G3", None))
    ]
    found = stock.unsupplied(table("parcels", rows), RULES, END)
    assert found["state"].tolist() == ["overdue", "not_due", "no_data"]
    assert found["months"].tolist()[:2] == [24, 23]
    assert found["lapse_date"].iloc[0] == pd.Timestamp(2025, 12, 31)


def test_the_forecast_names_what_becomes_idle_within_a_year() -> None:
    rows = [
        waiting(parcel_id="G1", agreed_start_date="2025-03-01"),
        waiting(parcel_id="G2", agreed_start_date="2026-01-01"),
        waiting(parcel_id="G3", agreed_start_date="2023-06-01"),
        halted(parcel_id="G4", stopped_since="2025-02-01"),
    ]
    found = stock.forecast(table("parcels", rows), RULES, END)
    assert found["parcel_id"].tolist() == ["G4", "G1"]
    assert found["becomes_idle_on"].tolist() == [
        pd.Timestamp(2026, 2, 1),
        pd.Timestamp(2026, 3, 1),
    ]


def test_what_was_forecast_is_idle_on_its_day() -> None:
    parcels = table("parcels", [waiting(agreed_start_date="2025-03-01")])
    day = stock.forecast(parcels, RULES, END).iloc[0]["becomes_idle_on"].date()
    assert len(stock.idle(parcels, RULES, day)) == 1
    assert stock.idle(parcels, RULES, day - dt.timedelta(days=1)).empty


def test_totals_count_parcels_without_an_area() -> None:
    park = made_park(parcels=[waiting(), waiting(parcel_id="G2", area_mu=None)])
    result = stock.evaluate(park)
    assert not isinstance(result, NotEvaluated)
    total = result.totals.set_index("ledger").loc["idle"]
    assert total["parcels"] == 2
    assert total["area_mu"] == 30.0
    assert total["missing"] == 1


def test_no_parcels_no_ledgers() -> None:
    result = stock.evaluate(made_park())
    assert isinstance(result, NotEvaluated)
    assert result.reason == "宗地台账没有数据。"


dates = st.dates(dt.date(2018, 1, 1), dt.date(2026, 12, 31))
maybe = st.none() | dates
shares = st.none() | st.floats(0, 30)


@pytest.mark.slow
@settings(max_examples=examples(25, 60))
@given(
    agreed=maybe,
    start=maybe,
    stop=maybe,
    built=shares,
    spent=shares,
    cause=st.sampled_from(["firm", "government", None]),
    days=st.tuples(dates, dates).map(sorted),
)
def test_idle_states_are_monotone_in_time(
    agreed: dt.date | None,
    start: dt.date | None,
    stop: dt.date | None,
    built: float | None,
    spent: float | None,
    cause: str | None,
    days: list[dt.date],
) -> None:
    """What is idle stays idle while nothing happens; months, fee and consequence only grow."""
    early, late = days
    if start is not None and early < start <= late:
        start = None  # a start between the two days is something happening
    if stop is not None and early < stop <= late:
        stop = None
    row = waiting(
        supply_date=None,
        agreed_start_date=agreed,
        actual_start_date=start,
        stopped_since=stop,
        to_build_area_mu=30.0,
        built_area_mu=built,
        total_investment_wan=30.0,
        invested_wan=spent,
        delay_cause=cause,
    )
    parcels = table("parcels", [row])
    before, after = (stock.idle(parcels, RULES, day) for day in (early, late))
    assert len(after) >= len(before)
    if len(before):
        old, new = before.iloc[0], after.iloc[0]
        assert new["months"] >= old["months"]
        assert new["idle_since"] == old["idle_since"]
        order = ["determine_cause", "government", "none", "fee", "take_back"]
        assert order.index(new["consequence"]) >= order.index(old["consequence"])
        if not pd.isna(old["fee_wan"]):
            assert new["fee_wan"] == old["fee_wan"]


@pytest.mark.slow
@settings(max_examples=examples(3, 8))
@given(order=st.permutations(range(5)))
def test_shuffled_rows_give_the_same_ledgers(order: list[int]) -> None:
    rows = [
        waiting(parcel_id="G0"),
        waiting(parcel_id="G1", delay_cause="government"),
        halted(parcel_id="G2"),
        waiting(parcel_id="G3", agreed_start_date="2025-03-01"),
        waiting(parcel_id="G4", supply_state="approved_unsupplied", approval_date="2021-01-01"),
    ]
    plain = stock.evaluate(made_park(parcels=rows))
    mixed = stock.evaluate(made_park(parcels=[rows[place] for place in order]))
    assert not isinstance(plain, NotEvaluated)
    assert not isinstance(mixed, NotEvaluated)
    for name in ("idle", "unsupplied", "forecast"):
        left = getattr(plain, name).sort_values("parcel_id").reset_index(drop=True)
        right = getattr(mixed, name).sort_values("parcel_id").reset_index(drop=True)
        pd.testing.assert_frame_equal(left, right)
    pd.testing.assert_frame_equal(plain.totals, mixed.totals)


def test_the_record_is_json_ready() -> None:
    import json

    result = stock.evaluate(made_park(parcels=[waiting(), halted(parcel_id="G2")]))
    record = json.loads(json.dumps(result.to_record(), allow_nan=False))
    assert record["evaluated"] is True
    assert record["idle"][0]["idle_since"] == "2024-06-01"
    assert {row["row"] for row in record["idle"]} == {2, 3}


def test_what_is_shown_of_the_ledgers_counts_them() -> None:
    about = {"agreed_start_date": "2025-02-01", "parcel_id": "G2"}  # idle from 2026-02-01
    park = made_park(parcels=[waiting(), waiting(**about)])
    assert str(stock.evaluate(park)).splitlines() == [
        "StockResult: 截至 2025-12-31",
        "  批而未供: 0 宗，0 亩",
        "  闲置: 1 宗，30 亩",
        "  低效: 0 宗，0 亩",
        "  即将闲置: 1 宗",
    ]
