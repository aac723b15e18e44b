"""One worker process as its caller sees it: started, asked, ended."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import greenland

GREETING = "greenland"
ONE_THREAD = dict.fromkeys(
    ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""There is one process for each CPU: a second thread in each would only wait."""
MEMORY = "GREENLAND_WORKER_MEMORY_MB"
"""Environment variable with the memory of a worker, for the worker alone."""
BEGIN = "from greenland.workers.child import main; main()"


class ProcessEndedError(Exception):
    """The process is gone in the middle of a question; *code* as of `subprocess.Popen`."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


class WorkerProcess:
    """A process that answers questions one after another.

    Parameters
    ----------
    modules : sequence of str
        Imported before it reports for work.
    memory_mb : int, optional
        Memory it may take beyond what it needs to start, where the system bounds processes [MB].

    Raises
    ------
    OSError
        If it cannot be started.
    """

    def __init__(self, modules: Sequence[str], memory_mb: int | None = None) -> None:
        source = str(Path(greenland.__file__).parents[1])
        path = os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH", ""))))
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", BEGIN, *modules],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=os.environ | ONE_THREAD | {"PYTHONPATH": path} | _bounded(memory_mb),
            **_apart(),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._questions, self._answers = self._process.stdin, self._process.stdout
        self._greeted: bool | None = None

    @property
    def pid(self) -> int:
        """Number of the process."""
        return self._process.pid

    def ready(self) -> bool:
        """Wait until it reports for work, which it does once; False if it never does."""
        if self._greeted is None:
            try:
                self._greeted = bool(pickle.load(self._answers) == GREETING)
            except (EOFError, OSError, pickle.UnpicklingError):
                self._greeted = False
        return self._greeted

    def tell(self, *message: Any) -> None:
        """Send a message.

        Raises
        ------
        ProcessEndedError
        """
        try:
            pickle.dump(message, self._questions, pickle.HIGHEST_PROTOCOL)
            self._questions.flush()
        except (OSError, ValueError) as error:
            raise ProcessEndedError(self._process.wait()) from error

    def answer(self) -> tuple[bool, bytes]:
        """The next answer: whether it is a result, and what was pickled.

        Raises
        ------
        ProcessEndedError
        """
        try:
            done, content = pickle.load(self._answers)
        except (EOFError, OSError, ValueError, pickle.UnpicklingError) as error:
            raise ProcessEndedError(self._process.wait()) from error
        return done, content

    def end(self) -> int:
        """End it, whatever it is doing, and wait until it is gone; the code it ended with."""
        self._process.kill()
        return self._process.wait()

    def close(self) -> None:
        """End it and give back its pipes; only where nobody waits for an answer any more."""
        self.end()
        for stream in (self._questions, self._answers):
            with suppress(OSError):
                stream.close()


def _bounded(memory_mb: int | None) -> dict[str, str]:
    return {} if memory_mb is None else {MEMORY: str(memory_mb)}


def _apart() -> dict[str, Any]:
    """Ctrl-C reaches the caller alone, which then ends its workers."""
    if sys.platform == "win32":
        quiet = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        return {"creationflags": quiet}
    return {"start_new_session": True}
