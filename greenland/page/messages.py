"""What the next page tells a reader, kept in the server: a cookie holds but four thousand signs."""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict

from flask import session

from greenland.page.method import KEPT_READERS


class Messages:
    """Messages that wait, by reader."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, list[tuple[str, str]]] = OrderedDict()

    def tell(self, text: str, kind: str = "") -> None:
        """Let the next page tell something; *kind* is empty, ``warning`` or ``failed``."""
        number = session.setdefault("id", secrets.token_urlsafe(12))
        with self._lock:
            self._waiting.setdefault(number, []).append((kind, str(text)))
            while len(self._waiting) > KEPT_READERS:
                self._waiting.popitem(last=False)

    def take(self) -> list[tuple[str, list[str]]]:
        """What waits for this reader, by kind; it is told once."""
        with self._lock:
            waiting = self._waiting.pop(str(session.get("id", "")), [])
        kinds: dict[str, list[str]] = {}
        for kind, text in waiting:
            kinds.setdefault(kind, []).append(text)
        return list(kinds.items())
