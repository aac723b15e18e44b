"""The documentation site is built without a warning, and loads nothing from outside."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[1] / "docs"
LOADED = re.compile(r"<(?:script|link|img|iframe)\b[^>]*(?:src|href)=\"(https?:)?//")
TUTORIALS = sorted(page.stem for page in (DOCS / "tutorials").glob("*.md") if page.stem != "index")
# Run by kernels while the site is built, as all are by ``make docs``, and what they show there. A
# kernel of its own for each of the others would import the same once more.
IN_THE_SITE = {
    "first-park": '<table border="1" class="dataframe">',
    "load-to-plan": r"<svg|\.svg\"",
}
APART = [name for name in TUTORIALS if name not in IN_THE_SITE]


def run_cells(text: str, name: str) -> list[str]:
    """Run the cells of a tutorial; what the last expression of each shows as plain text."""
    formatters = pytest.importorskip("IPython.core.formatters")
    show, space, shown = formatters.DisplayFormatter(), {"__name__": "__main__"}, []
    for cell in re.findall(r"^```\{code-cell\}[^\n]*\n(.*?)^```", text, re.S | re.M):
        body = ast.parse(cell, name).body
        last = body.pop() if isinstance(body[-1], ast.Expr) else None
        exec(compile(ast.Module(body, []), name, "exec"), space)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), name, "eval"), space)
            if value is not None:
                shown.append(show.format(value)[0]["text/plain"])
    return shown


@pytest.mark.slow
@pytest.mark.parametrize("name", APART)
def test_a_tutorial_runs(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(DOCS / "tutorials")
    text = (DOCS / "tutorials" / f"{name}.md").read_text(encoding="utf-8")
    shown = run_cells(text, name)
    assert shown
    assert not [one for one in shown if re.search(" object at 0x[0-9a-f]+>", one)]


@pytest.mark.slow
def test_site_is_built_and_stands_alone(tmp_path: Path) -> None:
    (tmp_path / "conf.py").write_text(
        "import runpy\n"
        f"globals().update(runpy.run_path({str(DOCS / 'conf.py')!r}))\n"
        f"nb_execution_excludepatterns = {[f'tutorials/{one}.md' for one in APART]}\n"
        "suppress_warnings = ['myst-nb.lexer']  # only a kernel names the language\n",
        encoding="utf-8",
    )
    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    words += [
        "-c",
        str(tmp_path),
        "-d",
        str(tmp_path / "doctrees"),
        str(DOCS),
        str(tmp_path / "site"),
    ]
    done = subprocess.run(words, capture_output=True, text=True, timeout=580)
    said = [line for line in done.stderr.splitlines() if "[IPKernelApp]" not in line]
    assert (done.returncode, said) == (0, [])  # kernels remark that they listen on this machine
    pages = sorted((tmp_path / "site").rglob("*.html"))
    assert {"index.html", "energy-model.html"} <= {page.name for page in pages}
    built = {page.stem: page for page in pages if page.parent.name == "tutorials"}
    assert len(TUTORIALS) >= 6
    assert set(TUTORIALS) <= set(built)
    for name, output in IN_THE_SITE.items():
        shown = built[name].read_text(encoding="utf-8")
        assert "cell_output" in shown, name
        assert re.search(output, shown), name
        assert not re.search(r"(?:Warning|Traceback)\b", shown), name
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
