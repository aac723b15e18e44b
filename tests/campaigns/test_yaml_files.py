"""The campaign of spoiled YAML files in short."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from .frame import FAILURES, attempt
from .yaml_files import CAMPAIGN, FILES, LOAD, read


@pytest.mark.parametrize("kind", sorted(FILES))
def test_the_sound_files_are_read(kind: str, tmp_path: Path) -> None:
    target = tmp_path / "pack" / "pack.yaml" if kind == "pack" else tmp_path / f"{kind}.yaml"
    target.parent.mkdir(exist_ok=True)
    target.write_text(FILES[kind], encoding="utf-8")
    (tmp_path / "load.csv").write_text(LOAD, encoding="utf-8")
    (tmp_path / "damage.txt").write_text("none", encoding="utf-8")
    assert read(tmp_path) == 0


@pytest.mark.slow
def test_no_spoiled_file_ends_in_a_traceback_or_is_read_wrong(
    tmp_path: Path,
) -> None:
    seed = random.randrange(10**6)
    failed = []
    for number in range(60):
        folder = tmp_path / str(number)
        folder.mkdir()
        trial = attempt(CAMPAIGN, seed, number, folder)
        if trial.outcome in FAILURES:
            failed.append(f"seed {seed}, trial {number}, {trial.kind}: {trial.detail}")
    assert not failed, "\n".join(failed)
