"""An allocation: how much of which parcel each project has, and what is left."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from greenland.land.reallocate.sites import EPS, Land, Projects


@dataclass
class Allocation:
    """Which project has how much of which parcel, and what is left.

    `place` puts a project on a site; `pieces` maps project to {parcel: area}.
    """

    land: Land
    projects: Projects
    limits: dict[str, float]
    pieces: dict[int, dict[int, float]]
    site: dict[int, int]
    left: np.ndarray
    power_left: np.ndarray
    limits_left: dict[str, float]
    shares: dict[int, dict[int, float]] = field(default_factory=dict)

    @classmethod
    def empty(cls, land: Land, projects: Projects, limits: dict[str, float]) -> Allocation:
        """Nothing placed."""
        return cls(
            land, projects, limits, {}, {}, land.area.copy(), land.power.copy(), dict(limits)
        )

    def copy(self) -> Allocation:
        """An allocation of its own with the same content."""
        return Allocation(
            self.land,
            self.projects,
            self.limits,
            dict(self.pieces),
            dict(self.site),
            self.left.copy(),
            self.power_left.copy(),
            dict(self.limits_left),
            dict(self.shares),
        )

    @property
    def objective(self) -> float:
        """Benefit of what is placed."""
        return float(sum(self.projects.benefit[p] for p in self.pieces))

    def within_limits(self, project: int, area: float) -> bool:
        """Whether the park's limits allow the project on so much land."""
        for name, left in self.limits_left.items():
            need = area if name == "area_mu" else self.projects.needs[name][project]
            if need > left + EPS:
                return False
        return True

    def place(
        self,
        project: int,
        site: int,
        pieces: dict[int, float],
        power: dict[int, float] | None = None,
    ) -> None:
        """Give the project these pieces [亩], and its load these shares of power [MW]."""
        self.pieces[project], self.site[project] = pieces, site
        for parcel, area in pieces.items():
            self.left[parcel] -= area
            if self.left[parcel] < EPS:
                self.left[parcel] = 0.0
        shares = self._power_shares(project, pieces) if power is None else power
        self.shares[project] = shares
        for parcel, share in shares.items():
            self.power_left[parcel] -= share
        for name in self.limits_left:
            need = sum(pieces.values()) if name == "area_mu" else self.projects.needs[name][project]
            self.limits_left[name] -= need

    def _power_shares(self, project: int, pieces: dict[int, float]) -> dict[int, float]:
        """Draw the load from the parcels in turn; none from a site with unknown capacity."""
        if any(np.isnan(self.power_left[parcel]) for parcel in pieces):
            return {}
        need, shares = float(self.projects.power[project]), {}
        for parcel in pieces:
            shares[parcel] = min(need, max(float(self.power_left[parcel]), 0.0))
            need -= shares[parcel]
        return shares

    def fit(
        self, project: int, site: tuple[int, ...], whole: frozenset[int], wanted: float
    ) -> dict[int, float] | None:
        """Pieces of a site for a project, as near to *wanted* as can be; None when none fit.

        At most one parcel of the site is divided.
        """
        left, land, projects = self.left, self.land, self.projects
        if any(left[k] < land.area[k] - EPS for k in whole):
            return None
        if any(left[k] < land.least[k] - EPS for k in site):
            return None
        least, most = projects.least[project], projects.most[project]
        total = float(sum(left[k] for k in site))
        best: dict[int, float] | None = None
        distance = np.inf
        if least - EPS <= total <= most + EPS:
            best = {k: float(left[k]) for k in site}
            distance = abs(total - wanted)
        for k in site:
            if k in whole or left[k] < 2 * land.min_piece - EPS:
                continue
            rest = total - left[k]
            low = max(land.min_piece, least - rest)
            high = min(left[k] - land.min_piece, most - rest)
            if low > high + EPS:
                continue
            piece = float(np.clip(wanted - rest, low, high))
            if abs(rest + piece - wanted) < distance - EPS:
                distance = abs(rest + piece - wanted)
                best = {j: float(left[j]) if j != k else piece for j in site}
        return best
