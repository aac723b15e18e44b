"""What is done of a study, on disk: a line for each case as it is finished, and Parquet parts.

The journal is the truth: a line is appended and handed to the system before the next case is
begun, so that a run that is killed loses the cases in flight and no others. A line that was cut
short is dropped when the journal is read. For readers who do not want to wait, every `BATCH` cases
are also written as a Parquet file of their own, whole or not at all.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pandas as pd

from greenland.energy.studies.measures import Row, flat_row
from greenland.errors import input_error, unwritable
from greenland.filelock import FileLock
from greenland.files import whole
from greenland.i18n import _

JOURNAL, PARTS, LOCK = "journal.jsonl", "parts", ".study.lock"
BATCH = 50
"""Cases of a Parquet part."""
FAILED = "failed"
"""Status of a case that ended in an error, which stands as its reason."""


class Journal:
    """The cases of a study that are done, in a folder.

    Parameters
    ----------
    folder : Path
    resume : bool
        Whether to go on with what is there; else the folder must hold no journal.
    force : bool
        Whether a journal that is there is thrown away.
    retry : bool
        Whether cases that failed are done again.

    Raises
    ------
    InputError
        If there is a journal and neither is asked for, if another process writes it, or if
        nothing can be written there.
    """

    def __init__(
        self, folder: Path, *, resume: bool = False, force: bool = False, retry: bool = False
    ) -> None:
        self.folder, self.path = folder, folder / JOURNAL
        self.rows: dict[str, Row] = {}
        self._lines: list[dict[str, Any]] = []
        self._lock = FileLock(folder / LOCK)
        try:
            (folder / PARTS).mkdir(parents=True, exist_ok=True)
            held = self._lock.acquire()
        except OSError as error:
            raise unwritable(folder, error) from error
        if not held:
            raise input_error(
                "study_running",
                _("另一个进程正在此文件夹写研究结果。"),
                remedy=_("请等它结束，或用 --out 另选文件夹。"),
                file=str(folder),
            )
        try:
            self._begin(resume=resume, force=force, retry=retry)
        except BaseException:
            self._lock.release()
            raise

    def _begin(self, *, resume: bool, force: bool, retry: bool) -> None:
        if self.path.exists() and not resume:
            if not force:
                raise input_error(
                    "study_exists",
                    _("文件夹里已有一次研究的结果。"),
                    remedy=_(
                        "接着算请加 --resume；要全部重算请加 --force；也可用 --out 另选文件夹。"
                    ),
                    file=str(self.path),
                )
            self.path.unlink()
            for part in (self.folder / PARTS).glob("part-*.parquet"):
                part.unlink()
        if self.path.exists():
            self._lines = list(_read(self.path))
            self.rows = {
                line["key"]: line["row"]
                for line in self._lines
                if not (retry and line["row"]["status"] == FAILED)
            }
        self._stream = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
        self._write_parts(last=False)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Write the last part, and give the folder back."""
        try:
            self._write_parts(last=True)
        finally:
            os.close(self._stream)
            self._lock.release()

    def add(self, key: str, task: Mapping[str, Any], row: Row) -> None:
        """Note a case that is done.

        Parameters
        ----------
        key : str
            The hash it is known by.
        task : mapping
            What was asked, for readers of the journal.
        row : dict
            What it came to.

        Raises
        ------
        InputError
            If it cannot be written.
        """
        line = {"key": key, "task": task, "row": row}
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n"
        try:
            os.write(self._stream, text.encode("utf-8"))
        except OSError as error:
            raise unwritable(self.path, error) from error
        self.rows[key] = row
        self._lines.append(line)
        if len(self._lines) % BATCH == 0:
            self._write_parts(last=False)

    def _write_parts(self, *, last: bool) -> None:
        """Write every part that is full and not there; at the end the one that is not full too."""
        full = len(self._lines) // BATCH
        count = full + (1 if last and len(self._lines) % BATCH else 0)
        for number in range(count):
            path = self.folder / PARTS / f"part-{number + 1:05d}.parquet"
            lines = self._lines[number * BATCH : (number + 1) * BATCH]
            if path.exists() and (number < full - 1 or _rows_of(path) == len(lines)):
                continue
            table = pd.DataFrame([{"key": one["key"], **flat_row(one["row"])} for one in lines])
            try:
                with whole(path) as temporary:
                    table.to_parquet(temporary, index=False)
            except ImportError:
                return  # without the extra the journal is all there is
            except OSError as error:
                raise unwritable(path, error) from error


def _rows_of(path: Path) -> int:
    """Rows of a part; -1 where it cannot be read."""
    try:
        return len(pd.read_parquet(path, columns=["key"]))
    except (ImportError, OSError, ValueError):
        return -1


def _read(path: Path) -> Iterator[dict[str, Any]]:
    """Lines of a journal; what follows the last end of a line was cut short, and is taken away."""
    content = path.read_bytes()
    end = content.rfind(b"\n") + 1
    if end < len(content):
        with path.open("r+b") as stream:
            stream.truncate(end)
    for number, line in enumerate(content[:end].splitlines(), start=1):
        try:
            found = json.loads(line)
            yield {"key": str(found["key"]), "task": found["task"], "row": dict(found["row"])}
        except (ValueError, KeyError, TypeError) as error:
            raise input_error(
                "study_journal",
                _("研究的记录文件有一行读不出。"),
                remedy=_("请删去这一行（该算例会重算），或用 --force 全部重算。"),
                file=str(path),
                row=number,
            ) from error
