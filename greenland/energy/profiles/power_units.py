"""Units of power and energy as headers, titles and cells write them: kW, kW·h, 万千瓦时, 度."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from greenland import units
from greenland.energy.profiles.words_beside import stated_words
from greenland.errors import InputError
from greenland.i18n import N_


class Dimension(StrEnum):
    """What a unit measures."""

    POWER = "power"
    ENERGY = "energy"
    OTHER = "other"  # reactive, apparent, volt, ampere, money …: never a load


DIMENSION_LABELS = {
    Dimension.POWER: N_("功率"),
    Dimension.ENERGY: N_("电量"),
    Dimension.OTHER: N_("其他量"),
}

_TEN = {"": 1.0, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "十万": 1e5, "百": 1e2, "千": 1e3}
_WATTS = {
    "w": 1e-6,
    "瓦": 1e-6,
    "瓦特": 1e-6,
    "kw": 1e-3,
    "千瓦": 1e-3,
    "mw": 1.0,
    "兆瓦": 1.0,
    "gw": 1e3,
    "吉瓦": 1e3,
    "tw": 1e6,
}
_TENS = "|".join(sorted((name for name in _TEN if name), key=len, reverse=True))
_WATT = "|".join(sorted(_WATTS, key=len, reverse=True))
_DOT = r"(?:[\s·•∙⋅・‧.．*×x-]|dot)?"
_ENERGY = re.compile(
    rf"(?P<ten>{_TENS})?\s*(?:(?P<watt>{_WATT}){_DOT}(?:小时|时|hours?|hr|h)|(?P<du>度))"
    r"(?P<rate>/(?:h|hr|hour|小时|时))?(?![a-z度])"
)
_POWER = re.compile(rf"(?P<ten>{_TENS})?\s*(?P<watt>{_WATT})(?!{_DOT}(?:小时|时|h)|[a-z特])")
_OTHER = re.compile(
    rf"k?var(?:{_DOT}h)?|千?乏(?:{_DOT}时)?|[km]?va(?:{_DOT}h)?|千?伏安|(?<![a-z])[km]?v(?![a-z])|千?伏"
    r"|(?<![a-z])k?a(?![a-z])|安培?|元|yuan|cny|usd|\$|¥|￥|%|℃|°c|hz|赫兹|m/s|gj|mj|吨|tce|m3|立方米"
)


@dataclass(frozen=True)
class Unit:
    """A unit and what one of it is.

    Parameters
    ----------
    text : str
        As it was written.
    dimension : Dimension
    factor : float
        To MW or MWh; NaN for other quantities.
    """

    text: str
    dimension: Dimension
    factor: float = float("nan")

    @property
    def is_energy(self) -> bool:
        """Whether it is a unit of energy."""
        return self.dimension is Dimension.ENERGY


def folded(text: str) -> str:
    """A text in one way of writing: narrow signs, small letters, one blank."""
    return spaced(text).lower()


def spaced(text: str) -> str:
    """A text with narrow signs and one blank between words."""
    text = unicodedata.normalize("NFKC", text).replace("（", "(").replace("）", ")")
    return re.sub(r"\s+", " ", text).strip()


def whole_unit(text: str) -> Unit | None:
    """The unit a text is, if it is nothing but a unit.

    Examples
    --------
    >>> whole_unit("万kW·h").factor, whole_unit("千瓦").dimension.value, whole_unit("10MW")
    (10.0, 'power', None)
    """
    plain = folded(text).strip(" []()<>:")
    for pattern, dimension in ((_ENERGY, Dimension.ENERGY), (_POWER, Dimension.POWER)):
        found = pattern.fullmatch(plain)
        if found:
            return Unit(text.strip(), _dimension(found, dimension), _factor(found))
    return Unit(text.strip(), Dimension.OTHER) if _OTHER.fullmatch(plain) else None


def _dimension(found: re.Match[str], dimension: Dimension) -> Dimension:
    """Energy per hour is power."""
    return Dimension.POWER if found.groupdict().get("rate") else dimension


def _factor(found: re.Match[str]) -> float:
    groups = found.groupdict()
    watt = 1e-3 if groups.get("du") else _WATTS[found["watt"]]
    return _TEN[found["ten"] or ""] * watt


def units_in(text: str) -> list[Unit]:
    """Units a header states, such as those in ``有功功率(kW)``, ``电量/kWh``, ``负荷 MW``.

    A number before a unit makes it an amount (``10kV 专线``, ``5MW 厂区``), which says nothing of
    the readings.
    """
    plain, written = folded(text), spaced(text)
    if len(plain) != len(written):  # letters whose small form is longer
        written = plain
    found: list[tuple[int, Unit]] = []
    taken = [False] * len(plain)
    for pattern, dimension in ((_ENERGY, Dimension.ENERGY), (_POWER, Dimension.POWER)):
        for match in pattern.finditer(plain):
            first, last = match.span()
            if any(taken[first:last]) or _part_of_word(plain, first, last):
                continue
            taken[first:last] = [True] * (last - first)
            found.append(
                (
                    first,
                    Unit(written[first:last].strip(), _dimension(match, dimension), _factor(match)),
                )
            )
    for match in _OTHER.finditer(plain):
        first, last = match.span()
        if any(taken[first:last]) or not _standing_alone(plain, first, last):
            continue
        found.append((first, Unit(written[first:last], Dimension.OTHER)))
    return [unit for _place, unit in sorted(found, key=lambda item: item[0])]


def _part_of_word(text: str, first: int, last: int) -> bool:
    """Whether an amount (``5mw``), or letters that are part of a longer word."""
    before = text[:first].rstrip()
    number = before[-1:].isdigit() or (before[-1:] == "." and before[-2:-1].isdigit())
    letters = text[first - 1 : first].isascii() and text[first - 1 : first].isalpha()
    # one letter alone ("w") is a unit only in brackets
    single = last - first == 1 and not _standing_alone(text, first, last)
    word = text[first:last] in ("时", "度") or (text[first:last] == "度" and first > 0)
    return number or letters or single or (word and not _standing_alone(text, first, last))


def _standing_alone(text: str, first: int, last: int) -> bool:
    """Whether signs, not letters or digits, stand to both sides."""
    before, after = text[first - 1 : first], text[last : last + 1]
    return not before.isalnum() and not after.isalnum() and before != ""


def stated(texts: Sequence[str]) -> list[Unit]:
    """Different units of power or energy that titles state for the readings below them.

    ``单位：kW`` and ``有功功率 kW`` state one; ``变压器容量(MW)`` and ``10MW`` do not.
    """
    found: dict[tuple[Dimension, float], Unit] = {}
    for text in texts:
        plain = folded(text)
        parts = [part for word in stated_words([spaced(text)]) for part in word.split("/")]
        listed = [unit for part in parts[:4] if (unit := whole_unit(part)) is not None]
        if not listed and not re.search(r"容量|装机|额定|合同|需量|变压器|capacity|rated", plain):
            listed = units_in(text) if _QUANTITY.search(plain) or whole_unit(text) else []
        for unit in listed:
            if unit.dimension is not Dimension.OTHER:
                found.setdefault((unit.dimension, unit.factor), unit)
    return list(found.values())


_QUANTITY = re.compile(
    r"有功|功率|负荷|电量|用电|电能|出力|读数|示数|曲线|power|load|energy|consumption|usage|demand"
)


def of_sums(text: str) -> bool:
    """Whether a text is of sums or extremes, whose unit is not that of the readings."""
    return _SUM.search(folded(text)) is not None


_SUM = re.compile(r"合计|总计|小计|共计|累计|平均|最大|最小|total|sum|average|mean")


def given_unit(text: str) -> Unit:
    """The unit a user names.

    Raises
    ------
    InputError
        If it is none of power or energy.
    """
    unit = whole_unit(text)
    if unit is not None and unit.dimension is not Dimension.OTHER:
        return unit
    for target, dimension in (("MWh", Dimension.ENERGY), ("MW", Dimension.POWER)):
        try:
            return Unit(text, dimension, units.factor(text, target))
        except InputError:
            continue
    units.factor(text, "MW")  # raises with the message of units
    raise AssertionError
