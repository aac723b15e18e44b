"""Processes begin where they will be needed, and go on while the land is evaluated."""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from greenland.energy import ahead
from greenland.energy.case.schema import Case
from greenland.energy.evaluate import CaseRun, SizedCase, _studied
from greenland.errors import GreenlandError
from greenland.workers import Workers

STUDY = {"change": 0.2}


@pytest.fixture
def prepared(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What processes would import, for each time they are started; none is."""
    asked: list[tuple[str, ...]] = []
    monkeypatch.setattr(Workers, "prepare", lambda self: asked.append(self.modules))
    return asked


@pytest.mark.parametrize(
    ("study", "size", "started"),
    [(STUDY, ahead.SMALL, True), (None, ahead.SMALL, False), (STUDY, ahead.SMALL - 1, False)],
)
@pytest.mark.parametrize("load", ["load.csv", {"file": "load.csv"}])
def test_a_study_of_a_long_curve_starts_processes(
    load: Any, study: Any, size: int, started: bool, tmp_path: Path, prepared: list[Any]
) -> None:
    (tmp_path / "load.csv").write_bytes(b"1" * size)
    ahead.prepare_for({"load": load, "study": study}, tmp_path)
    assert prepared == ([(ahead.MODULE,)] if started else [])


@pytest.mark.parametrize("load", [None, {}, "none.csv", 3])
def test_a_case_with_faults_starts_none(load: Any, tmp_path: Path, prepared: list[Any]) -> None:
    ahead.prepare_for({"load": load, "study": STUDY}, tmp_path)
    assert not prepared


STUDIED = "name: a\nenergy:\n  load: load.csv\n\n# a remark\n  study:\n    change: 0.2\n"


@pytest.mark.parametrize(
    ("text", "size", "started"),
    [
        (STUDIED, ahead.SMALL, True),
        (STUDIED, ahead.SMALL - 1, False),
        ("energy:\n  load: load.csv\n", ahead.SMALL, False),
        ("energy:\n  load: load.csv\nland:\n  study:\n", ahead.SMALL, False),
        ("\x80", ahead.SMALL, False),
        (None, ahead.SMALL, False),
    ],
)
def test_a_park_that_looks_as_if_it_has_a_study_starts_processes(
    text: str | None, size: int, started: bool, tmp_path: Path, prepared: list[Any]
) -> None:
    (tmp_path / "load.csv").write_bytes(b"1" * size)
    if text is not None:
        (tmp_path / "park.yaml").write_bytes(text.encode("latin-1"))
    ahead.prepare_for_park(tmp_path, "later")
    assert prepared == ([(ahead.MODULE, "later")] if started else [])


@pytest.mark.skipif(sys.platform == "win32", reason="no such files")
def test_a_pipe_in_place_of_a_park_file_is_not_waited_for(
    tmp_path: Path, prepared: list[Any]
) -> None:
    (tmp_path / "load.csv").write_bytes(b"1" * ahead.SMALL)
    os.mkfifo(tmp_path / "park.yaml")
    ahead.prepare_for_park(tmp_path)
    assert not prepared


def test_a_study_is_counted_at_the_least() -> None:
    case: dict[str, Any] = {
        "load": "load.csv",
        "grid": {"import_price": 0.5},
        "sources": [{"name": "pv", "profile": "pv.csv", "capex": 3000, "lifetime": 20}],
    }
    assert _studied(Case.model_validate(case)) == 0
    both = {**STUDY, "self_use_of_consumption": [0.3, 0.4]}
    assert _studied(Case.model_validate(case | {"study": both})) == 4
    assert _studied(Case.model_validate(case | {"study": {"self_use_of_consumption": [0.3]}})) == 1


class _Sizing:
    """A sizing that is done, or ends in an error."""

    def __init__(self, *, done: bool, error: Exception | None = None) -> None:
        self.done, self.error = done, error

    def result(self) -> tuple[Any, ...]:
        if self.error is not None:
            raise self.error
        return SimpleNamespace(), None, []


def _run(sizing: _Sizing) -> CaseRun:
    run = object.__new__(CaseRun)
    run.loaded = SimpleNamespace(case=SimpleNamespace(study=None))  # type: ignore[assignment]
    run.sizing, run._sized, run._judged = sizing, None, None  # type: ignore[assignment]
    return run


def test_a_case_goes_on_once_it_is_sized_and_never_waits() -> None:
    sizing = _Sizing(done=False)
    run = _run(sizing)
    run.go_on()
    assert vars(run)["_sized"] is None
    sizing.done = True
    run.go_on()
    assert run.sized() is vars(run)["_sized"]


def test_what_a_sizing_ends_in_is_told_in_its_turn() -> None:
    run = _run(_Sizing(done=True, error=GreenlandError("ended")))
    run.go_on()
    with pytest.raises(GreenlandError, match="ended"):
        run.sized()


@dataclass(frozen=True)
class _Judged:
    """What is there before the study."""

    study: Any = None


def test_a_case_is_judged_before_its_study_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    module = importlib.import_module("greenland.energy.evaluate")
    monkeypatch.setattr(module, "_judged_but_for_the_study", lambda run, sized: _Judged())
    waited: list[str] = []
    study = SimpleNamespace(result=lambda: waited.append("study") or "done")
    run = _run(_Sizing(done=True))
    run._sized = SizedCase(SimpleNamespace(), None, [], study, ())  # type: ignore[arg-type]
    judged: Any = run.judged()
    assert (judged.study, waited) == (None, [])
    whole: Any = run.result()
    assert (whole.study, waited) == ("done", ["study"])
