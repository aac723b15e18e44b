"""Every example in a docstring of the package holds."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import greenland

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(greenland.__path__, "greenland.")
    if info.name != "greenland.__main__"
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name))
    assert found.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    examples = sum(
        len(test.examples)
        for name in MODULES
        for test in finder.find(importlib.import_module(name))
    )
    assert examples > 30
