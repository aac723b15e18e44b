"""Reports from a results record: a page, a workbook, a PDF, a Word file.

This package reads the record only; it evaluates nothing and imports neither land nor energy.
"""

from __future__ import annotations

from greenland.record.reading import read_record
from greenland.report.context import headlines
from greenland.report.excel import write_excel
from greenland.report.pdf import write_pdf
from greenland.report.render import render_html
from greenland.report.terminal import PlainTable, tables_of
from greenland.report.word import write_docx

__all__ = [
    "PlainTable",
    "headlines",
    "read_record",
    "render_html",
    "tables_of",
    "write_docx",
    "write_excel",
    "write_pdf",
]
