"""Reads the intake workbook into the tree a YAML case would give, each value with its cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from greenland.energy.case.book.cells import from_cell
from greenland.energy.case.book.fields import CellKind, IntakeField, IntakeSheet, intake_sheets
from greenland.energy.case.book.layout import FREE, GUIDES, KEY_TITLES, TABLES
from greenland.errors import InputError, Problem, Severity
from greenland.i18n import LANGUAGES, Text, _, use_language
from greenland.park.rawsheet import RawSheet, column_letters
from greenland.park.workbook import Workbook
from greenland.yamlfile import nearest
from greenland.yamlhints import short
from greenland.yamltree import YamlMap

Place = dict[str, Any]
Loc = tuple[str | int, ...]


class BookTree(YamlMap):
    """A case read from a workbook; knows the cell of every value and of every blank field."""

    def __init__(self) -> None:
        super().__init__()
        self.places: dict[Loc, Place] = {}

    def place_of(self, loc: Sequence[str | int]) -> Place:
        """Sheet, row and column of the deepest part of *loc* that has a place."""
        known = tuple(loc)
        while known and known not in self.places:
            known = known[:-1]
        return self.places.get(known, {})


def read_intake(path: Path) -> BookTree:
    """Read an intake workbook.

    Parameters
    ----------
    path : Path
        Written by `write_intake`, in any language.

    Returns
    -------
    BookTree
        Only what is filled in.

    Raises
    ------
    InputError
        With every cell that cannot be read, unknown keys with the nearest known one, and sheets
        that are not of the workbook.
    """
    reader = _Reader(Workbook(path), path.name)
    reader.read()
    if reader.problems:
        raise InputError(reader.problems)
    return reader.tree


class _Reader:
    def __init__(self, book: Workbook, file: str) -> None:
        self.book, self.file = book, file
        self.tree = BookTree()
        self.problems: list[Problem] = []

    def read(self) -> None:
        """Read every sheet there is."""
        sheets = intake_sheets()
        found: dict[str, str] = {}
        for title in self.book.titles:
            mine = next((one for one in sheets if title.strip() in one.titles), None)
            if mine is None:
                self._foreign(title, [one.title for one in sheets])
            elif mine.title in found:
                text = _("与工作表“{other}”是同一页，只能有一页。", other=found[mine.title])
                self._fault("intake_sheet", text, sheet=title)
            else:
                found[mine.title] = title
                raw = self.book.sheet(title)
                if mine.table:
                    self._rows(raw, mine.table)
                else:
                    self._form(raw, mine)
        if not found:
            text = _("没有收资清单的工作表。")
            remedy = _("空白清单由 greenland energy init 生成。")
            self._fault("intake_sheet", text, remedy)

    def _foreign(self, title: str, known: list[str]) -> None:
        if title in GUIDES or title.startswith(FREE):
            return
        if any(cell != "" for row in self.book.sheet(title).rows for cell in row):
            guess = nearest(title, known)
            remedy = (
                _("是否应为“{guess}”？", guess=guess)
                if guess
                else _("自用的页请以“备注”开头命名。")
            )
            self._fault("intake_sheet", _("不认识的工作表。"), remedy, sheet=title)

    def _fault(self, code: str, message: str, remedy: str = "", **more: Any) -> None:
        self.problems.append(Problem(Severity.ERROR, code, message, remedy, file=self.file, **more))

    # -- sheets with a key in every row ---------------------------------------------------------

    def _form(self, raw: RawSheet, sheet: IntakeSheet) -> None:
        head = next(
            (
                (row, column)
                for row, cells in enumerate(raw.rows)
                for column, cell in enumerate(cells)
                if str(cell).strip() in KEY_TITLES
            ),
            None,
        )
        if head is None:
            text = _("没有找到“键”列，不知道各行是什么。")
            self._fault("intake_header", text, _("请恢复清单原有的表头。"), sheet=raw.title)
            return
        form = _Form(self, raw, sheet, *head)
        form.read()

    # -- sheets of named items ------------------------------------------------------------------

    def _rows(self, raw: RawSheet, table: str) -> None:
        columns = TABLES[table]
        titles = {_in(column.title, one) for column in columns[:1] for one in LANGUAGES}
        top = next(
            (row for row in range(len(raw.rows)) if str(raw.cell(row, 0)).strip() in titles), None
        )
        if top is None:
            text = _("没有找到以“{head}”开头的表头。", head=_(columns[0].title))
            self._fault("intake_header", text, _("请恢复清单原有的表头。"), sheet=raw.title)
            return
        items: dict[str, Any] = {}
        path: Loc = tuple(table.split("."))
        for row in range(top + 1, len(raw.rows)):
            cells = [
                self.value(raw, row, place, column.kind, _(column.title))
                for place, column in enumerate(columns)
            ]
            name, *rest = cells
            filled = [cell for cell in rest if cell is not _BLANK]
            where: Place = {"sheet": raw.title, "row": raw.numbers[row]}
            if name is _BLANK:
                if filled:
                    text = _("这一行没有填写“{head}”。", head=_(columns[0].title))
                    self._fault("intake_name", text, **where)
                continue
            self.tree.places[(*path, name)] = {**where, "column": _(columns[0].title)}
            if table == "compliance.answers" and not filled:
                continue
            if table == "scenarios":
                self._scenario(items, name, rest, where)
            elif name in items:
                self._fault("intake_twice", _("“{name}”重复。", name=short(name)), **where)
            elif not filled and table != "rules.overrides":
                text = _("“{name}”没有填写“{head}”。", name=short(name), head=_(columns[1].title))
                self._fault("intake_blank", text, **where)
            elif table == "rules.overrides":
                pairs = zip(columns[1:], rest, strict=True)
                items[name] = {column.key: cell for column, cell in pairs if cell is not _BLANK}
            else:
                items[name] = rest[0]
        if items:
            self.put(path, items)

    def _scenario(self, items: dict[str, Any], name: str, rest: list[Any], where: Place) -> None:
        path, value = rest
        changes = items.setdefault(name, {})
        if path is _BLANK and value is _BLANK:
            return
        if path is _BLANK or value is _BLANK:
            text = _("“{name}”的路径和数值要同时填写。", name=short(name))
            self._fault("intake_blank", text, **where)
        elif path in changes:
            self._fault("intake_twice", _("“{name}”重复。", name=short(path)), **where)
        else:
            changes[path] = value
            self.tree.places[("scenarios", name, path)] = where

    # -- shared ---------------------------------------------------------------------------------

    def put(self, path: Loc, value: Any) -> None:
        """Put a value into the tree; what stands above it begins empty."""
        node: Any = self.tree
        for key in path[:-1]:
            node = node.setdefault(key, {})
        node[path[-1]] = value

    def value(self, raw: RawSheet, row: int, column: int, kind: CellKind, head: str) -> Any:
        """What a cell stands for; `_BLANK` for nothing, and where it cannot be read."""
        where: Place = {"sheet": raw.title, "row": raw.numbers[row], "column": head}
        shown = raw.errors.get((row, column))
        if shown is not None:
            text = _("单元格是错误值，或公式没有结果。")
            remedy = _("请改正公式，或改为数值。")
            self._fault("intake_cell", text, remedy, got=short(shown), **where)
            return _BLANK
        cell = raw.cell(row, column)
        if cell is None or str(cell).strip() == "":
            return _BLANK
        try:
            return from_cell(cell, kind)
        except InputError as error:
            text = _("不是完整的列表、对照或加引号的文字：{detail}", detail=error.problems[0].what)
            self._fault("intake_cell", text, got=short(str(cell)), **where)
            return _BLANK


class _Blank:
    """What stands for a cell without anything."""


_BLANK = _Blank()


def _in(text: str, spoken: str) -> str:
    with use_language(spoken):
        return str(_(text))


class _Form:
    """One sheet whose rows are fields, by the keys in one of its columns."""

    def __init__(
        self, reader: _Reader, raw: RawSheet, sheet: IntakeSheet, top: int, keys: int
    ) -> None:
        self.reader, self.raw, self.sheet = reader, raw, sheet
        self.top, self.keys = top, keys
        width = max(len(row) for row in raw.rows)
        self.columns = range(keys + 1, max(width, keys + 2))

    def read(self) -> None:
        """Read every row into the columns of its values."""
        fields = {field.key: field for field in self.sheet.fields}
        rows: dict[str, int] = {}
        values: dict[int, dict[str, Any]] = {column: {} for column in self.columns}
        for row in range(self.top + 1, len(self.raw.rows)):
            key = str(self.raw.cell(row, self.keys)).strip()
            filled = [one for one in self.columns if str(self.raw.cell(row, one)).strip()]
            filled += [one for one in self.columns if (row, one) in self.raw.errors]
            field = fields.get(key)
            if field is None:
                if key or filled:
                    self._unknown(row, key, fields)
                continue
            if key in rows:
                self._fault(row, "intake_twice", _("键“{key}”重复。", key=key))
                continue
            rows[key] = row
            for column in filled:
                kind = CellKind(truth=True) if field.section else field.kind
                cell = self.reader.value(self.raw, row, column, kind, self._head(column))
                if cell is not _BLANK:
                    values[column][key] = cell
        if self.sheet.parts:
            self._parts(fields, rows, values)
        else:
            self._section(fields, rows, values)

    def _parts(
        self, fields: dict[str, IntakeField], rows: dict[str, int], values: dict[int, Any]
    ) -> None:
        listed: list[dict[str, Any]] = []
        for column, items in values.items():
            if not items:
                continue
            loc: Loc = (self.sheet.parts, len(listed))
            self.reader.tree.places[loc] = self._place(self.top, column)
            for key, row in rows.items():
                self.reader.tree.places[(*loc, *fields[key].path)] = self._place(row, column)
            part: dict[str, Any] = {}
            self._fill(part, fields, rows, items)
            listed.append(part)
        if listed:
            self.reader.put((self.sheet.parts,), listed)

    def _section(
        self, fields: dict[str, IntakeField], rows: dict[str, int], values: dict[int, Any]
    ) -> None:
        first, *others = self.columns
        for column in others:
            for key in values[column]:
                text = _("本页每行只填一格，这里多填了。")
                self._fault(rows[key], "intake_extra", text, column=self._head(column))
        for key, row in rows.items():
            self.reader.tree.places[fields[key].path] = self._place(row, first)
        self._fill(self.reader.tree, fields, rows, values[first])

    def _fill(
        self,
        tree: dict[str, Any],
        fields: dict[str, IntakeField],
        rows: dict[str, int],
        given: dict[str, Any],
    ) -> None:
        """Put what a column holds into a tree; what stands above a value begins empty."""
        for key, value in given.items():
            path = fields[key].path
            node = tree
            if not fields[key].section or value is True:
                for step in path[:-1]:
                    node = node.setdefault(step, {})
            if not fields[key].section:
                node[path[-1]] = value
            elif value is True:
                node.setdefault(path[-1], {})
            elif value is not False or any(
                fields[other].path[: len(path)] == path and other != key for other in given
            ):
                text = _("这里只能填“是”或留空；本页有内容即视为“是”。")
                self._fault(rows[key], "intake_cell", text, got=short(str(value)))

    def _place(self, row: int, column: int) -> Place:
        return {
            "sheet": self.raw.title,
            "row": self.raw.numbers[row],
            "column": self._head(column),
        }

    def _head(self, column: int) -> str:
        return str(self.raw.cell(self.top, column)).strip() or column_letters(column)

    def _unknown(self, row: int, key: str, known: dict[str, IntakeField]) -> None:
        if not key:
            text: Text | str = _("这一行没有键，不知道填的是什么。")
            self._fault(row, "intake_key", text, _("请填在清单原有的行里。"))
            return
        guess = nearest(key, list(known))
        remedy = _("是否应为“{guess}”？", guess=guess) if guess else ""
        self._fault(row, "intake_key", _("不认识的键“{key}”。", key=short(key)), remedy)

    def _fault(self, row: int, code: str, message: str, remedy: str = "", **more: Any) -> None:
        where = {"sheet": self.raw.title, "row": self.raw.numbers[row]}
        self.reader._fault(code, message, remedy, **where, **more)
