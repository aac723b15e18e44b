"""The Word draft of a filing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.context import Report, build
from greenland.report.filing.controls import blank_text, write_fact, write_words
from greenland.report.filing.facts import Fact
from greenland.report.filing.figure import FilingData, FilingFigure
from greenland.report.filing.names import FIGURES, TABLES
from greenland.report.filing.outline import PLACE, FilingOutline, OutlineItem
from greenland.report.filing.tables import OPTIONAL, tables_of
from greenland.report.length import Length, at_length
from greenland.report.places import template_folder
from greenland.report.tables import Row, Table, TableColumn
from greenland.report.word.blocks import PICTURE_SCALE, chart_png
from greenland.report.word.document import written
from greenland.report.word.report import ReportWriter

_WEATHER = ("temperature-monthly", "radiation-monthly", "wind-histogram", "wind-rose")
_COMPARED = "size-comparison"


def write_filing(
    path: Path | str,
    found: FilingData,
    outline: FilingOutline,
    facts: Mapping[str, Fact],
    figures: Mapping[str, FilingFigure | None],
    *,
    template: Path | None = None,
) -> Path:
    """Write the draft of a filing as a Word file.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    found : FilingData
    outline : FilingOutline
    facts : mapping of str
        See `greenland.report.filing.facts.facts_of`.
    figures : mapping of str
        Those the outline names; None is a marked blank.
    template : Path, optional
        As in `greenland.report.write_docx`.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    MissingExtraError
        If the extra ``word`` is not installed.
    InputError
        If the template lacks a style or names what is not defined.
    """
    report = at_length(build(found.record), Length.FULL)
    park = found.record.park
    cover = {
        "title": plain_words(outline.title, facts),
        "subtitle": _("{year} 年度", year=found.record.year),
        "author": blank_text(str(_("申报单位"))),
        "day": blank_text(str(_("日期"))) if park.as_of is None else fmt.long_date(park.as_of),
    }

    def body(document: Any) -> None:
        FilingWriter(document, report, found, outline, facts, figures).write()

    written(Path(path), template or template_folder() / "report.docx", cover, body)
    return Path(path)


def plain_words(text: str, facts: Mapping[str, Fact]) -> str:
    """A text with its facts put in, for places that are no paragraphs."""
    return PLACE.sub(lambda match: _shown(facts[match[1]]), text)


def _shown(fact: Fact) -> str:
    """A fact, or the blank where it is not known."""
    return fact.text if fact.text is not None else blank_text(fact.title)


class FilingWriter(ReportWriter):
    """Puts chapters into a document as an outline says."""

    def __init__(
        self,
        document: Any,
        report: Report,
        found: FilingData,
        outline: FilingOutline,
        facts: Mapping[str, Fact],
        figures: Mapping[str, FilingFigure | None],
    ) -> None:
        super().__init__(document, report)
        self.found, self.outline = found, outline
        self.facts, self.figures = facts, figures

    def write(self) -> None:
        """Write every chapter."""
        self._foreword()
        for chapter in self.outline.chapters:
            self.heading(chapter.title)
            for number, section in enumerate(chapter.sections, start=1):
                self.sheets.turn(across=False)
                self.subheading(number, section.title)
                for item in section.items:
                    self._item(item)
        self.sheets.turn(across=False)

    def _foreword(self) -> None:
        said = _(
            "本草稿由测算结果生成。带底色的【待填】由申报单位填写；"
            "正文和信息表中的数字为内容控件，改动后可用 greenland energy filing --check 核对。"
        )
        self.note(f"{said}{self.outline.source}".strip())

    def _item(self, item: OutlineItem) -> None:
        if item.text is not None:
            self._paragraph(item.text)
        elif item.blank is not None:
            self._paragraph(blank_text(item.blank))
        elif item.facts is not None:
            self._facts(item.facts)
        elif item.points is not None:
            for number, text in enumerate(item.points, start=1):
                self._paragraph(f"{number}. {text}")
        elif item.figure is not None:
            self._figure(item.figure)
        elif item.table is not None:
            self._tables(item.table)

    def _paragraph(self, text: str) -> None:
        self.sheets.turn(across=False)
        write_words(self.document.add_paragraph(style="Normal"), text, self.facts)

    def _facts(self, names: list[str]) -> None:
        """Facts as one sentence."""
        self.sheets.turn(across=False)
        paragraph = self.document.add_paragraph(style="Normal")
        for place, name in enumerate(names):
            fact = self.facts[name]
            lead = _("；") if place else ""
            paragraph.add_run(lead + _("{title}：", title=fact.title))
            write_fact(paragraph, fact)
        paragraph.add_run(_("。"))

    def _figure(self, name: str) -> None:
        figure = self.figures[name]
        if figure is None:
            title, why = _(FIGURES[name]), _why(name)
            self._paragraph(blank_text(str(_("图“{title}”，{why}", title=title, why=why))))
            return
        png, alt, note = self._drawn(figure)
        self.drawing(png, figure.title, note, alt)

    def _drawn(self, figure: FilingFigure) -> tuple[bytes, str, str]:
        """The picture, its words for who cannot see it, and what stands below it."""
        if figure.svg is not None:
            import vl_convert

            png = vl_convert.svg_to_png(figure.svg, scale=PICTURE_SCALE)
            return png, figure.title, figure.note
        chart = figure.chart
        assert chart is not None
        png = chart_png(chart, self.found.hours)
        unit = _("单位：{unit}", unit=chart.unit) if chart.unit else ""
        end = _("。")
        note = "".join(
            text.removesuffix(end) + end
            for text in (chart.title, unit, figure.note, chart.source)
            if text
        )
        return png, chart.alt, note

    def _tables(self, name: str) -> None:
        shown = tables_of(name, self.report, self.found, self.facts)
        if not shown and name not in OPTIONAL:
            title = _(TABLES[name])
            self._paragraph(blank_text(str(_("表“{title}”，案例没有这部分数据", title=title))))
        for table in shown:
            if any("fact" in row for row in table.rows):
                self._fact_table(table)
            else:
                self.table(table)

    def _fact_table(self, table: Table) -> None:
        """A table whose last column holds facts."""
        from docx.shared import Pt

        self.sheets.turn(across=False)
        self.tables += 1
        caption = _("表 {number}  {title}", number=self.tables, title=table.title)
        self.document.add_paragraph(caption, style="Caption")
        lines = [[str(row["item"]), _shown(self.facts[row["fact"]])] for row in table.rows]
        headings = [column.heading for column in table.columns]
        made = self.grid(headings, lines)
        for line, row in zip(made.rows[1:], table.rows, strict=True):
            paragraph = line.cells[-1].paragraphs[0]
            for run in list(paragraph.runs):
                run._r.getparent().remove(run._r)
            write_fact(paragraph, self.facts[row["fact"]], Pt(10.5))

    def _cell(self, row: Row, column: TableColumn) -> str:
        """A cell; a rule by its document and clause, for the filing has no list of rules."""
        if column.kind == "rule":
            rule = self.report.rules.get(row.get(column.key))
            return f"{rule.document}{rule.clause}" if rule else fmt.DASH
        return super()._cell(row, column)


def _why(name: str) -> str:
    """Why a figure could not be drawn."""
    if name in _WEATHER:
        return str(_("案例没有给出含有该项的气象文件（weather）"))
    if name == _COMPARED:
        return str(_("没有可比的规模"))
    return str(_("案例没有这部分数据，或曲线不满一年"))
