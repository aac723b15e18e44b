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
from greenland.land.reallocate.sites import EPS, Land, Projects, Sites, find_sites, fitting
from greenland.land.reallocate.solver import run


@dataclass(frozen=True)
class Effort:
    """How much is opened at a time."""

    parcels: int
    projects: int
    seconds: float


# small parts first: they solve quickly and bring most of the gain
EFFORTS = (Effort(12, 12, 1.0), Effort(16, 16, 1.5), Effort(20, 20, 2.0), Effort(24, 24, 3.0))


@dataclass(frozen=True)
class Part:
    """A small case within a large one; `parcels` and `members` map back to it."""

    land: Land
    projects: Projects
    limits: dict[str, float]
    sites: Sites
    fits: list[np.ndarray]
    start: Allocation
    parcels: list[int]
    members: list[int]


def parts(
    allocation: Allocation, most: int, fits: list[np.ndarray], effort: Effort
) -> Generator[Part, Allocation | None, None]:
    """Neighbourhoods of *allocation*, those with most land left over first.

    The allocation may be replaced between two parts: send the new one in.
    """
    seeds = np.argsort(-allocation.left, kind="stable").tolist()
    done: set[int] = set()
    for seed in seeds:
        if seed in done:
            continue
        opened = _open(allocation, seed, seeds, effort.parcels)
        done |= set(opened)
        part = _part(allocation, opened, most, fits, effort.projects)
        if part is not None:
            better = yield part
            allocation = better if better is not None else allocation


def _open(allocation: Allocation, seed: int, seeds: list[int], size: int) -> list[int]:
    """Parcels around *seed*, further seeds added where its surroundings are small."""
    graph = allocation.land.neighbours
    found: list[int] = []
    seen: set[int] = set()
    for root in [seed, *seeds]:
        if root in seen or len(found) >= size:
            continue
        todo = [root]
        seen.add(root)
        while todo and len(found) < size:
            parcel = todo.pop(0)
            found.append(parcel)
            for other in sorted(graph[parcel] - seen):
                seen.add(other)
                todo.append(other)
    return found


def _part(
    allocation: Allocation,
    opened: list[int],
    most: int,
    fits: list[np.ndarray],
    joining: int,
) -> Part | None:
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
    own = _projects(projects, members)
    limits = _limits(allocation, freed)
    sites = find_sites(small, most)
    start = Allocation.empty(small, own, limits)
    index = sites.index
    for number, p in enumerate(members[: len(freed)]):
        pieces = {place[k]: area for k, area in allocation.pieces[p].items()}
        power = {place[k]: share for k, share in allocation.shares.get(p, {}).items()}
        start.place(number, index[tuple(sorted(pieces))], pieces, power)
    found = fitting(small, sites, own)
    return Part(small, own, limits, sites, found, start, parcels, members)


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


def put_back(allocation: Allocation, part: Part, found: Allocation, sites: Sites) -> Allocation:
    """The large allocation with the part's new one in place of its old."""
    whole = Allocation.empty(allocation.land, allocation.projects, allocation.limits)
    opened = set(part.members)
    for p, pieces in allocation.pieces.items():
        if p not in opened:
            whole.place(p, allocation.site[p], pieces, allocation.shares.get(p, {}))
    index = sites.index
    for number, pieces in found.pieces.items():
        back = {part.parcels[k]: area for k, area in pieces.items()}
        power = {part.parcels[k]: share for k, share in found.shares.get(number, {}).items()}
        whole.place(part.members[number], index[tuple(sorted(back))], back, power)
    return whole


ROUNDS = 20  # of the largest parts, as long as they gain something


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
