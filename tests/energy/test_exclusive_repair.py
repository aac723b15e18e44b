"""Nothing both ways: bounds that hold, plans that are proven, and what is said of others."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index, site

from greenland.energy.plan_record import plan_record
from greenland.energy.problem import pulp_engines
from greenland.energy.problem.costs import objective_costs
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import PROVEN_GAP, Status, gap_text
from greenland.energy.site import Grid, Limits, Site, Source, Storage
from greenland.energy.sizing import boxes, mixed, optimum, repair
from greenland.energy.sizing.exclusive import (
    SimultaneousFlows,
    simultaneous_flows,
    tightened,
    with_binaries,
    with_cuts,
)
from greenland.energy.sizing.optimum import engines_of
from greenland.energy.sizing.resolve import Resizer
from greenland.energy.sizing.solve import size
from greenland.lp import InteriorPointSolver
from greenland.lp.recent import remembering
from greenland.record.energy.judged import TornadoRow
from greenland.report.sections.energy.plan import open_gap
from greenland.report.sections.energy.study import _widest_gap

SOLD_DEAR = {"import_price": 0.3, "export_price": 0.4}


def dear(steps: int = 24, seed: int = 1, **fields: Any) -> Site:
    """A site where a kWh sold earns more than one bought costs, so that both at once would pay."""
    base = site(steps, seed, limits=Limits())
    assert base.grid is not None
    few = [replace(item, max_mw=120.0) for item in base.sources]
    return replace(base, sources=few, grid=replace(base.grid, **SOLD_DEAR), **fields)


def by_binaries(base: Site) -> float:
    """Least annual cost with a binary variable in every step and no other help [yuan/yr]."""
    data = prepare(base)
    costs = objective_costs(data)
    count = len(data.storage_power)
    for_all = SimultaneousFlows(np.ones(data.steps, bool), np.ones((count, data.steps), bool))
    caps = [replace(item, upper=min(item.upper, 400.0)) for item in data.storage_power]
    open_ = with_binaries(replace(data, storage_power=tuple(caps)), for_all)
    raw = mixed.solve_mixed(
        replace(open_, storage_cut=np.zeros_like(open_.storage_cut)), costs, None, 1e-4
    )
    assert raw.status is Status.OPTIMAL
    return 1000 * raw.objective


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("engine", ["auto", "highs"])
def test_the_answer_is_that_of_plain_binary_variables(engine: str, seed: int) -> None:
    base = dear(12, seed)
    plan = size(base, engine=engine)
    assert plan.status is Status.OPTIMAL
    assert plan.annual_cost == pytest.approx(by_binaries(base), rel=3e-6)


def test_a_plan_wanted_soon_begins_each_program_from_the_one_before(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is as good as its gap says."""
    begun: list[bool] = []
    whole = InteriorPointSolver.solve

    def solve(self: Any, program: Any, near: Any = None, *rest: Any) -> Any:
        begun.append(near is not None)
        return whole(self, program, near, *rest)

    monkeypatch.setattr(InteriorPointSolver, "solve", solve)
    base = dear(48, 2)
    best = size(base)
    assert not any(begun)
    begun.clear()
    with remembering():
        soon = Resizer(base).size(thorough=False)
    assert begun[0] is False
    assert any(begun)
    assert soon.quality.replay_residual is not None
    assert soon.quality.replay_residual < 1e-6
    most = soon.quality.gap + PROVEN_GAP
    assert best.annual_cost * (1 - 1e-6) <= soon.annual_cost <= best.annual_cost * (1 + most)


def test_no_exclusive_plan_is_cut_off() -> None:
    """The optimum keeps every added row: the relaxation with them is no dearer."""
    base = dear(12, 2)
    data, costs = prepare(base), objective_costs(prepare(base))
    found = SimultaneousFlows(np.ones(12, bool), np.ones((1, 12), bool))
    cut = with_cuts(tightened(data, costs), costs, found)
    with_all = replace(cut, storage_cut=found.storage)
    least = engines_of("highs").optimum(with_all, costs).objective
    assert 1000 * least <= by_binaries(base) * (1 + 1e-9)
    plain = engines_of("highs").optimum(data, costs).objective
    assert least > plain * (1 + 1e-4)  # and they do raise the bound


