"""Land on offer, projects, and the groups of adjacent parcels a project can be placed on.

The site of a project is one group: a connected set of parcels. A parcel without which its group
would not be connected (a cut vertex) is used whole; the others may be divided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

EPS = 1e-6  # 亩; areas closer than this are the same


@dataclass(frozen=True)
class Land:
    """Parcels that can be given to projects.

    Parameters
    ----------
    ids : tuple of str
    area : array
        [亩]
    power : array
        Power capacity available [MW]; NaN where it is not known and not held against.
    use : tuple of str
        Land use.
    neighbours : tuple of frozenset of int
        Adjacent parcels, by position.
    min_piece : float
        Least piece of a divided parcel [亩].
    """

    ids: tuple[str, ...]
    area: np.ndarray
    power: np.ndarray
    use: tuple[str, ...]
    source: tuple[str, ...]
    neighbours: tuple[frozenset[int], ...]
    min_piece: float

    @property
    def least(self) -> np.ndarray:
        """Least piece of each parcel [亩]: a small parcel is used whole."""
        return np.asarray(np.minimum(self.area, self.min_piece))


@dataclass(frozen=True)
class ParcelGroups:
    """All connected groups of up to a given number of parcels.

    Parameters
    ----------
    members : tuple of tuple of int
        Parcels of each group, by position; small groups first.
    whole : tuple of frozenset of int
        Those that have to be used whole.
    complete : bool
        Whether none was left out to keep the number down.
    """

    members: tuple[tuple[int, ...], ...]
    whole: tuple[frozenset[int], ...]
    complete: bool

    @cached_property
    def index(self) -> dict[tuple[int, ...], int]:
        """Position of each group by its parcels."""
        return {member: number for number, member in enumerate(self.members)}

    @cached_property
    def _by_size(self) -> list[np.ndarray]:
        """Parcels × groups, one array for each number of parcels."""
        return [np.array(list(zip(*same, strict=True))) for _n, same in groupby(self.members, len)]

    def total(self, values: np.ndarray) -> np.ndarray:
        """Sum over the parcels of each group of what *values* says of every parcel."""
        return np.concatenate([np.empty(0), *(values[own].sum(axis=0) for own in self._by_size)])

    @property
    def count(self) -> np.ndarray:
        """Number of parcels of each group."""
        return np.asarray([len(member) for member in self.members], dtype=int)


def neighbours(ids: Sequence[str], listed: Mapping[str, Sequence[str]]) -> list[frozenset[int]]:
    """Adjacency by position, made symmetric; ids that are not among the parcels do not count."""
    place = {name: number for number, name in enumerate(ids)}
    adjacent: list[set[int]] = [set() for _name in ids]
    for name, others in listed.items():
        for other in others:
            if name in place and other in place and name != other:
                adjacent[place[name]].add(place[other])
                adjacent[place[other]].add(place[name])
    return [frozenset(item) for item in adjacent]


def find_parcel_groups(land: Land, most: int, limit: int = 200_000) -> ParcelGroups:
    """List every connected set of up to *most* parcels.

    Parameters
    ----------
    most : int
        Most parcels in a group.
    limit : int
        Stop after so many groups; the result then is not complete.
    """
    members: list[tuple[int, ...]] = []
    complete = True
    for site in _connected(land.neighbours, most):
        if len(members) >= limit:
            complete = False
            break
        members.append(site)
    members.sort(key=lambda site: (len(site), site))
    whole = tuple(_cut_parcels(site, land.neighbours) for site in members)
    return ParcelGroups(tuple(members), whole, complete)


def _connected(graph: Sequence[frozenset[int]], most: int) -> Iterator[tuple[int, ...]]:
    """Connected vertex sets, each once: a set grows from its smallest vertex outwards.

    Smallest sets of every vertex come first, so that a stop leaves the larger ones out.
    """
    level: list[tuple[tuple[int, ...], frozenset[int], frozenset[int]]] = []
    for root in range(len(graph)):
        yield (root,)
        level.append(((root,), frozenset(v for v in graph[root] if v > root), frozenset()))
    for _size in range(2, most + 1):
        grown = []
        for site, border, barred in level:
            refused = set(barred)
            for vertex in sorted(border):
                fresh = {
                    v
                    for v in graph[vertex]
                    if v > site[0] and v not in site and v not in border and v not in refused
                }
                bigger = (*site, vertex)
                rest = frozenset(v for v in border if v != vertex and v not in refused) | fresh
                yield tuple(sorted(bigger))
                grown.append((bigger, rest, frozenset(refused)))
                refused.add(vertex)
        level = grown


def _cut_parcels(site: tuple[int, ...], graph: Sequence[frozenset[int]]) -> frozenset[int]:
    if len(site) < 3:
        return frozenset()
    return frozenset(k for k in site if not _joined(frozenset(site) - {k}, graph))


def _joined(part: frozenset[int], graph: Sequence[frozenset[int]]) -> bool:
    start = next(iter(part))
    seen, todo = {start}, [start]
    while todo:
        for other in graph[todo.pop()] & part:
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return len(seen) == len(part)


def connected_labels(graph: Sequence[frozenset[int]]) -> np.ndarray:
    """Label of the connected component of each parcel; labels ascend with its first parcel."""
    rows = [k for k, near in enumerate(graph) for _other in near]
    columns = [other for near in graph for other in near]
    shape = (len(graph), len(graph))
    adjacency = csr_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=shape)
    return np.asarray(connected_components(adjacency, directed=False)[1])


@dataclass(frozen=True)
class Projects:
    """Pipeline projects that take part; arrays over projects.

    Parameters
    ----------
    benefit : array
        Expected benefit of the project, in the objective's unit.
    least, most, wanted : array
        Area range and area asked for [亩].
    power : array
        [MW]; 0 when not stated and not limited.
    uses : tuple of frozenset of str
        Land uses the project may be placed on.
    needs : dict of str to array
        What it takes of each limited resource of the park.
    """

    ids: tuple[str, ...]
    benefit: np.ndarray
    least: np.ndarray
    most: np.ndarray
    wanted: np.ndarray
    power: np.ndarray
    uses: tuple[frozenset[str], ...]
    needs: dict[str, np.ndarray]


def fitting(land: Land, groups: ParcelGroups, projects: Projects) -> list[np.ndarray]:
    """For each project the groups it fits on alone, by use, area range and power."""
    total = groups.total(land.area)
    least = groups.total(land.least)
    power = groups.total(np.nan_to_num(land.power))
    unknown = groups.total(np.isnan(land.power).astype(float))
    # a parcel that is used whole counts in full
    forced = np.array(
        [sum(land.area[k] - land.least[k] for k in whole) for whole in groups.whole], dtype=float
    )
    by_use: dict[frozenset[str], np.ndarray] = {}
    for allowed in set(projects.uses):
        wrong = np.array([use not in allowed for use in land.use], dtype=float)
        by_use[allowed] = groups.total(wrong) == 0
    return [
        np.flatnonzero(
            by_use[projects.uses[p]]
            & (total >= projects.least[p] - EPS)
            & (least + forced <= projects.most[p] + EPS)
            & ((power >= projects.power[p] - EPS) | (unknown > 0))
        )
        for p in range(len(projects.ids))
    ]
