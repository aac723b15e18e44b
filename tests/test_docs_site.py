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
    names = {page.stem for page in (DOCS / "tutorials").glob("*.md")} - {"index"}
    tutorials = [page for page in pages if page.parent.name == "tutorials" and page.stem in names]
    assert len(tutorials) == len(names) >= 6
    for page in tutorials:
        shown = page.read_text(encoding="utf-8")
        assert "cell_output" in shown, page.name
        assert not re.search(r"(?:Warning|Traceback)\b", shown), page.name
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert not re.search("<p>[^<]*[\u3400-\u9fff]\n[\u3400-\u9fff]", text), page.name
        assert not LOADED.search(text), page.name


def test_every_page_is_in_a_table_of_contents() -> None:
    named = {"index"}
    for page in DOCS.rglob("*.md"):
        for tree in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text(encoding="utf-8"), re.S):
            folder = page.parent.relative_to(DOCS)
            named |= {(folder / name).as_posix() for name in re.findall(r"^[\w/-]+$", tree, re.M)}
    pages = {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")}
    assert {page for page in pages if not page.startswith(("_", "api/generated"))} == named
