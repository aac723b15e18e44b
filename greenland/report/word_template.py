"""The Word template as it comes with the package: fonts, sizes and margins of a 公文.

``python -m greenland.report.word_template FILE`` writes it anew; people edit the file in Word.
Layout after GB/T 9704-2012: A4, margins 37/35/28/26 mm, title 2号, body 3号 仿宋, headings 黑体
and 楷体, 28 pt from line to line.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

TITLE = "方正小标宋简体"
SONG = "宋体"
FANGSONG = "仿宋"
HEI = "黑体"
KAI = "楷体"
LATIN = "Times New Roman"
SIZE_2, SIZE_3, SIZE_4, SIZE_5 = 22, 16, 14, 10.5  # 二号 三号 四号 五号 [pt]
LINE = 28  # pt


def make_template(path: Path) -> Path:
    """Write the template: cover, body, page numbers, and the styles the report uses."""
    from docx import Document
    from docx.shared import Mm

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.top_margin, page.bottom_margin = Mm(37), Mm(35)
    page.left_margin, page.right_margin = Mm(28), Mm(26)
    _styles(document)
    _cover(document)
    document.add_paragraph("{{ body }}", style="Normal")
    _page_number(page.footer.paragraphs[0])
    from greenland.report.word_file import save

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


def _styles(document: Any) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
    from docx.shared import Pt

    def shape(name: str, *, align: Any = None, indent: float = 0, before: float = 0) -> Any:
        made = document.styles[name].paragraph_format
        made.space_before, made.space_after = Pt(before), Pt(0)
        made.first_line_indent = Pt(indent)
        made.line_spacing_rule, made.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(LINE)
        if align is not None:
            made.alignment = align
        return made

    centre = WD_ALIGN_PARAGRAPH.CENTER
    _font(document.styles["Normal"], FANGSONG, SIZE_3)
    shape("Normal", align=WD_ALIGN_PARAGRAPH.JUSTIFY, indent=2 * SIZE_3)
    _font(document.styles["Title"], TITLE, SIZE_2)
    _no_border(document.styles["Title"])
    shape("Title", align=centre, before=3 * LINE).line_spacing = Pt(36)
    _font(document.styles["Subtitle"], KAI, SIZE_3)
    shape("Subtitle", align=centre, before=LINE)
    _font(document.styles["Heading 1"], HEI, SIZE_3)
    shape("Heading 1", indent=2 * SIZE_3, before=LINE / 2).keep_with_next = True
    _font(document.styles["Heading 2"], KAI, SIZE_3)
    shape("Heading 2", indent=2 * SIZE_3).keep_with_next = True
    _font(document.styles["Caption"], HEI, SIZE_5)
    caption = shape("Caption", align=centre, before=6)
    caption.line_spacing, caption.keep_with_next = Pt(18), True
    for name, align in (("Table Text", None), ("Picture", centre), ("Note", None)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _font(style, SONG, SIZE_5 if name != "Note" else 9)
        made = shape(name, align=align or WD_ALIGN_PARAGRAPH.LEFT)
        made.line_spacing_rule = WD_LINE_SPACING.SINGLE
        made.space_before = made.space_after = Pt(2)
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
    make_template(Path(sys.argv[1]))
