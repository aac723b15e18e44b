"""Financial statements as sheets whose formulas live: change a figure, and all that follows moves.

What is given stands as a number, what follows as a formula over cells; each formula carries the
value of the record, so that a sheet reads the same before it is computed again.
"""

from __future__ import annotations

import io
import math
from collections.abc import Mapping
from pathlib import Path

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from greenland.errors import unwritable
from greenland.files import write_bytes
from greenland.i18n import _
from greenland.record.energy.money import FinanceRecord, StatementRecord, StatementRow
from greenland.report.excel.book import HEADER_ROW, Book, number_width
from greenland.report.labels.statements import RATES, RATIOS
from greenland.report.statements import row_title, statement_title
from greenland.summary import YUAN_PER_WAN

_FIRST = 3  # column of the first year, after number, item and total
_TITLE_WIDTHS = (8, 30)  # of number and item [characters]
_MEASURED = {"project": ("before_tax", "net"), "equity": ("net",)}
_MONEY, _RATE, _RATIO = "#,##0.00;-#,##0.00;0.00", "0.00%", "0.00"


def write_statements(path: Path | str, finance: FinanceRecord, *, title: str = "") -> Path:
    """Write the financial statements as a workbook with formulas.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    finance : FinanceRecord
    title : str
        Of the project, in the margins.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    InputError
        If it cannot be written.
    """
    stream = io.BytesIO()
    book = Book(stream, title)
    add_statements(book, finance)
    book.write_index(_("财务报表") if not title else _("{title} 财务报表", title=title))
    book.close()
    try:
        write_bytes(Path(path), stream.getvalue())
    except OSError as error:
        raise unwritable(Path(path), error) from error
    return Path(path)


def add_statements(book: Book, finance: FinanceRecord) -> None:
    """Add a sheet for each statement to an open workbook."""
    note = _("单位：万元；年 1 为投产第一年，0 及以前为建设期。带公式：改数即重算。")
    sheets = {
        record.statement: book.sheet(statement_title(record), note, len(record.rows))
        for record in finance.statements
    }
    writer = _StatementWriter(book, sheets, {item.statement: item for item in finance.statements})
    for record in finance.statements:
        writer.write(record)
        if record.statement in _MEASURED:
            writer.measures(record, finance)


