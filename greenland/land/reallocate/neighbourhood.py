"""Large neighbourhood search: part of the land is opened, the rest held.

A neighbourhood is some connected land with the projects that stand on it and projects that are
left out; its programme is small enough to be solved exactly while everything else stays.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from greenland.land.reallocate.allocation import Allocation
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


@dataclass(frozen=True)
class NeighbourhoodSize:
    """Parcels opened, projects let in, and time [s] of one neighbourhood."""

    parcels: int
    projects: int
    seconds: float


# small ones first: they solve quickly and bring most of the gain
NEIGHBOURHOOD_SIZES = (
    NeighbourhoodSize(12, 12, 1.0),
    NeighbourhoodSize(16, 16, 1.5),
    NeighbourhoodSize(20, 20, 2.0),
    NeighbourhoodSize(24, 24, 3.0),
)


@dataclass(frozen=True)
class Neighbourhood:
    """A small case within a large one; `parcels` and `members` map back to it."""

    land: Land
    projects: Projects
    limits: dict[str, float]
    groups: ParcelGroups
    fits: list[np.ndarray]
    start: Allocation
    parcels: list[int]
    members: list[int]


def neighbourhoods(
    allocation: Allocation, most: int, fits: list[np.ndarray], size: NeighbourhoodSize
) -> Generator[Neighbourhood, Allocation | None, None]:
    """Neighbourhoods of *allocation*, those with most land left over first.

    The allocation may be replaced between two neighbourhoods: send the new one in.
    """
    seeds = np.argsort(-allocation.left, kind="stable").tolist()
    done: set[int] = set()
    for seed in seeds:
        if seed in done:
            continue
        opened = _opened_parcels(allocation, seed, seeds, size.parcels)
        done |= set(opened)
        neighbourhood = _neighbourhood(allocation, opened, most, fits, size.projects)
        if neighbourhood is not None:
            better = yield neighbourhood
            allocation = better if better is not None else allocation


def _opened_parcels(allocation: Allocation, seed: int, seeds: list[int], size: int) -> list[int]:
    """Parcels around *seed*, further seeds added where its surroundings are small."""
    graph = allocation.land.neighbours
    opened: list[int] = []
    seen: set[int] = set()
    for root in [seed, *seeds]:
        if root in seen or len(opened) >= size:
            continue
        todo = [root]
        seen.add(root)
        while todo and len(opened) < size:
            parcel = todo.pop(0)
            opened.append(parcel)
            for other in sorted(graph[parcel] - seen):
                seen.add(other)
                todo.append(other)
    return opened


def _neighbourhood(
    allocation: Allocation,
    opened: list[int],
    most: int,
    fits: list[np.ndarray],
    joining: int,
) -> Neighbourhood | None:
    land, projects = allocation.land, allocation.projects
    inside = set(opened)
    # a project that reaches beyond the opened land stays, and so do the parcels it is on
    for pieces in allocation.pieces.values():
        if not set(pieces) <= inside:
            inside -= set(pieces)
    # taking parcels out may leave further projects reaching beyond
    freed = [p for p, pieces in allocation.pieces.items() if set(pieces) <= inside]
    held = {k for p, pieces in allocation.pieces.items() if p not in freed for k in pieces}
    parcels = [k for k in opened if k in inside and k not in held]
    freed = [p for p in freed if set(allocation.pieces[p]) <= set(parcels)]
    members = freed + _waiting(allocation, fits, joining, inside)
    if len(parcels) < 2 or len(members) <= len(freed):
        return None
    place = {k: number for number, k in enumerate(parcels)}
    small = _land(land, parcels, place)
    local_projects = _projects(projects, members)
    limits = _limits(allocation, freed)
    groups = find_parcel_groups(small, most)
    start = Allocation.empty(small, local_projects, limits)
    index = groups.index
    for number, p in enumerate(members[: len(freed)]):
        pieces = {place[k]: area for k, area in allocation.pieces[p].items()}
        power = {place[k]: share for k, share in allocation.shares.get(p, {}).items()}
        start.place(number, index[tuple(sorted(pieces))], pieces, power)
    local_fits = fitting(small, groups, local_projects)
    return Neighbourhood(small, local_projects, limits, groups, local_fits, start, parcels, members)


def _waiting(
    allocation: Allocation, fits: list[np.ndarray], count: int, inside: set[int]
) -> list[int]:
    """Projects left out that may use some of the land, best per area first."""
    projects = allocation.projects
    uses = {allocation.land.use[k] for k in inside}
    out = [
        p
        for p in range(len(projects.ids))
        if p not in allocation.pieces and len(fits[p]) and uses & projects.uses[p]
    ]
    out.sort(key=lambda p: (-projects.benefit[p] / max(projects.least[p], EPS), p))
    return out[:count]


def _land(land: Land, parcels: list[int], place: dict[int, int]) -> Land:
    return Land(
        ids=tuple(land.ids[k] for k in parcels),
        area=land.area[parcels],
        power=land.power[parcels],
        use=tuple(land.use[k] for k in parcels),
        source=tuple(land.source[k] for k in parcels),
        neighbours=tuple(
            frozenset(place[j] for j in land.neighbours[k] if j in place) for k in parcels
        ),
        min_piece=land.min_piece,
    )


def _projects(projects: Projects, members: list[int]) -> Projects:
    return Projects(
        ids=tuple(projects.ids[p] for p in members),
        benefit=projects.benefit[members],
        least=projects.least[members],
        most=projects.most[members],
        wanted=projects.wanted[members],
        power=projects.power[members],
        uses=tuple(projects.uses[p] for p in members),
        needs={name: values[members] for name, values in projects.needs.items()},
    )


def _limits(allocation: Allocation, freed: list[int]) -> dict[str, float]:
    """What is left of the park's limits once the opened projects give theirs back."""
    limits = {}
    for name, left in allocation.limits_left.items():
        back = sum(
            sum(allocation.pieces[p].values())
            if name == "area_mu"
            else float(allocation.projects.needs[name][p])
            for p in freed
        )
        limits[name] = max(left, 0.0) + back
    return limits


