"""A file that says two things of its readings: refused, with the row or the words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest
from books import book_of
from each import for_each
from openpyxl.comments import Comment

from greenland.energy.profiles.load import meter
from greenland.errors import InputError

DAY = [dt.datetime(2025, 3, 1, hour) for hour in range(24)]
LINES = [f"{time:%Y-%m-%d %H:%M},{5 + time.hour % 3}" for time in DAY]


def csv(path: Path, *blocks: Sequence[str]) -> Path:
    path.write_text("\n".join(line for block in blocks for line in block), encoding="utf-8")
    return path


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    book_of(sheets).save(path)
    return path


def rows(first: int, last: int) -> list[tuple[dt.datetime, int]]:
    return [(time, 5 + time.hour % 3) for time in DAY[first:last]]


def refused(path: Path, code: str, row: int | None = None, **known: object) -> None:
    with pytest.raises(InputError) as error:
        meter.load(path, meter.MeterFormat(**known))  # type: ignore[arg-type]
    (problem,) = error.value.problems
    assert (problem.code, problem.row) == (code, row)


def test_a_unit_that_changes_between_the_readings(tmp_path: Path) -> None:
    """Twelve hours in MW, twelve in kW; the same unit again, or that of a sum, changes nothing."""
    path = tmp_path / "load.csv"

    def read(between: str) -> float:
        return float(
            meter.load(csv(path, ["时间,负荷(MW)"], LINES[:12], [between], LINES[12:])).sum()
        )

    def changed(between: str) -> None:
        csv(path, ["时间,负荷(MW)"], LINES[:12], [between], LINES[12:])
        refused(path, "unit_halfway", 14)

    for_each(["单位：kW,", "时间,负荷(kW)", "单位：MWh,"], changed, str)
    assert {read(line) for line in ("单位：MW,", "时间,负荷(MW)", "日电量合计(kWh),")} == {144.0}


def test_a_unit_of_the_title_or_a_note_that_is_another(tmp_path: Path) -> None:
    """The header counts, and a curve whose file says two things is not good."""
    path, head = tmp_path / "load.csv", ("时间", "负荷(MW)")

    def told(file: Path, **known: object) -> bool:
        series = meter.load(file, meter.MeterFormat(**known))  # type: ignore[arg-type]
        assert series.sum() == 144.0
        sheet = series.attrs["quality"]
        return "unit_twice" in {item["code"] for item in sheet["assumptions"]}

    for above, below in ((["负荷日报 单位：kW,"], []), ([], ["注：以上单位为kW,"])):
        csv(path, above, [",".join(head)], LINES, below)
        assert told(path)
        assert not told(path, unit="MW")
    assert not told(csv(path, ["单位：kWh、MW,"], [",".join(head)], LINES))
    book = tmp_path / "load.xlsx"
    assert told(workbook(book, {"负荷(kW)": [head, *rows(0, 24)]}))
    assert not told(workbook(book, {"负荷(MW)": [("时间", "负荷"), *rows(0, 24)]}))
    for header, unit, said in (("负荷", "MW", False), ("负荷(MW)", "kW", True)):
        changed = openpyxl.load_workbook(workbook(book, {"a": [("时间", header), *rows(0, 24)]}))
        changed.active.oddHeader.right.text = f"单位：{unit}"
        changed.save(book)
        assert told(book) is said
    changed = openpyxl.load_workbook(workbook(book, {"a": [head, *rows(0, 24)]}))
    changed.active["B1"].comment = Comment("单位：kW", "a")
    changed.save(book)
    assert told(book)


def test_energy_of_another_interval_than_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "load.csv"
    refused(csv(path, ["时间,15分钟电量(MWh)"], LINES), "unit_interval")
    assert meter.load(csv(path, ["时间,60分钟电量(MWh)"], LINES)).sum() == 144.0


def test_a_table_that_goes_on_in_another_sheet(tmp_path: Path) -> None:
    """``Sheet1`` is no rate ``t1``; rows without a header are not dropped unsaid."""
    path, head = tmp_path / "load.xlsx", ("时间", "负荷(MW)")
    workbook(path, {"Sheet1": [head, *rows(0, 12)], "续表": [head, *rows(12, 24)]})
    assert meter.load(path).sum() == 144.0
    workbook(path, {"Sheet1": [head, *rows(0, 12)], "续表": rows(12, 24)})
    refused(path, "sheet_without_header", 1)
    for other in ([("2025年3月1日", "抄表"), ("完",)], [(2024.0, 7), (2025.0, 8)]):
        workbook(path, {"Sheet1": [head, *rows(0, 24)], "说明": other})
        assert meter.load(path).sum() == 144.0


def test_readings_marked_as_invalid_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "load.csv"

    def read(header: str, good: str, bad: str) -> tuple[float, list[str]]:
        marks = [bad if hour == 7 else good for hour in range(24)]
        lines = [f"{line},{mark}" for line, mark in zip(LINES, marks, strict=True)]
        lines[7] = f"{DAY[7]:%Y-%m-%d %H:%M},0,{bad}"
        series = meter.load(csv(path, [f"时间,负荷(MW),{header}"], lines))
        sheet = series.attrs["quality"]
        return float(series.iloc[7]), [problem["code"] for problem in sheet["problems"]]

    def missing(case: tuple[str, str, str]) -> None:
        value, codes = read(*case)
        assert value == pytest.approx(6, abs=1.01)
        assert codes == ["reading_invalid"]

    for_each(
        [("数据状态", "有效", "无效"), ("quality", "good", "BAD"), ("是否有效", "是", "否")],
        missing,
        str,
    )
    assert read("状态", "运行", "停运") == (0.0, [])
