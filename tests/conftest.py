"""What tests of several rooms share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from greenland import i18n

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "examples" / "yunnan_park"


@pytest.fixture(autouse=True)
def _chinese() -> None:
    """Each test begins in Chinese, whatever the one before it spoke."""
    i18n.set_language("zh")
    os.environ.pop("GREENLAND_LANG", None)


@pytest.fixture
def example_park(tmp_path: Path) -> Path:
    """A copy of the example park that a test may spoil."""
    target = tmp_path / "park"
    shutil.copytree(EXAMPLE, target)
    return target


@pytest.fixture
def many_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut even small linear programs into many blocks, worked on by three threads."""
    from greenland.lp import standard_form, threads

    monkeypatch.setattr(standard_form, "THREAD_COLUMNS", 2)
    monkeypatch.setattr(threads, "_available_cpus", lambda: 3)
    monkeypatch.setattr(threads, "MIN_SPLIT_LENGTH", 5)


@pytest.fixture
def pattern_length(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the length from which repeated patterns and diagonals of a matrix are used."""
    from greenland.lp import analysis, diagonals, patterns, schur_terms

    def to(length: int) -> None:
        for module in (patterns, diagonals, analysis, schur_terms):
            monkeypatch.setattr(module, "MIN_LENGTH", length)

    return to
