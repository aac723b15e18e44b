"""Workbooks written so that they read back the same: the blank one, and filled tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from greenland.files import refuse_existing, whole, write_text
from greenland.i18n import _, language
from greenland.park.blank_yaml import blank_yaml
from greenland.park.codes import land_codes
from greenland.park.config import (
    CONFIG_FILE,
    PARK_LEVEL_LABELS,
    PARK_TYPE_LABELS,
    WORKBOOK_FILE,
)
from greenland.park.dictionary import SHEETS, Column, ColumnType, choices, columns, table
from greenland.park.form_rows import SAMPLES, sample_mark
from greenland.park.guide import guide_lines, header_note, level_of, used_for
from greenland.park.info import INFO_LABELS
from greenland.park.sheet_choice import HELP_TITLES, INFO_TITLES

BLANK_ROWS = 2000  # rows that get drop-downs and formats
CREATED = pd.Timestamp(2020, 1, 1).to_pydatetime()  # same tables, same bytes
_FONT = "宋体"
_A3, _A4 = 8, 9  # paper sizes of Excel
_WIDE = 20  # columns from which a sheet is printed on A3
_LISTS = "选项"  # hidden sheet of the drop-downs
_IN_MEMORY_ROWS = 10_000  # up to which no files are needed besides the workbook


def write_blank(folder: str | Path) -> list[Path]:
    """Write a blank ``park.xlsx`` and a commented ``park.yaml`` into *folder*.

    Parameters
    ----------
    folder : path
        Made where it does not exist.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    InputError
        If one of them is there already; nothing is written then.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_blank(folder)]
    ['park.yaml', 'park.xlsx']
    """
    folder = Path(folder)
    targets = [folder / CONFIG_FILE, folder / WORKBOOK_FILE]
    refuse_existing(targets)
    folder.mkdir(parents=True, exist_ok=True)
    write_text(targets[0], blank_yaml())
    _write(targets[1], {}, form=True)
    return targets


def write_tables(path: str | Path, tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write tables in canonical units as a workbook with notes and drop-downs.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    tables : mapping of sheet id to DataFrame
        Columns by id, values as `greenland.park.table` holds them; columns and sheets left out
        stay blank.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    KeyError
        If a sheet or column is not in the dictionary.

    Examples
    --------
    >>> import tempfile
    >>> from greenland.park import table
    >>> parcels = table("parcels", [{"parcel_id": "G1", "area_mu": 30.0}])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_tables(f"{folder}/park.xlsx", {"parcels": parcels}).name
    'park.xlsx'
    """
    for sheet, frame in tables.items():
        unknown = set(frame.columns) - {item.id for item in columns(sheet)}
        if unknown:
            raise KeyError(f"{sheet}: {sorted(unknown)}")
    return _write(path, tables, form=False)


def _write(path: str | Path, tables: Mapping[str, pd.DataFrame], *, form: bool) -> Path:
    with whole(path) as temporary:
        options = {"default_date_format": "yyyy-mm-dd", "strings_to_urls": False}
        options["in_memory"] = sum(map(len, tables.values())) <= _IN_MEMORY_ROWS
        with xlsxwriter.Workbook(str(temporary), options) as book:
            book.set_properties({"created": CREATED, "title": _("园区土地与能源数据")})
            _WorkbookWriter(book, form).write(tables)
    return Path(path)


