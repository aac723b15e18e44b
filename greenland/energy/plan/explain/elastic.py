"""The elastic program: the sizing problem with slack on limits, on sparse arrays.

Every limit can get a slack variable at a price per unit; limits without a price are kept. With a
price on each limit the program is always feasible, so that no solver has to prove that it is not.
That its least slack is not zero proves that the site has no plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from greenland.energy.plan.explain.relaxable import Relaxable, relaxable_of
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.solution import Status
from greenland.energy.problem.solve import ENGINES, answer, read
from greenland.energy.site import Array, Site
from greenland.energy.site.limits import LimitRef
from greenland.lp import GLOBAL, InteriorPointSolver, LinearProgram, LpStatus, Solution
from greenland.lp.certificate import least_violation, row_residual, with_implied_bounds
from greenland.lp.csr_index import with_data
from greenland.lp.program import Integers
from greenland.lp.recent import remembers
from greenland.lp.settings import SolverSettings


@dataclass(frozen=True)
class ElasticOptimum:
    """Optimum of an elastic program.

    Parameters
    ----------
    values : mapping of family to array
    slack : mapping of LimitRef to float
        In the unit of the limit's row: MWh for shares, MW, MWh, 亩, m2, thousand yuan, t.
    worth : mapping of LimitRef to float
        Dual value of the limit's rows over the price of its slack [0-1]: zero where the other
        limits conflict without it.
    """

    values: Mapping[str, Array]
    slack: Mapping[LimitRef, float]
    worth: Mapping[LimitRef, float]


FLOW_PRICE = 1e-4
"""Price of each MW(h) of capacity and flow, relative to that of one MWh of a share's slack.

