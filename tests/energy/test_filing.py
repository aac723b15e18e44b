"""The filing kit: outline, facts, figures, sketch, draft, workbook, and checks that fire."""

from __future__ import annotations

import copy
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from filing_case import filing_record, whole_year, write_case

from greenland.cli import cli
from greenland.energy.evaluate import evaluate_file
from greenland.energy.size_comparison import compare_sizes
from greenland.errors import InputError
from greenland.record.record import Record, if_made
from greenland.report.filing.catalogue import DRAWERS, draw
from greenland.report.filing.check import check_draft, disagreements
from greenland.report.filing.facts import facts_of
from greenland.report.filing.figure import FilingData, FilingFigure
from greenland.report.filing.kit import Filing, make_filing
from greenland.report.filing.names import FACTS, FIGURES, TABLES
from greenland.report.filing.outline import FilingOutline, read_outline, write_outline
from greenland.report.filing.tables import INFORMATION, OF_REPORT

docx = pytest.importorskip("docx")
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("filing")]

SMALL = """
title: "{name}材料"
comparison: [0.7, 1.3]
chapters:
- title: 概况
  sections:
  - title: 规模
    items:
    - text: "建设{sources}，初投资 {capex}，位于【待填：地址】，变电站 {station}。"
    - table: information
    - figure: size-comparison
- title: 系统
  sections:
  - title: 平衡
    items:
    - facts: [capex, load_energy, station]
    - figure: connection-sketch
    - figure: wind-histogram
    - table: investment
    - points: ["用电 {load_energy}", "承诺书"]
"""


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    return filing_record(tmp_path_factory.mktemp("filing"))


@pytest.fixture(scope="module")
def outline(tmp_path_factory: pytest.TempPathFactory) -> FilingOutline:
    path = tmp_path_factory.mktemp("outline") / "own.yaml"
    path.write_text(SMALL, encoding="utf-8")
    return read_outline(str(path))


@pytest.fixture(scope="module")
def filing(
    record: Record, outline: FilingOutline, tmp_path_factory: pytest.TempPathFactory
) -> Filing:
    return make_filing(tmp_path_factory.mktemp("out"), record, outline)


@pytest.fixture(scope="module")
def figures(record: Record) -> dict[str, FilingFigure | None]:
    year = whole_year(record)
    energy = if_made(year.energy)
    assert energy is not None
    return draw(FilingData(year, energy), DRAWERS)


# The outline ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "chapters"), [("xinjiang", 9), ("jiangxi", 7)])
def test_outlines_of_the_package(name: str, chapters: int, tmp_path: Path) -> None:
    """Nine and seven chapters, each with its source said to be secondary; a copy reads the same."""
    found = read_outline(name)
    assert len(found.chapters) == chapters
    assert "未核对文件原文" in found.source
    assert found.compares
    assert read_outline(str(write_outline(tmp_path / "own.yaml", name))) == found


def test_the_outlines_show_every_figure_reviewers_expect() -> None:
    shown = set(read_outline("xinjiang").figures)
    spared: set[str] = {"capacities"}
    assert set(FIGURES) - shown == spared
    assert set(read_outline("jiangxi").figures) <= set(FIGURES)


def test_every_name_has_a_drawer_and_every_table_a_maker() -> None:
    from greenland.report.filing.tables import _OWN

    assert set(DRAWERS) == set(FIGURES)
    assert set(OF_REPORT) | set(_OWN) | {"statements"} == set(TABLES)
    assert set(INFORMATION) <= set(FACTS)


