"""The named PuLP model is the program on arrays, column by column and row by row."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from model_sites import with_every_cut
from sites import variants

from greenland.energy.problem.annual_constraints import LIMIT_FAMILIES
from greenland.energy.problem.costs import objective_costs, tie_costs
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.pulp_model import build
from greenland.energy.problem.solve import solve
from greenland.energy.problem.step_constraints import STEP_FAMILIES

SITES = variants()


def _flat(variables):
    for one in variables:
        if isinstance(one, list):
            yield from one
        else:
            yield one


@pytest.fixture(scope="module", params=[(name, cuts) for name in SITES for cuts in (False, True)])
def both(request):
    name, cuts = request.param
    data = prepare(SITES[name])
    if cuts:
        data = with_every_cut(data)
    reference = build(data)
    assembly = assemble(data)
    program = assembly.program([objective_costs(data), tie_costs(data)])
    number = {
        variable.name: int(column)
        for family, columns in assembly.columns.items()
        for variable, column in zip(
            _flat(reference.variables[family]), columns.ravel(), strict=True
        )
    }
    return reference, assembly, program, number


def test_the_same_families_of_variables(both):
    reference, assembly, _program, number = both
    assert set(reference.variables) >= set(assembly.columns)
    empty = set(reference.variables) - set(assembly.columns)
    assert not [name for name in empty if list(_flat(reference.variables[name]))]
    assert len(number) == len(reference.problem.variables())


def test_the_same_bounds_and_costs(both):
    reference, _assembly, program, number = both
    for variable in reference.problem.variables():
        j = number[variable.name]
        low = -np.inf if variable.lowBound is None else variable.lowBound
        high = np.inf if variable.upBound is None else variable.upBound
        assert (program.column_lower[j], program.column_upper[j]) == (low, high), variable.name
    costs = np.zeros(len(number))
    for variable, value in reference.problem.objective.items():
        costs[number[variable.name]] = value
    np.testing.assert_allclose(program.cost, costs, rtol=1e-12, atol=1e-15)
    assert program.offset == pytest.approx(reference.problem.objective.constant)


def test_the_same_families_of_rows(both):
    reference, assembly, _program, _number = both
    assert set(reference.rows) == set(assembly.rows)


def test_every_row_is_the_same(both):
    reference, assembly, program, number = both
    matrix = program.matrix
    for family, rows in reference.rows.items():
        assert len(rows) == len(assembly.rows[family]), family
        for row, i in zip(rows, assembly.rows[family], strict=True):
            span = slice(matrix.indptr[i], matrix.indptr[i + 1])
            mine = dict(zip(matrix.indices[span].tolist(), matrix.data[span].tolist(), strict=True))
            theirs = {number[v.name]: value for v, value in row.items() if value}
            assert mine == pytest.approx(theirs, rel=1e-12), row.name
            right = -row.constant
            low = -np.inf if row.sense == -1 else right
            high = np.inf if row.sense == 1 else right
            sides = (program.row_lower[i], program.row_upper[i])
            assert sides == pytest.approx((low, high), rel=1e-12), row.name


def test_names_that_would_meet_are_told_apart():
    """Energy of "start" in step 0 and the starting energy of "0" would be one name."""
    named = replace(SITES["two_storages"].storages[0], name="start")
    other = replace(SITES["two_storages"].storages[1], name="0")
    model = build(replace(SITES["two_storages"], storages=(named, other)))
    names = [v.name for v in model.problem.variables()]
    assert len(names) == len(set(names)) == len(assemble(model.data).program([]).cost)
    assert {"energy_start_0", "energy_start_0.2"} <= set(names)


def test_every_family_is_compared_in_some_site():
    seen = set()
    for one in SITES.values():
        seen |= set(assemble(with_every_cut(prepare(one))).rows)
    assert seen == set(STEP_FAMILIES) | set(LIMIT_FAMILIES)


def test_the_step_of_a_row_is_the_step_in_its_name(both):
    reference, assembly, program, _number = both
    for family, rows in reference.rows.items():
        steps = program.row_step[assembly.rows[family]]
        if family in LIMIT_FAMILIES or family.endswith(("_start", "_end")):
            assert (steps == -1).all()
            continue
        named = [int(re.search(r"_(\d+)$", row.name).group(1)) for row in rows]
        assert steps.tolist() == named


@pytest.mark.parametrize("name", list(SITES))
def test_both_engines_agree(name):
    mine, general = solve(SITES[name], engine="interior"), solve(SITES[name], engine="highs")
    assert mine.status == general.status == "optimal", mine.notes
    assert mine.objective == pytest.approx(general.objective, rel=1e-6)
    assert max(mine.gap, mine.primal_residual, mine.dual_residual) <= 1e-7
