"""PV and wind output against direct calls of pvlib and windpowerlib, and what must hold of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import weather_files
from hypothesis import given, settings
from hypothesis import strategies as st

from greenland.energy.profiles._quiet import library_quiet
from greenland.energy.profiles.defaults import defaults
from greenland.energy.profiles.place import Place, sun
from greenland.energy.profiles.renewable import area, met_mast, pv, wind
from greenland.energy.profiles.renewable.headings import height_of
from greenland.energy.profiles.renewable.power_curve import read_curve
from greenland.energy.profiles.renewable.pv import Array, Mounting, Rated, Tracking
from greenland.energy.profiles.renewable.wind import Turbine, air_density
from greenland.errors import InputError

DATA = Path(__file__).with_name("data")
KUNMING = Place(25.0, 102.7, 1950.0)


@pytest.fixture(scope="module")
def weather() -> pd.DataFrame:
    """Thirty June days by Beijing time."""
    data = weather_files.weather(2025)
    data.index = data.index.tz_localize("Etc/GMT-7").tz_convert("Asia/Shanghai")
    return data.loc["2025-06-01":"2025-06-30"]


class TestPv:
    def test_fixed_tilt_equals_pvlib(self, weather: pd.DataFrame) -> None:
        with library_quiet():
            from pvlib import iam, inverter, irradiance, pvsystem, solarposition, temperature

            middle = weather.index + pd.Timedelta("30min")
            at = solarposition.get_solarposition(middle, 25.0, 102.7, 1950.0)
            at.index = weather.index
            plane = irradiance.get_total_irradiance(
                20.0,
                170.0,
                at["apparent_zenith"],
                at["azimuth"],
                weather["dni"],
                weather["ghi"],
                weather["dhi"],
                dni_extra=irradiance.get_extra_radiation(weather.index),
                albedo=0.2,
                model="haydavies",
            )
            aoi = irradiance.aoi(20.0, 170.0, at["apparent_zenith"], at["azimuth"])
            absorbed = plane["poa_direct"] * iam.physical(aoi) + plane["poa_diffuse"]
            cell = temperature.sapm_cell(
                plane["poa_global"], weather["temp_air"], weather["wind_speed"], -3.47, -0.0594, 3
            )
            dc = 0.9 * pvsystem.pvwatts_dc(absorbed, cell, 1.0, -0.004)
            ac = inverter.pvwatts(dc, 1 / 1.2 / 0.96, 0.96).fillna(0.0)
        array = Array(
            tilt=20.0,
            azimuth=170.0,
            losses=0.1,
            dc_ac_ratio=1.2,
            albedo=0.2,
            temperature_coefficient=-0.004,
            inverter_efficiency=0.96,
        )
        made = pv.output(weather, KUNMING, array)
        np.testing.assert_allclose(made.to_numpy(), ac.to_numpy(), atol=1e-12)

    def test_inverter_clips(self, weather: pd.DataFrame) -> None:
        made = pv.output(weather, KUNMING, Array(dc_ac_ratio=1.6))
        assert made.max() == pytest.approx(1 / 1.6)
        ac = pv.output(weather, KUNMING, Array(dc_ac_ratio=1.6), rated=Rated.AC)
        assert ac.max() == pytest.approx(1.0)

    def test_tracking_gives_more(self, weather: pd.DataFrame) -> None:
        fixed = pv.output(weather, KUNMING).sum()
        assert pv.output(weather, KUNMING, Array(tracking=Tracking.SINGLE_AXIS)).sum() > fixed

    def test_bifacial_gives_more(self, weather: pd.DataFrame) -> None:
        one = pv.output(weather, KUNMING, Array(bifaciality=1e-9, dc_ac_ratio=1.0)).sum()
        two = pv.output(weather, KUNMING, Array(bifaciality=0.8, dc_ac_ratio=1.0)).sum()
        assert 1.01 < two / one < 1.3

    def test_roof_runs_hotter(self, weather: pd.DataFrame) -> None:
        roof = pv.output(weather, KUNMING, Array(mounting=Mounting.ROOF)).sum()
        assert roof < pv.output(weather, KUNMING).sum()

    def test_soiling_and_snow_are_off(self) -> None:
        assert (Array().soiling, Array().snow) == (0.0, False)

    def test_soiling_takes_its_share_of_dc(self, weather: pd.DataFrame) -> None:
        clean = pv.output(weather, KUNMING, Array(dc_ac_ratio=0.8, inverter_efficiency=0.96))
        dirty = pv.output(
            weather, KUNMING, Array(dc_ac_ratio=0.8, inverter_efficiency=0.96, soiling=0.1)
        )
        assert dirty.sum() / clean.sum() == pytest.approx(0.9, abs=0.01)

    def test_snow_needs_snowfall(self, weather: pd.DataFrame) -> None:
        with pytest.raises(InputError, match="降雪"):
            pv.output(weather, KUNMING, Array(snow=True))
        snowy = weather.assign(snowfall=0.0, temp_air=-5.0)
        snowy.iloc[0, snowy.columns.get_loc("snowfall")] = 30.0
        clear = pv.output(snowy, KUNMING, Array())
        assert pv.output(snowy, KUNMING, Array(snow=True)).iloc[:12].sum() < clear.iloc[:12].sum()

    def test_several_arrays_are_added_by_share(self, weather: pd.DataFrame) -> None:
        east, west = Array(tilt=10, azimuth=90, share=1.0), Array(tilt=10, azimuth=270, share=3.0)
        both = pv.output(weather, KUNMING, [east, west])
        one, other = pv.output(weather, KUNMING, east), pv.output(weather, KUNMING, west)
        np.testing.assert_allclose(both, (one + 3 * other) / 4, atol=1e-12)

    def test_diffuse_is_split_off_when_missing(self, weather: pd.DataFrame) -> None:
        made = pv.output(weather[["ghi", "temp_air", "wind_speed"]], KUNMING)
        assert made.sum() > 0
        assert any("Erbs" in note for note in made.attrs["provenance"]["notes"])

    def test_beam_from_global_and_diffuse(self, weather: pd.DataFrame) -> None:
        position = sun(pd.DatetimeIndex(weather.index), KUNMING)
        full = pv.split_irradiance(weather.drop(columns="dni"), position)
        day = position["zenith"] < 80
        closed = full["dni"] * np.cos(np.radians(position["zenith"])) + full["dhi"]
        np.testing.assert_allclose(closed[day], weather["ghi"][day], rtol=1e-9)

    def test_holes_and_missing_columns_are_named_together(self, weather: pd.DataFrame) -> None:
        holed = weather.drop(columns="temp_air")
        holed.iloc[3, 0] = np.nan
        with pytest.raises(InputError) as caught:
            pv.output(holed, KUNMING)
        assert [item.code for item in caught.value.problems] == ["weather_column", "weather_gaps"]

    def test_values_out_of_range_are_named_together(self, weather: pd.DataFrame) -> None:
        with pytest.raises(InputError) as caught:
            pv.output(weather, KUNMING, Array(tilt=120, losses=2.0))
        assert len(caught.value.problems) == 2

    def test_place_out_of_range(self) -> None:
        with pytest.raises(InputError, match="纬度"):
            Place(102.7, 25.0, 1950)

    def test_provenance_and_quality(self, weather: pd.DataFrame) -> None:
        made = pv.output(weather, KUNMING)
        record = made.attrs["provenance"]
        assert "energy.profiles.pv.losses" in record["rules"]
        assert record["arrays"][0]["tilt"] == 25.0
        assert made.attrs["quality"]["night_share"] == pytest.approx(0.0, abs=1e-6)


class TestArea:
    def test_roof(self) -> None:
        found = area.roof_capacity(
            10_000, usable_share=0.7, module_efficiency=0.2, dc_ac_ratio=1.25
        )
        assert (found.usable_m2, found.dc_mw, found.ac_mw) == pytest.approx((7000, 1.4, 1.12))

    def test_land(self) -> None:
        # 1 MW of 20 % modules: 5000 m² of glass, over 0.5 of the ground: 1 ha
        assert area.land_area_ha(1.0, ground_coverage=0.5, module_efficiency=0.2) == pytest.approx(
            1
        )


class TestWind:
    def test_density_of_the_standard_atmosphere(self) -> None:
        # ISO 2533, table by geometric height; ours is geopotential, apart by 1e-4 at 2 km
        assert air_density(0) == pytest.approx(1.2250, abs=5e-5)
        assert air_density(1000) == pytest.approx(1.1117, abs=2e-4)
        assert air_density(2000) == pytest.approx(1.0066, abs=2e-4)

    def test_fifth_of_the_density_is_lost_at_2000_m(self) -> None:
        assert 1 - air_density(2100) / 1.225 == pytest.approx(0.19, abs=0.01)

    @pytest.mark.parametrize("name", ["V126/3450", "SWT142/3150", "N117/2400"])
    @pytest.mark.parametrize("density", [0.95, 1.1, 1.225])
    def test_curve_with_density_equals_windpowerlib(self, name: str, density: float) -> None:
        with library_quiet():
            from windpowerlib import WindTurbine, power_output

            turbine = WindTurbine(hub_height=100, turbine_type=name)
            speeds = pd.Series(np.linspace(0, 30, 301))
            direct = power_output.power_curve_density_correction(
                speeds,
                turbine.power_curve["wind_speed"],
                turbine.power_curve["value"],
                pd.Series(density, index=speeds.index),
            )
        bare = Turbine(name, hub_height=100, wake_loss=0, availability=1, other_losses=0)
        machine = wind.resolve(bare, defaults(None))
        constant = wind.per_unit(speeds.to_numpy(), density, machine)
        varying = wind.per_unit(speeds.to_numpy(), np.full(301, density), machine)
        wanted = np.asarray(direct) / turbine.nominal_power
        np.testing.assert_allclose(constant, wanted, atol=1e-12)
        np.testing.assert_allclose(varying, wanted, atol=1e-12)

    def test_losses_multiply(self) -> None:
        speeds = pd.Series(
            [12.0] * 48, pd.date_range("2025-01-01", periods=48, freq="1h", tz="UTC")
        )
        bare = Turbine(hub_height=100, wake_loss=0, availability=1, other_losses=0)
        lossy = Turbine(hub_height=100, wake_loss=0.1, availability=0.9, other_losses=0.05)
        one = wind.output(speeds, bare, altitude=0, height=100).iloc[0]
        other = wind.output(speeds, lossy, altitude=0, height=100).iloc[0]
        assert other / one == pytest.approx(0.9 * 0.9 * 0.95)

    def test_users_curve(self) -> None:
        curve = read_curve(DATA / "power_curve.csv")
        turbine = Turbine(curve=curve, hub_height=90, wake_loss=0, availability=1, other_losses=0)
        machine = wind.resolve(turbine, defaults(None))
        assert machine.rated_kw == 5000
        speeds = np.array([0.0, 12.0, 25.0, 25.1])
        assert wind.per_unit(speeds, 1.225, machine).tolist() == [0, 1, 1, 0]

    @pytest.mark.parametrize(
        ("curve", "text"),
        [
            ({3.0: 0.0, 4.0: 1.0}, "三个点"),
            ({3.0: 0.0, 4.0: -1.0, 5.0: 2.0}, "不小于零"),
        ],
    )
    def test_faulty_curves(self, curve: dict[float, float], text: str) -> None:
        with pytest.raises(InputError, match=text):
            wind.resolve(Turbine(curve=pd.Series(curve)), defaults(None))

    def test_unknown_turbine_names_the_nearest(self) -> None:
        with pytest.raises(InputError, match="是否应为“V126/3450”"):
            wind.resolve(Turbine("V126/3455"), defaults(None))

    def test_power_law(self) -> None:
        index = pd.date_range("2025-01-01", periods=2, freq="1h", tz="UTC")
        speed = pd.Series([5.0, 6.0], index)
        hub = wind.to_hub(speed, 80.0, height=10.0, shear_exponent=0.2)
        assert hub.tolist() == pytest.approx([5 * 8**0.2, 6 * 8**0.2])
        with pytest.raises(InputError, match="测风高度"):
            wind.to_hub(speed, 80.0)

    @settings(max_examples=50)
    @given(exponent=st.floats(-0.1, 0.5), speed=st.floats(0.5, 25), hub=st.floats(60, 160))
    def test_two_heights_recover_the_shear(self, exponent: float, speed: float, hub: float) -> None:
        index = pd.date_range("2025-01-01", periods=2, freq="1h", tz="UTC")
        low = pd.Series([speed, 0.0], index)
        high = pd.Series([speed * 7**exponent, 0.0], index)
        found = wind.to_hub({10.0: low, 70.0: high}, hub)
        assert found.iloc[0] == pytest.approx(speed * (hub / 10) ** exponent)
        assert found.iloc[1] == 0.0

    def test_negative_speed_is_refused(self) -> None:
        speed = pd.Series([5.0, -1.0], pd.date_range("2025-01-01", periods=2, freq="1h", tz="UTC"))
        with pytest.raises(InputError, match="1 个空值或负值"):
            wind.output(speed, altitude=0, height=100)

    @settings(max_examples=30)
    @given(low=st.floats(0, 3000), rise=st.floats(1, 2000))
    def test_thinner_air_never_gives_more(self, low: float, rise: float) -> None:
        machine = wind.resolve(Turbine(), defaults(None))
        speeds = np.linspace(0, 20, 81)
        below = wind.per_unit(speeds, air_density(low), machine)
        above = wind.per_unit(speeds, air_density(low + rise), machine)
        assert (above <= below + 1e-12).all()


class TestMast:
    def test_heights_in_the_headers(self) -> None:
        speeds, air = met_mast.read_speeds(DATA / "mast_two_heights.csv")
        assert sorted(speeds) == [10.0, 70.0]
        assert air is not None
        made = wind.output(speeds, altitude=2100, temperature=air)
        assert made.attrs["provenance"]["heights"] == [10.0, 70.0]
        assert made.attrs["provenance"]["shear_exponent"] is None
        assert 0.8 < made.attrs["provenance"]["air_density"] < 1.0

    @pytest.mark.parametrize(
        ("header", "height"),
        [("风速_70m", 70), ("ws80(m/s)", 80), ("100米风速(m/s)", 100), ("风速", None)],
    )
    def test_height_of_a_header(self, header: str, height: float | None) -> None:
        assert height_of(header) == height

    def test_height_must_be_known(self, tmp_path: Path) -> None:
        path = tmp_path / "m.csv"
        rows = [f"2025-01-0{d} {h:02d}:00,5" for d in (1, 2) for h in range(24)]
        path.write_text("\n".join(["时间,风速(m/s)", *rows]), encoding="utf-8")
        with pytest.raises(InputError, match="高度"):
            met_mast.read_speeds(path)
        speeds, _air = met_mast.read_speeds(path, height=80)
        assert list(speeds) == [80]

    def test_impossible_speeds_count_as_missing(self, tmp_path: Path) -> None:
        path = tmp_path / "m.csv"
        rows = [f"2025-01-0{d} {h:02d}:00,{-9 if h == 5 else 6}" for d in (1, 2) for h in range(24)]
        path.write_text("\n".join(["时间,风速_80m", *rows]), encoding="utf-8")
        speeds, _air = met_mast.read_speeds(path)
        assert (speeds[80] == 6).all()
        (problem,) = speeds[80].attrs["problems"]
        assert "2 个读数超出物理界限（如 -9）" in problem.message
