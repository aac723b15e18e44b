"""Cases side by side as a page and as a workbook."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from greenland.i18n import use_language
from greenland.report.comparison import compared_rows, comparison_page, cost_chart, lead_of
from greenland.report.comparison_files import render_comparison, write_comparison_excel


def row(group: str, item: str, unit: str, *values: Any) -> dict[str, Any]:
    return {"group": group, "item": item, "unit": unit, "values": list(values)}


@pytest.fixture
def record() -> dict[str, Any]:
    """Three cases, the last without a plan."""
    return {
        "cases": ["base", "cheap", "none"],
        "rows": [
            row("status", "status", "", "optimal", "optimal", "infeasible"),
            row("sizes", "pv", "MW", 60.0, 80.0, None),
            row("shares", "export_share", "share", 0.2, 0.1234, None),
            row("costs", "pv", "yuan/yr", 3e6, 2e6, None),
            row("costs", "import", "yuan/yr", 7e6, 6.5e6, None),
            row("costs", "export", "yuan/yr", -1e6, None, None),
            row("money", "annual_cost", "yuan/yr", 9e6, 8.5e6, None),
            row("compliance", "failed", "", 1, 0, None),
            row("inputs", "sources.pv.capex", "", 3000.0, 2000.0, 3000.0),
        ],
    }


def test_units_people_read(record: dict[str, Any]) -> None:
    rows = {(one.group, one.item): one for one in compared_rows(record)}
    assert rows["shares", "上网比例"].texts == ("20.00%", "12.34%", "—")
    cost = next(one for key, one in rows.items() if key[0] == "money")
    assert (cost.unit, cost.values) == ("万元/年", (900.0, 850.0, None))
    assert rows["inputs", "sources.pv.capex"].texts == ("3000", "2000", "3000")
    assert next(one for key, one in rows.items() if key[0] == "compliance").texts[:2] == ("1", "0")


def test_the_lead_names_the_cheapest_and_those_without_a_plan(record: dict[str, Any]) -> None:
    said = lead_of(record["cases"], compared_rows(record))
    assert "年费用最低的是“cheap”，850 万元/年。" in said
    assert "最高的是“base”，多 50 万元/年。" in said
    assert "没有可行方案：none。" in said


def test_the_chart_holds_every_cost_and_the_totals(record: dict[str, Any]) -> None:
    rows = [one for one in compared_rows(record) if one.group == "costs"]
    chart = cost_chart(record["cases"], rows)
    assert chart is not None
    bars, words = (layer["data"]["values"] for layer in chart.spec["layer"])
    assert sum(one["amount"] for one in bars if one["case"] == "base") == pytest.approx(900)
    assert [one["text"] for one in words] == ["合计 900", "合计 850"]


def test_without_any_plan_there_is_no_chart(record: dict[str, Any]) -> None:
    bare = record | {
        "rows": [one for one in record["rows"] if one["group"] in ("status", "inputs")]
    }
    assert comparison_page(bare).charts == []
    assert "没有可行方案：base、cheap、none。" in render_comparison(bare)


def test_the_page_is_whole_and_the_same_each_time(record: dict[str, Any]) -> None:
    page = render_comparison(record)
    assert page == render_comparison(record)
    for said in ("12.34%", "sources.pv.capex", "chart-compare-costs", "案例比较"):
        assert said in page
    assert "http://" not in re.sub(r"<script.*?</script>", "", page, flags=re.S)


def test_an_english_page_holds_no_chinese(record: dict[str, Any]) -> None:
    page = render_comparison(record, language="en")
    text = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.S)
    assert not re.findall(r"[\u3400-\u9fff]+", text)


def test_sums_of_the_workbook_are_formulas(record: dict[str, Any], tmp_path: Path) -> None:
    with use_language("zh"):
        path = write_comparison_excel(tmp_path / "c.xlsx", record)
    book = openpyxl.load_workbook(path)
    sheet = book["年费用构成"]
    cells = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=3)]
    assert cells[0][:3] == ["项目", "单位", "base"]
    assert cells[4][:4] == ["合计", "万元/年", "=SUM(C4:C6)", "=SUM(D4:D6)"]
    assert sum(line[2] for line in cells[1:4]) == pytest.approx(900)
    assert len(sheet._charts) == 1
    assert book["比例"]["D4"].value == pytest.approx(0.1234)
