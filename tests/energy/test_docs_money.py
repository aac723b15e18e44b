"""The code in the pages on prices and money runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [
    *("energy-tariff.md", "energy-finance.md", "energy-filing.md"),
    *("energy-outlook.md", "carbon-account.md"),
]


@pytest.mark.parametrize("page", PAGES)
def test_code_of_page_runs(page: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert blocks
    space: dict[str, object] = {}
    for block in blocks:
        exec(compile(block, page, "exec"), space)
    assert capsys.readouterr().out
