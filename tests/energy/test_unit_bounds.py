"""Planes below the cost of whole units: never above it, and high enough to rule nodes out."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from model_sites import site

from greenland.energy.site import Limits, Objective, Site
from greenland.energy.sizing.rounding import unit_sizes, with_new_capacities
from greenland.energy.sizing.solve import LpOptimum, relaxed
from greenland.energy.sizing.unit_bounds import UnitBounds


def test_planes_by_hand() -> None:
    # cost |2 - n| is known at n = 0 and n = 3: the planes are 2 - n and n - 2
    bounds = UnitBounds(["pv"])
    assert bounds.least({"pv": (0, 9)}) == -np.inf
    bounds.learn(2.0, {"pv": 0.0}, {"pv": -1.0})
    assert bounds.least({"pv": (0, 1)}) == pytest.approx(1.0, abs=1e-5)
    bounds.learn(1.0, {"pv": 3.0}, {"pv": 1.0})
    assert bounds.least({"pv": (0, 9)}) == pytest.approx(0.0, abs=1e-5)
    assert bounds.least({"pv": (4, np.inf)}) == pytest.approx(2.0, abs=1e-5)


def test_whole_numbers_lie_higher_than_the_planes_meet() -> None:
    # |2.5 - n| meets zero between two whole numbers, of which neither costs less than a half
    bounds = UnitBounds(["pv"])
    bounds.learn(2.5, {"pv": 0.0}, {"pv": -1.0})
    bounds.learn(2.5, {"pv": 5.0}, {"pv": 1.0})
    assert bounds.least({"pv": (0, 5)}) == pytest.approx(0.5, abs=1e-5)


def in_units() -> Site:
    base = site(24, limits=Limits(min_self_use_of_consumption=0.7, max_export_share=0.2))
    pv, wind = base.sources
    return replace(
        base,
        sources=[replace(pv, unit_mw=30.0), replace(wind, unit_mw=40.0)],
        storages=[replace(base.storages[0], unit_mw=20.0, unit_mwh=40.0)],
    )


@pytest.mark.slow
@pytest.mark.parametrize("objective", [Objective.ANNUAL_COST, Objective.NPV])
def test_no_plane_lies_above_a_cost(objective: Objective) -> None:
    """Each of many roundings is solved; the planes of all others must lie below it."""
    start, sign = in_units(), -1.0 if objective is Objective.NPV else 1.0
    units = unit_sizes(start)
    known: list[tuple[tuple[int, ...], LpOptimum]] = []
    for counts in itertools.product((2, 3, 5), (1, 3), (0, 2), (1, 3)):
        held = {name: (n * u, n * u) for (name, u), n in zip(units.items(), counts, strict=True)}
        optimum = relaxed(with_new_capacities(start, held), objective)
        if optimum is not None:
            known.append((counts, optimum))
    assert len(known) >= 8
    closest = np.inf
    for counts, optimum in known:
        bounds = UnitBounds(list(units))
        for others, other in known:
            if others != counts:
                assert other.slopes is not None
                bounds.learn(
                    sign * other.objective_value,
                    dict(zip(units, map(float, others), strict=True)),
                    {name: sign * other.slopes[name] * unit for name, unit in units.items()},
                )
        value = sign * optimum.objective_value
        least = bounds.least({name: (n, n) for name, n in zip(units, counts, strict=True)})
        assert least <= value
        closest = min(closest, (value - least) / abs(value))
    assert closest < 0.05  # and they are no idle bounds


def test_objectives_without_slopes_say_so() -> None:
    optimum = relaxed(in_units(), Objective.CAPEX)
    assert optimum is not None
    assert optimum.slopes is None
