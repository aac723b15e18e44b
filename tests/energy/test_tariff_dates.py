"""Prices hold from their day: a year is put together of its parts, and a gap is named."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError
from tariff_configs import config

from greenland.energy.tariff import sizing_prices
from greenland.energy.tariff.dated import Dated, YearOfValues, day_numbers
from greenland.energy.tariff.resolve import resolve
from greenland.errors import InputError
from greenland.rules import Override, Rulebook, load_rulebook

YEAR = pd.date_range("2026-01-01", periods=8760, freq="h", tz="Asia/Shanghai")
WEATHER = pd.date_range("2025-01-01", periods=8760, freq="h", tz="Asia/Shanghai")
OLD = {"valid_from": "2026-01-01", "valid_to": "2026-07-31", "source": "旧价（虚构）"}
# One rule of the packs begins on 2026-08-01 (发改价格〔2026〕1077号); the old values are invented.
PARTS: dict[str, Any] = {
    "transmission_price": [{**OLD, "value": 0.0900}],
    "capacity_price": [{**OLD, "value": 30.0}],
    "line_loss": [{**OLD, "value": 0.05}],
}


def book(year: int = 2026, **own: Override) -> Rulebook:
    overrides = {name.replace("__", "."): item for name, item in own.items()}
    return load_rulebook(("national", "yunnan"), year, overrides=overrides)


def one(rules: Rulebook, index: pd.DatetimeIndex = YEAR, **changes: Any) -> Any:
    (tariff,) = resolve(config(**changes), index, rules)
    return tariff


@pytest.mark.parametrize("index", [YEAR, WEATHER], ids=["same year", "weather year"])
def test_old_price_to_its_last_day_and_new_from_its_first(index: pd.DatetimeIndex) -> None:
    prices = one(book(), index, **PARTS).components["transmission"].to_numpy()
    turn = int(np.argmax((index.month == 8) & (index.day == 1)))
    assert (prices[turn - 1], prices[turn]) == (0.0900, 0.0683)
    assert set(prices[:turn]) == {0.0900}
    assert set(prices[turn:]) == {0.0683}


def test_monthly_charges_by_their_months() -> None:
    tariff = one(book(), **PARTS, mode="capacity")
    charges = {item.key: item.price for item in tariff.fixed}
    assert charges["capacity_charge"] == (30.0,) * 7 + (22.5,) * 5
    # 1192: energy price x 0.50 x 730 h
    assert charges["near_charge"] == pytest.approx((0.09 * 365,) * 7 + (0.0683 * 365,) * 5)
    mean = (7 * (30.0 + 0.09 * 365) + 5 * (22.5 + 0.0683 * 365)) / 12
    assert sizing_prices(tariff).capacity_price == pytest.approx(mean / 0.9)


def test_a_price_that_changes_within_a_month_counts_by_days() -> None:
    parts = [{**OLD, "valid_to": "2026-08-10", "value": 30.0}]
    charges = {
        item.key: item.price for item in one(book(), **PARTS | {"capacity_price": parts}).fixed
    }
    assert charges["capacity_charge"][7] == pytest.approx((10 * 30.0 + 21 * 22.5) / 31)


def test_every_piece_is_noted_with_its_days_and_source() -> None:
    found = [item for item in one(book(), **PARTS).assumptions if item.item == "transmission_price"]
    assert [(item.value, item.first, item.last, item.confidence) for item in found] == [
        (0.0900, dt.date(2026, 1, 1), dt.date(2026, 7, 31), "user"),
        (0.0683, dt.date(2026, 8, 1), dt.date(2026, 12, 31), "reprint"),
    ]
    assert found[1].as_record()["valid_from"] == "2026-08-01"
    assert "1077号" in found[1].source


def test_missing_months_are_named_with_what_there_is() -> None:
    with pytest.raises(InputError) as caught:
        one(book())
    said = {item.column: item for item in caught.value.problems}
    assert set(said) == {"tariff.transmission_price", "tariff.capacity_price", "tariff.line_loss"}
    problem = said["tariff.transmission_price"]
    assert "2026年1—7月没有数值" in problem.message
    assert "2026-08-01 起（发改价格〔2026〕1077号）" in problem.message
    assert "valid_to" in problem.remedy


def test_a_gap_of_days_is_named_by_days() -> None:
    parts = [{**OLD, "valid_from": "2026-02-10", "value": 0.09}]
    with pytest.raises(InputError, match="2026年1月1日—2月9日没有数值"):
        one(book(), **PARTS | {"transmission_price": parts})


def test_a_dated_override_fills_its_part() -> None:
    own = Override(value=0.0900, source="旧价（虚构）", valid_to=dt.date(2026, 7, 31))
    rules = book(energy__tariff__transmission__two_part__kv110=own)
    parts = {name: PARTS[name] for name in ("capacity_price", "line_loss")}
    prices = one(rules, **parts).components["transmission"]
    assert prices.groupby(YEAR.month).max().tolist() == [0.0900] * 7 + [0.0683] * 5


def test_time_of_use_of_two_documents_each_on_its_days() -> None:
    # 924号 to 2026-02-28, 51号 from 2026-03-01; 51号's valley is replaced here to see the turn.
    own = Override(
        value={"peak": 1.5, "flat": 1.0, "valley": 0.25},
        source="虚构",
        valid_from=dt.date(2026, 3, 1),
    )
    tariff = one(book(energy__tariff__tou__ratios=own), **PARTS)
    night = tariff.components["energy"][YEAR.hour == 3]
    assert night["2026-02-28"].item() == pytest.approx(0.12)
    assert night["2026-03-01"].item() == pytest.approx(0.06)
    noted = [
        (item.source.split("号")[0], item.first)
        for item in tariff.assumptions
        if item.item == "tou"
    ]
    assert noted == [
        ("云发改价格〔2024〕924", dt.date(2026, 1, 1)),
        ("云发改价格〔2026〕51", dt.date(2026, 3, 1)),
    ]


def test_year_before_a_schedule_is_refused_by_its_days() -> None:
    with pytest.raises(InputError, match=r"分时时段和比价”（tou）：2023年全年没有数值.*2024-01-01"):
        one(book(2023), **dict.fromkeys(("funds", "line_loss"), 0.05))


def test_1192_does_not_hold_before_its_day() -> None:
    plain = {"funds": 0.06, "line_loss": 0.04, "transmission_price": 0.07, "capacity_price": 22}
    for mode in ("capacity", "backup"):
        with pytest.raises(InputError, match=r"2025年1—9月没有数值.*2025-10-01"):
            one(book(2025), **plain, mode=mode, self_use_funds=True)
    assert one(book(2025), **plain, self_use_funds=True).mode == "two_part"


def test_whether_self_use_pays_funds_is_a_rule_and_the_case_may_differ() -> None:
    none = Override(value="none", source="虚构")
    assert one(book(), **PARTS).self_use_charge.max() == 0.063875
    assert one(book(), **PARTS, self_use_funds=False).self_use_charge.max() == 0
    by_rule = one(book(energy__tariff__self_use_funds=none), **PARTS)
    assert by_rule.self_use_charge.max() == 0


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        (
            [{"value": 1, "valid_to": "2026-03-01"}, {"value": 2, "valid_from": "2026-03-01"}],
            "重叠",
        ),
        ([{"value": 1, "valid_from": "2026-03-02", "valid_to": "2026-03-01"}], "晚于"),
        ([{"value": -1}], "不小于 0，实际为 -1"),
        ("0.07 元", "应为一个数"),
    ],
)
def test_faulty_parts_are_said(parts: Any, words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        config(transmission_price=parts)


def test_29_february_of_a_weather_year() -> None:
    leap = pd.date_range("2024-02-28", periods=3, freq="D")
    assert day_numbers(leap, 2026).tolist() == [58, 58, 59]
    assert day_numbers(leap, 2028).tolist() == [58, 59, 60]
    assert len(YearOfValues(2028, [Dated(1.0, "x")]).days) == 366
