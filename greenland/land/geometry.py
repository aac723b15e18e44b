"""Parcel outlines against the ledger: areas, overlaps, gaps, adjacency, and shapes for a map.

Everything else works without outlines; the libraries of the extra ``gis`` are loaded only here
and only when a park has them.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.errors import MissingExtraError
from greenland.i18n import Text, _
from greenland.land import summaries
from greenland.land.frames import LandResult
from greenland.land.reasons import reasons
from greenland.results import NotEvaluated, State, records
from greenland.summary import Summary
from greenland.units import M2_PER_MU

if TYPE_CHECKING:
    from greenland.park import Park
    from greenland.rules import Rulebook

ELLIPSOID = "GRS80"  # of CGCS2000; WGS 84 differs by less than 0.2 mm
SIMPLIFY_M = 1.0  # shapes for the map, not for areas
DECIMALS = 6  # of a degree: about 0.1 m


@dataclass(frozen=True, slots=True, repr=False)
class GeometryResult(LandResult):
    """Outlines checked against the ledger.

    Parameters
    ----------
    differences : DataFrame
        Indexed by ledger row: area by outline and ledger [亩], their relative difference as
        decimal, ``state`` `failed` where it is over the limit, `no_data` without an outline.
    overlaps : DataFrame
        Pairs of parcels and the area they share [㎡].
    gaps : DataFrame
        Area [㎡] and middle (longitude, latitude) of each gap between parcels.
    adjacent : DataFrame
        Pairs of adjacent parcels and the length they share [m].
    features : list of dict
        Parcel id and rings (longitude, latitude), simplified for a map.
    """

    differences: pd.DataFrame
    overlaps: pd.DataFrame
    gaps: pd.DataFrame
    adjacent: pd.DataFrame
    unknown: tuple[str, ...]
    features: list[dict[str, Any]]
    totals: dict[str, Any]

    def _summary(self) -> Summary:
        return summaries.geometry(self)

    def to_record(self) -> dict[str, Any]:
        """JSON-ready form."""
        return {
            "evaluated": True,
            "features": self.features,
            "differences": records(self.differences, index="row"),
            "overlaps": records(self.overlaps),
            "gaps": records(self.gaps),
            "adjacent": records(self.adjacent),
            "unknown": list(self.unknown),
            "totals": self.totals,
        }


def evaluate(park: Park) -> GeometryResult | NotEvaluated:
    """Check the outlines of a park.

    Returns
    -------
    GeometryResult, or NotEvaluated when the park has no outlines.

    Raises
    ------
    MissingExtraError
        If there are outlines but the libraries are not installed.
    """
    if park.geometry is None:
        return NotEvaluated(_("没有宗地图形。"))
    parcels, rules = park.tables["parcels"], park.rulebook
    frame = _clean(park.geometry)
    flat = _flat(frame)
    listed = set(parcels["parcel_id"].dropna())
    table = differences(parcels, frame, rules)
    return GeometryResult(
        differences=table,
        overlaps=overlaps(flat, rules),
        gaps=gaps(flat, rules),
        adjacent=adjacent(flat, rules),
        unknown=tuple(sorted(set(frame["parcel_id"]) - listed)),
        features=features(flat),
        totals={
            "parcels": len(table),
            "drawn": int(table["drawn_mu"].notna().sum()),
            "flagged": int((table["state"] == State.FAILED).sum()),
            "drawn_mu": float(table["drawn_mu"].sum()),
            "ledger_mu": float(table.loc[table["drawn_mu"].notna(), "area_mu"].sum()),
        },
    )


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingExtraError("gis", _("核对宗地图形")) from error


def _clean(frame: Any) -> Any:
    """One valid outline per parcel, in longitude and latitude."""
    shapely = _library("shapely")
    known = frame[frame["parcel_id"].notna() & frame.geometry.notna()]
    known = known[~known.geometry.is_empty]
    known = known.set_geometry(shapely.make_valid(known.geometry.to_numpy()), crs=known.crs)
    known = known[["parcel_id", "geometry"]]
    if known["parcel_id"].duplicated().any():
        known = known.dissolve(by="parcel_id", as_index=False)
    return known.sort_values("parcel_id", ignore_index=True).to_crs("EPSG:4490")


def geodesic_area_m2(frame: Any) -> np.ndarray:
    """Area of each outline on the ellipsoid [㎡].

    Parameters
    ----------
    frame : GeoDataFrame
        In longitude and latitude.

    Notes
    -----
    Sides are taken as geodesics; for sides of parcel length this differs from straight lines of
    a map projection by far less than a square metre.
    """
    geod = _library("pyproj").Geod(ellps=ELLIPSOID)
    return np.array([abs(geod.geometry_area_perimeter(shape)[0]) for shape in frame.geometry])


def _flat(frame: Any) -> Any:
    """Outlines in metres, equal-area around their middle, for neighbours and overlaps."""
    west, south, east, north = frame.total_bounds
    middle = f"+lat_0={(south + north) / 2:.6f} +lon_0={(west + east) / 2:.6f}"
    flat = frame.to_crs(f"+proj=laea {middle} +ellps={ELLIPSOID} +units=m")
    return flat.reset_index(drop=True)


def differences(parcels: pd.DataFrame, frame: Any, rules: Rulebook) -> pd.DataFrame:
    """Area by outline against the ledger, for every parcel of the ledger."""
    rule = rules.rule("land.geometry.area_difference")
    drawn = pd.Series(geodesic_area_m2(frame) / M2_PER_MU, index=frame["parcel_id"].tolist())
    drawn_mu = parcels["parcel_id"].map(drawn).astype("float64")  # an empty ledger maps to text
    ledger = parcels["area_mu"]
    share = drawn_mu / ledger.where(ledger > 0) - 1
    state = np.select(
        [share.isna(), share.abs() > rules.number(rule.id)],
        [State.NO_DATA, State.FAILED],
        State.MET,
    )
    flags: dict[Text, np.ndarray] = {
        _("没有图形"): drawn_mu.isna().to_numpy(),
        _("台账缺少面积"): (~(ledger > 0)).to_numpy(),
    }
    return pd.DataFrame(
        {
            "parcel_id": parcels["parcel_id"],
            "area_mu": ledger,
            "drawn_mu": drawn_mu,
            "difference": share,
            "required": rules.number(rule.id),
            "state": [str(item) for item in state],
            "rule_id": rule.id,
            "reason": reasons(parcels.index, flags),
        },
        index=parcels.index,
    )


def _pairs(flat: Any, distance: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of outlines that touch, or come nearer than *distance* [m]; each once."""
    shapely = _library("shapely")
    shapes = flat.geometry.to_numpy()
    tree = shapely.STRtree(shapes)
    if distance is None:
        left, right = tree.query(shapes, predicate="intersects")
    else:
        left, right = tree.query(shapes, predicate="dwithin", distance=distance)
    once = left < right
    return left[once], right[once]


