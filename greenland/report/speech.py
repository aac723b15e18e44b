"""Say the record's own sentences again in another language, and keep what no file can hold out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from greenland.i18n import Text

_NUMBERS = frozenset({"schedule", "geometry", "texts"})
# What parts of a case are called by their owner: no sentence, whatever it reads like.
_NAMES = frozenset({"case", "owner", "capacity", "item", "limit", "limit_owner"})
# Neither HTML nor the XML of Office files can hold these.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def say_again(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with every known message rendered in the language in use.

    Parameters
    ----------
    record : mapping
        Its ``texts`` maps what was said to message id and arguments.
    """
    texts = record.get("texts") or {}
    known: dict[str, str] = {}
    return {
        key: value if key in _NUMBERS else _walk(value, texts, known)
        for key, value in record.items()
    }


def _walk(value: Any, texts: Mapping[str, Any], known: dict[str, str]) -> Any:
    if isinstance(value, str):
        return _say(value, texts, known)
    if isinstance(value, Mapping):
        return {
            key: item if key in _NUMBERS else _walk(item, {} if key in _NAMES else texts, known)
            for key, item in value.items()
        }
    if isinstance(value, list):
        if value and isinstance(value[0], int | float):
            return value
        return [_walk(item, texts, known) for item in value]
    return value


def _say(text: str, texts: Mapping[str, Any], known: dict[str, str]) -> str:
    if text not in texts:
        return _UNWRITABLE.sub("", text)
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
