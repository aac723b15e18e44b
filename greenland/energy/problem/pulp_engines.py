"""Solve a problem named in PuLP: by HiGHS or by any solver PuLP knows.

PuLP's solvers leave numbers in its variables whatever happened, so they are read only after both
the status and the solution status say optimal.
"""

from __future__ import annotations

import math
import time
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pulp
import scipy.sparse as sp

from greenland import highs
from greenland.energy.problem.pulp_model import Model
from greenland.energy.problem.solution import RawSolution, Status, complete
from greenland.energy.site import Array
from greenland.errors import input_error
from greenland.i18n import _
from greenland.pulp_highs import Translation, of_pulp
from greenland.yamlfile import nearest


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
    translation = of_pulp(model.problem)
    result = translation.solve(time_limit=seconds, gap=gap, options=options)
    if not result.optimal:
        return RawSolution(_HIGHS_STATUSES.get(result.status, Status.NOT_SOLVED), "highs")
    raw = _optimal(model, "highs", result.iterations)
    return (
        replace(raw, gap=result.gap)
        if translation.problem.mixed
        else _with_duals(model, translation, raw)
    )


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
    translation, raw = of_pulp(problem), _optimal(model, name)
    return raw if translation.problem.mixed else _with_duals(model, translation, raw)


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
    values = {}
    for family, variables in model.variables.items():
        if variables and isinstance(variables[0], list):
            values[family] = np.array(
                [[variable.varValue or 0.0 for variable in row] for row in variables]
            )
        else:
            values[family] = np.array([variable.varValue or 0.0 for variable in variables])
    return complete(model.data.site, {name: value for name, value in values.items() if len(value)})


def _with_duals(model: Model, translation: Translation, raw: RawSolution) -> RawSolution:
    """Add prices of limits, and residuals and gap recomputed on the problem as it was built."""
    from greenland.energy.problem.annual_constraints import LIMIT_FAMILIES

    if any(row.pi is None for row in translation.rows):
        return raw
    duals = {
        family: np.array([float(row.pi) for row in model.rows[family]])
        for family in LIMIT_FAMILIES
        if family in model.rows
    }
    reduced = {
        family: np.array([float(row.dj or 0.0) for row in model.variables[family]])
        for family in model.data.capacities
        if family in model.variables
    }
    reduced |= _exchange_prices(model)
    primal, dual, gap = _residuals(translation)
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
    prices = {}
    for direction in ("import", "export"):
        lines = model.variables[direction]
        binding = [variable for variable in lines if variable.upBound == grid.capacity_mw]
        prices[f"{direction}_cap"] = np.array(
            [sum(min(0.0, variable.dj or 0.0) for variable in binding)]
        )
    return prices


def _residuals(translation: Translation) -> tuple[float, float, float]:
    """Relative primal residual, dual residual and duality gap, on unscaled numbers."""
    problem = translation.problem
    x = np.array([variable.varValue or 0.0 for variable in translation.variables])
    y = np.array([float(variable.pi) for variable in translation.rows])
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
