"""The page as PDF, by the browser that is already on the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from greenland.errors import GreenlandError
from greenland.files import write_bytes
from greenland.i18n import _

TIMEOUT_SECONDS = 180
_NAMES = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("microsoft-edge", "microsoft-edge-stable", "msedge"),
)
_WINDOWS = (
    r"Google\Chrome\Application\chrome.exe",
    r"Microsoft\Edge\Application\msedge.exe",
    r"Chromium\Application\chrome.exe",
)
_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-pdf-header-footer",
    "--virtual-time-budget=60000",
    "--run-all-compositor-stages-before-draw",
)


class BrowserError(GreenlandError, RuntimeError):
    """No browser was found, or it did not make the PDF."""


def _candidates() -> Iterator[str]:
    named = os.environ.get("GREENLAND_BROWSER")
    if named:
        yield named
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            yield found
    if sys.platform == "win32":
        for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
            base = os.environ.get(variable)
            if base:
                yield from (str(Path(base) / tail) for tail in _WINDOWS)
    elif sys.platform == "darwin":
        yield from _MAC


def find_browser() -> Path:
    """The first of Chromium, Chrome and Edge that is installed.

    The environment variable ``GREENLAND_BROWSER`` names another one.

    Raises
    ------
    BrowserError
        If none is found.
    """
    for candidate in _candidates():
        if Path(candidate).is_file():
            return Path(candidate)
    raise BrowserError(
        _(
            "没有找到可用于生成 PDF 的浏览器。请安装 Chromium、Chrome 或 Edge，"
            "或用环境变量 GREENLAND_BROWSER 指明其路径；"
            "也可以用任一浏览器打开 report.html 后打印为 PDF。"
        )
    )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def write_pdf(path: Path | str, page: Path | str, *, browser: Path | None = None) -> Path:
    """Print a rendered page to A4 with page numbers.

    Parameters
    ----------
    path : path
        Written whole or not at all.
    page : path
        The HTML file to print, as `render_html` makes it.
    browser : Path, optional
        Chromium, Chrome or Edge; looked for when left out.

    Returns
    -------
    Path
        The file written.

    Raises
    ------
    BrowserError
        If no browser is found, or it fails.

    Examples
    --------
    A browser has to be there.

    >>> write_pdf("report.pdf", "report.html")  # doctest: +SKIP
    PosixPath('report.pdf')
    """
    program = browser or find_browser()
    with tempfile.TemporaryDirectory(prefix="greenland-pdf-") as folder:
        made = Path(folder) / "report.pdf"
        command = [
            str(program),
            *_FLAGS,
            f"--user-data-dir={Path(folder) / 'profile'}",
            f"--print-to-pdf={made}",
            Path(page).resolve().as_uri(),
        ]
        if _is_root():
            command.insert(1, "--no-sandbox")
        _run(command)
        if not made.is_file() or made.stat().st_size == 0:
            raise BrowserError(_("浏览器 {program} 没有写出 PDF。", program=str(program)))
        write_bytes(Path(path), made.read_bytes())
    return Path(path)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=TIMEOUT_SECONDS)
    except FileNotFoundError as error:
        raise BrowserError(_("浏览器 {program} 不存在。", program=command[0])) from error
    except subprocess.TimeoutExpired as error:
        raise BrowserError(
            _("浏览器在 {seconds} 秒内没有写出 PDF。", seconds=TIMEOUT_SECONDS)
        ) from error
    except (subprocess.CalledProcessError, OSError) as error:
        detail = getattr(error, "stderr", b"") or b""
        raise BrowserError(
            _(
                "浏览器 {program} 未能生成 PDF：{detail}",
                program=command[0],
                detail=detail.decode("utf-8", "replace").strip()[-400:] or str(error),
            )
        ) from error
