"""Warnings of libraries that their users can do nothing about."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from pandas.errors import Pandas4Warning


@contextmanager
def library_quiet() -> Iterator[None]:
    """Silence pandas' notices of coming changes raised inside pvlib and windpowerlib.

    Both call pandas in ways pandas 4 will drop (``DatetimeIndex.dayofyear``,
    ``dropna(inplace=True)``); the versions pinned here still run on pandas 3.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", category=Pandas4Warning)
        yield
