"""A comparison as one HTML page, and as a workbook whose sums are formulas."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from greenland.files import write_bytes
from greenland.i18n import _, use_language
from greenland.report import formatters as fmt
from greenland.report.comparison import GROUPS, ComparedRow, compared_rows, comparison_page, lead_of
from greenland.report.excel.book import HEADER_ROW, Book
from greenland.report.render import environment, page_context


def render_comparison(
    record: Mapping[str, Any], *, language: str = "zh", templates: Path | None = None
) -> str:
    """Render a comparison as one HTML page that needs nothing from outside.

    Parameters
    ----------
    record : mapping
        As ``greenland energy compare --json`` writes it.
    language : str
        ``"zh"`` or ``"en"``.
    templates : Path, optional
        As in `greenland.report.render_html`; the page is ``compare.html``.
    """
    with use_language(language):
        page, env = comparison_page(record), environment(templates)
        return env.get_template("compare.html").render(page_context(page, env))


def write_comparison_excel(
    path: Path | str, record: Mapping[str, Any], *, language: str = "zh"
) -> Path:
    """Write a comparison as a workbook: a sheet for each group, the costs with their chart.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    record : mapping
        As ``greenland energy compare --json`` writes it.
    language : str
        ``"zh"`` or ``"en"``.
    """
    with use_language(language):
        cases, rows = list(record["cases"]), compared_rows(record)
        stream = io.BytesIO()
        book = Book(stream, str(_("案例比较")))
        for group, heading in GROUPS.items():
            chosen = [row for row in rows if row.group == group]
            if chosen:
                note = lead_of(cases, rows) if group == "status" else ""
                sheet = book.sheet(_(heading), note, len(chosen))
                _write(book, sheet, cases, chosen)
                if group == "costs":
                    _total_and_chart(book, sheet, cases, len(chosen))
        book.write_index(_("案例比较"))
        book.close()
    write_bytes(Path(path), stream.getvalue())
    return Path(path)


def _write(book: Book, sheet: Worksheet, cases: Sequence[str], rows: Sequence[ComparedRow]) -> None:
    for place, heading in enumerate((_("项目"), _("单位"), *cases)):
        sheet.write_string(HEADER_ROW, place, heading, book.head)
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        sheet.write_string(number, 0, row.item, book.text)
        sheet.write_string(number, 1, row.unit, book.text)
        for place, value in enumerate(row.values, start=2):
            amount = fmt.as_number(value)
            if amount is None:
                text = fmt.DASH if fmt.is_missing(value) else str(value)
                sheet.write_string(number, place, text, book.style("right", align="right"))
            else:
                form = (
                    "0.00%" if row.is_share else "#,##0" if row.group == "costs" else "#,##0.####"
                )
                sheet.write_number(number, place, amount, book.number(form))
    sheet.set_column(0, 0, 44)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 1 + len(cases), 20)
    sheet.freeze_panes(HEADER_ROW + 1, 1)


def _total_and_chart(book: Book, sheet: Worksheet, cases: Sequence[str], rows: int) -> None:
    """A row of sums, and the costs of all cases as stacked columns."""
    first, last = HEADER_ROW + 1, HEADER_ROW + rows
    bold = book.style("total", bold=True, num_format="#,##0", align="right", top=1)
    sheet.write_string(last + 1, 0, _("合计"), book.style("total name", bold=True, top=1))
    sheet.write_string(last + 1, 1, _("万元/年"), book.style("total name", bold=True, top=1))
    for place in range(2, 2 + len(cases)):
        column = xl_col_to_name(place)
        sheet.write_formula(last + 1, place, f"=SUM({column}{first + 1}:{column}{last + 1})", bold)
    chart = book.book.add_chart({"type": "column", "subtype": "stacked"})
    where = sheet.get_name()
    for row in range(first, last + 1):
        chart.add_series(
            {
                "name": [where, row, 0],
                "categories": [where, HEADER_ROW, 2, HEADER_ROW, 1 + len(cases)],
                "values": [where, row, 2, row, 1 + len(cases)],
            }
        )
    chart.set_title({"name": str(_("年费用构成"))})
    chart.set_y_axis({"name": str(_("万元/年")), "num_format": "#,##0"})
    chart.set_legend({"position": "right"})
    chart.set_size({"width": 720, "height": 400})
    sheet.insert_chart(last + 3, 0, chart)
