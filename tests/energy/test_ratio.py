"""The least green price: by hand, by the Charnes-Cooper transformation, and where there is none."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from model_sites import index, site
from scipy.optimize import linprog

from greenland.energy.plan.explain.explanation import explain
from greenland.energy.problem.costs import Costs, objective_costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.prepare import prepare
from greenland.energy.problem.program import assemble
from greenland.energy.problem.solution import Status
from greenland.energy.site import Grid, Limits, Site, Source
from greenland.energy.sizing import ratio
from greenland.energy.sizing.solve import size

ENGINES = ("auto", "highs")


def sunny_hour(max_mw: float, export_price: float = 0.16, **source: float) -> Site:
    """A sunny and a dark hour, each worth 4380 h; PV at 438 yuan/kW and year: 0.1 yuan/kWh."""
    pv = Source("pv", [1.0, 0.0], opex=source.pop("opex", 438.0), max_mw=max_mw, **source)
    load = np.full(2, 10.0)
    grid = Grid(capacity_mw=30, import_price=0.5, export_price=export_price)
    import pandas as pd

    return Site(pd.Series(load, index(2)), [pv], grid=grid)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("max_mw", "price"),
    [
        # own use 10 MW x 4380 h; each MW more earns (0.16 - 0.1) x 4380 = 262.8 thousand yuan:
        # (4380 - 15 x 262.8) / 43800
        (25.0, 0.01),
        # 30 MW connected: (4380 - 30 x 262.8) / 43800, a price below nought
        (60.0, -0.08),
        # nothing left to sell
        (10.0, 0.10),
    ],
)
def test_price_by_hand(engine: str, max_mw: float, price: float) -> None:
    """Where selling beats own use, importing meanwhile would make the price as low as wanted."""
    plan = size(sunny_hour(max_mw), objective="green_price", engine=engine)
    assert plan.status is Status.OPTIMAL
    assert plan.green_price == pytest.approx(price, abs=1e-7)
    assert plan.objective_value == plan.green_price


def test_of_equal_prices_the_one_with_most_green_energy() -> None:
    # without export every PV up to the load costs 0.1 yuan/kWh
    plan = size(sunny_hour(25.0, export_price=0.0), objective="green_price")
    assert plan.green_price == pytest.approx(0.1, abs=1e-7)
    assert plan.capacities["pv"] == pytest.approx(10.0, rel=1e-6)


def test_dear_green_energy_is_found_from_above() -> None:
    # 100 times as dear: 10 yuan/kWh, far above the first price
    plan = size(sunny_hour(25.0, opex=43800.0), objective="green_price")
    assert plan.green_price == pytest.approx(10.0, rel=1e-7)


def test_no_green_energy_has_no_price() -> None:
    dark = sunny_hour(25.0)
    plan = size(
        replace(dark, sources=[replace(dark.sources[0], max_mw=0.0)]), objective="green_price"
    )
    assert plan.status is Status.NOT_SOLVED
    assert "任何方案都没有绿电供负荷" in plan.notes[-1]


def test_earning_without_serving_a_load_has_no_least_price() -> None:
    base = sunny_hour(25.0)
    idle = replace(base, load=base.load * [0.0, 1.0], limits=Limits())
    wind = Source("wind", [0.0, 1.0], opex=438.0, max_mw=10)
    plan = size(replace(idle, sources=[*base.sources, wind]), objective="green_price")
    assert plan.status is Status.UNBOUNDED
    assert "绿电电价没有最低值" in explain(plan).sentences[0]


def test_a_price_that_does_not_close_is_not_optimal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratio, "MAX_ROUNDS", 1)
    plan = size(sunny_hour(25.0), objective="green_price")
    assert plan.status is Status.FEASIBLE
    assert plan.quality.gap is None or plan.quality.gap > 1e-4
    assert "green_price" in str(plan.objective)
    assert plan.green_price >= 0.01 - 1e-9


# Charnes-Cooper -----------------------------------------------------------------------------


def charnes_cooper(data: ModelData) -> float:
    """Least ratio of a linear program: scaled so that green energy is one, a linear program.

    With y = x t and t = 1 / E: least N(y, t) with A y within sides times t, E(y, t) = 1.
    A. Charnes, W. W. Cooper, Naval Research Logistics Quarterly 9 (1962) 181-186.
    """
    assembly = assemble(data)
    cost = objective_costs(data, "green_price")
    program = assembly.program([cost])
    credited = assembly.program([objective_costs(data, "green_price", 1.0)])
    energy, constant = program.cost - credited.cost, program.offset - credited.offset
    width = len(program.cost)
    rows = []
    for matrix, low, high in (
        (program.matrix.toarray(), program.row_lower, program.row_upper),
        (np.eye(width), program.column_lower, program.column_upper),
    ):
        upper, lower = np.isfinite(high), np.isfinite(low)
        rows.append(np.hstack([matrix[upper], -high[upper, None]]))
        rows.append(np.hstack([-matrix[lower], low[lower, None]]))
    above = np.vstack(rows)
    found = linprog(
        np.append(program.cost, program.offset),
        A_ub=above,
        b_ub=np.zeros(len(above)),
        A_eq=np.append(energy, constant)[None, :],
        b_eq=[1.0],
        bounds=[(None, None)] * width + [(0, None)],
        method="highs",
    )
    return float(found.fun) if found.status == 0 else float("inf")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("engine", ENGINES)
def test_the_ratio_is_that_of_charnes_and_cooper(engine: str, seed: int) -> None:
    """Without export nothing happens both ways: the linear program is the problem."""
    base = site(12, seed, limits=Limits(min_self_use_of_consumption=0.2 * seed))
    assert base.grid is not None
    base = replace(base, grid=replace(base.grid, export_allowed=False))
    plan = size(base, objective="green_price", engine=engine)
    assert plan.status is Status.OPTIMAL
    assert plan.green_price == pytest.approx(charnes_cooper(prepare(base)), rel=1e-6)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.slow
def test_the_exclusive_ratio_is_the_least_over_all_directions(engine: str, seed: int) -> None:
    """Six hours, each of which may import or export: 64 linear programs."""
    rng = np.random.default_rng(seed)
    base = site(6, seed, storages=(), limits=Limits())
    assert base.grid is not None
    grid = replace(base.grid, export_price=float(rng.uniform(0.1, 0.4)), capacity_mw=60)
    sources = [
        Source("pv", rng.uniform(0.2, 1.0, 6), capex=1500, opex=30, max_mw=150),
        Source("wind", rng.uniform(0.1, 0.9, 6), capex=2500, opex=50, max_mw=100),
    ]
    base = replace(base, grid=grid, sources=sources)
    data = prepare(base)
    best = float("inf")
    for outward in itertools.product([False, True], repeat=6):
        way = np.array(outward)
        fix_all_directions = replace(
            data,
            import_cap=np.where(way, 0.0, data.import_cap),
            export_cap=np.where(way, data.export_cap, 0.0),
        )
        best = min(best, charnes_cooper(fix_all_directions))
    plan = size(base, objective="green_price", engine=engine)
    assert plan.status is Status.OPTIMAL
    assert plan.green_price == pytest.approx(best, abs=1e-6 * max(0.01, abs(best)))


def test_credited_energy_is_a_linear_function() -> None:
    """N - p E is linear in p: what `ratio` takes differences of."""
    data = prepare(site(4))
    one, two, three = (objective_costs(data, "green_price", p) for p in (0.0, 1.0, 2.0))
    for family in three.by_family:
        parts = [c.by_family.get(family, np.zeros(1)) for c in (one, two, three)]
        np.testing.assert_allclose(parts[2] - parts[1], parts[1] - parts[0], atol=1e-9)
    assert isinstance(one, Costs)
