"""The network of "model energy" with all its technologies, stated to PyPSA: optima agree to 1e-6.

Wind, sun, a battery (store and inverter) and power to hydrogen and back (electrolyser, store,
turbine) supply a constant load on one bus, each part sized by itself, as in the example network
that ``pypsa.examples.model_energy`` fetches. Its weather is not in this repository: the curves
here are drawn from a seed, and costs are round; both are invented.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from model_sites import index

from greenland.energy.problem.annuity import annual_asset_cost
from greenland.energy.site import Site, Source, Storage
from greenland.energy.sizing.solve import size

pytestmark = [
    pytest.mark.compare,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
]

RATE = 0.05
LOAD = 100.0
# yuan/kW (or yuan/kWh of a store), share of it a year for upkeep, years
COSTS = {
    "wind": (8500.0, 0.03, 30.0),
    "solar": (3300.0, 0.02, 30.0),
    "inverter": (1300.0, 0.03, 10.0),
    "cells": (1100.0, 0.0, 25.0),
    "electrolyser": (5000.0, 0.04, 25.0),
    "turbine": (6500.0, 0.03, 25.0),
    "cavern": (60.0, 0.0, 100.0),
}
BATTERY, ELECTROLYSER, TURBINE = 0.96, 0.62, 0.58


def curves(seed: int, steps: int) -> dict[str, Any]:
    rng = np.random.default_rng(seed)
    hour = np.arange(steps) % 24
    sun = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, 1) * np.repeat(
        rng.uniform(0.2, 1.0, steps // 24), 24
    )
    slow = np.repeat(rng.uniform(0.0, 0.8, steps // 24), 24)
    wind = np.clip(slow + 0.1 * rng.standard_normal(steps), 0, 1)
    return {"solar": sun, "wind": wind}


def yearly(name: str) -> float:
    capex, upkeep, life = COSTS[name]
    return annual_asset_cost(capex, upkeep * capex, life, RATE)


def our_site(seed: int, steps: int) -> Site:
    def part(name: str, *fields: str) -> dict[str, Any]:
        capex, upkeep, life = COSTS[name]
        return dict(zip(fields, (capex, upkeep * capex, life), strict=True))

    sources = [
        Source(name, curve, **part(name, "capex", "opex", "lifetime"))
        for name, curve in curves(seed, steps).items()
    ]
    battery = Storage(
        "battery",
        charge_efficiency=BATTERY,
        discharge_efficiency=BATTERY,
        **part("inverter", "power_capex", "power_opex", "lifetime"),
        **part("cells", "energy_capex", "energy_opex", "energy_lifetime"),
    )
    hydrogen = Storage(
        "hydrogen",
        charge_efficiency=ELECTROLYSER,
        discharge_efficiency=TURBINE,
        **part("turbine", "power_capex", "power_opex", "lifetime"),
        **part("electrolyser", "charge_power_capex", "charge_power_opex", "charge_lifetime"),
        **part("cavern", "energy_capex", "energy_opex", "energy_lifetime"),
    )
    load = pd.Series(LOAD, index(steps))
    return Site(load, sources, [battery, hydrogen], discount_rate=RATE)


def pypsa_network(seed: int, steps: int) -> Any:
    """The same with stores and links: the size of a link is the power on the side it takes from."""
    import pypsa

    n = pypsa.Network()
    n.set_snapshots(index(steps))
    n.snapshot_weightings["objective"] = 8760 / steps
    n.add("Bus", ["electricity", "battery", "hydrogen"])
    n.add("Load", "load", bus="electricity", p_set=LOAD)
    for name, curve in curves(seed, steps).items():
        n.add(
            "Generator",
            name,
            bus="electricity",
            p_nom_extendable=True,
            p_max_pu=pd.Series(curve, n.snapshots),
            capital_cost=yearly(name),
        )
    for bus, cost in (("battery", yearly("cells")), ("hydrogen", yearly("cavern"))):
        n.add("Store", bus, bus=bus, e_nom_extendable=True, e_cyclic=True, capital_cost=cost)
    links = {
        "charger": ("electricity", "battery", BATTERY, yearly("inverter")),
        "discharger": ("battery", "electricity", BATTERY, 0.0),
        "electrolyser": ("electricity", "hydrogen", ELECTROLYSER, yearly("electrolyser")),
        "turbine": ("hydrogen", "electricity", TURBINE, yearly("turbine") * TURBINE),
    }
    for name, (taken, given, efficiency, cost) in links.items():
        n.add(
            "Link",
            name,
            bus0=taken,
            bus1=given,
            p_nom_extendable=True,
            efficiency=efficiency,
            capital_cost=cost,
        )
    return n


def one_inverter(n: Any, _snapshots: Any) -> None:
    """What the battery takes and gives at most is the same on the side of the load."""
    sizes = n.model["Link-p_nom"]
    held = sizes.loc["charger"] - BATTERY * sizes.loc["discharger"] == 0
    n.model.add_constraints(held, name="one-inverter")


@pytest.mark.parametrize(
    ("seed", "days"), [(1, 7), pytest.param(3, 14, marks=pytest.mark.campaign)]
)
def test_sizes_and_cost_are_those_of_pypsa(seed: int, days: int) -> None:
    n = pypsa_network(seed, 24 * days)
    status, condition = n.optimize(
        solver_name="highs",
        extra_functionality=one_inverter,
        log_to_console=False,
        include_objective_constant=False,
    )
    assert (status, condition) == ("ok", "optimal")
    plan = size(our_site(seed, 24 * days))
    assert plan.status == "optimal"
    assert plan.annual_cost == pytest.approx(1000 * n.objective, rel=1e-6)
    links, stores = n.links.p_nom_opt, n.stores.e_nom_opt
    theirs = {
        "hydrogen_charge_power": links["electrolyser"],
        "hydrogen_power": links["turbine"] * TURBINE,
        "hydrogen_energy": stores["hydrogen"],
        "battery_power": links["charger"],
        "battery_energy": stores["battery"],
    }
    assert plan.capacities[list(theirs)].to_dict() == pytest.approx(theirs, rel=1e-4, abs=1e-3)
    assert plan.capacities["hydrogen_charge_power"] > 1.0  # the hydrogen chain is really used
