"""The input side: column dictionary, reading, checking and the blank workbook."""

from greenland.park.config import ParkConfig, ParkLevel, ParkType, read_config
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
from greenland.park.example import example_folder, read_example, write_example
from greenland.park.folder import Park, read_park
from greenland.park.reference_text import reference
from greenland.park.writer import write_blank, write_tables

__all__ = [
    "SHEETS",
    "Choice",
    "Column",
    "ColumnType",
    "Park",
    "ParkConfig",
    "ParkLevel",
    "ParkType",
    "Sheet",
    "choice_name",
    "choices",
    "column",
    "columns",
    "empty_table",
    "example_folder",
    "read_config",
    "read_example",
    "read_park",
    "reference",
    "table",
    "write_blank",
    "write_example",
    "write_tables",
]
