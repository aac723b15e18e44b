"""A fault of a curve names the file, and the sheet, it stands in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from greenland.cli import cli
from greenland.park import write_example


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("curve_places") / "park"
    write_example(folder)
    return folder


def _changed(path: Path, row: int, line: str | None) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[row : row + 1] = [] if line is None else [f"{line}\n"]
    path.write_text("".join(lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "line", "words"),
    [
        ("load.csv", None, "负荷有 1 个空值"),
        ("pv.csv", "2025-01-01 19:00,1.5", "“pv”的标幺出力有 1 个值大于 1"),
        ("wind.csv", "2025-01-01 19:00,-0.5", "“wind”的标幺出力有 1 个负值"),
    ],
)
def test_validate_names_the_file(
    example: Path, tmp_path: Path, file: str, line: str | None, words: str
) -> None:
    folder = tmp_path / "park"
    shutil.copytree(example, folder)
    _changed(folder / file, 20, line)
    told = CliRunner().invoke(cli, ["validate", str(folder)]).stderr
    heading = f"— {file}\n"
    assert heading in told, told
    assert words in told.partition(heading)[2].splitlines()[0]
