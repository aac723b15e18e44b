"""Locks on files, which the system gives back when their holder ends, however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


_HELD = (errno.EAGAIN, errno.EACCES, errno.EDEADLK, errno.EWOULDBLOCK)
WAIT_SECONDS = 60.0
PAUSE_SECONDS = 0.02


class FileLock:
    """A lock on a file, held until `release` or the end of the process.

    Parameters
    ----------
    path : Path
        Made when it is not there; taken away when the lock is released.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.certain = True  # whether the file system knows locks at all
        self._handle: int | None = None

    def acquire(self) -> bool:
        """Take the lock if nobody holds it; whether it is held now.

        On a file system without locks it is always given, and `certain` is false.

        Raises
        ------
        OSError
            If the file cannot be made.
        """
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            _lock(handle)
        except OSError as error:
            if error.errno in _HELD:
                os.close(handle)
                return False
            self.certain = False
        # who held it may have taken the file away meanwhile: then this is a lock on nothing
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(self.path.stat(), os.fstat(handle)):
                self._handle = handle
                return True
        os.close(handle)
        return False

    def release(self) -> None:
        """Give the lock back."""
        if self._handle is None:
            return
        with contextlib.suppress(OSError):  # Windows: an open file cannot be taken away
            self.path.unlink()
        os.close(self._handle)
        self._handle = None
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                self.path.unlink()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock on a file in the block, after waiting for it.

    Raises
    ------
    TimeoutError
        If another process holds it for longer than `WAIT_SECONDS`.
    """
    lock = FileLock(path)
    end = time.monotonic() + WAIT_SECONDS
    while not lock.acquire():
        if time.monotonic() > end:
            raise TimeoutError(str(path))
        time.sleep(PAUSE_SECONDS)
    try:
        yield
    finally:
        lock.release()
