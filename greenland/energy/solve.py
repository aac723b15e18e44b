"""Solve a site: by the structured engine where it answers, else through PuLP.

PuLP leaves numbers in its variables whatever happened, so they are read only after both the
status and the solution status say optimal.
"""

from __future__ import annotations

import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pulp
import scipy.sparse as sp

from greenland.energy import assembly
from greenland.energy.mixed import solve_mixed
from greenland.energy.model import Model, build, set_objective
from greenland.energy.model.costs import Costs, dot, objective_costs
from greenland.energy.model.data import ModelData, prepare
from greenland.energy.plan import (
    Plan,
    Quality,
    Reported,
    capacities_of,
    grid_only_worth,
    objective_value,
    result_of,
)
from greenland.energy.ratio import least_green_price
from greenland.energy.settle import Engines, Settled, exclusive
from greenland.energy.site import Array, Objective, Site
from greenland.energy.solution import RawSolution, Status
from greenland.errors import input_error
from greenland.i18n import _
from greenland.yamlfile import nearest

SAME_COST = 1e-7
"""Relative: investments closer than this are equal."""


@dataclass(frozen=True)
class Solved:
    """An answer with the numbers it was made from, and what is reported of it if that is known."""

    data: ModelData
    raw: RawSolution
    shown: Reported | None = None
    bound: float | None = None  # proven, of a linear objective [thousand yuan/yr]; yuan/kWh


def engines() -> list[str]:
    """Names `size` accepts for *engine* on this machine."""
    return ["auto", "interior", "highs", *_pulp_solvers()]


