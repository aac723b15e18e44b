"""Charging power of a storage: a multiple of its power, or a capacity of its own."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index, site
from ruamel.yaml import YAML

from greenland.energy.case.schema import GeneratorIn, StorageIn
from greenland.energy.given_sizes import sizes_of, with_sizes
from greenland.energy.money.assets import assets_of
from greenland.energy.plan.explain.explanation import binding
from greenland.energy.plan.explain.nearest import nearest_sizes
from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.recompute import replay
from greenland.energy.site import Generator, Grid, MaintenanceWindow, Site, Source, Storage
from greenland.energy.sizing.resolve import Resizer
from greenland.energy.sizing.solve import size
from greenland.errors import InputError

ROUND_TRIP = {"charge_efficiency": 0.5, "discharge_efficiency": 0.5}


def hydrogen(**fields: Any) -> Storage:
    """Electrolyser, store and turbine; invented."""
    given: dict[str, Any] = {
        "power_capex": 1000.0,
        "power_opex": 10.0,
        "lifetime": 20.0,
        "energy_capex": 50.0,
        "energy_opex": 2.0,
        "energy_lifetime": 40.0,
        "charge_power_capex": 600.0,
        "charge_power_opex": 6.0,
        "charge_lifetime": 10.0,
        **ROUND_TRIP,
    }
    return Storage("store", **(given | fields))


def by_hand(**fields: Any) -> Site:
    """Four hours: 8 MW too much in the first, 2 MW a lack of in the second; no interest."""
    pv = Source("pv", [1.0, 0.0, 0.0, 0.0], existing_mw=8.0, max_mw=0.0)
    load = pd.Series([0.0, 2.0, 0.0, 0.0], index(4))
    return Site(load, [pv], [hydrogen(**fields)], discount_rate=0.0)


@pytest.fixture(scope="module")
def off_grid() -> Plan:
    return size(by_hand())


def test_each_part_is_as_large_as_it_is_used(off_grid: Plan) -> None:
    """2 MWh are given from 4 MWh stored, which 8 MWh charged in the only hour there are."""
    sizes = off_grid.capacities.round(6).to_dict()
    assert sizes == {"pv": 8.0, "store_power": 2.0, "store_energy": 4.0, "store_charge_power": 8.0}
    assert off_grid.capacity_kinds.loc["store_charge_power"].tolist() == [
        "storage_charge_power",
        "store",
        "MW",
    ]


def test_each_part_is_paid_over_its_own_lifetime(off_grid: Plan) -> None:
    """Without interest: 2 MW (1000/20 + 10), 4 MWh (50/40 + 2), 8 MW (600/10 + 6)."""
    yearly = 2000 * 60 + 4000 * 3.25 + 8000 * 66
    assert off_grid.costs["store"] == pytest.approx(yearly, rel=1e-7)
    assert off_grid.capex == pytest.approx(2e6 + 2e5 + 4.8e6, rel=1e-7)
    found = assets_of(off_grid.site, off_grid.capacities)
    assets = {str(one.kind): one for one in found if one.name == "store"}
    bought = assets["storage_charge_power"]
    assert (bought.capex, bought.opex) == pytest.approx((4.8e6, 48e3))
    assert (bought.lifetime, assets["storage_energy"].lifetime) == (10.0, 40.0)


@pytest.mark.parametrize(
    ("sizes", "fields", "check", "excess"),
    [
        ({"store_charge_power": 7.0}, {}, "store_power", 1 / 4),
        ({"store_power": 1.0}, {}, "store_power", 1 / 4),
        ({}, {"max_charge_mw": 7.0}, "store_charge_power_bounds", 1 / 8),
        ({}, {"min_charge_mw": 9.0}, "store_charge_power_bounds", 1 / 8),
        ({}, {"existing_charge_mw": 9.0}, "store_charge_power_bounds", 1 / 8),
    ],
)
def test_the_replay_sees_a_charging_power_that_is_not_there(
    off_grid: Plan, sizes: dict[str, float], fields: dict[str, Any], check: str, excess: float
) -> None:
    given = {str(k): float(v) for k, v in off_grid.capacities.items()} | sizes
    found = replay(by_hand(**fields), given, off_grid.schedule)
    assert found.checks[check] == pytest.approx(excess, rel=1e-6)
    assert (found.checks > 1e-6).sum() == 1


@pytest.mark.parametrize("ratio", [0.25, 0.5, 2.0])
def test_ratio_bounds_what_is_charged(ratio: float) -> None:
    """One hour charges 8 MW for 2 MW given: the power is the larger of 2 MW and 8 MW over it."""
    fields = dict.fromkeys(("charge_power_opex",), 0.0)
    given = {"charge_power_capex": None, "charge_lifetime": None, "charge_ratio": ratio}
    plan = size(by_hand(**fields, **given))
    assert plan.capacities["store_power"] == pytest.approx(max(2.0, 8.0 / ratio), rel=1e-6)
    smaller = {str(k): float(v) for k, v in plan.capacities.items()}
    smaller["store_power"] *= 0.9
    assert replay(plan.site, smaller, plan.schedule).checks["store_power"] > 1e-6


def test_a_ratio_of_one_changes_nothing() -> None:
    plain = site(72)
    named = replace(plain, storages=[replace(plain.storages[0], charge_ratio=1.0)])
    assert size(named).annual_cost == size(plain).annual_cost


def test_a_dear_bound_on_charging_is_worth_what_a_megawatt_more_saves() -> None:
    """The shadow price against the difference of two sizings, 0.01 MW apart."""

    base = by_hand()
    bought = Grid(import_price=2.0, export_allowed=False)

    def cost(most: float) -> Plan:
        return size(replace(base, grid=bought, storages=[hydrogen(max_charge_mw=most)]))

    tight, wider = cost(4.0), cost(4.01)
    worth = (tight.annual_cost - wider.annual_cost) / 0.01
    assert tight.shadow_prices["max_charge_mw:store"] == pytest.approx(worth, rel=1e-5)
    held = {row.capacity: row for row in binding(tight)}["store_charge_power"]
    assert held.limit is not None
    assert str(held.limit) == "max_charge_mw:store"


def test_given_sizes_name_the_charging_power_first() -> None:
    made = by_hand()
    sizes = sizes_of({"pv": 8, "store": "8/2/4"}, made)
    assert sizes == {"pv": 8.0, "store_charge_power": 8.0, "store_power": 2.0, "store_energy": 4.0}
    assert sizes_of({"pv": 8, "store": {"mw": 2, "mwh": 4, "charge_mw": 8}}, made) == sizes
    held = with_sizes(made, sizes).storages[0]
    assert (held.min_charge_mw, held.max_charge_mw) == (8.0, 8.0)
    assert nearest_sizes(made, sizes | {"store_charge_power": 6.0}) == pytest.approx(
        sizes, rel=1e-5
    )
    with pytest.raises(InputError, match=r"充电功率、放电功率和容量，如 store=8/10/20"):
        sizes_of({"pv": 8, "store": "2/4"}, made)


def test_a_storage_of_one_power_takes_two_numbers() -> None:
    with pytest.raises(InputError, match=r"要给出功率和容量，如 battery=10/20"):
        sizes_of({"pv": 1, "wind": 1, "battery": "1/2/3", "grid": 1}, site())


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"charge_ratio": 0.5}, "充电功率单独定容（charge_power_capex），不能再给 charge_ratio"),
        ({"shared_power": True}, "不能再给 shared_power"),
        ({"charge_power_capex": None}, "却没有给 charge_power_capex"),
        ({"min_charge_mw": 5.0, "max_charge_mw": 4.0}, "min_charge_mw＝5 大于 max_charge_mw＝4"),
        ({"charge_lifetime": 0.0}, "寿命应大于 0 年"),
        ({"energy_lifetime": -1.0}, "寿命应大于 0 年"),
        ({"charge_power_capex": 600_000.0}, "charge_power_capex＝600000 过大"),
        ({"charge_power_opex": -1.0}, "charge_power_opex 超出允许范围"),
    ],
)
def test_faults_are_told(fields: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError, match="“store”") as caught:
        by_hand(**fields)
    assert text in str(caught.value)


def test_a_resizer_sees_what_the_rows_hold() -> None:
    """Another price of the charging power replaces the objective; another ratio, the rows."""
    resizer = Resizer(by_hand())
    resizer.change(storages={"store": {"charge_power_capex": 300.0}})
    assert resizer.rebuilt == "costs"
    cheaper = resizer.size().annual_cost
    assert cheaper == pytest.approx(size(by_hand(charge_power_capex=300.0)).annual_cost, rel=1e-7)
    ratio = Resizer(site(48))
    ratio.change(storages={"battery": {"charge_ratio": 0.5}})
    assert ratio.rebuilt == "all"


def test_an_exclusive_plan_with_two_powers_is_proven() -> None:
    """Losing energy pays where curtailment is capped: binary variables decide the direction."""
    made = site(24)
    own = replace(
        made.storages[0],
        charge_power_capex=100.0,
        max_charge_mw=40.0,
        max_mw=40.0,
        shared_power=False,
    )
    limits = replace(made.limits, max_curtailment_share=0.0, max_export_share=0.0)
    sources = [replace(one, min_mw=60.0) for one in made.sources]
    plan = size(replace(made, storages=[own], limits=limits, sources=sources))
    assert plan.status.has_plan
    both = np.minimum(plan.schedule["battery_charge"], plan.schedule["battery_discharge"])
    assert both.max() < 1e-6


def test_the_pages_of_the_case_are_right() -> None:
    """The storage of "power to hydrogen and back", and the generator, as they stand in the page."""
    page = (Path(__file__).resolve().parents[2] / "docs" / "energy-case.md").read_text("utf-8")
    fences = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    yaml = YAML(typ="safe")
    parts: dict[str, Any] = {}
    for fence in fences:
        if fence.startswith(("storages:", "generators:")):
            parts |= yaml.load(fence)
    store = Storage(**StorageIn.model_validate(parts["storages"][0]).model_dump())
    written = GeneratorIn.model_validate(parts["generators"][0]).model_dump()
    window = MaintenanceWindow(**written.pop("maintenance"))
    assert window.steps(1.0) == 480
    assert len(window.starts(index(8760), 1.0)) == 1
    unit = Generator(**written)  # twenty days do not fit into the day that is sized here
    assert store.decides_charge_power
    load = pd.Series(5.0, index(24))
    grid = Grid(import_price=np.tile([0.2, 2.0], 12))
    plan = size(Site(load, storages=[store], generators=[unit], grid=grid))
    assert plan.status.has_plan
    assert "hydrogen_charge_power" in plan.capacities
