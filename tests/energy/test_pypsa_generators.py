"""Generators stated to PyPSA as well: cost and fuel agree to 1e-6; what is drawn is invented.

Biomass stands on the generation bus, with its fuel of the horizon as ``e_sum_max``; gas on the bus
of the load, behind the one-way link, so that it can be neither stored nor sold.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from drawn import first
from test_pypsa import our_site, pypsa_network, random_case

from greenland.energy.problem.annuity import annual_asset_cost
from greenland.energy.site import Generator, Limits, Site
from greenland.energy.sizing.solve import size

pytestmark = [
    pytest.mark.compare,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
]

RATE = 0.07


def generators(seed: int) -> list[Generator]:
    rng = np.random.default_rng(seed)
    bio = Generator(
        "bio",
        "biomass",
        15.0,
        green=True,
        capex=float(rng.uniform(500, 2000)),
        opex=60.0,
        max_mw=float(rng.uniform(10, 40)),
        efficiency=0.3,
        fuel_kwh=3500.0,
        fuel_price=float(rng.uniform(150, 300)),
        max_fuel=float(rng.uniform(20_000, 90_000)),
        availability=0.9,
    )
    gas = Generator(
        "gas",
        "gas",
        20.0,
        capex=600.0,
        max_mw=15.0,
        efficiency=0.4,
        fuel_kwh=10.0,
        fuel_price=float(rng.uniform(1.2, 2.4)),
        emission_factor=2.0,
    )
    return [bio, gas]


def network(case: dict[str, Any], made: list[Generator]) -> Any:
    n = pypsa_network(case)
    steps = len(n.snapshots)
    for item, bus in zip(made, ("site", "consumer"), strict=True):
        cost = annual_asset_cost(item.capex, item.opex, item.lifetime, RATE)
        fuel = {}
        if item.max_fuel is not None:
            of_horizon = item.max_fuel * steps / 8760
            fuel["e_sum_max"] = of_horizon / item.fuel_per_mwh
        n.add(
            "Generator",
            item.name,
            bus=bus,
            p_nom_extendable=True,
            p_nom_max=item.max_mw,
            p_max_pu=item.availability,
            capital_cost=cost,
            marginal_cost=float(item.fuel_price) * item.fuel_per_mwh / 1000,
            **fuel,
        )
    return n


@pytest.mark.parametrize("seed", first(1, [3, 5, 11]))
def test_cost_is_that_of_pypsa(seed: int) -> None:
    case, made = random_case(seed), generators(seed)
    n = network(case, made)
    n.snapshot_weightings["generators"] = 1.0
    status, condition = n.optimize(
        solver_name="highs", log_to_console=False, include_objective_constant=False
    )
    assert (status, condition) == ("ok", "optimal")
    ours: Site = replace(our_site(case), generators=made, limits=Limits())
    plan = size(ours)
    assert plan.annual_cost == pytest.approx(1000 * n.objective, rel=1e-6)
    assert plan.schedule[["bio", "gas"]].sum().max() > 1.0
    given = n.generators_t.p[["bio", "gas"]].sum()
    assert plan.schedule["bio"].sum() == pytest.approx(given["bio"], rel=1e-3, abs=1e-3)
