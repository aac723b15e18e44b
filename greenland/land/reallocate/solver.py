"""Solve a programme from a start, and read the allocation found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pulp

from greenland.highs import GAP, Result
from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.programme import ReallocationModel
from greenland.land.reallocate.sites import EPS
from greenland.pulp_highs import of_pulp

OPTIONS = {"random_seed": 1, "mip_feasibility_tolerance": 1e-9}


def highs(
    problem: pulp.LpProblem,
    seconds: float,
    gap: float = GAP,
    start: Mapping[Any, float] | None = None,
) -> Result:
    """HiGHS as every programme here is solved: a fixed seed, and whole numbers kept closely."""
    return of_pulp(problem).solve(start=start, time_limit=seconds, gap=gap, options=OPTIONS)


def run(
    model: ReallocationModel, start: Allocation, seconds: float, gap: float = GAP
) -> tuple[Allocation | None, float]:
    """Solve from a given start.

    Returns
    -------
    Allocation or None
        The best found; None when the solver has nothing.
    float
        Benefit that no solution of this model exceeds; infinite where the solver proved nothing.
    """
    result = highs(model.problem, seconds, gap, _start_values(model, start))
    return _read(model, start) if result.feasible else None, result.bound


def _start_values(model: ReallocationModel, start: Allocation) -> dict[Any, float]:
    """The start in the model's variables."""
    values: dict[Any, float] = {}
    for p, pieces in start.pieces.items():
        key = (p, start.site[p])
        if key not in model.site:
            continue
        values[model.site[key]] = values[model.placed[p]] = 1.0
        for k, area in pieces.items():
            values[model.area[p, k]] = area
        for k, share in start.shares.get(p, {}).items():
            if (p, k) in model.power:
                values[model.power[p, k]] = share
    for k, rest in model.rest.items():
        values[rest] = 1.0 if start.left[k] > EPS else 0.0
    return values


def _read(model: ReallocationModel, start: Allocation) -> Allocation:
    """Turn the solver's values into an allocation, snapping rounding at the edges of parcels."""
    best = Allocation.empty(start.land, start.projects, start.limits)
    for (p, s), chosen in sorted(model.site.items()):
        if chosen.varValue is None or chosen.varValue < 0.5:
            continue
        members = model.groups.members[s]
        pieces = {k: float(model.area[p, k].varValue or 0.0) for k in members}
        fed = {
            k: float(model.power[p, k].varValue or 0.0) for k in members if (p, k) in model.power
        }
        known = not np.isnan(start.land.power[list(members)]).any()
        best.place(p, s, pieces, fed if known else {})
    return best
