"""A study as one HTML page, and as a workbook."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from greenland.files import write_bytes
from greenland.i18n import _, use_language
from greenland.report import formatters as fmt
from greenland.report.excel.book import HEADER_ROW, Book
from greenland.report.render import environment, page_context
from greenland.report.studies.page import study_page
from greenland.report.studies.words import Record, study_lead


def render_study(record: Record, *, language: str = "zh", templates: Path | None = None) -> str:
    """Render a study as one HTML page that needs nothing from outside.

    Parameters
    ----------
    record : mapping
        As ``greenland energy study --json`` writes it.
    language : str
        ``"zh"`` or ``"en"``.
    templates : Path, optional
        As in `greenland.report.render_html`; the page is ``study.html``.
    """
    with use_language(language):
        page, env = study_page(record), environment(templates)
        return env.get_template("study.html").render(page_context(page, env))


def write_study_excel(path: Path | str, record: Record, *, language: str = "zh") -> Path:
    """Write a study as a workbook: a sheet for each table of the page, and one with all numbers.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    record : mapping
        As ``greenland energy study --json`` writes it.
    language : str
        ``"zh"`` or ``"en"``.
    """
    with use_language(language):
        page = study_page(record)
        stream = io.BytesIO()
        book = Book(stream, page.title)
        for table in page.tables:
            sheet = book.sheet(table.title, study_lead(record), len(table.rows))
            headings = [column.heading for column in table.columns]
            rows = [[row.get(column.key) for column in table.columns] for row in table.rows]
            _write(book, sheet, headings, rows)
        flat = [_flat(case) for case in record["cases"]]
        keys = list(dict.fromkeys(key for row in flat for key in row))
        sheet = book.sheet(
            str(_("算例数值")), str(_("金额为元，比例为小数，容量为 MW、MWh")), len(flat)
        )
        _write(book, sheet, keys, [[row.get(key) for key in keys] for row in flat])
        book.write_index(page.title)
        book.close()
    write_bytes(Path(path), stream.getvalue())
    return Path(path)


def _write(book: Book, sheet: Any, headings: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    for place, heading in enumerate(headings):
        sheet.write_string(HEADER_ROW, place, heading, book.head)
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        for place, value in enumerate(row):
            amount = fmt.as_number(value)
            if amount is not None:
                sheet.write_number(number, place, amount, book.number("#,##0.####"))
            elif not fmt.is_missing(value):
                sheet.write_string(number, place, str(value), book.text)
    sheet.set_column(0, len(headings) - 1, 16)
    sheet.freeze_panes(HEADER_ROW + 1, 1)


def _flat(case: Mapping[str, Any]) -> dict[str, Any]:
    """All numbers of a case in one level."""
    flat: dict[str, Any] = {}
    for key, value in case.items():
        if key in ("changes", "units", "years", "kind"):
            continue
        if not isinstance(value, Mapping):
            flat[key] = value
            continue
        for label, item in value.items():
            if isinstance(item, Mapping):
                flat[f"{key}.{label}"] = item.get("value")
            else:
                flat[f"{key}.{label}"] = fmt.listed(item) if isinstance(item, list) else item
    return flat
