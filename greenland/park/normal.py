"""Written forms made alike: full-width characters, brackets, white space, spellings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from greenland.i18n import language

_SPACE = re.compile(r"\s+")
# Signs that show nothing: soft hyphen, zero-width and direction marks, byte-order mark, controls.
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
    "\x00-\x08\x0e-\x1b\x7f]"
)
# A struck sign is followed by the combining long stroke; see `greenland.park.workbook.runs`.
STROKE = "\u0336"
STRUCK = re.compile(f"(?:[^{STROKE}]{STROKE})+")
_BRACKETS = str.maketrans(
    {"[": "(", "]": ")", "【": "(", "】": ")", "〔": "(", "〕": ")", "−": "-"}
)
_EDGES = "*:•·.。"


def plain_text(value: Any) -> str:
    """Text of a cell with full-width forms folded (NFKC), brackets alike, ends stripped.

    Signs that show nothing are left out; whether the reader is told is up to the caller.
    """
    text = str(value)
    if not text.isascii() or not text.isprintable():
        text = INVISIBLE.sub("", text)
    return unicodedata.normalize("NFKC", text).translate(_BRACKETS).strip()


def squeezed(value: Any) -> str:
    """`plain_text` in lower case without any white space; for comparing names.

    Examples
    --------
    >>> squeezed(" 宗地　面积（公顷）")
    '宗地面积(公顷)'
    """
    return _SPACE.sub("", plain_text(value)).lower()


def header_text(value: Any) -> str:
    """`squeezed` without the marks people put around headers, such as ``*`` for required."""
    return squeezed(value).strip(_EDGES)


def one_line(value: Any) -> str:
    """Text of a cell as it stands, on one line; whole numbers without ``.0``."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return " ".join(str(value).split())


def listing(words: Iterable[str]) -> str:
    """Words one after another, as the language in use separates them."""
    return ("、" if language() == "zh" else ", ").join(words)


def is_blank(value: Any) -> bool:
    """Whether a cell holds nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip())


def shortened(value: Any, length: int = 40) -> str:
    """`one_line`, cut to *length* characters."""
    text = one_line(value)
    return text if len(text) <= length else text[: length - 1] + "…"
