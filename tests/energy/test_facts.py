"""Facts of load, resource and losses: reckoned by hand, adding up, and faults of the weather."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from filing_case import write_case, write_weather

from greenland.energy.case import read_case
from greenland.energy.evaluate import EnergyResult, evaluate_file
from greenland.energy.facts.investment import investment_items
from greenland.energy.facts.load import bands, load_facts
from greenland.energy.facts.losses import PARTS, loss_facts
from greenland.energy.facts.percentiles import percentiles
from greenland.energy.facts.weather import weather_facts
from greenland.energy.site import Grid, Site, Source, Storage
from greenland.energy.sizing.solve import size
from greenland.errors import InputError


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> EnergyResult:
    return evaluate_file(write_case(tmp_path_factory.mktemp("facts")))


@pytest.fixture(scope="module")
def weathered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("weather")
    write_weather(folder / "weather.csv")
    return write_case(folder, more="weather: {file: weather.csv, wind_height: 80}\n")


def test_a_load_of_two_days_by_hand() -> None:
    """Day one 1 to 3 MW, day two 2 MW but one hour of 4."""
    index = pd.date_range("2026-03-31", periods=48, freq="h")
    values = np.r_[np.full(12, 1.0), np.full(12, 3.0), np.full(23, 2.0), 4.0]
    found = load_facts(pd.Series(values, index), 1.0, 48 / 8760)
    assert found["peak_mw"] == 4.0
    assert found["peak_time"] == "2026-04-01 23:00:00"
    assert found["mean_mw"] == pytest.approx((12 + 36 + 46 + 4) / 48)
    assert found["load_factor"] == pytest.approx(98 / 48 / 4)
    assert found["peak_valley_mw"] == 2.0
    assert found["peak_valley_day"] == "2026-03-31"
    assert found["peak_valley_share"] == pytest.approx(2 / 3)
    assert found["energy_mwh"] == pytest.approx(98 * 8760 / 48)
    assert [row["month"] for row in found["monthly"]] == [3, 4]


def test_bands_hold_every_hour_once() -> None:
    """A value on an edge belongs to the band above it, the largest to the last."""
    found = bands(np.array([0.0, 1.0, 5.0, 10.0, 10.0]), 2.0)
    assert [row["hours"] for row in found] == [2, 2, 0, 0, 0, 2, 0, 0, 0, 4]
    assert bands(np.zeros(3), 1.0) == []


def test_losses_add_up_to_the_possible_output(result: EnergyResult) -> None:
    found = loss_facts(result.plan)
    for row in (found, *found["monthly"]):
        assert sum(row[part] for part in PARTS) == pytest.approx(row["possible"], rel=1e-9)
    energy = result.plan.energy
    assert found["possible"] == pytest.approx(energy["available_generation"])
    assert found["self_use"] == pytest.approx(energy["self_use"])
    assert found["storage_loss"] > 0


def test_losses_of_grid_energy_in_storage_are_none_of_the_sources() -> None:
    """Cheap nights are stored beside the sun: what they lose is not lost of its output."""
    index = pd.date_range("2026-01-01", periods=48, freq="h")
    price = np.where(index.hour < 8, 0.1, 1.0)
    sun = np.where((index.hour > 9) & (index.hour < 15), 1.0, 0.0)
    store = Storage(
        "cells",
        energy_capex=100.0,
        power_capex=50.0,
        charge_efficiency=0.9,
        discharge_efficiency=0.9,
        grid_charging=True,
    )
    site = Site(
        pd.Series(2.0, index),
        sources=[Source("pv", sun, capex=100.0, min_mw=3.0, max_mw=3.0)],
        storages=[store],
        grid=Grid(import_price=price, capacity_mw=20.0),
    )
    plan = size(site)
    assert plan.schedule.filter(like="grid_charge").to_numpy().sum() > 1  # it is charged at night
    found = loss_facts(plan)
    assert found["storage_loss"] < plan.energy["storage_loss"] - 1
    assert sum(found[part] for part in PARTS) == pytest.approx(found["possible"], rel=1e-9)


def test_investment_by_item_is_the_investment(result: EnergyResult) -> None:
    sizes = {str(name): float(value) for name, value in result.plan.capacities.items()}
    found = investment_items(result.site, sizes)
    assert sum(row["yuan"] for row in found) == pytest.approx(result.plan.capex, rel=1e-12)
    line = next(row for row in found if row["kind"] == "fixed_asset")
    assert (line["owner"], line["yuan"], line["size"]) == ("专线", 1.2e7, None)
    pv = next(row for row in found if row["owner"] == "pv")
    assert pv["yuan"] == pytest.approx(1000 * 3000 * sizes["pv"])


def test_users_are_shares_of_the_whole(result: EnergyResult) -> None:
    users = result.to_record(with_schedule=False)["load"]["users"]
    assert [one["user"] for one in users] == ["甲", "乙"]
    assert sum(one["share"] for one in users) == pytest.approx(1.0)
    peak = result.to_record(with_schedule=False)["load"]["peak_mw"]
    assert sum(one["at_peak_mw"] for one in users) == pytest.approx(peak)


def test_percentiles_are_named_by_what_exceeds_them() -> None:
    """P90 is the low one: nine years in ten give more."""
    found = percentiles([100.0, 200.0, 300.0])
    assert (found["p90"], found["p50"], found["p10"]) == pytest.approx((120.0, 200.0, 280.0))
    assert percentiles([100.0]) == {"p10": None, "p50": None, "p90": None}


@pytest.mark.slow
def test_weather_by_month_and_year(weathered: Path) -> None:
    """600 W/m2 at noon: the hours of a day sum to 600·cot(π/24) Wh/m2."""
    loaded = read_case(weathered)
    assert loaded.weather is not None
    found = weather_facts(loaded.weather, 2026)
    day = 0.6 / np.tan(np.pi / 24)
    assert found["years"] == [2023, 2024]
    first, second = (row["ghi_kwh_m2"] for row in found["by_year"])
    assert first == pytest.approx(365 * day, rel=1e-4)
    assert second == pytest.approx(366 * 1.1 * day, rel=1e-4)
    assert found["ghi_p50"] == pytest.approx((first + second) / 2)
    assert found["wind_height"] == 80
    january = found["monthly"][0]
    assert january["diffuse_kwh_m2"] == pytest.approx(0.4 * january["ghi_kwh_m2"], rel=1e-3)
    assert january["ghi_kwh_m2"] == pytest.approx(31 * 1.05 * day, rel=1e-4)
    hours = sum(row["hours"] for row in found["wind_bins"])
    assert hours == pytest.approx((8760 + 8784) / 2)


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ("weather: {file: none.csv}\n", "找不到气象文件 none.csv"),
        ("weather: {file: short.csv}\n", "没有完整的一年"),
        ("weather: {file: short.csv, wind_height: 0}\n", "wind_height”应大于 0"),
        ("weather: {files: a.csv}\n", "不认识的项“weather.files”"),
    ],
)
def test_faults_of_the_weather_are_told(tmp_path: Path, more: str, match: str) -> None:
    path = write_case(tmp_path, more=more)
    index = pd.date_range("2024-01-01", periods=400, freq="h", name="时间")
    pd.DataFrame({"ghi(W/m2)": np.where(index.hour.isin(range(8, 17)), 300.0, 0.0)}, index).to_csv(
        tmp_path / "short.csv"
    )
    with pytest.raises(InputError, match=match):
        read_case(path)
