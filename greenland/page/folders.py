"""Park folders below one folder: which there are, and which files in them may be named."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from greenland.errors import InputError, input_error
from greenland.i18n import _
from greenland.page.method import NAME_CHARS
from greenland.park.config import CONFIG_FILE

# What Windows refuses in a name, whatever system this is: folders are carried on USB sticks.
_ODD = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]')
_DEVICES = {"con", "prn", "aux", "nul", "conin$", "conout$"}
_DEVICES |= {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}


def name_fault(name: str) -> str:
    """What is wrong with the name of a folder or file; empty when nothing is.

    Names that Windows or Linux would not keep as they are, hidden ones and ones that lead
    elsewhere are refused.

    Examples
    --------
    >>> name_fault("滇中新材料产业园")
    ''
    >>> name_fault("../secret")
    '名称中不能有“/”。'
    """
    if not name.strip():
        return str(_("名称是空的。"))
    odd = _ODD.search(name)
    if odd:
        shown = odd.group() if odd.group().isprintable() else f"U+{ord(odd.group()):04X}"
        return str(_("名称中不能有“{sign}”。", sign=shown))
    if len(name) > NAME_CHARS:
        return str(_("名称不能超过 {most} 个字。", most=NAME_CHARS))
    if name != name.strip() or name.startswith((".", "~$")) or name.endswith("."):
        return str(_("名称首尾不能是空格或“.”，也不能以“~$”开头。"))
    if name.split(".")[0].strip().lower() in _DEVICES:
        return str(_("“{name}”是 Windows 保留的设备名。", name=name))
    return ""


def checked_name(name: str) -> str:
    """The name of a folder or file.

    Raises
    ------
    InputError
        If it is one `name_fault` refuses.
    """
    fault = name_fault(name)
    if fault:
        raise input_error(
            "name",
            fault,
            remedy=_("请换一个名称。"),
            got=name if len(name) < 80 else name[:79] + "…",
        )
    return name


class NoParkError(InputError):
    """There is no park folder of that name."""


@dataclass(frozen=True, slots=True)
class ParkFolders:
    """Every park folder the page may read and write.

    Parameters
    ----------
    root : Path
        Holds a folder for each park; or is itself a park folder, and then the only one.

    Examples
    --------
    >>> import tempfile
    >>> root = Path(tempfile.mkdtemp())
    >>> _ = (root / "one").mkdir(), (root / "one" / "park.yaml").touch()
    >>> ParkFolders(root).names()
    ['one']
    """

    root: Path

    @property
    def single(self) -> bool:
        """Whether the folder is itself a park."""
        return is_park(self.root)

    def names(self) -> list[str]:
        """Names of the park folders, in order."""
        if self.single:
            return [self.root.resolve().name]
        found = []
        for path in self.root.iterdir():
            if not name_fault(path.name) and self._inside(path) and is_park(path):
                found.append(path.name)
        return sorted(found)

    def park_folder(self, name: str) -> Path:
        """The folder of a park.

        Raises
        ------
        NoParkError
            If there is none of that name, or it leads out of the folder the page was given.
        """
        if self.single:
            if name == self.root.resolve().name:
                return self.root
        elif not name_fault(name):
            path = self.root / name
            if self._inside(path) and is_park(path):
                return path
        raise NoParkError(
            input_error(
                "no_park",
                _("没有名为“{name}”的园区。", name=name[:NAME_CHARS]),
                remedy=_("请从园区列表中选择。"),
            ).problems
        )

    def new_folder(self, name: str) -> Path:
        """Where a new park may be made; it is not made yet.

        Raises
        ------
        InputError
            If the name cannot be used or is taken, or the page was given a single park.
        """
        if self.single:
            raise input_error(
                "single_park",
                _("本页只打开了一个园区，不能新建。"),
                remedy=_("请把各园区放在同一个文件夹下，对该文件夹运行 greenland page。"),
            )
        path = self.root / checked_name(name)
        taken = {item.name.casefold() for item in self.root.iterdir()}
        if path.name.casefold() in taken:
            raise input_error(
                "name_taken",
                _("已有名为“{name}”的文件夹。", name=name),
                remedy=_("请换一个名称，或从园区列表中打开它。"),
            )
        return path

    def _inside(self, path: Path) -> bool:
        """Whether a folder is directly below the root, and no link elsewhere."""
        try:
            return path.is_dir() and path.resolve() == self.root.resolve() / path.name
        except OSError:
            return False


def is_park(folder: Path) -> bool:
    """Whether a folder holds what a park is read from."""
    try:
        return (folder / CONFIG_FILE).is_file() or any(
            path.is_file() and not path.name.startswith(("~$", "."))
            for path in folder.glob("*.xlsx")
        )
    except OSError:
        return False


def inside(folder: Path, path: Path) -> Path:
    """The path, which links do not lead out of the folder.

    Raises
    ------
    NoParkError
        If they do.
    """
    if not path.resolve().is_relative_to(folder.resolve()):
        raise NoParkError(
            input_error(
                "outside_folder",
                _("这是指向园区文件夹之外的链接，未读写。"),
                remedy=_("请把它换成普通的文件夹或文件。"),
                file=path.name,
            ).problems
        )
    return path


def file_of(folder: Path, name: str) -> Path:
    """An existing file directly in a park folder.

    Raises
    ------
    NoParkError
        If there is none, or it leads out of the folder.
    """
    path = folder / name
    try:
        inside = not name_fault(name) and path.resolve().parent == folder.resolve()
        if inside and path.is_file():
            return path
    except OSError:
        pass  # as one that is not there
    raise NoParkError(
        input_error(
            "no_file", _("园区文件夹中没有这个文件。"), remedy=_("请从文件列表中选择。")
        ).problems
    )
