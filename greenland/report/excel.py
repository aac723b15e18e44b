"""The workbook: one formatted sheet per table, and one of the rules.

Text from the record is written as text, whatever it begins with; no cell is ever a formula.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from greenland.files import write_bytes
from greenland.i18n import _, use_language
from greenland.record.record import Record
from greenland.report import formatters as fmt
from greenland.report import palette
from greenland.report.blocks import Rules
from greenland.report.context import Report, build
from greenland.report.labels import label, state_label, value_label
from greenland.report.tables import Row, Table, TableColumn, cell_text, indicator_of

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_DOUBLE = re.compile("[\u2e81-\U0010ffff]")  # characters twice as wide as Latin letters
_HEADER_ROW = 2
_WIDEST = 42
_FIXED_DAY = dt.datetime(2000, 1, 1)  # no clock: the same record gives the same bytes
_TINTS = {
    "failed": ("#8F2A12", "#FBE8E2"),
    "overdue": ("#7C2557", "#F7E6F0"),
    "met": ("#0B5F58", "#E2F2F0"),
    "no_data": ("#6B4F00", "#FAF1D6"),
    "not_due": ("#4B5563", "#ECEFF2"),
    "rejected": ("#8F2A12", "#FBE8E2"),
    "conditional": ("#6B4F00", "#FAF1D6"),
    "admitted": ("#0B5F58", "#E2F2F0"),
    "exit": ("#8F2A12", "#FBE8E2"),
    "supervise": ("#6B4F00", "#FAF1D6"),
    "A": ("#0B5F58", "#E2F2F0"),
    "D": ("#8F2A12", "#FBE8E2"),
}
_TINTED = {"state": "state", "verdict": "verdict", "decision": "decision", "class": "class"}


class _Book:
    """An open workbook with its formats, each made once."""

    def __init__(self, stream: io.BytesIO) -> None:
        self.book = Workbook(
            stream,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": False,
            },
        )
        self.book.set_properties({"created": _FIXED_DAY})
        self.formats: dict[str, Format] = {}
        self.sheets: set[str] = set()
        self.base = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}

    def style(self, key: str, **options: Any) -> Format:
        """A format by its key."""
        if key not in self.formats:
            self.formats[key] = self.book.add_format({**self.base, **options})
        return self.formats[key]

    def number(self, form: str) -> Format:
        """A format of numbers."""
        return self.style(f"number {form}", num_format=form, align="right")

    def sheet(self, title: str) -> Worksheet:
        """A new sheet; its name cut to what Excel takes and kept unique."""
        plain = _FORBIDDEN.sub(" ", title).strip() or "Sheet"
        name, number = plain[:31], 2
        while name.lower() in self.sheets:
            tail = f" {number}"
            name, number = plain[: 31 - len(tail)] + tail, number + 1
        self.sheets.add(name.lower())
        return self.book.add_worksheet(name)


def write_excel(
    path: Path | str, record: Record | Mapping[str, Any], *, language: str = "zh"
) -> Path:
    """Write ``results.xlsx``: every table of the report, the rules, and what was not evaluated.

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
        book = _Book(stream)
        _cover(book, report)
        for table in report.tables:
            if "workbook" in table.forms:
                _table(book, table, report.rules)
        if report.hours is not None:
            _schedule(book, report)
        _rules(book, report.rules)
        book.book.close()
    write_bytes(Path(path), stream.getvalue())
    return Path(path)


def _title(book: _Book, sheet: Worksheet, title: str, note: str) -> None:
    sheet.write_string(0, 0, title, book.style("title", bold=True, font_size=14))
    sheet.write_string(1, 0, note, book.style("note", font_color="#55606D"))
    sheet.hide_gridlines(2)


