"""How like a column of the park's own table is to a column of the dictionary.

Names are compared after the words people use for one thing are made one (``words.csv``); units
and values decide what a column cannot be, and, where they are unmistakable, what it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import Any

from greenland.errors import Severity
from greenland.park.cells import Context, read_cells
from greenland.park.dictionary import NUMERIC, Column, ColumnType, columns
from greenland.park.header import DECIMAL_WORDS, LOOSE, Match, measures
from greenland.park.mapping.decisions import WITH_WORDS, words_of
from greenland.park.method import (
    INSIDE_NAME,
    LEAST_READABLE,
    LIKE_NAME,
    LIKE_NAME_WITH_VALUES,
    LIKE_WORD,
    SURELY_READABLE,
    VALUES_LOOKED_AT,
)
from greenland.park.normal import header_text, is_blank, one_line, squeezed

_BRACKETS = re.compile(r"\([^()]*\)")
_UNMISTAKABLE = frozenset(
    {ColumnType.CREDIT_CODE, ColumnType.CHOICE, ColumnType.LAND_CODE, ColumnType.BOOL}
)


@dataclass(frozen=True)
class OwnColumn:
    """A column of the park's table: heading, units it states, and its filled values."""

    heading: str
    units: Sequence[str]
    values: Sequence[Any]


@dataclass(frozen=True)
class Likeness:
    """How like a column is, from 0 to 1, and whether that is enough for a guess."""

    score: float
    enough: bool


@cache
def _words() -> Mapping[str, str]:
    with Path(__file__).with_name("words.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["word"]: row["as"] for row in csv.DictReader(file)}
    return dict(sorted(rows.items(), key=lambda item: -len(item[0])))


@cache
def canonical(text: str) -> str:
    """A name without unit, in the words of the dictionary.

    Examples
    --------
    >>> canonical("地块占地规模(公顷)")
    '宗地用地面积'
    """
    name = _BRACKETS.sub("", header_text(text))
    pattern = "|".join(re.escape(word) for word in _words())
    return re.sub(pattern, lambda word: _words()[word[0]], name) if pattern else name


@cache
def _names(item: Column) -> tuple[str, ...]:
    words = (item.header_zh, item.header_en, *item.synonyms)
    return tuple(canonical(word.removeprefix(LOOSE)) for word in words)


def _alike(first: str, second: str) -> float:
    """Likeness of two names; one that holds the other whole is nearer than its length says."""
    ratio = SequenceMatcher(None, first, second).ratio()
    short, long = sorted((first, second), key=len)
    if len(short) >= 2 and short in long:
        ratio = max(ratio, INSIDE_NAME[0] + INSIDE_NAME[1] * len(short) / len(long))
    return ratio


def likeness(own: OwnColumn, item: Column) -> Likeness:
    """Compare a column of the park's table with one of the dictionary."""
    if not _unit_fits(own, item):
        return Likeness(0.0, False)
    name = max(_alike(canonical(own.heading), word) for word in _names(item))
    if name < min(LIKE_NAME, LIKE_NAME_WITH_VALUES):  # whatever the values are
        return Likeness(0.0, False)
    readable = _readable(own, item)
    if readable < LEAST_READABLE:
        return Likeness(0.0, False)
    telling = bool(own.values) and item.type in _UNMISTAKABLE and readable > SURELY_READABLE
    enough = name >= (LIKE_NAME_WITH_VALUES if telling else LIKE_NAME)
    stated = 0.05 if any(measures(unit, item) for unit in own.units if item.numeric) else 0.0
    return Likeness(min(1.0, name + stated + (0.1 if telling else 0.0)), enough)


def _unit_fits(own: OwnColumn, item: Column) -> bool:
    """Whether a unit in the heading can be one of the column."""
    if not own.units:
        return True
    if item.type not in NUMERIC:
        return False
    decimal = DECIMAL_WORDS.intersection(own.units)
    return bool(decimal) or any(measures(unit, item) for unit in own.units)


def _readable(own: OwnColumn, item: Column) -> float:
    """Share of the values that can be read as the column's."""
    values = [value for value in own.values if not is_blank(value)][:VALUES_LOOKED_AT]
    if not values:
        return 1.0
    if item.type in WITH_WORDS:
        return sum(1 for value in values if value_like(item, value)) / len(values)
    unit = next((unit for unit in own.units if item.numeric and measures(unit, item)), item.unit)
    cells = read_cells(values, Context(Match(item, unit, stated=True)))
    bad = {fault.position for fault in cells.faults if fault.severity is Severity.ERROR}
    return 1 - len(bad) / len(values)


def value_like(item: Column, value: Any) -> tuple[str, bool] | None:
    """Code a value may stand for, and whether the dictionary has the very word.

    A word stands for the value whose name it contains (``一类工业用地`` → 工业), the longest first,
    or to which it is most alike.
    """
    word = squeezed(one_line(value))
    known = words_of(item)
    if word in known:
        return known[word], True
    if not any(sign.isalpha() for sign in word):
        return None  # a number or a date is like no word
    inside = [name for name in known if len(name) >= 2 and not name.isascii() and name in word]
    if inside:
        return known[max(inside, key=len)], False
    best = max(known, key=lambda name: SequenceMatcher(None, word, name).ratio())
    if SequenceMatcher(None, word, best).ratio() >= LIKE_WORD:
        return known[best], False
    return None


def best_columns(
    table: str, own: Sequence[OwnColumn], taken: Sequence[str]
) -> dict[int, tuple[Column, float]]:
    """The most alike pairs, each column once: position of the park's column → ours.

    *taken* are ids of columns that are known already.
    """
    pairs: list[tuple[float, int, Column]] = []
    for position, one in enumerate(own):
        for item in columns(table):
            if item.id in taken:
                continue
            like = likeness(one, item)
            if like.enough:
                pairs.append((like.score, position, item))
    found: dict[int, tuple[Column, float]] = {}
    used: set[str] = set()
    for score, position, item in sorted(pairs, key=lambda pair: (-pair[0], pair[1])):
        if position not in found and item.id not in used:
            found[position] = (item, score)
            used.add(item.id)
    return found
