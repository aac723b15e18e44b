"""Rows sorted into data, totals, notes, units and repeated headers, below a header."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from greenland.park.dictionary import SHEETS, columns
from greenland.park.header import Match, is_unit, match_header
from greenland.park.header_rows import Header, find_header
from greenland.park.method import (
    HEADER_NEAR,
    LONGEST_SURE_TOTAL,
    NUMBERED_CELLS,
    TOTAL_CELLS,
)
from greenland.park.normal import is_blank, plain_text, squeezed
from greenland.park.plain_rows import (
    SUM_WORDS,
    PlainRows,
    may_be_total,
    may_begin_parts,
    may_name_column,
    without_brackets,
)

# 合计, 总计:, 主区小计, 合计(120宗), 全省合计数, 平均, 其中:工业, Total …
_TOTAL = re.compile(
    rf"[\(一二三四五六七八九十、.\d\)]*[\w/、]{{0,12}}{SUM_WORDS}[数值行]?[::]?(?:\(.*\))?"
    r"|(?:总|共|计)[::]?|其中[::]?(?:[\w]{0,12})[::]?|占比|比重"
    r"|共\d+[宗家个户项](?:.{0,6})|[∑Σ]"
    r"|(?:sub|grand)?-?totals?[::]?|sum[::]?|average[::]?|mean[::]?|of ?which.{0,20}"
)
_PART = re.compile(
    r".*(?:小计|本页|分计|其中|平均|均值|占比|比重).*|subtotal:?|average:?|mean:?|of ?which.*"
)
_OF_WHICH = re.compile(r"其中|ofwhich")
_LABEL = (
    r"注|附注|备注|说明|填表|制表|编制|审核|复核|填报|单位|计量|金额|面积|数据|资料|来源|负责|联系|分管"
    r"|统计|经办|报出|报送|打印|导出|日期|时间|电话|领导|园区|开发区|管委会|主管|签发|批准|核对"
)
_NOTE = re.compile(
    r"[(]*(?:(?:注|附注|备注|说明|note|remarks?)[\d一二三四五六七八九十]*[::、.].*"
    rf"|(?:{_LABEL}|source|prepared|unit|date)\w{{0,8}}(?:\(.*?\))?[::].*)"
)
_MARKED_NOTE = re.compile(r"[※*★☆●○■□◆◇△▲▼▶→#•·→✱].+")
_NUMBERED_NOTE = re.compile(r"(?:[(]?\d{1,2}[).、]|[①-⑳]).*[\u4e00-\u9fff].*")
_CHINESE_NUMBER = "[一二三四五六七八九十]{1,3}"
_GROUP_HEADING = re.compile(rf"(?:{_CHINESE_NUMBER}[、.]|[(]{_CHINESE_NUMBER}[)]).+")
_WORDS_OF_FORMS = re.compile(
    r".*(?:盖章|签字|签名|公章|以下空白|以下无|此表|本表|第\d+页|共\d+页|截至|下同|附后|见附).*|-*end-*"
)
_NUMBERING = re.compile(
    r"甲|乙|丙|丁|戊|己|庚|[a-z]|-|—|/|[(]?\d{1,3}[)]?(?:栏|列)?(?:=[\d()+\-*×÷/.%]+)?|第\d{1,3}[栏列]"
)
_LEADING_NUMBER = re.compile(r"[(第]?(\d{1,3})")


@dataclass
class RowKinds:
    """Positions (from 0, in the sheet) of each kind of row below the header.

    Parameters
    ----------
    units_again : list of int
        Rows of units below the data: they may say others than the first.
    stacked : int, optional
        Position of a second header with other columns; nothing from there on is read.
    """

    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    repeated: list[int] = field(default_factory=list)
    numbering: list[int] = field(default_factory=list)
    units_row: int = -1
    units: Sequence[Any] | None = None
    units_again: list[int] = field(default_factory=list)
    stacked: int | None = None


def sort_rows(sheet: str, rows: Sequence[Sequence[Any]], header: Header) -> RowKinds:
    """Tell the rows below the header apart."""
    kinds = RowKinds()
    levels = rows[header.top : header.row + 1]
    parts = False  # whether the rows above list the parts of a total
    known = {place: match for place, match in enumerate(header.matches) if match is not None}
    words = _column_names() | _header_words(header)
    near = header.row  # last row of the header, or of its last repetition
    plain = PlainRows(words, levels)
    for position in range(header.row + 1, len(rows)):
        row = rows[position]
        if position > near + HEADER_NEAR and not parts and plain.holds(row):
            kinds.data.append(position)
            continue
        filled = _first_filled(row)
        if not filled:
            near += near == position - 1
            continue
        if position <= near + HEADER_NEAR and _belongs_to_header(row, position, known, kinds):
            near = position
            continue
        again = _header_again(sheet, rows, position, header, words, filled)
        if again == "other":
            kinds.stacked = position
            break
        if again == "same" or _is_level(row, levels):
            _title_above(rows, position, known, kinds)
            kinds.repeated.append(position)
            near = position
            continue
        total = _is_total(filled, row, known)
        parts = _begins_parts(filled[0]) or (
            parts and not total and not _is_whole_record(row, known)
        )
        if total or parts:
            kinds.totals.append(position)
        elif _is_note(filled, row, known):
            kinds.notes.append(position)
        else:
            kinds.data.append(position)
            near = -4
    return kinds


def _first_filled(row: Sequence[Any]) -> list[Any]:
    """The first filled cells of a row: enough to tell what kind of row it is."""
    found: list[Any] = []
    for cell in row:
        if cell is None or (type(cell) is str and not cell.strip()):
            continue
        found.append(cell)
        if len(found) > TOTAL_CELLS:
            break
    return found


# -- rows that belong to the header ---------------------------------------------------------------


def _belongs_to_header(
    row: Sequence[Any], position: int, known: dict[int, Match], kinds: RowKinds
) -> bool:
    """Whether a row just below the header holds its units or its column numbers."""
    whole = [cell for cell in row if not is_blank(cell)]
    if _is_unit_row(row, whole, known):
        if kinds.data:
            kinds.units_again.append(position)
            kinds.repeated.append(position)
        elif kinds.units is None:
            kinds.units, kinds.units_row = row, position
        else:
            kinds.repeated.append(position)
        return True
    if _is_numbering(whole, len(known)):
        kinds.numbering.append(position)
        return True
    return False


def _is_unit_row(row: Sequence[Any], whole: Sequence[Any], known: dict[int, Match]) -> bool:
    """A row below the header whose numeric columns hold nothing but units."""
    if not all(isinstance(cell, str) for cell in whole):
        return False
    below = [
        plain_text(row[place]).strip("()")
        for place, match in known.items()
        if match.column.numeric and place < len(row) and not is_blank(row[place])
    ]
    units = [word for word in below if is_unit(squeezed(word)) or is_unit(word)]
    rest = [word for word in below if word not in units]
    return bool(units) and all(word in ("-", "—", "/", "无", "小数", "比值") for word in rest)


def _is_numbering(filled: Sequence[Any], known: int) -> bool:
    """A row of column numbers (甲 乙 1 2=3+4 3 …), as statistical forms have it."""
    words = [squeezed(int(c) if isinstance(c, float) and c.is_integer() else c) for c in filled]
    if len(words) < max(NUMBERED_CELLS, known // 2) or not all(
        _NUMBERING.fullmatch(word) for word in words
    ):
        return False
    leading = [_LEADING_NUMBER.match(word) for word in words]
    numbers = [int(found[1]) for found in leading if found]
    steps = all(b - a == 1 for a, b in itertools.pairwise(numbers))
    return len(numbers) >= 2 and steps and (numbers[0] <= 1 or len(numbers) < len(words))


# -- a header again -------------------------------------------------------------------------------


def _header_words(header: Header) -> frozenset[str]:
    """Every text of the header as it may stand again further down."""
    return frozenset(
        without_brackets(name) for text in header.texts for name in (text, *text.split()) if name
    )


@cache
def _column_names() -> frozenset[str]:
    """Names of columns of every sheet, as the header of another table may have them."""
    return frozenset(
        without_brackets(name)
        for sheet in SHEETS
        for item in columns(sheet)
        for name in (item.header_zh, item.header_en, *item.synonyms)
    )


def _may_be_header(filled: Sequence[Any], words: frozenset[str]) -> bool:
    """A quick look, as it is made at every row: two of the first cells name columns."""
    count = 0
    for cell in filled:
        if type(cell) is str and may_name_column(cell, words):
            count += 1
            if count > 1:
                return True
    return False


def _header_again(
    sheet: str,
    rows: Sequence[Sequence[Any]],
    position: int,
    header: Header,
    words: frozenset[str],
    filled: Sequence[Any],
) -> str:
    """``"same"`` for the header repeated, ``"other"`` for that of another table, or ``""``."""
    if not _may_be_header(filled, words):
        return ""
    row = rows[position]
    cells = [(place, cell) for place, cell in enumerate(row) if not is_blank(cell)]
    same = sum(
        1
        for place, cell in cells
        if place < len(header.texts) and squeezed(cell) in squeezed(header.texts[place])
    )
    if same == len(cells):
        return "same"
    named = {place: match_header(sheet, cell) for place, cell in cells if type(cell) is str}
    texts = [cell for _place, cell in cells if type(cell) is str]
    names = sum(1 for text in texts if any(match_header(known, text) for known in SHEETS))
    if names < max(2, len(cells) / 2):
        return ""
    agree = all(
        match is None
        or (
            place < len(header.matches)
            and (first := header.matches[place]) is not None
            and first.column is match.column
            and (not match.stated or first.unit == match.unit)
        )
        for place, match in named.items()
    )
    below = find_header(sheet, rows[position : position + 4])
    return "same" if agree and below is not None else "other"


def _is_level(row: Sequence[Any], levels: Sequence[Sequence[Any]]) -> bool:
    """Whether a row repeats one of the rows of a header of several rows."""
    if len(levels) < 2:
        return False
    first = next((cell for cell in row if not is_blank(cell)), None)
    if not any(first == cell for level in levels for cell in level if not is_blank(cell)):
        return False  # a quick look, as it is made at every row
    words = [squeezed(cell) for cell in row if not is_blank(cell)]
    return len(words) > 1 and any(
        words == [squeezed(cell) for cell in level if not is_blank(cell)] for level in levels
    )


def _title_above(
    rows: Sequence[Sequence[Any]], position: int, known: dict[int, Match], kinds: RowKinds
) -> None:
    """Take the title that stands above a repeated header for a note."""
    above = position - 1
    while kinds.data and kinds.data[-1] == above:
        filled = [cell for cell in rows[above] if not is_blank(cell)]
        if len(filled) > 1 or _is_whole_record(rows[above], known):
            return
        kinds.notes.append(kinds.data.pop())
        above -= 1


# -- totals and notes -----------------------------------------------------------------------------


def is_part_total(row: Sequence[Any]) -> bool:
    """Whether a totals row sums only a part, or is no sum at all."""
    return any(isinstance(cell, str) and _PART.fullmatch(squeezed(cell)) for cell in row)


def _is_total(filled: Sequence[Any], row: Sequence[Any], known: dict[int, Match]) -> bool:
    for cell in filled[:TOTAL_CELLS]:
        if type(cell) is not str or not may_be_total(cell):
            continue
        word = squeezed(cell)
        if _TOTAL.fullmatch(word) and (
            len(word) <= LONGEST_SURE_TOTAL or not _is_whole_record(row, known)
        ):
            return True
    return False


def _begins_parts(cell: Any) -> bool:
    """Whether the rows from here on are parts of the total above."""
    if type(cell) is not str or not may_begin_parts(cell):
        return False
    return _OF_WHICH.match(squeezed(cell)) is not None


def _is_whole_record(row: Sequence[Any], known: dict[int, Match]) -> bool:
    """Whether a row fills every required column, as totals do not."""
    return all(
        place < len(row) and not is_blank(row[place])
        for place, match in known.items()
        if match.column.required
    )


def _is_note(filled: Sequence[Any], row: Sequence[Any], known: dict[int, Match]) -> bool:
    first = filled[0]
    if type(first) is not str or len(filled) > TOTAL_CELLS:
        return False
    if _is_whole_record(row, known):
        return False
    words = [squeezed(cell) for cell in filled if isinstance(cell, str)]
    if _NOTE.fullmatch(words[0]):
        return True
    if len(words) == len(filled) and len(filled) > 1:
        return all(_NOTE.fullmatch(w) or _WORDS_OF_FORMS.fullmatch(w) for w in words)
    if len(filled) > 1:
        return False
    word = first.strip()
    return any(
        pattern.fullmatch(word) or pattern.fullmatch(words[0])
        for pattern in (_MARKED_NOTE, _NUMBERED_NOTE, _GROUP_HEADING, _WORDS_OF_FORMS)
    )
