"""Facts in a Word file as content controls, by which they are found again when it was edited."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from greenland.i18n import _
from greenland.report.filing.facts import Fact
from greenland.report.filing.outline import PLACE

FACT, BLANK = "fact:", "blank:"
_BLANK = re.compile("(【[^】]*】)")


@dataclass(frozen=True, slots=True)
class Said:
    """A fact, or a blank of one, as it stands in a document.

    Parameters
    ----------
    chapter : str
        Heading of the chapter it stands in.
    name : str
        Of the fact.
    text : str
    blank : bool
        Whether the tool left it to the author.
    """

    chapter: str
    name: str
    text: str
    blank: bool


def write_words(paragraph: Any, text: str, facts: Mapping[str, Fact], size: Any = None) -> None:
    """Add a text: its facts as content controls, its blanks marked.

    Parameters
    ----------
    paragraph : docx.text.paragraph.Paragraph
    text : str
        With facts as ``{load_peak}`` and blanks as ``【待填：…】``.
    facts : mapping of str
    size : Length, optional
        Of the letters.
    """
    for place, piece in enumerate(PLACE.split(text)):
        if place % 2:
            write_fact(paragraph, facts[piece], size)
            continue
        for part in filter(None, _BLANK.split(piece)):
            run = paragraph.add_run(part)
            _shape(run, size, blank=bool(_BLANK.fullmatch(part)))


def write_fact(paragraph: Any, fact: Fact, size: Any = None) -> None:
    """Add a fact as a content control; a marked blank where it is not known."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    known = fact.text is not None
    text = fact.text if fact.text is not None else blank_text(fact.title)
    run = paragraph.add_run(text)
    _shape(run, size, blank=not known)
    control, properties = OxmlElement("w:sdt"), OxmlElement("w:sdtPr")
    for tag, value in (("w:alias", fact.title), ("w:tag", (FACT if known else BLANK) + fact.name)):
        element = OxmlElement(tag)
        element.set(qn("w:val"), value)
        properties.append(element)
    content = OxmlElement("w:sdtContent")
    run._r.addprevious(control)
    control.append(properties)
    control.append(content)
    content.append(run._r)


def blank_text(what: str) -> str:
    """The mark of what the author has to write."""
    return str(_("【待填：{what}】", what=what))


def _shape(run: Any, size: Any, *, blank: bool) -> None:
    from docx.enum.text import WD_COLOR_INDEX

    if size is not None:
        run.font.size = size
    if blank:
        run.font.highlight_color = WD_COLOR_INDEX.YELLOW


def read_controls(document: Any) -> Iterator[Said]:
    """Every fact and blank of a document, in its order, with the chapter it stands in."""
    from docx.oxml.ns import qn

    heading = ""
    styles = {style.style_id: style.name for style in document.styles}
    for element in document.element.body.iter(qn("w:p"), qn("w:sdt")):
        if element.tag == qn("w:p"):
            style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            if style is not None and styles.get(style.get(qn("w:val"))) == "Heading 1":
                heading = "".join(node.text or "" for node in element.iter(qn("w:t")))
            continue
        tag = element.find(f"{qn('w:sdtPr')}/{qn('w:tag')}")
        value = "" if tag is None else tag.get(qn("w:val")) or ""
        for mark in (FACT, BLANK):
            if value.startswith(mark):
                text = "".join(node.text or "" for node in element.iter(qn("w:t")))
                yield Said(heading, value.removeprefix(mark), text, mark == BLANK)
