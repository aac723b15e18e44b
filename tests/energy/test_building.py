"""Least sizes if built, and costs of building at all: branch and bound on what is built."""

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

from greenland.energy.given_sizes import with_sizes
from greenland.energy.money.assets import assets_of
from greenland.energy.plan.explain.explanation import explain
from greenland.energy.plan.plan import Plan
from greenland.energy.plan.replay.recompute import replay
from greenland.energy.problem.solution import Status
from greenland.energy.site import Electrolyser, Grid, Limits, Site, Source, Storage
from greenland.energy.site.checks import site_problems
from greenland.energy.sizing import building
from greenland.energy.sizing.resolve import Resizer
from greenland.energy.sizing.rounding import round_units
from greenland.energy.sizing.sensitivity import study_plan
from greenland.energy.sizing.solve import size
from greenland.errors import InputError

HOURS = 24
YEARLY = 8760


def flat(**fields: Any) -> Source:
    """1 MW gives 1 MW at every hour for 1000 yuan/kW over ten years without interest."""
    given: dict[str, Any] = {"capex": 1000.0, "lifetime": 10.0, "max_mw": 50.0}
    return Source("flat", np.ones(HOURS), **(given | fields))


def bought(*sources: Source, load: float = 4.0, price: float = 0.02, **fields: Any) -> Site:
    """4 MW bought for 0.02 yuan/kWh: 175.2 yuan a year for each kW, and nothing can be sold."""
    grid = Grid(import_price=price, export_allowed=False)
    defaults: dict[str, Any] = {"grid": grid, "discount_rate": 0.0, "sources": sources}
    return Site(pd.Series(load, index(HOURS)), **(defaults | fields))


# By hand -------------------------------------------------------------------------------------

SAVED = 0.02 * YEARLY  # yuan a year for a kW that is used


@pytest.mark.parametrize(
    ("least", "expected"),
    [
        (0.0, 4.0),
        (5.0, 5.0),  # 5 MW cost 500 000 yuan a year and save 700 800
        (7.0, 7.0),  # 7 MW cost 700 000
        (7.1, 0.0),  # 7.1 MW cost more than they save
    ],
)
def test_a_least_size_is_built_or_not_at_all(least: float, expected: float) -> None:
    plan = size(bought(flat(min_built_mw=least)))
    assert plan.status is Status.OPTIMAL
    assert plan.capacities["flat"] == pytest.approx(expected, abs=1e-5)
    paid = 100_000 * expected + 1000 * SAVED * max(0.0, 4.0 - expected)
    assert plan.annual_cost == pytest.approx(paid, rel=1e-6)


@pytest.mark.parametrize(("cost", "expected"), [(3.0e6, 4.0), (3.1e6, 0.0)])
def test_a_cost_of_building_is_paid_once(cost: float, expected: float) -> None:
    """4 MW save 700 800 - 400 000 = 300 800 yuan a year, ten years of which are 3.008 million."""
    plan = size(bought(flat(build_cost=cost)))
    assert plan.capacities["flat"] == pytest.approx(expected, abs=1e-5)
    yearly = (cost / 10 + 400_000) if expected else 0.0
    assert plan.costs["flat"] == pytest.approx(yearly, rel=1e-6, abs=1)
    assert plan.capex == pytest.approx((cost + 4e6) if expected else 0.0, rel=1e-6, abs=1)
    spent = sum(asset.capex for asset in assets_of(plan.site, plan.capacities))
    assert spent == pytest.approx(plan.capex, rel=1e-9, abs=1e-3)


def test_what_is_there_already_is_not_built() -> None:
    plan = size(bought(flat(existing_mw=4.0, min_built_mw=3.0, build_cost=1e6)))
    assert plan.capacities["flat"] == pytest.approx(4.0)
    assert plan.costs["flat"] == pytest.approx(0.0, abs=1)


def test_the_budget_pays_for_building_too() -> None:
    """5 million yuan: 1 million for building leaves 4 MW, 1.5 million leave 3.5."""
    limits = Limits(max_capex_yuan=5e6)
    full = size(bought(flat(build_cost=1e6), limits=limits))
    assert full.capacities["flat"] == pytest.approx(4.0, rel=1e-5)
    less = size(bought(flat(build_cost=1.5e6), limits=limits))
    assert less.capacities["flat"] == pytest.approx(3.5, rel=1e-5)
    row = less.limits.set_index("limit").loc["budget"]
    assert row["value"] == pytest.approx(5e6, rel=1e-6)


