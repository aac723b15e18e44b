"""In which encoding attribute tables and GeoJSON files are written, told from their bytes."""

from __future__ import annotations

import codecs
from pathlib import Path

import numpy as np

_CPG = {"936": "GB18030", "GBK": "GB18030", "GB2312": "GB18030", "CP936": "GB18030"}
_HEADER = 32  # bytes of the head of a dBASE file, and of each field in it
_TEXT = (b"C", b"M")


def table_encoding(dbf: Path) -> str | None:
    """Encoding of the texts of a dBASE table beside a shapefile; None: plain ASCII or unknown.

    Desktop software in China often writes GBK, or UTF-8, without saying so, or says the other.
    What is stated in the ``.cpg`` file comes first, then UTF-8, then GBK; the first that reads
    every text is right, as a Chinese text in one is hardly ever sound in another.
    """
    try:
        texts = _texts(dbf.read_bytes())
    except (OSError, ValueError, IndexError, ZeroDivisionError):  # a table that is none
        return None
    if all(text.isascii() for text in texts):
        return None
    for name in (*_stated(dbf), "UTF-8", "GB18030"):
        if all(_reads(text, name) for text in texts):
            return name
    return None


def _stated(dbf: Path) -> list[str]:
    for suffix in (".cpg", ".CPG"):
        file = dbf.with_suffix(suffix)
        if file.is_file():
            word = file.read_bytes()[:40].decode("ascii", "replace").strip().upper()
            word = _CPG.get(word.removeprefix("ANSI ").strip(), word)
            try:
                codecs.lookup(word)
            except LookupError:
                return []
            # single-byte encodings read anything: they prove nothing
            return [word] if _CPG.get(word) or word.startswith(("UTF", "GB", "BIG")) else []
    return []


def _texts(content: bytes) -> list[bytes]:
    """Names and distinct values of the text fields of a dBASE table."""
    size, head, length = (
        int.from_bytes(content[start:end], "little") for start, end in ((4, 8), (8, 10), (10, 12))
    )
    fields = []
    place, offset = _HEADER, 1
    while place + _HEADER <= head and content[place : place + 1] not in (b"\r", b""):
        field = content[place : place + _HEADER]
        fields.append((field[:11].split(b"\0")[0], field[11:12], offset, field[16]))
        offset += field[16]
        place += _HEADER
    size = min(size, (len(content) - head) // length)
    table = np.frombuffer(content, np.uint8, size * length, head).reshape(size, length)
    texts = [name for name, *_rest in fields]
    for _name, kind, start, width in fields:
        if kind in _TEXT and width:
            column = np.ascontiguousarray(table[:, start : start + width])
            beyond = column[(column > 0x7F).any(axis=1)]
            if len(beyond):
                texts += [item.tobytes().rstrip(b" \0") for item in np.unique(beyond, axis=0)]
    return texts


def _reads(text: bytes, name: str) -> bool:
    """Whether a text is sound in an encoding; its end may be cut by the width of the field."""
    try:
        codecs.getincrementaldecoder(name)().decode(text)
    except UnicodeDecodeError:
        return False
    return True


def utf8_of(content: bytes) -> tuple[bytes, str] | None:
    """Text in another encoding as UTF-8 with the name of the encoding; None: it is UTF-8.

    Raises
    ------
    UnicodeDecodeError
        If it is neither UTF-8, UTF-16 with its mark, nor GBK.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16").encode(), "UTF-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("gb18030").encode(), "GBK"
    return None
