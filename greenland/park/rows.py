"""Rows of a sheet told apart: data, blank, totals, notes, and the rows below a header."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from greenland.park.header import Header, is_unit
from greenland.park.normal import is_blank, plain_text, squeezed

# 合计, 总计:, 主区小计, 合计(120宗), Total …
_TOTAL = re.compile(
    r"(本页|全区|园区|以上)?[\w]{0,6}(合计|总计|小计|共计|累计)[::]?(\(.*\))?|(sub|grand)?total[::]?"
)
_SUBTOTAL = re.compile(r".*(小计|本页).*|subtotal:?")
_NOTE = re.compile(
    r"(注|备注|说明|填表|制表|审核|填报|单位|数据来源|负责|联系|note|source)\w{0,5}[::、.].*"
)
_NUMBERING = re.compile(r"甲|乙|丙|丁|\(?\d{1,3}\)?|[a-z]")
_LABELS = 4  # a totals word stands in one of the first filled cells


@dataclass
class RowKinds:
    """Positions (from 0, in the sheet) of each kind of row below the header."""

    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    units: Sequence[Any] | None = None


def sort_rows(rows: Sequence[Sequence[Any]], header: Header) -> RowKinds:
    """Tell the rows below the header apart."""
    kinds = RowKinds()
    first = header.row + 1
    known = [place for place, match in enumerate(header.matches) if match is not None]
    for position in range(first, len(rows)):
        row = rows[position]
        filled = _first_filled(row)
        if not filled:
            continue
        if position <= first + 1 and not kinds.data:
            whole = [cell for cell in row if not is_blank(cell)]
            if _is_unit_row(whole):
                kinds.units = row
                continue
            if _is_numbering(whole, len(known)):
                continue
        if _is_total(filled):
            kinds.totals.append(position)
        elif _is_note(filled):
            kinds.notes.append(position)
        else:
            kinds.data.append(position)
    return kinds


def _first_filled(row: Sequence[Any]) -> list[Any]:
    """The first filled cells of a row: enough to tell what kind of row it is."""
    found: list[Any] = []
    for cell in row:
        if not is_blank(cell):
            found.append(cell)
            if len(found) > _LABELS:
                break
    return found


def is_subtotal(row: Sequence[Any]) -> bool:
    """Whether a totals row sums only a part."""
    return any(isinstance(cell, str) and _SUBTOTAL.fullmatch(squeezed(cell)) for cell in row)


def _is_total(filled: Sequence[Any]) -> bool:
    return any(
        type(cell) is str
        and len(cell) < 30
        and ("计" in cell or "otal" in cell or "OTAL" in cell)
        and _TOTAL.fullmatch(squeezed(cell)) is not None
        for cell in filled[:_LABELS]
    )


def _is_note(filled: Sequence[Any]) -> bool:
    first = filled[0]
    return (
        isinstance(first, str)
        and len(filled) <= _LABELS
        and _NOTE.fullmatch(squeezed(first)) is not None
    )


def _is_unit_row(filled: Sequence[Any]) -> bool:
    """A row below the header that holds nothing but units."""
    if not all(isinstance(cell, str) for cell in filled):
        return False
    words = [plain_text(cell).strip("()") for cell in filled]
    named = [word for word in words if is_unit(squeezed(word)) or is_unit(word)]
    return bool(named) and all(word in named or word in ("-", "—", "/") for word in words)


def _is_numbering(filled: Sequence[Any], known: int) -> bool:
    """A row of column numbers (甲 乙 1 2 3 …), as statistical forms have it."""
    words = [squeezed(int(c) if isinstance(c, float) and c.is_integer() else c) for c in filled]
    if len(words) < max(3, known // 2) or not all(_NUMBERING.fullmatch(word) for word in words):
        return False
    numbers = [int(word.strip("()")) for word in words if word.strip("()").isdigit()]
    return len(numbers) >= 2 and all(b - a == 1 for a, b in itertools.pairwise(numbers))
