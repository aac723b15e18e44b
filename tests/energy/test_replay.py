"""The replay finds what a solver might get wrong; each test spoils one number of a sound plan."""

from __future__ import annotations

import ast
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index, site

from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay import recompute
from greenland.energy.plan.replay.costs import grid_only_costs
from greenland.energy.plan.replay.recompute import Replay, ReplayError, replay
from greenland.energy.site import DemandCharge, Grid, Limits, Site
from greenland.energy.sizing.solve import size


@pytest.fixture(scope="module")
def plan() -> Plan:
    return size(site(limits=Limits(min_self_use_of_consumption=0.5)), engine="highs")


def spoiled(plan: Plan, column: str, change: float, step: int = 10) -> Any:
    schedule = plan.schedule.copy()
    schedule.loc[schedule.index[step], column] += change
    return replay(plan.site, dict(plan.capacities), schedule)


def test_sound_plan_closes(plan: Plan) -> None:
    found = replay(plan.site, dict(plan.capacities), plan.schedule)
    found.require_closed()
    assert found.residual < 1e-8
    assert found.annual_cost == pytest.approx(plan.annual_cost, rel=1e-12)


@pytest.mark.parametrize(
    ("column", "check"),
    [
        ("import", "balance"),
        ("curtailment", "balance"),
        ("pv", "pv"),
        ("battery_energy", "battery_balance"),
        ("battery_discharge", "battery_balance"),
    ],
)
def test_a_thousandth_off_is_found(plan: Plan, column: str, check: str) -> None:
    found = spoiled(plan, column, 0.1)
    assert found.checks[check] > 1e-6
    with pytest.raises(ReplayError, match="独立复算未能闭合"):
        found.require_closed()


def test_error_tells_the_check_and_travels() -> None:
    error = pickle.loads(pickle.dumps(ReplayError("balance", 0.5)))
    assert (error.check, error.residual, error.args) == ("balance", 0.5, ("balance", 0.5))
    text = "独立复算未能闭合：“balance”相差 0.5（允许 1e-06）。结果不予报告。"
    assert str(error) == text


def test_both_ways_are_found(plan: Plan) -> None:
    schedule = plan.schedule.copy()
    schedule[["import", "export"]] += 1.0  # the balance still closes
    found = replay(plan.site, dict(plan.capacities), schedule)
    assert found.checks["balance"] < 1e-9
    assert found.checks["import_export"] > 0.005


def test_a_smaller_capacity_is_found(plan: Plan) -> None:
    sizes = dict(plan.capacities)
    sizes["battery_energy"] /= 2
    assert replay(plan.site, sizes, plan.schedule).checks["battery_full"] > 0.01
    sizes = dict(plan.capacities) | {"grid": 1.0}
    assert replay(plan.site, sizes, plan.schedule).checks["grid_capacity"] > 0.01


def test_a_broken_limit_is_found(plan: Plan) -> None:
    strict = replace(plan.site, limits=Limits(min_self_use_of_consumption=0.999))
    found = replay(strict, dict(plan.capacities), plan.schedule)
    with pytest.raises(ReplayError, match="self_use_of_consumption"):
        found.require_closed()


def test_the_worst_year_of_a_limit_is_named() -> None:
    """A year that keeps a limit does not hide the one before it, nor does one of no number."""
    rows = [["co2", "2022", 2.0, 1.0, 1.0], ["co2", "2023", 0.5, 1.0, -0.5]]
    limits = pd.DataFrame(rows, columns=["limit", "year", "value", "required", "excess"])
    nothing = pd.Series(dtype=float)
    found = Replay(nothing, nothing, nothing, pd.Series({"balance": 0.0}), limits)
    with pytest.raises(ReplayError, match="“co2”相差 1（"):
        found.require_closed()
    found = replace(found, checks=pd.Series({"balance": np.nan}), limits=limits.iloc[1:])
    assert found.residual == np.inf
    with pytest.raises(ReplayError, match="“balance”相差 inf"):
        found.require_closed()


def test_ratios_by_hand() -> None:
    """A day by hand: load 10, PV 12 for half the day; 2 sold, the night bought."""
    hours = index(24)
    pv = np.r_[np.zeros(12), np.full(12, 1.0)]
    base = site(24)
    own = Site(
        pd.Series(10.0, hours),
        [replace(base.sources[0], profile=pv)],
        (),
        Grid(capacity_mw=50, import_price=0.5, export_price=0.2),
    )
    schedule = pd.DataFrame(
        {"load": 10.0, "pv": 12 * pv, "import": 10 * (1 - pv), "export": 1.5 * pv}, hours
    )
    schedule["curtailment"] = 0.5 * pv
    found = replay(own, {"pv": 12.0, "grid": 50.0}, schedule)
    assert found.ratios["self_use_of_generation"] == pytest.approx(10 / 12)
    assert found.ratios["self_use_of_generation_net"] == pytest.approx(10 / 12)
    assert found.ratios["self_use_of_consumption"] == pytest.approx(0.5)
    assert found.ratios["export_share"] == pytest.approx(1.5 / 12)
    assert found.ratios["curtailment_share"] == pytest.approx(0.5 / 12)
    assert found.costs["energy_purchase"] == pytest.approx(120 * 365 * 1000 * 0.5)
    assert found.costs["export_income"] == pytest.approx(-18 * 365 * 1000 * 0.2)


def test_all_from_the_grid_by_hand() -> None:
    grid = Grid(
        max_capacity_mw=50,
        import_price=0.5,
        capacity_price=20.0,
        demand_charges=[DemandCharge(30.0)],
    )
    costs = grid_only_costs(Site(pd.Series(10.0, index(24)), grid=grid))
    assert costs["energy_purchase"] == pytest.approx(10e3 * 8760 * 0.5)
    assert costs["capacity_charge"] == pytest.approx(12 * 20 * 10e3)
    assert costs["demand_charge"] == pytest.approx(12 * 30 * 10e3)


def test_replay_does_not_know_the_model() -> None:
    files = sorted(Path(recompute.__file__).parent.glob("*.py"))
    imported = {
        str(node.module)
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and "greenland.energy" in str(node.module)
    }
    assert len(files) == 11
    own = {name for name in imported if name.startswith("greenland.energy.plan.replay.")}
    assert imported - own == {
        "greenland.energy.site",
        "greenland.energy.site.identity",
        "greenland.energy.site.limit_kinds",
        "greenland.energy.site.limits",
    }
