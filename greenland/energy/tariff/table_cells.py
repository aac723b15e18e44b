"""Cells of a price table: numbers with units, dates, months and times as people write them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from greenland.errors import GreenlandError
from greenland.i18n import Text, _

_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::00)?")
_MONTHS = re.compile(r"(\d{1,2})(?:[-~至](\d{1,2}))?")
_DASHES = str.maketrans({"–": "-", "—": "-", "－": "-", "～": "~", "：": ":"})
MOST_MONTH = 12

PRICE, PER_KVA_MONTH, PER_KW_MONTH, SHARE, RATIO = "price", "kva", "kw", "share", "ratio"
UNITS: dict[str, dict[str, float]] = {
    PRICE: {
        **dict.fromkeys(("元/kwh", "元/千瓦时", "元/度", "元/千瓦·时"), 1.0),
        **dict.fromkeys(("元/mwh", "元/兆瓦时"), 0.001),
        **dict.fromkeys(("分/kwh", "分/千瓦时"), 0.01),
    },
    PER_KVA_MONTH: dict.fromkeys(("元/(kva·月)", "元/kva·月", "元/千伏安·月", "元/kva/月"), 1.0),
    PER_KW_MONTH: dict.fromkeys(("元/(kw·月)", "元/kw·月", "元/千瓦·月", "元/kw/月"), 1.0),
    SHARE: {"%": 0.01, "": 1.0},
    RATIO: {"": 1.0, "倍": 1.0},
}
"""Units of each kind of number and what one counts in the unit of the tariff."""


class TableCellError(GreenlandError):
    """A cell that cannot be read, with what would be."""

    def __init__(
        self, message: Text | str, allowed: Text | str = "", remedy: Text | str = ""
    ) -> None:
        self.message, self.allowed, self.remedy = message, allowed, remedy
        super().__init__(message)


def plain(text: str) -> str:
    """A cell without blanks, in half-width signs, dashes as one sign."""
    return unicodedata.normalize("NFKC", text.translate(_DASHES)).strip()


def number(text: str, unit: str, kind: str) -> float:
    """A number in the unit of the tariff.

    Parameters
    ----------
    text : str
        May end in a per cent sign where it is a share.
    unit : str
        As written in the table.
    kind : str
        A key of `UNITS`.

    Raises
    ------
    TableCellError
        If the number or its unit cannot be read.
    """
    written = plain(text)
    if kind == SHARE and written.endswith("%"):
        written, unit = written[:-1], "%"
    try:
        value = float(written)
    except ValueError:
        raise TableCellError(_("不是数字。"), remedy=_("请只写数字，单位写在“单位”列。")) from None
    factor = unit_factor(unit, kind)
    if not 0 <= value * factor < float("inf"):
        raise TableCellError(_("不能为负。"), allowed="≥ 0")
    if kind == SHARE and value * factor >= 1:
        raise TableCellError(
            _("比例要小于 1。"), allowed=_("小于 100% 的数"), remedy=_("百分数请在“单位”列写 %。")
        )
    return value * factor


def unit_factor(unit: str, kind: str) -> float:
    """What one of a unit counts in the unit of the tariff.

    Raises
    ------
    TableCellError
    """
    written = plain(unit).lower().replace(" ", "").replace("・", "·")
    known = UNITS[kind]
    if written in known:
        return known[written]
    names = "、".join(name or str(_("空着")) for name in known)
    raise TableCellError(_("单位不认识。"), allowed=names)


def date(text: str) -> dt.date:
    """A day, such as ``2026-08-01``, ``2026/8/1`` or ``2026年8月1日``.

    Raises
    ------
    TableCellError
    """
    found = _DATE.fullmatch(plain(text))
    try:
        if found:
            return dt.date(*(int(part) for part in found.groups()))
    except ValueError:
        pass
    raise TableCellError(_("不是日期。"), allowed=_("如 2026-08-01"))


def clock(text: str) -> str:
    """A time of day as ``HH:MM``; ``24:00`` is the end of the day.

    Raises
    ------
    TableCellError
    """
    found = _CLOCK.fullmatch(plain(text))
    if found:
        hour, minute = int(found[1]), int(found[2])
        if minute < 60 and hour * 60 + minute <= 24 * 60:
            return f"{hour:02d}:{minute:02d}"
    raise TableCellError(_("不是时刻。"), allowed=_("00:00 至 24:00，如 07:30"))


def months(text: str) -> list[int]:
    """Months in order, none for all of them: ``7-9``, ``1、2、12``; ``11-2`` passes the year's end.

    Raises
    ------
    TableCellError

    Examples
    --------
    >>> months("11-2"), months("7、8月"), months("")
    ([1, 2, 11, 12], [7, 8], [])
    """
    found: set[int] = set()
    for part in re.split(r"[,、;，；\s]+", plain(text).replace("月", "")):
        if not part:
            continue
        match = _MONTHS.fullmatch(part)
        first, last = (0, 0) if match is None else (int(match[1]), int(match[2] or match[1]))
        if not (1 <= first <= MOST_MONTH and 1 <= last <= MOST_MONTH):
            raise TableCellError(_("不是月份。"), allowed=_("如 7-9、11-2 或 1、2、12；全年空着"))
        span = range(first, last + 1) if first <= last else range(first, last + MOST_MONTH + 1)
        found |= {(month - 1) % MOST_MONTH + 1 for month in span}
    return sorted(found)
