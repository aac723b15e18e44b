"""Every example in a docstring of the package holds."""

from __future__ import annotations

import doctest
import importlib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import greenland
from greenland.assessment import assess
from greenland.park import read_example

PACKAGE = Path(greenland.__file__).parent


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


SOURCES = {module_name(path): path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
WITH_EXAMPLES = {name: source for name, source in SOURCES.items() if ">>> " in source}


def marked(name: str, source: str) -> Any:
    """Modules whose examples evaluate the example park are slow; some read the whole package."""
    marks = [pytest.mark.slow] if ">>> from greenland.park import read_example" in source else []
    if name in ("greenland.rules.asked", "greenland.rules.check"):
        marks.append(pytest.mark.xdist_group("asked rules"))
    return pytest.param(name, marks=marks)


read_once, assess_once = cache(read_example), cache(assess)


def with_examples(name: str) -> list[doctest.DocTest]:
    """Docstrings with examples: the runner would make a debugger for each of the others too."""
    found = doctest.DocTestFinder().find(importlib.import_module(name))
    return [test for test in found if test.examples]


@pytest.mark.parametrize("name", [marked(*item) for item in WITH_EXAMPLES.items()])
def test_examples_hold(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The example park is read once for all of them."""
    monkeypatch.setattr("greenland.park.read_example", read_once)
    if name != "greenland.assessment":
        monkeypatch.setattr("greenland.assess", assess_once)
    runner, tests = doctest.DocTestRunner(), with_examples(name)
    for test in tests:
        runner.run(test)
    runner.summarize()
    assert tests
    assert runner.failures == 0


def test_there_are_examples() -> None:
    assert sum(len(test.examples) for name in WITH_EXAMPLES for test in with_examples(name)) > 30
