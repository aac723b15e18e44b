"""What the sized direct-supply plan would give, from its schedule of a year."""

from __future__ import annotations

import numpy as np
import pandas as pd

from greenland.energy.money.project import metered
from greenland.energy.outlook import PowerSource
from greenland.energy.outlook.inputs import MONTHS, PARK
from greenland.energy.result import EnergyResult
from greenland.i18n import _


def plan_source(energy: EnergyResult | None, low_day: float) -> PowerSource | None:
    """The plan as a source of the park; None where there is none or it covers no year.

    Parameters
    ----------
    energy : EnergyResult, optional
    low_day : float
        Share of the days of a month on which it gives less than what is counted on.
    """
    if energy is None or not energy.plan.status.has_plan:
        return None
    schedule = metered(energy.plan.site, energy.plan.schedule)
    load = schedule["load"]
    given = (load - schedule["import"]).clip(lower=0.0)
    index = pd.DatetimeIndex(given.index)
    hours = (index[1] - index[0]) / pd.Timedelta(hours=1)
    if len(set(index.month)) < MONTHS:
        return None
    mwh = given.groupby(index.month).sum() * hours
    at_peak = given.loc[load.groupby(index.normalize()).idxmax()]
    days = pd.DatetimeIndex(at_peak.index).month
    firm = at_peak.groupby(days).quantile(low_day)
    name = _("绿电直连测算方案（{name}）", name=energy.loaded.case.name or _("园区"))
    return PowerSource("plan", name, PARK, mwh.to_numpy(dtype=float), np.asarray(firm, dtype=float))
