"""Bounds on the power of a storage that has none: they cut off no plan that is cheap enough."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from greenland.energy.problem.costs import Costs, dot, objective_costs
from greenland.energy.problem.data import Ceiling
from greenland.energy.problem.prepare import prepare
from greenland.energy.site import Grid, Limits, Site, Source, Storage
from greenland.energy.sizing.optimum import engines_of
from greenland.energy.sizing.storage_power import by_subsidy, power_within

DAY = pd.date_range("2026-06-01", periods=24, freq="h", tz="Asia/Shanghai")


def site(price: float) -> Site:
    """A day on which selling pays more than buying; the storage at a share of its usual price."""
    sun = np.clip(np.sin((np.arange(24) - 6) / 12 * np.pi), 0, None)
    return Site(
        load=pd.Series(60.0, DAY),
        sources=[Source("pv", pd.Series(sun, DAY), 2700, 0, 25, max_mw=40)],
        storages=[Storage("battery", power_capex=3000 * price, energy_capex=7000 * price)],
        grid=Grid(capacity_mw=80.0, import_price=0.5, export_price=0.6),
        limits=Limits(),
        discount_rate=0.07,
    )


@pytest.mark.parametrize("price", [1.0, 0.05, 0.02])
def test_no_plan_up_to_the_cost_has_more_power(price: float) -> None:
    data = prepare(site(price))
    costs, solve = objective_costs(data), engines_of("interior").optimum
    found = solve(data, costs)
    dear = dot(found.values, costs.by_family)
    most = dear + 0.001 * abs(dear)
    limited = replace(data, ceiling=Ceiling(costs.by_family, most))
    asked = solve(limited, Costs({"storage_power": np.array([-1.0])}))
    power = float(asked.values["storage_power"][0])
    assert by_subsidy(data, 0, costs, most, solve) >= power
    bounded = power_within(data, data, [np.arange(24)], costs, most, solve).storage_power[0]
    assert power <= bounded.upper < np.inf


def test_a_free_storage_is_not_bounded_by_a_subsidy() -> None:
    data = prepare(site(0.0))
    costs, solve = objective_costs(data), engines_of("interior").optimum
    assert by_subsidy(data, 0, costs, 1e6, solve) == np.inf


def test_storages_that_need_no_direction_are_left_alone() -> None:
    data = prepare(site(1.0))
    costs, solve = objective_costs(data), engines_of("interior").optimum
    left = power_within(data, data, [np.arange(0)], costs, 1e6, solve)
    assert left.storage_power[0].upper == np.inf
