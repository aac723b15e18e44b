"""Two weeks of sun, wind and a battery: the price falls while it is being proven."""

from __future__ import annotations

import itertools
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from greenland.energy.plan.plan import Plan
from greenland.energy.problem.costs import objective_costs
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.solution import PROVEN_GAP, Status
from greenland.energy.site import Grid, Site, Source, Storage
from greenland.energy.sizing import boxes, mixed, ratio, repair
from greenland.energy.sizing.exclusive import SimultaneousFlows, with_binaries
from greenland.energy.sizing.optimum import engines_of
from greenland.energy.sizing.repair import TARGET_GAP
from greenland.energy.sizing.solve import size

ENGINES = ("auto", "highs")
pytestmark = pytest.mark.xdist_group("ratio proof")  # four plans, each made once


def weeks(days: int, *, free_sun: bool = False, stored: bool = True) -> Site:
    """Energy sold at 0.2 yuan/kWh earns more than it costs: both ways at once would be free."""
    steps = 24 * days
    index = pd.date_range("2025-01-01", periods=steps, freq="h")
    hour = np.arange(steps) % 24
    rng = np.random.default_rng(7)
    cloud = 0.6 + 0.3 * np.sin((1 + np.arange(steps) // 24) / 9)
    sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, 1) * cloud
    gusts = 0.2 * rng.standard_normal(steps).cumsum() / np.sqrt(steps)
    wind = np.clip(0.35 + 0.3 * np.sin(np.arange(steps) / 17) + gusts, 0, 1)
    load = 30 + 12 * np.sin((hour - 9) / 24 * 2 * np.pi) + rng.random(steps) * 3
    cost = {"capex": 0, "opex": 0} if free_sun else {"capex": 2700, "opex": 30}
    battery = Storage(
        "b",
        power_capex=300,
        energy_capex=700,
        energy_opex=18,
        lifetime=12,
        charge_efficiency=0.94,
        discharge_efficiency=0.94,
        depth_of_discharge=0.85,
    )
    return Site(
        load=pd.Series(load, index),
        sources=[
            Source("pv", sun, lifetime=25, max_mw=150, **cost),
            Source("wind", wind, capex=3900, opex=55, lifetime=20, max_mw=120),
        ],
        storages=[battery] if stored else [],
        grid=Grid(capacity_mw=60, import_price=0.5, export_price=0.2),
        discount_rate=0.06,
    )


class Searched(NamedTuple):
    """A plan, whether each exclusive problem on the way was solved thoroughly, and what boxes hold.

    ``tops`` are the upper bounds of the power of the storage in each box.
    """

    plan: Plan
    thorough: list[bool]
    tops: list[float]


@cache
def least_price(free_sun: bool, engine: str) -> Searched:
    """Four days of the site at their least price."""
    thorough: list[bool] = []
    tops: list[float] = []
    solve, add = ratio.solve_exclusive, boxes.Boxes._add

    def counted(*args: Any, **named: Any) -> Any:
        thorough.append(named["thorough"])
        return solve(*args, **named)

    def seen(self: boxes.Boxes, data: Any) -> None:
        tops.append(data.storage_power[0].upper)
        add(self, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ratio, "solve_exclusive", counted)
        patch.setattr(boxes.Boxes, "_add", seen)
        plan = size(weeks(4, free_sun=free_sun), objective="green_price", engine=engine)
    return Searched(plan, thorough, tops)


@pytest.mark.parametrize("free_sun", [False, True])
def test_both_engines_prove_the_same_price(free_sun: bool) -> None:
    mine, general = (least_price(free_sun, engine).plan for engine in ENGINES)
    for plan in (mine, general):
        assert plan.status is Status.OPTIMAL
        assert plan.quality.gap <= TARGET_GAP
        assert plan.replay.residual <= 1e-6
        assert not any("未证明" in note for note in plan.notes)
    assert mine.green_price == pytest.approx(general.green_price, rel=1e-6)
    # PV alone, 60 MW sold at most; dearer sun cannot make it cheaper
    assert (mine.green_price < 0) is free_sun


@pytest.mark.parametrize("free_sun", [False, True])
def test_no_plan_is_cheaper_by_binary_variables_alone(free_sun: bool) -> None:
    """At the least price the least N - p E over all exclusive plans is nought."""
    base = weeks(1, free_sun=free_sun)
    plan = size(base, objective="green_price")
    data = prepare(base, "green_price")
    costs = objective_costs(data, "green_price", plan.green_price)
    everywhere = SimultaneousFlows(np.ones(data.steps, bool), np.zeros((1, data.steps), bool))
    raw = mixed.solve_mixed(with_binaries(data, everywhere), costs, None, 1e-5)
    assert raw.status is Status.OPTIMAL
    assert raw.objective == pytest.approx(0.0, abs=0.02)  # of thousands of thousand yuan


@pytest.mark.parametrize("engine", ENGINES)
def test_the_bound_is_raised_once(engine: str) -> None:
    """With free sun it took a search at each of seven prices before the price fell within one."""
    found = least_price(True, engine)
    assert found.plan.status is Status.OPTIMAL
    assert found.thorough.count(True) == 1


def test_boxes_do_not_creep_along_an_endless_storage() -> None:
    tops = least_price(True, "highs").tops
    assert tops
    assert np.isfinite(tops).all()


@pytest.mark.parametrize("engine", ENGINES)
def test_without_proof_a_price_has_a_bound_that_holds(
    engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    base, least = weeks(4), least_price(False, engine).plan.green_price
    for name in ("MIN_BOXES", "MAX_BOXES"):
        monkeypatch.setattr(boxes, name, 1)
    monkeypatch.setattr(repair, "MAX_BINARIES", 0)
    plan = size(base, objective="green_price", engine=engine)
    assert plan.status is Status.FEASIBLE
    assert plan.green_price >= least * (1 - 1e-6)
    if plan.quality.gap is not None:
        assert plan.quality.gap > PROVEN_GAP
        assert plan.green_price - plan.quality.gap * plan.green_price <= least * (1 + 1e-6)
    open_ = [note for note in plan.notes if "未证明" in note or "未能证明" in note]
    assert len(open_) == 1
    assert open_[0].startswith(("绿电电价", "最优性未证明到底：绿电电价"))


@pytest.mark.parametrize("engine", ENGINES)
def test_what_bounds_one_price_bounds_every_lower_one(engine: str) -> None:
    """F falls as the price rises, by the least green energy at least: what the search rests on."""
    data = prepare(weeks(1, stored=False), "green_price")
    found = [
        repair.solve_exclusive(
            data, objective_costs(data, "green_price", price), engines_of(engine)
        ).bound
        for price in (0.3, 0.1, 0.05, 0.0, -0.1)
    ]
    assert all(low <= high + 1e-6 for low, high in itertools.pairwise(found))
