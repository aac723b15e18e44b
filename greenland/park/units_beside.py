"""Units outside the cells that say another thing than the headers: in comments and around a page.

`greenland.park.stated_units` takes those around the page for columns that state none.
"""

from __future__ import annotations

from collections.abc import Mapping

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.header import Match
from greenland.park.header_rows import Header
from greenland.park.normal import listing, shortened
from greenland.park.problems import ProblemCollector, SheetLocation, row_ranges
from greenland.park.rawsheet import RawSheet
from greenland.park.rows import RowKinds
from greenland.park.stated_units import StatedUnits, comment_units
from greenland.park.units_halfway import other_unit


def agrees_with_comments(
    match: Match,
    position: int,
    raw: RawSheet,
    header: Header,
    location: SheetLocation,
    collector: ProblemCollector,
) -> bool:
    """Whether no comment on a column's header states another unit; says which does."""
    item = match.column
    for one in raw.beside:
        if one.cell is None or one.cell[1] != position:
            continue
        if not header.top <= one.cell[0] <= header.row:
            continue
        for unit in comment_units(one.text):
            if other_unit(unit, match):
                collector.sheet(
                    location,
                    Severity.ERROR,
                    "comment_unit",
                    _(
                        "列名的批注写的单位是“{unit}”，列名和表外写的（没有写时为字典的）是“{first}”，"
                        "这一列没有读取。",
                        unit=unit,
                        first=match.unit,
                    ),
                    _("请在列名后用括号写明单位，如“{header}”。", header=f"{item.header}({unit})"),
                    row=raw.numbers[one.cell[0]],
                    column=location.headers[item.id],
                    got=shortened(one.text),
                    allowed=item.shown_unit,
                    touches=item.touches,
                )
                return False
    return True


def say_units_beside(
    raw: RawSheet,
    used: Mapping[int, Match],
    kinds: RowKinds,
    stated: StatedUnits,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Warn of units that stand outside the cells, say another thing, and were not used."""
    for unit in dict.fromkeys(stated.outside):
        passed = [match for match in used.values() if other_unit(unit, match)]
        if passed:
            collector.sheet(
                location,
                Severity.WARNING,
                "unit_beside",
                _(
                    "表名、页眉页脚或文本框写的单位“{unit}”没有用于：{headers}，按列名的单位读取。",
                    unit=unit,
                    headers=listing(location.headers[match.column.id] for match in passed),
                ),
                _("请核对这些列的单位。"),
                touches=location.touches(),
            )
    data = set(kinds.data)
    found: dict[tuple[int, str], list[int]] = {}
    for one in raw.beside:
        if one.cell is None or one.cell[0] not in data or one.cell[1] not in used:
            continue
        for unit in comment_units(one.text)[:1]:
            if other_unit(unit, used[one.cell[1]]):
                found.setdefault((one.cell[1], unit), []).append(raw.numbers[one.cell[0]])
    for (position, unit), rows in found.items():
        item = used[position].column
        collector.sheet(
            location,
            Severity.WARNING,
            "comment_unit",
            _(
                "第 {rows} 行单元格的批注写的单位是“{unit}”，仍按列的单位读取。",
                rows=row_ranges(sorted(rows)),
                unit=unit,
            ),
            _("请把单位写在单元格里，如“120亩”，或换算后再填。"),
            row=min(rows),
            column=location.headers[item.id],
            touches=item.touches,
        )
