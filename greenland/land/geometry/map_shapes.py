"""Outlines simplified for the map of the report."""

from __future__ import annotations

from typing import Any

import numpy as np

from greenland.land.geometry.plane import LON_LAT, in_threads, library

SIMPLIFY_M = 1.0  # shapes for the map, not for areas
DECIMALS = 6  # of a degree: about 0.1 m


def lon_lat(points: np.ndarray, crs: Any) -> np.ndarray:
    """Longitude and latitude (n, 2) [°] of points in another reference system."""
    transformer = library("pyproj").Transformer.from_crs(crs, LON_LAT, always_xy=True)
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


def features(plane: Any) -> list[dict[str, Any]]:
    """Parcel id and rings of each outline, simplified for a map, by parcel number.

    Parameters
    ----------
    plane : GeoDataFrame
        Outlines in metres, ordered by parcel number.
    """
    shapely = library("shapely")
    simple = in_threads(lambda item: shapely.simplify(item, SIMPLIFY_M), plane.geometry.to_numpy())
    parts, owner = shapely.get_parts(simple, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    places = lon_lat(points, plane.crs).round(DECIMALS).tolist()
    shapes: list[dict[str, Any]] = [
        {"parcel_id": name, "rings": []} for name in plane["parcel_id"].tolist()
    ]
    ends = np.cumsum(np.bincount(ring, minlength=len(rings))).tolist()
    start = 0
    for feature, end in zip(owner[part].tolist(), ends, strict=True):
        shapes[feature]["rings"].append(places[start:end])
        start = end
    return shapes
