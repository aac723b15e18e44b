"""From the results record to what the templates show: sections, key figures, rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from altair.utils.schemapi import debug_mode

from greenland.evaluations import ASKED, LAND, OPTIONAL, Evaluation
from greenland.i18n import _, language, use_language
from greenland.record.problems import NotEvaluatedRecord
from greenland.record.reading import as_record
from greenland.record.record import Record, if_made
from greenland.report import closing, front, verdict
from greenland.report.blocks import Figure, Judgement, Rules, Section, Task, Unmet
from greenland.report.chartkit import Chart
from greenland.report.hours import Hours, read_hours
from greenland.report.length import Length, terms_of
from greenland.report.naming import Naming
from greenland.report.retold import retold
from greenland.report.rulelist import read_rules
from greenland.report.sections import (
    admission,
    per_mu,
    policy,
    power,
    review,
    standard_land,
    stock,
)
from greenland.report.sections import energy as energy_chapters
from greenland.report.sections import exit as exits
from greenland.report.sections.energy import plan
from greenland.report.tables import Table
from greenland.report.writable import writable

Chapter = Callable[..., Section]
# Chapters of the land programme by their name in the table of evaluations. Each takes the parts
# of the evaluations it tells of, in the table's order; None for what was not evaluated.
_CHAPTERS: Mapping[str, Chapter] = {
    "standard_land": standard_land.section,
    "per_mu": per_mu.section,
    "review": review.section,
    "stock": stock.section,
    "exit": exits.section,
    "admission": admission.section,
    "policy": policy.section,
}
# Chapters of evaluations that only parks with sheets of their own have, by the name there.
_OPTIONAL: Mapping[str, Chapter] = {"outlook": power.outlook, "account": power.account}


@dataclass(frozen=True)
class Report:
    """A report ready to be put into a form.

    Parameters
    ----------
    record : Record
    sections : tuple of Section
        What was evaluated, in reading order.
    profile : Section, optional
        Who the park is; not in a brief report.
    closing : tuple of Section
        Data problems, assumptions, method, glossary.
    """

    record: Record
    title: str
    subtitle: str
    park: str
    profile: Section | None
    sections: tuple[Section, ...]
    closing: tuple[Section, ...]
    figures: tuple[Figure, ...]
    met: tuple[Judgement, ...]
    failed: tuple[Judgement, ...]
    tasks: tuple[Task, ...]
    verdicts: tuple[tuple[str, str], ...]
    shortfalls: tuple[Unmet, ...]
    more_shortfalls: int
    missing: tuple[tuple[str, str], ...]
    rules: Rules
    hours: Hours | None
    leads: Mapping[str, str]
    length: Length = Length.FULL

    @property
    def workbook(self) -> str:
        """Name of the workbook beside the page."""
        return "results.xlsx"

    @property
    def waiting(self) -> tuple[Task, ...]:
        """Tasks that are not due at once."""
        return verdict.waiting(self.tasks)

    @cached_property
    def chapters(self) -> tuple[Section, ...]:
        """Every section in reading order."""
        front = () if self.profile is None else (self.profile,)
        return (*front, *self.sections, *self.closing)

    @property
    def charts(self) -> list[Chart]:
        """Every chart in reading order."""
        return [chart for section in self.chapters for chart in section.charts]

    @property
    def tables(self) -> list[Table]:
        """Every table in reading order."""
        return [table for section in self.chapters for table in section.tables]


def build(record: Record | Mapping[str, Any]) -> Report:
    """Turn a results record into a report, in the language in use.

    The last report is kept, so that page, workbook and Word file of one record share it.

    Parameters
    ----------
    record : Record or mapping
        As in ``results.json``; not to be changed between its forms.

    Raises
    ------
    InputError
        If it is not a results record.
    """
    if not _last or _last[0][0] is not record or _last[0][1] != language():
        _last[:] = [(record, language(), _build(retold(writable(as_record(record)))))]
    return _last[0][2]


_last: list[tuple[Record | Mapping[str, Any], str, Report]] = []


def _title(record: Record, *, land: bool, energy: bool) -> str:
    """What the report is called: by what was evaluated."""
    name = record.park.name
    if record.scope == "energy":
        return _("{case}绿电直连规模测算报告", case=name)
    if not energy:
        return _("{park}土地集约利用评价报告", park=name)
    if not land:
        return _("{park}绿色供能评价报告", park=name)
    return _("{park}土地集约利用与绿色供能评价报告", park=name)


def _build(record: Record) -> Report:
    energy = if_made(record.energy)
    hours = read_hours(energy.plan.schedule, Naming(energy)) if energy else None
    with debug_mode(False):  # the tests hold every chart against the schema
        land = _land_sections(record)
        chapters = [*land.values()]
        if energy:
            chapters += energy_chapters.sections(energy, hours)
        optional = _optional_sections(record)
        chapters += optional.values()
    met, failed = front.conclusions(chapters)
    ends = (closing.problems(record), closing.assumptions(energy), closing.method(record))
    tasks = tuple(front.tasks(record))
    shortfalls, more = verdict.shortfalls(failed, tasks, record.year)
    alone, name = record.scope == "energy", record.park.name
    glossary = closing.glossary(terms_of(chapters))
    return Report(
        record=record,
        title=_title(record, land=bool(land), energy=energy is not None),
        subtitle=_("{year} 年度", year=record.year),
        park=name,
        profile=None if alone else closing.profile(record),
        sections=tuple(chapters),
        closing=(*(section for section in ends if section is not None), glossary),
        figures=front.key_figures(record),
        met=tuple(met),
        failed=tuple(failed),
        tasks=tasks,
        verdicts=verdict.verdicts(record, met, failed),
        shortfalls=shortfalls,
        more_shortfalls=more,
        missing=() if alone else tuple(front.not_evaluated(record)),
        rules=read_rules(record),
        hours=hours,
        leads=_leads(land)
        | {item.key: optional[item.key].lead for item in OPTIONAL if item.key in optional},
    )


def _members(chapter: str) -> list[Evaluation]:
    return [item for item in LAND if item.chapter == chapter]


def _land_sections(record: Record) -> dict[str, Section]:
    """Chapters with something evaluated to tell of, by their name."""
    made = {}
    for chapter in dict.fromkeys(item.chapter for item in LAND):
        members = _members(chapter)
        parts = [if_made(record.part(item)) for item in members]
        asked = zip(members, parts, strict=True)
        if any(part is not None and not item.supplement for item, part in asked):
            made[chapter] = _CHAPTERS[chapter](*parts)
    return made


def _optional_sections(record: Record) -> dict[str, Section]:
    """Chapters of the evaluations the park has sheets for, by their key."""
    parts = {item: if_made(record.part(item)) for item in OPTIONAL}
    return {
        item.key: _OPTIONAL[item.chapter](part) for item, part in parts.items() if part is not None
    }


def _leads(land: Mapping[str, Section]) -> dict[str, str]:
    """What chapters that tell of one evaluation begin with, by the evaluation's key."""
    alone = {chapter: members[0] for chapter in land if len(members := _members(chapter)) == 1}
    return {item.key: land[chapter].lead for chapter, item in alone.items()}


