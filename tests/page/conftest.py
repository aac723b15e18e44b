"""Fixtures of the page's tests: an application over a folder of parks, and a client let in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import page_park
import pytest
from flask import Flask
from flask.testing import FlaskClient

from greenland.page.app import create_app
from greenland.page.progress import Progress
from greenland.page.security import CSRF_HEADER, Access
from greenland.page.served import KEY
from greenland.page.work import Asked, assess

PARTS = frozenset({"land.standard_land", "land.per_mu", "land.stock"})


@pytest.fixture(scope="session")
def assessed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small park with its results, made once; not to be changed."""
    folder = page_park.write_park(tmp_path_factory.mktemp("assessed") / "甲")
    assess(Asked(folder, PARTS), Progress(folder.parent / "job"))
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder the page is given."""
    folder = tmp_path / "parks"
    folder.mkdir()
    return folder


@pytest.fixture
def app(root: Path) -> Iterator[Flask]:
    made = create_app(root, access=Access(token="the-token"))
    made.testing = False
    yield made
    made.extensions[KEY].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A reader who opened the printed link, whose requests carry the token of the pages."""
    made = app.test_client()
    assert made.get("/?token=the-token").status_code == 302
    page = made.get("/").get_data(as_text=True)
    found = re.search(r'<meta name="csrf" content="([^"]+)"', page)
    assert found is not None
    made.environ_base[f"HTTP_{CSRF_HEADER.upper().replace('-', '_')}"] = found.group(1)
    return made
