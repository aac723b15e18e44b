"""One set of sizes for several years: every year keeps every limit with the same capacities.

The programs of the years stand side by side and share the columns of the capacities; each year
has its own storage cycle, its own limits and its own prices. It is one linear program, solved
whole: nothing is decomposed or sampled. What is minimised is the weighted mean of the annual
costs, or a mixture of it with their conditional value at risk (Rockafellar and Uryasev 2000).

References
----------
R. T. Rockafellar, S. Uryasev. Optimization of conditional value-at-risk. *J. Risk* 2 (2000) 21–41.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from greenland.energy.plan.schedule import capacities_of
from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.costs import objective_costs, tie_costs
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.solution import Status
from greenland.energy.problem.solve import ENGINES, answer
from greenland.energy.site import Array, Site
from greenland.lp import GLOBAL, LinearProgram, LpStatus

LEAST_WEIGHT = 1e-3
"""Least weight of the mean where only the dear years count: the others are to be cheap too."""


ROW_SCALE = 1e-3
"""Unit of the rows that hold the cost of a year: million yuan, for the accuracy of the engine."""


@dataclass(frozen=True)
class RobustSizes:
    """Sizes for several years.

    Parameters
    ----------
    status : Status
    capacities : mapping of label to float
        [MW], [MWh]; empty where there is no plan.
    bound : float, optional
        Least value of what was minimised [yuan/yr], without regard to simultaneous flows: no sizes
        do better.
    engine : str
    """

    status: Status
    capacities: Mapping[str, float]
    bound: float | None
    engine: str


def size_for_years(
    sites: Sequence[Site],
    weights: Sequence[float],
    *,
    level: float = 0.0,
    risk_weight: float = 0.0,
    engine: str = "auto",
) -> RobustSizes:
    r"""Size one site for several years.

    Minimises :math:`(1-\lambda)\sum_k w_k c_k + \lambda\,\mathrm{CVaR}_\alpha(c)`, where
    :math:`c_k` is the annual cost of year *k* and
    :math:`\mathrm{CVaR}_\alpha(c)=\min_\eta\ \eta+\frac{1}{1-\alpha}\sum_k w_k\max(c_k-\eta,0)`.

    Parameters
    ----------
    sites : sequence of Site
        The site in each year: the same parts, other curves and prices.
    weights : sequence of float
        Of each year; their sum is made one.
    level : float
        :math:`\alpha` [0-1).
    risk_weight : float
        :math:`\lambda` [0-1]; zero: the mean alone.
    engine : str
        ``"auto"``, ``"interior"`` or ``"highs"``.

    Raises
    ------
    ValueError
        If the years do not have the same capacities to decide.
    """
    shares = np.asarray(weights, dtype=float) / float(np.sum(weights))
    assemblies = [assemble(prepare(site)) for site in sites]
    joined = _Joined(assemblies)
    costs = [joined.placed(n, _costs(one)) for n, one in enumerate(assemblies)]
    constants = np.array([objective_costs(one.data).constant for one in assemblies])
    program = joined.program(sum(w * c for w, c in zip(shares, costs, strict=True)))
    program = replace(program, offset=float(shares @ constants))
    if risk_weight > 0:
        mean = max(1.0 - risk_weight, LEAST_WEIGHT)
        rows = [
            ROW_SCALE * joined.placed(n, one.cost([objective_costs(one.data)]))
            for n, one in enumerate(assemblies)
        ]
        weight = risk_weight / ROW_SCALE
        program = _with_risk(program, rows, ROW_SCALE * constants, shares, level, weight, mean)
    found = answer(program, engine if engine in ENGINES else "auto")
    if found.status is not LpStatus.OPTIMAL:
        return RobustSizes(Status(str(found.status)), {}, None, found.engine)
    first = assemblies[0]
    values = {family: found.x[numbers] for family, numbers in first.columns.items()}
    sizes = {str(name): float(v) for name, v in capacities_of(first.data, values).items()}
    return RobustSizes(Status.OPTIMAL, sizes, 1000 * found.objective, found.engine)


def conditional_value_at_risk(
    costs: Sequence[float], weights: Sequence[float], level: float
) -> float:
    """Mean of the dearest share ``1 - level`` of weighted costs.

    Examples
    --------
    >>> conditional_value_at_risk([1.0, 2.0, 3.0, 4.0], [1, 1, 1, 1], 0.5)
    3.5
    """
    order = np.argsort(costs)[::-1]
    shares = np.asarray(weights, dtype=float)[order] / float(np.sum(weights))
    left, total = 1.0 - level, 0.0
    for cost, share in zip(np.asarray(costs, dtype=float)[order], shares, strict=True):
        taken = min(share, left)
        total += taken * cost
        left -= taken
    return float(total / (1.0 - level))


def _costs(assembly: Assembly) -> Array:
    data = assembly.data
    return assembly.cost([objective_costs(data), tie_costs(data)])


class _Joined:
    """Programs of several years that share the columns of their capacities."""

    def __init__(self, assemblies: Sequence[Assembly]) -> None:
        self.assemblies = assemblies
        first = assemblies[0]
        shared = _capacity_columns(first)
        if any(len(_capacity_columns(one)) != len(shared) for one in assemblies):
            raise ValueError("the years have other capacities to decide")
        self.places: list[Any] = [np.arange(first.width)]
        self.width = first.width
        for one in assemblies[1:]:
            place = np.full(one.width, -1, dtype=np.int64)
            place[_capacity_columns(one)] = shared
            own = np.flatnonzero(place < 0)
            place[own] = self.width + np.arange(len(own))
            self.width += len(own)
            self.places.append(place)

    def placed(self, number: int, values: Array) -> Array:
        """Values by the columns of a year, by those of the whole."""
        whole = np.zeros(self.width)
        whole[self.places[number]] = values
        return whole

    def program(self, cost: Any) -> LinearProgram:
        """The whole, at some costs."""
        programs = [one.program([]) for one in self.assemblies]
        lower, upper = np.full(self.width, -np.inf), np.full(self.width, np.inf)
        steps = np.full(self.width, GLOBAL, dtype=np.int64)
        matrices, sides, begun = [], [], 0
        for number, (one, place) in enumerate(zip(programs, self.places, strict=True)):
            # a capacity keeps the bounds of every year
            np.maximum.at(lower, place, one.column_lower)
            np.minimum.at(upper, place, one.column_upper)
            steps[place] = np.where(one.column_step == GLOBAL, GLOBAL, one.column_step + begun)
            matrix: Any = one.matrix.tocoo()
            matrix = sparse.csr_array(
                (matrix.data, (matrix.row, place[matrix.col])), shape=(one.shape[0], self.width)
            )
            chosen = np.ones(one.shape[0], dtype=bool)
            if number:
                chosen = ~_on_capacities_alone(one, self.assemblies[number])
            matrices.append(matrix[chosen])
            row_step = np.where(one.row_step == GLOBAL, GLOBAL, one.row_step + begun)
            sides.append((one.row_lower[chosen], one.row_upper[chosen], row_step[chosen]))
            begun += self.assemblies[number].data.steps
        low, high, row_steps = (np.concatenate(part) for part in zip(*sides, strict=True))
        return LinearProgram(
            cost=np.asarray(cost, dtype=float),
            matrix=sparse.csr_array(sparse.vstack(matrices).tocsr()),
            row_lower=low,
            row_upper=high,
            column_lower=lower,
            column_upper=upper,
            row_step=row_steps,
            column_step=steps,
        )


def _capacity_columns(assembly: Assembly) -> Any:
    families = [
        assembly.columns[f].ravel() for f in assembly.data.capacities if f in assembly.columns
    ]
    return np.concatenate([*families, np.zeros(0, dtype=np.int64)]).astype(np.int64)


def _on_capacities_alone(program: LinearProgram, assembly: Assembly) -> Any:
    """Rows over capacities alone, which are the same in every year: land, budget, hours."""
    others = np.ones(program.shape[1])
    others[_capacity_columns(assembly)] = 0.0
    pattern: Any = program.matrix.copy()
    pattern.data = np.ones_like(pattern.data)
    return np.asarray(pattern @ others) == 0


def _with_risk(
    program: LinearProgram,
    costs: Sequence[Array],
    constants: Array,
    shares: Array,
    level: float,
    weight: float,
    mean: float,
) -> LinearProgram:
    """The program with the conditional value at risk in its objective.

    *costs* and *constants* may be scaled; *weight* then is by the inverse. One column for the
    threshold and one per year for what its cost exceeds the threshold by; one row per year:
    ``excess + threshold - cost >= constant``.
    """
    height, _width = program.shape
    count = len(costs)
    rows: Any = sparse.csr_array(-np.array(costs))
    extra: Any = sparse.csr_array(np.hstack([np.ones((count, 1)), np.eye(count)]))
    top: Any = sparse.csr_array((height, 1 + count))
    matrix = sparse.vstack(
        [sparse.hstack([program.matrix, top]), sparse.hstack([rows, extra])]
    ).tocsr()
    cost = np.concatenate([mean * program.cost, [weight], weight * shares / (1.0 - level)])
    return replace(
        program,
        cost=cost,
        offset=mean * program.offset,
        matrix=sparse.csr_array(matrix),
        row_lower=np.concatenate([program.row_lower, constants]),
        row_upper=np.concatenate([program.row_upper, np.full(count, np.inf)]),
        row_step=np.concatenate([program.row_step, np.full(count, GLOBAL)]),
        column_lower=np.concatenate([program.column_lower, [-np.inf], np.zeros(count)]),
        column_upper=np.concatenate([program.column_upper, np.full(1 + count, np.inf)]),
        column_step=np.concatenate([program.column_step, np.full(1 + count, GLOBAL)]),
    )
