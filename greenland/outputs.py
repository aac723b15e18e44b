"""Files that belong together are written as one set: all of one run, or all of the one before.

They are written into a hidden staging folder beside the files in place. When all are there, the
old ones are moved away, and only then the new ones moved in: at no moment do files of two runs
stand side by side. A run that is killed meanwhile leaves its staging folder with all it needs;
the next one ends what it began. ``manifest.json`` says what the set was made from.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenland.errors import OutputError, Problem, Severity
from greenland.filelock import FileLock, locked
from greenland.files import write_text
from greenland.i18n import _

MANIFEST = "manifest.json"
MANIFEST_FORMAT = 1
STAGING = ".greenland-staging-"
_LOCK = ".greenland.lock"
_ALIVE, _NEW, _OLD, _JOURNAL, _COMMITTED = "alive", "new", "old", "journal.json", "committed"


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


@dataclass(frozen=True)
class Manifest:
    """What a set of output files was made from, and what they were when written.

    Parameters
    ----------
    greenland : str
        Version of the package.
    inputs : mapping of file name to SHA-256
        Files the results rest on, relative to the park folder.
    rules : str
        SHA-256 of the rules in force.
    files : mapping of file name to SHA-256
        Files of the set.
    """

    greenland: str
    inputs: Mapping[str, str]
    rules: str
    files: Mapping[str, str]

    def to_json(self) -> str:
        """As it stands in ``manifest.json``."""
        content = {
            "format": MANIFEST_FORMAT,
            "greenland": self.greenland,
            "inputs": dict(sorted(self.inputs.items())),
            "rules": self.rules,
            "files": dict(sorted(self.files.items())),
        }
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder; None when there is none that can be read."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(
            greenland=str(content["greenland"]),
            inputs=_hashes(content["inputs"]),
            rules=str(content["rules"]),
            files=_hashes(content["files"]),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _hashes(content: Mapping[str, Any]) -> dict[str, str]:
    """File names and hashes; names that lead elsewhere are not ours."""
    return {str(k): str(v) for k, v in content.items()}


def check_set(folder: Path, manifest: Manifest | None = None) -> list[Problem]:
    """Files of a folder that are not those its manifest was written with.

    Returns
    -------
    list of Problem
        Empty when all belong together, or there is no manifest.
    """
    manifest = manifest or read_manifest(folder)
    problems = []
    for name, digest in manifest.files.items() if manifest else ():
        path = folder / name
        if Path(name).name != name:
            continue
        if not path.is_file():
            problems.append(_set_problem("output_missing", _("文件已不在。"), path))
        elif sha256(path) != digest:
            text = _("文件与写出时不同：已被改动，或属于另一次运行。")
            problems.append(_set_problem("output_changed", text, path))
    return problems


def _set_problem(code: str, message: str, path: Path) -> Problem:
    remedy = _("请重新运行 greenland assess，使各文件同出一次运行。")
    return Problem(Severity.WARNING, code, message, remedy, file=path.name)


def changed_inputs(before: Manifest, now: Manifest) -> list[str]:
    """Names of inputs that were added, changed or taken away between two runs."""
    names = {*before.inputs, *now.inputs}
    return sorted(name for name in names if before.inputs.get(name) != now.inputs.get(name))


class StagedSet:
    """The files of a set while they are written.

    Parameters
    ----------
    folder : Path
        Where they will stand.
    path : Path
        Where they are written.
    """

    def __init__(self, folder: Path, staging: Path) -> None:
        self.folder, self.path, self._staging = folder, staging / _NEW, staging

    def names(self) -> list[str]:
        """Names of the files written so far."""
        return sorted(item.name for item in self.path.iterdir())

    def write_manifest(
        self, version: str, inputs: Mapping[str, str], rules: str, keep: Iterable[str] = ()
    ) -> Manifest:
        """Write the manifest of all files written so far.

        Parameters
        ----------
        version : str
        inputs : mapping of file name to SHA-256
        rules : str
            SHA-256 of the rules in force.
        keep : iterable of str
            Files in place that belong to the set as they are.
        """
        files = {name: sha256(self.folder / name) for name in keep}
        files |= {name: sha256(self.path / name) for name in self.names()}
        manifest = Manifest(version, inputs, rules, files)
        write_text(self.path / MANIFEST, manifest.to_json())
        return manifest


@contextmanager
def output_set(folder: Path) -> Iterator[StagedSet]:
    """Write files aside in the block; put them in place together when it ends well.

    Files of the set before, as its manifest lists them, that the new manifest does not list are
    taken away, unless they were changed since.

    Raises
    ------
    OutputError
        If a file cannot be written or put in place; the folder is then as it was.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with output_set(folder) as staged:
    ...     _ = (staged.path / "a.txt").write_text("one", encoding="utf-8")
    >>> [item.name for item in folder.iterdir()]
    ['a.txt']
    """
    prepare(folder)
    with _explained(folder), locked(folder / _LOCK):
        staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=folder))
        alive = FileLock(staging / _ALIVE)
        alive.acquire()
    try:
        with _explained(folder):
            (staging / _NEW).mkdir()
            (staging / _OLD).mkdir()
            staged = StagedSet(folder, staging)
            yield staged
            with locked(folder / _LOCK):
                _swap(folder, staging, staged.names())
    finally:
        alive.release()
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    """Turn what the system says into an `OutputError`."""
    try:
        yield
    except OutputError:
        raise
    except ImportError:  # some of ours are both
        raise
    except OSError as error:
        name = Path(str(error.filename2 or error.filename or "")).name
        cause = error.strerror or str(error)
        raise OutputError(str(folder), name, cause, error.errno) from error


def _swap(folder: Path, staging: Path, names: list[str]) -> None:
    """Move the old files away and the new ones in; all back when one cannot be moved."""
    leaving = [name for name in (*names, *_left_over(folder, staging)) if _present(folder / name)]
    write_text(staging / _JOURNAL, json.dumps({"old": leaving, "new": names}))
    try:
        for name in leaving:
            (folder / name).replace(staging / _OLD / name)
        (staging / _COMMITTED).touch()
        for name in names:
            (staging / _NEW / name).replace(folder / name)
    except OSError:
        (staging / _COMMITTED).unlink(missing_ok=True)
        for name in names:
            if not (staging / _NEW / name).exists() and _present(folder / name):
                (folder / name).replace(staging / _NEW / name)
        _put_back(folder, staging)
        raise


def prepare(folder: Path) -> None:
    """Make a folder for output files, and end what killed runs began in it.

    Raises
    ------
    OutputError
        If nothing can be written there.
    """
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        with locked(folder / _LOCK):
            _finish_all(folder)


def _present(path: Path) -> bool:
    """Whether there is a file; a folder in its place is an error."""
    if path.is_dir():
        raise IsADirectoryError(21, _("同名的是文件夹"), str(path))
    return path.exists()


def _left_over(folder: Path, staging: Path) -> list[str]:
    """Files of the set in place that the new one does not have, as they were written."""
    before, now = read_manifest(folder), read_manifest(staging / _NEW)
    if before is None or now is None:
        return []
    return [
        name
        for name, digest in before.files.items()
        if name not in now.files
        and Path(name).name == name
        and (folder / name).is_file()
        and sha256(folder / name) == digest
    ]


def _put_back(folder: Path, staging: Path) -> None:
    for item in (staging / _OLD).iterdir():
        if not (folder / item.name).exists():
            item.replace(folder / item.name)


def finish_interrupted(folder: Path) -> None:
    """End what killed runs began in a folder, and take their staging folders away.

    A set that was being put in place is put there; one whose old files were still being moved
    away is given up, and these are put back. Running ones are left alone.
    """
    if (folder / _LOCK).exists() or any(folder.glob(f"{STAGING}*")):
        with _explained(folder), locked(folder / _LOCK):
            _finish_all(folder)


def _finish_all(folder: Path) -> None:
    for staging in sorted(folder.glob(f"{STAGING}*")):
        alive = FileLock(staging / _ALIVE)
        with contextlib.suppress(OSError):  # what cannot be ended now is left to the next run
            if staging.is_dir() and alive.acquire() and alive.certain:
                _finish(folder, staging)
                alive.release()
                shutil.rmtree(staging, ignore_errors=True)
        alive.release()


def _finish(folder: Path, staging: Path) -> None:
    if (staging / _COMMITTED).exists():
        for item in (staging / _NEW).iterdir():
            item.replace(folder / item.name)
    elif (staging / _JOURNAL).exists():
        _put_back(folder, staging)
