"""Every example in a docstring of the package holds."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

import greenland
from greenland.assessment import assess
from greenland.park import read_example

MODULES = sorted(
    info.name
    for info in pkgutil.walk_packages(greenland.__path__, "greenland.")
    if info.name != "greenland.__main__"
)


def source_of(name: str) -> str:
    spec = find_spec(name)
    return Path(str(spec and spec.origin)).read_text(encoding="utf-8")


WITH_EXAMPLES = {name: source for name in MODULES if ">>> " in (source := source_of(name))}


def marked(name: str, source: str) -> Any:
    """Modules whose examples evaluate the example park are slow; some read the whole package."""
    marks = [pytest.mark.slow] if ">>> from greenland.park import read_example" in source else []
    if name in ("greenland.rules.asked", "greenland.rules.check"):
        marks.append(pytest.mark.xdist_group("asked rules"))
    return pytest.param(name, marks=marks)


read_once, assess_once = cache(read_example), cache(assess)


@pytest.mark.parametrize("name", [marked(*item) for item in WITH_EXAMPLES.items()])
def test_examples_hold(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example park is read once for all of them."""
    monkeypatch.setattr("greenland.park.read_example", read_once)
    if name != "greenland.assessment":
        monkeypatch.setattr("greenland.assess", assess_once)
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
