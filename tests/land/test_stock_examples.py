"""Examples in the docstrings of the land evaluations hold."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = ["calendar", "inefficient"]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    module = importlib.import_module(f"greenland.land.{name}")
    found = doctest.testmod(module)
    assert found.attempted
    assert found.failed == 0
