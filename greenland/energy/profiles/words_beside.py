"""Titles above a table and notes below it: what they say of units."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from greenland.energy.profiles.numerals import is_blank
from greenland.errors import Problem, Severity
from greenland.i18n import _

_LABEL = re.compile(r"单位\s*[:：]|单位[为是]|\bunits?\s*[:：]", re.IGNORECASE)
# 单位：kW, 单位为 kW, 单位 kW in two cells, 单位kW; not 单位名称
_STATED = re.compile(
    r"(?:单位|\bunits?)(?:\s*[:：为是]\s*|\s+|(?=[^\u4e00-\u9fff\s])|(?=[千兆万亿]*[瓦度元米]))(.+)",
    re.IGNORECASE,
)
# 2025-01, 8:15, 1,234.5, 35%: a date, a time or a number, and nothing else
_SIGNS = r"[\d\s:：/.,\-+~至–—年月日时点分秒()%]*"
_FIGURE = re.compile(rf"{_SIGNS}\d{_SIGNS}")


def states_unit(text: str) -> bool:
    """Whether a text says in so many words that a unit follows.

    Examples
    --------
    >>> states_unit("单位：kW"), states_unit("单位名称")
    (True, False)
    """
    return _LABEL.search(text) is not None


def stated_words(texts: Sequence[str]) -> list[str]:
    """The words said to be units.

    Examples
    --------
    >>> stated_words(["单位：m/s、℃", "计量单位 kW", "单位名称：某厂"])
    ['m/s', '℃', 'kW']
    """
    found = [match[1] for text in texts if (match := _STATED.search(text))]
    return [word for text in found for word in re.split(r"[,，、;；。\s)）]+|和|及", text) if word]


def header_holds(header: str, file: str, got: str = "") -> Problem:
    """Say that a column is read by its header, though a title or note states another unit."""
    text = _("“{header}”按表头的单位读；标题或表注写着另一个。", header=header)
    return Problem(Severity.WARNING, "unit_twice", text, file=file, column=header, got=got)


def notes_below(frame: pd.DataFrame) -> list[str]:
    """Texts of the rows of words below the last row with figures.

    Such a row begins with words and holds no number; dates, as of signing, may stand in it.
    """
    notes: list[str] = []
    for place in range(len(frame) - 1, -1, -1):
        cells = [cell for cell in frame.iloc[place] if not is_blank(cell)]
        if not all(isinstance(cell, str) for cell in cells) or not _are_words(cells):
            break
        notes.append(" ".join(cells))
    return notes[::-1]


def _are_words(cells: Sequence[str]) -> bool:
    """Whether the first cell is no figure, as those of CSV files are, and none a number."""
    if cells and _FIGURE.fullmatch(cells[0].strip()):
        return False
    return all(pd.isna(pd.to_numeric(cell, errors="coerce")) for cell in cells)
