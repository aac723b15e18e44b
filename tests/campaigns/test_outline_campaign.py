"""The campaign of mutated outline files, in short form."""

from __future__ import annotations

import pytest
from outlines import campaign

pytest.importorskip("geopandas")


@pytest.mark.slow
def test_mutated_outlines_end_in_outlines_or_problems() -> None:
    outcomes, failures = campaign(150, seed=15)
    assert failures == []
    assert min(outcomes[kind] for kind in ("whole", "part", "refused")) > 5