# Against every combination -------------------------------------------------------------------


def optional_site(seed: int, **fields: Any) -> Site:
    """Sun, wind, biomass and a battery, each with a least size and a cost of building."""
    rng = np.random.default_rng(seed)
    made = ordinary(seed=seed)
    sources = [
        replace(
            one, min_built_mw=float(rng.uniform(20, 90)), build_cost=float(rng.uniform(1e6, 4e7))
        )
        for one in made.sources
    ]
    stores = [
        replace(
            one, min_built_mw=float(rng.uniform(2, 30)), build_cost=float(rng.uniform(1e6, 1e7))
        )
        for one in made.storages
    ]
    bio = biomass(min_built_mw=8.0, build_cost=2e7, min_load_share=0.0)
    changes: dict[str, Any] = {"sources": sources, "storages": stores, "generators": [bio]}
    return replace(made, **(changes | fields))


def decided(site: Site, built: tuple[bool, ...]) -> tuple[Site, float]:
    """The site with its parts built or not, as bounds, and what building them costs a year."""
    from greenland.energy.problem.annuity import capital_recovery_factor

    parts = [*site.sources, *site.storages, *site.generators]
    made, yearly = [], 0.0
    for part, yes in zip(parts, built, strict=True):
        none = {"max_mwh": 0.0} if isinstance(part, Storage) else {}
        bounds = {"min_mw": part.min_built_mw} if yes else {"max_mw": 0.0, **none}
        made.append(replace(part, min_built_mw=0.0, build_cost=0.0, **bounds))
        yearly += yes * part.build_cost * capital_recovery_factor(0.07, part.lifetime)
    count, stores = len(site.sources), len(site.storages)
    return (
        replace(
            site,
            sources=made[:count],
            storages=made[count : count + stores],
            generators=made[count + stores :],
        ),
        yearly,
    )


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 3])
def test_the_best_of_all_combinations_is_found(seed: int) -> None:
    site = optional_site(seed)
    plan = size(site)
    costs = {}
    for built in itertools.product([False, True], repeat=4):
        if not any((*built[:2], built[3])):
            continue  # no site asks for a share of nothing
        one, yearly = decided(site, built)
        other = size(one)
        if other.status.has_plan:
            costs[built] = other.annual_cost + yearly
    assert plan.status is Status.OPTIMAL
    assert plan.annual_cost == pytest.approx(min(costs.values()), rel=2e-6)
    assert plan.quality.gap is not None
    assert plan.quality.gap <= 2e-6


