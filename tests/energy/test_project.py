"""The whole account of a sized plan: what the sizing optimised is what is billed and laid out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy import size
from greenland.energy.case_checks import config_problems
from greenland.energy.compliance import ComplianceConfig, judge
from greenland.energy.money.allocation import user_table
from greenland.energy.money.bill import bill, self_use
from greenland.energy.money.carbon import CarbonConfig, evaluate
from greenland.energy.money.config import FinanceConfig
from greenland.energy.money.finance import sized_annual_cost, statement
from greenland.energy.money.project import baseline_load, metered, project_of
from greenland.energy.plan.plan import Plan
from greenland.energy.site import (
    DemandCharge,
    Electrolyser,
    FixedAsset,
    Grid,
    InterruptibleLoad,
    Limits,
    ShiftableLoad,
    Site,
    Source,
    Storage,
)
from greenland.energy.tariff import sizing_prices, tariff_of_grid, with_grid_charges
from greenland.energy.tariff.config import TariffConfig
from greenland.energy.tariff.resolve import grid_only, resolve
from greenland.rules import Rulebook, load_rulebook

INDEX = pd.date_range("2026-06-29", periods=96, freq="h", tz="Asia/Shanghai")  # over a month's end
CONFIG = TariffConfig.model_validate(
    {
        "mode": "capacity",
        "billing": "demand",
        "voltage": "110kV",
        "market_price": {"wet": 0.22, "normal": 0.27, "dry": 0.31},
        "system_operation_fee": 0.03,
        "average_load_rate": 0.5,
        "export_price": 0.18,
    }
)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return load_rulebook(("national", "yunnan"), 2027)


def curves() -> dict[str, pd.Series]:
    """Invented load, sun and wind."""
    rng = np.random.default_rng(11)
    hour = INDEX.hour
    sun = np.clip(np.sin((hour - 6.5) / 12 * np.pi), 0, None) * rng.uniform(0.5, 1, 96)
    parts = {
        "load": 30 + rng.uniform(0, 8, 96),
        "pv": sun,
        "wind": rng.beta(2, 4, 96),
        "batch": np.where((hour >= 9) & (hour < 17), 3.0, 0.0),
    }
    return {name: pd.Series(values, index=INDEX) for name, values in parts.items()}


def site(grid: Grid, **changes: Any) -> Site:
    drawn = curves()
    made = Site(
        load=drawn["load"],
        sources=[
            Source("pv", drawn["pv"], 2700, 30, 25, variable_cost=0.004),
            Source("wind", drawn["wind"], 3900, 55, 20),
        ],
        storages=[
            Storage(
                "battery",
                300,
                700,
                12,
                0.94,
                0.94,
                power_opex=9,
                energy_opex=11,
                throughput_cost=0.01,
                replacement_cost=400,
                replacement_years=(8,),
            )
        ],
        grid=grid,
        limits=Limits(0.6, 0.3, 0.2),
        discount_rate=0.06,
        fixed_assets=[FixedAsset("line", 8e6, 1e5, 30)],
    )
    return replace(made, **changes)


@pytest.fixture(scope="module")
def sized(book: Rulebook) -> tuple[Plan, Any, Any]:
    own = Grid(
        capacity_mw=50,
        fixed_cost=12_000.0,
        demand_charges=(DemandCharge(5.0, INDEX.hour >= 18, "evening"),),
    )
    tariff = with_grid_charges(resolve(CONFIG, INDEX, book)[0], own)
    prices = sizing_prices(tariff).grid_fields()
    plan = size(site(replace(own, **prices)))
    grid_tariff = with_grid_charges(grid_only(CONFIG, INDEX, book), own)
    return plan, tariff, grid_tariff


def test_cash_flow_is_what_was_optimised(sized: tuple[Plan, Any, Any]) -> None:
    plan, tariff, grid_tariff = sized
    project = project_of(plan, plan.site, tariff, grid_tariff)
    assert sized_annual_cost(project) == pytest.approx(plan.annual_cost, rel=1e-9)


@pytest.mark.parametrize("years", [10, 25, 40])
def test_annualised_statement_is_the_annual_cost(
    sized: tuple[Plan, Any, Any], book: Rulebook, years: int
) -> None:
    plan, tariff, grid_tariff = sized
    project = project_of(plan, plan.site, tariff, grid_tariff)
    found = statement(project, FinanceConfig(years=years), book)
    assert found.annual_cost == pytest.approx(plan.annual_cost, rel=1e-9)


def test_green_price_is_the_plans(book: Rulebook) -> None:
    grid = Grid(capacity_mw=50, import_price=0.5, export_price=0.2, self_use_price=0.05)
    plan = size(site(grid, fixed_assets=()))
    found = statement(project_of(plan, plan.site, None, None), FinanceConfig(), book)
    assert found.green_price == pytest.approx(plan.green_price, rel=1e-6)


def test_bill_is_the_running_part_of_the_annual_cost(sized: tuple[Plan, Any, Any]) -> None:
    plan, tariff, _grid_tariff = sized
    items = ["energy_purchase", "self_use_fees", "capacity_charge", "demand_charge"]
    paid = plan.costs[[*items, "grid_fixed", "export_income"]].sum()
    made = bill(tariff, plan.schedule, 50)
    assert made.yuan_per_year() == pytest.approx(paid, rel=1e-9)
    assert made.yuan_per_year("fixed") == pytest.approx(12_000)


def test_grid_that_gives_its_prices_alone(book: Rulebook) -> None:
    grid = Grid(
        max_capacity_mw=60,
        import_price=0.5,
        export_price=0.2,
        capacity_price=25,
        capex=200,
        opex=2,
        self_use_price=0.05,
        demand_charges=(DemandCharge(30.0),),
    )
    plan = size(site(grid))
    project = project_of(plan, plan.site, None, None)
    assert sized_annual_cost(project) == pytest.approx(plan.annual_cost, rel=1e-9)
    assert "grid" in {asset.name for asset in project.assets}


def test_flexible_loads_products_and_unserved_energy_are_paid() -> None:
    drawn = curves()
    made = site(
        Grid(capacity_mw=25, import_price=0.5, export_price=0.2, self_use_price=0.05),
        limits=Limits(max_unserved_share=0.05),
        shiftable=[ShiftableLoad("batch", drawn["batch"], 5.0)],
        interruptible=[InterruptibleLoad("chiller", 4.0, 0.3, 0.2)],
        electrolysers=[Electrolyser("hydrogen", 52.0, 300.0, 12_000.0, 3000, 60)],
        unserved_price=2.0,
    )
    plan = size(made)
    project = project_of(plan, plan.site, None, None)
    assert sized_annual_cost(project) == pytest.approx(plan.annual_cost, rel=1e-9)
    used = metered(plan.site, plan.schedule)["load"].sum() * 8760 / 96
    assert used == pytest.approx(plan.energy["consumption"])
    assert project.operation.new().green == pytest.approx(plan.energy["self_use"])
    expected = drawn["load"] + drawn["batch"] + 300 * 52 / 8760
    pd.testing.assert_series_equal(baseline_load(made), expected, check_names=False)


def test_storage_charged_from_the_grid_is_traced() -> None:
    drawn = curves()
    buy = pd.Series(np.where(INDEX.hour < 8, 0.15, 0.75), index=INDEX)
    made = Site(
        load=drawn["load"],
        storages=[Storage("battery", 200, 400, 12, 0.95, 0.95, grid_charging=True, max_hours=6)],
        grid=Grid(capacity_mw=80, import_price=buy, self_use_price=0.05),
    )
    plan = size(made)
    assert plan.schedule["battery_grid_charge"].sum() > 1
    year = project_of(plan, made, None, None).operation.new()
    assert year.green == pytest.approx(0, abs=0.01)  # of 300 000 MWh
    assert year.self_use_charges == pytest.approx(0, abs=1.0)


def test_off_grid(book: Rulebook) -> None:
    drawn = curves()
    made = Site(
        load=drawn["load"],
        sources=[Source("pv", drawn["pv"], 2700, 30), Source("wind", drawn["wind"], 3900, 55)],
        storages=[Storage("battery", 300, 700, 12, 0.95, 0.95)],
        limits=Limits(max_unserved_share=0.1),
    )
    plan = size(made)
    project = project_of(plan, made, None, None)
    found = statement(project, FinanceConfig(), book)
    assert found.annual_cost == pytest.approx(plan.annual_cost, rel=1e-9)
    judged = judge(plan, made, None, ComplianceConfig(), book)
    assert [check.limit for check in judged.checks] == ["voltage"]


def test_net_present_value_is_the_plans(book: Rulebook) -> None:
    grid = Grid(capacity_mw=50, import_price=0.5, export_price=0.2, self_use_price=0.05)
    plan = size(site(grid, limits=Limits(max_export_share=0.2)), objective="npv")
    found = statement(project_of(plan, plan.site, None, None), FinanceConfig(), book)
    assert found.npv == pytest.approx(plan.npv, rel=1e-9)


def test_users_share_what_is_used_on_site(sized: tuple[Plan, Any, Any]) -> None:
    plan, _tariff, _grid_tariff = sized
    users = pd.DataFrame({"甲": plan.schedule["load"] * 0.7, "乙": plan.schedule["load"] * 0.3})
    rows = user_table(self_use(metered(plan.site, plan.schedule)), users)
    assert rows["self_use_mwh"].sum() == pytest.approx(plan.energy["self_use"], abs=0.0006)


def test_emissions_fall_with_what_is_bought(sized: tuple[Plan, Any, Any], book: Rulebook) -> None:
    plan, tariff, grid_tariff = sized
    project = project_of(plan, plan.site, tariff, grid_tariff)
    config = CarbonConfig.model_validate({"factor": "province"})
    found = evaluate(project.baseline, project.operation.new(), config, book)
    ratio = plan.energy["import"] / plan.energy["load"]
    assert found.after_tco2 / found.before_tco2 == pytest.approx(ratio)


def test_tariff_of_the_grid_bills_as_the_tariff(sized: tuple[Plan, Any, Any]) -> None:
    plan, tariff, _grid_tariff = sized
    assert plan.site.grid is not None
    again = tariff_of_grid(plan.site.grid, INDEX)
    assert bill(again, plan.schedule, 50).yuan_per_year() == pytest.approx(
        bill(tariff, plan.schedule, 50).yuan_per_year(), rel=1e-12
    )


def test_names_that_fit_nothing_are_found_before_sizing() -> None:
    national = load_rulebook(("national",), 2026)
    found = config_problems(
        ["pv", "battery"],
        national,
        finance=FinanceConfig.model_validate({"degradation": {"pvs": {"yearly": 0.01}}}),
        compliance=ComplianceConfig.model_validate({"answers": {"marked": "yes"}}),
        carbon=CarbonConfig.model_validate({"factor": "province"}),
    )
    assert [item.code for item in found] == [
        "unknown_asset",
        "unknown_condition",
        "emission_factor",
    ]
    assert [item.remedy for item in found[:2]] == ["是否应为“pv”？", "是否应为“market”？"]
    assert config_problems(["pv"], national) == []


def test_banned_hours_come_from_the_grid(book: Rulebook) -> None:
    mask = pd.Series(INDEX.hour < 12, index=INDEX)
    grid = Grid(capacity_mw=50, import_price=0.5, export_price=0.2, export_allowed=mask)
    plan = size(site(grid, limits=Limits(max_export_share=0.3)))
    judged = judge(plan, plan.site, None, ComplianceConfig(), book)
    found = next(check for check in judged.checks if check.limit == "no_back_feed")
    assert (found.state, found.value) == ("met", pytest.approx(0, abs=1e-3))
