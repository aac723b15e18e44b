"""The workbook: an index, the conclusions, what is to be done, a sheet per table, and the rules.

Text from the record is written as text, whatever it begins with; formulas name cells only.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

from xlsxwriter.worksheet import Worksheet

from greenland.files import write_bytes
from greenland.i18n import _, use_language
from greenland.record.record import Record, if_made
from greenland.report.blocks import Rules
from greenland.report.context import Report, build
from greenland.report.excel.book import ACROSS_A3, HEADER_ROW, Book, fit_row, number_width
from greenland.report.excel.cells import (
    WIDTH_ROWS,
    colour,
    column_width,
    exact_digits,
    head,
    tint,
    write_cell,
    write_formula,
    written,
)
from greenland.report.excel.firms import RULES as FIRM_RULES
from greenland.report.excel.formulas import Traced, formulas
from greenland.report.excel.items import RULES as ITEM_RULES
from greenland.report.excel.limits import RULES as LIMIT_RULES
from greenland.report.excel.review import RULES as REVIEW_RULES
from greenland.report.excel.sight import Sheets
from greenland.report.excel.statements import add_statements
from greenland.report.labels import state_label, value_label
from greenland.report.tables import Table, TableColumn
from greenland.report.todo import todo_table

_FIRST_DAY = dt.datetime(1899, 12, 30)  # day 0 of every date after February 1900
_TOO_WIDE = 2 * ACROSS_A3  # characters of all columns that are not legible on one sheet of A3
_COVER_WIDTHS = (34, 18, 18, 12, 40, 50)
_RULE_WIDTHS = (8, 34, 34, 24, 30, 16, 24, 12, 12, 16, 40)
RULES = {**FIRM_RULES, **ITEM_RULES, **REVIEW_RULES, **LIMIT_RULES}


def write_excel(
    path: Path | str, record: Record | Mapping[str, Any], *, language: str = "zh"
) -> Path:
    """Write ``results.xlsx``: every table of the report, the things to do, and the rules.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    record : Record or mapping
        As in ``results.json``.
    language : str
        ``"zh"`` or ``"en"``.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    InputError
        If it is not a results record.

    Examples
    --------
    >>> import tempfile
    >>> from greenland import assess
    >>> from greenland.park import example_folder
    >>> record = assess(example_folder(), parts=()).record()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = write_excel(f"{folder}/results.xlsx", record)
    >>> path.name
    'results.xlsx'
    """
    with use_language(language):
        report = build(record)
        stream = io.BytesIO()
        book = Book(stream, report.park, report.subtitle)
        _cover(book, report)
        todo = todo_table(report)
        shown = [table for table in report.tables if "workbook" in table.forms]
        _tables(book, shown if todo is None else [todo, *shown], report)
        energy = if_made(report.record.energy)
        if energy is not None and energy.finance is not None:
            add_statements(book, energy.finance)
        if report.hours is not None:
            _schedule(book, report)
        if report.rules.items:
            write_rules(book, report.rules)
        book.write_index(f"{report.title} {report.subtitle}")
        book.close()
    write_bytes(Path(path), stream.getvalue())
    return Path(path)


def _cover(book: Book, report: Report) -> None:
    count = len(report.failed) + len(report.met) + len(report.missing)
    sheet = book.sheet(_("结论"), _("各表单位写在表头；“—”为没有数据。"), count)
    text, row = book.text, HEADER_ROW
    headings = (_("要求"), _("实际"), _("标准"), _("结论"), _("依据"), _("说明"))
    for place, heading in enumerate(headings):
        sheet.write_string(row, place, heading, book.head)
    for verdict in (*report.failed, *report.met):
        row += 1
        rule = report.rules.get(verdict.rule_id)
        basis = f"{rule.document} {rule.clause}" if rule else verdict.basis
        cells = (verdict.subject, verdict.value, verdict.required, state_label(verdict.state))
        for place, value in enumerate((*cells, basis, verdict.reason)):
            tinted = tint(book, verdict.state) if place == 3 else None
            sheet.write_string(row, place, value, tinted or text)
        fit_row(sheet, row, (*cells, basis, verdict.reason), _COVER_WIDTHS)
    for title, reason in report.missing:
        row += 1
        for place, value in enumerate((title, "", "", _("未评价"), "", reason)):
            sheet.write_string(row, place, value, text)
        fit_row(sheet, row, (title, reason), (_COVER_WIDTHS[0], _COVER_WIDTHS[-1]))
    book.lay_out(sheet, headings, _COVER_WIDTHS)
    sheet.freeze_panes(HEADER_ROW + 1, 0)


def _tables(book: Book, tables: Sequence[Table], report: Report) -> None:
    """Open a sheet for each table, then write all, so that formulas can name any of them."""
    sheets = Sheets(report.record)
    opened = []
    for table in tables:
        sheet = book.sheet(table.title, table.remark, len(table.rows))
        columns = [exact_digits(column, table.rows) for column in table.columns]
        sheets.place(table, sheet.get_name(), columns)
        opened.append((sheet, table, columns))
    traced = formulas(sheets, RULES)
    for sheet, table, columns in opened:
        write_table(book, sheet, table, columns, report.rules, traced, sheets.used)


def write_table(
    book: Book,
    sheet: Worksheet,
    table: Table,
    columns: Sequence[TableColumn],
    rules: Rules,
    traced: Traced | None = None,
    used: Set[tuple[str, str]] = frozenset(),
) -> None:
    """Write a table into its sheet.

    Parameters
    ----------
    book : Book
    sheet : Worksheet
    table : Table
    columns : sequence of TableColumn
        Of the table, with the decimals they are to be written with.
    rules : Rules
    traced : mapping, optional
        Formulas by table, row and column.
    used : set
        Columns whose numbers formulas rest on: they are not rounded.
    """
    traced = traced or {}
    texts = [[written(row, column, rules) for column in columns] for row in table.rows]
    widths = [
        column_width(table.rows, column, [line[place] for line in texts[:WIDTH_ROWS]])
        for place, column in enumerate(columns)
    ]
    for place, column in enumerate(columns):
        sheet.write_string(HEADER_ROW, place, column.heading, head(book, column))
    for number, row in enumerate(table.rows):
        fit_row(sheet, HEADER_ROW + 1 + number, texts[number], widths)
        for place, column in enumerate(columns):
            follows = traced.get((table.id, number, column.key))
            at = (HEADER_ROW + 1 + number, place)
            if follows is None:
                exact = (table.id, column.key) in used
                write_cell(book, sheet, *at, row, column, texts[number][place], exact=exact)
            else:
                write_formula(book, sheet, *at, row, column, follows)
    last = HEADER_ROW + len(table.rows)
    sheet.autofilter(HEADER_ROW, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(HEADER_ROW + 1, min(2, len(table.columns) - 1))
    repeated = len(columns[:2]) if sum(widths) > _TOO_WIDE else 0
    book.lay_out(sheet, [column.heading for column in columns], widths, repeated=repeated)
    for place, column in enumerate(columns):
        colour(book, sheet, place, column, last)


def _schedule(book: Book, report: Report) -> None:
    hours = report.hours
    assert hours is not None
    note: str = _("功率单位 MW，储能电量单位 MWh；时间为当地时间。")
    if hours.step > 1:
        note += _("测算每 {hours} 小时一步，同一步内各小时为平均值。", hours=hours.step)
    if hours.apart:
        note += _("曲线是互不相接的几个气象年，这里只列第一个。")
    sheet = book.sheet(_("逐时调度"), note, len(hours))
    keys = list(hours.columns)
    sheet.write_string(HEADER_ROW, 0, _("时间"), book.head)
    headings = [_("时间")]
    for place, key in enumerate(keys, start=1):
        unit = "MWh" if key == "energy" else "MW"
        title = _("储能电量") if key == "energy" else hours.title(key)
        headings.append(_("{title}（{unit}）", title=title, unit=unit))
        sheet.write_string(HEADER_ROW, place, headings[-1], book.number_head)
    start = dt.datetime.fromtimestamp(hours.start_ms / 1000, dt.UTC).replace(tzinfo=None)
    stamp = book.style("stamp", num_format="yyyy-mm-dd hh:mm", align="left")
    form = book.number("#,##0.00##")
    hour, day = dt.timedelta(hours=1), dt.timedelta(days=1)
    since = (start + number * hour - _FIRST_DAY for number in range(len(hours)))
    days = [time.days + time.seconds / day.total_seconds() for time in since]
    lists = [[round(value, 4) + 0.0 for value in hours.columns[key].tolist()] for key in keys]
    rows = list(zip(days, *lists, strict=True))
    sheet.write_numbers(HEADER_ROW + 1, rows, [stamp, *[form] * len(keys)])
    book.lay_out(sheet, headings, [18, *(max(12, number_width(one, 2)) for one in lists)])
    sheet.freeze_panes(HEADER_ROW + 1, 1)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(hours), len(keys))


def write_rules(book: Book, rules: Rules) -> None:
    """Write the sheet of the rules."""
    sheet = book.sheet(_("规则"), _("标 * 的由园区自定。"), len(rules.items))
    headings = (
        *(_("序号"), _("编号"), _("规则"), _("数值"), _("文件"), _("条款")),
        *(_("有效期"), _("可信度"), _("规则包"), _("原值"), _("备注")),
    )
    text = book.text
    for place, heading in enumerate(headings):
        sheet.write_string(HEADER_ROW, place, heading, book.head)
    for number, rule in enumerate(rules.items, start=HEADER_ROW + 1):
        cells = (
            *(rule.number + ("*" if rule.overridden else ""), rule.id, rule.title, rule.value),
            *(rule.document, rule.clause, rule.force),
            *(value_label("confidence", rule.confidence), rule.pack, rule.replaced, rule.note),
        )
        for place, value in enumerate(cells):
            sheet.write_string(number, place, str(value), text)
        fit_row(sheet, number, [str(value) for value in cells], _RULE_WIDTHS)
    book.lay_out(sheet, headings, _RULE_WIDTHS)
    sheet.autofilter(HEADER_ROW, 0, HEADER_ROW + len(rules.items), len(headings) - 1)
    sheet.freeze_panes(HEADER_ROW + 1, 3)