def night(days: int = 14, **fields: Any) -> Site:
    """A year whose nights are cheaper than what is sold: 0.3424 against 0.3779 yuan/kWh."""
    steps = 24 * days
    rng = np.random.default_rng(5)
    hour = np.arange(steps) % 24
    load = pd.Series(23 + 5 * np.sin((hour - 9) / 24 * 2 * np.pi), index(steps))
    cloud = np.repeat(rng.uniform(0.3, 0.9, days), 24)
    sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, 1) * cloud
    wind = np.clip(0.35 + 0.25 * np.sin(np.arange(steps) / 9) + rng.normal(0, 0.1, steps), 0, 1)
    buy = np.where((hour >= 23) | (hour < 7), 0.3424, 0.6)
    pv = Source("pv", sun, capex=2700, opex=30, min_mw=64, max_mw=64)
    wt = Source("wind", wind, capex=3900, opex=55, min_mw=40, max_mw=40)
    grid = Grid(capacity_mw=60, import_price=buy, export_price=0.3779)
    return Site(
        **({"load": load, "sources": [pv, wt], "grid": grid, "discount_rate": 0.06} | fields)
    )


def test_where_everything_is_fixed_there_is_no_gap() -> None:
    plan = size(night())
    assert plan.status is Status.OPTIMAL
    assert plan.quality.gap == pytest.approx(0.0, abs=1e-8)
    assert "已定为单向" in plan.notes[-1]
    # every step for itself: buy what is missing, sell what is left up to 60 MW
    made = 64 * np.asarray(plan.site.sources[0].profile) + 40 * np.asarray(
        plan.site.sources[1].profile
    )
    load = plan.site.load.to_numpy()
    assert plan.schedule["import"].to_numpy() == pytest.approx(np.maximum(load - made, 0), abs=1e-5)


def test_free_capacities_are_proven_without_binary_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    base = night()
    free = [replace(item, min_mw=0.0, max_mw=150.0) for item in base.sources]
    monkeypatch.setattr(repair, "MAX_BINARIES", 0)
    plan = size(replace(base, sources=free))
    assert plan.status is Status.OPTIMAL
    assert plan.quality.gap <= PROVEN_GAP