def _cover(book: _Book, report: Report) -> None:
    sheet = book.sheet(_("结论"))
    _title(book, sheet, f"{report.title} {report.subtitle}", _("各表单位写在表头；“—”为没有数据。"))
    text, head = book.style("text", text_wrap=True), _head(book)
    row = _HEADER_ROW
    headings = (_("要求"), _("实际"), _("标准"), _("结论"), _("依据"), _("说明"))
    for place, heading in enumerate(headings):
        sheet.write_string(row, place, heading, head)
    for verdict in (*report.failed, *report.met):
        row += 1
        rule = report.rules.get(verdict.rule_id)
        basis = f"{rule.document} {rule.clause}" if rule else verdict.basis
        cells = (verdict.subject, verdict.value, verdict.required, state_label(verdict.state))
        for place, value in enumerate((*cells, basis, verdict.reason)):
            tint = _tint(book, verdict.state) if place == 3 else None
            sheet.write_string(row, place, value, tint or text)
    for title, reason in report.missing:
        row += 1
        for place, value in enumerate((title, "", "", _("未评价"), "", reason)):
            sheet.write_string(row, place, value, text)
    for place, width in enumerate((34, 18, 18, 12, 40, 50)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    _paper(sheet)


def _head(book: _Book) -> Format:
    return book.style(
        "head",
        bold=True,
        text_wrap=True,
        bottom=1,
        top=1,
        bg_color="#E9F2F5",
        font_color=palette.ACCENT,
        valign="vcenter",
    )


def _paper(sheet: Worksheet) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_footer("&C&P / &N")


def _table(book: _Book, table: Table, rules: Rules) -> None:
    sheet = book.sheet(table.title)
    _title(book, sheet, table.title, table.note)
    head = _head(book)
    for place, column in enumerate(table.columns):
        sheet.write_string(_HEADER_ROW, place, column.heading, head)
    for number, row in enumerate(table.rows, start=_HEADER_ROW + 1):
        for place, column in enumerate(table.columns):
            _cell(book, sheet, number, place, row, column, rules)
    last = _HEADER_ROW + len(table.rows)
    sheet.autofilter(_HEADER_ROW, 0, last, len(table.columns) - 1)
    sheet.freeze_panes(_HEADER_ROW + 1, min(2, len(table.columns) - 1))
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, _width(table.rows, column))
        _colour(book, sheet, place, column, last)
    _paper(sheet)


def _cell(
    book: _Book,
    sheet: Worksheet,
    number: int,
    place: int,
    row: Row,
    column: TableColumn,
    rules: Rules,
) -> None:
    value = row.get(column.key)
    amount = fmt.as_number(value)
    if fmt.is_missing(value):
        sheet.write_string(number, place, fmt.DASH, book.style("none", align="right"))
    elif amount is not None and column.kind not in ("rule", "coded", "text", "mark"):
        form = _number_format(row, column)
        sheet.write_number(number, place, amount / column.divisor, book.number(form))
    elif column.kind == "date" and (day := _day(value)) is not None:
        style = book.style("date", num_format="yyyy-mm-dd", align="left")
        sheet.write_datetime(number, place, day, style)
    elif column.kind == "rule":
        found = rules.get(value)
        text = f"{found.number} {found.document} {found.clause}".strip() if found else str(value)
        sheet.write_string(number, place, text, book.style("text", text_wrap=True))
    elif column.kind == "mark":
        sheet.write_string(number, place, state_label(str(value)), book.style("plain"))
    else:
        text = cell_text(row, column)
        style = book.style("text", text_wrap=True) if len(text) > 24 else book.style("plain")
        sheet.write_string(number, place, text, style)


def _day(value: Any) -> dt.datetime | None:
    try:
        day = dt.date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    return dt.datetime(day.year, day.month, day.day) if day.year >= 1900 else None


def _number_format(row: Row, column: TableColumn) -> str:
    kind, digits = column.kind, column.digits
    if kind in ("value", "change"):
        entry = label(indicator_of(row))
        kind, digits = entry.kind, entry.digits
        if row.get("unit") == "share":
            kind = "share"
    if kind == "share":
        return "0.0%"
    if kind in ("int", "year"):
        return "0" if kind == "year" else "#,##0"
    return "#,##0" + ("." + "0" * digits if digits else "") if digits is not None else "#,##0.00"


