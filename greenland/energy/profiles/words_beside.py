"""Titles above a table and notes below it: what they say of units."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from greenland.energy.profiles.numerals import is_blank
from greenland.errors import Problem, Severity
from greenland.i18n import _

_LABEL = re.compile(r"单位\s*[:：]|单位[为是]|\bunits?\s*[:：]", re.IGNORECASE)
_STATED = re.compile(r"(?:单位|\bunits?)\s*[:：为是]\s*(.+)", re.IGNORECASE)


def states_unit(text: str) -> bool:
    """Whether a text says in so many words that a unit follows."""
    return _LABEL.search(text) is not None


def stated_words(texts: Sequence[str]) -> list[str]:
    """The words said to be units: ``单位：m/s、℃`` gives two."""
    found = [match[1] for text in texts if (match := _STATED.search(text))]
    return [word for text in found for word in re.split(r"[,，、;；。\s)）]+|和|及", text) if word]


def header_holds(header: str, file: str, got: str = "") -> Problem:
    """Say that a column is read by its header, though a title or note states another unit."""
    text = _("“{header}”按表头的单位读；标题或表注写着另一个。", header=header)
    return Problem(Severity.WARNING, "unit_twice", text, file=file, column=header, got=got)


def notes_below(frame: pd.DataFrame) -> list[str]:
    """Texts of the rows of words below the last row with a figure."""
    notes: list[str] = []
    for place in range(len(frame) - 1, -1, -1):
        cells = [cell for cell in frame.iloc[place] if not is_blank(cell)]
        if not all(isinstance(cell, str) and _no_figure(cell) for cell in cells):
            break
        notes.append(" ".join(cells))
    return notes[::-1]


def _no_figure(cell: str) -> bool:
    """Whether a text is no number or date, as figures of CSV files are."""
    return not cell.strip()[:1].isdigit() and pd.isna(pd.to_numeric(cell, errors="coerce"))
