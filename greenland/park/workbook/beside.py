"""What a sheet says outside its cells: page headers and footers, text boxes, comments.

Offices state units there too. Of a sheet nothing is read from these but such words, so that what
is damaged there, or too large, is passed over.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from greenland.park.method import SMALL_PART
from greenland.park.rawsheet import Beside
from greenland.park.workbook.contents import links, unescaped
from greenland.park.workbook.package import FAULTS, Package
from greenland.park.workbook.survey import column_number
from greenland.park.workbook.xml import local_name, parse

# &R for a part of the line, &"Arial,Bold" &12 &K000000 &P for its looks and fields
_PARTS = re.compile(r"&[LCR]")
_CODES = re.compile(r'&"[^"]*"|&K[0-9A-Fa-f]{6}|&\d+|&.')
AUTHOR = "greenland"  # of the comments in the blank workbook
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")


def page_texts(lines: list[str]) -> list[Beside]:
    """Texts of page headers and footers, each part of a line by itself."""
    parts = [_CODES.sub("", part) for line in lines for part in _PARTS.split(line)]
    return [Beside(part.strip()) for part in dict.fromkeys(parts) if part.strip()]


def attached_texts(package: Package, part: str) -> list[Beside]:
    """Texts of the comments and text boxes of a sheet."""
    folder, name = posixpath.split(part)
    found: list[Beside] = []
    try:
        related = links(package, f"{folder}/_rels/{name}.rels", folder)
    except FAULTS:
        return []
    for kind, target in related.values():
        if kind not in ("comments", "drawing") or target not in package:
            continue
        if package.size(target) > SMALL_PART:
            continue
        try:
            found.extend(_texts(package, target, "comment" if kind == "comments" else "p"))
        except FAULTS:
            continue
    return found


def _texts(package: Package, part: str, unit: str) -> Iterator[Beside]:
    """Texts of each comment, or of each paragraph of a drawing."""
    pieces: list[str] = []
    authors: list[str] = []
    texts: list[Beside] = []
    state = {"ref": "", "author": "", "inside": ""}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        tag = local_name(name)
        if tag == unit:
            pieces.clear()
            state["ref"] = attributes.get("ref", "")
            state["author"] = attributes.get("authorId", "")
        state["inside"] = tag

    def end(name: str) -> None:
        state["inside"] = ""
        number = state["author"]
        own = number.isdecimal() and authors[int(number) :][:1] == [AUTHOR]
        if local_name(name) == unit and not own and (whole := unescaped("".join(pieces)).strip()):
            address = _ADDRESS.fullmatch(state["ref"])
            cell = (int(address[2]) - 1, column_number(address[1].encode())) if address else None
            texts.append(Beside(whole, cell))

    def text(characters: str) -> None:
        if state["inside"] == "t":
            pieces.append(characters)
        elif state["inside"] == "author":
            authors.append(characters)

    with package.open(part) as stream:
        parse(stream, start, end, text)
    return iter(texts)