@pytest.mark.parametrize(
    ("old", "new", "line", "match"),
    [
        ("figure: size-comparison", "figure: size-comparisn", 11, "是否应为“size-comparison”"),
        ("figure: size-comparison", "figure: map", 11, "可用：temperature-monthly、"),
        ("table: investment", "table: invest", 19, "没有表“invest”"),
        ("{capex}，位于", "{capx}，位于", 9, "没有事实“capx”"),
        ("{capex}，位于", "{capex，位于", 9, "花括号不成对"),
        ("facts: [capex,", "facts: [cap,", 16, "没有事实“cap”"),
        ("    - figure: wind-histogram", "    - {figure: losses, blank: 图}", 18, "只能有"),
        ("comparison: [0.7, 1.3]", "comparison: [0.7, 20]", 3, "应不大于 10"),
        ("title: 系统", "titel: 系统", 12, "不认识的项“chapters.1.titel”"),
    ],
)
def test_a_fault_of_an_outline_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, match: str
) -> None:
    assert old in SMALL
    path = tmp_path / "own.yaml"
    path.write_text(SMALL.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_outline(str(path))
    texts = [str(one) for one in caught.value.problems]
    assert any(match in text for text in texts), texts
    assert line in {one.row for one in caught.value.problems}


# Figures ----------------------------------------------------------------------------------------


def test_every_figure_but_those_of_the_weather_is_drawn(
    figures: dict[str, FilingFigure | None],
) -> None:
    missing = {name for name, one in figures.items() if one is None}
    weather = {"temperature-monthly", "radiation-monthly", "wind-histogram", "wind-rose"}
    assert missing == weather | {"resource-months"}  # whose facts are of three weeks


def test_figures_are_sound_vega_and_their_rows_fit_the_headings(
    figures: dict[str, FilingFigure | None],
) -> None:
    import vl_convert

    for name, one in figures.items():
        if one is None:
            continue
        assert all(len(row) == len(one.headings) for row in one.rows), name
        assert len(one.rows) > 1, name
        if one.chart is not None:
            vl_convert.vegalite_to_vega(one.chart.spec | {"width": 600})


def test_balance_has_the_energies_of_the_year(
    figures: dict[str, FilingFigure | None], record: Record
) -> None:
    """In the two columns of every month sources and uses are the same."""
    balance = figures["balance-monthly"]
    assert balance is not None
    for row in balance.rows:
        parts = dict(zip(balance.headings[1:], row[1:], strict=True))
        given = sum(value for name, value in parts.items() if name.startswith("源"))
        taken = sum(value for name, value in parts.items() if name.startswith("用"))
        assert given == pytest.approx(taken, rel=1e-5)


def test_typical_days_are_named_by_their_dates(figures: dict[str, FilingFigure | None]) -> None:
    days = figures["load-typical-days"]
    assert days is not None
    named = [heading for heading in days.headings[1:] if re.match(r"\d+月\d+日（", heading)]
    assert named == list(days.headings[1:])
    assert any("1月4日" in heading and "峰谷差最大" in heading for heading in named)
    assert "典型日从全年各日中选出" in days.note


def test_frequency_holds_every_hour(figures: dict[str, FilingFigure | None]) -> None:
    found = figures["generation-frequency"]
    assert found is not None
    assert sum(hours for _band, hours in found.rows) == 8760


def test_the_comparison_holds_the_recommendation_and_real_sizings(record: Record) -> None:
    """The recommended one is the plan, and the cheapest of those that keep the limits."""
    energy = if_made(record.energy)
    assert energy is not None
    rows = energy.size_comparison
    assert [row.factor for row in rows] == [0.3, 1.0, 1.3]
    best = rows[1]
    assert best.recommended
    assert best.annual_cost == energy.plan.annual_cost
    assert rows[0].source_mw == pytest.approx(0.3 * (best.source_mw or 0), rel=1e-6)
    kept = [row for row in rows if row.keeps_limits]
    assert min(kept, key=lambda row: row.price or 9).recommended
    small = rows[0]
    assert small.keeps_limits is False
    assert any("自发自用" in str(text) for text in small.failures)
    assert (small.self_use_of_consumption or 1) < 0.35


def test_sizes_beyond_the_bounds_of_the_case_are_told(tmp_path: Path) -> None:
    """The sources stand at their upper bounds: what is larger is sized all the same, and said."""
    text = write_case(tmp_path).read_text(encoding="utf-8")
    case = tmp_path / "case.yaml"
    case.write_text(text.replace("lifetime: 25}", "lifetime: 25, max_mw: 4}"), encoding="utf-8")
    result = evaluate_file(case)
    assert float(result.plan.capacities["pv"]) == pytest.approx(4)
    found = {one.factor: one for one in compare_sizes(result, (1.25, 0.75, 1))}
    assert list(found) == [0.75, 1.0, 1.25]
    assert [one.within_bounds for one in found.values()] == [True, True, False]
    assert found[1.25].plan.capacities["pv"] == pytest.approx(5, rel=1e-6)
    assert found[1.25].to_record()["keeps_limits"] is True


# The sketch -------------------------------------------------------------------------------------


def test_the_sketch_shows_sizes_line_and_metering(filing: Filing) -> None:
    svg = filing.paths[2].read_text(encoding="utf-8")
    ElementTree.fromstring(svg)
    for words in ("升压站", "负荷侧变电站", "公共电网", "关口计量点", "12.0 km", "110 kV"):
        assert words in svg, words
    assert "stroke-dasharray" in svg


def test_the_off_grid_sketch_has_no_public_grid(record: Record) -> None:
    data = record.to_dict()
    plan = data["energy"]["plan"]
    plan["capacity_kinds"] = [row for row in plan["capacity_kinds"] if row["kind"] != "grid"]
    off = Record.model_validate(data)
    energy = if_made(off.energy)
    assert energy is not None
    svg = (draw(FilingData(off, energy), ["connection-sketch"])["connection-sketch"]).svg  # type: ignore[union-attr]
    assert svg is not None
    assert "公共电网" not in svg
    assert "stroke-dasharray" not in svg
    assert facts_of(off)["grid_mw"].text == "不接公网"


def test_names_in_the_sketch_are_text(record: Record) -> None:
    from greenland.report.filing.sketch import Feeder, draw_sketch

    svg = draw_sketch([Feeder("<b>&甲", "1 MW", "pv")], [], facts_of(record), off_grid=True)
    ElementTree.fromstring(svg)


# The draft and its check ------------------------------------------------------------------------


def text_of(path: Path) -> str:
    return "".join(node.text or "" for node in docx.Document(str(path)).element.iter() if node.text)


def test_the_draft_has_chapters_facts_and_marked_blanks(filing: Filing, record: Record) -> None:
    document = docx.Document(str(filing.paths[0]))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["一、概况", "二、系统"]
    text = text_of(filing.paths[0])
    facts = facts_of(record)
    assert str(facts["capex"].text) in text
    assert "【待填：地址】" in text
    assert "【待填：变电站容量】" in text
    assert "【待填：图“风速频率分布”，案例没有给出含有该项的气象文件（weather）】" in text
    assert len(document.inline_shapes) == 2
    assert filing.missing == ("风速频率分布",)
    assert filing.checked.count == 5 + sum(facts[name].text is not None for name in INFORMATION)
    assert filing.checked.open_blanks == 3


def test_the_workbook_has_a_sheet_a_figure(filing: Filing) -> None:
    book = openpyxl.load_workbook(filing.paths[1], read_only=True)
    assert book.sheetnames == ["目录", "事实", "规模对比", "接入系统示意图"]
    rows = list(book["规模对比"].iter_rows(min_row=4, values_only=True))
    assert [row[0] for row in rows] == [0.3, 1, 1.3]
    book.close()


def spoiled(path: Path, target: Path, name: str, text: str, place: int = 0) -> Path:
    """The draft with one saying of a fact changed."""
    from docx.oxml.ns import qn

    document = docx.Document(str(path))
    found = []
    for control in document.element.body.iter(qn("w:sdt")):
        tag = control.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val"))
        if tag.partition(":")[2] == name:
            found.append(control)
    nodes = list(found[place].iter(qn("w:t")))
    nodes[0].text = text
    document.save(str(target))
    return target


def test_a_number_changed_in_one_chapter_is_found(
    filing: Filing, record: Record, tmp_path: Path
) -> None:
    facts = facts_of(record)
    assert check_draft(filing.paths[0], facts).problems == ()
    broken = spoiled(filing.paths[0], tmp_path / "a.docx", "capex", "1.00 亿元", place=2)
    (problem,) = check_draft(broken, facts).problems
    assert "“二、系统”中的初投资与测算结果不一致" in str(problem)
    assert (problem.got, problem.allowed) == ("1.00 亿元", facts["capex"].text)


def test_a_draft_of_another_calculation_is_found(filing: Filing, record: Record) -> None:
    data = record.to_dict()
    data["energy"]["plan"]["capex"] *= 1.1
    other = facts_of(Record.model_validate(data))
    problems = check_draft(filing.paths[0], other).problems
    assert len(problems) == 3
    assert all("初投资" in str(one) for one in problems)


def test_blanks_filled_differently_are_found(
    filing: Filing, record: Record, tmp_path: Path
) -> None:
    facts = facts_of(record)
    first = spoiled(filing.paths[0], tmp_path / "a.docx", "station", "50 MVA", place=0)
    assert check_draft(first, facts).problems == ()
    second = spoiled(first, tmp_path / "b.docx", "station", "63 MVA", place=2)
    (problem,) = check_draft(second, facts).problems
    assert "各章填写的变电站容量不一致" in str(problem)


def test_what_is_no_draft_is_refused(record: Record, tmp_path: Path) -> None:
    (tmp_path / "x.docx").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="不是可以读取的 Word 文件"):
        check_draft(tmp_path / "x.docx", facts_of(record))
    docx.Document().save(str(tmp_path / "y.docx"))
    with pytest.raises(InputError, match="没有可核对的数字"):
        check_draft(tmp_path / "y.docx", facts_of(record))


