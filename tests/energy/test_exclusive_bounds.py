"""Bounds, cuts and directions of exclusive plans, in four hours worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy.problem.costs import Costs, objective_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import (
    Electrolyser,
    Grid,
    InterruptibleLoad,
    Limits,
    ShiftableLoad,
    Site,
    Source,
    Storage,
)
from greenland.energy.sizing.exclusive import (
    SimultaneousFlows,
    fix_all_directions,
    fix_direction,
    losses_pay,
    profitable_exchange,
    tightened,
    with_binaries,
    with_cuts,
)

HOURS = pd.date_range("2025-06-01", periods=4, freq="h")
PV = Source("pv", [0.0, 1.0, 0.5, 0.0], capex=3000, min_mw=2, max_mw=30)
WIND = Source("wind", [0.5, 0.5, 0.0, 0.25], capex=4000, max_mw=4)
ENDLESS = Source("roof", [0.0, 0.5, 0.5, 0.0], capex=3500)
BATTERY = Storage("battery", power_capex=300, max_mw=9)
CELLS = Storage("cells", power_capex=300, max_mw=1)
SHIFTED = ShiftableLoad("pumps", [2.5] * 4, max_mw=3, min_mw=2, window_hours=4)
FURNACE = InterruptibleLoad("furnace", max_mw=[4.0, 4.0, 4.0, 10.0], price=0.8)
MADE = Electrolyser("hydrogen", 52.0, capex=2000, max_mw=6)
YES, NO = True, False


def data(
    sources: tuple[Source, ...] = (PV,), *, grid: dict[str, Any] | None = None, **fields: Any
) -> ModelData:
    """10 MW of load; selling pays more than buying in the first hour and in the last."""
    given = {
        "capacity_mw": 100,
        "import_price": [0.3, 0.5, 0.5, 0.3],
        "export_price": [0.4, 0.2, 0.5, 0.4],
    }
    parts = {"storages": [BATTERY, CELLS], "grid": Grid(**(given | (grid or {})))} | fields
    return prepare(Site(pd.Series(10.0, HOURS), list(sources), **parts))


def costs_of(numbers: ModelData, imported: list[float] | None = None) -> Costs:
    costs = objective_costs(numbers)
    if imported is None:
        return costs
    return Costs({**costs.by_family, "import": np.array(imported)}, costs.constant)


def bounds(numbers: ModelData, imported: list[float] | None = None) -> tuple[list, list]:
    held = tightened(numbers, costs_of(numbers, imported))
    return held.import_cap.tolist(), held.export_cap.tolist()


# Where both ways pay -------------------------------------------------------------------------


def test_both_ways_pay_where_selling_earns_more_and_both_are_open() -> None:
    numbers = data()
    costs = costs_of(numbers)
    assert profitable_exchange(numbers, costs).tolist() == [YES, NO, NO, YES]
    for field in ("import_cap", "export_cap"):
        closed = replace(numbers, **{field: np.array([0.0, 100, 100, 100])})
        assert profitable_exchange(closed, costs).tolist() == [NO, NO, NO, YES]
        narrow = replace(numbers, **{field: np.full(4, 0.5)})
        assert profitable_exchange(narrow, costs).tolist() == [YES, NO, NO, YES]


def test_what_has_no_price_pays_nothing() -> None:
    numbers = data()
    by_family = dict(costs_of(numbers).by_family)
    sold = {"export": by_family["export"]}
    assert profitable_exchange(numbers, Costs(sold, 0.0)).all()  # bought for nothing
    assert not profitable_exchange(numbers, Costs({"import": by_family["import"]}, 0.0)).any()


def test_without_a_grid_nothing_is_exchanged() -> None:
    numbers = off_grid(limits=Limits(max_unserved_share=0.5))
    found = profitable_exchange(numbers, costs_of(numbers))
    assert found.tolist() == [NO] * 4
    assert found.dtype == bool
    assert tightened(numbers, costs_of(numbers)) is numbers


# Bounds --------------------------------------------------------------------------------------


def test_exchange_is_bounded_by_generation_storages_and_load() -> None:
    """Sold: 30 MW of sun and 10 MW of storages beyond 10 MW of load. Bought: load and storages,
    less what 2 MW of sun give at least."""
    assert bounds(data()) == ([20.0, 18.0, 19.0, 20.0], [0.0, 30.0, 15.0, 0.0])


def test_what_may_already_be_exchanged_is_not_widened() -> None:
    numbers = data(grid={"capacity_mw": 18.5})
    assert bounds(numbers) == ([18.5, 18.0, 18.5, 18.5], [0.0, 18.5, 15.0, 0.0])


def test_import_is_not_lowered_by_generation_where_it_is_paid_for() -> None:
    """Whoever is paid to buy curtails its own generation meanwhile."""
    imported, _ = bounds(data(), [-0.1, -0.1, 0.0, 0.1])
    assert imported == [20.0, 20.0, 19.0, 20.0]


@pytest.mark.parametrize(
    "fields",
    [
        {"limits": Limits(max_peak_valley_ratio=0.3)},
        {"storages": [BATTERY, replace(CELLS, grid_charging=True)]},
    ],
)
def test_nor_where_something_else_looks_at_it(fields: dict[str, Any]) -> None:
    assert bounds(data(**fields))[0] == [20.0] * 4


def test_generation_above_the_load_leaves_nothing_to_buy() -> None:
    large = replace(PV, min_mw=29)
    assert bounds(data((large,)))[0] == [20.0, 0.0, 5.5, 20.0]


def test_flexible_consumption_widens_the_bounds() -> None:
    """Least 10 + 2 MW less what may be interrupted; most 10 + 3 + 6 MW."""
    numbers = data(shiftable=[SHIFTED], electrolysers=[MADE])
    imported, exported = bounds(numbers)
    assert imported == [29.0, 27.0, 28.0, 29.0]
    assert exported == [0.0, 28.0, 13.0, 0.0]
    numbers = data(shiftable=[SHIFTED], interruptible=[FURNACE])
    imported, exported = bounds(numbers)
    assert imported == [23.0, 21.0, 22.0, 23.0]
    # 8 MW at least, in the last hour, in which all of the load may be interrupted, 2
    assert exported == [2.0, 32.0, 17.0, 8.0]


def test_a_load_that_need_not_be_served_may_all_be_sold() -> None:
    numbers = data(limits=Limits(max_unserved_share=0.1))
    assert bounds(numbers)[1] == [10.0, 40.0, 25.0, 10.0]


def test_surplus_of_all_sources_and_of_all_but_one() -> None:
    numbers = data((PV, WIND))
    held = tightened(numbers, costs_of(numbers)).surplus
    assert [item.without for item in held] == [None, 0, 1]
    assert [item.most.tolist() for item in held] == [
        [-8.0, 22.0, 5.0, -9.0],  # 30 MW of sun and 4 MW of wind less 10 MW
        [-8.0, -8.0, -10.0, -9.0],
        [-10.0, 20.0, 5.0, -10.0],
    ]
    (alone,) = tightened(data(), costs_of(data())).surplus
    assert (alone.without, alone.most.tolist()) == (None, [-10.0, 20.0, 5.0, -10.0])


def test_a_source_without_bound_is_endless_where_it_generates() -> None:
    numbers = data((ENDLESS, WIND, PV))
    held = tightened(numbers, costs_of(numbers))
    assert [item.without for item in held.surplus] == [None, 1, 2]
    assert held.surplus[0].most.tolist() == [-8.0, np.inf, np.inf, -9.0]
    assert held.export_cap.tolist() == [2.0, 100.0, 100.0, 1.0]
    tiny = data((replace(ENDLESS, profile=[0.0, 1e-310, 0.5, 0.0]),))
    assert tightened(tiny, costs_of(tiny)).export_cap.tolist() == [0.0, 100.0, 100.0, 0.0]


# Cuts ----------------------------------------------------------------------------------------


def both(exchange: list[bool], battery: list[bool], cells: list[bool]) -> SimultaneousFlows:
    return SimultaneousFlows(np.array(exchange), np.array([battery, cells]))


FOUND = both([NO, YES, NO, NO], [YES, YES, NO, NO], [NO, NO, NO, NO])


def test_cuts_stand_where_both_ways_pay_or_were_seen() -> None:
    numbers = data()
    held = with_cuts(numbers, costs_of(numbers), FOUND)
    assert held.exchange_cut.tolist() == [YES, YES, NO, YES]
    assert held.storage_cut.tolist() == [[NO, YES, NO, NO], [NO] * 4]  # both at once


def test_a_storage_that_burns_energy_is_cut_in_every_step() -> None:
    numbers = data(limits=Limits(max_curtailment_share=0.1))
    held = with_cuts(numbers, costs_of(numbers), FOUND)
    assert held.storage_cut.tolist() == [[YES] * 4, [NO] * 4]


@pytest.mark.parametrize(
    ("fields", "imported", "expected"),
    [
        ({}, None, False),
        ({}, [0.1, 0.0, 0.1, 0.1], False),  # a purchase saved costs nothing
        ({}, [0.1, -0.1, 0.1, 0.1], True),
        ({"storages": [BATTERY, replace(CELLS, grid_charging=True)]}, None, True),
        ({"limits": Limits(max_curtailment_share=0.1)}, None, True),
        ({"limits": Limits(max_export_share_of_delivered=0.1)}, None, True),
        ({"limits": Limits(max_peak_valley_ratio=0.3)}, None, True),
        ({"limits": Limits(max_export_share=0.1)}, None, False),
        # gross of what is curtailed ("a"), net of it ("b"), or both
        ({"limits": Limits(min_self_use_of_generation=0.6, self_use_reading="a")}, None, True),
        ({"limits": Limits(min_self_use_of_generation=0.6, self_use_reading="b")}, None, False),
        ({"limits": Limits(self_use_reading="a")}, None, False),
        ({"grid": None, "limits": Limits(max_unserved_share=0.5)}, None, True),
    ],
)
def test_where_losing_energy_pays(
    fields: dict[str, Any], imported: list[float] | None, expected: bool
) -> None:
    numbers = off_grid(**fields) if "grid" in fields else data(**fields)
    assert losses_pay(numbers, costs_of(numbers, imported)) is expected


def off_grid(**fields: Any) -> ModelData:
    return prepare(Site(pd.Series(10.0, HOURS), [PV], storages=[BATTERY, CELLS], **fields))


# Directions ----------------------------------------------------------------------------------


def flow(**given: Any) -> dict[str, np.ndarray]:
    shapes = {"import": (4,), "export": (4,), "charge": (2, 4), "discharge": (2, 4)}
    return {name: np.array(given.get(name, np.zeros(shape))) for name, shape in shapes.items()}


def test_the_way_against_the_flow_is_closed() -> None:
    numbers = data()
    plan = flow(
        **{"import": [5.0, 0, 2, 5]},
        export=[0.0, 5, 2, 0],
        charge=[[1.0, 0, 1, 1], [0, 0, 0, 1]],
        discharge=[[0.0, 1, 1, 0], [1, 0, 0, 0]],
    )
    steps = both([YES, YES, YES, NO], [YES, YES, YES, NO], [NO, YES, NO, YES])
    held = fix_direction(numbers, steps, plan)
    assert held.export_cap.tolist() == [0.0, 100.0, 100.0, 100.0]
    assert held.import_cap.tolist() == [100.0, 0.0, 0.0, 100.0]  # as much either way: sold
    free, shut = np.inf, 0.0
    assert held.discharge_cap.tolist() == [[shut, free, free, free], [free, free, free, shut]]
    assert held.charge_cap.tolist() == [[free, shut, shut, free], [free, shut, free, free]]


def test_a_narrow_way_is_open() -> None:
    """Half a megawatt either way still needs a binary variable."""
    steps = both([YES] * 4, [NO] * 4, [NO] * 4)
    for field in ("import_cap", "export_cap"):
        narrow = replace(data(), **{field: np.array([0.5, 0.0, 0.5, 0.5])})
        assert with_binaries(narrow, steps).importing.tolist() == [0, 2, 3]


def test_every_step_has_one_way_in_the_direction_of_a_plan() -> None:
    numbers = data()
    plan = flow(**{"import": [5.0, 0, 0, 5]}, charge=[[1.0, 0, 0, 0], [0, 0, 0, 1]])
    held = fix_all_directions(numbers, plan)
    assert held.import_cap.tolist() == [100.0, 0.0, 0.0, 100.0]
    assert held.export_cap.tolist() == [0.0, 100.0, 100.0, 0.0]
    assert np.isinf(held.charge_cap).tolist() == [[YES, NO, NO, NO], [NO, NO, NO, YES]]
    assert np.isinf(held.discharge_cap).tolist() == [[NO, YES, YES, YES], [YES, YES, YES, NO]]


def test_off_grid_only_storages_have_a_direction() -> None:
    numbers = off_grid(limits=Limits(max_unserved_share=0.5))
    held = fix_all_directions(numbers, {"charge": np.ones((2, 4)), "discharge": np.zeros((2, 4))})
    assert held.import_cap.tolist() == numbers.import_cap.tolist()
    assert held.discharge_cap.tolist() == [[0.0] * 4] * 2
