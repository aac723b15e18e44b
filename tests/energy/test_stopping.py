"""Electrolysers and generators that may stop: above the least load, or off."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index
from sites import biomass
from sites import site as ordinary

from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.recompute import replay
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solve import solve as solve_arrays
from greenland.energy.problem.stopping import with_runs
from greenland.energy.site import Electrolyser, Generator, Grid, Limits, Site
from greenland.energy.site.checks import site_problems
from greenland.energy.sizing import several
from greenland.energy.sizing.resolve import Resizer
from greenland.energy.sizing.solve import size
from greenland.errors import InputError

HOURS = 8
PRICES = [0.1, 0.1, 0.9, 0.9, 0.35, 0.35, 0.9, 0.1]


def engine(**fields: Any) -> Generator:
    """10 MW there already; 0.3 yuan/kWh; at least 6 MW where it runs."""
    given: dict[str, Any] = {
        "green": True,
        "existing_mw": 10.0,
        "max_mw": 0.0,
        "fuel_price": 0.3,
        "min_load_share": 0.6,
        "can_stop": True,
    }
    return Generator("bio", "biogas", 15.0, **(given | fields))


def bought(*generators: Generator, load: Any = 5.0, **fields: Any) -> Site:
    """What is generated beyond the load is lost: nothing can be sold."""
    grid = Grid(import_price=PRICES, export_price=0.0)
    defaults: dict[str, Any] = {"grid": grid, "generators": generators}
    return Site(pd.Series(load, index(HOURS)), **(defaults | fields))


def is_stopped_or_above(plan: Plan, name: str, least: float) -> bool:
    flow = plan.schedule[name].to_numpy()
    return bool(((flow < 1e-6) | (flow > least - 1e-6)).all())


@pytest.fixture(scope="module")
def stopped() -> Plan:
    return size(bought(engine()))


def test_it_runs_where_its_least_output_pays(stopped: Plan) -> None:
    """6 MW for 5 MW of load cost 0.36 yuan for each kWh used: it runs at 0.9, not at 0.35."""
    assert stopped.schedule["bio"].to_numpy() == pytest.approx([0, 0, 6, 6, 0, 0, 6, 0], abs=1e-6)
    assert stopped.replay.checks["bio_min_load"] <= 1e-6
    assert "开停由混合整数规划核对" in stopped.notes[-1]
    assert stopped.status == "optimal"


def test_without_stopping_it_runs_always() -> None:
    plan = size(bought(engine(can_stop=False)))
    assert plan.schedule["bio"].to_numpy() == pytest.approx([6.0] * 8, rel=1e-6)


def test_the_gap_is_to_the_bound_without_least_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound runs at 5 MW in five hours; the plan at 6 MW in three.

    So it is where there is more than a mixed-integer program can take.
    """
    monkeypatch.setattr(several, "MAX_RUN_BINARIES", HOURS - 1)
    stopped = size(bought(engine()))
    bound = 5 * (0.3 * 5 + 0.1 * 3)
    cost = 3 * 6 * 0.3 + 5 * (0.35 * 2 + 0.1 * 3)
    assert stopped.annual_cost == pytest.approx(cost * 1000 * 8760 / HOURS, rel=1e-6)
    assert stopped.quality.gap == pytest.approx((cost - bound) / cost, rel=1e-4)
    assert stopped.status == "feasible"
    assert "开停由逐次线性规划定出" in stopped.notes[-1]


@pytest.mark.parametrize("seed", range(4))
def test_no_plan_beats_the_bound_and_the_best_is_near(seed: int) -> None:
    """Against every set of hours in which it runs, 256 of them, by the linear program of each."""
    rng = np.random.default_rng(seed)
    load = rng.uniform(3, 9, HOURS)
    made = bought(engine(fuel_price=float(rng.uniform(0.2, 0.5))), load=load)
    plan = size(made)
    costs = []
    for on in itertools.product([False, True], repeat=HOURS):
        flow = np.where(on, np.maximum(6.0, np.minimum(load, 10.0)), 0.0)
        price = float(np.asarray(made.generators[0].fuel_price))
        costs.append(price * flow.sum() + np.array(PRICES) @ np.maximum(load - flow, 0.0))
    best = min(costs) * 1000 * 8760 / HOURS
    assert plan.quality.gap is not None
    assert plan.annual_cost >= best * (1 - 1e-7)
    assert plan.annual_cost * (1 - plan.quality.gap) <= best * (1 + 1e-7)
    assert plan.annual_cost <= best * 1.03
    assert is_stopped_or_above(plan, "bio", 6.0)


