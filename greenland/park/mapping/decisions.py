"""What ``mapping.yaml`` decides, checked against the dictionary and put before reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from greenland.errors import InputError, Problem, Severity
from greenland.i18n import _
from greenland.park.codes import land_codes
from greenland.park.dictionary import SHEETS, Column, ColumnType, choices
from greenland.park.header import (
    DECIMAL_WORDS,
    is_unit,
    match_header,
    measures,
    nearest_header,
    units_in,
)
from greenland.park.mapping.entries import ColumnEntry, MappingFile, MatchKind, SheetEntry
from greenland.park.normal import header_text, listing, plain_text, squeezed
from greenland.park.problems import ProblemCollector
from greenland.park.rawsheet import RawSheet
from greenland.park.reading import ReadSheet
from greenland.park.sheet_choice import sheet_id
from greenland.yamlfile import line_of, nearest, read_tree, validate
from greenland.yamltree import YamlMap

MAPPING_FILE = "mapping.yaml"
WITH_WORDS = frozenset({ColumnType.CHOICE, ColumnType.BOOL, ColumnType.LAND_CODE})


@dataclass(frozen=True)
class SheetDecision:
    """What is decided of one sheet.

    Parameters
    ----------
    table : str
        Id of the table; empty for a sheet that is not to be read.
    names, translations : mapping
        See `greenland.park.rawsheet.RawSheet`.
    headings : mapping of heading to column id
        Headings that reading follows, as they stand in ``mapping.yaml``.
    """

    table: str
    names: Mapping[str, str] = field(default_factory=dict)
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    headings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Decisions:
    """Everything ``mapping.yaml`` decides; empty when there is none."""

    mapping: MappingFile = field(default_factory=MappingFile)
    sheets: Mapping[str, SheetDecision] = field(default_factory=dict)
    tree: YamlMap = field(default_factory=YamlMap)

    @property
    def tables(self) -> dict[str, str]:
        """Titles that are decided, each with the id of its table; "": not to be read."""
        return {
            title: self.sheets[title].table
            for title, entry in self.mapping.sheets.items()
            if entry.used and not _named_so(title, self.sheets[title].table, entry)
        }

    def applied(self, raw: RawSheet) -> RawSheet:
        """The sheet with what is decided of its headings and values."""
        decision = self.sheets.get(raw.title)
        if decision is not None:
            raw.names, raw.translations = decision.names, decision.translations
        return raw


def _named_so(title: str, table: str, entry: SheetEntry) -> bool:
    """Whether the title itself says which table it is, so that reading chooses among several."""
    known = SHEETS.get(table)
    return (
        entry.match is MatchKind.CERTAIN
        and known is not None
        and squeezed(known.title_zh) in squeezed(title)
    )


def read_mapping(folder: Path) -> Decisions:
    """Read ``mapping.yaml`` of a park folder; nothing is decided when there is none.

    Raises
    ------
    InputError
        With every table, column, unit and value that the dictionary does not have, and the
        nearest one it has.
    """
    path = folder / MAPPING_FILE
    if not path.exists():
        return Decisions()
    tree = read_tree(path)
    mapping = validate(tree, MappingFile, file=path.name)
    problems: list[Problem] = []
    sheets: dict[str, SheetDecision] = {}
    for title, entry in mapping.sheets.items():
        check = _SheetCheck(title, entry, tree, problems)
        if (decision := check.decision()) is not None:
            sheets[title] = decision
    if problems:
        raise InputError(problems)
    return Decisions(mapping, sheets, tree)


class _SheetCheck:
    """Checks the entries of one sheet and collects what is wrong with them."""

    def __init__(
        self, title: str, entry: SheetEntry, tree: YamlMap, problems: list[Problem]
    ) -> None:
        self.title, self.entry, self.tree, self.problems = title, entry, tree, problems

    def refuse(
        self, path: Sequence[str], message: str, remedy: str, *, got: str = "", allowed: str = ""
    ) -> None:
        """Add an error with its line."""
        row = line_of(self.tree, ("sheets", self.title, *path))
        self.problems.append(
            Problem(
                Severity.ERROR,
                "mapping",
                message,
                remedy,
                file=MAPPING_FILE,
                row=row,
                got=got,
                allowed=allowed,
            )
        )

    def decision(self) -> SheetDecision | None:
        """What is decided of the sheet; None when nothing is or it cannot be used."""
        entry = self.entry
        if entry.skipped:
            return SheetDecision("")
        table = sheet_id(entry.target) if entry.target else sheet_id(self.title)
        if entry.target and table is None:
            self._unknown_table()
        if table is None:
            return None
        names: dict[str, str] = {}
        words: dict[str, Mapping[str, str]] = {}
        headings: dict[str, str] = {}
        for heading, column in entry.columns.items():
            if column.skipped:
                names[header_text(heading)] = ""
                continue
            item = self._column(table, heading, column)
            if item is None:
                continue
            header = self._header(item, heading, column)
            translated = self._values(item, heading, column)
            if not column.used:
                continue
            if (first := _key_of(headings, item.id)) is not None:
                self._twice(item, heading, first)
            names[header_text(heading)] = header
            headings[heading] = item.id
            if translated:
                words[item.id] = translated
        return SheetDecision(table, names, words, headings)

    def _unknown_table(self) -> None:
        titles = [item.title for item in SHEETS.values()]
        guess = nearest(squeezed(self.entry.target), titles)
        self.refuse(
            ("table",),
            _("没有名为“{name}”的表。", name=self.entry.target),
            _is_it(guess),
            got=self.entry.target,
            allowed=listing(titles),
        )

    def _column(self, table: str, heading: str, entry: ColumnEntry) -> Column | None:
        if not entry.target:
            return None
        match = match_header(table, entry.target)
        if match is not None and not match.inexact:
            return match.column
        guess = match.column.header if match else nearest_header(table, entry.target)
        title = SHEETS[table].title
        self.refuse(
            ("columns", heading, "column"),
            _("表“{table}”没有名为“{name}”的列。", table=title, name=entry.target),
            _is_it(guess) or _("列名见填写说明；不需要这一列时写“不读取”。"),
            got=entry.target,
        )
        return None

    def _header(self, item: Column, heading: str, entry: ColumnEntry) -> str:
        """Header of the dictionary with the unit that holds for the column."""
        unit = plain_text(entry.unit or "").strip("()")
        if unit and not item.numeric:
            self.refuse(
                ("columns", heading, "unit"),
                _("“{header}”不是带单位的数值列。", header=item.header),
                _("请删去 unit。"),
                got=unit,
            )
        elif unit and unit not in DECIMAL_WORDS and not (is_unit(unit) and measures(unit, item)):
            self.refuse(
                ("columns", heading, "unit"),
                _("单位“{unit}”不能用于“{header}”。", unit=unit, header=item.header),
                _("请写与它同类的单位。"),
                got=unit,
                allowed=item.shown_unit,
            )
        if not item.numeric:
            return item.header
        unit = unit or next(iter(reversed(units_in(heading))), "")
        return f"{item.header}({unit})" if unit else item.header

    def _values(self, item: Column, heading: str, entry: ColumnEntry) -> dict[str, str]:
        """Values of the file, folded, with the dictionary's."""
        if entry.values and item.type not in WITH_WORDS:
            self.refuse(
                ("columns", heading, "values"),
                _("“{header}”没有固定的取值，不能对照。", header=item.header),
                _("请删去 values。"),
            )
            return {}
        known = words_of(item)
        translated: dict[str, str] = {}
        for word, value in entry.values.items():
            if not value.target:
                continue
            code = known.get(squeezed(value.target))
            if code is None:
                guess = nearest(squeezed(value.target), list(known))
                self.refuse(
                    ("columns", heading, "values", word),
                    _("“{header}”没有取值“{name}”。", header=item.header, name=value.target),
                    _is_it(shown(item, known[guess]) if guess else None),
                    got=value.target,
                    allowed=listing(shown(item, code) for code in dict.fromkeys(known.values())),
                )
            elif value.used:
                translated[squeezed(word)] = code
        return translated

    def _twice(self, item: Column, heading: str, first: str) -> None:
        self.refuse(
            ("columns", heading),
            _(
                "“{first}”和“{second}”都对应“{header}”。",
                first=first,
                second=heading,
                header=item.header,
            ),
            _("一列只能对应一次；其余的写“不读取”。"),
        )