class _WorkbookWriter:
    """Writes one workbook; keeps the formats.

    *form* adds what helps to fill in a blank one: who the park is, a sample row, the land codes.
    """

    def __init__(self, book: Any, form: bool = False) -> None:
        self.book = book
        self.form = form
        base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
        head = {**base, "bold": True, "border": 1, "text_wrap": True, "align": "center"}
        self.required = book.add_format({**head, "bg_color": "#FCE4D6"})
        self.key = book.add_format({**head, "bg_color": "#FFF2CC"})
        self.optional = book.add_format({**head, "bg_color": "#DDEBF7"})
        grey = {**base, "italic": True, "font_color": "#7F7F7F"}
        self.sample = book.add_format(grey)
        self.sample_date = book.add_format({**grey, "num_format": "yyyy-mm-dd"})
        self.text = book.add_format({**base, "num_format": "@"})
        self.date = book.add_format({**base, "num_format": "yyyy-mm-dd"})
        self.number = book.add_format(base)
        self.title = book.add_format({**base, "bold": True, "font_size": 14})
        self.wrapped = book.add_format({**base, "text_wrap": True, "valign": "top"})
        self.bold = book.add_format({**base, "bold": True, "border": 1, "bg_color": "#F2F2F2"})

    def write(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Write guide, sheets and the lists of the drop-downs."""
        guide = self.book.add_worksheet(HELP_TITLES[0] if language() == "zh" else HELP_TITLES[1])
        self.guide(guide)
        if self.form:
            self.info(self.book.add_worksheet(INFO_TITLES[language() != "zh"]))
        for sheet, item in SHEETS.items():
            self.sheet(self.book.add_worksheet(item.title), sheet, tables.get(sheet))
        self.land_codes(self.book.add_worksheet(HELP_TITLES[2 + (language() != "zh")]))
        self.lists(self.book.add_worksheet(_LISTS))

    # -- data sheets ----------------------------------------------------------------------------

    def sheet(self, page: Any, sheet: str, frame: pd.DataFrame | None) -> None:
        """One sheet: headers with notes, then the rows."""
        page.freeze_panes(1, 2 if len(columns(sheet)) > 6 else 1)
        page.set_row(0, 42)
        for position, item in enumerate(columns(sheet)):
            self.column(page, position, item, len(frame) if frame is not None else 0)
            if frame is not None and item.id in frame:
                self.values(page, position, item, frame[item.id])
        page.set_landscape()
        page.set_paper(_A3 if len(columns(sheet)) > _WIDE else _A4)
        page.fit_to_pages(1, 0)
        page.repeat_rows(0)
        page.set_footer("&L&A&R&P / &N")
        if self.form:
            self.sample_row(page, sheet)

    def sample_row(self, page: Any, sheet: str) -> None:
        """One row that shows how to fill in, and below it the land codes of the land-use table."""
        items = columns(sheet)
        frame = table(sheet, [{k: v for k, v in SAMPLES[sheet].items() if k != items[0].id}])
        mark = sample_mark(SAMPLES[sheet][items[0].id] or _("此行不读取"))
        page.write_string(1, 0, mark, self.sample)
        for position, item in enumerate(items[1:], start=1):
            value = frame[item.id].iloc[0]
            if not _is_missing(value):
                form = self.sample_date if item.type is ColumnType.DATE else self.sample
                _cell_writer(page, item)(1, position, _converter(item)(value), form)
            if item.type is ColumnType.LAND_CODE:
                for row, code in enumerate(land_codes(), start=2):
                    page.write_string(row, position, code, self.text)

    def info(self, page: Any) -> None:
        """Who the park is: name, level, type and year."""
        page.set_column(0, 0, 16)
        page.set_column(1, 1, 36)
        page.set_column(2, 2, 60, self.wrapped)
        notes = {
            "name": _("园区全称"),
            "level": _("从下拉列表中选择"),
            "type": _("从下拉列表中选择"),
            "year": _("四位数字，如 2025"),
        }
        names = {
            "level": [_(label) for label in PARK_LEVEL_LABELS.values()],
            "type": [_(label) for label in PARK_TYPE_LABELS.values()],
        }
        for row, (key, label) in enumerate(INFO_LABELS.items()):
            page.write_string(row, 0, _(label), self.required)
            page.write_blank(row, 1, None, self.number if key == "year" else self.text)
            page.write_string(row, 2, notes[key], self.wrapped)
            if key in names:
                page.data_validation(row, 1, row, 1, {"validate": "list", "source": names[key]})
        page.write_string(len(INFO_LABELS) + 1, 0, _("也可以写在 park.yaml 中；两处都写时须一致。"))

    def land_codes(self, page: Any) -> None:
        """Codes of the land-use table with their names, for its drop-downs."""
        for position, head in enumerate((_("代码"), _("名称"), _("上级"))):
            page.write_string(0, position, head, self.bold)
        for row, code in enumerate(land_codes().values(), start=1):
            for position, cell in enumerate((code.code, code.name, code.parent)):
                page.write_string(row, position, cell, self.text)
        page.set_column(0, 0, 8)
        page.set_column(1, 1, 40)
        page.set_column(2, 2, 8)

    def column(self, page: Any, position: int, item: Column, rows: int) -> None:
        """Header, width, note and drop-down of one column."""
        form = self.required if item.required else self.key if item.key else self.optional
        page.set_column(position, position, _width(item), self._cell_format(item))
        page.write_string(0, position, item.labelled_header, form)
        page.write_comment(
            0, position, header_note(item), {"x_scale": 2.2, "y_scale": 1.6, "author": "greenland"}
        )
        last = max(rows, BLANK_ROWS)
        if item.type in (ColumnType.CHOICE, ColumnType.BOOL):
            name = item.choices or "yes_no"
            page.data_validation(
                1,
                position,
                last,
                position,
                {
                    "validate": "list",
                    "source": f"={_LISTS}!{self._list_range(name)}",
                    "error_title": _("取值不在列表中"),
                    "error_message": _("请从下拉列表中选择。"),
                },
            )
        elif item.type is ColumnType.LAND_CODE:
            title = HELP_TITLES[2 + (language() != "zh")]
            source = f"='{title}'!$A$2:$A${len(land_codes()) + 1}"
            page.data_validation(
                1, position, last, position, {"validate": "list", "source": source}
            )
        elif item.numeric and item.minimum is not None:
            page.data_validation(1, position, last, position, _bounds(item))

    def _cell_format(self, item: Column) -> Any:
        if item.type is ColumnType.DATE:
            return self.date
        if item.numeric or item.type is ColumnType.YEAR:
            return self.number
        return self.text  # codes keep their zeros and all their digits

    def values(self, page: Any, position: int, item: Column, values: pd.Series[Any]) -> None:
        """The cells of one column."""
        write, form = _cell_writer(page, item), self._cell_format(item)
        convert = _converter(item)
        for row, value in enumerate(values.tolist(), start=1):
            if _is_missing(value):
                continue
            write(row, position, convert(value), form)

    # -- drop-downs and guide -------------------------------------------------------------------

    def _lists(self) -> list[str]:
        used = {
            item.choices or ("yes_no" if item.type is ColumnType.BOOL else "")
            for sheet in SHEETS
            for item in columns(sheet)
        }
        return sorted(used - {""})

    def _list_range(self, name: str) -> str:
        letter = chr(ord("A") + self._lists().index(name))
        return f"${letter}$2:${letter}${len(choices(name)) + 1}"

    def lists(self, page: Any) -> None:
        """The hidden sheet the drop-downs point to."""
        for position, name in enumerate(self._lists()):
            page.write_string(0, position, name)
            for row, item in enumerate(choices(name), start=1):
                page.write_string(row, position, item.name)
        page.hide()

    def guide(self, page: Any) -> None:
        """The sheet that says how to fill in the others, with every column and its meaning."""
        page.set_column(0, 0, 14)
        page.set_column(1, 1, 34)
        page.set_column(2, 3, 10)
        page.set_column(4, 4, 80, self.wrapped)
        page.set_column(5, 5, 34, self.wrapped)
        page.set_column(6, 6, 40, self.wrapped)
        page.set_landscape()
        page.fit_to_pages(1, 0)
        page.write_string(0, 0, _("填写说明"), self.title)
        row = 1
        for line in guide_lines():
            page.write_string(row, 0, line)
            row += 1
        row += 1
        heads = (_("工作表"), _("列"), _("单位"), _("填写"), _("含义"), _("来源"), _("用于"))
        for position, head in enumerate(heads):
            page.write_string(row, position, head, self.bold)
        for sheet in SHEETS.values():
            for item in columns(sheet.id):
                row += 1
                cells = (
                    sheet.title,
                    item.header,
                    item.shown_unit,
                    level_of(item),
                    item.meaning,
                    item.source,
                    used_for(item),
                )
                for position, cell in enumerate(cells):
                    page.write_string(row, position, cell, self.wrapped)


def _bounds(item: Column) -> dict[str, Any]:
    """Data validation of a bounded number, in the unit of the header."""
    times = 100.0 if item.type is ColumnType.SHARE else 1.0
    lower = (item.minimum or 0.0) * times
    rule: dict[str, Any] = {"validate": "decimal", "criteria": ">=", "value": lower}
    if item.maximum is not None:
        rule = {
            "validate": "decimal",
            "criteria": "between",
            "minimum": lower,
            "maximum": item.maximum * times,
        }
    return {
        **rule,
        "error_type": "warning",
        "error_title": _("数值超出范围"),
        "error_message": _("请核对数值和单位。"),
    }


def _width(item: Column) -> float:
    if item.type is ColumnType.CREDIT_CODE:
        return 22
    return min(24.0, max(10.0, len(item.header) * 1.6))


def _cell_writer(page: Any, item: Column) -> Callable[..., Any]:
    if item.type is ColumnType.DATE:
        return page.write_datetime  # type: ignore[no-any-return]
    if item.numeric or item.type is ColumnType.YEAR:
        return page.write_number  # type: ignore[no-any-return]
    return page.write_string  # type: ignore[no-any-return]


def _converter(item: Column) -> Callable[[Any], Any]:
    """From the stored value to what stands in the cell."""
    kind = item.type
    if kind is ColumnType.SHARE:
        return lambda value: round(float(value) * 100, 10)
    if kind in (ColumnType.NUMBER, ColumnType.YEAR):
        return float
    if kind is ColumnType.DATE:
        return lambda value: pd.Timestamp(value).to_pydatetime()
    if kind is ColumnType.CODES:
        return "、".join
    if kind is ColumnType.BOOL:
        names = {item.code: item.name for item in choices("yes_no")}
        return lambda value: names["yes" if value else "no"]
    if kind is ColumnType.CHOICE:
        named = {item.code: item.name for item in choices(item.choices)}
        return lambda value: named[value]
    return str


def _is_missing(value: Any) -> bool:
    if isinstance(value, tuple | list):
        return not value
    return bool(pd.isna(value)) or value == ""
