"""Reference systems: what the coordinates of outlines mean, told from the file and from them.

Surveyors state a system, leave it out, or state one that the coordinates contradict: eastings
that carry the number of their zone, northings before eastings, degrees called metres. What the
file states is tried first. When it puts the outlines outside the country, the other ways to read
the same numbers are tried; exactly one must put them inside, and it is told.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from greenland.i18n import Text, _
from greenland.park.method import PLACED_INSIDE

LON_LAT = 4490  # CGCS2000
LON_LAT_ALIKE = (4490, 4326, 4979, 4480)  # to PROJ the same longitudes and latitudes
FALSE_EASTING = 500_000.0
ZONE = 1_000_000.0  # an easting may carry the number of its zone in millions
ZONES_6 = range(13, 24)  # Gauss-Kruger zones that reach into China: of 6° from 13, of 3° from 25
ZONES_3 = range(25, 46)
# EPSG codes of the zones with their number in the easting: first of 6°, first of 3°
ZONE_CODES = {4490: (4491, 4513), 4610: (2327, 2349), 4214: (21413, 2401)}
OLD_DATUMS = {4610: "西安80", 4214: "北京54"}  # names of the field, not messages
_THREE = re.compile(r"(?<![0-9])3.?deg", re.IGNORECASE)
EARTH_KM = 6371.0  # mean radius, for rough distances
TRANSVERSE_MERCATOR = 9807  # EPSG code of the method; Gauss-Kruger and UTM


@dataclass(frozen=True)
class CoordinateReading:
    """One way to read coordinates.

    Parameters
    ----------
    crs : pyproj.CRS
    swapped : bool
        The first number is the northing or latitude.
    shift : float
        Added to eastings [m].
    told : Text or None
        What was understood that the file does not state; None: read as stated.
    """

    crs: Any
    swapped: bool = False
    shift: float = 0.0
    told: Text | None = None

    def lon_lat(self, points: np.ndarray) -> np.ndarray:
        """Longitude and latitude (n, 2) in CGCS2000 [°]; infinite where there is none."""
        x, y = (points[:, 1], points[:, 0]) if self.swapped else (points[:, 0], points[:, 1])
        if self.crs.to_epsg() in LON_LAT_ALIKE:
            return np.column_stack([x, y])
        pyproj: Any = importlib.import_module("pyproj")
        transformer = pyproj.Transformer.from_crs(self.crs, LON_LAT, always_xy=True)
        return np.column_stack(transformer.transform(x + self.shift, y))


def system_of(text: str | None) -> Any:
    """The reference system a text names; None when it names none on Earth."""
    if not text:
        return None
    pyproj: Any = importlib.import_module("pyproj")
    try:
        crs = pyproj.CRS.from_user_input(text)
    except pyproj.exceptions.CRSError:
        return None
    if not (crs.is_geographic or crs.is_projected):
        return None  # geocentric, vertical, or a local drawing
    return crs.to_2d()


def inside(points: np.ndarray, extent: tuple[float, float, float, float]) -> np.ndarray:
    """Whether longitudes and latitudes lie in *extent* (west, south, east, north) [°]."""
    west, south, east, north = extent
    x, y = points[:, 0], points[:, 1]
    with np.errstate(invalid="ignore"):
        return np.asarray((x >= west) & (x <= east) & (y >= south) & (y <= north))


def possible_readings(
    middles: np.ndarray, stated: Any, extent: tuple[float, float, float, float]
) -> list[CoordinateReading]:
    """The ways to read coordinates that put most outlines into *extent*.

    Parameters
    ----------
    middles : array (n, 2)
        A point of each outline, as it stands in the file; finite.
    stated : pyproj.CRS or None
        What the file, or the user, states.
    extent : tuple of float
        West, south, east, north of the country [°].

    Returns
    -------
    list of CoordinateReading
        The stated one alone where it holds.
    """
    if stated is not None:
        plain = CoordinateReading(stated)
        if _holds(plain, middles, extent):
            return [plain]
    return [way for way in _ways(middles, stated) if _holds(way, middles, extent)]


def readings_near(
    middles: np.ndarray, place: tuple[float, float], reach_km: float
) -> list[CoordinateReading]:
    """The zones of 3° that put eastings without zone number near a place.

    The zones of 6° are among them: they share every second central meridian.

    Parameters
    ----------
    middles : array (n, 2)
        A point of each outline, in metres.
    place : tuple of float
        Longitude and latitude [°].
    reach_km : float
        How far the middle of the outlines may lie from the place.
    """
    ways = []
    for zone in ZONES_3:
        crs = _crs(_zone_code(zone, LON_LAT) + len(ZONES_3))  # the same zone without its number
        for swapped in (False, True):
            told = _("文件没有坐标系，按台账所填经纬度认定为 {crs}", crs=crs.name)
            way = CoordinateReading(crs, swapped, told=told)
            middle = np.median(way.lon_lat(middles), axis=0)
            if distances_km(middle[None], np.array(place))[0] <= reach_km:
                ways.append(way)
    return ways


def distances_km(points: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Rough distance of points from places, both in longitude and latitude (n, 2) [km]."""
    with np.errstate(invalid="ignore"):
        apart = np.radians(points - places)
        apart[..., 0] *= np.cos(np.radians(places[..., 1]))
        return np.asarray(np.hypot(apart[..., 0], apart[..., 1]) * EARTH_KM)


