"""What a plan reports, by the names of the nomenclature."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from model_sites import site

from greenland.energy.plan.plan import Plan
from greenland.energy.plan_record import plan_record
from greenland.energy.site import Grid, Limits
from greenland.energy.sizing.solve import size


@pytest.fixture(scope="module")
def plan() -> Plan:
    return size(site(limits=Limits(min_self_use_of_consumption=0.85)), engine="highs")


def test_names(plan: Plan) -> None:
    assert list(plan.capacities.index) == [
        "pv",
        "wind",
        "battery_power",
        "battery_energy",
        "grid",
    ]
    columns = "load pv wind import export curtailment battery_charge battery_discharge"
    assert list(plan.schedule) == [*columns.split(), "battery_energy"]
    shares = "self_use_of_generation self_use_of_generation_net self_use_of_consumption"
    assert list(plan.ratios.index)[:3] == shares.split()
    assert plan.schedule.index.equals(plan.site.index)


def test_money_adds_up(plan: Plan) -> None:
    assert plan.annual_cost == pytest.approx(plan.costs.sum())
    assert plan.objective_value == plan.annual_cost
    assert plan.capex == pytest.approx(
        1000
        * (
            3000 * plan.capacities["pv"]
            + 7200 * plan.capacities["wind"]
            + 300 * plan.capacities["battery_power"]
            + 700 * plan.capacities["battery_energy"]
        )
    )


def test_shadow_price_is_the_change_of_cost(plan: Plan) -> None:
    """One hundredth of a point less of green share, against what the price says."""
    looser = size(site(limits=Limits(min_self_use_of_consumption=0.8499)), engine="highs")
    saved = plan.annual_cost - looser.annual_cost
    assert saved == pytest.approx(0.01 * plan.shadow_prices["self_use_of_consumption"], rel=1e-3)


def test_shadow_price_of_connected_capacity() -> None:
    tight = size(site(grid=grid(20.0)), engine="highs")
    wider = size(site(grid=grid(20.001)), engine="highs")
    saved = tight.annual_cost - wider.annual_cost
    assert saved == pytest.approx(0.001 * tight.shadow_prices["grid_capacity"], rel=1e-2)


def grid(capacity: float) -> Grid:
    return Grid(capacity_mw=capacity, import_price=0.5, export_price=0.1)


def test_monthly_energies_sum_to_the_horizon(plan: Plan) -> None:
    assert plan.monthly["load"].sum() == pytest.approx(plan.schedule["load"].sum())
    assert list(plan.monthly.index) == [6]


def test_record_is_json_with_the_names_of_the_plan(plan: Plan) -> None:
    record = plan_record(plan)
    text = json.dumps(record, ensure_ascii=False, allow_nan=False)
    assert json.loads(text)["capacities"]["pv"] == pytest.approx(plan.capacities["pv"])
    assert record["schedule"]["columns"]["load"][0] == round(plan.schedule["load"].iloc[0], 4)
    assert record["schedule"]["step_hours"] == 1.0
    assert {"charge", "discharge", "import"} <= set(record["monthly"][0])
    texts = [row["text"] for row in record["shadow_prices"]]
    assert any(text.startswith("自发自用占总用电量比例每降低 1 个百分点") for text in texts)


def test_record_of_a_plan_without_an_optimum() -> None:
    few = [replace(item, max_mw=1.0) for item in site().sources]
    infeasible = size(site(sources=few, limits=Limits(min_self_use_of_consumption=0.9)))
    record = plan_record(infeasible)
    assert record["annual_cost"] is None
    assert record["reason"] == "infeasible"


def test_time_zone_is_kept() -> None:
    base = site(24)
    zone = base.load.tz_localize("Asia/Shanghai")
    assert base.grid is not None
    assert isinstance(base.grid.import_price, pd.Series)
    price = base.grid.import_price.tz_localize("Asia/Shanghai")
    local = replace(base, load=zone, grid=replace(base.grid, import_price=price))
    record = plan_record(size(local, engine="highs"))
    assert record["schedule"]["timezone"] == "Asia/Shanghai"
    assert record["schedule"]["start"] == "2025-06-01T00:00:00+08:00"
