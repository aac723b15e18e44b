"""Sound files in many writings: each reader returns what they state, or refuses in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from table_writings import Written, epw, mast_table, power_curve, price_file, weather_table

from greenland.energy.profiles.renewable.clock_shift import on_whole_steps
from greenland.energy.profiles.renewable.met_mast import read_speeds
from greenland.energy.profiles.renewable.power_curve import read_curve
from greenland.energy.profiles.renewable.weather_readers import read_weather
from greenland.energy.tariff.config import SeriesFile
from greenland.energy.tariff.price_file import read_price_file
from greenland.errors import InputError

Numbers = npt.NDArray[np.float64]
TOLERANCE = {"ghi": 1.5, "dhi": 1.5, "dni": 1.5, "temp_air": 0.06, "wind_speed": 0.06}


def close(read: Numbers, truth: Numbers, tolerance: float, missing_as_missing: bool) -> None:
    known = np.isfinite(truth)
    assert np.abs(read[known] - truth[known]).max() <= tolerance
    if missing_as_missing:
        assert np.isnan(read[~known]).all()


def check_weather(file: Written) -> None:
    weather = read_weather(file.path)
    assert set(weather.table.columns) == set(file.truth)
    index = pd.DatetimeIndex(weather.table.index)
    assert (index == file.index).all()
    for name, truth in file.truth.items():
        close(weather.table[name].to_numpy(), truth, TOLERANCE[name], missing_as_missing=True)


def check_mast(file: Written) -> None:
    speeds, air = read_speeds(file.path)
    truth = dict(file.truth)
    warm = truth.pop("temp_air", None)
    assert sorted(speeds) == sorted(truth)
    for level, values in truth.items():
        assert (pd.DatetimeIndex(speeds[level].index) == file.index).all()
        close(speeds[level].to_numpy(), values, 0.06, missing_as_missing=False)
    assert (air is None) == (warm is None)
    if air is not None and warm is not None:
        close(air.to_numpy(), warm, 0.06, missing_as_missing=False)


def check_curve(file: Written) -> None:
    curve = read_curve(file.path)
    assert curve.index.to_numpy() == pytest.approx(file.truth["speed"])
    assert curve.to_numpy() == pytest.approx(file.truth["power"], abs=0.06)


def check_prices(file: Written) -> None:
    prices = read_price_file(file.path, SeriesFile(file=file.path.name, **file.options), file.index)
    assert prices.series.to_numpy() == pytest.approx(file.truth["price"], abs=1e-7)
    assert prices.notes  # how the column and its unit were understood


KINDS: dict[str, tuple[Callable[[int, Path], Written], Callable[[Written], None], int, int]] = {
    "weather": (weather_table, check_weather, 300, 24),  # of the whole run, of the short one
    "mast": (mast_table, check_mast, 200, 16),
    "epw": (epw, check_weather, 120, 12),
    "curve": (power_curve, check_curve, 250, 60),
    "price": (price_file, check_prices, 250, 30),
}
MOST_REFUSED = 0.05  # a reader that refuses sound files is no use either


def outcomes(kind: str, seeds: range, folder: Path) -> Counter[str]:
    """Read the files of some seeds: the truth (else the test fails), or refused and why."""
    write, check, _whole, _short = KINDS[kind]
    found: Counter[str] = Counter()
    for seed in seeds:
        file = write(seed, folder)
        try:
            check(file)
        except InputError as error:
            found[f"refused {error.problems[0].code}"] += 1
            continue
        except AssertionError as error:
            raise AssertionError(f"{kind} {seed}: {file.path.name}") from error
        found["right"] += 1
        file.path.unlink()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_or_a_refusal(kind: str, tmp_path: Path) -> None:
    found = outcomes(kind, range(KINDS[kind][3]), tmp_path)
    assert found["right"] >= (1 - MOST_REFUSED) * found.total(), found


@pytest.mark.campaign
@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_or_a_refusal_of_many(kind: str, tmp_path: Path) -> None:
    found = outcomes(kind, range(1000, 1000 + KINDS[kind][2]), tmp_path)
    assert found["right"] >= (1 - MOST_REFUSED) * found.total(), found


def test_half_hour_zone_keeps_the_sum(tmp_path: Path) -> None:
    index = pd.date_range("2025-01-01 00:30", periods=48, freq="1h", tz="Asia/Shanghai")
    series = pd.Series(np.arange(48.0), index=index)
    moved = on_whole_steps(series)
    assert moved.index[0] == index[0] - pd.Timedelta(minutes=30)
    assert np.isnan(moved.iloc[0])
    assert moved.iloc[1:].to_numpy() == pytest.approx(np.arange(48.0)[1:] - 0.5)
