"""Rows and columns that are hidden in the workbook: read like all others, and said so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.header import Match
from greenland.park.normal import listing
from greenland.park.problems import ProblemCollector, SheetLocation, row_ranges
from greenland.park.rawsheet import RawSheet


def say_hidden(
    raw: RawSheet,
    used: Mapping[int, Match],
    data: Sequence[int],
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    """Tell which of the rows and columns that were read nobody sees on the screen."""
    rows = [raw.numbers[row] for row in data if row in raw.hidden_rows]
    if rows:
        collector.sheet(
            location,
            Severity.WARNING,
            "hidden_rows",
            _("第 {rows} 行被隐藏或被筛选掉，仍作为数据读取。", rows=row_ranges(rows)),
            _("不应计入的行请删除；应计入的请取消隐藏或筛选后核对。"),
            row=rows[0],
        )
    struck = [raw.numbers[row] for row in data if row in raw.struck_rows]
    if struck:
        collector.sheet(
            location,
            Severity.WARNING,
            "struck_rows",
            _("第 {rows} 行有带删除线的单元格，仍作为数据读取。", rows=row_ranges(struck)),
            _("已作废的行请删除；仍有效的请去掉删除线。"),
            row=struck[0],
        )
    columns = [
        location.header(match.column.id)
        for position, match in sorted(used.items())
        if position in raw.hidden_columns
    ]
    if columns:
        collector.sheet(
            location,
            Severity.NOTICE,
            "hidden_columns",
            _("隐藏的列也已读取：{columns}。", columns=listing(columns)),
            _("请取消隐藏后核对其中的数值。"),
        )
