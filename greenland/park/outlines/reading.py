"""Parcel outlines of a park read, understood and matched to the ledger (extra ``gis``).

An outline that cannot be used costs that outline and is told; only a file of which nothing can
be used, or whose meaning is open, is an error, and of the outlines alone.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from greenland.errors import (
    InputError,
    MissingExtraError,
    Problem,
    RuleNotFoundError,
    Severity,
)
from greenland.i18n import N_, _
from greenland.park.normal import listing
from greenland.park.outlines.drawing import labelled
from greenland.park.outlines.messages import CHANGES, FAULTS, OutlineNotes
from greenland.park.outlines.numbers import ledger_numbers, number_field, parcel_number
from greenland.park.outlines.placing import LON_LAT, LedgerPlaces, place_notes, placed_shapes
from greenland.park.outlines.shapes import areas_of
from greenland.park.outlines.source import DrawnLayer, outline_file, read_layer

if TYPE_CHECKING:
    import geopandas

    from greenland.rules import Rulebook

TOUCHES = ("land.geometry",)


def outlines_of(
    folder: Path,
    file: str | None,
    rules: Rulebook,
    *,
    layer: str | None = None,
    crs: str | None = None,
    ledger: LedgerPlaces = MappingProxyType({}),
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


@np.errstate(over="ignore", invalid="ignore")  # of coordinates without bounds
def read_outlines(
    path: Path,
    rules: Rulebook,
    *,
    layer: str | None = None,
    crs: str | None = None,
    ledger: LedgerPlaces = MappingProxyType({}),
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
    ledger : mapping of parcel number to (longitude, latitude)
        What the ledger says of the parcels [°]; NaN where it does not say.

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
    placed = placed_shapes(areas.shapes, drawn.crs, crs, rules, ledger, notes)
    place_notes(numbers, placed, rules, ledger, notes)
    _ledger_notes(numbers, placed, ledger, notes)
    return _frame(numbers, placed, ledger, notes), notes.problems


def _layer(
    path: Path, wanted: str | None, ledger: LedgerPlaces, notes: OutlineNotes
) -> tuple[DrawnLayer, str]:
    """The layer to read and its field of parcel numbers."""
    drawn = read_layer(path, wanted)
    names = [wanted] if wanted is not None else list(drawn.layers)
    drawing = path.suffix.lower() == ".dxf"
    for place, name in enumerate(names):
        drawn = drawn if place == 0 else read_layer(path, name)
        try:
            field, guessed = (
                ("", False) if drawing else number_field(drawn.fields, ledger, path.name)
            )
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


def _ledger_notes(
    numbers: list[str | None], shapes: np.ndarray, ledger: LedgerPlaces, notes: OutlineNotes
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
                     N_("{n} 个编号只有大小写、前导零或小数零与台账不同，视为同一宗：{names}"),
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
    numbers: list[str | None], shapes: np.ndarray, ledger: LedgerPlaces, notes: OutlineNotes
) -> geopandas.GeoDataFrame:
    import geopandas
    import pandas as pd

    usable = [
        place
        for place, shape in enumerate(shapes)
        if shape is not None and numbers[place] is not None
    ]
    if not usable:
        raise notes.nothing_left()
    return geopandas.GeoDataFrame(
        {"parcel_id": [numbers[place] for place in usable]},
        geometry=shapes[usable],
        crs=LON_LAT,
        index=pd.Index([place + 1 for place in usable], name="feature"),
    )
