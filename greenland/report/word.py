"""The report as a Word file in the manner of an official document, from an editable template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from greenland.i18n import _, use_language
from greenland.i18n import language as language_in_use
from greenland.record.record import Record
from greenland.report import formatters as fmt
from greenland.report.blocks import (
    Facts,
    Figures,
    Prose,
    Reference,
    Section,
    Verdicts,
)
from greenland.report.chartkit import Chart, picture
from greenland.report.context import Report, build
from greenland.report.hours import Hours
from greenland.report.labels import state_label, value_label
from greenland.report.length import Length, at_length
from greenland.report.places import template_folder
from greenland.report.tables import Row, Table, TableColumn, cell_text
from greenland.report.word_conclusions import write_conclusions, write_judgements
from greenland.report.word_document import written
from greenland.report.word_tables import narrowed
from greenland.report.word_writer import Writer

PICTURE_SCALE = 2.0
LONGEST_TABLE = 30
LONGEST_LIST = 10  # of a table that is looked up in the page or the workbook


def write_docx(
    path: Path | str,
    record: Record | Mapping[str, Any],
    *,
    language: str = "zh",
    template: Path | None = None,
    length: Length | str = Length.STANDARD,
) -> Path:
    """Write the report as a Word file.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    record : Record or mapping
        As in ``results.json``.
    language : str
        ``"zh"`` or ``"en"``.
    template : Path, optional
        A Word file with the tags and styles named in ``docs/report.md``, or a folder that holds
        it as ``report.docx`` (for ``"brief"`` as ``brief.docx``, if there is one); the package's
        own when left out.
    length : Length
        ``"brief"``, ``"standard"`` or ``"full"``.

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

    Examples
    --------
    >>> import tempfile
    >>> from greenland import assess
    >>> from greenland.park import example_folder
    >>> record = assess(example_folder(), parts=()).record()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_docx(f"{folder}/report.docx", record)
    >>> path.name
    'report.docx'
    """
    with use_language(language):
        report = at_length(build(record), length)
        cover = {
            "title": report.title,
            "subtitle": report.subtitle,
            "author": report.park,
            "day": fmt.long_date(report.record.park.as_of),
        }

        def body(document: Any) -> None:
            ReportWriter(document, report).write()

        source = _template(template, Length(length))
        written(Path(path), source, cover, body, with_cover=report.length is not Length.BRIEF)
    return Path(path)


def _template(given: Path | None, length: Length) -> Path:
    """The file to fill in: one's own for this length, one's own for all, or the package's."""
    names = ["brief.docx", "report.docx"] if length is Length.BRIEF else ["report.docx"]
    if given is None:
        return template_folder() / names[0]
    if not given.is_dir():
        return given
    own = (given / name for name in names)
    return next((file for file in own if file.is_file()), template_folder() / names[0])


class ReportWriter(Writer):
    """Puts a report's blocks into a document, numbering parts, tables and pictures."""

    def __init__(self, document: Any, report: Report) -> None:
        super().__init__(document)
        self.report = report

    @property
    def lists_rules(self) -> bool:
        """Whether the document ends with the list of rules; else each table says its own."""
        return self.report.length is Length.FULL

    def write(self) -> None:
        """Write the whole report."""
        report = self.report
        write_conclusions(self, report)
        full = report.length is Length.FULL
        for section in report.chapters:
            if self._has_words(section) and (full or not section.annex):
                self._section(section)
        if full:
            self._rules()
        self.sheets.turn(across=False)

    @property
    def brief(self) -> bool:
        """Whether it is for leaders, who read a few pages."""
        return self.report.length is Length.BRIEF

    @staticmethod
    def _has_words(section: Section) -> bool:
        return bool(section.lead or section.blocks)

    def _section(self, section: Section) -> None:
        self.heading(section.title)
        self.say(section.lead)
        for block in section.blocks:
            if isinstance(block, Verdicts):
                write_judgements(self, self.report, block.rows, str(_("要求核对")))
            elif isinstance(block, Figures) and not self.brief:  # the conclusions hold them
                self.sentence(f"{i.title} {i.value} {i.shown_unit}".strip() for i in block.items)
            elif isinstance(block, Facts):
                self.sentence(f"{title}：{text}" for title, text in block.items)
            elif isinstance(block, Prose):
                for text in block.paragraphs:
                    self.say(text)
            elif isinstance(block, Chart) and block.explorer != "overview":
                self._picture(block)
            elif isinstance(block, Table) and self._shown(block):
                self.table(block)

    def _shown(self, table: Table) -> bool:
        """Whether a table belongs to the document at its length."""
        annexes = self.report.length is Length.FULL
        return bool(table.forms & {"word", "page"}) and (annexes or not table.annex)

    def _picture(self, chart: Chart) -> None:
        png = chart_png(chart, self.report.hours)
        unit = _("单位：{unit}", unit=chart.unit) if chart.unit else ""
        note = _("；").join(t for t in (unit, chart.source) if t)
        self.drawing(png, chart.title, note, str(chart.alt))

    def table(self, table: Table) -> None:
        """Add a table with its caption."""
        full = self.report.length is Length.FULL
        shown = narrowed(table, across=full)
        self.sheets.turn(across=full and table.landscape)
        limit = len(shown.rows) if full else _rows_shown(table)
        rows = shown.rows[:limit]
        self.caption(table.title)
        lines = [[self._cell(row, column) for column in shown.columns] for row in rows]
        numeric = [column.numeric for column in shown.columns]
        headings = [column.heading for column in shown.columns]
        notes = [table.note] if table.note else []
        if len(shown.rows) > limit:
            notes.append(
                _(
                    "共 {all} 行，此处列前 {limit} 行，全表见 results.xlsx。",
                    all=len(shown.rows),
                    limit=limit,
                )
            )
        if not self.lists_rules:
            notes.append(self._rule_key(rows, shown.columns))
        self.grid(headings, lines, numeric=numeric, noted=any(notes))
        self.note("".join(notes))

    def _rule_key(self, rows: Sequence[Row], columns: Sequence[TableColumn]) -> str:
        """What the numbers of rules in a table stand for, by document; empty where it has none."""
        keys = [column.key for column in columns if column.kind == "rule"]
        ids = dict.fromkeys(item for row in rows for key in keys for item in _ids(row.get(key)))
        by_document: dict[str, list[str]] = {}
        for rule in filter(None, map(self.report.rules.get, ids)):
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
            found = self.report.rules.get(value)
            return found.number if found else fmt.listed(value)
        if column.kind == "mark":
            return state_label(str(value)) if value else fmt.DASH
        return cell_text(row, column)

    def _rules(self) -> None:
        rules = self.report.rules.items
        if not rules:
            return
        self.heading(_("附：所依据的规则"))
        headings = (_("序号"), _("规则"), _("数值"), _("文件与条款"), _("可信度"))
        lines = [_rule_line(rule) for rule in rules]
        self.grid(headings, lines)


def _rows_shown(table: Table) -> int:
    """Rows of a table that stand in a document without annexes: as many as the page prints."""
    most = LONGEST_TABLE if "word" in table.forms else LONGEST_LIST
    return min(most, table.fold) if table.fold else most


def _ids(value: Any) -> list[str]:
    """Ids in a cell of rules: none, one or several."""
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value or "")]


def _rule_line(rule: Reference) -> list[str]:
    return [
        rule.number + ("*" if rule.overridden else ""),
        rule.title,
        rule.value,
        f"{rule.document} {rule.clause}".strip(),
        value_label("confidence", rule.confidence),
    ]


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
