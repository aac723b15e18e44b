"""The working calendar, day shapes, load years, growth, new lines, and the year's leap day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenland.energy.profiles import calendar
from greenland.energy.profiles.calendar import DayType
from greenland.energy.profiles.load import growth, shapes
from greenland.energy.profiles.load.growth import NewLine
from greenland.energy.profiles.timeline import (
    LeapDay,
    full_load_hours,
    onto_year,
    resampled,
    step_of,
    year_index,
)
from greenland.errors import InputError


class TestCalendar:
    # 国办发明电〔2024〕12号: the State Council's arrangement for 2025
    @pytest.mark.parametrize(
        ("day", "kind"),
        [
            ("2025-01-01", DayType.HOLIDAY),
            ("2025-01-26", DayType.WORKDAY),  # Sunday, worked in exchange
            ("2025-01-28", DayType.SPRING_FESTIVAL),
            ("2025-02-01", DayType.SPRING_FESTIVAL),  # Saturday inside the break
            ("2025-02-04", DayType.SPRING_FESTIVAL),
            ("2025-02-05", DayType.WORKDAY),
            ("2025-02-08", DayType.WORKDAY),  # Saturday, worked in exchange
            ("2025-04-27", DayType.WORKDAY),
            ("2025-05-05", DayType.HOLIDAY),
            ("2025-09-28", DayType.WORKDAY),
            ("2025-10-08", DayType.HOLIDAY),
            ("2025-10-11", DayType.WORKDAY),
            ("2025-07-05", DayType.WEEKEND),
            ("2025-07-07", DayType.WORKDAY),
        ],
    )
    def test_2025(self, day: str, kind: DayType) -> None:
        assert calendar.day_types(2025)[day] == kind

    def test_every_day_has_a_kind(self) -> None:
        for year in (2019, 2020, 2024, 2026):
            types = calendar.day_types(year)
            assert len(types) == 365 + (year % 4 == 0)
            assert types.isin(list(DayType)).all()

    def test_years_known(self) -> None:
        first, last = calendar.published_years()
        assert first <= 2004
        assert last >= 2026

    def test_year_without_notice_is_said(self) -> None:
        year = calendar.published_years()[1] + 1
        problem = calendar.coverage_problems(year)[0]
        assert f"{year} 年的放假安排" in problem.message
        assert calendar.coverage_problems(2025) == []
        with pytest.raises(InputError, match="没有 1990 年"):
            calendar.require_coverage(1990)


class TestShapes:
    def test_built_in_shapes_say_they_are_assumed(self) -> None:
        known = shapes.built_in()
        assert len(known) >= 15
        assert {item.confidence for item in known.values()} == {"assumption"}
        assert all(item.title and item.title_en for item in known.values())

    def test_unknown_shape_names_the_nearest(self) -> None:
        with pytest.raises(InputError, match="是否应为“aluminium”"):
            shapes.shape("aluminum")

    @pytest.mark.parametrize(
        ("code", "shape"),
        [("C3216", "aluminium"), ("3218", "silicon"), ("1351", "food"), ("26", "chemicals")],
    )
    def test_shape_of_an_industry(self, code: str, shape: str) -> None:
        found = shapes.shape_for_industry(code)
        assert found is not None
        assert found.id == shape

    def test_no_shape_for_an_unknown_industry(self) -> None:
        assert shapes.shape_for_industry("0111") is None

    def test_missing_kinds_of_day_fall_back(self) -> None:
        own = shapes.DayShape("own", {DayType.WORKDAY: np.arange(24.0)})
        assert own.day(DayType.SPRING_FESTIVAL).tolist() == list(range(24))

    def test_quarter_hours_of_an_hourly_shape(self) -> None:
        own = shapes.DayShape("own", {DayType.WORKDAY: np.arange(24.0)})
        index = pd.date_range("2025-03-03", periods=96, freq="15min", tz="Asia/Shanghai")
        assert shapes.expand(own, index).tolist() == np.repeat(np.arange(24.0), 4).tolist()

    def test_hours_of_a_quarter_hourly_shape(self) -> None:
        own = shapes.DayShape("own", {DayType.WORKDAY: np.arange(96.0)})
        index = pd.date_range("2025-03-03", periods=24, freq="1h", tz="Asia/Shanghai")
        assert shapes.expand(own, index)[:2].tolist() == [1.5, 5.5]

    def test_users_table(self, tmp_path: Path) -> None:
        path = tmp_path / "own.csv"
        rows = [f"{h:02d}:00,{h},{h / 2}" for h in range(24)]
        path.write_text("\n".join(["时刻,工作日(kW),周末(kW)", *rows]), encoding="gb18030")
        own = shapes.read_shape(path)
        assert own.day(DayType.WORKDAY)[5] == 5
        assert own.day(DayType.HOLIDAY)[5] == 2.5
        path.write_text("时刻,工作日\n00:00,1\n", encoding="utf-8")
        with pytest.raises(InputError, match="24、48 或 96 行"):
            shapes.read_shape(path)

    def test_days_by_the_calendar(self) -> None:
        series = shapes.load_year(2025, 1000.0, "machinery")
        day = series.resample("D").sum()
        makeup, sunday = day["2025-01-26"], day["2025-07-06"]
        assert makeup == pytest.approx(day["2025-07-07"])
        assert day["2025-01-29"] < sunday < makeup


class TestLoadYear:
    @pytest.mark.parametrize("step", ["1h", "15min"])
    def test_energy_is_met(self, step: str) -> None:
        series = shapes.load_year(2024, 8784.0, "chemicals", step=step)
        hours = step_of(pd.DatetimeIndex(series.index)) / pd.Timedelta(hours=1)
        assert series.sum() * hours == pytest.approx(8784.0)

    def test_monthly_shares_are_met(self) -> None:
        shares = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
        series = shapes.load_year(2025, 78.0, "food", monthly_shares=shares)
        assert series.groupby(series.index.month).sum().tolist() == pytest.approx(shares)

    def test_fluctuation_repeats_with_its_seed(self) -> None:
        one = shapes.load_year(2025, 100.0, "food", fluctuation=0.1, seed=4)
        two = shapes.load_year(2025, 100.0, "food", fluctuation=0.1, seed=4)
        other = shapes.load_year(2025, 100.0, "food", fluctuation=0.1, seed=5)
        assert one.equals(two)
        assert not one.equals(other)

    def test_it_is_marked_as_not_measured(self) -> None:
        record = shapes.load_year(2025, 100.0, "food").attrs["provenance"]
        assert record["synthetic"]
        assert "非实测" in record["notes"][0]

    def test_negative_energy(self) -> None:
        with pytest.raises(InputError, match="年用电量"):
            shapes.load_year(2025, -1.0, "food")


class TestGrowth:
    def test_growth_compounds(self) -> None:
        load = shapes.load_year(2025, 100.0, "food")
        assert growth.grown(load, 0.05, 3).sum() == pytest.approx(100 * 1.05**3)

    def test_growth_of_minus_one_is_refused(self) -> None:
        with pytest.raises(InputError, match="年增长率"):
            growth.grown(shapes.load_year(2025, 100.0, "food"), -1.0, 1)

    def test_line_adds_from_its_first_day(self) -> None:
        load = shapes.load_year(2025, 1000.0, "food")
        line = NewLine("二期", dt.date(2025, 7, 1), 365.0, "data_centre")
        more = growth.with_lines(load, [line])
        added = more - load
        start = pd.Timestamp("2025-07-01", tz="Asia/Shanghai")
        assert (added[added.index < start] == 0).all()
        assert added[added.index >= start].sum() == pytest.approx(365.0 * 184 / 365, rel=5e-3)
        assert "二期" in more.attrs["provenance"]["notes"][-1]

    def test_full_year_of_a_line_is_its_energy(self) -> None:
        index = year_index(2025)
        line = NewLine("一期", dt.date(2024, 1, 1), 500.0, "food")
        assert growth.line_power(line, index).sum() == pytest.approx(500.0)

    def test_ramp_and_end(self) -> None:
        index = year_index(2025)
        line = NewLine("x", dt.date(2025, 1, 1), 8760.0, "aluminium", 100, dt.date(2025, 6, 30))
        power = pd.Series(growth.line_power(line, index), index=index)
        assert power.iloc[0] == 0
        assert power["2025-02-20"].mean() == pytest.approx(0.5, abs=0.02)
        assert power["2025-07-01":].sum() == 0

    def test_faulty_line(self) -> None:
        line = NewLine("x", dt.date(2025, 5, 1), 1.0, end=dt.date(2025, 4, 1))
        with pytest.raises(InputError, match="止日不得早于投产日"):
            growth.with_lines(shapes.load_year(2025, 1.0, "food"), [line])

    def test_days_move_to_days_of_their_kind(self) -> None:
        ours, theirs = calendar.day_types(2026), calendar.day_types(2024)
        matched = theirs.to_numpy()[growth.matching_days(2024, 2026)]
        # 2026 has no kind of day that 2024 lacks
        assert (matched == ours.to_numpy()).all()

    def test_spring_festival_moves_with_the_moon(self) -> None:
        load = shapes.load_year(2024, 1000.0, "machinery")
        moved = growth.to_year(load, 2026).resample("D").sum()
        assert moved["2026-02-17"] == pytest.approx(load.resample("D").sum()["2024-02-10"])
        assert moved["2026-02-10"] > 2 * moved["2026-02-17"]


class TestYears:
    def series(self, year: int, step: str = "1h") -> pd.Series:
        index = year_index(year, step)
        return pd.Series(np.arange(len(index), dtype=float), index=index, name="x")

    def test_length_of_years(self) -> None:
        assert len(year_index(2024)) == 8784
        assert len(year_index(2025, "15min")) == 35040

    def test_29_february_goes(self) -> None:
        moved = onto_year(self.series(2024), 2025)
        assert len(moved) == 8760
        assert moved[pd.Timestamp("2025-03-01", tz="Asia/Shanghai")] == 60 * 24
        assert moved.attrs["provenance"]["leap_day"] == "dropped feb29"

    def test_or_31_december(self) -> None:
        moved = onto_year(self.series(2024), 2025, leap_day=LeapDay.DECEMBER_31)
        assert moved[pd.Timestamp("2025-03-01", tz="Asia/Shanghai")] == 59 * 24
        assert moved.attrs["provenance"]["leap_day"] == "dropped dec31"

    def test_28_february_repeats(self) -> None:
        moved = onto_year(self.series(2025), 2024)
        assert len(moved) == 8784
        assert moved["2024-02-29"].tolist() == moved["2024-02-28"].tolist()

    def test_part_of_a_year_is_refused(self) -> None:
        with pytest.raises(InputError, match="完整的一个日历年"):
            onto_year(self.series(2025).iloc[1:], 2026)

    @pytest.mark.parametrize("year", [2024, 2025])
    def test_full_load_hours_count_a_leap_year_as_one(self, year: int) -> None:
        index = year_index(year)
        ones = pd.Series(0.5, index=index)
        assert full_load_hours(ones) == len(index) / 2

    def test_irregular_steps(self) -> None:
        series = self.series(2025).drop(index=pd.Timestamp("2025-01-02", tz="Asia/Shanghai"))
        with pytest.raises(InputError, match="时间间隔不一致"):
            step_of(pd.DatetimeIndex(series.index))

    def test_resampling_keeps_energy(self) -> None:
        fine = self.series(2025, "15min")
        hourly = resampled(fine, "1h")
        assert hourly.sum() == pytest.approx(fine.sum() / 4)
        assert resampled(hourly, "15min").sum() / 4 == pytest.approx(hourly.sum())
        with pytest.raises(InputError, match="不能换算"):
            resampled(fine, "25min")
