"""The server: on this machine alone unless a password is given, ended with its terminal."""

from __future__ import annotations

import os
import signal
import socket
import stat
import sys
import threading
import webbrowser
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from waitress.server import create_server

from greenland.errors import input_error
from greenland.i18n import _, language
from greenland.page.app import create_app
from greenland.page.method import MOST_UPLOAD_MB, THREADS
from greenland.page.security import LOOPBACK, Access
from greenland.page.served import KEY


def access_for(host: str, password_file: Path | None, url: str) -> Access:
    """Who is let in, by what the command line was given.

    Parameters
    ----------
    host : str
        Address or name the server listens on.
    password_file : Path, optional
        Its first line is the password.
    url : str
        Address of the proxy before it; empty: none.

    Raises
    ------
    InputError
        If the file cannot be read, the password is short, the address is none, or there is no
        password though other machines could reach the page.
    """
    password = "" if password_file is None else _first_line(password_file)
    wide = host not in LOOPBACK
    if url:
        url = _checked_url(url)
    if not wide:
        return Access(password=password, url=url)
    return Access(password=password, hosts=_names(host), addresses=True, url=url)


def _names(host: str) -> tuple[str, ...]:
    own = socket.gethostname().lower()
    return tuple(dict.fromkeys((*LOOPBACK, host.lower(), own)))


def _first_line(path: Path) -> str:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise input_error(
            "password",
            _("密码文件无法读取。"),
            remedy=_("请核对路径；内容为 UTF-8 文本，第一行是密码。"),
            file=path.name,
        ) from error
    password = lines[0].strip() if lines else ""
    if not password:
        raise input_error(
            "password",
            _("密码文件的第一行是空的。"),
            remedy=_("请在第一行写密码。"),
            file=path.name,
        )
    return password


def _checked_url(url: str) -> str:
    parts = urlsplit(url)
    bare = not parts.path.strip("/") and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare or parts.username:
        raise input_error(
            "url",
            _("--url 应为完整的网址，不带路径。"),
            remedy=_("例如 https://park.example.org。"),
            got=url,
        )
    return f"{parts.scheme}://{parts.netloc}"


def serve(
    root: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    access: Access | None = None,
    tell: Callable[[str], None] = print,
    browser: bool = True,
) -> None:
    """Serve the page until Ctrl-C, or until the terminal is closed.

    Parameters
    ----------
    root : Path
        Holds a folder for each park, or is one.
    host : str
    port : int
        0: one that is free.
    access : Access, optional
    tell : callable
        Given the link to open, and what it means.
    browser : bool
        Whether to open the link in the browser.

    Raises
    ------
    InputError
        If the folder, the address or the port cannot be used.
    """
    access = access or Access()
    listening = _listening(host, port)
    bound = int(listening.getsockname()[1])
    app = create_app(root, access=access, language=language(), port=bound)
    server = create_server(
        app,
        sockets=[listening],
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=True,
        max_request_body_size=MOST_UPLOAD_MB * 2**20,
    )
    link = _link(host, bound, access)
    tell(link)
    if browser:
        threading.Thread(target=_open, args=(link,), daemon=True).start()
    _end_with_terminal()
    try:
        server.run()  # returns on Ctrl-C
    except KeyboardInterrupt:
        pass
    finally:
        app.extensions[KEY].close()
        server.close()


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        if sys.platform != "win32":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
    except (OSError, OverflowError, UnicodeError) as error:
        made.close()
        raise input_error(
            "port",
            _("无法在 {host} 的 {port} 端口提供页面。", host=host, port=port),
            remedy=_("请换一个 --port（0 为自动选择空闲端口），并核对 --host。"),
        ) from error
    return made


def _link(host: str, port: int, access: Access) -> str:
    shown = host if host not in ("0.0.0.0", "::") else "127.0.0.1"
    base = f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"
    if access.url:
        return access.url + "/"
    return base if access.password else f"{base}?token={access.token}"


def _open(link: str) -> None:
    with suppress(webbrowser.Error, OSError):
        webbrowser.open(link)


def _end_with_terminal() -> None:
    """End as by Ctrl-C when the terminal is closed, the system asks, or a pipe that starts us ends.

    A terminal is not read from: a program in the background would be stopped for it.
    """
    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), _interrupted)
    with suppress(OSError, ValueError, AttributeError):
        handle = sys.stdin.fileno()
        if stat.S_ISFIFO(os.fstat(handle).st_mode):
            threading.Thread(target=_watch, args=(handle,), daemon=True).start()


def _interrupted(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


def _watch(handle: int) -> None:
    with suppress(OSError):
        while os.read(handle, 4096):
            pass
    signal.raise_signal(signal.SIGINT) if os.name == "nt" else os.kill(os.getpid(), signal.SIGINT)
