"""Standard land (标准地): promises and control indicators, each judged at its stage.

Physical indicators fall due at completion (竣工验收), operating ones at the review of full
production (达产复核). Before its stage an indicator is not due; a stage that is past its agreed
date and not reached is overdue.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.i18n import N_, Text, _
from greenland.land import summaries
from greenland.land.frames import LandResult
from greenland.land.indicators import INDICATOR_LABELS, reasons
from greenland.land.standard_land.checks import CheckStage, judge
from greenland.land.standard_land.share import (
    INDUSTRIAL,
    StandardLandShare,
    standard_land_share,
)
from greenland.land.standard_land.values import JUDGED
from greenland.results import STATE_LABELS, NotEvaluated, State, records
from greenland.rules import Rulebook
from greenland.summary import Summary

if TYPE_CHECKING:
    from greenland.park import Park


class Stage(StrEnum):
    """How far a parcel of standard land has come."""

    SUPPLIED = "supplied"
    CONSTRUCTION = "construction"
    ACCEPTED = "accepted"
    SUPERVISION = "supervision"


STAGE_LABELS = {
    Stage.SUPPLIED: N_("按标出让，尚未开工"),
    Stage.CONSTRUCTION: N_("按标施建"),
    Stage.ACCEPTED: N_("已竣工验收，待达产复核"),
    Stage.SUPERVISION: N_("已达产复核，日常监督"),
}


class Measure(StrEnum):
    """What follows a breach."""

    NO_PRODUCTION = "no_production"
    RECTIFY = "rectify"


MEASURE_LABELS = {
    Measure.NO_PRODUCTION: N_("不得投入生产"),
    Measure.RECTIFY: N_("责令限期整改，整改不到位的实施联合惩戒"),
}
_MEASURE_RULES = {
    Measure.NO_PRODUCTION: "land.standard_land.completion_check",
    Measure.RECTIFY: "land.standard_land.breach",
}

# A parcel's state is the first of these that any of its indicators is in.
_WORST_FIRST = (
    State.FAILED,
    State.OVERDUE,
    State.NO_DATA,
    State.NOT_DUE,
    State.MET,
    State.NOT_APPLICABLE,
)


@dataclass(frozen=True, repr=False)
class StandardLandResult(LandResult):
    """Compliance of standard land in one year.

    Parameters
    ----------
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
            "notes": [str(note) for note in self.notes],
        }


