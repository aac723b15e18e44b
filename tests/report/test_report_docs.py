"""docs/report.md: its code runs, its blocks and files are those there are."""

from __future__ import annotations

import json
import re
from pathlib import Path

import made_records
import pytest

from greenland.report import render_html
from greenland.report.places import template_folder

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "report.md").read_text(encoding="utf-8")


def test_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("docx")
    monkeypatch.chdir(tmp_path)
    Path("results.json").write_text(json.dumps(made_records.bare()), encoding="utf-8")
    for code in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(compile(code, "docs/report.md", "exec"), {})
    assert {path.name for path in tmp_path.iterdir()} == {
        *("results.json", "report.html", "results.xlsx", "report.docx")
    }


def test_template_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```html\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "report.html").write_text(code, encoding="utf-8")
    assert "某省自然资源厅" in render_html(made_records.bare(), templates=tmp_path)


def test_every_block_is_documented() -> None:
    source = (template_folder() / "report.html").read_text(encoding="utf-8")
    for block in re.findall(r"{%\s*block (\w+)", source):
        assert f"`{block}`" in PAGE, block


def test_every_template_is_documented() -> None:
    for path in template_folder().iterdir():
        if not path.name.startswith("."):
            assert f"`{path.name}`" in PAGE, path.name