def _holds(way: CoordinateReading, middles: np.ndarray, extent: Any) -> bool:
    within = inside(way.lon_lat(middles), extent)
    if way.crs.is_projected and _method(way.crs) == TRANSVERSE_MERCATOR:
        # no zone reaches 500 km from its meridian; further out the numbers mean something else
        easting = middles[:, int(way.swapped)] + way.shift - _false_easting(way.crs)
        within &= np.abs(easting) < FALSE_EASTING
    return bool(within.mean() > PLACED_INSIDE)


def off_meridian(way: CoordinateReading, middles: np.ndarray) -> np.ndarray:
    """Distance of points from the central meridian of a zone of 3° [m]; NaN in other systems."""
    crs = way.crs
    meridian = _meridian(crs) if crs.is_projected else None
    if meridian is None or _method(crs) != TRANSVERSE_MERCATOR:
        return np.full(len(middles), np.nan)
    # every second central meridian of zones of 3° is one of 6° as well
    if not _THREE.search(crs.name) and meridian in map(_zone_meridian, ZONES_6):
        return np.full(len(middles), np.nan)
    return np.asarray(np.abs(middles[:, int(way.swapped)] + way.shift - _false_easting(crs)))


def _method(crs: Any) -> int:
    """EPSG code of the projection's method."""
    return int(crs.coordinate_operation.method_code or 0)


def _ways(middles: np.ndarray, stated: Any) -> Iterator[CoordinateReading]:
    """Ways to read coordinates other than as stated."""
    if np.median(np.abs(middles).max(axis=1)) <= 180:
        degrees = stated if stated is not None and stated.is_geographic else _crs(LON_LAT)
        words = (
            _("按经纬度（CGCS2000）理解，因为文件没有写坐标系")
            if stated is None
            else _(
                "按经纬度（CGCS2000）理解，因为按文件所写坐标系（{crs}）不在国内", crs=stated.name
            )
        )
        yield CoordinateReading(degrees, told=words)
        yield CoordinateReading(
            degrees, swapped=True, told=_("坐标是纬度在前、经度在后，按颠倒的次序理解")
        )
        return
    for swapped in (False, True):
        easting = float(np.median(middles[:, int(swapped)]))
        yield from _zone_ways(easting, stated, swapped)


def _zone_ways(easting: float, stated: Any, swapped: bool) -> Iterator[CoordinateReading]:
    order = _("，且坐标是纵坐标（北）在前") if swapped else ""
    zone = int(easting // ZONE)
    if zone not in ZONES_6 and zone not in ZONES_3:
        if stated is None or not stated.is_projected:
            return  # the central meridian stands nowhere
        shift = _false_easting(stated) - FALSE_EASTING
        if swapped:
            yield CoordinateReading(
                stated,
                swapped,
                told=_("坐标是纵坐标（北）在前、横坐标（东）在后，按颠倒的次序理解"),
            )
        if shift > 0 and shift % ZONE == 0:
            told = _("横坐标没有带号，按坐标系（{crs}）的带号理解", crs=stated.name)
            yield CoordinateReading(stated, swapped, shift, _("{one}{two}", one=told, two=order))
        return
    if stated is not None and stated.is_projected:
        if _false_easting(stated) == FALSE_EASTING and _meridian(stated) == _zone_meridian(zone):
            told = _("横坐标带有带号 {zone}，坐标系（{crs}）不带带号，已去掉带号",
                     zone=zone, crs=stated.name)  # fmt: skip
            told = _("{one}{two}", one=told, two=order)
            yield CoordinateReading(stated, swapped, -zone * ZONE, told)
        elif swapped:
            told = _("坐标是纵坐标（北）在前、横坐标（东）在后，按颠倒的次序理解")
            yield CoordinateReading(stated, swapped, told=told)
        return
    datum = stated.to_epsg() if stated is not None else LON_LAT
    code = _zone_code(zone, datum if datum in ZONE_CODES else LON_LAT)
    crs = _crs(code)
    told = _(
        "横坐标带有带号 {zone}，按 {crs}（EPSG:{code}）理解", zone=zone, crs=crs.name, code=code
    )
    yield CoordinateReading(crs, swapped, told=_("{one}{two}", one=told, two=order))


def zone_conflict(middles: np.ndarray, stated: Any) -> int | None:
    """Number of the zone that eastings carry and the stated system contradicts."""
    if stated is None or not stated.is_projected:
        return None
    for axis in (0, 1):
        zone = int(np.median(middles[:, axis]) // ZONE)
        if (zone in ZONES_6 or zone in ZONES_3) and _meridian(stated) != _zone_meridian(zone):
            return zone
    return None


def _zone_meridian(zone: int) -> float:
    """Central meridian of a zone [°E]."""
    return zone * 6.0 - 3.0 if zone in ZONES_6 else zone * 3.0


def _zone_code(zone: int, datum: int) -> int:
    first_6, first_3 = ZONE_CODES[datum]
    return first_6 + zone - ZONES_6[0] if zone in ZONES_6 else first_3 + zone - ZONES_3[0]


def _parameter(crs: Any, code: int) -> float | None:
    """A parameter of the projection by its EPSG code."""
    operation = crs.coordinate_operation
    values = (item.value for item in operation.params if int(item.code or 0) == code)
    return next(values, None)


def _false_easting(crs: Any) -> float:
    return float(_parameter(crs, 8806) or 0.0)


def _meridian(crs: Any) -> float | None:
    return _parameter(crs, 8802)


def _crs(code: int) -> Any:
    pyproj: Any = importlib.import_module("pyproj")
    return pyproj.CRS.from_epsg(code)


def old_datum(crs: Any) -> str | None:
    """Name of the datum when it is one that CGCS2000 replaced."""
    base = crs.geodetic_crs
    code = base.to_epsg() if base is not None else None
    return OLD_DATUMS.get(code) if code is not None else None