def test_an_electrolyser_stops_by_day() -> None:
    """A product worth 0.3 yuan/kWh: it runs in the three cheap hours, in the others not at all."""
    cell = Electrolyser(
        "cell",
        50.0,
        product_price=15_000.0,
        existing_mw=10.0,
        max_mw=0.0,
        min_load_share=0.3,
        can_stop=True,
    )
    plan = size(bought(electrolysers=[cell]))
    assert plan.schedule["cell"].to_numpy() == pytest.approx([10, 10, 0, 0, 0, 0, 0, 10], abs=1e-6)
    assert plan.status == "optimal"
    always = size(bought(electrolysers=[replace(cell, can_stop=False)]))
    assert always.schedule["cell"].min() == pytest.approx(3.0)


def test_sizes_are_decided_with_what_runs() -> None:
    """Between never stopping, which costs 3.5 % more, and no least output at all."""

    def sized(**fields: Any) -> Plan:
        item = biomass(fuel_price=300, capex=300, existing_mw=5.0, **fields)
        return size(ordinary(generators=[item]))

    plan = sized(min_load_share=0.5, can_stop=True)
    assert plan.status.has_plan
    least = 0.5 * 0.9 * float(plan.capacities["biomass"])
    assert is_stopped_or_above(plan, "biomass", least)
    assert 0.1 < (plan.schedule["biomass"] > 1e-6).mean() < 0.9
    free, never = sized(min_load_share=0.0), sized(min_load_share=0.5)
    assert plan.annual_cost >= free.annual_cost * (1 - 1e-7)
    assert plan.annual_cost < never.annual_cost * 0.98


def test_built_and_stopped_together() -> None:
    fields = {"existing_mw": 0.0, "max_mw": 20.0, "capex": 100.0}
    dear = size(bought(engine(**fields, build_cost=1e9)))
    assert dear.capacities["bio"] == 0.0
    cheap = size(bought(engine(**fields, build_cost=1e4)))
    assert cheap.capacities["bio"] > 1.0
    assert is_stopped_or_above(cheap, "bio", 0.6 * float(cheap.capacities["bio"]))


@pytest.mark.parametrize(("flow", "short"), [(5.0, 1.0), (0.5, 0.5), (6.0, 0.0), (0.0, 0.0)])
def test_the_replay_knows_both(flow: float, short: float) -> None:
    made = bought(engine())
    table = pd.DataFrame({"load": 5.0, "bio": 0.0, "import": 5.0}, index=index(HOURS))
    table["curtailment"] = 0.0
    table.iloc[2] = [5.0, flow, max(0.0, 5.0 - flow), max(0.0, flow - 5.0)]
    found = replay(made, {"bio": 10.0, "grid": 5.0}, table)
    assert found.checks["bio_min_load"] == pytest.approx(short / max(5.0, flow), abs=1e-9)


def test_a_threshold_says_what_runs() -> None:
    data = prepare(bought(engine()))
    values = {
        "generation": np.array([[0.0, 1.0, 3.0, 4.0, 6.0, 7.0, 0.0, 2.0]]),
        "generator_capacity": np.array([10.0]),
    }
    on = with_runs(data, values, 0.5).running_steps["generation"][0]
    assert on.tolist() == [False, False, False, True, True, True, False, False]
    fixed = with_runs(data, values, 0.5)
    answer = solve_arrays(fixed)
    flow = answer.values["generation"][0]
    assert flow[~on].max() == 0.0
    assert flow[on].min() >= 6.0 - 1e-6


def test_what_does_not_know_of_stopping_says_so() -> None:
    with pytest.raises(ValueError, match="can_stop"):
        Resizer(bought(engine()))
    with pytest.raises(InputError, match=r"can_stop、maintenance 只适用于目标 annual_cost 和 npv"):
        size(bought(engine()), objective="capex")


def test_stopping_without_a_least_output_is_doubted() -> None:
    (found,) = (
        one for one in site_problems(bought(engine(min_load_share=0.0))) if one.code == "can_stop"
    )
    assert "“bio”没有 min_load_share，can_stop 没有意义" in str(found.message)


def test_conflicting_limits_stay_infeasible() -> None:
    made = bought(engine(), grid=None, load=20.0, limits=Limits(max_unserved_share=0.1))
    assert size(made).status == "infeasible"
