"""Characters that no file can hold, taken out of a record."""

from __future__ import annotations

import re
from typing import Any

from greenland.record.record import Record

# Neither HTML nor the XML of Office files can hold these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def writable(record: Record) -> Record:
    """The record without the characters that no file can hold; the same one where it has none."""
    data = record.model_dump(mode="python", by_alias=True)
    cleaned = _cleaned(data)
    return record if cleaned is data else Record.model_validate(cleaned)


def _cleaned(value: Any) -> Any:
    """The value itself where there is nothing to take out."""
    if isinstance(value, str):
        return _UNWRITABLE.sub("", value) if _UNWRITABLE.search(value) else value
    if isinstance(value, dict):
        items = {key: _cleaned(item) for key, item in value.items()}
        return items if any(items[key] is not value[key] for key in value) else value
    if isinstance(value, list | tuple):
        if value and isinstance(value[0], int | float):
            return value
        parts = [_cleaned(item) for item in value]
        same = all(part is item for part, item in zip(parts, value, strict=True))
        return value if same else parts
    return value