Spoil = Callable[[dict[str, Any]], Any]
SPOILS: dict[str, Spoil] = {
    "逐时用电": lambda e: e["plan"]["schedule"]["columns"]["load"].__setitem__(5, 99.0),
    "逐时可用发电": lambda e: e["plan"]["schedule"]["columns"]["pv"].__setitem__(5, 99.0),
    "逐月下网": lambda e: e["plan"]["monthly"][0].__setitem__("import", 1.0),
    "可用发电量的去向之和": lambda e: e["losses"].__setitem__("export", 1.0),
    "去向表与年度电量": lambda e: e["losses"].update(
        possible=e["losses"]["possible"] + 5, self_use=e["losses"]["self_use"] + 5
    ),
    "各负荷率区间": lambda e: e["load"]["bands"].pop(),
    "初投资逐项之和": lambda e: e["investment"].pop(),
    "现金流量的初投资": lambda e: e["finance"].__setitem__("capex", 1.0),
    "规模对比中推荐规模": lambda e: e["size_comparison"][1].__setitem__("annual_cost", 1.0),
}


@pytest.mark.parametrize("words", list(SPOILS))
def test_a_record_that_contradicts_itself_is_found(record: Record, words: str) -> None:
    data = copy.deepcopy(record.to_dict())
    energy = if_made(record.energy)
    assert energy is not None
    assert disagreements(energy) == []
    SPOILS[words](data["energy"])
    broken = if_made(Record.model_validate(data).energy)
    assert broken is not None
    assert any(words in str(one) for one in disagreements(broken))


