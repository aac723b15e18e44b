"""How long a report is: for leaders, for the meeting, or with every list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from greenland.report.blocks import Block, Figures, Prose, Rules, Section, Verdicts
from greenland.report.labels.indicators import INDICATORS
from greenland.report.tables import Table

if TYPE_CHECKING:
    from greenland.report.context import Report


_LEADS = ("outlook", "account")  # chapters of which they read what came out, in a sentence
# chapters leaders do not read
_SPARED = (
    *("energy-facts", "energy-facts-details", "energy-dispatch", "energy-shadow"),
    "energy-study",
)


class Length(StrEnum):
    """Lengths of a report made from one record.

    ``brief`` has the conclusions, and of each chapter its lead, key figures and key table;
    ``standard`` everything but the annexes, which the page holds folded, and of long tables the
    first rows and columns in print; ``full`` everything.
    """

    BRIEF = "brief"
    STANDARD = "standard"
    FULL = "full"


def at_length(report: Report, length: Length | str) -> Report:
    """The report with what belongs to a length.

    Parameters
    ----------
    report : Report
        As built, which is all of it.
    length : Length
    """
    length = Length(length)
    if length is not Length.BRIEF:
        return replace(report, length=length)
    told = (_brief(section) for section in report.sections if section.id not in _SPARED)
    sections = tuple(section for section in told if section.lead or section.blocks)
    kept = replace(report, length=length, profile=None, sections=sections, closing=())
    return replace(kept, rules=_cited(kept))


def _brief(section: Section) -> Section:
    """What leaders read of a chapter."""
    kept: Iterable[Block] = (
        block
        for block in section.blocks
        if (isinstance(block, Figures) and section.id not in _LEADS)
        or (isinstance(block, Table) and block.key)
        or (isinstance(block, Prose) and block.tone == "warning")
    )
    return replace(section, blocks=tuple(kept))


def _cited(report: Report) -> Rules:
    """The rules a report shows, numbered as they were."""
    ids = set(rules_of(report.sections))
    ids |= {str(row.rule_id) for row in (*report.failed, *report.met)}
    items = tuple(item for item in report.rules.items if item.id in ids or item.overridden)
    return Rules(items, {item.id: item for item in items})


def rules_of(sections: Iterable[Section]) -> Iterator[str]:
    """Ids of the rules that judgements and tables of some chapters name."""
    for section in sections:
        for block in section.blocks:
            if isinstance(block, Verdicts):
                yield from (str(row.rule_id) for row in block.rows if row.rule_id)
            elif isinstance(block, Table):
                keys = [column.key for column in block.columns if column.kind == "rule"]
                for row in block.rows:
                    yield from (text for key in keys for text in _texts(row.get(key)))


def _texts(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return [str(item) for item in value]
    return [str(value)] if value else []


def terms_of(sections: Iterable[Section]) -> list[str]:
    """Ids of the indicators that tables of some chapters show, in the glossary's order."""
    found: set[str] = set()
    for section in sections:
        for table in section.tables:
            found |= {column.key.removeprefix("_") for column in table.columns}
            coded = [column.key for column in table.columns if column.kind in ("coded", "auto")]
            for row in table.rows:
                found |= {text for key in coded if isinstance(text := row.get(key), str)}
    return [key for key in INDICATORS if key in found]
