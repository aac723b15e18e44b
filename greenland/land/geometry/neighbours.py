"""Parcels that cover the same ground, and parcels side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from greenland.land.geometry.plane import in_threads, library, mapped
from greenland.rules import Rulebook

Pairs = tuple[np.ndarray, np.ndarray]
LENGTHS = 50_000  # outlines whose sides are measured at once
CHUNKS = 16  # into which groups of outlines are gathered for the threads


def near_pairs(shapes: np.ndarray, distance: float) -> Pairs:
    """Positions of the outlines that are at most *distance* [m] apart; each pair once."""
    shapely = library("shapely")
    bounds = shapely.bounds(shapes)
    # boxes grown by a little over half the distance: a coarse answer, then each pair once
    margin = 0.5 * distance + 1e-9 * (1 + np.abs(bounds).max(initial=0.0))
    boxes = shapely.box(*(bounds + np.array([-1, -1, 1, 1]) * margin).T)
    left, right = shapely.STRtree(boxes).query(boxes)
    once = left < right
    left, right = left[once], right[once]
    near = in_threads(
        lambda one, other: shapely.dwithin(one, other, distance), shapes[left], shapes[right]
    )
    return left[near], right[near]


def misfits(shapes: np.ndarray, pairs: Pairs) -> np.ndarray:
    """Whether an outline has a side that crosses another, or lies in it, or fits it in part.

    Parameters
    ----------
    shapes : array of Polygon or MultiPolygon
        In metres.
    pairs : pair of arrays
        Positions of outlines that touch, and others near each other.

    Notes
    -----
    Two outlines without such sides share no ground. Each group of outlines connected by *pairs*
    is checked by itself, so that groups can be checked side by side.
    """
    shapely = library("shapely")
    group = connected(pairs, len(shapes))
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.diff(group[order], prepend=-1))
    chosen = starts[:: max(1, len(starts) // CHUNKS)]
    pieces = np.empty(len(chosen), object)
    pieces[:] = np.split(shapes[order], chosen[1:])

    def wrong(members: np.ndarray) -> np.ndarray:
        edges = shapely.coverage_invalid_edges(members)
        return np.asarray(~(shapely.is_missing(edges) | shapely.is_empty(edges)))

    found = np.empty(len(shapes), bool)
    found[order] = np.concatenate(mapped(wrong, pieces)) if len(shapes) else []
    return found


def connected(pairs: Pairs, count: int) -> np.ndarray:
    """Number of the group of each outline: those connected by pairs are one group."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    graph = coo_array((np.ones(len(pairs[0]), bool), pairs), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1])


def pair_overlaps(
    shapes: np.ndarray, pairs: Pairs, least: float, misfit: np.ndarray | None = None
) -> tuple[Pairs, np.ndarray]:
    """Of *pairs*, those that share at least *least* [㎡], and the area they share [㎡].

    With *misfit* (see `misfits`) pairs of two outlines that fit are passed over.
    """
    shapely = library("shapely")
    left, right = pairs
    if misfit is not None:
        some = misfit[left] | misfit[right]
        left, right = left[some], right[some]
    boxes = shapely.bounds(shapes)
    # two shapes share no more than their bounding boxes do, which is cheap to know
    low = np.maximum(boxes[left, :2], boxes[right, :2])
    sides = np.clip(np.minimum(boxes[left, 2:], boxes[right, 2:]) - low, 0, None)
    possible = sides.prod(axis=1) >= least
    left, right = left[possible], right[possible]
    area = in_threads(
        lambda one, other: shapely.area(shapely.intersection(one, other)),
        shapes[left],
        shapes[right],
    )
    shared = area >= least
    return (left[shared], right[shared]), area[shared]


