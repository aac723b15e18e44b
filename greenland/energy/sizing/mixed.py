"""Programs with binary variables for the direction of exchange and of storages, by HiGHS.

The search is limited by its number of nodes, which is the same on every machine; a time limit is
the last resort, and is noted where it ended a search.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from greenland import highs
from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.costs import Costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.highs_engine import highs_problem
from greenland.energy.problem.program import assemble
from greenland.energy.problem.solution import RawSolution, Status
from greenland.energy.problem.starts import running_in, starting_in
from greenland.energy.problem.variables import BINARIES
from greenland.energy.site import Array
from greenland.i18n import _
from greenland.lp.program import Floats

GAP = 1e-6
"""Relative gap at which the search ends where there is no start."""
MAX_WORK = 2_000_000
"""Limit on nodes times rows: the time of a node is about proportional to the rows."""
MIN_NODES, MAX_NODES = 100, 5_000
TIME_LIMIT = 90.0
"""Time limit [s]."""


def solve_mixed(
    data: ModelData, costs: Costs, start: Mapping[str, Array] | None, absolute_gap: float
) -> RawSolution:
    """Solve a program with binary variables.

    Parameters
    ----------
    data : ModelData
        With binary variables, see `greenland.energy.sizing.exclusive.with_binaries`.
    costs : Costs
        The objective.
    start : mapping of family to array, optional
        A plan to begin with.
    absolute_gap : float
        Gap at which the search ends [thousand yuan/yr]; half of it is used, the rest is left to
        rounding.

    Returns
    -------
    RawSolution
        ``optimal`` to the gap, or ``feasible`` where the search ended before, with the
        bound it had reached.
    """
    assembly = assemble(data)
    program = assembly.program([costs])
    binary = np.zeros(assembly.width, dtype=bool)
    for family in BINARIES:
        if family in assembly.columns:
            binary[assembly.columns[family]] = True
    nodes = min(max(MAX_WORK // max(1, assembly.height), MIN_NODES), MAX_NODES)
    result = highs.solve(
        highs_problem(program, binary),
        time_limit=TIME_LIMIT,
        gap=GAP if start is None else 0.0,
        start=None if start is None else _columns(assembly, data, start),
        options={"mip_abs_gap": absolute_gap / 2, "mip_max_nodes": nodes},
    )
    return _solution(assembly, result)


def _columns(assembly: Assembly, data: ModelData, plan: Mapping[str, Array]) -> Floats:
    """A plan as values of the columns."""
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
    if "on" in assembly.columns:
        runs = running_in(data, plan)
        x[assembly.columns["on"]] = runs
        begins = starting_in(data, plan, runs)
        if len(begins):
            x[assembly.columns["start"]] = begins > 0
            x[assembly.columns["start_size"]] = begins
    return x


def _solution(assembly: Assembly, result: highs.Result) -> RawSolution:
    """The answer of HiGHS by family, with its bound."""
    if result.status is highs.Status.INFEASIBLE:
        return RawSolution(Status.INFEASIBLE, "highs", seconds=result.seconds)
    notes: tuple[str, ...] = ()
    if result.out_of_time:
        notes = (_("混合整数求解在 {seconds:g} 秒处停止。", seconds=TIME_LIMIT),)
    raw = RawSolution(
        Status.NOT_SOLVED,
        "highs",
        bound=result.bound if np.isfinite(result.bound) else None,
        notes=notes,
        seconds=result.seconds,
    )
    if not result.feasible:
        return raw
    return replace(
        raw,
        status=Status.OPTIMAL if result.optimal else Status.FEASIBLE,
        values={family: result.x[numbers] for family, numbers in assembly.columns.items()},
        objective=result.objective,
        gap=result.gap,
    )
