"""Weather files of every form come out as the same weather in Beijing time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import weather_files as made

from greenland.energy.profiles.place import Place
from greenland.energy.profiles.renewable import weather as reader
from greenland.energy.profiles.renewable.weather import Form
from greenland.energy.profiles.renewable.weather_readers import read_weather, recognise
from greenland.energy.profiles.timeline import LeapDay
from greenland.errors import InputError

PLACE = Place(made.LATITUDE, made.LONGITUDE, made.ALTITUDE)


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return made.weather()


def expected(data: pd.DataFrame) -> np.ndarray:
    """GHI of the year by Beijing time: one hour later than UTC+7, the last hour put first."""
    return np.roll(data["ghi"].to_numpy(), 1)


WRITERS: dict[Form, Callable[[Path, pd.DataFrame], Path]] = {
    Form.EPW: made.write_epw,
    Form.TMY3: made.write_tmy3,
    Form.NSRDB: made.write_nsrdb,
    Form.PVGIS: made.write_pvgis_tmy,
}


@pytest.mark.parametrize("form", list(WRITERS))
def test_every_form_gives_the_same_year(form: Form, data: pd.DataFrame, tmp_path: Path) -> None:
    path = WRITERS[form](tmp_path / "weather.csv", data)
    weather = read_weather(path)
    assert weather.form is form
    assert weather.place == PLACE
    table = weather.for_year(2025)
    assert table.index[0] == pd.Timestamp("2025-01-01", tz="Asia/Shanghai")
    assert table["ghi"].tolist() == expected(data).tolist()
    assert table["wind_speed"].tolist() == np.roll(data["wind_speed"].to_numpy(), 1).tolist()
    assert table["temp_air"].tolist() == np.roll(data["temp_air"].to_numpy(), 1).tolist()
    assert table.attrs["filled_runs"] == ()
    assert any("北京时间" in note for note in table.attrs["provenance"]["notes"])


def test_pvgis_hourly(data: pd.DataFrame, tmp_path: Path) -> None:
    weather = read_weather(made.write_pvgis_hourly(tmp_path / "p.csv", data))
    table = weather.for_year(2025)
    assert table["ghi"].tolist() == expected(data).tolist()
    assert table["dhi"].tolist() == np.roll(data["dhi"].to_numpy(), 1).tolist()


def test_pvgis_of_a_tilted_plane_is_refused(data: pd.DataFrame, tmp_path: Path) -> None:
    path = made.write_pvgis_hourly(tmp_path / "p.csv", data, slope="25 deg.")
    with pytest.raises(InputError, match="倾斜面"):
        read_weather(path)


def test_typical_years_are_said(data: pd.DataFrame, tmp_path: Path) -> None:
    weather = read_weather(made.write_epw(tmp_path / "w.epw", data))
    assert weather.typical
    record = weather.for_year(2025).attrs["provenance"]
    assert any("典型气象年" in note for note in record["notes"])
    assert record["source_year"] is None


def test_leap_year_repeats_a_day(data: pd.DataFrame, tmp_path: Path) -> None:
    table = read_weather(made.write_nsrdb(tmp_path / "w.csv", data)).for_year(2024)
    assert len(table) == 8784
    assert table.attrs["provenance"]["leap_day"] == "repeated feb28"
    assert table.loc["2024-02-29", "ghi"].tolist() == table.loc["2024-02-28", "ghi"].tolist()


class TestTable:
    def write(self, path: Path, data: pd.DataFrame, names: dict[str, str]) -> Path:
        table = data.rename(columns=names)
        table.insert(0, "时间", table.index.strftime("%Y-%m-%d %H:%M"))
        table.to_csv(path, index=False, encoding="gb18030")
        return path

    def test_headers_are_recognised(self, data: pd.DataFrame, tmp_path: Path) -> None:
        names = {
            "ghi": "水平面总辐射(W/㎡)",
            "dni": "法向直射(W/㎡)",
            "dhi": "散射辐射(W/㎡)",
            "temp_air": "气温(℃)",
            "wind_speed": "风速(m/s)",
        }
        path = self.write(tmp_path / "w.csv", data, names)
        weather = read_weather(path, place=PLACE)
        assert weather.form is Form.TABLE
        assert sorted(weather.table.columns) == sorted(names)

    @pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
    def test_recognising_halves_no_character(self, tmp_path: Path, encoding: str) -> None:
        path = tmp_path / "w.csv"
        for shift in range(4):
            path.write_text("x" * shift + "时间,总辐射\n" + "说明" * 3000, encoding=encoding)
            assert recognise(path) is Form.TABLE

    def test_named_columns(self, data: pd.DataFrame, tmp_path: Path) -> None:
        path = self.write(tmp_path / "w.csv", data, {"ghi": "q1", "temp_air": "t"})
        weather = read_weather(path, place=PLACE, columns={"ghi": "q1", "temp_air": "t"})
        assert weather.table["ghi"].tolist() == data["ghi"].tolist()
        with pytest.raises(InputError, match="没有名为“nope”的列"):
            read_weather(path, columns={"ghi": "nope"})
        with pytest.raises(InputError, match="不认识的气象量“rain”"):
            read_weather(path, columns={"rain": "q1"})

    def test_gaps_are_filled_and_told(self, data: pd.DataFrame, tmp_path: Path) -> None:
        holed = data.drop(data.index[100:130])
        table = read_weather(self.write(tmp_path / "w.csv", holed, {}), place=PLACE).for_year(2023)
        assert table.notna().all().all()
        assert table.attrs["filled_runs"] == ((100, 130, "similar_days"),)

    def test_utc_clock(self, data: pd.DataFrame, tmp_path: Path) -> None:
        path = self.write(tmp_path / "w.csv", data, {})
        table = read_weather(path, place=PLACE, timezone="UTC").for_year(2023)
        assert table["ghi"].tolist() == np.roll(data["ghi"].to_numpy(), 8).tolist()
        assert table.attrs["filled_runs"] == ()

    def test_several_years_need_a_choice(self, data: pd.DataFrame, tmp_path: Path) -> None:
        two = pd.concat([data, made.weather(2024)])
        weather = read_weather(self.write(tmp_path / "w.csv", two, {}), place=PLACE)
        assert reader.complete_years(weather) == [2023, 2024]
        with pytest.raises(InputError, match="2023、2024"):
            weather.for_year(2025)
        table = weather.for_year(2025, source_year=2024, leap_day=LeapDay.DECEMBER_31)
        assert len(table) == 8760
        assert table.attrs["provenance"]["leap_day"] == "dropped dec31"
        with pytest.raises(InputError, match="没有 1999 年"):
            weather.for_year(2025, source_year=1999)

    def test_several_years_one_after_the_other(self, data: pd.DataFrame, tmp_path: Path) -> None:
        two = pd.concat([data, made.weather(2024)]).drop(data.index[100:130])
        weather = read_weather(self.write(tmp_path / "w.csv", two, {}), place=PLACE)
        table = weather.for_years([2023, 2024])
        assert len(table) == 8760 + 8784
        assert table.attrs["filled_runs"] == ((100, 130, "similar_days"),)
        assert table.attrs["provenance"]["years"] == [2023, 2024]
        with pytest.raises(InputError, match="连续的整年"):
            weather.for_years([2022, 2024])

    def test_nothing_to_use(self, tmp_path: Path) -> None:
        path = tmp_path / "w.csv"
        path.write_text("时间,湿度\n2025-01-01 00:00,50\n2025-01-01 01:00,51\n", encoding="utf-8")
        with pytest.raises(InputError, match="没有总辐照"):
            read_weather(path)


def test_cut_off_file_is_named(data: pd.DataFrame, tmp_path: Path) -> None:
    path = made.write_pvgis_tmy(tmp_path / "w.csv", data)
    path.write_text("\n".join(path.read_text("utf-8").splitlines()[:400]), encoding="utf-8")
    with pytest.raises(InputError, match="PVGIS 数据不完整"):
        read_weather(path)
