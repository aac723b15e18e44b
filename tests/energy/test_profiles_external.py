"""Real series run through the whole way; see the notes beside the data for their traps."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenland.energy.profiles import store
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.load import bills as billing
from greenland.energy.profiles.load import growth, meter
from greenland.energy.profiles.load.bills import Bill, bills_of, month_bill
from greenland.energy.profiles.load.meter import MeterFormat
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.renewable import pv, scada
from greenland.energy.profiles.renewable.weather_readers import read_weather
from greenland.energy.profiles.timeline import full_load_hours, resampled
from greenland.energy.tou import step_periods

BESIDE = Path(__file__).resolve().parents[2].parent / "shared" / "data"
DATA = Path(os.environ.get("GREENLAND_EXTERNAL_DATA", BESIDE)) / "series"

pytestmark = [
    pytest.mark.external,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real series are not here"),
]


@pytest.fixture(scope="module")
def steel() -> pd.Series:
    return meter.load(DATA / "steel_kr_2018_15min_original.csv.gz", name="steel")


class TestSteel:
    def test_every_quarter_hour_once(self, steel: pd.Series) -> None:
        assert len(steel) == 35040
        assert steel.attrs["quality"]["filled"] == 0
        assert steel.attrs["quality"]["label_given"] == "right"
        assert steel.index[0] == pd.Timestamp("2018-01-01", tz="Asia/Shanghai")

    def test_energy_of_the_file(self, steel: pd.Series) -> None:
        raw = pd.read_csv(DATA / "steel_kr_2018_15min_original.csv.gz", encoding="utf-8-sig")
        assert steel.sum() / 4 == pytest.approx(raw["Usage_kWh"].sum() / 1000)

    def test_midnights_were_told(self, steel: pd.Series) -> None:
        assert any("365 个 0 时读数" in note for note in steel.attrs["provenance"]["notes"])

    def test_bill_to_curve_to_bill(self, steel: pd.Series) -> None:
        schedule = billing.region_schedule()
        periods, _ratio = step_periods(pd.DatetimeIndex(steel.index), schedule)
        table = bills_of(steel, periods)
        bills: list[Bill] = [
            month_bill(
                2018,
                int(str(month)[5:]),
                periods={name: float(row[name]) for name in ("peak", "flat", "valley")},
                max_demand_mw=float(row["max_demand_mw"]),
            )
            for month, row in table.iterrows()
        ]
        made = billing.curve(bills, "metals_processing", schedule)
        again = bills_of(made, step_periods(pd.DatetimeIndex(made.index), schedule)[0])
        np.testing.assert_allclose(again.to_numpy(), table[again.columns].to_numpy(), rtol=1e-11)

    def test_on_to_another_year_and_to_disk(self, steel: pd.Series, tmp_path: Path) -> None:
        moved = growth.to_year(resampled(steel, "1h"), 2026, 0.02)
        assert moved.sum() / resampled(steel, "1h").sum() == pytest.approx(1.02**8, rel=0.02)
        store.write(tmp_path / "steel.csv", moved)
        assert len(store.read(tmp_path / "steel.csv")) == 8760


class TestPlants:
    @pytest.mark.parametrize("year", [2019, 2020])
    def test_solar_of_the_far_west(self, year: int) -> None:
        form = MeterFormat(value="power_mw", unit="MW")
        path = DATA / "cn_stategrid_solar_site1_50MW_2019_2020_hourly.csv.gz"
        readings = meter.read_meters(path, form)[0]
        made = scada.per_unit(readings, Subject.PV, 50.0, year=year)
        sheet = made.attrs["quality"]
        assert 1600 < full_load_hours(made) < 1800
        # solar noon at 13:38 is no fault where nothing is known of the place
        assert "noon_shifted" not in {item["code"] for item in sheet["problems"]}
        assert sheet["night_share"] == 0
        assert sheet["filled_share"] < 0.01
        assert len(made) == (8784 if year == 2020 else 8760)

    def test_wind_above_its_capacity(self) -> None:
        # the file has hours of 2019 instead of times
        raw = pd.read_csv(DATA / "wind_kelmarsh_uk_2019_hourly.csv")["cf"]
        index = pd.date_range("2019-01-01", periods=len(raw), freq="1h", tz="Asia/Shanghai")
        from greenland.energy.profiles.readings import Label, Readings

        readings = Readings(pd.Series(raw.to_numpy(), index, name="cf"), Label.LEFT)
        made = scada.per_unit(readings, Subject.WIND, 1.0)
        assert made.max() == pytest.approx(1.002, abs=1e-3)
        assert "over_capacity" in {item["code"] for item in made.attrs["quality"]["problems"]}

    def test_weather_whose_clock_is_utc(self) -> None:
        path = DATA / "beijing_era5_2024_hourly_utc.csv.gz"
        names = {
            "ghi": "surface_solar_radiation",
            "dni": "direct_normal_solar_radiation",
            "dhi": "surface_diffuse_solar_radiation",
            "temp_air": "temperature",
        }
        place = Place(39.9, 116.4, 50.0)
        right = read_weather(path, timezone="UTC", columns=names, place=place)
        good = pv.output(right.for_year(2025), place).attrs["quality"]
        assert good["problems"] == []
        assert right.for_year(2025).attrs["provenance"]["leap_day"] == "dropped feb29"
        # taken at its word (+8) the sun shines at night, and the sheet says so
        wrong = read_weather(path, columns=names, place=place)
        found = pv.output(wrong.for_year(2024), place).attrs["quality"]["problems"]
        assert {"pv_at_night", "noon_shifted"} <= {item["code"] for item in found}