def headlines(record: Record | Mapping[str, Any], *, language: str = "zh") -> dict[str, str]:
    """What each part came to, in one line; not evaluated parts say why.

    Parameters
    ----------
    record : Record or mapping
        As in ``results.json``.
    language : str
        ``"zh"`` or ``"en"``.

    Returns
    -------
    dict
        From the key of each evaluation to its line.

    Raises
    ------
    InputError
        If it is not a results record.

    Examples
    --------
    >>> from greenland import assess
    >>> from greenland.park import example_folder
    >>> record = assess(example_folder(), parts=()).record()
    >>> headlines(record)["land.exit"]
    '未评价：本次未要求计算。'
    """
    with use_language(language):
        report = build(record)
        shown = [item for item in OPTIONAL if report.record.part(item) is not None]
        return {
            item.key: report.leads.get(item.key) or _headline(report.record, item)
            for item in (*ASKED, *shown)
        }


def _headline(record: Record, item: Evaluation) -> str:
    part = record.part(item)
    if isinstance(part, NotEvaluatedRecord):
        return _("未评价：{reason}", reason=str(part.reason))
    return section_of(item, part).lead


def section_of(item: Evaluation, part: Any) -> Section:
    """The section of one evaluation alone, which was made.

    Parameters
    ----------
    item : Evaluation
    part : model
        Its part of the record.
    """
    if item.chapter in _CHAPTERS:
        members = _members(item.chapter)
        return _CHAPTERS[item.chapter](*(part if other is item else None for other in members))
    if item.chapter in _OPTIONAL:
        return _OPTIONAL[item.chapter](part)
    return plan.section(part, None)
