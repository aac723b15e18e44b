"""Every name on the page of the public API is public and documented in full."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "api" / "index.md"
NAMES = re.findall(r"^\.\. auto(?:function|class):: (\S+)$", PAGE.read_text("utf-8"), re.MULTILINE)

# Of numpydoc: no docstring, no summary, parameters missing, unknown, out of order, without type or
# description; no returns, or not described; no example.
ASKED = {"GL08", "SS01", "PR01", "PR02", "PR03", "PR04", "PR07", "RT01", "RT03", "EX01"}


def test_there_are_names() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 7


@pytest.mark.parametrize("name", NAMES)
def test_it_is_public_and_documented_in_full(name: str) -> None:
    numpydoc = pytest.importorskip("numpydoc.validate")
    package, _, short = name.rpartition(".")
    module = importlib.import_module(package)
    assert short in module.__all__
    value = getattr(module, short)
    found = numpydoc.validate(f"{value.__module__}.{value.__qualname__}")["errors"]
    assert [text for code, text in found if code in ASKED] == []
    if inspect.isfunction(value) and "raise" in inspect.getsource(value):
        assert "Raises\n" in inspect.getdoc(value)  # type: ignore[operator]
