"""PuLP problems solved by HiGHS, by way of `greenland.highs`.

PuLP's own class for HiGHS leaves the number of threads to chance, lets the banner through, and
writes values whatever the status. Here variables have a value only if there is a feasible
solution, and prices only if it is the optimum of a linear problem; otherwise they are None.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pulp
from scipy import sparse

from greenland.highs import Floats, Problem, Result, Status, solve


@dataclass(frozen=True)
class Translation:
    """A PuLP problem as arrays, with its variables and constraints in their order."""

    origin: pulp.LpProblem
    problem: Problem
    variables: list[pulp.LpVariable]
    rows: list[pulp.LpConstraint]

    def solve(
        self, *, start: Mapping[pulp.LpVariable, float] | None = None, **settings: Any
    ) -> Result:
        """Solve, and write status, values and prices back into the PuLP problem.

        Parameters
        ----------
        start : mapping of variable to float, optional
            A solution to begin from; variables that are left out are zero.
        settings
            As of `greenland.highs.solve`.
        """
        first = None
        if start is not None:
            first = np.array([start.get(one, 0.0) for one in self.variables])
        result = solve(self.problem, start=first, **settings)
        self._write_back(result)
        return result

    def _write_back(self, result: Result) -> None:
        status = _STATUSES.get(result.status, pulp.LpStatusNotSolved)
        kind = pulp.LpSolutionIntegerFeasible if result.feasible and not result.optimal else None
        self.origin.assignStatus(status, kind)
        nothing: list[Any] = [None] * len(self.variables)
        values = result.x.tolist() if result.feasible else nothing
        reduced = result.reduced.tolist() if result.priced else nothing
        for one, value, price in zip(self.variables, values, reduced, strict=True):
            one.varValue, one.dj = value, price
        prices = result.y.tolist() if result.priced else [None] * len(self.rows)
        for row, price in zip(self.rows, prices, strict=True):
            row.pi = price


_STATUSES = {
    Status.OPTIMAL: pulp.LpStatusOptimal,
    Status.INFEASIBLE: pulp.LpStatusInfeasible,
    Status.UNBOUNDED: pulp.LpStatusUnbounded,
}


def of_pulp(problem: pulp.LpProblem) -> Translation:
    """Turn a PuLP problem into arrays."""
    variables, rows = problem.variables(), problem.constraints()
    place = {one: j for j, one in enumerate(variables)}
    heads = np.zeros(len(rows) + 1, dtype=np.int32)
    np.cumsum([len(one) for one in rows], out=heads[1:])
    count = int(heads[-1])
    columns = np.fromiter((place[x] for one in rows for x in one), dtype=np.int32, count=count)
    data = np.fromiter((c for one in rows for c in one.values()), dtype=float, count=count)
    matrix = sparse.csr_array((data, columns, heads), shape=(len(rows), len(variables)))
    matrix.eliminate_zeros()
    costs = problem.objective if problem.objective is not None else pulp.LpAffineExpression()
    cost = np.zeros(len(variables))
    for one, value in costs.items():
        cost[place[one]] = value
    made = Problem(
        cost,
        matrix,
        _sides([one.getLb() for one in rows], -np.inf),
        _sides([one.getUb() for one in rows], np.inf),
        _sides([one.lowBound for one in variables], -np.inf),
        _sides([one.upBound for one in variables], np.inf),
        np.array([one.cat == pulp.LpInteger for one in variables], dtype=bool),
        float(costs.constant),
        problem.sense == pulp.LpMaximize,
    )
    return Translation(problem, made, variables, rows)


def _sides(values: list[float | None], none: float) -> Floats:
    return np.array([none if one is None else one for one in values], dtype=float)
