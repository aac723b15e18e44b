"""The interior-point engine on sizing models, against HiGHS."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from drawn import seeds
from engine_checks import agrees, assert_same_entries, kkt_error
from random_sites import random_site
from scipy import sparse

from greenland.energy.problem.costs import objective_costs, tie_costs
from greenland.energy.problem.highs_engine import solve_generally
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.solve import answer
from greenland.lp import (
    GLOBAL,
    FailureReason,
    InteriorPointSolver,
    LinearProgram,
    LpStatus,
    SolverSettings,
    kkt_residuals,
    solve,
    standard_form,
)
from greenland.lp.analysis import analyse
from greenland.lp.schur_terms import SchurTerms
from greenland.lp.standard_form import standardise


def _site_program(seed: int) -> LinearProgram:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = prepare(random_site(seed))
    return assemble(data).program([objective_costs(data), tie_costs(data)])


@pytest.mark.parametrize("seed", seeds(5, 15))
def test_runs_write_the_same_entries_as_scattered_terms(seed, pattern_length):
    standard = standardise(_site_program(seed))
    pattern_length(10**9)
    scattered = analyse(standard)
    pattern_length(3)
    assert_same_entries(analyse(standard), scattered, seed)


@pytest.mark.parametrize("seed", seeds(4, 8))
def test_the_kkt_system_is_solved_with_runs(seed, pattern_length):
    pattern_length(3)
    assert kkt_error(_site_program(seed), seed) < 1e-8


def test_blocks_change_the_rounding_only(many_blocks, monkeypatch):
    program = _site_program(3)
    in_blocks = solve(program)
    assert len(standardise(program).blocks) > 4
    monkeypatch.setattr(standard_form, "THREAD_COLUMNS", 10**9)
    whole = solve(program)
    assert len(standardise(program).blocks) == 2
    assert in_blocks.status is whole.status is LpStatus.OPTIMAL
    assert in_blocks.objective == pytest.approx(whole.objective, rel=1e-9)
    assert abs(in_blocks.iterations - whole.iterations) <= 2


@pytest.mark.parametrize(
    ("lower", "status"), [(3.0, LpStatus.INFEASIBLE), (0.0, LpStatus.UNBOUNDED)]
)
def test_highs_decides_what_is_infeasible_or_unbounded(lower, status):
    # minimise -x subject to x - y >= lower, x, y >= 0; x <= 2 contradicts a lower of 3
    upper = 2.0 if status is LpStatus.INFEASIBLE else np.inf
    step = np.zeros(1, dtype=int)
    program = LinearProgram(
        np.array([-1.0, 0.0]),
        sparse.csr_array([[1.0, -1.0]]),
        np.array([lower]),
        np.array([np.inf]),
        np.zeros(2),
        np.array([upper, np.inf]),
        step,
        np.zeros(2, dtype=int),
    )
    solution = answer(program, "auto")
    assert (solution.status, solution.engine) == (status, "highs")
    assert solution.reason is not None


def test_highs_solves_what_the_engine_does_not():
    program, hasty = _site_program(3), InteriorPointSolver(SolverSettings(max_iterations=2))
    solution = answer(program, "auto", hasty)
    assert (solution.engine, solution.reason) == ("highs", FailureReason.INACCURATE)
    assert solution.objective == pytest.approx(solve(program).objective, rel=1e-6)


def test_the_hourly_model_is_a_tridiagonal_band_with_a_small_border():
    from sites import battery, site

    data = prepare(site(storages=[battery(max_hours=4)]))
    standard = standardise(assemble(data).program([objective_costs(data)]))
    symbolic = analyse(standard)
    assert symbolic.bandwidth == 1
    assert symbolic.nodes - symbolic.band_start <= data.steps
    assert symbolic.border < 15
    first = standard.border_columns.start
    columns = standard.matrix[symbolic.node_rows].indices
    coupled = {*symbolic.side_border.tolist()}
    assert len(coupled) < symbolic.border  # rows among capacities alone are no part of the side
    assert coupled >= {*(columns[columns >= first] - first).tolist()}


@pytest.mark.slow
def test_random_sites_are_right_and_rarely_need_highs():
    results = [agrees(_site_program(seed)) for seed in range(20)]
    assert all(right for _proven, right in results)
    assert np.mean([proven for proven, _right in results]) >= 0.95


@pytest.mark.campaign
@pytest.mark.parametrize("part", range(5))
def test_five_hundred_random_sites(part):
    results = [agrees(_site_program(seed)) for seed in range(100 * part, 100 * (part + 1))]
    assert all(right for _proven, right in results)
    assert np.mean([proven for proven, _right in results]) >= 0.98


@pytest.mark.parametrize("seed", seeds(4, 8))
def test_shadow_prices_agree_where_they_are_unique(seed):
    # costs are perturbed so that the optimum has one set of duals
    program = _site_program(seed)
    rng = np.random.default_rng(seed)
    perturbed = replace(program, cost=program.cost * rng.uniform(0.97, 1.03, len(program.cost)))
    interior, highs = solve(perturbed), solve_generally(perturbed)
    if interior.status is not LpStatus.OPTIMAL or highs.status is not LpStatus.OPTIMAL:
        pytest.skip("no optimum to compare")
    border = perturbed.row_step == GLOBAL
    scale = np.abs(highs.y[border]).max(initial=1e-3)
    difference = np.abs(interior.y[border] - highs.y[border]) / scale
    if difference.max(initial=0.0) > 1e-4:
        # then the dual must be one of several: both sets prove the same optimum
        assert kkt_residuals(perturbed, highs.x, interior.y).gap < 1e-6


def test_the_terms_of_a_year_are_a_short_list_of_runs():
    from sites import battery, site

    year = site(days=365, storages=[battery("one"), battery("two")])
    standard = standardise(assemble(data := prepare(year)).program([objective_costs(data)]))
    terms = SchurTerms(standard, analyse(standard).node_rows)
    assert len(terms.runs) < 300 * (len(standard.blocks) - 1)
    assert len(terms.scattered.value) < 2000
    assert sum(run.count for run in terms.runs) > 300_000
