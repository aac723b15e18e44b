"""Numbers as Chinese readers expect them: 万 and 亿, thousand separators, no false precision.

Every function takes a plain value and returns text; missing is ``—``. None of them touches a
catalogue except for units, which are messages.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass
from typing import Any

from greenland.i18n import N_, _, language
from greenland.summary import YUAN_PER_WAN as _WAN

DASH = "—"
MINUS = "\u2212"
_YI = 1e8


def is_missing(value: Any) -> bool:
    """Whether a value counts as not there."""
    return value is None or value == "" or (isinstance(value, float) and not math.isfinite(value))


def as_number(value: Any) -> float | None:
    """The value as a float, or None when it is not a number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def digits_for(size: float) -> int:
    """Decimals that keep three to four meaningful figures of a number of that size.

    Examples
    --------
    >>> [digits_for(size) for size in (12345.6, 123.4, 12.3, 1.2, 0.12, 0.0012)]
    [0, 1, 1, 2, 3, 4]
    """
    size = abs(size)
    for bound, digits in ((1000, 0), (10, 1), (1, 2), (0.1, 3)):
        if size >= bound:
            return digits
    return 4 if size else 0


def number(value: Any, digits: int | None = None) -> str:
    """A number with thousand separators; ``< 0.01`` for what would round to nothing.

    Examples
    --------
    >>> number(1234567.891, 1), number(0.0004, 2), number(-0.0004, 2), number(0, 2)
    ('1,234,567.9', '< 0.01', '> −0.01', '0')
    >>> number(None)
    '—'
    """
    if is_missing(value):
        return DASH
    amount = as_number(value)
    if amount is None:
        return str(value)
    if amount == 0:
        return "0"
    digits = digits_for(amount) if digits is None else digits
    shown = f"{abs(amount):,.{digits}f}"
    if float(shown.replace(",", "")) == 0:
        least = f"{10.0**-digits:.{digits}f}"
        return f"< {least}" if amount > 0 else f"> {MINUS}{least}"
    return (MINUS if amount < 0 else "") + shown


def share(value: Any, digits: int = 1) -> str:
    """A decimal share as a percentage that never rounds a part away or up to the whole.

    Examples
    --------
    >>> share(0.6408), share(0.0004), share(0), share(0.99996), share(1), share(None)
    ('64.1%', '< 0.1%', '0%', '> 99.9%', '100%', '—')
    """
    amount = as_number(value)
    if amount is None:
        return DASH if is_missing(value) else str(value)
    if amount in (0.0, 1.0):
        return f"{amount:.0%}"
    least = 10.0**-digits
    percent = amount * 100
    if abs(round(percent, digits)) < least:
        return f"< {least:.{digits}f}%" if amount > 0 else f"> {MINUS}{least:.{digits}f}%"
    if percent < 100 and round(percent, digits) >= 100:
        return f"> {100 - least:.{digits}f}%"
    if percent > 100 and round(percent, digits) <= 100:
        digits += 1
    return (MINUS if amount < 0 else "") + f"{abs(percent):,.{digits}f}%"


def points(value: Any, digits: int = 1) -> str:
    """A difference of two shares, in percentage points with its sign.

    Examples
    --------
    >>> points(0.052), points(-0.013)
    ('+5.2 个百分点', '−1.3 个百分点')
    """
    amount = as_number(value)
    if amount is None:
        return DASH
    return _("{points} 个百分点", points=signed(amount * 100, digits))


def signed(value: Any, digits: int | None = None) -> str:
    """A number with its sign, for changes and margins."""
    amount = as_number(value)
    if amount is None:
        return DASH if is_missing(value) else str(value)
    text = number(amount, digits)
    return f"+{text}" if amount > 0 and not text.startswith("<") else text


@dataclass(frozen=True, slots=True)
class Scale:
    """A unit one column of money is written in, and what to divide by."""

    divisor: float
    unit: str
    digits: int


def yuan_scale(greatest: float, per_year: bool = False) -> Scale:
    """元, 万元 or 亿元 for amounts [yuan] of which *greatest* is the largest."""
    units = (
        (N_("亿元/年"), N_("万元/年"), N_("元/年"))
        if per_year
        else (N_("亿元"), N_("万元"), N_("元"))
    )
    if language() != "zh" and abs(greatest) >= _WAN:  # English readers count in millions
        unit = N_("百万元/年") if per_year else N_("百万元")
        digits = 2 if abs(greatest) < 1e8 else 1
        return Scale(1e6, _(unit), digits)
    if abs(greatest) >= _YI:
        return Scale(_YI, _(units[0]), 2 if abs(greatest) >= 10 * _YI else 3)
    if abs(greatest) >= _WAN:
        return Scale(_WAN, _(units[1]), digits_for(greatest / _WAN))
    return Scale(1.0, _(units[2]), 0 if abs(greatest) >= 100 else 2)


def table_scale(greatest: float, per_year: bool = False) -> Scale:
    """The unit of a table's money [yuan]: 元 or 万元, so that large and small stand in line."""
    if language() != "zh" or abs(greatest) < _WAN:
        return yuan_scale(greatest, per_year)
    digits = 0 if abs(greatest) >= 1000 * _WAN else digits_for(greatest / _WAN)
    return Scale(_WAN, _("万元/年") if per_year else _("万元"), digits)


def yuan(value: Any, per_year: bool = False) -> str:
    """An amount [yuan] in 元, 万元 or 亿元.

    Examples
    --------
    >>> yuan(118240563), yuan(52000), yuan(12.5), yuan(None)
    ('1.182 亿元', '5.20 万元', '12.50 元', '—')
    """
    amount = as_number(value)
    if amount is None:
        return DASH
    scale = yuan_scale(amount, per_year)
    return f"{number(amount / scale.divisor, scale.digits)} {scale.unit}"


def wan(value: Any) -> str:
    """An amount [万元] in 万元 or 亿元.

    Examples
    --------
    >>> wan(123456), wan(812.5)
    ('12.35 亿元', '812.5 万元')
    """
    amount = as_number(value)
    if amount is None:
        return DASH
    if language() != "zh":
        return yuan(amount * _WAN)
    if abs(amount) >= _WAN:
        return f"{number(amount / _WAN, 2)} {_('亿元')}"
    return f"{number(amount, digits_for(amount))} {_('万元')}"


def date(value: Any) -> str:
    """An ISO date or timestamp, day only: ``2025-03-01``."""
    if is_missing(value):
        return DASH
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    return str(value)[:10]


def long_date(value: Any) -> str:
    """A date in words of the language in use: ``2025年3月1日``."""
    try:
        day = dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return DASH if is_missing(value) else str(value)
    return _("{year}年{month}月{day}日", year=day.year, month=day.month, day=day.day)


_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def tiny(value: Any) -> str:
    """A residual in powers of ten.

    Examples
    --------
    >>> tiny(3.2e-9), tiny(0.0)
    ('3.2×10⁻⁹', '0')
    """
    amount = as_number(value)
    if amount is None:
        return DASH
    if amount == 0:
        return "0"
    mantissa, _sep, power = f"{amount:.1e}".partition("e")
    return f"{mantissa}×10{str(int(power)).translate(_SUPERSCRIPTS)}"


def listed(value: Any) -> str:
    """Several texts in one phrase."""
    if is_missing(value) or (isinstance(value, list | tuple) and not value):
        return DASH
    if isinstance(value, list | tuple):
        return _("、").join(str(item) for item in value)
    return str(value)


def yes_no(value: Any) -> str:
    """是, 否 or —."""
    if value is None:
        return DASH
    return _("是") if value else _("否")
