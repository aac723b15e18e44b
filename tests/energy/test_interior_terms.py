"""Runs of terms, and the strips they make, against the same listed one by one."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from random_programs import random_program, random_site
from scipy import sparse

from greenland.energy.interior import Program, stretches, strips, structure, terms
from greenland.energy.interior.factor import Newton
from greenland.energy.interior.standard import standardise
from greenland.energy.interior.strips import Strips
from greenland.energy.interior.structure import Structure, analyse
from greenland.energy.problem.costs import objective_costs
from greenland.energy.problem.data import prepare
from greenland.energy.problem.program import assemble


@pytest.fixture
def shortest(monkeypatch):
    """Sets how long a stretch must be."""

    def to(number: int) -> None:
        for module in (stretches, strips, structure, terms):
            monkeypatch.setattr(module, "SHORTEST", number)

    return to


def site_program(seed: int) -> Program:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data = prepare(random_site(seed))
    return assemble(data).program([objective_costs(data)])


def entries(found: Structure, seed: int) -> np.ndarray:
    """What random weights write."""
    out = found.constant.copy()
    found.fill.add(out, np.random.default_rng(seed).normal(size=found.fill.shape[1]))
    return out


@pytest.mark.parametrize("make", [random_program, site_program])
@pytest.mark.parametrize("seed", range(15))
def test_runs_write_the_entries_that_single_terms_write(make, seed, shortest):
    standard = standardise(make(seed))
    shortest(10**9)
    single = analyse(standard)
    shortest(3)
    runs = analyse(standard)
    assert (runs.bandwidth, runs.nodes, runs.border) == (
        single.bandwidth,
        single.nodes,
        single.border,
    )
    np.testing.assert_allclose(entries(runs, seed), entries(single, seed), atol=1e-9)


@pytest.mark.parametrize("make", [random_program, site_program])
@pytest.mark.parametrize("seed", range(8))
def test_the_newton_system_is_solved_with_runs(make, seed, shortest):
    shortest(3)
    standard = standardise(make(seed))
    newton, rng = Newton(standard, analyse(standard)), np.random.default_rng(seed)
    h = newton.h[:] = rng.uniform(0.1, 10, len(standard.cost))
    d = newton.d[:] = rng.uniform(0.1, 10, len(standard.rhs))
    r, q = rng.normal(size=len(h)), rng.normal(size=len(d))
    for k in range(len(newton.blocks)):
        newton.weigh(k)
    newton.factor()
    dx, dy = newton.solve(r, q)
    np.testing.assert_allclose(h * dx - standard.matrix.T @ dy, r, atol=1e-8)
    np.testing.assert_allclose(standard.matrix @ dx + d * dy, q, atol=1e-8)


def test_a_year_of_hours_is_a_short_list():
    from sites import battery, site

    one = site(days=365, storages=[battery("one"), battery("two")])
    standard = standardise(assemble(data := prepare(one)).program([objective_costs(data)]))
    found = terms.Terms(standard, analyse(standard).node_rows)
    assert len(found.runs) < 300 * (len(standard.blocks) - 1)
    assert len(found.singles.value) < 2000
    assert sum(run.count for run in found.runs) > 300_000


def matrix_of(rows: list[list[tuple[int, float]]], width: int) -> sparse.csr_array:
    dense = np.zeros((len(rows), width))
    for k, row in enumerate(rows):
        for column, value in row:
            dense[k, column] = value
    return sparse.csr_array(dense)


def test_stretches_go_on_while_the_steps_are_equal(shortest):
    shortest(4)
    forward = [[(2 * k, 1.0), (30, float(k + 1))] for k in range(8)]
    jump = [[(1 + k, 5.0), (31, 2.0)] for k in range(5)]
    odd = [[(0, 1.0)], [(3, 1.0), (4, 1.0), (9, 1.0)]]
    csr = matrix_of(forward + jump + odd, 40)
    found = stretches.stretches(csr.indptr, csr.indices, csr.data)
    assert [(one.start, one.stop, one.first, one.step) for one in found] == [
        (0, 8, (0, 30), (2, 0)),
        (8, 13, (1, 31), (1, 0)),
    ]
    assert found[0].values[0] == 1.0
    assert found[0].value(1, 2, 5).tolist() == [3.0, 4.0, 5.0]
    assert found[1].values == (5.0, 2.0)


@pytest.mark.parametrize("step", [1, 2, 3, -1])
def test_strips_that_go_in_steps(step, shortest):
    shortest(4)
    first = 0 if step > 0 else 19
    rows = [[(first + step * k, 2.0 + (k >= 10)), (70, 1.5 * k + 1.0)] for k in range(20)]
    matrix, rng = matrix_of(rows, 80), np.random.default_rng(3)
    x, y = rng.normal(size=80), rng.normal(size=20)
    found = Strips.of(matrix)
    if step > 0:
        assert found.rest.nnz == 0
    np.testing.assert_allclose(found @ x, matrix @ x, atol=1e-12)
    np.testing.assert_allclose(found.transposed() @ y, matrix.T @ y, atol=1e-12)
    np.testing.assert_allclose(found.sizes() @ x, abs(matrix) @ x, atol=1e-12)
