"""From the optimum of the linear program to a plan in which nothing happens both ways.

What costs nothing to cancel is cancelled. Else the problem is solved again with no arbitrage, and
with one direction only where both were used: plans that may already be as good as the bound.
Binary variables come last, and only in the steps that need them.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from greenland.energy.exclusive import (
    Clash,
    clashes,
    direct,
    forbid,
    net_out,
    profitable_exchange,
    without_arbitrage,
)
from greenland.energy.plan import Reported, reported
from greenland.energy.problem.costs import dot, green_parts, objective_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.pulp_model import LE, Model, build, set_objective
from greenland.energy.replay import TOLERANCE
from greenland.energy.site import Array, Objective
from greenland.energy.solution import RawSolution, Status
from greenland.i18n import _

SAME_COST = 1e-7  # relative: costs closer than this are equal
MIP_GAP = 1e-6
ROUNDS = 4
MOST_BINARIES = 1500  # more are out of reach; the best plan then stands with its gap

Values = dict[str, Array]


class Optimum(Protocol):
    """Optimum of the linear program of some data, such as with other prices or bounds."""

    def __call__(self, data: ModelData) -> RawSolution:
        """Solve the linear program."""
        ...


class Solver(Protocol):
    """`greenland.energy.solve.solve_model`."""

    def __call__(self, model: Model, engine: str, **options: Any) -> RawSolution:
        """Solve a built model."""
        ...


@dataclass
class Settler:
    """Makes one linear answer exclusive.

    Parameters
    ----------
    data : ModelData
    objective : Objective
    raw : RawSolution
        Optimum of the linear program, which bounds every plan from below.
    engine : str
    solver : Solver
    optimum : Optimum
        The quickest way to an optimum of the linear program.
    mip_seconds : float
        Most time for mixed-integer problems [s].
    """

    data: ModelData
    objective: Objective
    raw: RawSolution
    engine: str
    solver: Solver
    optimum: Optimum
    mip_seconds: float
    best: Values | None = None
    shown: Reported | None = None  # the best, under its reported names
    bound: float = 0.0

    def settle(self) -> RawSolution:
        """The answer with nothing both ways; not optimal where none is found in time."""
        found = clashes(self.data, self.raw.values)
        netted = net_out(self.data, self.raw.values)
        if not found:
            return replace(self.raw, values=netted)
        self.bound = self.cost(self.raw.values)
        self._keep(netted)
        if self._good():
            return self._noted(_("同一时步双向的电量已对消，费用与各项限制不受影响。"))
        self._without_arbitrage(found)
        self._one_direction(found, netted)
        if self._good():
            return self._noted(_("出现双向电量的时步已定为单向，费用不变。"))
        return self._with_binaries(found)

    def cost(self, values: Mapping[str, Array]) -> float:
        """The objective of some values [thousand yuan/yr]; green price in yuan/kWh."""
        if self.objective is Objective.GREEN_PRICE:
            cost, energy = green_parts(self.data, values)
            return cost / energy if energy > 1e-9 else float("inf")
        costs = objective_costs(self.data, self.objective)
        return dot(values, costs.by_family) + costs.constant

    def _model(self) -> Model:
        """The problem; a green price is a ratio, whose numerator is charged at the bound."""
        model = build(self.data, self.objective)
        if self.objective is Objective.GREEN_PRICE:
            price = self.cost(self.raw.values)
            set_objective(model, objective_costs(self.data, self.objective, price))
        return model

    def _buy(self) -> Array:
        """What the objective loses with a kWh bought: its price, or the green price forgone."""
        if self.objective is Objective.GREEN_PRICE:
            return np.full(self.data.steps, self.cost(self.raw.values))
        return self.data.buy

    def _keep(self, values: Values) -> None:
        """Remember values that close when replayed, if they are the best so far."""
        shown = reported(self.data, values)
        if shown.replayed.residual > TOLERANCE:
            return
        if self.best is None or self.cost(values) < self.cost(self.best):
            self.best, self.shown = values, shown

    def _good(self) -> bool:
        """Whether the best plan is as good as the bound."""
        if self.best is None:
            return False
        return self.cost(self.best) - self.bound <= MIP_GAP * max(1.0, abs(self.bound))

    def _gap(self) -> float:
        assert self.best is not None
        return max(0.0, self.cost(self.best) - self.bound) / max(1.0, abs(self.bound))

    def _noted(self, note: str) -> RawSolution:
        """The best plan, with the prices of the linear program."""
        assert self.best is not None
        gap = max(self._gap(), self.raw.gap or 0.0)
        return replace(self.raw, values=self.best, gap=gap, notes=(*self.raw.notes, note))

    def _without_arbitrage(self, found: Clash) -> None:
        """Solve with export prices at which buying and selling at once pays nothing."""
        if not found.exchange.any():
            return
        cheaper = replace(self.data, sell=without_arbitrage(self.data, self._buy()))
        raw = self.optimum(cheaper)
        if raw.status is Status.OPTIMAL:
            self._keep(net_out(self.data, raw.values))

    def _one_direction(self, found: Clash, netted: Values) -> None:
        """Solve with one direction only where both were used, until no other step has both."""
        if found.storage.any():
            self._one_direction_in_model(found, netted)
            return
        data, steps, flow = self.data, found, netted
        for _round in range(ROUNDS):
            inward = steps.exchange & (flow["import"] > flow["export"])
            outward = steps.exchange & ~inward
            data = replace(
                data,
                import_cap=np.where(outward, 0.0, data.import_cap),
                export_cap=np.where(inward, 0.0, data.export_cap),
            )
            raw = self.optimum(data)
            if raw.status is not Status.OPTIMAL:
                return
            steps, flow = clashes(self.data, raw.values), net_out(self.data, raw.values)
            if not steps:
                break
        self._keep(flow)

    def _one_direction_in_model(self, found: Clash, netted: Values) -> None:
        steps, flow, model = found, netted, self._model()
        for _round in range(ROUNDS):
            direct(model, steps, flow)
            raw = self.solver(model, self.engine)
            if raw.status is not Status.OPTIMAL:
                return
            steps, flow = clashes(self.data, raw.values), net_out(self.data, raw.values)
            if not steps:
                break
        self._keep(flow)

    def _with_binaries(self, found: Clash) -> RawSolution:
        """Solve with binaries in the steps that need them, until none is left that does."""
        steps = found
        if found.exchange.any():
            steps = Clash(
                profitable_exchange(self.data, self._buy()) | found.exchange, found.storage
            )
        largest = self._largest_power(found)
        deadline = time.perf_counter() + self.mip_seconds
        for _round in range(ROUNDS):
            if steps.exchange.sum() + steps.storage.sum() > MOST_BINARIES:
                return self._unproven(Status.NOT_SOLVED)
            model = self._model()
            forbid(model, steps, self.raw.values, largest)
            left = max(1.0, deadline - time.perf_counter())
            answer = self.solver(model, self.engine, timeLimit=left, gapRel=MIP_GAP)
            if answer.status is not Status.OPTIMAL:
                return self._unproven(answer.status)
            self.bound = max(self.bound, self.cost(answer.values) * (1 - MIP_GAP))
            self._keep(net_out(self.data, answer.values))
            more = clashes(self.data, answer.values)
            if not more or self._good():
                count = int(steps.exchange.sum() + steps.storage.sum())
                note = _("{count} 个时步加二进制量后求得互斥解，影子价格不再适用。", count=count)
                return self._priceless(note)
            steps = steps | more
        return self._unproven(Status.NOT_SOLVED)

    def _priceless(self, note: str) -> RawSolution:
        """The best plan, without prices: a mixed-integer problem has none."""
        if self.best is None:
            return self._unproven(Status.NOT_SOLVED)
        notes = (*self.raw.notes, note)
        return replace(
            self.raw, values=self.best, gap=self._gap(), row_duals={}, reduced_costs={}, notes=notes
        )

    def _unproven(self, status: Status) -> RawSolution:
        if self.best is None:
            reason = _("双向电量未能在时限内消除。")
            if status is not Status.INFEASIBLE:
                status = Status.NOT_SOLVED
            return replace(self.raw, status=status, values={}, notes=(*self.raw.notes, reason))
        gap = self._gap()
        note = _("互斥解的最优性未证明到底：费用与下界相差不超过 {gap:.2%}。", gap=gap)
        return self._priceless(note)

    def _largest_power(self, found: Clash) -> Array | None:
        """Largest power of each storage in any plan that costs no more than the best [MW]."""
        if self.best is None or not found.storage.any():
            return None
        if self.objective is Objective.GREEN_PRICE:
            return None
        ceiling = self.cost(self.best)
        slack = SAME_COST * max(1.0, abs(ceiling))
        largest = []
        for b in range(len(self.data.storage_power)):
            model = self._model()
            costs = model.problem.objective
            right = ceiling + slack - costs.constant
            model.row("cost_ceiling", "", costs.items(), LE, right)
            model.problem.objective = type(costs)({model.variables["storage_power"][b]: -1.0})
            raw = self.solver(model, self.engine)
            if raw.status is not Status.OPTIMAL:
                return None
            largest.append(float(raw.values["storage_power"][b]))
        return np.array(largest)
