"""Fixtures of the report's tests: a record and its page."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import made_records
import pytest

from greenland.report import render_html


@pytest.fixture(scope="session", autouse=True)
def _records_for_all(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Records are made by one of the processes that run the tests, in the folder they share."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        made_records.shared = tmp_path_factory.getbasetemp().parent


@pytest.fixture
def record() -> dict[str, Any]:
    """A complete record that a test may spoil."""
    return made_records.complete()


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a complete record with a year of hours."""
    path = tmp_path_factory.mktemp("page") / "report.html"
    path.write_text(render_html(made_records.year()), encoding="utf-8")
    return path
