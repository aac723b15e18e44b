"""``mapping.yaml`` proposed from a park's own tables; what people decided stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from greenland.errors import input_error
from greenland.files import write_text
from greenland.i18n import _
from greenland.park.csvfile import read_csv
from greenland.park.dictionary import SHEETS, Column, ColumnType
from greenland.park.header import DECIMAL_WORDS, measures, units_in
from greenland.park.header_rows import Header, find_header
from greenland.park.mapping.decisions import (
    MAPPING_FILE,
    WITH_WORDS,
    read_mapping,
    shown,
    words_of,
)
from greenland.park.mapping.entries import (
    ColumnEntry,
    MappingFile,
    MatchKind,
    SheetEntry,
    ValueEntry,
)
from greenland.park.mapping.likeness import OwnColumn, best_columns, value_like
from greenland.park.mapping.text import mapping_text
from greenland.park.method import LIKE_TABLE, ROWS_TRIED, SEARCHED_ROWS
from greenland.park.normal import header_text, is_blank, one_line, squeezed
from greenland.park.problems import ProblemCollector
from greenland.park.rawsheet import RawSheet
from greenland.park.rows import sort_rows
from greenland.park.sheet_choice import (
    HELP_TITLES,
    INFO_TITLES,
    PROBLEM_TITLES,
    choose_sheets,
    sheet_id,
)
from greenland.park.sheet_columns import SERIAL_HEADERS
from greenland.park.stated_units import stated_units
from greenland.park.workbook import Workbook

_LISTED = 30  # different values of a column that are put to the reader


@dataclass(frozen=True)
class WrittenMapping:
    """The file written and what is in it.

    Parameters
    ----------
    path : Path
    mapping : Mapping
        Its content.
    """

    path: Path
    mapping: MappingFile

    def entries(self) -> list[dict[str, Any]]:
        """Every sheet, heading and value with what it stands for, in the order of the file."""
        found: list[dict[str, Any]] = []
        for title, sheet in self.mapping.sheets.items():
            found.append(_entry_row(title, "", sheet.target, "", sheet))
            for heading, column in sheet.columns.items():
                found.append(_entry_row(title, heading, column.target, column.unit or "", column))
                for word, value in column.values.items():
                    found.append(_entry_row(title, f"{heading}：{word}", value.target, "", value))
        return found


def _entry_row(
    title: str, heading: str, target: str, unit: str, entry: SheetEntry | ColumnEntry | ValueEntry
) -> dict[str, Any]:
    return {
        "sheet": title,
        "heading": heading,
        "target": target,
        "unit": unit,
        "match": str(entry.match),
        "used": entry.used,
    }


def write_mapping(
    folder: str | Path, *, workbook: str = "park.xlsx", confirm: bool = False
) -> WrittenMapping:
    """Write ``mapping.yaml``: each heading of the park's tables with the column it stands for.

    Parameters
    ----------
    folder : path
        Holds the workbook, or CSV files.
    workbook : str
        Name of the workbook in the folder.
    confirm : bool
        Confirm every guess, as after looking at them.

    Returns
    -------
    WrittenMapping
        Entries the dictionary knows are ``certain``; those that are only alike are ``guessed``
        and wait for ``confirm: true``; all others are ``unmatched``. What the file already
        decided stays.

    Raises
    ------
    InputError
        If there is no table, or a ``mapping.yaml`` that cannot be used.
    """
    folder = Path(folder)
    mapping = proposed_mapping(folder, workbook=workbook)
    if confirm:
        mapping = mapping.confirmed()
    path = folder / MAPPING_FILE
    write_text(path, mapping_text(mapping))
    return WrittenMapping(path, mapping)


def proposed_mapping(folder: Path, *, workbook: str) -> MappingFile:
    """What `write_mapping` would write; nothing is written.

    Raises
    ------
    InputError
        If there is no table, or a ``mapping.yaml`` that cannot be used.
    """
    before = read_mapping(folder).mapping
    raws, named = _own_sheets(folder, workbook)
    if not raws:
        raise input_error(
            "no_workbook",
            _("没有工作簿 {workbook}，也没有 CSV 文件。", workbook=workbook),
            remedy=_("请把台账放进文件夹，或在 park.yaml 的 workbook 中写明文件名。"),
            file=str(folder),
        )
    sheets: dict[str, SheetEntry] = {}
    for raw in raws:
        known = before.sheets.get(raw.title)
        proposed = _proposed(raw, named.get(raw.title), known)
        if known is None and raw.text_only and not proposed.target:
            continue  # a curve or another file that is none of the tables
        sheets[raw.title] = _with_decisions(proposed, known) if known else proposed
    sheets |= {
        title: entry
        for title, entry in before.sheets.items()
        if title not in sheets and (entry.by_hand or _decided_columns(entry))
    }
    return MappingFile(sheets=sheets)


def _own_sheets(folder: Path, workbook: str) -> tuple[list[RawSheet], dict[str, str]]:
    """Sheets with something in them; and the tables that titles name by themselves."""
    raws: list[RawSheet] = []
    named: dict[str, str] = {}
    if (path := folder / workbook).is_file():
        book = Workbook(path)
        named = choose_sheets(book, path.name, None, ProblemCollector())
        titles = [title for title in book.titles if not book.hidden(title)]
        others = (*HELP_TITLES, *INFO_TITLES, *PROBLEM_TITLES)
        raws = [book.sheet(title) for title in titles if title not in others]
    for file in sorted(folder.glob("*.csv")):
        table = sheet_id(file.stem)
        raw = read_csv(file, table or "")
        if table is not None:
            named[raw.title] = table
        raws.append(raw)
    return [raw for raw in raws if _filled(raw)], named


def _filled(raw: RawSheet) -> bool:
    return any(not is_blank(cell) for row in raw.rows for cell in row)


# -- one sheet ----------------------------------------------------------------------------------


def _proposed(raw: RawSheet, table: str | None, known: SheetEntry | None) -> SheetEntry:
    """The entry of one sheet."""
    decided = sheet_id(known.target) if known is not None and known.used else None
    if decided is not None:
        table = decided
    if table is not None:
        return SheetEntry(
            table=SHEETS[table].title, match=MatchKind.CERTAIN, columns=_columns(raw, table)
        )
    head = replace(raw, rows=raw.rows[:ROWS_TRIED], numbers=raw.numbers[:ROWS_TRIED])
    best = {sheet: _columns(head, sheet) for sheet in SHEETS}
    scores = {sheet: _weight(entries) for sheet, entries in best.items()}
    first, second = sorted(scores, key=scores.__getitem__, reverse=True)[:2]
    if scores[first] < LIKE_TABLE or scores[first] <= scores[second]:
        return SheetEntry(match=MatchKind.UNMATCHED)
    columns = _columns(raw, first)  # with the values of all rows
    return SheetEntry(table=SHEETS[first].title, match=MatchKind.GUESSED, columns=columns)


def _weight(entries: Mapping[str, ColumnEntry]) -> float:
    """How much speaks for a table: a known column counts twice as much as one that is alike."""
    points = {MatchKind.CERTAIN: 1.0, MatchKind.GUESSED: 0.5}
    return sum(points.get(entry.match, 0.0) for entry in entries.values())


def _columns(raw: RawSheet, table: str) -> dict[str, ColumnEntry]:
    """Each heading of the sheet with what it stands for in the table."""
    header = find_header(table, raw.rows, raw.merged) or _any_header(raw)
    kinds = sort_rows(table, raw.rows, header)
    stated = stated_units(raw, header, kinds.data, kinds.notes)
    own = [
        OwnColumn(_one_line(text), units_in(text), [raw.cell(row, place) for row in kinds.data])
        for place, text in enumerate(header.texts)
    ]
    exact = {m.column.id for m in header.matches if m is not None and not m.inexact}
    open_places = [
        place
        for place, match in enumerate(header.matches)
        if own[place].heading and (match is None or match.inexact) and not _serial(own[place])
    ]
    alike = best_columns(table, [own[place] for place in open_places], sorted(exact))
    guesses = {open_places[place]: item for place, (item, _score) in alike.items()}
    for place, match in enumerate(header.matches):
        if match is not None and match.inexact:
            guesses[place] = match.column
    entries: dict[str, ColumnEntry] = {}
    for place, match in enumerate(header.matches):
        heading = own[place].heading
        if not heading or heading in entries:
            continue
        if match is not None and not match.inexact:
            entries[heading] = _certain(match.column, own[place])
        elif place in guesses:
            entries[heading] = _guessed(guesses[place], own[place], stated.caption)
        else:
            entries[heading] = ColumnEntry(match=MatchKind.UNMATCHED)
    return entries


def _serial(own: OwnColumn) -> bool:
    """Whether a column only numbers the rows."""
    return header_text(own.heading) in SERIAL_HEADERS


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _any_header(raw: RawSheet) -> Header:
    """The header of a sheet of which nothing is known: the first row of texts nearly full."""
    head = raw.rows[:SEARCHED_ROWS]
    counts = [sum(1 for cell in row if not is_blank(cell)) for row in head]
    enough = max(counts) * 0.6
    for place, row in enumerate(head):
        texts = [str(cell).strip() if not is_blank(cell) else "" for cell in row]
        worded = all(isinstance(cell, str) for cell in row if not is_blank(cell))
        if counts[place] >= enough and worded:
            return Header(place, texts, [None] * len(texts), place)
    texts = ["" for _cell in head[0]]
    return Header(0, texts, [None] * len(texts), 0)


def _certain(item: Column, own: OwnColumn) -> ColumnEntry:
    unit = next(iter(reversed(own.units)), None) if item.numeric else None
    return ColumnEntry(
        column=item.header,
        unit=_as_shown(unit, item),
        match=MatchKind.CERTAIN,
        values=_values(item, own),
    )


def _guessed(item: Column, own: OwnColumn, caption: Sequence[str]) -> ColumnEntry:
    unit, note = None, ""
    if item.numeric:
        stated = [u for u in own.units if u in DECIMAL_WORDS or measures(u, item)]
        above = [u for u in caption if measures(u, item)]
        unit = next(iter([*reversed(stated), *above]), item.shown_unit or None)
        if not stated and above:
            note = _("表外写明的单位")
        elif not stated and unit:
            note = _("表中没有写单位，请核对")
    return ColumnEntry(
        column=item.header,
        unit=_as_shown(unit, item),
        match=MatchKind.GUESSED,
        values=_values(item, own),
        note=note,
    )


def _as_shown(unit: str | None, item: Column) -> str | None:
    """A unit as the dictionary writes it, where it is the column's own."""
    same = unit is not None and unit in units_in(f"({item.shown_unit})")
    return item.shown_unit if same else unit


