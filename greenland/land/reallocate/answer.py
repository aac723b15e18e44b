"""Outcome of the search: allocations, bound and status."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from greenland.i18n import N_
from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.sites import ParcelGroups


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

    Parameters
    ----------
    best : Allocation
        Areas as near to those asked for as the parcels allow.
    least_land : Allocation
        The same projects, each on the least area of its range.
    greedy : Allocation
        Projects placed one after the other by benefit per area.
    bound : float
        Benefit that no allocation exceeds, in the unit of the objective.
    fits : list of array
        For each project the groups of parcels it fits on.
    """

    status: ReallocationStatus
    best: Allocation
    least_land: Allocation
    greedy: Allocation
    bound: float
    groups: ParcelGroups
    fits: list[np.ndarray]

    @property
    def gap(self) -> float:
        """(bound − objective) / bound, as decimal; 0 when nothing can be gained."""
        return max(0.0, (self.bound - self.best.objective) / self.bound) if self.bound > 0 else 0.0
