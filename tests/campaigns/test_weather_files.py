"""The short form of the campaign of spoiled weather, mast, curve and price files."""

from __future__ import annotations

import pytest

from .frame import FAILURES, run, table


@pytest.mark.slow
def test_no_spoiled_file_ends_in_a_traceback() -> None:
    trials = run("weather_files", seed=1, first=0, count=50)
    failed = [trial for trial in trials if trial.outcome in FAILURES]
    assert not failed, table(trials) + "".join(trial.detail for trial in failed[:3])
