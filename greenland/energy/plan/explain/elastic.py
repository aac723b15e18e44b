"""The elastic program: the sizing problem with slack on limits, on sparse arrays.

Every limit can get a slack variable at a price per unit; limits without a price are kept. With a
price on each limit the program is always feasible, so that no solver has to prove that it is not.
That its least slack is not zero proves that the site has no plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from scipy import sparse

from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.solution import Status
from greenland.energy.problem.solve import ENGINES, answer, read
from greenland.energy.site import Array, SelfUse, Site
from greenland.energy.site.floor_kinds import QUOTAS
from greenland.energy.site.limit_kinds import CONNECTION
from greenland.energy.site.limits import LimitRef, limits_of_site
from greenland.lp import GLOBAL, InteriorPointSolver, LinearProgram, LpStatus, Solution
from greenland.lp.program import Integers
from greenland.lp.settings import SolverSettings


@dataclass(frozen=True)
class Relaxable:
    """Where a limit stands in the arrays: its rows, or the columns whose upper bound it is.

    Parameters
    ----------
    rows : integer array
    sign : float or array
        Coefficient of the slack in the rows: 1 where they are a least value, -1 where a most, or
        a share of it.
    columns : integer array
        Columns bounded by the limit; the bound becomes a row.
    bound : float or array
    beyond : array or float
        What bounds the columns once the limit does not.
    least : bool
        Whether it bounds the columns from below.
    """

    rows: Integers
    sign: float | Array
    columns: Integers
    bound: float | Array
    beyond: Array | float = np.inf
    least: bool = False


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
EXACT = SolverSettings(slack_regularisation=1e-10)
"""What a limit costs to keep is dear here by design. The usual proximal term on inequalities, times
multipliers that large, is a residual that does not vanish while they grow: a program with slack for
one limit then ends inaccurate, and the general solver needs many seconds for it."""
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
        self._unit = max(1.0, float(self.data.load.sum()) * self.data.step_hours)
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
        if patient or self.engine == "highs":
            # limits that are kept leave the matrix: what was found out about the whole one stays
            whole = len(prices) >= len(self.rows)
            keep = self._keep if whole else InteriorPointSolver(EXACT)
            solution = answer(program, self.engine, keep)
        else:
            solution = InteriorPointSolver(IMPATIENT).solve(program)
        raw = read(self.assembly, solution)
        if raw.status is not Status.OPTIMAL:
            return None
        slack = self._slack(solution)
        worth = {
            limit: float(np.abs(solution.y[rows]).sum()) / (prices[limit] * self._unit)
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
        engines = ("interior", "highs") if self.engine == "auto" else (self.engine,)
        for engine in engines:
            keep = InteriorPointSolver(EXACT) if left_out else self._keep
            solution = answer(program, engine, keep)
            told = self._told(solution, prices, zero)
            if told is not None:
                return told
        return None

    def _told(
        self, solution: Solution, prices: Mapping[LimitRef, float], zero: float
    ) -> bool | None:
        """What a point tells about a conflict."""
        residuals = solution.residuals
        if residuals is None or residuals.primal_residual > ROUGH:
            return None
        slack = self._slack(solution)
        if (
            max((slack.get(limit, 0.0) * price for limit, price in prices.items()), default=0)
            <= zero
        ):
            return False
        if solution.status is LpStatus.OPTIMAL:
            return True
        proven = solution.objective * (1.0 - residuals.gap) / self._unit
        return True if residuals.dual_residual <= ROUGH and proven > PROOF else None

    def _priced(self, prices: Mapping[LimitRef, float], *, free: bool = False) -> LinearProgram:
        """The program with slack at some prices, and none where there is no price."""
        width = self.assembly.width
        slack_prices = np.array([prices.get(limit, 0.0) for limit in self.rows])
        cost = np.concatenate([np.full(width, FLOW_PRICE), slack_prices * self._unit])
        lower, upper = self._program.column_lower.copy(), self._program.column_upper.copy()
        for place, limit in enumerate(self.rows):
            if limit not in prices:
                upper[width + place] = 0.0
            elif free:
                lower[width + place] = -WIDEST * self._unit
        return replace(self._program, cost=cost, column_lower=lower, column_upper=upper)

    def _slack(self, solution: Solution) -> dict[LimitRef, float]:
        """Slack of every limit that can have some."""
        slack = solution.x[self.assembly.width :]
        return {limit: float(value) for limit, value in zip(self.rows, slack, strict=True)}


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


_NONE = np.zeros(0, dtype=np.int64)
_BOUNDED = {  # families of capacities, with the limit that is their upper bound
    "capacity": "max_mw",
    "storage_power": "max_mw",
    "storage_energy": "max_mwh",
    "charge_power": "max_charge_mw",
    "electrolyser_capacity": "max_mw",
    "generator_capacity": "max_mw",
}
_FLOORED = {family: key.replace("max", "min") for family, key in _BOUNDED.items()}


def relaxable_of(data: ModelData, assembly: Assembly, limit: LimitRef) -> Relaxable | None:
    """Where a limit stands in the arrays, or None where it has no row."""
    kind = limit.kind
    if kind is CONNECTION:
        return _connection(data, assembly)
    if kind.key in _BOUNDED.values():
        return _capacity(data, assembly, limit)
    if kind.key in _FLOORED.values():
        return _least_capacity(data, assembly, limit)
    if kind in QUOTAS:
        return _quota(data, assembly, limit)
    rows = assembly.rows.get(kind.key, _NONE)
    if kind.reading is SelfUse.NET:
        # of both readings this is the stricter: the two are relaxed together
        rows = np.concatenate([rows, assembly.rows.get("self_use_of_generation", _NONE)])
    elif limit.owner:
        rows = rows[_places(data, limit, len(rows))]
    if not len(rows):
        return None
    return Relaxable(rows, 1.0 if kind.is_least else -1.0, _NONE, 0.0)


def _places(data: ModelData, limit: LimitRef, rows: int) -> Integers:
    """Places of a part's rows among those of the family, which go through the parts in order."""
    owners = [other.owner for other in limits_of_site(data.site) if other.kind is limit.kind]
    each = rows // len(owners)  # one row, or one for every limit year
    first = owners.index(limit.owner) * each
    return np.arange(first, first + each)


