"""Verdicts on standard land: what is required, when it falls due, whether it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import N_, _
from greenland.land.indicators import PHYSICAL, physical_indicators
from greenland.land.limits import within
from greenland.land.standard_land.control import GREATEST, constant, control_values
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
    notice: pd.Series


def _requirement(
    parcels: pd.DataFrame, indicator: str, control: pd.DataFrame | None, policy: str
) -> _Requirement:
    """What an indicator has to reach, and whether the contract or the control value says so."""
    contract = parcels[f"promised_{indicator}"]
    blank = pd.Series(np.nan, index=parcels.index, dtype="float64")
    limit = control["required"] if control is not None else blank
    if policy == "stricter":
        softer = contract.notna() & ~within(contract, limit, indicator in GREATEST)
        by_control = limit.notna() & (contract.isna() | softer)
    elif policy == "control":
        by_control = limit.notna()
    else:
        by_control = limit.notna() & contract.isna()
    by = by_control.to_numpy(bool)
    required = pd.Series(np.where(by, limit, contract), index=parcels.index)
    blank_there = np.isnan(required.to_numpy())

    def chosen(values: Any, where: np.ndarray) -> pd.Series:
        return pd.Series(np.where(where, values, None), index=parcels.index, dtype=object)

    def said(column: str, where: np.ndarray) -> pd.Series:
        """What the control values say in a column, nothing where it does not count."""
        if control is None or column not in control:
            return chosen(None, where)
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
    reason = reason.mask(free, stated)
    return reason.where(reason.notna(), need.notice)


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
            _check(chosen, indicator, values[indicator], why[indicator], need, when, dates[when])
        )
    stacked = pd.concat(frames, ignore_index=True)
    order = np.arange(len(stacked)).reshape(len(JUDGED), len(chosen)).T.ravel()
    return stacked.iloc[order].reset_index(drop=True)
