"""Times as they are written, and tables as they come."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from greenland.energy.profiles import tables, times
from greenland.energy.profiles.one_table import read_table
from greenland.errors import InputError

WANTED = pd.Timestamp("2025-03-14 08:15")


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-14 08:15",
        "2025-03-14 08:15:00",
        "2025/3/14 8:15",
        "2025.03.14 08:15",
        "2025年3月14日 08:15",
        "2025年3月14日08:15",
        "２０２５－０３－１４　０８：１５",
        "20250314 08:15",
        "20250314:0815",
        "20250314081500",
        "202503140815",
        "2025-03-14T08:15:00",
        "14/03/2025 08:15",
        "03/14/2025 08:15",
        "14/03/2025 08:15:00",
    ],
)
def test_ways_of_writing(text: str) -> None:
    assert times.parse(pd.Series([text, text])).values[0] == WANTED


def test_zone_in_the_text() -> None:
    for text in ("2025-03-14T00:15:00Z", "2025-03-14 08:15+08:00", "2025-03-14T01:15:00+01:00"):
        found = times.parse(pd.Series([text])).values[0]
        assert found == WANTED.tz_localize("Asia/Shanghai")


def test_excel_serials() -> None:
    # 45730 is 2025-03-14 in Excel's calendar; a quarter past eight is 0.34375
    found = times.parse(pd.Series([45730.34375, 45730.354166666664]))
    assert found.values[0] == WANTED
    assert found.values[1] == WANTED + pd.Timedelta("15min")
    assert "序列值" in found.notes[0]


def test_dates_as_objects() -> None:
    column = pd.Series([WANTED.to_pydatetime(), None], dtype=object)
    found = times.parse(column).values
    assert found[0] == WANTED
    assert found.isna()[1]


@pytest.mark.parametrize(
    "clock",
    [pd.Series(["08:15"]), pd.Series([0.34375]), pd.Series([8.25]), pd.Series(["08：15"])],
)
def test_clock_in_a_column_of_its_own(clock: pd.Series) -> None:
    assert times.parse(pd.Series(["2025-03-14"]), clock).values[0] == WANTED


def test_date_alone() -> None:
    assert times.parse(pd.Series(["2025-03-14"])).values[0] == pd.Timestamp("2025-03-14")
    assert times.parse(pd.Series(["20250314"])).values[0] == pd.Timestamp("2025-03-14")
    assert times.parse(pd.Series([20250314])).values[0] == pd.Timestamp("2025-03-14")


def test_order_that_changes_is_refused() -> None:
    with pytest.raises(InputError, match="前后不一"):
        times.parse(pd.Series(["14/03/2025 00:00", "03/14/2025 00:00"]))


def test_no_times_at_all() -> None:
    with pytest.raises(InputError, match="时间列无法识别"):
        times.parse(pd.Series(["甲", "乙"]))


def test_summer_time_that_never_was() -> None:
    # Berlin's clocks skipped 02:30 on 2025-03-30
    found, lost = times.localize(pd.DatetimeIndex(["2025-03-30 02:30"]), "Europe/Berlin")
    assert lost == 1
    assert found.isna().all()


class TestTables:
    def read(self, path: Path) -> tuple[pd.DataFrame, int]:
        return read_table(path, lambda row: "时间" in row)

    def test_title_lines_delimiters_and_row_numbers(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text("标题\n\n时间;功率\n2025-01-01;1,5\n", encoding="gb18030")
        table, first_row = self.read(path)
        assert list(table.columns) == ["时间", "功率"]
        assert first_row == 4

    def test_same_header_twice(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_text("时间,功率,功率\n2025-01-01,1,2\n", encoding="utf-8")
        assert list(self.read(path)[0].columns) == ["时间", "功率", "功率.2"]

    def test_no_excel_inside(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        path.write_bytes(b"nothing")
        with pytest.raises(InputError, match="Excel"):
            self.read(path)

    def test_sheet_that_is_not_there(self, tmp_path: Path) -> None:
        path = tmp_path / "t.xlsx"
        pd.DataFrame({"时间": [dt.date(2025, 1, 1)]}).to_excel(path, sheet_name="甲", index=False)
        with pytest.raises(InputError, match="没有工作表“乙”"):
            read_table(path, lambda row: True, sheet="乙")

    def test_neither_utf8_nor_gbk(self, tmp_path: Path) -> None:
        path = tmp_path / "t.csv"
        path.write_bytes(b"\xff\xff\xff,\x80\x80")
        with pytest.raises(InputError, match="UTF-8"):
            self.read(path)

    def test_numbers_as_people_write_them(self) -> None:
        found = tables.numbers(pd.Series(["1,234.5", " 7 ", "１２", "无", None]))
        assert found[:3].tolist() == [1234.5, 7.0, 12.0]
        assert np.isnan(found[3:]).all()
