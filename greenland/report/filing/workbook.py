"""The data of a filing's figures as a workbook: the facts, and one sheet for each figure."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from greenland.files import write_bytes
from greenland.i18n import _
from greenland.report.excel.book import HEADER_ROW, Book, letters
from greenland.report.filing.facts import Fact
from greenland.report.filing.figure import FilingFigure

_WIDEST = 60
_LEAST = 10


def write_figures(
    path: Path | str,
    title: str,
    facts: Mapping[str, Fact],
    figures: Mapping[str, FilingFigure | None],
) -> Path:
    """Write the data of figures; those without data have no sheet.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    title : str
        In the margins of every printed sheet.
    facts : mapping of str
    figures : mapping of str
    """
    stream = io.BytesIO()
    book = Book(stream, title)
    told = [(one.title, one.text, one.name) for one in facts.values() if one.text is not None]
    _sheet(book, str(_("事实")), "", (_("名称"), _("内容"), _("代码")), told)
    for figure in figures.values():
        if figure is not None:
            note = figure.note if figure.chart is None else figure.chart.title
            _sheet(book, figure.title, note, figure.headings, figure.rows)
    book.write_index(str(_("申报材料图表数据")))
    book.close()
    write_bytes(Path(path), stream.getvalue())
    return Path(path)


def _sheet(
    book: Book,
    title: str,
    note: str,
    headings: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    sheet = book.sheet(title, note, len(rows))
    numeric = [
        any(isinstance(row[place], float | int) for row in rows) for place in range(len(headings))
    ]
    for place, heading in enumerate(headings):
        form = book.number_head if numeric[place] else book.head
        sheet.write_string(HEADER_ROW, place, heading, form)
    number = book.number("#,##0.####")
    for line, row in enumerate(rows, start=HEADER_ROW + 1):
        for place, value in enumerate(row):
            if isinstance(value, int | float):
                sheet.write_number(line, place, value, number)
            elif value is not None:
                sheet.write_string(line, place, value, book.plain)
    widths = []
    for place, heading in enumerate(headings):
        texts = [str(row[place]) for row in rows if isinstance(row[place], str)]
        widest = max([letters(heading), *map(letters, texts)])
        widths.append(float(min(_WIDEST, max(_LEAST, widest + 3))))
    book.lay_out(sheet, headings, widths)
    sheet.freeze_panes(HEADER_ROW + 1, 1)
