"""Gaps and how they are filled; the quality sheet finds what was put in."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenland.energy.profiles import gaps, quality
from greenland.energy.profiles.defaults import Defaults, defaults
from greenland.energy.profiles.gaps import Method, Subject, fill, runs
from greenland.energy.profiles.load import shapes
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.quality import Verdict
from greenland.energy.profiles.timeline import year_index
from greenland.errors import InputError

KUNMING = Place(25.0, 102.7, 1950.0)


@pytest.fixture(scope="module")
def values() -> Defaults:
    return defaults(None)


@pytest.fixture(scope="module")
def load() -> pd.Series:
    """A whole year that repeats by kind of day."""
    return shapes.load_year(2025, 8760.0, "food")


def sunny(noon: float = 13.15) -> pd.Series:
    """Half a sine a day, highest at *noon* Beijing time (13:09 at 102.7° E)."""
    index = year_index(2025)
    hour = index.hour.to_numpy() + 0.5
    after = np.abs((hour - noon + 12) % 24 - 12)
    up = np.where(after < 5.5, np.cos(after * np.pi / 11), 0.0)
    return pd.Series(0.7 * up, index, name="pv")


class TestGaps:
    def test_two_hours_are_interpolated(self, load: pd.Series, values: Defaults) -> None:
        holed = load.copy()
        holed.iloc[100:102] = np.nan
        filled, found = fill(holed, Subject.LOAD, values)
        assert [gap.method for gap in found] == [Method.INTERPOLATED]
        a, b = load.iloc[99], load.iloc[102]
        assert filled.iloc[100:102].tolist() == pytest.approx(
            [a + (b - a) / 3, a + (b - a) * 2 / 3]
        )

    def test_a_day_comes_from_similar_days(self, load: pd.Series, values: Defaults) -> None:
        holed = load.copy()
        day = slice("2025-07-08", "2025-07-08")  # a Tuesday
        holed.loc[day] = np.nan
        filled, found = fill(holed, Subject.LOAD, values)
        assert [(gap.steps, gap.method) for gap in found] == [(24, Method.SIMILAR_DAYS)]
        assert filled.loc[day].tolist() == pytest.approx(load.loc[day].tolist())

    def test_sunday_is_not_filled_from_workdays(self, load: pd.Series, values: Defaults) -> None:
        holed = load.copy()
        holed.loc["2025-07-06"] = np.nan
        filled, _found = fill(holed, Subject.LOAD, values)
        assert filled.loc["2025-07-06"].tolist() == pytest.approx(load.loc["2025-07-06"].tolist())

    def test_a_week_takes_the_months_mean_day(self, load: pd.Series, values: Defaults) -> None:
        holed = load.copy()
        week = slice("2025-07-07", "2025-07-13")
        holed.loc[week] = np.nan
        filled, found = fill(holed, Subject.LOAD, values)
        assert [gap.method for gap in found] == [Method.MONTH_MEAN]
        assert filled.loc[week].tolist() == pytest.approx(load.loc[week].tolist())

    def test_gap_at_the_edge_has_no_straight_line(self, load: pd.Series, values: Defaults) -> None:
        holed = load.copy()
        holed.iloc[:2] = np.nan
        filled, found = fill(holed, Subject.LOAD, values)
        assert found[0].method is not Method.INTERPOLATED
        assert filled.notna().all()

    def test_nothing_to_fill_from(self, values: Defaults) -> None:
        empty = pd.Series(np.nan, index=year_index(2025))
        with pytest.raises(InputError, match="没有任何有效读数"):
            fill(empty, Subject.LOAD, values)

    @settings(max_examples=25)
    @given(
        cuts=st.lists(st.tuples(st.integers(0, 8700), st.integers(1, 400)), min_size=1, max_size=6)
    )
    def test_readings_stay_and_no_hole_is_left(self, cuts: list[tuple[int, int]]) -> None:
        series = shapes.load_year(2025, 8760.0, "food")
        holed = series.copy()
        for start, length in cuts:
            holed.iloc[start : start + length] = np.nan
        filled, found = fill(holed, Subject.LOAD, defaults(None))
        known = holed.notna()
        assert filled.notna().all()
        assert filled[known].equals(series[known])
        assert sum(gap.steps for gap in found) == (~known).sum()
        assert filled.min() >= series.min() - 1e-12
        assert filled.max() <= series.max() + 1e-12

    def test_runs(self) -> None:
        assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]


class TestSheet:
    def test_clean_series(self, load: pd.Series, values: Defaults) -> None:
        sheet = quality.assess(load, Subject.LOAD, values)
        assert (sheet.verdict, sheet.completeness, sheet.problems) == (Verdict.GOOD, 1.0, ())

    def test_outlier(self, load: pd.Series, values: Defaults) -> None:
        spiked = load.copy()
        spiked.iloc[500] *= 40
        sheet = quality.assess(spiked, Subject.LOAD, values)
        assert sheet.outlier_count == 1
        assert sheet.outliers[0]["time"] == load.index[500].isoformat()
        assert sheet.verdict is Verdict.WARNING

    def test_flat_line(self, load: pd.Series, values: Defaults) -> None:
        stuck = load.copy()
        stuck.iloc[1000:1030] = 1.2345
        sheet = quality.assess(stuck, Subject.LOAD, values)
        assert [(item["hours"], item["value"]) for item in sheet.flat_lines] == [(30.0, 1.2345)]

    def test_negative(self, load: pd.Series, values: Defaults) -> None:
        wrong = load.copy()
        wrong.iloc[7] = -0.1
        assert quality.assess(wrong, Subject.LOAD, values).negative == 1

    def test_pv_in_order(self, values: Defaults) -> None:
        sheet = quality.assess(sunny(), Subject.PV, values, place=KUNMING, per_unit=True)
        assert sheet.noon_shift_hours == pytest.approx(0.0, abs=0.02)
        assert sheet.night_share == pytest.approx(0.0, abs=1e-3)
        assert [item.code for item in sheet.problems] == []

    def test_pv_in_utc_shines_at_night(self, values: Defaults) -> None:
        sheet = quality.assess(sunny(5.15), Subject.PV, values, place=KUNMING, per_unit=True)
        assert sheet.noon_shift_hours == pytest.approx(-8.0, abs=0.05)
        assert {"pv_at_night", "noon_shifted"} <= {item.code for item in sheet.problems}

    def test_without_a_place_the_far_west_is_no_fault(self, values: Defaults) -> None:
        # 13:38 solar noon is as it should be in Gansu or Qinghai
        sheet = quality.assess(sunny(13.63), Subject.PV, values, per_unit=True)
        assert sheet.problems == ()

    @pytest.mark.parametrize(("scale", "codes"), [(1.0, []), (0.3, ["full_load_hours"])])
    def test_full_load_hours(self, scale: float, codes: list[str], values: Defaults) -> None:
        sheet = quality.assess(sunny() * scale, Subject.PV, values, per_unit=True)
        assert [item.code for item in sheet.problems] == codes

    def test_record_is_json(self, load: pd.Series, values: Defaults) -> None:
        holed = load.copy()
        holed.iloc[130:160] = np.nan
        filled, found = fill(holed, Subject.LOAD, values)
        record = quality.assess(filled, Subject.LOAD, values, gaps=found).to_record()
        again = json.loads(json.dumps(record, allow_nan=False))
        assert again["gaps"][0]["hours"] == 30.0
        assert again["gap_methods"] == {"similar_days": 1}
        assert again["start"] == "2025-01-01T00:00:00+08:00"

    def test_gap_runs_come_back_as_gaps(self, load: pd.Series, values: Defaults) -> None:
        holed = load.copy()
        holed.iloc[130:160] = np.nan
        filled, found = fill(holed, Subject.LOAD, values)
        filled.attrs["filled_runs"] = gaps.gap_runs(found, pd.DatetimeIndex(filled.index))
        assert quality.carried_gaps(filled) == found
