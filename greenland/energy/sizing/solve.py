"""Size a site: the best exclusive plan (no simultaneous flows), as a `Plan`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from greenland.energy.plan.plan import (
    Plan,
    SolveQuality,
    objective_value,
    result_of,
)
from greenland.energy.plan.schedule import capacities_of
from greenland.energy.problem.costs import dot, objective_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import RawSolution, Status, complete
from greenland.energy.problem.stopping import stopping
from greenland.energy.site import Objective, Site
from greenland.energy.site.identity import CapacityKind, Identity, capacity_labels
from greenland.energy.sizing.optimum import (
    Solved,
    engines_of,
    first_optimum,
    make_exclusive,
    optimum,
    solved_of,
)
from greenland.energy.sizing.ratio import least_green_price
from greenland.energy.sizing.repair import solve_exclusive
from greenland.energy.sizing.several import (
    best_built,
    best_maintained,
    best_running,
    require_linear,
)
from greenland.lp import InteriorPointSolver
from greenland.lp.recent import beginning_near

SAME_COST = 1e-7
"""Relative: investments closer than this are equal."""


def solve(
    site: Site, objective: Objective | str = Objective.ANNUAL_COST, engine: str = "auto"
) -> Solved:
    """Solve a site to the best exclusive plan.

    Parameters
    ----------
    site : Site
    objective : Objective
    engine : str
        ``"auto"``, ``"interior"``, ``"highs"`` or the name of a PuLP solver; what needs binary
        variables is solved by HiGHS.
    """
    objective = Objective(objective)
    data = prepare(site, objective)
    if data.choices or data.windows or stopping(data):
        require_linear(objective)
        if data.choices:
            return best_built(data, objective, engine)
        found = best_maintained if data.windows else best_running
        return found(data, objective, engine)
    if objective is Objective.GREEN_PRICE:
        return solved_of(data, least_green_price(data, engines_of(engine)))
    if objective is Objective.CAPEX:
        return _least_capex(data, engine)
    return make_exclusive(data, objective, first_optimum(data, objective, engine), engine)


@dataclass(frozen=True)
class LpOptimum:
    """The optimum of the linear program alone, which may have simultaneous flows.

    Parameters
    ----------
    capacities : Series
        [MW], [MWh]
    objective_value : float
        No worse than that of `size`; equal where there are no simultaneous flows.
    slopes : mapping of capacity to float, optional
        What the bounds that hold what generates or stores cost [unit of the objective per MW,
        MWh]: a plane below the least cost as a function of these capacities. None where the
        objective is no linear function.
    """

    capacities: pd.Series
    objective_value: float
    slopes: Mapping[str, float] | None = None


def relaxed(
    site: Site,
    objective: Objective | str = Objective.ANNUAL_COST,
    engine: str = "auto",
    keep: InteriorPointSolver | None = None,
) -> LpOptimum | None:
    """Solve the linear model alone; None where it has no optimum.

    A green price is a ratio, which the linear model bounds badly: there the exclusive problem is
    solved, and its proven bound given. *keep* is an engine that remembers its last matrix.
    """
    objective = Objective(objective)
    if objective is Objective.GREEN_PRICE:
        return _price_bound(site, engine)
    data = prepare(site, objective)
    with beginning_near():
        raw = optimum(data, objective_costs(data, objective), engine, keep)
    return linear_optimum(data, raw, objective)


def linear_optimum(data: ModelData, raw: RawSolution, objective: Objective) -> LpOptimum | None:
    """What an answer to the linear program says; None where it is no optimum."""
    if raw.status is not Status.OPTIMAL:
        return None
    raw = replace(raw, values=complete(data.site, raw.values))
    capacities = capacities_of(data, raw.values)
    value = objective_value(data, raw, objective, capacities)
    return LpOptimum(capacities, value, _slopes(data.site, raw, objective))


def _slopes(site: Site, raw: RawSolution, objective: Objective) -> Mapping[str, float] | None:
    """Reduced costs of the capacities of what generates and stores, by label."""
    if objective not in (Objective.ANNUAL_COST, Objective.NPV):
        return None
    labels, prices = capacity_labels(site), raw.reduced_costs
    unit = -1000.0 if objective is Objective.NPV else 1000.0  # of thousand yuan that are spent
    families: tuple[tuple[str, CapacityKind, Sequence[Any]], ...] = (
        ("capacity", CapacityKind.SOURCE, site.sources),
        ("generator_capacity", CapacityKind.SOURCE, site.generators),
        ("storage_power", CapacityKind.STORAGE_POWER, site.storages),
        ("storage_energy", CapacityKind.STORAGE_ENERGY, site.storages),
    )
    found = {}
    for family, kind, parts in families:
        if len(parts) != len(prices.get(family, ())):
            return None  # the engine gave no prices
        for item, price in zip(parts, prices.get(family, ()), strict=True):
            found[labels[Identity(kind, item.name)]] = unit * float(price)
    return found


def _price_bound(site: Site, engine: str) -> LpOptimum | None:
    solved = solve(site, Objective.GREEN_PRICE, engine)
    if not solved.raw.status.has_plan:
        return None
    sizes = capacities_of(solved.data, solved.raw.values)
    bound = solved.bound
    return LpOptimum(sizes, float("-inf") if bound is None else bound)


def _least_capex(data: ModelData, engine: str) -> Solved:
    """Of all plans with the least investment, the one with the least annual cost."""
    costs = objective_costs(data, Objective.CAPEX)
    first = solve_exclusive(data, costs, engines_of(engine))
    if not first.raw.status.has_plan:
        return solved_of(data, first)
    limits = data.site.limits
    spent = dot(first.raw.values, costs.by_family) + costs.constant
    most = 1000 * spent * (1 + SAME_COST) + 1.0
    if limits.max_capex_yuan is not None:
        most = min(most, limits.max_capex_yuan)
    site = replace(data.site, limits=replace(limits, max_capex_yuan=most))
    second_data = prepare(site)
    second = solve_exclusive(second_data, objective_costs(second_data), engines_of(engine))
    if not second.raw.status.has_plan:
        return solved_of(data, first)
    row_duals = {name: value for name, value in second.raw.row_duals.items() if name != "budget"}
    raw = replace(
        second.raw,
        status=first.raw.status,
        gap=first.raw.gap,
        row_duals=row_duals,
        seconds=first.raw.seconds + second.raw.seconds,
        notes=tuple(dict.fromkeys((*first.raw.notes, *second.raw.notes))),
    )
    return Solved(data, raw, None, first.bound)


def sized(solved: Solved, objective: Objective | str) -> Plan:
    """Turn an answer into a `Plan`; the schedule of an answer is replayed first."""
    raw, objective = solved.raw, Objective(objective)
    result = None
    if raw.status.has_plan:
        result = result_of(solved.data, raw, objective, solved.shown)
    quality = SolveQuality(
        raw.gap,
        raw.primal_residual,
        raw.dual_residual,
        result.replayed.residual if result else None,
        raw.seconds + raw.build_seconds,
        raw.iterations,
    )
    return Plan(solved.data.site, raw.status, raw.engine, objective, quality, raw.notes, result)


def size(
    site: Site, *, objective: Objective | str = Objective.ANNUAL_COST, engine: str = "auto"
) -> Plan:
    """Size a site: the capacities and the schedule that are best and keep every limit.

    Parameters
    ----------
    site : Site
        What is to be supplied, what may supply it, and the limits to be kept.
    objective : {"annual_cost", "npv", "capex", "green_price"}
        What the plan is best in: least [yuan/yr], most [yuan], least [yuan], least [yuan/kWh].
    engine : str
        ``"auto"``, ``"interior"``, ``"highs"`` or the name of a PuLP solver.

    Returns
    -------
    Plan
        Its values can be read when `status` is optimal, or feasible: then it keeps every limit,
        and `quality.gap` says how far it may be from the best. Else see
        `greenland.energy.explain`.

    Raises
    ------
    InputError
        If there is no such engine on this machine.

    References
    ----------
    The model and where its parts come from: docs/energy-model.md.

    Examples
    --------
    Half of a constant load of 1 MW comes from 2 MW already there; the rest is bought.

    >>> import pandas as pd
    >>> from greenland.energy import Grid, Site, Source, size
    >>> hours = pd.date_range("2025-01-01", periods=24, freq="h")
    >>> sun = Source("sun", [0.25] * 24, existing_mw=2.0, max_mw=0.0)
    >>> site = Site(pd.Series(1.0, index=hours), sources=[sun], grid=Grid(import_price=0.5))
    >>> plan = size(site)
    >>> print(round(plan.annual_cost), round(plan.ratios["self_use_of_consumption"], 3))
    2190000 0.5
    """
    return sized(solve(site, objective, engine), objective)
