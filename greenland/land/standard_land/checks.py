"""Verdicts on standard land: what is required, when it falls due, whether it is kept."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from greenland.i18n import N_, _
from greenland.land.indicators import PHYSICAL, physical_indicators
from greenland.land.limits import within
from greenland.land.standard_land.control import GREATEST, control_values
from greenland.land.standard_land.values import JUDGED, operating_values, physical_reasons
from greenland.results import State
from greenland.rules import Rulebook


class CheckStage(StrEnum):
    """Stage at which an indicator is judged."""

    COMPLETION = "completion"
    PRODUCTION = "production"


CHECK_STAGE_LABELS = {
    CheckStage.COMPLETION: N_("竣工验收"),
    CheckStage.PRODUCTION: N_("达产复核"),
}


Flags: TypeAlias = npt.NDArray[np.bool_]
Objects: TypeAlias = npt.NDArray[Any]
Numbers: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Dates:
    """When an indicator falls due, and whether its stage is reached, late or unknown."""

    due: pd.Series
    done: Flags
    late: Flags
    waiting: Flags
    done_late: Flags


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
        done = (event <= as_of).to_numpy(bool)
        found[name] = _Dates(
            due=due,
            done=done,
            late=~done & (due < as_of).to_numpy(bool),
            waiting=~done & (due >= as_of).to_numpy(bool),
            done_late=done & (event > due).to_numpy(bool),
        )
    # production comes after completion: while that is not due, neither is this
    completion, production = found[CheckStage.COMPLETION], found[CheckStage.PRODUCTION]
    follows = ~production.done & production.due.isna().to_numpy(bool) & completion.waiting
    found[CheckStage.PRODUCTION] = replace(production, waiting=production.waiting | follows)
    return found


@dataclass(frozen=True)
class _Requirement:
    required: Numbers
    basis: Objects
    rule_id: Objects
    contract: Numbers
    control: Numbers
    reason: Objects
    notice: Objects


def _requirement(
    parcels: pd.DataFrame, indicator: str, control: pd.DataFrame | None, policy: str
) -> _Requirement:
    """What an indicator has to reach, and whether the contract or the control value says so."""
    contract: Numbers = parcels[f"promised_{indicator}"].to_numpy("float64")
    blank = np.full(len(parcels), np.nan)
    limit: Numbers = control["required"].to_numpy("float64") if control is not None else blank
    unpromised, limited = np.isnan(contract), ~np.isnan(limit)
    if policy == "stricter":
        softer = ~unpromised & ~within(contract, limit, indicator in GREATEST)
        by = limited & (unpromised | softer)
    elif policy == "control":
        by = limited
    else:
        by = limited & unpromised
    required = np.where(by, limit, contract)
    blank_there = np.isnan(required)

    def chosen(values: Objects, where: Flags) -> Objects:
        found = np.full(len(where), None, dtype=object)
        found[where] = values[where]
        return found

    def said(column: str, where: Flags) -> Objects:
        """What the control values say in a column, nothing where it does not count."""
        if control is None or column not in control:
            return np.full(len(where), None, dtype=object)
        return chosen(control[column].to_numpy(object), where)

    return _Requirement(
        required=required,
        basis=chosen(np.where(by, "control", "contract").astype(object), ~blank_there),
        rule_id=said("rule_id", by),
        contract=contract,
        control=limit,
        reason=said("reason", blank_there),
        notice=said("notice", by),
    )


def _check(
    parcels: pd.DataFrame,
    indicator: str,
    value: Numbers,
    why: Objects,
    need: _Requirement,
    when: CheckStage,
    dates: _Dates,
) -> pd.DataFrame:
    """Judge one indicator on every parcel."""
    greatest = indicator in GREATEST
    with np.errstate(invalid="ignore", over="ignore"):
        kept = within(value, need.required, greatest)
        margin = need.required - value if greatest else value - need.required
    cases = [
        (np.isnan(need.required), State.NOT_APPLICABLE),
        (dates.late, State.OVERDUE),
        (dates.waiting, State.NOT_DUE),
        (~dates.done, State.NO_DATA),
        (np.isnan(value), State.NO_DATA),
        (kept, State.MET),
    ]
    state = np.select(
        [mask for mask, _state in cases],
        [str(name) for _mask, name in cases],
        default=str(State.FAILED),
    )
    return pd.DataFrame(
        {
            "row": parcels.index,
            "parcel_id": parcels["parcel_id"].to_numpy(object),
            "indicator": indicator,
            "value": value,
            "required": need.required,
            "direction": "<=" if greatest else ">=",
            "margin": margin,
            "state": state.astype(object),
            "stage": str(when),
            "due_date": dates.due.to_numpy(),
            "basis": need.basis,
            "rule_id": need.rule_id,
            "contract_required": need.contract,
            "control_required": need.control,
            "reason": _check_reason(why, need, when, dates),
        }
    )


def _check_reason(why: Objects, need: _Requirement, when: CheckStage, dates: _Dates) -> Objects:
    """Why an indicator stands as it does, in the order the state was decided."""
    unpromised = _("合同未约定该指标，也没有控制值")
    undue = {
        CheckStage.COMPLETION: _("没有约定竣工日期，也没有竣工验收日期"),
        CheckStage.PRODUCTION: _("没有约定达产日期，也没有达产复核日期"),
    }[when]
    stage = _(CHECK_STAGE_LABELS[when])
    reason = why.copy()
    reason[~(dates.done | dates.late | dates.waiting)] = undue
    reason[dates.late] = _("已过约定日期，尚未完成{stage}", stage=stage)
    reason[dates.waiting] = None
    reason[dates.done_late & pd.isna(reason)] = _("{stage}晚于约定日期", stage=stage)
    free = np.isnan(need.required)
    reason[free] = need.reason[free]
    reason[free & pd.isna(reason)] = unpromised
    return np.where(pd.isna(reason), need.notice, reason)


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
    why = pd.concat([physical_reasons(chosen), operating_why.loc[chosen.index]], axis=1)
    frames = []
    for indicator in JUDGED:
        when = CheckStage.COMPLETION if indicator in PHYSICAL else CheckStage.PRODUCTION
        need = _requirement(chosen, indicator, controls.get(indicator), policy)
        frames.append(
            _check(
                chosen,
                indicator,
                values[indicator].to_numpy("float64"),
                why[indicator].to_numpy(object),
                need,
                when,
                dates[when],
            )
        )
    stacked = pd.concat(frames, ignore_index=True)
    order = np.arange(len(stacked)).reshape(len(JUDGED), len(chosen)).T.ravel()
    return stacked.iloc[order].reset_index(drop=True)
