"""Tasks handed out to worker processes, and done by the caller meanwhile."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from threadpoolctl import threadpool_limits

from greenland.errors import WorkError
from greenland.i18n import _, language
from greenland.workers.count import processes
from greenland.workers.process import ProcessEndedError, WorkerProcess

T = TypeVar("T")
R = TypeVar("R")
Answer = Callable[[], Any]
"""Gives the result, or raises what the task ended in."""
PATIENCE = 0.5
"""Seconds after which a wait looks up, so that Ctrl-C is noticed on Windows too."""
_current: ContextVar[Workers | None] = ContextVar("workers", default=None)


class Batch(Generic[T, R]):
    """Tasks of one kind under way; made by `Workers.start`."""

    def __init__(
        self,
        changed: threading.Condition,
        work: Callable[[T], R],
        items: Sequence[T],
        names: Sequence[str],
    ) -> None:
        self.work, self.items, self.names, self.language = work, items, names, language()
        self._changed = changed  # one lock for all batches of a pool
        self._next, self._failed = 0, False
        self._answers: dict[int, Answer] = {}

    @property
    def begun(self) -> int:
        """How many tasks were begun."""
        return self._next

    @property
    def done(self) -> bool:
        """Whether nothing is left to wait for."""
        with self._changed:
            over = self._failed or self._next == len(self.items)
            return over and len(self._answers) == self._next

    def take(self) -> int | None:
        """Number of a task nobody has begun, in their order; None when there is none left."""
        with self._changed:
            if self._failed or self._next == len(self.items):
                return None
            self._next += 1
            return self._next - 1

    def answered(self, number: int, answer: Answer, *, failed: bool) -> None:
        """Keep the answer to a task; after a failure no other is begun."""
        with self._changed:
            self._answers[number] = answer
            self._failed |= failed
            self._changed.notify_all()

    def results(self) -> list[R]:
        """Wait for all results, and work along meanwhile.

        Returns
        -------
        list
            In the order of the tasks.

        Raises
        ------
        Exception
            What the first task that failed ended in, with a note that names it. Which one is
            first does not depend on who did what: tasks are begun in their order.
        """
        while (number := self.take()) is not None:
            self._do(number)
        with self._changed:
            while len(self._answers) < self._next:
                self._changed.wait(PATIENCE)
        return [self._given(number) for number in range(self._next)]

    def _do(self, number: int) -> None:
        """Do a task here, with one thread of BLAS, as the workers do: to the same last digit."""
        try:
            with threadpool_limits(1, user_api="blas"):
                result = self.work(self.items[number])
        except Exception as error:  # raised when its turn comes
            self.answered(number, _raising(error), failed=True)
        else:
            self.answered(number, lambda: result, failed=False)

    def _given(self, number: int) -> R:
        try:
            result: R = self._answers[number]()
        except Exception as error:
            name = self.names[number]
            if isinstance(error, WorkError):
                raise WorkError(name, error.reason) from error.__cause__
            error.add_note(_("计算“{name}”时出错。", name=name))
            raise
        return result


def _raising(error: Exception) -> Answer:
    def answer() -> Any:
        raise error

    return answer


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
        """Numbers of the processes that were started."""
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

        Returns
        -------
        Batch
        """
        batch: Batch[T, R] = Batch(self._changed, work, items, names)
        if not alone and len(items) and self.count > 0:
            with self._changed:
                self._batches.append(batch)
                self._changed.notify_all()
            self.prepare()
        return batch

    # -- in the thread of a process --------------------------------------------------------

    def _serve(self) -> None:
        """Start a process and hand it tasks, until there are no more to come."""
        try:
            process = WorkerProcess(self.modules)
        except OSError:
            return  # the caller does it all
        with self._changed:
            self._processes.append(process)
            closed = self._closed
        try:
            if not closed and process.ready():
                with self._changed:
                    self._ready += 1
                self._hand_out(process)
        finally:
            process.close()

    def _hand_out(self, process: WorkerProcess) -> None:
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
                batch.answered(number, _raising(WorkError("", reason)), failed=True)
                return
            except Exception as error:  # what cannot be pickled is the caller's to know
                batch.answered(number, _raising(error), failed=True)
                known = None
                continue
            batch.answered(number, _unpacking(content, done), failed=not done)

    def _task(self) -> tuple[Batch[Any, Any], int] | None:
        """The next task, waited for; None when the pool is closed."""
        with self._changed:
            while not self._closed:
                for batch in self._batches:
                    number = batch.take()
                    if number is not None:
                        return batch, number
                self._batches.clear()
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
