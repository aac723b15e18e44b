"""Sizings that take several programs: what is built or not, what may stop, and when it stands."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np

from greenland.energy.plan.plan import grid_only_worth
from greenland.energy.problem.costs import dot, objective_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.solution import PROVEN_GAP, RawSolution, Status, complete
from greenland.energy.problem.starts import as_run, with_chosen_runs, with_decided_runs
from greenland.energy.problem.stopping import (
    FAMILIES,
    may_stop,
    parts_of,
    stopping,
    with_paying_runs,
    with_runs,
)
from greenland.energy.site import Array, Objective
from greenland.energy.sizing.building import BuildSearch, Leaf
from greenland.energy.sizing.maintained import MaintenanceSearch
from greenland.energy.sizing.mixed import solve_mixed
from greenland.energy.sizing.optimum import Solved, first_optimum, make_exclusive, optimum
from greenland.errors import input_error
from greenland.i18n import N_, _
from greenland.lp.recent import beginning_near, kept, remembering

NO_RUNS_NOTE = N_("试过的开停方式都不满足各项限制。")
NO_WINDOWS_NOTE = N_("试过的检修时间都不满足各项限制。")
UNBUILDABLE_NOTE = N_("没有一种建与不建的组合满足 min_built_mw 和各项限制。")
MAX_RUN_BINARIES = 400
"""With more binary variables no mixed-integer program looks at when to run."""
THRESHOLDS = (1.0, 0.75, 0.5, 0.25, 0.02)
"""Shares of the least output above which what may stop is taken to run, one after the other."""


def require_linear(objective: Objective) -> None:
    """Refuse objectives that are no single linear function."""
    if objective in (Objective.ANNUAL_COST, Objective.NPV):
        return
    raise input_error(
        "building",
        _(
            "min_built_mw、build_cost、can_stop、maintenance 只适用于目标 annual_cost 和 npv，"
            "这里是 {objective}。",
            objective=str(objective),
        ),
        touches=("energy",),
    )


def best_built(data: ModelData, objective: Objective, engine: str) -> Solved:
    """The best plan where parts may be built or not."""
    begin = time.perf_counter()

    def relax(made: ModelData) -> tuple[RawSolution, float]:
        if search.nodes > 1:
            raw = optimum(made, objective_costs(made, objective), engine)
        else:
            raw = first_optimum(made, objective, engine)
        if raw.status is not Status.OPTIMAL:
            return raw, float("-inf")
        raw = replace(raw, values=complete(made.site, raw.values))
        found = _cost(made, raw.values, objective)
        return raw, found - (raw.gap or 0.0) * abs(found)

    def plan(made: ModelData) -> Leaf | None:
        if made.windows:
            return _leaf(made, best_maintained(made, objective, engine), objective)
        if stopping(made):
            return _leaf(made, best_running(made, objective, engine), objective)
        raw = optimum(made, objective_costs(made, objective), engine)
        return _leaf(made, make_exclusive(made, objective, raw, engine), objective)

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
    return _found(best, gap, search.lowest, begin, note)


def _leaf(data: ModelData, solved: Solved, objective: Objective) -> Leaf | None:
    """A plan as a leaf of a search; None where there is none."""
    if not solved.raw.status.has_plan:
        return None
    found = _plan_cost(data, solved.raw.values, objective)
    bound = found if solved.bound is None else min(found, solved.bound)
    return Leaf(solved, solved.raw.values, found, bound)


def best_maintained(data: ModelData, objective: Objective, engine: str) -> Solved:
    """The best plan where the windows of maintenance are to be placed."""
    begin, costs = time.perf_counter(), objective_costs(data, objective)

    def relax(made: ModelData) -> tuple[RawSolution, float]:
        if search.programs > 1 or made.built:
            with beginning_near():  # only the value is wanted
                raw = optimum(made, costs, engine)
        else:
            raw = first_optimum(made, objective, engine)
        if raw.status is not Status.OPTIMAL:
            return raw, float("-inf")
        raw = replace(raw, values=complete(made.site, raw.values))
        found = _cost(made, raw.values, objective)
        return raw, found - (raw.gap or 0.0) * abs(found)

    def plan(made: ModelData, most: float) -> Leaf | None:
        raw = optimum(made, costs, engine)
        if raw.status is not Status.OPTIMAL or raw.objective >= most:
            return None
        if not stopping(made):
            return _leaf(made, make_exclusive(made, objective, raw, engine), objective)
        raw = replace(raw, values=complete(made.site, raw.values))
        found = _cost(made, raw.values, objective)
        return Leaf(Solved(made, raw), raw.values, found, found)

    search = MaintenanceSearch(
        data, relax, plan, lambda leaf: _gap_scale(data, objective, leaf.cost)
    )
    with remembering(kept()):
        failed = search.run()
    if failed is not None:
        return Solved(data, failed)
    if search.best is None:
        proven = search.lowest == float("inf")
        status = Status.INFEASIBLE if proven else Status.NOT_SOLVED
        return Solved(data, RawSolution(status, engine, notes=(_(NO_WINDOWS_NOTE),)))
    best: Solved = search.best.plan
    gap = search.gap
    if stopping(data):  # what runs is decided where the program without least shares stands
        best = best_running(best.data, objective, engine)
        if not best.raw.status.has_plan:  # with this place; another one may have a plan
            return Solved(data, replace(best.raw, status=Status.NOT_SOLVED))
        cost = _plan_cost(data, best.raw.values, objective)
        gap = max(0.0, cost - search.lowest) / max(1.0, _gap_scale(data, objective, cost))
    note = _(
        "检修时间由分支定界决定：{count} 个检修窗口，解了 {programs} 个定界的线性规划，"
        "目标值与下界相差不超过 {gap:.1e}。",
        count=len(data.windows),
        programs=search.programs,
        gap=gap,
    )
    return _found(best, gap, search.lowest, begin, note)


def best_running(data: ModelData, objective: Objective, engine: str) -> Solved:
    """The best plan found where electrolysers or generators may stop.

    The program without least shares bounds all plans. Thresholds, and then prices, say what runs
    in its optimum; what runs is fixed and the program solved again.
    """
    begin, costs = time.perf_counter(), objective_costs(data, objective)
    begun = data.built or data.windows  # what is asked for the first time may be a conflict
    raw = optimum(data, costs, engine) if begun else first_optimum(data, objective, engine)
    if raw.status is not Status.OPTIMAL:
        return Solved(data, raw)
    raw = replace(raw, values=complete(data.site, raw.values))
    least = _cost(data, raw.values, objective)
    least -= (raw.gap or 0.0) * abs(least)
    best: Solved | None = None
    cost = float("inf")
    for solved in _tried_runs(data, objective, engine, raw.values):
        found = _plan_cost(data, solved.raw.values, objective)
        if best is None or found < cost:
            best, cost = solved, found
    mixed = _decided_runs(data, objective, best)
    if mixed is not None:
        least = max(least, float("-inf") if mixed.bound is None else mixed.bound)
        if mixed.status.has_plan:
            made = with_decided_runs(data, mixed.values)
            fixed = optimum(made, objective_costs(made, objective), engine)
            solved = make_exclusive(made, objective, fixed, engine)
            if solved.raw.status.has_plan:
                found = _plan_cost(data, solved.raw.values, objective)
                if best is None or found < cost:
                    best, cost = solved, found
    if best is None:
        none = mixed is not None and mixed.status is Status.INFEASIBLE
        status = Status.INFEASIBLE if none else Status.NOT_SOLVED
        return Solved(data, RawSolution(status, engine, notes=(_(NO_RUNS_NOTE),)))
    gap = max(0.0, cost - least) / max(1.0, _gap_scale(data, objective, cost))
    if mixed is None:
        note = _(
            "开停由逐次线性规划定出，目标值与不计最低负荷的下界相差不超过 {gap:.2%}。", gap=gap
        )
    else:
        note = _("开停由混合整数规划核对，目标值与证明的下界相差不超过 {gap:.2%}。", gap=gap)
    notes = (*(() if mixed is None else mixed.notes), note)
    return _found(best, gap, least, begin, *notes)


def _found(best: Solved, gap: float, bound: float, begin: float, *notes: str) -> Solved:
    """The best plan of a search, with how far it may be from the best there is."""
    raw = replace(
        best.raw,
        gap=gap,
        seconds=time.perf_counter() - begin,
        build_seconds=0.0,
        status=Status.OPTIMAL if gap <= PROVEN_GAP else Status.FEASIBLE,
        notes=(*best.raw.notes, *notes),
    )
    return replace(best, raw=raw, bound=bound, linear=None)


def _decided_runs(data: ModelData, objective: Objective, best: Solved | None) -> RawSolution | None:
    """The program with a binary variable for every step of what may stop, where it is small.

    Its bound is one on all plans: it may do in a step what an exclusive plan may not. None where
    it is too large, or nothing bounds a capacity.
    """
    parts = may_stop(data)
    sizes = [data.capacities[FAMILIES[family]][row].upper for family, row, _item in parts]
    if len(parts) * data.steps > MAX_RUN_BINARIES or not np.isfinite(sizes).all():
        return None
    made = replace(data, deciding_runs=True)
    start = None if best is None else best.raw.values
    scale = 1.0 if start is None else _plan_cost(data, start, objective)
    allowed = PROVEN_GAP / 2 * max(1.0, _gap_scale(data, objective, scale))
    return solve_mixed(made, objective_costs(made, objective), start, allowed)


def _tried_runs(
    data: ModelData, objective: Objective, engine: str, values: Mapping[str, Array]
) -> Iterator[Solved]:
    """Plans for what runs by every threshold, and by what the prices of the first and last say."""
    costs = objective_costs(data, objective)
    tried: set[bytes] = set()
    prices: list[Array] = []

    def plan(made: ModelData) -> Iterator[Solved]:
        steps = b"".join(found.tobytes() for found in made.running_steps.values())
        if steps in tried:
            return
        tried.add(steps)
        fixed = optimum(made, objective_costs(made, objective), engine)
        if fixed.status is not Status.OPTIMAL:
            return
        if "balance" in fixed.row_duals:
            prices.append(fixed.row_duals["balance"])
        solved = make_exclusive(made, objective, fixed, engine)
        if solved.raw.status.has_plan:
            yield solved

    for threshold in THRESHOLDS:
        yield from plan(with_runs(data, values, threshold))
    if not prices:
        return
    pair = prices[0], prices[-1]
    yield from plan(with_paying_runs(data, values, costs.by_family, pair))
    if any(item.has_start_cost for family in FAMILIES for item in parts_of(data, family)):
        yield from plan(with_chosen_runs(data, values, costs.by_family, pair))
        latest = prices[-1], prices[-1]
        yield from plan(with_chosen_runs(data, values, costs.by_family, latest))


def _cost(data: ModelData, values: Mapping[str, Array], objective: Objective) -> float:
    """Value of an objective, to be minimised, without the starts of what is not decided to run.

    [thousand yuan/yr]; a bound on that of plans where it is of the linear program.
    """
    costs = objective_costs(data, objective)
    return dot(values, costs.by_family) + costs.constant


def _plan_cost(data: ModelData, values: Mapping[str, Array], objective: Objective) -> float:
    """Value of an objective, to be minimised, with the starts of a plan [thousand yuan/yr]."""
    return _cost(as_run(data, values), values, objective)


def _gap_scale(data: ModelData, objective: Objective, cost: float) -> float:
    """What a gap is relative to: the cost, or the net present value that is reported."""
    if objective is Objective.NPV:
        return abs(grid_only_worth(data.site, data) / 1000 - cost)
    return abs(cost)
