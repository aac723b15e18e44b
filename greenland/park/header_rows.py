"""The header of a sheet: found below titles, in one row or several, with its group headings.

A heading of a group (约定 over 开工日期 and 竣工日期) belongs to the name of each column below it,
and so does its unit. In a workbook the merged cells say how far a group reaches; where there are
none, as in CSV, it reaches to the next heading.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from greenland.errors import InputError
from greenland.park.dictionary import columns
from greenland.park.header import Match, column_factor, match_header, units_in
from greenland.park.method import HEADER_LEVELS, SEARCHED_ROWS
from greenland.park.normal import header_text, is_blank, squeezed

Range = tuple[tuple[int, int], tuple[int, int]]

# 单位：公顷, 填报日期：…; a name with its value, which is no heading
_LABELLED = re.compile(r"\(?\w{2,10}[::].*")
_NUMBER = re.compile(r"[\d.,]*\d[\d.,]*")
_GENERAL_ENDING = re.compile(r"(指标|情况|信息|数据|内容|部分|要求|值)$")
_TIME_ENDING = re.compile(r"(时间|日期)$")
# Groups of something else than the state of the assessed year.
_OTHER_ASPECT = re.compile(
    r"上年|去年|前年|上期|同期|同比|环比|增速|增幅|增长|目标|本月|当月|季度|月均|\d月"
    r"|约定|承诺|计划|预计|预期"
)
_PLANNED = re.compile(r"约定|承诺|计划|预计|预期")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands and what its cells say.

    Parameters
    ----------
    top, row : int
        Positions of its first and its last row, from 0.
    texts : sequence of str
        Header of each column of the file, as it stands, with the group it needs to be understood.
    matches : sequence of Match or None
    other_groups : mapping of int to Match
        Columns whose own name is known but whose group says that they hold something else.
    divided : set of int
        Columns that are named once more in the row below; see `greenland.park.divided`.
    """

    row: int
    texts: Sequence[str]
    matches: Sequence[Match | None]
    top: int = 0
    other_groups: Mapping[int, Match] = field(default_factory=dict)
    divided: frozenset[int] = frozenset()


def find_header(
    sheet: str,
    rows: Sequence[Sequence[Any]],
    merged: Sequence[Range] = (),
    names: Mapping[str, str] = MappingProxyType({}),
) -> Header | None:
    """Find the header: the row, with the group headings above it, that names most columns.

    *names* are headings the park has translated; see `greenland.park.rawsheet.RawSheet`.
    Returns None when no row names two columns.
    """
    best: Header | None = None
    most = (1, 0)
    head = rows[: SEARCHED_ROWS + 1]
    spans = _spans(head, merged)
    for place in range(len(head)):
        for header in _readings(sheet, head, place, spans, names):
            others = len(header.other_groups)
            count = len({match.column.id for match in header.matches if match}) + others
            # a group above names no more columns, but may say that they hold something else; a
            # header that is repeated has data above it
            same_row = best is not None and header.row == best.row
            if (count, others if same_row else 0) > most and count > 1:
                best, most = header, (count, others)
        if best is not None and _complete(sheet, best):
            break
    return best


def _complete(sheet: str, header: Header) -> bool:
    """Whether no row below can name more: every filled cell a column, and most columns named."""
    filled = sum(1 for text in header.texts if text)
    named = sum(1 for match in header.matches if match)
    return named == filled and named > len(columns(sheet)) / 2


def _spans(
    rows: Sequence[Sequence[Any]], merged: Sequence[Range]
) -> Mapping[tuple[int, int], tuple[int, int]]:
    """Cells inside merged ranges of the head of a sheet: cell → the cell that holds the text."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for (top, left), (bottom, right) in merged:
        if top >= len(rows):
            continue
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            for column in range(left, min(right, len(rows[row]) - 1) + 1):
                if (row, column) != (top, left):
                    found[row, column] = (top, left)
    return found


def _readings(
    sheet: str,
    rows: Sequence[Sequence[Any]],
    place: int,
    spans: Mapping[tuple[int, int], tuple[int, int]],
    names: Mapping[str, str],
) -> Iterator[Header]:
    """The row's own texts; and those with one, two … rows of headings above."""
    width = len(rows[place])
    own = [_text(rows[place][column]) for column in range(width)]
    if not any(own):
        return
    alone = _understood(sheet, place, place, [[text] if text else [] for text in own], names)
    yield alone
    if not any(alone.matches) and _holds_values(rows[place]):
        return  # data, not the lowest row of a header
    for top in range(place - 1, max(place - HEADER_LEVELS, -1), -1):
        if _is_title(rows[top], top, spans):
            return
        chains = [_chain(rows, place, top, column, spans) for column in range(width)]
        yield _understood(sheet, top, place, chains, names)


def _holds_values(row: Sequence[Any]) -> bool:
    """Whether a row holds numbers or dates, as data do."""
    return any(
        not isinstance(cell, str) or _NUMBER.fullmatch(cell.strip())
        for cell in row
        if not is_blank(cell)
    )


