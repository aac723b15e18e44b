"""One small site with every kind of part, and a plan of it that can be checked by hand.

Four half hours. Everything is invented and every number stands here.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from greenland.energy.site import (
    DemandCharge,
    Electrolyser,
    FixedAsset,
    Grid,
    InterruptibleLoad,
    Limits,
    ShiftableLoad,
    Site,
    Source,
    Storage,
)

STEPS = pd.date_range("2025-03-31 23:00", periods=4, freq="30min", tz="Asia/Shanghai")
# Two hours stand for a year.
PER_YEAR = 8760 / 2


def parts() -> dict[str, Any]:
    """Fields of the site; storages keep 0.81 of their energy in an hour, 0.9 in a step."""
    return {
        "load": pd.Series(10.0, STEPS),
        "sources": (
            Source(
                "pv",
                [0.0, 1.0, 0.5, 0.0],
                capex=3000,
                opex=50,
                lifetime=20,
                existing_mw=2,
                min_mw=5,
                max_mw=40,
                variable_cost=0.01,
                land_mu_per_mw=10,
                roof_m2_per_mw=5,
                replacement_cost=100,
                replacement_years=(10,),
            ),
        ),
        "storages": (
            Storage(
                "battery",
                power_capex=300,
                energy_capex=700,
                power_opex=3,
                energy_opex=7,
                lifetime=12,
                charge_efficiency=0.9,
                discharge_efficiency=0.8,
                max_soc=0.9,
                min_soc=0.1,
                self_discharge=0.19,
                min_hours=1,
                max_hours=4,
                initial_energy=0.25,
                shared_power=True,
                existing_mw=1,
                existing_mwh=2,
                min_mw=1,
                min_mwh=1,
                max_mw=20,
                max_mwh=20,
                throughput_cost=0.02,
                replacement_cost=200,
                replacement_years=(6,),
            ),
            Storage(
                "second",
                charge_efficiency=0.8,
                discharge_efficiency=0.5,
                self_discharge=0.19,
                initial_energy=0.0,
                grid_charging=True,
            ),
        ),
        "grid": Grid(
            max_capacity_mw=20,
            min_capacity_mw=5,
            existing_mw=3,
            capex=200,
            opex=4,
            lifetime=25,
            import_price=[0.3, 0.5, 0.5, 0.8],
            export_price=[0.1, 0.2, 0.1, 0.1],
            self_use_price=0.05,
            capacity_price=20,
            demand_charges=(
                DemandCharge(30.0),
                DemandCharge({3: 5.0}, when=[False, True, True, True], name="late"),
            ),
            fixed_cost=1e5,
            max_import_mw=14,
            max_export_mw=3,
            export_allowed=[True, True, False, True],
            emission_factor=[0.5, 0.5, 0.5, 0.25],
        ),
        "limits": Limits(
            min_self_use_of_generation=0.3,
            min_self_use_of_consumption=0.3,
            max_export_share=0.2,
            max_curtailment_share=0.6,
            max_unserved_share=0.5,
            max_land_mu=1000,
            max_roof_m2=1000,
            max_capex_yuan=1e9,
            max_co2_t=1e6,
        ),
        "shiftable": (ShiftableLoad("mill", [2.0] * 4, max_mw=3, min_mw=1, window_hours=1),),
        "interruptible": (InterruptibleLoad("kiln", 2.0, price=1.5, max_share=0.5),),
        "electrolysers": (
            Electrolyser(
                "cell",
                mwh_per_t=50,
                min_product_t=150,
                product_price=20_000,
                capex=2000,
                opex=40,
                lifetime=10,
                existing_mw=0.5,
                min_mw=1,
                max_mw=10,
                min_load_share=0.25,
            ),
        ),
        "fixed_assets": (FixedAsset("line", capex=1e6, opex=1e4, lifetime=25),),
        "discount_rate": 0.0,
        "unserved_price": 4.0,
    }


def whole(**changes: Any) -> Site:
    """The site; *changes* of its fields on top."""
    return Site(**(parts() | changes))


CAPACITIES = {
    "pv": 24.0,
    "battery_power": 5.0,
    "battery_energy": 8.0,
    "second_power": 2.0,
    "second_energy": 3.0,
    "cell": 2.0,
    "grid": 15.0,
}


def schedule() -> pd.DataFrame:
    """A plan that closes.

    Battery from 2 MWh: 0.9 x 2 = 1.8; 0.9 x 1.8 + 0.5 x 0.9 x 4 = 3.42; 3.078;
    2.7702 - 0.5 x 1.23232 / 0.8 = 2. Second, of which grid energy: 0.5 x 0.8 x 1 = 0.4 (0.4);
    0.36 + 0.5 x 0.8 x 2 = 1.16 (0.36); 1.044 - 0.3 = 0.744 (0.324 - 0.1 = 0.224); nothing.
    """
    return pd.DataFrame(
        {
            "load": [10.0, 10.0, 10.0, 10.0],
            "mill": [1.0, 3.0, 2.0, 2.0],
            "kiln": [0.0, 0.0, 1.0, 0.0],
            "cell": [1.0, 2.0, 1.0, 0.5],
            "unserved": [0.0, 0.0, 0.0, 0.5],
            "pv": [0.0, 24.0, 12.0, 0.0],
            "import": [13.0, 0.0, 0.0, 10.09808],
            "export": [0.0, 2.0, 0.0, 0.0],
            "curtailment": [0.0, 1.0, 0.3, 0.0],
            "battery_charge": [0.0, 4.0, 0.0, 0.0],
            "battery_discharge": [0.0, 0.0, 0.0, 1.23232],
            "battery_energy": [1.8, 3.42, 3.078, 2.0],
            "second_charge": [1.0, 2.0, 0.0, 0.0],
            "second_discharge": [0.0, 0.0, 0.3, 0.6696],
            "second_energy": [0.4, 1.16, 0.744, 0.0],
            "second_grid_charge": [1.0, 0.0, 0.0, 0.0],
            "second_grid_discharge": [0.0, 0.0, 0.1, 0.2016],
            "second_grid_energy": [0.4, 0.36, 0.224, 0.0],
        },
        index=STEPS,
    )
