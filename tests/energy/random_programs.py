"""Seeded random problems: linear programs in time order, and sites with every option."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import sparse
from sites import battery, profiles

from greenland.energy.interior import GLOBAL, Program
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


def random_program(seed: int) -> Program:
    """A feasible, bounded program of the form the engine takes, of any make.

    Local columns meet rows of their own and the next step; rows and columns have all kinds of
    bounds; a few rows and columns are global. A point that keeps all bounds is made first, and a
    dual one, so that an optimum exists.
    """
    rng = np.random.default_rng(seed)
    steps, per_step = int(rng.integers(3, 40)), int(rng.integers(2, 6))
    globals_, border, rows_per_step = (int(rng.integers(*r)) for r in ((0, 5), (0, 4), (1, 4)))
    columns = globals_ + steps * per_step
    column_step = np.concatenate([np.full(globals_, GLOBAL), np.repeat(np.arange(steps), per_step)])
    blocks, row_step = [], []
    for t in range(steps):
        for _row in range(rows_per_step):
            line = np.zeros(columns)
            own = globals_ + t * per_step
            line[own : own + per_step] = rng.normal(size=per_step) * (rng.random(per_step) < 0.7)
            if t and rng.random() < 0.6:
                line[own - 1 - int(rng.integers(per_step))] = rng.normal()
            if globals_ and rng.random() < 0.7:
                line[int(rng.integers(globals_))] = rng.normal()
            if not line.any():
                line[own] = 1.0
            blocks.append(line)
            row_step.append(t)
        bounding = np.zeros(columns)
        bounding[globals_ + t * per_step] = 1.0
        if globals_:
            bounding[0] = -1.0
        blocks.append(bounding)
        row_step.append(t)
    for _row in range(border):
        blocks.append(rng.normal(size=columns) * (rng.random(columns) < 0.5))
        row_step.append(GLOBAL)
    dense = np.array(blocks)
    kept = dense.any(axis=1)
    matrix = sparse.csr_array(dense[kept])
    return _sides(rng, matrix, np.array(row_step)[kept], column_step)


def _sides(rng, matrix, row_step, column_step) -> Program:
    """Bounds and costs with a known primal and dual point."""
    rows, columns = matrix.shape
    x = rng.normal(size=columns)
    kind = rng.integers(0, 5, columns)
    lower = np.where(
        kind == 4,
        -np.inf,
        np.where(
            kind == 3, -np.inf, x - rng.exponential(size=columns) * (rng.random(columns) < 0.6)
        ),
    )
    upper = np.where(
        (kind == 1) | (kind == 3),
        x + rng.exponential(size=columns) * (rng.random(columns) < 0.6),
        np.inf,
    )
    activity = matrix @ x
    row_kind = rng.integers(0, 4, rows)
    slack = rng.exponential(size=rows) * (rng.random(rows) < 0.6)
    row_lower = np.where(row_kind == 1, -np.inf, activity - np.where(row_kind == 0, 0, slack))
    more = rng.exponential(size=rows) * (rng.random(rows) < 0.6)
    row_upper = np.where(row_kind == 2, np.inf, activity + np.where(row_kind == 0, 0, more))
    y = rng.normal(size=rows)
    y = np.where(np.isneginf(row_lower), -np.abs(y), np.where(np.isposinf(row_upper), np.abs(y), y))
    y *= (row_lower == activity) | (row_upper == activity)
    z = rng.normal(size=columns)
    free = np.isneginf(lower) & np.isposinf(upper)
    z = np.where(
        free,
        0.0,
        np.where(np.isneginf(lower), -np.abs(z), np.where(np.isposinf(upper), np.abs(z), z)),
    )
    return Program(
        cost=matrix.T @ y + z,
        matrix=matrix,
        row_lower=row_lower,
        row_upper=row_upper,
        column_lower=lower,
        column_upper=upper,
        row_step=row_step,
        column_step=column_step,
        offset=float(rng.normal()),
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
