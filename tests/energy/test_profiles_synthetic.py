"""Synthetic years: calibrated, repeatable, plausible, and labelled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenland.energy.profiles.renewable import synthetic
from greenland.energy.profiles.renewable.pv import Array, Rated
from greenland.energy.profiles.renewable.wind import Turbine
from greenland.energy.profiles.timeline import full_load_hours
from greenland.errors import InputError

# Kunming, typical meteorological year: monthly irradiation [kWh/m²] and wind at 10 m [m/s]
GHI = [114, 126, 160, 170, 158, 131, 124, 130, 117, 104, 104, 105]
WIND = [2.9, 3.4, 3.6, 3.6, 3.0, 2.6, 2.4, 2.2, 2.3, 2.5, 2.5, 2.6]
PLACE = (25.0, 102.7, 1950.0)


@pytest.fixture(scope="module")
def sun_year() -> pd.Series:
    return synthetic.pv_year(2025, *PLACE, seed=1, arrays=Array(tilt=25.0))


@pytest.fixture(scope="module")
def wind_year() -> pd.Series:
    return synthetic.wind_year(2025, *PLACE, seed=1)


class TestPv:
    def test_full_load_hours_of_yunnan(self, sun_year: pd.Series) -> None:
        assert full_load_hours(sun_year) == pytest.approx(1350.0, abs=1e-6)

    @pytest.mark.parametrize("hours", [1100.0, 1550.0])
    def test_other_full_load_hours(self, hours: float) -> None:
        made = synthetic.pv_year(2024, *PLACE, full_load_hours=hours, step="15min")
        assert full_load_hours(made) == pytest.approx(hours, abs=1e-6)
        assert len(made) == 8784 * 4

    def test_out_of_reach(self) -> None:
        with pytest.raises(InputError, match="年利用小时不能达到 3000"):
            synthetic.pv_year(2025, *PLACE, full_load_hours=3000)

    def test_same_seed_same_year(self, sun_year: pd.Series) -> None:
        again = synthetic.pv_year(2025, *PLACE, seed=1, arrays=Array(tilt=25.0))
        other = synthetic.pv_year(2025, *PLACE, seed=2, arrays=Array(tilt=25.0))
        assert sun_year.equals(again)
        assert np.corrcoef(sun_year.resample("D").sum(), other.resample("D").sum())[0, 1] < 0.5

    def test_against_kunmings_typical_year(self, sun_year: pd.Series) -> None:
        # 1350 h at 25° south with the default losses of 14 % need 7 % more sun than the
        # typical year's 1541 kWh/m²
        record = sun_year.attrs["provenance"]
        assert record["horizontal_kwh_per_m2"] == pytest.approx(1541, rel=0.10)
        months = sun_year.groupby(sun_year.index.month).sum()
        assert months.idxmax() in (3, 4)
        assert months.idxmin() in (6, 7, 8, 9, 10)
        # tilted south: winter gains on the level, so compare only the order of the seasons
        assert np.corrcoef(months, GHI)[0, 1] > 0.5

    def test_sun_and_hours_of_the_typical_year_agree_at_lower_losses(self) -> None:
        # 1541 kWh/m² and 1348 h at 25° south; only one of the two is given to the calibration
        array = Array(tilt=25.0, losses=0.075)
        made = synthetic.pv_year(2025, *PLACE, full_load_hours=1348, arrays=array)
        sun = made.attrs["provenance"]["horizontal_kwh_per_m2"]
        assert sun == pytest.approx(1541, rel=0.01)

    def test_monthly_sun_before_calibration(self) -> None:
        # the cloud process itself meets each month's irradiation to the rounding of its source
        from greenland.energy.profiles.defaults import defaults
        from greenland.energy.profiles.place import Place, sun
        from greenland.energy.profiles.timeline import year_index

        values, index, place = defaults(None), year_index(2025, "15min"), Place(*PLACE)
        clear = synthetic.clear_sky(index, sun(index, place), place)
        wanted = synthetic._monthly_index(index, clear, values)
        cloud = synthetic.cloud_index(index, clear, wanted, values, seed=3)
        months = index.month.to_numpy()
        monthly = np.bincount(months, weights=clear * cloud)[1:] / 4000
        np.testing.assert_allclose(monthly, GHI, atol=0.6)
        assert (clear * cloud).sum() / 4000 == pytest.approx(1541, rel=0.005)

    def test_dark_nights_and_limits(self, sun_year: pd.Series) -> None:
        night = sun_year[(sun_year.index.hour < 5) | (sun_year.index.hour > 20)]
        assert (night == 0).all()
        assert 0 <= sun_year.min() <= sun_year.max() <= 1 / 1.2 + 1e-12

    def test_weather_comes_in_spells(self, sun_year: pd.Series) -> None:
        daily = sun_year.resample("D").sum()
        season = daily.rolling(31, center=True, min_periods=1).mean()
        assert 0.2 < (daily / season).autocorr(1) < 0.8
        assert (daily / season).std() > 0.2

    def test_rated_by_inverters(self) -> None:
        made = synthetic.pv_year(2025, *PLACE, full_load_hours=1500, rated=Rated.AC)
        assert made.sum() == pytest.approx(1500)
        assert made.max() <= 1 + 1e-12

    def test_labelled(self, sun_year: pd.Series) -> None:
        record = sun_year.attrs["provenance"]
        assert (record["kind"], record["synthetic"]) == ("synthetic", True)
        assert "非实测" in record["notes"][0]
        assert "energy.resource.pv_hours" in record["rules"]
        assert sun_year.attrs["quality"]["verdict"] == "good"


class TestWind:
    def test_full_load_hours_of_yunnan(self, wind_year: pd.Series) -> None:
        assert full_load_hours(wind_year) == pytest.approx(2100.0, abs=1e-6)

    def test_out_of_reach(self) -> None:
        with pytest.raises(InputError, match="风电的年利用小时"):
            synthetic.wind_year(2025, full_load_hours=8000)

    def test_same_seed_same_year(self, wind_year: pd.Series) -> None:
        assert wind_year.equals(synthetic.wind_year(2025, *PLACE, seed=1))
        assert not wind_year.equals(synthetic.wind_year(2025, *PLACE, seed=2))

    def test_limits_and_memory(self, wind_year: pd.Series) -> None:
        losses = (1 - 0.08) * 0.97 * (1 - 0.03)
        assert 0 <= wind_year.min() <= wind_year.max() <= losses + 1e-12
        assert wind_year.autocorr(1) > 0.9
        assert wind_year.autocorr(24 * 30) < 0.3

    def test_seasons_over_many_seeds(self) -> None:
        # one year's months scatter; ten years' mean follows Kunming's spring maximum
        years = [synthetic.wind_year(2025, *PLACE, seed=seed) for seed in range(10)]
        mean = sum(year.groupby(year.index.month).sum() for year in years) / 10
        assert mean.idxmax() in (2, 3, 4)
        assert np.corrcoef(mean, WIND)[0, 1] > 0.8

    def test_thin_air_needs_more_wind(self) -> None:
        low = synthetic.wind_year(2025, altitude=0.0)
        high = synthetic.wind_year(2025, altitude=2500.0)
        speed = [item.attrs["provenance"]["mean_speed"] for item in (low, high)]
        assert speed[1] > speed[0]

    def test_another_turbine(self) -> None:
        made = synthetic.wind_year(2025, turbine=Turbine("V90/2000"))
        assert made.attrs["provenance"]["turbine"]["name"] == "V90/2000"

    def test_labelled(self, wind_year: pd.Series) -> None:
        assert wind_year.attrs["provenance"]["synthetic"]


def test_chain_has_its_correlation() -> None:
    numbers = synthetic.chain(200_000, 0.8, np.random.default_rng(0))
    assert numbers.std() == pytest.approx(1.0, abs=0.02)
    assert np.corrcoef(numbers[1:], numbers[:-1])[0, 1] == pytest.approx(0.8, abs=0.01)
