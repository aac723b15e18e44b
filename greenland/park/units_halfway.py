"""Units stated again between the rows of a table: the same ones, or others from there on.

After a page break a form may state its unit again, in a line of its own or in a row of units
below the repeated header. Where it is another unit, no figure of the column is sure.
"""

from __future__ import annotations

from greenland.errors import InputError, Severity
from greenland.i18n import _
from greenland.park.header import Match, column_factor, is_unit
from greenland.park.normal import plain_text
from greenland.park.problems import ProblemCollector, SheetLocation
from greenland.park.rawsheet import RawSheet
from greenland.park.rows import RowKinds
from greenland.park.stated_units import StatedUnits


def same_throughout(
    match: Match,
    position: int,
    raw: RawSheet,
    kinds: RowKinds,
    stated: StatedUnits,
    location: SheetLocation,
    collector: ProblemCollector,
) -> bool:
    """Whether no row between the data states another unit for a column; says which does."""
    item = match.column
    said = [] if stated.by_row else [(r, u) for r, u in stated.halfway if u not in stated.caption]
    for row in kinds.units_again:
        word = plain_text(raw.cell(row, position)).strip("()")
        if is_unit(word):
            said.append((row, word))
    for row, unit in said:
        if other_unit(unit, match):
            collector.sheet(
                location,
                Severity.ERROR,
                "unit_halfway",
                _(
                    "第 {row} 行写的单位是“{unit}”，上面各行的是“{first}”，这一列没有读取。",
                    row=raw.numbers[row],
                    unit=unit,
                    first=match.unit or item.shown_unit,
                ),
                _("请把全列换算成一个单位，或分成两列，各在列名后用括号写明单位。"),
                row=raw.numbers[row],
                column=location.headers[item.id],
                allowed=item.shown_unit,
                touches=item.touches,
            )
            return False
    return True


def other_unit(unit: str, match: Match) -> bool:
    """Whether *unit* is of the column's quantity and not the one it is read in."""
    if not match.column.numeric:
        return False
    try:
        own = 1.0 if match.decimal else column_factor(match.unit, match.column)
        return abs(column_factor(unit, match.column) / own - 1) > 1e-12
    except InputError:
        return False
