"""The documentation site is built without a warning, and loads nothing from outside."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
LOADED = re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"(https?:)?//")


@pytest.mark.slow
def test_site_is_built_and_stands_alone(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    words += ["-d", str(tmp_path / "doctrees"), str(DOCS), str(tmp_path / "site")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=580)
    said = [line for line in done.stderr.splitlines() if "[IPKernelApp]" not in line]
    assert (done.returncode, said) == (0, [])  # kernels remark that they listen on this machine
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert {"index.html", "energy-model.html"} <= {page.name for page in pages}
    tutorials = [page for page in pages if page.parent.name == "tutorials"]
    assert len(tutorials) == len(list((DOCS / "tutorials").glob("*.md"))) >= 6
    for page in tutorials:
        shown = page.read_text(encoding="utf-8")
        assert "cell_output" in shown, page.name
        assert not re.search(r"(?:Warning|Traceback)\b", shown), page.name
    for page in pages:
        assert not LOADED.search(page.read_text(encoding="utf-8")), page.name


def test_every_page_is_in_the_index() -> None:
    named = set(re.findall(r"^([\w/-]+)$", (DOCS / "index.md").read_text(encoding="utf-8"), re.M))
    pages = {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")}
    assert pages - {"index"} <= named | {page for page in pages if page.startswith(("_", "api/"))}
