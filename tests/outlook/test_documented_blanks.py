"""What docs/input.md promises of blank cells of the power sheets holds in the outlook."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from workbook_park import FACILITIES, MONTHS, economy_rows, firm_rows, five_firms

from greenland.outlook.power import evaluate
from greenland.park.dictionary import column

PAGE = Path(__file__).resolve().parents[2] / "docs" / "input.md"
Rows = list[dict[str, Any]]

LINE = {"facility_id": "L1", "facility_name": "进线", "facility_kind": "line", "unit_kva": 40_000}
STORE = {"facility_id": "B1", "facility_name": "储能", "facility_kind": "storage",
         "power_mw": 1.0, "storage_mwh": 2.0}  # fmt: skip
PROJECT = {"project_id": "P1", "project_name": "新项目", "industry_code": "3985", "power_mw": 1.0,
           "production_date": dt.date(2026, 3, 1), "project_state": "approved"}  # fmt: skip
SHEETS: dict[str, Rows] = {
    "firm_energy": firm_rows(),
    "power_facilities": [*FACILITIES, LINE, STORE],
    "power_months": MONTHS,
    "pipeline": [PROJECT],
    "firms": economy_rows(),
}


def record(sheet: str, rows: Rows) -> Any:
    found = evaluate(five_firms(**{**SHEETS, sheet: rows}))
    return json.loads(json.dumps(found.to_record(), default=str))


def with_value(sheet: str, name: str, value: Any) -> Rows:
    return [row | {name: value} for row in SHEETS[sheet]]


@pytest.mark.parametrize(
    ("sheet", "name", "value", "words"),
    [
        ("power_facilities", "units", 1, "不填按 1"),
        ("power_facilities", "n_minus_1", True, "不填按是"),
        ("power_facilities", "in_service", dt.date(2000, 1, 1), "不填按已投运"),
        ("firm_energy", "growth", 0.0, "不填按不增长"),
        ("pipeline", "ramp_months", 1, "不填按投产即满负荷"),
    ],
)
def test_a_blank_cell_is_what_the_page_says(sheet: str, name: str, value: Any, words: str) -> None:
    assert words in column(sheet, name).meaning_zh
    assert record(sheet, with_value(sheet, name, None)) == record(
        sheet, with_value(sheet, name, value)
    )


@pytest.mark.parametrize("name", ["growth_low", "growth_high"])
def test_growth_of_other_scenarios_is_that_of_the_expected_one(name: str) -> None:
    assert "不填按基准情景" in column("firm_energy", name).meaning_zh
    rows = with_value("firm_energy", "growth", 0.1)
    stated = [row | {name: 0.1} for row in rows]
    assert record("firm_energy", [row | {name: None} for row in rows]) == record(
        "firm_energy", stated
    )


def test_a_month_without_a_limit_has_that_of_the_lines() -> None:
    """One line of 40 MVA, of which none may fail: what it can is the limit."""
    assert "不填按进线" in column("power_months", "limit_mw").meaning_zh
    lines = [row | {"n_minus_1": False} for row in SHEETS["power_facilities"]]
    of_line = 40 * 0.95
    parks = []
    for limit in (None, of_line):
        rows = with_value("power_months", "limit_mw", limit)
        changes = {"power_facilities": lines, "power_months": rows}
        parks.append(five_firms(**{**SHEETS, **changes}))
    left, right = (evaluate(park).balance for park in parks)
    assert left["shortage_mw"].tolist() == pytest.approx(right["shortage_mw"].tolist())


def test_every_promise_of_the_power_sheets_is_tried() -> None:
    """A promise that is added has its case here, or its reason in the list."""
    tried = {"units", "n_minus_1", "in_service", "growth", "growth_low", "growth_high", "limit_mw"}
    elsewhere = {
        "facility_id",  # of a park alone: tests/outlook/test_admission_power.py
        "station_id",
        "peak_mw",  # by its curve or typical shape: tests/outlook/test_power_outlook.py
        "peak_hours",
        "out_of_service",
    }
    months = {f"month_{month}_mwh" for month in range(1, 13)}
    page = PAGE.read_text(encoding="utf-8").partition("## 企业用能")[2].partition("## 选项")[0]
    promised = {line.split("`")[1] for line in page.splitlines() if "不填" in line}
    assert promised <= tried | elsewhere | months
