"""Result of the land-intensity review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.i18n import _
from greenland.land.frames import LandResult
from greenland.land.review.cycle import ReviewKind
from greenland.land.review.scheme import ReviewScheme
from greenland.land.review.zone_type import ZONE_TYPE_LABELS, ZoneType
from greenland.results import records
from greenland.summary import Summary, quantity


@dataclass(frozen=True, repr=False)
class ReviewResult(LandResult):
    """Land-intensity review of one year.

    Parameters
    ----------
    year : int
        Assessed year.
    kind, kind_reason : ReviewKind, str, optional
        Whether this year's review is a full one, or why that is not known.
    next_full_year : int, optional
        Year of the next full review.
    zone_type, zone_type_reason, zone_type_rules : ZoneType, str, tuple of str
        Type of the zone, what it follows from, and the ids of the rules it rests on.
    scheme : ReviewScheme
        The tree of indicators with weights and ideals.
    indicators, part_indicators : DataFrame
        One row per indicator of the whole zone, and of each of its parts.
    nodes : DataFrame
        Score of every node of the tree.
    parts : DataFrame
        Weight and score of each part of the zone.
    land_intensity_score, score_reason : float, str, optional
        Score of the zone [0-100], or why there is none.
    national_score : float, optional
        By the national ideals alone [0-100].
    previous_score, previous_reason : float, str, optional
        Of last year's data by this year's tree and ideals [0-100], or why there is none.
    changes : DataFrame
        What each indicator adds to the change of the score; they sum up to it.
    potentials : DataFrame
        Land that could be saved by kind of potential [亩].
    supply : dict
        Land supplied and how it stands.
    identities : DataFrame
        Sums of the land-use table held against each other.
    land_use : DataFrame
        Areas by kind of use [亩].
    figures : DataFrame
        Further figures of the zone that indicators are made of, this year and last.
    """

    year: int
    kind: ReviewKind | None
    kind_reason: str | None
    next_full_year: int | None
    zone_type: ZoneType
    zone_type_reason: str
    zone_type_rules: tuple[str, ...]
    scheme: ReviewScheme
    indicators: pd.DataFrame
    part_indicators: pd.DataFrame
    nodes: pd.DataFrame
    parts: pd.DataFrame
    land_intensity_score: float | None
    score_reason: str | None
    national_score: float | None
    previous_score: float | None
    previous_reason: str | None
    changes: pd.DataFrame
    potentials: pd.DataFrame
    supply: dict[str, Any]
    identities: pd.DataFrame
    land_use: pd.DataFrame
    figures: pd.DataFrame

    def _summary(self) -> Summary:
        score = quantity(self.land_intensity_score, _("分"))
        lines = [
            (_("上年"), quantity(self.previous_score, _("分"))),
            (_("园区类型"), _(ZONE_TYPE_LABELS[self.zone_type])),
            (_("指标"), str(len(self.indicators))),
        ]
        if self.score_reason:
            lines.insert(0, (_("说明"), self.score_reason))
        return Summary(
            _("{year} 年度，集约利用度 {score}", year=self.year, score=score), tuple(lines)
        )

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "evaluated": True,
            "year": self.year,
            "kind": str(self.kind) if self.kind else None,
            "kind_reason": self.kind_reason,
            "next_full_year": self.next_full_year,
            "zone_type": str(self.zone_type),
            "zone_type_reason": self.zone_type_reason,
            "zone_type_rules": list(self.zone_type_rules),
            "scheme": {
                "id": self.scheme.id,
                "title": self.scheme.title,
                "title_en": self.scheme.title_en,
                "document": self.scheme.document,
                "confidence": str(self.scheme.confidence),
                "note": self.scheme.note,
                "note_en": self.scheme.note_en,
                "indicators": {
                    name: item.model_dump(include={"title", "title_en", "unit", "formula"})
                    for name, item in self.scheme.indicators.items()
                },
            },
            "indicators": records(self.indicators),
            "part_indicators": records(self.part_indicators),
            "nodes": records(self.nodes),
            "parts": records(self.parts),
            "land_intensity_score": self.land_intensity_score,
            "score_reason": self.score_reason,
            "national_score": self.national_score,
            "previous_score": self.previous_score,
            "previous_reason": self.previous_reason,
            "changes": records(self.changes),
            "potentials": records(self.potentials),
            **self.supply,
            "identities": records(self.identities),
            "land_use": records(self.land_use),
            "figures": records(self.figures),
        }
