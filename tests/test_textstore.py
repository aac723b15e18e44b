"""Text of a park's tables is kept as Python strings, and the caller's own way is given back."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from greenland import read_park
from greenland.park import write_example
from greenland.textstore import plain_text_columns


def storage(frame: pd.DataFrame) -> set[str]:
    return {kind.storage for kind in frame.dtypes if isinstance(kind, pd.StringDtype)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("park")
    write_example(where)
    return where


def test_a_park_is_read_without_arrow(folder: Path) -> None:
    kept = read_park(folder).tables
    assert storage(kept["parcels"]) == storage(kept["firms"]) == {"python"}


def test_the_callers_way_is_given_back() -> None:
    before = pd.get_option("mode.string_storage")
    with plain_text_columns():
        assert pd.get_option("mode.string_storage") == "python"
    assert pd.get_option("mode.string_storage") == before
