"""Programs with binary variables for the direction of exchange and of storages, by HiGHS.

The search ends by the number of its nodes, which is the same on every machine; time is only the
last resort, and is told where it ended a search.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import highspy
import numpy as np

from greenland.energy.assembly import assemble
from greenland.energy.assembly.build import Assembly
from greenland.energy.interior.general import highs_lp
from greenland.energy.interior.program import Floats
from greenland.energy.model.costs import Costs
from greenland.energy.model.data import ModelData
from greenland.energy.site import Array
from greenland.energy.solution import RawSolution, Status
from greenland.i18n import _

GAP = 1e-6
"""Relative gap at which the search ends where no plan gives it a scale."""
WORK = 2_000_000
"""Nodes times rows of a search: a node takes about as long as the program is high."""
LEAST_NODES, MOST_NODES = 100, 5_000
SECONDS = 90.0
"""Time after which a search is broken off, whatever its nodes [s]."""
BINARIES = ("importing", "charging")


def solve_mixed(
    data: ModelData, costs: Costs, start: Mapping[str, Array] | None, room: float
) -> RawSolution:
    """Solve a program with binary variables.

    Parameters
    ----------
    data : ModelData
        With binary variables, see `greenland.energy.exclusive.with_binaries`.
    costs : Costs
        The objective.
    start : mapping of family to array, optional
        A plan to begin with.
    room : float
        Gap at which the search ends [thousand yuan/yr]; half of it is used, the rest is left to
        rounding.

    Returns
    -------
    RawSolution
        ``optimal`` to the gap, or ``feasible`` where the search ended before, with the
        bound it had reached.
    """
    began = time.perf_counter()
    assembly = assemble(data)
    program = assembly.program([costs])
    lp = highs_lp(program)
    kinds = [highspy.HighsVarType.kContinuous] * assembly.width
    for family in BINARIES:
        for number in assembly.columns.get(family, np.zeros(0, dtype=int)).tolist():
            kinds[number] = highspy.HighsVarType.kInteger
    lp.integrality_ = kinds
    nodes = min(max(WORK // max(1, assembly.height), LEAST_NODES), MOST_NODES)
    solver = highspy.Highs()
    options = {
        "output_flag": False,
        "mip_rel_gap": GAP if start is None else 0.0,
        "mip_abs_gap": room / 2,
        "mip_max_nodes": nodes,
        "time_limit": SECONDS,
    }
    for name, value in options.items():
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    if start is not None:
        _begin(solver, assembly, data, start)
    solver.run()
    found = _answer(solver, assembly, program.offset)
    return replace(found, seconds=time.perf_counter() - began)


def _begin(solver: Any, assembly: Assembly, data: ModelData, plan: Mapping[str, Array]) -> None:
    """Hand over a plan to begin with."""
    x = np.zeros(assembly.width)
    for family, numbers in assembly.columns.items():
        if family in plan:
            x[numbers] = plan[family]
    if "importing" in assembly.columns:
        x[assembly.columns["importing"]] = plan["import"][data.importing] > 0
    if "charging" in assembly.columns:
        flows = [plan["charge"][b][steps] > 0 for b, steps in enumerate(data.charging)]
        for row, b in enumerate(data.grid_stores):
            flows[b] |= plan["grid_charge"][row][data.charging[b]] > 0
        x[assembly.columns["charging"]] = np.concatenate(flows)
    solution = highspy.HighsSolution()
    solution.col_value = x.tolist()
    solver.setSolution(solution)


def _answer(solver: Any, assembly: Assembly, offset: float) -> RawSolution:
    """What HiGHS found, with its bound; the status is read before any value."""
    known = highspy.HighsModelStatus
    status, info = solver.getModelStatus(), solver.getInfo()
    if status in (known.kInfeasible, known.kUnboundedOrInfeasible):
        return RawSolution(Status.INFEASIBLE, "highs")
    ended = status in (known.kOptimal, known.kSolutionLimit, known.kTimeLimit)
    if not ended:
        return RawSolution(Status.NOT_SOLVED, "highs")
    bound = float(info.mip_dual_bound) + offset
    notes: tuple[str, ...] = ()
    if status == known.kTimeLimit:
        notes = (_("混合整数求解在 {seconds:g} 秒处停止。", seconds=SECONDS),)
    raw = RawSolution(
        Status.NOT_SOLVED, "highs", bound=bound if np.isfinite(bound) else None, notes=notes
    )
    if info.primal_solution_status != 2:  # no feasible point
        return raw
    x: Floats = np.array(solver.getSolution().col_value)
    return replace(
        raw,
        status=Status.OPTIMAL if status == known.kOptimal else Status.FEASIBLE,
        values={family: x[numbers] for family, numbers in assembly.columns.items()},
        objective=float(info.objective_function_value) + offset,
        gap=float(info.mip_gap),
    )
