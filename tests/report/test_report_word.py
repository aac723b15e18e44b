"""The Word file: layout of an official document, captions, pictures, an editable template."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import made_records
import pytest
from click.testing import CliRunner
from plain_pictures import plain_pictures

from greenland.cli import cli
from greenland.errors import InputError
from greenland.report import write_docx
from greenland.report.context import build
from greenland.report.length import Length, at_length
from greenland.report.word import tables as word_tables
from greenland.report.word.blocks import SHORTEST_LIST, cut_at
from greenland.report.word.file import unbroken
from greenland.report.word.report import ReportWriter
from greenland.report.word.tables import (
    MARGIN_MM,
    MM_PER_LETTER,
    WHOLE_ROWS,
    fitting,
    narrow,
    side_by_side,
    widths,
)
from greenland.report.word.writer import Writer

docx = pytest.importorskip("docx")
qn = pytest.importorskip("docx.oxml.ns").qn
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("word")]


@pytest.fixture(scope="module")
def small() -> dict[str, Any]:
    """A record whose Word file is made quickly: no pictures of the year."""
    record = made_records.land_only()
    record["land"]["geometry"] = {"evaluated": False, "reason": "没有图形", "problems": []}
    return record


@pytest.fixture(scope="module")
def document(small: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    return docx.Document(write_docx(tmp_path_factory.mktemp("word") / "report.docx", small))


@pytest.fixture(scope="module")
def full(small: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("full") / "report.docx"
    with plain_pictures():
        return docx.Document(write_docx(path, small, length="full"))


def test_parts_are_numbered_as_in_official_documents(document: Any) -> None:
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings[0] == "一、主要结论"
    assert headings[1] == "二、园区概况与层级"
    assert headings[-1].endswith("方法说明")  # the rules are an annex of the full report


def test_styles_are_those_of_an_official_document(document: Any) -> None:
    key = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"
    fonts = {
        name: document.styles[name].element.rPr.rFonts.get(key)
        for name in ("Title", "Normal", "Heading 1", "Heading 2")
    }
    assert fonts == {
        "Title": "方正小标宋简体",
        "Normal": "仿宋",
        "Heading 1": "黑体",
        "Heading 2": "楷体",
    }
    assert document.styles["Normal"].font.size.pt == 16  # 三号
    assert round(document.sections[0].left_margin.mm) == 28


def test_title_stands_on_the_cover_and_names_what_was_evaluated(document: Any) -> None:
    assert document.paragraphs[0].text == "云岭绿色产业园（虚构示例）土地集约利用评价报告"


def test_pictures_and_tables_have_captions(document: Any) -> None:
    captions = [p.text for p in document.paragraphs if p.style.name == "Caption"]
    pictures = [text for text in captions if text.startswith("图 ")]
    assert len(pictures) == len(document.inline_shapes)
    figures = [one for one in document.tables if one.rows[0].cells[0].text == "指标"]
    figures = [one for one in figures if one.rows[0].cells[1].text == "数值"]
    assert len(captions) - len(pictures) == len(document.tables) - len(figures)
    assert len(figures) >= 2, "the conclusions and the firms have key figures"
    drawn = document.inline_shapes[0]._inline.docPr.get("descr")
    assert "D类企业" in drawn


def test_headings_of_tables_repeat(document: Any) -> None:
    assert all("w:tblHeader" in table.rows[0]._tr.xml for table in document.tables)


def test_wide_tables_lie_across_the_sheet_in_full_only(document: Any, full: Any) -> None:
    """The standard report keeps the first columns, upright; the full one has all that fit."""
    assert {section.orientation for section in document.sections} == {0}
    assert max(len(table.columns) for table in document.tables) <= 8
    sections = full.sections
    assert {section.orientation for section in sections} == {0, 1}
    assert sections[0].orientation == sections[-1].orientation == 0
    for section in sections:
        assert (section.page_width > section.page_height) == (section.orientation == 1)


def test_columns_are_as_wide_as_their_text() -> None:
    """Words stay whole, the long text gets the rest, and the table fills the line."""
    made = widths(["code", "holder"], [["YL-001", "云岭绿色新材料有限公司" * 3]], 9, 156)
    assert sum(made) == pytest.approx(156)
    assert made[0] >= len("YL-001") * MM_PER_LETTER * 9
    assert made[1] > 3 * made[0]
    assert sum(widths(["w" * 60] * 4, [], 8, 156)) == pytest.approx(156)


def test_the_room_goes_where_it_makes_the_table_lowest() -> None:
    """Two texts, one four times as long: equal heights at widths of one to four."""
    made = widths(["a", "b"], [["短" * 60, "长" * 240]] * 3, 8, 150)
    text = [width - 2 * MARGIN_MM - 0.5 for width in made]
    assert sum(made) == pytest.approx(150)
    assert text[1] / text[0] == pytest.approx(4, rel=0.1)
    # a text that is longest in no row gains nothing while others still do
    made = widths(["a", "b", "c"], [["短" * 20, "长" * 200, "x"]], 8, 100)
    assert made[1] > 3 * made[0] > 0


def test_where_there_is_no_room_short_words_stay_whole() -> None:
    cells = [["YL-001", "2026-12-31", "w" * 80, "w" * 90]]
    made = widths(["a", "b", "c", "d"], cells, 8, 120)
    assert sum(made) == pytest.approx(120)
    assert made[0] >= 6 * MM_PER_LETTER * 8 + 2 * MARGIN_MM
    assert made[1] >= 10 * MM_PER_LETTER * 8 + 2 * MARGIN_MM
    assert made[2] == made[3]


def test_a_sign_stays_with_its_number() -> None:
    """In a narrow column ``≥ 60.0%`` stands in one line, so its column is that wide."""
    kept = unbroken("≥ 60.0%")
    made = widths(["要求", "依据"], [[kept, "很长的说明" * 40]], 8, 60)
    assert made[0] >= len(kept) * MM_PER_LETTER * 8 + 2 * MARGIN_MM
    grid = docx.Document()
    grid.styles.add_style("Table Text", 1)
    shown = word_tables.grid(grid, ["要求"], [["≤ < 0.1 MW"]], [False], 60)
    assert shown.rows[1].cells[0].text == "≤ < 0.1 MW".replace(" ", chr(160))


def test_a_heading_never_stands_letter_below_letter() -> None:
    made = widths(["是否采用", "说明"], [["是", "很长的说明" * 20]], 9, 100)
    assert made[0] >= 6 * MM_PER_LETTER * 9 + 2 * MARGIN_MM  # 是否采 / 用


def test_a_list_shows_the_rows_that_stand_in_some_lines() -> None:
    lines = [[f"YL-{n}", "长" * 200] for n in range(9)]
    high = fitting(["code", "said"], lines, 60, 40)
    assert 0 < high < 9
    assert fitting(["code", "said"], lines, 60, 80) > high
    assert fitting(["code", "said"], [["YL", "短"]] * 9, 60, 40) == 9


def test_notes_on_the_method_are_not_divided() -> None:
    """Some of their lines alone were the last page."""
    made = docx.Document()
    made.styles.add_style("Note", 1)
    Writer(made).notes_together(["一", "二", "三"])
    forms = [paragraph.paragraph_format for paragraph in made.paragraphs]
    assert [form.keep_with_next for form in forms] == [True, True, False]
    assert all(form.keep_together for form in forms)


def test_no_list_is_cut_by_a_row_or_two() -> None:
    assert [cut_at(fit, 10) for fit in (9, 8, 7, 3, 20)] == [10, 10, 7, SHORTEST_LIST, 10]


def test_a_long_narrow_table_stands_in_two_halves() -> None:
    lines = [[str(n), "弃电"] for n in range(WHOLE_ROWS + 1)]
    assert narrow(["a", "b"], lines, 156)
    assert not narrow(["a", "b"], lines[:-1], 156), "a short one stays as it is"
    assert not narrow(["a", "b"], [["x", "长" * 60]] * 20, 156)
    headings, both, right = side_by_side(["a", "b"], lines, [True, False])
    assert (headings, right) == (["a", "b"] * 2, [True, False] * 2)
    assert both[0] == ["0", "弃电", "5", "弃电"]
    assert both[-1] == ["4", "弃电", "", ""]


def test_no_paragraph_is_empty_but_the_ends_of_sections(document: Any) -> None:
    body = list(document.element.body)
    first = next(at for at, one in enumerate(body) if "主要结论" in "".join(one.itertext()))
    for element in body[first:]:
        if element.tag == qn("w:p") and not "".join(element.itertext()).strip():
            drawn = element.findall(f".//{qn('w:drawing')}")
            assert drawn or element.find(f".//{qn('w:sectPr')}") is not None


def captioned(document: Any) -> list[tuple[str, Any]]:
    """Tables with the captions above them."""
    found, caption = [], ""
    for element in document.element.body:
        if element.tag == qn("w:p"):
            caption = "".join(element.itertext())
        elif element.tag == qn("w:tbl"):
            found.append((caption, docx.table.Table(element, document._body)))
    return found


REQUIREMENTS = ("未达到的要求和逾期的事项", "已达到的要求", "要求核对", "要做的事与期限")


def test_requirements_are_tables_that_name_their_documents(
    document: Any, small: dict[str, Any]
) -> None:
    asked = REQUIREMENTS[:-1]
    tables = [table for caption, table in captioned(document) if caption.endswith(asked)]
    assert len(tables) >= 2
    heads = {tuple(cell.text for cell in table.rows[0].cells) for table in tables}
    assert ("事项", "实际", "要求", "结论", "依据") in heads
    documents = {rule["document"] for rule in small["rules"] if rule["document"]}
    for table in tables:
        cited = [row.cells[-1].text for row in table.rows[1:]]
        assert any(text.startswith(tuple(documents)) for text in cited)
    # a few stay sentences, and each says what it rests on
    assert any("处置率" in p.text and "（依据：" in p.text for p in document.paragraphs)


def test_long_tables_show_their_first_rows(document: Any) -> None:
    """Ten of a list, fewer where they are high."""
    notes = [p.text for p in document.paragraphs if p.style.name == "Note"]
    shown = {int(one) for note in notes for one in re.findall(r"此处列前 (\d+) 行", note)}
    assert 10 in shown
    assert min(shown) < 10
    assert max(len(table.rows) for table in document.tables) <= 31


def test_short_tables_stay_on_one_page(document: Any) -> None:
    tables = [table for caption, table in captioned(document) if not caption.endswith(REQUIREMENTS)]
    short = [table for table in tables if len(table.rows) <= WHOLE_ROWS]
    assert short
    for table in tables:
        kept = [row.cells[0].paragraphs[0].paragraph_format.keep_with_next for row in table.rows]
        assert kept[0], "the heading goes with the first row"
        if len(table.rows) <= WHOLE_ROWS:
            texts = [cell.text for row in table.rows for cell in row.cells]
            assert all(kept[:-1]) or max(map(len, texts)) > 60, "only high rows go over the page"


def test_properties_of_tables_stand_in_the_order_of_the_format(document: Any) -> None:
    order = ("tblStyle", "tblW", "tblBorders", "tblLayout", "tblCellMar", "tblLook")
    for table in document.tables:
        names = [one.tag.rpartition("}")[2] for one in table._tbl.tblPr]
        assert names == [name for name in order if name in names]


@pytest.fixture(scope="module")
def brief(small: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    path = tmp_path_factory.mktemp("brief") / "report.docx"
    return docx.Document(write_docx(path, small, length="brief"))


def test_a_brief_report_begins_below_its_title(brief: Any) -> None:
    marks = list(brief.element.body.iter(qn("w:br")))
    assert [mark for mark in marks if mark.get(qn("w:type")) == "page"] == []
    assert brief.styles["Normal"].font.size.pt == 12  # 小四


def test_a_brief_report_has_its_figures_and_shortfalls_in_tables(brief: Any) -> None:
    heads = [[cell.text for cell in table.rows[0].cells] for table in brief.tables[:2]]
    assert heads[0] == ["指标", "数值", "对照与说明"]
    assert heads[1] == ["序号", "事项", "实际", "要求", "期限", "依据"]
    after = brief.tables[1].rows[-1].cells[0].paragraphs[0]
    assert not after.paragraph_format.keep_with_next, "the long table may go over the page"


@pytest.mark.parametrize("name", ["brief.docx", "report.docx"])
def test_a_brief_report_takes_ones_own_template(tmp_path: Path, name: str) -> None:
    for file in {name, "report.docx"}:
        template = docx.Document()
        for text in (file, "{{ body }}"):
            template.add_paragraph(text)
        for style in ("Table Text", "Picture", "Note"):
            template.styles.add_style(style, 1)
        template.save(tmp_path / file)
    made = write_docx(tmp_path / "o.docx", made_records.bare(), template=tmp_path, length="brief")
    assert docx.Document(made).paragraphs[0].text == name


def test_numbers_of_rules_are_told_where_no_list_of_rules_follows(
    small: dict[str, Any], brief: Any
) -> None:
    rules = {rule["id"]: rule for rule in small["rules"]}
    measures = small["land"]["policy"]["measures"]
    cited = next(rule for m in measures if (rule := rules[m["rule_id"]])["document"])
    notes = [p.text for p in brief.paragraphs if p.style.name == "Note"]
    assert any(f"{cited['document']}：R" in note and cited["clause"] in note for note in notes)
    whole = build(small)
    writers = {one: ReportWriter(docx.Document(), at_length(whole, one)) for one in Length}
    assert [one for one, writer in writers.items() if writer.lists_rules] == [Length.FULL]


def test_verdicts_cite_their_rule(document: Any, small: dict[str, Any]) -> None:
    text = "\n".join(p.text for p in document.paragraphs)
    share = small["land"]["standard_land"]["share"]
    rule = next(rule for rule in small["rules"] if rule["id"] == share["rule_id"])
    assert rule["document"]
    assert f"依据：{rule['document']}{rule['clause']}" in text
    assert "没有评价的部分" in text


def test_same_record_same_bytes(tmp_path: Path) -> None:
    record = made_records.bare()
    first = write_docx(tmp_path / "a.docx", record).read_bytes()
    assert write_docx(tmp_path / "b.docx", record).read_bytes() == first


def test_own_template(tmp_path: Path) -> None:
    template = docx.Document()
    for text in ("某省专用封面", "{{ title }}"):
        template.add_paragraph(text)
    for style in ("Table Text", "Picture", "Note"):
        template.styles.add_style(style, 1)
    template.add_paragraph("{{ body }}")
    template.add_paragraph("（盖章）")
    template.save(tmp_path / "report.docx")
    made = write_docx(tmp_path / "out.docx", made_records.bare(), template=tmp_path)
    texts = [p.text for p in docx.Document(made).paragraphs]
    assert texts[0] == "某省专用封面"
    assert texts[-1] == "（盖章）"
    assert "一、主要结论" in texts
    assert "。" not in texts, "no sentence where no key figure is known"


def test_the_command_fills_ones_own_template(tmp_path: Path) -> None:
    template = docx.Document()
    for text in ("某省专用封面", "{{ body }}"):
        template.add_paragraph(text)
    for style in ("Table Text", "Picture", "Note"):
        template.styles.add_style(style, 1)
    folder = tmp_path / "templates"
    folder.mkdir()
    template.save(folder / "report.docx")
    results = tmp_path / "results.json"
    results.write_text(json.dumps(made_records.bare()), encoding="utf-8")
    words = ["report", str(results), "--docx", "--templates", str(folder), "--out", str(tmp_path)]
    answer = CliRunner().invoke(cli, words, catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    assert docx.Document(tmp_path / "report.docx").paragraphs[0].text == "某省专用封面"


@pytest.mark.parametrize("tag", ["{{ body }} {{ bureau }}", "没有标记"])
def test_faulty_template_is_an_error(tmp_path: Path, tag: str) -> None:
    template = docx.Document()
    template.add_paragraph(tag)
    template.save(tmp_path / "report.docx")
    with pytest.raises(InputError, match="Word 模板有误"):
        write_docx(tmp_path / "out.docx", made_records.bare(), template=tmp_path)


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    record = made_records.bare()
    record["park"]["name"] = "<w:p/>{{ 7*7 }}&\x01"
    made = write_docx(tmp_path / "out.docx", record)
    title = docx.Document(made).paragraphs[0].text
    assert "<w:p/>{{ 7*7 }}&" in title
