"""A quick look at the rows of a long ledger: most are data, and nothing in them says otherwise.

What a look cannot rule out is settled by `greenland.park.rows`, which takes longer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from greenland.park.method import LONGEST_HEADING, LONGEST_TOTAL, TOTAL_CELLS
from greenland.park.normal import is_blank

SUM_WORDS = r"(?:合计|总计|小计|共计|累计|分计|汇总|总和|总数|平均值?|均值|合并计)"
_HOLDS_SUM = re.compile(rf"{SUM_WORDS}|[Tt]otal|TOTAL|∑|Σ")
_FIRST_OF_WHICH = re.compile("[其oOｏＯ]")
# Each total, and what begins the parts of one, has one of them.
_SIGNS_OF_SUMS = frozenset("合总小共累分汇计和数其占比平均∑ΣtToOｏＯsgamSGAM")
# Codes of most ledgers: there is no word in them.
_NUMBERED_CODE = re.compile(r"[A-Z]{0,2}-?\d[0-9A-Z-]*")
_UNSEEN = object()


class PlainRows:
    """A quick look at rows, of which most are data: none of their first texts says anything else.

    Parameters
    ----------
    words : set of str
        Names of columns.
    levels : sequence of rows
        Rows of the header.
    """

    def __init__(self, words: frozenset[str], levels: Sequence[Sequence[Any]]) -> None:
        self._words = words
        several = levels if len(levels) > 1 else ()
        self._levels = frozenset(cell for level in several for cell in level if not is_blank(cell))
        self._known: dict[str, bool | None] = {}  # text → whether it is plain; None: blank

    def holds(self, row: Sequence[Any]) -> bool:
        """Whether a row is data for sure: more cells than totals and notes have, and all plain."""
        count = 0
        for cell in row:
            if type(cell) is str:
                plain = self._known.get(cell, _UNSEEN)
                if plain is _UNSEEN:
                    plain = self._known[cell] = self._is_plain(cell)
                if plain is None:
                    continue
                if not plain:
                    return False
            elif cell is None:
                continue
            elif cell in self._levels:
                return False
            count += 1
            if count > TOTAL_CELLS:
                return True
        return False

    def _is_plain(self, cell: str) -> bool | None:
        if _NUMBERED_CODE.fullmatch(cell):
            return cell not in self._words and cell not in self._levels
        if not cell.strip():
            return None
        if cell in self._levels or without_brackets(cell) in self._words:
            return False
        if _SIGNS_OF_SUMS.isdisjoint(cell):
            return True
        return not (may_be_total(cell) or may_begin_parts(cell))


def without_brackets(text: str) -> str:
    """What stands before the first bracket of a heading, on one line."""
    return text.split("(")[0].split("（")[0].strip(" *　\n").replace("\n", "")


def may_name_column(cell: str, words: frozenset[str]) -> bool:
    """Whether a text is one of the names of columns, which a heading has."""
    if len(cell) >= LONGEST_HEADING:
        return False
    return (cell if _NUMBERED_CODE.fullmatch(cell) else without_brackets(cell)) in words


def may_begin_parts(cell: str) -> bool:
    """Whether a text may say that parts of a total follow."""
    return len(cell) < LONGEST_TOTAL and _FIRST_OF_WHICH.search(cell) is not None


def may_be_total(cell: str) -> bool:
    """Whether a text may be the label of a total."""
    if len(cell) > LONGEST_TOTAL or _NUMBERED_CODE.fullmatch(cell):
        return False
    return _HOLDS_SUM.search(cell) is not None or _is_short_sum(cell)


def _is_short_sum(cell: str) -> bool:
    """Totals words that hold no word for a sum, or are set apart by blanks."""
    first = cell.lstrip(" 　(（")[:1]
    return first in "合总小共计其占比平均∑Σsgaom" or first in "SGAOM"
