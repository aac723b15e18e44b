"""Requirements and what was found, in a Word document: a few as sentences, many as a table."""

from __future__ import annotations

from collections.abc import Sequence

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Judgement, Rules
from greenland.report.labels import state_label
from greenland.report.word.writer import Writer
from greenland.results import State

LONGEST_TEXT = 3
"""Requirements that stand as sentences; more are a table, which takes a third of the room."""

SMALL = 8.0
"""Letters of a table of requirements, most of which is titles of documents [pt]."""


def write_judgements(
    writer: Writer,
    rules: Rules,
    rows: Sequence[Judgement],
    title: str,
    *,
    numbered: bool = False,
) -> None:
    """Requirements and what was found: a few as sentences, many as a table.

    Parameters
    ----------
    title : str
        Of the table.
    numbered : bool
        Whether sentences are numbered.
    """
    if len(rows) <= LONGEST_TEXT:
        for place, row in enumerate(rows, start=1):
            writer.say((f"{place}. " if numbered else "") + judgement(rules, row))
        return
    lines = [
        [
            row.subject,
            row.value or fmt.DASH,
            row.required or fmt.DASH,
            state_label(row.state),
            _document(rules, row),
        ]
        for row in rows
    ]
    writer.caption(title)
    writer.grid(
        [_("事项"), _("实际"), _("要求"), _("结论"), _("依据")], lines, whole=False, size=SMALL
    )


def _document(rules: Rules, row: Judgement) -> str:
    """The document and clause a requirement rests on."""
    rule = rules.get(row.rule_id)
    return f"{rule.document}{rule.clause}" if rule else str(row.basis or "")


def judgement(rules: Rules, row: Judgement) -> str:
    """A requirement, what was found, and the rule it rests on, in a sentence."""
    basis = _document(rules, row)
    tail: str = _("（依据：{basis}）", basis=basis) if basis else ""
    if row.reason and row.state not in (State.MET, State.FAILED):  # why it is not judged
        tail = _("（{text}）", text=row.reason.removesuffix(_("。"))) + tail
    known, asked = row.value not in ("", fmt.DASH), row.required not in ("", fmt.DASH)
    if known and asked:
        lead = _("{subject}为 {value}，", subject=row.subject, value=row.value)
    else:
        lead = _("{title}：{text}", title=row.subject, text=row.value + _("，") if known else "")
    said = [_("要求 {required}", required=row.required)] if asked else []
    return lead + _("，").join([*said, state_label(row.state) + tail]) + _("。")
