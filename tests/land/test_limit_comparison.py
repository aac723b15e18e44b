"""One comparison for every limit."""

from __future__ import annotations

import ast
from pathlib import Path

import pandas as pd
import pytest

from greenland.land import limits

LAND = Path(limits.__file__).parent
FILES = sorted(LAND.rglob("*.py"))


def test_a_share_that_rounds_to_its_limit_keeps_it() -> None:
    share = 0.075 / (0.1 + 0.2)
    assert share < 0.25
    assert limits.within(share, 0.25)
    assert limits.within(pd.Series([share, 0.2499, float("nan")]), 0.25).tolist() == [
        True,
        False,
        False,
    ]
    assert not limits.falls_short(pd.Series([share]), 0.25).any()
    assert not limits.exceeds(0.1 + 0.2, 0.3)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(LAND).as_posix())
def test_no_rule_is_compared_with_in_another_way(path: Path) -> None:
    """No comparison sign stands beside ``rulebook.number(...)``."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Compare):
            continue
        signs = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
        asked = [
            part
            for side in (node.left, *node.comparators)
            for part in ast.walk(side)
            if isinstance(part, ast.Call) and getattr(part.func, "attr", "") == "number"
        ]
        assert not (asked and any(isinstance(sign, signs) for sign in node.ops)), node.lineno
