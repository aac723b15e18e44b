"""Tasks done by processes, their outcomes handed on as each is finished.

`greenland.workers.Workers` gives all results of a batch at its end and ends with the first
failure. A crew is for long studies: an outcome is told at once, a task that fails or whose process
dies is an outcome like others, and the next tasks may hang on what was found.
"""

from __future__ import annotations

import os
import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any, Protocol, Self

from greenland.errors import WorkError
from greenland.i18n import _, language
from greenland.workers.count import processes
from greenland.workers.process import ProcessEndedError, WorkerProcess

PATIENCE = 0.5
"""Seconds after which a wait looks up, so that Ctrl-C is noticed on Windows too."""
TRIES = 2
"""How often a task is begun whose process dies: a second time, lest another's fault is its own."""
_Told = tuple[int, bool, bytes]
MEMORY_MB = 2048
"""Memory of a process, unless said otherwise [MB]; a year of hours takes some 400."""


@dataclass(frozen=True)
class Outcome:
    """What a task came to.

    Parameters
    ----------
    number : int
        Place of the task among those handed in.
    value : object
    error : Exception, optional
        What it ended in instead.
    """

    number: int
    value: Any = None
    error: Exception | None = None


class Crew(Protocol):
    """Whoever does tasks and tells of each when it is done."""

    def prepare(self, work: Callable[[Any], Any]) -> None:
        """Begin to set up whoever will do *work*, before there is an item; returns at once.

        *work* has a ``prepare`` of its own, called wherever it will be done.
        """
        ...

    def stream(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Outcome]:
        """Do *work* on every item; outcomes in the order in which they come."""
        ...


class Alone:
    """The caller's own process, one task after another."""

    def prepare(self, work: Callable[[Any], Any]) -> None:
        """Nothing: the caller's process is there."""

    def stream(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Outcome]:
        """Do *work* on every item."""
        from threadpoolctl import threadpool_limits

        for number, item in enumerate(items):
            try:
                with threadpool_limits(1, user_api="blas"):  # as in a process of its own
                    yield Outcome(number, work(item))
            except Exception as error:
                yield Outcome(number, error=error)


