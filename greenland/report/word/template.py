"""The Word templates as they come with the package: fonts, sizes and margins.

``python -m greenland.report.word.template FOLDER`` writes them anew; people edit them in Word.
``report.docx`` is a 公文 after GB/T 9704-2012: A4, margins 37/35/28/26 mm, title 2号, body 3号
仿宋, headings 黑体 and 楷体, 28 pt from line to line. ``brief.docx`` is for leaders: the same
fonts, smaller and closer, so that a brief stays within four pages.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TITLE = "方正小标宋简体"
SONG = "宋体"
FANGSONG = "仿宋"
HEI = "黑体"
KAI = "楷体"
LATIN = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 22, 16, 14, 10.5  # 二号 三号 四号 五号 [pt]
NOTE_LINE = 11.5  # from line to line of a note of 9 pt
SMALL_4 = 12  # 小四 [pt]


@dataclass(frozen=True, slots=True)
class Layout:
    """Measures of a template: margins [mm]; sizes and the line [pt]."""

    margins: tuple[float, float, float, float]
    title: float
    body: float
    line: float
    cover: bool


REPORT = Layout(margins=(37, 35, 28, 26), title=SIZE_2, body=SIZE_3, line=28, cover=True)
BRIEF = Layout(margins=(25, 22, 25, 23), title=18, body=SMALL_4, line=19, cover=False)
TEMPLATES = {"report.docx": REPORT, "brief.docx": BRIEF}


def make_template(path: Path, layout: Layout = REPORT) -> Path:
    """Write a template: title, body, page numbers, and the styles the report uses."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    top, bottom, left, right = map(Mm, layout.margins)
    page.top_margin, page.bottom_margin = top, bottom
    page.left_margin, page.right_margin = left, right
    _styles(document, layout)
    if layout.cover:
        _cover(document)
    else:
        _head(document)
    document.add_paragraph("{{ body }}", style="Normal")
    _page_number(page.footer.paragraphs[0])
    from greenland.report.word.file import save

    save(document, path)
    return path


def _font(style: Any, east_asian: str, size: float, bold: bool = False) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    style.font.name = LATIN
    style.font.size = Pt(size)
    style.font.bold = bold
    style.font.italic = False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), east_asian)
    fonts.set(qn("w:hAnsi"), LATIN)


def _styles(document: Any, layout: Layout) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    body, line = layout.body, layout.line

    def shape(name: str, *, align: Any = None, indent: float = 0, before: float = 0) -> Any:
        made = document.styles[name].paragraph_format
        made.space_before, made.space_after = Pt(before), Pt(0)
        made.first_line_indent = Pt(indent)
        made.line_spacing_rule, made.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(line)
        if align is not None:
            made.alignment = align
        return made

    centre = WD_ALIGN_PARAGRAPH.CENTER
    _font(document.styles["Normal"], FANGSONG, body)
    shape("Normal", align=WD_ALIGN_PARAGRAPH.JUSTIFY, indent=2 * body)
    _font(document.styles["Title"], TITLE, layout.title)
    _no_border(document.styles["Title"])
    before = 3 * line if layout.cover else 0
    shape("Title", align=centre, before=before).line_spacing = Pt(round(layout.title * 1.64))
    _font(document.styles["Subtitle"], KAI, body)
    shape("Subtitle", align=centre, before=line if layout.cover else 0)
    _font(document.styles["Heading 1"], HEI, body)
    shape("Heading 1", indent=2 * body, before=line / 2).keep_with_next = True
    _font(document.styles["Heading 2"], KAI, body)
    shape("Heading 2", indent=2 * body).keep_with_next = True
    _font(document.styles["Caption"], HEI, SIZE_5)
    caption = shape("Caption", align=centre, before=6)
    caption.line_spacing, caption.keep_with_next = Pt(18), True
    gap = 2 if layout.cover else 1
    for name, align in (("Table Text", None), ("Picture", centre), ("Note", None)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _font(style, SONG, SIZE_5 if name != "Note" else 9)
        made = shape(name, align=align or WD_ALIGN_PARAGRAPH.LEFT)
        made.line_spacing_rule = WD_LINE_SPACING.SINGLE
        if name == "Note":  # the same from font to font
            made.line_spacing = Pt(NOTE_LINE)
        made.space_before = made.space_after = Pt(1 if name == "Table Text" else gap)
    document.styles["Picture"].paragraph_format.keep_with_next = True


def _no_border(style: Any) -> None:
    from docx.oxml.ns import qn

    for border in style.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
        break


def _cover(document: Any) -> None:
    document.add_paragraph("{{ title }}", style="Title")
    document.add_paragraph("{{ subtitle }}", style="Subtitle")
    document.add_paragraph("{{ author }}", style="Subtitle")
    document.add_paragraph("{{ day }}", style="Subtitle").add_run().add_break(_page_break())


def _head(document: Any) -> None:
    """A title and a line below it; the text follows on the same page."""
    document.add_paragraph("{{ title }}", style="Title")
    document.add_paragraph("{{ author }}　{{ subtitle }}　{{ day }}", style="Subtitle")


def _page_break() -> Any:
    from docx.enum.text import WD_BREAK

    return WD_BREAK.PAGE


def _page_number(paragraph: Any) -> None:
    """A number between dashes, as official documents have it."""
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Pt

    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.first_line_indent = Pt(0)
    paragraph.add_run("— ")
    run = paragraph.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        tag = "w:fldChar" if kind else "w:instrText"
        element = OxmlElement(tag)
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)
    paragraph.add_run(" —")
    for part in paragraph.runs:
        part.font.size = Pt(SIZE_4)
        part.font.name = SONG


if __name__ == "__main__":
    for name, chosen in TEMPLATES.items():
        make_template(Path(sys.argv[1]) / name, chosen)
