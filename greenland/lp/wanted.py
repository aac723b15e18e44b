"""Whether an answer is still wanted: asked once an iteration, so that work can be given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_wanted: ContextVar[Callable[[], bool] | None] = ContextVar("wanted", default=None)


class GivenUpError(Exception):
    """The answer is no longer wanted."""


@contextmanager
def while_wanted(wanted: Callable[[], bool]) -> Iterator[None]:
    """Give programs up inside this context, by `GivenUpError`, as soon as *wanted* says no."""
    token = _wanted.set(wanted)
    try:
        yield
    finally:
        _wanted.reset(token)


def require_wanted() -> None:
    """Go on only if the answer is wanted.

    Raises
    ------
    GivenUpError
    """
    wanted = _wanted.get()
    if wanted is not None and not wanted():
        raise GivenUpError
