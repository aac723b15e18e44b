"""The one reader of curves: what each writing means, what is asked, what is assumed.

Each file is a few invented days whose energy is known; the ways of writing are those of exports
of Chinese acquisition systems and of office tables.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy.profiles import clocks, numerals, registers, times
from greenland.energy.profiles.load import meter
from greenland.energy.profiles.load.meter import MeterFormat
from greenland.energy.profiles.numerals import DecimalSign
from greenland.energy.profiles.power_units import stated, units_in, whole_unit
from greenland.energy.profiles.quantities import described
from greenland.errors import InputError

DAYS = pd.date_range("2025-03-01", periods=14 * 96, freq="15min")
HOUR = np.arange(len(DAYS)) / 4
POWER = np.round(900 + 500 * np.sin(HOUR / 24 * 2 * np.pi) + DAYS.day.to_numpy() * 7.3, 1)
ENERGY = float(POWER.sum()) / 4 / 1000  # MWh

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def make(rows: list[list[Any]], name: str = "m.csv", sep: str = ",") -> Path:
        path = tmp_path / name
        text = "\n".join(sep.join(str(cell) for cell in row) for row in rows) + "\n"
        path.write_text(text, encoding="utf-8")
        return path

    return make


def energy(path: Path, **options: Any) -> float:
    series = meter.load(path, MeterFormat(**options))
    hours = (series.index[1] - series.index[0]) / pd.Timedelta(hours=1)
    return float(series.sum() * hours)


def stamps(pattern: str = "%Y-%m-%d %H:%M") -> list[str]:
    return [f"{time:{pattern}}" for time in DAYS]


def long(
    head: str = "有功功率(kW)", values: Any = POWER, pattern: str = "%Y-%m-%d %H:%M"
) -> list[list[Any]]:
    return [
        ["时间", head],
        *([time, value] for time, value in zip(stamps(pattern), values, strict=True)),
    ]


def wide(
    before: list[str], cells: Callable[[int], list[Any]], values: Any = POWER
) -> list[list[Any]]:
    heads = [f"{m // 60:02d}:{m % 60:02d}" for m in range(15, 1441, 15)]
    rows: list[list[Any]] = [["日期", *before, *heads]]
    for day, row in enumerate(np.asarray(values).reshape(-1, 96)):
        rows.append([f"2025-03-{day + 1:02d}", *cells(day), *row])
    return rows


class TestDates:
    @pytest.mark.parametrize(
        "pattern",
        ["%d/%m/%Y %H:%M", "%d.%m.%Y %H:%M", "%d-%m-%Y %H:%M:%S", "%d.%m.%y %H:%M",
         "%m/%d/%Y %I:%M %p",
         "%Y%m%d%H%M", "%Y年%m月%d日%H时%M分", "%d-%b-%Y %H:%M", "%Y/%m/%d %p %I:%M:%S",
         "%Y-%m-%dT%H:%M:%S+08:00"],
    )  # fmt: skip
    def test_every_writing_gives_the_same_times(self, pattern: str) -> None:
        parsed = times.parse(pd.Series(stamps(pattern), dtype=object))
        assert parsed.values.tz_localize(None).equals(DAYS)

    def test_days_up_to_twelve_are_read_as_they_follow_each_other(self) -> None:
        some = pd.Series([f"{time:%d/%m/%Y %H:%M}" for time in DAYS[: 96 * 9]], dtype=object)
        parsed = times.parse(some)
        assert parsed.values.equals(DAYS[: 96 * 9])
        assert [item.code for item in parsed.assumptions] == ["date_order"]

    def test_one_day_alone_is_asked_about(self) -> None:
        with pytest.raises(InputError, match="日/月/年"):
            times.parse(pd.Series(["05.06.2025 00:00", "05.06.2025 01:00"], dtype=object))

    def test_firsts_of_months_are_no_consecutive_days(self) -> None:
        months = pd.Series(["01.02.2025", "01.03.2025", "01.04.2025"], dtype=object)
        with pytest.raises(InputError, match="日/月/年"):
            times.parse(months, consecutive=False)

    def test_a_span_is_no_offset(self) -> None:
        text = [f"{a:%Y-%m-%d %H:%M}-{b:%H:%M}" for a, b in zip(DAYS, DAYS.shift(1), strict=True)]
        parsed = times.parse(pd.Series(text, dtype=object))
        assert parsed.values.equals(DAYS)
        assert parsed.label == "left"

    def test_an_offset_is_no_span(self) -> None:
        text = pd.Series([f"{time:%Y-%m-%d %H:%M}-05:00" for time in DAYS[:4]], dtype=object)
        assert times.parse(text).values[0] == pd.Timestamp("2025-03-01 13:00", tz="Asia/Shanghai")

    def test_impossible_years_are_no_times(self) -> None:
        parsed = times.parse(pd.Series(["2025-01-01", "1677-01-01", "2025-01-03"], dtype=object))
        assert np.asarray(parsed.values.isna()).tolist() == [False, True, False]


class TestClocks:
    @pytest.mark.parametrize(
        ("cells", "minutes"),
        [
            (["0000", "0015", "2345"], [0, 15, 1425]),
            ([0, 15, 30, 45, 100, 2345], [0, 15, 30, 45, 60, 1425]),
            (list(range(1, 97)), [15 * k for k in range(96)]),
            (list(range(24)), [60 * k for k in range(24)]),
            ([f"第{k}点" for k in range(1, 25)], [60 * k for k in range(24)]),
            (["00:00-00:15", "00:15~00:30"], [0, 15]),
            (["8时15分", "8点"], [495, 480]),
            ([dt.time(1, 30), dt.timedelta(hours=24)], [90, 1440]),
            ([0.25, 0.5, 0.75], [360, 720, 1080]),
            (["12:00 AM", "1:15 PM"], [0, 795]),
        ],
    )
    def test_times_of_day(self, cells: list[Any], minutes: list[int]) -> None:
        read = clocks.read_clock(pd.Series(cells, dtype=object))
        assert (read.seconds / 60).tolist() == minutes

    def test_what_is_no_time_of_day(self) -> None:
        read = clocks.read_clock(pd.Series(["25:00", "08:75", "早上"], dtype=object))
        assert np.isnan(read.seconds).all()

    def test_dates_that_repeat_ask_for_the_clock(self, write: Write) -> None:
        rows = [["日期", "班次", "有功功率(kW)"], *([f"{t:%Y-%m-%d}", "早", 1.0] for t in DAYS)]
        with pytest.raises(InputError, match="--clock"):
            meter.load(write(rows))


class TestNumbers:
    def test_decimal_comma(self, write: Write) -> None:
        comma = [
            f"{value:,.1f}".replace(",", " ").replace(".", ",").replace(" ", ".") for value in POWER
        ]
        assert energy(write(long(values=comma), sep=";")) == pytest.approx(ENERGY)

    def test_three_digits_behind_a_comma_are_asked_about(self, write: Write) -> None:
        path = write(long(values=[f"{int(value)},125" for value in POWER % 900 + 5]), sep=";")
        with pytest.raises(InputError, match="--decimal"):
            meter.load(path)
        plain = energy(path, decimal=DecimalSign.COMMA)
        assert energy(path, decimal=DecimalSign.POINT) == pytest.approx(1000 * plain)

    @pytest.mark.parametrize(
        ("texts", "sign"),
        [
            (["1,5", "12"], DecimalSign.COMMA),
            (["0,968"], DecimalSign.COMMA),
            (["1.210,50", "3"], DecimalSign.COMMA),
            (["1,210.50"], DecimalSign.POINT),
            (["1.25", "3"], DecimalSign.POINT),
            (["765,250"], None),
        ],
    )
    def test_sign_of_a_column(self, texts: list[str], sign: DecimalSign | None) -> None:
        assert numerals.decimal_sign(pd.Series(texts, dtype=object))[0] is sign

    def test_codes_of_missing_readings(self, write: Write) -> None:
        values = POWER.copy()
        values[100:103] = 9999
        series = meter.load(write(long(values=values)))
        assert series.attrs["quality"]["filled"] == 3
        assert series.attrs["quality"]["assumptions"][0]["code"] == "missing_code"
        assert series.max() < 2

    def test_a_code_among_the_readings_is_one(self, write: Write) -> None:
        values = POWER * 10
        values[7] = 9999.0
        assert energy(write(long(values=values))) == pytest.approx(float(values.sum()) / 4000)


class TestUnits:
    @pytest.mark.parametrize(
        ("text", "mwh"),
        [("kW·h", 1e-3), ("kW.h", 1e-3), ("千瓦·时", 1e-3), ("千瓦小时", 1e-3), ("MW·h", 1.0),
         ("万kW·h", 10.0), ("万千瓦时", 10.0), ("度", 1e-3), ("亿kWh", 1e5), ("kW h", 1e-3),
         ("KWH", 1e-3)],
    )  # fmt: skip
    def test_energy(self, text: str, mwh: float) -> None:
        unit = whole_unit(text)
        assert unit is not None
        assert unit.is_energy
        assert unit.factor == pytest.approx(mwh)

    @pytest.mark.parametrize(("text", "mw"), [("千瓦", 1e-3), ("万kW", 10.0), ("MWh/h", 1.0)])
    def test_power(self, text: str, mw: float) -> None:
        unit = whole_unit(text)
        assert unit is not None
        assert not unit.is_energy
        assert unit.factor == pytest.approx(mw)

    @pytest.mark.parametrize("text", ["5MW厂区负荷", "10kV专线", "变压器容量10MW", "MWR", "时段"])
    def test_an_amount_is_no_unit(self, text: str) -> None:
        assert [unit for unit in units_in(text) if unit.dimension != "other"] == []

    @pytest.mark.parametrize(
        ("title", "units"),
        [
            ("单位：kW、kvar", ["kW"]),
            ("某厂 变压器容量 10MW 负荷曲线", []),
            ("有功功率 kW", ["kW"]),
        ],
    )
    def test_units_of_titles(self, title: str, units: list[str]) -> None:
        assert [unit.text for unit in stated([title])] == units

    def test_the_files_name_says_nothing(self, write: Write) -> None:
        with pytest.raises(InputError, match="单位"):
            meter.load(write(long("有功功率"), "5MW厂区负荷.csv"))

    def test_other_columns_say_nothing(self, write: Write) -> None:
        rows = [["有功功率 kW"], *wide(["契约容量(MW)"], lambda _day: [8])]
        assert energy(write(rows)) == pytest.approx(ENERGY)

    def test_power_in_kwh_is_asked_about(self, write: Write) -> None:
        with pytest.raises(InputError, match="名称与单位不符"):
            meter.load(write(long("有功功率(kWh)")))
        assert energy(write(long("有功功率(kWh)")), unit="kW") == pytest.approx(ENERGY)


class TestMultipliers:
    @pytest.mark.parametrize(
        ("heads", "cells"),
        [(["总倍率"], [2000]), (["meter_multiplier"], ["2000倍"]), (["CT", "PT"], [20, 100]),
         (["CT变比", "PT变比"], ["100/5", "10000/100"]), (["倍率", "CT", "PT"], [2000, 20, 100])],
    )  # fmt: skip
    def test_columns(self, write: Write, heads: list[str], cells: list[Any]) -> None:
        rows = [
            [*heads, *row] if n == 0 else [*cells, *row]
            for n, row in enumerate(long(values=POWER / 2000))
        ]
        assert energy(write(rows)) == pytest.approx(ENERGY)

    def test_title(self, write: Write) -> None:
        rows = [["户名：某厂 综合倍率：2000"], *long(values=POWER / 2000)]
        assert energy(write(rows)) == pytest.approx(ENERGY)

    def test_a_multiplier_once_for_a_meter(self, write: Write) -> None:
        rows = [["表号", "倍率", "时间", "有功功率(kW)"]]
        rows += [
            ["041", 2000 if n == 1 else "", *row]
            for n, row in enumerate(long(values=POWER / 2000))
            if n
        ]
        series = meter.load(write(rows))
        assert series.sum() / 4 == pytest.approx(ENERGY)
        assert series.attrs["quality"]["verdict"] == "warning"

    def test_two_that_differ_are_asked_about(self, write: Write) -> None:
        rows = [
            ["综合倍率：1000"],
            *([["倍率", *long()[0]]] + [[2000, *row] for row in long()[1:]]),
        ]
        with pytest.raises(InputError, match="--multiplier"):
            meter.load(write(rows))
        assert energy(write(rows), multiplier=1.0) == pytest.approx(ENERGY)

    def test_readings_that_have_it_already(self, write: Write) -> None:
        rows = [["倍率", "时间", "有功功率(kW)(已乘倍率)"], *([2000, *row] for row in long()[1:])]
        assert energy(write(rows)) == pytest.approx(ENERGY)


class TestRowsAndColumns:
    @pytest.mark.parametrize(
        ("kept", "others"),
        [("有功功率", ["无功功率"]), ("总有功功率", ["A相有功功率", "B相有功功率"]),
         ("有功功率(kW)", ["A相电压(V)", "A相电流(A)"]), ("正向有功", ["反向有功"])],
    )  # fmt: skip
    def test_rows_of_active_power(self, write: Write, kept: str, others: list[str]) -> None:
        rows = [["单位：kW"], *wide(["量测项"], lambda _day: [kept])]
        for other in others:
            rows += wide(["量测项"], lambda _day, text=other: [text], POWER / 3)[1:]
        assert energy(write(rows)) == pytest.approx(ENERGY)

    def test_rows_of_unknown_kinds_are_asked_about(self, write: Write) -> None:
        rows = [["单位：kW"], *wide(["量测项"], lambda _day: ["甲"])]
        rows += wide(["量测项"], lambda _day: ["乙"])[1:]
        with pytest.raises(InputError, match="--item"):
            meter.load(write(rows))
        assert energy(write(rows), item="甲") == pytest.approx(ENERGY)

    def test_many_readings_of_one_time_are_no_curve(self, write: Write) -> None:
        rows = long()
        with pytest.raises(InputError, match="混有"):
            meter.load(write([*rows, *long(values=POWER + 1)[1:]]))

    @pytest.mark.parametrize(
        "other",
        ["无功功率(kvar)", "日电量(kWh)", "最大负荷(kW)", "去年同期负荷(kW)", "契约容量(kW)",
         "A相有功功率(kW)",
         "反向有功(kWh)", "电费(元)", "计划负荷(kW)", "功率因数", "最大需量(kW)"],
    )  # fmt: skip
    def test_columns_of_other_quantities(self, write: Write, other: str) -> None:
        rows = [[row[0], other if n == 0 else 4.0 + n % 7, row[1]] for n, row in enumerate(long())]
        assert energy(write(rows)) == pytest.approx(ENERGY)
        assert described(other).quantity != "active"

    def test_a_total_meter_beside_its_parts(self, write: Write) -> None:
        rows = [["表计", *long()[0]]]
        rows += [[name, *row] for name in ("总表", "一车间", "二车间") for row in long()[1:]]
        with pytest.raises(InputError, match="重复计算"):
            meter.load(write(rows))
        assert meter.load(write(rows), meters=["总表"]).sum() / 4 == pytest.approx(ENERGY)


class TestSheets:
    def book(self, path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
        import xlsxwriter

        with xlsxwriter.Workbook(str(path)) as book:
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    sheet.write_row(number, 0, row)
        return path

    def test_all_sheets_are_read(self, tmp_path: Path) -> None:
        rows = long()
        sheets = {"上半月": rows[:700], "下半月": [rows[0], *rows[700:]], "说明": [["虚构"]]}
        series = meter.load(self.book(tmp_path / "m.xlsx", sheets))
        assert series.sum() / 4 == pytest.approx(ENERGY)
        assert any("2 张工作表" in note for note in series.attrs["provenance"]["notes"])

    def test_sheets_of_the_same_times_are_asked_about(self, tmp_path: Path) -> None:
        path = self.book(tmp_path / "m.xlsx", {"一号": long(), "二号": long()})
        with pytest.raises(InputError, match="--sheet"):
            meter.load(path)
        assert energy(path, sheet="二号") == pytest.approx(ENERGY)

    def test_serial_numbers(self, tmp_path: Path) -> None:
        serial = (DAYS - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
        rows = [["时间", "有功功率(kW)"], *([a, b] for a, b in zip(serial, POWER, strict=True))]
        assert energy(self.book(tmp_path / "m.xlsx", {"a": rows})) == pytest.approx(ENERGY)

    def test_a_header_of_two_rows(self, write: Write) -> None:
        table = wide(["户号"], lambda _day: ["0501"])
        upper = ["日期", "户号", "时段", *[""] * 95]
        rows = [["10kV 专线（有功功率 kW）"], upper, ["", "", *table[0][2:]], *table[1:]]
        assert energy(write(rows)) == pytest.approx(ENERGY)

    def test_utf16_and_gbk(self, write: Write) -> None:
        path = write(long(), sep="\t")
        for encoding in ("utf-16", "gb18030"):
            path.write_bytes(path.read_bytes().decode("utf-8").encode(encoding))
            assert energy(path) == pytest.approx(ENERGY)
            path = write(long(), sep="\t")

    def test_a_csv_named_xlsx_is_named_so(self, write: Write) -> None:
        with pytest.raises(InputError, match="改了扩展名的 CSV"):
            meter.load(write(long(), "m.xlsx"))

    def test_a_row_with_more_cells_is_named(self, write: Write) -> None:
        rows = long()
        rows[5].append("7")
        with pytest.raises(InputError, match="第6行"):
            meter.load(write(rows))

    def test_totals_and_footers_are_no_readings(self, write: Write) -> None:
        rows = [*long(), ["合计", 99999.9], ["制表：某某", ""]]
        series = meter.load(write(rows))
        assert series.sum() / 4 == pytest.approx(ENERGY)
        assert any(
            "1346 行" in note or "行不是读数" in note
            for note in series.attrs["provenance"]["notes"]
        )


class TestRegisters:
    total = 5000 + np.concatenate([[0.0], np.cumsum(POWER / 4)])
    at = pd.date_range("2025-03-01", periods=len(POWER) + 1, freq="15min")

    def rows(self, values: Any, keep: Any = None) -> list[list[Any]]:
        kept = np.ones(len(self.at), dtype=bool) if keep is None else keep
        return [["时间", "正向有功总(kWh)"], *(
            [f"{t:%Y-%m-%d %H:%M}", v] for t, v, k in zip(self.at, values, kept, strict=True) if k
        )]  # fmt: skip

    @pytest.mark.parametrize("readings", [97, 600])
    def test_they_are_asked_about(self, write: Write, readings: int) -> None:
        path = write(self.rows(self.total)[: readings + 1])
        with pytest.raises(InputError, match="--register"):
            meter.load(path)

    def test_a_gap_keeps_its_energy(self, write: Write) -> None:
        keep = np.ones(len(self.at), dtype=bool)
        keep[500:524] = False
        series = meter.load(write(self.rows(self.total, keep)), MeterFormat(register=True))
        assert series.sum() / 4 == pytest.approx(ENERGY)
        assert series.attrs["quality"]["filled"] == 25

    def test_a_momentary_zero_is_left_out(self, write: Write) -> None:
        shown = self.total.copy()
        shown[300] = 0.0
        series = meter.load(write(self.rows(shown)), MeterFormat(register=True))
        assert series.sum() / 4 == pytest.approx(ENERGY)
        assert series.max() < 2

    def test_an_exchange_is_missing(self, write: Write) -> None:
        shown = self.total.copy()
        shown[700:] -= shown[700]
        series = meter.load(write(self.rows(shown)), MeterFormat(register=True))
        assert series.attrs["quality"]["filled"] == 1
        assert "register_exchanged" in {p["code"] for p in series.attrs["quality"]["problems"]}

    def test_a_counter_that_turns(self, write: Write) -> None:
        shown = (self.total + 990_000) % 1_000_000
        assert energy(write(self.rows(shown)), register=True) == pytest.approx(ENERGY)

    def test_energy_of_steps_is_no_register(self) -> None:
        assert not registers.only_rises(POWER)
        assert registers.only_rises(self.total)
        assert registers.only_rises(np.concatenate([np.full(30, 50.0), self.total]))

    def test_energy_of_steps_is_refused_as_register(self, write: Write) -> None:
        with pytest.raises(InputError, match="不像电表示数"):
            meter.load(write(long("电量(kWh)")), MeterFormat(register=True))


def test_nothing_guessed_is_good(write: Write) -> None:
    quality = meter.load(write(long())).attrs["quality"]
    assert quality["verdict"] == "good"
    assert quality["assumptions"] == []


def test_a_guess_is_a_line_of_the_result(write: Write) -> None:
    rows = wide([], lambda _day: [])
    rows[0] = ["日期", *(f"P{k}" for k in range(1, 97))]
    series = meter.load(write([["单位：kW"], *rows]))
    assert series.attrs["quality"]["verdict"] == "warning"
    (assumption,) = series.attrs["quality"]["assumptions"]
    assert assumption["message"] in series.attrs["provenance"]["notes"]


def test_a_year_of_quarters_is_read_at_once(write: Write) -> None:
    import time

    index = pd.date_range("2025-01-01", periods=35_040, freq="15min")
    values = np.round(500 + 90 * np.sin(np.arange(35_040) / 96 * 6.28), 1)
    rows = [
        ["时间", "有功功率(kW)"],
        *([f"{t:%Y-%m-%d %H:%M}", v] for t, v in zip(index, values, strict=True)),
    ]
    path = write(rows)
    began = time.process_time()
    meter.read_meters(path)
    assert time.process_time() - began < 1.0


def test_a_sum_rests_on_what_its_parts_assumed(write: Write) -> None:
    rows = [["表号", "日期", *(f"P{k}" for k in range(1, 97))]]
    for name in ("01", "02"):
        rows += [[name, *row] for row in wide([], lambda _day: [])[1:]]
    total = meter.load(write([["单位：kW"], *rows]))
    assert total.sum() / 4 == pytest.approx(2 * ENERGY)
    assert total.attrs["quality"]["verdict"] == "warning"
    assert [item["code"] for item in total.attrs["quality"]["assumptions"]] == ["slots_numbered"]
    assert any("2 块电表相加" in note for note in total.attrs["provenance"]["parts"][0]["notes"])
