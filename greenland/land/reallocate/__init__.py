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

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
import pulp

from greenland.land.reallocate.data import Settings, prepare
from greenland.land.reallocate.result import (
    REALLOCATION_STATUS_LABELS,
    Answer,
    ReallocationResult,
    ReallocationStatus,
    result_of,
)
from greenland.land.reallocate.search import EFFORTS, Part, parts, put_back
from greenland.land.reallocate.sites import (
    EPS,
    Allocation,
    Land,
    Projects,
    Sites,
    components,
    find_sites,
    fitting,
    greedy,
    per_mu_order,
)
from greenland.land.settings import settings
from greenland.results import NotEvaluated, made

if TYPE_CHECKING:
    from greenland.land.admission import AdmissionResult
    from greenland.land.exit import ExitResult
    from greenland.land.stock import StockResult
    from greenland.park import Park

GAP = 1e-6  # relative; closer to the bound than this is the optimum
FIRST_SHARE = 0.5  # of the time for the whole programme, the rest for improving parts
ROUNDS = 20  # of the largest parts, as long as they gain something
PAIRS = 3000  # project-site pairs in one programme; larger cases are improved part by part
RELAXED_PAIRS = 20_000


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
    bound = upper_bound(land, projects, limits, fits, 0.1 * time_limit)
    best = start
    if bound - start.objective > close * bound:
        spent = time.perf_counter() - begun
        if sum(len(item) for item in fits) <= PAIRS:
            model = build(land, sites, projects, limits, fits)
            found, dual = run(model, start, max(0.5, FIRST_SHARE * time_limit - spent), close)
            bound = min(bound, dual) if sites.complete else bound
            if found is not None and found.objective > best.objective + EPS:
                best = found
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


def improve(
    best: Allocation,
    sites: Sites,
    fits: list[np.ndarray],
    most: int,
    enough: float,
    seconds: float,
) -> Allocation:
    """Open one part of the land after the other and solve it, until the time is up.

    Rounds are repeated as long as one of them gains something.
    """
    until = time.perf_counter() + seconds
    for effort in (*EFFORTS, *[EFFORTS[-1]] * ROUNDS):
        before = best.objective
        search = parts(best, most, fits, effort)
        part = next(search, None)
        while part is not None:
            left = until - time.perf_counter()
            if left <= 0 or best.objective >= enough:
                return best
            better = _solve_part(part, min(effort.seconds, left))
            if better is not None:
                best = put_back(best, part, better, sites)
            try:
                part = search.send(best)
            except StopIteration:
                part = None
        if best.objective <= before and effort is EFFORTS[-1]:
            break
    return best


def _solve_part(part: Part, seconds: float) -> Allocation | None:
    model = build(part.land, part.sites, part.projects, part.limits, part.fits)
    found, _dual = run(model, part.start, seconds)
    gained = found is not None and found.objective > part.start.objective + EPS
    return found if gained else None


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


@dataclass
class Model:
    """The programme, unsolved, with its variables at hand."""

    problem: pulp.LpProblem
    placed: dict[int, pulp.LpVariable]
    site: dict[tuple[int, int], pulp.LpVariable]
    area: dict[tuple[int, int], pulp.LpVariable]
    power: dict[tuple[int, int], pulp.LpVariable]
    rest: dict[int, pulp.LpVariable]
    sites: Sites


def build(
    land: Land,
    sites: Sites,
    projects: Projects,
    limits: dict[str, float],
    offered: Sequence[np.ndarray],
) -> Model:
    """The whole programme, named row by row; see the head of this module."""
    problem = pulp.LpProblem("reallocation", pulp.LpMaximize)
    model = Model(problem, {}, {}, {}, {}, {}, sites)
    for p, mine in enumerate(offered):
        for s in mine.tolist():
            model.site[p, s] = problem.add_variable(f"site_{p}_{s}", cat=pulp.LpBinary)
    users: dict[int, list[int]] = {}
    for p, mine in enumerate(offered):
        if len(mine):
            _project_rows(model, land, projects, p, mine.tolist(), users)
    problem.setObjective(
        pulp.lpSum(float(projects.benefit[p]) * item for p, item in model.placed.items())
    )
    _parcel_rows(model, land, users)
    _limit_rows(model, projects, limits)
    return model


