"""Curves kept on disk with their provenance, and the commands that make them."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
import weather_files
from click.testing import CliRunner, Result

from greenland.cli.profile import profile
from greenland.energy.profiles import store
from greenland.energy.profiles.gaps import Subject
from greenland.energy.profiles.load import meter, shapes
from greenland.energy.profiles.load.combine import added
from greenland.energy.profiles.renewable import synthetic
from greenland.errors import InputError

DATA = Path(__file__).with_name("data")
KUNMING = ["--latitude", "25", "--longitude", "102.7", "--altitude", "1950"]


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(profile, [str(item) for item in arguments])


class TestStore:
    def test_there_and_back(self, tmp_path: Path) -> None:
        series = synthetic.wind_year(2025, seed=3)
        store.write(tmp_path / "wind.csv", series)
        back = store.read(tmp_path / "wind.csv", name="wind")
        assert back.index.equals(series.index)
        assert (back - series).abs().max() <= 0.5e-6
        assert back.attrs["provenance"]["synthetic"] is True
        assert back.attrs["quality"]["verdict"] == "good"

    def test_changed_file_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "load.csv"
        store.write(path, shapes.load_year(2025, 100.0, "food"))
        path.write_text(path.read_text("utf-8").replace("0.0", "0.1"), encoding="utf-8")
        record = store.sidecar(path)
        assert record is not None
        assert record["provenance"]["changed"]
        assert any("改动" in note for note in record["provenance"]["notes"])

    def test_broken_record_is_named(self, tmp_path: Path) -> None:
        path = tmp_path / "load.csv"
        store.write(path, shapes.load_year(2025, 100.0, "food"))
        store.sidecar_path(path).write_text("{", encoding="utf-8")
        with pytest.raises(InputError, match="来源记录无法读取"):
            store.sidecar(path)

    def test_missing_values_are_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "x.csv"
        path.write_text(
            "time,pv\n2025-01-01 00:00,0\n2025-01-01 01:00,1\n2025-01-01 02:00,\n", encoding="utf-8"
        )
        with pytest.raises(InputError, match="1 个空值"):
            store.read(path)

    def test_describe_takes_what_stands_beside_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "pv.csv"
        series = synthetic.pv_year(2025, 25.0, 102.7, 1950.0)
        store.write(path, series)
        bare = pd.Series(series.to_numpy(), index=series.index, name="pv")
        assert store.describe(bare, Subject.PV, path=path)["provenance"]["synthetic"]

    def test_describe_makes_a_sheet_for_a_bare_curve(self) -> None:
        series = synthetic.wind_year(2025)
        bare = pd.Series(series.to_numpy(), index=series.index, name="wind")
        record = store.describe(bare, Subject.WIND)
        assert record["quality"]["full_load_hours"] == pytest.approx(2100)
        assert "来源未注明" in record["provenance"]["notes"][0]

    def test_sum_of_measured_and_assumed_says_so(self) -> None:
        one = shapes.load_year(2025, 100.0, "food").rename("食品厂")
        other = shapes.load_year(2025, 50.0, "machinery").rename("机械厂")
        total = added([one, other], "park")
        assert total.sum() == pytest.approx(150.0)
        record = total.attrs["provenance"]
        assert record["synthetic"]
        assert [part["name"] for part in record["parts"]] == ["食品厂", "机械厂"]
        assert "食品厂、机械厂" in record["notes"][0]

    def test_records_are_json(self) -> None:
        series = meter.load(DATA / "meter_wide_96.csv")
        json.dumps([series.attrs["provenance"], series.attrs["quality"]], allow_nan=False)


class TestCommands:
    def test_load(self, tmp_path: Path) -> None:
        out = tmp_path / "out" / "load.csv"
        result = run("load", DATA / "meter_wide_96.csv", "--step", "1h", "--out", out)
        assert result.exit_code == 0, result.output
        assert "有警告" in result.output
        assert len(store.read(out)) == 8 * 24
        assert store.sidecar_path(out).is_file()

    def test_bills(self, tmp_path: Path) -> None:
        out = tmp_path / "load.csv"
        result = run("bills", DATA / "bills_2025.csv", "--shape", "machinery", "--out", out)
        assert result.exit_code == 0, result.output
        assert "由电费账单还原" in result.output
        assert len(store.read(out)) == 35040

    def test_pv(self, tmp_path: Path) -> None:
        weather = weather_files.write_nsrdb(tmp_path / "w.csv", weather_files.weather())
        out = tmp_path / "pv.csv"
        result = run("pv", weather, "--year", 2025, "--tilt", 20, "--out", out, "--json")
        assert result.exit_code == 0, result.output
        assert json.loads(result.output)["provenance"]["arrays"][0]["tilt"] == 20

    def test_pv_of_a_plain_table_needs_a_place(self, tmp_path: Path) -> None:
        data = weather_files.weather()
        path = tmp_path / "w.csv"
        data.rename(columns={"ghi": "q"}).to_csv(path, index_label="time")
        assert run("pv", path, "--year", 2025, "--column", "ghi=q").exit_code == 2
        result = run("pv", path, "--year", 2025, "--column", "ghi=q", *KUNMING)
        assert result.exit_code == 0, result.output

    def test_wind(self, tmp_path: Path) -> None:
        result = run(
            "wind",
            DATA / "mast_two_heights.csv",
            *("--altitude", "2100", "--curve", DATA / "power_curve.csv", "--json"),
        )
        assert result.exit_code == 0, result.output
        assert json.loads(result.output)["provenance"]["turbine"]["rated_kw"] == 5000

    def test_wind_of_a_weather_file(self, tmp_path: Path) -> None:
        path = weather_files.write_nsrdb(tmp_path / "w.csv", weather_files.weather())
        assert run("wind", path, "--altitude", 1950).exit_code == 2
        result = run("wind", path, "--altitude", 1950, "--year", 2025, "--json")
        assert result.exit_code == 0, result.output
        record = json.loads(result.output)
        assert record["provenance"]["heights"] == [10.0]
        assert record["provenance"]["sources"] == ["w.csv"]

    def test_measured(self, tmp_path: Path) -> None:
        source = tmp_path / "plant.csv"
        store.write(source, synthetic.wind_year(2025).rename("output"))
        result = run("measured", source, *("--kind", "wind", "--capacity", "1", "--unit", "MW"))
        assert result.exit_code == 0, result.output

    def test_synthetic(self, tmp_path: Path) -> None:
        out = tmp_path / "pv.csv"
        made = run("synthetic", "pv", "--year", 2025, "--hours", 1300, *KUNMING, "--out", out)
        assert made.exit_code == 0, made.output
        assert "合成（非实测）" in made.output
        checked = run("check", out, "--kind", "pv")
        assert "合成（非实测）" in checked.output

    def test_shape_and_add(self, tmp_path: Path) -> None:
        for name in ("food", "office"):
            result = run(
                "shape", name, *("--year", 2025, "--energy", 100), "--out", tmp_path / f"{name}.csv"
            )
            assert result.exit_code == 0, result.output
        result = run("add", tmp_path / "food.csv", tmp_path / "office.csv", "--json")
        assert result.exit_code == 0, result.output
        assert len(json.loads(result.output)["provenance"]["parts"]) == 2

    @pytest.mark.parametrize(
        ("arguments", "text"),
        [(["shapes"], "电解铝"), (["turbines"], "V126/3450"), (["days", "2026"], "248")],
    )
    def test_lists(self, arguments: list[str], text: str) -> None:
        result = run(*arguments)
        assert result.exit_code == 0, result.output
        assert text in result.output

    def test_growth_and_a_new_line(self, tmp_path: Path) -> None:
        source = tmp_path / "food.csv"
        store.write(source, shapes.load_year(2025, 100.0, "food"))
        line = "二期,2028-07-01,1000,aluminium,30"
        result = run("add", source, "--to-year", 2028, "--growth", 0.1, "--line", line, "--json")
        assert result.exit_code == 0, result.output
        notes = json.loads(result.output)["provenance"]["notes"]
        assert any("10.0%" in note for note in notes)
        assert any("二期" in note for note in notes)
        assert run("add", source, "--line", "二期,七月,1,food").exit_code == 2

    def test_own_shape(self, tmp_path: Path) -> None:
        path = tmp_path / "own.csv"
        path.write_text(
            "\n".join(["时刻,工作日", *(f"{h:02d}:00,{h}" for h in range(24))]), "utf-8"
        )
        result = run("bills", DATA / "bills_2025.csv", "--shape-file", path, "--json")
        assert result.exit_code == 0, result.output
        assert json.loads(result.output)["provenance"]["shape"] == "own"
        assert run("bills", DATA / "bills_2025.csv").exit_code == 2

    def test_leap_day_of_a_measured_year(self, tmp_path: Path) -> None:
        source = tmp_path / "plant.csv"
        store.write(source, synthetic.wind_year(2024))
        options = ("--kind", "wind", "--capacity", "1", "--unit", "MW", "--to-year", "2025")
        record = json.loads(
            run("measured", source, *options, "--leap-day", "dec31", "--json").output
        )
        assert record["quality"]["leap_day"] == "dropped dec31"
        assert record["provenance"]["year"] == 2025

    def test_rules_of_a_park_count(self, tmp_path: Path) -> None:
        (tmp_path / "park.yaml").write_text(
            "name: 甲\nlevel: 省级\ntype: 产业园区\nyear: 2026\n"
            "rules:\n  packs: [national, yunnan]\n  overrides:\n"
            "    energy.resource.pv_hours: {value: 1234, source: 园区测算}\n"
            "    energy.profiles.filled_share.refused: {value: 0.10, source: 园区规定}\n",
            encoding="utf-8",
        )
        result = run("synthetic", "pv", "--year", 2026, *KUNMING, "--park", tmp_path, "--json")
        assert json.loads(result.output)["provenance"]["full_load_hours"] == 1234
        # 13 % filled: a warning by the national rule, too much by the park's own
        refused = run("load", DATA / "meter_wide_96.csv", "--park", tmp_path)
        assert refused.exit_code == 1
        assert "≤ 10%" in refused.output

    def test_problems_end_with_one(self, tmp_path: Path) -> None:
        path = tmp_path / "m.csv"
        path.write_text("时间,负荷\n2025-01-01 00:00,1\n2025-01-01 01:00,1\n", encoding="utf-8")
        result = run("load", path)
        assert result.exit_code == 1
        assert "kW 还是 kWh" in result.output

    def test_out_must_be_csv(self, tmp_path: Path) -> None:
        result = run(
            "shape", "food", *("--year", 2025, "--energy", 1), "--out", tmp_path / "x.xlsx"
        )
        assert result.exit_code == 2

    def test_every_command_has_help(self) -> None:
        for name, command in profile.commands.items():
            assert command.help, name
            assert run(name, "--help").exit_code == 0
