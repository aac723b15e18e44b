"""Golden LP text of every constraint family, and the objective; bounds stand in each file.

To write the files anew after a wanted change, run the test with GREENLAND_GOLDEN=write
and read the difference.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pulp
import pytest
from model_sites import site as small_site
from model_sites import with_every_cut

from greenland.energy.problem.annual_constraints import LIMIT_FAMILIES
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.pulp_model import Model, build
from greenland.energy.problem.step_constraints import STEP_FAMILIES
from greenland.energy.site import (
    ContractDemand,
    DemandCharge,
    Electrolyser,
    Generator,
    Grid,
    InterruptibleLoad,
    Limits,
    MaintenanceWindow,
    PurchaseContract,
    ShiftableLoad,
    Site,
    Source,
    Storage,
)

GOLDEN = Path(__file__).parent / "golden"
DOCS = Path(__file__).resolve().parents[2] / "docs" / "energy-model.md"
FAMILIES = {**STEP_FAMILIES, **LIMIT_FAMILIES}


def full_site() -> Site:
    """A site of three hours in which every family has rows."""
    hours = pd.date_range("2025-01-31 22:00", periods=3, freq="h")
    return Site(
        load=pd.Series([10.0, 12.0, 8.0], hours),
        sources=[
            Source("pv", [0.0, 0.5, 1.0], capex=2700, opex=40, land_mu_per_mw=20, max_mw=50),
            Source(
                "wind",
                [0.4, 0.3, 0.2],
                capex=3600,
                opex=50,
                lifetime=20,
                existing_mw=2,
                roof_m2_per_mw=1000,
                variable_cost=0.01,
            ),
        ],
        storages=[
            Storage(
                "battery",
                power_capex=300,
                energy_capex=700,
                charge_efficiency=0.9,
                discharge_efficiency=0.8,
                depth_of_discharge=0.8,
                self_discharge=0.01,
                min_hours=1,
                max_hours=4,
                throughput_cost=0.02,
            ),
            Storage(
                "cells",
                power_opex=30,
                energy_opex=60,
                initial_energy=0.5,
                grid_charging=True,
                shared_power=True,
                charge_efficiency=0.95,
                discharge_efficiency=0.95,
            ),
            Storage(
                "tank",
                min_soc=0.2,
                initial_energy=0.25,
                final_energy="at_least",
                self_discharge=0.01,
                grid_charging=True,
            ),
        ],
        grid=Grid(
            max_capacity_mw=30,
            import_price=[0.3, 0.6, 0.6],
            export_price=0.2,
            export_allowed=[True, True, False],
            capacity_price=22.5,
            self_use_price=0.06,
            emission_factor=0.5,
            demand_charges=[
                DemandCharge(36.0),
                DemandCharge({2: 10.0}, [True, False, True], "two"),
            ],
        ),
        limits=Limits(
            min_self_use_of_generation=0.6,
            min_self_use_of_consumption=0.3,
            max_export_share=0.2,
            max_export_share_of_delivered=0.25,
            max_curtailment_share=0.1,
            max_unserved_share=0.05,
            max_land_mu=600,
            max_roof_m2=5000,
            max_capex_yuan=3e8,
            max_co2_t=4000,
            max_peak_valley_ratio=0.8,
        ),
        shiftable=[ShiftableLoad("wash", [1.0, 0.0, 0.5], max_mw=2, window_hours=2)],
        interruptible=[InterruptibleLoad("chill", 1.0, price=0.9, max_share=0.5)],
        electrolysers=[
            Electrolyser(
                "h2", 50.0, min_product_t=100, product_price=8000, capex=5000, min_load_share=0.1
            )
        ],
        unserved_price=5.0,
    )


def generator_site() -> Site:
    """A site of three hours in which generators and daily quotas have rows."""
    return small_site(
        steps=3,
        generators=[
            Generator(
                "bio",
                "biomass",
                15,
                green=True,
                capex=8000,
                efficiency=0.3,
                fuel_kwh=3500,
                fuel_price=300,
                max_fuel=9000,
                availability=[1.0, 0.5, 1.0],
                min_load_share=0.25,
            ),
            Generator("gas", "gas", 20, fuel_price=0.3, efficiency=0.4, emission_factor=0.2),
        ],
        electrolysers=[
            Electrolyser("h2", 50.0, min_daily_product_t=2.0, max_daily_product_t=4.0, max_mw=9.0)
        ],
    )


def stopping_site() -> Site:
    """Three hours of a generator and an electrolyser that may stop, and pay for starts."""
    base = generator_site()
    plant = replace(
        base.generators[0],
        max_mw=20.0,
        can_stop=True,
        start_cost=800.0,
        start_cost_per_mw=150.0,
    )
    cell = replace(base.electrolysers[0], min_load_share=0.2, can_stop=True, start_cost=90.0)
    return replace(base, generators=[plant], electrolysers=[cell])


@pytest.fixture(scope="module")
def stopping_model() -> Model:
    return build(with_every_cut(prepare(stopping_site())))


def maintenance_site() -> Site:
    """Two days in steps of six hours, with a window of nine hours in either."""
    when = pd.date_range("2025-01-31", periods=8, freq="6h")
    window = MaintenanceWindow(hours=9)
    plant = replace(
        generator_site().generators[0], max_mw=20.0, availability=0.5, maintenance=window
    )
    return Site(pd.Series(8.0, when), generators=[plant], grid=Grid(import_price=0.5))


@pytest.fixture(scope="module")
def maintenance_model() -> Model:
    return build(with_every_cut(prepare(maintenance_site())))


@pytest.fixture(scope="module")
def generator_model() -> Model:
    return build(generator_site())


@pytest.fixture(scope="module")
def model() -> Model:
    return build(full_site())


@pytest.fixture(scope="module")
def exclusive_model() -> Model:
    return build(with_every_cut(prepare(full_site())))


def contracts_site() -> Site:
    """The same with contracts, which change what the rows and costs above say."""
    full = full_site()
    assert full.grid is not None
    declared = DemandCharge(30.0, contract=ContractDemand(1.05, 2.0, least_mw=1.0, least_share=0.4))
    seller = PurchaseContract(0.3, min_take_mwh=5000.0, shortfall_price=0.25)
    sources = [replace(full.sources[0], purchase=seller), full.sources[1]]
    return replace(full, sources=sources, grid=replace(full.grid, demand_charges=[declared]))


@pytest.fixture(scope="module")
def contracts_model() -> Model:
    return build(contracts_site())


def lp_text(rows: list[object], objective: object, folder: Path) -> str:
    """LP text of some rows, without what PuLP says of itself."""
    problem = pulp.LpProblem("family", pulp.LpMinimize)
    problem.objective = objective
    for row in rows:
        problem.addConstraint(row, row.name)  # type: ignore[attr-defined]
    path = folder / "family.lp"
    problem.writeLP(str(path))
    return path.read_text(encoding="utf-8")


def compare(name: str, text: str) -> None:
    path = GOLDEN / f"{name}.lp"
    if os.environ.get("GREENLAND_GOLDEN") == "write":
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"no golden file for {name}"
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_golden_rows(
    family: str,
    model: Model,
    exclusive_model: Model,
    contracts_model: Model,
    generator_model: Model,
    maintenance_model: Model,
    stopping_model: Model,
    tmp_path: Path,
) -> None:
    models = (model, exclusive_model, contracts_model, generator_model)
    models += (maintenance_model, stopping_model)
    rows = next((one.rows[family] for one in models if one.rows.get(family)), None)
    assert rows, "the full site has no row of this family"
    compare(family, lp_text(rows, pulp.LpAffineExpression(), tmp_path))


@pytest.mark.parametrize("objective", ["annual_cost", "npv", "capex", "green_price"])
def test_golden_objective(objective: str, tmp_path: Path) -> None:
    model = build(full_site(), objective)
    compare(f"objective_{objective}", lp_text([], model.problem.objective, tmp_path))


def test_no_family_without_golden_file_and_no_file_without_family() -> None:
    expected = {*FAMILIES}
    expected |= {f"objective_{name}" for name in ("annual_cost", "npv", "capex", "green_price")}
    assert {path.stem for path in GOLDEN.glob("*.lp")} == expected


def test_every_family_and_variable_is_in_the_documentation(
    exclusive_model: Model,
    contracts_model: Model,
    generator_model: Model,
    stopping_model: Model,
) -> None:
    named = set(re.findall(r"`([a-z_0-9]+)", DOCS.read_text(encoding="utf-8")))
    assert set(FAMILIES) <= named
    for made in (exclusive_model, contracts_model, generator_model, stopping_model):
        assert set(made.variables) <= named


def test_every_variable_and_row_is_named_once(exclusive_model: Model) -> None:
    model = exclusive_model
    variables = [one.name for one in model.problem.variables()]
    assert len(variables) == len(set(variables))
    rows = [row.name for family in model.rows.values() for row in family]
    assert len(rows) == len(set(rows))
    assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", name) for name in variables + rows)


def test_names_in_chinese_become_ascii() -> None:
    base = small_site(steps=4)
    renamed = Site(base.load, [Source("光伏", np.full(4, 0.5))], (), base.grid)
    names = [one.name for one in build(renamed).problem.variables()]
    assert "capacity_x5149x4f0f" in names


def test_bare_site_has_few_rows_per_step() -> None:
    """PV, wind, one battery and the four shares: balance, storage balance and three bounds."""
    steps = 48
    model = build(small_site(steps=steps))
    assert sum(len(rows) for rows in model.rows.values()) == 5 * steps + 1 + 4
    assert "import_use" not in model.rows  # it is a bound of the variable
    assert model.variables["import"][0].upBound == pytest.approx(min(80, model.data.load[0]))


def test_fixed_connected_capacity_is_a_bound() -> None:
    model = build(small_site(grid=Grid(capacity_mw=20, import_price=0.5)))
    assert "import_limit" not in model.rows
    assert {one.upBound for one in model.variables["export"]} == {20.0}
