"""Lower bounds on the cost of whole units, from the dual values of problems solved before.

The least cost is a convex function of the capacities. Every linear program that was solved, with
capacities fixed or held between bounds, gives a plane below it: its cost at its capacities, and the
reduced costs of these as slopes. Together they bound the cost of all whole numbers of units in a
box, without another look at the hours (Benders' cuts).

References
----------
J. F. Benders, *Partitioning procedures for solving mixed-variables programming problems*, Numer.
Math. 4 (1962) 238-252.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from greenland import highs
from greenland.lp.program import Floats

Counts = Mapping[str, tuple[float, float]]
"""Least and largest number of units of each capacity."""
SAFETY = 1e-6
"""Relative: by so much a plane may be too high, for the accuracy of what was solved."""


class UnitBounds:
    """Planes below the least cost.

    Parameters
    ----------
    names : sequence of str
        Capacities that come in units.
    """

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(names)
        self._planes: list[tuple[float, Floats]] = []  # cost at no units, slopes per unit

    def learn(self, cost: float, units: Mapping[str, float], slopes: Mapping[str, float]) -> None:
        """Take a linear program's optimum as one more plane.

        Parameters
        ----------
        cost : float
            Of the optimum.
        units : mapping of capacity to float
            Numbers of units at the optimum.
        slopes : mapping of capacity to float
            What the bounds of the capacities cost, per unit: their reduced costs.
        """
        slope = np.array([slopes[name] for name in self.names])
        at = cost - float(slope @ np.array([units[name] for name in self.names]))
        if np.isfinite(at):
            self._planes.append((at - SAFETY * abs(cost), slope))

    def least(self, counts: Counts) -> float:
        """What no whole numbers of units in a box can cost less than; minus infinity if unknown."""
        if not self._planes:
            return -np.inf
        width, height = len(self.names), len(self._planes)
        slopes = np.array([slope for _at, slope in self._planes])
        lows, highs_ = (np.array([counts[name][side] for name in self.names]) for side in (0, 1))
        problem = highs.Problem(
            cost=np.append(np.zeros(width), 1.0),
            matrix=sparse.csr_array(np.hstack([-slopes, np.ones((height, 1))])),
            row_lower=np.array([at for at, _slope in self._planes]),
            row_upper=np.full(height, np.inf),
            column_lower=np.append(lows, -np.inf),
            column_upper=np.append(highs_, np.inf),
            integer=np.append(np.ones(width, dtype=bool), False),
        )
        return highs.solve(problem).bound
