"""The interior-point engine on sizing models, against HiGHS."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from engine_checks import agrees, assert_same_entries, kkt_error
from random_sites import random_site

from greenland.energy.assembly import assemble
from greenland.energy.model.costs import objective_costs, tie_costs
from greenland.energy.model.data import prepare
from greenland.lp import (
    GLOBAL,
    LinearProgram,
    LpStatus,
    kkt_residuals,
    solve_generally,
    solve_interior_point,
)
from greenland.lp import standard_form as standard_module
from greenland.lp.analysis import analyse
from greenland.lp.schur_terms import SchurTerms
from greenland.lp.standard_form import standardise


def _site_program(seed: int) -> LinearProgram:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = prepare(random_site(seed))
    return assemble(data).program([objective_costs(data), tie_costs(data)])


@pytest.mark.parametrize("seed", range(15))
def test_runs_write_the_entries_that_single_terms_write(seed, shortest):
    standard = standardise(_site_program(seed))
    shortest(10**9)
    scattered = analyse(standard)
    shortest(3)
    assert_same_entries(analyse(standard), scattered, seed)


@pytest.mark.parametrize("seed", range(8))
def test_the_newton_system_is_solved_with_runs(seed, shortest):
    shortest(3)
    assert kkt_error(_site_program(seed), seed) < 1e-8


def test_blocks_change_nothing_but_the_rounding(many_blocks, monkeypatch):
    one = _site_program(3)
    cut = solve_interior_point(one)
    assert len(standardise(one).blocks) > 4
    monkeypatch.setattr(standard_module, "THREAD_COLUMNS", 10**9)
    whole = solve_interior_point(one)
    assert len(standardise(one).blocks) == 2
    assert cut.status is whole.status is LpStatus.OPTIMAL
    assert cut.objective == pytest.approx(whole.objective, rel=1e-9)
    assert abs(cut.iterations - whole.iterations) <= 2


def test_the_hourly_model_is_a_tridiagonal_band_with_a_small_border():
    from sites import site

    data = prepare(site())
    standard = standardise(assemble(data).program([objective_costs(data)]))
    structure = analyse(standard)
    assert structure.bandwidth == 1
    assert structure.nodes - structure.band_start <= data.steps
    assert structure.border < 15


def test_random_sites_are_right_and_rarely_need_the_general_solver():
    results = [agrees(_site_program(seed)) for seed in range(40)]
    assert all(right for _answered, right in results)
    assert np.mean([answered for answered, _right in results]) >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("part", range(5))
def test_five_hundred_random_sites(part):
    results = [agrees(_site_program(seed)) for seed in range(100 * part, 100 * (part + 1))]
    assert all(right for _answered, right in results)
    assert np.mean([answered for answered, _right in results]) >= 0.98


@pytest.mark.parametrize("seed", range(8))
def test_shadow_prices_agree_where_they_are_unique(seed):
    # costs are shaken so that the optimum has one set of prices
    one = _site_program(seed)
    rng = np.random.default_rng(seed)
    shaken = replace(one, cost=one.cost * rng.uniform(0.97, 1.03, len(one.cost)))
    mine, general = solve_interior_point(shaken), solve_generally(shaken)
    if mine.status is not LpStatus.OPTIMAL or general.status is not LpStatus.OPTIMAL:
        pytest.skip("no optimum to compare")
    border = shaken.row_step == GLOBAL
    scale = np.abs(general.y[border]).max(initial=1e-3)
    moved = np.abs(mine.y[border] - general.y[border]) / scale
    if moved.max(initial=0.0) > 1e-4:
        # then the price must be another of several: both sets prove the same optimum
        assert kkt_residuals(shaken, general.x, mine.y).gap < 1e-6


def test_a_year_of_hours_is_a_short_list():
    from sites import battery, site

    one = site(days=365, storages=[battery("one"), battery("two")])
    standard = standardise(assemble(data := prepare(one)).program([objective_costs(data)]))
    found = SchurTerms(standard, analyse(standard).node_rows)
    assert len(found.runs) < 300 * (len(standard.blocks) - 1)
    assert len(found.scattered.value) < 2000
    assert sum(run.count for run in found.runs) > 300_000
