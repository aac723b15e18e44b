"""Every payment of a plan by hand, and what it costs when all is bought."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from whole_site import CAPACITIES, PER_YEAR, STEPS, parts, schedule, whole

from greenland.energy.plan.replay.costs import demand_charge, grid_only_costs
from greenland.energy.plan.replay.recompute import replay
from greenland.energy.site import DemandCharge, Grid, Site

# MWh of a half hour at 1 MW, a year: two hours stand for 8760
HALF = 0.5 * PER_YEAR


@pytest.fixture(scope="module")
def costs() -> pd.Series:
    return replay(whole(), CAPACITIES, schedule()).costs


# At no interest an annuity is the cost over the life. Of the site: 22 MW of PV, 4 MW and 6 MWh of
# battery, 1.5 MW of cells and 12 MW of connection are new.
BY_HAND = {
    # 22 MW x (3000 + 100 renewed) yuan/kW over 20 years, 50 yuan/kW, 0.01 yuan/kWh of 36 MW
    "pv": 22e3 * (3100 / 20 + 50) + HALF * 36 * 1e3 * 0.01,
    # 4 MW x (300/12 + 3), 6 MWh x ((700 + 200 renewed)/12 + 7), 0.02 yuan/kWh given
    "battery": 4e3 * 28 + 6e3 * 82 + HALF * 1.23232 * 1e3 * 0.02,
    "second": 0.0,
    "cell": 1.5e3 * (2000 / 10 + 40),
    "line": 1e6 / 25 + 1e4,
    "energy_purchase": HALF * 1e3 * (13 * 0.3 + 10.09808 * 0.8),
    # on 51 MW consumed less 22.39968 from the grid
    "self_use_fees": HALF * 1e3 * 0.05 * 28.60032,
    "capacity_charge": 12 * 20 * 15e3,
    # March has 13 MW, and nothing in the hours that count; April 10.09808 MW, at no late price
    "demand_charge": 12 / 2 * 30e3 * (13 + 10.09808),
    "grid": 12e3 * (200 / 25 + 4),
    "grid_fixed": 1e5,
    "export_income": -HALF * 1e3 * 0.2 * 2,
    "interruption:kiln": HALF * 1e3 * 1.5,
    "product:cell": -20_000 * HALF * 4.5 / 50,
    "unserved": HALF * 1e3 * 4.0 * 0.5,
}


@pytest.mark.parametrize("item", BY_HAND)
def test_payment_by_hand(costs: pd.Series, item: str) -> None:
    assert costs[item] == pytest.approx(BY_HAND[item], rel=1e-12)


def test_no_payment_is_without_a_hand_count(costs: pd.Series) -> None:
    assert set(costs.index) == set(BY_HAND)
    found = replay(whole(), CAPACITIES, schedule())
    assert found.annual_cost == pytest.approx(sum(BY_HAND.values()), rel=1e-12)


def test_annuities_at_interest() -> None:
    """At 8 %: 0.101852 over 20 years, 0.132695 over 12, 0.093679 over 25; renewed after 10, 6."""
    found = replay(whole(discount_rate=0.08), CAPACITIES, schedule()).costs
    source = 22e3 * (0.1018522 * (3000 + 100 / 1.08**10) + 50) + HALF * 36 * 10
    assert found["pv"] == pytest.approx(source, rel=1e-6)
    stored = 4e3 * (0.1326950 * 300 + 3) + 6e3 * (0.1326950 * (700 + 200 / 1.08**6) + 7)
    assert found["battery"] == pytest.approx(stored + HALF * 1.23232 * 20, rel=1e-6)
    assert found["grid"] == pytest.approx(12e3 * (0.0936788 * 200 + 4), rel=1e-6)
    assert found["line"] == pytest.approx(0.0936788e6 + 1e4, rel=1e-6)


@pytest.mark.parametrize(
    ("changes", "gone"),
    [
        ({"grid": replace(parts()["grid"], self_use_price=0.0)}, "self_use_fees"),
        ({"grid": replace(parts()["grid"], capacity_price=0.0)}, "capacity_charge"),
        ({"grid": replace(parts()["grid"], demand_charges=())}, "demand_charge"),
        ({"grid": replace(parts()["grid"], capex=0.0, opex=0.0)}, "grid"),
        ({"grid": replace(parts()["grid"], fixed_cost=0.0)}, "grid_fixed"),
        ({"unserved_price": 0.0}, "unserved"),
        (
            {"electrolysers": (replace(parts()["electrolysers"][0], product_price=0.0),)},
            "product:cell",
        ),
    ],
)
def test_what_has_no_price_is_not_listed(changes: dict[str, Any], gone: str) -> None:
    found = replay(whole(**changes), CAPACITIES, schedule()).costs
    assert set(BY_HAND) - set(found.index) == {gone}


def test_connection_pays_for_capex_or_opex_alone() -> None:
    for capex, opex, cost in ((200.0, 0.0, 12e3 * 8), (0.0, 4.0, 12e3 * 4)):
        grid = replace(parts()["grid"], capex=capex, opex=opex)
        found = replay(whole(grid=grid), CAPACITIES, schedule()).costs
        assert found["grid"] == pytest.approx(cost)


def test_demand_is_charged_month_by_month_where_it_counts() -> None:
    late = DemandCharge({3: 5.0, 4: 7.0}, when=[False, True, False, True])
    grid = Grid(capacity_mw=50, demand_charges=[DemandCharge(30.0), late])
    index = pd.date_range("2025-03-31 22:00", periods=4, freq="h")
    site = Site(pd.Series(10.0, index), grid=grid)
    # two steps in March, two in April: 20 and 40 MW, of the late ones 10 and 30
    bought = pd.Series([20.0, 10.0, 40.0, 30.0]).to_numpy()
    months = 30e3 * (20 + 40) + 5e3 * 10 + 7e3 * 30
    assert demand_charge(site, bought) == pytest.approx(12 / 2 * months)
    alone = Site(pd.Series(10.0, index), parts()["sources"], grid=None)
    assert demand_charge(alone, bought) == 0


def test_all_from_the_grid_with_everything() -> None:
    found = grid_only_costs(whole())
    # 10 MW firm, 2 milled, 150 t at 50 MWh over the year
    bought = 12 + 150 * 50 / 8760
    expected = {
        "energy_purchase": HALF * 1e3 * bought * (0.3 + 0.5 + 0.5 + 0.8),
        "self_use_fees": 0.0,
        "capacity_charge": 12 * 20e3 * bought,
        # in March the late price counts from the second step
        "demand_charge": 12 / 2 * 1e3 * bought * (30 + 30 + 5),
        "grid": 1e3 * (200 / 25 + 4) * (bought - 3),
        "grid_fixed": 1e5,
    }
    assert dict(found) == pytest.approx(expected, rel=1e-12, abs=1e-6)


def test_all_from_a_given_connection() -> None:
    grid = Grid(capacity_mw=50, capacity_price=20.0, import_price=0.5)
    costs = grid_only_costs(Site(pd.Series(10.0, STEPS), grid=grid))
    assert dict(costs) == pytest.approx(
        {"energy_purchase": 10e3 * 8760 * 0.5, "capacity_charge": 12 * 20 * 50e3}
    )
    alone = Site(pd.Series(10.0, STEPS), parts()["sources"], grid=None)
    assert grid_only_costs(alone).empty
