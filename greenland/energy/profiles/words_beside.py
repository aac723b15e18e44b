"""Rows of words in a table of figures: a header again, units and notes between or below them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from greenland.energy.profiles.numerals import is_blank
from greenland.errors import input_error
from greenland.i18n import _

_LABEL = re.compile(r"单位\s*[:：]|单位[为是]|\bunits?\s*[:：]", re.IGNORECASE)
_STATED = re.compile(r"(?:单位|\bunits?)\s*[:：为是]\s*(.+)", re.IGNORECASE)
_NUMBER_BEHIND = re.compile(r"\.\d+$")


def states_unit(text: str) -> bool:
    """Whether a text says in so many words that a unit follows."""
    return _LABEL.search(text) is not None


def stated_words(texts: Sequence[str]) -> list[str]:
    """The words said to be units: ``单位：m/s、℃`` gives two."""
    found = [match[1] for text in texts if (match := _STATED.search(text))]
    return [word for text in found for word in re.split(r"[,，、;；。\s)）]+|和|及", text) if word]


def notes_below(frame: pd.DataFrame, rows: Sequence[int], path: Path, sheet: str) -> list[str]:
    """Texts of the rows of words below the figures.

    Raises
    ------
    InputError
        If such a row between the figures states a unit, or is a header with another name.
    """
    words = (
        frame.iloc[:, 0].map(_no_figure).to_numpy(dtype=bool, copy=True)
    )  # most rows begin with a figure
    filled: dict[int, list[str]] = {}
    for place in np.flatnonzero(words).tolist():
        cells = [cell for cell in frame.iloc[place] if not is_blank(cell)]
        words[place] = all(isinstance(cell, str) and _no_figure(cell) for cell in cells)
        filled[place] = [str(cell) for cell in cells]
    figures = np.flatnonzero(~words)
    if not len(figures):
        return []
    names = [str(name) for name in frame.columns]
    for place in np.flatnonzero(words).tolist():
        text = " ".join(filled[place])
        if figures[0] < place < figures[-1] and (
            states_unit(text) or _other_header(frame.iloc[place], names)
        ):
            raise input_error(
                "header_halfway",
                _("数据之间的这一行写着另外的列名或单位，不知道以下各行是否还是同一张表。"),
                remedy=_("请统一列名和单位并删去这一行，或把两段分成两个文件。"),
                file=path.name,
                sheet=sheet,
                row=int(rows[place]),
                got=text[:60],
            )
    return [
        " ".join(filled[place]) for place in np.flatnonzero(words).tolist() if place > figures[-1]
    ]


def _no_figure(cell: object) -> bool:
    """Whether a cell is blank, or a text that is no number or date, as figures of CSV files are."""
    if not isinstance(cell, str):
        return is_blank(cell)
    return not cell.strip()[:1].isdigit() and pd.isna(pd.to_numeric(cell, errors="coerce"))


def _other_header(row: pd.Series, names: Sequence[str]) -> bool:
    """Whether a row repeats the first name of the header and differs from it in another."""
    cells = [
        (str(cell).strip(), _NUMBER_BEHIND.sub("", name))
        for cell, name in zip(row, names, strict=True)
        if not is_blank(cell)
    ]
    same = [cell in name for cell, name in cells]
    return len(cells) > 1 and same[0] and not all(same)
