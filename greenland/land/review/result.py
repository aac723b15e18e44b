"""Result of the land-intensity review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.land import summaries
from greenland.land.frames import LandResult
from greenland.land.review.cycle import ReviewKind
from greenland.land.review.scheme import ReviewScheme
from greenland.land.review.zone_type import ZoneType
from greenland.results import records
from greenland.summary import Summary


@dataclass(frozen=True, repr=False)
class ReviewResult(LandResult):
    """Land-intensity review of one year.

    Parameters
    ----------
    indicators : DataFrame
        One row per indicator of the whole zone; `part_indicators` has the parts.
    nodes : DataFrame
        Score of every node of the tree.
    land_intensity_score, previous_score : float or None
        0–100; None with a reason beside it. Last year's is computed from last year's data by
        this year's tree and ideals, so that `changes` add up to the difference.
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

    def _summary(self) -> Summary:
        return summaries.review(self)

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
        }