def overlaps(
    plane: Any, rules: Rulebook, pairs: Pairs | None = None, misfit: np.ndarray | None = None
) -> pd.DataFrame:
    """Pairs of parcels that cover the same ground.

    Parameters
    ----------
    plane : GeoDataFrame
        Outlines in metres.
    rules : Rulebook
    pairs : pair of arrays, optional
        Positions of outlines that touch; looked for when left out.
    misfit : array of bool, optional
        See `misfits`; every pair is measured when left out.
    """
    shapes, ids = plane.geometry.to_numpy(), plane["parcel_id"].to_numpy(object)
    least = rules.number("land.geometry.min_overlap_m2")
    pairs = near_pairs(shapes, 0.0) if pairs is None else pairs
    (left, right), area = pair_overlaps(shapes, pairs, least, misfit)
    return pd.DataFrame(
        {
            "parcel_id": ids[left],
            "other_id": ids[right],
            "overlap_m2": area,
            "rule_id": "land.geometry.min_overlap_m2",
        }
    ).sort_values(["parcel_id", "other_id"], ignore_index=True)


def adjacent(plane: Any, rules: Rulebook, pairs: Pairs | None = None) -> pd.DataFrame:
    """Pairs of parcels side by side, and the length they share [m].

    Parameters
    ----------
    plane : GeoDataFrame
        Outlines in metres.
    rules : Rulebook
    pairs : pair of arrays, optional
        Positions of outlines at most ``land.geometry.adjacency_distance_m`` apart; looked for
        when left out.
    """
    shapely = library("shapely")
    distance = rules.number("land.geometry.adjacency_distance_m")
    least = rules.number("land.geometry.adjacency_length_m")
    shapes, ids = plane.geometry.to_numpy(), plane["parcel_id"].to_numpy(object)
    left, right = near_pairs(shapes, distance) if pairs is None else pairs
    # what lies in the box around an outline is no less than what lies near it, and cheap to know
    boxes = shapely.bounds(shapes) + np.array([-1, -1, 1, 1]) * distance
    possible = _length_in(shapes, right, boxes[left]) >= least + 2 * distance
    left, right = left[possible], right[possible]
    near = in_threads(lambda item: shapely.buffer(item, distance), shapes)
    lines = shapely.boundary(shapes)
    length = in_threads(
        lambda area, line: shapely.length(shapely.intersection(area, line)),
        near[left],
        lines[right],
    )
    # the corner of a parcel that merely touches is rounded by twice the distance
    hit = length >= least + 2 * distance
    return pd.DataFrame(
        {
            "parcel_id": ids[left[hit]],
            "other_id": ids[right[hit]],
            "shared_m": length[hit] - 2 * distance,
            "rule_id": "land.geometry.adjacency_length_m",
        }
    ).sort_values(["parcel_id", "other_id"], ignore_index=True)


def _length_in(shapes: np.ndarray, chosen: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Length [m] of the sides of each chosen outline inside a box (west, south, east, north)."""
    shapely = library("shapely")
    parts, whole = shapely.get_parts(shapes, return_index=True)
    rings, part_of = shapely.get_rings(parts, return_index=True)
    owner = whole[part_of]
    points, ring = shapely.get_coordinates(rings, return_index=True)
    inner = ring[1:] == ring[:-1]
    start, step = points[:-1][inner], np.diff(points, axis=0)[inner]
    sides = np.bincount(owner[ring[:-1][inner]], minlength=len(shapes))
    first = np.cumsum(sides) - sides
    length = np.zeros(len(chosen))
    for part in np.array_split(np.arange(len(chosen)), len(chosen) // LENGTHS + 1):
        counts = sides[chosen[part]]
        pair = np.repeat(np.arange(len(part)), counts)
        begin = first[chosen[part]] - (np.cumsum(counts) - counts)
        side = np.arange(len(pair)) + np.repeat(begin, counts)
        enter, leave = np.zeros(len(side)), np.ones(len(side))
        for axis in (0, 1):  # Liang and Barsky: where along the side it enters and leaves
            at, move = start[side, axis], step[side, axis]
            low, high = boxes[part][pair, axis] - at, boxes[part][pair, axis + 2] - at
            still = move == 0
            outside = still & ((low > 0) | (high < 0))
            move = np.where(still, 1.0, move)
            one, other = low / move, high / move
            enter = np.where(still, enter, np.maximum(enter, np.minimum(one, other)))
            leave = np.where(still, leave, np.minimum(leave, np.maximum(one, other)))
            leave[outside] = -1.0
        within = np.hypot(*step[side].T) * np.clip(leave - enter, 0.0, None)
        length[part] = np.bincount(pair, weights=within, minlength=len(part))
    return length * (1 + 1e-9) + 1e-9  # of rounding