def overlaps(flat: Any, rules: Rulebook) -> pd.DataFrame:
    """Pairs of parcels that cover the same ground."""
    shapely = _library("shapely")
    least = rules.number("land.geometry.min_overlap_m2")
    left, right = _pairs(flat)
    shapes, ids = flat.geometry.to_numpy(), flat["parcel_id"].to_numpy(object)
    area = shapely.area(shapely.intersection(shapes[left], shapes[right]))
    hit = area >= least
    return pd.DataFrame(
        {
            "parcel_id": ids[left[hit]],
            "other_id": ids[right[hit]],
            "overlap_m2": area[hit],
            "rule_id": "land.geometry.min_overlap_m2",
        }
    ).sort_values(["parcel_id", "other_id"], ignore_index=True)


def gaps(flat: Any, rules: Rulebook) -> pd.DataFrame:
    """Strips between parcels narrower than a limit, and holes that parcels close in."""
    shapely = _library("shapely")
    half = rules.number("land.geometry.max_gap_width_m") / 2
    least = rules.number("land.geometry.min_gap_m2")
    shapes = flat.geometry.to_numpy()
    union = shapely.union_all(shapes)
    # closing with mitred corners fills strips up to twice *half* wide and nothing else
    grown = shapely.union_all(shapely.buffer(shapes, half, join_style="mitre"))
    blocks = shapely.buffer(shapely.get_parts(grown), -half, join_style="mitre")
    closed = shapely.union_all(blocks)
    strips = [
        part for part in shapely.get_parts(shapely.difference(closed, union)) if part.area >= least
    ]
    holes = [hole for hole in _holes(shapely, closed) if hole.area >= least]
    found = [*strips, *holes]
    middles = flat.geometry.__class__([part.representative_point() for part in found], crs=flat.crs)
    lonlat = middles.to_crs("EPSG:4490") if found else middles
    return pd.DataFrame(
        {
            "area_m2": [part.area for part in found],
            "enclosed": [False] * len(strips) + [True] * len(holes),
            "longitude": [round(point.x, DECIMALS) for point in lonlat],
            "latitude": [round(point.y, DECIMALS) for point in lonlat],
            "rule_id": "land.geometry.max_gap_width_m",
        },
        columns=["area_m2", "enclosed", "longitude", "latitude", "rule_id"],
    ).sort_values("area_m2", ascending=False, ignore_index=True)


