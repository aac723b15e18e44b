"""The short form of the campaign of spoiled workbooks."""

from __future__ import annotations

import pytest

from .frame import FAILURES, run, table


@pytest.mark.slow
def test_no_spoiled_workbook_ends_in_a_traceback() -> None:
    trials = run("workbooks", seed=7, first=0, count=16)
    failed = [trial for trial in trials if trial.outcome in FAILURES]
    assert failed == [], table(trials)