Without it the least slack leaves the rest of the program undetermined, and its optimal face
without bounds, on which an interior point has no centre to go to. It takes 10 000 MWh of
flow to outweigh one MWh, so that what is found is the least slack all the same.
"""
PROOF = 1e-2
"""Least price of slack, relative to the energy of the load, that proves a conflict: without slack
the price were that of flows alone, a hundred times the energy of the load."""
ROUGH = 1e-6
"""Residuals of a point that tells whether limits conflict."""
WIDEST = 10.0
"""Most a limit is over-fulfilled by, relative to the energy of the load."""
EXACT = SolverSettings(slack_regularisation=1e-10, initial_multiplier_share=1.0)
"""What a limit costs to keep is dear here by design. The usual proximal term on inequalities, times
multipliers that large, is a residual that does not vanish while they grow: a program with slack for
one limit then ends inaccurate, and the general solver needs many seconds for it. Multipliers that
begin small take a third more iterations to become as large as they are here."""
IMPATIENT = replace(EXACT, max_iterations=120)
"""Programs with slack for one limit take 45 to 100 iterations; without a plan they may go on for
long."""


class ElasticProgram:
    """The sizing problem of a site with a slack for each of some limits, assembled once.

    What changes from one question to the next are the prices of slack alone: the matrix, and
    what the engine found out about it, are kept.

    Parameters
    ----------
    site : Site
    limits : iterable of LimitRef
        Those that get a slack, where they have a row; all others are kept.
    engine : str
        ``"auto"``, ``"interior"`` or ``"highs"``.
    """

    def __init__(self, site: Site, limits: Iterable[LimitRef], engine: str = "auto") -> None:
        self.engine = engine if engine in ENGINES else "auto"
        self.data = prepare(site)
        self.assembly = assemble(self.data)
        self.rows: dict[LimitRef, Integers] = {}
        self._keep = InteriorPointSolver(EXACT)
        self.unit = max(1.0, float(self.data.load.sum()) * self.data.step_hours)
        self._program = self.assembly.program([])
        for limit in limits:
            relaxable = relaxable_of(self.data, self.assembly, limit)
            if relaxable is not None:
                self._program, self.rows[limit] = _with_slack(self._program, relaxable)

    def solve(
        self, prices: Mapping[LimitRef, float], *, free: bool = False, patient: bool = True
    ) -> ElasticOptimum | None:
        """Least price of all slack; None when what has no slack conflicts already.

        Parameters
        ----------
        prices : mapping of LimitRef to float
            Per unit of slack; a limit without a price is kept.
        free : bool
            Whether slack may be negative: then a limit is over-fulfilled as far as it goes.
        patient : bool
            Whether an answer is owed. An impatient question costs a moment: that it has no
            answer proves nothing.
        """
        program = self._priced(prices, free=free)
        units = self._units(prices)
        program = _in_units(program, units)
        if patient or self.engine == "highs":
            # limits that are kept leave the matrix: what was found out about the whole one stays
            whole = len(prices) >= len(self.rows)
            keep = self._keep if whole else InteriorPointSolver(EXACT)
            solution = answer(program, self.engine, keep)
        else:
            solution = InteriorPointSolver(IMPATIENT).solve(program)
        if len(solution.x):
            solution = replace(solution, x=solution.x * units)
        raw = read(self.assembly, solution)
        if raw.status is not Status.OPTIMAL:
            return None
        slack = self.slack_of(solution.x)
        worth = {
            limit: float(np.abs(solution.y[rows]).sum()) / (prices[limit] * self.unit)
            for limit, rows in self.rows.items()
            if limit in prices
        }
        return ElasticOptimum(raw.values, slack, worth)

    def conflict(self, prices: Mapping[LimitRef, float], zero: float) -> bool | None:
        """Whether limits with a price conflict, those without one being left out.

        A point that is not quite optimal answers that too: it keeps the limits but for less than
        *zero*, or its duals prove that every plan of a sensible size breaks them (`PROOF`). None
        where the engine finds neither.

        Parameters
        ----------
        prices : mapping of LimitRef to float
            Of one relative unit of slack: the scale of each limit is one over its price.
        zero : float
            Relative slack that is none.
        """
        program = self._priced(prices)
        left_out = [rows for limit, rows in self.rows.items() if limit not in prices]
        lower, upper = program.row_lower.copy(), program.row_upper.copy()
        for rows in left_out:
            lower[rows], upper[rows] = -np.inf, np.inf
        program = replace(program, row_lower=lower, row_upper=upper)
        told = _Told(self, program, prices, zero)
        # the optimum of the whole is what an explanation begins with
        until = None if remembers() and not left_out else told.on_the_way
        engines = ("interior", "highs") if self.engine == "auto" else (self.engine,)
        for engine in engines:
            keep = InteriorPointSolver(EXACT) if left_out else self._keep
            told.at_the_end(answer(program, engine, keep, until))
            if told.answer is not None:
                return told.answer
        return None

    def _units(self, prices: Mapping[LimitRef, float]) -> Array:
        """Units of the columns: one, but for a slack that stands alone that of its price.

        Alone it becomes many times the limit; in its natural unit the first steps towards it are
        short.
        """
        units = np.ones(self._program.shape[1])
        if len(prices) == 1:
            for place, limit in enumerate(self.rows):
                units[self.assembly.width + place] = 1.0 / prices.get(limit, 1.0)
        return units

    def _priced(self, prices: Mapping[LimitRef, float], *, free: bool = False) -> LinearProgram:
        """The program with slack at some prices, and none where there is no price."""
        width = self.assembly.width
        slack_prices = np.array([prices.get(limit, 0.0) for limit in self.rows])
        cost = np.concatenate([np.full(width, FLOW_PRICE), slack_prices * self.unit])
        lower, upper = self._program.column_lower.copy(), self._program.column_upper.copy()
        for place, limit in enumerate(self.rows):
            if limit not in prices:
                upper[width + place] = 0.0
            elif free:
                lower[width + place] = -WIDEST * self.unit
        return replace(self._program, cost=cost, column_lower=lower, column_upper=upper)

    def slack_of(self, x: Array) -> dict[LimitRef, float]:
        """Slack of every limit that can have some, of a point."""
        slack = x[self.assembly.width :]
        return {limit: float(value) for limit, value in zip(self.rows, slack, strict=True)}


class _Told:
    """What points of a program with slack tell about a conflict, before they are optimal.

    Attributes
    ----------
    answer : bool or None
        None while nothing is known.
    """

    def __init__(
        self,
        elastic: ElasticProgram,
        program: LinearProgram,
        prices: Mapping[LimitRef, float],
        zero: float,
    ) -> None:
        self.elastic, self.program, self.prices, self.zero = elastic, program, prices, zero
        self.unit, self.width = elastic.unit, elastic.assembly.width
        self.answer: bool | None = None

    @cached_property
    def _kept(self) -> LinearProgram:
        """The program with all limits kept, and all bounds that this implies."""
        upper = self.program.column_upper.copy()
        upper[self.width :] = 0.0
        return with_implied_bounds(replace(self.program, column_upper=upper))

    def on_the_way(self, x: Array, y: Array) -> bool:
        """Whether a point on the way to the optimum answers already."""
        if self._proves(y):
            self.answer = True
        elif self._without_slack(x) and row_residual(self.program, x) <= ROUGH:
            self.answer = False
        return self.answer is not None

    def at_the_end(self, solution: Solution) -> None:
        """Ask the point an engine came to."""
        residuals = solution.residuals
        if self.answer is not None or residuals is None or residuals.primal_residual > ROUGH:
            return
        if self._without_slack(solution.x):
            self.answer = False
        elif solution.status is LpStatus.OPTIMAL:
            self.answer = True
        else:
            proven = solution.objective * (1.0 - residuals.gap) / self.unit
            if residuals.dual_residual <= ROUGH and proven > PROOF:
                self.answer = True

    def _without_slack(self, x: Array) -> bool:
        slack = self.elastic.slack_of(x)
        return all(slack.get(one, 0.0) * price <= self.zero for one, price in self.prices.items())

    def _proves(self, y: Array) -> bool:
        """Whether duals prove that no point keeps all limits, by more than what counts as zero.

        What the duals weigh a unit of relative slack with tells how much of it their proof takes.
        """
        weights = np.abs((self.program.matrix.T @ y)[self.width :])
        weight = float(weights[self.program.column_upper[self.width :] > 0].max(initial=0.0))
        return least_violation(self._kept, y) > len(self.prices) * self.zero * weight > 0


def _with_slack(program: LinearProgram, relaxable: Relaxable) -> tuple[LinearProgram, Integers]:
    """The program with one slack column more, and the rows in which it stands."""
    height, width = program.shape
    rows = relaxable.rows
    matrix, lower, upper = program.matrix, program.row_lower, program.row_upper
    row_step, column_upper = program.row_step, program.column_upper
    column_lower = program.column_lower
    if len(relaxable.columns):
        # bounds become rows: column - slack <= bound, or column + slack >= bound
        count = len(relaxable.columns)
        entries = (np.arange(count), relaxable.columns)
        block: Any = sparse.csr_array((np.ones(count), entries), shape=(count, width))
        matrix = sparse.vstack([matrix, block]).tocsr()
        rows = np.arange(height, height + count)
        bound, none = np.broadcast_to(relaxable.bound, count), np.full(count, np.inf)
        lower = np.concatenate([lower, bound if relaxable.least else -none])
        upper = np.concatenate([upper, none if relaxable.least else bound])
        row_step = np.concatenate([row_step, program.column_step[relaxable.columns]])
        column_lower, column_upper = column_lower.copy(), column_upper.copy()
        (column_lower if relaxable.least else column_upper)[relaxable.columns] = relaxable.beyond
    slack = sparse.csr_array(
        (np.broadcast_to(relaxable.sign, len(rows)), (rows, np.zeros(len(rows), dtype=np.int64))),
        shape=(len(lower), 1),
    )
    elastic = replace(
        program,
        cost=np.append(program.cost, 0.0),
        matrix=sparse.csr_array(sparse.hstack([matrix, slack]).tocsr()),
        row_lower=lower,
        row_upper=upper,
        row_step=row_step,
        column_lower=np.append(column_lower, 0.0),
        column_upper=np.append(column_upper, np.inf),
        column_step=np.append(program.column_step, GLOBAL),
    )
    return elastic, rows


def _in_units(program: LinearProgram, units: Array) -> LinearProgram:
    """The program with columns in other units."""
    if (units == 1.0).all():
        return program
    matrix = program.matrix
    return replace(
        program,
        cost=program.cost * units,
        matrix=with_data(matrix, matrix.data * units[matrix.indices]),
        column_lower=program.column_lower / units,
        column_upper=program.column_upper / units,
    )
