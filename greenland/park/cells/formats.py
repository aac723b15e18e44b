"""Number formats of Excel: by what a cell shows another number than it holds, and in which unit.

``0.0,`` shows thousands, ``0!.0,`` (as Chinese Excel users write it) ten-thousands, ``0%``
hundredths, ``0.00"万元"`` a unit. The person who filled the sheet sees what the format shows.

References
----------
ECMA-376 Part 1, 18.8.31 numFmts: sections, thousands scaling by trailing commas, literals.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

# Text in quotes, an escaped sign (\x; !x in the Chinese version), padding (_x, *x).
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)')
_PADDING = re.compile(r"[_*].")
_BRACKET = re.compile(r"\[([^\]]*)\]")
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "=": operator.eq, "<>": operator.ne,
}  # fmt: skip
_PLACEHOLDERS = "0#?"
_DATE_SIGNS = re.compile(r"[ymdhs]", re.IGNORECASE)
_HARMLESS = re.compile(r"[\s()+\-,，¥￥]*|RMB|CNY")
_OTHER_MONEY = re.compile(r"[$€£]|US|HK")
MULTIPLES = {"千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "k": 1e3, "K": 1e3}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a number format makes of a number.

    Parameters
    ----------
    scale : float
        Number shown = number held × *scale* [1].
    label : str
        Text shown with the number: a unit, or anything else; empty when there is none.
    hidden : bool
        Whether the format shows nothing at all.
    digits : int
        Whole digits always shown, as in ``0000``.
    """

    scale: float = 1.0
    label: str = ""
    hidden: bool = False
    digits: int = 1

    @property
    def plain(self) -> bool:
        """Whether the cell shows the number it holds, without any text."""
        return self.scale == 1.0 and not self.label and not self.hidden


def shown_by(form: str, value: float = 1.0) -> Shown:
    """What *form* does to a number other than zero.

    Examples
    --------
    >>> shown_by("0!.0,").scale, shown_by('0.00,"万元"')
    (0.0001, Shown(scale=0.001, label='万元', hidden=False, digits=1))
    >>> shown_by("#,##0.00").plain, shown_by(";;;").hidden
    (True, True)
    >>> shown_by("[<100]0.0;[>=100]0,", 5.0).scale, shown_by("[<100]0.0;[>=100]0,", 500.0).scale
    (1.0, 0.001)
    """
    sections = _sections(form)
    if any(map(_CONDITION.search, sections)):
        return _of_section(_chosen(sections, value))
    section = sections[1] if value < 0 and len(sections) > 1 else sections[0]
    if not section.strip():
        return Shown(hidden=len(sections) > 1)
    return _of_section(section)


def _chosen(sections: Sequence[str], value: float) -> str:
    """The section whose condition holds, or else the first of three or less without one."""
    for section in sections[:3]:
        found = _CONDITION.search(section)
        if found is None or _HOLDS[found[1]](value, float(found[2])):
            return section
    return '""'  # Excel fills the cell with #


@cache
def _sections(form: str) -> list[str]:
    """Parts of a format between semicolons that stand outside quotes."""
    parts, part, quoted, escaped = [], "", False, False
    for sign in form:
        if sign == '"' and not escaped:
            quoted = not quoted
        if sign == ";" and not quoted and not escaped:
            parts.append(part)
            part = ""
        else:
            part += sign
        escaped = sign in "\\!" and not escaped and not quoted
    return [*parts, part]


@cache
def _of_section(section: str) -> Shown:
    words: list[str] = []

    def literal(found: re.Match[str]) -> str:
        text = found[1] if found[1] is not None else found[2]
        # a point put in between the digits shifts them: 0!.0 shows 123 as 12.3
        if text in (".", "．"):
            return "\0"
        words.append(text)
        return "\1"

    def bracket(found: re.Match[str]) -> str:
        if found[1].startswith("$"):
            words.append(found[1][1:].split("-")[0])
        return ""

    body = _LITERAL.sub(literal, section)
    body = _BRACKET.sub(bracket, body)
    body = _PADDING.sub("", body)
    body = body.replace("G/通用格式", "General")
    if body.strip() == "@":  # text: a number put there by a programme is shown as it is
        return Shown()
    scale, digits = 1.0, 1
    if "General" in body:
        rest = body.replace("General", "").replace("\1", "")
    else:
        spots = [place for place, sign in enumerate(body) if sign in _PLACEHOLDERS]
        if not spots:
            text = "".join(words) + body.replace("\1", "")
            return Shown(label=text.strip(), hidden=True)
        rest = body.translate({ord(sign): "" for sign in "0#?.,/Ee\0\1"})
        tail = body[spots[-1] + 1 :]
        scale = 1000.0 ** -(len(tail) - len(tail.lstrip(",")))
        scale *= _shifted(body)
        digits = sum(1 for sign in body.split(".")[0].split("\0")[0] if sign == "0")
    if "%" in rest:
        scale *= 100.0
        rest = rest.replace("%", "")
        words.append("%")
    label = "".join(word for word in (*words, rest) if not _is_harmless(word)).strip()
    return Shown(_rounded(scale), label, digits=digits)


def _shifted(body: str) -> float:
    """Factor of a literal point: one tenth for each digit shown after it."""
    if "\0" not in body or "." in body:
        return 1.0
    after = body.split("\0", 1)[1]
    return 10.0 ** -sum(1 for sign in after if sign in _PLACEHOLDERS)


def _is_harmless(word: str) -> bool:
    """Currency signs, brackets and blanks say nothing about the unit of the number."""
    return _HARMLESS.fullmatch(word) is not None


def _rounded(scale: float) -> float:
    """Powers of ten without the dust of multiplication."""
    return float(f"{scale:.6g}")


@cache
def tells(form: str) -> bool:
    """Whether a number of this format may show another number, or more, than it holds."""
    if _DATE_SIGNS.search(_BRACKET.sub("", _PADDING.sub("", _LITERAL.sub("", form)))):
        return False  # a date or a time, no amount
    if _CONDITION.search(form):
        return True
    shown, below = shown_by(form), shown_by(form, -1.0)
    return not shown.plain or not below.plain or shown.digits > 1


def other_money(label: str) -> bool:
    """Whether the text names a currency that is not the yuan."""
    return _OTHER_MONEY.search(label) is not None
