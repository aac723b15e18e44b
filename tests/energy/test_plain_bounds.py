"""Conflicts that sums show: only where the program finds none either."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy.plan.explain.infeasible import conflicting
from greenland.energy.plan.explain.plain_bounds import plainly_missed
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import Grid, Limits, ShiftableLoad, Site, Source, Storage

LOAD = pd.Series([10.0] * 12 + [20.0] * 12, index=pd.date_range("2025-07-01", periods=24, freq="h"))
SUN = np.r_[np.ones(12), np.zeros(12)]


def site(*, most: float = 18.0, battery: bool = True, **changes: Any) -> Site:
    """At most *most* MW of sun in the first half of a day; 360 MWh are used."""
    fields: dict[str, Any] = {
        "load": LOAD,
        "sources": [Source("pv", profile=SUN, capex=2000, max_mw=most)],
        "grid": Grid(import_price=0.5, capacity_mw=30.0),
    }
    if battery:
        fields["storages"] = [Storage("battery", energy_capex=500, max_mw=5.0, max_mwh=100.0)]
    return Site(**{**fields, **changes})


def said(one: Site) -> str | None:
    return plainly_missed(prepare(one))


@pytest.mark.parametrize(
    ("share", "most", "battery", "words"),
    [
        (0.7, 18.0, True, "至多 60.0%"),  # 18 MW × 12 h of 360 MWh
        (0.4, 18.0, False, "至多 33.4%"),  # without a storage only what is used at once
        (0.3, 18.0, False, None),
        (0.5, 18.0, True, None),  # the battery may be too small: no sum shows it
    ],
)
def test_a_share_beyond_all_that_can_be_had(
    share: float, most: float, battery: bool, words: str | None
) -> None:
    asked = site(most=most, battery=battery, limits=Limits(min_self_use_of_consumption=share))
    found = said(asked)
    assert (found is None) == (words is None)
    if words is not None:
        assert words in str(found)
        assert conflicting(asked)


@pytest.mark.parametrize(("given", "missed"), [(14.9, True), (15.1, False)])
def test_a_connection_below_what_is_lacking(given: float, missed: bool) -> None:
    """At night 20 MW less 5 MW of the battery."""
    small = site(grid=Grid(import_price=0.5, capacity_mw=given))
    assert (said(small) is not None) == missed
    if missed:
        assert "至少要下网 15.0 MW" in str(said(small))
        assert conflicting(small)
        free = Grid(import_price=0.5, max_capacity_mw=given)
        assert said(site(grid=free)) is not None


def test_where_consumption_is_decided_no_sum_is_taken() -> None:
    """What is shifted, or stays unserved, is no load that has to be met in its step."""
    small = Grid(import_price=0.5, capacity_mw=5.0)
    moved = [ShiftableLoad("wash", profile=np.full(24, 1.0), max_mw=4.0)]
    assert said(site(grid=small, limits=Limits(max_unserved_share=0.9))) is None
    assert said(site(grid=small, shiftable=moved)) is None
    given = Storage("battery", energy_capex=500, max_mw=5.0, initial_energy=0.9, final_energy=0.1)
    assert said(site(grid=small, storages=[given])) is None
