"""The matching of headings as a form: what may be chosen, and what a reader chose."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from greenland.files import write_text
from greenland.i18n import N_, language
from greenland.page.versions import copy_version
from greenland.park.dictionary import SHEETS, Column, columns
from greenland.park.mapping import (
    MAPPING_FILE,
    ColumnEntry,
    MappingFile,
    MatchKind,
    SheetEntry,
    ValueEntry,
    read_mapping,
)
from greenland.park.mapping.decisions import WITH_WORDS, shown, words_of
from greenland.park.mapping.entries import NOT_READ
from greenland.park.mapping.text import mapping_text
from greenland.park.sheet_choice import sheet_id

MATCH_LABELS = {
    MatchKind.CERTAIN: N_("确定"),
    MatchKind.GUESSED: N_("推测"),
    MatchKind.UNMATCHED: N_("未匹配"),
    MatchKind.DECIDED: N_("已填写"),
}


@dataclass(frozen=True, slots=True)
class ValueField:
    """A value of the park's table and what it may stand for."""

    key: str
    word: str
    entry: ValueEntry


@dataclass(frozen=True, slots=True)
class ColumnField:
    """A heading of the park's table and what it may stand for."""

    key: str
    heading: str
    entry: ColumnEntry
    numeric: bool
    values: tuple[ValueField, ...]
    words: tuple[str, ...]

    @property
    def sure(self) -> bool:
        """Whether nothing of it is open."""
        return self.entry.used and all(value.entry.used for value in self.values)


@dataclass(frozen=True, slots=True)
class SheetField:
    """A sheet of the park's workbook and what it may stand for."""

    key: str
    title: str
    entry: SheetEntry
    columns: tuple[ColumnField, ...]
    headers: tuple[str, ...]

    @property
    def open(self) -> int:
        """How many headings and values are not certain and not decided."""
        entries = [column.entry for column in self.columns]
        values = [value.entry for column in self.columns for value in column.values]
        return sum(1 for entry in (self.entry, *entries, *values) if not entry.used)

    @property
    def sure(self) -> int:
        """How many columns have nothing open."""
        return sum(column.sure for column in self.columns)


def not_read() -> str:
    """What is chosen for a sheet or column that is not to be read."""
    return NOT_READ[language() != "zh"]


def tables() -> list[str]:
    """Titles of the tables a sheet may stand for."""
    return [item.title for item in SHEETS.values()]


def fields(mapping: MappingFile) -> list[SheetField]:
    """The form of a mapping."""
    found = []
    for number, (title, entry) in enumerate(mapping.sheets.items()):
        table = sheet_id(entry.target) if entry.target and not entry.skipped else None
        known = {item.header: item for item in columns(table)} if table else {}
        key = f"s{number}"
        parts = tuple(
            _column(f"{key}c{place}", heading, column, known)
            for place, (heading, column) in enumerate(entry.columns.items())
        )
        found.append(SheetField(key, title, entry, parts, tuple(known)))
    return found


def _column(key: str, heading: str, entry: ColumnEntry, known: Mapping[str, Column]) -> ColumnField:
    item = known.get(entry.target)
    words: tuple[str, ...] = ()
    if item is not None and item.type in WITH_WORDS:
        words = tuple(shown(item, code) for code in dict.fromkeys(words_of(item).values()))
    values = tuple(
        ValueField(f"{key}v{place}", word, value)
        for place, (word, value) in enumerate(entry.values.items())
    )
    return ColumnField(key, heading, entry, item is not None and item.numeric, values, words)


def chosen(form: Mapping[str, str]) -> MappingFile:
    """What a reader chose, every choice decided; what was certain stays so.

    Parameters
    ----------
    form : mapping
        Fields as `fields` names them: the key alone is the choice, ``t`` after it the title,
        heading or value of the park's table, ``m`` how it was matched, ``p`` what was proposed,
        ``u`` the unit.
    """
    sheets = {}
    for key in _numbered(form, "s"):
        entries = {}
        for column in _numbered(form, f"{key}c"):
            values = {
                form[f"{value}t"]: ValueEntry(value=form.get(value), match=_match(form, value))
                for value in _numbered(form, f"{column}v")
            }
            unit = form.get(f"{column}u", "").strip() or None
            entries[form[f"{column}t"]] = ColumnEntry(
                column=form.get(column), unit=unit, values=values, match=_match(form, column)
            )
        sheets[form[f"{key}t"]] = SheetEntry(
            table=form.get(key), columns=entries, match=_match(form, key)
        )
    return MappingFile(sheets=sheets)


def _numbered(form: Mapping[str, str], start: str) -> Iterator[str]:
    number = 0
    while f"{start}{number}t" in form:
        yield f"{start}{number}"
        number += 1


def _match(form: Mapping[str, str], key: str) -> MatchKind:
    target = form.get(key, "").strip()
    if not target:
        return MatchKind.UNMATCHED
    certain = form.get(f"{key}m") == MatchKind.CERTAIN and form.get(f"{key}p") == target
    return MatchKind.CERTAIN if certain else MatchKind.DECIDED


def save(folder: Path, mapping: MappingFile) -> bool:
    """Write ``mapping.yaml``; the version before is kept. Whether anything changed.

    Raises
    ------
    InputError
        With everything the dictionary does not have; nothing is written then.
    """
    text = mapping_text(mapping)
    with tempfile.TemporaryDirectory(prefix="greenland-") as aside:
        write_text(Path(aside) / MAPPING_FILE, text)
        read_mapping(Path(aside))
    path = folder / MAPPING_FILE
    if path.is_file():
        if path.read_bytes() == text.encode("utf-8"):
            return False
        copy_version(path)
    write_text(path, text)
    return True
