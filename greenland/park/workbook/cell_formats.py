"""Number formats of the filled cells of a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

_Positions = npt.NDArray[np.int64]


class CellFormats:
    """Number formats of the filled cells of a sheet, other than General, by column."""

    def __init__(self, codes: Sequence[str]) -> None:
        self._codes = codes
        self._pieces: list[tuple[_Positions, _Positions, _Positions]] = []
        self._by_column: dict[int, tuple[_Positions, _Positions]] | None = None

    def add(self, rows: _Positions, columns: _Positions, styles: _Positions) -> None:
        """Add cells: rows and columns from 0, style numbers."""
        if len(rows):
            self._pieces.append((rows.astype("i4"), columns.astype("i4"), styles.astype("i4")))
            self._by_column = None

    def column(self, column: int) -> dict[int, str]:
        """Format of each cell of a column: row from 0 → format code; General is left out."""
        rows, styles = self._columns().get(column, ([], []))
        return {int(row): self._codes[style] for row, style in zip(rows, styles, strict=True)}

    def used(self) -> frozenset[str]:
        """Every format that some filled cell has."""
        styles = {int(s) for _rows, _columns, part in self._pieces for s in np.unique(part)}
        return frozenset(self._codes[style] for style in styles)

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
