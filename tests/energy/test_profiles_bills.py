"""Bills to a curve and back again, to the cent; and what in a bill cannot be true."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from greenland.energy.profiles.load import bills as billing
from greenland.energy.profiles.load.bill_table import read_bills
from greenland.energy.profiles.load.bills import Bill, bills_of, capped, curve, month_bill
from greenland.energy.tou import Schedule, step_periods
from greenland.errors import InputError

DATA = Path(__file__).with_name("data")

# 峰 7–9, 18–24; 谷 2–6, 12–16; 平 the rest
SCHEDULE = Schedule.model_validate(
    {
        "rows": [
            {"period": "flat", "start": "00:00", "end": "24:00"},
            {"period": "peak", "start": "07:00", "end": "09:00", "priority": 1},
            {"period": "peak", "start": "18:00", "end": "24:00", "priority": 1},
            {"period": "valley", "start": "02:00", "end": "06:00", "priority": 1},
            {"period": "valley", "start": "12:00", "end": "16:00", "priority": 1},
        ],
        "ratios": {"peak": 1.5, "flat": 1.0, "valley": 0.5},
    }
)
MARCH = month_bill(
    2025, 3, periods={"peak": 313.711, "flat": 268.164, "valley": 189.953}, max_demand_mw=2.189
)
PRICES = {"peak": 0.9312, "flat": 0.6521, "valley": 0.3744}  # yuan/kWh, invented
DEMAND_PRICE = 37.6  # yuan/kW·month


def money(energy: dict[str, float], demand_mw: float) -> float:
    """A two-part bill in yuan, rounded to the cent."""
    total = sum(PRICES[name] * mwh * 1000 for name, mwh in energy.items())
    return round(total + DEMAND_PRICE * demand_mw * 1000, 2)


@pytest.fixture(scope="module")
def read() -> list[Bill]:
    return read_bills(DATA / "bills_2025.csv")


class TestRoundTrip:
    @pytest.mark.parametrize("shape", ["machinery", "food", "aluminium", "office", "night_valley"])
    def test_year_of_bills_to_the_cent(self, read: list[Bill], shape: str) -> None:
        series = curve(read, shape, SCHEDULE)
        periods, _ratio = step_periods(pd.DatetimeIndex(series.index), SCHEDULE)
        again = bills_of(series, periods)
        for bill in read:
            row = again.loc[bill.label]
            for name, energy in bill.periods.items():
                assert row[name] == pytest.approx(energy, rel=1e-12)
            assert row["max_demand_mw"] == bill.max_demand_mw
            assert row["energy_mwh"] == pytest.approx(bill.energy_mwh, rel=1e-12)
            assert bill.max_demand_mw is not None
            made = money({name: row[name] for name in bill.periods}, row["max_demand_mw"])
            assert made == money(dict(bill.periods), bill.max_demand_mw)

    def test_load_is_never_negative(self, read: list[Bill]) -> None:
        assert (curve(read, "machinery", SCHEDULE) >= 0).all()

    def test_total_alone(self) -> None:
        bills = [month_bill(2025, 1, 500.0), month_bill(2025, 2, 400.0)]
        series = curve(bills, "food")
        assert bills_of(series)["energy_mwh"].tolist() == pytest.approx([500.0, 400.0])

    def test_reading_days_instead_of_months(self) -> None:
        bills = [
            Bill(dt.date(2025, 1, 21), dt.date(2025, 2, 20), 300.0),
            Bill(dt.date(2025, 2, 21), dt.date(2025, 3, 20), 280.0),
        ]
        series = curve(bills, "food")
        assert series.iloc[: 31 * 96].sum() / 4 == pytest.approx(300.0)
        assert series.index[0] == pd.Timestamp("2025-01-21", tz="Asia/Shanghai")

    def test_month_without_energy(self) -> None:
        bills = [month_bill(2025, 1, 0.0), month_bill(2025, 2, 400.0)]
        assert curve(bills, "food").iloc[: 31 * 96].sum() == 0

    def test_flat_shape_is_raised_on_one_day(self) -> None:
        bill = month_bill(2025, 1, 744.0, max_demand_mw=1.3)
        series = curve([bill], "aluminium")
        assert series.max() == 1.3
        assert any("上调至最大需量" in note for note in series.attrs["provenance"]["notes"])

    def test_demand_far_above_the_mean_takes_one_interval(self) -> None:
        bill = month_bill(2025, 1, 74.4, max_demand_mw=40.0)
        series = curve([bill], "aluminium")
        assert series.max() == 40.0
        assert series.sum() / 4 == pytest.approx(74.4)

    def test_peak_moves_to_a_period_that_has_the_energy(self) -> None:
        # one interval at 400 MW is all of the valley's energy and more than the peak's
        bill = month_bill(
            2025, 1, periods={"peak": 99.0, "flat": 20.0, "valley": 100.0}, max_demand_mw=400.0
        )
        series = curve([bill], "machinery", SCHEDULE)
        row = bills_of(series, step_periods(pd.DatetimeIndex(series.index), SCHEDULE)[0]).iloc[0]
        assert row["max_demand_mw"] == 400.0
        assert row["valley"] == pytest.approx(100.0)
        assert row["peak"] == pytest.approx(99.0)

    def test_provenance(self, read: list[Bill]) -> None:
        record = curve(read, "machinery", SCHEDULE).attrs["provenance"]
        assert (record["kind"], record["shape"], record["bills"]) == ("bills", "machinery", 12)
        assert record["confidence"] == "assumption"

    @pytest.mark.slow
    @settings(max_examples=examples(15, 40))
    @given(
        peak=st.floats(1, 500),
        flat=st.floats(1, 500),
        valley=st.floats(1, 500),
        slack=st.floats(1.0, 20.0),
        shape=st.sampled_from(["food", "aluminium", "machinery"]),
    )
    def test_any_possible_bill_is_met(
        self, peak: float, flat: float, valley: float, slack: float, shape: str
    ) -> None:
        # February: 28 days of 8 peak, 8 valley and 8 flat hours
        least = max(peak, flat, valley) / 224.0
        demand = min(least * slack * (1 + 1e-9), max(peak, flat, valley) * 4)
        bill = month_bill(
            2025,
            2,
            periods={"peak": peak, "flat": flat, "valley": valley},
            max_demand_mw=demand,
        )
        series = curve([bill], shape, SCHEDULE)
        periods, _ratio = step_periods(pd.DatetimeIndex(series.index), SCHEDULE)
        row = bills_of(series, periods).iloc[0]
        assert row["peak"] == pytest.approx(peak, rel=1e-9)
        assert row["flat"] == pytest.approx(flat, rel=1e-9)
        assert row["valley"] == pytest.approx(valley, rel=1e-9)
        assert row["max_demand_mw"] == demand


class TestClashes:
    def broken(self, **changes: object) -> list[str]:
        with pytest.raises(InputError) as caught:
            curve([dataclasses.replace(MARCH, **changes)], "machinery", SCHEDULE)  # type: ignore[arg-type]
        return [problem.code for problem in caught.value.problems]

    def test_the_bill_itself_is_good(self) -> None:
        curve([MARCH], "machinery", SCHEDULE)

    def test_total_differs_from_periods(self) -> None:
        assert self.broken(energy_mwh=800.0) == ["bill_total"]

    def test_rounding_of_kwh_is_no_clash(self) -> None:
        curve([dataclasses.replace(MARCH, energy_mwh=771.829)], "machinery", SCHEDULE)

    def test_demand_too_small_for_a_period(self) -> None:
        assert self.broken(max_demand_mw=1.05) == ["bill_demand_low", "bill_demand_low"]

    def test_demand_too_great_for_the_energy(self) -> None:
        assert self.broken(max_demand_mw=2000.0) == ["bill_demand_high"]

    def test_period_the_schedule_does_not_have(self) -> None:
        periods = {**MARCH.periods, "super_peak": 10.0}
        assert self.broken(periods=periods) == ["bill_period"]

    def test_negative_energy(self) -> None:
        assert self.broken(periods={"peak": -1.0}) == ["bill_figures"]

    def test_all_bills_are_reported_at_once(self) -> None:
        bills = [
            month_bill(2025, 1, 100.0, max_demand_mw=0.01),
            month_bill(2025, 2, 100.0, max_demand_mw=0.01),
        ]
        with pytest.raises(InputError) as caught:
            curve(bills, "food")
        assert len(caught.value.problems) == 2

    def test_missing_month(self) -> None:
        with pytest.raises(InputError, match="缺账单"):
            curve([month_bill(2025, 1, 1.0), month_bill(2025, 3, 1.0)], "food")

    def test_overlap(self) -> None:
        with pytest.raises(InputError, match="重叠"):
            curve([month_bill(2025, 1, 1.0), month_bill(2025, 1, 1.0)], "food")

    def test_hourly_steps_do_not_fit_half_hour_periods(self) -> None:
        rows = [
            {"period": "flat", "start": "00:00", "end": "24:00"},
            {"period": "peak", "start": "07:30", "end": "09:00", "priority": 1},
        ]
        schedule = Schedule.model_validate({"rows": rows, "ratios": {"peak": 1.5, "flat": 1.0}})
        bill = month_bill(2025, 3, periods={"peak": 10.0, "flat": 50.0})
        with pytest.raises(InputError, match="整步"):
            curve([bill], "food", schedule, step="1h")


class TestTable:
    def test_every_month_with_its_unit(self) -> None:
        read = read_bills(DATA / "bills_2025.csv")
        assert len(read) == 12  # the row of totals is no bill
        assert read[1].periods == {"peak": 180.123, "flat": 150.321, "valley": 120.456}
        assert read[0].max_demand_mw == pytest.approx(2.163)
        assert read[0].row == 3

    def test_columns_of_money_are_left_alone(self, tmp_path: Path) -> None:
        path = tmp_path / "b.csv"
        path.write_text(
            "月份,峰电费(元),峰电量(MWh),谷电量(MWh)\n2025-01,99,3,4\n", encoding="utf-8"
        )
        assert read_bills(path)[0].periods == {"peak": 3.0, "valley": 4.0}

    def test_a_word_for_a_number(self, tmp_path: Path) -> None:
        path = tmp_path / "b.csv"
        path.write_text("月份,总电量(kWh)\n2025-01,约三万\n2025-02,5\n", encoding="utf-8")
        with pytest.raises(InputError, match="第2行 “总电量"):
            read_bills(path)

    def test_excel_with_days(self, tmp_path: Path) -> None:
        path = tmp_path / "b.xlsx"
        frame = pd.DataFrame(
            {"起日": ["2025-01-01"], "止日": ["2025-01-31"], "用电量(万千瓦时)": [12.5]}
        )
        frame.to_excel(path, index=False)
        bill = read_bills(path)[0]
        assert (bill.label, bill.energy_mwh) == ("2025-01", 125.0)


class TestCapped:
    @settings(max_examples=examples(60, 200))
    @given(
        base=st.lists(st.floats(0.01, 100), min_size=1, max_size=50),
        cap=st.floats(0.1, 100),
        level=st.floats(0.0, 1.0),
    )
    def test_sum_cap_and_order(self, base: list[float], cap: float, level: float) -> None:
        shape = np.array(base)
        total = level * cap * len(shape)
        values = capped(shape, total, cap)
        assert values.sum() == pytest.approx(total, rel=1e-9, abs=1e-12)
        assert values.max() <= cap * (1 + 1e-12)
        assert values.min() >= 0
        free = values < cap * (1 - 1e-9)
        if free.any() and total > 0:
            ratio = values[free] / shape[free]
            assert np.ptp(ratio) <= 1e-9 * max(ratio.max(), 1.0)


def test_region_schedule_is_a_rule() -> None:
    schedule = billing.region_schedule()
    assert {row.period for row in schedule.rows} >= {"peak", "flat", "valley"}
