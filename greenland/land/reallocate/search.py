"""Search for the best allocation: greedy start, whole programme, neighbourhoods."""

from __future__ import annotations

import time

import numpy as np

from greenland.highs import GAP
from greenland.land.reallocate.allocation import Allocation
from greenland.land.reallocate.answer import Answer, ReallocationStatus
from greenland.land.reallocate.areas import resize
from greenland.land.reallocate.bound import upper_bound
from greenland.land.reallocate.greedy import greedy, per_mu_order
from greenland.land.reallocate.neighbourhood import improve
from greenland.land.reallocate.programme import build
from greenland.land.reallocate.sites import (
    EPS,
    Land,
    ParcelGroups,
    Projects,
    find_parcel_groups,
    fitting,
)
from greenland.land.reallocate.solver import run

FIRST_SHARE = 0.5  # of the time for the whole programme, the rest for neighbourhoods
PAIRS = 3000  # pairs of project and group in one programme; larger cases by neighbourhoods


def solve(
    land: Land,
    projects: Projects,
    limits: dict[str, float],
    most: int,
    time_limit: float,
    gap: float = 0.0,
) -> Answer:
    """Greedy start, then the whole programme or neighbourhoods of it, then what still fits.

    Parameters
    ----------
    limits : dict of str to float
        What the park has of each limited resource.
    most : int
        Most parcels in a group.
    time_limit : float
        [s] for everything.
    gap : float
        Stop when the benefit is this near to the bound, as decimal of it.
    """
    close = max(gap, GAP)
    begun = time.perf_counter()
    groups = find_parcel_groups(land, most)
    fits = fitting(land, groups, projects)
    order = per_mu_order(projects)
    plain = greedy(Allocation.empty(land, projects, limits), groups, fits, order)
    start = _best_start(land, projects, limits, groups, fits, plain)
    everything = float(np.maximum(projects.benefit[[len(own) > 0 for own in fits]], 0.0).sum())
    proven = upper_bound(land, projects, limits, fits, 0.1 * time_limit)
    bound = _lower(everything, proven, start)
    best = start
    if bound - start.objective > close * bound:
        spent = time.perf_counter() - begun
        if sum(len(item) for item in fits) <= PAIRS:
            model = build(land, groups, projects, limits, fits)
            incumbent, dual = run(model, start, max(0.5, FIRST_SHARE * time_limit - spent), close)
            if incumbent is not None and incumbent.objective > best.objective + EPS:
                best = incumbent
            bound = _lower(bound, dual, best) if groups.complete else bound
        left = time_limit - (time.perf_counter() - begun)
        best = improve(best, groups, fits, most, bound * (1 - close), 0.95 * left)
    best = greedy(best.copy(), groups, fits, order, least_area=True)
    bound = max(bound, best.objective)
    near = bound - best.objective <= GAP * bound
    status = ReallocationStatus.OPTIMAL if near else ReallocationStatus.FEASIBLE
    return Answer(
        status,
        best=resize(best, groups, projects.wanted),
        least_land=resize(best, groups, projects.least),
        greedy=plain,
        bound=bound,
        groups=groups,
        fits=fits,
    )


def _lower(bound: float, proven: float, best: Allocation) -> float:
    """The lower of two bounds; a bound below the benefit of the best allocation is refused."""
    return min(bound, proven) if proven >= best.objective * (1 - GAP) else bound


def _best_start(
    land: Land,
    projects: Projects,
    limits: dict[str, float],
    groups: ParcelGroups,
    fits: list[np.ndarray],
    plain: Allocation,
) -> Allocation:
    """The best greedy allocation over several orders of the projects, the plain one included."""
    scarce = projects.benefit / np.maximum(projects.least, EPS)
    orders = [
        per_mu_order(projects),
        np.argsort(-scarce, kind="stable").tolist(),
        np.argsort(-projects.benefit, kind="stable").tolist(),
    ]
    tried = [
        greedy(Allocation.empty(land, projects, limits), groups, fits, order, least_area=True)
        for order in orders
    ]
    return max([plain, *tried], key=lambda item: item.objective)
