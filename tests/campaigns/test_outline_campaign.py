"""The campaign of mutated outline files, in short form."""

from __future__ import annotations

import pytest

from .frame import FAILURES, run

pytest.importorskip("geopandas")


@pytest.mark.slow
def test_mutated_outlines_end_in_outlines_or_problems() -> None:
    trials = run("outlines", 15, 0, 120)
    assert [trial for trial in trials if trial.outcome in FAILURES] == []
    assert len({trial.outcome for trial in trials}) > 1
