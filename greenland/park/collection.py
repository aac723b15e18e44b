"""Python's search for cycles, put off while tables are read."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collection() -> Iterator[None]:
    """Let nobody look for cycles: cells come by the million and hold none.

    The search would go through all of them again and again, a tenth of the time of reading.
    """
    searched = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searched:
            gc.enable()
