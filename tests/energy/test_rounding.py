"""Whole units: never better than the optimum, and the best of all roundings."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from drawn import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_sites import site

from greenland.energy.problem.solution import Status
from greenland.energy.site import Limits, Site
from greenland.energy.sizing.rounding import WORTHWHILE, round_units, with_new_capacities
from greenland.energy.sizing.solve import size


def in_units(steps: int = 24, seed: int = 1) -> Site:
    base = site(steps, seed, limits=Limits(min_self_use_of_consumption=0.7, max_export_share=0.2))
    pv, wind = base.sources
    return replace(
        base,
        sources=[replace(pv, unit_mw=3.15), replace(wind, unit_mw=6.25)],
        storages=[replace(base.storages[0], unit_mw=2.5, unit_mwh=5.0)],
    )


def test_capacities_are_whole_units_and_limits_hold() -> None:
    plan = size(in_units(), engine="highs")
    rounding = round_units(plan, engine="highs")
    assert rounding is not None
    for name, count in rounding.units.items():
        assert rounding.plan.capacities[name] == pytest.approx(count * rounding.unit_sizes[name])
    assert rounding.plan.ratios["self_use_of_consumption"] >= 0.7 - 1e-6
    assert rounding.cost >= -1e-6 * plan.annual_cost
    assert rounding.cost == pytest.approx(rounding.plan.annual_cost - plan.annual_cost)
    assert rounding.proven
    assert "取整为 pv" in rounding.text


@pytest.mark.slow
def test_best_of_all_roundings_nearby() -> None:
    base = in_units()
    plan = size(base, engine="highs")
    rounding = round_units(plan, engine="highs")
    assert rounding is not None
    best = float("inf")
    choices = []
    for name, unit in rounding.unit_sizes.items():
        exact = plan.capacities[name] / unit
        choices.append([(name, n * unit) for n in range(max(0, int(exact) - 1), int(exact) + 3)])
    for combo in itertools.product(*choices):
        fixed = with_new_capacities(base, {name: (mw, mw) for name, mw in combo})
        trial = size(fixed, engine="highs")
        if trial.status is Status.OPTIMAL:
            best = min(best, trial.annual_cost)
    assert rounding.plan.annual_cost <= best * (1 + WORTHWHILE)


def test_existing_capacity_need_not_be_whole() -> None:
    base = in_units()
    old = replace(base.sources[0], existing_mw=1.0)
    plan = size(replace(base, sources=[old, base.sources[1]]), engine="highs")
    rounding = round_units(plan, engine="highs")
    assert rounding is not None
    new = rounding.plan.capacities["pv"] - 1.0
    assert new / 3.15 == pytest.approx(round(new / 3.15), abs=1e-6)


def test_roundings_near_nodes_save_problems() -> None:
    rounding = round_units(size(in_units(seed=8)))
    assert rounding is not None
    assert rounding.proven
    assert rounding.trials < 18  # so many without them


def test_nothing_to_round() -> None:
    assert round_units(size(site(24), engine="highs"), engine="highs") is None


@pytest.mark.slow
@settings(
    max_examples=examples(4, 8),
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=True,
)
@given(seed=st.integers(0, 500))
def test_rounding_never_beats_the_optimum(seed: int) -> None:
    plan = size(in_units(seed=seed), engine="highs")
    if plan.status is not Status.OPTIMAL:
        return
    rounding = round_units(plan, engine="highs", max_trials=24)
    if rounding is not None:
        assert rounding.plan.annual_cost >= plan.annual_cost * (1 - 1e-7)
