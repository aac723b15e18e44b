"""批而未供土地: parcels approved for conversion and not supplied yet."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from greenland.i18n import _
from greenland.land.calendar import after, months_of, months_since, on_or_before
from greenland.land.reasons import reasons
from greenland.land.sums import without_area
from greenland.results import State

if TYPE_CHECKING:
    from greenland.rules import Rulebook


def unsupplied(parcels: pd.DataFrame, rules: Rulebook, day: dt.date) -> pd.DataFrame:
    """Ledger of approved-but-unsupplied parcels and when their approval lapses.

    Returns
    -------
    DataFrame
        ``months`` since approval, ``lapse_date``, and ``state``: `overdue` when the approval has
        lapsed on *day*, `not_due` before, `no_data` without an approval date.
    """
    table = parcels[parcels["supply_state"] == "approved_unsupplied"]
    rule = rules.rule("land.stock.unsupplied.lapse_years")
    lapse = after(table["approval_date"], months_of(rules.number(rule.id)))
    known = table["approval_date"].notna()
    later = known & ~on_or_before(table["approval_date"], day)
    lapsed = on_or_before(lapse, day)
    state = np.select(
        [~known, later, lapsed],
        [State.NO_DATA, State.NOT_APPLICABLE, State.OVERDUE],
        State.NOT_DUE,
    )
    months = months_since(table["approval_date"], day).where(~later)
    return pd.DataFrame(
        {
            "parcel_id": table["parcel_id"],
            "area_mu": table["area_mu"],
            "approval_date": table["approval_date"],
            "months": months,
            "lapse_date": lapse,
            "state": state,
            "rule_id": rule.id,
            "reason": reasons(
                table.index,
                {
                    _("缺少农转用批准日期"): (~known).to_numpy(),
                    _("批准日期晚于评价日期"): later.to_numpy(),
                    _("批准文件已满有效期，未用地或未实施征地的自动失效"): lapsed.to_numpy(),
                    _("缺少宗地面积"): without_area(table).to_numpy(),
                },
            ),
        },
        index=table.index,
    )
