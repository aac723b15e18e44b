"""What is wrong with a cell of the sheets that the outlook and the carbon account read."""

from __future__ import annotations

from typing import Any

from greenland.errors import Problem, Severity
from greenland.park import Park
from greenland.park.dictionary import SHEETS
from greenland.park.dictionary import column as column_of


def cell_error(
    park: Park,
    sheet: str,
    row: Any,
    column: str,
    message: str,
    remedy: str,
    got: str = "",
    *,
    code: str = "outlook_input",
    part: str = "outlook",
) -> Problem:
    """An error of a cell, with its place in the files.

    Parameters
    ----------
    park : Park
    sheet, column : str
        Ids of the dictionary.
    row : int
        As the table is indexed.
    message, remedy, got : str
        As in `Problem`.
    code : str
    part : str
        Key of the evaluation it touches.
    """
    source = park.sources.get(sheet)
    return Problem(
        Severity.ERROR,
        code,
        message,
        remedy,
        file=source.file if source else "",
        sheet=SHEETS[sheet].title,
        row=int(row),
        column=column_of(sheet, column).header,
        got=got,
        touches=(part,),
    )
