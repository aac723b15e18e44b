"""The frame of the campaigns tells every outcome apart, and survives all of them."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from greenland.errors import input_error

from .frame import Campaign, Outcome, WrongValueError, keep_failures, run, table

KINDS = ("fine", "problem", "refused", "wrong", "error", "panic", "death")


class Panic(BaseException):
    """As exceptions of Rust libraries are."""


def spoil(numbers: random.Random, folder: Path) -> str:
    kind = numbers.choice(KINDS)
    (folder / "kind.txt").write_text(kind, encoding="utf-8")
    return kind


def read(folder: Path) -> int:
    match (folder / "kind.txt").read_text(encoding="utf-8"):
        case "refused":
            raise input_error("kind", "refused")
        case "wrong":
            raise WrongValueError("5 instead of 50")
        case "error":
            raise KeyError("kind")
        case "panic":
            raise Panic
        case "death":
            os._exit(9)
        case kind:
            return int(kind == "problem")


CAMPAIGN = Campaign(spoil, read)
EXPECTED = {
    "fine": Outcome.OK,
    "problem": Outcome.TOLD,
    "refused": Outcome.REFUSED,
    "wrong": Outcome.WRONG,
    "error": Outcome.TRACEBACK,
    "panic": Outcome.TRACEBACK,
    "?": Outcome.KILLED,
}


@pytest.mark.slow
def test_every_outcome_is_told_apart(tmp_path: Path) -> None:
    trials = run("test_frame", seed=3, first=0, count=30)
    assert [trial.number for trial in trials] == list(range(30))
    assert {trial.kind: trial.outcome for trial in trials} == EXPECTED
    assert table(trials).splitlines()[-1].startswith("total")
    failed = keep_failures(CAMPAIGN, 3, trials, tmp_path)
    kinds = {(folder / "kind.txt").read_text(encoding="utf-8") for folder in failed}
    assert kinds == {"wrong", "error", "panic", "death"}
