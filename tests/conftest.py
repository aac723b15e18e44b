"""What tests of several rooms share."""

from __future__ import annotations

import os
import shutil
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
