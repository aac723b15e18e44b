"""Checks of standard land by parcel, by state and by indicator."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pandas as pd

from greenland.i18n import _
from greenland.land.indicators import INDICATOR_LABELS
from greenland.land.reasons import reasons
from greenland.land.standard_land.stages import STAGE_DATES, stage
from greenland.land.standard_land.values import JUDGED
from greenland.results import STATE_LABELS, State

# A parcel's state is the first of these that any of its indicators is in.
_WORST_FIRST = (
    State.FAILED,
    State.OVERDUE,
    State.NO_DATA,
    State.NOT_DUE,
    State.MET,
    State.NOT_APPLICABLE,
)


def by_parcel(checks: pd.DataFrame, column: str = "state") -> pd.DataFrame:
    """One row per judged parcel, one column per indicator; the checks are in that order."""
    rows = checks["row"].to_numpy()[:: len(JUDGED)]
    values = checks[column].to_numpy(object).reshape(-1, len(JUDGED))
    return pd.DataFrame(values, index=pd.Index(rows, name="row"), columns=list(JUDGED))


def parcel_table(
    parcels: pd.DataFrame,
    judged: pd.Series[bool],
    checks: pd.DataFrame,
    as_of: pd.Timestamp,
    *,
    wrong: Collection[int] = (),
) -> pd.DataFrame:
    """One state per parcel: the worst of its indicators, and which ones those are.

    Parameters
    ----------
    wrong : collection of int
        Rows with figures that are wrong and not used: without a date their stage is not known.
    """
    table = parcels[["parcel_id", "holder_id", "holder_name", "area_mu"]].copy()
    table["standard_land"] = judged
    undated = parcels[list(STAGE_DATES)].isna().all(axis=1) & parcels.index.isin(list(wrong))
    table["stage"] = stage(parcels, as_of).mask(undated, None)
    table["state"] = pd.Series(str(State.NOT_APPLICABLE), index=table.index, dtype=object)
    table["reason"] = _not_judged_reason(parcels, judged)
    wide = by_parcel(checks)
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
    names = reasons(hit.index, flags)
    texts = {
        what: _("{state}：{what}", state=_(STATE_LABELS[state]), what=what)
        for what in names.unique().tolist()
    }
    return names.map(texts).astype(object)


def _not_judged_reason(parcels: pd.DataFrame, judged: pd.Series[bool]) -> pd.Series[Any]:
    promised = parcels[[f"promised_{name}" for name in JUDGED]].notna().any(axis=1)
    unmarked = parcels["standard_land"].isna()
    flags = {
        _("不是标准地"): ~judged & ~promised & ~unmarked,
        _("台账注明不是标准地，但填有承诺指标，未判定"): ~judged & promised & ~unmarked,
        _("未注明是否标准地，也没有承诺指标"): ~judged & unmarked,
    }
    return reasons(parcels.index, {text: flag.to_numpy(bool) for text, flag in flags.items()})


def summary_by_state(parcels: pd.DataFrame) -> pd.DataFrame:
    """Parcels of standard land and their area [亩] by state, worst first."""
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


def counts_by_indicator(checks: pd.DataFrame) -> pd.DataFrame:
    """Parcels in each state, by indicator."""
    wide = by_parcel(checks)
    counts = pd.DataFrame({str(state): (wide == str(state)).sum() for state in State})
    return counts.reset_index(names="indicator")