def stage(parcels: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series[Any]:
    """Stage every parcel has reached on a day, from its dates.

    Parameters
    ----------
    parcels : DataFrame
        With ``actual_start_date``, ``actual_completion_date``, ``production_review_date``.
    as_of : Timestamp

    Returns
    -------
    Series of Stage
    """
    reached = [
        (parcels["production_review_date"] <= as_of, Stage.SUPERVISION),
        (parcels["actual_completion_date"] <= as_of, Stage.ACCEPTED),
        (parcels["actual_start_date"] <= as_of, Stage.CONSTRUCTION),
    ]
    names = np.select(
        [mask.to_numpy(bool) for mask, _name in reached],
        [str(name) for _mask, name in reached],
        default=str(Stage.SUPPLIED),
    )
    return pd.Series(names.astype(object), index=parcels.index, name="stage", dtype=object)


def is_standard_land(parcels: pd.DataFrame) -> pd.Series[bool]:
    """Parcels marked as standard land, or left unmarked but with a promised indicator."""
    promised = parcels[[f"promised_{name}" for name in JUDGED]].notna().any(axis=1)
    marked = parcels["standard_land"]
    return marked.fillna(False).astype(bool) | (marked.isna() & promised)


def _wide(checks: pd.DataFrame, column: str = "state") -> pd.DataFrame:
    """One row per judged parcel, one column per indicator; the checks are in that order."""
    rows = checks["row"].to_numpy()[:: len(JUDGED)]
    values = checks[column].to_numpy(object).reshape(-1, len(JUDGED))
    return pd.DataFrame(values, index=pd.Index(rows, name="row"), columns=list(JUDGED))


def _parcel_table(
    parcels: pd.DataFrame, judged: pd.Series[bool], checks: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """One state per parcel: the worst of its indicators, and which ones those are."""
    table = parcels[["parcel_id", "holder_id", "holder_name", "area_mu"]].copy()
    table["standard_land"] = judged
    table["stage"] = stage(parcels, as_of)
    table["state"] = pd.Series(str(State.NOT_APPLICABLE), index=table.index, dtype=object)
    table["reason"] = _not_judged_reason(parcels, judged)
    wide = _wide(checks)
    remaining = np.ones(len(wide), dtype=bool)
    for state in _WORST_FIRST:
        hit = wide == str(state)
        rows = remaining & hit.any(axis=1).to_numpy(bool)
        remaining &= ~rows
        where = wide.index[rows]
        table.loc[where, "state"] = str(state)
        table.loc[where, "reason"] = _named(hit[rows], state)
    return table


def _named(hit: pd.DataFrame, state: State) -> pd.Series[Any]:
    """The indicators in a state, named; nothing for parcels where all is well."""
    if state in (State.MET, State.NOT_DUE, State.NOT_APPLICABLE):
        return pd.Series(None, index=hit.index, dtype=object)
    flags = {_(INDICATOR_LABELS[name]): hit[name].to_numpy(bool) for name in JUDGED}
    said = reasons(hit.index, flags)
    texts = {
        what: _("{state}：{what}", state=_(STATE_LABELS[state]), what=what)
        for what in said.unique().tolist()
    }
    return said.map(texts).astype(object)


def _not_judged_reason(parcels: pd.DataFrame, judged: pd.Series[bool]) -> pd.Series[Any]:
    promised = parcels[[f"promised_{name}" for name in JUDGED]].notna().any(axis=1)
    unmarked = parcels["standard_land"].isna()
    flags = {
        _("不是标准地"): ~judged & ~promised & ~unmarked,
        _("台账注明不是标准地，但填有承诺指标，未判定"): ~judged & promised & ~unmarked,
        _("未注明是否标准地，也没有承诺指标"): ~judged & unmarked,
    }
    return reasons(parcels.index, {text: flag.to_numpy(bool) for text, flag in flags.items()})


def _summary(parcels: pd.DataFrame) -> pd.DataFrame:
    judged = parcels[parcels["standard_land"]]
    grouped = judged.groupby("state")["area_mu"]
    order = [str(state) for state in _WORST_FIRST]
    summary = pd.DataFrame(
        {
            "parcels": grouped.size(),
            "area_mu": grouped.sum(min_count=1),
            "missing": grouped.size() - grouped.count(),
        }
    )
    summary = summary.reindex(order, fill_value=0).reset_index(names="state")
    return summary.astype({"parcels": "int64", "area_mu": "float64", "missing": "int64"})


def _by_indicator(checks: pd.DataFrame) -> pd.DataFrame:
    wide = _wide(checks)
    counts = pd.DataFrame({str(state): (wide == str(state)).sum() for state in State})
    return counts.reset_index(names="indicator")


def _breaches(checks: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """What follows from failed and overdue indicators, by the rules of the park's packs."""
    states = _wide(checks)
    failed, overdue = states == str(State.FAILED), states == str(State.OVERDUE)
    at_completion = _wide(checks, "stage") == str(CheckStage.COMPLETION)
    cases = {Measure.NO_PRODUCTION: failed & at_completion, Measure.RECTIFY: failed | overdue}
    frames = []
    for measure, wrong in cases.items():
        rule = rulebook.get(_MEASURE_RULES[measure])
        hits = wrong[wrong.any(axis=1)]
        if rule is None or hits.empty:
            continue
        flags = {_(INDICATOR_LABELS[name]): hits[name].to_numpy(bool) for name in JUDGED}
        ids = checks["parcel_id"].to_numpy(object)[:: len(JUDGED)][wrong.any(axis=1).to_numpy()]
        frame = pd.DataFrame({"row": hits.index, "parcel_id": ids, "measure": str(measure)})
        frame["rule_id"] = rule.id
        frame["reason"] = reasons(hits.index, flags).to_numpy(object)
        frames.append(frame)
    if not frames:
        return pd.DataFrame(columns=["row", "parcel_id", "measure", "rule_id", "reason"])
    return pd.concat(frames, ignore_index=True)


def evaluate(park: Park) -> StandardLandResult | NotEvaluated:
    """Judge the standard land of a park and the share of land sold as such.

    Parameters
    ----------
    park : Park

    Returns
    -------
    StandardLandResult, or NotEvaluated when there is neither a supplied industrial parcel nor
    any supply by year.

    References
    ----------
    楚办发〔2023〕5号 第22、24项; 云南省《进一步发展壮大园区经济行动计划》 第24项;
    《工业项目建设用地控制指标》.
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
    parcels = _parcel_table(ledger[listed], judged[listed], checks, as_of)
    breaches = _breaches(checks, park.rulebook)
    wrong = checks["state"].isin([str(State.FAILED), str(State.OVERDUE)]).any()
    unruled = all(park.rulebook.get(rule_id) is None for rule_id in _MEASURE_RULES.values())
    return StandardLandResult(
        year=park.year,
        checks=checks,
        parcels=parcels,
        summary=_summary(parcels),
        by_indicator=_by_indicator(checks),
        breaches=breaches,
        share=standard_land_share(park.tables["supply_history"], ledger, park.year, park.rulebook),
        breaches_reason=_("已启用的规则包没有违约处理的条文") if wrong and unruled else None,
    )
