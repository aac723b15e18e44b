"""Writes the intake workbook, blank or filled in from a case."""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

from greenland.energy.case.book.cells import LONGEST, choices_shown, to_cell
from greenland.energy.case.book.fields import CellKind, IntakeField, IntakeSheet, intake_sheets
from greenland.energy.case.book.layout import (
    BLANK_PARTS,
    BLANK_ROWS,
    FILLED_IN,
    GUIDES,
    HEADS,
    KEY_COLUMN,
    PART,
    TABLES,
)
from greenland.energy.case.book.proposed import proposed
from greenland.energy.case.book.ranges import ranges_shown
from greenland.errors import input_error
from greenland.files import whole
from greenland.i18n import _, language

_FONT = "Microsoft YaHei"
_WIDTHS = (22, 10, 38, 20, 44, 24, 16)
_LIST_LIMIT = 255  # characters Excel takes in a list of choices
CREATED = dt.datetime(2026, 1, 1)  # so that the same content gives the same file


def write_book(path: Path, tree: Mapping[str, Any], year: int | None = None) -> Path:
    """Write the workbook whole or not at all.

    Parameters
    ----------
    path : Path
    tree : mapping
        Plain values of a case, empty for a blank workbook.
    year : int, optional
        Whose rules the proposed defaults are taken from; that of the case when left out.
    """
    options = {"strings_to_urls": False, "in_memory": True}
    with whole(path) as temporary, xlsxwriter.Workbook(str(temporary), options) as book:
        book.set_properties({"created": CREATED, "title": _("绿电直连收资清单")})
        _IntakeWriter(book, tree, year).write()
    return path


