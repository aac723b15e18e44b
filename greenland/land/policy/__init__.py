"""差别化政策: what follows from the results for the park, its firms and its parcels.

Every measure names the rule it rests on and the facts that triggered it; a measure whose
threshold no document gives is not decided but says that the park has to supply it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.i18n import N_, Text, _
from greenland.land import summaries
from greenland.land.frames import LandResult
from greenland.land.policy.facts import ParkFacts, park_facts
from greenland.land.policy.measures import (
    class_measures,
    parcel_measures,
    park_measures,
    ranking_measures,
)
from greenland.land.policy.targets import (
    TARGET_LABELS,
    TIER_LABELS,
    Tier,
    park_targets,
    park_tier,
    quota,
)
from greenland.results import NotEvaluated, made, records
from greenland.summary import Summary

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.review import ReviewResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.land.stock import StockResult
    from greenland.park import Park


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
_MEASURE_COLUMNS = ["subject", "subject_name", "measure", "kind", "rule_id", "facts", "reason"]


@dataclass(frozen=True, slots=True, repr=False)
class PolicyResult(LandResult):
    """Tier, targets, next year's quota, and the measures that follow.

    Parameters
    ----------
    tier : dict
        ``tier``, ``output_yi`` [亿元], ``new_firms``, ``rule_id``, ``reason``.
    quota : dict
        ``base_ha``, ``factor`` (as decimal, +0.10 or −0.20), ``next_ha`` [公顷], ``state``.
    targets : DataFrame
        Values of the park against what is asked of it.
    measures : DataFrame
        One row per measure; ``subject`` is ``"park"``, a firm id or a parcel id.
    """

    year: int
    tier: dict[str, Any]
    quota: dict[str, Any]
    targets: pd.DataFrame
    measures: pd.DataFrame
    facts: ParkFacts
    undecided: tuple[Text, ...] = ()

    def _summary(self) -> Summary:
        return summaries.policy(self)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "evaluated": True,
            "year": self.year,
            "tier": self.tier,
            "quota": self.quota,
            "targets": records(self.targets),
            "measures": records(self.measures),
            "undecided": [str(text) for text in self.undecided],
        }


def evaluate(
    park: Park,
    review: ReviewResult | NotEvaluated | None = None,
    stock: StockResult | NotEvaluated | None = None,
    per_mu: PerMuResult | NotEvaluated | None = None,
    standard_land: StandardLandResult | NotEvaluated | None = None,
) -> PolicyResult | NotEvaluated:
    """Derive the measures of a year.

    Parameters
    ----------
    park : Park
    review, stock, per_mu, standard_land : results, optional
        Facts that trigger measures; without one of them its measures are left out.

    Returns
    -------
    PolicyResult, or NotEvaluated when there is nothing to go by.

    References
    ----------
    《云南省“十四五”产业园区发展规划》2.3, 4.4.3, 5.2; 楚办发〔2023〕5号 第8项, 第22项, 第24项;
    自然资规〔2018〕1号; 云南省《进一步发展壮大园区经济行动计划》第8项, 第9项, 第14项.
    """
    facts = park_facts(park, made(review), made(stock))
    given = (made(stock), made(per_mu), made(standard_land))
    if facts.empty and all(item is None for item in given):
        return NotEvaluated(_("没有年度指标，也没有可用的评价结果。"))
    tier = park_tier(facts, park.rulebook)
    measures, undecided = park_measures(facts, park.rulebook, park.tables["pipeline"])
    next_quota = quota(facts, park.rulebook)
    rows = [
        *measures,
        *ranking_measures(facts, park.rulebook),
        *class_measures(made(per_mu), park.rulebook),
        *parcel_measures(park.tables["parcels"], made(stock), made(standard_land), park.rulebook),
    ]
    if next_quota["factor"] is not None:
        rows.insert(0, _quota_measure(next_quota))
    return PolicyResult(
        year=park.year,
        tier=tier,
        quota=next_quota,
        targets=park_targets(facts, tier, park.rulebook, border=str(park.config.type) == "border"),
        measures=pd.DataFrame(rows, columns=_MEASURE_COLUMNS),
        facts=facts,
        undecided=undecided,
    )


def _quota_measure(item: dict[str, Any]) -> dict[str, Any]:
    more = item["factor"] > 0
    share = f"{abs(item['factor']) * 100:g}"
    return {
        "subject": "park",
        "subject_name": _("园区"),
        "measure": _("下一年度新增建设用地计划指标增加 {share}%", share=share)
        if more
        else _("下一年度新增建设用地计划指标核减 {share}%", share=share),
        "kind": str(MeasureKind.QUOTA),
        "rule_id": item["rule_id"],
        "facts": item["facts"],
        "reason": item["reason"],
    }


__all__ = [
    "MEASURE_KIND_LABELS",
    "TARGET_LABELS",
    "TIER_LABELS",
    "MeasureKind",
    "PolicyResult",
    "Tier",
    "evaluate",
]
