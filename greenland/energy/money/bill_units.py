"""Units of the columns of a real bill: quantities in kWh, kW or kVA, prices and amounts in yuan."""

from __future__ import annotations

import re
from collections.abc import Sequence

from greenland.energy.profiles.power_units import Dimension, folded, whole_unit
from greenland.energy.profiles.price_units import price_unit

_MONEY = {"亿元": 1e8, "百万元": 1e6, "万元": 1e4, "千元": 1e3, "元": 1.0, "角": 0.1, "分": 0.01}
_MONEY |= {"厘": 0.001, "yuan": 1.0, "cny": 1.0, "rmb": 1.0}
_APPARENT = {"kva": 1.0, "mva": 1e3, "va": 1e-3}
_PLAIN = re.compile(r"元\s*/\s*\(?(?:kw|千瓦|kva|千伏安)")  # of capacity or demand, each month
_BRACKETS = re.compile(r"[(\[]([^()\[\]]*(?:\([^()]*\))?[^()\[\]]*)[)\]]")


def factors_of(kind: str, texts: Sequence[str]) -> set[float]:
    """What texts that hold units make of a number: to kWh, kW, kVA, yuan for each, or yuan."""
    return {factor for text in texts if (factor := _factor(kind, folded(text))) is not None}


def header_units(header: str) -> list[str]:
    """The words in the brackets of a header, several units apart."""
    inside = _BRACKETS.findall(folded(header))
    return [word for text in inside for word in re.split(r"[,、;或]|\s+", text) if word]


def _factor(kind: str, text: str) -> float | None:
    if kind == "amount":
        return _MONEY.get(text.removesuffix("/月"))
    if kind == "price":
        found, _unit = price_unit(text)
        plain = 1.0 if _PLAIN.match(text) else _MONEY.get(text)
        return plain if found is None else found
    parts = {_of_quantity(part) for part in text.split("/")} - {None}
    return parts.pop() if len(parts) == 1 else None  # kWh/kW/kVA: whichever the line is of


def _of_quantity(text: str) -> float | None:
    if text in _APPARENT:
        return _APPARENT[text]
    unit = whole_unit(text)
    return unit.factor * 1000 if unit and unit.dimension is not Dimension.OTHER else None
