"""Parcel outlines of a park read, understood and matched to the ledger (extra ``gis``).

An outline that cannot be used costs that outline and is told; only a file of which nothing can
be used, or whose meaning is open, is an error, and of the outlines alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from greenland.errors import (
    InputError,
    MissingExtraError,
    Problem,
    RuleNotFoundError,
    Severity,
    input_error,
)
from greenland.i18n import N_, Text, _
from greenland.park.normal import listing
from greenland.park.outlines import systems
from greenland.park.outlines.drawing import labelled
from greenland.park.outlines.messages import CHANGES, FAULTS, OutlineNotes
from greenland.park.outlines.numbers import ledger_numbers, number_field, parcel_number
from greenland.park.outlines.shapes import areas_of
from greenland.park.outlines.source import DrawnLayer, outline_file, read_layer

if TYPE_CHECKING:
    import geopandas

    from greenland.rules import Rulebook

TOUCHES = ("land.geometry",)
EARTH_KM = 6371.0  # mean radius, for a rough distance


def outlines_of(
    folder: Path,
    file: str | None,
    rules: Rulebook,
    *,
    layer: str | None = None,
    crs: str | None = None,
    ledger: Collection[str] = (),
) -> tuple[geopandas.GeoDataFrame | None, list[Problem]]:
    """Outlines named in park.yaml, and what is wrong with them; nothing else stops for it.

    Returns
    -------
    GeoDataFrame or None
        None when no file is named or it cannot be used.
    list of Problem
        A missing extra is a warning, an unusable file an error of the outlines alone.
    """
    if file is None:
        return None, []
    try:
        path = outline_file(folder, file)
        return read_outlines(path, rules, layer=layer, crs=crs, ledger=ledger)
    except MissingExtraError as error:
        text = _("宗地图形未读取：{detail}", detail=str(error))
        return None, [Problem(Severity.WARNING, "extra", text, file=file, touches=TOUCHES)]
    except RuleNotFoundError as error:
        return None, [
            Problem(Severity.ERROR, "geometry_rule", str(error), file=file, touches=TOUCHES)
        ]
    except InputError as error:
        return None, [
            replace(item, touches=TOUCHES if item.severity is Severity.ERROR else item.touches)
            for item in error.problems
        ]


def read_outlines(
    path: Path,
    rules: Rulebook,
    *,
    layer: str | None = None,
    crs: str | None = None,
    ledger: Collection[str] = (),
) -> tuple[geopandas.GeoDataFrame, list[Problem]]:
    """Read outlines of parcels.

    Parameters
    ----------
    path : Path
        GeoPackage, GeoJSON, shapefile, KML, DXF, or one of them zipped, with a field (in a
        drawing: labels inside the outlines) that holds the parcel number.
    rules : Rulebook
        Gives the extent of the country and of the region.
    layer : str, optional
        Layer to read; the first that has parcel numbers when left out.
    crs : str, optional
        Reference system of the coordinates, such as ``"EPSG:4543"``, in place of what the file
        states.
    ledger : collection of str
        Parcel numbers of the ledger.

    Returns
    -------
    GeoDataFrame
        Columns ``parcel_id`` (as the ledger writes it) and ``geometry`` (valid areas) in
        longitude and latitude, CGCS2000; index ``feature`` counted from 1 as in the file.
    list of Problem
        Outlines left out, and everything that was understood rather than read.

    Raises
    ------
    MissingExtraError
        If the libraries of the extra are not installed.
    InputError
        If the file cannot be read, or no outline of it can be used.
    """
    notes = OutlineNotes(path.name)
    drawn, field = _layer(path, layer, ledger, notes)
    shapes = _parsed(drawn.wkb, notes)
    if path.suffix.lower() == ".dxf":
        shapes, numbers = labelled(shapes, drawn.fields, ledger, notes)
    else:
        numbers = [parcel_number(value) for value in drawn.fields[field]]
    notes.numbers = numbers
    areas = areas_of(shapes)
    for fault, places in areas.faults.items():
        notes.outlines(Severity.WARNING, f"geometry_{fault}", FAULTS[fault], places)
    for change, places in areas.changes.items():
        notes.outlines(Severity.NOTICE, f"geometry_{change}", CHANGES[change], places)
    placed = _placed(areas.shapes, drawn.crs, crs, rules, notes)
    _ledger_notes(numbers, placed, ledger, notes)
    return _frame(numbers, placed, ledger, notes), notes.problems


def _layer(
    path: Path, wanted: str | None, ledger: Collection[str], notes: OutlineNotes
) -> tuple[DrawnLayer, str]:
    """The layer to read and its field of parcel numbers."""
    drawn = read_layer(path, wanted)
    names = [wanted] if wanted is not None else list(drawn.layers)
    drawing = path.suffix.lower() == ".dxf"
    for place, name in enumerate(names):
        drawn = drawn if place == 0 else read_layer(path, name)
        try:
            field, guessed = ("", False) if drawing else number_field(drawn.fields, ledger, path.name)
            break
        except InputError:
            if place == len(names) - 1:
                raise
    for note in drawn.notes:
        notes.add(Severity.NOTICE, "geometry_encoding", note)
    if len(drawn.layers) > 1:
        open_choice = wanted is None
        notes.add(
            Severity.WARNING if open_choice else Severity.NOTICE,
            "geometry_layer",
            _("图形文件有 {n} 个图层（{layers}），读取的是“{layer}”",
              n=len(drawn.layers), layers=listing(drawn.layers), layer=drawn.name),
            _("如应读取其他图层，请在 park.yaml 中写 layer: 图层名。") if open_choice else "",
        )  # fmt: skip
    if guessed:
        notes.add(
            Severity.NOTICE,
            "geometry_column",
            _("没有名为“宗地编号”的字段，按字段“{field}”的值与台账编号相同认定", field=field),
        )
    return drawn, field


def _parsed(wkb: np.ndarray, notes: OutlineNotes) -> np.ndarray:
    """Shapes; rings that do not end where they begin are closed, which is told."""
    import shapely

    shapes = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), object)
    unclosed = np.flatnonzero(
        shapely.is_missing(shapes) & np.array([item is not None for item in wkb], bool)
    )
    shapes[unclosed] = shapely.from_wkb(wkb[unclosed], on_invalid="fix")
    notes.unclosed = unclosed[~shapely.is_missing(shapes[unclosed])]
    return shapes


def _placed(
    shapes: np.ndarray, file_crs: str | None, user_crs: str | None, rules: Rulebook,
    notes: OutlineNotes,
) -> np.ndarray:  # fmt: skip
    """Shapes in longitude and latitude; None where one does not lie in the country."""
    import shapely

    country = _extent(rules, "land.geometry.country_extent")
    usable = np.flatnonzero(~shapely.is_missing(shapes))
    notes.outlines(
        Severity.NOTICE, "geometry_ring",
        N_("{n} 个图形的边界首尾不闭合，已连接首尾：{names}"), np.intersect1d(notes.unclosed, usable),
    )  # fmt: skip
    if not len(usable):
        raise _nothing_left(notes)
    stated = _stated_system(file_crs, user_crs, notes)
    boxes = shapely.bounds(shapes[usable])
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    way = _reading(middles, stated, country, notes)
    if way.told is not None:
        severity = Severity.NOTICE if stated is None else Severity.WARNING
        remedy = _("请核对；必要时在 park.yaml 中写 crs: EPSG:代码。")
        notes.add(severity, "geometry_crs", way.told, remedy)
    datum = systems.old_datum(way.crs)
    if datum is not None:
        notes.add(Severity.NOTICE, "geometry_datum",
                  _("图形采用{datum}坐标系，换算到 CGCS2000 没有当地参数，位置可有百米以内的偏差，"
                    "面积不受影响", datum=datum))  # fmt: skip
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
    _far_notes(left, rules, notes)
    if shapely.is_missing(left).all():
        raise _nothing_left(notes)
    return left


def _extent(rules: Rulebook, rule_id: str) -> tuple[float, float, float, float]:
    west, south, east, north = rules.rule(rule_id).value
    return float(west), float(south), float(east), float(north)


def _nothing_left(notes: OutlineNotes) -> InputError:
    """The error of a file without a usable outline, with what is wrong with each."""
    last = Problem(
        Severity.ERROR, "geometry_empty", _("图形文件中没有可用的宗地图形。"), file=notes.file
    )
    return InputError([*notes.problems, last])


def _stated_system(file_crs: str | None, user_crs: str | None, notes: OutlineNotes) -> Any:
    if user_crs is not None:
        stated = systems.system_of(user_crs)
        if stated is None:
            raise input_error(
                "geometry_crs", _("park.yaml 的 crs 不是可用的坐标系。"), file=notes.file,
                got=user_crs, allowed=_("EPSG 代码，如 EPSG:4490（经纬度）、EPSG:4543（3 度带，102°E）"),
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
    notes: OutlineNotes,
) -> systems.CoordinateReading:  # fmt: skip
    """The one way to read the coordinates.

    Raises
    ------
    InputError
        If there is none, or more than one.
    """
    ways = systems.possible_readings(middles, stated, country)
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


def _far_notes(shapes: np.ndarray, rules: Rulebook, notes: OutlineNotes) -> None:
    """Outlines outside the region of the rule packs, or far from all the others."""
    import shapely

    drawn = np.flatnonzero(~shapely.is_missing(shapes))
    if not len(drawn):
        return
    boxes = shapely.bounds(shapes[drawn])
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    centre = np.median(middles, axis=0)
    apart = np.radians(middles - centre) * [np.cos(np.radians(centre[1])), 1.0]
    limit = rules.number("land.geometry.far_km")
    far = np.hypot(apart[:, 0], apart[:, 1]) * EARTH_KM > limit
    remedy = _("请核对坐标和坐标系。")
    notes.outlines(
        Severity.WARNING, "geometry_far",
        N_("{n} 个图形距其他图形超过 {limit} 公里：{names}"), drawn[far], remedy, limit=f"{limit:g}",
    )  # fmt: skip
    region = rules.rules.get("land.geometry.region_extent")
    if region is not None:
        extent = _extent(rules, region.id)
        outside = ~systems.inside(middles, extent) & ~far
        notes.outlines(
            Severity.WARNING, "geometry_region",
            N_("{n} 个图形不在规则包所属地区的范围内：{names}"), drawn[outside], remedy,
        )  # fmt: skip


def _ledger_notes(
    numbers: list[str | None], shapes: np.ndarray, ledger: Collection[str], notes: OutlineNotes
) -> None:
    """What does not fit between the numbers of the outlines and those of the ledger."""
    drawn = [place for place, shape in enumerate(shapes) if shape is not None]
    notes.outlines(
        Severity.WARNING, "geometry_number",
        N_("{n} 个图形没有宗地编号，未采用：{names}"),
        [place for place in drawn if numbers[place] is None],
    )  # fmt: skip
    if not ledger:
        notes.add(Severity.WARNING, "geometry_ledger",
                  _("宗地台账没有宗地编号，宗地图形无从核对。"))  # fmt: skip
        return
    alike = ledger_numbers(numbers, ledger)
    for place, number in enumerate(numbers):
        if number in alike:
            numbers[place] = alike[number]
    if alike:
        pairs = [f"{number}→{other}" for number, other in alike.items()]
        notes.listed(Severity.NOTICE, "geometry_number",
                     N_("{n} 个编号只有大小写或前导零与台账不同，视为同一宗：{names}"),
                     pairs)  # fmt: skip
    counts: dict[str, int] = {}
    for place in drawn:
        number = numbers[place]
        if number is not None:
            counts[number] = counts.get(number, 0) + 1
    notes.listed(Severity.WARNING, "geometry_unknown",
                 N_("{n} 个图形的编号不在宗地台账中：{names}"),
                 [number for number in counts if number not in ledger],
                 _("请核对编号；这些图形参与重叠和空隙的判断，不与台账比较面积。"))  # fmt: skip
    notes.listed(Severity.NOTICE, "geometry_several",
                 N_("{n} 宗有多个图形，合并为一宗：{names}"),
                 [number for number, count in counts.items() if count > 1])  # fmt: skip
    notes.listed(Severity.NOTICE, "geometry_undrawn",
                 N_("宗地台账中 {n} 宗没有图形：{names}"),
                 [number for number in dict.fromkeys(ledger) if number not in counts])  # fmt: skip


def _frame(
    numbers: list[str | None], shapes: np.ndarray, ledger: Collection[str], notes: OutlineNotes
) -> geopandas.GeoDataFrame:
    import geopandas
    import pandas as pd

    usable = [
        place
        for place, shape in enumerate(shapes)
        if shape is not None and numbers[place] is not None
    ]
    if not usable:
        raise _nothing_left(notes)
    return geopandas.GeoDataFrame(
        {"parcel_id": [numbers[place] for place in usable]},
        geometry=shapes[usable],
        crs=systems.LON_LAT,
        index=pd.Index([place + 1 for place in usable], name="feature"),
    )


