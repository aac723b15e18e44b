"""Contenders of the sizing benchmark: each takes a site and returns objective and capacities."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from greenland.energy.site import Site


@dataclass
class Result:
    """What a contender found: status, objective [thousand yuan/yr], and how."""

    status: str
    objective: float
    engine: str
    iterations: int = 0
    quality: dict[str, float] = field(default_factory=dict)
    capacities: dict[str, float] = field(default_factory=dict)


def _plan(site: Site, engine: str) -> Result:
    """The whole public call, with checks and replay."""
    from greenland.energy import size

    plan = size(site, engine=engine)
    if str(plan.status) != "optimal":
        return Result(str(plan.status), float("nan"), plan.engine)
    quality = {
        name: float(value)
        for name in ("gap", "primal_residual", "dual_residual", "replay_residual")
        if (value := getattr(plan.quality, name)) is not None
    }
    return Result(
        str(plan.status),
        plan.annual_cost / 1000,
        plan.engine,
        plan.quality.iterations,
        quality,
        {str(k): float(v) for k, v in plan.capacities.items()},
    )


def ours(site: Site) -> Result:
    """This package as it is: ``size(site)``."""
    return _plan(site, "auto")


def pulp_highs(site: Site) -> Result:
    """PuLP and HiGHS: ``size(site, engine="highs")``."""
    return _plan(site, "highs")


def pulp_cbc(site: Site) -> Result:
    """PuLP and CBC: ``size(site, engine="cbc")``."""
    return _plan(site, "cbc")


def _arrays(site: Site) -> tuple[Any, Any]:
    """The program, and its costs without those that break ties."""
    from greenland.energy.problem.costs import objective_costs, tie_costs
    from greenland.energy.problem.prepare import prepare
    from greenland.energy.problem.program import assemble

    data = prepare(site)
    assembly, costs = assemble(data), objective_costs(data)
    return assembly.program([costs, tie_costs(data)]), assembly.cost([costs])


def _highs(site: Site, **options: Any) -> Result:
    from greenland.energy.problem.highs_engine import solve_generally

    return _answered(solve_generally, site, **options)


def _answered(solve: Callable[..., Any], site: Site, **options: Any) -> Result:
    program, costs = _arrays(site)
    found = solve(program, **options)
    value = float(costs @ found.x) + program.offset if len(found.x) else float("nan")
    return Result(str(found.status), value, found.engine, found.iterations)


def interior(site: Site) -> Result:
    """Our engine on our arrays, without the plan around it."""
    from greenland.lp import solve

    return _answered(solve, site)


def highs_simplex(site: Site) -> Result:
    """HiGHS's dual simplex on our arrays."""
    return _highs(site, solver="simplex")


def highs_ipm(site: Site) -> Result:
    """HiGHS's interior point (IPX) on our arrays, without crossover."""
    return _highs(site, solver="ipx", run_crossover="off")


def highs_hipo(site: Site) -> Result:
    """HiGHS's HiPO on our arrays, without crossover."""
    return _highs(site, solver="hipo", run_crossover="off")


def clarabel(site: Site) -> Result:
    """Clarabel on our arrays."""
    import clarabel as package
    from scipy import sparse

    program, costs = _arrays(site)
    matrix, columns = sparse.csc_matrix(program.matrix), len(program.cost)
    equal = program.row_lower == program.row_upper
    above, below = np.isfinite(program.row_lower) & ~equal, np.isfinite(program.row_upper) & ~equal
    eye = sparse.eye(columns, format="csr")
    low, high = np.isfinite(program.column_lower), np.isfinite(program.column_upper)
    rows = matrix.tocsr()
    stacked = sparse.vstack(
        [rows[equal], -rows[above], rows[below], -eye[low], eye[high]], format="csc"
    )
    right = np.concatenate(
        [
            program.row_lower[equal],
            -program.row_lower[above],
            program.row_upper[below],
            -program.column_lower[low],
            program.column_upper[high],
        ]
    )
    count = int(equal.sum())
    cones = [package.ZeroConeT(count), package.NonnegativeConeT(len(right) - count)]
    settings = package.DefaultSettings()
    settings.verbose = False
    nothing = sparse.csc_matrix((columns, columns))
    solver = package.DefaultSolver(nothing, program.cost, stacked, right, cones, settings)
    found = solver.solve()
    value = float(costs @ np.array(found.x)) + program.offset
    status = "optimal" if "Solved" in str(found.status) else str(found.status)
    return Result(status, value, "clarabel", found.iterations)


def pypsa(site: Site) -> Result:
    """PyPSA with HiGHS as it comes."""
    from benchmarks.sizing_pypsa import solve

    return Result(*solve(site))


def oemof(site: Site) -> Result:
    """oemof-solph with HiGHS."""
    from benchmarks.sizing_oemof import solve

    return Result(*solve(site))


CONTENDERS: dict[str, Callable[[Site], Result]] = {
    one.__name__: one
    for one in (
        ours,
        interior,
        pulp_highs,
        pulp_cbc,
        highs_simplex,
        highs_ipm,
        highs_hipo,
        clarabel,
        pypsa,
        oemof,
    )
}
