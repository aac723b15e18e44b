"""The first part of the Word file: verdicts, key figures, what fails, and what has to be done."""

from __future__ import annotations

from collections.abc import Sequence

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Figure, Unmet
from greenland.report.context import Report
from greenland.report.length import Length
from greenland.report.word.judgements import LONGEST_TEXT, SMALL, write_judgements
from greenland.report.word.writer import Writer


def write_conclusions(writer: Writer, report: Report) -> None:
    """Write the conclusions; for leaders, figures and shortfalls as tables that take less room."""
    brief = report.length is Length.BRIEF
    writer.heading(_("主要结论"))
    for side, text in report.verdicts:
        writer.say(_("{title}：{text}", title=side, text=text))
    if brief:
        _figure_table(writer, report.figures)
    else:
        writer.key_figures(report.figures)
    count = 0
    if report.shortfalls:
        count += 1
        writer.subheading(count, _("未达到的要求和逾期的事项"))
        as_table = brief or len(report.shortfalls) > LONGEST_TEXT
        (_shortfall_table if as_table else _shortfall_lines)(writer, report)
        if report.more_shortfalls:
            writer.say(_("另有 {count} 项，见各章。", count=report.more_shortfalls))
    if report.met and not brief:
        count += 1
        writer.subheading(count, _("已达到的要求"))
        _met(writer, report)
    if report.waiting:
        count += 1
        writer.subheading(count, _("要做的事与期限"))
        (_task_table if len(report.waiting) > LONGEST_TEXT else _task_lines)(writer, report)
    if report.missing:
        writer.subheading(count + 1, _("没有评价的部分"))
        for part, reason in report.missing:
            writer.say(_("{title}：{reason}", title=part, reason=reason))


def _met(writer: Writer, report: Report) -> None:
    """What is met: in full with its documents, else by name, for the chapters have the rest."""
    if report.length is Length.FULL:
        write_judgements(writer, report.rules, report.met, str(_("已达到的要求")), numbered=True)
        return
    names = dict.fromkeys(row.subject for row in report.met)
    writer.remark([_("{names}，见各章", names=_("、").join(names))])


def _task_lines(writer: Writer, report: Report) -> None:
    for place, task in enumerate(report.waiting, start=1):
        dated = task.by != fmt.DASH
        by = str(_("（最早期限：{by}）", by=task.by)) if dated else ""
        writer.say(_("{place}. {text}{by}。", place=place, text=task.text, by=by))


def _task_table(writer: Writer, report: Report) -> None:
    lines = [[str(n), task.text, task.by] for n, task in enumerate(report.waiting, start=1)]
    if report.length is not Length.BRIEF:
        writer.caption(str(_("要做的事与期限")))
    writer.grid([_("序号"), _("事项"), _("最早期限")], lines, whole=False, size=SMALL)


def _figure_table(writer: Writer, figures: Sequence[Figure]) -> None:
    lines = [
        [
            item.title,
            f"{item.value} {item.shown_unit}".strip(),
            _("；").join(str(text) for text in (item.previous, item.note) if text),
        ]
        for item in figures
    ]
    if lines:
        writer.grid([_("指标"), _("数值"), _("对照与说明")], lines)


def _shortfall_lines(writer: Writer, report: Report) -> None:
    for place, row in enumerate(report.shortfalls, start=1):
        basis = _basis(report, row)
        asked = _asked(row)
        parts = [
            row.subject,
            (_("实际 {value}", value=row.value) if asked else row.value) if row.value else "",
            _("要求 {required}", required=row.required) if asked else "",
            _("期限：{by}", by=row.by),
            _("依据：{basis}", basis=basis) if basis else "",
        ]
        writer.say(f"{place}. " + _("；").join(part for part in parts if part) + _("。"))


def _shortfall_table(writer: Writer, report: Report) -> None:
    lines = [
        [
            str(place),
            row.subject,
            row.value,
            row.required if _asked(row) else "",
            row.by,
            _basis(report, row),
        ]
        for place, row in enumerate(report.shortfalls, start=1)
    ]
    headings = [_("序号"), _("事项"), _("实际"), _("要求"), _("期限"), _("依据")]
    if report.length is not Length.BRIEF:
        writer.caption(str(_("未达到的要求和逾期的事项")))
    writer.grid(headings, lines, whole=False, size=SMALL)


def _asked(row: Unmet) -> bool:
    return bool(row.required) and row.required != fmt.DASH


def _basis(report: Report, row: Unmet) -> str:
    rules = [rule for item in row.rule_ids if (rule := report.rules.get(item))]
    return _("、").join(f"{rule.document}{rule.clause}" for rule in rules)
