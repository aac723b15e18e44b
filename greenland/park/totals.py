"""A table's own total, held against the sum of the rows that were read."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.cells import Context, read_cells
from greenland.park.dictionary import Column, ColumnType
from greenland.park.header import Match
from greenland.park.method import TOTAL_TOLERANCE
from greenland.park.normal import shortened
from greenland.park.problems import ProblemCollector, SheetLocation
from greenland.park.rawsheet import RawSheet
from greenland.park.rows import RowKinds, is_part_total


def check_totals(
    raw: RawSheet,
    used: Mapping[int, Match],
    kinds: RowKinds,
    table: pd.DataFrame,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Hold the file's own grand total against the sum of the rows read."""
    whole = [row for row in kinds.totals if not is_part_total(raw.rows[row])]
    if len(whole) != 1 or not kinds.data:
        return
    for position, match in used.items():
        item = match.column
        if not is_additive(item):
            continue
        form = raw.formats(position).get(whole[0], "")
        context = Context(match, formats={0: form} if form else {})
        stated = read_cells([raw.cell(whole[0], position)], context).values[0]
        summed = float(table[item.id].sum())
        if stated is None or abs(stated - summed) <= TOTAL_TOLERANCE * max(abs(stated), 1.0):
            continue
        collector.sheet(
            location,
            Severity.WARNING,
            "total_differs",
            _(
                "合计与各行之和不一致，各行之和为 {sum}{unit}。",
                sum=f"{summed:.10g}",
                unit=item.shown_unit,
            ),
            _("请核对是否有漏行、重复行，或合计没有更新。"),
            row=raw.numbers[whole[0]],
            column=location.header(item.id),
            got=shortened(raw.cell(whole[0], position)),
            touches=item.touches,
        )


def is_additive(item: Column) -> bool:
    """Whether summing the column means something."""
    ratio = "/" in item.unit or not item.unit or item.unit == "分"
    return item.type is ColumnType.NUMBER and not ratio
