"""Merged cells among the data: what is the same for all their rows is filled in, amounts are not.

A merged cell keeps its value in its first cell only. A holder or a date that spans three rows
holds for each of them; an amount belongs to all three together, and nothing says how it divides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.cells import Fault
from greenland.park.header import Match
from greenland.park.normal import is_blank, one_line
from greenland.park.problems import ProblemCollector, SheetLocation, row_ranges
from greenland.park.rawsheet import RawSheet


@dataclass
class MergedCells:
    """Merged ranges of the data, by the column of the file they stand in.

    Parameters
    ----------
    filled : mapping of column to mapping of row to value
        Values for cells below the first, by position in the sheet.
    refused : mapping of column to set of rows
        Cells whose value cannot be told.
    """

    filled: dict[int, dict[int, Any]] = field(default_factory=dict)
    refused: dict[int, set[int]] = field(default_factory=dict)


def merged_cells(
    raw: RawSheet,
    used: Mapping[int, Match],
    data: Sequence[int],
    location: SheetLocation,
    collector: ProblemCollector,
) -> MergedCells:
    """Sort out merged ranges that touch data; what is filled in is said."""
    found = MergedCells()
    if not raw.merged or not data:
        return found
    rows = set(data)
    for (top, left), (bottom, right) in sorted(raw.merged):
        inside = [row for row in range(top, bottom + 1) if row in rows]
        columns = [column for column in range(left, right + 1) if column in used]
        value = raw.cell(top, left) if top < len(raw.rows) else ""
        if not inside or not columns or is_blank(value):
            continue
        if inside == [top] and len(columns) == 1 and left in used and _rest_blank(raw, top, bottom):
            continue  # a record drawn two rows high
        across = len(columns) > 1 or left not in used
        if across or top not in rows or any(used[column].column.numeric for column in columns):
            for column in columns:
                found.refused.setdefault(column, set()).update(inside)
            continue
        found.filled.setdefault(left, {}).update({row: value for row in inside if row != top})
        _say_filled(raw, used[left], top, inside, value, location, collector)
    return found


def _rest_blank(raw: RawSheet, top: int, bottom: int) -> bool:
    return all(is_blank(cell) for row in raw.rows[top + 1 : bottom + 1] for cell in row)


def _say_filled(
    raw: RawSheet,
    match: Match,
    top: int,
    inside: Sequence[int],
    value: Any,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    below = [raw.numbers[row] for row in inside if row != top]
    if not below:
        return
    collector.sheet(
        location,
        Severity.NOTICE,
        "merged_filled",
        _("合并单元格的内容按第 {rows} 行同样填写读取。", rows=row_ranges(below)),
        _("如果不是每行都相同，请取消合并后逐行填写。"),
        row=raw.numbers[top],
        column=location.header(match.column.id),
        got=one_line(value),
    )


def refused_cell(position: int) -> Fault:
    """The fault of a cell inside a merged range whose share of the value is not known."""
    return Fault(
        position,
        Severity.ERROR,
        "merged_cell",
        _("合并单元格的数值属于几行（列），无法知道这一格是多少。"),
        _("请取消合并，并在每一行填写各自的数值。"),
    )
