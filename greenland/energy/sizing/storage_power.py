"""What unbounded powers of storages can be at most in plans up to a cost, and other bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from greenland.energy.problem.costs import Costs, dot
from greenland.energy.problem.data import Ceiling, ModelData
from greenland.energy.problem.solution import RawSolution, Status
from greenland.energy.sizing.exclusive import within

Solve = Callable[[ModelData, Costs], RawSolution]

SUBSIDY = 0.5
"""Share of a storage's price that is paid to find out how much of it plans can have; any is valid,
and half of it leaves a storage that is dear as dear as it takes to stay away."""

MOST_LOADS = 4.0
"""A bound of more largest loads does not help; the program that asks for power may do better."""


def power_within(
    data: ModelData,
    relaxed: ModelData,
    steps: Sequence[NDArray[np.int64]],
    costs: Costs,
    most: float,
    solve: Solve,
) -> ModelData:
    """Bound unbounded powers of storages by what plans up to a cost can have.

    Parameters
    ----------
    data : ModelData
    relaxed : ModelData
        A relaxation of *data*.
    steps : sequence of array
        Of each storage; those without any are left alone.
    costs : Costs
    most : float
        Most a plan may cost, without the constant [thousand yuan/yr].
    solve : callable
        Optimum of a linear program.
    """
    restricted = replace(relaxed, ceiling=Ceiling(costs.by_family, most))
    highs = [item.upper for item in data.storage_power]
    for b, chosen in enumerate(steps):
        if len(chosen) and not np.isfinite(highs[b]):
            highs[b] = by_subsidy(relaxed, b, costs, most, solve)
        if len(chosen) and not np.isfinite(highs[b]):
            unit = np.zeros(len(highs))
            unit[b] = -1.0
            raw = solve(restricted, Costs({"storage_power": unit}))
            if raw.status is Status.OPTIMAL:
                highs[b] = 1.0 + 1.001 * float(raw.values["storage_power"][b])
    return within(data, "storage_power", [item.lower for item in data.storage_power], highs)


def by_subsidy(data: ModelData, b: int, costs: Costs, most: float, solve: Solve) -> float:
    """Most power of a storage [MW] in plans that cost no more than *most*, by a subsidy.

    Whatever costs at most *most* costs, at a power paid in part, no less than the least at that
    price; so what is paid is no more than the difference. The program is one like any other, where
    asking for the most power itself is badly conditioned once plans are nearly alike in cost.
    Infinite where nothing follows that would help.
    """
    paid = np.zeros(len(data.storage_power))
    paid[b] = SUBSIDY * costs.by_family.get("storage_power", paid)[b]
    if paid[b] <= 0.0:
        return float("inf")
    cheaper = Costs(dict(costs.by_family))
    cheaper.add("storage_power", -paid)
    raw = solve(data, cheaper)
    if raw.status is not Status.OPTIMAL:
        return float("inf")
    least = dot(raw.values, cheaper.by_family)
    least -= (raw.gap or 0.0) * abs(least)
    power = 1.0 + 1.001 * max(0.0, most - least) / paid[b]
    return power if power <= MOST_LOADS * (1.0 + float(np.max(data.load))) else float("inf")


def flows_within(data: ModelData, large: float) -> ModelData:
    """Powers of storages, import and export no larger than a number [MW]."""
    for family in ("storage_power", "charge_power"):
        sizes = getattr(data, family)
        lows, highs = [x.lower for x in sizes], [min(x.upper, large) for x in sizes]
        data = within(data, family, lows, highs)
    most_in, most_out = np.minimum(data.import_cap, large), np.minimum(data.export_cap, large)
    return replace(data, import_cap=most_in, export_cap=most_out)