def _project_rows(
    model: Model,
    land: Land,
    projects: Projects,
    p: int,
    mine: list[int],
    users: dict[int, list[int]],
) -> None:
    problem, sites = model.problem, model.sites
    placed = problem.add_variable(f"placed_{p}", cat=pulp.LpBinary)
    model.placed[p] = placed
    taken = pulp.lpSum(model.site[p, s] for s in mine)
    problem.addConstraint(taken - placed == 0, f"one_site_{p}")
    by_parcel: dict[int, list[int]] = {}
    for s in mine:
        for k in sites.members[s]:
            by_parcel.setdefault(k, []).append(s)
    least, most = float(projects.least[p]), float(projects.most[p])
    for k, own in by_parcel.items():
        users.setdefault(k, []).append(p)
        area = problem.add_variable(f"area_{p}_{k}", 0, float(land.area[k]))
        model.area[p, k] = area
        top = min(float(land.area[k]), most)
        problem.addConstraint(
            area - pulp.lpSum(top * model.site[p, s] for s in own) <= 0, f"piece_max_{p}_{k}"
        )
        low = [
            (float(land.area[k] if k in sites.whole[s] else land.least[k])) * model.site[p, s]
            for s in own
        ]
        problem.addConstraint(area - pulp.lpSum(low) >= 0, f"piece_min_{p}_{k}")
    total = pulp.lpSum(model.area[p, k] for k in by_parcel)
    problem.addConstraint(total - least * placed >= 0, f"area_min_{p}")
    problem.addConstraint(total - most * placed <= 0, f"area_max_{p}")
    if projects.power[p] > 0:
        _power_rows(model, land, float(projects.power[p]), p, mine)


def _power_rows(model: Model, land: Land, need: float, p: int, mine: list[int]) -> None:
    """The load is fed from the parcels of the site, where all their capacities are known."""
    sites, problem = model.sites, model.problem
    known = [s for s in mine if not np.isnan(land.power[list(sites.members[s])]).any()]
    by_parcel: dict[int, list[int]] = {}
    for s in known:
        for k in sites.members[s]:
            by_parcel.setdefault(k, []).append(s)
    for k, own in by_parcel.items():
        top = min(need, float(land.power[k]))
        item = problem.add_variable(f"power_{p}_{k}", 0, max(top, 0.0))
        model.power[p, k] = item
        problem.addConstraint(
            item - pulp.lpSum(top * model.site[p, s] for s in own) <= 0, f"power_site_{p}_{k}"
        )
    if known:
        fed = pulp.lpSum(model.power[p, k] for k in by_parcel)
        asked = pulp.lpSum(need * model.site[p, s] for s in known)
        problem.addConstraint(fed - asked >= 0, f"power_need_{p}")


def _parcel_rows(model: Model, land: Land, users: dict[int, list[int]]) -> None:
    problem = model.problem
    feeds: dict[int, list[int]] = {}
    for p, k in model.power:
        feeds.setdefault(k, []).append(p)
    for k in sorted(users):
        size, least = float(land.area[k]), float(land.least[k])
        rest = problem.add_variable(f"rest_{k}", cat=pulp.LpBinary)
        model.rest[k] = rest
        used = pulp.lpSum(model.area[p, k] for p in users[k])
        problem.addConstraint(used + least * rest <= size, f"land_max_{k}")
        problem.addConstraint(used + size * rest >= size, f"land_min_{k}")
        if k in feeds:
            drawn = pulp.lpSum(model.power[p, k] for p in feeds[k])
            problem.addConstraint(drawn <= float(land.power[k]), f"power_max_{k}")


def _limit_rows(model: Model, projects: Projects, limits: dict[str, float]) -> None:
    for name, limit in limits.items():
        if name == "area_mu":
            used = pulp.lpSum(model.area.values())
        else:
            needs = projects.needs[name]
            used = pulp.lpSum(float(needs[p]) * item for p, item in model.placed.items())
        model.problem.addConstraint(used <= limit, f"limit_{name}")


class _Started(pulp.HiGHS):  # type: ignore[misc]
    """HiGHS with a solution to start from, which PuLP has no way of handing over."""

    start: dict[int, float] | None = None

    def callSolver(self, lp: pulp.LpProblem) -> None:  # noqa: N802 (PuLP's name)
        if self.start is not None:
            given = highspy.HighsSolution()
            given.col_value = [self.start.get(var.index, 0.0) for var in lp.variables()]
            lp.solverModel.setSolution(given)
        super().callSolver(lp)


def _solver(seconds: float, gap: float = GAP) -> _Started:
    return _Started(
        msg=False,
        timeLimit=seconds,
        gapRel=gap,
        threads=1,
        random_seed=1,
        mip_feasibility_tolerance=1e-9,
    )


