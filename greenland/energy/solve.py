"""Solve a site: by the structured engine where it answers, else as a model built in PuLP.

PuLP's solvers leave numbers in its variables whatever happened, so they are read only after both
the status and the solution status say optimal.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pulp
import scipy.sparse as sp

from greenland import highs
from greenland.energy.engines import Engines
from greenland.energy.mixed import solve_mixed
from greenland.energy.plan import (
    Plan,
    Quality,
    Reported,
    capacities_of,
    grid_only_worth,
    objective_value,
    result_of,
)
from greenland.energy.problem.costs import Costs, dot, objective_costs
from greenland.energy.problem.data import ModelData, prepare
from greenland.energy.problem.pulp_model import Model, build, set_objective
from greenland.energy.problem.solve import ENGINES
from greenland.energy.problem.solve import solve as solve_arrays
from greenland.energy.ratio import least_green_price
from greenland.energy.settle import Settled, exclusive
from greenland.energy.site import Array, Objective, Site
from greenland.energy.solution import RawSolution, Status
from greenland.errors import input_error
from greenland.i18n import _
from greenland.pulp_highs import Translation, of_pulp
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
    """PuLP's solvers, but for its class of HiGHS: this package has its own way there."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        names = [str(name) for name in pulp.listSolvers(onlyAvailable=True)]
    return [name for name in names if name.lower() != "highs"]


def _solver(engine: str, **options: Any) -> Any:
    """A PuLP solver by name.

    Raises
    ------
    InputError
        If there is none of that name here.
    """
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
    """Solve a model built in PuLP.

    Parameters
    ----------
    model : Model
    engine : str
        ``"highs"`` or the name of a PuLP solver.
    options
        ``timeLimit`` [s] and ``gapRel``, and others of the solver's own.
    """
    begin = time.perf_counter()
    if engine.lower() in ("highs", "auto", "interior"):
        raw = _by_highs(model, **options)
    else:
        raw = _by_pulp(model, _solver(engine, **options))
    return replace(raw, seconds=time.perf_counter() - begin)


def _by_highs(model: Model, **options: Any) -> RawSolution:
    """Solve with HiGHS; beside PuLP's two options these are its own."""
    seconds, gap = options.pop("timeLimit", math.inf), options.pop("gapRel", highs.GAP)
    made = of_pulp(model.problem)
    result = made.solve(time_limit=seconds, gap=gap, options=options)
    if not result.optimal:
        return RawSolution(_HIGHS_STATUSES.get(result.status, Status.NOT_SOLVED), "highs")
    raw = _optimal(model, "highs", result.iterations)
    return replace(raw, gap=result.gap) if made.problem.mixed else _with_duals(model, made, raw)


def _by_pulp(model: Model, solver: Any) -> RawSolution:
    """Solve with one of PuLP's solvers, whose two statuses are read together."""
    problem, name = model.problem, str(solver.name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        problem.solve(solver)
    status = _PULP_STATUSES.get(problem.status, Status.NOT_SOLVED)
    if status is Status.OPTIMAL and problem.sol_status != pulp.LpSolutionOptimal:
        status = Status.NOT_SOLVED
    if status is not Status.OPTIMAL:
        return RawSolution(status, name)
    made, raw = of_pulp(problem), _optimal(model, name)
    return raw if made.problem.mixed else _with_duals(model, made, raw)


_HIGHS_STATUSES = {
    highs.Status.INFEASIBLE: Status.INFEASIBLE,
    highs.Status.UNBOUNDED: Status.UNBOUNDED,
}
_PULP_STATUSES = {
    pulp.LpStatusOptimal: Status.OPTIMAL,
    pulp.LpStatusInfeasible: Status.INFEASIBLE,
    pulp.LpStatusUnbounded: Status.UNBOUNDED,
}


def _optimal(model: Model, name: str, iterations: int = 0) -> RawSolution:
    objective = float(pulp.value(model.problem.objective))
    return RawSolution(
        Status.OPTIMAL, name, _values(model), objective=objective, iterations=iterations
    )


def _values(model: Model) -> dict[str, Array]:
    found = {}
    for family, variables in model.variables.items():
        if variables and isinstance(variables[0], list):
            found[family] = np.array([[one.varValue or 0.0 for one in row] for row in variables])
        else:
            found[family] = np.array([one.varValue or 0.0 for one in variables])
    return _complete(model.data.site, {name: value for name, value in found.items() if len(value)})


def _with_duals(model: Model, made: Translation, raw: RawSolution) -> RawSolution:
    """Add prices of limits, and residuals and gap recomputed on the problem as it was built."""
    from greenland.energy.problem.annual_constraints import LIMIT_FAMILIES

    if any(one.pi is None for one in made.rows):
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
    primal, dual, gap = _residuals(made)
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


def _residuals(made: Translation) -> tuple[float, float, float]:
    """Relative primal residual, dual residual and duality gap, on unscaled numbers."""
    problem = made.problem
    x = np.array([one.varValue or 0.0 for one in made.variables])
    y = np.array([float(one.pi) for one in made.rows])
    lower, upper = problem.row_lower, problem.row_upper
    sense = np.isfinite(lower).astype(int) - np.isfinite(upper).astype(int)
    right = np.where(np.isfinite(lower), lower, upper)
    low, high = problem.column_lower, problem.column_upper
    return measure(problem.matrix, x, y, problem.cost, right, sense, low, high)


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
    if engine in ENGINES:
        return solve_arrays(data, engine=engine, costs=costs)
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