def _text(cell: Any) -> str:
    """A heading; blank for what is none, such as a name with its value."""
    if is_blank(cell):
        return ""
    text = str(cell).strip()
    return "" if is_label(text) else text


def is_label(text: str) -> bool:
    """Whether a text is a name with its value, such as ``单位：公顷``, and so no heading."""
    return _LABELLED.fullmatch(squeezed(text)) is not None


def _is_title(
    row: Sequence[Any], place: int, spans: Mapping[tuple[int, int], tuple[int, int]]
) -> bool:
    """Whether a row holds a single text at its beginning, or none: a title, not a level."""
    filled = [column for column, cell in enumerate(row) if _text(cell)]
    if not filled:
        return not any((place, column) in spans for column in range(len(row)))
    under = any(spans.get((place, column), (place, 0))[0] < place for column in range(len(row)))
    return len(filled) == 1 and filled[0] == 0 and not under and (place + 1, 0) not in spans


def _chain(
    rows: Sequence[Sequence[Any]],
    place: int,
    top: int,
    column: int,
    spans: Mapping[tuple[int, int], tuple[int, int]],
) -> list[str]:
    """Texts of a column from the lowest up; each merged cell once."""
    texts: list[str] = []
    seen: set[tuple[int, int]] = set()
    for row in range(place, top - 1, -1):
        cell = spans.get((row, column), (row, column))
        text = _text(rows[cell[0]][cell[1]]) if column < len(rows[row]) else ""
        if not text and texts and not spans:
            cell, text = _to_the_left(rows[row], row, column)
        if text and cell not in seen:
            seen.add(cell)
            texts.append(text)
    return texts


def _to_the_left(row: Sequence[Any], place: int, column: int) -> tuple[tuple[int, int], str]:
    for left in range(min(column, len(row)) - 1, -1, -1):
        if text := _text(row[left]):
            return (place, left), text
    return (place, column), ""


def _understood(
    sheet: str, top: int, row: int, chains: Sequence[Sequence[str]], names: Mapping[str, str]
) -> Header:
    texts: list[str] = []
    matches: list[Match | None] = []
    others: dict[int, Match] = {}
    for position, chain in enumerate(chains):
        decided = _decided(sheet, chain, names) if names else None
        text, match = decided or _match_chain(sheet, chain)
        if (
            decided is None
            and match is not None
            and len(chain) > 1
            and _is_other(sheet, text, chain)
        ):
            others[position] = match
            text, match = " ".join(reversed(chain)), None
        texts.append(text)
        matches.append(match)
    return Header(row, texts, matches, top, others)


def _decided(
    sheet: str, chain: Sequence[str], names: Mapping[str, str]
) -> tuple[str, Match | None] | None:
    """What the park has decided of a heading; None when it has not."""
    if not chain:
        return None
    own, *groups = chain
    whole = " ".join(reversed(chain))
    for text in (whole, own) if match_header(sheet, own) else (whole,):
        header = names.get(header_text(text))
        if header is not None:
            match = match_header(sheet, header) if header else None
            return text, _with_unit(match, groups) if match else None
    return None


def _match_chain(sheet: str, chain: Sequence[str]) -> tuple[str, Match | None]:
    """A column by its own name with its groups' names before it, or else by its own name."""
    if not chain:
        return "", None
    own, *groups = chain
    alone = match_header(sheet, own)
    for text in _joined(own, groups):
        match = match_header(sheet, text)
        if match is not None and (not match.inexact or alone is None):
            return " ".join(reversed(chain)), _with_unit(match, groups)
    if alone is not None:
        return own, _with_unit(alone, groups)
    return (own if len(chain) == 1 else " ".join(reversed(chain))), None


def _joined(own: str, groups: Sequence[str]) -> Iterator[str]:
    """Names a group and a column may make together: 约定 + 开工日期, 宗地面积 + 亩."""
    for count in range(len(groups), 0, -1):
        group = "".join(reversed(groups[:count]))
        base = re.sub(r"[((].*?[))]", "", group)
        endings = (_GENERAL_ENDING.sub("", base), _TIME_ENDING.sub("", base))
        yield from (f"{before}{own}" for before in dict.fromkeys((base, *endings)))
        yield f"{group}({own})"
        yield f"{own}({base})"


def _with_unit(match: Match, groups: Sequence[str]) -> Match:
    """The match with the unit of a group above it, where its own name states none."""
    if match.stated or not match.column.numeric:
        return match
    for group in groups:
        for unit in units_in(group):
            try:
                column_factor(unit, match.column)
            except InputError:
                continue
            return Match(match.column, unit, stated=True, inexact=match.inexact)
    return match


def _is_other(sheet: str, text: str, chain: Sequence[str]) -> bool:
    """Whether a group says that the column holds another aspect than its own name says."""
    own, *groups = chain
    if text != own:
        return False
    aspects = {word for group in groups for word in _OTHER_ASPECT.findall(squeezed(group))}
    if sheet == "pipeline":
        aspects = {word for word in aspects if not _PLANNED.fullmatch(word)}
    match = match_header(sheet, own)
    known = header_text(match.column.header_zh) if match else ""
    return any(word not in squeezed(own) and word not in known for word in aspects)
