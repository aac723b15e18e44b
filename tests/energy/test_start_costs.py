"""What starts cost, and short horizons proven with binary variables."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from test_stopping import HOURS, PRICES, bought, engine

from greenland.energy.money.project import project_of
from greenland.energy.plan.plan import Plan
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.starts import as_run, best_runs
from greenland.energy.problem.stopping import least_of
from greenland.energy.site import Electrolyser, Objective, starts_in, steps_running
from greenland.energy.sizing import several
from greenland.energy.sizing.solve import size
from greenland.errors import InputError

A_YEAR = 8760 / HOURS  # eight hours stand for a year


def brute(load: Any, price: float, start: float, per_mw: float = 0.0) -> float:
    """Least cost over every set of hours in which 10 MW run, 6 at least [yuan/yr]."""
    costs = []
    for hours in itertools.product([False, True], repeat=HOURS):
        on = np.array(hours)
        wanted = np.where(np.array(PRICES) > price, np.minimum(load, 10.0), 6.0)
        flow = np.where(on, np.maximum(6.0, wanted), 0.0)
        cost = 1000 * (price * flow.sum() + np.array(PRICES) @ np.maximum(load - flow, 0.0))
        costs.append(cost + np.count_nonzero(on & ~np.roll(on, 1)) * (start + 10 * per_mw))
    return min(costs) * A_YEAR


@pytest.fixture(scope="module")
def dear() -> Plan:
    """500 yuan a start: it runs through the hours at 0.35 rather than start twice."""
    return size(bought(engine(start_cost=500.0)))


def test_it_runs_through_rather_than_start_again(dear: Plan) -> None:
    assert dear.schedule["bio"].to_numpy() == pytest.approx([0, 0, 6, 6, 6, 6, 6, 0], abs=1e-6)
    assert dear.costs["start:bio"] == pytest.approx(500 * A_YEAR)
    assert dear.annual_cost == pytest.approx(brute(np.full(HOURS, 5.0), 0.3, 500.0), rel=1e-7)
    assert dear.status == "optimal"
    assert "开停由混合整数规划核对" in dear.notes[-1]


def test_dear_starts_are_none_at_all() -> None:
    plan = size(bought(engine(start_cost=20_000.0)))
    assert plan.schedule["bio"].to_numpy() == pytest.approx([6.0] * HOURS, rel=1e-6)
    assert plan.costs["start:bio"] == 0.0


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("mixed", [True, False])
def test_the_best_hours_of_all(seed: int, mixed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against all 256 sets; without binary variables the gap still holds."""
    if not mixed:
        monkeypatch.setattr(several, "MAX_RUN_BINARIES", 0)
    rng = np.random.default_rng(seed)
    load, price = rng.uniform(3, 9, HOURS), float(rng.uniform(0.2, 0.5))
    start, per_mw = float(rng.uniform(0, 1500)), float(rng.uniform(0, 100))
    item = engine(fuel_price=price, start_cost=start, start_cost_per_mw=per_mw)
    plan, best = size(bought(item, load=load)), brute(load, price, start, per_mw)
    assert plan.quality.gap is not None
    assert plan.annual_cost >= best * (1 - 1e-7)
    assert plan.annual_cost * (1 - plan.quality.gap) <= best * (1 + 1e-7)
    assert plan.annual_cost <= best * (1 + (1e-4 if mixed else 0.03))
    assert (plan.status == "optimal") or not mixed


def test_starts_count_once_more_over_the_turn() -> None:
    flow = np.array([6.0, 6.0, 0.0, 7.0, 0.0, 6.0])
    runs = steps_running(flow, np.full(6, 6.0))
    assert runs.tolist() == [True, True, False, True, False, True]
    assert starts_in(runs) == 2  # the last and the first two are one run
    assert starts_in(np.ones(4, dtype=bool)) == 0


@pytest.mark.parametrize("seed", range(30))
def test_the_best_runs_for_given_prices(seed: int) -> None:
    rng = np.random.default_rng(seed)
    gain, start = rng.normal(size=rng.integers(2, 9)), float(rng.uniform(0, 1.5))
    if seed % 3 == 0:
        gain[rng.integers(len(gain))] = -np.inf

    def worth(runs: Any) -> float:
        return float(gain[runs].sum() - start * starts_in(runs))

    every = map(np.array, itertools.product([False, True], repeat=len(gain)))
    assert worth(best_runs(gain, start)) == pytest.approx(max(worth(one) for one in every))


def test_an_electrolyser_pays_for_its_starts() -> None:
    cell = Electrolyser(
        "cell",
        50.0,
        product_price=15_000.0,
        existing_mw=10.0,
        max_mw=0.0,
        min_load_share=0.3,
        can_stop=True,
        start_cost_per_mw=30.0,
    )
    plan = size(bought(electrolysers=[cell]))
    assert plan.schedule["cell"].to_numpy() == pytest.approx([10, 10, 0, 0, 0, 0, 0, 10], abs=1e-6)
    assert plan.costs["start:cell"] == pytest.approx(300 * A_YEAR)  # the last hour goes on


def test_sizes_pay_for_starts_of_each_megawatt() -> None:
    """The capacity that is built costs its starts too: less of it, or none."""
    fields = {"existing_mw": 0.0, "max_mw": 10.0, "capex": 100.0, "fuel_price": 0.2}
    free = size(bought(engine(**fields)))
    dear = size(bought(engine(**fields, start_cost_per_mw=20_000.0)))
    assert free.capacities["bio"] > 4.9
    assert dear.annual_cost > free.annual_cost * 1.01
    assert dear.costs.get("start:bio", 0.0) == 0.0  # it never starts, or is not there


def test_the_net_present_value_knows_of_starts(dear: Plan) -> None:
    """0.07 over 25 years: 11.6536 times what a year's starts cost."""
    free = size(bought(engine()), objective="npv")
    paid = size(bought(engine(start_cost=500.0)), objective="npv")
    data = prepare(paid.site, Objective.NPV)
    assert data.running_factor == pytest.approx(11.65358, rel=1e-6)
    assert paid.objective_value == pytest.approx(paid.npv)
    grid_only = paid.npv + 11.65358 * paid.annual_cost
    assert free.npv + 11.65358 * free.annual_cost == pytest.approx(grid_only, rel=1e-6)
    assert paid.annual_cost == pytest.approx(dear.annual_cost, rel=1e-6)


def test_starts_are_a_running_cost_of_the_project(dear: Plan) -> None:
    paid = project_of(dear, dear.site, None, None).other_yuan
    fuel = 0.3 * 1000 * float(dear.schedule["bio"].sum()) * A_YEAR
    assert paid == pytest.approx(fuel + 500 * A_YEAR)


def test_what_runs_is_told_from_a_plan() -> None:
    data = prepare(bought(engine(start_cost=500.0)))
    values = {"generation": np.array([[0, 0, 6.0, 6, 0, 0, 6, 0]])}
    values["generator_capacity"] = np.array([10.0])
    found = as_run(data, values).running_steps["generation"][0]
    assert found.tolist() == [False, False, True, True, False, False, True, False]
    assert least_of(data, "generation", values)[0] == pytest.approx(6.0)
    assert as_run(prepare(bought(engine())), values).running_steps == {}


@pytest.mark.parametrize("fields", [{"can_stop": False}, {"min_load_share": 0.0}])
def test_starts_of_what_does_not_stop_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(InputError, match=r"“bio”有启动费用，须可停机（can_stop）"):
        bought(replace(engine(start_cost=500.0), **fields))
