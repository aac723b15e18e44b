"""Kinds of measures, and the result of the policy evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from greenland.i18n import N_, Text, _
from greenland.land.frames import LandResult
from greenland.land.policy.facts import STATED, SUMMED, ParkFacts
from greenland.land.policy.targets import TIER_LABELS
from greenland.land.summaries import tally
from greenland.results import STATE_LABELS, plain_value, records
from greenland.summary import Summary, quantity


class MeasureKind(StrEnum):
    """What a measure is."""

    REWARD = "reward"
    PENALTY = "penalty"
    QUOTA = "quota"
    CLASS_MEASURE = "class_measure"
    NOTICE = "notice"


MEASURE_KIND_LABELS = {
    MeasureKind.REWARD: N_("奖励"),
    MeasureKind.PENALTY: N_("惩戒"),
    MeasureKind.QUOTA: N_("指标"),
    MeasureKind.CLASS_MEASURE: N_("分类措施"),
    MeasureKind.NOTICE: N_("提醒"),
}


@dataclass(frozen=True, slots=True, repr=False)
class PolicyResult(LandResult):
    """Tier, targets, next year's quota, and the measures that follow.

    Parameters
    ----------
    year : int
        Assessed year.
    tier : dict
        ``tier``, ``output_yi`` [亿元], ``new_firms``, ``rule_id``, ``reason``.
    quota : dict
        ``base_ha``, ``factor`` (as decimal, +0.10 or −0.20), ``next_ha`` [公顷], ``state``.
    targets : DataFrame
        Values of the park against what is asked of it.
    measures : DataFrame
        One row per measure; ``subject`` is ``"park"``, a firm id or a parcel id.
    facts : ParkFacts
        Figures of the park that decide.
    undecided : tuple of str
        Measures whose threshold no document gives.
    """

    year: int
    tier: dict[str, Any]
    quota: dict[str, Any]
    targets: pd.DataFrame
    measures: pd.DataFrame
    facts: ParkFacts
    undecided: tuple[Text, ...] = ()

    def _summary(self) -> Summary:
        tier = self.tier["tier"]
        return Summary(
            _("{year} 年度，{count} 条措施", year=self.year, count=len(self.measures)),
            (
                (_("园区分档"), _(TIER_LABELS[tier]) if tier else "—"),
                (_("下年度计划指标"), quantity(self.quota["next_ha"], _("公顷"))),
                (_("目标"), tally(self.targets["state"], STATE_LABELS)),
            ),
        )

    def _figures(self) -> list[dict[str, Any]]:
        """Figures of the park by year, those of the policy only."""
        yearly = self.facts.yearly
        kept = yearly[[name for name in (*SUMMED, *STATED) if name in yearly]]
        return records(kept, index="year")

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "evaluated": True,
            "year": self.year,
            "tier": self.tier,
            "quota": self.quota,
            "targets": records(self.targets),
            "measures": records(self.measures),
            "undecided": list(self.undecided),
            "above_scale_rd_wan": plain_value(self.facts.above_scale_rd_wan),
            "above_scale_revenue_wan": plain_value(self.facts.above_scale_revenue_wan),
            "figures": self._figures(),
        }