class _IntakeWriter:
    def __init__(self, book: Any, tree: Mapping[str, Any], year: int | None) -> None:
        self.book, self.tree = book, tree
        self.proposed = proposed(year or tree.get("year"))
        self.ranges = ranges_shown()
        base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter", "text_wrap": True}
        head = {**base, "bold": True, "border": 1, "align": "center", "bg_color": "#F2F2F2"}
        self.head = book.add_format(head)
        self.levels = {
            "r": book.add_format({**base, "border": 1, "bold": True, "bg_color": "#FCE4D6"}),
            "k": book.add_format({**base, "border": 1, "bg_color": "#FFF2CC"}),
            "o": book.add_format({**base, "border": 1, "bg_color": "#DDEBF7"}),
        }
        self.note = book.add_format({**base, "border": 1, "font_color": "#404040"})
        self.key = book.add_format({**base, "border": 1, "font_color": "#7F7F7F", "font_size": 8})
        self.cell = book.add_format({**base, "border": 1, "text_wrap": False})
        self.text = book.add_format({**base, "border": 1, "text_wrap": False, "num_format": "@"})
        self.plain = book.add_format(base)
        self.title = book.add_format({**base, "bold": True, "font_size": 14, "text_wrap": False})

    def write(self) -> None:
        """Guide first, then the sheets in order."""
        self._guide(self.book.add_worksheet(GUIDES[language() != "zh"]))
        for sheet in intake_sheets():
            page = self.book.add_worksheet(sheet.title)
            if sheet.table:
                self._rows(page, sheet)
            else:
                self._form(page, sheet)
            page.set_landscape()
            page.set_paper(9)
            page.fit_to_pages(1, 0)
            page.repeat_rows(0)
            page.set_footer("&L&A&R&P / &N")

    def _guide(self, page: Any) -> None:
        page.set_column(0, 0, 110, self.plain)
        page.write_string(0, 0, _("绿电直连收资清单"), self.title)
        lines = [
            _("填写了的就是决定了的；留空的按“缺省值”一列，报告会逐项列出用了哪些缺省值。"),
            _("缺省值取自规则 energy.cost.*（见 greenland rules），其余为程序的约定，如 0、不限。"),
            _(
                "“常见范围”一列摘自公开数据，注明地区、年份和来源，货币和价格水平按原文、未换算，"
                "不参与测算；空白处没有找到可引用的来源。"
            ),
            _("底色：橙为必填，黄为通常要填，蓝为可选。比例一律写小数，如 0.6。"),
            _("曲线文件放在本工作簿旁边，只写文件名；有多列时的写法见“负荷”一页的说明。"),
            _("一个部件一列，如第二个电源填在“第2个”列；列不够可向右添加。"),
            _("“键”列供程序识别，不要改动；自用的页请以“备注”开头命名，不会读取。"),
            _("检查：greenland energy check 本文件；测算：greenland energy size 本文件。"),
            _("与 YAML 案例互相转换：greenland energy convert 本文件 案例.yaml。"),
        ]
        for row, line in enumerate(lines, start=2):
            page.write_string(row, 0, line, self.plain)

    # -- a key in every row ---------------------------------------------------------------------

    def _form(self, page: Any, sheet: IntakeSheet) -> None:
        for column, (head, width) in enumerate(zip(HEADS, _WIDTHS, strict=True)):
            page.write_string(0, column, _(head), self.head)
            page.set_column(column, column, width)
        parts = self._parts(sheet)
        first = KEY_COLUMN + 1
        page.set_column(first, first + len(parts) - 1, 22)
        page.freeze_panes(1, 1)
        for place in range(len(parts)):
            title = _(PART, number=place + 1) if sheet.parts else _(FILLED_IN)
            page.write_string(0, first + place, title, self.head)
        for row, field in enumerate(sheet.fields, start=1):
            words = (
                (field.title, self.levels[field.level]),
                (field.unit, self.note),
                (field.meaning, self.note),
                (self._allowed(field), self.note),
                (self.ranges.get(_path_of(sheet, field), ""), self.note),
                (self._default(sheet, field), self.note),
                (field.key, self.key),
            )
            for column, (text, form) in enumerate(words):
                page.write_string(row, column, str(text), form)
            page.set_row(row, _height([str(text) for text, _form in words]))
            for place, values in enumerate(parts):
                self._field(page, row, first + place, field, values)

    def _parts(self, sheet: IntakeSheet) -> list[Mapping[str, Any]]:
        """What the columns of a sheet hold."""
        if not sheet.parts:
            return [self.tree]
        given = list(self.tree.get(sheet.parts) or [])
        return [*given, *({} for _one in range(max(1, BLANK_PARTS - len(given))))]

    def _field(
        self, page: Any, row: int, column: int, field: IntakeField, values: Mapping[str, Any]
    ) -> None:
        found, there = _lookup(values, field.path)
        kind = CellKind(truth=True) if field.section else field.kind
        if there and field.section:
            there, found = not found, True  # only a part without entries has to be said
        self._cell(page, row, column, found if there else None, kind, blank=not there)
        choices = choices_shown(kind)
        if choices and sum(map(len, choices)) + len(choices) <= _LIST_LIMIT:
            page.data_validation(
                row,
                column,
                row,
                column,
                {"validate": "list", "source": choices, "error_type": "warning"},
            )

    def _cell(
        self, page: Any, row: int, column: int, value: Any, kind: CellKind, *, blank: bool
    ) -> None:
        if blank:
            page.write_blank(row, column, None, self.cell)
            return
        cell = to_cell(value, kind)
        if isinstance(cell, str):
            if len(cell) > LONGEST:
                raise input_error(
                    "intake_long",
                    _("内容太长，一个单元格放不下。"),
                    remedy=_("请把曲线或列表放到文件里，案例中写文件名。"),
                    got=f"{cell[:40]}…",
                )
            page.write_string(row, column, cell, self.text)
        else:
            page.write_number(row, column, cell, self.cell)

    def _allowed(self, field: IntakeField) -> str:
        choices = [] if field.section or field.allowed else choices_shown(field.kind)
        return field.allowed or "\n".join(choices)

    def _default(self, sheet: IntakeSheet, field: IntakeField) -> str:
        """What holds when a field is left blank."""
        path = _path_of(sheet, field)
        if path in self.proposed:
            return self.proposed[path]
        if field.default in (None, "", [], {}, ()) or field.section:
            return ""
        value = getattr(field.default, "value", field.default)
        if value == float("inf"):
            return str(_("不限"))
        if isinstance(value, bool | int | float | str):
            shown = to_cell(value, field.kind)
            return f"{shown:g}" if isinstance(shown, float) else str(shown)
        return ""

    # -- named items ----------------------------------------------------------------------------

    def _rows(self, page: Any, sheet: IntakeSheet) -> None:
        columns = TABLES[sheet.table]
        page.freeze_panes(1, 1)
        for place, column in enumerate(columns):
            page.write_string(0, place, _(column.title), self.head)
            page.set_column(place, place, 28)
            if column.note:
                page.write_comment(0, place, str(_(column.note)))
        rows = self._items(sheet.table)
        for row, cells in enumerate(rows, start=1):
            for place, (column, (value, there)) in enumerate(zip(columns, cells, strict=True)):
                self._cell(page, row, place, value, column.kind, blank=not there)
        for row in range(len(rows) + 1, len(rows) + 1 + BLANK_ROWS):
            for place in range(len(columns)):
                page.write_blank(row, place, None, self.cell)

    def _items(self, table: str) -> list[list[tuple[Any, bool]]]:
        """Cells of the rows of a table, each with whether it is filled."""
        found, there = _lookup(self.tree, tuple(table.split(".")))
        items = dict(found or {}) if there else {}
        if table == "rules.overrides":
            keys = [column.key for column in TABLES[table][1:]]
            return [
                [(name, True), *((item.get(key), key in item) for key in keys)]
                for name, item in items.items()
            ]
        if table != "scenarios":
            return [[(name, True), (value, True)] for name, value in items.items()]
        rows: list[list[tuple[Any, bool]]] = []
        for name, changes in items.items():
            rows += [[(name, True), (path, True), (value, True)] for path, value in changes.items()]
            if not changes:
                rows.append([(name, True), (None, False), (None, False)])
        return rows


def _path_of(sheet: IntakeSheet, field: IntakeField) -> str:
    """The path of a field from the case down, such as ``sources.capex``."""
    return ".".join((sheet.parts, *field.path) if sheet.parts else field.path)


def _height(texts: list[str]) -> float:
    """Height of a row in which no wrapped text is cut [points]."""
    lines = [
        sum(max(1, math.ceil(_columns(line) / (width - 1))) for line in text.split("\n"))
        for text, width in zip(texts, _WIDTHS, strict=True)
    ]
    return 14.5 * max(lines)


def _columns(text: str) -> int:
    """Columns a text takes in a monospaced font: Chinese signs take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _lookup(values: Mapping[str, Any], path: tuple[str, ...]) -> tuple[Any, bool]:
    """What stands at a path, and whether anything does."""
    node: Any = values
    for key in path:
        if not isinstance(node, Mapping) or key not in node:
            return None, False
        node = node[key]
    return node, True
