"""Shapes as drawn, of any kind, made into areas; and what was done to each, or why it cannot be.

All functions work on whole arrays of shapes at once.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np

LINES = (1, 2, 5)  # type numbers of shapely: line, ring, several lines
AREAS = (3, 6)
COLLECTION = 7


class ShapeFault(StrEnum):
    """Why a drawn shape is no area."""

    MISSING = "missing"  # no shape, or coordinates that cannot be read
    NOT_FINITE = "not_finite"
    POINT = "point"
    OPEN_LINE = "open_line"
    NO_AREA = "no_area"


class ShapeChange(StrEnum):
    """What was done to a drawn shape to make it an area."""

    LINE_CLOSED = "line_closed"  # lines that close were taken as the outline
    PARTS_LEFT_OUT = "parts_left_out"  # points or lines beside the area
    MENDED = "mended"  # crossed itself


@dataclass(frozen=True)
class Areas:
    """Areas made of drawn shapes.

    Parameters
    ----------
    shapes : array of Polygon or MultiPolygon
        In two dimensions, valid; None where no area could be made.
    faults : dict of ShapeFault to array of int
        Positions of the shapes of which no area could be made; each in one list.
    changes : dict of ShapeChange to array of int
        Positions of the shapes that were changed.
    """

    shapes: np.ndarray
    faults: dict[ShapeFault, np.ndarray]
    changes: dict[ShapeChange, np.ndarray]


@np.errstate(over="ignore", invalid="ignore")  # of coordinates without bounds
def areas_of(drawn: np.ndarray) -> Areas:
    """Make areas of drawn shapes.

    Heights and measures are dropped; rings may run in any direction. Lines that close, alone or
    together, are outlines, and such inside others are holes. Of a collection the areas count.
    An outline that crosses itself covers what it encloses.

    Parameters
    ----------
    drawn : array of shapely geometry or None

    Examples
    --------
    >>> import shapely
    >>> line = shapely.from_wkt("LINESTRING Z (0 0 9, 2 0 9, 2 2 9, 0 0 9)")
    >>> areas_of(np.array([line, None])).shapes.tolist()
    [<POLYGON ((0 0, 2 2, 2 0, 0 0))>, None]
    """
    shapely: Any = importlib.import_module("shapely")
    shapes = shapely.force_2d(np.asarray(drawn, object))
    left = np.full(len(shapes), None, object)
    faults: dict[ShapeFault, np.ndarray] = {}
    changes: dict[ShapeChange, np.ndarray] = {}
    missing = shapely.is_missing(shapes) | shapely.is_empty(shapes)
    faults[ShapeFault.MISSING] = np.flatnonzero(missing)
    shapes[missing] = None
    endless = ~missing & ~np.isfinite(shapely.bounds(shapes)).all(axis=1)
    endless |= ~missing & _has_endless(shapely, shapes)
    faults[ShapeFault.NOT_FINITE] = np.flatnonzero(endless)
    shapes[endless] = None
    kind = shapely.get_type_id(shapes)
    dimension = shapely.get_dimensions(shapes)
    faults[ShapeFault.POINT] = np.flatnonzero(dimension == 0)
    lines = np.flatnonzero(dimension == 1)
    closed = _enclosed(shapely, shapes, lines)
    faults[ShapeFault.OPEN_LINE] = lines[shapely.is_missing(closed)]
    changes[ShapeChange.LINE_CLOSED] = lines[~shapely.is_missing(closed)]
    left[lines] = closed
    areal = dimension == 2
    left[areal] = shapes[areal]
    mixed = np.flatnonzero(areal & (kind == COLLECTION))
    flat = np.flatnonzero(areal & (kind != COLLECTION))
    wrong = flat[~shapely.is_valid(left[flat])]
    left[wrong] = shapely.make_valid(left[wrong])
    changes[ShapeChange.MENDED] = wrong
    beside = [place for place in mixed if _has_others(shapely, shapes[place])]
    changes[ShapeChange.PARTS_LEFT_OUT] = np.array(beside, int)
    for place in {*mixed.tolist(), *wrong.tolist()}:
        left[place] = _areas_within(shapely, left[place])
    empty = areal & (shapely.is_missing(left) | ~(shapely.area(left) > 0))
    faults[ShapeFault.NO_AREA] = np.flatnonzero(empty)
    left[empty] = None
    return Areas(
        left,
        faults,
        {kind: np.setdiff1d(at, np.flatnonzero(empty)) for kind, at in changes.items()},
    )


def _has_endless(shapely: Any, shapes: np.ndarray) -> np.ndarray:
    """Whether some coordinate is not a finite number; bounds pass over those of NaN."""
    points, owner = shapely.get_coordinates(shapes, return_index=True)
    bad = ~np.isfinite(points).all(axis=1)
    return np.bincount(owner[bad], minlength=len(shapes)) > 0


def _enclosed(shapely: Any, shapes: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Area that the lines of each shape enclose; None where some line stays open."""
    enclosed = np.full(len(lines), None, object)
    for place, shape in enumerate(shapes[lines]):
        edges = shapely.line_merge(shapely.union_all(shapely.get_parts(shape)))
        if all(shapely.is_closed(shapely.get_parts(edges))) and not shapely.is_empty(edges):
            area = shapely.build_area(edges)
            enclosed[place] = None if shapely.is_empty(area) else area
    return enclosed


def _simple_parts(shapely: Any, shape: Any) -> np.ndarray:
    """Points, lines and polygons of a shape, however deep its collections are nested."""
    parts = np.array([shape], object)
    while (shapely.get_type_id(parts) > AREAS[0]).any():
        parts = shapely.get_parts(parts)
    return np.asarray(parts)


def _has_others(shapely: Any, shape: Any) -> bool:
    """Whether a collection holds something that is no area."""
    parts = _simple_parts(shapely, shape)
    return bool((shapely.get_type_id(parts) != AREAS[0]).any())


def _areas_within(shapely: Any, shape: Any) -> Any:
    """The valid area that the polygons of a shape cover; None when there is none."""
    parts = _simple_parts(shapely, shape)
    polygons = shapely.make_valid(parts[shapely.get_type_id(parts) == AREAS[0]])
    union = shapely.union_all(polygons)
    parts = _simple_parts(shapely, union)
    polygons = parts[shapely.get_type_id(parts) == AREAS[0]]
    if len(polygons) == 1:
        return polygons[0]
    return shapely.multipolygons(polygons) if len(polygons) else None
