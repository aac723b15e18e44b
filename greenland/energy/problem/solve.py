"""Hand the problem's arrays to an engine, and read its answer by family."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from greenland.energy.problem.annual_constraints import LIMIT_FAMILIES
from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.costs import Costs, objective_costs, tie_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.highs_engine import solve_generally
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.solution import RawSolution, Status
from greenland.energy.problem.stopping import stopping
from greenland.energy.site import Objective, Site
from greenland.i18n import N_, _
from greenland.lp import (
    FailureReason,
    InteriorPointSolver,
    LinearProgram,
    LpStatus,
    Solution,
)
from greenland.lp.program import Floats
from greenland.lp.recent import known, near, remember
from greenland.lp.solver import Enough

ENGINES = ("auto", "interior", "highs")
"""Engines that work on arrays; see `answer`."""

# -- solving ---------------------------------------------------------------------------------

REASON_LABELS = {
    FailureReason.INFEASIBLE: N_("求解前已看出约束互相矛盾"),
    FailureReason.UNBOUNDED: N_("求解前已看出目标没有下界"),
    FailureReason.BORDER: N_("与时间无关的行列太多"),
    FailureReason.BAND: N_("时步之间的联系太宽"),
    FailureReason.NUMERICAL: N_("数值分解失败"),
    FailureReason.INACCURATE: N_("结果未达到精度要求"),
}
_STATUSES = {
    LpStatus.OPTIMAL: Status.OPTIMAL,
    LpStatus.INFEASIBLE: Status.INFEASIBLE,
    LpStatus.UNBOUNDED: Status.UNBOUNDED,
    LpStatus.NOT_SOLVED: Status.NOT_SOLVED,
}


def solve(
    site: Site | ModelData,
    objective: Objective | str = Objective.ANNUAL_COST,
    *,
    engine: str = "auto",
    green_price: float = 0.0,
    costs: Costs | None = None,
    keep: InteriorPointSolver | None = None,
) -> RawSolution:
    """Assemble and solve a sizing model on arrays.

    Parameters
    ----------
    site : Site or ModelData
        Data must have been prepared for the same objective.
    objective : Objective
    engine : str
        ``"auto"``: the interior engine, and HiGHS where its answer cannot be trusted.
        ``"interior"``: the interior engine alone. ``"highs"``: HiGHS on the same arrays.
    green_price : float
        See `greenland.energy.problem.costs.objective_costs` [yuan/kWh].
    costs : Costs, optional
        An objective of one's own instead of *objective*.
    keep : InteriorPointSolver, optional
        See `answer`.
    """
    began = time.perf_counter()
    data = site if isinstance(site, ModelData) else prepare(site, objective)
    assembly = assemble(data)
    chosen = costs or objective_costs(data, objective, green_price)
    program = assembly.program([chosen, tie_costs(data)])
    built = time.perf_counter() - began
    return read(assembly, answer(program, engine, keep), build_seconds=built)


def answer(
    program: LinearProgram,
    engine: str = "auto",
    keep: InteriorPointSolver | None = None,
    until: Enough | None = None,
) -> Solution:
    """Solve a program by the engine named; *keep* is an engine that remembers its last matrix.

    Where *until* says so, the interior engine alone ends before the optimum; see
    `greenland.lp.InteriorPointSolver.solve`.

    Raises
    ------
    ValueError
        For an engine that does not work on arrays.
    """
    if engine == "auto":
        solution = _interior(program, keep)
        if solution.status is LpStatus.OPTIMAL:
            return solution
        general = solve_generally(program, reason=solution.reason)
        return replace(general, seconds=general.seconds + solution.seconds)
    if engine == "interior":
        return _interior(program, keep, until)
    if engine == "highs":
        return solve_generally(program)
    raise ValueError(f"{engine!r}: {', '.join(ENGINES)}")


def _interior(
    program: LinearProgram, keep: InteriorPointSolver | None, until: Enough | None = None
) -> Solution:
    """Solve by the interior-point engine, but for what was solved a moment ago."""
    found = known(program)
    if found is None:
        found = (keep or InteriorPointSolver()).solve(program, near(program), until)
        remember(program, found)
    return found


def _note(found: Solution) -> tuple[str, ...]:
    """Why the general solver had to decide, for the reader of the plan."""
    if found.reason is None:
        return ()
    reason = _(REASON_LABELS[found.reason])
    if found.engine == "highs":
        return (_("由通用求解器 HiGHS 求解：结构化内点引擎{reason}。", reason=reason),)
    return (_("结构化内点引擎没有给出解：{reason}。", reason=reason),)


def read(assembly: Assembly, found: Solution, build_seconds: float = 0.0) -> RawSolution:
    """An answer by family."""
    raw = RawSolution(
        _STATUSES[found.status],
        found.engine,
        seconds=found.seconds,
        build_seconds=build_seconds,
        iterations=found.iterations,
        notes=_note(found),
    )
    if found.status is not LpStatus.OPTIMAL:
        return raw
    residuals = found.residuals
    assert residuals is not None
    return replace(
        raw,
        values={family: found.x[numbers] for family, numbers in assembly.columns.items()},
        objective=found.objective,
        row_duals=_row_duals(assembly, found),
        reduced_costs=_reduced_costs(assembly, found),
        gap=residuals.gap,
        primal_residual=residuals.primal_residual,
        dual_residual=residuals.dual_residual,
    )


def _row_duals(assembly: Assembly, found: Solution) -> Mapping[str, Floats]:
    """Duals of the annual families, and of those that tell what may stop or stand when to."""
    families = {*LIMIT_FAMILIES, *(("balance",) if stopping(assembly.data) else ())}
    if assembly.data.windows:
        families.add("generation_limit")
    rows = assembly.rows.items()
    return {family: found.y[numbers] for family, numbers in rows if family in families}


def _reduced_costs(assembly: Assembly, found: Solution) -> Mapping[str, Floats]:
    """Reduced costs of the capacities, and of exchange held by a fixed connected capacity."""
    columns, data = assembly.columns, assembly.data
    result = {f: found.reduced_costs[columns[f]] for f in assembly.data.capacities if f in columns}
    grid = data.site.grid
    if grid is not None and grid.capacity_mw is not None:
        for family, cap in (("import", data.import_cap), ("export", data.export_cap)):
            held = cap == grid.capacity_mw
            if family == "import" and not data.flexible:
                held &= data.load >= cap
            prices = np.minimum(found.reduced_costs[columns[family]], 0.0)
            result[f"{family}_cap"] = np.array([float(prices[held].sum())])
    return result
