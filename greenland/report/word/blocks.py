"""Blocks of a report put into a Word document: what is said, pictures, tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from greenland.i18n import _
from greenland.i18n import language as language_in_use
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Figures, Prose, Rules, Section, Verdicts
from greenland.report.chartkit import Chart, picture
from greenland.report.hours import Hours
from greenland.report.labels import state_label
from greenland.report.length import Length
from greenland.report.tables import Row, Table, TableColumn, cell_text
from greenland.report.word.judgements import write_judgements
from greenland.report.word.tables import WHOLE_ROWS, fitting, narrow, narrowed, side_by_side
from greenland.report.word.writer import FLAT_PICTURE_MM, HIGHEST_MAP_MM, Writer

PICTURE_SCALE = 2.0
LONGEST_TABLE = 30
LONGEST_LIST = 10  # of a table that is looked up in the page or the workbook
_NOT_WORTH_A_NOTE = 2  # rows that a note on them would take the room of
_A_FEW_MORE = 5  # rows, for which nobody looks into the workbook
HIGHEST_LIST, SHORTEST_LIST = 30, 5  # lines of text such a list is high, if it has rows enough
HIGHEST_TABLE = 42  # lines of another table that leaders do not read
# In the full report only: charts of what stands in a table beside them, and tables of what a
# chart shows or the chapter tells in sum.
_TOLD_BY_TABLE = ("chart-capacities", "chart-industries", "chart-losses", "chart-pareto")
_MAP = "chart-map"
_IN_SMALL = ("method",)  # chapters in small letters: how to read the others
_TOLD_ELSEWHERE = ("table-outlook-short", "table-outlook-firms", "table-account-industries")
_FLAT_CHARTS = ("chart-heat-green", "chart-heat-import", "chart-storage")


class BlockWriter(Writer):
    """Puts blocks into a document, numbering parts, tables and pictures.

    Parameters
    ----------
    document : docx.document.Document
    length : Length
    rules : Rules
        What judgements and tables name.
    hours : Hours, optional
        The year that charts may draw on.
    workbook : str
        Where the rows are that a table leaves out.
    """

    def __init__(
        self,
        document: Any,
        length: Length,
        rules: Rules,
        hours: Hours | None = None,
        workbook: str = "results.xlsx",
    ) -> None:
        super().__init__(document)
        self.length, self.rules, self.hours, self.workbook = length, rules, hours, workbook

    @property
    def lists_rules(self) -> bool:
        """Whether the document ends with the list of rules; else each table says its own."""
        return self.length is Length.FULL

    @property
    def brief(self) -> bool:
        """Whether it is for leaders, who read a few pages."""
        return self.length is Length.BRIEF

    def section(self, section: Section) -> None:
        """A chapter: its lead and its blocks."""
        self.heading(section.title)
        self.say(section.lead)
        for block in self._flowing(section.blocks):
            if isinstance(block, Verdicts):
                write_judgements(self, self.rules, block.rows, str(_("要求核对")))
            elif isinstance(block, Figures) and not self.brief:  # the conclusions hold them
                self.key_figures(block.items)
            elif isinstance(block, Facts):
                self.remark(
                    _("{title}：{text}", title=title, text=text) for title, text in block.items
                )
            elif isinstance(block, Prose) and block.tone == "note":
                self.remark(block.paragraphs)
            elif isinstance(block, Prose):
                if section.id in _IN_SMALL:
                    self.notes_together(block.paragraphs)
                else:
                    for text in block.paragraphs:
                        self.say(text)
            elif isinstance(block, Chart) and self._is_drawn(block):
                self._picture(block)
            elif isinstance(block, Table):
                self.table(block)

    def _shown(self, table: Table) -> bool:
        """Whether a table belongs to the document at its length."""
        left_out = table.annex or table.id in _TOLD_ELSEWHERE
        return bool(table.forms & {"word", "page"}) and (self.lists_rules or not left_out)

    def _flowing(self, blocks: Sequence[Block]) -> list[Block]:
        """Blocks as they fill the pages: a long table, which divides, before its picture."""
        shown = [one for one in blocks if not isinstance(one, Table) or self._shown(one)]
        place = 0
        while place + 1 < len(shown):
            picture, table = shown[place : place + 2]
            if isinstance(picture, Chart) and isinstance(table, Table):
                if len(table.rows) > WHOLE_ROWS:
                    shown[place : place + 2] = [table, picture]
                place += 1
            place += 1
        return shown

    def _is_drawn(self, chart: Chart) -> bool:
        """Whether a chart belongs to the document at its length."""
        told = chart.id in _TOLD_BY_TABLE and self.length is not Length.FULL
        return chart.explorer != "overview" and not told

    def _picture(self, chart: Chart) -> None:
        png = chart_png(chart, self.hours)
        unit = _("单位：{unit}", unit=chart.unit) if chart.unit else ""
        note = _("；").join(t for t in (unit, chart.source) if t)
        given = {_MAP: HIGHEST_MAP_MM} | dict.fromkeys(_FLAT_CHARTS, FLAT_PICTURE_MM)
        height = given.get(chart.id)
        self.drawing(png, chart.title, note, str(chart.alt), height)

    def table(self, table: Table) -> None:
        """Add a table with its caption."""
        full = self.length is Length.FULL
        shown = narrowed(table if self.lists_rules else _without_sources(table), across=full)
        self.sheets.turn(across=full and table.landscape)
        limit = len(shown.rows) if full else _rows_shown(table)
        lines = [[self._cell(row, one) for one in shown.columns] for row in shown.rows[:limit]]
        headings = [column.heading for column in shown.columns]
        if not (full or table.key):
            most = HIGHEST_LIST if _is_list(table) else HIGHEST_TABLE
            limit = cut_at(fitting(headings, lines, self.sheets.width_mm, most), len(lines))
        rows, lines = shown.rows[:limit], lines[:limit]
        numeric = [column.numeric for column in shown.columns]
        self.caption(table.title)
        notes = [shown.remark] if shown.remark else []
        if len(shown.rows) > limit:
            notes.append(
                _(
                    "共 {all} 行，此处列前 {limit} 行，全表见 {workbook}。",
                    all=len(shown.rows),
                    limit=limit,
                    workbook=self.workbook,
                )
            )
        if not self.lists_rules:
            notes.append(self._rule_key(rows, shown.columns))
        if not full and narrow(headings, lines, self.sheets.width_mm):
            headings, lines, numeric = side_by_side(headings, lines, numeric)
        self.grid(headings, lines, numeric=numeric, noted=any(notes))
        self.note("".join(notes))

    def _rule_key(self, rows: Sequence[Row], columns: Sequence[TableColumn]) -> str:
        """What the numbers of rules in a table stand for, by document; empty where it has none."""
        keys = [column.key for column in columns if column.kind == "rule"]
        ids = dict.fromkeys(item for row in rows for key in keys for item in _ids(row.get(key)))
        by_document: dict[str, list[str]] = {}
        for rule in filter(None, map(self.rules.get, ids)):
            clause = rule.clause if rule.document else rule.title
            by_document.setdefault(rule.document, []).append(f"{rule.number} {clause}".strip())
        documents = [
            _("{document}：{clauses}", document=document, clauses=_("、").join(clauses))
            if document
            else _("、").join(clauses)
            for document, clauses in by_document.items()
        ]
        return _("；").join(documents) + _("。") if documents else ""

    def _cell(self, row: Row, column: TableColumn) -> str:
        value = row.get(column.key)
        if column.kind == "rule":
            found = self.rules.get(value)
            return found.number if found else fmt.listed(value)
        if column.kind == "mark":
            return state_label(str(value)) if value else fmt.DASH
        return cell_text(row, column)


def cut_at(fit: int, rows: int) -> int:
    """Rows shown of a high list of which some fit: all, where a note would take their room."""
    least = max(SHORTEST_LIST, fit)
    return rows if rows - least <= _NOT_WORTH_A_NOTE else least


def _rows_shown(table: Table) -> int:
    """Rows of a table that stand in a document without annexes: as many as the page prints."""
    most = LONGEST_LIST if _is_list(table) else LONGEST_TABLE
    most = min(most, table.fold) if table.fold else most
    return len(table.rows) if len(table.rows) <= most + _A_FEW_MORE else most


def _is_list(table: Table) -> bool:
    """Whether a table is looked up in the page or the workbook, and a document shows its top."""
    return not table.key and "word" not in table.forms


def _without_sources(table: Table) -> Table:
    """The table without numbers of rules where another column names their documents."""
    if not any(column.key == "source" for column in table.columns):
        return table
    return replace(table, columns=tuple(one for one in table.columns if one.kind != "rule"))


def _ids(value: Any) -> list[str]:
    """Ids in a cell of rules: none, one or several."""
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value or "")]


def chart_png(chart: Chart, hours: Hours | None) -> bytes:
    """A chart as a picture, in the language in use; *hours* is the year it may draw on."""
    import vl_convert

    datasets = {}
    if hours is not None:
        datasets = {"schedule": hours.rows(), "window": hours.rows(hours.heaviest_week, 168)}
    locale: Any = "zh-CN" if language_in_use() == "zh" else "en-US"
    png: bytes = vl_convert.vegalite_to_png(
        picture(chart.spec, datasets),
        scale=PICTURE_SCALE,
        format_locale=locale,
        time_format_locale=locale,
    )
    return png
