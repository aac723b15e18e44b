"""What the mutation runs name is there: what moves takes its name along."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]


def test_modules_and_tests_of_the_mutation_runs_exist() -> None:
    gone = [name for name in SETTINGS["only_mutate"] if not any(ROOT.glob(name))]
    left_out = [
        argument.removeprefix("--ignore=")
        for argument in SETTINGS["pytest_add_cli_args"]
        if argument.startswith("--ignore=")
    ]
    tests = [*SETTINGS["pytest_add_cli_args_test_selection"], *left_out]
    gone += [name for name in tests if not (ROOT / name).exists()]
    assert gone == []
    assert left_out
