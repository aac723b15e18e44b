"""Meter exports: day tables, long tables, units, labels, duplicates, gaps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenland.energy.profiles import columns, readings
from greenland.energy.profiles.load import combine, meter
from greenland.energy.profiles.load.meter import MeterFormat
from greenland.energy.profiles.power_units import given_unit
from greenland.energy.profiles.readings import Duplicates, Label
from greenland.errors import InputError

DATA = Path(__file__).with_name("data")
WIDE = DATA / "meter_wide_96.csv"  # GBK, two meters, reactive rows, multipliers; invented
LONG = DATA / "meter_long_kwh.csv"  # kWh, right label, repeats, a gap of an hour; invented


def write_long(path: Path, times: list[str], values: list[float], header: str = "功率(kW)") -> Path:
    lines = [f"时间,{header}", *(f"{t},{v}" for t, v in zip(times, values, strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def stamps(start: str, count: int, step: str = "15min") -> list[str]:
    return [f"{t:%Y-%m-%d %H:%M}" for t in pd.date_range(start, periods=count, freq=step)]


class TestWide:
    def test_one_reading_for_each_meter(self) -> None:
        found = meter.read_meters(WIDE)
        assert [item.series.name for item in found] == ["5301000001", "5301000002"]

    def test_first_cell_stands_at_midnight(self) -> None:
        first = meter.read_meters(WIDE)[0].series
        # the first cell of the 00:15 column × multiplier 2000, kW to MW
        cell = float(WIDE.read_text("gb18030").splitlines()[3].split(",")[6])
        assert first.index[0] == pd.Timestamp("2025-03-01 00:00", tz="Asia/Shanghai")
        assert first.iloc[0] == pytest.approx(cell * 2000 / 1000)

    def test_label_of_the_file_is_kept(self) -> None:
        assert meter.read_meters(WIDE)[0].label_given is Label.RIGHT

    def test_reactive_rows_are_left_out_and_said(self) -> None:
        notes = meter.read_meters(WIDE)[0].notes
        assert any("无功" in note for note in notes)
        assert any("倍率" in note for note in notes)

    def test_missing_day_is_missing(self) -> None:
        second = meter.read_meters(WIDE)[1].series
        assert second[second.index.day == 5].isna().all()
        assert second[second.index.day == 4].notna().all()

    def test_sum_counts_a_step_as_filled_if_any_meter_was(self) -> None:
        total = meter.load(WIDE)
        sheet = total.attrs["quality"]
        assert sheet["filled"] == 96 + 4
        assert sheet["verdict"] == "warning"  # 13 % of eight days
        assert sheet["gap_methods"] == {"interpolated": 1, "similar_days": 1}

    def test_one_meter_can_be_chosen(self) -> None:
        one = meter.load(WIDE, meters=["5301000001"])
        assert one.attrs["quality"]["filled"] == 4

    def test_unknown_meter_is_named(self) -> None:
        with pytest.raises(InputError, match="没有电表“9”"):
            meter.load(WIDE, meters=["9"])

    def test_user_can_overrule_the_label(self) -> None:
        right = meter.read_meters(WIDE)[0].series
        left = meter.read_meters(WIDE, MeterFormat(label=Label.LEFT))[0].series
        assert left.index[0] - right.index[0] == pd.Timedelta("15min")

    @pytest.mark.parametrize(
        ("header", "minutes"),
        [
            ("00:15", 15),
            ("0:15:00", 15),
            ("24:00", 1440),
            ("00:00-00:15", 0),
            ("0015", 15),
            ("8时", 480),
            ("25:00", None),
            ("功率", None),
        ],
    )
    def test_slot_headers(self, header: str, minutes: int | None) -> None:
        assert columns.slot_minutes(header) == minutes

    @pytest.mark.parametrize("pattern", ["P{}", "{}", "第{}点", "V{}"])
    def test_numbered_slots_begin_at_midnight(self, pattern: str) -> None:
        slots = columns.day_slots(["日期", *(pattern.format(k) for k in range(1, 97))])
        assert slots is not None
        assert slots.minutes[0] == 0
        assert slots.step == pd.Timedelta("15min")

    def test_both_midnights(self) -> None:
        heads = [f"{m // 60:02d}:{m % 60:02d}" for m in range(0, 1441, 15)]
        slots = columns.day_slots(heads)
        assert slots is not None
        assert len(slots.columns) == 96
        assert slots.label is Label.LEFT


class TestLong:
    def test_energy_of_a_step_becomes_power(self) -> None:
        series = meter.read_meters(LONG)[0].series
        first = float(LONG.read_text("utf-8").splitlines()[1].split(",")[1])
        assert series.iloc[0] == pytest.approx(first / 1000 / 0.25)

    def test_right_label_is_worked_out(self) -> None:
        found = meter.read_meters(LONG)[0]
        assert found.label_given is Label.RIGHT
        assert found.series.index[0] == pd.Timestamp("2025-03-01", tz="Asia/Shanghai")
        assert found.series.index[-1] == pd.Timestamp("2025-03-04 23:45", tz="Asia/Shanghai")

    def test_duplicates_are_counted(self) -> None:
        found = meter.read_meters(LONG)[0]
        assert found.duplicates == (1, 1)
        assert {item.code for item in found.problems} == {
            "duplicates_equal",
            "duplicates_different",
        }

    @pytest.mark.parametrize(
        ("rule", "more"), [(Duplicates.LAST, 10), (Duplicates.FIRST, 0), (Duplicates.MEAN, 5)]
    )
    def test_which_duplicate_counts(self, rule: Duplicates, more: float) -> None:
        series = meter.read_meters(LONG, MeterFormat(duplicates=rule))[0].series
        line = next(x for x in LONG.read_text("utf-8").splitlines() if "03-03 13:00" in x)
        wanted = (float(line.split(",")[1]) + more) / 1000 / 0.25
        assert series[pd.Timestamp("2025-03-03 12:45", tz="Asia/Shanghai")] == pytest.approx(wanted)

    def test_gap_of_an_hour_is_bridged(self) -> None:
        series = meter.load(LONG)
        gaps = series.attrs["quality"]["gaps"]
        assert [(gap["steps"], gap["method"]) for gap in gaps] == [(4, "interpolated")]

    def test_midnight_under_the_date_it_closes(self, tmp_path: Path) -> None:
        lines = []
        for day in ("2025-03-01", "2025-03-02", "2025-03-03"):
            clock = [f"{m // 60:02d}:{m % 60:02d}" for m in range(15, 1440, 15)]
            lines += [f"{day} {text}" for text in [*clock, "00:00"]]
        path = write_long(tmp_path / "m.csv", lines, [float(k) for k in range(288)])
        found = meter.read_meters(path)[0]
        assert found.series.tolist() == pytest.approx([k / 1000 for k in range(288)])
        assert found.label_given is Label.RIGHT
        assert any("次日" in note for note in found.notes)

    def test_24_00_is_next_midnight(self, tmp_path: Path) -> None:
        times = [*stamps("2025-03-01 01:00", 23, "1h"), "2025-03-01 24:00"]
        path = write_long(tmp_path / "m.csv", times, [1.0] * 24)
        series = meter.read_meters(path)[0].series
        assert len(series) == 24
        assert series.notna().all()

    def test_date_and_clock_in_two_columns(self, tmp_path: Path) -> None:
        path = tmp_path / "m.csv"
        rows = [f"2025/3/1,{k // 4}:{k % 4 * 15:02d},{k}" for k in range(96)]
        path.write_text("\n".join(["日期,时刻,有功功率(kW)", *rows]), encoding="gb18030")
        series = meter.read_meters(path)[0].series
        assert series.index[1] == pd.Timestamp("2025-03-01 00:15", tz="Asia/Shanghai")
        assert series.iloc[95] == pytest.approx(0.095)

    def test_excel(self, tmp_path: Path) -> None:
        path = tmp_path / "m.xlsx"
        times = pd.date_range("2025-03-01", periods=48, freq="1h")
        frame = pd.DataFrame({"时间": times, "电量(MWh)": np.arange(48.0) % 24})
        frame.to_excel(path, index=False, startrow=2, engine="openpyxl")
        series = meter.read_meters(path)[0].series
        assert series.tolist() == [*range(24), *range(24)]

    def test_parquet(self, tmp_path: Path) -> None:
        path = tmp_path / "m.parquet"
        times = pd.date_range("2025-03-01", periods=48, freq="1h")
        pd.DataFrame({"kw": np.arange(48.0)}, index=times).to_parquet(path)
        assert meter.read_meters(path)[0].series.iloc[-1] == pytest.approx(0.047)

    def test_register_readings_are_not_taken_for_energy(self, tmp_path: Path) -> None:
        total = [1000 + 2.5 * k for k in range(24 * 4)]
        path = write_long(tmp_path / "m.csv", stamps("2025-03-01", 96, "1h"), total, "示数(kWh)")
        with pytest.raises(InputError, match="表码"):
            meter.read_meters(path, MeterFormat(value="示数(kWh)"))
        form = MeterFormat(value="示数(kWh)", register=True)
        found = meter.read_meters(path, form)[0]
        assert found.series.tolist() == pytest.approx([0.0025] * 95)
        assert found.series.index[0] == pd.Timestamp("2025-03-01", tz="Asia/Shanghai")

    def test_register_that_falls_back_is_missing(self, tmp_path: Path) -> None:
        total = [*(float(k) for k in range(50)), *(float(k) for k in range(46))]
        path = write_long(tmp_path / "m.csv", stamps("2025-03-01", 96, "1h"), total, "示数(kWh)")
        form = MeterFormat(value="示数(kWh)", register=True)
        found = meter.read_meters(path, form)[0]
        assert found.series.isna().sum() == 1
        assert "register_exchanged" in {item.code for item in found.problems}

    def test_words_among_the_readings_are_told(self, tmp_path: Path) -> None:
        path = write_long(tmp_path / "m.csv", stamps("2025-03-01", 96), [1.0] * 96)
        path.write_text(path.read_text("utf-8").replace("03:00,1.0", "03:00,停电"), "utf-8")
        problem = meter.read_meters(path)[0].problems[0]
        assert (problem.code, problem.got) == ("reading_no_number", "停电")

    def test_unit_in_the_title(self, tmp_path: Path) -> None:
        path = write_long(tmp_path / "m.csv", stamps("2025-03-01", 96), [1.0] * 96, "负荷")
        path.write_text("某厂负荷曲线 单位：MW\n" + path.read_text("utf-8"), "gb18030")
        assert meter.read_meters(path)[0].series.iloc[0] == 1.0

    @pytest.mark.parametrize(
        ("unit", "value", "mw"),
        [
            ("kW", 500.0, 0.5),
            ("MW", 0.5, 0.5),
            ("kWh", 125.0, 0.5),
            ("MWh", 0.125, 0.5),
            ("万千瓦时", 0.0125, 0.5),
        ],
    )
    def test_units(self, unit: str, value: float, mw: float) -> None:
        read = given_unit(unit)
        hours = 0.25 if read.is_energy else 1.0
        assert value * read.factor / hours == pytest.approx(mw)

    def test_unknown_unit_is_asked_for(self, tmp_path: Path) -> None:
        path = write_long(tmp_path / "m.csv", stamps("2025-03-01", 96), [1.0] * 96, "负荷")
        with pytest.raises(InputError, match="kW 还是 kWh"):
            meter.read_meters(path)
        assert meter.read_meters(path, MeterFormat(unit="MW"))[0].series.iloc[0] == 1

    def test_two_possible_values_are_named(self, tmp_path: Path) -> None:
        path = tmp_path / "m.csv"
        rows = [f"{t},1,2" for t in stamps("2025-03-01", 96)]
        path.write_text("\n".join(["时间,A功率(kW),B功率(kW)", *rows]), encoding="utf-8")
        with pytest.raises(InputError, match="A功率"):
            meter.read_meters(path)
        assert meter.read_meters(path, MeterFormat(value="B功率(kW)"))[0].series.iloc[0] == 0.002

    def test_ambiguous_day_and_month(self, tmp_path: Path) -> None:
        times = [f"01/02/2025 {k:02d}:00" for k in range(24)]
        path = write_long(tmp_path / "m.csv", times, [1.0] * 24)
        with pytest.raises(InputError, match="日/月/年"):
            meter.read_meters(path)

    def test_month_first(self, tmp_path: Path) -> None:
        times = [
            f"{t:%m/%d/%Y %H:%M}" for t in pd.date_range("2025-01-01", periods=24 * 20, freq="1h")
        ]
        path = write_long(tmp_path / "m.csv", times, [1.0] * len(times))
        assert meter.read_meters(path)[0].series.index[-1].day == 20

    def test_irregular_times_are_refused(self, tmp_path: Path) -> None:
        minutes = np.cumsum(np.random.default_rng(1).integers(1, 40, 200))
        times = [
            f"{dt.datetime(2025, 3, 1) + dt.timedelta(minutes=int(m)):%Y-%m-%d %H:%M}"
            for m in minutes
        ]
        path = write_long(tmp_path / "m.csv", times, [1.0] * 200)
        with pytest.raises(InputError, match="不在等间隔的网格上"):
            meter.read_meters(path)

    def test_no_header(self, tmp_path: Path) -> None:
        (tmp_path / "m.csv").write_text("a,b\n1,2\n", encoding="utf-8")
        with pytest.raises(InputError, match="找不到表头"):
            meter.read_meters(tmp_path / "m.csv")

    def test_missing_file(self, tmp_path: Path) -> None:
        with pytest.raises(InputError, match="找不到文件"):
            meter.read_meters(tmp_path / "none.csv")


class TestZones:
    def test_daylight_saving_of_the_files_zone(self, tmp_path: Path) -> None:
        # clocks went back in Berlin on 2024-10-27 at 03:00: the hour from 02:00 comes twice
        real = pd.date_range("2024-10-26 22:00", periods=30, freq="1h", tz="UTC").tz_convert(
            "Europe/Berlin"
        )
        times = [f"{t:%Y-%m-%d %H:%M}" for t in real]
        path = write_long(tmp_path / "m.csv", times, [float(k) for k in range(30)])
        found = meter.read_meters(path, MeterFormat(timezone="Europe/Berlin"))[0]
        assert found.duplicates == (0, 0)
        assert found.series.tolist() == pytest.approx([k / 1000 for k in range(30)])

    def test_repeated_hour_without_a_zone_is_told(self, tmp_path: Path) -> None:
        times = stamps("2024-10-27", 24, "1h")
        path = write_long(
            tmp_path / "m.csv", [*times[:3], times[2], *times[3:]], [float(k) for k in range(25)]
        )
        problem = meter.read_meters(path)[0].problems[0]
        assert problem.code == "duplicates_different"
        assert "夏令时" in problem.remedy

    def test_utc_becomes_beijing(self, tmp_path: Path) -> None:
        path = write_long(tmp_path / "m.csv", stamps("2025-03-01", 24, "1h"), [1.0] * 24)
        series = meter.read_meters(path, MeterFormat(timezone="UTC"))[0].series
        assert series.index[0] == pd.Timestamp("2025-03-01 08:00", tz="Asia/Shanghai")

    def test_offsets_in_the_text(self, tmp_path: Path) -> None:
        times = [f"{t}+00:00" for t in stamps("2025-03-01", 24, "1h")]
        path = write_long(tmp_path / "m.csv", times, [1.0] * 24)
        assert meter.read_meters(path)[0].series.index[0].hour == 8


class TestFilled:
    def year(self, missing: int) -> readings.Readings:
        index = pd.date_range(
            "2025-01-01", "2026-01-01", freq="1h", tz="Asia/Shanghai", inclusive="left"
        )
        values = np.sin(np.arange(8760) / 24 * 2 * np.pi) + 2
        values[:missing] = np.nan
        return readings.Readings(pd.Series(values, index=index, name="load"), Label.LEFT)

    def test_up_to_five_per_cent_is_good(self) -> None:
        series = readings.finished(self.year(400), readings.Subject.LOAD, unit="MW")
        assert series.attrs["quality"]["verdict"] == "good"

    def test_above_five_per_cent_is_warned_about(self) -> None:
        series = readings.finished(self.year(600), readings.Subject.LOAD, unit="MW")
        assert series.attrs["quality"]["verdict"] == "warning"

    def test_above_twenty_per_cent_is_refused(self) -> None:
        with pytest.raises(InputError, match=r"22\.8% 的时刻是补入的"):
            readings.finished(self.year(2000), readings.Subject.LOAD, unit="MW")

    def test_unless_allowed_by_name(self) -> None:
        series = readings.finished(
            self.year(2000), readings.Subject.LOAD, unit="MW", allow_filled=["load"]
        )
        assert series.attrs["quality"]["verdict"] == "allowed"
        assert series.notna().all()

    def test_year_that_is_not_there(self) -> None:
        with pytest.raises(InputError, match="不含 2024 年"):
            readings.finished(self.year(0), readings.Subject.LOAD, unit="MW", year=2024)

    def test_sum_of_different_years_is_refused(self) -> None:
        one = self.year(0).series
        other = one.copy()
        other.index = other.index + pd.Timedelta(hours=1)
        with pytest.raises(InputError, match="时刻不一致"):
            combine.added([one, other], "park")
