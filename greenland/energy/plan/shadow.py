"""Shadow prices: what one unit more of each binding limit is worth."""

from __future__ import annotations

import numpy as np
import pandas as pd

from greenland.energy.problem.data import ModelData
from greenland.energy.problem.solution import RawSolution
from greenland.energy.site import Array
from greenland.energy.site.limit_kinds import CONNECTION, SITE_LIMITS, LimitKind, LimitQuantity
from greenland.energy.site.limits import LimitRef, limit_ref

WORTH_SHOWING = 1e-6  # relative to the objective: smaller prices are what accuracy leaves of none


def shadow_prices(data: ModelData, raw: RawSolution) -> pd.Series:
    """Worth of one unit more of every binding limit [yuan/yr], see `Plan.shadow_prices`."""
    prices = {
        LimitRef(kind): float(np.sum(np.abs(raw.row_duals[kind.key]) * scale)) * 1000
        for kind, scale in _row_scales(data, raw).items()
        if kind.key in raw.row_duals
    }
    limited = [item.name for item in data.site.generators if item.max_fuel is not None]
    for name, duals in _by_part(limited, raw.row_duals.get("generator_fuel", np.zeros(0))):
        limit = limit_ref("generator_fuel", name)
        worth = float(np.sum(np.abs(duals) * data.block_years))
        prices[limit] = worth * limit.kind.row_per_unit * 1000
    for family, capacities in data.capacities.items():
        reduced_costs = raw.reduced_costs.get(family, np.zeros(len(capacities)))
        for item, cost in zip(capacities, reduced_costs, strict=True):
            if item.lower < item.upper < np.inf:
                prices[_bound(family, item.name)] = max(0.0, -1000 * float(cost))
    connection = LimitRef(CONNECTION)
    for direction in ("import_cap", "export_cap"):
        reduced_costs = raw.reduced_costs.get(direction, np.zeros(0))
        if len(reduced_costs):
            prices[connection] = prices.get(connection, 0.0) - 1000 * float(reduced_costs[0])
    labelled = {str(limit): price for limit, price in prices.items()}
    series = pd.Series(labelled, dtype=float, name="shadow_price") / data.running_factor
    return series[series > WORTH_SHOWING * max(1.0, abs(raw.objective))]


def _by_part(names: list[str], duals: Array) -> list[tuple[str, Array]]:
    """Duals of the rows of each part, which stand part by part."""
    return list(zip(names, np.split(duals, len(names)), strict=True)) if len(duals) else []


def _bound(family: str, owner: str) -> LimitRef:
    """The limit that bounds a decided capacity."""
    if family == CONNECTION.key:
        return LimitRef(CONNECTION)
    bounds = {"storage_energy": "max_mwh", "charge_power": "max_charge_mw"}
    return limit_ref(bounds.get(family, "max_mw"), owner)


def _row_scales(data: ModelData, raw: RawSolution) -> dict[LimitKind, Array]:
    """What one unit of each limit of the site moves the right-hand sides of its rows by.

    A unit of a share is a percentage point, so that its rows move by a hundredth of what it is a
    share of; rows of emissions count for a limit year. A share of the highest exchange has none.
    """
    per_unit = {
        LimitQuantity.OF_GENERATION: _yearly(data, _generation(data, raw)) / 100,
        LimitQuantity.OF_DELIVERED: _yearly(data, _delivered(data, raw)) / 100,
        LimitQuantity.OF_CONSUMPTION: _yearly(data, _consumption(data, raw)) / 100,
        LimitQuantity.OF_LOAD: _yearly(data, data.load) / 100,
        LimitQuantity.EMISSION: data.block_years,
    }
    return {
        kind: per_unit.get(kind.quantity, np.ones(1)) * kind.row_per_unit
        for kind in SITE_LIMITS
        if kind.quantity in per_unit or not kind.is_share
    }


def _yearly(data: ModelData, power: Array) -> Array:
    """Energy of a flow in each limit year [MWh]."""
    energy = np.bincount(data.block, data.step_hours * power, minlength=data.blocks)
    return energy.astype(np.float64)


def _generation(data: ModelData, raw: RawSolution) -> Array:
    made = np.asarray(raw.values["capacity"] @ data.pu) if len(data.pu) else 0 * data.load
    green = list(data.generator_rows(green=True))
    return made + raw.values["generation"][green].sum(axis=0) if green else made


def _delivered(data: ModelData, raw: RawSolution) -> Array:
    """Generation that is not curtailed."""
    generation = _generation(data, raw)
    return np.asarray(generation - raw.values.get("curtailment", np.zeros(data.steps)))


def _consumption(data: ModelData, raw: RawSolution) -> Array:
    total = data.load.copy()
    for family, sign in (("shift_load", 1.0), ("electrolyser_load", 1.0), ("interrupted", -1.0)):
        if family in raw.values:
            total += sign * raw.values[family].sum(axis=0)
    return total - raw.values.get("unserved", np.zeros(data.steps))
