"""A pool of threads that share out the blocks of a program.

NumPy releases the GIL while it computes on arrays, so threads of one process run in parallel.
Every block is always worked on by one thread, and sums over blocks are added in the order of the
blocks: results do not depend on the timing of the threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise

import numpy as np

BlockTask = Callable[[int, int], None]
"""Takes the index of a block and the index of the thread that works on it."""

MAX_THREADS = 4
MIN_SPLIT_LENGTH = 50_000
"""Shorter ranges are not split: starting the threads would take longer than the work."""


class BlockPool:
    """Threads that share out blocks, each taking consecutive ones.

    Parameters
    ----------
    n_blocks : int
    n_threads : int, optional
        By default one per available CPU, at most `MAX_THREADS`; never more than blocks.
    """

    def __init__(self, n_blocks: int, n_threads: int | None = None) -> None:
        self.n_blocks = n_blocks
        wanted = n_threads or min(MAX_THREADS, _available_cpus())
        self.n_threads = max(1, min(wanted, n_blocks))
        self.blocks_of_thread = [range(start, stop) for start, stop in self._split(n_blocks)]
        self._executor: ThreadPoolExecutor | None = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Keep the threads alive; outside this context the caller's thread does all the work."""
        if self.n_threads == 1:
            yield
            return
        with ThreadPoolExecutor(self.n_threads - 1) as executor:
            self._executor = executor
            try:
                yield
            finally:
                self._executor = None

    def map_blocks(self, task: BlockTask) -> None:
        """Call *task* once for every block."""
        if self._executor is None:
            for block_range in self.blocks_of_thread:
                for k in block_range:
                    task(k, 0)
            return

        def own_blocks(thread: int) -> None:
            for k in self.blocks_of_thread[thread]:
                task(k, thread)

        self._run_in_all_threads(own_blocks)

    def map_blocks_and_border(self, task: BlockTask) -> None:
        """Call *task* once for every block, and then for the border, whose index comes last."""
        self.map_blocks(task)
        task(self.n_blocks, 0)

    def map_range(self, length: int, task: Callable[[slice], None]) -> None:
        """Call *task* for the parts of a range, one per thread; for a short one as a whole."""
        if self._executor is None or length < MIN_SPLIT_LENGTH:
            task(slice(0, length))
            return
        parts = [slice(start, stop) for start, stop in self._split(length)]
        self._run_in_all_threads(lambda thread: task(parts[thread]))

    def _split(self, length: int) -> Iterator[tuple[int, int]]:
        """Start and stop of each thread's part of a range."""
        return pairwise(length * thread // self.n_threads for thread in range(self.n_threads + 1))

    def _run_in_all_threads(self, work: Callable[[int], object]) -> None:
        """Call *work* in every thread and wait; an exception of any thread is raised here."""

        def without_warnings(thread: int) -> None:
            with np.errstate(all="ignore"):  # the error state is not inherited by threads
                work(thread)

        assert self._executor is not None
        futures = [
            self._executor.submit(without_warnings, thread) for thread in range(1, self.n_threads)
        ]
        without_warnings(0)
        for future in futures:
            future.result()


def _available_cpus() -> int:
    """CPUs this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
