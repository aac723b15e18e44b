"""All outlines shifted together against the places of the ledger, and by which datum that is.

Maps on telephones and the web show China in GCJ-02, some hundred metres from CGCS2000, or in
BD-09, farther still. Outlines or places taken from them are all shifted by nearly the same
vector, which this module compares with the shift such maps have there. Nothing is moved.

References
----------
The shift of GCJ-02 has no published definition. Used is the formula common to open-source
converters (eviltransform and others), on the ellipsoid of Krassowsky; it agrees with such maps to
within some metres.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from greenland.errors import Severity
from greenland.i18n import Text, _
from greenland.park.method import SHIFT_ALIKE, SHIFT_METRES, SHIFT_PARCELS, SHIFT_SPREADS
from greenland.park.outlines.messages import OutlineNotes
from greenland.park.outlines.systems import EARTH_KM

Point = npt.NDArray[np.float64]  # longitude and latitude [°], or metres east and north

_AXIS, _ECCENTRICITY2 = 6_378_245.0, 0.006693421622965943  # Krassowsky 1940 [m, 1]


def shift_note(middles: Point, listed: Point, notes: OutlineNotes) -> None:
    """Tell when outlines lie all in the same direction from where the ledger has them.

    Parameters
    ----------
    middles, listed : array (n, 2)
        Middle of each outline, and its place in the ledger (NaN: none); longitude, latitude [°].
    """
    known = np.isfinite(listed).all(axis=1) & np.isfinite(middles).all(axis=1)
    if known.sum() < SHIFT_PARCELS:
        return
    apart = metres_between(listed[known], middles[known])
    common = np.median(apart, axis=0)
    spread = float(np.median(np.hypot(*(apart - common).T)))
    size = float(np.hypot(*common))
    rounded = float(np.hypot(*_half_unit(listed[known])))
    if size < max(SHIFT_METRES, SHIFT_SPREADS * spread, SHIFT_SPREADS * rounded):
        return
    notes.add(
        Severity.WARNING,
        "geometry_shift",
        _(
            "{n} 宗的图形都比台账所填经纬度偏{way}，约 {size} 米，各宗相差不过 {spread} 米，"
            "像是坐标系不同；没有移动。",
            n=int(known.sum()),
            way=_way(common),
            size=f"{size:.0f}",
            spread=f"{spread:.0f}",
        ),
        _cause(common, np.median(listed[known], axis=0), np.median(middles[known], axis=0)),
    )


def metres_between(first: Point, second: Point) -> Point:
    """East and north from *first* to *second* [m]."""
    apart = np.radians(second - first) * EARTH_KM * 1000
    apart[:, 0] *= np.cos(np.radians(first[:, 1]))
    return np.asarray(apart)


def _half_unit(places: Point) -> Point:
    """Half a unit of the last decimal the ledger gives, east and north [m]."""
    decimals = [
        max(len(f"{value:.10f}".rstrip("0").partition(".")[2]) for value in column)
        for column in places.T
    ]
    metres = np.radians(1.0) * EARTH_KM * 1000
    return np.array([0.5 * 10.0**-places_ * metres for places_ in decimals])


def _way(common: Point) -> Text:
    east, north = common
    if abs(east) > 2 * abs(north):
        return _("东") if east > 0 else _("西")
    if abs(north) > 2 * abs(east):
        return _("北") if north > 0 else _("南")
    if east > 0:
        return _("东北") if north > 0 else _("东南")
    return _("西北") if north > 0 else _("西南")


def _cause(common: Point, place: Point, drawn: Point) -> Text:
    """What the shift is like, and what to do."""
    for name, there in (("GCJ-02", gcj02), ("BD-09", bd09)):
        for point, sign in ((place, 1.0), (drawn, -1.0)):
            expected = sign * metres_between(point[None], there(point)[None])[0]
            if np.hypot(*(common - expected)) > SHIFT_ALIKE * np.hypot(*expected):
                continue
            if sign > 0:
                return _(
                    "图形像是 {name}（网络地图的坐标），而坐标系写的不是；请取得 CGCS2000 的图形。",
                    name=name,
                )
            return _(
                "台账的经纬度像是取自网络地图（{name}），图形多半没有错；"
                "请改填 CGCS2000 的经纬度。",
                name=name,
            )
    return _("请核对图形与台账经纬度各用什么坐标系（CGCS2000、西安80、北京54、当地坐标）。")


def gcj02(point: Point) -> Point:
    """Where maps in GCJ-02 show a place in CGCS2000; longitude and latitude [°].

    Examples
    --------
    >>> (gcj02(np.array([101.5, 25.0])) - [101.5, 25.0]).round(4).tolist()
    [0.0016, -0.003]
    """
    x, y = point[0] - 105.0, point[1] - 35.0
    root = np.sqrt(abs(x))
    waves = 20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += 2 / 3 * (waves + 20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3))
    east += 2 / 3 * (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += 2 / 3 * (waves + 20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3))
    north += 2 / 3 * (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30))
    latitude = np.radians(point[1])
    below = 1 - _ECCENTRICITY2 * np.sin(latitude) ** 2
    meridian = _AXIS * (1 - _ECCENTRICITY2) / below**1.5
    parallel = _AXIS / np.sqrt(below) * np.cos(latitude)
    return np.asarray(point + np.degrees(np.array([east / parallel, north / meridian])))


def bd09(point: Point) -> Point:
    """Where maps in BD-09 show a place in CGCS2000; longitude and latitude [°]."""
    x, y = gcj02(point)
    turn = np.pi * 3000 / 180
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * turn)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * turn)
    return np.array([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])
