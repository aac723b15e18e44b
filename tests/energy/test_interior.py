"""The interior point engine: parts, answers, refusals."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pytest
from random_programs import random_program, random_site
from scipy import sparse

from greenland.energy.assembly import assemble
from greenland.energy.interior import (
    GLOBAL,
    Engine,
    Outcome,
    Program,
    Reason,
    Settings,
    measure,
    solve,
    solve_generally,
    solve_interior,
)
from greenland.energy.interior import crew as crew_module
from greenland.energy.interior import standard as standard_module
from greenland.energy.interior import structure as structure_module
from greenland.energy.interior.crew import Crew
from greenland.energy.interior.factor import Newton
from greenland.energy.interior.ragged import as_slice, expand, pairs, runs
from greenland.energy.interior.scaling import equilibrate
from greenland.energy.interior.standard import standardise
from greenland.energy.interior.strips import Strips
from greenland.energy.interior.structure import analyse
from greenland.energy.model.costs import objective_costs, tie_costs
from greenland.energy.model.data import prepare


def program(
    matrix, cost, lower, upper, row_lower, row_upper, row_step=None, column_step=None
) -> Program:
    dense = np.array(matrix, dtype=float)
    rows, columns = dense.shape
    steps = [
        np.full(n, GLOBAL) if given is None else np.array(given)
        for n, given in ((rows, row_step), (columns, column_step))
    ]
    arrays = [np.array(v, dtype=float) for v in (cost, row_lower, row_upper, lower, upper)]
    return Program(arrays[0], sparse.csr_array(dense), *arrays[1:], *steps)


INF = np.inf


# -- small problems with answers by hand ---------------------------------------------------------


def test_a_corner():
    # least -x - 2y with x + y <= 4, x + 3y <= 6: at (3, 1)
    one = program([[1, 1], [1, 3]], [-1, -2], [0, 0], [INF, INF], [-INF, -INF], [4, 6])
    found = solve_interior(one)
    assert found.outcome is Outcome.OPTIMAL
    np.testing.assert_allclose(found.x, [3, 1], atol=1e-6)
    np.testing.assert_allclose(found.y, [-0.5, -0.5], atol=1e-6)
    assert found.objective == pytest.approx(-5)


def test_every_kind_of_bound():
    # free, boxed, only above, only below; a range; all at known sides
    one = program([[1, 1, 1, 1]], [1, 2, -1, 3], [-INF, -1, -INF, 2], [INF, 1, 5, INF], [3], [10])
    found, general = solve_interior(one), solve_generally(one)
    assert found.objective == pytest.approx(general.objective, rel=1e-7)


def test_an_offset_counts():
    one = program([[1.0]], [1.0], [0], [INF], [2], [INF])
    assert solve_interior(replace(one, offset=10.0)).objective == pytest.approx(12)


def test_fixed_and_unconnected_columns():
    one = program([[1, 1, 0]], [1, 1, -1], [2, 0, 0], [2, INF, 7], [5], [INF])
    np.testing.assert_allclose(solve_interior(one).x, [2, 3, 7], atol=1e-6)


def test_a_row_that_forces_its_columns_gets_a_price():
    # x + y <= 0 leaves nothing; the price of the row is the better of the two costs
    one = program([[1, 1], [0, 1]], [-3, -1], [0, 0], [INF, INF], [-INF, -INF], [0, 4])
    found = solve_interior(one)
    assert found.outcome is Outcome.OPTIMAL
    np.testing.assert_allclose(found.x, 0, atol=1e-9)
    assert found.y[0] == pytest.approx(-3)


@pytest.mark.parametrize(
    ("case", "reason", "outcome"),
    [
        (
            program([[1.0]], [1.0], [0], [1], [2], [INF]),
            Reason.INFEASIBLE,
            Outcome.INFEASIBLE,
        ),
        (
            program([[1, 0]], [1, -1], [0, 0], [INF, INF], [2], [INF]),
            Reason.UNBOUNDED,
            Outcome.UNBOUNDED,
        ),
        (
            program([[1, -1], [-1, 1]], [1, 1], [0, 0], [INF, INF], [1, 1], [INF, INF]),
            None,
            Outcome.INFEASIBLE,
        ),
        (
            program([[1, -1]], [-1, -1], [0, 0], [INF, INF], [-INF], [1]),
            None,
            Outcome.UNBOUNDED,
        ),
    ],
    ids=["row out of reach", "open column", "rows against each other", "ray"],
)
def test_the_general_solver_decides_what_is_infeasible_or_unbounded(case, reason, outcome):
    mine = solve_interior(case)
    assert mine.outcome is Outcome.NOT_SOLVED
    if reason is not None:
        assert mine.reason is reason
    found = solve(case)
    assert found.outcome is outcome
    assert found.engine == "highs"
    assert found.reason is not None


def test_a_border_too_wide_goes_to_the_general_solver(monkeypatch):
    monkeypatch.setattr(structure_module, "WIDEST_BORDER", 1)
    found = solve(program([[1, 1]], [1, 2], [0, 0], [5, 5], [3], [INF]))
    assert (found.engine, found.reason) == ("highs", Reason.BORDER)
    assert found.objective == pytest.approx(3)


def test_too_few_iterations_go_to_the_general_solver():
    found = solve(random_program(2), Engine(Settings(iterations=2)))
    assert (found.engine, found.reason) == ("highs", Reason.INACCURATE)


# -- quality -------------------------------------------------------------------------------------


def test_a_wrong_answer_is_seen():
    one = program([[1, 1], [1, 3]], [-1, -2], [0, 0], [INF, INF], [-INF, -INF], [4, 6])
    x, y = np.array([3.0, 1.0]), np.array([-0.5, -0.5])
    assert measure(one, x, y).worst < 1e-12
    assert measure(one, np.array([3.0, 1.01]), y).primal_residual > 1e-3
    assert measure(one, x, np.array([-0.4, -0.5])).dual_residual > 1e-3
    assert measure(one, np.array([2.9, 1.0]), y).gap > 1e-3
    assert measure(one, np.array([2.9, 1.0]), y).complementarity > 1e-3


# -- linear algebra ------------------------------------------------------------------------------


@pytest.fixture
def many_blocks(monkeypatch):
    """Cut even small programs into many blocks, shared by threads."""
    monkeypatch.setattr(standard_module, "SHARE", 2)
    monkeypatch.setattr(crew_module, "_processors", lambda: 3)
    monkeypatch.setattr(crew_module, "SHORT", 5)


def newton_misses(seed: int) -> float:
    """Largest miss of a random Newton system once it is solved."""
    standard = standardise(random_program(seed))
    newton = Newton(standard, analyse(standard))
    rng = np.random.default_rng(seed)
    h = rng.uniform(0.1, 10, len(standard.cost))
    d = rng.uniform(0.1, 10, len(standard.rhs))
    r, q = rng.normal(size=len(h)), rng.normal(size=len(d))
    newton.h[:], newton.d[:] = h, d
    for k in range(len(newton.blocks)):
        newton.weigh(k)
    newton.factor()
    dx, dy = newton.solve(r, q)
    # against the matrix itself, so that the taking apart is tested too
    miss_r = h * dx - standard.matrix.T @ dy - r
    miss_q = standard.matrix @ dx + d * dy - q
    x, y = rng.normal(size=len(h)), rng.normal(size=len(d))
    left_r, left_q, _worst = newton.missed(r, q, x, y)
    np.testing.assert_allclose(left_r, r - h * x + standard.matrix.T @ y, atol=1e-9)
    np.testing.assert_allclose(left_q, q - standard.matrix @ x - d * y, atol=1e-9)
    return max(np.abs(miss_r).max(), np.abs(miss_q).max())


@pytest.mark.parametrize("seed", range(12))
def test_the_newton_system_is_solved(seed):
    assert newton_misses(seed) < 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_the_newton_system_is_solved_in_many_blocks(seed, many_blocks):
    assert newton_misses(seed) < 1e-9


def test_blocks_change_nothing_but_the_rounding(many_blocks, monkeypatch):
    one = _site_program(3)
    cut = solve_interior(one)
    assert len(standardise(one).blocks) > 4
    monkeypatch.setattr(standard_module, "SHARE", 10**9)
    whole = solve_interior(one)
    assert len(standardise(one).blocks) == 2
    assert cut.outcome is whole.outcome is Outcome.OPTIMAL
    assert cut.objective == pytest.approx(whole.objective, rel=1e-9)
    assert abs(cut.iterations - whole.iterations) <= 2


def test_every_block_is_worked_on_once_and_errors_come_out():
    crew = Crew(7, threads=3)
    seen = []
    with crew.at_work():
        crew.run(lambda k, thread: seen.append((k, thread)))
        with pytest.raises(ZeroDivisionError):
            crew.run(lambda k, _thread: 1 // (k - 6))
    assert sorted(k for k, _thread in seen) == list(range(7))
    assert {thread for _k, thread in seen} == {0, 1, 2}
    crew.run(lambda k, thread: seen.append((k, thread)))  # alone, once the others have gone
    assert {thread for _k, thread in seen[7:]} == {0}


def striped() -> sparse.csr_array:
    """Diagonals of one and of many values, a broken one, long columns and rows, loose entries."""
    rng = np.random.default_rng(3)
    dense = np.zeros((260, 240))
    step = np.arange(200)
    dense[step, step] = np.where(step < 100, 1.0, -2.5)
    dense[step[:150] + 40, step[:150] + 1] = rng.normal(size=150)
    dense[step[step % 7 != 0] + 3, 230] = rng.normal(size=int(np.sum(step % 7 != 0)))
    dense[:200, 231] = -1.0
    dense[250, :200] = 3.0
    dense[251, 20:190] = rng.normal(size=170)
    dense[252, [3, 90, 239]] = [1.0, 2.0, 3.0]
    return sparse.csr_array(dense)


def test_products_by_strips_are_the_products_of_the_matrix():
    matrix, rng = striped(), np.random.default_rng(4)
    strips = Strips.of(matrix)
    x, y = rng.normal(size=240), rng.normal(size=260)
    assert strips.rest.nnz < 0.2 * matrix.nnz
    np.testing.assert_allclose(strips @ x, matrix @ x, atol=1e-12)
    np.testing.assert_allclose(strips.transposed() @ y, matrix.T @ y, atol=1e-12)
    np.testing.assert_allclose(strips.sizes() @ x, abs(matrix) @ x, atol=1e-12)
    left = y.copy()
    strips.subtract(left, x)
    np.testing.assert_allclose(left, y - matrix @ x, atol=1e-12)


@pytest.mark.parametrize("matrix", [sparse.csr_array((5, 4)), sparse.csr_array((0, 4))])
def test_a_matrix_without_entries_has_no_strips(matrix):
    strips = Strips.of(matrix)
    assert np.array_equal(strips @ np.ones(4), np.zeros(matrix.shape[0]))
    assert np.array_equal(strips.transposed() @ np.ones(matrix.shape[0]), np.zeros(4))


@pytest.mark.parametrize("seed", range(6))
def test_strips_of_any_matrix(seed):
    rng = np.random.default_rng(seed)
    matrix = sparse.random_array((300, 250), density=0.3, rng=rng, format="csr")
    x = rng.normal(size=250)
    np.testing.assert_allclose(Strips.of(matrix) @ x, matrix @ x, atol=1e-10)


def test_the_hourly_model_is_a_tridiagonal_band_with_a_small_border():
    from sites import site

    data = prepare(site())
    standard = standardise(assemble(data).program([objective_costs(data)]))
    structure = analyse(standard)
    assert structure.bandwidth == 1
    assert structure.nodes - structure.band_start <= data.steps
    assert structure.border < 15


def test_scaling_leaves_plain_matrices_alone_and_mends_wild_ones():
    plain = sparse.csr_array(np.array([[1.0, 2.0], [0.5, 0.0]]))
    everywhere = np.ones(3, dtype=bool)
    assert all((factor == 1).all() for factor in equilibrate(plain, everywhere))
    wild = sparse.csr_array(np.array([[1e8, 1.0], [0.0, 1e-8]]))
    row, column = equilibrate(wild, everywhere)
    scaled = np.abs(wild.toarray()) * row[:, None] * column
    assert 0.1 <= scaled.max() <= 10
    assert scaled.max(axis=1).min() > 1e-2


def test_ragged_indices():
    at, owner = expand(np.array([4, 0]), np.array([2, 3]))
    assert (at.tolist(), owner.tolist()) == ([4, 5, 0, 1, 2], [0, 0, 1, 1, 1])
    later, earlier, which = pairs(np.array([0, 2, 2, 3]))
    found = sorted(zip(later.tolist(), earlier.tolist(), which.tolist(), strict=True))
    assert found == [(0, 0, 0), (1, 0, 0), (1, 1, 0), (2, 2, 2)]
    assert as_slice(np.array([3, 5, 7])) == slice(3, 8, 2)
    assert not isinstance(as_slice(np.array([3, 5, 6])), slice)


@pytest.mark.parametrize(
    ("index", "count"),
    [([], 0), ([5], 1), ([2, 3, 4], 1), ([0, 2, 4, 1, 3, 5], 2), ([3, 2, 1], 3), ([0, 1, 9, 9], 3)],
)
def test_an_index_in_stretches(index, count):
    whole = np.array(index, dtype=int)
    found = runs(whole)
    made = np.full(len(whole), -1)
    for here, there in found:
        made[here] = np.arange(20)[there]
    assert np.array_equal(made, whole)
    assert len(found) == count


def test_an_index_without_stretches_stays_whole():
    wild = np.random.default_rng(1).permutation(1000)
    assert len(runs(wild)) == 1


# -- random problems -----------------------------------------------------------------------------


def agrees(one: Program) -> tuple[bool, bool]:
    """Whether the engine answered itself, and whether it was right if it did."""
    mine, general = solve_interior(one), solve_generally(one)
    if mine.outcome is not Outcome.OPTIMAL:
        return general.outcome is not Outcome.OPTIMAL, True
    if general.outcome is not Outcome.OPTIMAL:
        return True, False
    size = max(abs(general.objective), 1e-3 * float(np.abs(one.cost) @ np.abs(general.x)), 1e-6)
    return True, abs(mine.objective - general.objective) <= 1e-6 * size


def _site_program(seed: int) -> Program:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = prepare(random_site(seed))
    return assemble(data).program([objective_costs(data), tie_costs(data)])


@pytest.mark.slow
def test_random_programs_of_any_make_are_never_wrong():
    results = [agrees(random_program(seed)) for seed in range(60)]
    assert all(right for _answered, right in results)
    assert np.mean([answered for answered, _right in results]) >= 0.9


@pytest.mark.slow
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
    mine, general = solve_interior(shaken), solve_generally(shaken)
    if mine.outcome is not Outcome.OPTIMAL or general.outcome is not Outcome.OPTIMAL:
        pytest.skip("no optimum to compare")
    border = shaken.row_step == GLOBAL
    scale = np.abs(general.y[border]).max(initial=1e-3)
    moved = np.abs(mine.y[border] - general.y[border]) / scale
    if moved.max(initial=0.0) > 1e-4:
        # then the price must be another of several: both sets prove the same optimum
        assert measure(shaken, general.x, mine.y).gap < 1e-6


def test_the_code_in_the_docs_runs():
    import re
    from pathlib import Path

    page = Path(__file__).parents[2] / "docs" / "energy-engine.md"
    for block in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL):
        exec(block, {})
