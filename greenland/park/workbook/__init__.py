"""Excel workbooks: cells, number formats, error cells, merged ranges, hidden sheets, date system.

`book` reads a workbook; `package` opens the file and its parts within limits; `styles` and
`number_format` tell what a cell's format shows; `survey` passes once over the XML of a sheet;
`cell_reader` reads a sheet cell by cell where the fast reader cannot.
"""

from greenland.park.workbook.book import EXCEL_SUFFIXES, OTHER_SUFFIXES, Workbook, gave_up
from greenland.park.workbook.number_format import elapsed, is_date, is_percent
from greenland.park.workbook.package import FAULTS, refuse_other_kinds

__all__ = [
    "EXCEL_SUFFIXES",
    "FAULTS",
    "OTHER_SUFFIXES",
    "Workbook",
    "elapsed",
    "gave_up",
    "is_date",
    "is_percent",
    "refuse_other_kinds",
]
