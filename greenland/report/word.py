"""The report as a Word file in the manner of an official document, from an editable template."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from greenland.i18n import _, use_language
from greenland.i18n import language as language_in_use
from greenland.record.record import Record
from greenland.report import formatters as fmt
from greenland.report.blocks import (
    Facts,
    Figures,
    Judgement,
    Prose,
    Reference,
    Section,
    Unmet,
    Verdicts,
)
from greenland.report.chartkit import Chart, picture
from greenland.report.context import Report, build
from greenland.report.labels import state_label, value_label
from greenland.report.length import Length, at_length
from greenland.report.render import template_folder
from greenland.report.tables import Row, Table, TableColumn, cell_text
from greenland.report.word_document import written
from greenland.report.word_file import chinese_number
from greenland.report.word_sections import SheetTurner
from greenland.report.word_tables import after_table, grid, narrowed

TEXT_WIDTH_MM = 156
PICTURE_SCALE = 2.0
LONGEST_TABLE = 30


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
        it as ``report.docx``; the package's own when left out.
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
    source = template or template_folder() / "report.docx"
    with use_language(language):
        report = at_length(build(record), length)
        cover = {
            "title": report.title,
            "subtitle": report.subtitle,
            "author": report.park,
            "day": fmt.long_date(report.record.park.as_of),
        }

        def body(document: Any) -> None:
            Writer(document, report).write()

        brief = report.length is Length.BRIEF
        written(Path(path), source, cover, body, with_cover=not brief)
    return Path(path)


class Writer:
    """Puts a report's blocks into a document, numbering parts, tables and pictures."""

    def __init__(self, document: Any, report: Report) -> None:
        self.document, self.report = document, report
        self.parts = self.pictures = self.tables = 0
        self.sheets = SheetTurner(document)

    def write(self) -> None:
        """Write the whole report."""
        report = self.report
        self._conclusions()
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

    def heading(self, title: str) -> None:
        """Begin a part."""
        self.sheets.turn(across=False)
        self.parts += 1
        number = (
            f"{chinese_number(self.parts)}、" if language_in_use() == "zh" else f"{self.parts}  "
        )
        self.document.add_paragraph(number + title, style="Heading 1")

    def subheading(self, number: int, title: str) -> None:
        """Begin a section of a part."""
        lead = f"（{chinese_number(number)}）" if language_in_use() == "zh" else ""
        self.document.add_paragraph(lead + title, style="Heading 2")

    def _say(self, text: str) -> None:
        if text:
            self.sheets.turn(across=False)
            spaced = after_table(self.document)
            made = self.document.add_paragraph(text, style="Normal")
            if spaced:
                made.paragraph_format.space_before = spaced

    def _conclusions(self) -> None:
        report = self.report
        self.heading(_("主要结论"))
        for side, text in report.verdicts:
            self._say(_("{title}：{text}", title=side, text=text))
        for item in report.figures:
            beside = _("（{text}）", text=item.previous) if item.previous else ""
            note = _("，{text}", text=item.note) if item.note else ""
            value = f"{item.value} {item.shown_unit}".strip()
            self._say(
                _(
                    "{title}：{value}{beside}{note}。",
                    title=item.title,
                    value=value,
                    beside=beside,
                    note=note,
                )
            )
        count = 0
        if report.shortfalls:
            count += 1
            self.subheading(count, _("未达到的要求和逾期的事项"))
            for place, short in enumerate(report.shortfalls, start=1):
                self._say(f"{place}. {self._shortfall(short)}")
            if report.more_shortfalls:
                self._say(_("另有 {count} 项，见各章。", count=report.more_shortfalls))
        if report.met and not self.brief:
            count += 1
            self.subheading(count, _("已达到的要求"))
            for place, row in enumerate(report.met, start=1):
                self._say(f"{place}. {self._judgement(row)}")
        if report.waiting:
            count += 1
            self.subheading(count, _("要做的事与期限"))
            for place, task in enumerate(report.waiting, start=1):
                dated = task.by != fmt.DASH
                by = str(_("（最早期限：{by}）", by=task.by)) if dated else ""
                self._say(_("{place}. {text}{by}。", place=place, text=task.text, by=by))
        if report.missing:
            self.subheading(count + 1, _("没有评价的部分"))
            for part, reason in report.missing:
                self._say(_("{title}：{reason}", title=part, reason=reason))

    def _shortfall(self, row: Unmet) -> str:
        rules = [rule for item in row.rule_ids if (rule := self.report.rules.get(item))]
        basis = _("、").join(f"{rule.document}{rule.clause}" for rule in rules)
        parts = [
            row.subject,
            _("实际 {value}", value=row.value) if row.value else "",
            _("要求 {required}", required=row.required)
            if row.required and row.required != fmt.DASH
            else "",
            _("期限：{by}", by=row.by),
            _("依据：{basis}", basis=basis) if basis else "",
        ]
        return _("；").join(part for part in parts if part) + _("。")

    def _judgement(self, row: Judgement) -> str:
        rule = self.report.rules.get(row.rule_id)
        basis = f"{rule.document}{rule.clause}" if rule else row.basis
        tail = _("（依据：{basis}）", basis=basis) if basis else ""
        need = (
            _("，要求 {required}", required=row.required)
            if row.required and row.required != fmt.DASH
            else ""
        )
        return _(
            "{subject}为 {value}{need}，{state}{tail}。",
            subject=row.subject,
            value=row.value or fmt.DASH,
            need=need,
            state=state_label(row.state),
            tail=tail,
        )

    def _section(self, section: Section) -> None:
        self.heading(section.title)
        self._say(section.lead)
        for block in section.blocks:
            if isinstance(block, Verdicts):
                for row in block.rows:
                    self._say(self._judgement(row))
            elif isinstance(block, Figures) and not self.brief:  # the conclusions hold them
                self._list(f"{i.title} {i.value} {i.shown_unit}".strip() for i in block.items)
            elif isinstance(block, Facts):
                self._list(f"{title}：{text}" for title, text in block.items)
            elif isinstance(block, Prose):
                for text in block.paragraphs:
                    self._say(text)
            elif isinstance(block, Chart) and block.explorer != "overview":
                self._picture(block)
            elif isinstance(block, Table) and self._shown(block):
                self.table(block)

    def _list(self, parts: Iterable[str]) -> None:
        """Some parts as one sentence; those that are sentences themselves lose their full stop."""
        end = _("。")
        self._say(_("；").join(part.removesuffix(end) for part in parts) + end)

    def _shown(self, table: Table) -> bool:
        """Whether a table belongs to the document at its length."""
        annexes = self.report.length is Length.FULL
        return bool(table.forms & {"word", "page"}) and (annexes or not table.annex)

    def _picture(self, chart: Chart) -> None:
        import vl_convert

        hours = self.report.hours
        datasets = {} if hours is None else {"schedule": hours.rows(), "window": _week(hours)}
        spec = picture(chart.spec, datasets)
        locale: Any = "zh-CN" if language_in_use() == "zh" else "en-US"
        png = vl_convert.vegalite_to_png(
            spec, scale=PICTURE_SCALE, format_locale=locale, time_format_locale=locale
        )
        unit = _("单位：{unit}", unit=chart.unit) if chart.unit else ""
        note = _("；").join(t for t in (unit, chart.source) if t)
        self.drawing(png, chart.title, note, str(chart.alt))

    def drawing(self, png: bytes, title: str, note: str, alt: str) -> None:
        """Add a picture of the width of the text, with its caption and what is noted of it."""
        from docx.shared import Mm

        self.pictures += 1
        self.sheets.turn(across=False)
        paragraph = self.document.add_paragraph(style="Picture")
        drawn = paragraph.add_run().add_picture(io.BytesIO(png), width=Mm(TEXT_WIDTH_MM))
        drawn._inline.docPr.set("descr", alt)
        caption = _("图 {number}  {title}", number=self.pictures, title=title)
        made = self.document.add_paragraph(caption, style="Caption")
        made.paragraph_format.keep_with_next = bool(note)
        self.note(note)

    def table(self, table: Table) -> None:
        """Add a table with its caption."""
        shown = narrowed(table)
        self.sheets.turn(across=table.landscape)
        limit = LONGEST_TABLE if "word" in table.forms else 10
        if self.report.length is Length.FULL:
            limit = len(shown.rows)
        rows = shown.rows[:limit]
        self.tables += 1
        caption = _("表 {number}  {title}", number=self.tables, title=table.title)
        self.document.add_paragraph(caption, style="Caption")
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
        width = self.sheets.width_mm
        grid(self.document, headings, lines, numeric, width, noted=bool(notes))
        self.note("".join(notes))

    def note(self, text: str) -> None:
        """What stands in small letters under a picture or a table, if anything."""
        if text:
            self.document.add_paragraph(text, style="Note")

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
        grid(self.document, headings, lines, [False] * len(headings), self.sheets.width_mm)


def _rule_line(rule: Reference) -> list[str]:
    return [
        rule.number + ("*" if rule.overridden else ""),
        rule.title,
        rule.value,
        f"{rule.document} {rule.clause}".strip(),
        value_label("confidence", rule.confidence),
    ]


def _week(hours: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = hours.rows(hours.heaviest_week, 168)
    return rows
