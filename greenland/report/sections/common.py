"""What the chapters share: figures, verdicts, notes, and the forms tables go to."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from greenland.i18n import _
from greenland.record.land.per_mu import PerMuSchemeRecord
from greenland.record.land.review import ReviewSchemeRecord
from greenland.record.message import Message
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Figure, Judgement, Prose, note_of, title_of
from greenland.report.labels import label, name, unit_text, value_label
from greenland.report.tables import value_text, with_unit

PAGE_AND_MORE = frozenset({"page", "workbook", "word"})
WORKBOOK = frozenset({"workbook"})


def some(blocks: Iterable[Block | None]) -> tuple[Block, ...]:
    """The blocks that are there."""
    return tuple(block for block in blocks if block is not None)


def figure(key: str, value: Any, previous: Any = None, **options: Any) -> Figure:
    """A key figure of an indicator."""
    entry = label(key)
    unit = "" if entry.kind in ("share", "yuan") else unit_text(entry.unit)
    before = "" if previous is None else _("上年 {value}", value=value_text(previous, key))
    return Figure(entry.text, value_text(value, key), unit, before, **options)


def verdict(
    target: str,
    indicator: str,
    value: Any,
    required: Any,
    state: str,
    rule_id: str | None,
    reason: Message | str | None,
    *,
    direction: str = ">=",
    unit: str | None = None,
    basis: str | None = None,
    subject: str = "",
) -> Judgement:
    """A judgement, its numbers written as those of the indicator.

    Parameters
    ----------
    target : str
        Anchor of the table behind it.
    unit : str, optional
        Of value and requirement; by default that of the indicator.
    basis : str, optional
        Code of what it was judged by when that is no rule.
    subject : str
        What was judged; by default the indicator.
    """
    return Judgement(
        subject=subject or name(indicator),
        state=state,
        value=with_unit(value, indicator, unit),
        required=required_text(required, direction, indicator, unit),
        rule_id=rule_id,
        basis=value_label("basis", basis) if basis else "",
        target=target,
        reason=str(reason or ""),
    )


def required_text(required: Any, direction: str, indicator: str, unit: str | None) -> str:
    """What is required, with its direction."""
    if required is None:
        return fmt.DASH
    sign = {"<=": "≤ ", "<": "< ", ">": "> "}.get(direction, "≥ ")
    return sign + with_unit(required, indicator, unit)


def notes(*texts: Message | str | None) -> Prose | None:
    """What an evaluation says beside its tables, each once; None where it says nothing."""
    words = dict.fromkeys(str(text) for text in texts if text)
    return Prose(tuple(words), "note") if words else None


def scheme_facts(scheme: PerMuSchemeRecord | ReviewSchemeRecord) -> Facts:
    """The scheme an evaluation followed, with its document."""
    items: list[tuple[str, str]] = [
        (_("评价方案"), title_of(scheme) or scheme.id),
        (_("依据文件"), scheme.document or fmt.DASH),
        (name("confidence"), value_label("confidence", scheme.confidence)),
    ]
    if said := note_of(scheme):
        items.append((name("note"), said))
    return Facts(tuple(items))
