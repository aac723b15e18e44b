"""The tables of one part as plain text, for the command line."""

from __future__ import annotations

from dataclasses import dataclass

from greenland.evaluations import Evaluation
from greenland.i18n import use_language
from greenland.record.base import Evaluated
from greenland.report.context import section_of
from greenland.report.tables import cell_text


@dataclass(frozen=True)
class PlainTable:
    """A table whose cells are text.

    Parameters
    ----------
    title : str
    columns : mapping of key to heading
    rows : tuple of mapping of key to text
    numeric : frozenset of str
        Columns to align to the right.
    """

    title: str
    columns: dict[str, str]
    rows: tuple[dict[str, str], ...]
    numeric: frozenset[str]


def tables_of(item: Evaluation, part: Evaluated, *, language: str = "zh") -> list[PlainTable]:
    """Every table the report's page shows of one evaluated part.

    Parameters
    ----------
    item : Evaluation
    part : Evaluated
        That part of the results record.
    language : str
        ``"zh"`` or ``"en"``.
    """
    with use_language(language):
        section = section_of(item, part)
        return [
            PlainTable(
                table.title,
                {column.key: column.heading for column in table.columns},
                tuple(
                    {column.key: cell_text(row, column) for column in table.columns}
                    for row in table.rows
                ),
                frozenset(column.key for column in table.columns if column.numeric),
            )
            for table in section.tables
            if "page" in table.forms
        ]
