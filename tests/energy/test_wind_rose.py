"""The wind rose: directions of every form of file, their bounds, calm, and sectors by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import weather_files as made

from greenland.energy.facts.rose import rose_facts
from greenland.energy.facts.weather import weather_facts
from greenland.energy.profiles.renewable.directions import (
    POINTS,
    direction_header,
    directions_of,
)
from greenland.energy.profiles.renewable.weather import Form, Weather
from greenland.energy.profiles.renewable.weather_readers import read_weather
from greenland.errors import InputError
from greenland.record.energy.facts import WeatherRecord
from greenland.report.charts import rose
from greenland.report.sections.energy.facts import wind_sectors

WRITERS: dict[Form, Callable[[Path, pd.DataFrame], Path]] = {
    Form.EPW: made.write_epw,
    Form.TMY3: made.write_tmy3,
    Form.NSRDB: made.write_nsrdb,
    Form.PVGIS: made.write_pvgis_tmy,
}


def blowing(speeds: list[float], directions: list[float]) -> Weather:
    """Weather of a few hours."""
    index = pd.date_range("2025-01-01", periods=len(speeds), freq="h", tz="Asia/Shanghai")
    table = pd.DataFrame({"wind_speed": speeds}, index)
    return Weather(table, None, Form.TABLE, "mast.csv", direction=pd.Series(directions, index))


def rows_of(found: dict[str, object]) -> dict[str, dict[str, float]]:
    rows = found["wind_rose"]
    assert isinstance(rows, list)
    return {row["sector"]: row for row in rows}


def test_sectors_by_hand() -> None:
    """Eight hours: one calm, one without direction; 348.75° begins the sector of the north."""
    speeds = [0.2, 5.0, 5.0, 4.0, 2.0, 6.0, 3.0, 8.0]
    directions = [90.0, np.nan, 348.75, 11.24, 11.25, 180.0, 191.25, 348.74]
    found = rose_facts(blowing(speeds, directions), ())
    rows = rows_of(found)
    counted = {sector: round(row["share"] * 7) for sector, row in rows.items() if row["share"]}
    assert counted == {"N": 2, "NNE": 1, "S": 1, "SSW": 1, "NNW": 1}
    assert found["wind_calm"] == pytest.approx(1 / 7)
    assert found["wind_calm_m_s"] == 0.2
    assert found["wind_direction_share"] == pytest.approx(7 / 8)
    assert rows["N"]["mean_m_s"] == pytest.approx(4.5)
    assert rows["E"]["mean_m_s"] is None
    cubes = 125 + 64 + 8 + 216 + 27 + 512
    assert rows["NNW"]["energy_share"] == pytest.approx(512 / cubes)
    assert sum(row["share"] for row in rows.values()) + 1 / 7 == pytest.approx(1.0)


def test_calm_needs_no_direction() -> None:
    found = rose_facts(blowing([0.0, 0.1, 3.0], [np.nan, np.nan, 45.0]), ())
    assert found["wind_calm"] == pytest.approx(2 / 3)
    assert rows_of(found)["NE"]["share"] == pytest.approx(1 / 3)


def test_without_directions_there_is_no_rose() -> None:
    bare = blowing([1.0] * 20, [np.nan] * 19 + [90.0])  # one in twenty is none
    for weather in (bare, replace(bare, direction=None)):
        found = rose_facts(weather, ())
        assert found["wind_rose"] == []
        assert found["wind_calm"] is None
    assert rose_facts(blowing([0.1, 0.0], [90.0, 90.0]), ())["wind_rose"] == []


@pytest.mark.parametrize("form", list(WRITERS))
def test_every_form_has_its_directions(form: Form, tmp_path: Path) -> None:
    """From the west by day and the east by night; the clock of the file moves nothing."""
    data = made.weather()
    hour = pd.DatetimeIndex(data.index).hour
    data["wind_direction"] = np.where((hour >= 6) & (hour < 18), 270.0, 90.0)
    weather = read_weather(WRITERS[form](tmp_path / "weather.csv", data))
    rows = rows_of(rose_facts(weather, ()))
    assert rows["W"]["share"] == pytest.approx(0.5, abs=1e-3)
    assert rows["E"]["share"] == pytest.approx(0.5, abs=1e-3)


def test_missing_codes_of_epw_are_no_direction(tmp_path: Path) -> None:
    data = made.weather()
    data["wind_direction"] = 225.0
    data.iloc[:100, -1] = 999.0
    found = rose_facts(read_weather(made.write_epw(tmp_path / "a.epw", data)), ())
    assert rows_of(found)["SW"]["share"] == 1.0
    assert found["wind_direction_share"] == pytest.approx(1 - 100 / 8760)


def mast(path: Path, **columns: object) -> Path:
    index = pd.date_range("2025-01-01", "2025-12-31 23:00", freq="h", name="时间")
    base: dict[str, object] = {"风速_80m(m/s)": 6.0, "风速_10m(m/s)": 4.0}
    pd.DataFrame(base | columns, index).to_csv(path)
    return path


def test_of_several_vanes_the_one_at_the_height_of_the_speed_counts(tmp_path: Path) -> None:
    path = mast(
        tmp_path / "mast.csv", **{"风向_10m": 45.0, "风向标准差_80m": 9.0, "风向_80m(°)": 0.0}
    )
    weather = read_weather(path, wind_height=80.0)
    facts = weather_facts(weather, 2025)
    assert facts["wind_height"] == 80.0
    assert rows_of(facts)["N"]["share"] == 1.0
    assert any("风向：风向_80m(°)" in note for note in weather.notes)
    assert "风向_10m" in weather.notes[-1]  # among what was not used


def test_the_user_names_the_vane(tmp_path: Path) -> None:
    path = mast(tmp_path / "mast.csv", 风向_80m=0.0, 测点3=90.0)
    weather = read_weather(path, columns={"wind_direction": "测点3"}, wind_height=80.0)
    assert rows_of(rose_facts(weather, ()))["E"]["share"] == 1.0
    with pytest.raises(InputError, match="没有名为“风标”的列"):
        read_weather(path, columns={"wind_direction": "风标"})


def test_points_by_name_count_like_degrees(tmp_path: Path) -> None:
    words = np.array(["NNE", "北东北", "北北东", " nne", "C", "静风", "西", "W"])
    path = mast(tmp_path / "mast.csv", 风向=np.resize(words, 8760))
    rows = rows_of(rose_facts(read_weather(path), ()))
    assert rows["NNE"]["share"] == pytest.approx(4 / 6)
    assert rows["W"]["share"] == pytest.approx(2 / 6)


def test_every_point_stands_at_its_degrees() -> None:
    found = directions_of(pd.Series(list(POINTS)), "dir", "a.csv").values
    assert found is not None
    assert found.tolist() == [22.5 * place for place in range(16)]


def test_what_is_no_direction_is_said_and_left_out() -> None:
    few = directions_of(pd.Series([10.0] * 99 + [400.0]), "风向", "a.csv")
    assert few.values is not None
    assert np.isnan(few.values[-1])
    (problem,) = few.problems
    assert "有 1 个值不在 0–360 之内，按缺测计" in str(problem.message)
    assert (problem.got, problem.allowed, problem.column) == ("400", "0–360", "风向")
    many = directions_of(pd.Series([10.0] * 5 + [-30.0] * 5), "风向", "a.csv")
    assert many.values is None
    assert "未采用，不画风向玫瑰图" in str(many.problems[0].message)
    codes = directions_of(pd.Series([10.0] * 5 + [999.0] * 5 + [990.0] * 5), "风向", "a.csv")
    assert codes.problems == ()
    turned = directions_of(pd.Series([360.0, 0.0]), "风向", "a.csv").values
    assert turned is not None
    assert turned.tolist() == [0.0, 0.0]


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["风速_70m", "风向_70m"], "风向_70m"),
        (["ws80", "wd80", "wd10"], "wd80"),
        (["Wind Speed", "Wind Direction"], "Wind Direction"),
        (["speed", "最大风速的风向", "风向标准差"], None),
        (["风速", "风向(rad)"], None),
    ],
)
def test_headings_of_directions(headers: list[str], found: str | None) -> None:
    assert direction_header(headers, 80.0) == found


def test_years_that_are_not_whole_do_not_count() -> None:
    weather = blowing([3.0, 3.0], [0.0, 90.0])
    assert rose_facts(weather, (2024,))["wind_rose"] == []
    assert rows_of(rose_facts(weather, (2025,)))["N"]["share"] == 0.5


@pytest.fixture(scope="module")
def record() -> WeatherRecord:
    shares = [0.3, 0.05, *[0.04] * 13, 0.1]
    rows = [
        {"sector": point, "share": share, "mean_m_s": 5.0, "energy_share": share / 0.97}
        for point, share in zip(POINTS, shares, strict=True)
    ]
    given = {"wind_rose": rows, "wind_calm": 0.03, "wind_calm_m_s": 0.2, "wind_height": 80.0}
    return WeatherRecord.model_validate(
        {"file": "mast.csv", "typical": False, "wind_direction_share": 0.98, **given}
    )


def test_the_rose_of_the_page(record: WeatherRecord) -> None:
    chart = rose.wind_rose(record)
    assert chart is not None
    assert "80 m 高以 N 风最多（30.0%），其次 NNW（10.0%），静风 3.0%" in str(chart.title)
    petals = chart.spec["layer"][1]["data"]["values"]
    assert petals[0]["start"] == -petals[0]["end"]  # north stands upright
    assert petals[4]["start"] + petals[4]["end"] == pytest.approx(np.pi, rel=1e-5)  # the east
    assert petals[0]["radius"] / petals[15]["radius"] == pytest.approx(3.0, rel=1e-5)
    rings = chart.spec["layer"][0]["data"]["values"]
    assert [ring["said"] for ring in rings] == ["10%", "20%", "30%"]
    assert rings[-1]["radius"] == pytest.approx(petals[0]["radius"])


def test_the_table_says_what_stands_beside_the_sectors(record: WeatherRecord) -> None:
    table = wind_sectors(record)
    assert table is not None
    assert len(table.rows) == 16
    assert "静风（不高于 0.2 m/s）另占 3.0%；98.0% 的时间有记录" in str(table.note)


def test_nothing_is_drawn_without_directions(record: WeatherRecord) -> None:
    bare = record.model_copy(update={"wind_rose": ()})
    assert rose.wind_rose(bare) is None
    assert wind_sectors(bare) is None