class _StatementWriter:
    """Writes statements into their sheets."""

    def __init__(
        self,
        book: Book,
        sheets: Mapping[str, Worksheet],
        records: Mapping[str, StatementRecord],
    ) -> None:
        self.book, self.sheets = book, sheets
        self.places = {
            f"{name}.{row.row}": HEADER_ROW + 1 + place
            for name, record in records.items()
            for place, row in enumerate(record.rows)
        }

    def write(self, record: StatementRecord) -> None:
        """One statement: headings, then a row for each of its rows."""
        sheet, titles = self.sheets[record.statement], (_("序号"), _("科目"), _("合计"))
        for place, words in enumerate(titles):
            total = place == len(titles) - 1
            head = self.book.number_head if total else self.book.head
            sheet.write_string(HEADER_ROW, place, words, head)
        for place, year in enumerate(record.years):
            sheet.write_number(HEADER_ROW, _FIRST + place, year, self.book.number_head)
        for row in record.rows:
            self._row(record, row)
        headings = [*titles, *map(str, record.years)]
        widths = [*_TITLE_WIDTHS, *_widths(record)]
        self.book.lay_out(sheet, headings, widths, repeated=_FIRST)
        sheet.freeze_panes(HEADER_ROW + 1, _FIRST)

    def _row(self, record: StatementRecord, row: StatementRow) -> None:
        sheet, name = self.sheets[record.statement], f"{record.statement}.{row.row}"
        number, unit = self.places[name], 1.0 if name in RATES | RATIOS else YUAN_PER_WAN
        form = _RATE if name in RATES else _RATIO if name in RATIOS else _MONEY
        style = self.book.number(form)
        sheet.write_string(number, 0, row.number, self.book.style("plain"))
        sheet.write_string(number, 1, row_title(record, row.row), self.book.style("plain"))
        if row.total is not None:
            last = _FIRST + len(record.years) - 1
            total = f"=SUM({xl_range(number, _FIRST, number, last)})"
            sheet.write_formula(number, 2, total, style, row.total / unit)
        for place, value in enumerate(row.values):
            column = _FIRST + place
            shown = None if value is None else value / unit
            follows = self._formula(record, row, place)
            if follows is not None:
                sheet.write_formula(number, column, follows, style, "" if shown is None else shown)
            elif shown is not None:
                sheet.write_number(number, column, shown, style)

    def _formula(self, record: StatementRecord, row: StatementRow, place: int) -> str | None:
        """Formula of a year; None where the value is given."""
        if row.follows == "given":
            return None
        cells = [self._cell(record, term.row, _FIRST + place) for term in row.of]
        if row.follows == "product":
            return "=" + "*".join(cells)
        if row.follows == "quotient":
            over, under = cells
            return f'=IF(ABS({under})<0.0000000001,"",{over}/{under})'
        parts = [_signed(term.factor, cell) for term, cell in zip(row.of, cells, strict=True)]
        if row.carried and place:
            before = f"{record.statement}.{row.carried}"
            parts.append("+" + self._cell(record, before, _FIRST + place - 1))
        return "=" + ("".join(parts).removeprefix("+") or "0")

    def _cell(self, record: StatementRecord, row: str, column: int) -> str:
        cell = str(xl_rowcol_to_cell(self.places[row], column))
        statement = row.split(".")[0]
        if statement == record.statement:
            return cell
        return f"'{self.sheets[statement].get_name()}'!{cell}"

    def measures(self, record: StatementRecord, finance: FinanceRecord) -> None:
        """Rates of return, present worth and payback under a statement, as formulas."""
        sheet = self.sheets[record.statement]
        number = HEADER_ROW + 2 + len(record.rows)
        plain, share = self.book.style("plain"), self.book.number(_RATE)
        sheet.write_string(number, 1, _("折现率"), plain)
        rate = xl_rowcol_to_cell(number, 2, row_abs=True, col_abs=True)
        sheet.write_number(number, 2, finance.discount_rate or 0.0, share)
        last = _FIRST + len(record.years) - 1
        years = xl_range(HEADER_ROW, _FIRST, HEADER_ROW, last)
        for key in _MEASURED[record.statement]:
            place = self.places[f"{record.statement}.{key}"]
            flow = xl_range(place, _FIRST, place, last)
            name = row_title(record, key)
            found = _measures(record.statement, key, finance)
            formulas = (
                (_("{name}：内部收益率", name=name), f"=IRR({flow})", found[0], share),
                (
                    _("{name}：净现值（万元，折到第 0 年末）", name=name),
                    f"=SUMPRODUCT({flow},(1+{rate})^(-{years}))",
                    None if found[1] is None else found[1] / YUAN_PER_WAN,
                    self.book.number(_MONEY),
                ),
            )
            for title, formula, value, style in formulas:
                if value is None:
                    continue
                number += 1
                sheet.write_string(number, 1, title, plain)
                sheet.write_formula(number, 2, formula, style, value)


def _measures(
    statement: str, key: str, finance: FinanceRecord
) -> tuple[float | None, float | None]:
    if statement == "equity":
        return finance.equity_irr, None
    if key == "before_tax":
        return finance.irr_before_tax, finance.npv_before_tax
    return finance.irr, finance.npv


def _widths(record: StatementRecord) -> list[float]:
    """Widths of the total and of the years, for the amounts they hold [characters]."""
    columns = [[row.total for row in record.rows]]
    columns += [[row.values[place] for row in record.rows] for place in range(len(record.years))]
    return [
        number_width((amount / YUAN_PER_WAN for amount in column if amount is not None), 2)
        for column in columns
    ]


def _signed(factor: float, cell: str) -> str:
    sign = "-" if factor < 0 else "+"
    size = abs(factor)
    return f"{sign}{cell}" if math.isclose(size, 1.0) else f"{sign}{size!r}*{cell}"
