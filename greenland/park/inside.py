"""Files that park.yaml names: inside the park's folder, or not read."""

from __future__ import annotations

from pathlib import Path

from greenland.errors import input_error
from greenland.i18n import _


def file_inside(folder: Path, name: str) -> Path:
    """Path of a file that park.yaml names; whether it exists is not asked.

    Raises
    ------
    InputError
        If it lies outside the folder, by its name or by a link, or is no name of a file.

    Examples
    --------
    >>> file_inside(Path("park"), "data/load.csv").as_posix()
    'park/data/load.csv'
    """
    path = folder / name
    try:
        if path.resolve().is_relative_to(folder.resolve()):
            path.is_file()  # a name that is too long shows here
            return path
        message = _("park.yaml 中写的文件不在园区文件夹内，未读取。")
    except (OSError, ValueError, RuntimeError):
        message = _("park.yaml 中写的不是可用的文件名。")
    raise input_error(
        "outside_folder",
        message,
        remedy=_("请把文件放进园区文件夹，并在 park.yaml 中只写文件名。"),
        file="park.yaml",
        got=name if len(name) <= 80 else name[:79] + "…",
    )
