"""Files are written whole or not at all: to a temporary file first, then renamed into place."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from greenland.errors import input_error
from greenland.i18n import _


def refuse_existing(paths: Iterable[Path]) -> None:
    """Raise when a file is there already, before anything is computed.

    Parameters
    ----------
    paths : iterable of Path

    Raises
    ------
    InputError
        With every file that is there.
    """
    there = [str(path) for path in paths if path.exists()]
    if there:
        raise input_error(
            "exists",
            _("文件已存在，没有覆盖。"),
            remedy=_("请换个名称或文件夹，或先移走原有文件。"),
            file="、".join(there),
        )


@contextmanager
def whole(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside *path*; rename it to *path* when the block ends well.

    When the block raises, the temporary file is removed and *path* stays as it was.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> target = pathlib.Path(tempfile.mkdtemp()) / "a.txt"
    >>> with whole(target) as temporary:
    ...     _ = temporary.write_text("done", encoding="utf-8")
    >>> target.read_text(encoding="utf-8")
    'done'
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # the suffix stays: writers choose the format by it
    handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=path.suffix, dir=path.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        _usual_permissions(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _usual_permissions(path: Path) -> None:
    """Give a file made by mkstemp (0600) the permissions a plain ``open`` would have given."""
    mask = os.umask(0)
    os.umask(mask)
    path.chmod(0o666 & ~mask)


def write_whole(path: str | Path, writer: Callable[[Path], object]) -> Path:
    """Let *writer* fill a temporary file, then rename it to *path*; see `whole`."""
    with whole(path) as temporary:
        writer(temporary)
    return Path(path)


def write_text(path: str | Path, text: str) -> Path:
    """Write UTF-8 text with Unix line ends, whole or not at all."""
    return write_whole(path, lambda item: item.write_text(text, encoding="utf-8", newline="\n"))


def write_bytes(path: str | Path, content: bytes) -> Path:
    """Write bytes, whole or not at all."""
    return write_whole(path, lambda item: item.write_bytes(content))
