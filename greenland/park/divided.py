"""A heading over several columns named one row further down: 实缴税收 over 2023年, 2024年, 2025年.

Which of them is meant nobody can know; the first was, because it stands below the name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.dictionary import Column
from greenland.park.header_rows import Header
from greenland.park.normal import is_blank, listing, one_line
from greenland.park.periods import is_year
from greenland.park.problems import ProblemCollector, SheetLocation
from greenland.park.rawsheet import RawSheet
from greenland.park.rows import RowKinds


def with_divided(
    raw: RawSheet,
    header: Header,
    kinds: RowKinds,
    location: SheetLocation,
    collector: ProblemCollector,
) -> Header:
    """The header with its columns that are divided below it; the row that does so is no data."""
    below = header.row + 1
    if below >= len(raw.rows):
        return header
    row = raw.rows[below]
    parts = {
        position: names
        for position, match in enumerate(header.matches)
        if match is not None and len(names := _names(row, header.texts, position)) > 1
    }
    inside = {n for first in parts for n in range(first, _end(header.texts, first, len(row)))}
    if not parts or any(not is_blank(cell) for n, cell in enumerate(row) if n not in inside):
        return header
    for kind in (kinds.data, kinds.totals, kinds.notes):
        if below in kind:
            kind.remove(below)
    kinds.repeated.append(below)
    for position, names in parts.items():
        match = header.matches[position]
        if match is not None:
            _say(
                match.column, header.texts[position], names, raw.numbers[below], location, collector
            )
    return replace(header, divided=frozenset(inside))


def _end(texts: Sequence[str], first: int, width: int) -> int:
    """Where the columns without a name of their own end, to the right of a heading."""
    end = first + 1
    while end < width and (end >= len(texts) or not texts[end]):
        end += 1
    return end


def _names(row: Sequence[object], texts: Sequence[str], first: int) -> list[str]:
    """What stands below a heading and to the right of that, if all of it are names or years."""
    cells = [cell for cell in row[first : _end(texts, first, len(row))] if not is_blank(cell)]
    named = all(isinstance(cell, str) or is_year(cell) for cell in cells)
    return [one_line(cell) for cell in cells] if named else []


def _say(
    item: Column,
    text: str,
    names: Sequence[str],
    number: int,
    location: SheetLocation,
    collector: ProblemCollector,
) -> None:
    location.headers[item.id] = one_line(text)
    collector.sheet(
        location,
        Severity.ERROR,
        "divided_column",
        _("“{header}”之下分成几列：{names}，不知道用哪一列，没有读取。",
          header=item.header, names=listing(names)),
        _("请只保留要用的一列，或在其中一列写明“{header}”。", header=item.labelled_header),
        row=number,
        column=one_line(text),
        touches=item.touches,
    )  # fmt: skip
