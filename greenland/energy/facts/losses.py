"""From what wind and sun can give to what is used: where the possible output goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.flows import Flows, flows_of
from greenland.energy.site.identity import Columns

PARTS = ("curtailment", "export", "storage_loss", "self_use")
"""Where possible output goes, in the order it leaves."""


def loss_facts(plan: Plan) -> dict[str, Any]:
    """The ``losses`` part of the energy results: of a year, and by month.

    The parts of every row add up to its possible output: it is the balance of the site's bus with
    what the grid gives taken out on both sides.

    Parameters
    ----------
    plan : Plan
        With a plan.
    """
    site = plan.site
    flows = flows_of(site, Columns(site, plan.schedule))
    index = pd.DatetimeIndex(plan.schedule.index)
    total = dict(_parts(flows, np.ones(len(index)), site.step_hours / site.years))
    per_year = site.step_hours / max(1.0, site.years)
    monthly = [
        {"month": int(month)} | dict(_parts(flows, index.month == month, per_year))
        for month in sorted(set(index.month))
    ]
    return {**total, "monthly": monthly}


def _parts(flows: Flows, chosen: Any, hours: float) -> Iterator[tuple[str, float]]:
    """Energies of some steps [MWh]."""

    def of(flow: Any) -> float:
        return float((flow * chosen).sum()) * hours

    green_charge = flows.charged - flows.grid_charged
    green_discharge = flows.discharged - flows.grid_discharged
    yield "possible", of(flows.available)
    yield "curtailment", of(flows.curtailed)
    yield "export", of(flows.exported)
    yield "storage_loss", of(green_charge - green_discharge)
    yield "self_use", of(flows.self_use)
