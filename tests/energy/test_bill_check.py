"""A real bill line by line: what agrees, what differs by how much, what is missing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from each import for_each
from openpyxl import Workbook

from greenland.cli import cli
from greenland.energy.checked_bill import check_bill_file
from greenland.energy.money.bill_check import BillCheck, CheckedLine, LineFinding
from greenland.energy.money.bill_reading import half_digit, item_key, read_bill_lines
from greenland.errors import InputError

CASE = """
load: load.csv
grid: {capacity_mw: 12}
tariff:
  mode: two_part
  billing: demand
  voltage: 110kV
  market_price: {峰: 0.45, 平: 0.30, 谷: 0.15}
  system_operation_fee: 0.02
  export_price: 0.2
  funds: 0.03
  transmission_price: 0.07
  line_loss: 0.04
  demand_price: 36
  contract_demand_kw: 10000
  power_factor_adjustment: {standard: 0.9, power_factor: 0.92}
  grid_only: {contract_demand_kw: 10000}
  tou:
    schedule:
      - {period: peak, start: "08:00", end: "12:00"}
      - {period: flat, start: "12:00", end: "22:00"}
      - {period: valley, start: "22:00", end: "08:00"}
    ratios: {peak: 1.5, flat: 1.0, valley: 0.5}
year: 2026
rules: {packs: [national]}
"""
# January 2026: 31 days of 10 MW, 12 MW from 9 to 10; by hand.
KWH = {"peak": 31 * 42_000, "flat": 31 * 100_000, "valley": 31 * 100_000}
PRICES = {"peak": 0.45, "flat": 0.30, "valley": 0.15}
ALL = sum(KWH.values())
ENERGY = {name: KWH[name] * PRICES[name] for name in KWH}
LOSS = sum(ENERGY.values()) * 0.04 / 0.96
DEMAND, EXCESS = 10_000 * 36.0, 1_500 * 72.0  # 12 000 kW of 10 000, beyond 10 500
BASE = sum(ENERGY.values()) + LOSS + ALL * (0.07 + 0.02) + DEMAND + EXCESS
GOOD: list[list[Any]] = [
    *(
        ["市场化电量电费", word, KWH[key], PRICES[key], round(ENERGY[key], 2)]
        for word, key in (("峰", "peak"), ("平", "flat"), ("谷", "valley"))
    ),
    ["(2)上网环节线损费用", "", ALL, "", round(LOSS, 2)],
    ["输配电量电费", "", ALL, 0.07, round(ALL * 0.07, 2)],
    ["系统运行费", "", ALL, 0.02, round(ALL * 0.02, 2)],
    ["国家重大水利工程建设基金", "", ALL, 0.011, round(ALL * 0.011, 2)],
    ["可再生能源电价附加", "", ALL, 0.019, round(ALL * 0.019, 2)],
    ["需量电费", "", 10_000, 36, DEMAND],
    ["超合同需量电费", "", 1_500, 72, EXCESS],
    ["力调电费", "", round(BASE, 2), -0.003, round(-0.003 * BASE, 2)],
    ["合计", "", "", "", round(BASE * 0.997 + ALL * 0.03, 2)],
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("bill")
    index = pd.date_range("2026-01-01", "2026-03-01", freq="15min", inclusive="left")
    load = pd.Series(np.where(index.hour == 9, 12.0, 10.0), index, name="load")
    load[index.hour == 11] = 10.0
    load.to_csv(made / "load.csv", index_label="time")
    (made / "case.yaml").write_text(CASE, encoding="utf-8")
    return made


def write(folder: Path, rows: list[list[Any]], **changes: Any) -> Path:
    head = changes.pop("head", ["项目", "时段", "数量", "单价（元）", "金额（元）"])
    path: Path = folder / "bill.csv"
    pd.DataFrame(rows, columns=head).to_csv(path, index=False)
    return path


def checked(folder: Path, rows: list[list[Any]], **more: Any) -> BillCheck:
    return check_bill_file(
        write(folder, rows), folder / "case.yaml", **({"month": "2026-01"} | more)
    )


def changed(item: str, **cells: Any) -> list[list[Any]]:
    names = {"item": 0, "period": 1, "quantity": 2, "price": 3, "amount": 4}
    rows = [list(row) for row in GOOD if row[0] != "合计"]
    for row in rows:
        if row[0] == item and (cells.get("of", row[1]) == row[1]):
            for name, value in cells.items():
                if name != "of":
                    row[names[name]] = value
    return rows


def line(found: BillCheck, key: str | None, period: str | None = None) -> CheckedLine:
    (one,) = (one for one in found.lines if (one.key, one.period) == (key, period))
    return one


def test_a_sound_bill_agrees_in_every_line(folder: Path) -> None:
    found = checked(folder, GOOD)
    assert {one.finding for one in found.lines} == {LineFinding.AGREES}
    assert found.agrees
    assert len(found.lines) == 11  # two funds are one item
    assert found.difference == pytest.approx(0.0, abs=0.05)
    funds = line(found, "funds")
    assert funds.rows == (8, 9)
    assert funds.price == pytest.approx(0.03)
    assert found.notes == ()


@pytest.mark.parametrize(
    ("cells", "finding", "by_quantity", "by_price"),
    [
        ({"quantity": ALL + 1000, "amount": round((ALL + 1000) * 0.07, 2)}, "quantity", 70.0, 0.0),
        ({"price": 0.072, "amount": round(ALL * 0.072, 2)}, "price", 0.0, ALL * 0.002),
        ({"amount": 1.0}, "arithmetic", 0.0, 0.0),
        (
            {"quantity": ALL - 10, "price": 0.08, "amount": round((ALL - 10) * 0.08, 2)},
            "both",
            -0.7,
            (ALL - 10) * 0.01,
        ),
        ({"price": 0.0700, "quantity": ALL}, "agrees", 0.0, 0.0),
    ],
)
def test_each_way_to_differ(
    folder: Path, cells: dict[str, Any], finding: str, by_quantity: float, by_price: float
) -> None:
    one = line(checked(folder, changed("输配电量电费", **cells)), "transmission")
    assert one.finding == finding
    assert one.by_quantity == pytest.approx(by_quantity, abs=1e-6)
    assert one.by_price == pytest.approx(by_price, abs=1e-6)
    if finding not in ("arithmetic", "agrees"):
        assert one.difference == pytest.approx(by_quantity + by_price, abs=0.02)


def test_amount_alone_is_compared(folder: Path) -> None:
    rows = changed("输配电量电费", quantity="", price="", amount=round(ALL * 0.07, 2) + 5)
    one = line(checked(folder, rows), "transmission")
    assert (one.finding, one.by_price) == (LineFinding.AMOUNT, None)
    assert one.difference == pytest.approx(5.0, abs=0.01)


def test_what_the_digits_leave_open_agrees(folder: Path) -> None:
    """A price of three digits on 7.5 million kWh may hide 3.75 thousand yuan, and no more."""
    rounded = changed("上网环节线损费用")
    mean = LOSS / ALL
    for row in rounded:
        if "线损" in row[0]:
            row[3], row[4] = f"{mean:.3f}", round(LOSS, 2)
    assert line(checked(folder, rounded), "line_loss").finding is LineFinding.AGREES
    for row in rounded:
        if "线损" in row[0]:
            row[3], row[4] = f"{mean + 0.002:.3f}", round(ALL * (mean + 0.002), 2)
    assert line(checked(folder, rounded), "line_loss").finding is LineFinding.PRICE


def test_period_of_the_energy_is_recomputed(folder: Path) -> None:
    rows = changed("市场化电量电费", of="谷", price=0.16, amount=round(KWH["valley"] * 0.16, 2))
    found = checked(folder, rows)
    assert line(found, "energy", "valley").finding is LineFinding.PRICE
    assert line(found, "energy", "peak").finding is LineFinding.AGREES


def test_missing_and_unknown_items(folder: Path) -> None:
    rows = [row for row in changed("") if row[0] != "系统运行费"]
    rows.append(["滞纳金", "", "", "", 88.0])
    found = checked(folder, rows)
    gone = line(found, "system_operation")
    assert (gone.finding, gone.rows) == (LineFinding.MISSING, ())
    assert gone.difference == pytest.approx(-ALL * 0.02)
    assert line(found, None).finding is LineFinding.UNKNOWN
    assert not found.agrees
    assert found.difference == pytest.approx(88 - ALL * 0.02, abs=0.05)


def test_total_is_held_against_the_lines(folder: Path) -> None:
    rows = [*changed(""), ["合计", "", "", "", 1.0]]
    one = line(checked(folder, rows), "total")
    assert one.finding is LineFinding.AMOUNT
    assert one.own_amount == pytest.approx(BASE * 0.997 + ALL * 0.03, abs=0.05)


def test_excel_with_months_and_a_title(folder: Path) -> None:
    """Two months in one table below a title; the second has 28 days."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["某公司电费明细（虚构）"])
    page.append(["电费年月", "项目", "计费电量", "计费标准", "电费(元)"])
    for month, days in (("2026-01", 31), ("2026年2月", 28)):
        kwh = days * 242_000
        page.append([month, "输配电量电费", kwh, 0.07, round(kwh * 0.07, 2)])
    book.save(folder / "bill.xlsx")
    found = check_bill_file(folder / "bill.xlsx", folder / "case.yaml")
    known = [one for one in found.lines if one.rows]
    assert [(one.month, one.finding) for one in known] == [
        ("2026-01", LineFinding.AGREES),
        ("2026-02", LineFinding.AGREES),
    ]


