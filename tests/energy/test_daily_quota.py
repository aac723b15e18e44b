"""Electrolysers: a cost per tonne, and what is made in every calendar day."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index

from greenland.energy.money.project import baseline_load, other_costs
from greenland.energy.plan.replay.costs import grid_only_costs
from greenland.energy.plan.replay.recompute import replay
from greenland.energy.problem.solution import Status
from greenland.energy.site import Electrolyser, Grid, Site
from greenland.energy.sizing.solve import size
from greenland.errors import InputError

MWH_PER_T = 50.0
NIGHT = 0.2
DAY = 0.6
# 36 hours from noon: half of the first day, all of the second
CLOCK = pd.date_range("2025-06-01 12:00", periods=36, freq="h")


def cell(**fields: Any) -> Electrolyser:
    given: dict[str, Any] = {
        "existing_mw": 10.0,
        "max_mw": 0.0,
        "product_price": 40_000.0,
        "variable_cost": 1_000.0,
    }
    return Electrolyser("cell", MWH_PER_T, **(given | fields))


def made(item: Electrolyser, price: float | None = None) -> Site:
    """A load of 1 MW and an electrolyser; power is cheap from eight at night to eight."""
    night = (CLOCK.hour < 8) | (CLOCK.hour >= 20)
    prices = np.where(night, NIGHT, DAY) if price is None else price
    grid = Grid(import_price=prices, export_allowed=False)
    return Site(pd.Series(1.0, CLOCK), grid=grid, electrolysers=[item])


def tonnes(plan: Any) -> list[float]:
    drawn = plan.schedule["cell"]
    return [float(x) / MWH_PER_T for x in drawn.groupby(drawn.index.date).sum()]


@pytest.mark.parametrize(
    ("product_price", "expected"),
    [(40_000.0, [2.4, 4.8]), (20_000.0, [0.8, 2.4]), (10_000.0, [0.0, 0.0])],
)
def test_power_and_the_cost_of_a_tonne_decide(product_price: float, expected: list[float]) -> None:
    """50 MWh cost 10 000 yuan by night and 30 000 by day; 1000 yuan a tonne come on top."""
    plan = size(made(cell(product_price=product_price)))
    assert tonnes(plan) == pytest.approx(expected, abs=1e-6)
    assert plan.costs["cell"] == pytest.approx(1_000 * sum(expected) * 8760 / 36, abs=1)
    spent = plan.costs["cell"] + plan.costs.get("product:cell", 0.0)
    assert other_costs(plan.site, plan.schedule) == pytest.approx(spent, abs=1)


def test_a_day_has_its_least_and_its_most() -> None:
    """Half of the first day: half of the quota; the hours are the cheapest of the day."""
    least = size(made(cell(product_price=0.0, min_daily_product_t=3.0)))
    assert tonnes(least) == pytest.approx([1.5, 3.0], rel=1e-6)
    second = least.schedule["cell"].iloc[12:]
    assert second[(second.index.hour >= 8) & (second.index.hour < 20)].sum() == pytest.approx(
        30.0, rel=1e-6
    )
    most = size(made(cell(max_daily_product_t=2.0)))
    assert tonnes(most) == pytest.approx([1.0, 2.0], rel=1e-6)


@pytest.mark.parametrize("engine", ["interior", "highs"])
def test_both_engines_know_days(engine: str) -> None:
    item = cell(existing_mw=0.0, max_mw=50.0, capex=3000.0, min_daily_product_t=2.4)
    plan = size(made(item), engine=engine)
    assert plan.status is Status.OPTIMAL
    assert plan.engine == engine
    assert tonnes(plan)[1] >= 2.4 - 1e-6


@pytest.mark.parametrize(
    ("fields", "excess"),
    [
        ({"min_daily_product_t": 3.0}, 0.7 / 3.0),  # 0.8 t in the half day, 1.5 are due
        ({"min_daily_product_t": 2.4}, 0.4 / 2.4),
        ({"max_daily_product_t": 2.0}, 0.2),
        ({"max_daily_product_t": 1.5}, 0.6),
    ],
)
def test_the_replay_adds_up_days(fields: dict[str, float], excess: float) -> None:
    plan = size(made(cell(product_price=20_000.0)))
    sizes = {str(k): float(v) for k, v in plan.capacities.items()}
    found = replay(made(cell(product_price=20_000.0, **fields)), sizes, plan.schedule)
    assert found.checks["cell_daily_product"] == pytest.approx(excess, rel=1e-5)
    assert (found.checks > 1e-6).sum() == 1


def test_without_a_project_the_quota_is_bought() -> None:
    """365 days of 1.2 t are more than 300 t a year: 60 MWh a day, 2.5 MW."""
    site = made(cell(min_product_t=300.0, min_daily_product_t=1.2), price=0.5)
    assert baseline_load(site).to_numpy() == pytest.approx(3.5)
    assert grid_only_costs(site)["energy_purchase"] == pytest.approx(3.5 * 8760 * 500)


@pytest.mark.parametrize(
    ("item", "text"),
    [
        (
            cell(min_daily_product_t=3.0, max_daily_product_t=2.0),
            "min_daily_product_t＝3 大于 max_daily_product_t＝2",
        ),
        (
            cell(min_daily_product_t=5.0),
            "全天满负荷也只能日产 4.8 t，达不到 min_daily_product_t＝5",
        ),
        (cell(variable_cost=-1.0), "variable_cost 超出允许范围"),
        (cell(max_daily_product_t=-1.0), "max_daily_product_t 超出允许范围"),
    ],
)
def test_faults_are_told(item: Electrolyser, text: str) -> None:
    with pytest.raises(InputError) as caught:
        made(item)
    assert text in str(caught.value)


def test_a_quota_that_cannot_be_met_is_infeasible() -> None:
    site = made(cell(min_daily_product_t=4.0))
    bare = replace(site, grid=replace(site.grid, max_import_mw=3.0))
    assert size(bare).status is Status.INFEASIBLE


def test_days_are_those_of_the_clock() -> None:
    times = index(48).tz_localize("Asia/Shanghai")
    site = Site(
        pd.Series(1.0, times),
        grid=Grid(import_price=np.linspace(0.1, 0.5, 48)),
        electrolysers=[cell(product_price=0.0, min_daily_product_t=2.0)],
    )
    assert tonnes(size(site)) == pytest.approx([2.0, 2.0], rel=1e-6)