class ProcessCrew:
    """Processes of one thread each, which live as long as the block.

    A process that holds more than its memory after a task is replaced; on systems that can bound
    a process, one that asks for more fails in its task. Curves and programs a process keeps are
    bounded in number by those who keep them.

    Parameters
    ----------
    count : int, optional
        How many; by default one for each CPU. The caller's own process does no task.
    modules : sequence of str
        What the tasks need, imported by every process while it starts.
    memory_mb : int
        Memory each process may hold beyond what it starts with [MB].

    Examples
    --------
    >>> import math
    >>> with ProcessCrew(1) as crew:
    ...     {one.number: one.value for one in crew.stream(math.factorial, [3, 4])}
    {0: 6, 1: 24}
    """

    def __init__(
        self,
        count: int | None = None,
        modules: Sequence[str] = (),
        memory_mb: int = MEMORY_MB,
    ) -> None:
        self.count = processes() if count is None else count
        self.modules, self.memory_mb = tuple(modules), memory_mb
        self._lock = threading.Lock()
        self._idle: list[WorkerProcess] = []
        self._all: set[WorkerProcess] = set()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def __enter__(self) -> Self:
        """Return itself; processes are started when there is something to do."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every process, whatever it is doing."""
        with self._lock:
            self._closed = True
            running = list(self._all)
        for process in running:
            process.end()
        for thread in self._threads:
            thread.join()
        for process in running:
            process.close()

    @property
    def pids(self) -> list[int]:
        """Numbers of the processes that are there."""
        with self._lock:
            return [process.pid for process in self._all]

    def prepare(self, work: Callable[[Any], Any]) -> None:
        """Start the processes, and have each call ``work.prepare()``, before there is an item."""
        packed = pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
        with suppress(OSError, ProcessEndedError):  # whoever needs a process finds out
            while len(self._all) < self.count:
                process = self._started()
                process.tell("work", packed)
                process.tell("prepare")
                with self._lock:
                    self._idle.append(process)

    def stream(self, work: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Outcome]:
        """Do *work* on every item; outcomes in the order in which they come.

        Both are pickled, *work* once for each process. A process that dies costs its task one of
        its `TRIES`, and nothing else.
        """
        packed = pickle.dumps(work, pickle.HIGHEST_PROTOCOL)
        waiting: SimpleQueue[int] = SimpleQueue()
        for number in range(len(items)):
            waiting.put(number)
        told: SimpleQueue[_Told | None] = SimpleQueue()
        spoken = language()

        def serve() -> None:
            try:
                self._serve(packed, items, waiting, told, spoken)
            finally:
                told.put(None)

        threads = [
            threading.Thread(target=serve, daemon=True) for _n in range(min(self.count, len(items)))
        ]
        self._threads = threads
        for thread in threads:
            thread.start()
        running, left = len(threads), set(range(len(items)))
        while running and left:
            try:
                answer = told.get(timeout=PATIENCE)
            except Empty:
                continue
            if answer is None:
                running -= 1
                continue
            number, done, content = answer
            left.discard(number)
            # unpickled here: messages said anew belong to the caller's record
            value = pickle.loads(content)
            yield Outcome(number, value) if done else Outcome(number, error=value)
        for number in sorted(left):  # no process could be started
            yield Outcome(number, error=WorkError("", _("计算进程无法启动")))

    # -- in a thread of its own ------------------------------------------------------------

    def _serve(
        self,
        packed: bytes,
        items: Sequence[Any],
        waiting: SimpleQueue[int],
        told: SimpleQueue[_Told | None],
        spoken: str,
    ) -> None:
        process: WorkerProcess | None = None
        begun = 0.0
        while not self._ended():
            try:
                number = waiting.get_nowait()
            except Empty:
                break
            for attempt in range(1, TRIES + 1):
                try:
                    if process is None:
                        process, begun = self._process(packed)
                    process.tell("item", pickle.dumps(items[number]), spoken)
                    done, content = process.answer()
                except ProcessEndedError as ended:
                    if process is not None:
                        self._gone(process)
                    process = None
                    if self._ended():
                        return
                    if attempt == TRIES:
                        told.put((number, False, pickle.dumps(_died(ended.code))))
                except OSError:
                    waiting.put(number)
                    return
                else:
                    told.put((number, done, content))
                    break
            if process is not None and resident_mb(process.pid) > begun + self.memory_mb:
                self._gone(process)
                process = None
        if process is not None:
            with self._lock:
                self._idle.append(process)

    def _process(self, packed: bytes) -> tuple[WorkerProcess, float]:
        """A process that knows what to do, and the memory it holds [MB]."""
        with self._lock:
            process = self._idle.pop() if self._idle else None
        process = process or self._started()
        if self._ended() or not process.ready():
            code = process.end()
            self._gone(process)
            raise ProcessEndedError(code)
        begun = resident_mb(process.pid)
        process.tell("work", packed)
        return process, begun

    def _started(self) -> WorkerProcess:
        """A new process, which may not have reported for work yet."""
        process = WorkerProcess(self.modules, memory_mb=self.memory_mb)
        with self._lock:
            self._all.add(process)
        return process

    def _ended(self) -> bool:
        """Whether the block is over."""
        with self._lock:
            return self._closed

    def _gone(self, process: WorkerProcess) -> None:
        with self._lock:
            self._all.discard(process)
        process.close()


def _died(code: int) -> WorkError:
    return WorkError("", _("计算进程被系统或他人终止（退出码 {code}）", code=code))


def resident_mb(pid: int) -> float:
    """Memory a process holds [MB]; zero where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError, IndexError):
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
