"""The files a park's results rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from greenland.outputs import sha256
from greenland.park.config import CONFIG_FILE, ParkConfig
from greenland.park.mapping.decisions import MAPPING_FILE

# Files that belong to one that is named: parts of a shapefile, the record of a curve.
_COMPANIONS = (".shx", ".dbf", ".prj", ".cpg")


def input_hashes(folder: Path, config: ParkConfig) -> dict[str, str]:
    """SHA-256 of every input of a park by its path in the folder.

    ``park.yaml``, ``mapping.yaml``, the workbook or the CSV sheets, and each file that
    ``park.yaml`` names anywhere.
    """
    names = {CONFIG_FILE, MAPPING_FILE, config.workbook, *_texts(config.tree)}
    if not _is_file(folder / config.workbook):
        names |= {path.name for path in folder.glob("*.csv")}
    paths = {folder / name for name in names if name and len(name) < 256 and "\0" not in name}
    for path in list(paths):
        paths.add(path.with_name(f"{path.name}.json"))
        if path.suffix.lower() == ".shp":
            paths |= {path.with_suffix(suffix) for suffix in _COMPANIONS}
    return {
        path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path): sha256(
            path
        )
        for path in sorted(paths)
        if _is_file(path)
    }


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # no name of a file at all
        return False


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
