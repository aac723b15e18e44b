"""What a number format does with a number: per cent, date, elapsed time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

GENERAL = "General"

# Formats that styles name by number alone (ECMA-376-1:2016, 18.8.30); 27–36 and 50–58 are dates
# of East Asian editions, which show the same day in the order of their language.
_DAY, _MONTH_DAY, _YEAR_MONTH = 'yyyy"年"m"月"d"日"', 'm"月"d"日"', 'yyyy"年"m"月"'
_TIME = 'h"时"mm"分"'
BUILTIN: Mapping[int, str] = {
    0: GENERAL,
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "# ?/?",
    13: "# ??/??",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    **dict.fromkeys((27, 36, 50, 52, 57), _YEAR_MONTH),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), _MONTH_DAY),
    30: "m-d-yy",
    31: _DAY,
    **dict.fromkeys((32, 33, 34, 35, 55, 56), _TIME),
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;[Red](#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;[Red](#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
}
_LITERALS = re.compile(r'"[^"]*"?|\\.|_.|\*.')
_ELAPSED = re.compile(r"\[(?:h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_GENERAL_WORDS = re.compile(r"general|g/通用格式", re.IGNORECASE)
_DATE_SIGNS = re.compile(r"[ymdhs]|am/pm", re.IGNORECASE)


@cache
def _signs(code: str) -> str:
    """First section of a format without what it shows as it stands."""
    return _GENERAL_WORDS.sub("", _LITERALS.sub("", code).split(";")[0])


def is_percent(code: str) -> bool:
    """Whether the format shows a hundred times the number, with a per cent sign.

    Examples
    --------
    >>> is_percent("0.00%"), is_percent('0.0"%"')
    (True, False)
    """
    return "%" in _signs(code)


def elapsed(code: str) -> bool:
    """Whether the format shows a span of time, as ``[h]:mm`` does."""
    return _ELAPSED.search(_signs(code)) is not None


@cache
def is_date(code: str) -> bool:
    """Whether the format shows a number as a date, a time or a span of time.

    Examples
    --------
    >>> is_date('yyyy"年"m"月"'), is_date("[Red]0.0"), is_date('0.0"d"'), is_date("General")
    (True, False, False, False)
    """
    if elapsed(code):
        return True
    return _DATE_SIGNS.search(_BRACKETS.sub("", _signs(code))) is not None