@pytest.mark.slow
def test_the_gap_is_stated_where_the_search_is_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the root alone nothing is proven but its linear program."""
    monkeypatch.setattr(building, "MAX_NODES", 2)
    plan = size(optional_site(1))
    assert plan.status is Status.FEASIBLE
    assert plan.quality.gap is not None
    assert plan.quality.gap > 1e-4
    assert "建与不建由分支定界决定：4 项可建可不建" in plan.notes[-1]
    monkeypatch.undo()
    best = size(optional_site(1)).annual_cost
    assert plan.annual_cost * (1 - plan.quality.gap) <= best * (1 + 1e-9)


def test_the_net_present_value_pays_for_building() -> None:
    plain = size(bought(flat()), objective="npv")
    once = size(bought(flat(build_cost=1e6, lifetime=25.0)), objective="npv")
    same = size(bought(flat(lifetime=25.0)), objective="npv")
    assert plain.status is Status.OPTIMAL
    assert same.npv - once.npv == pytest.approx(1e6, rel=1e-4)
    assert once.objective_value == pytest.approx(once.npv)


# Around the sizing ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built() -> Plan:
    return size(bought(flat(min_built_mw=5.0, build_cost=1e5)))


def test_the_replay_holds_a_part_to_its_least_size(built: Plan) -> None:
    sizes = {str(k): float(v) for k, v in built.capacities.items()}
    tighter = bought(flat(min_built_mw=6.0, build_cost=1e5))
    found = replay(tighter, sizes, built.schedule)
    assert found.checks["flat_built"] == pytest.approx(1 / 6, rel=1e-5)
    assert (found.checks > 1e-6).sum() == 1
    assert built.replay.checks["flat_built"] <= 1e-6


def test_what_cannot_be_built_is_said_so() -> None:
    """Off-grid 4 MW are needed, 5 at least and 4.5 at most there is land for."""
    parts = [flat(min_built_mw=5.0, max_mw=50.0, land_mu_per_mw=10.0)]
    plan = size(bought(*parts, grid=None, limits=Limits(max_land_mu=45.0)))
    assert plan.status is Status.INFEASIBLE
    assert "没有一种建与不建的组合满足 min_built_mw 和各项限制" in str(explain(plan).sentences)


def test_limits_that_conflict_anyway_are_explained() -> None:
    parts = [flat(min_built_mw=1.0, land_mu_per_mw=10.0)]
    plan = size(bought(*parts, grid=None, limits=Limits(max_land_mu=30.0)))
    assert plan.status is Status.INFEASIBLE
    assert "用地" in str(explain(plan).sentences)


def test_given_sizes_may_be_smaller_than_what_would_be_built(built: Plan) -> None:
    held = with_sizes(built.site, {"flat": 3.0})
    plan = size(held)
    assert plan.capacities["flat"] == pytest.approx(3.0)
    assert plan.costs["flat"] == pytest.approx(300_000 + 10_000, rel=1e-6)


def test_whole_units_keep_the_least_size() -> None:
    """Units of 2 MW: 4 MW would do, but three are built where at least 5 MW must be."""
    plan = size(bought(flat(min_built_mw=5.0, unit_mw=2.0)))
    whole = round_units(plan)
    assert whole is not None
    assert whole.plan.capacities["flat"] == pytest.approx(6.0)


def test_a_study_sizes_with_the_costs_of_building() -> None:
    site = bought(flat(build_cost=2.9e6))
    study = study_plan(size(site), 0.5)
    assert study is not None
    found = study.tornado
    (row,) = (one for one in found if one["parameter"] == "capex")
    assert row["low_result"] == pytest.approx(290_000 + 200_000, rel=1e-5)
    assert row["high_result"] == pytest.approx(4000 * SAVED, rel=1e-5)
    with pytest.raises(ValueError, match="min_built_mw"):
        Resizer(site)


def test_an_electrolyser_may_be_left_out() -> None:
    made = Electrolyser("cell", 50.0, product_price=3000.0, max_mw=5.0, build_cost=1e5, lifetime=10)
    site = bought(flat(), electrolysers=[made])
    plan = size(site)
    assert plan.capacities["cell"] == pytest.approx(5.0, rel=1e-5)
    assert plan.costs["cell"] == pytest.approx(1e4, rel=1e-5)
    dear = replace(made, build_cost=1e9)
    assert size(replace(site, electrolysers=[dear])).capacities["cell"] == 0.0


@pytest.mark.parametrize("objective", ["capex", "green_price"])
def test_other_objectives_are_refused(objective: str) -> None:
    with pytest.raises(InputError, match="只适用于目标 annual_cost 和 npv"):
        size(bought(flat(build_cost=1.0)), objective=objective)


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        ({"min_built_mw": -1.0}, "min_built_mw 超出允许范围"),
        ({"build_cost": -1.0}, "build_cost 超出允许范围"),
    ],
)
def test_faults_are_told(fields: dict[str, Any], text: str) -> None:
    with pytest.raises(InputError) as caught:
        bought(flat(**fields))
    assert text in str(caught.value)


def test_a_part_that_no_capacity_lets_be_built_is_doubted() -> None:
    site = bought(flat(min_built_mw=60.0))
    (found,) = (one for one in site_problems(site) if one.code == "never_built")
    assert "“flat”的 min_built_mw＝60 大于 max_mw＝50，不会新建" in str(found.message)
    assert size(site).capacities["flat"] == 0.0


def test_a_site_without_choices_is_solved_as_before() -> None:
    plan = size(ordinary())
    assert not any("建与不建" in note for note in plan.notes)
