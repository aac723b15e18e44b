"""Outages and curtailment in measured output are found, replaced and told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.place import Place
from greenland.energy.profiles.readings import Label, Readings
from greenland.energy.profiles.renewable import scada, synthetic
from greenland.errors import InputError

KUNMING = Place(25.0, 102.7, 1950.0)
MW = 50.0


@pytest.fixture(scope="module")
def sun_year() -> pd.Series:
    return synthetic.pv_year(2025, 25.0, 102.7, 1950.0, seed=5)


@pytest.fixture(scope="module")
def wind_year() -> pd.Series:
    return synthetic.wind_year(2025, seed=5)


def readings(per_unit: pd.Series) -> Readings:
    series = (per_unit * MW).rename("output")
    series.attrs = {}
    return Readings(series, Label.LEFT, sources=("plant.csv",))


def test_untouched_output_comes_back(sun_year: pd.Series) -> None:
    made = scada.per_unit(readings(sun_year), Subject.PV, MW, place=KUNMING, detect=False)
    np.testing.assert_allclose(made, sun_year, atol=1e-12)
    assert made.attrs["quality"]["masked"] == []


def test_synthetic_year_has_next_to_nothing_to_mask(sun_year: pd.Series) -> None:
    sheet = scada.per_unit(readings(sun_year), Subject.PV, MW).attrs["quality"]
    assert sheet["outage_hours"] + sheet["curtailment_hours"] < 0.01 * 8760


def test_pv_outage(sun_year: pd.Series) -> None:
    broken = sun_year.copy()
    broken.loc["2025-04-10":"2025-04-12"] = 0.0
    made = scada.per_unit(readings(broken), Subject.PV, MW, place=KUNMING)
    sheet = made.attrs["quality"]
    found = [item for item in sheet["masked"] if item["kind"] == "outage"]
    assert {item["start"][:10] for item in found} >= {"2025-04-10", "2025-04-11", "2025-04-12"}
    assert made.loc["2025-04-11"].max() > 0.2
    assert sheet["added_full_load_hours"] > 3
    assert any(item["code"] == "outage" for item in sheet["problems"])


def test_pv_curtailment(sun_year: pd.Series) -> None:
    held = sun_year.copy()
    april = sun_year.loc["2025-04"].resample("D").sum()
    best = april.idxmax().date()
    day = held.loc[str(best)]
    held.loc[str(best)] = np.minimum(day, 0.25)
    made = scada.per_unit(readings(held), Subject.PV, MW)
    found = [item for item in made.attrs["quality"]["masked"] if item["kind"] == "curtailment"]
    assert str(best) in {item["start"][:10] for item in found}
    assert (made.loc[str(best)] >= held.loc[str(best)] - 1e-12).all()


def test_known_curtailment_is_taken_as_given(sun_year: pd.Series) -> None:
    held = sun_year.copy()
    marks = pd.Series(False, index=held.index)
    marks.loc["2025-05-05 10:00":"2025-05-05 14:00"] = True
    held[marks] = 0.02
    made = scada.per_unit(readings(held), Subject.PV, MW, curtailed=marks, detect=False)
    assert made.attrs["quality"]["curtailment_hours"] == 5
    assert made[marks].min() > 0.02


def test_wind_outage_needs_days_without_a_speed(wind_year: pd.Series) -> None:
    broken = wind_year.copy()
    broken.iloc[1000:1100] = 0.0
    sheet = scada.per_unit(readings(broken), Subject.WIND, MW).attrs["quality"]
    assert sheet["outage_hours"] >= 100


def test_wind_outage_with_a_speed(wind_year: pd.Series) -> None:
    broken = wind_year.copy()
    broken.iloc[1000:1004] = 0.0
    speed = pd.Series(4.0, index=broken.index)
    speed.iloc[990:1010] = 9.0
    broken.iloc[990:1000] = 0.6
    broken.iloc[1004:1010] = 0.6
    sheet = scada.per_unit(readings(broken), Subject.WIND, MW, speed=speed).attrs["quality"]
    assert [
        (item["start"], item["hours"]) for item in sheet["masked"] if item["kind"] == "outage"
    ] == [(broken.index[1000].isoformat(), 4.0)]


def test_wind_held_level(wind_year: pd.Series) -> None:
    held = wind_year.copy()
    held.iloc[2000:2012] = 0.3
    sheet = scada.per_unit(readings(held), Subject.WIND, MW).attrs["quality"]
    assert {"kind": "curtailment", "start": held.index[2000].isoformat(), "hours": 12.0} in sheet[
        "masked"
    ]


def test_too_much_masked_is_refused(sun_year: pd.Series) -> None:
    broken = sun_year.copy()
    marks = pd.Series(False, index=broken.index)
    marks.iloc[:3000] = True
    with pytest.raises(InputError, match="是补入的"):
        scada.per_unit(readings(broken), Subject.PV, MW, curtailed=marks)
    made = scada.per_unit(readings(broken), Subject.PV, MW, curtailed=marks, allow_filled=["pv"])
    assert made.attrs["quality"]["verdict"] == "allowed"


def test_above_capacity_is_told(wind_year: pd.Series) -> None:
    over = wind_year.copy()
    over.iloc[10] = 1.002
    problems = scada.per_unit(readings(over), Subject.WIND, MW).attrs["quality"]["problems"]
    assert ("over_capacity", "notice") in {(item["code"], item["severity"]) for item in problems}
    over.iloc[10] = 1.5
    problems = scada.per_unit(readings(over), Subject.WIND, MW).attrs["quality"]["problems"]
    assert ("over_capacity", "warning") in {(item["code"], item["severity"]) for item in problems}


def test_capacity_must_be_positive(wind_year: pd.Series) -> None:
    with pytest.raises(InputError, match="容量应大于零"):
        scada.per_unit(readings(wind_year), Subject.WIND, 0.0)
