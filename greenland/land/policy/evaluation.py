"""Derive the measures of a year from the results of the other evaluations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.i18n import _
from greenland.land.policy.facts import park_facts
from greenland.land.policy.measures import (
    class_measures,
    parcel_measures,
    park_measures,
    ranking_measures,
)
from greenland.land.policy.result import MeasureKind, PolicyResult
from greenland.land.policy.targets import (
    park_targets,
    park_tier,
    quota,
)
from greenland.results import NotEvaluated, if_evaluated

if TYPE_CHECKING:
    from greenland.land.per_mu import PerMuResult
    from greenland.land.review import ReviewResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.land.stock import StockResult
    from greenland.park import Park

_MEASURE_COLUMNS = ["subject", "subject_name", "measure", "kind", "rule_id", "facts", "reason"]


def evaluate(
    park: Park,
    *,
    review: ReviewResult | NotEvaluated | None = None,
    stock: StockResult | NotEvaluated | None = None,
    per_mu: PerMuResult | NotEvaluated | None = None,
    standard_land: StandardLandResult | NotEvaluated | None = None,
) -> PolicyResult | NotEvaluated:
    """Derive the measures of a year.

    Parameters
    ----------
    park : Park
        As `greenland.read_park` gives it.
    review, stock, per_mu, standard_land : results of these evaluations, optional
        Facts that trigger measures; without one of them its measures are left out.

    Returns
    -------
    PolicyResult or NotEvaluated
        The latter when there is nothing to go by.

    Raises
    ------
    RuleNotFoundError
        If the rule packs in use lack a rule it needs.

    References
    ----------
    《云南省“十四五”产业园区发展规划》第二章第三节, 第四章第四节三, 第五章第二节;
    楚办发〔2023〕5号 第8项, 第22项, 第24项; 自然资规〔2018〕1号;
    云南省《进一步发展壮大园区经济行动计划》第8项, 第9项, 第14项.

    Examples
    --------
    >>> from greenland.park import read_example
    >>> result = evaluate(read_example())
    >>> result.year, len(result.measures) > 0
    (2026, True)
    """
    facts = park_facts(park, if_evaluated(review), if_evaluated(stock))
    given = (if_evaluated(stock), if_evaluated(per_mu), if_evaluated(standard_land))
    if facts.empty and all(item is None for item in given):
        return NotEvaluated(_("没有年度指标，也没有可用的评价结果。"))
    tier = park_tier(facts, park.rulebook)
    measures, undecided = park_measures(facts, park.rulebook, park.tables["pipeline"])
    next_quota = quota(facts, park.rulebook)
    rows = [
        *measures,
        *ranking_measures(facts, park.rulebook),
        *class_measures(if_evaluated(per_mu), park.rulebook),
        *parcel_measures(
            park.tables["parcels"], if_evaluated(stock), if_evaluated(standard_land), park.rulebook
        ),
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
