"""docs/input.md is what the dictionary says."""

from __future__ import annotations

from greenland.park import SHEETS, columns, reference
from greenland.park.reference_page import PAGE


def test_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(), (
        "run: python -m greenland.park.reference_page"
    )


def test_page_names_every_column() -> None:
    page = reference()
    assert all(f"`{item.id}`" in page for sheet in SHEETS for item in columns(sheet))
