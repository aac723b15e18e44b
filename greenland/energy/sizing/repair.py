"""From the optimum of the linear program to a plan in which nothing happens both ways.

What costs nothing to cancel is cancelled. Else the problem is solved again with no arbitrage, and
with one direction only where both were used: plans that may already be as good as the bound. Then
the bound is raised by rows and capacities that hold for every exclusive plan. Binary variables
come last, and only in the steps that need them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from greenland.energy.plan.plan import Reported, reported
from greenland.energy.plan.replay.recompute import TOLERANCE
from greenland.energy.problem.costs import Costs, dot
from greenland.energy.problem.data import Ceiling, ModelData
from greenland.energy.problem.solution import PROVEN_GAP, RawSolution, Status
from greenland.energy.site import Array
from greenland.energy.sizing.boxes import Boxes
from greenland.energy.sizing.engines import Engines, Values
from greenland.energy.sizing.exclusive import (
    Clash,
    bounded,
    clashes,
    directed,
    net_out,
    one_direction,
    profitable_exchange,
    tightened,
    with_binaries,
    with_cuts,
    within,
    without_arbitrage,
)
from greenland.i18n import _

AIM = 1e-6
"""Relative gap at which no better plan or bound is looked for."""
ROUNDS = 4
"""Most repetitions of each means: fixing directions, raising the bound, adding binaries."""
MOST_BINARIES = 1500
"""More binary variables are out of reach; the best plan then stands with its gap."""
Start = tuple[Values, Reported | None]
Turn = Callable[[Values, Reported], Costs | None]


@dataclass(frozen=True)
class Settled:
    """An exclusive answer, and what no exclusive plan costs less than [thousand yuan/yr]."""

    raw: RawSolution
    bound: float = float("-inf")
    shown: Reported | None = None
    relaxed: ModelData | None = None  # the linear program that gave the bound


def open_note(gap: float) -> str:
    """What is said of a plan that is not proven."""
    return _("最优性未证明到底：目标值与下界相差不超过 {gap:.2%}。", gap=gap)


def exclusive(
    data: ModelData,
    costs: Costs,
    engines: Engines,
    raw: RawSolution | None = None,
    *,
    size: Callable[[Mapping[str, Array]], float] | None = None,
    thorough: bool = True,
    start: Start | None = None,
    turn: Turn | None = None,
) -> Settled:
    """Least of a linear objective over plans in which nothing happens both ways.

    *raw* is the optimum of the linear program if it is known already, *start* a plan to do better
    than, with what is reported of it; for the others see `Settler`.
    """
    raw = engines.optimum(data, costs) if raw is None else raw
    if raw.status is not Status.OPTIMAL:
        return Settled(raw)
    settler = Settler(data, costs, raw, engines, size=size, thorough=thorough, turn=turn)
    if start is not None:
        settler.best, settler.shown = start
    return settler.settle()


class Settler:
    """Makes one linear answer exclusive.

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
    turn : callable, optional
        Told every better plan; may put another objective in the place of the present one. It must
        be no lower at any plan, so that bounds found before go on to hold.
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
        turn: Turn | None = None,
    ) -> None:
        self.data, self.costs, self.raw, self.engines = data, costs, raw, engines
        self.size, self.thorough = size or (lambda values: abs(self.cost(values))), thorough
        self.turn = turn
        self.best: Values | None = None
        self.shown: Reported | None = None
        self.bound = float("-inf")
        self.seconds = 0.0
        self.hull: ModelData | None = None  # capacities in which there may be a better plan
        self.seen = Clash(np.zeros(0, bool), np.zeros((0, 0), bool))
        self.left = float("inf")  # least bound of what lies outside the hull
        self.tried: set[bytes] = set()  # directions of all steps that were solved with
        self.infeasible = False
        self.notes: tuple[str, ...] = ()

    def settle(self) -> Settled:
        """The answer with nothing both ways."""
        self.bound = self.least(self.raw)
        found, netted = clashes(self.data, self.raw.values), net_out(self.data, self.raw.values)
        if not found:
            return Settled(replace(self.raw, values=netted), self.bound, None, self.data)
        self._keep(netted)
        if self._good():
            return self._noted(_("同一时步双向的电量已对消，费用与各项限制不受影响。"))
        if found.exchange.any():
            self._keep_exclusive(self.data, without_arbitrage(self.data, self.costs))
        self._one_direction(found, netted)
        if self._good():
            return self._noted(_("出现双向电量的时步已定为单向，费用不变。"))
        if self.thorough:
            found = self._raise_bound(found)
            self._with_binaries(found)
        return self._directed()

    @property
    def relaxed(self) -> ModelData:
        """The relaxation over all that is left, with rows that hold for the present objective."""
        if self.hull is None:
            return self.data
        return with_cuts(tightened(self.hull, self.costs), self.costs, self.seen)

    def cost(self, values: Mapping[str, Array]) -> float:
        """The objective of some values [thousand yuan/yr]."""
        return dot(values, self.costs.by_family) + self.costs.constant

    def gap(self) -> float:
        """How far the best plan is above the bound at most, relative."""
        assert self.best is not None
        above = max(0.0, self.cost(self.best) - self.bound)
        return above / max(1.0, self.size(self.best))

    def _room(self) -> float:
        """Cost that is not worth looking for [thousand yuan/yr]."""
        return AIM * max(1.0, 0.0 if self.best is None else self.size(self.best))

    def _good(self) -> bool:
        return self.best is not None and self.gap() <= AIM

    def solve(self, data: ModelData, costs: Costs | None = None) -> RawSolution:
        """Optimum of a linear program, for the objective unless another is given."""
        raw = self.engines.optimum(data, costs or self.costs)
        self.seconds += raw.seconds + raw.build_seconds
        return raw

    def _keep(self, values: Values) -> None:
        """Remember values that close when replayed, if they are the best so far."""
        if self.best is not None and self.cost(values) >= self.cost(self.best):
            return
        shown = reported(self.data, values)
        if shown.replayed.residual <= TOLERANCE:
            self.best, self.shown = values, shown
            if self.turn is not None:
                self.costs = self.turn(values, shown) or self.costs

    def _keep_exclusive(self, data: ModelData, costs: Costs | None = None) -> None:
        """Solve a program whose optimum, netted, may be a plan; again if that turns the objective.

        *costs* may stand in the place of the objective.
        """
        for _round in range(ROUNDS):
            raw, objective = self.solve(data, costs), self.costs
            if raw.status is Status.OPTIMAL:
                self._keep(net_out(self.data, raw.values))
            if self.costs is objective or costs is not None:
                return

    def _one_direction(self, found: Clash, netted: Values) -> None:
        """Solve with one direction only where both were used, until no other step has both."""
        data, steps, flow = self.data, found, netted
        for _round in range(ROUNDS):
            data = one_direction(data, steps, flow)
            raw = self.solve(data)
            if raw.status is not Status.OPTIMAL:
                return
            steps, flow = clashes(self.data, raw.values), net_out(self.data, raw.values)
            if not steps:
                break
        self._keep(flow)

    # -- raising the bound -----------------------------------------------------------------

    def _raise_bound(self, found: Clash) -> Clash:
        """Branch on capacities, with rows that hold for exclusive plans of such sizes."""
        every = [np.arange(self.data.steps)] * len(self.data.storage_power)
        cut = with_cuts(tightened(self.data, self.costs), self.costs, found)
        boxes = Boxes(self, self._within_ceiling(self.data, cut, every), found)
        boxes.run()
        self.hull, self.seen, self.left = boxes.hull, boxes.found, boxes.left
        self.infeasible = boxes.empty and self.best is None
        if not self.infeasible:
            self.bound = max(self.bound, boxes.bound)
        return boxes.found

    def proven(self, bound: float) -> bool:
        """Whether the best plan is proven optimal by a bound."""
        if self.best is None:
            return False
        above = self.cost(self.best) - bound
        return above <= 0.5 * PROVEN_GAP * max(1.0, self.size(self.best))

    def wanted(self) -> float:
        """A plan has to cost less than this to be worth having [thousand yuan/yr]."""
        return float("inf") if self.best is None else self.cost(self.best) - self._room() / 2

    def least(self, raw: RawSolution) -> float:
        """What an optimum proves: its cost less what its own proof leaves open."""
        cost = self.cost(raw.values)
        return cost - (raw.gap or 0.0) * abs(cost)

    def consider(self, raw: RawSolution, found: Clash) -> None:
        """Make a plan of the optimum of a relaxation."""
        flow = net_out(self.data, raw.values)
        self._keep(flow)
        if found and self.least(raw) < self.wanted():
            held = directed(self.data, flow)
            ways = b"".join((way > 0).tobytes() for way in _ways(held))
            if ways not in self.tried:
                self.tried.add(ways)
                self._keep_exclusive(held)

    # -- binary variables ------------------------------------------------------------------

    def _with_binaries(self, found: Clash) -> None:
        """Solve with binaries in the steps that need them, until none is left that does."""
        if self._good() or self.infeasible:
            return
        steps = found
        for _round in range(ROUNDS):
            objective, relaxed = self.costs, self.relaxed
            steps = steps | Clash(profitable_exchange(relaxed, objective), found.storage)
            data = with_binaries(relaxed, steps)
            if len(data.importing) + sum(len(line) for line in data.charging) > MOST_BINARIES:
                return
            data, whole = self._finite(data)
            answer = self.engines.mixed(data, objective, self.best, self._room())
            self.seconds += answer.seconds + answer.build_seconds
            self.notes = answer.notes
            if whole and answer.bound is not None:
                self.bound = max(self.bound, min(answer.bound, self.left))
            if not answer.status.has_plan:
                self.infeasible = whole and self.best is None and answer.status is Status.INFEASIBLE
                return
            more = clashes(self.data, answer.values)
            self._keep(net_out(self.data, answer.values))
            if self.best is None or (answer.status is not Status.OPTIMAL and not more):
                self._keep_exclusive(directed(self.data, net_out(self.data, answer.values)))
            if self._good() or answer.status is not Status.OPTIMAL:
                return
            if not more and self.costs is objective:
                return
            steps = steps | more

    def _finite(self, data: ModelData) -> tuple[ModelData, bool]:
        """Bounds for what a binary variable switches, and whether they hold for every good plan.

        Powers of storages without a bound are held within what plans no dearer than the best can
        have. What is still endless is held within four times the flows there can be in a step.
        """
        data = self._within_ceiling(data, self.relaxed, data.charging)
        whole = bounded(data)
        if whole:
            return data, True
        flows = float(np.max(data.load)) + float(np.max(self.raw.values["capacity"] @ data.pu))
        large = 4.0 * (1.0 + flows)
        powers = [min(item.upper, large) for item in data.storage_power]
        data = within(data, "storage_power", [item.lower for item in data.storage_power], powers)
        held = replace(
            data,
            import_cap=np.minimum(data.import_cap, large),
            export_cap=np.minimum(data.export_cap, large),
        )
        return held, False

    def _within_ceiling(
        self, data: ModelData, relaxed: ModelData, steps: Sequence[NDArray[np.int64]]
    ) -> ModelData:
        """Endless powers of storages within what plans no dearer than the best can have.

        Of those with any *steps*; *relaxed* is a relaxation of *data*.
        """
        if self.best is None:
            return data
        most = self.cost(self.best) - self.costs.constant + self._room()
        held = replace(relaxed, ceiling=Ceiling(self.costs.by_family, most))
        highs = [item.upper for item in data.storage_power]
        for b, chosen in enumerate(steps):
            if len(chosen) and not np.isfinite(highs[b]):
                unit = np.zeros(len(highs))
                unit[b] = -1.0
                raw = self.solve(held, Costs({"storage_power": unit}))
                if raw.status is Status.OPTIMAL:
                    highs[b] = 1.0 + 1.001 * float(raw.values["storage_power"][b])
        return within(data, "storage_power", [item.lower for item in data.storage_power], highs)

    # -- results ---------------------------------------------------------------------------

    def _noted(self, note: str) -> Settled:
        """The best plan, with the prices of the linear program."""
        assert self.best is not None
        raw = replace(
            self.raw,
            values=self.best,
            gap=max(self.gap(), self.raw.gap or 0.0),
            seconds=self.raw.seconds + self.seconds,
            notes=(*self.raw.notes, note),
        )
        return Settled(raw, self.bound, self.shown, self.relaxed)

    def _directed(self) -> Settled:
        """The best plan, with the prices of the linear program that holds its directions."""
        if self.best is None:
            return self._without_plan()
        raw = self.solve(directed(self.data, self.best))
        if raw.status is Status.OPTIMAL:
            self._keep(net_out(self.data, raw.values))
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
        return Settled(answer, self.bound, self.shown, self.relaxed)

    def _without_plan(self) -> Settled:
        reason = _("没有找到各时步都不双向的方案。")
        status = Status.INFEASIBLE if self.infeasible else Status.NOT_SOLVED
        raw = replace(
            self.raw, status=status, values={}, notes=(*self.raw.notes, reason, *self.notes)
        )
        return Settled(replace(raw, seconds=self.raw.seconds + self.seconds), self.bound)


def _ways(data: ModelData) -> tuple[Array, ...]:
    """What says which directions are open."""
    return data.import_cap, data.export_cap, data.charge_cap, data.discharge_cap
