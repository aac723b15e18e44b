"""What makes a program exclusive, piece by piece and by hand: four hours, prices side by side."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy.problem.costs import objective_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import Grid, Site, Source, Storage
from greenland.energy.sizing.exclusive import (
    SimultaneousFlows,
    bounded,
    with_binaries,
    within,
    without_arbitrage,
)

HOURS = pd.date_range("2025-06-01", periods=4, freq="h")
YES, NO = True, False


def data(**grid: Any) -> ModelData:
    """Selling pays more than buying in the first hour and, where it is allowed, in the last."""
    fields = {
        "capacity_mw": 20,
        "import_price": [0.3, 0.5, 0.5, 0.3],
        "export_price": [0.4, 0.2, 0.5, 0.4],
        "export_allowed": [YES, YES, YES, NO],
    }
    sources = [Source("pv", [0.0, 1.0, 0.5, 0.0], capex=3000, min_mw=2, max_mw=30)]
    storages = [
        Storage("battery", power_capex=300, max_mw=9),
        Storage("cells", power_capex=300),  # without an upper bound
    ]
    site = Site(pd.Series(10.0, HOURS), sources, storages, Grid(**(fields | grid)))
    return prepare(site)


def clash(exchange: list[bool], battery: list[bool], cells: list[bool]) -> SimultaneousFlows:
    return SimultaneousFlows(np.array(exchange), np.array([battery, cells]))


def test_an_export_is_worth_no_more_than_an_import_costs() -> None:
    numbers = data()
    costs = replace(objective_costs(numbers), constant=7.0)
    buy, sell = costs.by_family["import"].copy(), costs.by_family["export"].copy()
    lowered = without_arbitrage(numbers, costs)
    # thousand yuan a year per MW in each of four hours: 8760 / 4 of them, times the price
    assert buy == pytest.approx(np.array([0.3, 0.5, 0.5, 0.3]) * 2190)
    expected = -np.array([0.3, 0.2, 0.5, 0.4]) * 2190  # the first alone: the last may not export
    assert lowered.by_family["export"] == pytest.approx(expected)
    assert lowered.constant == 7.0
    assert set(lowered.by_family) == set(costs.by_family)
    assert all(
        np.array_equal(lowered.by_family[family], costs.by_family[family])
        for family in set(costs.by_family) - {"export"}
    )
    assert np.array_equal(costs.by_family["export"], sell)  # what was given stays as it is


def test_binaries_stand_where_both_directions_are_open() -> None:
    steps = clash([YES, NO, YES, YES], [NO, YES, NO, NO], [NO, NO, NO, NO])
    numbers = data()
    cut = np.array([[NO, NO, YES, NO], [NO, NO, NO, NO]])
    found = with_binaries(replace(numbers, storage_cut=cut), steps)
    assert found.importing.tolist() == [0, 2]  # nothing may be sold in the last hour
    assert [line.tolist() for line in found.charging] == [[1], []]
    assert found.storage_cut.tolist() == [[NO, YES, YES, NO], [NO, NO, NO, NO]]
    assert (found.import_cap == numbers.import_cap).all()
    idle = with_binaries(replace(numbers, import_cap=np.array([0.0, 20, 20, 20])), steps)
    assert idle.importing.tolist() == [2]  # nor bought in the first


@pytest.mark.parametrize(
    ("changes", "battery", "cells", "expected"),
    [
        ({}, [YES] * 4, [NO] * 4, True),
        ({}, [YES] * 4, [NO, NO, YES, NO], False),  # its power has no upper bound
        ({"export_cap": np.array([np.inf, 20, 20, 0])}, [NO] * 4, [NO] * 4, False),
        ({"export_cap": np.array([20, np.inf, 20, 0])}, [NO] * 4, [NO] * 4, True),  # no binary
    ],
)
def test_a_binary_needs_something_finite_to_switch(
    changes: dict[str, Any], battery: list[bool], cells: list[bool], expected: bool
) -> None:
    steps = clash([YES, NO, YES, NO], battery, cells)
    assert bounded(with_binaries(replace(data(), **changes), steps)) is expected


def test_an_import_without_bound_is_no_switch() -> None:
    open_ended = replace(
        with_binaries(data(), clash([YES] * 4, [NO] * 4, [NO] * 4)),
        import_cap=np.full(4, np.inf),
        load=np.full(4, np.inf),
    )
    assert np.isinf(open_ended.import_most[0])
    assert bounded(open_ended) is False


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (5.0, 12.0, (5.0, 12.0)),
        (0.0, 50.0, (2.0, 30.0)),  # never wider than the site says
        (40.0, 50.0, (30.0, 30.0)),  # nor beyond its upper bound
        (0.0, 1.0, (2.0, 2.0)),  # nor below its lower one
    ],
)
def test_capacities_are_held_within_a_box(
    low: float, high: float, expected: tuple[float, float]
) -> None:
    held = within(data(), "capacity", [low], [high])
    (item,) = held.sources
    assert (item.lower, item.upper) == expected
    assert item.cost == data().sources[0].cost
    assert [part.upper for part in held.storage_power] == [9.0, np.inf]


def test_powers_of_storages_are_held_each_by_its_own() -> None:
    held = within(data(), "storage_power", [1.0, 2.0], [3.0, 4.0])
    assert [(part.lower, part.upper) for part in held.storage_power] == [(1, 3), (2, 4)]
    assert (held.sources[0].lower, held.sources[0].upper) == (2.0, 30.0)
