"""From the optimum of the linear program to a plan without simultaneous flows.

A plan is exclusive when no step both imports and exports, nor charges and discharges one storage.
Simultaneous flows that cost nothing to net are netted. Else the problem is solved again without
arbitrage, and with the directions of the affected steps fixed: restrictions, whose optima are
plans. The lower bound is then raised by cuts and by branch and bound on capacities. Binary
variables come last, and only in the steps that need them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from greenland.energy.plan.plan import Reported, reported
from greenland.energy.plan.replay.recompute import TOLERANCE
from greenland.energy.problem.costs import Costs, dot
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.solution import PROVEN_GAP, RawSolution, Status
from greenland.energy.site import Array
from greenland.energy.sizing.boxes import Boxes
from greenland.energy.sizing.engines import Engines, Values
from greenland.energy.sizing.exclusive import (
    SimultaneousFlows,
    bounded,
    fix_all_directions,
    fix_direction,
    net_out,
    profitable_exchange,
    simultaneous_flows,
    tightened,
    with_binaries,
    with_cuts,
    without_arbitrage,
)
from greenland.energy.sizing.storage_power import flows_within, power_within
from greenland.i18n import _
from greenland.lp.recent import beginning_near

TARGET_GAP = 1e-6
"""Relative gap at which the search ends."""
WORTH_MORE = PROVEN_GAP / 2
"""Relative gap above which the bound of a long horizon is raised and binary variables are used.

