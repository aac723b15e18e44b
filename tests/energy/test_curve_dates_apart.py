"""Dates of curves in parts, across the header, in the sheet's name or a title."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from books import book_of

from greenland.energy.profiles.dates_apart import StatedDate, stated_date
from greenland.energy.profiles.series import read_series
from greenland.energy.tariff.config import SeriesFile
from greenland.energy.tariff.price_file import read_price_file
from greenland.errors import InputError

HOURS = pd.date_range("2025-03-01", periods=72, freq="1h", tz="Asia/Shanghai")
VALUES = np.array([100.0 + (7 * n) % 50 for n in range(72)])
DAYS = VALUES.reshape(3, 24)
DATES = ["2025-03-01", "2025-03-02", "2025-03-03"]

Rows = Sequence[Sequence[Any]]


def csv(folder: Path, rows: Rows) -> Path:
    path = folder / "load.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in rows), encoding="utf-8")
    return path


def read(path: Path) -> pd.Series:
    return read_series(path)[0].series


def is_the_curve(path: Path) -> None:
    series = read(path)
    assert series.index.equals(HOURS)
    assert (series.to_numpy() * 1000).tolist() == pytest.approx(VALUES.tolist())


def down(days: Sequence[str], corner: str = "时间") -> list[list[Any]]:
    """Clocks down and days across."""
    return [[corner, *days], *([f"{hour}:00", *DAYS[:, hour]] for hour in range(24))]


@pytest.mark.parametrize(
    ("names", "first"),
    [
        (("年", "月", "日", "时"), 0),
        (("年份", "月份", "日", "小时"), 1),
        (("Year", "Month", "Day", "Hour"), 0),
    ],
)
def test_columns_of_year_month_day_hour(tmp_path: Path, names: tuple[str, ...], first: int) -> None:
    rows = [[t.year, t.month, t.day, t.hour + first, v] for t, v in zip(HOURS, VALUES, strict=True)]
    is_the_curve(csv(tmp_path, [[*names, "负荷(kW)"], *rows]))


@pytest.mark.parametrize(
    "signed", [["填报日期", 2026, "年", 1, "月", 5, "日"], ["", "年", "月", "日", "", "", ""]]
)
def test_a_date_of_signing_in_cells_is_no_header(tmp_path: Path, signed: list[Any]) -> None:
    rows = [[f"{t:%Y-%m-%d %H:%M}", v] for t, v in zip(HOURS, VALUES, strict=True)]
    is_the_curve(csv(tmp_path, [signed, ["时间", "负荷(kW)"], *rows]))


def test_minutes_in_a_column(tmp_path: Path) -> None:
    quarters = pd.date_range("2025-03-01", periods=96, freq="15min")
    rows = [[t.year, t.month, t.day, t.hour, t.minute, 5] for t in quarters]
    series = read(csv(tmp_path, [["年", "月", "日", "时", "分", "负荷(kW)"], *rows]))
    assert len(series) == 96


def test_a_day_that_is_none_is_told(tmp_path: Path) -> None:
    rows = [
        [t.year, t.month, 31 + t.day if t.day == 3 else t.day, t.hour, v]
        for t, v in zip(HOURS, VALUES, strict=True)
    ]
    (one,) = read_series(csv(tmp_path, [["年", "月", "日", "时", "负荷(kW)"], *rows]))
    assert [problem.code for problem in one.problems] == ["time_unread"]
    assert one.problems[0].got == "2025 3 34"


def test_clocks_down_and_days_across(tmp_path: Path) -> None:
    is_the_curve(csv(tmp_path, [["单位：kW"], *down(DATES)]))


@pytest.mark.parametrize("corner", ["时间/负荷(kW)", "时刻\\\\日期\\\\负荷(kW)"])
def test_the_corner_may_name_the_readings(tmp_path: Path, corner: str) -> None:
    is_the_curve(csv(tmp_path, down(DATES, corner)))


def test_totals_beside_and_below_are_left_out(tmp_path: Path) -> None:
    rows = [[*row, "合计" if n == 0 else sum(row[1:])] for n, row in enumerate(down(DATES))]
    rows.append(["合计", *DAYS.sum(axis=1), VALUES.sum()])
    is_the_curve(csv(tmp_path, [["单位：kW"], *rows]))


def test_days_across_that_are_dates_of_excel(tmp_path: Path) -> None:
    days = [dt.datetime(2025, 3, day) for day in (1, 2, 3)]
    rows = [[dt.time(hour), *DAYS[:, hour].tolist()] for hour in range(24)]
    book_of({"负荷": [["负荷（kW）"], ["时刻", *days], *rows]}).save(tmp_path / "load.xlsx")
    is_the_curve(tmp_path / "load.xlsx")


def test_days_of_the_month_in_the_title(tmp_path: Path) -> None:
    rows = [["某厂2025年3月负荷，单位：kW"], *down(["1日", "2日", "3日"])]
    is_the_curve(csv(tmp_path, rows))


def test_days_a_month_does_not_have_may_be_blank(tmp_path: Path) -> None:
    """Forms have 31 columns."""
    title = ["2025年2月负荷，单位：kW"]
    head = ["时间", *(f"{day}日" for day in range(1, 32))]
    rows = [[f"{hour}:00", *[5] * 28, "", "", ""] for hour in range(24)]
    assert len(read(csv(tmp_path, [title, head, *rows]))) == 28 * 24
    rows[3][29] = 5
    with pytest.raises(InputError, match="看不出这张表的读数是哪一天的"):
        read(csv(tmp_path, [title, head, *rows]))


@pytest.mark.parametrize(
    "title", ["负荷，单位：kW", "2025年负荷，单位：kW", "制表日期：2025年3月5日，单位：kW"]
)
def test_days_of_an_unknown_month_are_refused(tmp_path: Path, title: str) -> None:
    with pytest.raises(InputError, match=r"看不出这张表的读数是哪一天的.*2025年3月"):
        read(csv(tmp_path, [[title], *down(["1日", "2日", "3日"])]))


def sheets(folder: Path, titles: Sequence[str], above: Sequence[str] = ()) -> Path:
    """A workbook with a sheet of clocks for each day."""
    heads = [[text] for text in above]
    book = {
        title: [*heads, ["时间", "负荷(kW)"], *([f"{h}:00", day[h]] for h in range(24))]
        for title, day in zip(titles, DAYS.tolist(), strict=True)
    }
    path = folder / "load.xlsx"
    book_of(book).save(path)
    return path


@pytest.mark.parametrize(
    ("titles", "above"),
    [
        (DATES, ()),
        (["20250301", "20250302", "20250303"], ()),
        (["3月1日", "3月2日", "3月3日"], ["某厂2025年负荷"]),
        (["1日", "2日", "3日"], ["2025年3月负荷", "导出时间：2026-01-05 08:00"]),
    ],
)
def test_a_sheet_for_each_day(tmp_path: Path, titles: Sequence[str], above: Sequence[str]) -> None:
    is_the_curve(sheets(tmp_path, titles, above))


@pytest.mark.parametrize("above", [(), ["制表：2025年"], ["2024年、2025年负荷"]])
def test_a_sheet_of_a_day_without_its_year_is_refused(tmp_path: Path, above: Sequence[str]) -> None:
    with pytest.raises(InputError, match=r"3月1日.*看不出这张表的读数是哪一天的"):
        read(sheets(tmp_path, ["3月1日", "3月2日", "3月3日"], above))


def test_clocks_of_several_days_under_one_date_are_refused(tmp_path: Path) -> None:
    rows = [[f"{t.hour}:00", v] for t, v in zip(HOURS, VALUES, strict=True)]
    with pytest.raises(InputError, match="看不出这张表的读数是哪一天的"):
        read(csv(tmp_path, [["2025年3月1日"], ["时间", "负荷(kW)"], *rows]))


def test_days_and_hours_in_the_sheet_of_a_month(tmp_path: Path) -> None:
    rows = [[t.day, t.hour, v] for t, v in zip(HOURS, VALUES.tolist(), strict=True)]
    book_of({"2025年3月": [["日", "时", "负荷(kW)"], *rows]}).save(tmp_path / "load.xlsx")
    is_the_curve(tmp_path / "load.xlsx")


def test_a_transformer_is_no_day() -> None:
    assert stated_date("3号变", ["2025年6月负荷"]) == StatedDate(2025, 6, None)


def prices(path: Path) -> list[float]:
    return read_price_file(path, SeriesFile(file=path.name), HOURS).series.tolist()


@pytest.mark.parametrize("layout", ["parts", "across", "slots across"])
def test_prices_of_the_same_forms(tmp_path: Path, layout: str) -> None:
    if layout == "parts":
        rows: list[list[Any]] = [["年", "月", "日", "时", "电价(元/MWh)"]]
        rows += [[t.year, t.month, t.day, t.hour, v] for t, v in zip(HOURS, VALUES, strict=True)]
    elif layout == "across":
        rows = [["单位：元/MWh"], *down(DATES)]
    else:
        table = [["时段", *DATES], *([h + 1, *DAYS[:, h]] for h in range(24))]
        rows = [["单位：元/MWh"], *table]
    assert prices(csv(tmp_path, rows)) == pytest.approx((VALUES / 1000).tolist())


def test_prices_of_an_unknown_month_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="看不出价格是哪一天的"):
        prices(csv(tmp_path, [["单位：元/MWh"], *down(["1日", "2日", "3日"])]))


def test_readings_in_brackets_are_negative_and_told(tmp_path: Path) -> None:
    rows: list[list[Any]] = [["时间", "负荷(kW)"]]
    rows += [[f"{t:%Y-%m-%d %H:%M}", v] for t, v in zip(HOURS, VALUES, strict=True)]
    rows[5][1], rows[6][1] = "(12)", "（1.5）"
    (one,) = read_series(csv(tmp_path, rows))
    assert (one.series.iloc[4:6] * 1000).tolist() == [-12.0, -1.5]
    assert "bracketed" in [item.code for item in one.assumptions]
