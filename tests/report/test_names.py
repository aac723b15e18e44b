"""Whatever the parts of a case are called, the figures are the same and every chart is drawn."""

from __future__ import annotations

import html as entities
import json
import re
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
import vl_convert
from drawn import examples
from hostile_names import HOSTILE, PARTS, evaluated, record_of, write_curves
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from opened_page import open_page

from greenland.energy.money.config import FinanceConfig
from greenland.energy.result import EnergyResult
from greenland.i18n import use_language
from greenland.record.record import Record
from greenland.report import render_html, write_excel
from greenland.report.chartkit import picture
from greenland.report.context import build
from greenland.report.naming import FIXED

# Text with anything a file can hold; control characters are refused where a site is made.
letters = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"),
    min_size=1,
    max_size=12,
).filter(lambda text: text.strip())
names = st.lists(st.sampled_from(HOSTILE) | letters, min_size=7, max_size=7, unique=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("case")
    write_curves(made)
    return made


@pytest.fixture(scope="module")
def plain(folder: Path) -> EnergyResult:
    return evaluated(folder, study=None)


@pytest.fixture(scope="module")
def hostile(folder: Path) -> EnergyResult:
    """With a study, so that every chart of energy but the trade-off is there."""
    return evaluated(folder, HOSTILE[:7])


def _figures(record: Any, drop: tuple[str, ...] = ("seconds",)) -> list[float]:
    """Every number of a record in its order, whatever the keys above it are called."""
    if isinstance(record, dict):
        return [n for key, item in record.items() if key not in drop for n in _figures(item)]
    if isinstance(record, list):
        return [n for item in record for n in _figures(item)]
    return [record] if isinstance(record, int | float) else []


@settings(
    max_examples=examples(2, 5),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(["bat_power", "wind_energy", "bat", "month", "charge", "load", "grid"])
@example(["PV:1", "a_grid_charge", "a", "shift", "peak", "energy_purchase", "export_income"])
@given(names)
@pytest.mark.slow
def test_names_change_no_figure(
    folder: Path, plain: EnergyResult, tmp_path_factory: pytest.TempPathFactory, chosen: list[str]
) -> None:
    result = evaluated(folder, chosen, study=None)
    record, expected = record_of(result), record_of(plain)
    plan = record["energy"]["plan"]
    for key in ("capacities", "costs", "monthly", "limits", "shadow_prices", "schedule"):
        assert _figures(plan[key]) == _figures(expected["energy"]["plan"][key]), key
    assert _figures(record["energy"]["finance"]) == _figures(expected["energy"]["finance"])
    owners = [row["owner"] for row in plan["capacity_kinds"]]
    assert owners == [*chosen[:2], chosen[2], chosen[2], chosen[5], None]
    assert result.plan.replay.checks.tolist() == plain.plan.replay.checks.tolist()

    html = render_html(record)
    page = entities.unescape(re.sub("<[^>]*>", "", html))
    for given_name in (*chosen[:3], chosen[5]):
        assert " ".join(given_name.split()) in page
    for text in ("<img src=x", "</script><script>alert"):  # never as markup
        assert text not in html
    book = tmp_path_factory.mktemp("book") / "results.xlsx"
    write_excel(book, record)
    with closing(openpyxl.load_workbook(book, read_only=True)) as written:
        heads = next(written["逐时调度"].iter_rows(min_row=3, max_row=3, values_only=True))
    assert len(set(heads)) == len(heads)
    assert f"{' '.join(chosen[1].split())}" in str(heads[3])


@pytest.mark.slow
def test_every_chart_can_be_drawn_with_hostile_names(hostile: EnergyResult) -> None:
    report = build(record_of(hostile))
    assert report.hours is not None
    data = {"schedule": report.hours.rows(), "window": report.hours.rows(0, 168)}
    for chart in report.charts:
        svg = vl_convert.vegalite_to_svg(picture(chart.spec, data))
        assert svg.count("<path") > 1, chart.id


@pytest.mark.slow
def test_no_name_is_a_field_of_a_chart(hostile: EnergyResult) -> None:
    """Names stand in charts as values and titles; keys and expressions are the report's own."""
    report = build(record_of(hostile))
    read = {"field", "calculate", "expr", "test", "fold", "lookup", "key", "labelExpr", "#key"}
    for chart in report.charts:
        for key, text in _strings(chart.spec):
            known = [name for name in HOSTILE[:7] if key in read and name in text]
            assert known == [], (chart.id, key, text)
    assert report.hours is not None
    columns = {*report.hours.compact()["columns"]} - set(FIXED) - {"energy"}
    assert columns == {"source1", "source2"}


def _strings(node: Any, key: str = "") -> list[tuple[str, str]]:
    """Every string with the key above it, and every key."""
    if isinstance(node, dict):
        found = [("#key", name) for name in node]
        return found + [pair for name, item in node.items() for pair in _strings(item, name)]
    if isinstance(node, list):
        return [pair for item in node for pair in _strings(item, key)]
    return [(key, node)] if isinstance(node, str) else []


def test_a_part_called_like_another_curve_is_drawn_beside_it(folder: Path) -> None:
    """A source called 下网 stays apart from what is bought, and 光伏 from a source typed as PV."""
    report = build(record_of(evaluated(folder, ["下网", "pv", "储能充电", *PARTS[3:]], study=None)))
    assert report.hours is not None
    titles = [report.hours.title(key) for key in report.hours.columns]
    assert titles[1:4] == ["下网（电源）", "pv", "下网"]
    assert len(set(titles)) == len(titles)


def test_flexible_loads_are_no_sources(folder: Path, plain: EnergyResult) -> None:
    """Electrolyser and shiftable load are uses, whatever they are called."""
    report = build(record_of(plain))
    hours = report.hours
    assert hours is not None
    assert list(hours.sources.values()) == ["sun", "breeze"]
    schedule = plain.plan.schedule
    flexible = schedule["mill"] + schedule["gas"]
    np.testing.assert_allclose(hours.get("flexible"), flexible, atol=1e-4)
    # grid energy in the storage is part of what it charges, not on top of it
    np.testing.assert_allclose(hours.get("charge"), schedule["cells_charge"], atol=1e-4)


def test_old_records_are_read_by_what_their_names_end_in(plain: EnergyResult) -> None:
    record = json.loads(json.dumps(record_of(plain)))
    record["format"] = 1
    del record["energy"]["plan"]["capacity_kinds"]
    del record["energy"]["plan"]["schedule"]["column_kinds"]
    for row in record["energy"]["case"]["sources"]:
        del row["technology"]
    new, old = build(record_of(plain)), build(record)
    assert old.hours is not None
    assert new.hours is not None
    assert list(old.hours.sources.values())[:2] == list(new.hours.sources.values())
    tables = {table.id: table.rows for table in old.tables}
    units = {row["named_item"]: row["unit"] for row in tables["table-energy-capacities"]}
    assert units["cells 功率"] == "MW"
    assert units["cells 容量"] == "MWh"


def test_a_name_that_reads_like_a_message_is_not_translated(folder: Path) -> None:
    """Of the texts of a record only those said by the program speak the other language."""
    said = "未计设备衰减：没有填写 finance.degradation。"
    chosen = [said, *PARTS[1:]]
    data = record_of(evaluated(folder, chosen, study=None, finance={}))
    record = Record.made(data, {said: (said, {})})
    with use_language("en"):
        report = build(record)
    tables = {table.id: table.rows for table in report.tables}
    for table in ("table-energy-capacities", "table-energy-binding"):
        assert [row["named_item"] for row in tables[table]][:2] == [said, "breeze"]
    assert report.hours is not None
    assert report.hours.title("source1") == said
    notes = str([section.blocks for section in report.chapters])
    assert "Ageing" in notes or "ageing" in notes  # the same words, said as a note


@pytest.mark.slow
def test_ageing_of_a_curve_that_says_what_it_is(folder: Path, tmp_path: Path) -> None:
    """Without ``technology`` a source is what the record beside its curve says, or nothing."""
    config = FinanceConfig.model_validate({"degradation": "typical"})
    write_curves(tmp_path)
    untyped = [
        {"name": "光伏", "profile": "pv.csv", "capex": 2700, "max_mw": 60},
        {"name": "b", "profile": "wind.csv", "capex": 3900, "max_mw": 30, "technology": "other"},
    ]
    result = evaluated(tmp_path, sources=untyped, finance=config.model_dump(), study=None)
    assert result.money.finance is not None
    assert any(
        "没有注明 technology 的电源未计衰减：光伏" in note for note in result.money.finance.notes
    )
    said = {"provenance": {"kind": "measured"}, "quality": {"subject": "pv"}, "texts": {}}
    (tmp_path / "pv.csv.json").write_text(json.dumps(said), encoding="utf-8")
    result = evaluated(tmp_path, sources=untyped, finance=config.model_dump(), study=None)
    assert result.site.sources[0].technology == "pv"
    assert result.money.finance is not None
    assert not any("technology" in note for note in result.money.finance.notes)


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.parametrize("chosen", [HOSTILE[2:9], HOSTILE[9:16]])
def test_hostile_names_are_drawn_and_not_executed(
    browser: Any, folder: Path, tmp_path: Path, chosen: tuple[str, ...]
) -> None:
    record = record_of(evaluated(folder, chosen, study=None))
    columns = record["energy"]["plan"]["schedule"]["columns"]  # a whole year, for every chart
    for label, values in columns.items():
        columns[label] = np.resize(values, 8760).tolist()
    path = tmp_path / "report.html"
    path.write_text(render_html(record), encoding="utf-8")
    opened = open_page(browser, path)
    dialogs: list[str] = []
    opened.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    plots = opened.page.locator(".plot")
    states = plots.evaluate_all(
        "all => all.map(p => [p.dataset.chart, p.dataset.drawn,"
        " p.querySelectorAll('svg .mark-area path, svg .mark-rect path, svg .mark-line path,"
        " svg .mark-bar path').length])"
    )
    assert {"chart-capacities", "chart-monthly", "chart-dispatch"} <= {name for name, *_ in states}
    assert [name for name, drawn, marks in states if drawn != "yes" or marks < 1] == []
    areas = opened.page.locator("#chart-dispatch svg .mark-area path").evaluate_all(
        "all => all.filter(p => (p.getAttribute('d') ?? '').length > 20).length"
    )
    assert areas >= 3  # sun, wind, and what is bought at the least
    words = opened.page.locator("#chart-capacities svg").text_content()
    assert all(" ".join(name.split())[:12] in words for name in chosen[:2])
    assert opened.page.locator("img[src=x]").count() == 0
    assert (opened.complaints, opened.requests, dialogs) == ([], [], [])
    opened.page.context.close()
