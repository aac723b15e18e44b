"""A file that holds several curves of a case is read once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from greenland.energy.case import read_case
from greenland.energy.profiles import tables
from greenland.energy.profiles.tables import files_kept, read_tables

CASE = """
load: {file: u.csv, column: 负荷(MW)}
grid: {import_price: 0.5}
users: {a: {file: u.csv, column: 甲(MW)}, b: {file: u.csv, column: 乙(MW)}}
year: 2025
"""


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files as they are read."""
    names: list[str] = []
    read_sheets = tables.read_sheets

    def noted(path: Path, **more: Any) -> Any:
        names.append(path.name)
        return read_sheets(path, **more)

    monkeypatch.setattr(tables, "read_sheets", noted)
    return names


def _curves(folder: Path) -> Path:
    times = pd.date_range("2025-01-01", periods=48, freq="h").rename("时间")
    table = pd.DataFrame({"负荷(MW)": 3.0, "甲(MW)": 1.0, "乙(MW)": 2.0}, index=times)
    table.to_csv(folder / "u.csv")
    (folder / "case.yaml").write_text(CASE, encoding="utf-8")
    return folder / "case.yaml"


def test_users_of_one_file_are_read_at_once(tmp_path: Path, read: list[str]) -> None:
    loaded = read_case(_curves(tmp_path))
    assert read == ["u.csv"]
    assert loaded.users is not None
    assert loaded.users.mean().to_dict() == {"a": 1.0, "b": 2.0}


def test_what_was_read_once_is_not_changed_by_whoever_takes_it(tmp_path: Path) -> None:
    _curves(tmp_path)
    with files_kept():
        first, second = (
            read_tables(tmp_path / "u.csv", lambda row: "甲(MW)" in row) for _ in range(2)
        )
        first[0].frame.insert(0, "new", 1)
        first[0].frame["甲(MW)"] = 7
    assert list(second[0].frame.columns) == ["时间", "负荷(MW)", "甲(MW)", "乙(MW)"]
    assert second[0].frame["甲(MW)"].ne(7).all()


def test_a_later_case_reads_the_file_anew(tmp_path: Path, read: list[str]) -> None:
    case = _curves(tmp_path)
    read_case(case)
    read_case(case)
    assert read == ["u.csv"] * 2
