"""Sections of the Word file: upright, and across the sheet for wide tables."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

MM_PER_TWIP = 25.4 / 1440
_ONCE = ("w:titlePg", "w:pgNumType")  # of the section with the cover alone


class SheetTurner:
    """Turns the sheets of a document that is written from its beginning to its end.

    Parameters
    ----------
    document : docx.document.Document
        Its own section gives size, margins, heads and feet of all.
    """

    def __init__(self, document: Any) -> None:
        self.document = document
        self.across = False
        self._last = document.element.body.sectPr

    @property
    def width_mm(self) -> float:
        """Width of the text [mm]."""
        from docx.oxml.ns import qn

        size, margins = (self._last.find(qn(name)) for name in ("w:pgSz", "w:pgMar"))
        wide, left, right = (
            int(size.get(qn("w:h" if self.across else "w:w"))),
            *(int(margins.get(qn(f"w:{side}"))) for side in ("left", "right")),
        )
        return (wide - left - right) * MM_PER_TWIP

    def turn(self, *, across: bool) -> None:
        """Go on with sheets that lie across, or stand upright; nothing where they do."""
        if across == self.across:
            return
        ended = deepcopy(self._last)
        if self.across:
            _lay_across(ended)
        _last_paragraph(self.document).get_or_add_pPr().append(ended)
        for name in _ONCE:
            _drop(self._last, name)
        self.across = across


def _last_paragraph(document: Any) -> Any:
    """The paragraph that ends a section: the last one, or after a table one without height."""
    from docx.oxml.ns import qn
    from docx.shared import Pt

    body = document.element.body
    last = body.sectPr.getprevious()
    if last is not None and last.tag == qn("w:p") and last.find(f".//{qn('w:sectPr')}") is None:
        return last
    made = document.add_paragraph(style="Note")
    form = made.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing = Pt(1)
    return made._p


def _lay_across(section: Any) -> None:
    from docx.oxml.ns import qn

    size = section.find(qn("w:pgSz"))
    wide, high = size.get(qn("w:w")), size.get(qn("w:h"))
    for key, value in (("w", high), ("h", wide), ("orient", "landscape")):
        size.set(qn(f"w:{key}"), value)


def _drop(section: Any, name: str) -> None:
    from docx.oxml.ns import qn

    for found in section.findall(qn(name)):
        section.remove(found)