def _values(item: Column, own: OwnColumn) -> dict[str, ValueEntry]:
    """Values that are not the dictionary's words, with what they may stand for."""
    if item.type not in WITH_WORDS:
        return {}
    known = words_of(item)
    by_code = item.type is ColumnType.LAND_CODE  # its cells hold codes; names are translated
    native = {squeezed(code) for code in known.values()} if by_code else set(known)
    words = dict.fromkeys(one_line(value) for value in own.values if not is_blank(value))
    entries: dict[str, ValueEntry] = {}
    for word in words:
        if squeezed(word) in native or len(entries) == _LISTED:
            continue
        found = value_like(item, word)
        if found is None:
            entries[word] = ValueEntry(match=MatchKind.UNMATCHED)
            continue
        code, exact = found
        entries[word] = ValueEntry(
            value=shown(item, code), match=MatchKind.CERTAIN if exact else MatchKind.GUESSED
        )
    return entries


# -- what people decided ------------------------------------------------------------------------


def _decided_columns(entry: SheetEntry) -> bool:
    return any(
        column.by_hand or any(value.by_hand for value in column.values.values())
        for column in entry.columns.values()
    )


def _with_decisions(proposed: SheetEntry, known: SheetEntry) -> SheetEntry:
    """The proposal, with every entry of the file that says something left as it is."""
    columns = dict(proposed.columns)
    for heading, entry in known.columns.items():
        if heading not in columns:
            if entry.by_hand:
                columns[heading] = entry
            continue
        fresh = columns[heading]
        if not entry.target:
            columns[heading] = fresh.model_copy(update={"note": entry.note or fresh.note})
            continue
        same = entry.target == fresh.target
        values = dict(fresh.values) if same else {}
        values |= {word: value for word, value in entry.values.items() if value.target}
        columns[heading] = entry.model_copy(update={"values": values})
    taken = {entry.target for heading, entry in columns.items() if entry.by_hand}
    for heading, entry in columns.items():  # a guess gives way to what a person decided
        if entry.waits and entry.target in taken:
            columns[heading] = ColumnEntry(match=MatchKind.UNMATCHED)
    if not known.target:
        return proposed.model_copy(update={"columns": columns})
    return known.model_copy(update={"columns": columns})
