"""Outlines made ready for measuring: valid areas, one per parcel, on an equal-area plane."""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from greenland.errors import MissingExtraError
from greenland.i18n import _
from greenland.park.outlines.shapes import areas_of

ELLIPSOID = "GRS80"  # of CGCS2000; WGS 84 differs by less than 0.2 mm
LON_LAT = "EPSG:4490"  # CGCS2000
SMALLEST_CHUNK = 2_000  # shapes; fewer are not worth a thread


def library(name: str) -> Any:
    """A library of the extra ``gis``.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtraError("gis", _("核对宗地图形")) from error


def one_per_parcel(frame: Any) -> Any:
    """One valid area for each parcel, in longitude and latitude, ordered by parcel number.

    Parameters
    ----------
    frame : GeoDataFrame
        Columns ``parcel_id`` and ``geometry``, in any reference system. Outlines without number
        or without area are left out.
    """
    shapely, geopandas = library("shapely"), library("geopandas")
    areal = areas_of(frame.geometry.to_numpy()).shapes
    usable = frame["parcel_id"].notna().to_numpy() & ~shapely.is_missing(areal)
    ids, inverse = np.unique(
        frame["parcel_id"].to_numpy(object)[usable].astype(str), return_inverse=True
    )
    areal = areal[usable]
    order = np.argsort(inverse, kind="stable")
    counts = np.bincount(inverse, minlength=len(ids))
    first = np.cumsum(counts) - counts
    shapes = areal[order][first]
    for place in np.flatnonzero(counts > 1):
        parts = areal[order[first[place] : first[place] + counts[place]]]
        shapes[place] = shapely.union_all(parts)
    return geopandas.GeoDataFrame({"parcel_id": ids}, geometry=shapes, crs=frame.crs).to_crs(
        LON_LAT
    )


def to_plane(frame: Any) -> Any:
    """Outlines in metres on the equal-area plane (LAEA) around their middle."""
    west, south, east, north = frame.total_bounds
    middle = f"+lat_0={(south + north) / 2:.6f} +lon_0={(west + east) / 2:.6f}"
    return frame.to_crs(f"+proj=laea {middle} +ellps={ELLIPSOID} +units=m")


def mapped(function: Callable[[Any], Any], items: Sequence[Any] | np.ndarray) -> list[Any]:
    """Results of a function of shapely for each item, in one thread per core."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(function, items))


def in_threads(function: Callable[..., np.ndarray], *arrays: np.ndarray) -> np.ndarray:
    """Apply an element-wise function of shapely to arrays, in one thread per core.

    Shapely releases the interpreter's lock inside its functions.
    """
    length = len(arrays[0])
    chunks = min(os.cpu_count() or 1, length // SMALLEST_CHUNK)
    if chunks < 2:
        return np.asarray(function(*arrays))
    # more pieces than threads: blocks of parcels differ in what they cost
    pieces = [np.array_split(array, chunks * 4) for array in arrays]
    with ThreadPoolExecutor(chunks) as pool:
        return np.concatenate(list(pool.map(function, *pieces)))
