"""Cells read column by column: forgiving in form, never in content.

Numbers may carry full-width digits, thousand separators and a unit; dates may be text or Excel
serial numbers; choices may be named by a synonym. What cannot be understood is reported and left
missing, never guessed.
"""

from greenland.park.cells.base import CellError, Cells, Context, Fault
from greenland.park.cells.dates import EXCEL_EPOCH
from greenland.park.cells.numbers import parse_number
from greenland.park.cells.reader import read_cells

__all__ = [
    "EXCEL_EPOCH",
    "CellError",
    "Cells",
    "Context",
    "Fault",
    "parse_number",
    "read_cells",
]
