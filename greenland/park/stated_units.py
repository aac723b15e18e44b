"""Units stated beside a table instead of in its headers: in a caption, or in a column of units."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from greenland.errors import InputError
from greenland.park.dictionary import Column
from greenland.park.header import column_factor, is_unit
from greenland.park.header_rows import Header, is_label
from greenland.park.method import LONGEST_UNIT
from greenland.park.normal import header_text, is_blank, listing, plain_text, squeezed
from greenland.park.rawsheet import RawSheet

# 单位：公顷, 金额单位：千元, Unit: ha; not 填报单位：某园区.
_CAPTION = re.compile(
    r"(?:^|[(\s,;:、。])(?:计量|金额|货币|面积|数量|能耗|用电|用地|建筑|长度|产量)?(?:单位|unit)s?\s*[:：]\s*"
    r"([^)。]+)",
    re.IGNORECASE,
)
_ALONE = re.compile(r"\(([^()]+)\)\s*$")  # a title that ends in (万元)
_NEXT_LABEL = re.compile(r"(?:\s|[,;、])*\w{0,4}(?:单位|unit)s?\s*[:：]", re.IGNORECASE)
_WORDS = re.compile(r"[,;、，；\s]+|和|及")
_REMARK = re.compile(r"^(?:人民币|均为|为|以)|(?:计|为单位)$")
_MEASURE = re.compile(r"[元亩顷米吨里度瓦㎡%]|万|亿|千|百|kw|mw|tce|ha|mu|m2|m3", re.IGNORECASE)
# 此处为公顷, 按公顷计
_IN_UNIT = re.compile(r"(?:[为按以]|单位)\s*([^\s,;、，；。为按以计填]{1,8})")
_UNIT_COLUMN = re.compile(r"(?:计量|面积|金额|数量)?单位|units?(?:ofmeasure)?")


@dataclass
class StatedUnits:
    """What a sheet says of units outside its headers.

    Parameters
    ----------
    caption : list of str
        Units of the caption, in order.
    caption_row : int
        Position of the row it stands in.
    unknown : list of str
        Words of the caption that should be units and are none we know.
    by_row : mapping of column to list of str
        Columns of units: position → unit of each data row.
    outside : list of str
        Those units of the caption that only stand outside the cells.
    halfway : list of (int, str)
        Rows between the data that state a unit, and the unit.
    """

    caption: list[str] = field(default_factory=list)
    caption_row: int = -1
    unknown: list[str] = field(default_factory=list)
    by_row: dict[int, list[str]] = field(default_factory=dict)
    outside: list[str] = field(default_factory=list)
    halfway: list[tuple[int, str]] = field(default_factory=list)


def stated_units(
    raw: RawSheet, header: Header, data: Sequence[int], notes: Sequence[int]
) -> StatedUnits:
    """Units named above the header or in the notes below, and in columns of units."""
    found = StatedUnits()
    for row in (*range(header.row + 1), *notes):
        for cell in raw.rows[row]:
            if not isinstance(cell, str) or is_blank(cell):
                continue
            # what a header says in brackets is the unit of its own column only
            if header.top <= row <= header.row and not is_label(cell):
                continue
            if data and data[0] < row < data[-1]:
                again = StatedUnits()
                _from_text(cell, row, again, title=True)
                found.halfway.extend((row, unit) for unit in again.caption)
            else:
                _from_text(cell, row, found, title=row < header.top)
    _outside(raw, found)
    for position, text in enumerate(header.texts):
        if header.matches[position] is None and _UNIT_COLUMN.fullmatch(header_text(text)):
            words = [_unit(raw.cell(row, position)) for row in data]
            if any(words) and all(word is not None for word in words):
                found.by_row[position] = [word or "" for word in words]
    return found


def _outside(raw: RawSheet, found: StatedUnits) -> None:
    """Add the units of the sheet's name, of page headers and footers, and of text boxes."""
    named, around = StatedUnits(), StatedUnits()
    _from_text(raw.title, -1, named, title=True)
    for one in raw.beside:
        if one.cell is None:
            _from_text(one.text, -1, around, title=True)
    for other in (named, around):
        fresh = [unit for unit in other.caption if unit not in found.caption]
        found.caption.extend(fresh)
        found.outside.extend(fresh)
        found.unknown.extend(other.unknown)


def comment_units(text: str) -> list[str]:
    """Units a comment states: ``单位：公顷``, ``按公顷计``, or nothing but a unit."""
    found = StatedUnits()
    _from_text(text, -1, found, title=True)
    words = [text, *_IN_UNIT.findall(plain_text(text))]
    return found.caption or [unit for word in words if (unit := _unit(word))]


def _unit(cell: Any) -> str | None:
    """The unit a cell names; empty when blank, None when it says something else."""
    if is_blank(cell):
        return ""
    word = plain_text(cell).strip("()")
    if is_unit(squeezed(word)):
        return squeezed(word)
    return word if is_unit(word) else None


def _from_text(cell: str, row: int, found: StatedUnits, *, title: bool) -> None:
    text = plain_text(cell)
    stated = [part for match in _CAPTION.finditer(text) for part in _pieces(match[1])]
    if not stated and title and (alone := _ALONE.search(text)):
        stated = [word for word in _pieces(alone[1]) if _unit(word)]
    for word in stated:
        unit = _unit(word)
        if unit:
            found.caption.append(unit)
        elif _MEASURE.search(word) and len(word) <= LONGEST_UNIT:
            found.unknown.append(word)
        else:
            continue
        found.caption_row = row if found.caption_row < 0 else found.caption_row


def _pieces(text: str) -> list[str]:
    """Words of a list of units; what follows the next label belongs to that label."""
    first = _NEXT_LABEL.split(text)
    words = [_REMARK.sub("", word) for part in first for word in _WORDS.split(part)]
    return [word for word in words if word]


def caption_unit(item: Column, stated: StatedUnits) -> tuple[str, str]:
    """Unit of the caption for a column, and what is unclear about it (empty: nothing).

    Returns the dictionary's unit when the caption says nothing about such a quantity.
    """
    fitting: dict[float, str] = {}
    for unit in stated.caption:
        try:
            fitting.setdefault(column_factor(unit, item), unit)
        except InputError:
            continue
    if len(fitting) > 1:
        return "", listing(fitting.values())
    if fitting:
        return next(iter(fitting.values())), ""
    if "/" in item.unit and (part := _part_in_other_unit(item, stated)):
        return "", part
    if stated.unknown and item.unit:
        return "", listing(stated.unknown)
    return item.unit, ""


def _part_in_other_unit(item: Column, stated: StatedUnits) -> str:
    """A unit of the caption in which the numerator or denominator may stand: 千元 for 万元/亩."""
    from greenland.units import factor

    for part in item.unit.split("·")[0].split("/"):
        for unit in stated.caption:
            try:
                if abs(factor(unit, part) - 1) > 1e-12:
                    return unit
            except InputError:
                continue
    return ""
