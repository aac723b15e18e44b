"""XML parts read as a stream of events, whatever namespaces and prefixes they use."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import unescape
from typing import IO
from xml.parsers import expat

_CHUNK = 1 << 18


class DoctypeError(ValueError):
    """A part declares a document type; the packaging standard forbids it (ECMA-376-2, 8.1.4)."""


def local_name(name: str) -> str:
    """Name of an element or attribute without its namespace."""
    return name.rpartition(" ")[2]


def plain_text(inside: bytes) -> str:
    """Text between tags, its escapes resolved."""
    return unescape(inside.decode("utf-8", "replace"))


def parse(
    stream: IO[bytes],
    start: Callable[[str, Mapping[str, str]], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Pass a part to functions: ``start(name, attributes)``, ``end(name)``, ``text(characters)``.

    Names come with their namespace before a blank; see `local_name`.

    Raises
    ------
    DoctypeError
        If the part declares a document type, and with it perhaps entities.
    xml.parsers.expat.ExpatError
        If the part is not well-formed.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    while chunk := stream.read(_CHUNK):
        parser.Parse(chunk, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_parts: object) -> None:
    raise DoctypeError("DOCTYPE")


def elements(stream: IO[bytes]) -> list[tuple[str, dict[str, str]]]:
    """Every element of a small part: local name, attributes by local name."""
    found: list[tuple[str, dict[str, str]]] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        found.append((local_name(name), {local_name(k): v for k, v in attributes.items()}))

    parse(stream, start)
    return found
