"""What a workbook says of itself: its sheets, their state and parts, the date system, strings."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from greenland.park.workbook.package import Package
from greenland.park.workbook.runs import Runs
from greenland.park.workbook.xml import elements, local_name, parse

_TRUE = ("1", "true", "on")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def unescaped(text: str) -> str:
    """Text with the characters that XML cannot hold, as ``_x000D_`` (ECMA-376-1, 22.9.2.19)."""
    return _ESCAPE.sub(lambda hit: chr(int(hit[1], 16)), text) if "_x" in text else text


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One worksheet of the workbook.

    Parameters
    ----------
    state : str
        ``"visible"``, ``"hidden"`` or ``"veryHidden"``.
    part : str
        Part of the package that holds its cells; empty when it is missing.
    """

    title: str
    state: str
    part: str


@dataclass(frozen=True, slots=True)
class Contents:
    """Sheets in order, the date system, and the parts of styles and shared strings."""

    sheets: tuple[SheetPart, ...]
    date1904: bool
    styles: str
    strings: str


def read_contents(package: Package) -> Contents:
    """Read the workbook part and its relations.

    Raises
    ------
    KeyError
        If the package holds no workbook part.
    """
    main = _main_part(package)
    folder, name = posixpath.split(main)
    related = links(package, f"{folder}/_rels/{name}.rels", folder)
    date1904 = False
    sheets: list[SheetPart] = []
    with package.open(main) as stream:
        for tag, attributes in elements(stream):
            if tag == "workbookPr":
                date1904 = attributes.get("date1904", "").lower() in _TRUE
            elif tag == "sheet":
                kind, part = related.get(attributes.get("id", ""), ("worksheet", ""))
                if kind == "worksheet":
                    state = attributes.get("state", "visible")
                    part = part if part in package else ""
                    sheets.append(SheetPart(attributes.get("name", ""), state, part))
    parts = dict(related.values())
    return Contents(
        tuple(sheets),
        date1904,
        _present(package, parts.get("styles"), f"{folder}/styles.xml"),
        _present(package, parts.get("sharedStrings"), f"{folder}/sharedStrings.xml"),
    )


def _present(package: Package, *names: str | None) -> str:
    return next((name for name in names if name and name in package), "")


def _main_part(package: Package) -> str:
    related = links(package, "_rels/.rels", "")
    return dict(related.values()).get("officeDocument", "xl/workbook.xml")


def links(package: Package, part: str, folder: str) -> dict[str, tuple[str, str]]:
    """Relations of a part: id → last word of the type, part it leads to."""
    if part not in package:
        return {}
    with package.open(part) as stream:
        return {
            link.get("Id", ""): (
                link.get("Type", "").rpartition("/")[2],
                posixpath.normpath(posixpath.join("/", folder, link.get("Target", ""))).lstrip("/"),
            )
            for tag, link in elements(stream)
            if tag == "Relationship"
        }


@dataclass(frozen=True, slots=True)
class SharedStrings:
    """Strings that cells name by number; phonetic guides are left out.

    Parameters
    ----------
    texts : list of str
        With the marks of raised and struck runs; see `greenland.park.workbook.runs`.
    marked : mapping of str to str
        Those that have marks: as the fast reader has them, without → with.
    open_marks : bool
        Whether the same signs also stand somewhere without marks, or with others.
    """

    texts: list[str]
    marked: Mapping[str, str]
    open_marks: bool = False


def shared_strings(stream: IO[bytes]) -> SharedStrings:
    """Read the part of shared strings."""
    strings: list[str] = []
    marks: dict[str, str] = {}
    pieces: list[str] = []
    plain: list[str] = []
    runs = Runs()
    state = {"text": False, "phonetic": False, "open": False}

    def start(name: str, attributes: Mapping[str, str]) -> None:
        tag = local_name(name)
        runs.start(tag, attributes)
        if tag == "si":
            pieces.clear()
            plain.clear()
        elif tag == "rPh":
            state["phonetic"] = True
        elif tag == "t":
            state["text"] = not state["phonetic"]

    def end(name: str) -> None:
        tag = local_name(name)
        runs.end(tag)
        if tag == "si":
            strings.append(unescaped("".join(pieces)))
            if pieces != plain:
                known = marks.setdefault(unescaped("".join(plain)), strings[-1])
                state["open"] |= known != strings[-1]
        elif tag == "rPh":
            state["phonetic"] = False
        elif tag == "t":
            state["text"] = False

    def text(characters: str) -> None:
        if state["text"]:
            plain.append(characters)
            pieces.append(runs.marked(characters))

    parse(stream, start, end, text)
    state["open"] |= any(text in marks for text in strings) if marks else False
    return SharedStrings(strings, marks, state["open"])
