"""docs/results.md names everything that stands in results.json, and nothing else."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

import greenland as gl
from greenland.report.layout_page import layout_list, names_in

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "results.md"
MARK = "<!-- names -->\n"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """The example, with one tariff and no rounding to be quick: the names are the same."""
    folder = tmp_path_factory.mktemp("layout") / "park"
    shutil.copytree(ROOT / "examples" / "yunnan_park", folder)
    path = folder / "park.yaml"
    text = path.read_text(encoding="utf-8").replace(
        "mode: cheapest", "mode: capacity\n    billing: capacity"
    )
    path.write_text(text.replace("    candidates: [capacity, backup]", "    #"), encoding="utf-8")
    return gl.assess(folder).to_record()


@pytest.mark.slow
def test_page_is_up_to_date(record: dict) -> None:
    before, _mark, _after = PAGE.read_text(encoding="utf-8").partition(MARK)
    page = before + MARK + "\n" + layout_list(record)
    if os.environ.get("GREENLAND_WRITE_DOCS"):
        PAGE.write_text(page, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page, "run with GREENLAND_WRITE_DOCS=1"


def test_names_of_a_small_record() -> None:
    assert names_in({"a": [{"b": 1}, {"b": None}], "texts": {"x": []}}) == {
        "a": "list",
        "a[]": "object",
        "a[].b": "null, number",
        "texts": "object",
    }
