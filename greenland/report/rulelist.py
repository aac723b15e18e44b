"""Rules of the record, numbered and written out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from greenland.i18n import _
from greenland.record.record import Record
from greenland.record.rules import RuleRecord
from greenland.report import formatters as fmt
from greenland.report.blocks import Reference, Rules, title_of
from greenland.report.labels import unit_text, value_label

LONGEST_VALUE = 160


def read_rules(record: Record) -> Rules:
    """The rules used, in the order of their ids."""
    entries = sorted(record.rules, key=lambda entry: entry.id)
    items = tuple(_reference(entry, place) for place, entry in enumerate(entries, start=1))
    return Rules(items, {item.id: item for item in items})


def _reference(entry: RuleRecord, place: int) -> Reference:
    replaced = entry.replaces
    return Reference(
        id=entry.id,
        number=f"R{place}",
        title=title_of(entry) or entry.id,
        value=value_words(entry.value, entry.unit),
        document=entry.document,
        clause=entry.clause,
        confidence=entry.confidence,
        pack=value_label("pack", entry.pack),
        overridden=entry.overridden,
        note=entry.note,
        force=_force(entry),
        replaced="" if replaced is None else value_words(replaced.value, replaced.unit),
    )


def _force(entry: RuleRecord) -> str:
    if not entry.valid_from and not entry.valid_to and not entry.plan_end:
        return fmt.DASH
    start = fmt.date(entry.valid_from)
    if entry.plan_end:
        return _(
            "{start} 起；规划至 {end}，期满未见新规定的沿用",
            start=start,
            end=fmt.date(entry.plan_end),
        )
    return _("{start} 至 {end}", start=start, end=fmt.date(entry.valid_to))


def value_words(value: Any, unit: str = "") -> str:
    """The value of a rule in words; tables and lists in short."""
    if value is None:
        return _("未找到，由园区提供")
    if isinstance(value, bool):
        return fmt.yes_no(value)
    amount = fmt.as_number(value)
    if amount is not None:
        if unit in ("share", "%"):
            return fmt.share(amount)
        return f"{_plain(amount)} {unit_text(unit)}".strip()
    if isinstance(value, Mapping):
        text = _("；").join(f"{key}: {_inner(item)}" for key, item in value.items())
    elif isinstance(value, list):
        text = _("、").join(_inner(item) for item in value)
    else:
        return value_label("rule_value", str(value))
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def _inner(item: Any) -> str:
    if isinstance(item, Mapping):
        return ", ".join(f"{key} {_inner(part)}" for key, part in item.items())
    if isinstance(item, list):
        return "[" + ", ".join(_inner(part) for part in item) + "]"
    amount = fmt.as_number(item)
    return value_label("rule_value", str(item)) if amount is None else _plain(amount)


def _plain(amount: float) -> str:
    """The number as the rule states it."""
    return f"{amount:,.6f}".rstrip("0").rstrip(".").replace("-", fmt.MINUS)