def put_back(
    allocation: Allocation, neighbourhood: Neighbourhood, improved: Allocation, groups: ParcelGroups
) -> Allocation:
    """The large allocation with the improved one of a neighbourhood in it."""
    whole = Allocation.empty(allocation.land, allocation.projects, allocation.limits)
    opened = set(neighbourhood.members)
    for p, pieces in allocation.pieces.items():
        if p not in opened:
            whole.place(p, allocation.site[p], pieces, allocation.shares.get(p, {}))
    index = groups.index
    for number, pieces in improved.pieces.items():
        back = {neighbourhood.parcels[k]: area for k, area in pieces.items()}
        power = {
            neighbourhood.parcels[k]: share for k, share in improved.shares.get(number, {}).items()
        }
        whole.place(neighbourhood.members[number], index[tuple(sorted(back))], back, power)
    return whole


ROUNDS = 20  # of the largest neighbourhoods, as long as they gain something


def improve(
    best: Allocation,
    groups: ParcelGroups,
    fits: list[np.ndarray],
    most: int,
    enough: float,
    seconds: float,
) -> Allocation:
    """Solve one neighbourhood after the other exactly, until the time is up.

    Rounds are repeated as long as one of them gains something.
    """
    until = time.perf_counter() + seconds
    for size in (*NEIGHBOURHOOD_SIZES, *[NEIGHBOURHOOD_SIZES[-1]] * ROUNDS):
        before = best.objective
        search = neighbourhoods(best, most, fits, size)
        neighbourhood = next(search, None)
        while neighbourhood is not None:
            left = until - time.perf_counter()
            if left <= 0 or best.objective >= enough:
                return best
            better = _solve_neighbourhood(neighbourhood, min(size.seconds, left))
            if better is not None:
                best = put_back(best, neighbourhood, better, groups)
            try:
                neighbourhood = search.send(best)
            except StopIteration:
                neighbourhood = None
        if best.objective <= before and size is NEIGHBOURHOOD_SIZES[-1]:
            break
    return best


def _solve_neighbourhood(neighbourhood: Neighbourhood, seconds: float) -> Allocation | None:
    model = build(
        neighbourhood.land,
        neighbourhood.groups,
        neighbourhood.projects,
        neighbourhood.limits,
        neighbourhood.fits,
    )
    solved, _dual = run(model, neighbourhood.start, seconds)
    gained = solved is not None and solved.objective > neighbourhood.start.objective + EPS
    return solved if gained else None
