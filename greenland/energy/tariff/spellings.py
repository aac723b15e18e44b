"""How people write voltages, seasons and answers, as a table beside this module."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path


@cache
def spellings(kind: str) -> dict[str, str]:
    """Meaning of each way of writing something.

    Parameters
    ----------
    kind : str
        ``"voltage"``, ``"unit"``, ``"season"``, ``"answer"`` or ``"period"``.
    """
    with Path(__file__).with_suffix(".csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row["written"]: row["meaning"] for row in rows if row["kind"] == kind}
