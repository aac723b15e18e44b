"""Small invented sites that together use every family of the model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.site import (
    ContractDemand,
    DemandCharge,
    Electrolyser,
    Generator,
    Grid,
    InterruptibleLoad,
    Limits,
    MaintenanceWindow,
    PurchaseContract,
    ShiftableLoad,
    Site,
    Source,
    Storage,
)


def index(days: float = 2, freq: str = "h", start: str = "2025-01-30") -> pd.DatetimeIndex:
    """A regular index that crosses a month."""
    per_day = 24 if freq == "h" else 96
    return pd.date_range(start, periods=int(days * per_day), freq=freq, tz="Asia/Shanghai")


def profiles(when: pd.DatetimeIndex, seed: int = 0) -> dict[str, pd.Series]:
    """Invented load, sun, wind and prices."""
    rng = np.random.default_rng(seed)
    hour = when.hour + when.minute / 60
    clouds = rng.uniform(0.3, 1.0, len(when) // 24 + 2)[np.arange(len(when)) // 24]
    pv = np.clip(np.sin((hour - 6.5) / 12 * np.pi), 0, None) * clouds
    gusts = np.convolve(rng.normal(size=len(when) + 11), np.ones(12) / 3.5, "valid")
    wind = 1 / (1 + np.exp(1.0 - 1.5 * gusts))
    load = 60 + 10 * np.sin((hour - 9) / 12 * np.pi) + rng.normal(scale=2, size=len(when))
    peak = ((hour >= 7) & (hour < 9)) | (hour >= 18)
    valley = ((hour >= 2) & (hour < 6)) | ((hour >= 12) & (hour < 16))
    buy = np.where(peak, 0.55, np.where(valley, 0.28, 0.41))
    parts = {"load": load, "pv": pv, "wind": wind, "buy": buy}
    return {name: pd.Series(np.round(v, 4), index=when) for name, v in parts.items()}


def battery(name: str = "battery", **changes: Any) -> Storage:
    """A storage with ordinary figures."""
    made = Storage(
        name,
        power_capex=300,
        energy_capex=700,
        charge_efficiency=0.93,
        discharge_efficiency=0.93,
        depth_of_discharge=0.85,
    )
    return replace(made, **changes)


def biomass(**changes: Any) -> Generator:
    """A green generator that is worth its fuel in dear hours; invented."""
    made = Generator(
        "biomass",
        "biomass",
        15,
        green=True,
        capex=1500,
        opex=50,
        max_mw=20,
        efficiency=0.3,
        fuel_kwh=3500.0,
        fuel_price=250.0,
        max_fuel=20_000.0,
        availability=0.9,
        min_load_share=0.2,
    )
    return replace(made, **changes)


def gas(**changes: Any) -> Generator:
    """A generator that is not green; invented."""
    made = Generator(
        "gas",
        "gas",
        20,
        capex=800,
        opex=20,
        efficiency=0.4,
        fuel_kwh=9.9,
        fuel_price=1.2,
        emission_factor=2.1,
    )
    return replace(made, **changes)


def site(days: float = 2, seed: int = 0, freq: str = "h", **changes: Any) -> Site:
    """Two sources, a storage, a grid connection and the four ratio limits; *changes* on top."""
    p = profiles(index(days, freq), seed)
    grid = Grid(capacity_mw=80, import_price=p["buy"], export_price=0.12)
    parts: dict[str, Any] = {
        "load": p["load"],
        "sources": [
            Source("pv", p["pv"], capex=2700, opex=40, lifetime=25),
            Source("wind", p["wind"], capex=3600, opex=50, lifetime=20, max_mw=300),
        ],
        "storages": [battery()],
        "grid": grid,
        "limits": Limits(
            min_self_use_of_generation=0.60,
            min_self_use_of_consumption=0.30,
            max_export_share=0.20,
        ),
        "discount_rate": 0.07,
    }
    return Site(**{**parts, **changes})


def variants() -> dict[str, Site]:
    """Sites by name; every family occurs in at least one."""
    when = index()
    p = profiles(when)
    sources = list(site().sources)
    grid = Grid(capacity_mw=80, import_price=p["buy"], export_price=0.12)
    noon = pd.Series((when.hour < 10) | (when.hour > 15), index=when)
    evening = pd.Series(when.hour >= 18, index=when)
    several = pd.DatetimeIndex(
        np.concatenate(
            [
                pd.date_range(f"{y}-12-30", periods=48, freq="h", tz="Asia/Shanghai")
                for y in (2022, 2023, 2024)
            ]
        )
    )
    return {
        "plain": site(),
        "no_storage": site(storages=[]),
        "quarter_hours": site(days=1, freq="15min"),
        "mask": site(grid=replace(grid, export_allowed=noon, max_export_mw=30)),
        "two_storages": site(
            storages=[
                battery(self_discharge=0.001, min_hours=1, max_hours=6),
                battery(
                    "pumped",
                    energy_capex=300,
                    shared_power=True,
                    initial_energy=0.5,
                    final_energy="at_least",
                ),
            ]
        ),
        "grid_charging": site(
            storages=[
                battery(grid_charging=True),
                battery("second", shared_power=True, grid_charging=True, power_capex=200),
                battery("green", cyclic=False, initial_energy=0.3),
            ]
        ),
        "storage_ends": site(
            storages=[
                battery(grid_charging=True, self_discharge=0.002, final_energy="at_least"),
                battery("second", grid_charging=True, initial_energy=0.3, final_energy=0.6),
                battery("third", grid_charging=True, initial_energy=0.6, final_energy=0.3),
                battery("fourth", grid_charging=True, initial_energy=0.6, final_energy="free"),
                battery("green", initial_energy=0.3, final_energy=0.5, power_capex=250),
            ]
        ),
        "demand": site(
            grid=replace(
                grid,
                demand_charges=[
                    DemandCharge(36.0),
                    DemandCharge({1: 10.0, 2: 12.0}, when=evening, name="evening"),
                ],
            )
        ),
        "decided_connection": site(
            grid=replace(grid, capacity_mw=None, max_capacity_mw=120, capacity_price=25, capex=200)
        ),
        "contracts": site(
            grid=replace(
                grid,
                capacity_mw=None,
                max_capacity_mw=120,
                capex=200,
                demand_charges=[
                    DemandCharge(36.0, contract=ContractDemand(1.05, 2.0, least_share=0.4)),
                    DemandCharge(6.0, contract=ContractDemand(1.05, 2.0, declared_mw=20.0)),
                ],
            ),
            sources=[
                *sources,
                replace(
                    sources[1],
                    name="seller",
                    capex=0.0,
                    max_mw=20.0,
                    purchase=PurchaseContract(0.31, min_take_mwh=30_000.0),
                ),
            ],
        ),
        "off_grid": site(
            grid=None,
            limits=Limits(max_unserved_share=0.02),
            unserved_price=5.0,
        ),
        "flexible": site(
            shiftable=[ShiftableLoad("mill", p["load"] * 0.1, max_mw=15, window_hours=12)],
            interruptible=[InterruptibleLoad("kiln", 5.0, price=2.0, max_share=0.1)],
            electrolysers=[
                Electrolyser(
                    "hydrogen",
                    mwh_per_t=52,
                    min_product_t=500,
                    capex=2000,
                    min_load_share=0.2,
                )
            ],
            grid=replace(grid, self_use_price=0.03, emission_factor=0.5),
            limits=Limits(
                min_self_use_of_generation=0.6,
                min_self_use_of_consumption=0.3,
                max_curtailment_share=0.1,
                max_co2_t=60_000,
            ),
        ),
        "caps": site(
            sources=[
                replace(sources[0], land_mu_per_mw=20, existing_mw=10, roof_m2_per_mw=8000),
                replace(sources[1], land_mu_per_mw=2),
            ],
            grid=replace(grid, max_import_mw=70),
            limits=Limits(
                max_export_share_of_delivered=0.25,
                max_land_mu=3000,
                max_roof_m2=1_600_000,
                max_capex_yuan=9e8,
                max_peak_valley_ratio=0.9,
                self_use_reading="a",
                min_self_use_of_generation=0.5,
            ),
        ),
        "stopping": site(
            generators=[
                biomass(can_stop=True, start_cost=500.0, start_cost_per_mw=100.0),
                gas(max_mw=20.0, min_load_share=0.3, can_stop=True),
            ],
            electrolysers=[
                Electrolyser(
                    "hydrogen",
                    mwh_per_t=52,
                    product_price=20_000,
                    capex=2000,
                    max_mw=10.0,
                    min_load_share=0.2,
                    can_stop=True,
                    start_cost=200.0,
                )
            ],
            grid=replace(grid, capacity_mw=50),
        ),
        "maintenance": site(
            generators=[
                biomass(existing_mw=5.0, maintenance=MaintenanceWindow(hours=8)),
                gas(maintenance=MaintenanceWindow(hours=8)),
            ],
            grid=replace(grid, capacity_mw=50),
        ),
        "generators": site(
            storages=[battery(grid_charging=True)],
            generators=[biomass(), gas()],
            electrolysers=[
                Electrolyser(
                    "hydrogen",
                    mwh_per_t=52,
                    capex=2000,
                    product_price=20_000,
                    variable_cost=500,
                    min_daily_product_t=0.5,
                    max_daily_product_t=2.0,
                    max_mw=10,
                )
            ],
            grid=replace(grid, capacity_mw=50, emission_factor=0.5, self_use_price=0.03),
            limits=Limits(
                min_self_use_of_generation=0.6,
                min_self_use_of_consumption=0.3,
                max_export_share=0.2,
                max_co2_t=150_000,
            ),
        ),
        "charge_power": site(
            grid=None,
            limits=Limits(max_unserved_share=0.02),
            unserved_price=5.0,
            generators=[gas(max_mw=10.0, fuel_price=4.0)],
            storages=[
                battery(charge_ratio=0.5),
                battery(
                    "hydrogen",
                    charge_power_capex=200,
                    energy_capex=20,
                    charge_efficiency=0.7,
                    discharge_efficiency=0.6,
                ),
            ],
        ),
        "weather_years": Site(
            load=pd.Series(p["load"].to_numpy().repeat(3), index=several),
            sources=[Source("pv", np.tile(p["pv"].to_numpy(), 3), capex=2700, opex=40)],
            storages=[battery()],
            grid=Grid(capacity_mw=80, import_price=0.5, export_price=0.1),
            limits=Limits(min_self_use_of_generation=0.6, min_self_use_of_consumption=0.1),
            weather_years="each",
        ),
    }
