"""Number formats of the filled cells of a sheet that show another number than the cells hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from greenland.park.cells.formats import tells
from greenland.park.workbook.number_format import GENERAL

_Positions = npt.NDArray[np.int64]


class CellFormats:
    """Number formats of the filled cells of a sheet, where they tell something, by column."""

    def __init__(self, codes: Sequence[str]) -> None:
        self._codes = codes
        self._telling = np.array([code != GENERAL and tells(code) for code in codes] or [False])
        self._pieces: list[tuple[_Positions, _Positions, _Positions]] = []
        self._by_column: dict[int, tuple[_Positions, _Positions]] | None = None

    def add(self, rows: _Positions, columns: _Positions, styles: _Positions) -> None:
        """Add cells: rows and columns from 0, style numbers (unknown ones tell nothing)."""
        known = styles < len(self._telling)
        telling = known & self._telling[np.where(known, styles, 0)]
        rows, columns, styles = rows[telling], columns[telling], styles[telling]
        if len(rows):
            self._pieces.append((rows.astype("i4"), columns.astype("i4"), styles.astype("i4")))
            self._by_column = None

    def column(self, column: int) -> dict[int, str]:
        """Format of each cell of a column: row from 0 → format code; see `tells`."""
        found = self._columns().get(column)
        if found is None:
            return {}
        rows, styles = found
        return dict(zip(rows.tolist(), map(self._codes.__getitem__, styles.tolist()), strict=True))

    def _columns(self) -> Mapping[int, tuple[Any, Any]]:
        if self._by_column is None:
            self._by_column = {}
            if self._pieces:
                rows, columns, styles = (
                    np.concatenate(parts) for parts in zip(*self._pieces, strict=True)
                )
                order = np.argsort(columns, kind="stable")
                names, first = np.unique(columns[order], return_index=True)
                for name, part in zip(names, np.split(order, first[1:]), strict=True):
                    self._by_column[int(name)] = (rows[part], styles[part])
        return self._by_column
