"""A province's prices from one CSV: what is read, and faults by row and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from greenland.energy.tariff.config import TariffConfig
from greenland.energy.tariff.resolve import resolve
from greenland.energy.tariff.table_cells import UNITS
from greenland.energy.tariff.table_rows import ITEMS
from greenland.errors import InputError, Problem
from greenland.rules import load_rulebook

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "examples" / "tariff_table.csv"
TEXT = TABLE.read_text(encoding="utf-8")
NATIONAL = load_rulebook(("national",), 2027)
YEAR = pd.date_range("2027-01-01", periods=8760, freq="h", tz="Asia/Shanghai")


def config(**changes: Any) -> TariffConfig:
    values = {"mode": "two_part", "billing": "capacity", "voltage": "110kV", "export_price": 0.2}
    return TariffConfig.model_validate(values | {"table": "t.csv"} | changes)


def one(folder: Path, text: str = TEXT, encoding: str = "utf-8", **changes: Any) -> Any:
    (folder / "t.csv").write_bytes(text.encode(encoding))
    (tariff,) = resolve(config(**changes), YEAR, NATIONAL, folder=folder)
    return tariff


def faults(folder: Path, text: str) -> list[Problem]:
    with pytest.raises(InputError) as caught:
        one(folder, text)
    return [item for item in caught.value.problems if item.code.startswith("table")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_prices_of_an_hour_by_hand(tmp_path: Path, encoding: str) -> None:
    tariff = one(tmp_path, encoding=encoding)
    # January, flat: 0.365 x 1, loss 0.365 x 0.036/0.964, 0.085, 0.035, 0.0312
    flat = 0.365 + 0.365 * 0.036 / 0.964 + 0.085 + 0.035 + 0.0312
    assert tariff.import_price["2027-01-05 08:00+08:00"] == pytest.approx(flat)
    # July 19:00, super peak: market price and T&D price float, the new T&D price, fee of July
    peak = 1.8 * (0.318 + 0.079) + 0.318 * 0.036 / 0.964 + 0.041 + 0.0312
    assert tariff.import_price["2027-07-05 19:00+08:00"] == pytest.approx(peak)
    charges = {item.key: item.price for item in tariff.fixed}
    assert charges == {"capacity_charge": (24.0,) * 12}


def test_valley_wraps_past_midnight_and_months_past_the_years_end(tmp_path: Path) -> None:
    tariff = one(tmp_path)
    day = tariff.period["2027-02-01"].tolist()
    expected = ["valley"] * 7 + ["flat"] * 3 + ["peak"] * 2 + ["flat"] * 5 + ["peak"] * 5
    assert day == [*expected, "flat", "valley"]
    assert "super_peak" in set(tariff.period["2027-08-01"])
    assert "super_peak" not in set(tariff.period["2027-06-30"])
    # the loss price is a fixed share of the flat market price: dry months are 11 to 3
    market = tariff.components["line_loss"].groupby(YEAR.month).mean() * 0.964 / 0.036
    assert market.tolist() == pytest.approx([0.365] * 3 + [0.318] * 7 + [0.365] * 2)


def test_other_voltage_and_part(tmp_path: Path) -> None:
    single = one(tmp_path, voltage="1-10千伏", mode="single_part", tou={"floating": ["energy"]})
    assert single.components["transmission"].max() == pytest.approx(0.181)
    near = one(tmp_path, mode="capacity")
    charge = next(item for item in near.fixed if item.key == "near_charge")
    assert charge.price == pytest.approx((0.085 * 0.58 * 730,) * 5 + (0.079 * 0.58 * 730,) * 7)


def test_the_case_stands_before_the_table_and_sources_are_noted(tmp_path: Path) -> None:
    tariff = one(tmp_path, funds=0.05)
    assert tariff.components["funds"].max() == pytest.approx(0.05)
    noted = {(item.item, str(item.first)): item for item in tariff.assumptions}
    assert noted["transmission_price", "2027-06-01"].source == "虚构发改价格〔2027〕8号"
    assert noted["tou", "2027-07-01"].value.startswith("super_peak 1.8")


def test_what_the_table_lacks_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="缺少“容量电价”"):
        one(tmp_path, voltage="35千伏")


def replaced(old: str, new: str) -> str:
    assert TEXT.count(old) == 1, old
    return TEXT.replace(old, new)


FLAT = "分时时段,,,平段,,00:00,24:00,,,,2027-01-01,,虚构发改价格〔2026〕2号\n"
LOSS = "线损率,,,,,,,,3.6,%,"
FAULTS = {
    "number": (replaced(LOSS, "线损率,,,,,,,,三,%,"), "数值", "不是数字"),
    "share": (replaced(LOSS, "线损率,,,,,,,,3.6,,"), "数值", "比例要小于 1"),
    "unit": (replaced("24.0,元/(kVA·月)", "24.0,元/kWh"), "单位", "单位不认识"),
    "no unit": (replaced("38.4,元/(kW·月)", "38.4,"), "单位", "要填写这一列"),
    "negative": (replaced("0.0312", "-0.0312"), "数值", "不能为负"),
    "item": (replaced("需量电价,110", "需求电价,110"), "项目", "不认识这个项目"),
    "voltage": (replaced("容量电价,110千伏", "容量电价,11千伏"), "电压等级", "不认识这个电压等级"),
    "part": (replaced("不满1千伏,单一制", "不满1千伏,一部制"), "计价方式", "只有两种"),
    "empty": (replaced("需量电价,110千伏", "需量电价,"), "电压等级", "要填写这一列"),
    "shifted": (replaced(LOSS, "线损率,110千伏,,,,,,,3.6,%,"), "电压等级", "是否错列"),
    "date": (replaced("3.6,%,2027-01-01", "3.6,%,2027-02-30"), "生效日期", "不是日期"),
    "order": (replaced("3.6,%,2027-01-01,", "3.6,%,2027-01-01,2026-12-31"), "失效日期", "早于"),
    "months": (replaced("系统运行费,,,,1-6", "系统运行费,,,,1-13"), "月份", "不是月份"),
    "clock": (replaced("10:00,12:00", "10:00,25:00"), "结束", "不是时刻"),
    "same": (replaced("10:00,12:00", "10:00,10:00"), "结束", "起点和终点相同"),
    "period": (replaced("低谷,,23:00", "夜间,,23:00"), "时段", "不认识这个时段"),
    "priority": (replaced("07:00,1", "07:00,高"), "优先级", "应为整数"),
    "floating": (replaced("市场电价、电量电价", "市场电价、电费"), "数值", "不认识“电费”"),
    "twice": (replaced("1-6,,,,0.035", "1-7,,,,0.035"), "项目", "与第 15 行给出同一项"),
    "ratio": (replaced("分时比价,,,低谷,,,,,0.45", "分时比价,,,深谷,,,,,0.45"), "时段", "没有“谷”"),
    "gap": (replaced(FLAT, ""), "时段", "1月 07:00 没有分时时段"),
    "overlap": (replaced("07:00,1", "11:00,1"), "时段", "重叠且优先级相同"),
    "header": (replaced("电压等级,计价方式", "电压,计价方式"), "电压", "没有这一列"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_one_fault_names_its_row_and_column(tmp_path: Path, name: str) -> None:
    text, column, words = FAULTS[name]
    assert text != TEXT
    found = faults(tmp_path, text)
    first = found[0]
    assert words in first.message
    assert (first.file, first.column) == ("t.csv", column)
    lines = zip(TEXT.splitlines(), text.splitlines(), strict=False)
    changed = next(place for place, (old, new) in enumerate(lines, start=1) if old != new)
    if name not in {"ratio", "gap", "overlap", "twice"}:
        assert first.row == changed
    if name not in {"voltage", "header", "ratio"}:
        assert len(found) == 1


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    text = TEXT.replace("3.6,%", "三,%").replace("0.0312", "x").replace("07:00,1", "77:00,1")
    assert [item.column for item in faults(tmp_path, text)] == ["数值", "数值", "结束"]


def test_missing_file_and_other_encodings_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="找不到价格表"):
        resolve(config(), YEAR, NATIONAL, folder=tmp_path)
    (tmp_path / "t.csv").write_bytes("项目,数值\n".encode("utf-16"))
    with pytest.raises(InputError, match="UTF-8 或 GBK"):
        resolve(config(), YEAR, NATIONAL, folder=tmp_path)
    for text, words in (("", "没有内容"), ("项目,数值\n", "只有表头")):
        assert words in faults(tmp_path, text)[0].message


def test_page_names_every_item_and_unit() -> None:
    page = (ROOT / "docs" / "tariff-table.md").read_text(encoding="utf-8")
    assert {item for item in ITEMS if item not in page} == set()
    assert {item for item in ITEMS if item not in TEXT} == set(), "the example shows all"
    for kind in ("kva", "kw"):
        assert next(iter(UNITS[kind])) in page.lower()
