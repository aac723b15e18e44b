"""What the console and notebooks show of a result of the land programme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.i18n import N_, _
from greenland.results import STATE_LABELS, State
from greenland.summary import Summary, counts, listed, percent, quantity

if TYPE_CHECKING:
    from greenland.land.admission import AdmissionResult
    from greenland.land.exit import ExitResult
    from greenland.land.geometry import GeometryResult
    from greenland.land.per_mu import PerMuResult
    from greenland.land.policy import PolicyResult
    from greenland.land.reallocate import ReallocationResult
    from greenland.land.review import ReviewResult
    from greenland.land.standard_land import StandardLandResult
    from greenland.land.stock import StockResult

_LEDGERS = {"unsupplied": N_("批而未供"), "idle": N_("闲置"), "inefficient": N_("低效")}
_ZONE_TYPES = {
    "industrial": N_("工业主导型"),
    "city_industry": N_("产城融合型"),
    "other": N_("其他类型"),
}
_CLASSES = {"A": "A", "B": "B", "C": "C", "D": "D", "exempt": N_("不参评")}


def _tally(codes: pd.Series, labels: Mapping[Any, str]) -> str:
    """How many there are of each code, in the order of the labels."""
    found = codes.astype(str).value_counts()
    return counts((_(text), int(found.get(str(code), 0))) for code, text in labels.items())


def _parcels(row: Mapping[Any, Any]) -> str:
    """A number of parcels with their area [亩]."""
    return _(
        "{count} 宗，{area}",
        count=int(row["parcels"]),
        area=quantity(float(row["area_mu"]), _("亩")),
    )


def standard_land(result: StandardLandResult) -> Summary:
    """Share of land sold as standard land, and the parcels by state."""
    share = result.share.share
    head = _(
        "{year} 年度，“标准地”出让比例 {share}",
        year=result.year,
        share=percent(share["standard_land_share"]),
    )
    return Summary(
        head,
        (
            (_("考核状态"), _(STATE_LABELS[State(share["state"])])),
            (_("工业用地宗地"), str(len(result.parcels))),
            (_("指标核对"), _tally(result.checks["state"], STATE_LABELS)),
            (_("违约处理"), str(len(result.breaches))),
        ),
    )


def per_mu(result: PerMuResult) -> Summary:
    """Tax per mu of the park, and the firms by class."""
    head = _(
        "{year} 年度，亩均税收 {tax}",
        year=result.year,
        tax=quantity(result.park["tax_per_mu"], _("万元/亩")),
    )
    return Summary(
        head,
        (
            (_("企业"), str(len(result.firms))),
            (_("分类"), _tally(result.firms["class"], _CLASSES)),
            (_("亩均营业收入"), quantity(result.park["revenue_per_mu"], _("万元/亩"))),
        ),
    )


def review(result: ReviewResult) -> Summary:
    """Score of the zone, last year's, and its type."""
    score = quantity(result.land_intensity_score, _("分"))
    lines = [
        (_("上年"), quantity(result.previous_score, _("分"))),
        (_("园区类型"), _(_ZONE_TYPES[result.zone_type])),
        (_("指标"), str(len(result.indicators))),
    ]
    if result.score_reason:
        lines.insert(0, (_("说明"), result.score_reason))
    return Summary(
        _("{year} 年度，集约利用度 {score}", year=result.year, score=score), tuple(lines)
    )


def stock(result: StockResult) -> Summary:
    """Parcels and area of each ledger."""
    rows = result.totals.set_index("ledger").to_dict("index")
    lines = [(_(text), _parcels(rows[code])) for code, text in _LEDGERS.items() if code in rows]
    return Summary(
        _("截至 {day}", day=result.as_of.isoformat()),
        (*lines, (_("即将闲置"), _("{count} 宗", count=len(result.forecast)))),
    )


def exit_decisions(result: ExitResult) -> Summary:
    """Parcels and area of each decision."""
    from greenland.land.exit import DECISION_LABELS

    rows = result.summary.set_index("decision").to_dict("index")
    lines = [(_(text), _parcels(rows[code])) for code, text in DECISION_LABELS.items()]
    if result.left_out:
        lines.append((_("未计入"), listed(result.left_out)))
    return Summary(_("{count} 宗", count=len(result.parcels)), tuple(lines))


def admission(result: AdmissionResult) -> Summary:
    """Projects by verdict."""
    from greenland.land.admission import VERDICT_LABELS

    return Summary(
        _("{count} 个项目", count=len(result.projects)),
        (
            (_("结论"), _tally(result.projects["verdict"], VERDICT_LABELS)),
            (_("指标核对"), _tally(result.checks["state"], STATE_LABELS)),
        ),
    )


def reallocation(result: ReallocationResult) -> Summary:
    """How far the search went, what it reached, and how many projects got land."""
    from greenland.land.reallocate import REALLOCATION_STATUS_LABELS
    from greenland.land.reallocate.settings import OBJECTIVE_LABELS, ReallocationObjective

    aim = _(OBJECTIVE_LABELS[ReallocationObjective(result.objective_name)])
    return Summary(
        _(REALLOCATION_STATUS_LABELS[result.status]),
        (
            (aim, quantity(result.objective)),
            (_("差距"), percent(result.gap)),
            (
                _("已配置项目"),
                _("{placed}，共 {all}", placed=len(result.assignments), all=len(result.projects)),
            ),
            (_("可供宗地"), str(len(result.parcels))),
        ),
    )


def policy(result: PolicyResult) -> Summary:
    """Tier, next year's quota, and how many measures follow."""
    from greenland.land.policy import TIER_LABELS

    tier = result.tier["tier"]
    return Summary(
        _("{year} 年度，{count} 条措施", year=result.year, count=len(result.measures)),
        (
            (_("园区分档"), _(TIER_LABELS[tier]) if tier else "—"),
            (_("下年度计划指标"), quantity(result.quota["next_ha"], _("公顷"))),
            (_("目标"), _tally(result.targets["state"], STATE_LABELS)),
        ),
    )


def geometry(result: GeometryResult) -> Summary:
    """Parcels drawn, and what does not fit."""
    totals = result.totals
    return Summary(
        _("{drawn} 宗有图形，共 {all} 宗", drawn=totals["drawn"], all=totals["parcels"]),
        (
            (_("面积不符"), _("{count} 宗", count=totals["flagged"])),
            (_("重叠"), _("{count} 处", count=len(result.overlaps))),
            (_("缝隙"), _("{count} 处", count=len(result.gaps))),
        ),
    )
