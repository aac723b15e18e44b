"""Branch and bound on when generators stand for maintenance.

A node leaves some starts of each window; its linear program, with rows that say what the best of
them takes, bounds all plans below it. Windows that are placed make an ordinary site, so that
nothing but their place is left to the search.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from greenland.energy.problem.data import ModelData
from greenland.energy.problem.maintenance import Steps, WindowCut, cut_of, with_starts
from greenland.energy.problem.solution import RawSolution, Status
from greenland.energy.site import Array
from greenland.energy.sizing.building import Bounded, Leaf

TARGET_GAP = 5e-5
"""Relative gap at which the search ends: half of what counts as proven."""
MAX_PROGRAMS = 100
"""Bounding programs after which the search ends with the gap it has."""
MAX_CUTS = 3
"""Rows kept for each window; older ones are left out."""
FEW = 8
"""Starts of a window up to which they are divided at once: rows would take as many programs."""
WORTH_CUTTING = 0.1
"""Share of the gap that new rows must close, or the starts are divided."""

Starts = tuple[Steps, ...]


@dataclass(order=True)
class _Placing:
    bound: float
    number: int
    starts: Starts = field(compare=False)
    cuts: tuple[WindowCut, ...] = field(compare=False)
    raw: RawSolution = field(compare=False)
    gained: float = field(default=float("inf"), compare=False)  # by its last rows


@dataclass
class MaintenanceSearch(Bounded):
    """The search over the places of windows.

    Parameters
    ----------
    data : ModelData
        With windows.
    relax : callable
        Optimum of the linear program of some data, and its cost less its gap.
    solve : callable
        Best plan of data whose windows are placed, where it costs less than a given cost.
    size : callable
        What the gap of a plan is relative to [thousand yuan/yr].
    """

    data: ModelData
    relax: Callable[[ModelData], tuple[RawSolution, float]]
    solve: Callable[[ModelData, float], Leaf | None]
    size: Callable[[Leaf], float]
    best: Leaf | None = None
    programs: int = 0
    lowest: float = float("inf")  # bound of what was closed
    tried: set[tuple[int, ...]] = field(default_factory=set)

    def run(self) -> RawSolution | None:
        """Search; the answer of the linear program at the root where that has no optimum."""
        counter = itertools.count()
        starts = tuple(window.starts for window in self.data.windows)
        raw, bound = self._relaxed(starts, ())
        if raw.status is not Status.OPTIMAL:
            return raw
        heap = [_Placing(bound, next(counter), starts, (), raw)]
        while heap:
            node = heapq.heappop(heap)
            if node.bound >= self.cutoff(TARGET_GAP):
                heapq.heappush(heap, node)
                break
            self._try(node)
            if self.programs >= MAX_PROGRAMS:
                heapq.heappush(heap, node)
                break
            if all(len(left) == 1 for left in node.starts):
                self.lowest = min(self.lowest, node.bound)
                continue
            for starts, cuts in self._below(node):
                raw, bound = self._relaxed(starts, cuts)
                if raw.status is Status.OPTIMAL:
                    bound = max(bound, node.bound)
                    gained = bound - node.bound if starts is node.starts else float("inf")
                    heapq.heappush(heap, _Placing(bound, next(counter), starts, cuts, raw, gained))
                elif raw.status is not Status.INFEASIBLE:  # nothing is known of it
                    self.lowest = min(self.lowest, node.bound)
        self.lowest = min([self.lowest, *(node.bound for node in heap)])
        return None

    def _relaxed(self, starts: Starts, cuts: tuple[WindowCut, ...]) -> tuple[RawSolution, float]:
        self.programs += 1
        return self.relax(replace(with_starts(self.data, starts), window_cuts=cuts))

    def _worth(self, node: _Placing, row: int) -> Array:
        """What one MW that can run is worth at every step, by the prices of a node."""
        prices = node.raw.row_duals.get("generation_limit")
        if prices is None:  # an engine without prices
            return np.ones(self.data.steps)
        rows = prices.reshape(len(self.data.generators), self.data.steps)
        return np.asarray(np.maximum(-rows[row], 0.0))

    def _try(self, node: _Placing) -> None:
        """The plan with every window where it takes least by the prices of a node."""
        placed = []
        for window, left in zip(self.data.windows, node.starts, strict=True):
            worth = self._worth(node, window.row) * self.data.running[window.row]
            taken = replace(window, starts=left).taken(worth)
            output = replace(window, starts=left).taken(node.raw.values["generation"][window.row])
            near = np.flatnonzero(taken <= taken.min() + 1e-9 * max(1.0, float(worth.sum())))
            placed.append(left[near[[int(np.argmin(output[near]))]]])
        key = tuple(int(one[0]) for one in placed)
        if key in self.tried:
            return
        self.tried.add(key)
        most = float("inf") if self.best is None else self.best.cost
        leaf = self.solve(with_starts(self.data, placed), most)
        if leaf is not None and leaf.cost < most:
            self.best = leaf

    def _below(self, node: _Placing) -> list[tuple[Starts, tuple[WindowCut, ...]]]:
        """What to solve next: the same starts with further rows, or both halves of a window's."""
        made = with_starts(self.data, node.starts)
        new = [
            cut
            for number, window in enumerate(made.windows)
            if (cut := cut_of(made, number, self._worth(node, window.row))) is not None
        ]
        cuts = (*node.cuts, *new)[-MAX_CUTS * len(self.data.windows) :]
        widest = max(range(len(node.starts)), key=lambda number: len(node.starts[number]))
        if new and len(node.starts[widest]) > FEW and self._rises(node):
            return [(node.starts, cuts)]
        left = node.starts[widest]
        half = len(left) // 2
        return [
            ((*node.starts[:widest], part, *node.starts[widest + 1 :]), cuts)
            for part in (left[:half], left[half:])
        ]

    def _rises(self, node: _Placing) -> bool:
        """Whether the last rows closed something of the gap, or these starts had none yet."""
        if self.best is None:
            return True
        return node.gained > WORTH_CUTTING * (self.best.cost - node.bound)
