"""Numbers in brackets, with 万 or 亿, and in Chinese numerals."""

from __future__ import annotations

from typing import Any

import pytest

from greenland.errors import Severity
from greenland.park.cells.base import Context
from greenland.park.cells.numbers import read_numbers
from greenland.park.dictionary import column
from greenland.park.header import Match


def read(sheet: str, name: str, cell: str, unit: str | None = None) -> tuple[Any, Any]:
    item = column(sheet, name)
    match = Match(item, item.unit if unit is None else unit, stated=True)
    cells = read_numbers([cell], Context(match, False))
    return cells.values[0], cells.faults[0]


@pytest.mark.parametrize(
    ("cell", "value"), [("(12)", -12.0), ("（12）", -12.0), ("( 1,200.5 )", -1200.5)]
)
def test_brackets_are_a_minus_and_told(cell: str, value: float) -> None:
    found, fault = read("firms", "value_added_wan", cell)
    assert found == value
    assert (fault.severity, fault.code) == (Severity.WARNING, "bracketed")


def test_brackets_in_another_unit() -> None:
    assert read("firms", "value_added_wan", "(120000)", "元")[0] == -12.0


@pytest.mark.parametrize(
    ("name", "cell", "numbers"),
    [
        ("tax_wan", "1.2万", "1.2 还是 12000？"),  # 1.2 万元 or 1.2 亿元
        ("tax_wan", "2 亿", "2 还是 200000000？"),
        ("water_m3", "1.2千", "1.2 还是 1200？"),
        ("electricity_mwh", "1,200百万", "1200 还是 1200000000？"),
    ],
)
def test_a_multiple_is_asked_about(name: str, cell: str, numbers: str) -> None:
    found, fault = read("firms", name, cell)
    assert found is None
    assert fault.severity is Severity.ERROR
    assert "不知道与列的单位是否重复" in fault.message
    assert fault.remedy.endswith(numbers)


def test_a_multiple_with_its_unit_is_whole() -> None:
    assert column("firms", "tax_wan").unit == "万元"
    item = column("firms", "tax_wan")
    cells = read_numbers(["1.2亿元"], Context(Match(item, "万元", stated=True), False))
    assert cells.values == [12_000.0]


@pytest.mark.parametrize("cell", ["壹佰贰拾万元整", "人民币壹亿元", "一百二十", "三点五"])
def test_chinese_numerals_are_refused_with_what_to_do(cell: str) -> None:
    found, fault = read("firms", "tax_wan", cell)
    assert found is None
    assert (fault.severity, fault.code) == (Severity.ERROR, "not_a_number")
    assert "中文数字" in fault.message
    assert "请改填阿拉伯数字" in fault.remedy


@pytest.mark.parametrize("cell", ["(约12)", "(1)甲", "万元以上", "三家"])
def test_other_words_are_no_numbers(cell: str) -> None:
    assert "读不出数值" in read("firms", "tax_wan", cell)[1].message
