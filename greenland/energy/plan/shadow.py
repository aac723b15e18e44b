"""Shadow prices: what one unit more of each binding limit is worth."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.problem.data import ModelData
from greenland.energy.problem.solution import RawSolution
from greenland.energy.site import Array


def shadow_prices(data: ModelData, raw: RawSolution) -> pd.Series:
    """Worth of one unit more of every binding limit [yuan/yr], see `Plan.shadow_prices`."""
    found: dict[str, float] = {}
    for limit, (scale, rows) in _row_scales(data, raw).items():
        found[limit] = float(np.sum(np.abs(rows) * scale)) * 1000
    for family, assets in data.capacities.items():
        limit = {"storage_energy": "max_mwh", "grid_capacity": family}.get(family, "max_mw")
        costs = raw.reduced_costs.get(family, np.zeros(len(assets)))
        for item, cost in zip(assets, costs, strict=True):
            if item.upper > item.lower:
                name = limit if limit == "grid_capacity" else f"{limit}:{item.name}"
                found[name] = max(0.0, -1000 * float(cost))
    for direction in ("import_cap", "export_cap"):
        costs = raw.reduced_costs.get(direction, np.zeros(0))
        if len(costs):
            found["grid_capacity"] = found.get("grid_capacity", 0.0) - 1000 * float(costs[0])
    series = pd.Series(found, dtype=float, name="shadow_price") / data.running_factor
    worth_showing = 1e-6 * max(1.0, abs(raw.objective))
    return series[series > worth_showing]


def _row_scales(data: ModelData, raw: RawSolution) -> dict[str, tuple[Any, Array]]:
    """For every annual family: what one unit of its limit moves the right-hand side by."""
    made = np.bincount(
        data.block,
        data.step_hours * (raw.values["capacity"] @ data.pu) if len(data.pu) else data.load * 0,
        minlength=data.blocks,
    )
    used = np.bincount(data.block, data.step_hours * _consumption(data, raw), data.blocks)
    firm = np.bincount(data.block, data.step_hours * data.load, data.blocks)
    scales = {
        "self_use_of_generation": made / 100,
        "self_use_of_generation_net": made / 100,
        "self_use_of_consumption": used / 100,
        "export_share": made / 100,
        "curtailment_share": made / 100,
        "unserved_share": firm / 100,
        "co2": data.block_years,
        "land": 1.0,
        "roof": 1.0,
        "budget": 10.0,
    }
    duals = raw.row_duals
    return {name: (scale, duals[name]) for name, scale in scales.items() if name in duals}


def _consumption(data: ModelData, raw: RawSolution) -> Array:
    total = data.load.copy()
    for family, sign in (("shift_load", 1.0), ("electrolyser_load", 1.0), ("interrupted", -1.0)):
        if family in raw.values:
            total += sign * raw.values[family].sum(axis=0)
    return total - raw.values.get("unserved", np.zeros(data.steps))
