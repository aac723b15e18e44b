"""Headers and units stated again among the rows of a table, as after a page break.

The same ones are left out, and notes below the last row are none of them. Others mean that the rows
below hold something else than the rows above, which no column can say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.profiles.method import LONGEST_UNIT
from greenland.energy.profiles.numerals import is_blank
from greenland.energy.profiles.power_units import folded
from greenland.energy.profiles.tables import ReadingTable, header_text
from greenland.energy.profiles.words_beside import notes_below, stated_words
from greenland.errors import input_error
from greenland.i18n import _

_UNIT = re.compile(r"[a-z℃℉°%/²³]|元|米|瓦|焦|卡|节")


def without_repeats(table: ReadingTable, file: str) -> ReadingTable:
    """Leave out rows that repeat the header or its units.

    Raises
    ------
    InputError
        If such a row has another heading or unit.
    """
    names = [str(name) for name in table.frame.columns]
    drop = np.zeros(len(table.frame), dtype=bool)
    above = len(table.frame) - len(notes_below(table.frame))
    for place in _suspects(table.frame.iloc[:above, 0], names[0]):
        cells = list(table.frame.iloc[place])
        said = _says_again(cells, names, table.titles)
        if said is None:
            continue
        if said:
            raise input_error(
                "header_halfway",
                _("数据中间又写了列名或单位“{text}”，与表头不同。", text=said[:40]),
                file=file,
                sheet=table.sheet,
                row=int(table.rows[place]),
                got=" ".join(header_text(cell) for cell in cells if not is_blank(cell))[:80],
                remedy=_("请把全表换算成一个单位、同样的列，或分成几个文件。"),
            )
        drop[place] = True
    if not drop.any():
        return table
    frame = table.frame[~drop].reset_index(drop=True)
    return replace(table, frame=frame, rows=table.rows[~drop], merged=())


def _suspects(first: pd.Series, name: str) -> Sequence[int]:
    """Places of rows that do not begin with a time or number, but as the header or a note do."""
    text = first.astype("string")
    heads = {name, name.split(" ")[0]}
    found = first.isna() | text.isin(heads) | text.str.contains("单位|unit", case=False)
    places: list[int] = np.flatnonzero(found.fillna(False).to_numpy(dtype=bool)).tolist()
    return places


def _says_again(cells: Sequence[Any], names: Sequence[str], titles: Sequence[str]) -> str | None:
    """What a row says otherwise than the header; empty when the same; None for other rows."""
    texts = {n: folded(header_text(cell)) for n, cell in enumerate(cells) if not is_blank(cell)}
    known = [folded(name) for name in names]
    for text in texts.values():
        if words := stated_words([text]):
            units = [word for word in words if len(word) <= LONGEST_UNIT and _UNIT.search(word)]
            whole = " ".join([*known, *map(folded, titles)])
            return next((word for word in units if word not in whole), "") if units else None
    if len(texts) < 2 or texts.get(0) not in (known[0], known[0].split(" ")[0]):
        return None
    return next((text for n, text in texts.items() if text not in known[n]), "")
