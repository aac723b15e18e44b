"""How far a job is, told by its process in a small file and read by the server."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenland.evaluations import EVALUATIONS
from greenland.i18n import _


@dataclass
class Progress:
    """Tells which part of how many is under way.

    It can be handed to whatever takes a `greenland.evaluation_run.Progress`.

    Parameters
    ----------
    path : Path
        File the server reads.
    total : int
        How many parts there will be, as far as is known.
    done : int
        How many are over.

    Examples
    --------
    >>> import tempfile
    >>> place = Path(tempfile.mkdtemp()) / "job"
    >>> progress = Progress(place, total=2)
    >>> with progress.doing("报告"):
    ...     read_progress(place)
    {'part': '报告', 'done': 0, 'total': 2}
    """

    path: Path
    total: int = 0
    done: int = 0

    @contextmanager
    def __call__(self, part: str, /) -> Iterator[None]:
        """Tell of the part of an evaluation by its key, and count it when it is over."""
        with self.doing(_(EVALUATIONS[part].title)):
            yield

    @contextmanager
    def doing(self, title: str) -> Iterator[None]:
        """Tell of a part by its title, and count it when it is over."""
        self.total = max(self.total, self.done + 1)
        self._tell(title)
        yield
        self.done += 1
        self._tell(title)

    def told(self, done: int, total: int) -> None:
        """Tell how many cases of a study are done."""
        self.done, self.total = done, total
        self._tell(_("算例"))

    def _tell(self, title: str) -> None:
        text = json.dumps({"part": str(title), "done": self.done, "total": self.total})
        beside = self.path.with_name(self.path.name + ".new")
        with suppress(OSError):  # the server is gone, or is reading just now
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, self.path)  # noqa: PTH105 (atomic on every system)


def read_progress(path: Path) -> dict[str, Any]:
    """What was told last; empty when nothing was."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) else {}
