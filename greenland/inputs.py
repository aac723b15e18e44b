"""Files that results rest on: every file a configuration names, and what belongs to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from greenland.outputs import sha256

# Files that belong to one that is named: parts of a shapefile, the record of a curve.
_COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")
_LONGEST_NAME = 255  # characters a file name can have


def hashes_of(folder: Path, names: Iterable[str], tree: Any) -> dict[str, str]:
    """SHA-256 of files by their path in a folder.

    Parameters
    ----------
    folder : Path
        What names are relative to.
    names : iterable of str
        Files that are read whether the configuration names them or not; those that are not there
        are passed over.
    tree : mapping
        A configuration: each text anywhere in it that is the name of a file counts.

    Returns
    -------
    dict
        With forward slashes; files outside the folder by their full path.
    """
    named = {*names, *_texts(tree)}
    paths = {folder / name for name in named if _may_be_file(name)}
    for path in list(paths):
        paths.add(path.with_name(f"{path.name}.json"))
        if path.suffix.lower() == ".shp":
            paths |= {path.with_suffix(suffix) for suffix in _COMPANIONS}
    return {_shown(path, folder): sha256(path) for path in sorted(paths) if is_file(path)}


def is_file(path: Path) -> bool:
    """Whether there is such a file; what cannot be a name is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def _may_be_file(name: str) -> bool:
    return 0 < len(name) <= _LONGEST_NAME and "\0" not in name


def _shown(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


def _texts(node: Any) -> Iterator[str]:
    """Every text in a YAML tree."""
    if isinstance(node, str):
        yield str(node)
    elif isinstance(node, Mapping):
        for value in node.values():
            yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)