def _key_of(headings: Mapping[str, str], column_id: str) -> str | None:
    return next((heading for heading, known in headings.items() if known == column_id), None)


def _is_it(guess: str | None) -> str:
    return _("是否应为“{guess}”？", guess=guess) if guess else ""


@cache
def words_of(item: Column) -> Mapping[str, str]:
    """Folded names of the values of a column with a fixed list, each with its code."""
    found: dict[str, str] = {}
    if item.type is ColumnType.LAND_CODE:
        for code in land_codes().values():
            for word in (code.code, code.zh, code.en, f"{code.code}{code.zh}"):
                found.setdefault(squeezed(word), code.code)
        return found
    for choice in choices(item.choices or "yes_no"):
        for word in (choice.zh, choice.en, choice.code, *choice.synonyms):
            found.setdefault(squeezed(word), choice.code)
    return found


def shown(item: Column, code: str) -> str:
    """A value as people read it: name of a choice, or a land code with its name."""
    if item.type is ColumnType.LAND_CODE:
        return f"{code} {land_codes()[code].name}"
    return next(one.name for one in choices(item.choices or "yes_no") if one.code == code)


# -- what is said -------------------------------------------------------------------------------


def say_mapping(
    decisions: Decisions, sheets: Mapping[str, ReadSheet], collector: ProblemCollector
) -> None:
    """Say what was read by ``mapping.yaml``, and which of its entries were not used."""
    read = {sheet.location.title: sheet for sheet in sheets.values() if sheet.location.extent}
    for title, entry in decisions.mapping.sheets.items():
        decision = decisions.sheets.get(title)
        sheet = read.get(title)
        if sheet is not None and decision is not None and decision.table:
            _say_used(entry, decision, sheet, collector)
            _say_absent(decisions, decision, sheet, title, collector)
        for path, name, target in _waiting(entry, decision):
            collector.add(
                Severity.WARNING,
                "mapping_unconfirmed",
                _("{name} → {target} 是推测，没有确认，没有使用。", name=name, target=target),
                _("核对后写 confirm: true；不对时改写，或写“不读取”。"),
                file=MAPPING_FILE,
                row=line_of(decisions.tree, ("sheets", title, *path)),
            )


