"""One sizing of a study, and the hash it is known by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

import greenland
from greenland.energy.case.changes import Changes

RESTS_ON = ("energy", "lp", "rules", "highs.py")
"""Parts of the package a row of a study rests on, rule packs among them."""


class TaskKind(StrEnum):
    """What is done with a changed case."""

    SIZE = "size"
    """Sized anew, continuous."""
    EVALUATE = "evaluate"
    """Sized, rounded, billed and judged, as ``greenland energy size`` does it."""
    DISPATCH = "dispatch"
    """Dispatched with sizes that are held, and judged against its limits."""
    EXTREME = "extreme"
    """Least or most of a quantity within a cost, then dispatched with the sizes found."""
    ROBUST = "robust"
    """One set of sizes for several years."""


@dataclass(frozen=True)
class StudyTask:
    """One sizing of a study.

    Parameters
    ----------
    kind : TaskKind
    changes : mapping of path to value
        What is put into the case.
    options : mapping
        What the kind needs besides.
    """

    kind: TaskKind
    changes: Changes = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    def key(self, base: str, files: Mapping[str, str]) -> str:
        """SHA-256 by which the task is known.

        Parameters
        ----------
        base : str
            Hash of the case, its files and the code.
        files : mapping of name to SHA-256
            Further files the changes name.
        """
        content = [base, str(self.kind), self.changes, self.options, dict(sorted(files.items()))]
        return digest_of(content)[:32]


def digest_of(content: Any) -> str:
    """SHA-256 of JSON-ready content, whatever the order of its keys."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@lru_cache(maxsize=1)
def code_digest() -> str:
    """SHA-256 of the version and of all code and rules a row rests on."""
    root = Path(greenland.__file__).parent
    found = hashlib.sha256(greenland.__version__.encode())
    paths = [
        path
        for part in RESTS_ON
        for path in ([root / part] if part.endswith(".py") else (root / part).rglob("*"))
        if path.suffix in (".py", ".yaml", ".csv")
    ]
    for path in sorted(paths):
        found.update(path.relative_to(root).as_posix().encode())
        found.update(path.read_bytes())
    return found.hexdigest()
