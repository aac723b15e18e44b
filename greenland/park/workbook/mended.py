"""Single cells the fast reader cannot read: taken out for it, read by themselves, put back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import IO, Any

from greenland.park.workbook.cell_reader import CellContext, SheetCells, read_cells_of
from greenland.park.workbook.package import Package
from greenland.park.workbook.survey import OddCell

_PIECE = 1 << 20
_MOST_UNPACKED = 500_000_000  # bytes
_HEAD = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
_FOOT = b"</sheetData></worksheet>"


def without_cells(
    package: Package,
    part: str,
    odd: Sequence[OddCell],
    left_out: Collection[str],
    folder: Path,
) -> Path:
    """A workbook as it is but for some cells of one sheet and some parts.

    Parameters
    ----------
    package : Package
    part : str
        The sheet.
    odd : sequence of OddCell
        Cells of it to take out, in the order of its XML.
    left_out : collection of str
        Other parts to leave out.
    folder : Path
        Where it is written. It is packed only when it is large: packing takes half the time of
        reading the sheet.
    """
    sheet, others = package.spelled(part), {package.spelled(name) for name in left_out}
    kept = [n for n in package.names() if n not in others and not n.endswith("/")]
    packing = zipfile.ZIP_STORED
    if sum(package.size(name) for name in kept) > _MOST_UNPACKED:
        packing = zipfile.ZIP_DEFLATED
    copied = folder / "workbook.xlsx"
    with zipfile.ZipFile(copied, "w", packing, compresslevel=1) as target:
        for name in kept:
            with package.open(name) as stream, target.open(name, "w", force_zip64=True) as piece:
                at = 0
                for cell in odd if name == sheet else ():
                    _copy(stream, piece, cell.start - at)
                    stream.read(cell.end - cell.start)
                    at = cell.end
                _copy(stream, piece)
    return copied


def _copy(source: IO[bytes], target: IO[bytes], size: int | None = None) -> None:
    """Copy *size* bytes, or all there are."""
    while size is None or size > 0:
        piece = source.read(_PIECE if size is None else min(_PIECE, size))
        if not piece:
            return
        target.write(piece)
        size = None if size is None else size - len(piece)


def read_odd(odd: Sequence[OddCell], context: CellContext) -> SheetCells:
    """Values of single cells.

    Raises
    ------
    AddressError, xml.parsers.expat.ExpatError
        As `greenland.park.workbook.cell_reader.read_cells_of`.
    """
    rows = b"".join(b'<row r="%d">%b</row>' % (cell.row + 1, cell.xml) for cell in odd)
    return read_cells_of(io.BytesIO(_HEAD + rows + _FOOT), context)


def put_back(rows: list[list[Any]], cells: SheetCells) -> None:
    """Put single cells among *rows*, which begin with the first row of the sheet."""
    for number, line in zip(cells.numbers, cells.rows, strict=True):
        rows.extend([] for _row in range(number - len(rows)))
        row = rows[number - 1]
        row.extend([""] * (len(line) - len(row)))
        for column, value in enumerate(line):
            if value != "":
                row[column] = value
