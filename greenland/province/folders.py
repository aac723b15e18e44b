"""Folders of parks below one folder, and what is in each: a park to evaluate, or its results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from greenland.errors import input_error
from greenland.i18n import _
from greenland.outputs import MANIFEST

RESULTS = "results.json"
PROVINCE = "province.json"
PARK_FILES = ("park.yaml", "park.xlsx")


class Content(StrEnum):
    """What a folder holds."""

    PARK = "park"
    RESULTS = "results"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class ParkFolder:
    """A folder of the province.

    Parameters
    ----------
    name : str
        Relative to the province.
    path : Path
        The folder; of results, the file.
    content : Content
    """

    name: str
    path: Path
    content: Content


def park_folders(folder: Path, out: Path | None = None) -> list[ParkFolder]:
    """Folders directly below one, in the order of their names.

    A folder with a park is evaluated anew, even where results lie beside it; hidden folders and
    that of the output are passed over.

    Raises
    ------
    InputError
        If there is none.
    """
    found = [
        _described(item)
        for item in sorted(folder.iterdir())
        if item.is_dir()
        and not item.name.startswith(".")
        and (out is None or item.resolve() != out.resolve())
        and not (item / PROVINCE).is_file()
    ]
    if not found:
        raise input_error(
            "province_empty",
            _("文件夹中没有园区文件夹。"),
            remedy=_(
                "每个园区一个子文件夹，内有 park.yaml 和 park.xlsx，"
                "或 greenland assess 写出的 {file}。",
                file=RESULTS,
            ),
            file=str(folder),
        )  # fmt: skip
    return found


def _described(folder: Path) -> ParkFolder:
    if any((folder / name).is_file() for name in PARK_FILES) or _workbooks(folder):
        return ParkFolder(folder.name, folder, Content.PARK)
    for place in (folder / RESULTS, folder / "out" / RESULTS):
        if place.is_file():
            return ParkFolder(folder.name, place, Content.RESULTS)
    return ParkFolder(folder.name, folder, Content.NOTHING)


def _workbooks(folder: Path) -> Sequence[Path]:
    """Workbooks of people; those beside a manifest are ours."""
    if (folder / MANIFEST).is_file():
        return ()
    return [
        path
        for path in folder.glob("*.xlsx")
        if not path.name.startswith("~$") and path.name != "results.xlsx"
    ]
