"""What happens both ways is found, and cancelled where that costs nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import Status
from greenland.energy.site import Grid, Limits, Site, Source, Storage
from greenland.energy.sizing.exclusive import (
    RELATIVE_ZERO,
    SimultaneousFlows,
    net_out,
    simultaneous_flows,
)
from greenland.energy.sizing.solve import size

STEPS = 4
CHARGED, GIVEN = 0.9, 0.8  # efficiencies: 0.72 there and back
KEPT = 0.9  # of the stored energy in a step of half an hour


def site(*, grid: bool = True, traced: bool = False, storages: int = 1) -> Site:
    """10 MW of load, the sun and storages of half-hour steps, one of which may be traced."""
    index = pd.date_range("2025-06-01", periods=STEPS, freq="30min")
    store = Storage(
        "battery",
        charge_efficiency=CHARGED,
        discharge_efficiency=GIVEN,
        self_discharge=0.19,
        energy_capex=500,
    )
    stores = [replace(store, name=f"store{n}") for n in range(storages)]
    if traced:
        stores[-1] = replace(stores[-1], grid_charging=True)
    limits = Limits() if grid else Limits(max_unserved_share=0.9)
    return Site(
        pd.Series(10.0, index),
        [Source("pv", [1.0] * STEPS, capex=3000)],
        stores,
        Grid(import_price=0.5, export_price=0.2) if grid else None,
        limits=limits,
    )


def flows(data: ModelData, **given: Any) -> dict[str, np.ndarray]:
    """Values of every family a netting looks at, nought but for *given*."""
    stores, traced = len(data.site.storages), len(data.grid_stores)
    shapes: dict[str, tuple[int, ...]] = {"curtailment": (STEPS,)}
    if data.site.grid is not None:
        shapes |= {"import": (STEPS,), "export": (STEPS,)}
    shapes |= dict.fromkeys(("charge", "discharge", "energy"), (stores, STEPS))
    shapes["energy_start"] = (stores,)
    if traced:
        shapes |= {f"grid_{name}": (traced, STEPS) for name in ("charge", "discharge", "energy")}
        shapes["grid_start"] = (traced,)
    return {
        name: np.array(np.broadcast_to(np.asarray(given.get(name, 0.0), float), shape))
        for name, shape in shapes.items()
    }


# Found ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "found"), [(0.9, False), (1.1, True)])
@pytest.mark.parametrize("largest", ["", "import", "export", "charge", "discharge"])
def test_exchange_both_ways_beyond_dust(share: float, found: bool, largest: str) -> None:
    data = prepare(site())
    # of the largest flow, or of the load where that is larger
    little = share * RELATIVE_ZERO * (40.0 if largest else 10.0)
    values = flows(data, **{"import": [0, 0, little, 5], "export": [3, 0, little, 0]})
    if largest:
        values[largest][..., 1] = 40.0
    assert simultaneous_flows(data, values).exchange.tolist() == [False, False, found, False]
    assert bool(simultaneous_flows(data, values)) is found


@pytest.mark.parametrize(("share", "found"), [(0.9, False), (1.1, True)])
def test_storage_both_ways_beyond_dust(share: float, found: bool) -> None:
    data = prepare(site(storages=2))
    little = share * RELATIVE_ZERO * 10
    values = flows(
        data, charge=[[5, 0, 0, 0], [0, 0, 1, little]], discharge=[[0] * 4, [0, 1, 0, 1]]
    )
    assert simultaneous_flows(data, values).storage.tolist() == [
        [False] * 4,
        [False, False, False, found],
    ]
    assert bool(simultaneous_flows(data, values)) is found
    assert not simultaneous_flows(data, values).exchange.any()


def test_small_site_counts_dust_of_a_megawatt() -> None:
    small = replace(site(), load=site().load / 1000)
    data = prepare(small)
    for little, found in ((0.9 * RELATIVE_ZERO, False), (1.1 * RELATIVE_ZERO, True)):
        values = flows(data, **{"import": little, "export": little})
        assert bool(simultaneous_flows(data, values)) is found


def test_both_accounts_of_a_storage_count_together() -> None:
    data = prepare(site(traced=True, storages=2))
    values = flows(data, charge=[[0] * 4, [1, 0, 0, 0]], grid_discharge=[[1, 1, 0, 0]])
    assert simultaneous_flows(data, values).storage.tolist() == [
        [False] * 4,
        [True, False, False, False],
    ]
    values = flows(data, discharge=[[0] * 4, [1, 0, 0, 0]], grid_charge=[[1, 1, 0, 0]])
    assert simultaneous_flows(data, values).storage.tolist() == [
        [False] * 4,
        [True, False, False, False],
    ]


def test_clashes_add_up() -> None:
    one = SimultaneousFlows(np.array([True, False]), np.array([[False, False]]))
    other = SimultaneousFlows(np.array([False, False]), np.array([[False, True]]))
    both = one | other
    assert both.exchange.tolist() == [True, False]
    assert both.storage.tolist() == [[False, True]]
    assert bool(one)
    assert bool(other)
    assert not SimultaneousFlows(np.array([False]), np.array([[False]]))


def test_off_grid_only_storages_clash() -> None:
    data = prepare(site(grid=False))
    found = simultaneous_flows(data, flows(data, charge=1.0, discharge=1.0))
    assert (found.exchange.dtype, found.exchange.any()) == (bool, False)
    assert found.storage.all()


# Cancelled -----------------------------------------------------------------------------------


def test_exchange_falls_by_the_smaller() -> None:
    data = prepare(site())
    new = net_out(data, flows(data, **{"import": [5, 3, 4, 0], "export": [3, 5, 0, 4]}))
    assert new["import"].tolist() == [2, 0, 4, 0]
    assert new["export"].tolist() == [0, 2, 0, 4]
    assert new["curtailment"].tolist() == [0, 0, 0, 0]


def test_what_is_charged_from_the_grid_is_not_cancelled_against_sales() -> None:
    data = prepare(site(traced=True))
    values = flows(data, **{"import": [5, 5, 5, 5], "export": [3, 3, 0, 3]})
    values["grid_charge"][0] = [4, 0, 4, 5]
    new = net_out(data, values)
    assert new["import"].tolist() == [4, 2, 5, 5]
    assert new["export"].tolist() == [2, 0, 0, 3]


def test_storage_falls_so_that_the_stored_energy_stays() -> None:
    """1.44 MW given is 2 MW charged; 0.28 of each MW taken from both is set free."""
    data = prepare(site(storages=2))
    values = flows(data)
    values["charge"][1], values["discharge"][1] = [5, 1, 3, 0], [1.44, 1.44, 0, 2]
    values["import"][:] = [0.2, 0.0, 1.0, 1.0]
    new = net_out(data, values)
    assert new["charge"][1].tolist() == pytest.approx([3, 0, 3, 0])
    assert new["discharge"][1].tolist() == pytest.approx([0, 0.72, 0, 2])
    # 0.56 and 0.28 MW are free: less is bought first, the rest is curtailed
    assert new["import"].tolist() == pytest.approx([0, 0, 1, 1])
    assert new["curtailment"].tolist() == pytest.approx([0.36, 0.28, 0, 0])
    assert not new["charge"][0].any()


def test_freed_power_leaves_what_the_grid_charges() -> None:
    data = prepare(site(traced=True, storages=2))
    values = flows(data)
    values["charge"][0], values["discharge"][0] = 5.0, 1.44
    values["import"][:], values["grid_charge"][0] = 1.0, [0.8, 0.0, 1.0, 2.0]
    new = net_out(data, values)
    # of 1 MW bought 0.8, 0, 1 and all are charged; 0.56 MW are free
    assert new["import"].tolist() == pytest.approx([0.8, 0.44, 1.0, 1.0])
    assert new["curtailment"].tolist() == pytest.approx([0.36, 0.0, 0.56, 0.56])


def test_off_grid_freed_power_is_curtailed() -> None:
    data = prepare(site(grid=False))
    new = net_out(data, flows(data, charge=5.0, discharge=1.44))
    assert new["curtailment"].tolist() == pytest.approx([0.56] * 4)
    assert "import" not in new


def test_input_stays_as_it_was() -> None:
    data = prepare(site())
    values = flows(data, **{"import": 5.0, "export": 3.0, "charge": 5.0, "discharge": 1.44})
    before = {name: value.copy() for name, value in values.items()}
    net_out(data, values)
    assert all((values[name] == before[name]).all() for name in before)


def test_two_accounts_are_cancelled_each_with_itself_first() -> None:
    data = prepare(site(traced=True))
    values = flows(data, **{"import": 4.0})
    values["charge"][0], values["discharge"][0] = [3, 0, 0, 0], [1.44, 0, 0, 0]
    values["grid_charge"][0], values["grid_discharge"][0] = [2, 0, 0, 0], [0.72, 0, 0, 0]
    values["energy"][0] = [0.45, 0.405, 0.3645, 0.32805]
    values["grid_energy"][0] = [0.45, 0.405, 0.3645, 0.32805]
    new = net_out(data, values)
    assert (new["charge"][0, 0], new["grid_charge"][0, 0]) == pytest.approx((1, 1))
    assert (new["discharge"][0, 0], new["grid_discharge"][0, 0]) == pytest.approx((0, 0))
    # 2 MW green and 1 MW bought are cancelled: 0.28 MW less are bought, 0.56 less of what is used
    assert new["import"][0] == pytest.approx(4 - 0.28 - 0.56)
    assert new["energy"][0].tolist() == pytest.approx(values["energy"][0].tolist())


def test_energy_moves_between_the_accounts() -> None:
    """0.72 MW of grid energy given while 1 MW green is charged: the green energy goes instead."""
    data = prepare(site(traced=True))
    values = flows(data, **{"import": [0.0, 0.0, 2.0, 2.0]})
    # green: 0.5 x 0.9 = 0.45 in step 1, given in step 2: 0.9 x 0.45 / 0.5 x 0.8 = 0.648 MW
    values["charge"][0, 0], values["discharge"][0, 1] = 1.0, 0.648
    values["energy"][0] = [0.45, 0, 0, 0]
    # grid: 1 MWh before; 0.9 - 0.5 x 0.72 / 0.8 = 0.45; 0.405; 0.3645; 0.32805
    values["grid_discharge"][0, 0] = 0.72
    values["grid_energy"][0] = [0.45, 0.405, 0.3645, 0.32805]
    new = net_out(data, values)
    assert (new["charge"][0, 0], new["grid_discharge"][0, 0]) == pytest.approx((0, 0))
    # all 0.9 MWh stay on the grid's account, which gives what the green one gave
    assert new["energy"][0].tolist() == pytest.approx([0, 0, 0, 0], abs=1e-12)
    assert new["grid_energy"][0].tolist() == pytest.approx([0.9, 0.405, 0.3645, 0.32805])
    assert new["grid_discharge"][0].tolist() == pytest.approx([0, 0.648, 0, 0])
    assert new["discharge"][0].tolist() == pytest.approx([0, 0, 0, 0], abs=1e-12)
    assert new["curtailment"][0] == pytest.approx(0.28)


def test_bought_energy_becomes_green_where_green_is_given() -> None:
    """The other way about: 1 MW bought is charged while 0.72 MW green is given."""
    data = prepare(site(traced=True))
    values = flows(data, **{"import": [5.0, 0.0, 2.0, 2.0]})
    values["grid_charge"][0, 0], values["grid_discharge"][0, 1] = 1.0, 0.648
    values["grid_energy"][0] = [0.45, 0, 0, 0]
    values["discharge"][0, 0] = 0.72
    values["energy"][0] = [0.45, 0.405, 0.3645, 0.32805]
    new = net_out(data, values)
    assert (new["grid_charge"][0, 0], new["discharge"][0, 0]) == pytest.approx((0, 0))
    assert new["energy"][0].tolist() == pytest.approx([0.9, 0.405, 0.3645, 0.32805])
    assert new["grid_energy"][0].tolist() == pytest.approx([0, 0, 0, 0], abs=1e-12)
    assert new["discharge"][0].tolist() == pytest.approx([0, 0.648, 0, 0])
    assert new["import"][0] == pytest.approx(5 - 0.28)


POWERS = st.lists(st.floats(0, 5), min_size=STEPS, max_size=STEPS)


def stored(charge: np.ndarray, discharge: np.ndarray) -> np.ndarray:
    """Energy at the end of each half hour, from nothing [MWh]."""
    energy, before = np.zeros(STEPS), 0.0
    for t in range(STEPS):
        energy[t] = KEPT * before + 0.5 * (CHARGED * charge[t] - discharge[t] / GIVEN)
        before = energy[t]
    return energy


@settings(max_examples=examples(40, 150))
@given(POWERS, POWERS, POWERS, POWERS)
def test_netting_keeps_every_balance(
    green_in: list[float],
    green_out: list[float],
    grid_in: list[float],
    grid_out: list[float],
) -> None:
    """Both accounts begin and end empty; the load takes whatever is given."""
    data = prepare(replace(site(traced=True), load=100 * site().load))
    values = flows(data)
    for name, given_in, given_out in (("", green_in, green_out), ("grid_", grid_in, grid_out)):
        charge, discharge, before = np.array(given_in), np.zeros(STEPS), 0.0
        for t in range(STEPS):  # no more is given than there is, and all of it at last
            most = GIVEN * (KEPT * before / 0.5 + CHARGED * charge[t])
            discharge[t] = min(given_out[t], most) if t < STEPS - 1 else most
            before = KEPT * before + 0.5 * (CHARGED * charge[t] - discharge[t] / GIVEN)
        values[f"{name}charge"][0], values[f"{name}discharge"][0] = charge, discharge
        values[f"{name}energy"][0] = np.maximum(stored(charge, discharge), 0.0)
    values["import"] = values["grid_charge"][0] + 1.0
    values["export"] = np.array([0.0, 2.0, 0.5, 0.0])
    new = net_out(data, values)

    def supply(flow: dict[str, np.ndarray]) -> np.ndarray:
        given_back = flow["discharge"] + flow["grid_discharge"] - flow["charge"]
        net = flow["import"] - flow["export"] - flow["curtailment"]
        return net + (given_back - flow["grid_charge"])[0]

    assert supply(new) == pytest.approx(supply(values), abs=1e-9)
    total = new["energy"] + new["grid_energy"]
    assert total == pytest.approx(values["energy"] + values["grid_energy"], abs=1e-9)
    for name in ("", "grid_"):
        again = stored(new[f"{name}charge"][0], new[f"{name}discharge"][0])
        assert new[f"{name}energy"][0] == pytest.approx(again, abs=1e-9)
    assert min(float(value.min()) for value in new.values()) > -1e-9
    assert not simultaneous_flows(data, new).storage.any()
    assert (new["import"] - new["grid_charge"][0]).min() > -1e-9


# The plan ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sell", "buy", "fee"), [(0.4, 0.45, 0.1), (0.5, 0.4, 0.0)])
def test_plan_does_not_sell_its_own_and_buy_instead(sell: float, buy: float, fee: float) -> None:
    """10 MW of sun for 10 MW of load: selling it while buying would gain 0.05, or 0.1, a kWh."""
    index = pd.date_range("2025-06-01", periods=3, freq="h")
    sun = Source("pv", [1.0] * 3, existing_mw=10, max_mw=0)
    grid = Grid(capacity_mw=20, import_price=buy, export_price=sell, self_use_price=fee)
    plan = size(Site(pd.Series(10.0, index), [sun], grid=grid), engine="highs")
    assert plan.status is Status.OPTIMAL
    assert plan.schedule[["import", "export"]].to_numpy() == pytest.approx(0.0, abs=1e-6)
    assert plan.annual_cost == pytest.approx(10e3 * 8760 * fee, abs=1.0)
