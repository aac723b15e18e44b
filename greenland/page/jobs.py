"""Long work in processes of its own: begun, watched, given up; it ends with the server.

A job belongs to a folder and is of a kind. While one is under way a second of the same kind in the
same folder is not begun: whoever asks for it watches the one there is. Pages ask for a job by its
number, so that a reload finds it again and two tabs never see each other's.
"""

from __future__ import annotations

import os
import pickle
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any

from greenland.errors import GreenlandError, InputError, Problem, WorkError
from greenland.i18n import N_, Text, _, language, use_language
from greenland.page.method import DONE_JOBS
from greenland.page.progress import Progress, read_progress
from greenland.workers import cpus
from greenland.workers.process import ProcessEndedError, WorkerProcess

Work = Callable[[Any, Progress], Any]
"""Does a job: a function of a module, given what it is to do and where to tell how far it is."""


class JobState(StrEnum):
    """How far a job is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


STATE_LABELS = {
    JobState.WAITING: N_("等待中"),
    JobState.RUNNING: N_("进行中"),
    JobState.DONE: N_("已完成"),
    JobState.FAILED: N_("未完成"),
    JobState.CANCELLED: N_("已取消"),
}
UNDER_WAY = (JobState.WAITING, JobState.RUNNING)


@dataclass(eq=False)
class Job:
    """One piece of long work.

    Parameters
    ----------
    id : str
        Number nobody can guess.
    folder : Path
        Park it works for.
    kind : str
        Such as ``"assess"``.
    title : Text
        What it does, in words.
    state : JobState
    result : object
        What the work gave back, once it is done.
    about : object
        What it was begun for, kept in the server alone.
    error : Exception, optional
        What it ended in, where it failed.
    """

    id: str
    folder: Path
    kind: str
    title: str
    state: JobState = JobState.WAITING
    result: Any = None
    about: Any = None
    error: Exception | None = None
    begun: float = field(default_factory=time.monotonic)
    ended: float | None = None
    _progress: Path = field(default=Path(), repr=False)
    _process: WorkerProcess | None = field(default=None, repr=False)

    @property
    def under_way(self) -> bool:
        """Whether it waits or runs."""
        return self.state in UNDER_WAY

    @property
    def seconds(self) -> float:
        """How long it has taken [s]."""
        return (self.ended or time.monotonic()) - self.begun

    @property
    def problems(self) -> Sequence[Problem]:
        """What was wrong with the input, where that is why it failed."""
        return self.error.problems if isinstance(self.error, InputError) else ()

    @property
    def reason(self) -> str:
        """Why it failed, in words that tell nothing of files; empty where it did not."""
        if self.error is None:
            return ""
        if isinstance(self.error, GreenlandError):
            return str(self.error)
        return str(_("程序出错，未能完成；详情见运行 greenland page 的终端。"))

    def as_record(self) -> dict[str, Any]:
        """As pages ask for it."""
        told = read_progress(self._progress) if self.state is JobState.RUNNING else {}
        title = self.title.again() if isinstance(self.title, Text) else self.title
        return {
            "id": self.id,
            "kind": self.kind,
            "title": str(title),
            "state": str(self.state),
            "state_title": str(_(STATE_LABELS[self.state])),
            "under_way": self.under_way,
            "part": told.get("part", ""),
            "done": told.get("done"),
            "total": told.get("total"),
            "seconds": round(self.seconds, 1),
            "reason": self.reason,
        }


class Jobs:
    """Every job of a server.

    Parameters
    ----------
    most : int, optional
        How many run at once; by default one for each CPU. Others wait their turn.

    Examples
    --------
    >>> jobs = Jobs()
    >>> jobs.latest(Path("park"), "assess") is None
    True
    >>> jobs.close()
    """

    def __init__(self, most: int | None = None) -> None:
        self._lock = threading.RLock()
        self._turn = threading.Condition(self._lock)
        self._free = cpus() if most is None else most
        self._jobs: dict[str, Job] = {}
        self._told = Path(tempfile.mkdtemp(prefix="greenland-page-"))
        self._closed = False

    def start(
        self,
        folder: Path,
        kind: str,
        work: Work,
        item: Any,
        *,
        title: str,
        modules: Sequence[str] = (),
        after: Callable[[Job], None] | None = None,
        about: Any = None,
    ) -> Job:
        """Begin a job, or find the one of this kind that is under way in this folder.

        Parameters
        ----------
        folder : Path
        kind : str
        work : callable
            A function of a module: it is pickled, as are *item* and what it returns.
        item : object
            What it is to do.
        title : str
            In words; a message can be said again in another language.
        modules : sequence of str
            What the work needs, imported while the process starts.
        after : callable, optional
            Called in the server with the job once it is done.
        about : object
            Kept with the job, in the server alone.

        Returns
        -------
        Job
        """
        packed = pickle.dumps(partial(_done_with, work), pickle.HIGHEST_PROTOCOL)
        with self._lock:
            running = self.latest(folder, kind)
            if running is not None and running.under_way:
                return running
            job = Job(secrets.token_urlsafe(12), folder.resolve(), kind, title, about=about)
            job._progress = self._told / job.id
            self._jobs[job.id] = job
            self._forget()
        content = pickle.dumps((item, Progress(job._progress)), pickle.HIGHEST_PROTOCOL)
        run = partial(self._run, job, packed, content, language(), tuple(modules), after)
        threading.Thread(target=run, daemon=True, name=f"job {kind}").start()
        return job

    def get(self, number: str) -> Job | None:
        """The job of a number; None when there is none, or it was long ago."""
        with self._lock:
            return self._jobs.get(number)

    def latest(self, folder: Path, kind: str) -> Job | None:
        """The last job of a kind begun in a folder."""
        place = folder.resolve()
        with self._lock:
            found = [one for one in self._jobs.values() if one.folder == place and one.kind == kind]
            return found[-1] if found else None

    def of(self, folder: Path) -> list[Job]:
        """Every job of a folder, the last first."""
        place = folder.resolve()
        with self._lock:
            return [one for one in reversed(self._jobs.values()) if one.folder == place]

    def cancel(self, job: Job) -> None:
        """Give a job up; what it has not finished writing is not written."""
        with self._lock:
            if not job.under_way:
                return
            self._end(job, JobState.CANCELLED)
            process = job._process
            self._turn.notify_all()
        if process is not None:
            _kill(process)

    def close(self) -> None:
        """Give every job up, as the server ends."""
        with self._lock:
            self._closed = True
            running = [job for job in self._jobs.values() if job.under_way]
        for job in running:
            self.cancel(job)
        shutil.rmtree(self._told, ignore_errors=True)

    # -- in the thread of a job ------------------------------------------------------------

    def _run(
        self,
        job: Job,
        packed: bytes,
        content: bytes,
        spoken: str,
        modules: tuple[str, ...],
        after: Callable[[Job], None] | None,
    ) -> None:
        with self._lock:
            while job.under_way and (self._free == 0 or self._closed):
                self._turn.wait()
            if not job.under_way:
                return
            self._free -= 1
            job.state = JobState.RUNNING
        try:
            with use_language(spoken):  # messages are said anew when they are unpacked
                self._answered(job, packed, content, spoken, modules, after)
        finally:
            with self._lock:
                self._free += 1
                self._turn.notify_all()

    def _answered(
        self,
        job: Job,
        packed: bytes,
        content: bytes,
        spoken: str,
        modules: tuple[str, ...],
        after: Callable[[Job], None] | None,
    ) -> None:
        process: WorkerProcess | None = None
        try:
            process = WorkerProcess(modules)
            with self._lock:
                job._process = process
                if not job.under_way:  # given up while it was being started
                    return
            if not process.ready():
                raise ProcessEndedError(process.end())
            process.tell("work", packed)
            process.tell("item", content, spoken)
            done, answer = process.answer()
            value = pickle.loads(answer)
            if not done:
                raise value
            job.result = value
            if after is not None:
                after(job)
            with self._lock:
                self._end(job, JobState.DONE)
        except ProcessEndedError as ended:
            text = _("计算进程被系统或他人终止（退出码 {code}）", code=ended.code)
            self._failed(job, WorkError(str(job.title), text))
        except OSError as error:
            self._failed(job, error if isinstance(error, GreenlandError) else _unstarted(job))
        except Exception as error:
            self._failed(job, error)
        finally:
            if process is not None:
                process.close()
            with self._lock:
                job._process = None
            job._progress.unlink(missing_ok=True)

    def _failed(self, job: Job, error: Exception) -> None:
        with self._lock:
            if not job.under_way:
                return
            job.error = error
            self._end(job, JobState.FAILED)
        if not isinstance(error, GreenlandError):
            traceback.print_exception(error, file=sys.stderr)

    def _end(self, job: Job, state: JobState) -> None:
        if job.under_way:
            job.state, job.ended = state, time.monotonic()

    def _forget(self) -> None:
        """Drop the oldest of those that are over."""
        over = [number for number, job in self._jobs.items() if not job.under_way]
        for number in over[: max(0, len(over) - DONE_JOBS)]:
            del self._jobs[number]


def _unstarted(job: Job) -> WorkError:
    return WorkError(str(job.title), _("计算进程无法启动"))


def _kill(process: WorkerProcess) -> None:
    """End a process with those it started, such as a browser that prints."""
    if hasattr(os, "killpg"):
        with suppress(OSError):  # it leads a session of its own
            os.killpg(process.pid, signal.SIGKILL)
    process.end()


def _done_with(work: Work, item: tuple[Any, Progress]) -> Any:
    """What a worker process calls."""
    return work(*item)
