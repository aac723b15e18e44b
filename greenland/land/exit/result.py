"""Decisions and routes, and the result of the exit evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from greenland.i18n import N_, Text, _
from greenland.land.frames import LandResult
from greenland.land.summaries import parcels_and_area
from greenland.results import records
from greenland.summary import Summary, listed


class Decision(StrEnum):
    """What becomes of a parcel, mildest first."""

    KEEP = "keep"
    IMPROVE = "improve"
    SUPERVISE = "supervise"
    EXIT = "exit"


DECISION_LABELS = {
    Decision.KEEP: N_("保持"),
    Decision.IMPROVE: N_("限期提升"),
    Decision.SUPERVISE: N_("重点监管"),
    Decision.EXIT: N_("退出"),
}


class Route(StrEnum):
    """How land is made use of again."""

    RESERVE = "reserve"
    SELF = "self"
    TRANSFER = "transfer"
    TECHNICAL = "technical"
    RECLAIM = "reclaim"
    NONE = ""


ROUTE_LABELS = {
    Route.RESERVE: N_("收储再开发"),
    Route.SELF: N_("自主开发"),
    Route.TRANSFER: N_("转让"),
    Route.TECHNICAL: N_("技术提升"),
    Route.RECLAIM: N_("复垦"),
    Route.NONE: N_("—"),
}


@dataclass(frozen=True, slots=True, repr=False)
class ExitResult(LandResult):
    """One decision per parcel, and what they add up to.

    Parameters
    ----------
    parcels : DataFrame
        One row per parcel: ``decision``, its evidence, route, deadline and the gaps to close.
    summary : DataFrame
        Parcels and area by decision [亩], [公顷].
    left_out : tuple of str
        Evaluations whose findings were not there.
    """

    parcels: pd.DataFrame
    summary: pd.DataFrame
    left_out: tuple[Text, ...] = ()

    def _summary(self) -> Summary:
        rows = self.summary.set_index("decision").to_dict("index")
        lines = [(_(text), parcels_and_area(rows[code])) for code, text in DECISION_LABELS.items()]
        if self.left_out:
            lines.append((_("未计入"), listed(self.left_out)))
        return Summary(_("{count} 宗", count=len(self.parcels)), tuple(lines))

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form; ``left_out`` names the evaluations that were not there to look at."""
        return {
            "evaluated": True,
            "parcels": records(self.parcels, index="row"),
            "summary": records(self.summary),
            "left_out": list(self.left_out),
        }