def unproven(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A plan that could not be proven: no boxes, no binary variables."""
    for name in ("MIN_BOXES", "MAX_BOXES"):
        monkeypatch.setattr(boxes, name, 1)
    monkeypatch.setattr(repair, "MAX_BINARIES", 0)
    return size(dear(24, 1))


def test_a_plan_with_a_gap_can_be_used_and_is_not_called_optimal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plan = unproven(monkeypatch)
    assert plan.status is Status.FEASIBLE
    assert plan.quality.gap > PROVEN_GAP
    assert plan.annual_cost >= size(dear(24, 1)).annual_cost * (1 - 1e-9) or plan.annual_cost < 0
    assert plan.replay.residual <= 1e-6
    record = plan_record(plan)
    assert record["status"] == "feasible"
    assert record["quality"]["gap"] == plan.quality.gap
    assert record["capacities"]
    assert f"{plan.quality.gap:.2%}" in plan.notes[-1]
    assert gap_text(plan.status, plan.quality.gap) == f"，与最优相差不超过 {plan.quality.gap:.2%}"
    assert open_gap(record["status"], plan.quality.gap).endswith("%")


def test_only_a_plan_that_is_not_proven_shows_its_gap() -> None:
    assert gap_text(Status.OPTIMAL, 1e-9) == ""
    assert gap_text(Status.FEASIBLE, None) == "，与最优的差距未知"
    assert open_gap("optimal", 1e-9) is None
    assert open_gap("feasible", None) == "未知"


def test_fixing_directions_of_a_storage_needs_no_binary_variables(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Surplus would be burnt in a storage whose size is fixed, as in the roundings to units."""
    limits = Limits(min_self_use_of_generation=0.9, self_use_reading="a")
    base = site(48, 3, limits=limits)
    assert base.grid is not None
    held = replace(base.storages[0], min_mw=10, max_mw=10, min_mwh=20, max_mwh=20)
    pv = replace(base.sources[0], min_mw=75, max_mw=75)
    tight = replace(
        base,
        sources=[pv, replace(base.sources[1], max_mw=30)],
        storages=[held],
        grid=replace(base.grid, export_price=0.0),
    )
    data = prepare(tight)
    raw = engines_of("auto").optimum(data, objective_costs(data))
    assert simultaneous_flows(data, raw.values).storage.any()

    def never(*_args: Any, **_kwargs: Any) -> None:
        raise AssertionError("a mixed-integer model")

    monkeypatch.setattr(optimum, "solve_mixed", never)
    monkeypatch.setattr(pulp_engines, "solve_model", never)
    plan = size(tight)
    assert plan.status.has_plan


def test_dust_is_nothing_and_its_shares_are_not_numbers() -> None:
    speck = Source("pv", [0.5] * 24, opex=10, min_mw=1e-7, max_mw=1e-7)
    load = pd.Series(10.0, index(24))
    plan = size(Site(load, [speck], grid=Grid(100, 0.5)))
    assert plan.capacities["pv"] == 0.0
    assert plan.energy["available_generation"] == 0.0
    for name in ("self_use_of_generation", "export_share", "curtailment_share"):
        assert np.isnan(plan.ratios[name]), name
    assert np.isnan(plan.green_price)
    record = plan_record(plan)
    assert record["green_price"] is None
    assert record["ratios"]["export_share"] is None


@pytest.mark.parametrize("engine", ["auto", "highs"])
@pytest.mark.parametrize(
    "field", ["capacity_mw", "max_capacity_mw", "max_import_mw", "max_export_mw"]
)
def test_an_endless_connection_is_no_limit(engine: str, field: str) -> None:
    base = site(24)
    assert base.grid is not None
    grid = replace(base.grid, capacity_mw=None)
    endless = size(replace(base, grid=replace(grid, **{field: float("inf")})), engine=engine)
    assert endless.annual_cost == pytest.approx(
        size(replace(base, grid=grid), engine=engine).annual_cost, rel=1e-6
    )


def test_endless_limits_of_a_year_are_none() -> None:
    names = ("max_land_mu", "max_roof_m2", "max_capex_yuan", "max_co2_t")
    assert Limits(**dict.fromkeys(names, np.inf)) == Limits()
    assert Storage("b", max_hours=np.inf).max_hours is None


def test_what_is_bought_at_most_serves_the_load_and_charges_the_storage() -> None:
    """10 MW of load and 5 MW of storage that may charge from the grid: 15 MW, not 100."""
    stored = Storage("b", energy_capex=500, lifetime=10, max_mw=5, max_mwh=10, grid_charging=True)
    pv = Source("pv", [0.5] * 4, capex=2000, max_mw=10)
    grid = Grid(capacity_mw=100, import_price=0.5, export_price=0.6)
    data = prepare(Site(pd.Series(10.0, index(4)), [pv], [stored], grid=grid))
    held = tightened(data, objective_costs(data))
    assert held.import_cap.tolist() == [15.0] * 4
    # 10 MW x 0.5 and 5 MW discharged less the load: what could be sold at most
    assert held.export_cap.tolist() == [0.0] * 4


def test_of_two_results_the_less_certain_one_shows_its_gap() -> None:
    proven = {"low_status": "optimal", "low_gap": 1e-9, "high_status": "optimal", "high_gap": 0.0}

    def shown(row: dict[str, Any]) -> str | None:
        return _widest_gap(TornadoRow.model_construct(**row))

    assert shown(proven) is None
    assert shown(proven | {"low_status": "feasible", "low_gap": 0.003}) == "0.30%"
    both = {"low_status": "feasible", "low_gap": 0.003, "high_status": "feasible", "high_gap": 0.02}
    assert shown(both) == "2.00%"
    assert shown(both | {"low_gap": None}) == "未知"
