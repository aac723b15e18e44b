"""Files of a park folder: what each is used for, its size and date, and its old versions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from greenland.errors import InputError
from greenland.i18n import _
from greenland.inputs import hashes_of
from greenland.page.folders import name_fault
from greenland.page.kinds import FileKind, kind_of
from greenland.page.versions import VERSIONS
from greenland.park.config import CONFIG_FILE, ParkConfig, workbook_name
from greenland.park.mapping import MAPPING_FILE
from greenland.park.sheet_choice import sheet_id


@dataclass(frozen=True, slots=True)
class ParkFile:
    """One file of a park folder.

    Parameters
    ----------
    name : str
    use : str
        What it is used for, in words; empty: for nothing.
    size : int
        [byte]
    changed : str
        Date and time, as people read it.
    removable : bool
        Whether it may be moved away from the page.
    versions : tuple of str
        Names of its old versions, the newest first.
    """

    name: str
    use: str
    size: int
    changed: str
    removable: bool
    versions: tuple[str, ...] = field(default=())


def files_of(folder: Path, config: ParkConfig | None) -> list[ParkFile]:
    """Files directly in a park folder; hidden ones and those without a usable name are left out."""
    uses = _uses(folder, config)
    old = _versions(folder)
    found = []
    for path in sorted(folder.iterdir()):
        if not path.is_file() or name_fault(path.name) or path.is_symlink():
            continue
        state = path.stat()
        changed = dt.datetime.fromtimestamp(state.st_mtime).strftime("%Y-%m-%d %H:%M")
        versions = tuple(old.get((path.stem, path.suffix.lower()), ()))
        removable = path.name not in (CONFIG_FILE, MAPPING_FILE)
        use = uses.get(path.name, "")
        found.append(ParkFile(path.name, use, state.st_size, changed, removable, versions))
    return found


def _versions(folder: Path) -> dict[tuple[str, str], list[str]]:
    """Names of old versions by stem and suffix of the file they were."""
    found: dict[tuple[str, str], list[str]] = {}
    place = folder / VERSIONS
    if place.is_dir():
        for path in sorted(place.iterdir(), reverse=True):
            stem = path.stem.rsplit(" ", 2)[0]  # the date and the time follow it
            found.setdefault((stem, path.suffix.lower()), []).append(path.name)
    return found


def _uses(folder: Path, config: ParkConfig | None) -> dict[str, str]:
    """What files are used for, by name."""
    uses: dict[str, str] = dict(_tables(folder))
    tree: Mapping[str, Any] = {} if config is None else config.tree
    named = hashes_of(folder, (), tree) if tree else {}
    for name in named:
        uses[name] = _("park.yaml 中用到")
    try:
        workbook = config.workbook if config is not None else workbook_name(folder)
    except InputError:
        workbook = ""
    uses[workbook] = _("园区工作簿")
    if config is not None and config.geometry:
        uses[config.geometry] = _("宗地图形")
    uses[CONFIG_FILE] = _("基本情况和参数")
    uses[MAPPING_FILE] = _("列名对照")
    return uses


def _tables(folder: Path) -> Iterator[tuple[str, str]]:
    for path in folder.glob("*.csv"):
        if sheet_id(path.stem):
            yield path.name, _("台账（CSV）")
    for path in folder.iterdir():
        if path.suffix.lower() in (".bat", ".desktop"):
            yield path.name, _("启动文件")
        elif kind_of(path.name) is FileKind.PART:
            yield path.name, _("图形的附属文件")
