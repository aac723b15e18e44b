"""Fixtures of the report's tests: a record and its page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import made_records
import pytest
from opened_page import OnPaper, open_page

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


@pytest.fixture(scope="session")
def on_paper(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnPaper]:
    """Seen in print when it was opened; afterwards on a screen, and whoever has it may spoil it."""
    path = tmp_path_factory.mktemp("paper") / "report.html"
    path.write_text(render_html(made_records.complete()), encoding="utf-8")
    # axe is put into the page, which the page's policy would forbid
    a4 = {"width": 680, "height": 1000}
    page = open_page(browser, path, media="print", viewport=a4, bypass_csp=True).page
    width, widest = page.evaluate("[innerWidth, document.documentElement.scrollWidth]")
    made = OnPaper(page, width, widest, page.locator("footer").is_visible())
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": 1280, "height": 900})
    yield made
    page.context.close()