def test_every_bad_cell_is_told_at_once(folder: Path) -> None:
    rows = [
        ["输配电量电费", "早", "七百", 0.07, 1.0],
        ["", "", 5, "", ""],
        ["系统运行费", "", 1, 0.02, "￥多"],
    ]
    with pytest.raises(InputError) as caught:
        checked(folder, rows)
    places = {(item.row, item.column, item.got) for item in caught.value.problems}
    assert places == {
        (2, "时段", "早"),
        (2, "数量", "七百"),
        (3, "", ""),
        (4, "金额(元)", "￥多"),
    }


@pytest.mark.parametrize(
    ("more", "match"),
    [
        ({"month": None}, "请用 --month"),
        ({"month": "1月"}, r"应写成 2026-03"),
        ({"month": "2026-07"}, "负荷曲线没有账单的月份.*2026-01 – 2026-02"),
    ],
)
def test_months_that_cannot_be_checked(folder: Path, more: dict[str, Any], match: str) -> None:
    with pytest.raises(InputError, match=match):
        checked(folder, GOOD, **more)


def test_year_of_the_prices_is_the_bills(folder: Path, tmp_path: Path) -> None:
    other = CASE.replace("year: 2026", "year: 2027").replace("load.csv", str(folder / "load.csv"))
    (folder / "later.yaml").write_text(other, encoding="utf-8")
    with pytest.raises(InputError, match="不是同一年"):
        check_bill_file(write(folder, GOOD), folder / "later.yaml", month="2026-01")


