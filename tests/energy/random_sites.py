"""Seeded random sites with every option."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from sites import battery, profiles

from greenland.energy.site import (
    DemandCharge,
    Electrolyser,
    Grid,
    InterruptibleLoad,
    Limits,
    ShiftableLoad,
    Site,
    Source,
)


def random_site(seed: int) -> Site:
    """A site of two to seven days with a random choice of everything a site can have."""
    rng = np.random.default_rng(10_000 + seed)
    freq = "h" if rng.random() < 0.8 else "15min"
    days = int(rng.integers(2, 8)) if freq == "h" else 2
    start = pd.Timestamp("2025-01-01", tz="Asia/Shanghai") + pd.Timedelta(
        days=int(rng.integers(0, 360))
    )
    when = pd.date_range(start, periods=days * (24 if freq == "h" else 96), freq=freq)
    p = profiles(when, seed)
    sources = [
        Source("pv", p["pv"], capex=float(rng.uniform(2000, 3500)), opex=40, land_mu_per_mw=20),
        Source("wind", p["wind"], capex=float(rng.uniform(3000, 5000)), opex=50, lifetime=20),
    ][: int(rng.integers(1, 3))]
    stores = [
        battery(
            name,
            power_capex=float(rng.uniform(100, 900)),
            energy_capex=float(rng.uniform(200, 1200)),
            self_discharge=float(rng.choice([0, 1e-4, 1e-3])),
            grid_charging=bool(rng.random() < 0.25),
            shared_power=bool(rng.random() < 0.3),
            min_hours=float(rng.choice([1, 2])) if rng.random() < 0.3 else None,
            max_hours=float(rng.choice([4, 8])) if rng.random() < 0.3 else None,
            initial_energy=0.5 if rng.random() < 0.2 else None,
        )
        for name in ("battery", "second")[: int(rng.integers(0, 3))]
    ]
    grid = _grid(rng, when, p) if rng.random() < 0.9 else None
    flexible = {}
    if rng.random() < 0.15:
        flexible["shiftable"] = [ShiftableLoad("mill", p["load"] * 0.1, max_mw=20.0)]
    if rng.random() < 0.15:
        flexible["interruptible"] = [InterruptibleLoad("kiln", 5.0, price=1.5, max_share=0.2)]
    if rng.random() < 0.15:
        flexible["electrolysers"] = [
            Electrolyser("hydrogen", mwh_per_t=52, min_product_t=400, capex=2000)
        ]
    return Site(
        load=p["load"],
        sources=sources,
        storages=stores,
        grid=grid,
        limits=_limits(rng, grid is None),
        discount_rate=0.07,
        unserved_price=4.0,
        **flexible,
    )


def _grid(rng, when, p) -> Grid:
    price = p["buy"] if rng.random() < 0.8 else 0.4
    grid = Grid(capacity_mw=float(rng.uniform(70, 120)), import_price=price, export_price=0.15)
    if rng.random() < 0.2:
        grid = replace(grid, capacity_mw=None, max_capacity_mw=150.0, capacity_price=25.0)
    if rng.random() < 0.3:
        grid = replace(grid, export_allowed=pd.Series(when.hour % 24 < 11, index=when))
    if rng.random() < 0.2:
        evening = pd.Series(when.hour >= 18, index=when)
        grid = replace(
            grid, demand_charges=[DemandCharge(36.0), DemandCharge(9.0, evening, "evening")]
        )
    return grid


def _limits(rng, off_grid: bool) -> Limits:
    if off_grid:
        return Limits(max_unserved_share=float(rng.choice([0.0, 0.01, 0.1])))

    def some(chance: float, *values: float) -> float | None:
        return float(rng.choice(values)) if rng.random() < chance else None

    return Limits(
        min_self_use_of_generation=some(0.7, 0.5, 0.6, 0.8),
        min_self_use_of_consumption=some(0.7, 0.3, 0.35, 0.6, 0.95),
        max_export_share=some(0.5, 0.0, 0.1, 0.2),
        max_curtailment_share=some(0.2, 0.05, 0.2),
        max_land_mu=some(0.2, 500.0, 3000.0),
        max_peak_valley_ratio=some(0.1, 0.9, 1.0),
        self_use_reading=str(rng.choice(["both", "a", "b"])),
    )