def _width(rows: Sequence[Row], column: TableColumn) -> float:
    """Room for the heading and for the longest of the first rows, counting Chinese double."""
    texts = (
        [cell_text(row, column) for row in rows[:200]]
        if column.kind != "mark"
        else [state_label("no_data")]
    )
    longest = max((_cells(text) for text in texts), default=0)
    return max(8.0, min(_WIDEST, max(longest, _cells(column.heading) * 0.62) + 2.5))


def _cells(text: str) -> int:
    return len(text) + len(_DOUBLE.findall(text))


def _tint(book: _Book, code: str) -> Format | None:
    if code not in _TINTS:
        return None
    ink, ground = _TINTS[code]
    return book.style(f"tint {code}", font_color=ink, bg_color=ground)


def _colour(book: _Book, sheet: Worksheet, place: int, column: TableColumn, last: int) -> None:
    """Conditional colours that follow the words, so that an edited cell changes colour too."""
    coded = "state" if column.kind in ("state", "mark") else _TINTED.get(column.key)
    if coded is None:
        return
    cells = xl_range(_HEADER_ROW + 1, place, last, place)
    for code, (ink, ground) in _TINTS.items():
        words = value_label(coded, code)
        if words == code:
            continue
        form = book.book.add_format({"font_color": ink, "bg_color": ground})
        rule = {"type": "cell", "criteria": "==", "value": f'"{words}"', "format": form}
        sheet.conditional_format(cells, rule)


def _schedule(book: _Book, report: Report) -> None:
    hours = report.hours
    assert hours is not None
    sheet = book.sheet(_("逐时调度"))
    _title(book, sheet, _("逐时调度"), _("功率单位 MW，储能电量单位 MWh；时间为当地时间。"))
    head = _head(book)
    keys = list(hours.columns)
    sheet.write_string(_HEADER_ROW, 0, _("时间"), head)
    for place, key in enumerate(keys, start=1):
        unit = "MWh" if key == "energy" else "MW"
        title = _("储能电量") if key == "energy" else hours.title(key)
        sheet.write_string(_HEADER_ROW, place, _("{title}（{unit}）", title=title, unit=unit), head)
    start = dt.datetime.fromtimestamp(hours.start_ms / 1000, dt.UTC).replace(tzinfo=None)
    stamp = book.style("stamp", num_format="yyyy-mm-dd hh:mm", align="left")
    form = book.number("#,##0.00")
    lists = [hours.columns[key].tolist() for key in keys]
    for hour in range(len(hours)):
        row = _HEADER_ROW + 1 + hour
        sheet.write_datetime(row, 0, start + dt.timedelta(hours=hour), stamp)
        for place, values in enumerate(lists, start=1):
            sheet.write_number(row, place, round(values[hour], 4), form)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, len(keys), 12)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(hours), len(keys))


def _rules(book: _Book, rules: Rules) -> None:
    sheet = book.sheet(_("规则"))
    _title(book, sheet, _("所依据的规则"), _("标 * 的由园区自定。"))
    headings = (
        *(_("序号"), _("编号"), _("规则"), _("数值"), _("文件"), _("条款")),
        *(_("有效期"), _("可信度"), _("规则包"), _("原值"), _("备注")),
    )
    head, text = _head(book), book.style("text", text_wrap=True)
    for place, heading in enumerate(headings):
        sheet.write_string(_HEADER_ROW, place, heading, head)
    for number, rule in enumerate(rules.items, start=_HEADER_ROW + 1):
        cells = (
            *(rule.number + ("*" if rule.overridden else ""), rule.id, rule.title, rule.value),
            *(rule.document, rule.clause, rule.force),
            *(value_label("confidence", rule.confidence), rule.pack, rule.replaced, rule.note),
        )
        for place, value in enumerate(cells):
            sheet.write_string(number, place, str(value), text)
    for place, width in enumerate((6, 34, 34, 24, 30, 16, 24, 12, 12, 16, 40)):
        sheet.set_column(place, place, width)
    sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + len(rules.items), len(headings) - 1)
    sheet.freeze_panes(_HEADER_ROW + 1, 3)
    _paper(sheet)