def run(
    model: Model, start: Allocation, seconds: float, gap: float = GAP
) -> tuple[Allocation | None, float]:
    """Solve from a given start.

    Returns
    -------
    Allocation or None
        The best found; None when the solver has nothing.
    float
        Dual bound of this model.
    """
    solver = _solver(seconds, gap)
    names = _start_values(model, start)
    index = {var.name: place for place, var in enumerate(model.problem.variables())}
    solver.start = {index[name]: value for name, value in names.items()}
    model.problem.solve(solver)
    info = model.problem.solverModel.getInfo()
    dual = -float(info.mip_dual_bound)  # PuLP hands a maximum to HiGHS as a minimum
    if model.problem.sol_status not in (
        pulp.LpSolutionOptimal,
        pulp.LpSolutionIntegerFeasible,
    ) or not np.isfinite(float(info.objective_function_value)):
        return None, dual if np.isfinite(dual) else math.inf
    return _read(model, start), dual if np.isfinite(dual) else math.inf


def _start_values(model: Model, start: Allocation) -> dict[str, float]:
    """The start in the model's variables."""
    values: dict[str, float] = {}
    for p, pieces in start.pieces.items():
        key = (p, start.site[p])
        if key not in model.site:
            continue
        values[model.site[key].name] = values[model.placed[p].name] = 1.0
        for k, area in pieces.items():
            values[model.area[p, k].name] = area
        for k, share in start.shares.get(p, {}).items():
            if (p, k) in model.power:
                values[model.power[p, k].name] = share
    for k, rest in model.rest.items():
        values[rest.name] = 1.0 if start.left[k] > EPS else 0.0
    return values


def _read(model: Model, start: Allocation) -> Allocation:
    """Turn the solver's values into an allocation, snapping rounding at the edges of parcels."""
    best = Allocation.empty(start.land, start.projects, start.limits)
    for (p, s), chosen in sorted(model.site.items()):
        if chosen.varValue is None or chosen.varValue < 0.5:
            continue
        members = model.sites.members[s]
        pieces = {k: float(model.area[p, k].varValue or 0.0) for k in members}
        fed = {
            k: float(model.power[p, k].varValue or 0.0) for k in members if (p, k) in model.power
        }
        known = not np.isnan(start.land.power[list(members)]).any()
        best.place(p, s, pieces, fed if known else {})
    return best


def upper_bound(
    land: Land,
    projects: Projects,
    limits: dict[str, float],
    fits: Sequence[np.ndarray],
    seconds: float,
) -> float:
    """Benefit that no allocation can exceed.

    Adjacency and pieces are let go: for every set of land uses, the projects confined to it
    need no more than the land and power it has; park limits hold. A second relaxation keeps
    projects within connected parcels but lets them be divided; the smaller value counts.
    """
    able = [p for p in range(len(projects.ids)) if len(fits[p])]
    if not able:
        return 0.0
    problem = pulp.LpProblem("bound", pulp.LpMaximize)
    take = {p: problem.add_variable(f"take_{p}", cat=pulp.LpBinary) for p in able}
    problem.setObjective(pulp.lpSum(float(projects.benefit[p]) * take[p] for p in able))
    for number, uses in enumerate(sorted({projects.uses[p] for p in able}, key=sorted)):
        inside = [p for p in able if projects.uses[p] <= uses]
        parcels = [k for k, use in enumerate(land.use) if use in uses]
        room = float(land.area[parcels].sum())
        need = pulp.lpSum(float(projects.least[p]) * take[p] for p in inside)
        problem.addConstraint(need <= room + EPS, f"land_{number}")
        power = float(land.power[parcels].sum())
        if not math.isnan(power):
            load = pulp.lpSum(float(projects.power[p]) * take[p] for p in inside)
            problem.addConstraint(load <= power + EPS, f"power_{number}")
    _bound_limits(problem, projects, limits, take)
    problem.solve(_solver(max(seconds, 1.0)))
    first = -float(problem.solverModel.getInfo().mip_dual_bound)
    first = first if math.isfinite(first) else float(projects.benefit[able].sum())
    return min(first, _component_bound(land, projects, limits, able))


def _bound_limits(
    problem: pulp.LpProblem,
    projects: Projects,
    limits: dict[str, float],
    take: dict[int, Any],
) -> None:
    for name, limit in limits.items():
        needs = projects.least if name == "area_mu" else projects.needs[name]
        used = pulp.lpSum(float(needs[p]) * item for p, item in take.items())
        problem.addConstraint(used <= limit + EPS, f"limit_{name}")


