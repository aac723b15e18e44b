"""Size a site: the best exclusive plan (no simultaneous flows), as a `Plan`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from greenland.energy.plan.explain.infeasible import conflicting
from greenland.energy.plan.plan import (
    Plan,
    Reported,
    SolveQuality,
    grid_only_worth,
    objective_value,
    result_of,
)
from greenland.energy.plan.schedule import capacities_of
from greenland.energy.problem.costs import Costs, dot, objective_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import PROVEN_GAP, RawSolution, Status, complete
from greenland.energy.problem.solve import ENGINES
from greenland.energy.problem.solve import solve as solve_arrays
from greenland.energy.site import Array, Objective, Site
from greenland.energy.site.identity import CapacityKind, Identity, capacity_labels
from greenland.energy.sizing.building import BuildSearch, Leaf
from greenland.energy.sizing.engines import Engines
from greenland.energy.sizing.mixed import solve_mixed
from greenland.energy.sizing.ratio import least_green_price
from greenland.energy.sizing.repair import ExclusiveAnswer, solve_exclusive
from greenland.errors import input_error
from greenland.i18n import N_, _
from greenland.lp import InteriorPointSolver
from greenland.lp.recent import beginning_near

SAME_COST = 1e-7
"""Relative: investments closer than this are equal."""
UNBUILDABLE_NOTE = N_("没有一种建与不建的组合满足 min_built_mw 和各项限制。")
CONFLICT_NOTE = N_("各项限制互相冲突，由允许放宽限制的问题证明。")


@dataclass(frozen=True)
class Solved:
    """An answer with the numbers it was made from, and what is reported of it if that is known."""

    data: ModelData
    raw: RawSolution
    shown: Reported | None = None
    bound: float | None = None  # proven, of a linear objective [thousand yuan/yr]; yuan/kWh
    linear: RawSolution | None = None  # optimum of the linear program alone


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
    if data.choices:
        return _best_built(data, objective, engine)
    if objective is Objective.GREEN_PRICE:
        return _solved(data, least_green_price(data, _engines(engine)))
    if objective is Objective.CAPEX:
        return _least_capex(data, engine)
    return make_exclusive(data, objective, _first_optimum(data, objective, engine), engine)


def _best_built(data: ModelData, objective: Objective, engine: str) -> Solved:
    """The best plan where parts may be built or not."""
    begin = time.perf_counter()
    if objective not in (Objective.ANNUAL_COST, Objective.NPV):
        raise input_error(
            "building",
            _(
                "min_built_mw、build_cost 只适用于目标 annual_cost 和 npv，这里是 {objective}。",
                objective=str(objective),
            ),
            touches=("energy",),
        )

    def cost(made: ModelData, values: Mapping[str, Array]) -> float:
        costs = objective_costs(made, objective)
        return dot(values, costs.by_family) + costs.constant

    def relax(made: ModelData) -> tuple[RawSolution, float]:
        if search.nodes > 1:
            raw = _optimum(made, objective_costs(made, objective), engine)
        else:
            raw = _first_optimum(made, objective, engine)
        if raw.status is not Status.OPTIMAL:
            return raw, float("-inf")
        raw = replace(raw, values=complete(made.site, raw.values))
        found = cost(made, raw.values)
        return raw, found - (raw.gap or 0.0) * abs(found)

    def plan(made: ModelData) -> Leaf | None:
        raw = _optimum(made, objective_costs(made, objective), engine)
        solved = make_exclusive(made, objective, raw, engine)
        if not solved.raw.status.has_plan:
            return None
        found = cost(made, solved.raw.values)
        bound = found if solved.bound is None else min(found, solved.bound)
        return Leaf(solved, solved.raw.values, found, bound)

    search = BuildSearch(data, relax, plan, lambda leaf: _gap_scale(data, objective, leaf.cost))
    failed = search.run()
    if failed is not None:
        return Solved(data, failed)
    if search.best is None:
        none = RawSolution(Status.INFEASIBLE, engine, notes=(_(UNBUILDABLE_NOTE),))
        return Solved(data, none)
    best: Solved = search.best.plan
    gap = max(search.gap, best.raw.gap or 0.0)
    note = _(
        "建与不建由分支定界决定：{count} 项可建可不建，解了 {nodes} 个线性规划，"
        "目标值与下界相差不超过 {gap:.1e}。",
        count=len(data.choices),
        nodes=search.nodes,
        gap=gap,
    )
    raw = replace(
        best.raw,
        gap=gap,
        seconds=time.perf_counter() - begin,
        build_seconds=0.0,
        status=Status.OPTIMAL if gap <= PROVEN_GAP else Status.FEASIBLE,
        notes=(*best.raw.notes, note),
    )
    return replace(best, raw=raw, bound=search.lowest, linear=None)


def _gap_scale(data: ModelData, objective: Objective, cost: float) -> float:
    """What a gap is relative to: the cost, or the net present value that is reported."""
    if objective is Objective.NPV:
        return abs(grid_only_worth(data.site, data) / 1000 - cost)
    return abs(cost)


def _first_optimum(data: ModelData, objective: Objective, engine: str) -> RawSolution:
    """The linear program of a site as it is given, which limits that conflict leave without one.

    The interior engine does not prove that; the program with slack does, in a tenth of the time
    the general solver may take.
    """
    costs = objective_costs(data, objective)
    if engine != "auto":
        return _optimum(data, costs, engine)
    raw = _optimum(data, costs, "interior")
    if raw.status is not Status.NOT_SOLVED:
        return raw
    if conflicting(data.site):
        return replace(raw, status=Status.INFEASIBLE, notes=(_(CONFLICT_NOTE),))
    return _optimum(data, costs, engine)


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
        What the bounds that hold a source or storage cost [unit of the objective per MW, MWh]: a
        plane below the least cost as a function of these capacities. None where the objective is
        no linear function.
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
        raw = _optimum(data, objective_costs(data, objective), engine, keep)
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
    """Reduced costs of the capacities of sources and storages, by label."""
    if objective not in (Objective.ANNUAL_COST, Objective.NPV):
        return None
    labels, prices = capacity_labels(site), raw.reduced_costs
    unit = -1000.0 if objective is Objective.NPV else 1000.0  # of thousand yuan that are spent
    families: tuple[tuple[str, CapacityKind, Sequence[Any]], ...] = (
        ("capacity", CapacityKind.SOURCE, site.sources),
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


def make_exclusive(
    data: ModelData,
    objective: Objective,
    raw: RawSolution,
    engine: str = "auto",
    *,
    thorough: bool = True,
) -> Solved:
    """Repair an optimum of the linear program to an exclusive plan.

    For objectives that are one linear function: annual cost and net present value. *thorough* as
    in `greenland.energy.sizing.repair.ExclusiveRepair`.
    """
    costs = objective_costs(data, objective)
    size = None
    if objective is Objective.NPV:
        # the gap is one of the value that is reported, not of the present worth of all costs
        before = grid_only_worth(data.site, data) / 1000

        def size(values: Mapping[str, Array]) -> float:
            return abs(before - dot(values, costs.by_family) - costs.constant)

    if raw.status is Status.OPTIMAL:
        raw = replace(raw, values=complete(data.site, raw.values))
    answer = solve_exclusive(data, costs, _engines(engine), raw, size=size, thorough=thorough)
    return replace(_solved(data, answer), linear=raw)


def _solved(data: ModelData, answer: ExclusiveAnswer) -> Solved:
    return Solved(data, answer.raw, answer.shown, answer.bound)


def _engines(engine: str) -> Engines:
    """How programs are solved where *engine* is asked for."""

    def optimum(data: ModelData, costs: Costs) -> RawSolution:
        answer = _optimum(data, costs, engine)
        return replace(answer, values=complete(data.site, answer.values))

    return Engines(optimum, solve_mixed)


def _optimum(
    data: ModelData, costs: Costs, engine: str, keep: InteriorPointSolver | None = None
) -> RawSolution:
    """Solve a linear program: on arrays, or through PuLP where a solver of it is named."""
    if engine in ENGINES:
        return solve_arrays(data, engine=engine, costs=costs, keep=keep)
    # loaded where it is asked for: PuLP takes a tenth of a small case's time
    from greenland.energy.problem.pulp_engines import solve_model
    from greenland.energy.problem.pulp_model import build, set_objective

    begin = time.perf_counter()
    model = build(data)
    set_objective(model, costs)
    built = time.perf_counter() - begin
    return replace(solve_model(model, engine), build_seconds=built)


def _least_capex(data: ModelData, engine: str) -> Solved:
    """Of all plans with the least investment, the one with the least annual cost."""
    costs = objective_costs(data, Objective.CAPEX)
    first = solve_exclusive(data, costs, _engines(engine))
    if not first.raw.status.has_plan:
        return _solved(data, first)
    limits = data.site.limits
    spent = dot(first.raw.values, costs.by_family) + costs.constant
    most = 1000 * spent * (1 + SAME_COST) + 1.0
    if limits.max_capex_yuan is not None:
        most = min(most, limits.max_capex_yuan)
    site = replace(data.site, limits=replace(limits, max_capex_yuan=most))
    second_data = prepare(site)
    second = solve_exclusive(second_data, objective_costs(second_data), _engines(engine))
    if not second.raw.status.has_plan:
        return _solved(data, first)
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
