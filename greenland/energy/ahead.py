"""What a case asks for, looked at before it is read; nothing heavy is imported for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenland.workers import current, side_by_side

MODULE = "greenland.energy.sizing.sensitivity"
"""What a process that sizes imports while it starts."""
SMALL = 30_000
"""Bytes of a load curve below which sizings take less time than a process takes to start: a line
has some thirty characters, so a thousand hours."""


def curve_is_short(energy: Mapping[str, Any], folder: Path) -> bool:
    """Whether the load of a case has few steps, by the size of its file.

    Parameters
    ----------
    energy : mapping
        As in a case file; it may have faults, which are told where it is read.
    folder : Path
        Names of files are relative to it.
    """
    load = energy.get("load")
    name = load.get("file", "") if isinstance(load, Mapping) else load
    try:
        return (folder / str(name or "")).stat().st_size < SMALL
    except OSError:
        return True


def prepare_for(energy: Mapping[str, Any], folder: Path) -> None:
    """Start the processes in use where a case will need them: for a study of a long curve.

    They import what they need while the caller reads. Parameters as in `curve_is_short`.
    """
    if energy.get("study") and not curve_is_short(energy, folder):
        with side_by_side(MODULE):
            current().prepare()
