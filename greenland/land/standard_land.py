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
from greenland.land.indicators import (
    INDICATOR_LABELS,
    PHYSICAL,
    QUOTIENTS,
    firm_indicators,
    lacking,
    physical_indicators,
    reasons,
)
from greenland.land.standard_land_control import GREATEST, constant, control_values
from greenland.land.standard_land_share import (
    INDUSTRIAL,
    StandardLandShare,
    standard_land_share,
)
from greenland.results import STATE_LABELS, NotEvaluated, State, records
from greenland.rules import Rulebook

if TYPE_CHECKING:
    from greenland.park import Park

OPERATING = (
    "tax_per_mu",
    "output_per_mu",
    "value_added_per_tce",
    "value_added_per_emission",
    "rd_intensity",
)
JUDGED = (*PHYSICAL, *OPERATING)
TOLERANCE = 1e-9  # relative; rounding of unit conversions must not decide a verdict


class Stage(StrEnum):
    """How far a parcel of standard land has come."""

    SUPPLIED = "supplied"
    CONSTRUCTION = "construction"
    PRODUCTION = "production"
    SUPERVISION = "supervision"


STAGE_LABELS = {
    Stage.SUPPLIED: N_("按标出让，尚未开工"),
    Stage.CONSTRUCTION: N_("按标施建"),
    Stage.PRODUCTION: N_("已竣工验收，待达产复核"),
    Stage.SUPERVISION: N_("已达产复核，日常监督"),
}


class CheckStage(StrEnum):
    """Stage at which an indicator is judged."""

    COMPLETION = "completion"
    PRODUCTION = "production"


