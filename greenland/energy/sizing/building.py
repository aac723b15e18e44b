"""Branch and bound on what is built at all: least sizes if built, and costs of building.

Each node fixes some parts as built or not; its linear program bounds all plans below it. A set of
parts is solved like any other site, so that nothing but this choice is left to the search.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from greenland.energy.problem.building import built_of, must_be_built, with_built
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.solution import RawSolution, Status
from greenland.energy.site import Array

TARGET_GAP = 1e-6
"""Relative gap at which the search ends."""
MAX_NODES = 500
"""Linear programs after which the search ends with the gap it has."""

Built = Mapping[int, bool]


@dataclass(frozen=True)
class Leaf:
    """A set of parts, the best plan with it, its cost and what no such plan costs less than."""

    plan: Any
    values: Mapping[str, Array]
    cost: float
    bound: float


class Bounded:
    """A search that has a best plan, and knows what none costs less than."""

    size: Callable[[Leaf], float]
    best: Leaf | None
    lowest: float

    @property
    def gap(self) -> float:
        """How far the best plan may be from the best there is, relative."""
        assert self.best is not None
        return max(0.0, self.best.cost - self.lowest) / max(1.0, self.size(self.best))

    def cutoff(self, target: float) -> float:
        """What a plan must cost less than to be better by more than a relative gap."""
        if self.best is None:
            return float("inf")
        return self.best.cost - target * max(1.0, self.size(self.best))


@dataclass(order=True)
class _Node:
    bound: float
    number: int
    built: Built = field(compare=False)
    raw: RawSolution = field(compare=False)


@dataclass
class BuildSearch(Bounded):
    """The search over what is built.

    Parameters
    ----------
    data : ModelData
        With choices.
    relax : callable
        Optimum of the linear program of some data, and its cost less its gap.
    solve : callable
        Best plan of data in which every choice is made; None where there is none.
    size : callable
        What the gap of a plan is relative to [thousand yuan/yr].
    """

    data: ModelData
    relax: Callable[[ModelData], tuple[RawSolution, float]]
    solve: Callable[[ModelData], Leaf | None]
    size: Callable[[Leaf], float]
    best: Leaf | None = None
    nodes: int = 0
    lowest: float = float("inf")  # bound of what was closed
    tried: dict[frozenset[int], Leaf | None] = field(default_factory=dict)

    def run(self) -> RawSolution | None:
        """Search; the answer of the linear program at the root where that has no optimum."""
        root = dict.fromkeys(must_be_built(self.data), True)
        raw, bound = self._relaxed(root)
        if raw.status is not Status.OPTIMAL:
            return raw
        counter = itertools.count()
        heap = [_Node(bound, next(counter), root, raw)]
        while heap and self.nodes < MAX_NODES:
            node = heapq.heappop(heap)
            if node.bound >= self.cutoff(TARGET_GAP):
                heapq.heappush(heap, node)
                break
            leaf = self._try(node)
            choices = [n for n in range(len(self.data.choices)) if n not in node.built]
            if not choices:
                self.lowest = min(self.lowest, node.bound if leaf is None else leaf.bound)
                continue
            chosen = self._furthest(node, choices)
            for value in (True, False):
                built = {**node.built, chosen: value}
                raw, bound = self._relaxed(built)
                if raw.status is Status.OPTIMAL:
                    bound = max(bound, node.bound)
                    heapq.heappush(heap, _Node(bound, next(counter), built, raw))
                elif raw.status is not Status.INFEASIBLE:  # nothing is known of it
                    heapq.heappush(heap, _Node(node.bound, next(counter), built, node.raw))
        self.lowest = min([self.lowest, *(node.bound for node in heap)])
        return None

    def _relaxed(self, built: Built) -> tuple[RawSolution, float]:
        made = with_built(self.data, built)
        if any(one.lower > one.upper for items in made.capacities.values() for one in items):
            return RawSolution(Status.INFEASIBLE, ""), float("inf")
        self.nodes += 1
        return self.relax(made)

    def _try(self, node: _Node) -> Leaf | None:
        """The plan that builds what the relaxation of a node builds."""
        yes = {number for number, value in node.built.items() if value}
        yes |= built_of(self.data, node.raw.values) - set(node.built)
        built = frozenset(yes)
        if built not in self.tried:
            every = {number: number in built for number in range(len(self.data.choices))}
            self.tried[built] = leaf = self.solve(with_built(self.data, every))
            if leaf is not None and (self.best is None or leaf.cost < self.best.cost):
                self.best = leaf
        return self.tried[built]

    def _furthest(self, node: _Node, choices: list[int]) -> int:
        """The choice whose relaxation is furthest from what building it would take."""

        def off(number: int) -> float:
            choice = self.data.choices[number]
            family, place = choice.places[0]
            item = self.data.capacities[family][place]
            new = float(node.raw.values[family][place]) - item.existing
            short = max(0.0, choice.least - new) / max(choice.least, 1.0)
            return (short + choice.cost / (1.0 + choice.cost)) if new > 0 else 0.0

        return max(choices, key=off)
