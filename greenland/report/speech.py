"""What no file can hold taken out of a record, and the sentences of its energy part said again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from greenland.i18n import Text
from greenland.record.energy import EnergyRecord
from greenland.record.record import Record

# What parts of a case are called by their owner: no sentence, whatever it reads like.
_NAMES = frozenset({"case", "owner", "capacity", "item", "limit", "limit_owner"})
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


def said_again(energy: EnergyRecord, texts: Mapping[str, Any]) -> dict[str, Any]:
    """The energy part with its messages in the language in use.

    Parameters
    ----------
    energy : EnergyRecord
    texts : mapping
        Id and arguments of each message, by its words.
    """
    return dict(_walk(energy.model_extra or {}, texts, {}))


def _walk(value: Any, texts: Mapping[str, Any], known: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _say(value, texts, known)
    if isinstance(value, Mapping):
        return {
            key: item if key == "schedule" else _walk(item, {} if key in _NAMES else texts, known)
            for key, item in value.items()
        }
    if isinstance(value, list):
        if value and isinstance(value[0], int | float):
            return value
        return [_walk(item, texts, known) for item in value]
    return value


def _say(text: str, texts: Mapping[str, Any], known: dict[str, str]) -> str:
    if text not in texts:
        return text
    if text not in known:
        known[text] = text  # a message that quotes itself stays as it is
        message_id, args = texts[text]
        shown = {
            key: _say(value, texts, known) if isinstance(value, str) else value
            for key, value in (args or {}).items()
        }
        try:
            known[text] = str(Text(message_id, shown))
        except (LookupError, ValueError):
            known[text] = text
    return known[text]
