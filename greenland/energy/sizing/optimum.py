"""Optima of linear programs, and the best exclusive plan that follows from one."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from greenland.energy.plan.explain.infeasible import conflicting
from greenland.energy.plan.plan import Reported, grid_only_worth
from greenland.energy.problem.costs import Costs, dot, objective_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.solution import RawSolution, Status, complete
from greenland.energy.problem.solve import ENGINES
from greenland.energy.problem.solve import solve as solve_arrays
from greenland.energy.site import Array, Objective
from greenland.energy.sizing.engines import Engines
from greenland.energy.sizing.mixed import solve_mixed
from greenland.energy.sizing.repair import ExclusiveAnswer, solve_exclusive
from greenland.i18n import N_, _
from greenland.lp import InteriorPointSolver, SolverSettings

CONFLICT_NOTE = N_("各项限制互相冲突，由允许放宽限制的问题证明。")

DOUBTFUL = SolverSettings(max_stalled=12)
"""Where an iteration stands still so early, whether there is a plan at all is asked first."""


@dataclass(frozen=True)
class Solved:
    """An answer with the numbers it was made from, and what is reported of it if that is known."""

    data: ModelData
    raw: RawSolution
    shown: Reported | None = None
    bound: float | None = None  # proven, of a linear objective [thousand yuan/yr]; yuan/kWh
    linear: RawSolution | None = None  # optimum of the linear program alone


def first_optimum(data: ModelData, objective: Objective, engine: str) -> RawSolution:
    """The linear program of a site as it is given, which limits that conflict leave without one.

    The interior engine does not prove that; the program with slack does, in a tenth of the time
    the general solver may take.
    """
    costs = objective_costs(data, objective)
    if engine != "auto":
        return optimum(data, costs, engine)
    raw = optimum(data, costs, "interior", InteriorPointSolver(DOUBTFUL))
    if raw.status is not Status.NOT_SOLVED:
        return raw
    if conflicting(data.site):
        return replace(raw, status=Status.INFEASIBLE, notes=(_(CONFLICT_NOTE),))
    return optimum(data, costs, engine)


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
    answer = solve_exclusive(data, costs, engines_of(engine), raw, size=size, thorough=thorough)
    return replace(solved_of(data, answer), linear=raw)


def solved_of(data: ModelData, answer: ExclusiveAnswer) -> Solved:
    """An exclusive answer with the numbers it was made from."""
    return Solved(data, answer.raw, answer.shown, answer.bound)


def engines_of(engine: str) -> Engines:
    """How programs are solved where *engine* is asked for."""

    def found(data: ModelData, costs: Costs) -> RawSolution:
        answer = optimum(data, costs, engine)
        return replace(answer, values=complete(data.site, answer.values))

    return Engines(found, solve_mixed)


def optimum(
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
