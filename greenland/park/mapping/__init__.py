"""``mapping.yaml``: what the sheets, headings and values of a park's own tables stand for."""

from greenland.park.mapping.decisions import (
    MAPPING_FILE,
    Decisions,
    read_mapping,
    say_mapping,
)
from greenland.park.mapping.entries import (
    ColumnEntry,
    MappingFile,
    MatchKind,
    SheetEntry,
    ValueEntry,
)
from greenland.park.mapping.proposal import WrittenMapping, write_mapping

__all__ = [
    "MAPPING_FILE",
    "ColumnEntry",
    "Decisions",
    "MappingFile",
    "MatchKind",
    "SheetEntry",
    "ValueEntry",
    "WrittenMapping",
    "read_mapping",
    "say_mapping",
    "write_mapping",
]
