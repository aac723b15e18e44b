"""Headers matched to the dictionary, and their units understood.

A header is compared after folding full-width forms, brackets, white space and case. What stands
in brackets is either a unit (``面积(公顷)``) or a qualifier that is part of the name
(``综合能源消费量(等价值)``); both may stand together, in either order.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from greenland.errors import InputError, input_error
from greenland.i18n import _
from greenland.park.dictionary import SHEETS, UNITS_EN, Column, columns
from greenland.park.normal import header_text, listing, squeezed
from greenland.units import factor, is_known, same_kind
from greenland.yamlfile import nearest

PER_YEAR = "·年"
LOOSE = "~"  # before a synonym that does not say which definition was used
DECIMAL_WORDS = frozenset({"小数", "比值", "decimal"})  # a share written as 0.35, not 35
_COUNTS = frozenset({"家", "个", "户", "宗", "分", "人"})
_IGNORED_QUALIFIERS = frozenset({"必填", "选填", "可选", "required", "optional", "下拉选择"})
_GROUP = re.compile(r"\(([^()]*)\)")
_PARTS = re.compile(r"[,;、，；]")
_TAIL_UNIT = re.compile(r"(.+?)[/:_](.+)")
_ENGLISH = {squeezed(name): zh for zh, name in UNITS_EN.items()}
# Energy is carried as 等价值, which no unit conversion gives: heat values give 当量值.
_NOT_CONVERTIBLE = {"吨标煤": ("wh", "kw·h", "千瓦时", "度", "焦", "j")}


@dataclass(frozen=True, slots=True)
class Match:
    """A header of the file understood as a column.

    Parameters
    ----------
    unit : str
        Unit the header states; the dictionary's when it states none.
    stated : bool
        Whether the header states the unit.
    decimal : bool
        Whether the header says that shares are written as decimals.
    inexact : bool
        Whether a qualifier of the dictionary's header is missing.
    """

    column: Column
    unit: str
    stated: bool = False
    decimal: bool = False
    inexact: bool = False


@dataclass(frozen=True, slots=True)
class _Name:
    base: str
    qualifiers: frozenset[str]


def is_unit(text: str) -> bool:
    """Whether *text* names a unit of the dictionary or the registry, or a count."""
    if text in _COUNTS or text in _ENGLISH or text in _own_units():
        return True
    return text not in _own_qualifiers() and is_known(text)


@cache
def _own_units() -> frozenset[str]:
    """Units of the dictionary's columns, as headers say them."""
    return frozenset(squeezed(column.unit) for sheet in SHEETS for column in columns(sheet))


@cache
def _own_qualifiers() -> frozenset[str]:
    """Words the dictionary's headers have in brackets; their units stand elsewhere."""
    headers = (
        header_text(text)
        for sheet in SHEETS
        for column in columns(sheet)
        for text in (column.header_zh, column.header_en, *column.synonyms)
    )
    words = {
        word for text in headers for part in _GROUP.findall(text) for word in _PARTS.split(part)
    }
    return frozenset(words) - _own_units()


def _split_name(header: str) -> tuple[_Name, list[str]]:
    """Base and qualifiers of a folded header, and the units in its brackets."""
    units: list[str] = []
    qualifiers: set[str] = set()
    for group in _GROUP.findall(header):
        for part in _PARTS.split(group):
            word = part.removeprefix("单位:").removeprefix("unit:")
            if word in DECIMAL_WORDS or is_unit(word):
                units.append(word)
            elif word and word not in _IGNORED_QUALIFIERS:
                qualifiers.add(word)
    return _Name(_GROUP.sub("", header), frozenset(qualifiers)), units


@cache
def _names(sheet: str) -> Mapping[_Name, tuple[Column, bool]]:
    """Every known header: the column, and whether the header leaves its definition open."""
    found: dict[_Name, tuple[Column, bool]] = {}
    for item in columns(sheet):
        for text in (item.header_zh, item.header_en, item.id, *item.synonyms):
            name = _split_name(header_text(text.removeprefix(LOOSE)))[0]
            found.setdefault(name, (item, text.startswith(LOOSE)))
    return found


@cache
def _bases(sheet: str) -> Mapping[str, Column | None]:
    """Columns by base name alone; None where two share one."""
    found: dict[str, Column | None] = {}
    for name, (item, _loose) in _names(sheet).items():
        other = found.get(name.base, item)
        found[name.base] = item if other is item else None
    return found


@lru_cache(maxsize=8192)
def match_header(sheet: str, header: str) -> Match | None:
    """Understand a header of the file; None when it names no column of the sheet."""
    text = header_text(header)
    found = _match(sheet, text)
    if found is None and (tail := _TAIL_UNIT.fullmatch(text)) and is_unit(tail[2]):
        found = _match(sheet, f"{tail[1]}({tail[2]})")
    return found


@cache
def _match(sheet: str, text: str) -> Match | None:
    name, units = _split_name(text)
    item, inexact = _names(sheet).get(name, (None, False))
    if item is None and not name.qualifiers:
        item, inexact = _bases(sheet).get(name.base), True
    if item is None:
        return None
    if not item.numeric or not units:
        return Match(item, item.unit, inexact=inexact)
    unit = units[-1]
    if not all(_alike(unit, other, item) for other in units[:-1]):
        return Match(item, listing(dict.fromkeys(units)), stated=True, inexact=inexact)
    if unit in DECIMAL_WORDS:
        return Match(item, "", stated=True, decimal=True, inexact=inexact)
    return Match(item, unit, stated=True, inexact=inexact)


def _alike(unit: str, other: str, item: Column) -> bool:
    """Whether two units of one header are the same; otherwise no figure below it has a unit."""
    if unit in DECIMAL_WORDS or other in DECIMAL_WORDS:
        return (unit in DECIMAL_WORDS) == (other in DECIMAL_WORDS)
    try:
        return column_factor(unit, item) == column_factor(other, item)
    except InputError:
        return False


def column_factor(unit: str, item: Column) -> float:
    """Factor from *unit* to the unit in which the column is stored.

    Raises
    ------
    InputError
        If the unit measures something else.
    """
    target = "" if item.unit == "%" else item.unit
    unit = _ENGLISH.get(unit, unit)
    if unit in (item.unit, squeezed(item.unit)):
        return 0.01 if item.unit == "%" else 1.0
    if unit.lower().endswith(_NOT_CONVERTIBLE.get(item.unit, ("\0",))):
        raise input_error(
            "unit",
            _("电量、热量不能直接换算为等价值的“{unit}”。", unit=item.unit),
            remedy=_("请按统计口径折算为吨标煤(等价值)后再填。"),
            got=unit,
            allowed=item.unit,
        )
    if item.unit.endswith(PER_YEAR) and not same_kind(unit, target):
        return factor(unit + PER_YEAR, target)  # 万元/亩 in a column of 万元/亩·年
    return factor(unit, target)


def measures(unit: str, item: Column) -> bool:
    """Whether *unit* can be converted to the unit of the column."""
    try:
        column_factor(unit, item)
    except InputError:
        return False
    return True


def units_in(text: str) -> list[str]:
    """Units a heading names: in its brackets, or as all it says."""
    folded = header_text(text)
    return [folded] if is_unit(folded) else _split_name(folded)[1]


def nearest_header(sheet: str, text: str) -> str | None:
    """The dictionary's header most like *text*."""
    known = {header_text(item.header): item.labelled_header for item in columns(sheet)}
    close = nearest(_split_name(header_text(text))[0].base, list(known))
    return known[close] if close else None
