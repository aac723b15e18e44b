"""Branch and bound on capacities: the smaller their ranges, the tighter the cuts of every step.

With capacities in a box, export and import of a step are bounded, and steps in which generation
surely exceeds consumption, or surely does not, have one direction only. The gain from simultaneous
flows in the other steps falls with the square of the box's width, so that few boxes are needed.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from greenland.energy.problem.costs import Costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.solution import RawSolution, Status
from greenland.energy.site import Array
from greenland.energy.sizing.exclusive import (
    SimultaneousFlows,
    simultaneous_flows,
    tightened,
    totals,
    with_cuts,
    within,
)

MAX_WORK = 200_000
"""Limit on boxes times steps (more for several storages), to which the time is proportional."""
PROVEN_WORK = 100_000
"""The same, after which a gap within `PROVEN_GAP` is enough."""
MIN_BOXES, MAX_BOXES = 4, 100
STEPS_PER_BOX = 4
"""Steps per box on short horizons, where binary variables are soon quicker."""
MIN_WIDTH = 1e-4
"""Relative width of a capacity at which it is not split any more."""
FAMILIES = ("capacity", "storage_power")


class Host(Protocol):
    """Solves the programs and holds the incumbent; `ExclusiveRepair` is one."""

    data: ModelData
    costs: Costs

    def solve(self, data: ModelData) -> RawSolution:
        """Optimum of a linear program."""
        ...

    def lower_bound(self, raw: RawSolution) -> float:
        """Lower bound from an optimum [thousand yuan/yr]."""
        ...

    def try_plan(self, raw: RawSolution, simultaneous: SimultaneousFlows) -> None:
        """Primal heuristic on the optimum of a relaxation."""
        ...

    def proven(self, bound: float) -> bool:
        """Whether a lower bound proves the incumbent optimal."""
        ...

    def cutoff(self) -> float:
        """Boxes with a bound of at least this are pruned [thousand yuan/yr]."""
        ...


@dataclass(order=True)
class Box:
    """Capacities within bounds, and the relaxation's optimum there."""

    bound: float
    number: int
    data: ModelData = field(compare=False)
    values: Mapping[str, Array] = field(compare=False)
    simultaneous: SimultaneousFlows = field(compare=False)


class Boxes:
    """Branch and bound on capacities.

    Parameters
    ----------
    host : Host
    data : ModelData
        The box of all plans that matter.
    simultaneous : SimultaneousFlows
        Those of the plain relaxation.

    Attributes
    ----------
    bound : float
        Lower bound on the cost of exclusive plans [thousand yuan/yr]; infinite if there is none.
    empty : bool
        Whether no box is left in which there might be a better plan.
    """

    def __init__(self, host: Host, data: ModelData, simultaneous: SimultaneousFlows) -> None:
        self.host, self.data, self.simultaneous, self.solved = host, data, simultaneous, 0
        heavy = (1 + len(data.storage_power) + len(data.grid_stores)) / 2
        self.work_per_box = data.steps * heavy
        most = min(data.steps / STEPS_PER_BOX / heavy, MAX_WORK / self.work_per_box, MAX_BOXES)
        self.max_boxes = max(int(most), MIN_BOXES)
        self.open: list[Box] = []
        self.narrow: list[Box] = []  # too narrow to be split
        self.pruned_bound = float("inf")  # least bound of the pruned boxes

    def run(self) -> None:
        """Split the box with the least bound, until none is left or enough were solved."""
        self._add(self.data)
        while self.open and self.solved < self.max_boxes:
            if self.solved * self.work_per_box > PROVEN_WORK and self.host.proven(self.bound):
                break
            box = heapq.heappop(self.open)
            if self._pruned(box.bound):
                continue
            parts = split(box)
            if not parts:
                self.narrow.append(box)
            for part in parts:
                self._add(part)
        self.open = [box for box in (*self.open, *self.narrow) if not self._pruned(box.bound)]
        self.narrow = []

    def _pruned(self, bound: float) -> bool:
        """Whether a box is pruned by its bound."""
        if bound < self.host.cutoff():
            return False
        self.pruned_bound = min(self.pruned_bound, bound)
        return True

    def _add(self, data: ModelData) -> None:
        """Solve the relaxation of a box; queue the box unless it is pruned."""
        self.solved += 1
        costs = self.host.costs  # may change from box to box, and the cuts with them
        raw = self.host.solve(with_cuts(tightened(data, costs), costs, self.simultaneous))
        if raw.status is Status.INFEASIBLE:
            return
        if raw.status is not Status.OPTIMAL:
            self.narrow.append(Box(float("-inf"), self.solved, data, {}, self.simultaneous))
            return
        simultaneous, bound = (
            simultaneous_flows(self.host.data, raw.values),
            self.host.lower_bound(raw),
        )
        self.host.try_plan(raw, simultaneous)
        self.simultaneous = self.simultaneous | simultaneous
        if not self._pruned(bound):
            heapq.heappush(self.open, Box(bound, self.solved, data, raw.values, simultaneous))

    @property
    def empty(self) -> bool:
        """Whether no box is left in which there might be a better plan."""
        return not self.open

    @property
    def bound(self) -> float:
        """Lower bound on the cost of exclusive plans."""
        return min([self.pruned_bound, *(box.bound for box in (*self.open, *self.narrow))])

    @property
    def hull(self) -> ModelData:
        """The smallest box around all open ones."""
        data = self.data
        for family in FAMILIES:
            sizes = [box.data.capacities[family] for box in self.open]
            if sizes:
                lows = [min(item.lower for item in line) for line in zip(*sizes, strict=True)]
                highs = [max(item.upper for item in line) for line in zip(*sizes, strict=True)]
                data = within(data, family, lows, highs)
        return data


def _weight(box: Box, family: str) -> Array:
    """How far a MW of each capacity moves the bounds of steps with simultaneous flows [MW/MW]."""
    data, simultaneous = box.data, box.simultaneous
    if family == "capacity":
        steps = simultaneous.exchange | simultaneous.storage.any(axis=0)
        return np.asarray(data.pu[:, steps].sum(axis=1))
    if not box.values:
        return np.ones(len(data.storage_power))
    active = simultaneous.storage | (
        simultaneous.exchange & (totals(data, box.values, "discharge") > 0)
    )
    return np.asarray(active.sum(axis=1), dtype=float)


def split(box: Box) -> list[ModelData]:
    """Split a box along the capacity whose range moves those bounds most."""
    best: tuple[float, str, int, float] | None = None
    for family in FAMILIES:
        weight = _weight(box, family)
        for place, item in enumerate(box.data.capacities[family]):
            value = float(box.values[family][place]) if box.values else item.lower
            unbounded, least = not np.isfinite(item.upper), max(value, item.lower)
            high = 4.0 * (least + 1.0) if unbounded else item.upper
            width = high - item.lower
            if width <= MIN_WIDTH * (1.0 + high):
                continue
            score = width * float(weight[place])
            if best is None or score > best[0]:
                middle = min(max(value, item.lower + 0.2 * width), high - 0.2 * width)
                best = score, family, place, middle
    if best is None:
        return []
    _score, family, place, middle = best
    assets = box.data.capacities[family]
    lows, highs = [item.lower for item in assets], [item.upper for item in assets]
    below, above = list(highs), list(lows)
    below[place] = above[place] = middle
    return [within(box.data, family, lows, below), within(box.data, family, above, highs)]
