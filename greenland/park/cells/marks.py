"""Signs in a cell that are no part of its value: such as show nothing, and footnote marks.

NFKC, which makes full-width forms alike, turns ``①`` into ``1`` and ``²`` into ``2``: a cell with
such a mark must be stopped before it is folded, or ``120①`` becomes 1201.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from greenland.errors import Severity
from greenland.i18n import _
from greenland.park.cells.base import Context, Fault
from greenland.park.dictionary import ColumnType
from greenland.park.kinds import kinds_of
from greenland.park.normal import INVISIBLE, STROKE, STRUCK, listing

# Decompositions that make one sign look like an ordinary one while it means something else.
_MARK_KINDS = ("<circle>", "<super>", "<sub>", "<fraction>")
_POWER = re.compile(r"(?<=[mM米])[²³]")  # m², km³: part of a unit, not a mark
_NOT_PLAIN = re.compile(r"[^\x09\x0a\x0d\x20-\x7e\u4e00-\u9fff\u3000-\u3011\uff01-\uff5e]")


def clean_cells(values: Sequence[Any], context: Context) -> tuple[Sequence[Any], list[Fault]]:
    """Cells without signs that show nothing; cells with footnote marks blank and refused.

    Text columns keep their marks: nothing is computed from them.
    """
    kinds = kinds_of(values)
    if str not in kinds:
        return values, []
    texts = set(values) if kinds == {str} else {v for v in values if type(v) is str}
    whole = "".join(texts)
    if (whole.isascii() and whole.isprintable()) or not _NOT_PLAIN.search(whole):
        return values, []
    marked = context.column.type is not ColumnType.TEXT  # whether footnote marks are refused
    known = {text: _cleaned(text, marked) for text in texts if _NOT_PLAIN.search(text)}
    odd = {text for text, found in known.items() if found != (text, [])}
    if not odd:
        return values, []
    cleaned = list(values)
    faults: list[Fault] = []
    for position, value in enumerate(values):
        if type(value) is str and value in odd:
            cleaned[position], found = known[value]
            faults.extend(replace(fault, position=position) for fault in found)
    return cleaned, faults


def _cleaned(value: str, marked: bool) -> tuple[str, list[Fault]]:
    """A text without signs that show nothing, and what there is to say of it at position 0."""
    text = value
    faults: list[Fault] = []
    if STROKE in text:
        text = STRUCK.sub("", text)
        faults.append(_struck(0, value))
    shown = INVISIBLE.sub("", text)
    if shown != text:
        text = shown
        faults.append(_invisible(0, value))
    marks = footnote_marks(text) if marked else []
    if marks:
        text = ""
        faults.append(_marked(0, marks))
    return text, faults


def footnote_marks(text: str) -> list[str]:
    """Signs of *text* that folding would turn into digits or letters of the value.

    Examples
    --------
    >>> footnote_marks("120①"), footnote_marks("35.6¹"), footnote_marks("80 m²")
    (['①'], ['¹'], [])
    """
    return [sign for sign in _POWER.sub("", text) if not sign.isascii() and _is_mark(sign)]


@cache
def _is_mark(sign: str) -> bool:
    kind = unicodedata.decomposition(sign).split(" ")[0]
    if kind in _MARK_KINDS:
        return True
    if kind == "<compat>":  # ⒈ and ⑴ hold digits; Ⅱ and № are letters, folded faithfully
        return any(part.isdigit() for part in unicodedata.normalize("NFKC", sign))
    # ❶ is not folded at all, and still no digit of the value; 〇 (Nl) is a character of names
    return unicodedata.category(sign) == "No"


def _invisible(position: int, value: str) -> Fault:
    codes = dict.fromkeys(f"U+{ord(sign):04X}" for sign in INVISIBLE.findall(value))
    return Fault(
        position,
        Severity.NOTICE,
        "invisible_sign",
        _("单元格中有看不见的字符（{codes}），已去掉。", codes=listing(codes)),
        _("多半是从网页或聊天软件复制带来的，请重新输入。"),
    )


def _struck(position: int, value: str) -> Fault:
    words = listing(word.replace(STROKE, "") for word in STRUCK.findall(value))
    return Fault(
        position,
        Severity.WARNING,
        "struck_part",
        _("单元格中“{words}”带有删除线，按已删去读取。", words=words),
        _("请核对，并删去带删除线的文字。"),
    )


def _marked(position: int, marks: Sequence[str]) -> Fault:
    return Fault(
        position,
        Severity.ERROR,
        "footnote_mark",
        _("单元格带有附注符号“{marks}”，不能与数值、编码混在一起。", marks="".join(marks)),
        _("请删去附注符号，把附注写到备注列。"),
    )