def test_a_case_without_tariff(folder: Path) -> None:
    plain = "load: load.csv\ngrid: {capacity_mw: 12, import_price: 0.5}\nyear: 2026\n"
    (folder / "plain.yaml").write_text(plain, encoding="utf-8")
    with pytest.raises(InputError, match="没有 tariff"):
        check_bill_file(write(folder, GOOD), folder / "plain.yaml", month="2026-01")


def test_an_empty_bill(folder: Path) -> None:
    with pytest.raises(InputError, match="没有账单的行"):
        read_bill_lines(write(folder, []), month="2026-01")


def test_items_as_people_write_them() -> None:
    assert item_key("其中：农网还贷资金") == "funds"
    assert item_key("3、输配电价") == "transmission"
    assert item_key("meter", ["meter"]) == "meter"
    assert item_key("违约金") is None
    assert (half_digit(3), half_digit("12"), half_digit(0.125)) == (0.5, 0.5, 0.0005)


def test_command(folder: Path) -> None:
    case = [str(folder / "case.yaml"), "--month", "2026-01"]
    bill = str(write(folder, changed("系统运行费", price=0.03)))
    ran = CliRunner().invoke(cli, ["energy", "bill-check", bill, *case], env={"COLUMNS": "200"})
    assert ran.exit_code == 1
    assert "数量×单价不等于金额" in ran.stdout
    good = ["energy", "bill-check", str(write(folder, GOOD)), *case]
    ran = CliRunner().invoke(cli, good)
    assert ran.exit_code == 0, ran.output
    ran = CliRunner().invoke(cli, [*good, "--csv"])
    assert ran.stdout.count("agrees") == 11


def test_units_of_the_columns(tmp_path: Path) -> None:
    """765 MWh at 450 yuan each are 344 250 yuan, however they are written."""

    def read(header: str, line: str, *above: str) -> list[float | None]:
        path = tmp_path / "bill.csv"
        path.write_text("\n".join([*above, header, line]), encoding="utf-8")
        (found,) = read_bill_lines(path, month="2026-01")
        return [found.quantity, found.price, found.amount]

    def alike(case: tuple[str, ...]) -> None:
        assert read(*case) == pytest.approx([765_000, 0.45, 344_250])

    line = "电度电费,765000,0.45,344250"
    for_each(
        [
            ("项目,数量,单价,金额", line),
            ("项目,数量(kWh/kW),单价(元/kWh),金额(元)", line),
            ("项目,数量(万kWh),单价(元/MWh),金额(万元)", "电度电费,76.5,450,34.425"),
            ("项目,数量(MWh),单价(分/千瓦时),金额(千元)", "电度电费,765,45,344.25"),
            ("项目,数量,单位,单价,金额", "电度电费,76.5,万千瓦时,0.45,344250"),
            ("项目,数量,单价,金额", "电度电费,76.5,0.45,34.425", "单位：万kWh、万元,,,"),
        ],
        alike,
        str,
    )
    with pytest.raises(InputError, match="单位无法识别"):
        read("项目,数量(kWh),单价(美元/kWh),金额(元)", line)
