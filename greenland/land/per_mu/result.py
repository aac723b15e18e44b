"""Result of the per-mu evaluation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from greenland.i18n import N_, _
from greenland.land.frames import LandResult
from greenland.land.per_mu.scheme import PerMuScheme
from greenland.land.summaries import tally
from greenland.results import records
from greenland.summary import Summary, quantity

CLASS_LABELS = {"A": "A", "B": "B", "C": "C", "D": "D", "exempt": N_("不参评")}


@dataclass(frozen=True, repr=False)
class PerMuResult(LandResult):
    """Per-mu benefit of the firms of a park in one year.

    Parameters
    ----------
    year : int
        Assessed year.
    scheme : PerMuScheme
        Indicators, weights, benchmarks and classes in use.
    firms : DataFrame
        One row per firm: its own figures as read, indicators, ``score``, ``class``, ``rank`` in
        its group, ``points_to_next`` (points to the next better class), ``reason``.
    items : DataFrame
        One row per scored firm and indicator.
    benchmarks, boundaries : DataFrame
        What was measured against, and where the classes part: ``ranked_units`` are in the class
        by their score, ``firms`` in the end, after vetoes and with tenants, as in `summary`.
    summary : DataFrame
        By class; the row without a class holds the firms that could not be scored.
    park : dict
        Averages of all firms of the park, exempt ones included, with the number of firms whose
        figures are missing; how many firms are evaluated.
    floor : dict
        Output per mu against the floor of the park's level.
    industries, trend, movements : DataFrame
        Averages by industry; of the park by year; firms by class of last year and this.
    previous : dict
        Averages of the park in the year before; empty when the workbook has no such year.
    """

    year: int
    scheme: PerMuScheme
    firms: pd.DataFrame
    items: pd.DataFrame
    benchmarks: pd.DataFrame
    boundaries: pd.DataFrame
    summary: pd.DataFrame
    park: dict[str, Any]
    floor: dict[str, Any]
    industries: pd.DataFrame
    trend: pd.DataFrame
    movements: pd.DataFrame
    previous: dict[str, Any] = field(default_factory=dict)

    def _summary(self) -> Summary:
        head = _(
            "{year} 年度，亩均税收 {tax}",
            year=self.year,
            tax=quantity(self.park["tax_per_mu"], _("万元/亩")),
        )
        return Summary(
            head,
            (
                (_("企业"), str(len(self.firms))),
                (_("分类"), tally(self.firms["class"], CLASS_LABELS)),
                (_("亩均营业收入"), quantity(self.park["revenue_per_mu"], _("万元/亩"))),
            ),
        )

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "evaluated": True,
            "year": self.year,
            "scheme": scheme_record(self.scheme),
            "firms": records(self.firms),
            "items": records(self.items),
            "benchmarks": records(self.benchmarks),
            "boundaries": records(self.boundaries),
            "summary": records(self.summary),
            "park": self.park,
            "floor": self.floor,
            "industries": records(self.industries),
            "trend": records(self.trend),
            "movements": records(self.movements),
            "previous": self.previous or None,
        }


def scheme_record(scheme: PerMuScheme) -> dict[str, Any]:
    """What a reader must know of a scheme."""
    return {
        "id": scheme.id,
        "title": scheme.title,
        "title_en": scheme.title_en,
        "document": scheme.document,
        "clause": scheme.clause,
        "confidence": str(scheme.confidence),
        "note": scheme.note,
        "note_en": scheme.note_en,
        "class_method": scheme.classes.method,
        "classes_confidence": str(scheme.classes.confidence),
        "classes_note": scheme.classes.note,
        "tenants": str(scheme.tenants),
        "groups": {
            name: _titles(part.title, part.title_en)
            for name, part in scheme.groups.items()
            if part.title
        },
        "indicators": {
            **{
                name: _titles(item.title, item.title_en, item.unit, item.formula)
                for name, item in scheme.indicators.items()
            },
            **{
                item.id: _titles(item.title, item.title_en)
                for item in (scheme.bonus.items if scheme.bonus else ())
            },
        },
        "decimals": scheme.decimals,
        "bonus": scheme.bonus and scheme.bonus.model_dump(include={"minimum", "maximum"}),
        "class_titles": {
            str(name): title.model_dump() for name, title in scheme.class_titles.items()
        },
    }


def _titles(
    title: str, title_en: str, unit: str | None = None, formula: str | None = None
) -> dict[str, Any]:
    return {"title": title, "title_en": title_en, "unit": unit, "formula": formula}
