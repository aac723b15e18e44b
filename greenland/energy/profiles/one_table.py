"""The only table of a file, as weather, masts, power curves, prices and shapes have it."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from greenland.energy.profiles.repeats import without_repeats
from greenland.energy.profiles.tables import IsHeader, read_tables
from greenland.energy.profiles.words_beside import notes_below
from greenland.errors import input_error
from greenland.i18n import _

_CODE = re.compile(r"号|编码|代码|^(meter|customer)", re.IGNORECASE)  # leading zeros count


def read_table(
    path: Path, is_header: IsHeader, *, sheet: str | None = None
) -> tuple[pd.DataFrame, int]:
    """Read the only table of a file.

    Parameters
    ----------
    path, is_header, sheet
        As for `read_tables`.

    Returns
    -------
    table : DataFrame
        Columns of numbers are numeric, others hold texts; blank rows and repeated headers are
        left out. ``attrs["said"]`` has the titles above the header and the notes below the rows.
    first_row : int
        Row of the file, from 1, that belongs to place 0 of the frame's index.

    Raises
    ------
    InputError
        As `read_tables`, if several sheets hold a table and none is named, and if another header
        or unit stands among the rows.
    """
    tables = read_tables(path, is_header, sheet=sheet)
    if len(tables) > 1:
        raise input_error(
            "which_sheet",
            _("有几张工作表都像是数据，不知道用哪一张。"),
            file=path.name,
            got="、".join(table.sheet for table in tables),
            remedy=_("请用 sheet（--sheet）指明工作表。"),
        )
    table = without_repeats(tables[0], path.name)
    first = int(table.rows[0]) if len(table.rows) else 1
    frame = table.frame.set_axis(table.rows - first, axis=0)
    typed = frame.apply(_typed)
    typed.attrs["said"] = (*table.titles, *notes_below(table.frame))
    return typed, first


def _typed(column: pd.Series) -> pd.Series:
    """A column as numbers where every cell is one; leading zeros of codes are kept."""
    if _CODE.search(str(column.name)) or column.isna().all():
        return column
    values = pd.to_numeric(column, errors="coerce")
    return values if bool((values.notna() | column.isna()).all()) else column
