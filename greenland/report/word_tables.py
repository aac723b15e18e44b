"""Tables of the Word file: the columns a printed page has room for, lines and repeated heads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from greenland.report.tables import Table

WIDEST_TABLE = 8
_SPARED = (
    *("row", "basis", "stage", "direction", "formula", "numerator", "denominator", "national"),
    *("weight", "reason", "contribution", "due_date", "holder_id", "firm_id", "allowed", "file"),
)


def narrowed(table: Table) -> Table:
    """The table without the columns a printed page can spare."""
    columns = list(table.columns)
    for key in _SPARED:
        if len(columns) <= WIDEST_TABLE:
            break
        columns = [column for column in columns if column.key != key]
    return replace(table, columns=tuple(columns[:WIDEST_TABLE]))


def frame(grid: Any) -> None:
    """Lines above, below and under the heading; none between."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", "12"), ("bottom", "12"), ("insideH", "2")):
        line = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", size), ("space", "0"), ("color", "444444")):
            line.set(qn(f"w:{key}"), value)
        borders.append(line)
    grid._tbl.tblPr.append(borders)


def keep_row(row: Any, *, heading: bool) -> None:
    """Keep a row on one page, and repeat it on each if it is the heading."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if heading:
        properties.append(OxmlElement("w:tblHeader"))
