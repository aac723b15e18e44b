"""Cases of the sizing benchmark: invented profiles and figures of ordinary size.

The example park's year comes from modelled weather (pvlib, a turbine's power curve) and measured
shapes of load; measured curves are used where the folder of real series is there; the others are
noise with the same habits, which can be made as long as wished.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.energy.site import DemandCharge, Grid, Limits, Site, Source, Storage

FIRST_YEAR = 2001
ROOT = Path(__file__).resolve().parents[1]
REAL = Path(os.environ.get("GREENLAND_EXTERNAL_DATA", ROOT.parent / "shared" / "data")) / "series"
"""Real series, as for the tests marked ``external``; not part of the project."""


def index(years: float = 1, freq: str = "h", first: int = FIRST_YEAR) -> pd.DatetimeIndex:
    """Calendar years one after the other, or the first part of one."""
    if years < 1:
        per_day = 24 if freq == "h" else 96
        steps = round(years * 365) * per_day
        return pd.date_range(f"{first}-01-01", periods=steps, freq=freq, tz="Asia/Shanghai")
    end = f"{first + int(years)}-01-01"
    return pd.date_range(f"{first}-01-01", end, freq=freq, inclusive="left", tz="Asia/Shanghai")


def _noise(rng: np.random.Generator, steps: int, hours: float, step_hours: float) -> np.ndarray:
    """Standard normal noise that keeps its mind for some hours."""
    from scipy.signal import lfilter

    keep = np.exp(-step_hours / hours)
    return lfilter([np.sqrt(1 - keep**2)], [1, -keep], rng.standard_normal(steps))


def profiles(when: pd.DatetimeIndex, seed: int = 1) -> dict[str, pd.Series]:
    """Load [MW], available output of sources [-], prices [yuan/kWh]."""
    rng = np.random.default_rng(seed)
    step = (when[1] - when[0]) / pd.Timedelta(hours=1)
    hour = (when.hour + when.minute / 60).to_numpy()
    day = when.dayofyear.to_numpy()
    number = np.cumsum(np.diff(when.normalize().asi8, prepend=0) > 0)
    clouds = np.clip(rng.beta(4, 2, number[-1] + 1), 0.1, 1)[number]
    sun = np.clip(np.sin((hour - 6.5) / 12 * np.pi), 0, None)
    pv = np.clip(0.9 * sun * clouds * (1 + 0.1 * np.cos(2 * np.pi * (day - 100) / 365)), 0, 1)
    winter = 0.6 * np.cos(2 * np.pi * (day - 45) / 365)
    wind = 1 / (1 + np.exp(-(1.6 * _noise(rng, len(when), 30, step) - 1.2 + winter)))
    other = 1 / (1 + np.exp(-(1.2 * _noise(rng, len(when), 60, step) - 1.0 - winter)))
    load = 64 + 10 * np.sin((hour - 9) / 12 * np.pi) + 2 * _noise(rng, len(when), 3, step)
    peak = ((hour >= 7) & (hour < 9)) | (hour >= 18)
    valley = ((hour >= 2) & (hour < 6)) | ((hour >= 12) & (hour < 16))
    buy = 0.15 + 0.25 * np.where(peak, 1.5, np.where(valley, 0.5, 1.0))
    pv[pv < 0.01] = 0
    parts = {"load": load, "pv": pv, "wind": wind, "other": other, "buy": buy}
    return {name: pd.Series(np.round(v, 5), index=when) for name, v in parts.items()}


def standard(years: float = 1, freq: str = "h", seed: int = 1, **changes: Any) -> Site:
    """Two sources, one storage, four ratio limits (self-use in both readings)."""
    p = profiles(index(years, freq), seed)
    parts: dict[str, Any] = {
        "load": p["load"],
        "sources": [
            Source("pv", p["pv"], capex=2700, opex=40, lifetime=25),
            Source("wind", p["wind"], capex=3600, opex=50, lifetime=20, max_mw=300),
        ],
        "storages": [
            Storage(
                "battery",
                power_capex=300,
                energy_capex=700,
                lifetime=12,
                charge_efficiency=0.93,
                discharge_efficiency=0.93,
                depth_of_discharge=0.85,
            )
        ],
        "grid": Grid(capacity_mw=80, import_price=p["buy"], export_price=0.12),
        "limits": Limits(
            min_self_use_of_generation=0.60,
            min_self_use_of_consumption=0.30,
            max_export_share=0.20,
        ),
        "discount_rate": 0.07,
    }
    return Site(**{**parts, **changes})


def example_park() -> Site:
    """The example park's year of load, sun and wind, with the figures of `standard`."""
    folder = ROOT / "examples" / "yunnan_park"
    return _with_curves(
        *(pd.read_csv(folder / f"{name}.csv").iloc[:, 1] for name in ("load", "pv", "wind"))
    )


