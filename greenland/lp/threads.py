"""Work on blocks by several threads; NumPy lets go of the interpreter while it computes."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise

import numpy as np

Work = Callable[[int, int], None]
"""Takes the number of a block and of the thread that has it."""

MAX_THREADS = 4
MIN_SPLIT_LENGTH = 50_000
"""Ranges shorter than this are not worth cutting."""


class BlockPool:
    """Threads that share out blocks, each taking neighbours.

    Parameters
    ----------
    blocks : int
    threads : int, optional
        As many as there are processors, blocks, and at most `MAX_THREADS`.
    """

    def __init__(self, blocks: int, threads: int | None = None) -> None:
        self.blocks = blocks
        count = threads or min(MAX_THREADS, _available_cpus())
        self.threads = max(1, min(count, blocks))
        self.shares = [range(a, b) for a, b in self._cuts(blocks)]
        self._pool: ThreadPoolExecutor | None = None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Keep the threads until the end of the block."""
        if self.threads == 1:
            yield
            return
        with ThreadPoolExecutor(self.threads - 1) as pool:
            self._pool = pool
            try:
                yield
            finally:
                self._pool = None

    def run(self, work: Work) -> None:
        """Do *work* for every block."""
        if self._pool is None:
            for share in self.shares:
                for k in share:
                    work(k, 0)
            return

        def mine(thread: int) -> None:
            for k in self.shares[thread]:
                work(k, thread)

        self._together(mine)

    def every(self, work: Work) -> None:
        """Do *work* for every block, and at last for what comes after them, without a step."""
        self.run(work)
        work(self.blocks, 0)

    def cut(self, length: int, work: Callable[[slice], None]) -> None:
        """Do *work* for the parts of a long range, one for each thread."""
        if self._pool is None or length < MIN_SPLIT_LENGTH:
            work(slice(0, length))
            return
        parts = [slice(a, b) for a, b in self._cuts(length)]
        self._together(lambda thread: work(parts[thread]))

    def _cuts(self, length: int) -> Iterator[tuple[int, int]]:
        """Where the parts of a range for each thread begin and end."""
        return pairwise(length * w // self.threads for w in range(self.threads + 1))

    def _together(self, part: Callable[[int], object]) -> None:
        """Have every thread do its part, and wait for all."""

        def quietly(thread: int) -> None:
            with np.errstate(all="ignore"):  # not inherited by threads
                part(thread)

        assert self._pool is not None
        others = [self._pool.submit(quietly, thread) for thread in range(1, self.threads)]
        quietly(0)
        for one in others:
            one.result()


def _available_cpus() -> int:
    """Processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
