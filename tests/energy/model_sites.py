"""Small sites the tests of the sizing share."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.problem.costs import objective_costs
from greenland.energy.problem.data import Ceiling, ModelData
from greenland.energy.problem.maintenance import cut_of
from greenland.energy.problem.stopping import FAMILIES, may_stop
from greenland.energy.site import Grid, Limits, Site, Source, Storage
from greenland.energy.sizing.exclusive import tightened, within


def index(steps: int, freq: str = "h", start: str = "2025-06-01") -> pd.DatetimeIndex:
    return pd.date_range(start, periods=steps, freq=freq)


def site(steps: int = 48, seed: int = 1, **fields: Any) -> Site:
    """PV, wind and a battery for a load of about 50 MW, invented, the same for the same seed."""
    rng = np.random.default_rng(seed)
    hour = np.arange(steps) % 24
    times = index(steps)
    load = pd.Series(50 + 15 * np.sin(hour / 24 * 2 * np.pi) + rng.normal(0, 2, steps), times)
    pv = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, 1) * rng.uniform(0.3, 0.7, steps)
    wind = np.clip(
        0.35 + 0.3 * np.sin(np.arange(steps) / 7 + seed) * rng.uniform(0, 1, steps), 0, 1
    )
    night = (hour >= 18) | (hour < 8)
    buy = pd.Series(np.where(night, 0.36, 0.24), times)
    defaults: dict[str, Any] = {
        "sources": (
            Source("pv", pv, capex=3000, opex=60, lifetime=25),
            Source("wind", wind, capex=7200, opex=90, lifetime=20, max_mw=300),
        ),
        "storages": (
            Storage(
                "battery",
                power_capex=300,
                energy_capex=700,
                lifetime=12,
                charge_efficiency=0.93,
                discharge_efficiency=0.93,
                depth_of_discharge=0.85,
            ),
        ),
        "grid": Grid(capacity_mw=80, import_price=buy, export_price=0.08),
        "limits": Limits(
            min_self_use_of_generation=0.60,
            min_self_use_of_consumption=0.30,
            max_export_share=0.20,
        ),
        "discount_rate": 0.07,
    }
    return Site(load=load, **(defaults | fields))


def with_every_cut(data: ModelData) -> ModelData:
    """The numbers of a site with every row that makes plans exclusive, where it has room for one.

    Capacities are held below the largest load, binary variables stand in every second step.
    """
    stores = len(data.storage_power)
    for family in ("capacity", "storage_power"):
        count = len(data.capacities[family])
        data = within(data, family, [0.0] * count, [float(data.load.max())] * count)
    costs = objective_costs(data)
    data = tightened(data, costs)
    every = np.arange(0, data.steps, 2)
    open_ = (data.import_most[every] > 0) & (data.export_cap[every] > 0)
    return replace(
        data,
        exchange_cut=np.ones(data.steps, dtype=bool),
        storage_cut=np.ones((stores, data.steps), dtype=bool),
        importing=every[open_],
        charging=(every,) * stores,
        ceiling=Ceiling(costs.by_family, 5000.0),
        deciding_runs=all(
            np.isfinite(data.capacities[FAMILIES[family]][row].upper)
            for family, row, _item in may_stop(data)
        ),
        window_cuts=tuple(
            cut
            for number in range(len(data.windows))
            if (cut := cut_of(data, number, data.load)) is not None
        ),
    )
