"""The same problem stated to PyPSA: objectives agree to 1e-6, and so does infeasibility.

PyPSA has a generation bus and a load bus joined by a one-way link, so that energy bought cannot
be stored or sold; shares are added to its model by hand.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from drawn import seeds
from model_sites import index

from greenland.energy.problem.annuity import annual_asset_cost
from greenland.energy.problem.solution import Status
from greenland.energy.site import Grid, Limits, Site, Source, Storage
from greenland.energy.sizing.solve import size

pytestmark = [
    pytest.mark.compare,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),
]

CASES = 24
SHORT = 2  # of them without the long form
RATE = 0.07


def random_case(seed: int) -> dict[str, Any]:
    """Two sources, a storage of given hours and four shares, drawn at random; invented."""
    rng = np.random.default_rng(seed)
    steps = int(rng.choice([24, 48, 72, 168]))
    hour = np.arange(steps) % 24
    base = rng.uniform(20, 90)
    pv = np.clip(np.sin((hour - 6) / 12 * np.pi), 0, 1) * rng.uniform(0.3, 1, steps)
    wind = np.clip(rng.uniform(0.1, 0.5) + 0.2 * rng.standard_normal(steps), 0, 1)
    buy = np.where((hour >= 18) | (hour < 8), rng.uniform(0.5, 0.9), rng.uniform(0.2, 0.5))
    return {
        "load": base * (1 + 0.3 * np.sin(hour / 24 * 2 * np.pi)) + rng.uniform(0, 5, steps),
        "pv": pv,
        "wind": wind,
        "buy": buy,
        "sell": float(rng.uniform(0.0, 0.19)),
        "capacity": float(base * rng.choice([0.9, 1.5, 2.0])),
        "pv_capex": float(rng.uniform(1500, 3500)),
        "wind_capex": float(rng.uniform(2500, 5000)),
        "pv_max": float(base * rng.choice([0.5, 3.0, 20.0])),
        "wind_max": float(base * rng.choice([0.3, 2.0, 20.0])),
        "storage": (float(rng.uniform(200, 500)), float(rng.uniform(300, 900))),
        "hours": float(rng.choice([1, 2, 4])),
        "efficiency": float(rng.uniform(0.85, 0.97)),
        "loss": float(rng.choice([0.0, 0.002])),
        "use": float(rng.choice([0.6, 0.8])),
        "green": float(rng.choice([0.3, 0.5, 0.7])),
        "export": float(rng.choice([0.0, 0.1, 0.2])),
        "curtail": rng.choice([None, 0.05, 0.3]),
    }


def our_site(case: dict[str, Any]) -> Site:
    return Site(
        load=pd.Series(case["load"], index(len(case["load"]))),
        sources=[
            Source("pv", case["pv"], capex=case["pv_capex"], opex=40, max_mw=case["pv_max"]),
            Source(
                "wind",
                case["wind"],
                capex=case["wind_capex"],
                opex=50,
                lifetime=20,
                max_mw=case["wind_max"],
            ),
        ],
        storages=[
            Storage(
                "battery",
                power_capex=case["storage"][0],
                energy_capex=case["storage"][1],
                charge_efficiency=case["efficiency"],
                discharge_efficiency=case["efficiency"],
                self_discharge=case["loss"],
                min_hours=case["hours"],
                max_hours=case["hours"],
            )
        ],
        grid=Grid(
            capacity_mw=case["capacity"], import_price=case["buy"], export_price=case["sell"]
        ),
        limits=Limits(
            min_self_use_of_generation=case["use"],
            min_self_use_of_consumption=case["green"],
            max_export_share=case["export"],
            max_curtailment_share=case["curtail"],
        ),
        discount_rate=RATE,
    )


def pypsa_network(case: dict[str, Any]) -> Any:
    import pypsa

    steps = len(case["load"])
    n = pypsa.Network()
    n.set_snapshots(index(steps))
    n.snapshot_weightings["objective"] = 8760 / steps
    n.add("Bus", ["site", "consumer"])
    n.add("Load", "load", bus="consumer", p_set=case["load"])
    n.add(
        "Generator",
        "import",
        bus="consumer",
        p_nom=case["capacity"],
        marginal_cost=pd.Series(case["buy"], n.snapshots),
    )
    n.add("Link", "line", bus0="site", bus1="consumer", p_nom=1e5)
    for name, life, opex in (("pv", 25, 40), ("wind", 20, 50)):
        n.add(
            "Generator",
            name,
            bus="site",
            p_nom_extendable=True,
            p_nom_max=case[f"{name}_max"],
            p_max_pu=pd.Series(case[name], n.snapshots),
            capital_cost=annual_asset_cost(case[f"{name}_capex"], opex, life, RATE),
        )
    n.add(
        "Generator",
        "export",
        bus="site",
        sign=-1,
        p_nom=case["capacity"],
        marginal_cost=-case["sell"],
    )
    power, energy = case["storage"]
    n.add(
        "StorageUnit",
        "battery",
        bus="site",
        p_nom_extendable=True,
        max_hours=case["hours"],
        efficiency_store=case["efficiency"],
        efficiency_dispatch=case["efficiency"],
        standing_loss=case["loss"],
        cyclic_state_of_charge=True,
        capital_cost=annual_asset_cost(power + case["hours"] * energy, 0, 12, RATE),
    )
    return n


def add_shares(case: dict[str, Any]) -> Any:
    def extra(n: Any, snapshots: Any) -> None:
        m = n.model
        p, size_of = m.variables["Generator-p"], m.variables["Generator-p_nom"]
        bought = p.sel(name="import").sum()
        sold = p.sel(name="export").sum()
        used = p.sel(name=["pv", "wind"]).sum()
        made = size_of.sel(name="pv") * float(case["pv"].sum())
        made = made + size_of.sel(name="wind") * float(case["wind"].sum())
        total = float(case["load"].sum())
        m.add_constraints(used - sold - case["use"] * made >= 0, name="use_a")
        m.add_constraints(bought + case["use"] * made <= total, name="use_b")
        m.add_constraints(bought <= (1 - case["green"]) * total, name="green")
        m.add_constraints(sold - case["export"] * made <= 0, name="export_share")
        if case["curtail"] is not None:
            m.add_constraints((1 - case["curtail"]) * made - used <= 0, name="curtailed")

    return extra


def pypsa_answer(case: dict[str, Any]) -> tuple[str, float]:
    n = pypsa_network(case)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _status, condition = n.optimize(
            solver_name="highs",
            solver_options={"output_flag": False},
            extra_functionality=add_shares(case),
            include_objective_constant=False,
        )
    return condition, float(n.objective) if condition == "optimal" else float("nan")


@pytest.mark.parametrize("seed", seeds(SHORT, CASES))
def test_objective_agrees(seed: int) -> None:
    case = random_case(seed)
    plan = size(our_site(case))
    condition, objective = pypsa_answer(case)
    if plan.status is Status.OPTIMAL:
        assert condition == "optimal"
        assert plan.annual_cost / 1000 == pytest.approx(objective, rel=1e-6)
    else:
        assert plan.status is Status.INFEASIBLE
        assert "infeasible" in condition


def test_cases_include_infeasible_ones() -> None:
    statuses = [size(our_site(random_case(seed))).status for seed in range(CASES)]
    assert 3 <= statuses.count(Status.INFEASIBLE) <= CASES - 12