def _capacity(data: ModelData, assembly: Assembly, limit: LimitRef) -> Relaxable | None:
    """The upper bound of a decided capacity."""
    for family, capacities in data.capacities.items():
        for place, item in enumerate(capacities):
            if item.name == limit.owner and _BOUNDED.get(family) == limit.kind.key:
                column = np.array([assembly.columns[family][place]])
                return Relaxable(_NONE, -1.0, column, item.upper)
    return None


def _least_capacity(data: ModelData, assembly: Assembly, limit: LimitRef) -> Relaxable | None:
    """The lower bound of a decided capacity, down to what exists."""
    for family, capacities in data.capacities.items():
        for place, item in enumerate(capacities):
            if item.name == limit.owner and _FLOORED.get(family) == limit.kind.key:
                column = np.array([assembly.columns[family][place]])
                return Relaxable(_NONE, 1.0, column, item.lower, item.existing, least=True)
    return None


def _quota(data: ModelData, assembly: Assembly, limit: LimitRef) -> Relaxable | None:
    """The product of every day within its quota; of a part of a day by that part of the slack."""
    for row, j in enumerate(data.quotas):
        item, least = data.site.electrolysers[j], limit.kind.is_least
        if item.name != limit.owner:
            continue
        bounds = data.quota_least[row] if least else data.quota_most[row]
        steps = np.flatnonzero(bounds > 0) if least else np.flatnonzero(np.isfinite(bounds))
        whole = item.min_daily_product_t if least else item.max_daily_product_t
        columns = assembly.columns["day_product"][row][steps]
        shares = bounds[steps] / whole if whole else np.ones(len(steps))
        if least:
            return Relaxable(_NONE, shares, columns, bounds[steps], 0.0, least=True)
        return Relaxable(_NONE, -shares, columns, bounds[steps])
    return None


def _connection(data: ModelData, assembly: Assembly) -> Relaxable | None:
    """A decided capacity's bound; or import and export where a fixed capacity bounds them."""
    grid = data.site.grid
    if grid is None:
        return None
    if data.connection is not None:
        return Relaxable(_NONE, -1.0, assembly.columns["grid_capacity"], data.connection.upper)
    if grid.capacity_mw is None:
        return None
    inward, outward = _bound_by(data, "import"), _bound_by(data, "export")
    caps = [np.inf if cap is None else cap for cap in (grid.max_import_mw, grid.max_export_mw)]
    most = np.full(data.steps, caps[0])
    if not data.flexible:
        most = np.minimum(most, data.load)  # grid energy still serves the load only
    columns = [assembly.columns["import"][inward], assembly.columns["export"][outward]]
    beyond = np.concatenate([most[inward], np.full(len(outward), caps[1])])
    return Relaxable(_NONE, -1.0, np.concatenate(columns), grid.capacity_mw, beyond)


def _bound_by(data: ModelData, direction: str) -> Integers:
    """Steps in which the connected capacity, and nothing tighter, bounds the exchange."""
    grid = data.site.grid
    assert grid is not None
    cap = data.import_cap if direction == "import" else data.export_cap
    chosen = cap == grid.capacity_mw
    if direction == "import" and not data.flexible:
        chosen &= data.load > cap
    return np.flatnonzero(chosen)
