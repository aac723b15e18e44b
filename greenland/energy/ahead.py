"""What a case asks for, looked at before it is read; nothing heavy is imported for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from greenland.workers import side_by_side

MODULE = "greenland.energy.sizing.sensitivity"
"""What a process that sizes imports while it starts."""
SMALL = 30_000
"""Bytes of a load curve below which sizings take less time than a process takes to start: a line
has some thirty characters, so a thousand hours."""
LONGEST = 100_000
"""Characters of a park file that are looked at."""


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
        _prepare()


def prepare_for_park(folder: Path, *modules: str) -> None:
    """Start the processes in use where a park file looks as if its case will need them.

    The file is not parsed, which takes as long as a process takes to start: what looks like a
    study and is none costs a process without work, and what is overlooked is seen by
    `prepare_for`, which comes later.

    Parameters
    ----------
    folder : Path
        Park folder.
    *modules : str
        What the processes import besides, for what they do later.
    """
    try:
        long = any(item.stat().st_size >= SMALL for item in folder.glob("*.csv"))
        studied = long and _is_studied(folder / "park.yaml")
    except (OSError, ValueError):
        return  # told where it is read
    if studied:
        _prepare(*modules)


def _prepare(*modules: str) -> None:
    with side_by_side(MODULE, *modules) as workers:
        workers.prepare()


def _is_studied(path: Path) -> bool:
    """Whether a line below ``energy:`` begins a study; only as much is read as a person writes."""
    if not path.is_file():
        return False
    with path.open(encoding="utf-8") as file:
        lines = file.read(LONGEST).splitlines()
    inside = False
    for line in lines:
        if line[:1] not in ("", " ", "\t", "#"):
            inside = line.startswith("energy:")
        elif inside and line.lstrip().startswith("study:"):
            return True
    return False
