"""Rows of a table: one of each kind is formatted, the others are copies of it with other words."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

LEADING = 1.28  # from line to line, relative to the letters: the same whatever font there is


class Rows:
    """Adds rows to a table whose cells have one style, size, width and alignment per column.

    python-docx searches the styles and the properties of a paragraph anew for every cell: of a
    long table a copy costs a small part of that.
    """

    def __init__(
        self, table: Any, widths: Sequence[Any], numeric: Sequence[bool], size: float, style: str
    ) -> None:
        from docx.enum.style import WD_STYLE_TYPE

        self._table, self._widths, self._numeric, self._size = table, widths, numeric, size
        self._style = table.part.get_style_id(style, WD_STYLE_TYPE.PARAGRAPH)
        self._forms: dict[tuple[bool, bool], Any] = {}

    def add(self, line: Sequence[str], *, heading: bool = False, kept: bool = False) -> None:
        """Add a row with these words; *kept* on the page of the next one."""
        form = self._forms.get((heading, kept))
        if form is None:
            form = self._forms[heading, kept] = self._formed(heading, kept)
        row = copy.deepcopy(form)
        self._table._tbl.append(row)
        for run, text in zip(row.iter("{*}r"), line, strict=True):
            run.text = text

    def _formed(self, heading: bool, kept: bool) -> Any:
        from docx.enum.text import WD_ALIGN_PARAGRAPH
        from docx.shared import Pt

        added = self._table.add_row()
        keep_row(added, heading=heading)
        for cell, right, width in zip(added.cells, self._numeric, self._widths, strict=True):
            cell.width = width
            paragraph = cell.paragraphs[0]
            paragraph._p.style = self._style
            form = paragraph.paragraph_format
            form.line_spacing = Pt(round(LEADING * self._size, 1))
            if kept:
                form.keep_with_next = True
            run = paragraph.add_run()
            run.font.size, run.font.bold = Pt(self._size), heading
            if right:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        self._table._tbl.remove(added._tr)
        return added._tr


def keep_row(row: Any, *, heading: bool) -> None:
    """Keep a row on one page, and repeat it on each if it is the heading."""
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if heading:
        properties.append(OxmlElement("w:tblHeader"))
