"""Result of the evaluation of standard land."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from greenland.i18n import Text, _
from greenland.land.frames import LandResult
from greenland.land.standard_land.share import (
    StandardLandShare,
)
from greenland.land.summaries import tally
from greenland.results import STATE_LABELS, State, records
from greenland.summary import Summary, percent


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
        share = self.share.share
        head = _(
            "{year} 年度，“标准地”出让比例 {share}",
            year=self.year,
            share=percent(share["standard_land_share"]),
        )
        return Summary(
            head,
            (
                (_("考核状态"), _(STATE_LABELS[State(share["state"])])),
                (_("工业用地宗地"), str(len(self.parcels))),
                (_("指标核对"), tally(self.checks["state"], STATE_LABELS)),
                (_("违约处理"), str(len(self.breaches))),
            ),
        )

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
