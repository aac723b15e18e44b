"""How many drawn inputs a test takes: few with every run, all of them with `make campaigns`."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import pytest

LONG = os.environ.get("GREENLAND_LONG") == "1"


def examples(always: int, long: int) -> int:
    """How many examples Hypothesis draws."""
    return long if LONG else always


def seeds(always: int, long: int) -> list[Any]:
    """Seeds for `parametrize`, the later ones in the campaigns only."""
    return first(always, range(long))


def first(always: int, items: Iterable[Any]) -> list[Any]:
    """Items for `parametrize`, those after the first *always* in the campaigns only."""
    return [
        pytest.param(item, marks=pytest.mark.campaign if place >= always else ())
        for place, item in enumerate(items)
    ]
