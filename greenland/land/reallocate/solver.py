"""Solve a programme from a start, and read the allocation found."""

from __future__ import annotations

import math

import highspy
import numpy as np
import pulp

from greenland.land.reallocate.programme import Model
from greenland.land.reallocate.sites import EPS, Allocation

GAP = 1e-6  # relative; closer to the bound than this is the optimum


class _Started(pulp.HiGHS):  # type: ignore[misc]
    """HiGHS with a solution to start from, which PuLP has no way of handing over."""

    start: dict[int, float] | None = None

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        if self.start is not None:
            given = highspy.HighsSolution()
            given.col_value = [self.start.get(var.index, 0.0) for var in lp.variables()]
            lp.solverModel.setSolution(given)
        super().callSolver(lp)


def highs(seconds: float, gap: float = GAP) -> _Started:
    """HiGHS as every programme here is solved: quiet, one thread, a fixed seed."""
    return _Started(
        msg=False,
        timeLimit=seconds,
        gapRel=gap,
        threads=1,
        random_seed=1,
        mip_feasibility_tolerance=1e-9,
    )


def run(
    model: Model, start: Allocation, seconds: float, gap: float = GAP
) -> tuple[Allocation | None, float]:
    """Solve from a given start.

    Returns
    -------
    Allocation or None
        The best found; None when the solver has nothing.
    float
        Dual bound of this model.
    """
    solver = highs(seconds, gap)
    names = _start_values(model, start)
    index = {var.name: place for place, var in enumerate(model.problem.variables())}
    solver.start = {index[name]: value for name, value in names.items()}
    model.problem.solve(solver)
    info = model.problem.solverModel.getInfo()
    dual = -float(info.mip_dual_bound)  # PuLP hands a maximum to HiGHS as a minimum
    if model.problem.sol_status not in (
        pulp.LpSolutionOptimal,
        pulp.LpSolutionIntegerFeasible,
    ) or not np.isfinite(float(info.objective_function_value)):
        return None, dual if np.isfinite(dual) else math.inf
    return _read(model, start), dual if np.isfinite(dual) else math.inf


def _start_values(model: Model, start: Allocation) -> dict[str, float]:
    """The start in the model's variables."""
    values: dict[str, float] = {}
    for p, pieces in start.pieces.items():
        key = (p, start.site[p])
        if key not in model.site:
            continue
        values[model.site[key].name] = values[model.placed[p].name] = 1.0
        for k, area in pieces.items():
            values[model.area[p, k].name] = area
        for k, share in start.shares.get(p, {}).items():
            if (p, k) in model.power:
                values[model.power[p, k].name] = share
    for k, rest in model.rest.items():
        values[rest.name] = 1.0 if start.left[k] > EPS else 0.0
    return values


def _read(model: Model, start: Allocation) -> Allocation:
    """Turn the solver's values into an allocation, snapping rounding at the edges of parcels."""
    best = Allocation.empty(start.land, start.projects, start.limits)
    for (p, s), chosen in sorted(model.site.items()):
        if chosen.varValue is None or chosen.varValue < 0.5:
            continue
        members = model.sites.members[s]
        pieces = {k: float(model.area[p, k].varValue or 0.0) for k in members}
        fed = {
            k: float(model.power[p, k].varValue or 0.0) for k in members if (p, k) in model.power
        }
        known = not np.isnan(start.land.power[list(members)]).any()
        best.place(p, s, pieces, fed if known else {})
    return best
