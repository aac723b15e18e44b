"""Spoiled curves and bills in a short form; the whole campaign is run by ``tests.campaigns``."""

from __future__ import annotations

import pytest

from .frame import FAILURES, run, table


@pytest.mark.slow
def test_none_ends_in_a_traceback() -> None:
    trials = run("curves", 7, 0, 60)
    assert len(trials) == 60
    assert not [trial for trial in trials if trial.outcome in FAILURES], table(trials)
