"""From the results record to what the templates show: sections, key figures, rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from altair.utils.schemapi import debug_mode

from greenland.i18n import _, language, use_language
from greenland.report import closing, front
from greenland.report.blocks import Figure, Rules, Section, Task, Verdict
from greenland.report.chartkit import Chart
from greenland.report.hours import Hours, read_hours
from greenland.report.naming import Naming
from greenland.report.rulelist import read_rules
from greenland.report.sections import admission, per_mu, policy, review, standard_land, stock
from greenland.report.sections import energy as energy_chapters
from greenland.report.sections import exit as exits
from greenland.report.sections.energy import plan
from greenland.report.speech import say_again
from greenland.report.tables import Table

Part = Mapping[str, Any]
_LAND: dict[str, Callable[[Part], Section]] = {
    "land.standard_land": standard_land.section,
    "land.per_mu": per_mu.section,
    "land.review": review.section,
    "land.stock": stock.section,
}


@dataclass(frozen=True)
class Report:
    """A report ready to be put into a form.

    Parameters
    ----------
    record : mapping
        The results, their sentences in the language of the report.
    sections : tuple of Section
        What was evaluated, in reading order.
    closing : tuple of Section
        Data problems, assumptions, method, glossary.
    """

    record: Part
    title: str
    subtitle: str
    park: str
    profile: Section
    sections: tuple[Section, ...]
    closing: tuple[Section, ...]
    figures: tuple[Figure, ...]
    met: tuple[Verdict, ...]
    failed: tuple[Verdict, ...]
    tasks: tuple[Task, ...]
    missing: tuple[tuple[str, str], ...]
    rules: Rules
    hours: Hours | None
    leads: Mapping[str, str]

    @cached_property
    def chapters(self) -> tuple[Section, ...]:
        """Every section in reading order."""
        return (self.profile, *self.sections, *self.closing)

    @property
    def charts(self) -> list[Chart]:
        """Every chart in reading order."""
        return [chart for section in self.chapters for chart in section.charts]

    @property
    def tables(self) -> list[Table]:
        """Every table in reading order."""
        return [table for section in self.chapters for table in section.tables]


def build(record: Part) -> Report:
    """Turn a results record into a report, in the language in use.

    The last report is kept, so that page, workbook and Word file of one record share it.

    Parameters
    ----------
    record : mapping
        As in ``results.json``; not to be changed between its forms.
    """
    if not _last or _last[0][0] is not record or _last[0][1] != language():
        _last[:] = [(record, language(), _build(record))]
    return _last[0][2]


_last: list[tuple[Part, str, Report]] = []


def _build(record: Part) -> Report:
    record = say_again(record)
    parts = front.parts_of(record)
    energy = parts.get("energy")
    hours = read_hours(energy.get("plan") or {}, Naming(energy)) if energy else None
    with debug_mode(False):  # the tests hold every chart against the schema
        land = _land_sections(record, parts)
        chapters = [*land.values()]
        if energy:
            chapters += energy_chapters.sections(energy, hours)
    met, failed = front.conclusions(chapters)
    ends = (closing.problems(record), closing.assumptions(record), closing.method(record))
    park = record.get("park") or {}
    name = str(park.get("name") or "")
    return Report(
        record=record,
        title=_("{park}土地集约利用与绿色供能评价报告", park=name),
        subtitle=_("{year} 年度", year=record.get("year") or park.get("year") or ""),
        park=name,
        profile=closing.profile(record),
        sections=tuple(chapters),
        closing=(*(section for section in ends if section is not None), closing.glossary()),
        figures=front.key_figures(record),
        met=tuple(met),
        failed=tuple(failed),
        tasks=tuple(front.tasks(record)),
        missing=tuple(front.not_evaluated(record)),
        rules=read_rules(record),
        hours=hours,
        leads={key: section.lead for key, section in land.items()},
    )


def _land_sections(record: Part, parts: Mapping[str, Part]) -> dict[str, Section]:
    made = {key: build_one(parts[key]) for key, build_one in _LAND.items() if key in parts}
    leaving, placing = parts.get("land.exit"), parts.get("land.reallocation")
    if leaving is not None or placing is not None:
        geometry = parts.get("land.geometry")
        made["exit and re-allocation"] = exits.section(leaving, placing, geometry)
    if "land.admission" in parts:
        made["land.admission"] = admission.section(parts["land.admission"])
    if "land.policy" in parts:
        made["land.policy"] = policy.section(parts["land.policy"])
    return made


def headlines(record: Part, language: str = "zh") -> dict[str, str]:
    """What each part came to, in one line; not evaluated parts say why.

    Parameters
    ----------
    record : mapping
        As in ``results.json``.
    language : str
        ``"zh"`` or ``"en"``.
    """
    with use_language(language):
        report = build(record)
        land = report.record.get("land") or {}
        places = {f"land.{key}": part for key, part in land.items()}
        places["energy"] = report.record.get("energy") or {}
        evaluated = front.parts_of(report.record)
        return {
            key: report.leads.get(key) or _headline(key, part, evaluated)
            for key, part in places.items()
        }


def _headline(key: str, part: Part, evaluated: Mapping[str, Part]) -> str:
    if key not in evaluated:
        reason = part.get("reason") if isinstance(part, Mapping) else None
        return _("未评价：{reason}", reason=reason or _("本次未要求评价。"))
    return section_of(key, part).lead


def section_of(key: str, part: Part) -> Section:
    """The section of one evaluated part, by its key in the results."""
    if key in _LAND:
        return _LAND[key](part)
    if key in ("land.exit", "land.reallocation"):
        leaving = part if key == "land.exit" else None
        placing = part if key == "land.reallocation" else None
        return exits.section(leaving, placing, None)
    if key == "land.admission":
        return admission.section(part)
    if key == "land.policy":
        return policy.section(part)
    return plan.section(part, None)