def _component_bound(
    land: Land, projects: Projects, limits: dict[str, float], able: list[int]
) -> float:
    """Linear relaxation with projects kept inside connected land of their uses."""
    groups = []  # (allowed uses, parcels of one connected part)
    for uses in sorted({projects.uses[p] for p in able}, key=sorted):
        inside = [use in uses for use in land.use]
        graph = [
            frozenset(j for j in near if inside[j]) if inside[k] else frozenset()
            for k, near in enumerate(land.neighbours)
        ]
        label = components(graph)
        for root in sorted({int(label[k]) for k in range(len(label)) if inside[k]}):
            groups.append((uses, [k for k in range(len(label)) if inside[k] and label[k] == root]))
    if len(groups) * len(able) > RELAXED_PAIRS:
        return math.inf
    problem = pulp.LpProblem("components", pulp.LpMaximize)
    part: dict[tuple[int, int], pulp.LpVariable] = {}
    on_parcel: dict[int, list[Any]] = {}
    for g, (uses, parcels) in enumerate(groups):
        room = float(land.area[parcels].sum())
        inside_g = [p for p in able if projects.uses[p] == uses and projects.least[p] <= room + EPS]
        for p in inside_g:
            part[p, g] = problem.add_variable(f"part_{p}_{g}", 0, 1)
        need = pulp.lpSum(float(projects.least[p]) * part[p, g] for p in inside_g)
        held = {k: problem.add_variable(f"held_{g}_{k}", 0, float(land.area[k])) for k in parcels}
        problem.addConstraint(need - pulp.lpSum(held.values()) <= 0, f"group_{g}")
        for k, item in held.items():
            on_parcel.setdefault(k, []).append(item)
    for k, items in on_parcel.items():
        problem.addConstraint(pulp.lpSum(items) <= float(land.area[k]) + EPS, f"land_{k}")
    take: dict[int, Any] = {}
    for p in able:
        own = [item for (q, _g), item in part.items() if q == p]
        take[p] = problem.add_variable(f"take_{p}", 0, 1)
        problem.addConstraint(take[p] - pulp.lpSum(own) <= 0, f"once_{p}")
    problem.setObjective(pulp.lpSum(float(projects.benefit[p]) * take[p] for p in able))
    _bound_limits(problem, projects, limits, take)
    problem.solve(_solver(20.0))
    if problem.sol_status != pulp.LpSolutionOptimal:
        return math.inf
    return float(pulp.value(problem.objective))


def resize(allocation: Allocation, sites: Sites, goal: np.ndarray) -> Allocation:
    """Bring areas of placed projects as near to a goal as their range and parcels allow.

    Placements stay; only the division of parcels between the projects on them and what is left
    over changes.

    Parameters
    ----------
    goal : array
        Over all projects [亩].
    """
    land, projects = allocation.land, allocation.projects
    if not allocation.pieces:
        return allocation
    problem = pulp.LpProblem("resize", pulp.LpMinimize)
    area: dict[tuple[int, int], pulp.LpVariable] = {}
    users: dict[int, list[int]] = {}
    misses = []
    for p, pieces in sorted(allocation.pieces.items()):
        whole = sites.whole[allocation.site[p]]
        for k in pieces:
            low = float(land.area[k] if k in whole else land.least[k])
            area[p, k] = problem.add_variable(f"area_{p}_{k}", low, float(land.area[k]))
            users.setdefault(k, []).append(p)
        total = pulp.lpSum(area[p, k] for k in pieces)
        problem.addConstraint(total >= float(projects.least[p]), f"area_min_{p}")
        problem.addConstraint(total <= float(projects.most[p]), f"area_max_{p}")
        miss = problem.add_variable(f"miss_{p}", 0)
        misses.append(miss)
        problem.addConstraint(total + miss >= float(goal[p]), f"short_{p}")
        problem.addConstraint(total - miss <= float(goal[p]), f"over_{p}")
    for k, own in sorted(users.items()):
        rest = problem.add_variable(f"rest_{k}", cat=pulp.LpBinary)
        used = pulp.lpSum(area[p, k] for p in own)
        size, least = float(land.area[k]), float(land.least[k])
        problem.addConstraint(used + least * rest <= size, f"land_max_{k}")
        problem.addConstraint(used + size * rest >= size, f"land_min_{k}")
    if "area_mu" in allocation.limits:
        used = pulp.lpSum(area.values())
        problem.addConstraint(used <= allocation.limits["area_mu"], "limit_area_mu")
    problem.setObjective(pulp.lpSum(misses))
    problem.solve(_solver(5.0))
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return allocation
    wide = Allocation.empty(land, projects, allocation.limits)
    for p, pieces in sorted(allocation.pieces.items()):
        fresh = {k: float(area[p, k].varValue or 0.0) for k in pieces}
        wide.place(p, allocation.site[p], fresh, allocation.shares.get(p, {}))
    return wide


__all__ = [
    "REALLOCATION_STATUS_LABELS",
    "Answer",
    "ReallocationResult",
    "ReallocationStatus",
    "evaluate",
    "solve",
]
