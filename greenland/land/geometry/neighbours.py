"""Parcels that cover the same ground, and parcels side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from greenland.land.geometry.plane import in_threads, library
from greenland.rules import Rulebook

Pairs = tuple[np.ndarray, np.ndarray]


def near_pairs(shapes: np.ndarray, distance: float) -> Pairs:
    """Positions of the outlines that are at most *distance* [m] apart; each pair once."""
    left, right = (
        library("shapely").STRtree(shapes).query(shapes, predicate="dwithin", distance=distance)
    )
    once = left < right
    return left[once], right[once]


def pair_overlaps(shapes: np.ndarray, pairs: Pairs, least: float) -> tuple[Pairs, np.ndarray]:
    """Of *pairs*, those that share at least *least* [㎡], and the area they share [㎡]."""
    shapely = library("shapely")
    left, right = pairs
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


def overlaps(plane: Any, rules: Rulebook, pairs: Pairs | None = None) -> pd.DataFrame:
    """Pairs of parcels that cover the same ground.

    Parameters
    ----------
    plane : GeoDataFrame
        Outlines in metres.
    rules : Rulebook
    pairs : pair of arrays, optional
        Positions of outlines that touch; looked for when left out.
    """
    shapes, ids = plane.geometry.to_numpy(), plane["parcel_id"].to_numpy(object)
    least = rules.number("land.geometry.min_overlap_m2")
    pairs = near_pairs(shapes, 0.0) if pairs is None else pairs
    (left, right), area = pair_overlaps(shapes, pairs, least)
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
