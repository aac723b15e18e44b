"""Result of the evaluation of standard land."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from greenland.i18n import Text
from greenland.land import summaries
from greenland.land.frames import LandResult
from greenland.land.standard_land.share import (
    StandardLandShare,
)
from greenland.results import records
from greenland.summary import Summary


@dataclass(frozen=True, repr=False)
class StandardLandResult(LandResult):
    """Compliance of standard land in one year.

    Parameters
    ----------
    year : int
        Assessed year.
    checks : DataFrame
        One row per judged parcel and indicator: ``value``, ``required``, ``direction``,
        ``margin`` (positive is good), ``state``, ``basis`` and ``rule_id``; beside them
        ``contract_required`` and ``control_required``.
    parcels : DataFrame
        One row per supplied industrial parcel with its stage and state, indexed by row.
    summary, by_indicator : DataFrame
        Counts by state.
    breaches : DataFrame
        Consequences of failed and overdue indicators.
    share : StandardLandShare
        Share of the industrial land supplied that was sold as standard land, as decimal.
    breaches_reason : str, optional
        Why no consequences are named.
    notes : tuple of str
        What has to be known to read the tables.
    """

    year: int
    checks: pd.DataFrame
    parcels: pd.DataFrame
    summary: pd.DataFrame
    by_indicator: pd.DataFrame
    breaches: pd.DataFrame
    share: StandardLandShare
    breaches_reason: str | None = None
    notes: tuple[Text, ...] = field(default=())

    def _summary(self) -> Summary:
        return summaries.standard_land(self)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready names and values."""
        return {
            "evaluated": True,
            "year": self.year,
            "share": self.share.share,
            "path": records(self.share.path),
            "history": records(self.share.history, index="year"),
            "summary": records(self.summary),
            "by_indicator": records(self.by_indicator),
            "parcels": records(self.parcels, index="row"),
            "checks": records(self.checks),
            "breaches": records(self.breaches),
            "breaches_reason": self.breaches_reason,
            "notes": list(self.notes),
        }
