"""Tasks of one kind under way, done by processes and by the caller."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from threadpoolctl import threadpool_limits

from greenland.errors import WorkError
from greenland.i18n import _, language

T = TypeVar("T")
R = TypeVar("R")
Answer = Callable[[], Any]
"""Gives the result, or raises what the task ended in."""
Watch = Callable[[int, int, Sequence[str]], None]
"""Told how many tasks are done, how many there are, and the names of those under way, from
whichever thread."""
PATIENCE = 0.5
"""Seconds after which a wait looks up, so that Ctrl-C is noticed on Windows too."""


class Batch(Generic[T, R]):
    """Tasks of one kind under way; made by `Workers.start`."""

    def __init__(
        self,
        changed: threading.Condition,
        work: Callable[[T], R],
        items: Sequence[T],
        names: Sequence[str],
        *,
        instead: Callable[[T, WorkError], R] | None = None,
        watch: Watch | None = None,
        served: Callable[[], bool] = bool,
    ) -> None:
        self.work, self.items, self.names, self.language = work, items, names, language()
        self._changed = changed  # one lock for all batches of a pool
        self._next, self._failed = 0, False
        self._answers: dict[int, Answer] = {}
        self._instead, self._watch, self._served = instead, watch, served
        self._lost: dict[int, WorkError] = {}  # tasks whose process ended, to be begun once more
        self._begun_again: set[int] = set()

    @property
    def begun(self) -> int:
        """How many tasks were begun."""
        return self._next

    @property
    def goes_on(self) -> bool:
        """Whether a process that ends is no end of the batch."""
        return self._instead is not None

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
            number = self._next - 1
        self._watched()
        return number

    def take_again(self) -> int | None:
        """Number of a task whose process ended; for another process, never for the caller."""
        with self._changed:
            again = [number for number in self._lost if number not in self._begun_again]
            self._begun_again.update(again[:1])
            return again[0] if again else None

    def lost(self, number: int, error: WorkError) -> None:
        """Note that the process of a task ended.

        Where there is something to stand for its result the task is begun once more, for what
        ended the process need not have been its fault; else the batch fails.
        """
        with self._changed:
            if self._instead is not None and number not in self._lost:
                self._lost[number] = error
                self._changed.notify_all()
                return
        self._given_up(number, error)

    def _given_up(self, number: int, error: WorkError) -> None:
        if self._instead is None:
            self.answered(number, raising(error), failed=True)
        else:
            instead, item = self._instead, self.items[number]
            self.answered(number, lambda: instead(item, error), failed=False)

    def answered(self, number: int, answer: Answer, *, failed: bool) -> None:
        """Keep the answer to a task; after a failure no other is begun."""
        with self._changed:
            self._answers[number] = answer
            self._failed |= failed
            self._changed.notify_all()
        self._watched()

    def _watched(self) -> None:
        if self._watch is None:
            return
        with self._changed:
            done = len(self._answers)
            names = [self.names[n] for n in range(self._next) if n not in self._answers]
        self._watch(done, len(self.items), names)

    def results(self, tell: Callable[[R], None] | None = None) -> list[R]:
        """Wait for all results, and work along meanwhile.

        Parameters
        ----------
        tell : callable, optional
            Told each result as it comes, in the caller's thread and between tasks of its own.

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
        found: dict[int, R] = {}
        while (number := self.take()) is not None:
            self._do(number)
            self._tell(found, tell)
        while not self.done:
            self._await()
            self._tell(found, tell)
        self._tell(found, tell)  # what ended between the last look and the end
        return [
            found[number] if number in found else self._given(number)
            for number in range(self._next)
        ]

    def _await(self) -> None:
        """Wait for an answer; what no process is left for is given up."""
        with self._changed:
            known = len(self._answers)
            if len(self._answers) < self._next:
                self._changed.wait(PATIENCE)
            same = len(self._answers) == known
        if same and not self._served():
            for number, error in self._lost.items():
                if number not in self._answers:
                    self._given_up(number, error)

    def _tell(self, found: dict[int, R], tell: Callable[[R], None] | None) -> None:
        if tell is None:
            return
        with self._changed:
            new = [] if self._failed else [n for n in self._answers if n not in found]
        for number in new:
            found[number] = self._given(number)
            tell(found[number])

    def _do(self, number: int) -> None:
        """Do a task here, with one thread of BLAS, as the workers do: to the same last digit."""
        try:
            with threadpool_limits(1, user_api="blas"):
                result = self.work(self.items[number])
        except Exception as error:  # raised when its turn comes
            self.answered(number, raising(error), failed=True)
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


def raising(error: Exception) -> Answer:
    """Return an answer that is the error a task ended in."""

    def answer() -> Any:
        raise error

    return answer
