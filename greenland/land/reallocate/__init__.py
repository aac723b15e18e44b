"""再配置: freed and stock land meets the pipeline in a mixed-integer programme.

Variables and rows, by name (p project, s site, k parcel):

- ``placed[p]`` in {0, 1}: the project is placed; ``site[p,s]`` in {0, 1}: on this site;
  ``area[p,k]`` [亩]: what it takes of a parcel; ``power[p,k]`` [MW]: what the parcel feeds it;
  ``rest[k]`` in {0, 1}: something of the parcel is left over.
- ``one_site[p]``: one site if placed, none otherwise.
- ``piece_max[p,k]``, ``piece_min[p,k]``: area only on the site taken, at least the least piece;
  a parcel that holds a site together whole. ``area_min[p]``, ``area_max[p]``: the range asked.
- ``land_max[k]``, ``land_min[k]``: what is left of a parcel is nothing or at least the least
  piece.
- ``power_site[p,k]``, ``power_need[p]``, ``power_max[k]``: the load is fed by the parcels of the
  site within their capacity, where all of these are known.
- ``limit[name]``: what the park has of land, power, energy and emission.
- maximise the benefit of the projects placed.

Cases too large for one programme are improved part by part: some of the land is opened with the
projects on it and those left out, solved, and put back. The bound then comes from a relaxation
(`upper_bound`), and the gap is measured against it.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from greenland.highs import GAP
from greenland.land.reallocate.bound import upper_bound
from greenland.land.reallocate.data import Settings, prepare
from greenland.land.reallocate.programme import build
from greenland.land.reallocate.refine import improve, resize
from greenland.land.reallocate.result import (
    REALLOCATION_STATUS_LABELS,
    Answer,
    ReallocationResult,
    ReallocationStatus,
    result_of,
)
from greenland.land.reallocate.sites import (
    EPS,
    Allocation,
    Land,
    Projects,
    Sites,
    find_sites,
    fitting,
    greedy,
    per_mu_order,
)
from greenland.land.reallocate.solver import run
from greenland.land.settings import settings
from greenland.results import NotEvaluated, made

if TYPE_CHECKING:
    from greenland.land.admission import AdmissionResult
    from greenland.land.exit import ExitResult
    from greenland.land.stock import StockResult
    from greenland.park import Park

FIRST_SHARE = 0.5  # of the time for the whole programme, the rest for improving parts
PAIRS = 3000  # project-site pairs in one programme; larger cases are improved part by part


def evaluate(
    park: Park,
    stock: StockResult | NotEvaluated | None = None,
    exit: ExitResult | NotEvaluated | None = None,  # noqa: A002 (name of the evaluation)
    admission: AdmissionResult | NotEvaluated | None = None,
) -> ReallocationResult | NotEvaluated:
    """Place the pipeline on the land that is free or becomes free.

    Parameters
    ----------
    park : Park
    stock, exit, admission : results, optional
        Say which land is on offer and which projects take part under what area.

    Returns
    -------
    ReallocationResult, or NotEvaluated when there is no land or no project.

    Raises
    ------
    InputError
        If ``land.reallocation`` of park.yaml is faulty, such as weights that do not sum to 1.

    References
    ----------
    云南省《进一步发展壮大园区经济行动计划》第24项 (动态评估—退出—再配置).
    """
    begun = time.perf_counter()
    chosen = settings(park, "reallocation", Settings)
    prepared = prepare(park, chosen, made(stock), made(exit), made(admission))
    if isinstance(prepared, NotEvaluated):
        return prepared
    most = int(park.rulebook.number("land.reallocation.max_parcels"))
    answer = solve(
        prepared.land, prepared.projects, prepared.limits, most, chosen.time_limit, chosen.gap
    )
    return result_of(prepared, chosen, answer, time.perf_counter() - begun)


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


__all__ = [
    "REALLOCATION_STATUS_LABELS",
    "Answer",
    "ReallocationResult",
    "ReallocationStatus",
    "build",
    "evaluate",
    "improve",
    "resize",
    "run",
    "solve",
    "upper_bound",
]
