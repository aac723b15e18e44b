"""Published optima of NREL's REopt scripts (BSD-3-Clause), read from the external data.

Powers in kW are stated as MW and energies as MWh: the problem is the same, its costs a thousand
times larger. Each asset costs its net present cost over the bill multiplier per year.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from greenland.energy.plan.plan import Plan
from greenland.energy.site import DemandCharge, Grid, Site, Source, Storage
from greenland.energy.sizing.solve import size

FOLDER = (
    Path(os.environ.get("GREENLAND_EXTERNAL_DATA", ""))
    if "GREENLAND_EXTERNAL_DATA" in os.environ
    else Path(__file__).resolve().parents[3] / "shared" / "data"
) / "reopt"

pytestmark = [
    pytest.mark.external,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="external data not there"),
]


def case(name: str) -> tuple[dict[str, Any], pd.DataFrame]:
    inputs = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return inputs, pd.read_csv(FOLDER / f"{name}.csv")


def sized(name: str, source: str) -> tuple[Plan, dict[str, Any]]:
    inputs, table = case(name)
    hours = pd.date_range("2017-01-01", periods=len(table), freq="h")
    assert (table["month"].to_numpy() == hours.month).all()
    worth = inputs["bill_multiplier_Ke"]
    monthly = dict(enumerate(inputs["monthly_demand_price"], start=1))
    charges = [DemandCharge(monthly)]
    for period, price in inputs["tou_demand_price"].items():
        if price:
            when = (table["tou_period"] == int(period)).to_numpy()
            charges.append(DemandCharge(price, when, f"period_{period}"))
    site = Site(
        load=pd.Series(table["load_kw"].to_numpy(), hours),
        sources=[
            Source(
                source,
                np.minimum(table[f"{source}_pu"].to_numpy(), 1.0),
                opex=inputs[f"npv_cost_per_kw_{source}"] / worth,
            )
        ],
        storages=[
            Storage(
                "battery",
                power_opex=inputs["npv_cost_per_kw_batt"] / worth,
                energy_opex=inputs["npv_cost_per_kwh_batt"] / worth,
                charge_efficiency=inputs["eta_c"],
                discharge_efficiency=inputs["eta_d"],
                depth_of_discharge=1 - inputs["soc_min"],
                initial_energy=inputs["soc_init"],
                cyclic=False,
                grid_charging=True,
                shared_power=True,
            )
        ],
        grid=Grid(
            import_price=table["price"].to_numpy(), export_allowed=False, demand_charges=charges
        ),
    )
    return size(site), inputs


@pytest.mark.parametrize(
    ("name", "source"), [("reopt_wind_battery", "wind"), ("reopt_site3-With-PV", "pv")]
)
def test_published_optimum(name: str, source: str) -> None:
    plan, inputs = sized(name, source)
    expected = inputs["expected"]
    cost = plan.annual_cost / 1000 * inputs["bill_multiplier_Ke"] + inputs.get("constant_lcc", 0)
    print(name, plan.engine, plan.quality.seconds, cost, expected["lcc"], dict(plan.capacities))
    assert cost == pytest.approx(expected["lcc"], rel=2e-5)
    assert plan.capacities[source] == pytest.approx(expected[f"{source}_kw"], rel=0.01)
    assert plan.capacities["battery_power"] == pytest.approx(expected["batt_kw"], rel=0.01)
    assert plan.capacities["battery_energy"] == pytest.approx(expected["batt_kwh"], rel=0.01)
    # the energy bill and the demand bill of the first year, as published
    assert plan.costs["demand_charge"] / 1000 == pytest.approx(expected["year1_demand"], rel=0.01)
    assert plan.costs["energy_purchase"] / 1000 == pytest.approx(expected["year1_energy"], rel=0.01)