def measured_year() -> Site:
    """A steel works (to a peak of 75 MW), a solar plant and a wind farm as they were metered."""
    from greenland.energy.profiles.load import meter
    from greenland.energy.profiles.timeline import resampled

    steel = resampled(meter.load(REAL / "steel_kr_2018_15min_original.csv.gz"), "1h")
    solar = pd.read_csv(REAL / "cn_stategrid_solar_site1_50MW_2019_2020_hourly.csv.gz")
    wind = pd.read_csv(REAL / "wind_kelmarsh_uk_2019_hourly.csv")
    cut = (one["cf"].iloc[:8760].clip(0.0, 1.0) for one in (solar, wind))
    return _with_curves(steel * (75 / steel.max()), *cut)


def _with_curves(load: pd.Series, *sources: pd.Series) -> Site:
    """`standard` with other curves, put on its hours as they come."""
    site = standard()
    curves = [pd.Series(one.to_numpy(dtype=float), index=site.index) for one in (load, *sources)]
    made = [replace(one, profile=pu) for one, pu in zip(site.sources, curves[1:], strict=True)]
    return replace(site, load=curves[0], sources=made)


def one_source(**span: Any) -> Site:
    """PV only."""
    site = standard(**span)
    return replace(site, sources=site.sources[:1])


def three_sources(**span: Any) -> Site:
    """PV, wind and a second wind."""
    site = standard(**span)
    other = profiles(site.index)["other"]
    return replace(
        site, sources=[*site.sources, Source("hills", other, capex=3900, opex=55, lifetime=20)]
    )


def two_storages(**span: Any) -> Site:
    """A battery, and a storage whose energy is cheap and whose power is not."""
    site = standard(**span)
    second = replace(
        site.storages[0],
        name="caverns",
        power_capex=900,
        energy_capex=250,
        lifetime=30,
        charge_efficiency=0.83,
        discharge_efficiency=0.85,
        self_discharge=0.0001,
    )
    return replace(site, storages=[*site.storages, second])


def demand_charges(**span: Any) -> Site:
    """A price on each month's peak, and one more on the evening's."""
    site = standard(**span)
    evening = pd.Series(site.index.hour >= 18, index=site.index)
    charges = [DemandCharge(36.0), DemandCharge(8.0, when=evening, name="evening")]
    return replace(site, grid=replace(site.grid, demand_charges=charges))


def off_grid(**span: Any) -> Site:
    """No grid; a hundredth of the load may be left unserved."""
    return standard(grid=None, limits=Limits(max_unserved_share=0.01), unserved_price=3.0, **span)


def tight(**span: Any) -> Site:
    """Limits that force much storage."""
    limits = Limits(
        min_self_use_of_generation=0.80, min_self_use_of_consumption=0.60, max_export_share=0.10
    )
    return replace(standard(**span), limits=limits)


def slack(**span: Any) -> Site:
    """Limits that do not bind."""
    limits = Limits(min_self_use_of_generation=0.05, max_export_share=0.95)
    return replace(standard(**span), limits=limits)


def flat_prices(**span: Any) -> Site:
    """One price for all hours and nothing for exports: many equal optima."""
    site = standard(**span)
    return replace(site, grid=replace(site.grid, import_price=0.45, export_price=0.0))


def each_year(**span: Any) -> Site:
    """Several weather years, each of which keeps the limits."""
    return replace(standard(**span), weather_years="each")


SEEDS = range(2, 11)
"""Further years of invented curves: how long a solver takes hangs on the curves."""

CASES: dict[str, Callable[[], Site]] = {
    **({"hour_real": measured_year} if REAL.is_dir() else {}),
    "hour_park": example_park,
    "hour": standard,
    **{f"hour_seed_{seed}": partial(standard, seed=seed) for seed in SEEDS},
    "hour_1_source": one_source,
    "hour_3_sources": three_sources,
    "hour_2_storages": two_storages,
    "hour_demand": demand_charges,
    "hour_off_grid": off_grid,
    "hour_tight": tight,
    "hour_slack": slack,
    "hour_flat_prices": flat_prices,
    "quarter_hour": lambda: standard(freq="15min"),
    "years_3": lambda: standard(years=3),
    "years_3_each": lambda: each_year(years=3),
    "years_10": lambda: standard(years=10),
    "years_30": lambda: standard(years=30),
    "week": lambda: standard(years=7 / 365),
}
"""Cases by name; ``week`` is there to try the benchmark itself."""
