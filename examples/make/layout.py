"""Where the parcels of the invented example park lie: strips along roads."""

from __future__ import annotations

import json
import math
from typing import NamedTuple

import numpy as np

from greenland.units import M2_PER_MU

LONGITUDE, LATITUDE = 101.52, 25.06  # a valley of central Yunnan
STRIP_DEPTH_M, STRIP_LENGTH_M, ROAD_M = 210.0, 2600.0, 24.0
REDRAWN = ("YL-014", "YL-077")  # outlines that differ from the ledger


class Strip(NamedTuple):
    """A parcel's rectangle: south-west corner and width [m]."""

    parcel: str
    x: float
    y: float
    width: float


def lay_out(
    parcels: list[dict[str, object]], strips: list[Strip], rng: np.random.Generator
) -> None:
    """Put the parcels side by side in strips along roads; neighbours share an edge."""
    x, y, before = 0.0, 0.0, ""
    by_id = {str(parcel["parcel_id"]): parcel for parcel in parcels}
    for place in rng.permutation(len(parcels)):
        parcel = parcels[int(place)]
        name = str(parcel["parcel_id"])
        width = float(parcel["area_mu"]) * M2_PER_MU / STRIP_DEPTH_M  # type: ignore[arg-type]
        if x + width > STRIP_LENGTH_M:
            x, y, before = 0.0, y + STRIP_DEPTH_M + ROAD_M, ""
        strips.append(Strip(name, x, y, width))
        parcel["adjacent_parcels"] = (before,) if before else ()
        if before:
            other = by_id[before]
            other["adjacent_parcels"] = (*other["adjacent_parcels"], name)  # type: ignore[misc]
        centre = lon_lat(x + width / 2, y + STRIP_DEPTH_M / 2)
        parcel["longitude"], parcel["latitude"] = (round(value, 6) for value in centre)
        x, before = x + width, name


def geojson(strips: list[Strip]) -> str:
    """The parcels as GeoJSON; `REDRAWN` are drawn 3 % narrower than the ledger says."""
    features = []
    for name, x, y, width in sorted(strips):
        east = x + width * (0.97 if name in REDRAWN else 1.0)
        north = y + STRIP_DEPTH_M
        corners = [(x, y), (east, y), (east, north), (x, north), (x, y)]
        ring = [[round(value, 8) for value in lon_lat(*corner)] for corner in corners]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        features.append(
            {"type": "Feature", "properties": {"parcel_id": name}, "geometry": geometry}
        )
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, indent=0) + "\n"


def lon_lat(x: float, y: float) -> tuple[float, float]:
    """Local metres east and north of the park's corner as degrees (WGS 84 radii at the corner)."""
    a, e2 = 6378137.0, 0.00669437999014
    sine = math.sin(math.radians(LATITUDE + y / 111_000 / 2))
    meridian = a * (1 - e2) / (1 - e2 * sine**2) ** 1.5
    latitude = LATITUDE + math.degrees(y / meridian)
    at = math.radians(latitude)
    normal = a / math.sqrt(1 - e2 * math.sin(at) ** 2)
    return LONGITUDE + math.degrees(x / (normal * math.cos(at))), latitude
