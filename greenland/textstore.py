"""How pandas keeps columns of text while a park is read and evaluated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd


@contextmanager
def plain_text_columns() -> Iterator[None]:
    """Let pandas keep text as Python strings, as it does where pyarrow is not installed.

    A park's tables have some hundred rows, and thousands of steps touch them: what pyarrow needs to
    begin each of them takes a quarter of a park's whole time. Values and results are the same.
    """
    with pd.option_context("mode.string_storage", "python"):
        yield
