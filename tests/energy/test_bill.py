"""Bills by month and item, to the cent, against arithmetic by hand and against the sizing's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenland.energy.money.bill import bill, grid_only_bill, saving, self_use, to_cent
from greenland.energy.money.operation import Operation
from greenland.energy.tariff import Tariff, sizing_prices
from greenland.energy.tariff.config import TariffConfig
from greenland.energy.tariff.resolve import resolve
from greenland.rules import load_rulebook

BOOK = load_rulebook(("national", "yunnan"), 2027)
YEAR = pd.date_range("2026-01-01", periods=8760, freq="h", tz="Asia/Shanghai")
FLAT_TOU = {
    "schedule": [{"period": "flat", "start": "00:00", "end": "24:00"}],
    "ratios": {"flat": 1.0},
}


def tariff(index: pd.DatetimeIndex = YEAR, **changes: Any) -> Tariff:
    values = {
        "mode": "two_part",
        "billing": "demand",
        "voltage": "kv110",
        "market_price": 0.25,
        "system_operation_fee": 0.03,
        "average_load_rate": 0.5,
        "export_price": 0.2,
        "tou": FLAT_TOU,
    }
    (found,) = resolve(TariffConfig.model_validate(values | changes), index, BOOK)
    return found


def plan(index: pd.DatetimeIndex = YEAR, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    load = rng.uniform(8, 12, len(index))
    sun = np.clip(np.sin((index.hour - 6) / 12 * np.pi), 0, None) * rng.uniform(5, 25)
    return pd.DataFrame(
        {
            "load": load,
            "pv": sun,
            "import": np.clip(load - sun, 0, None),
            "export": np.clip(sun - load, 0, None),
        },
        index=index,
    )


def test_january_by_hand() -> None:
    steps = YEAR[: 31 * 24]
    schedule = pd.DataFrame({"load": 10.0, "import": 6.0, "export": 0.0}, index=YEAR)
    schedule.loc[steps[100], "import"] = 9.0
    amounts = bill(tariff(), schedule, 15).cents["2026-01"]
    # January: 743 h x 6 MW + 9 MW = 4467 MWh from the grid, 7440 - 4467 = 2973 MWh self-used
    assert amounts["energy"] == Decimal("1116750.00")  # 4467000 x 0.25
    assert amounts["line_loss"] == Decimal("49446.74")  # 1116750 x 0.0424 / 0.9576 = 49446.7419
    assert amounts["transmission"] == Decimal("305096.10")  # 4467000 x 0.0683
    assert amounts["system_operation"] == Decimal("134010.00")  # 4467000 x 0.03
    assert amounts["funds"] == Decimal("285329.63")  # 4467000 x 0.063875 = 285329.625
    assert amounts["self_use_funds"] == Decimal("189900.38")  # 2973000 x 0.063875 = 189900.375
    assert amounts["demand_charge"] == Decimal("324000.00")  # 9000 kW x 36
    assert amounts["total"] == sum(value for key, value in amounts.items() if key != "total")


def test_capacity_mode_by_hand() -> None:
    schedule = pd.DataFrame({"load": 10.0, "import": 10.0, "export": 0.0}, index=YEAR)
    near = tariff(mode="capacity", billing="capacity", power_factor=0.95)
    amounts = bill(near, schedule, 19).cents["2026-04"]
    # 19 MW / 0.95 = 20000 kVA: 20000 x 22.5 and 20000 x 0.0683 x 0.5 x 730
    assert amounts["capacity_charge"] == Decimal("450000.00")
    assert amounts["near_charge"] == Decimal("498590.00")
    assert amounts["transmission"] == 0


def test_exports_earn_and_pay_no_funds() -> None:
    schedule = pd.DataFrame({"load": 10.0, "import": 0.0, "export": 5.0}, index=YEAR)
    made = bill(tariff(), schedule, 15)
    # 8760 h x 5000 kW x 0.2; funds on the 10 MW used on site only
    assert made.yuan_per_year("export") == pytest.approx(-8_760_000)
    assert made.yuan_per_year("self_use_funds") == pytest.approx(8760 * 10000 * 0.063875)
    assert made.yuan_per_year("funds") == 0


def test_table_adds_up_to_the_cent() -> None:
    cents = bill(tariff(), plan(), 15).cents
    months = [name for name in cents if name != "total"]
    assert len(months) == 12
    for item in cents["total"]:
        assert cents["total"][item] == sum((cents[m][item] for m in months), Decimal(0))
    for row in cents.values():
        assert row["total"] == sum((v for k, v in row.items() if k != "total"), Decimal(0))


@pytest.mark.parametrize("mode", ["capacity", "two_part", "single_part", "backup"])
@pytest.mark.parametrize("billing", ["capacity", "demand"])
def test_bill_is_what_the_sizing_pays(mode: str, billing: str) -> None:
    found, schedule = tariff(mode=mode, billing=billing, tou={}), plan()
    prices = sizing_prices(found)
    paid = float(
        (
            prices.import_price * schedule["import"]
            - prices.export_price * schedule["export"]
            + prices.self_use_charge * (schedule["load"] - schedule["import"])
        ).sum()
        * 1000
    )
    paid += 12 * prices.capacity_price * 15_000 + prices.fixed_yuan_per_year
    for charge in prices.demand_charges:
        for month in range(1, 13):
            peak = schedule["import"][YEAR.month == month].max()
            paid += 1000 * peak * charge.price_in(month)
    made = bill(found, schedule, 15)
    assert made.yuan_per_year() == pytest.approx(paid, rel=1e-12)
    assert float(made.total) == pytest.approx(paid, abs=12 * 10 * 0.005)


def test_quick_payment_is_the_bill() -> None:
    found, schedule = tariff(mode="capacity", tou={}), plan()
    year = Operation(schedule, found, 15, {"pv": schedule["pv"]}).new()
    made = bill(found, schedule, 15)
    assert year.grid_purchase + year.self_use_charges - year.export_income == pytest.approx(
        made.yuan_per_year(), rel=1e-12
    )


def test_one_day_stands_for_a_year() -> None:
    day = YEAR[:24]
    schedule = pd.DataFrame({"load": 10.0, "import": 10.0, "export": 0.0}, index=day)
    made = bill(tariff(day), schedule, 10)
    assert made.years == pytest.approx(1 / 365)
    assert made.yuan_per_year("demand_charge") == pytest.approx(12 * 36 * 10000)
    assert made.yuan_per_year("energy") == pytest.approx(8760 * 10000 * 0.25)


def test_quarter_hours_cost_what_hours_cost() -> None:
    quarter = pd.date_range("2026-01-01", periods=35040, freq="15min", tz="Asia/Shanghai")
    coarse = plan()
    fine = coarse.reindex(quarter, method="ffill")
    hourly = bill(tariff(tou={}), coarse, 15).yuan_per_year()
    assert bill(tariff(quarter, tou={}), fine, 15).yuan_per_year() == pytest.approx(hourly)


def test_leap_year_counts_as_one() -> None:
    leap = pd.date_range("2028-01-01", periods=8784, freq="h", tz="Asia/Shanghai")
    schedule = pd.DataFrame({"load": 1.0, "import": 1.0, "export": 0.0}, index=leap)
    made = bill(tariff(leap), schedule, 1)
    assert made.years == 1
    assert made.yuan_per_year("demand_charge") == pytest.approx(12 * 36_000)


def test_a_fee_of_each_month() -> None:
    prices = [1000.0 * month for month in range(1, 13)]
    found = tariff(surcharges=[{"name": "service", "price": prices, "per": "month"}])
    made = bill(found, plan(), 15)
    lines = made.lines[made.lines["item"] == "service"].set_index("month")
    assert lines["yuan"].tolist() == pytest.approx(prices)
    quick = Operation(plan(), found, 15).new()
    assert quick.grid_purchase + quick.self_use_charges - quick.export_income == pytest.approx(
        made.yuan_per_year(), rel=1e-12
    )


def test_period_demand_counts_its_hours_only() -> None:
    extra = [{"name": "peak_demand", "price": 10, "periods": ["peak"]}]
    schedule = pd.DataFrame({"load": 5.0, "import": 2.0, "export": 0.0}, index=YEAR)
    schedule.loc[YEAR.hour == 3, "import"] = 5.0  # valley: only the whole-day demand sees it
    made = bill(tariff(tou={}, demand_charges=extra), schedule, 15)
    assert made.yuan_per_year("demand_charge") == pytest.approx(12 * 36 * 5000)
    assert made.yuan_per_year("peak_demand") == pytest.approx(12 * 10 * 2000)


def test_grid_energy_through_a_storage_stays_grid_energy() -> None:
    schedule = pd.DataFrame(
        {
            "load": [5.0, 5.0],
            "import": [8.0, 3.0],
            "export": [0.0, 0.0],
            "grid_charge": [3.0, 0.0],
            "grid_discharge": [0.0, 2.0],
        }
    )
    # 8-3 = 5 serve the load in hour 1, 3+2 = 5 in hour 2: nothing is self-used
    assert self_use(schedule).tolist() == [0.0, 0.0]


def test_saving_is_the_difference() -> None:
    found, schedule = tariff(), plan()
    grid = grid_only_bill(found, schedule["load"])
    own = bill(found, schedule, 15)
    found = saving(grid, own)
    assert found["saving_horizon_yuan"] == float(grid.total - own.total)
    assert found["saving_yuan"] == found["saving_horizon_yuan"]  # one year


def test_grid_only_takes_the_larger_capacity() -> None:
    found = tariff(billing="capacity", power_factor=1.0)
    load = pd.Series(10.0, index=YEAR)
    by = [grid_only_bill(found, load, mw).yuan_per_year("capacity_charge") for mw in (None, 5, 20)]
    assert by == pytest.approx([12 * 22.5 * kw for kw in (10_000, 10_000, 20_000)])


def test_record_is_json_ready() -> None:
    record = bill(tariff(), plan(), 15).to_record()
    assert record["total_yuan"] == pytest.approx(sum(row["yuan"] for row in record["items"]))
    assert record["monthly"][0]["month"] == "2026-01"
    assert {row["item"]: row["title"] for row in record["items"]}["funds"] == "政府性基金及附加"
    rules = {row["item"]: row["rule_id"] for row in record["items"]}
    assert rules["self_use_funds"] == "energy.tariff.funds"
    assert rules["demand_charge"] == "energy.tariff.demand_price.kv110"
    assert rules["energy"] is None  # given by the file


def test_other_index_is_refused() -> None:
    with pytest.raises(ValueError, match="different indexes"):
        bill(tariff(), plan(YEAR[:24]), 15)


def test_exports_without_a_price_are_refused() -> None:
    config = TariffConfig.model_validate(
        {
            "mode": "single_part",
            "voltage": "kv35",
            "market_price": 0.2,
            "system_operation_fee": 0.0,
        }
    )
    (found,) = resolve(config, YEAR, BOOK, export_allowed=False)
    schedule = pd.DataFrame({"load": 1.0, "import": 0.0, "export": 1.0}, index=YEAR)
    with pytest.raises(ValueError, match="no export price"):
        bill(found, schedule, 1)


@settings(max_examples=60)
@given(st.floats(-1e9, 1e9))
def test_cents_are_nearest(yuan: float) -> None:
    assert abs(float(to_cent(yuan)) - yuan) <= 0.005 + abs(yuan) * 1e-15