def _pulp_solvers() -> list[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [str(name) for name in pulp.listSolvers(onlyAvailable=True)]


def _solver(engine: str, **options: Any) -> Any:
    """A PuLP solver by name.

    Raises
    ------
    InputError
        If there is none of that name here.
    """
    if engine in ("highs", "auto", "interior"):
        return pulp.HiGHS(msg=False, **options)
    known = {name.lower(): name for name in _pulp_solvers()}
    known["cbc"] = known.get("pulp_cbc_cmd", known.get("coin_cmd", ""))
    name = known.get(engine.lower())
    if not name:
        guess = nearest(engine, engines())
        raise input_error(
            "engine",
            _("没有名为“{engine}”的求解器。", engine=engine),
            remedy=_("是否应为“{guess}”？", guess=guess) if guess else "",
            got=engine,
            allowed="、".join(engines()),
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pulp.getSolver(name, msg=False, **options)


def solve_model(model: Model, engine: str = "highs", **options: Any) -> RawSolution:
    """Solve a built model through PuLP.

    Parameters
    ----------
    model : Model
    engine : str
        ``"highs"`` or the name of a PuLP solver.
    options
        Of the PuLP solver, such as ``timeLimit`` [s] and ``gapRel``.
    """
    begin = time.perf_counter()
    solver = _solver(engine, **options)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.problem.solve(solver)
    seconds = time.perf_counter() - begin
    status = _status(model.problem)
    name = "highs" if solver.name == "HiGHS" else str(solver.name)
    if status is not Status.OPTIMAL:
        return RawSolution(status, name, seconds=seconds)
    raw = RawSolution(
        status,
        name,
        values=_values(model),
        objective=float(pulp.value(model.problem.objective)),
        seconds=seconds,
        iterations=_iterations(model.problem),
    )
    if model.problem.isMIP():
        return replace(raw, gap=_mip_gap(model.problem))
    return _with_duals(model, raw)


def _status(problem: Any) -> Status:
    """The outcome, with PuLP's two statuses and HiGHS's own read together."""
    if problem.status == pulp.LpStatusOptimal:
        if problem.sol_status == pulp.LpSolutionOptimal:
            return Status.OPTIMAL
        return Status.NOT_SOLVED
    if problem.status == pulp.LpStatusUnbounded:
        return Status.UNBOUNDED
    if problem.status == pulp.LpStatusInfeasible:
        return Status.UNBOUNDED if _unbounded(problem) else Status.INFEASIBLE
    return Status.NOT_SOLVED


def _unbounded(problem: Any) -> bool:
    """Tell unbounded from infeasible where HiGHS's presolve left it open."""
    highs = getattr(problem, "solverModel", None)
    if highs is None or "UnboundedOrInfeasible" not in str(highs.getModelStatus()):
        return False
    highs.setOptionValue("presolve", "off")
    highs.run()
    return str(highs.getModelStatus()).endswith("kUnbounded")


def _iterations(problem: Any) -> int:
    highs = getattr(problem, "solverModel", None)
    info = highs.getInfo() if highs is not None and hasattr(highs, "getInfo") else None
    return max(0, int(info.simplex_iteration_count)) if info is not None else 0


def _mip_gap(problem: Any) -> float | None:
    highs = getattr(problem, "solverModel", None)
    if highs is None or not hasattr(highs, "getInfo"):
        return None
    return float(highs.getInfo().mip_gap)


def _values(model: Model) -> dict[str, Array]:
    found = {}
    for family, variables in model.variables.items():
        if variables and isinstance(variables[0], list):
            found[family] = np.array([[one.varValue or 0.0 for one in row] for row in variables])
        else:
            found[family] = np.array([one.varValue or 0.0 for one in variables])
    return _complete(model.data.site, {name: value for name, value in found.items() if len(value)})


def _with_duals(model: Model, raw: RawSolution) -> RawSolution:
    """Add prices of limits, and residuals and gap recomputed on the problem as it was built."""
    from greenland.energy.model.limits import LIMIT_FAMILIES

    rows = [one for family in model.rows.values() for one in family]
    if any(one.pi is None for one in rows):
        return raw
    duals = {
        family: np.array([float(one.pi) for one in model.rows[family]])
        for family in LIMIT_FAMILIES
        if family in model.rows
    }
    reduced = {
        family: np.array([float(one.dj or 0.0) for one in model.variables[family]])
        for family in model.data.capacities
        if family in model.variables
    }
    reduced |= _exchange_prices(model)
    primal, dual, gap = _residuals(model, rows)
    return replace(
        raw,
        row_duals=duals,
        reduced_costs=reduced,
        primal_residual=primal,
        dual_residual=dual,
        gap=gap,
    )


def _exchange_prices(model: Model) -> dict[str, Array]:
    """Summed reduced costs of import and export where a fixed connected capacity binds."""
    grid = model.data.site.grid
    if grid is None or grid.capacity_mw is None:
        return {}
    found = {}
    for direction in ("import", "export"):
        lines = model.variables[direction]
        binding = [one for one in lines if one.upBound == grid.capacity_mw]
        found[f"{direction}_cap"] = np.array([sum(min(0.0, one.dj or 0.0) for one in binding)])
    return found


def _residuals(model: Model, rows: list[Any]) -> tuple[float, float, float]:
    """Relative primal residual, dual residual and duality gap, on unscaled numbers."""
    variables = model.problem.variables()
    place = {one: j for j, one in enumerate(variables)}
    counts = [len(one) for one in rows]
    columns = np.fromiter((place[x] for one in rows for x in one), dtype=np.int64)
    data = np.fromiter((c for one in rows for c in one.values()), dtype=float)
    heads = np.concatenate([[0], np.cumsum(counts)])
    matrix = sp.csr_array((data, columns, heads), shape=(len(rows), len(variables)))
    x = np.array([one.varValue or 0.0 for one in variables])
    y = np.array([float(one.pi) for one in rows])
    right = np.array([-one.constant for one in rows])
    sense = np.array([one.sense for one in rows])
    cost = np.zeros(len(variables))
    for one, value in model.problem.objective.items():
        cost[place[one]] = value
    low = np.array([-np.inf if one.lowBound is None else one.lowBound for one in variables])
    high = np.array([np.inf if one.upBound is None else one.upBound for one in variables])
    return measure(matrix, x, y, cost, right, sense, low, high)


def measure(
    matrix: sp.csr_array,
    x: Array,
    y: Array,
    cost: Array,
    right: Array,
    sense: Array,
    low: Array,
    high: Array,
) -> tuple[float, float, float]:
    """Primal residual, dual residual and gap of a linear program, all relative.

    Rows read ``matrix @ x (sense) right`` with sense -1, 0, 1 for <=, =, >=; *y* is the
    derivative of the least cost by the right-hand side.
    """
    off = matrix @ x - right
    off = np.where(sense == 0, np.abs(off), np.where(sense < 0, off, -off))
    outside = np.maximum(low - x, x - high)
    primal = max(float(np.max(off, initial=0.0)), float(np.max(outside, initial=0.0)))
    reduced = cost - matrix.T @ y
    wrong = np.where(sense == 0, 0.0, np.maximum(0.0, sense * -y))
    up = np.where(np.isneginf(low), np.maximum(reduced, 0.0), 0.0)
    down = np.where(np.isposinf(high), np.maximum(-reduced, 0.0), 0.0)
    dual = max(float(np.max(part, initial=0.0)) for part in (wrong, up, down))
    at_low = np.where(np.isfinite(low), low, 0.0) @ np.maximum(reduced, 0.0)
    at_high = np.where(np.isfinite(high), high, 0.0) @ np.minimum(reduced, 0.0)
    best, bound = float(cost @ x), float(right @ y + at_low + at_high)
    gap = abs(best - bound) / (1.0 + abs(best))
    primal_scale = 1.0 + float(np.max(np.abs(right), initial=0.0))
    return primal / primal_scale, dual / (1.0 + float(np.max(np.abs(cost), initial=0.0))), gap


def solve(
    site: Site, objective: Objective | str = Objective.ANNUAL_COST, engine: str = "auto"
) -> Solved:
    """Solve a site to the optimum, with nothing happening both ways in one step.

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
    if objective is Objective.GREEN_PRICE:
        return _solved(data, least_green_price(data, _engines(engine)))
    if objective is Objective.CAPEX:
        return _least_capex(data, engine)
    return settle(data, objective, _optimum(data, objective_costs(data, objective), engine), engine)


@dataclass(frozen=True)
class Relaxation:
    """The optimum of the linear model alone, in which something may happen both ways in a step.

    Parameters
    ----------
    capacities : Series
        [MW], [MWh]
    objective_value : float
        No worse than that of `size`; equal wherever nothing happens both ways.
    """

    capacities: pd.Series
    objective_value: float


def relaxed(
    site: Site, objective: Objective | str = Objective.ANNUAL_COST, engine: str = "auto"
) -> Relaxation | None:
    """Solve the linear model alone; None where it has no optimum.

    A green price is a ratio, which the linear model bounds badly: there the exclusive problem is
    solved, and its proven bound given.
    """
    objective = Objective(objective)
    if objective is Objective.GREEN_PRICE:
        return _price_bound(site, engine)
    data = prepare(site, objective)
    raw = _optimum(data, objective_costs(data, objective), engine)
    if raw.status is not Status.OPTIMAL:
        return None
    raw = replace(raw, values=_complete(site, raw.values))
    capacities = capacities_of(data, raw.values)
    return Relaxation(capacities, objective_value(data, raw, objective, capacities))


def _price_bound(site: Site, engine: str) -> Relaxation | None:
    solved = solve(site, Objective.GREEN_PRICE, engine)
    if not solved.raw.status.has_plan:
        return None
    sizes = capacities_of(solved.data, solved.raw.values)
    bound = solved.bound
    return Relaxation(sizes, float("-inf") if bound is None else bound)


def settle(
    data: ModelData,
    objective: Objective,
    raw: RawSolution,
    engine: str = "auto",
    *,
    thorough: bool = True,
) -> Solved:
    """Make an optimum of the linear model one in which nothing happens both ways in one step.

    For objectives that are one linear function: annual cost and net present value. *thorough* as
    in `greenland.energy.settle.Settler`.
    """
    costs = objective_costs(data, objective)
    size = None
    if objective is Objective.NPV:
        # the gap is one of the value that is reported, not of the present worth of all costs
        before = grid_only_worth(data.site, data) / 1000

        def size(values: Mapping[str, Array]) -> float:
            return abs(before - dot(values, costs.by_family) - costs.constant)

    if raw.status is Status.OPTIMAL:
        raw = replace(raw, values=_complete(data.site, raw.values))
    return _solved(
        data, exclusive(data, costs, _engines(engine), raw, size=size, thorough=thorough)
    )


def _solved(data: ModelData, settled: Settled) -> Solved:
    return Solved(data, settled.raw, settled.shown, settled.bound)


def _engines(engine: str) -> Engines:
    """How programs are solved where *engine* is asked for."""

    def optimum(data: ModelData, costs: Costs) -> RawSolution:
        answer = _optimum(data, costs, engine)
        return replace(answer, values=_complete(data.site, answer.values))

    return Engines(optimum, solve_mixed)


def _optimum(data: ModelData, costs: Costs, engine: str) -> RawSolution:
    """Solve a linear program: on arrays, or through PuLP where a solver of it is named."""
    if engine in assembly.ENGINES:
        return assembly.solve(data, engine=engine, costs=costs)
    begin = time.perf_counter()
    model = build(data)
    set_objective(model, costs)
    built = time.perf_counter() - begin
    return replace(solve_model(model, engine), build_seconds=built)


def _complete(site: Site, values: Mapping[str, Array]) -> dict[str, Array]:
    """Values with the families every site has, empty where it has no storage or source."""
    stores, steps = len(site.storages), len(site.load)
    shapes: dict[str, tuple[int, ...]] = {"capacity": (len(site.sources),), "curtailment": (steps,)}
    shapes |= dict.fromkeys(("storage_power", "storage_energy", "energy_start"), (stores,))
    shapes |= dict.fromkeys(("charge", "discharge", "energy"), (stores, steps))
    return {name: np.zeros(shape) for name, shape in shapes.items()} | dict(values)


def _least_capex(data: ModelData, engine: str) -> Solved:
    """Of all plans with the least investment, the one with the least annual cost."""
    costs = objective_costs(data, Objective.CAPEX)
    first = exclusive(data, costs, _engines(engine))
    if not first.raw.status.has_plan:
        return _solved(data, first)
    limits = data.site.limits
    spent = dot(first.raw.values, costs.by_family) + costs.constant
    most = 1000 * spent * (1 + SAME_COST) + 1.0
    if limits.max_capex_yuan is not None:
        most = min(most, limits.max_capex_yuan)
    site = replace(data.site, limits=replace(limits, max_capex_yuan=most))
    second_data = prepare(site)
    second = exclusive(second_data, objective_costs(second_data), _engines(engine))
    if not second.raw.status.has_plan:
        return _solved(data, first)
    own = {name: value for name, value in second.raw.row_duals.items() if name != "budget"}
    raw = replace(
        second.raw,
        status=first.raw.status,
        gap=first.raw.gap,
        row_duals=own,
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
    quality = Quality(
        raw.gap,
        raw.primal_residual,
        raw.dual_residual,
        result.replayed.residual if result else None,
        raw.seconds + raw.build_seconds,
        raw.iterations,
    )
    return Plan(solved.data.site, raw.status, raw.engine, objective, quality, raw.notes, result)


def size(
    site: Site, objective: Objective | str = Objective.ANNUAL_COST, engine: str = "auto"
) -> Plan:
    """Size a site: the capacities and the schedule that are best and keep every limit.

    Parameters
    ----------
    site : Site
    objective : {"annual_cost", "npv", "capex", "green_price"}
    engine : str
        ``"auto"``, ``"interior"``, ``"highs"`` or the name of a PuLP solver.

    Returns
    -------
    Plan
        Its values can be read when `status` is optimal, or feasible: then it keeps every limit,
        and `quality.gap` says how far it may be from the best. Else see
        `greenland.energy.explain`.
    """
    return sized(solve(site, objective, engine), objective)
