"""Words beside a table: which name a unit, and which rows below the figures are notes."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from greenland.energy.money.bill_reading import read_bill_lines
from greenland.energy.profiles.load.bill_table import read_bills
from greenland.energy.profiles.power_units import stated
from greenland.energy.profiles.words_beside import notes_below, stated_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("单位：kW", ["kW"]),
        ("（单位:m/s、℃）", ["m/s", "℃"]),
        ("计量单位 万kWh", ["万kWh"]),
        ("单位kW", ["kW"]),
        ("单位千瓦时", ["千瓦时"]),
        ("单位为 MW", ["MW"]),
        ("Units: kWh", ["kWh"]),
        ("单位名称：三元公司", []),
        ("用电单位", []),
    ],
)
def test_words_said_to_be_units(text: str, words: list[str]) -> None:
    assert stated_words([text]) == words


@pytest.mark.parametrize("text", ["单位：kW", "单位 kW", "单位kW", "单位为kW", "单位千瓦"])
def test_readings_take_the_same_words(text: str) -> None:
    (unit,) = stated([text])
    assert unit.factor == 1e-3


@pytest.mark.parametrize(
    ("rows", "notes"),
    [
        ([["2025-12", "5"], ["注：单位为万kWh", None]], ["注：单位为万kWh"]),
        (
            [["2025-12", "5"], ["1. 电量单位：万kWh", None], ["制表：甲", "2026-01-05"]],
            ["1. 电量单位：万kWh", "制表：甲 2026-01-05"],
        ),
        ([["2025-12", "5"], ["合计", "12"]], []),
        ([["2025-11", "5"], ["2025-12", None]], []),
        ([["2025-11", "5"], ["2025年12月", "无"]], []),
        ([["0:00", "5"], ["23:45", "缺"]], []),
    ],
)
def test_notes_below_the_figures(rows: list[list[str | None]], notes: list[str]) -> None:
    assert notes_below(pd.DataFrame(rows, dtype=object)) == notes


def test_a_numbered_note_below_bills_has_their_unit(tmp_path: Path) -> None:
    path = tmp_path / "bills.csv"
    lines = [
        "月份,总电量",
        "2025-01,12",
        "2025-02,13",
        "1. 电量单位：万kWh,",
        "制表：甲 2026-01-05,",
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [bill.energy_mwh for bill in read_bills(path)] == [120.0, 130.0]


@pytest.mark.parametrize("head", ["计量单位", "电量单位", "数量单位", "Unit"])
def test_a_column_of_units_has_the_same_names_in_both_readers_of_bills(
    tmp_path: Path, head: str
) -> None:
    path = tmp_path / "bill.csv"
    lines = [f"月份,总电量,{head}", "2025-01,12,万kWh", "2025-02,13,万kWh"]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert [bill.energy_mwh for bill in read_bills(path)] == [120.0, 130.0]
    lines = [f"项目,数量,{head},单价(元/kWh),金额(元)", "电量电费,12,万kWh,0.5,60000"]
    path.write_text("\n".join(lines), encoding="utf-8")
    (line,) = read_bill_lines(path, month="2025-01")
    assert line.quantity == 120_000.0


def test_a_real_bill_takes_the_unit_of_a_note_below(tmp_path: Path) -> None:
    path = tmp_path / "bill.csv"
    lines = ["项目,数量(kWh),单价(元/kWh),金额", "电量电费,120000,0.5,6", "注：金额单位：万元,,,"]
    path.write_text("\n".join(lines), encoding="utf-8")
    line = read_bill_lines(path, month="2025-01")[0]
    assert line.amount == 60_000.0
