"""A resizer gives the same answers as building anew, and builds no more than a change needs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from sites import index, profiles, site

from greenland.energy.problem.solve import solve
from greenland.energy.sizing.resolve import Rebuilt, Resizer
from greenland.errors import InputError


def _agrees(resizer):
    anew = solve(resizer.site, resizer.objective)
    mine = resizer.solve()
    assert mine.objective == pytest.approx(anew.objective, rel=1e-7)
    np.testing.assert_allclose(
        mine.values["capacity"], anew.values["capacity"], rtol=1e-4, atol=1e-4
    )


def test_costs_and_prices_replace_the_objective_only():
    resizer = Resizer(site())
    before = resizer.solve().objective
    matrix = resizer.program.matrix
    resizer.change(storages={"battery": {"energy_capex": 300.0}}, grid={"import_price": 0.6})
    assert resizer.rebuilt is Rebuilt.COSTS
    assert resizer.program.matrix is matrix
    _agrees(resizer)
    assert resizer.solve().objective != pytest.approx(before, rel=1e-3)
    assert resizer.analyses == 1


def test_limits_rebuild_the_annual_rows():
    resizer = Resizer(site())
    resizer.change(limits={"min_self_use_of_consumption": 0.6, "max_land_mu": 9000.0})
    assert resizer.rebuilt is Rebuilt.LIMITS
    _agrees(resizer)
    resizer.change(limits={"max_export_share": None, "max_land_mu": None})
    _agrees(resizer)


def test_limits_and_bounds_of_capacities_change_together():
    """Columns keep the bounds they were made with, unless they are told of the present ones."""
    resizer = Resizer(site())
    resizer.change(sources={"wind": {"max_mw": 20.0}}, limits={"min_self_use_of_consumption": 0.31})
    assert resizer.rebuilt is Rebuilt.LIMITS
    assert resizer.solve().values["capacity"][1] <= 20.0 + 1e-6
    _agrees(resizer)
    resizer.change(sources={"wind": {"max_mw": 200.0}}, limits={"min_self_use_of_consumption": 0.3})
    assert resizer.rebuilt is Rebuilt.LIMITS
    assert resizer.solve().values["capacity"][1] > 20.0 + 1e-6
    _agrees(resizer)


def test_profiles_rebuild_all():
    other = profiles(index(), seed=5)
    resizer = Resizer(site())
    resizer.change(load=other["load"], sources={"pv": {"profile": other["pv"]}})
    assert resizer.rebuilt is Rebuilt.ALL
    _agrees(resizer)


def test_bounds_of_capacities_change_without_rebuilding():
    resizer = Resizer(site())
    resizer.change(sources={"wind": {"max_mw": 20.0}}, storages={"battery": {"min_mwh": 5.0}})
    assert resizer.rebuilt is Rebuilt.COSTS
    _agrees(resizer)


def test_a_budget_looks_at_costs():
    start = site()
    resizer = Resizer(replace(start, limits=replace(start.limits, max_capex_yuan=1.5e9)))
    resizer.change(sources={"wind": {"capex": 3000.0}})
    assert resizer.rebuilt is Rebuilt.LIMITS
    _agrees(resizer)


def test_sizing_gives_a_plan():
    plan = Resizer(site()).size()
    assert plan.status == "optimal"
    assert plan.engine == "interior"
    assert plan.quality.replay_residual < 1e-6


def test_a_tighter_limit_never_costs_less():
    resizer = Resizer(site())
    costs = [
        resizer.change(limits={"min_self_use_of_consumption": share}).solve().objective
        for share in (0.5, 0.9, 0.99)
    ]
    for looser, tighter in pairwise(costs):
        assert tighter >= looser * (1 - 1e-7)
    assert costs[-1] > costs[0]


def test_an_unknown_field_is_named_with_the_nearest():
    with pytest.raises(InputError, match="energy_capex"):
        Resizer(site()).change(storages={"battery": {"energy_capx": 1.0}})


def test_an_unknown_part_is_named():
    with pytest.raises(InputError, match="solar"):
        Resizer(site()).change(sources={"solar": {"capex": 1.0}})
