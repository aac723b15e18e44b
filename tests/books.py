"""Workbooks whose sheets hold just the given cells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import openpyxl


def book_of(sheets: Mapping[str, Sequence[Sequence[object]]]) -> openpyxl.Workbook:
    """A workbook with these sheets, each from its first cell on."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    return book
