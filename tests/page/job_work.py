"""What jobs of the tests do, in a process of its own."""

from __future__ import annotations

import time
from pathlib import Path

from greenland.errors import input_error
from greenland.i18n import _
from greenland.page.progress import Progress


def double(item: int, progress: Progress) -> int:
    with progress.doing("加倍"):
        return 2 * item


def said(item: object, progress: Progress) -> str:
    return _("园区工作簿")


def refuse(item: str, progress: Progress) -> None:
    raise input_error("bad", "数据有误。", got=item)


def crash(item: str, progress: Progress) -> None:
    raise RuntimeError(item)


def wait(item: Path, progress: Progress) -> None:
    """Until it is ended; the file tells that it lives."""
    progress.total = 4
    with progress.doing("等待"):
        item.write_text("alive", encoding="utf-8")
        time.sleep(600)
