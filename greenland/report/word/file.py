"""The Word file as bytes that depend on its content alone, and its numbering."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from greenland.files import write_bytes

# between a sign and what it stands before, and between a number and its unit
_BREAKS = re.compile(
    r"(?<=[<>≤≥]) (?=[\d−<>])|(?<=\d) (?=(?:[kMG]?(?:W|Wh|V|VA)|tCO₂|tce|km)(?![A-Za-z]))"
)
_DIGITS = "〇一二三四五六七八九"
_ZIP_DAY = (2000, 1, 1, 0, 0, 0)  # no clock: the same record gives the same bytes


def save(document: Any, path: Path) -> None:
    """Write a document with fixed times, so that the same content is the same bytes."""
    import datetime as dt

    properties = document.core_properties
    properties.created = properties.modified = dt.datetime(2000, 1, 1)
    properties.author = properties.last_modified_by = "greenland"
    raw, out = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _ZIP_DAY), old.read(name), zipfile.ZIP_DEFLATED)
    write_bytes(path, out.getvalue())


def unbroken(text: str) -> str:
    """The text with signs and units on the line of their number.

    Examples
    --------
    >>> unbroken("要求 ≥ 60.0%，最大 48.06 MW").replace(chr(160), "_")
    '要求 ≥_60.0%，最大 48.06_MW'
    """
    return _BREAKS.sub("\u00a0", text)


def chinese_number(number: int) -> str:
    """一, 二 … 九十九, as official documents number their parts.

    Examples
    --------
    >>> [chinese_number(n) for n in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    """
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else ("" if tens == 1 else _DIGITS[tens]) + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")