def _say_used(
    entry: SheetEntry, decision: SheetDecision, sheet: ReadSheet, collector: ProblemCollector
) -> None:
    location = sheet.location
    used: list[str] = []
    for heading in decision.headings:
        column = entry.columns[heading]
        target = decision.names[header_text(heading)]
        if header_text(heading) != header_text(target):
            used.append(f"{heading} → {target}")
        used += [
            f"{heading}：{word} → {value.target}"
            for word, value in column.values.items()
            if value.used and squeezed(word) != squeezed(value.target)
        ]
    used += [
        _("{heading} 不读取", heading=heading)
        for heading, column in entry.columns.items()
        if column.skipped
    ]
    if used or entry.by_hand:
        collector.sheet(
            location,
            Severity.NOTICE,
            "mapping_used",
            _(
                "按 mapping.yaml 作为“{table}”读取：{entries}。",
                table=SHEETS[decision.table].title,
                entries="；".join(used) or "—",
            ),
            _("如有不对，请改 mapping.yaml。"),
        )


def _say_absent(
    decisions: Decisions,
    decision: SheetDecision,
    sheet: ReadSheet,
    title: str,
    collector: ProblemCollector,
) -> None:
    """Headings that the sheet does not have."""
    for heading, column_id in decision.headings.items():
        actual = sheet.location.headers.get(column_id)
        if actual is None or header_text(actual) != header_text(heading):
            collector.add(
                Severity.WARNING,
                "mapping_absent",
                _("表中没有列名“{heading}”，这一条没有用上。", heading=heading),
                _("请核对列名，或再运行一次 greenland map。"),
                file=MAPPING_FILE,
                row=line_of(decisions.tree, ("sheets", title, "columns", heading)),
            )


def _waiting(
    entry: SheetEntry, decision: SheetDecision | None
) -> Iterator[tuple[tuple[str, ...], str, str]]:
    """Guesses nobody has confirmed: path in the file, their name, what they are taken for."""
    if entry.waits:
        yield ("table",), _("这张工作表"), entry.target
        return  # nothing of it is read
    if entry.skipped:
        return
    table = decision.table if decision is not None else ""
    for heading, column in entry.columns.items():
        native = match_header(table, heading) if table else None
        target = match_header(table, column.target) if table and column.target else None
        # what the dictionary knows is read anyway, with a word of its own
        same = native is not None and target is not None and native.column is target.column
        if column.waits and not same:
            yield ("columns", heading), f"“{heading}”", column.target
        if column.skipped:
            continue
        for word, value in column.values.items():
            if value.waits:
                yield ("columns", heading, "values", word), f"“{heading}”：{word}", value.target
