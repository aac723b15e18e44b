"""Outcome of the search: allocations, bound and status."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from greenland.i18n import N_
from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.sites import Sites


class ReallocationStatus(StrEnum):
    """How far the search went."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"


REALLOCATION_STATUS_LABELS = {
    ReallocationStatus.OPTIMAL: N_("最优"),
    ReallocationStatus.FEASIBLE: N_("在时限内找到的最好方案"),
}


@dataclass(frozen=True)
class Answer:
    """Outcome of the search.

    `best` has areas near to what was asked for, `tight` the same projects on as little land as
    they can do with; `greedy` is what the greedy hand makes of it.
    """

    status: ReallocationStatus
    best: Allocation
    tight: Allocation
    greedy: Allocation
    bound: float
    sites: Sites
    fits: list[np.ndarray]

    @property
    def gap(self) -> float:
        """(bound − objective) / bound, as decimal; 0 when nothing can be gained."""
        return max(0.0, (self.bound - self.best.objective) / self.bound) if self.bound > 0 else 0.0