# The command ------------------------------------------------------------------------------------


def test_the_command_writes_checks_and_does_not_overwrite(tmp_path: Path) -> None:
    case, own = write_case(tmp_path), tmp_path / "own.yaml"
    own.write_text(re.sub(r"    - (figure|table): .*\n", "", SMALL), encoding="utf-8")
    draft = tmp_path / "out" / "draft.docx"
    words = ["energy", "filing", str(case), "--outline", str(own), "--out", str(draft)]
    made = CliRunner().invoke(cli, words)
    assert made.exit_code == 0, made.output
    assert "5 处数字与测算结果一致" in made.output
    names = {path.name for path in draft.parent.iterdir()}
    assert names == {"draft.docx", "draft.xlsx", "draft.json"}
    again = CliRunner().invoke(cli, words)
    assert again.exit_code == 1
    assert "可能有人工填写的内容" in again.output
    spoiled(draft, draft, "load_energy", "1 万kWh")
    checked = CliRunner().invoke(cli, ["energy", "filing", str(case), "--check", str(draft)])
    assert checked.exit_code == 1
    assert "年用电量与测算结果不一致" in checked.output
    assert CliRunner().invoke(cli, [*words, "--force"]).exit_code == 0
    checked = CliRunner().invoke(cli, ["energy", "filing", str(case), "--check", str(draft)])
    assert checked.exit_code == 0, checked.output


def test_the_command_writes_an_outline(tmp_path: Path) -> None:
    case, own = write_case(tmp_path), tmp_path / "own.yaml"
    words = ["energy", "filing", str(case), "--outline-out", str(own)]
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert len(read_outline(str(own)).chapters) == 9
    assert CliRunner().invoke(cli, words).exit_code == 1
    bad = CliRunner().invoke(cli, [*words, "--outline", "mine.yaml"])
    assert "应为自带提纲的名称" in bad.output


def test_a_case_without_a_plan_has_no_filing(tmp_path: Path) -> None:
    case = write_case(tmp_path)
    text = case.read_text(encoding="utf-8").replace(
        "min_self_use_of_consumption: 0.35", "max_land_mu: 0.01, min_self_use_of_consumption: 0.9"
    )
    text = text.replace("technology: pv,", "technology: pv, land_mu_per_mw: 20,")
    text = text.replace("technology: wind,", "technology: wind, land_mu_per_mw: 20,")
    case.write_text(text, encoding="utf-8")
    words = ["energy", "filing", str(case), "--out", str(tmp_path / "out")]
    made = CliRunner().invoke(cli, words)
    assert made.exit_code == 1
    assert "没有可用的规模方案" in made.output
    assert not (tmp_path / "out").exists()
