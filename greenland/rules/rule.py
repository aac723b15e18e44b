"""A rule: one value that something is judged by, with where it comes from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from greenland.i18n import N_, _, language

Value = float | int | bool | str | list[Any] | dict[str, Any] | None


class Confidence(StrEnum):
    """How the wording of a rule was seen."""

    TEXT = "text"  # the official text itself
    REPRINT = "reprint"  # a reprint of the text
    SECONDARY = "secondary"  # news, commentary or transcription
    IMPLEMENTATION = "implementation"  # working software or published results
    GENERAL = "general"  # general knowledge, no document seen
    ASSUMPTION = "assumption"  # chosen by this project, to be confirmed
    USER = "user"  # given by the park


CONFIDENCE_LABELS = {
    Confidence.TEXT: N_("原文"),
    Confidence.REPRINT: N_("转载"),
    Confidence.SECONDARY: N_("二手资料"),
    Confidence.IMPLEMENTATION: N_("公开实现"),
    Confidence.GENERAL: N_("常识"),
    Confidence.ASSUMPTION: N_("假定"),
    Confidence.USER: N_("园区自定"),
}


class Origin(StrEnum):
    """What a rule rests on."""

    DOCUMENT = "document"  # a document with title or number
    REFERENCE = "reference"  # published data, tools or custom, which no document prescribes
    METHOD = "method"  # how data are checked or read
    DEFAULT = "default"  # chosen by this project where nothing is given
    PARK = "park"  # for the park to say


ORIGIN_LABELS = {
    Origin.DOCUMENT: N_("文件"),
    Origin.REFERENCE: N_("公开资料，非规定"),
    Origin.METHOD: N_("方法常数，无文件规定"),
    Origin.DEFAULT: N_("项目缺省，无文件规定"),
    Origin.PARK: N_("由园区给出"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One value that something is judged by, with where it comes from.

    Parameters
    ----------
    id : str
        Dotted name, such as ``"land.per_mu.output_floor.national"``.
    value : number, str, list or mapping
        In *unit*; shares as decimals. None: no value was found, the park has to supply it.
    unit : str
        ``""`` for pure numbers and choices.
    title, title_en : str
        What it is, in Chinese and English.
    document, clause : str
        Document number or title, and the clause in it. Without a document, *clause* says what
        published data or whose word it is, if anything.
    valid_from, valid_to : date, optional
        First and last day in force; open when None.
    confidence : Confidence
        How its wording was seen.
    pack, note : str
        Pack it comes from, ``"park"`` for an override; what people should know.
    replaces : Rule, optional
        For an override, the rule it stands in for.
    plan_end : date, optional
        Last day of the plan that holds it. A requirement without a year of its own goes on
        after that day until another takes its place, and wherever it acts this is said.
    note_en : str
        *note* in English.
    origin : Origin
        What it rests on; only for a document is *document* filled.

    Examples
    --------
    >>> from greenland.rules import load_rulebook
    >>> rule = load_rulebook(("national",), 2026).rule("energy.direct.self_use_of_generation")
    >>> rule.value, rule.unit
    (0.6, 'share')
    """

    id: str
    value: Value
    unit: str
    title: str
    title_en: str
    document: str
    clause: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    confidence: Confidence
    pack: str
    note: str = ""
    replaces: Rule | None = None
    plan_end: dt.date | None = None
    note_en: str = ""
    origin: Origin = Origin.DOCUMENT

    @property
    def overridden(self) -> bool:
        """Whether the park put its own value in place of a pack's."""
        return self.pack == "park"

    @property
    def name(self) -> str:
        """Title in the language in use."""
        return self.title if language() == "zh" else self.title_en

    @property
    def source(self) -> str:
        """Document and clause in one phrase; what else it rests on where there is no document."""
        named = self.document or _(ORIGIN_LABELS[self.origin])
        return f"{named} {self.clause}".strip()

    def in_force(self, day: dt.date) -> bool:
        """Whether the rule is in force on *day*."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day <= self.valid_to
        )

    def carried_on(self, day: dt.date) -> bool:
        """Whether the plan that holds the rule has ended before *day*."""
        return self.plan_end is not None and self.plan_end < day

    def as_record(self) -> dict[str, Any]:
        """JSON-ready names and values, as they stand in ``results.json`` under ``rules``."""
        return {
            "id": self.id,
            "value": self.value,
            "unit": self.unit,
            "title": self.title,
            "title_en": self.title_en,
            "document": self.document,
            "origin": str(self.origin),
            "clause": self.clause,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "plan_end": self.plan_end.isoformat() if self.plan_end else None,
            "confidence": str(self.confidence),
            "pack": self.pack,
            "note": self.note,
            "note_en": self.note_en,
            "overridden": self.overridden,
            "replaces": self.replaces.as_record() if self.replaces else None,
        }
