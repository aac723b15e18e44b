"""Evaluate the standard land of a park."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from greenland.i18n import _
from greenland.land.standard_land.breaches import MEASURE_RULES, consequences_of
from greenland.land.standard_land.checks import judge
from greenland.land.standard_land.result import StandardLandResult
from greenland.land.standard_land.share import (
    INDUSTRIAL,
    standard_land_share,
)
from greenland.land.standard_land.stages import is_standard_land
from greenland.land.standard_land.tables import counts_by_indicator, parcel_table, summary_by_state
from greenland.results import NotEvaluated, State

if TYPE_CHECKING:
    from greenland.park import Park


def evaluate(park: Park) -> StandardLandResult | NotEvaluated:
    """Judge the standard land of a park and the share of land sold as such.

    Parameters
    ----------
    park : Park
        As `greenland.read_park` gives it.

    Returns
    -------
    StandardLandResult or NotEvaluated
        The latter when there is neither a supplied industrial parcel nor any supply by year.

    Raises
    ------
    RuleNotFoundError
        If the rule packs in use lack a rule it needs.

    References
    ----------
    楚办发〔2023〕5号 第22、24项; 云南省《进一步发展壮大园区经济行动计划》 第24项;
    《工业项目建设用地控制指标》.

    Examples
    --------
    >>> from greenland.park import read_example
    >>> result = evaluate(read_example())
    >>> 0 < result.share.share["standard_land_share"] < 1
    True
    """
    ledger = park.tables["parcels"]
    as_of = pd.Timestamp(park.as_of)
    marked = is_standard_land(ledger)
    listed = ledger["supply_state"].eq("supplied") & (ledger["land_use"].isin(INDUSTRIAL) | marked)
    if not listed.any() and park.tables["supply_history"].empty:
        return NotEvaluated(_("宗地台账没有已供应的工业用地，历年供地表也没有数据。"))
    judged = marked & listed
    checks = judge(
        ledger,
        park.tables["firms"],
        park.rulebook,
        year=park.year,
        as_of=as_of,
        judged=judged,
    )
    wrong = park.set_aside.get("parcels", frozenset())
    parcels = parcel_table(ledger[listed], judged[listed], checks, as_of, wrong=wrong)
    breaches = consequences_of(checks, park.rulebook)
    broken = checks["state"].isin([str(State.FAILED), str(State.OVERDUE)]).any()
    unruled = all(park.rulebook.get(rule_id) is None for rule_id in MEASURE_RULES.values())
    return StandardLandResult(
        year=park.year,
        checks=checks,
        parcels=parcels,
        summary=summary_by_state(parcels),
        by_indicator=counts_by_indicator(checks),
        breaches=breaches,
        share=standard_land_share(park.tables["supply_history"], ledger, park.year, park.rulebook),
        breaches_reason=_("已启用的规则包没有违约处理的条文") if broken and unruled else None,
    )
