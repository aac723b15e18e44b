"""Old versions: a file that gives way is kept beside the others with the time in its name."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

from greenland.files import write_text
from greenland.page.folders import inside
from greenland.park.config import CONFIG_FILE
from greenland.yamltree import read_yaml_text

VERSIONS = "versions"


def keep_version(path: Path) -> Path:
    """Move a file of a park folder into its folder of old versions.

    Parameters
    ----------
    path : Path

    Returns
    -------
    Path
        Where it is now, such as ``versions/park 2026-11-29 101500.xlsx``.
    """
    target = version_path(path)
    target.parent.mkdir(exist_ok=True)
    path.replace(target)
    return target


def copy_version(path: Path) -> Path:
    """Copy a file of a park folder into its folder of old versions; it stays where it is too."""
    target = version_path(path)
    target.parent.mkdir(exist_ok=True)
    shutil.copy2(path, target)
    return target


def change_config(
    folder: Path, change: Callable[[str], str], check: Callable[[str], None] = lambda text: None
) -> bool:
    """Change ``park.yaml``; the version before is kept. Whether anything changed.

    Parameters
    ----------
    folder : Path
        Of the park; the file may be missing.
    change : callable
        Makes the new text of the old.
    check : callable
        Given a text that differs, before anything is written; raises where it cannot stand.
    """
    path = folder / CONFIG_FILE
    text = read_yaml_text(path) if path.is_file() else ""
    changed = change(text)
    if changed == text:
        return False
    check(changed)
    if path.is_file():
        copy_version(path)
    write_text(path, changed)
    return True


def version_path(path: Path) -> Path:
    """Where the version of now would stand; never one that is there already.

    Raises
    ------
    NoParkError
        If the folder of old versions is a link elsewhere.
    """
    stamp = dt.datetime.now().strftime("%Y-%m-%d %H%M%S")
    folder = inside(path.parent, path.parent / VERSIONS)
    target = folder / f"{path.stem} {stamp}{path.suffix}"
    number = 2
    while target.exists():
        target = folder / f"{path.stem} {stamp}-{number}{path.suffix}"
        number += 1
    return target
