"""Where Chromium is."""

from __future__ import annotations

import shutil

import pytest


def chromium() -> str:
    """Where Chromium is; skips the test when it is not installed."""
    found = shutil.which("chromium") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium")
    return found
