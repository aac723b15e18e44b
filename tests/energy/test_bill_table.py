"""Tables of bills: which column is meant, in which unit, for which days; all invented."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenland.energy.profiles.load.bill_table import Bills, read_bills
from greenland.energy.profiles.load.bills import curve
from greenland.energy.profiles.numerals import DecimalSign
from greenland.errors import InputError

ENERGIES = [765.0, 450.0, 770.0]  # MWh


def bills(folder: Path, header: str, *rows: str, title: str = "", **options: object) -> Bills:
    lines = [*([title] if title else []), header, *rows]
    (folder / "b.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return read_bills(folder / "b.csv", **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    ["无功总电量(kvarh)", "去年同期总电量(kWh)", "反向有功总电量(kWh)", "光伏上网电量(kWh)",
     "电费(元)", "计划电量(kWh)",
     "核定需量(kW)", "合同容量(kVA)", "功率因数", "平均电价(元/kWh)"],
)  # fmt: skip
def test_columns_of_other_quantities_are_left_alone(tmp_path: Path, other: str) -> None:
    rows = [f"2025-0{n},333,{e * 1000},2163" for n, e in enumerate(ENERGIES, 1)]
    read = bills(tmp_path, f"月份,{other},总电量(kWh),最大需量(kW)", *rows)
    assert [bill.total for bill in read] == pytest.approx(ENERGIES)
    assert read[0].max_demand_mw == pytest.approx(2.163)


@pytest.mark.parametrize(
    ("header", "value"),
    [("总电量(万kW·h)", 76.5), ("总电量（万度）", 76.5), ("总电量(MW·h)", 765),
     ("总电量(GWh)", 0.765),
     ("总电量(MWh，含税)", 765), ("总电量/千瓦时", 765000)],
)  # fmt: skip
def test_units(tmp_path: Path, header: str, value: float) -> None:
    read = bills(tmp_path, f"月份,{header}", f"2025-01,{value}")
    assert read[0].total == pytest.approx(765)
    assert read.assumptions == ()


@pytest.mark.parametrize(
    ("header", "value"), [("最大需量 MW (15min)", 2.1), ("最大需量(万kW)", 0.21)]
)
def test_units_of_demand(tmp_path: Path, header: str, value: float) -> None:
    read = bills(tmp_path, f"月份,总电量(kWh),{header}", f"2025-01,765000,{value}")
    assert read[0].max_demand_mw == pytest.approx(2.1)


def test_unit_of_the_title(tmp_path: Path) -> None:
    title = "某厂2025年电费汇总表    单位：万千瓦时"
    assert bills(tmp_path, "月份,总电量", "2025-01,76.5", title=title)[0].total == pytest.approx(
        765
    )


def test_no_unit_is_an_assumption(tmp_path: Path) -> None:
    read = bills(tmp_path, "月份,总电量", "2025-01,765000")
    assert [item.code for item in read.assumptions] == ["bill_unit"]
    assert curve(read, "food").attrs["quality"]["verdict"] == "warning"


@pytest.mark.parametrize("header", ["总电量(GJ)", "总电量(kW)", "总电量(kvarh)", "总电量(abc)"])
def test_unknown_units_are_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(InputError):
        bills(tmp_path, f"月份,{header}", "2025-01,765")


def test_two_candidates_are_asked_about(tmp_path: Path) -> None:
    header, row = "月份,结算电量(kWh),计费电量(kWh)", "2025-01,765000,700000"
    with pytest.raises(InputError, match="--column energy"):
        bills(tmp_path, header, row)
    read = bills(tmp_path, header, row, columns={"energy": "计费电量(kWh)"})
    assert read[0].total == pytest.approx(700)


def test_rows_of_periods(tmp_path: Path) -> None:
    kinds = (("总", 600), ("峰", 300), ("平", 200), ("谷", 100), ("无功总", 90))
    rows = [f"2025-0{month},{kind},{value}" for month in (1, 2) for kind, value in kinds]
    read = bills(tmp_path, "月份,示数类型,抄见电量(MWh)", *rows)
    assert [bill.label for bill in read] == ["2025-01", "2025-02"]
    assert read[0].periods == {"peak": 300.0, "flat": 200.0, "valley": 100.0}
    assert read[0].energy_mwh == 600.0


@pytest.mark.parametrize(
    ("cell", "label"),
    [
        ("202501", "2025-01"),
        ("2025年1月", "2025-01"),
        ("2025/1", "2025-01"),
        ("2025-01-01", "2025-01"),
    ],
)
def test_months(tmp_path: Path, cell: str, label: str) -> None:
    assert bills(tmp_path, "月份,总电量(kWh)", f"{cell},1")[0].label == label


@pytest.mark.parametrize("cell", ["2025-13", "2025-01-31", "一月", "20250131"])
def test_what_is_no_month(tmp_path: Path, cell: str) -> None:
    with pytest.raises(InputError, match="第2行"):
        bills(tmp_path, "月份,总电量(kWh)", f"{cell},1")


def test_days_in_one_cell(tmp_path: Path) -> None:
    read = bills(tmp_path, "起止日期,总电量(kWh)", "2025.01.01-2025.01.31,1")
    assert read[0].label == "2025-01"


def test_days_whose_order_is_open_are_asked_about(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="日/月/年"):
        bills(tmp_path, "起日,止日,总电量(kWh)", "01.02.2025,05.02.2025,1")
    read = bills(tmp_path, "起日,止日,总电量(kWh)", "01.02.2025,28.02.2025,1")
    assert read[0].label == "2025-02"


def test_comma_of_three_digits_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("月份;总电量(MWh)\n2025-01;765,250\n2025-02;450,125\n", encoding="utf-8")
    with pytest.raises(InputError, match="--decimal"):
        read_bills(path)
    assert read_bills(path, decimal=DecimalSign.COMMA)[0].total == pytest.approx(765.25)


def test_energy_without_its_multiplier_is_refused(tmp_path: Path) -> None:
    header = "月份,上月示数,本月示数,倍率,总电量(kWh)"
    assert bills(tmp_path, header, "2025-01,100,200,2000,200000")[0].total == pytest.approx(200)
    with pytest.raises(InputError, match="倍率"):
        bills(tmp_path, header, "2025-01,100,200,2000,100")


def test_another_unit_in_the_rows(tmp_path: Path) -> None:
    """In a line between the bills, in a repeated header, or in a column of units."""
    kwh, wan = "2025-01,765000", "2025-02,45"
    for header, rows in (
        ("月份,总电量(kWh)", (kwh, "单位：万kWh", wan)),
        ("月份,总电量(kWh)", (kwh, "月份,总电量(万kWh)", wan)),
        ("月份,总电量", (kwh, "单位：万kWh", wan)),
        ("月份,总电量,单位", (f"{kwh},kWh", f"{wan},万kWh")),
    ):
        with pytest.raises(InputError, match="单位"):
            bills(tmp_path, header, *rows)
    read = bills(tmp_path, "月份,总电量,单位", "2025-01,76.5,万kWh", "2025-02,45,万千瓦时")
    assert [bill.total for bill in read] == pytest.approx(ENERGIES[:2])
    assert read.assumptions == ()


def test_a_unit_in_a_note(tmp_path: Path) -> None:
    """Below the bills it holds where the header has none; else it is told."""

    def read(header: str) -> tuple[float, list[str]]:
        path = tmp_path / "bills.csv"
        lines = [f"月份,{header}", "2025-01,10", "2025-02,20", "注：电量单位为万kWh,"]
        path.write_text("\n".join(lines), encoding="utf-8")
        found = read_bills(path)
        return sum(bill.energy_mwh or 0.0 for bill in found), [p.code for p in found.assumptions]

    assert read("总电量") == (300.0, [])
    assert read("总电量(MWh)") == (30.0, ["unit_twice"])
