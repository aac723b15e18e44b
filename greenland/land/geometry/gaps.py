"""Open ground between parcels: narrow strips, and holes that parcels close in.

Parcels nearer to each other than the width of a strip form a block; what happens in one block
touches no other, so that a park of many blocks costs little more than the sum of its blocks.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from greenland.land.geometry.map_shapes import DECIMALS, lon_lat
from greenland.land.geometry.neighbours import connected, misfits, near_pairs
from greenland.land.geometry.plane import in_threads, library, mapped
from greenland.rules import Rulebook


def gaps(plane: Any, rules: Rulebook, misfit: np.ndarray | None = None) -> pd.DataFrame:
    """Strips between parcels narrower than a limit, and holes that parcels close in.

    Parameters
    ----------
    plane : GeoDataFrame
        Outlines in metres.
    rules : Rulebook
    misfit : array of bool, optional
        See `greenland.land.geometry.neighbours.misfits`; looked for when left out.
    """
    shapely = library("shapely")
    half = rules.number("land.geometry.max_gap_width_m") / 2
    least = rules.number("land.geometry.min_gap_m2")
    shapes = plane.geometry.to_numpy()
    if misfit is None:
        misfit = misfits(shapes, near_pairs(shapes, 0.0))
    ground = _unions(shapes, _blocks(in_threads(lambda item: _buffer(item, half), shapes)), misfit)
    # closing with mitred corners fills strips up to twice *half* wide and nothing else
    closed = in_threads(lambda item: _buffer(_buffer(item, half), -half), ground)
    filled = shapely.area(closed) - shapely.area(ground) >= least
    strips = _parts(in_threads(shapely.difference, closed[filled], ground[filled]), least)
    holes = _parts(_open_ground(closed, least), least)
    spots = np.concatenate([strips, holes])
    middle = shapely.point_on_surface(spots)
    places = lon_lat(np.column_stack([shapely.get_x(middle), shapely.get_y(middle)]), plane.crs)
    return pd.DataFrame(
        {
            "area_m2": shapely.area(spots),
            "enclosed": [False] * len(strips) + [True] * len(holes),
            "longitude": places[:, 0].round(DECIMALS),
            "latitude": places[:, 1].round(DECIMALS),
            "rule_id": "land.geometry.max_gap_width_m",
        },
        columns=["area_m2", "enclosed", "longitude", "latitude", "rule_id"],
    ).sort_values("area_m2", ascending=False, ignore_index=True)


def _buffer(shapes: np.ndarray, distance: float) -> np.ndarray:
    return np.asarray(library("shapely").buffer(shapes, distance, join_style="mitre"))


def _blocks(grown: np.ndarray) -> np.ndarray:
    """Number of the block of each outline: those whose grown shapes meet are one block."""
    return connected(near_pairs(grown, 0.0), len(grown))


def _unions(shapes: np.ndarray, block: np.ndarray, misfit: np.ndarray) -> np.ndarray:
    """The ground each block covers."""
    shapely = library("shapely")
    # where all sides fit, as in a drawing made with snapping, the inner ones are just dropped
    rough = np.bincount(block, weights=misfit) > 0
    order = np.argsort(block, kind="stable")
    counts = np.bincount(block)
    first = np.cumsum(counts) - counts
    unions = shapes[order][first]

    def united(place: int) -> Any:
        members = shapes[order[first[place] : first[place] + counts[place]]]
        return (shapely.union_all if rough[place] else shapely.coverage_union_all)(members)

    several = np.flatnonzero(counts > 1)
    unions[several] = mapped(united, several)
    return np.asarray(unions)


def _parts(shapes: np.ndarray, least: float) -> np.ndarray:
    """Polygons of at least *least* [㎡] among the parts of shapes."""
    shapely = library("shapely")
    parts = np.asarray(shapely.get_parts(shapes))
    return np.asarray(parts[shapely.area(parts) >= least])


def _open_ground(closed: np.ndarray, least: float) -> np.ndarray:
    """Open ground inside rings of parcels, without the parcels that stand in it."""
    shapely = library("shapely")
    parts = np.asarray(shapely.get_parts(closed))
    rings, owner = shapely.get_rings(parts, return_index=True)
    inner = np.ones(len(rings), bool)
    inner[np.flatnonzero(np.diff(owner, prepend=-1))] = False  # the first ring is the outer one
    holes = shapely.polygons(rings[inner])
    holes = holes[shapely.area(holes) >= least]
    if not len(holes):
        return np.asarray(holes)
    tree = shapely.STRtree(parts)
    hole, inside = tree.query(holes, predicate="contains")
    for place in np.unique(hole):
        standing = shapely.union_all(parts[inside[hole == place]])
        holes[place] = shapely.difference(holes[place], standing)
    return np.asarray(holes)
