"""The map of the park: parcels by what becomes of them, numbered, with scale and north."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

import altair as alt

from greenland.i18n import _
from greenland.record.land.geometry import GeometryRecord, Outline, Point
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.chartkit import (
    Chart,
    colours,
    data,
    drawable,
    finish,
    source_line,
    text_width,
    tip,
)
from greenland.report.labels import name, value_label

Ring = Sequence[Point]
Box = tuple[float, float, float, float]

_WIDEST, _TALLEST = 900, 640  # pixels of the map
_LARGEST, _SMALLEST = 12, 8  # pixels of a number; what fits no number is named when pointed at
_LINES = 9  # along which a place for the number is looked for, each way
_NOT_LISTED = "#B9BEC6"


def parcel_map(
    geometry: GeometryRecord | None,
    standing: Mapping[str, str],
    holders: Mapping[str, str | None],
    rows: Mapping[str, str],
) -> Chart | None:
    """Parcels where they lie, coloured by what becomes of them.

    Parameters
    ----------
    geometry : GeometryRecord, optional
    standing, holders : mapping of str
        Decision on each parcel, and who holds it.
    rows : mapping of str
        Anchor of the row that tells of a parcel; a parcel without one leads nowhere.

    Notes
    -----
    Drawn on a plane in metres about the middle of the park, degrees by their lengths on the WGS 84
    ellipsoid there: within a park the error is below one part in a thousand.
    """
    outlines = [] if geometry is None else [item for item in geometry.features if item.rings]
    if not outlines:
        return None
    plane, metric = _plane(outlines)
    texts = {key: value_label("decision", key) for key in palette.DECISIONS}
    texts["none"] = _("未列入")
    prefix = _prefix([str(item.parcel_id) for item in outlines])
    decisions = [standing.get(str(item.parcel_id), "none") for item in outlines]
    parcels = [
        {
            "type": "Feature",
            "geometry": {"type": "Polygon", "coordinates": rings},
            "properties": {
                "parcel": drawable(str(item.parcel_id)),
                "holder": drawable(holders.get(str(item.parcel_id)) or fmt.DASH),
                "standing": texts[decision],
                "row": rows.get(str(item.parcel_id), ""),
            },
        }
        for item, rings, decision in zip(outlines, plane, decisions, strict=True)
    ]
    numbers = [
        {
            "number": str(item.parcel_id)[len(prefix) :],
            "ink": "#1f2630" if decision == "none" else "white",
            **_place(rings, str(item.parcel_id)[len(prefix) :]),
        }
        for item, rings, decision in zip(outlines, plane, decisions, strict=True)
    ]
    box = _box(plane)
    used = {key: text for key, text in texts.items() if key in decisions}
    hues = {**palette.DECISIONS, "none": _NOT_LISTED}
    frame, below = _frame(box, metric)
    layers = [
        alt.Chart(alt.Data(values=parcels))
        .mark_geoshape(stroke="white", strokeWidth=0.6)
        .encode(
            color=colours("properties.standing", hues, used),
            tooltip=[
                tip("properties.parcel", name("parcel_id")),
                tip("properties.holder", name("holder_name")),
                tip("properties.standing", name("decision")),
            ],
        ),
        _numbers(numbers, below),
        *frame,
    ]
    chart = alt.layer(*layers).project(type="identity", reflectY=True)
    aspect = (below[3] - below[1]) / (below[2] - below[0])
    return _told(chart, aspect, decisions, standing, prefix, bool(rows))


def _told(
    chart: Any,
    aspect: float,
    decisions: Sequence[str],
    standing: Mapping[str, str],
    prefix: str,
    leads: bool,
) -> Chart:
    """The map with its title and what to know when reading it."""
    drawn = sum(decision == "exit" for decision in decisions)
    listed = sum(decision == "exit" for decision in standing.values())
    title: str = _("建议退出的 {count} 宗地的分布", count=listed)
    if drawn < listed:
        title += _("（{count} 宗没有图形，未画出）", count=listed - drawn)
    unit = _("按处置意见着色，共 {count} 宗", count=len(decisions))
    if prefix:
        unit += _("；图上编号省去“{prefix}”", prefix=prefix)
    unit += _("；地块过小的不标编号")
    height = min(_TALLEST, round(_WIDEST * aspect))
    return Chart(
        "chart-map",
        title,
        unit,
        source_line(_("宗地图形"), _("退出建议")),
        title + _("。"),
        finish(chart, height, usermeta={"aspect": round(aspect, 4)}),
        tall=True,
        hint=_("点击宗地跳到下表中它的一行；用键盘时先移到图上，方向键选宗地，回车跳转。")
        if leads
        else "",
    )


def _plane(outlines: Sequence[Outline]) -> tuple[list[list[Ring]], bool]:
    """Rings of each outline on a plane [m]; as they are, and False, where they are not degrees."""
    points = [point for item in outlines for ring in item.rings for point in ring]
    middle_x = sum(x for x, _y in points) / len(points)
    middle_y = sum(y for _x, y in points) / len(points)
    metric = abs(middle_x) <= 180 and abs(middle_y) <= 90
    east, north = _degree(middle_y) if metric else (1.0, 1.0)
    plane: list[list[Ring]] = [
        [
            [(_near((x - middle_x) * east), _near((y - middle_y) * north)) for x, y in r]
            for r in item.rings
        ]
        for item in outlines
    ]
    return plane, metric


def _near(metres: float) -> float:
    return round(metres, 1)


def _degree(latitude: float) -> tuple[float, float]:
    """Length of a degree of longitude and of latitude [m], by the series of WGS 84.

    References
    ----------
    National Geospatial-Intelligence Agency, length of a degree calculator.
    """
    phi = math.radians(latitude)
    east = 111412.84 * math.cos(phi) - 93.5 * math.cos(3 * phi) + 0.118 * math.cos(5 * phi)
    north = 111132.92 - 559.82 * math.cos(2 * phi) + 1.175 * math.cos(4 * phi)
    return max(east, 1.0), north


def _box(plane: Sequence[Sequence[Ring]]) -> Box:
    """West, south, east, north."""
    xs = [x for rings in plane for ring in rings for x, _y in ring]
    ys = [y for rings in plane for ring in rings for _x, y in ring]
    west, south = min(xs), min(ys)
    return west, south, max(*xs, west + 1), max(*ys, south + 1)


def _prefix(ids: Sequence[str]) -> str:
    """What all numbers begin with and need not be repeated on the map."""
    alike = takewhile(lambda chars: len(set(chars)) == 1, zip(*ids, strict=False))
    shared = "".join(chars[0] for chars in alike).rstrip("0123456789")
    told = len(set(ids)) > 1 and len(shared) > 1 and all(len(one) > len(shared) for one in ids)
    return shared if told else ""


def _place(rings: Sequence[Ring], text: str) -> dict[str, float]:
    """Where the number of a parcel stands, which way it runs, and pixels of it to a metre.

    The widest of some cuts through the outline, and how tall the parcel is there.
    """
    best = {"x": rings[0][0][0], "y": rings[0][0][1], "size": 0.0, "angle": 0.0}
    most = (0.0, 0.0)
    long = max(text_width(text, 1.0), 0.6)
    for place in _cuts(rings):
        for west, east in _chords(rings, place, 1):
            middle = (west + east) / 2
            for south, north in _chords(rings, middle, 0):
                if not south <= place <= north:
                    continue
                wide, tall = east - west, 2 * min(place - south, north - place)
                level, turned = min(wide / long, tall / 1.3), min(tall / long, wide / 1.3)
                upright = turned > 1.4 * level
                size = turned if upright else level
                if (round(size, 3), tall) > most:  # of equal ones where the parcel is tallest
                    most = (round(size, 3), tall)
                    best = {"x": middle, "y": place, "size": size, "angle": 270.0 * upright}
    return best


def _cuts(rings: Sequence[Ring]) -> list[float]:
    levels = [y for ring in rings for _x, y in ring]
    low, high = min(levels), max(levels)
    return [low + (high - low) * (line + 0.5) / _LINES for line in range(_LINES)]


def _chords(rings: Sequence[Ring], place: float, axis: int) -> list[tuple[float, float]]:
    """Where a straight cut runs inside an outline; ``axis`` is 1 for a level cut."""
    other, crossings = 1 - axis, []
    sides = [side for ring in rings for side in zip(ring, [*ring[1:], ring[0]], strict=True)]
    for a, b in sides:
        if (a[axis] > place) != (b[axis] > place):
            share = (place - a[axis]) / (b[axis] - a[axis])
            crossings.append(a[other] + share * (b[other] - a[other]))
    crossings.sort()
    return list(zip(crossings[::2], crossings[1::2], strict=False))


def _numbers(numbers: Sequence[Mapping[str, Any]], box: Box) -> Any:
    """Numbers as large as their parcels allow at the width there is."""
    scale = f"min(width / {box[2] - box[0]:.6g}, height / {box[3] - box[1]:.6g})"
    return (
        alt.Chart(data(numbers))
        .transform_calculate(px=f"min({_LARGEST}, 0.9 * datum.size * {scale})")
        .transform_filter(f"datum.px >= {_SMALLEST}")
        .mark_text(baseline="middle", align="center", tooltip=None)
        .encode(
            longitude="x:Q",
            latitude="y:Q",
            text="number:N",
            size=alt.Size("px:Q", scale=None),
            angle=alt.Angle("angle:Q", scale=None),
            color=alt.Color("ink:N", scale=None),
        )
    )


def _frame(box: Box, metric: bool) -> tuple[list[Any], Box]:
    """Scale bar and north arrow below the parcels, and the box with them."""
    west, south, east, north = box
    strip = 0.09 * max(north - south, 0.8 * (east - west))
    middle, foot = south - 0.62 * strip, south - strip
    arrow = _shape("Polygon", [[*_arrow(east - 0.3 * strip, foot, 0.72 * strip)]])
    layers = [
        alt.Chart(alt.Data(values=[arrow])).mark_geoshape(fill=palette.IDEAL, stroke=None),
        _word(_("北"), east - 0.62 * strip, middle, "right"),
    ]
    if metric:
        length = _round_length(0.3 * (east - west))
        tick = 0.1 * strip
        bar = [
            (west, middle + tick),
            (west, middle),
            (west + length, middle),
            (west + length, middle + tick),
        ]
        said = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
        drawn = alt.Chart(alt.Data(values=[_shape("LineString", bar)]))
        layers += [
            drawn.mark_geoshape(filled=False, stroke=palette.IDEAL, strokeWidth=1.6),
            _word(said, west + length + 0.12 * strip, middle, "left"),
        ]
    return layers, (west, foot, east, north)


def _shape(kind: str, coordinates: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": {},
    }


def _arrow(x: float, y: float, tall: float) -> list[Point]:
    """A pointer to the north."""
    half = 0.28 * tall
    return [(x, y + tall), (x + half, y), (x, y + 0.25 * tall), (x - half, y), (x, y + tall)]


def _word(text: str, x: float, y: float, align: str) -> Any:
    words = alt.Chart(data([{"text": text, "x": x, "y": y}]))
    return words.mark_text(align=align, baseline="middle", dx=4 if align == "left" else -4).encode(
        longitude="x:Q", latitude="y:Q", text="text:N"
    )


def _round_length(metres: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above."""
    power = 10.0 ** math.floor(math.log10(metres))
    return max(step * power for step in (1, 2, 5) if step * power <= metres)
