"""Drawings (DXF): closed lines are the outlines, texts inside them the parcel numbers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np

from greenland.errors import Severity, input_error
from greenland.i18n import N_, _
from greenland.park.outlines.messages import OutlineNotes
from greenland.park.outlines.numbers import parcel_number
from greenland.park.outlines.shapes import areas_of

TEXT = "Text"  # field in which GDAL gives the text of an entity


def labelled(
    shapes: np.ndarray,
    fields: Mapping[str, Sequence[Any]],
    ledger: Collection[str],
    notes: OutlineNotes,
) -> tuple[np.ndarray, list[str | None]]:
    """Outlines of a drawing and their parcel numbers.

    A text that is a parcel number of the ledger names the smallest outline it stands in. Closed
    lines without such a text, and lines that stay open, are roads, frames and the like.

    Returns
    -------
    array of Polygon or MultiPolygon
        The named outlines.
    list of str
        Their parcel numbers.

    Raises
    ------
    InputError
        If no closed line holds a parcel number of the ledger.
    """
    import shapely

    texts = fields.get(TEXT, [None] * len(shapes))
    numbers = [parcel_number(text) for text in texts]
    labels = [
        place
        for place, number in enumerate(numbers)
        if number in ledger and shapely.get_type_id(shapes[place]) == 0
    ]
    drawn = np.array([None if text else shape for text, shape in zip(texts, shapes, strict=True)])
    areas = areas_of(drawn).shapes
    areas = areas[~shapely.is_missing(areas)]
    areas = areas[np.argsort(shapely.area(areas), kind="stable")]
    tree = shapely.STRtree(areas)
    label, area = tree.query(shapely.force_2d(shapes[labels]), predicate="within")
    named: dict[int, set[str]] = {}
    for place in np.unique(label):
        smallest = int(area[label == place].min())  # areas stand in order of size
        named.setdefault(smallest, set()).add(str(numbers[labels[place]]))
    several = {place: ids for place, ids in named.items() if len(ids) > 1}
    notes.listed(
        Severity.WARNING, "geometry_label",
        N_("{n} 个闭合线内有多个宗地编号，未采用：{names}"),
        ["/".join(sorted(ids)) for ids in several.values()],
    )  # fmt: skip
    chosen = sorted(set(named) - set(several))
    if not chosen:
        raise input_error(
            "geometry_label",
            _("图纸中没有内含宗地编号注记的闭合线（闭合线 {n} 条，与台账相同的注记 {m} 处）。",
              n=len(areas), m=len(labels)),
            remedy=_("请把宗地边界画成闭合多段线，并在线内用单行文字注记宗地编号。"),
            file=notes.file,
        )  # fmt: skip
    unnamed = len(areas) - len(named)
    if unnamed:
        notes.add(
            Severity.NOTICE, "geometry_label",
            _("图纸中有 {n} 条闭合线内没有宗地编号注记，未采用", n=unnamed),
        )  # fmt: skip
    return areas[chosen], [named[place].pop() for place in chosen]
