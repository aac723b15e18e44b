"""Firefox driven through its own Marionette socket, which needs neither driver nor package."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any

PREFERENCES = {
    "marionette.port": 0,  # any that is free
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
"""Key of an element's number, fixed by WebDriver."""
WAIT = 60.0  # s, for machines with other work to do


def firefox_path() -> str | None:
    """The installed Firefox, if there is one."""
    return shutil.which("firefox-esr") or shutil.which("firefox")


class Firefox:
    """One headless window with a profile of its own.

    Parameters
    ----------
    profile : Path
        Empty folder.
    """

    def __init__(self, profile: Path) -> None:
        path = firefox_path()
        assert path is not None
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        self.process = subprocess.Popen(
            [path, "--headless", "--no-remote", "--marionette", "--profile", str(profile)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=os.environ | {"HOME": str(profile)},
        )
        told = profile / "MarionetteActivePort"
        until = time.monotonic() + WAIT
        while not (told.exists() and told.read_text()):
            assert self.process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
        self._socket = socket.create_connection(("127.0.0.1", int(told.read_text())), timeout=WAIT)
        self._unread, self._asked = b"", 0
        self._answer()  # its greeting
        self.ask("WebDriver:NewSession", capabilities={})

    def __enter__(self) -> Firefox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._socket.close()
        self.process.terminate()
        self.process.wait(20)

    def ask(self, command: str, **parameters: Any) -> Any:
        """Give a WebDriver command; its value."""
        self._asked += 1
        text = json.dumps([0, self._asked, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(text), text))
        _kind, number, error, value = self._answer()
        assert number == self._asked
        assert error is None, error
        return value.get("value", value)

    def _answer(self) -> Any:
        """The next message: its length, a colon, JSON."""
        while True:
            size, colon, rest = self._unread.partition(b":")
            if colon and len(rest) >= int(size):
                self._unread = rest[int(size) :]
                return json.loads(rest[: int(size)])
            more = self._socket.recv(1 << 16)
            assert more
            self._unread += more

    def open(self, url: str) -> None:
        """Load a page."""
        self.ask("WebDriver:Navigate", url=url)

    def run(self, script: str, *arguments: Any) -> Any:
        """What a script returns."""
        return self.ask("WebDriver:ExecuteScript", script=script, args=list(arguments))

    def wait(self, condition: str, *arguments: Any) -> None:
        """Wait for an expression to be true of a page that is loaded."""
        until = time.monotonic() + WAIT
        script = f"return document.readyState === 'complete' && Boolean({condition})"
        while not self.run(script, *arguments):
            assert time.monotonic() < until, condition
            time.sleep(0.1)

    def element(self, css: str) -> str:
        """Number of the first element of a selector."""
        found = self.ask("WebDriver:FindElement", using="css selector", value=css)
        return str(found[ELEMENT])

    def type(self, css: str, text: str) -> None:
        """Type into a field, or name a file to an upload."""
        self.ask("WebDriver:ElementSendKeys", id=self.element(css), text=text)

    def click(self, css: str) -> None:
        """Click the middle of an element, which must be in sight."""
        self.ask("WebDriver:ElementClick", id=self.element(css))
