"""Tasks handed out to worker processes, and done by the caller meanwhile."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Self, TypeVar

from greenland.errors import WorkError
from greenland.i18n import _
from greenland.workers.batch import Answer, Batch, Watch, raising
from greenland.workers.count import processes
from greenland.workers.process import ProcessEndedError, WorkerProcess

T = TypeVar("T")
R = TypeVar("R")
_current: ContextVar[Workers | None] = ContextVar("workers", default=None)


class Workers:
    """Processes that do tasks beside the caller's own; started when there is something to do.

    Parameters
    ----------
    count : int, optional
        Processes besides the caller's own; by default one for each further CPU.
    modules : sequence of str
        What the tasks need, imported by every process while it starts.

    Examples
    --------
    >>> import math
    >>> with Workers(1) as workers:
    ...     batch = workers.start(math.factorial, [3, 4, 5], names=["3!", "4!", "5!"])
    ...     batch.results()
    [6, 24, 120]
    """

    def __init__(self, count: int | None = None, modules: Sequence[str] = ()) -> None:
        self.count = processes() - 1 if count is None else count
        self.modules = tuple(modules)
        self._changed = threading.Condition()
        self._batches: list[Batch[Any, Any]] = []
        self._processes: list[WorkerProcess] = []
        self._threads: list[threading.Thread] = []
        self._closed, self._ready = False, 0

    def __enter__(self) -> Self:
        """Return itself; no process is started yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every process, whatever it is doing."""
        with self._changed:
            self._closed = True
            running = list(self._processes)
            self._changed.notify_all()
        for process in running:
            process.end()
        for thread in self._threads:
            thread.join()

    @property
    def ready(self) -> int:
        """How many processes report for work."""
        return self._ready

    @property
    def begun(self) -> bool:
        """Whether processes were asked for: what is handed out need not wait for it alone."""
        return bool(self._threads)

    @property
    def pids(self) -> list[int]:
        """Numbers of the processes that are there."""
        return [process.pid for process in self._processes]

    def prepare(self) -> None:
        """Start the processes, so that they are ready when there is something to do."""
        while len(self._threads) < self.count:
            thread = threading.Thread(target=self._serve, daemon=True)
            self._threads.append(thread)
            thread.start()

    def start(
        self,
        work: Callable[[T], R],
        items: Sequence[T],
        *,
        names: Sequence[str],
        alone: bool = False,
        instead: Callable[[T, WorkError], R] | None = None,
        watch: Watch | None = None,
    ) -> Batch[T, R]:
        """Begin tasks; `Batch.results` waits for them.

        Parameters
        ----------
        work : callable
            Does one task. It is pickled once for each process, and so must not rest on what an
            earlier task left in it.
        items : sequence
            One for each task; pickled, as is the result.
        names : sequence of str
            What each task is called where it fails.
        alone : bool
            Leave all of it to the caller's own process: for what takes less time than a process
            takes to start.
        instead : callable, optional
            Gives what stands for the result of a task, of the task and the reason, when two
            processes ended while they did it. Without it the first process to end fails the batch.
        watch : callable, optional
            See `Watch`.

        Returns
        -------
        Batch
        """
        batch: Batch[T, R] = Batch(
            self._changed, work, items, names, instead=instead, watch=watch, served=self._served
        )
        if not alone and len(items) and self.count > 0:
            with self._changed:
                self._batches.append(batch)
                self._changed.notify_all()
            self.prepare()
        return batch

    # -- in the thread of a process --------------------------------------------------------

    def _served(self) -> bool:
        """Whether a thread has a process to hand tasks to, or is about to have."""
        return any(thread.is_alive() for thread in self._threads)

    def _serve(self) -> None:
        """Start a process and hand it tasks, until there are no more to come.

        One that ends in a task of a batch that goes on without is replaced.
        """
        while self._served_by_one():
            pass

    def _served_by_one(self) -> bool:
        """Hand tasks to a new process; whether another is to follow it."""
        try:
            process = WorkerProcess(self.modules)
        except OSError:
            return False  # the caller does it all
        with self._changed:
            self._processes.append(process)
            closed = self._closed
        try:
            if closed or not process.ready():
                return False
            with self._changed:
                self._ready += 1
            return self._hand_out(process)
        finally:
            process.close()
            with self._changed:
                self._processes.remove(process)

    def _hand_out(self, process: WorkerProcess) -> bool:
        """Hand out tasks; whether the process ended and the batch goes on."""
        known: Batch[Any, Any] | None = None
        while (task := self._task()) is not None:
            batch, number = task
            try:
                if batch is not known:
                    process.tell("work", pickle.dumps(batch.work, pickle.HIGHEST_PROTOCOL))
                    known = batch
                item = pickle.dumps(batch.items[number], pickle.HIGHEST_PROTOCOL)
                process.tell("item", item, batch.language)
                done, content = process.answer()
            except ProcessEndedError as ended:
                reason = _("计算进程被系统或他人终止（退出码 {code}）", code=ended.code)
                batch.lost(number, WorkError("", reason))
                return batch.goes_on
            except Exception as error:  # what cannot be pickled is the caller's to know
                batch.answered(number, raising(error), failed=True)
                known = None
                continue
            batch.answered(number, _unpacking(content, done), failed=not done)
        return False

    def _task(self) -> tuple[Batch[Any, Any], int] | None:
        """The next task, waited for; None when the pool is closed."""
        with self._changed:
            while not self._closed:
                for batch in self._batches:
                    number = batch.take_again()
                    number = batch.take() if number is None else number
                    if number is not None:
                        return batch, number
                self._batches = [one for one in self._batches if not one.done]
                self._changed.wait()
        return None


def _unpacking(content: bytes, done: bool) -> Answer:
    """Unpickled where it is asked for: messages said anew belong to the caller's record."""

    def answer() -> Any:
        value = pickle.loads(content)
        if done:
            return value
        raise value

    return answer


@contextmanager
def side_by_side(*modules: str) -> Iterator[Workers]:
    """The workers in use, or new ones that end with the block.

    Parameters
    ----------
    *modules : str
        See `Workers`.

    Raises
    ------
    InputError
        See `greenland.workers.count.processes`.
    """
    found = _current.get()
    if found is not None:
        found.modules = tuple(dict.fromkeys((*found.modules, *modules)))  # if none is started yet
        yield found
        return
    with Workers(modules=modules) as workers:
        token = _current.set(workers)
        try:
            yield workers
        finally:
            _current.reset(token)


def current() -> Workers:
    """The workers in use; where there are none, the caller's own process alone."""
    return _current.get() or Workers(0)
