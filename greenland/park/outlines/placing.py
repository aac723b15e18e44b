"""Outlines put where they lie: the reference system found, and what lies oddly told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from greenland.errors import InputError, Problem, Severity, input_error
from greenland.i18n import N_, Text, _
from greenland.park.method import ZONE_REACH
from greenland.park.normal import listing
from greenland.park.outlines import systems
from greenland.park.outlines.messages import OutlineNotes
from greenland.park.outlines.shapes import areas_of
from greenland.park.outlines.shift import shift_note

if TYPE_CHECKING:
    from greenland.rules import Rulebook

LON_LAT = systems.LON_LAT
LedgerPlaces = Mapping[str, tuple[float, float]]


def placed_shapes(
    shapes: np.ndarray, file_crs: str | None, user_crs: str | None, rules: Rulebook,
    ledger: LedgerPlaces, notes: OutlineNotes,
) -> np.ndarray:  # fmt: skip
    """Shapes in longitude and latitude; None where one does not lie in the country."""
    import shapely

    country = _extent(rules, "land.geometry.country_extent")
    usable = np.flatnonzero(~shapely.is_missing(shapes))
    notes.outlines(
        Severity.NOTICE, "geometry_ring",
        N_("{n} 个图形的边界首尾不闭合，已连接首尾：{names}"),
        np.intersect1d(notes.unclosed, usable),
    )  # fmt: skip
    if not len(usable):
        raise notes.nothing_left()
    stated = _stated_system(file_crs, user_crs, notes)
    boxes = shapely.bounds(shapes[usable])
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    way = _reading(middles, stated, country, notes, _middle(ledger), rules)
    if way.told is not None:
        severity = Severity.NOTICE if stated is None else Severity.WARNING
        remedy = _("请核对；必要时在 park.yaml 中写 crs: EPSG:代码。")
        notes.add(severity, "geometry_crs", way.told, remedy)
    datum = systems.old_datum(way.crs)
    if datum is not None:
        notes.add(Severity.NOTICE, "geometry_datum",
                  _("图形采用{datum}坐标系，换算到 CGCS2000 没有当地参数，位置可有百米以内的偏差，"
                    "面积不受影响", datum=datum))  # fmt: skip
    off = systems.off_meridian(way, middles)
    notes.outlines(
        Severity.WARNING, "geometry_zone",
        N_("{n} 个图形距坐标系（{crs}）的中央经线超过 {limit} 公里，不在这个 3 度带内：{names}"),
        usable[off > ZONE_REACH], _("请核对横坐标、带号和坐标系。"),
        crs=way.crs.name, limit=f"{ZONE_REACH / 1000:g}",
    )  # fmt: skip
    left = np.full(len(shapes), None, object)
    left[usable] = shapely.transform(shapes[usable], way.lon_lat)
    boxes = shapely.bounds(left)
    within = systems.inside(boxes[:, :2], country) & systems.inside(boxes[:, 2:], country)
    strayed = usable[~within[usable]]
    notes.outlines(
        Severity.WARNING, "geometry_place",
        N_("{n} 个图形的坐标不在国内，未采用：{names}"), strayed,
        _("请核对坐标；其余图形照常核对。"),
    )  # fmt: skip
    left[strayed] = None
    # a transformation may fold or flatten what was valid in the file
    for place in np.flatnonzero(~shapely.is_missing(left) & ~shapely.is_valid(left)):
        left[place] = areas_of(left[place : place + 1]).shapes[0]
    if shapely.is_missing(left).all():
        raise notes.nothing_left()
    return left


def _extent(rules: Rulebook, rule_id: str) -> tuple[float, float, float, float]:
    value = rules.rule(rule_id).value
    if not (
        isinstance(value, list)
        and len(value) == 4
        and all(isinstance(item, int | float) for item in value)
    ):
        raise input_error(
            "rule_value", _("规则“{rule_id}”应为西、南、东、北四个度数。", rule_id=rule_id),
            file="park.yaml", got=str(value), allowed="[73, 3, 136, 54]",
        )  # fmt: skip
    west, south, east, north = map(float, value)
    return west, south, east, north


def _stated_system(file_crs: str | None, user_crs: str | None, notes: OutlineNotes) -> Any:
    if user_crs is not None:
        stated = systems.system_of(user_crs)
        if stated is None:
            raise input_error(
                "geometry_crs", _("park.yaml 的 crs 不是可用的坐标系。"), file=notes.file,
                got=user_crs,
                allowed=_("EPSG 代码，如 EPSG:4490（经纬度）、EPSG:4543（3 度带，102°E）"),
            )  # fmt: skip
        return stated
    stated = systems.system_of(file_crs)
    if stated is None and file_crs:
        notes.add(
            Severity.NOTICE,
            "geometry_crs",
            _("文件所写的坐标系无法识别：{crs}", crs=" ".join(file_crs.split())[:60]),
        )
    return stated


def _reading(
    middles: np.ndarray, stated: Any, country: tuple[float, float, float, float],
    notes: OutlineNotes, place: tuple[float, float] | None, rules: Rulebook,
) -> systems.CoordinateReading:  # fmt: skip
    """The one way to read the coordinates.

    Raises
    ------
    InputError
        If there is none, or more than one.
    """
    ways = systems.possible_readings(middles, stated, country)
    if not ways and place is not None and not (stated is not None and stated.is_projected):
        ways = systems.readings_near(middles, place, rules.number("land.geometry.place_km"))
    if len(ways) == 1:
        return ways[0]
    sample = _("{x}，{y}", x=f"{middles[0, 0]:.10g}", y=f"{middles[0, 1]:.10g}")
    remedy = _(
        "请在导出时写明坐标系（如 CGCS2000，EPSG:4490；Shapefile 需带 .prj 文件），"
        "或在 park.yaml 中写 crs: EPSG:代码。"
    )
    if ways:
        told: Text = _("图形坐标有 {n} 种理解，无法取舍：{ways}", n=len(ways),
                       ways=listing(str(way.told) for way in ways))  # fmt: skip
    elif (zone := systems.zone_conflict(middles, stated)) is not None:
        told = _("横坐标的带号 {zone} 与坐标系（{crs}）的中央经线不一致，坐标的含义不能确定",
                 zone=zone, crs=stated.name)  # fmt: skip
    elif np.median(np.abs(middles).max(axis=1)) > 180 and (stated is None or stated.is_geographic):
        told = _("图形文件没有坐标系。") if stated is None else _(
            "坐标不是经纬度，而是米，但文件没有写明投影坐标系"
        )  # fmt: skip
    else:
        told = _("按坐标系（{crs}）图形不在国内", crs=stated.name if stated is not None else "—")
    errors = [Problem(Severity.ERROR, "geometry_crs", told, remedy, file=notes.file, got=sample)]
    raise InputError([*notes.problems, *errors])


def _middle(ledger: LedgerPlaces) -> tuple[float, float] | None:
    """Middle of the places the ledger gives; None when it gives none."""
    places = np.array(list(ledger.values()), float).reshape(-1, 2)
    places = places[np.isfinite(places).all(axis=1)]
    if not len(places):
        return None
    longitude, latitude = np.median(places, axis=0)
    return float(longitude), float(latitude)


def place_notes(
    numbers: list[str | None], shapes: np.ndarray, rules: Rulebook, ledger: LedgerPlaces,
    notes: OutlineNotes,
) -> None:  # fmt: skip
    """Outlines far from where the ledger has them, from the others, or from the region."""
    import shapely

    drawn = np.flatnonzero(~shapely.is_missing(shapes))
    boxes = shapely.bounds(shapes[drawn])
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    remedy = _("请核对坐标和坐标系。")
    nowhere = (np.nan, np.nan)
    listed = np.array([ledger.get(numbers[place] or "", nowhere) for place in drawn], float)
    near = rules.number("land.geometry.place_km")
    astray = systems.distances_km(middles, listed.reshape(-1, 2)) > near
    notes.outlines(
        Severity.WARNING, "geometry_place",
        N_("{n} 个图形距台账所填经纬度超过 {limit} 公里：{names}"), drawn[astray], remedy,
        limit=f"{near:g}",
    )  # fmt: skip
    if not astray.all():
        shift_note(middles[~astray], listed.reshape(-1, 2)[~astray], notes)
    limit = rules.number("land.geometry.far_km")
    centre = np.median(middles, axis=0)
    far = ~astray & (systems.distances_km(middles, centre) > limit)
    notes.outlines(
        Severity.WARNING, "geometry_far",
        N_("{n} 个图形距其他图形超过 {limit} 公里：{names}"), drawn[far], remedy,
        limit=f"{limit:g}",
    )  # fmt: skip
    region = rules.rules.get("land.geometry.region_extent")
    if region is not None:
        outside = ~systems.inside(middles, _extent(rules, region.id)) & ~far & ~astray
        notes.outlines(
            Severity.WARNING, "geometry_region",
            N_("{n} 个图形不在规则包所属地区的范围内：{names}"), drawn[outside], remedy,
        )  # fmt: skip
