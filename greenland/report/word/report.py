"""The report as a Word file in the manner of an official document, from an editable template."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenland.i18n import _, use_language
from greenland.record.record import Record
from greenland.report import formatters as fmt
from greenland.report.blocks import Reference, Section
from greenland.report.context import Report, build
from greenland.report.labels import value_label
from greenland.report.length import Length, at_length
from greenland.report.places import template_folder
from greenland.report.word.blocks import BlockWriter
from greenland.report.word.conclusions import write_conclusions
from greenland.report.word.document import written


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

        def body(document: Any) -> None:
            ReportWriter(document, report).write()

        source = _template(template, Length(length))
        written(
            Path(path), source, cover_of(report), body, with_cover=report.length is not Length.BRIEF
        )
    return Path(path)


def cover_of(report: Report) -> dict[str, str]:
    """What stands for the tags of the cover; nothing for a day that is not known."""
    as_of = report.record.park.as_of
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "author": report.park,
        "day": fmt.long_date(as_of) if as_of else "",
    }


def _template(given: Path | None, length: Length) -> Path:
    """The file to fill in: one's own for this length, one's own for all, or the package's."""
    names = ["brief.docx", "report.docx"] if length is Length.BRIEF else ["report.docx"]
    if given is None:
        return template_folder() / names[0]
    if not given.is_dir():
        return given
    own = (given / name for name in names)
    return next((file for file in own if file.is_file()), template_folder() / names[0])


class ReportWriter(BlockWriter):
    """Puts a report into a document."""

    def __init__(self, document: Any, report: Report) -> None:
        super().__init__(document, report.length, report.rules, report.hours, report.workbook)
        self.report = report

    def write(self) -> None:
        """Write the whole report."""
        report = self.report
        write_conclusions(self, report)
        full = report.length is Length.FULL
        for section in report.chapters:
            if self._has_words(section) and (full or not section.annex):
                self.section(section)
        if full:
            self._list_rules()
        self.sheets.turn(across=False)

    @staticmethod
    def _has_words(section: Section) -> bool:
        return bool(section.lead or section.blocks)

    def _list_rules(self) -> None:
        rules = self.rules.items
        if not rules:
            return
        self.heading(_("附：所依据的规则"))
        headings = (_("序号"), _("规则"), _("数值"), _("文件与条款"), _("可信度"))
        lines = [_rule_line(rule) for rule in rules]
        self.grid(headings, lines)


def _rule_line(rule: Reference) -> list[str]:
    return [
        rule.number + ("*" if rule.overridden else ""),
        rule.title,
        rule.value,
        f"{rule.document} {rule.clause}".strip(),
        value_label("confidence", rule.confidence),
    ]
