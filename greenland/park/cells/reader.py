"""The reader of each type of column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from greenland.park.cells.base import Cells, Context
from greenland.park.cells.codes import (
    read_code,
    read_codes,
    read_credit_code,
    read_industry_code,
    read_land_code,
)
from greenland.park.cells.dates import read_dates, read_years
from greenland.park.cells.marks import clean_cells
from greenland.park.cells.numbers import read_numbers
from greenland.park.cells.words import read_bools, read_choices, read_texts
from greenland.park.dictionary import ColumnType


def read_cells(values: Sequence[Any], context: Context) -> Cells:
    """Read the cells of one column.

    Returns
    -------
    Cells
        Values in the dictionary's form: numbers in its unit, shares as decimals, choices as
        codes, ``datetime.date``, ``bool``, ``str``; None where missing or not understood.
    """
    cleaned, faults = clean_cells(values, context)
    cells = _READERS[context.column.type](cleaned, context)
    if faults:
        cells.faults[:0] = faults
    return cells


_READERS: dict[ColumnType, Callable[[Sequence[Any], Context], Cells]] = {
    ColumnType.TEXT: read_texts,
    ColumnType.CODE: read_code,
    ColumnType.CODES: read_codes,
    ColumnType.CREDIT_CODE: read_credit_code,
    ColumnType.INDUSTRY_CODE: read_industry_code,
    ColumnType.LAND_CODE: read_land_code,
    ColumnType.CHOICE: read_choices,
    ColumnType.BOOL: read_bools,
    ColumnType.DATE: read_dates,
    ColumnType.YEAR: read_years,
    ColumnType.NUMBER: read_numbers,
    ColumnType.SHARE: read_numbers,
}
assert set(_READERS) == set(ColumnType)
