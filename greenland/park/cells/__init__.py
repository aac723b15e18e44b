"""Cells read column by column: forgiving in form, never in content.

Numbers may carry full-width digits, thousand separators and a unit; dates may be text or Excel
serial numbers; choices may be named by a synonym. What cannot be understood is reported and left
missing, never guessed.
"""

from greenland.park.cells.base import EPOCH_1904, EXCEL_EPOCH, CellError, Cells, Context, Fault
from greenland.park.cells.formats import tells
from greenland.park.cells.marks import footnote_marks
from greenland.park.cells.numbers import parse_number
from greenland.park.cells.reader import read_cells

__all__ = [
    "EPOCH_1904",
    "EXCEL_EPOCH",
    "CellError",
    "Cells",
    "Context",
    "Fault",
    "footnote_marks",
    "parse_number",
    "read_cells",
    "tells",
]
