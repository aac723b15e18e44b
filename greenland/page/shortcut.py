"""Starters to double-click: a batch file for Windows, a desktop entry for Linux."""

from __future__ import annotations

import sys
from pathlib import Path

from greenland.errors import input_error
from greenland.files import write_bytes
from greenland.i18n import _

BATCH, ENTRY = "greenland.bat", "greenland.desktop"


def write_shortcuts(folder: Path, *, language: str) -> list[Path]:
    """Write both starters into the folder they open.

    Parameters
    ----------
    folder : Path
    language : str
        ``"zh"`` or ``"en"``.

    Returns
    -------
    list of Path
        The files written; those of an earlier call are replaced.

    Raises
    ------
    InputError
        If the path of the folder or of Python holds signs that a starter cannot carry.
    """
    place, python = folder.resolve(), sys.executable
    for text in (str(place), python):
        if any(sign in text for sign in '"\r\n'):
            raise input_error(
                "shortcut",
                _("路径中有双引号或换行，无法写入启动文件。"),
                remedy=_("请换一个文件夹。"),
                got=text,
            )
    return [
        write_bytes(place / BATCH, _batch(python, language)),
        _executable(write_bytes(place / ENTRY, _entry(place, python, language))),
    ]


def _batch(python: str, language: str) -> bytes:
    """UTF-8, which the console is told first; the folder is where the file stands."""
    stopped = _("页面已停止。按任意键关闭窗口。")
    lines = [
        "@echo off",
        "chcp 65001 >nul",
        'cd /d "%~dp0"',
        f'"{python.replace("%", "%%")}" -P -m greenland page . --lang {language}',
        f"if errorlevel 1 (echo {stopped} & pause >nul)",
    ]
    return "".join(f"{line}\r\n" for line in lines).encode("utf-8")


def _entry(place: Path, python: str, language: str) -> bytes:
    command = f"{_quoted(python)} -P -m greenland page {_quoted(str(place))} --lang {language}"
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Version=1.0",
        "Name=greenland",
        f"Comment={_('园区土地评价与绿电直连规模测算。')}",
        f"Exec={command}",
        "Terminal=true",
        "Categories=Office;Science;",
    ]
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


def _quoted(text: str) -> str:
    """An argument of ``Exec``: quoted, escaped once for the quotes and once for the key file."""
    for sign in ("\\", "`", "$"):
        text = text.replace(sign, f"\\{sign}")
    return '"' + text.replace("\\", "\\\\").replace("%", "%%") + '"'


def _executable(path: Path) -> Path:
    path.chmod(path.stat().st_mode | 0o111)
    return path
