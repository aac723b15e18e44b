"""What is written into a Word document: numbered headings, paragraphs, captions and tables."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

from greenland.i18n import _
from greenland.i18n import language as language_in_use
from greenland.report.blocks import Figure
from greenland.report.word.file import chinese_number, unbroken
from greenland.report.word.sections import SheetTurner
from greenland.report.word.tables import after_table, before_table, grid, side_by_side

TEXT_WIDTH_MM = 156
HIGHEST_PICTURE_MM = 90
USUAL_PICTURE_MM = 55  # high, so that three pictures, or two and a table, share a page
NARROWEST_PICTURE_MM = 116  # below which the letters in it are too small to read
FLAT_PICTURE_MM = 50  # of a year by hours and days
HIGHEST_MAP_MM = 112  # with the numbers of the parcels still legible
SIZE_OF_FIGURES = 9.0  # letters of their table [pt]
FEW_FIGURES = 2  # that stand in a sentence; more are a table


class Writer:
    """Writes at the end of a document, from its beginning on.

    Parameters
    ----------
    document : docx.document.Document
        With the styles named in ``docs/report.md``.
    """

    def __init__(self, document: Any) -> None:
        self.document = document
        self.parts = self.pictures = self.tables = 0
        self.sheets = SheetTurner(document)

    def heading(self, title: str) -> None:
        """A part of the document, numbered."""
        self.sheets.turn(across=False)
        self.parts += 1
        number = (
            f"{chinese_number(self.parts)}、" if language_in_use() == "zh" else f"{self.parts}  "
        )
        self.document.add_paragraph(number + title, style="Heading 1")

    def subheading(self, number: int, title: str) -> None:
        """A part of a part."""
        lead = f"（{chinese_number(number)}）" if language_in_use() == "zh" else ""
        self.document.add_paragraph(lead + title, style="Heading 2")

    def say(self, text: str) -> None:
        """A paragraph, if there is anything to say."""
        if text:
            self.sheets.turn(across=False)
            spaced = after_table(self.document)
            made = self.document.add_paragraph(unbroken(text), style="Normal")
            if spaced:
                made.paragraph_format.space_before = spaced

    def sentence(self, parts: Iterable[str]) -> None:
        """Some parts as one sentence; those that are sentences themselves lose their full stop."""
        self.say(_one_sentence(parts))

    def remark(self, parts: Iterable[str]) -> None:
        """The same in small letters: what a chapter rests on and does not hold."""
        self.sheets.turn(across=False)
        self.note(_one_sentence(parts))

    def key_figures(self, items: Sequence[Figure]) -> None:
        """Key figures: a few in a sentence, more in a table, two of them side by side."""
        told = [(item.title, _figure_text(item)) for item in items]
        if len(told) <= FEW_FIGURES:
            self.sentence(f"{title} {text}" for title, text in told)
            return
        headings, lines, _right = side_by_side([_("指标"), _("数值")], told, [False] * 2)
        self.grid(headings, lines, size=SIZE_OF_FIGURES)

    def drawing(
        self, png: bytes, title: str, note: str, alt: str, height: float | None = None
    ) -> None:
        """A picture as wide as the text, narrower where it is tall, with caption and note.

        Parameters
        ----------
        height : float, optional
            How high it is if it can [mm]; by its shape when left out.
        """
        from docx.shared import Mm

        self.pictures += 1
        self.sheets.turn(across=False)
        paragraph = self.document.add_paragraph(style="Picture")
        drawn = paragraph.add_run().add_picture(io.BytesIO(png))
        ratio = drawn.height / drawn.width
        if height is None:
            height = min(HIGHEST_PICTURE_MM, max(USUAL_PICTURE_MM, NARROWEST_PICTURE_MM * ratio))
        width = min(TEXT_WIDTH_MM, height / ratio)
        drawn.width, drawn.height = Mm(width), Mm(width * ratio)
        drawn._inline.docPr.set("descr", alt)
        caption = _("图 {number}  {title}", number=self.pictures, title=title)
        made = self.document.add_paragraph(caption, style="Caption")
        made.paragraph_format.keep_with_next = bool(note)
        self.note(note)

    def caption(self, title: str) -> None:
        """What stands above a table, with its number."""
        self.tables += 1
        caption = _("表 {number}  {title}", number=self.tables, title=title)
        self.document.add_paragraph(caption, style="Caption")

    def note(self, text: str) -> None:
        """What stands in small letters under a picture or a table, if anything."""
        if text:
            self.document.add_paragraph(unbroken(text), style="Note")

    def notes_together(self, texts: Sequence[str]) -> None:
        """Notes that no page divides: their last lines would stand alone on the last one."""
        for place, text in enumerate(texts, start=1):
            form = self.document.add_paragraph(unbroken(text), style="Note").paragraph_format
            form.keep_together = True
            form.keep_with_next = place < len(texts)

    def grid(
        self,
        headings: Sequence[str],
        lines: Sequence[Sequence[str]],
        *,
        numeric: Sequence[bool] | None = None,
        noted: bool = False,
        whole: bool = True,
        size: float | None = None,
    ) -> Any:
        """A table as wide as the text, its heading repeated; columns are text unless told."""
        right = [False] * len(headings) if numeric is None else numeric
        before_table(self.document)
        width = self.sheets.width_mm
        return grid(
            self.document, headings, lines, right, width, noted=noted, whole=whole, size=size
        )


def _one_sentence(parts: Iterable[str]) -> str:
    end = _("。")
    said = _("；").join(part.removesuffix(end) for part in parts)
    return said + end if said else ""


def _figure_text(item: Figure) -> str:
    """The value with its unit, and behind it what it is compared with."""
    value = f"{item.value} {item.shown_unit}".strip()
    beside = _("；").join(text for text in (item.previous, item.note) if text)
    return value + (_("（{text}）", text=beside) if beside else "")
