"""The example park is copied whole, reads without a fault, and is not overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from greenland.errors import InputError, Severity
from greenland.park import read_park, write_example


def test_example_is_copied_and_sound(tmp_path: Path) -> None:
    written = write_example(tmp_path / "park")
    assert {"park.yaml", "park.xlsx"} <= {path.name for path in written}
    problems = read_park(tmp_path / "park").problems
    assert [str(p) for p in problems if p.severity is Severity.ERROR] == []
    with pytest.raises(InputError, match="没有覆盖"):
        write_example(tmp_path / "park")
