"""Where each table was read, for people to see that it was the right place."""

from __future__ import annotations

from dataclasses import dataclass

from greenland.i18n import _
from greenland.park.problems import row_ranges
from greenland.park.reading import ReadSheet


@dataclass(frozen=True, slots=True)
class TableSource:
    """Place a table was read from.

    Parameters
    ----------
    file, sheet : str
        File name, and title of the sheet.
    extent : str
        Header and data, as Excel writes a range, such as ``"A3:H120"``.
    rows : int
        Rows of data.
    left_out : tuple of int
        Rows of the file that were not read as data: totals, notes, repeated headers.
    """

    file: str
    sheet: str
    extent: str
    rows: int
    left_out: tuple[int, ...] = ()

    def __str__(self) -> str:
        """One phrase: file, sheet, range, number of rows, and the rows left out."""
        place = self.file if self.sheet in self.file else f"{self.file} {self.sheet}"
        text: str = _(
            "{place} {extent}，{rows} 行数据", place=place, extent=self.extent, rows=self.rows
        )
        if self.left_out:
            text += _("，略去第 {rows} 行", rows=row_ranges(self.left_out))
        return text


def source_of(read: ReadSheet) -> TableSource | None:
    """Where a table was read; None when nothing was."""
    location = read.location
    if not location.extent:
        return None
    return TableSource(
        location.file, location.title, location.extent, len(read.table), tuple(location.left_out)
    )
