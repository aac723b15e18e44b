"""Periods of the day: wrap past midnight, months, kinds of day, priorities, steps across edges."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from greenland.energy.tou import (
    DayKind,
    Schedule,
    TouRow,
    day_kinds,
    season_of,
    step_periods,
)
from greenland.errors import InputError
from greenland.rules import load_rulebook

FLAT = {"period": "flat", "start": "00:00", "end": "24:00"}
RATIOS = {"peak": 1.5, "flat": 1.0, "valley": 0.5}
DATA = Path(
    os.environ.get(
        "GREENLAND_EXTERNAL_DATA", Path(__file__).resolve().parents[2].parent / "shared" / "data"
    )
)


def schedule(*rows: dict[str, object], ratios: dict[str, float] | None = None) -> Schedule:
    return Schedule.model_validate({"rows": [FLAT, *rows], "ratios": ratios or RATIOS})


def hours(start: str, count: int, freq: str = "h") -> pd.DatetimeIndex:
    return pd.date_range(start, periods=count, freq=freq, tz="Asia/Shanghai")


def yunnan() -> Schedule:
    book = load_rulebook(("national", "yunnan"), 2026)
    rows = book.rule("energy.tariff.tou.schedule").value
    ratios = book.rule("energy.tariff.tou.ratios").value
    return Schedule.model_validate({"rows": rows, "ratios": ratios})


def test_yunnan_day_is_as_published() -> None:
    # peak 7-9, 18-24; valley 2-6, 12-16; flat the rest
    period, ratio = step_periods(hours("2026-03-02", 24), yunnan())
    expected = ["flat"] * 24
    for hour in (7, 8, 18, 19, 20, 21, 22, 23):
        expected[hour] = "peak"
    for hour in (2, 3, 4, 5, 12, 13, 14, 15):
        expected[hour] = "valley"
    assert period.tolist() == expected
    # 8 peak, 8 valley, 8 flat hours: mean (8*1.5 + 8*0.5 + 8)/24 = 1
    assert ratio.mean() == pytest.approx(1.0)


def test_row_wraps_past_midnight() -> None:
    found, _ratio = step_periods(
        hours("2026-03-02", 24),
        schedule({"period": "valley", "start": "23:00", "end": "07:00", "priority": 1}),
    )
    valley = [hour for hour, name in enumerate(found) if name == "valley"]
    assert valley == [0, 1, 2, 3, 4, 5, 6, 23]


def test_month_limits_a_row() -> None:
    summer = schedule(
        {"period": "peak", "start": "11:00", "end": "13:00", "months": [7, 8], "priority": 1}
    )
    june, _a = step_periods(hours("2026-06-30", 24), summer)
    july, _b = step_periods(hours("2026-07-01", 24), summer)
    assert "peak" not in set(june)
    assert [hour for hour, name in enumerate(july) if name == "peak"] == [11, 12]


def test_wrapped_row_keeps_the_month_of_each_hour() -> None:
    july = schedule(
        {"period": "valley", "start": "22:00", "end": "02:00", "months": [7], "priority": 1}
    )
    found, _ratio = step_periods(hours("2026-06-30 20:00", 8), july)
    # 30 June evening is flat, 1 July 00:00-02:00 is valley
    assert found.tolist() == ["flat"] * 4 + ["valley", "valley", "flat", "flat"]


def test_quarter_hours_take_their_own_period() -> None:
    half = schedule({"period": "peak", "start": "07:30", "end": "08:30", "priority": 1})
    found, ratio = step_periods(hours("2026-03-02 07:00", 8, "15min"), half)
    assert found.tolist() == ["flat"] * 2 + ["peak"] * 4 + ["flat"] * 2
    assert ratio.tolist() == [1, 1, 1.5, 1.5, 1.5, 1.5, 1, 1]


def test_hourly_step_across_an_edge_takes_the_mean() -> None:
    half = schedule({"period": "peak", "start": "07:30", "end": "08:30", "priority": 1})
    _found, ratio = step_periods(hours("2026-03-02 07:00", 2), half)
    assert ratio.tolist() == [1.25, 1.25]  # half an hour at 1.0, half at 1.5


def test_other_time_zones_are_read_on_the_wall_clock() -> None:
    utc = pd.date_range("2026-03-01 23:00", periods=2, freq="h", tz="UTC")  # 07:00, 08:00 Beijing
    assert step_periods(utc, yunnan())[0].tolist() == ["peak", "peak"]


def test_holidays_and_shifted_days() -> None:
    kinds = day_kinds(
        dt.date.fromisoformat(day)
        for day in ("2026-02-17", "2026-02-14", "2026-02-23", "2026-03-07", "2026-03-09")
    )
    assert list(kinds.values()) == [
        DayKind.HOLIDAY,  # Spring Festival
        DayKind.WORKDAY,  # a Saturday worked instead
        DayKind.WEEKEND,  # a Monday off in exchange
        DayKind.WEEKEND,  # an ordinary Saturday
        DayKind.WORKDAY,
    ]


def test_row_for_holidays_only() -> None:
    deep = schedule(
        {"period": "deep", "start": "12:00", "end": "14:00", "days": ["holiday"], "priority": 1},
        ratios={"flat": 1.0, "deep": 0.3},
    )
    found, _ratio = step_periods(
        hours("2026-02-16 12:00", 1).append(hours("2026-03-09 12:00", 1)), deep
    )
    assert found.tolist() == ["deep", "flat"]


def test_year_without_known_holidays_is_refused() -> None:
    with pytest.raises(InputError, match="没有 2050 年的节假日调休安排"):
        day_kinds([dt.date(2050, 1, 1)])


def test_gap_in_the_day_is_refused() -> None:
    with pytest.raises(ValueError, match="1月 12:00 没有分时时段"):
        Schedule.model_validate(
            {"rows": [{"period": "flat", "start": "00:00", "end": "12:00"}], "ratios": RATIOS}
        )


def test_overlap_of_one_priority_is_refused() -> None:
    with pytest.raises(ValueError, match="“flat”与“peak”重叠且优先级相同"):
        schedule({"period": "peak", "start": "08:00", "end": "09:00"})


def test_period_without_ratio_is_refused() -> None:
    with pytest.raises(ValueError, match="时段“super_peak”没有给出比价"):
        schedule({"period": "super_peak", "start": "08:00", "end": "09:00", "priority": 1})


@pytest.mark.parametrize("clock", ["25:00", "8点", "07:75"])
def test_time_that_is_none_is_refused(clock: str) -> None:
    with pytest.raises(ValueError, match=r"时刻|24:00"):
        TouRow.model_validate({"period": "peak", "start": clock, "end": "09:00"})


def test_seasons_must_cover_the_year() -> None:
    with pytest.raises(InputError, match="十二个月各出现一次"):
        season_of(hours("2026-01-01", 2), {"wet": [6, 7], "dry": [1]})


@settings(max_examples=examples(20, 40))
@given(st.integers(0, 23), st.integers(1, 23), st.sampled_from(["h", "15min", "30min"]))
def test_a_period_covers_its_length_whatever_its_start(start: int, length: int, freq: str) -> None:
    end = (start + length) % 24
    rows = {"period": "peak", "start": f"{start}:00", "end": f"{end}:00", "priority": 1}
    found, _ratio = step_periods(
        hours("2026-03-02", 24 if freq == "h" else 96 if freq == "15min" else 48, freq),
        schedule(rows),
    )
    assert np.mean(found == "peak") == pytest.approx(length / 24)


@pytest.mark.external
def test_beijing_schedule_with_priorities_and_wrap() -> None:
    path = DATA / "series" / "tariff_beijing_tou_2023_schedule.csv"
    if not path.exists():
        pytest.skip("no external data")
    table = pd.read_csv(path, dtype=str)
    rows = [
        {
            "period": row.tou_level,
            "start": row.start_time,
            "end": row.end_time,
            "months": [] if pd.isna(row.months) else [int(m) for m in row.months.split(",")],
            "priority": int(row.priority),
        }
        for row in table.itertuples()
    ]
    prices = pd.read_csv(DATA / "series" / "tariff_beijing_tou_2023_multipliers.csv")
    part = prices[prices["tariff"] == "two_part"]
    ratios = dict(zip(part["tou_level"], part["multiplier_to_flat"], strict=True))
    made = Schedule.model_validate({"rows": rows, "ratios": ratios})
    july, ratio = step_periods(hours("2026-07-15", 24), made)
    # 京发改规〔2023〕11号: valley 23-7, peak 10-13 and 17-22, in July 11-13 and 16-17 super peak
    assert "".join(name[0] for name in july) == "vvvvvvvfffpssfffspppppfv"
    assert ratio.max() == pytest.approx(1.92)
