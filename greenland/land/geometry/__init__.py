"""宗地图形: outlines against the ledger, areas, overlaps, gaps, adjacency, shapes for a map.

Everything else works without outlines; the libraries of the extra ``gis`` are loaded only when
a park has them.
"""

from greenland.land.geometry.areas import ellipsoidal_area_m2
from greenland.land.geometry.evaluation import adjacency, evaluate
from greenland.land.geometry.result import GeometryResult

__all__ = ["GeometryResult", "adjacency", "ellipsoidal_area_m2", "evaluate"]
