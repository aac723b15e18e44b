"""What the chapters share: figures, verdicts, notes, and the forms tables go to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from greenland.i18n import _
from greenland.report import formatters as fmt
from greenland.report.blocks import Block, Facts, Figure, Judgement, Prose, title_of
from greenland.report.labels import label, name, unit_text, value_label
from greenland.report.tables import value_text, with_unit

Part = Mapping[str, Any]
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


def verdict(row: Part, target: str, subject: str = "") -> Judgement:
    """A judgement from a row with indicator, value, required, state and rule."""
    key = str(row.get("indicator") or row.get("limit") or "")
    basis = str(row.get("basis") or "")
    return Judgement(
        subject=subject or name(key),
        state=str(row.get("state") or "no_data"),
        value=with_unit(row.get("value"), key, row.get("unit")),
        required=required_text(row, key),
        rule_id=row.get("rule_id"),
        basis=value_label("basis", basis) if basis else "",
        target=target,
        reason=str(row.get("reason") or ""),
    )


def required_text(row: Part, key: str) -> str:
    """What is required, with its direction."""
    if row.get("required") is None:
        return fmt.DASH
    sign = {"<=": "≤ ", "<": "< ", ">": "> "}.get(str(row.get("direction") or ">="), "≥ ")
    return sign + with_unit(row.get("required"), key, row.get("unit"))


def notes(part: Part) -> Prose | None:
    """What an evaluation says beside its tables."""
    found: list[Any] = []
    for key in ("notes", "left_out", "undecided", "breaches_reason", "score_reason"):
        value = part.get(key)
        found += value if isinstance(value, list) else [value]
    said = [text for text in found if isinstance(text, str) and text]
    return Prose(tuple(dict.fromkeys(said)), "note") if said else None


def scheme_facts(scheme: Part) -> Facts | None:
    """The scheme an evaluation followed, with its document."""
    if not scheme:
        return None
    items: list[tuple[str, str]] = [
        (_("评价方案"), title_of(scheme) or str(scheme.get("id"))),
        (_("依据文件"), str(scheme.get("document") or fmt.DASH)),
    ]
    if scheme.get("confidence"):
        items.append((name("confidence"), value_label("confidence", str(scheme["confidence"]))))
    if scheme.get("note"):
        items.append((name("note"), str(scheme["note"])))
    return Facts(tuple(items))


def note_of(notes: Any) -> Prose | None:
    """A remark, or a list of them, as a note."""
    if not notes:
        return None
    return Prose(tuple(map(str, notes)) if isinstance(notes, list) else (str(notes),), "note")


def all_columns(rows: Any) -> str:
    """Every key of some rows, in the order of first appearance."""
    return " ".join(dict.fromkeys(key for row in rows or [] for key in row))
