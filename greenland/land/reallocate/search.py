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
from greenland.land.reallocate.sites import EPS, Land, Projects, Sites, find_sites, fitting
from greenland.land.reallocate.solver import run

FIRST_SHARE = 0.5  # of the time for the whole programme, the rest for improving parts


PAIRS = 3000  # project-site pairs in one programme; larger cases are improved part by part


def solve(
    land: Land,
    projects: Projects,
    limits: dict[str, float],
    most: int,
    time_limit: float,
    gap: float = 0.0,
) -> Answer:
    """Greedy, then the programme started from it, then what still fits.

    Parameters
    ----------
    limits : dict of str to float
        What the park has of each limited resource.
    most : int
        Most parcels in a site.
    time_limit : float
        [s] for everything.
    gap : float
        Stop when the benefit is this near to the bound, as decimal of it.
    """
    close = max(gap, GAP)
    begun = time.perf_counter()
    sites = find_sites(land, most)
    fits = fitting(land, sites, projects)
    order = per_mu_order(projects)
    plain = greedy(Allocation.empty(land, projects, limits), sites, fits, order)
    start = _best_start(land, projects, limits, sites, fits, plain)
    everything = float(np.maximum(projects.benefit[[len(own) > 0 for own in fits]], 0.0).sum())
    proven = upper_bound(land, projects, limits, fits, 0.1 * time_limit)
    bound = _lower(everything, proven, start)
    best = start
    if bound - start.objective > close * bound:
        spent = time.perf_counter() - begun
        if sum(len(item) for item in fits) <= PAIRS:
            model = build(land, sites, projects, limits, fits)
            found, dual = run(model, start, max(0.5, FIRST_SHARE * time_limit - spent), close)
            if found is not None and found.objective > best.objective + EPS:
                best = found
            bound = _lower(bound, dual, best) if sites.complete else bound
        left = time_limit - (time.perf_counter() - begun)
        best = improve(best, sites, fits, most, bound * (1 - close), 0.95 * left)
    best = greedy(best.copy(), sites, fits, order, least_area=True)
    bound = max(bound, best.objective)
    near = bound - best.objective <= GAP * bound
    status = ReallocationStatus.OPTIMAL if near else ReallocationStatus.FEASIBLE
    return Answer(
        status,
        best=resize(best, sites, projects.wanted),
        tight=resize(best, sites, projects.least),
        greedy=plain,
        bound=bound,
        sites=sites,
        fits=fits,
    )


def _lower(bound: float, proven: float, best: Allocation) -> float:
    """The lower of two bounds; one that the allocation in hand exceeds is none."""
    return min(bound, proven) if proven >= best.objective * (1 - GAP) else bound


def _best_start(
    land: Land,
    projects: Projects,
    limits: dict[str, float],
    sites: Sites,
    fits: list[np.ndarray],
    plain: Allocation,
) -> Allocation:
    """The best of several greedy ways; at least as good as the plain one."""
    scarce = projects.benefit / np.maximum(projects.least, EPS)
    orders = [
        per_mu_order(projects),
        np.argsort(-scarce, kind="stable").tolist(),
        np.argsort(-projects.benefit, kind="stable").tolist(),
    ]
    tried = [
        greedy(Allocation.empty(land, projects, limits), sites, fits, order, least_area=True)
        for order in orders
    ]
    return max([plain, *tried], key=lambda item: item.objective)