def _holes(shapely: Any, closed: Any) -> list[Any]:
    """Open ground inside rings of parcels, without the parcels that stand in it."""
    parts = [part for part in shapely.get_parts(closed) if part.geom_type == "Polygon"]
    rings = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    tree = shapely.STRtree(parts)
    found: list[Any] = []
    for ring in rings:
        inside = [parts[place] for place in tree.query(ring, predicate="contains")]
        open_ground = shapely.difference(ring, shapely.union_all(inside)) if inside else ring
        found.extend(shapely.get_parts(open_ground))
    return found


def adjacent(flat: Any, rules: Rulebook) -> pd.DataFrame:
    """Pairs of parcels side by side, and the length they share [m]."""
    shapely = _library("shapely")
    distance = rules.number("land.geometry.adjacency_distance_m")
    least = rules.number("land.geometry.adjacency_length_m")
    left, right = _pairs(flat, distance)
    shapes, ids = flat.geometry.to_numpy(), flat["parcel_id"].to_numpy(object)
    near = shapely.buffer(shapes, distance)
    shared = shapely.intersection(near[left], shapely.boundary(shapes[right]))
    length = shapely.length(shared)
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


def adjacency(park: Park) -> dict[str, tuple[str, ...]]:
    """Adjacent parcels of each parcel by their outlines; empty without outlines."""
    if park.geometry is None:
        return {}
    table = adjacent(_flat(_clean(park.geometry)), park.rulebook)
    found: dict[str, list[str]] = {}
    for parcel, other in zip(table["parcel_id"].tolist(), table["other_id"].tolist(), strict=True):
        found.setdefault(parcel, []).append(other)
        found.setdefault(other, []).append(parcel)
    return {name: tuple(others) for name, others in sorted(found.items())}


def features(flat: Any) -> list[dict[str, Any]]:
    """Parcel id and rings of each outline, simplified for a map."""
    shapely = _library("shapely")
    simple = flat.set_geometry(
        shapely.simplify(flat.geometry.to_numpy(), SIMPLIFY_M), crs=flat.crs
    ).to_crs("EPSG:4490")
    found = []
    for name, shape in zip(simple["parcel_id"].tolist(), simple.geometry, strict=True):
        parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        found.append(
            {
                "parcel_id": name,
                "rings": [
                    [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
                    for ring in rings
                ],
            }
        )
    return sorted(found, key=lambda item: str(item["parcel_id"]))
