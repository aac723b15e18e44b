"""The input side: column dictionary, reading, checking and the blank workbook."""

from greenland.park.config import ParkConfig, ParkLevel, ParkType, SeriesConfig
from greenland.park.dictionary import (
    SHEETS,
    Choice,
    Column,
    ColumnType,
    Sheet,
    choice_name,
    choices,
    column,
    columns,
    empty_table,
    table,
)
from greenland.park.folder import Park, read_park

__all__ = [
    "SHEETS",
    "Choice",
    "Column",
    "ColumnType",
    "Park",
    "ParkConfig",
    "ParkLevel",
    "ParkType",
    "SeriesConfig",
    "Sheet",
    "choice_name",
    "choices",
    "column",
    "columns",
    "empty_table",
    "read_park",
    "table",
]
