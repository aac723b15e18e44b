"""Units of prices of electricity: as headings state them, and whether prices without one fit."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import numpy.typing as npt

from greenland.energy.profiles.method import USUAL_YUAN_PER_KWH
from greenland.errors import Problem, Severity
from greenland.i18n import _

PRICE_UNIT = re.compile(
    r"(?<![美欧日港韩澳十百千万亿])(?P<money>亿元|千元|百元|万元|元|分|厘|yuan|cny|rmb|¥|fen)\s*[/每]\s*\(?(?P<times>万|10)?\s*"
    r"(?P<energy>kw\s*·?\s*h|千瓦·?时|度|mw\s*·?\s*h|兆瓦·?时|gw\s*·?\s*h)"
)
_MONEY = {"万元": 1e4, "元": 1.0, "yuan": 1.0, "cny": 1.0, "rmb": 1.0, "¥": 1.0}
_MONEY |= {"百元": 1e2, "千元": 1e3, "亿元": 1e8}
_MONEY |= {"分": 0.01, "fen": 0.01, "厘": 0.001}
_ENERGY = {"k": 1.0, "千": 1.0, "度": 1.0, "m": 1e3, "兆": 1e3, "g": 1e6}
_MANY = {"万": 1e4, "10": 10.0, None: 1.0}
_ASKED = ("元/kWh", "元/MWh", "分/kWh", "厘/kWh", "元/万kWh")


def price_unit(header: str) -> tuple[float | None, str]:
    """What turns the unit a heading states into yuan/kWh, and the unit's own words."""
    match = PRICE_UNIT.search(unicodedata.normalize("NFKC", header).lower())
    return (None, "") if match is None else (yuan_per_kwh(match), match[0])


def yuan_per_kwh(match: re.Match[str]) -> float:
    """What a price of 1 in the unit that `PRICE_UNIT` found is worth."""
    return _MONEY[match["money"]] / (_ENERGY[match["energy"][0]] * _MANY[match["times"]])


def price_units(header: str) -> list[str]:
    """The different units a heading states, each in its own words.

    Examples
    --------
    >>> price_units("电价(元/kWh或元/MWh)"), price_units("电价 元/度(元/kWh)")
    (['元/kwh', '元/mwh'], ['元/度'])
    """
    found: dict[float, str] = {}
    for match in PRICE_UNIT.finditer(unicodedata.normalize("NFKC", header).lower()):
        found.setdefault(yuan_per_kwh(match), match[0])
    return list(found.values())


def unlikely_unit(values: npt.NDArray[np.float64], column: str, file: str) -> Problem | None:
    """Ask for the unit of prices without one that do not look like yuan/kWh.

    Parameters
    ----------
    values : array
        As they stand in the file; NaN where there is none.
    column, file : str
        Where.

    Returns
    -------
    Problem or None
        None where they are usual prices of electricity in yuan/kWh.
    """
    sizes = np.abs(values[np.isfinite(values)])
    sizes = sizes[sizes > 0]  # hours at nought say nothing of the unit
    if not len(sizes):
        return None
    middle, largest = float(np.median(sizes)), float(sizes.max())
    fitting = [unit for unit in _ASKED if _usual(middle, largest, price_unit(unit)[0] or 1.0)]
    if _ASKED[0] in fitting:
        return None
    least, most = USUAL_YUAN_PER_KWH
    return Problem(
        Severity.ERROR,
        "price_unit",
        _("“{column}”列没有写明单位，数值又不像元/kWh：是哪种单位？", column=column),
        _("看来可能是 {units}。请在表头写明单位，或用 scale 换算。", units="、".join(fitting))
        if fitting
        else _("请在表头写明单位，或用 scale 换算。"),
        file=file,
        column=column,
        got=_("中位数 {middle}，最大 {largest}", middle=f"{middle:g}", largest=f"{largest:g}"),
        allowed=_("不写单位时为 {least}–{most} 元/kWh", least=f"{least:g}", most=f"{most:g}"),
    )


def _usual(middle: float, largest: float, factor: float) -> bool:
    """Whether prices of a unit that is worth *factor* yuan/kWh are those of electricity."""
    least, most = USUAL_YUAN_PER_KWH
    return middle * factor >= least and largest * factor <= most
