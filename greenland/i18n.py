"""Messages: Chinese is the language they are written in, catalogues hold the others.

``_("第 {row} 行……", row=3)`` gives a `Text`: a string in the language in use, which remembers
its message id and arguments so that it can be said again in another language. ``N_`` marks a
message that is translated later, where it is shown.
"""

from __future__ import annotations

import gettext as _gettext
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, reduce
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")
SOURCE_LANGUAGE = "zh"
LOCALE = Path(__file__).parent / "locale"

_language: ContextVar[str] = ContextVar("greenland_language", default=SOURCE_LANGUAGE)
_said: ContextVar[dict[str, tuple[str, dict[str, Any]]] | None] = ContextVar("said", default=None)
_lock = threading.Lock()


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(
        "greenland", localedir=LOCALE, languages=[language], fallback=language == SOURCE_LANGUAGE
    )


def language() -> str:
    """The language in use: ``"zh"`` or ``"en"``."""
    return _language.get()


def set_language(name: str) -> None:
    """Say every message in the given language from here on; see `use_language`."""
    if name not in LANGUAGES:
        raise ValueError(f"{name!r}: {', '.join(LANGUAGES)}")
    _language.set(name)


@contextmanager
def use_language(name: str) -> Iterator[None]:
    """Say every message in the given language inside the block.

    Raises
    ------
    ValueError
        If there is no catalogue for the language.
    """
    if name not in LANGUAGES:
        raise ValueError(f"{name!r}: {', '.join(LANGUAGES)}")
    token = _language.set(name)
    try:
        yield
    finally:
        _language.reset(token)


@contextmanager
def record_texts() -> Iterator[dict[str, tuple[str, dict[str, Any]]]]:
    """Collect every message said in the block, by its rendered text, as (id, arguments)."""
    said: dict[str, tuple[str, dict[str, Any]]] = {}
    token = _said.set(said)
    try:
        yield said
    finally:
        _said.reset(token)


class Text(str):
    """A message in the language in use, with its id and arguments kept."""

    __slots__ = ("message_args", "message_id")
    message_id: str
    message_args: Mapping[str, Any]

    def __new__(cls, message_id: str, message_args: Mapping[str, Any] | None = None) -> Text:
        """Render *message_id* (Chinese, ``str.format`` fields) with *message_args*."""
        args = dict(message_args or {})
        pattern = message_id
        if _language.get() != SOURCE_LANGUAGE:
            pattern = _catalogue(_language.get()).gettext(message_id)
        shown = {key: _again(value) for key, value in args.items()}
        self = super().__new__(cls, pattern.format(**shown) if args else pattern)
        self.message_id = message_id
        self.message_args = args
        said = _said.get()
        if said is not None:
            with _lock:
                said[str(self)] = (message_id, args)
        return self

    def again(self) -> Text:
        """The same message in the language now in use."""
        return Text(self.message_id, self.message_args)

    def __reduce__(self) -> tuple[Any, ...]:
        return (Text, (self.message_id, dict(self.message_args)))


def _again(value: Any) -> Any:
    return value.again() if isinstance(value, Text) else value


def _(message: str, /, **args: Any) -> Text:
    """Translate *message* and fill its ``{name}`` fields."""
    return Text(message, args)


def joined(texts: Iterable[Text]) -> Text:
    """Enumerate messages so that each can still be said in another language."""
    return reduce(lambda left, right: _("{left}、{right}", left=left, right=right), texts)


def N_(message: str) -> str:  # noqa: N802 (gettext's own name)
    """Mark a message for the catalogue; translate it with ``_`` where it is shown."""
    return message
