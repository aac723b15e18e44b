"""Branch and bound on capacities: the smaller their range, the tighter the rows of every step.

With capacities in a box, export and import of a step are bounded, and steps in which generation
surely exceeds consumption, or surely does not, have one direction only. What the relaxation gains
from going both ways in the rest falls with the square of the box's width, so few boxes are needed.
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
from greenland.energy.sizing.exclusive import Clash, clashes, tightened, totals, with_cuts, within

WORK = 200_000
"""Boxes times steps, more for several storages: about what the time grows with."""
PATIENCE = 100_000
"""The same, after which a gap that counts as proven is enough."""
LEAST_BOXES, MOST_BOXES = 4, 100
STEPS_PER_BOX = 4
"""Short horizons get a box for every so many steps: binary variables are soon quicker there."""
NARROW = 1e-4
"""Relative width of a capacity at which it is not split any more."""
FAMILIES = ("capacity", "storage_power")


class Host(Protocol):
    """Who solves the programs and keeps the best plan: `greenland.energy.sizing.repair.Settler`."""

    data: ModelData
    costs: Costs

    def solve(self, data: ModelData) -> RawSolution:
        """Optimum of a linear program."""
        ...

    def least(self, raw: RawSolution) -> float:
        """What an optimum proves [thousand yuan/yr]."""
        ...

    def consider(self, raw: RawSolution, found: Clash) -> None:
        """Make a plan of the optimum of a relaxation."""
        ...

    def proven(self, bound: float) -> bool:
        """Whether the best plan is proven optimal by a bound."""
        ...

    def wanted(self) -> float:
        """A plan has to cost less than this to be worth having [thousand yuan/yr]."""
        ...


@dataclass(order=True)
class Box:
    """Capacities within bounds, and the relaxation's optimum there."""

    bound: float
    number: int
    data: ModelData = field(compare=False)
    values: Mapping[str, Array] = field(compare=False)
    found: Clash = field(compare=False)


class Boxes:
    """Branch and bound on capacities.

    Parameters
    ----------
    host : Host
    data : ModelData
        The box of all plans that matter.
    found : Clash
        What the plain relaxation does both ways.

    Attributes
    ----------
    bound : float
        What no exclusive plan costs less than [thousand yuan/yr]; infinite if there is none.
    empty : bool
        Whether no box is left in which there might be a better plan.
    """

    def __init__(self, host: Host, data: ModelData, found: Clash) -> None:
        self.host, self.data, self.found, self.made = host, data, found, 0
        heavy = (1 + len(data.storage_power) + len(data.grid_stores)) / 2
        self.size = data.steps * heavy
        most = min(data.steps / STEPS_PER_BOX / heavy, WORK / self.size, MOST_BOXES)
        self.most = max(int(most), LEAST_BOXES)
        self.open: list[Box] = []
        self.kept: list[Box] = []  # too narrow to be split
        self.left = float("inf")  # least bound of the boxes that were given up

    def run(self) -> None:
        """Split the box with the least bound, until none is left or enough were made."""
        self._add(self.data)
        while self.open and self.made < self.most:
            if self.made * self.size > PATIENCE and self.host.proven(self.bound):
                break
            box = heapq.heappop(self.open)
            if self._given_up(box.bound):
                continue
            parts = split(box)
            if not parts:
                self.kept.append(box)
            for part in parts:
                self._add(part)
        self.open = [box for box in (*self.open, *self.kept) if not self._given_up(box.bound)]
        self.kept = []

    def _given_up(self, bound: float) -> bool:
        """Whether no plan of a box is worth looking for."""
        if bound < self.host.wanted():
            return False
        self.left = min(self.left, bound)
        return True

    def _add(self, data: ModelData) -> None:
        """Solve the relaxation of a box; keep it where a better plan may be in it."""
        self.made += 1
        costs = self.host.costs  # may turn from box to box: what holds for them is made anew
        raw = self.host.solve(with_cuts(tightened(data, costs), costs, self.found))
        if raw.status is Status.INFEASIBLE:
            return
        if raw.status is not Status.OPTIMAL:
            self.kept.append(Box(float("-inf"), self.made, data, {}, self.found))
            return
        found, bound = clashes(self.host.data, raw.values), self.host.least(raw)
        self.host.consider(raw, found)
        self.found = self.found | found
        if not self._given_up(bound):
            heapq.heappush(self.open, Box(bound, self.made, data, raw.values, found))

    @property
    def empty(self) -> bool:
        """Whether no box is left in which there might be a better plan."""
        return not self.open

    @property
    def bound(self) -> float:
        """What no exclusive plan costs less than."""
        return min([self.left, *(box.bound for box in (*self.open, *self.kept))])

    @property
    def hull(self) -> ModelData:
        """The capacities of all boxes that are left."""
        data = self.data
        for family in FAMILIES:
            sizes = [box.data.capacities[family] for box in self.open]
            if sizes:
                lows = [min(item.lower for item in line) for line in zip(*sizes, strict=True)]
                highs = [max(item.upper for item in line) for line in zip(*sizes, strict=True)]
                data = within(data, family, lows, highs)
        return data


def _reach(box: Box, family: str) -> Array:
    """How far a MW of each capacity moves the bounds of the steps at fault [MW/MW]."""
    data, found = box.data, box.found
    if family == "capacity":
        steps = found.exchange | found.storage.any(axis=0)
        return np.asarray(data.pu[:, steps].sum(axis=1))
    if not box.values:
        return np.ones(len(data.storage_power))
    active = found.storage | (found.exchange & (totals(data, box.values, "discharge") > 0))
    return np.asarray(active.sum(axis=1), dtype=float)


def split(box: Box) -> list[ModelData]:
    """Two halves of a box, along the capacity whose range matters most in the steps at fault."""
    best: tuple[float, str, int, float] | None = None
    for family in FAMILIES:
        reach = _reach(box, family)
        for place, item in enumerate(box.data.capacities[family]):
            value = float(box.values[family][place]) if box.values else item.lower
            endless, least = not np.isfinite(item.upper), max(value, item.lower)
            high = 4.0 * (least + 1.0) if endless else item.upper
            width = high - item.lower
            if width <= NARROW * (1.0 + high):
                continue
            score = width * float(reach[place])
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
