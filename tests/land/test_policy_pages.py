"""The code in the pages on stock, exit, admission and policy runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ["land-stock.md", "land-exit.md", "land-admission.md", "land-policy.md"]


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_runs(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL)
    assert blocks
    for block in blocks:
        exec(compile(block, page, "exec"), {})


@pytest.mark.parametrize("page", PAGES)
def test_rules_a_page_names_exist(page: str) -> None:
    from greenland.rules import load_rulebook

    text = (DOCS / page).read_text(encoding="utf-8")
    known = set(load_rulebook(("national", "yunnan", "chuxiong"), 2026).rules)
    named = set(re.findall(r"`(land\.[a-z_.]+[a-z])`", text))
    assert [name for name in named if name not in known and not name.endswith(".evaluate")] == []
