"""What the check of parcel outlines comes to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from greenland.i18n import _
from greenland.land.frames import LandResult
from greenland.results import records
from greenland.summary import Summary


@dataclass(frozen=True, slots=True, repr=False)
class GeometryResult(LandResult):
    """Outlines checked against the ledger.

    Parameters
    ----------
    differences : DataFrame
        Indexed by ledger row: area by outline and ledger [亩], their relative difference as
        decimal, ``state`` `failed` where it is over the limit, `no_data` without an outline.
    overlaps : DataFrame
        Pairs of parcels and the area they share [㎡].
    gaps : DataFrame
        Area [㎡] and middle (longitude, latitude) of each gap between parcels.
    adjacent : DataFrame
        Pairs of adjacent parcels and the length they share [m].
    unknown : tuple of str
        Numbers of outlines that the ledger does not have.
    features : list of dict
        Parcel id and rings (longitude, latitude), simplified for a map.
    totals : dict
        Counts of parcels, and areas [亩].
    """

    differences: pd.DataFrame
    overlaps: pd.DataFrame
    gaps: pd.DataFrame
    adjacent: pd.DataFrame
    unknown: tuple[str, ...]
    features: list[dict[str, Any]]
    totals: dict[str, Any]

    def _summary(self) -> Summary:
        totals = self.totals
        return Summary(
            _("{drawn} 宗有图形，共 {all} 宗", drawn=totals["drawn"], all=totals["parcels"]),
            (
                (_("面积不符"), _("{count} 宗", count=totals["flagged"])),
                (_("重叠"), _("{count} 处", count=len(self.overlaps))),
                (_("缝隙"), _("{count} 处", count=len(self.gaps))),
            ),
        )

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "evaluated": True,
            "features": self.features,
            "differences": records(self.differences, index="row"),
            "overlaps": records(self.overlaps),
            "gaps": records(self.gaps),
            "adjacent": records(self.adjacent),
            "unknown": list(self.unknown),
            "totals": self.totals,
        }