CHECK_STAGE_LABELS = {
    CheckStage.COMPLETION: N_("竣工验收"),
    CheckStage.PRODUCTION: N_("达产复核"),
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


@dataclass(frozen=True)
class StandardLandResult:
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
        (parcels["actual_completion_date"] <= as_of, Stage.PRODUCTION),
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


def holder_of(firms: pd.DataFrame, holders: pd.Index) -> pd.Series[str]:
    """Holder on whose land each firm works: itself where it holds land, else its landlord."""
    own = firms["firm_id"].isin(holders) | firms["landlord_id"].isna()
    return firms["firm_id"].where(own, firms["landlord_id"]).rename("holder_id")


def _in_use(parcels: pd.DataFrame, as_of: pd.Timestamp) -> pd.Series[bool]:
    """Supplied industrial land that is not still under construction within its agreed time."""
    building = parcels["actual_completion_date"].isna() & (
        parcels["agreed_completion_date"] > as_of
    )
    return parcels["supply_state"].eq("supplied") & parcels["land_use"].isin(INDUSTRIAL) & ~building


def _parts() -> set[str]:
    quotients = [QUOTIENTS[name] for name in OPERATING]
    return {part for item in quotients for part in (item.numerator, item.denominator)}


def holder_figures(
    parcels: pd.DataFrame, firms: pd.DataFrame, year: int, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Figures of a year by holder of land, tenants' figures added to their landlord's.

    Parameters
    ----------
    parcels, firms : DataFrame
        The 宗地台账 and 企业效益 sheets.
    year : int
        Year of the figures.
    as_of : Timestamp
        Parcels still within their time for construction on this day do not count as land.

    Returns
    -------
    DataFrame
        By ``holder_id``: the sums, missing where any part is missing, and ``land_mu`` [亩].
    """
    held = parcels.dropna(subset=["holder_id"])
    land = held[_in_use(held, as_of)].groupby("holder_id")["area_mu"].sum()
    names = sorted(_parts() - {"land_mu"})
    now = firms[firms["year"].eq(year).fillna(False).astype(bool)]
    holder = holder_of(now, pd.Index(held["holder_id"].unique()))
    grouped = now[names].groupby(holder)
    sums = grouped.sum()
    sums[grouped.count().lt(grouped.size(), axis=0)] = np.nan
    return sums.join(land.rename("land_mu"), how="left")


def operating_values(
    parcels: pd.DataFrame, firms: pd.DataFrame, year: int, as_of: pd.Timestamp
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Operating indicators of each parcel: its holder's figures over all the holder's land.

    Returns
    -------
    values, why : DataFrame
        One column per indicator of `OPERATING` on the index of *parcels*; *why* says what is
        missing where a value is.
    """
    figures = holder_figures(parcels, firms, year, as_of)
    values = firm_indicators(figures, OPERATING)
    holder = parcels["holder_id"]
    no_holder = holder.isna().to_numpy(bool)
    no_figures = (~holder.isin(figures.index)).to_numpy(bool) & ~no_holder
    absent = reasons(
        parcels.index,
        {
            _("宗地没有填写使用权人代码"): no_holder,
            _("企业效益表没有使用权人{year}年的数据", year=year): no_figures,
        },
    )
    why = {}
    for name in OPERATING:
        parts = QUOTIENTS[name]
        said = lacking(
            {part: figures[part] for part in (parts.numerator, parts.denominator)},
            positive=[parts.denominator],
        )
        why[name] = absent.where(absent.notna(), holder.map(said.to_dict()))
    spread = values.reindex(holder.to_numpy()).set_axis(parcels.index)
    return spread, pd.DataFrame(why, index=parcels.index).astype(object)


def _physical_reasons(parcels: pd.DataFrame) -> pd.DataFrame:
    area = parcels["area_mu"]

    def said(*names: str) -> pd.Series[Any]:
        return lacking({n: parcels[n] for n in (*names, "area_mu")}, positive=["area_mu"])

    by_floor = parcels["admin_land_m2"].isna() & parcels["admin_floor_m2"].notna()
    by_floor_reason = lacking(
        {"floor_area_m2": parcels["floor_area_m2"]}, positive=["floor_area_m2"]
    )
    why = {
        "investment_intensity": said("fixed_investment_wan"),
        "floor_area_ratio": said("floor_area_m2"),
        "building_coefficient": said("building_base_m2"),
        "green_ratio": said("green_m2"),
        "admin_land_share": by_floor_reason.where(by_floor, said("admin_land_m2")),
    }
    return pd.DataFrame(why, index=area.index).astype(object)


@dataclass(frozen=True)
class _Dates:
    """When an indicator falls due, and whether its stage is reached, late or unknown."""

    due: pd.Series
    done: pd.Series[bool]
    late: pd.Series[bool]
    waiting: pd.Series[bool]
    done_late: pd.Series[bool]


def _dates(parcels: pd.DataFrame, as_of: pd.Timestamp) -> dict[CheckStage, _Dates]:
    found = {}
    reviewed = parcels["production_review_date"]
    events = {
        CheckStage.COMPLETION: (
            parcels["actual_completion_date"].fillna(reviewed),
            parcels["agreed_completion_date"],
        ),
        CheckStage.PRODUCTION: (reviewed, parcels["agreed_production_date"]),
    }
    for name, (event, due) in events.items():
        done = event <= as_of
        found[name] = _Dates(
            due=due,
            done=done,
            late=~done & (due < as_of),
            waiting=~done & (due >= as_of),
            done_late=done & (event > due),
        )
    # production comes after completion: while that is not due, neither is this
    completion, production = found[CheckStage.COMPLETION], found[CheckStage.PRODUCTION]
    follows = ~production.done & production.due.isna() & completion.waiting
    found[CheckStage.PRODUCTION] = _Dates(
        production.due,
        production.done,
        production.late,
        production.waiting | follows,
        production.done_late,
    )
    return found


@dataclass(frozen=True)
class _Requirement:
    required: pd.Series[float]
    basis: pd.Series
    rule_id: pd.Series
    contract: pd.Series[float]
    control: pd.Series[float]
    reason: pd.Series


def _requirement(
    parcels: pd.DataFrame, indicator: str, control: pd.DataFrame | None, policy: str
) -> _Requirement:
    """What an indicator has to reach, and whether the contract or the control value says so."""
    contract = parcels[f"promised_{indicator}"]
    blank = pd.Series(np.nan, index=parcels.index, dtype="float64")
    limit = control["required"] if control is not None else blank
    if policy == "stricter":
        softer = contract > limit if indicator in GREATEST else contract < limit
        by_control = limit.notna() & (contract.isna() | softer)
    elif policy == "control":
        by_control = limit.notna()
    else:
        by_control = limit.notna() & contract.isna()
    required = contract.where(~by_control, limit)
    basis = pd.Series("contract", index=parcels.index, dtype=object)
    basis = basis.mask(by_control, "control").where(required.notna(), None)
    none = pd.Series(None, index=parcels.index, dtype=object)
    rule_id = control["rule_id"].where(by_control, None) if control is not None else none
    reason = control["reason"].where(required.isna(), None) if control is not None else none
    return _Requirement(required, basis, rule_id, contract, limit, reason)


def within(value: pd.Series[float], required: pd.Series[float], greatest: bool) -> pd.Series[bool]:
    """Whether a value keeps a limit, equal within rounding counting as kept.

    Parameters
    ----------
    greatest : bool
        The limit is an upper one.
    """
    slack = TOLERANCE * required.abs()
    return value <= required + slack if greatest else value >= required - slack


def _check(
    parcels: pd.DataFrame,
    indicator: str,
    value: pd.Series[float],
    why: pd.Series,
    need: _Requirement,
    when: CheckStage,
    dates: _Dates,
) -> pd.DataFrame:
    """Judge one indicator on every parcel."""
    greatest = indicator in GREATEST
    kept = within(value, need.required, greatest)
    margin = need.required - value if greatest else value - need.required
    free = need.required.isna()
    cases = [
        (free, State.NOT_APPLICABLE),
        (dates.late, State.OVERDUE),
        (dates.waiting, State.NOT_DUE),
        (~dates.done, State.NO_DATA),
        (value.isna(), State.NO_DATA),
        (kept, State.MET),
    ]
    state = np.select(
        [mask.to_numpy(bool) for mask, _state in cases],
        [str(name) for _mask, name in cases],
        default=str(State.FAILED),
    )
    undated = ~(dates.done | dates.late | dates.waiting)
    reason = _check_reason(parcels.index, why, need, when, dates, undated)
    return pd.DataFrame(
        {
            "row": parcels.index,
            "parcel_id": parcels["parcel_id"].to_numpy(object),
            "indicator": indicator,
            "value": value.to_numpy(),
            "required": need.required.to_numpy(),
            "direction": "<=" if greatest else ">=",
            "margin": margin.to_numpy(),
            "state": state.astype(object),
            "stage": str(when),
            "due_date": dates.due.to_numpy(),
            "basis": need.basis.to_numpy(object),
            "rule_id": need.rule_id.to_numpy(object),
            "contract_required": need.contract.to_numpy(),
            "control_required": need.control.to_numpy(),
            "reason": reason.to_numpy(object),
        }
    )


def _check_reason(
    index: pd.Index,
    why: pd.Series,
    need: _Requirement,
    when: CheckStage,
    dates: _Dates,
    undated: pd.Series[bool],
) -> pd.Series[Any]:
    """Why an indicator stands as it does, in the order the state was decided."""
    unpromised = _("合同未约定该指标，也没有控制值")
    undue = {
        CheckStage.COMPLETION: _("没有约定竣工日期，也没有竣工验收日期"),
        CheckStage.PRODUCTION: _("没有约定达产日期，也没有达产复核日期"),
    }[when]
    reason = why.astype(object)
    reason = reason.mask(undated, undue)
    reason = reason.mask(
        dates.late, _("已过约定日期，尚未完成{stage}", stage=_(CHECK_STAGE_LABELS[when]))
    )
    reason = reason.mask(dates.waiting, None)
    late = dates.done_late & reason.isna()
    reason = reason.mask(late, _("{stage}晚于约定日期", stage=_(CHECK_STAGE_LABELS[when])))
    free = need.required.isna()
    stated = need.reason.where(need.reason.notna(), constant(index, unpromised))
    return reason.mask(free, stated)


def judge(
    parcels: pd.DataFrame,
    firms: pd.DataFrame,
    rulebook: Rulebook,
    *,
    year: int,
    as_of: pd.Timestamp,
    judged: pd.Series[bool] | None = None,
) -> pd.DataFrame:
    """Hold every indicator of every judged parcel against what is required of it.

    Parameters
    ----------
    parcels, firms : DataFrame
        The 宗地台账 and 企业效益 sheets.
    year : int
        Year of the firms' figures.
    as_of : Timestamp
        Day that decides what is due.
    judged : Series of bool, optional
        Parcels to judge; all when left out. The others still count as their holder's land.

    Returns
    -------
    DataFrame
        See `StandardLandResult.checks`; ordered as the parcels, then as `JUDGED`.
    """
    chosen = parcels if judged is None else parcels[judged]
    policy = str(rulebook.rule("land.standard_land.requirement").value)
    controls = control_values(chosen, rulebook)
    dates = _dates(chosen, as_of)
    operating, operating_why = operating_values(parcels, firms, year, as_of)
    values = pd.concat([physical_indicators(chosen), operating.loc[chosen.index]], axis=1)
    why = pd.concat([_physical_reasons(chosen), operating_why.loc[chosen.index]], axis=1)
    frames = []
    for indicator in JUDGED:
        when = CheckStage.COMPLETION if indicator in PHYSICAL else CheckStage.PRODUCTION
        need = _requirement(chosen, indicator, controls.get(indicator), policy)
        frames.append(
            _check(chosen, indicator, values[indicator], why[indicator], need, when, dates[when])
        )
    stacked = pd.concat(frames, ignore_index=True)
    order = np.arange(len(stacked)).reshape(len(JUDGED), len(chosen)).T.ravel()
    return stacked.iloc[order].reset_index(drop=True)


def _wide(checks: pd.DataFrame, index: pd.Index) -> pd.DataFrame:
    states = checks["state"].to_numpy(object).reshape(len(index), len(JUDGED))
    return pd.DataFrame(states, index=index, columns=list(JUDGED))


def _parcel_table(
    parcels: pd.DataFrame, judged: pd.Series[bool], checks: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """One state per parcel: the worst of its indicators, and which ones those are."""
    table = parcels[["parcel_id", "holder_id", "holder_name", "area_mu"]].copy()
    table["standard_land"] = judged
    table["stage"] = stage(parcels, as_of)
    table["state"] = pd.Series(str(State.NOT_APPLICABLE), index=table.index, dtype=object)
    table["reason"] = _not_judged_reason(parcels, judged)
    wide = _wide(checks, parcels.index[judged])
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
            "area_mu": grouped.sum(),
            "missing": grouped.size() - grouped.count(),
        }
    )
    summary = summary.reindex(order, fill_value=0).reset_index(names="state")
    return summary.astype({"parcels": "int64", "area_mu": "float64", "missing": "int64"})


def _by_indicator(checks: pd.DataFrame) -> pd.DataFrame:
    counts = pd.crosstab(checks["indicator"], checks["state"])
    counts = counts.reindex(index=list(JUDGED), columns=[str(s) for s in State], fill_value=0)
    counts.columns.name = None
    return counts.reset_index(names="indicator")


def _breaches(checks: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """What follows from failed and overdue indicators, by the rules of the park's packs."""
    failed = checks["state"].eq(str(State.FAILED))
    cases = {
        Measure.NO_PRODUCTION: failed & checks["stage"].eq(str(CheckStage.COMPLETION)),
        Measure.RECTIFY: failed | checks["state"].eq(str(State.OVERDUE)),
    }
    frames = []
    for measure, mask in cases.items():
        rule = rulebook.get(_MEASURE_RULES[measure])
        hits = checks[mask]
        if rule is None or hits.empty:
            continue
        named = pd.crosstab(hits["row"], hits["indicator"]).reindex(
            columns=list(JUDGED), fill_value=0
        )
        flags = {_(INDICATOR_LABELS[name]): named[name].gt(0).to_numpy(bool) for name in JUDGED}
        first = hits.drop_duplicates("row").set_index("row")
        frames.append(
            pd.DataFrame(
                {
                    "row": named.index,
                    "parcel_id": first.loc[named.index, "parcel_id"].to_numpy(object),
                    "measure": str(measure),
                    "rule_id": rule.id,
                    "reason": reasons(named.index, flags).to_numpy(object),
                }
            )
        )
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