Below it minutes of work would change the plan by less than is called optimal."""
NEARLY = 1e-4
"""Relative gap of the netted plan up to which few steps need a direction, and no other program."""
MAX_ROUNDS = 4
"""Iterations of each stage: fixing directions, solving netted, adding binary variables."""
MAX_BINARIES = 1500
"""With more binary variables no mixed-integer program is solved; the plan keeps its gap."""
Start = tuple[Values, Reported | None]
OnIncumbent = Callable[[Values, Reported], Costs | None]


@dataclass(frozen=True)
class ExclusiveAnswer:
    """An exclusive plan and a lower bound on the cost of all of them [thousand yuan/yr]."""

    raw: RawSolution
    bound: float = float("-inf")
    shown: Reported | None = None
    relaxed: ModelData | None = None  # the linear program that gave the bound


def open_note(gap: float) -> str:
    """Note on a plan whose optimality is not proven."""
    return _("最优性未证明到底：目标值与下界相差不超过 {gap:.2%}。", gap=gap)


def solve_exclusive(
    data: ModelData,
    costs: Costs,
    engines: Engines,
    raw: RawSolution | None = None,
    *,
    size: Callable[[Mapping[str, Array]], float] | None = None,
    thorough: bool = True,
    start: Start | None = None,
    on_incumbent: OnIncumbent | None = None,
) -> ExclusiveAnswer:
    """Minimise a linear objective over exclusive plans.

    *raw* is the optimum of the linear program if it is known already, *start* a plan to do better
    than, with what is reported of it; for the others see `ExclusiveRepair`.
    """
    raw = engines.optimum(data, costs) if raw is None else raw
    if raw.status is not Status.OPTIMAL:
        return ExclusiveAnswer(raw)
    repair = ExclusiveRepair(
        data, costs, raw, engines, size=size, thorough=thorough, on_incumbent=on_incumbent
    )
    if start is not None:
        repair.best, repair.shown = start
    return repair.run()


class ExclusiveRepair:
    """Repairs the optimum of a linear program to an exclusive plan, with a gap.

    Parameters
    ----------
    data : ModelData
    costs : Costs
        The objective, linear.
    raw : RawSolution
        Optimum of the linear program, which bounds every plan from below.
    engines : Engines
    size : callable, optional
        What the gap of a plan is relative to [thousand yuan/yr]; its cost by default.
    thorough : bool
        Whether to raise the bound and to use binary variables where fixing directions is not
        proven to be best.
    on_incumbent : callable, optional
        Called with every new incumbent; may return another objective. It must be no lower at any
        plan, so that earlier bounds stay valid.
    """

    def __init__(
        self,
        data: ModelData,
        costs: Costs,
        raw: RawSolution,
        engines: Engines,
        *,
        size: Callable[[Mapping[str, Array]], float] | None = None,
        thorough: bool = True,
        on_incumbent: OnIncumbent | None = None,
    ) -> None:
        self.data, self.costs, self.raw, self.engines = data, costs, raw, engines
        self.size, self.thorough = size or (lambda values: abs(self.cost(values))), thorough
        self.on_incumbent = on_incumbent
        self.best: Values | None = None
        self.shown: Reported | None = None
        self.bound = float("-inf")
        self.seconds = 0.0
        self.hull: ModelData | None = None  # box of all capacities that may hold a better plan
        self.simultaneous = SimultaneousFlows(np.zeros(0, bool), np.zeros((0, 0), bool))
        self.bound_outside = float("inf")  # lower bound outside the hull
        self.one_way: RawSolution | None = None  # optimum of the incumbent's directions
        self.tried_directions: set[bytes] = set()  # sets of directions already solved
        self.infeasible = False
        self.notes: tuple[str, ...] = ()

    def run(self) -> ExclusiveAnswer:
        """Repair the optimum."""
        self.bound = self.lower_bound(self.raw)
        simultaneous = simultaneous_flows(self.data, self.raw.values)
        netted = net_out(self.data, self.raw.values)
        if not simultaneous:
            return ExclusiveAnswer(replace(self.raw, values=netted), self.bound, None, self.data)
        self._accept(netted)
        if self._closed():
            return self._noted(_("同一时步双向的电量已对消，费用与各项限制不受影响。"))
        nearly = self.best is not None and self.gap() <= NEARLY
        if simultaneous.exchange.any() and not nearly:
            self._solve_netted(self.data, without_arbitrage(self.data, self.costs))
        self._one_direction(simultaneous, netted)
        if self._closed():
            return self._noted(_("出现双向电量的时步已定为单向，费用不变。"))
        if self.thorough and not self._near_enough():
            simultaneous = self._raise_bound(simultaneous)
            self._with_binaries(simultaneous)
        return self._directed()

    @property
    def relaxed(self) -> ModelData:
        """The relaxation over the hull, with cuts that are valid for the present objective."""
        if self.hull is None:
            return self.data
        return with_cuts(tightened(self.hull, self.costs), self.costs, self.simultaneous)

    def cost(self, values: Mapping[str, Array]) -> float:
        """Value of the objective [thousand yuan/yr]."""
        return dot(values, self.costs.by_family) + self.costs.constant

    def gap(self) -> float:
        """Relative gap of the incumbent."""
        assert self.best is not None
        above = max(0.0, self.cost(self.best) - self.bound)
        return above / max(1.0, self.size(self.best))

    def _absolute_gap(self) -> float:
        """Gap at which the search ends [thousand yuan/yr]."""
        return TARGET_GAP * max(1.0, 0.0 if self.best is None else self.size(self.best))

    def _closed(self) -> bool:
        return self.best is not None and self.gap() <= TARGET_GAP

    def _near_enough(self) -> bool:
        """Whether more proof would cost more than it is worth."""
        short = self.data.steps <= MAX_BINARIES
        return not short and self.best is not None and self.gap() <= WORTH_MORE

    def solve(self, data: ModelData, costs: Costs | None = None) -> RawSolution:
        """Optimum of a linear program, for the objective unless another is given."""
        raw = self.engines.optimum(data, costs or self.costs)
        self.seconds += raw.seconds + raw.build_seconds
        return raw

    def _solve_soon(self, data: ModelData, costs: Costs | None = None) -> RawSolution:
        """The same; where an answer is to come soon, from the optimum before it: little moved."""
        with nullcontext() if self.thorough else beginning_near():
            return self.solve(data, costs)

    def _accept(self, values: Values) -> None:
        """Take a plan as incumbent if it closes when replayed and is better."""
        if self.best is not None and self.cost(values) >= self.cost(self.best):
            return
        shown = reported(self.data, values)
        if shown.replayed.residual <= TOLERANCE:
            self.best, self.shown = values, shown
            if self.on_incumbent is not None:
                self.costs = self.on_incumbent(values, shown) or self.costs

    def _solve_netted(self, data: ModelData, costs: Costs | None = None) -> None:
        """Solve a program whose netted optimum may be a plan; again if the objective changes.

        *costs* replace the objective.
        """
        for _round in range(MAX_ROUNDS):
            raw, objective = self._solve_soon(data, costs), self.costs
            if raw.status is Status.OPTIMAL:
                self._accept(net_out(self.data, raw.values))
            if self.costs is objective or costs is not None:
                return

    def _one_direction(self, simultaneous: SimultaneousFlows, netted: Values) -> None:
        """Fix the direction of steps with simultaneous flows, until the optimum has none."""
        data, steps, flow = self.data, simultaneous, netted
        for _round in range(MAX_ROUNDS):
            data = fix_direction(data, steps, flow)
            raw = self._solve_soon(data)
            if raw.status is not Status.OPTIMAL:
                return
            steps, flow = simultaneous_flows(self.data, raw.values), net_out(self.data, raw.values)
            if not steps:
                break
        self._accept(flow)
        if self.best is flow:
            self.one_way = raw

    # -- raising the bound -----------------------------------------------------------------

    def _raise_bound(self, simultaneous: SimultaneousFlows) -> SimultaneousFlows:
        """Branch and bound on capacities, with cuts valid for exclusive plans in each box."""
        every = [np.arange(self.data.steps)] * len(self.data.storage_power)
        cut = with_cuts(tightened(self.data, self.costs), self.costs, simultaneous)
        boxes = Boxes(self, self._within_ceiling(self.data, cut, every), simultaneous)
        boxes.run()
        self.hull, self.simultaneous = boxes.hull, boxes.simultaneous
        self.bound_outside = boxes.pruned_bound
        self.infeasible = boxes.empty and self.best is None
        if not self.infeasible:
            self.bound = max(self.bound, boxes.bound)
        return boxes.simultaneous

    def proven(self, bound: float) -> bool:
        """Whether a lower bound proves the incumbent optimal."""
        if self.best is None:
            return False
        above = self.cost(self.best) - bound
        return above <= 0.5 * PROVEN_GAP * max(1.0, self.size(self.best))

    def cutoff(self) -> float:
        """Boxes with a bound of at least this are pruned [thousand yuan/yr]."""
        return (
            float("inf") if self.best is None else self.cost(self.best) - self._absolute_gap() / 2
        )

    def lower_bound(self, raw: RawSolution) -> float:
        """Lower bound from an optimum: its cost less its own gap."""
        cost = self.cost(raw.values)
        return cost - (raw.gap or 0.0) * abs(cost)

    def try_plan(self, raw: RawSolution, simultaneous: SimultaneousFlows) -> None:
        """Primal heuristic: net the optimum of a relaxation, solve with its directions fixed."""
        flow = net_out(self.data, raw.values)
        self._accept(flow)
        if simultaneous and self.lower_bound(raw) < self.cutoff():
            restricted = fix_all_directions(self.data, flow)
            one = restricted  # whose bounds are zero where a direction is closed
            bounds = (one.import_cap, one.export_cap, one.charge_cap, one.discharge_cap)
            directions = b"".join((bound > 0).tobytes() for bound in bounds)
            if directions not in self.tried_directions:
                self.tried_directions.add(directions)
                self._solve_netted(restricted)

    # -- binary variables ------------------------------------------------------------------

    def _with_binaries(self, simultaneous: SimultaneousFlows) -> None:
        """Solve with binary variables in the steps with simultaneous flows, until none is left."""
        if self._closed() or self.infeasible:
            return
        steps = simultaneous
        for _round in range(MAX_ROUNDS):
            objective, relaxed = self.costs, self.relaxed
            steps = steps | SimultaneousFlows(
                profitable_exchange(relaxed, objective), simultaneous.storage
            )
            data = with_binaries(relaxed, steps)
            if len(data.importing) + sum(len(line) for line in data.charging) > MAX_BINARIES:
                return
            data, whole = self._finite(data)
            answer = self.engines.mixed(data, objective, self.best, self._absolute_gap())
            self.seconds += answer.seconds + answer.build_seconds
            self.notes = answer.notes
            if whole and answer.bound is not None:
                self.bound = max(self.bound, min(answer.bound, self.bound_outside))
            if not answer.status.has_plan:
                self.infeasible = whole and self.best is None and answer.status is Status.INFEASIBLE
                return
            more = simultaneous_flows(self.data, answer.values)
            self._accept(net_out(self.data, answer.values))
            if self.best is None or (answer.status is not Status.OPTIMAL and not more):
                self._solve_netted(fix_all_directions(self.data, net_out(self.data, answer.values)))
            if self._closed() or answer.status is not Status.OPTIMAL:
                return
            if not more and self.costs is objective:
                return
            steps = steps | more

    def _finite(self, data: ModelData) -> tuple[ModelData, bool]:
        """Finite bounds for what binary variables switch, and whether they cut off no better plan.

        Unbounded powers of storages are bounded by what plans up to the incumbent's cost can have;
        what is still unbounded, by four times the largest flow of a step.
        """
        data = self._within_ceiling(data, self.relaxed, data.charging)
        whole = bounded(data)
        if whole:
            return data, True
        flows = float(np.max(data.load)) + float(np.max(self.raw.values["capacity"] @ data.pu))
        return flows_within(data, 4.0 * (1.0 + flows)), False

    def _within_ceiling(
        self, data: ModelData, relaxed: ModelData, steps: Sequence[NDArray[np.int64]]
    ) -> ModelData:
        """Bound unbounded powers of storages by what plans up to the incumbent's cost can have.

        Of those with any *steps*; *relaxed* is a relaxation of *data*.
        """
        if self.best is None:
            return data
        most = self.cost(self.best) - self.costs.constant + self._absolute_gap()
        return power_within(data, relaxed, steps, self.costs, most, self.solve)

    # -- results ---------------------------------------------------------------------------

    def _noted(self, note: str) -> ExclusiveAnswer:
        """The incumbent, with the dual values of the linear program."""
        assert self.best is not None
        raw = replace(
            self.raw,
            values=self.best,
            gap=max(self.gap(), self.raw.gap or 0.0),
            seconds=self.raw.seconds + self.seconds,
            notes=(*self.raw.notes, note),
        )
        return ExclusiveAnswer(raw, self.bound, self.shown, self.relaxed)

    def _directed(self) -> ExclusiveAnswer:
        """The incumbent, with the dual values of the linear program with its directions fixed."""
        if self.best is None:
            return self._without_plan()
        known = None if self.thorough or self.gap() > WORTH_MORE else self.one_way
        raw = known or self.solve(fix_all_directions(self.data, self.best))
        if raw.status is Status.OPTIMAL:
            self._accept(net_out(self.data, raw.values))
        gap = self.gap()
        notes: list[str] = [_("出现双向电量的时步已定为单向；影子价格按各时步已定的方向计算。")]
        if gap > PROVEN_GAP:
            notes.append(open_note(gap))
        optimal = raw.status is Status.OPTIMAL
        answer = replace(
            raw if optimal else self.raw,
            status=Status.OPTIMAL if gap <= PROVEN_GAP else Status.FEASIBLE,
            engine=self.raw.engine,
            values=self.best,
            gap=gap,
            row_duals=raw.row_duals if optimal else {},
            reduced_costs=raw.reduced_costs if optimal else {},
            seconds=self.raw.seconds + self.seconds,
            build_seconds=self.raw.build_seconds,
            iterations=self.raw.iterations,
            notes=(*self.raw.notes, *notes, *self.notes),
        )
        return ExclusiveAnswer(answer, self.bound, self.shown, self.relaxed)

    def _without_plan(self) -> ExclusiveAnswer:
        reason = _("没有找到各时步都不双向的方案。")
        status = Status.INFEASIBLE if self.infeasible else Status.NOT_SOLVED
        raw = replace(
            self.raw, status=status, values={}, notes=(*self.raw.notes, reason, *self.notes)
        )
        return ExclusiveAnswer(replace(raw, seconds=self.raw.seconds + self.seconds), self.bound)
