"""Parcels that become idle within the months ahead."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pandas as pd

from greenland.i18n import _
from greenland.land.reasons import reasons
from greenland.land.stock.idle_time import IdleDefinition, idle_rule_ids, idle_time, supplied_by

if TYPE_CHECKING:
    from greenland.rules import Rulebook


def forecast(parcels: pd.DataFrame, rules: Rulebook, day: dt.date) -> pd.DataFrame:
    """What becomes idle within the months ahead if nothing happens, soonest first."""
    table = supplied_by(parcels, day)
    clock = idle_time(table, rules, day)
    last = pd.Timestamp(day) + pd.DateOffset(months=int(rules.number("land.stock.forecast_months")))
    hit = (clock.idle_on > pd.Timestamp(day)) & (clock.idle_on <= last)
    ahead = table[hit]
    waiting = (clock.definition[hit] == IdleDefinition.NOT_STARTED).to_numpy(bool)
    return pd.DataFrame(
        {
            "parcel_id": ahead["parcel_id"],
            "holder_name": ahead["holder_name"],
            "area_mu": ahead["area_mu"],
            "definition": clock.definition[hit],
            "becomes_idle_on": clock.idle_on[hit],
            "rule_id": idle_rule_ids(clock.definition[hit]),
            "reason": reasons(
                ahead.index,
                {_("到期前仍未动工"): waiting, _("到期前仍未复工且进度不足"): ~waiting},
            ),
        },
        index=ahead.index,
    ).sort_values(["becomes_idle_on", "parcel_id"], kind="stable")
