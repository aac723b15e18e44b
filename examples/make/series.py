"""Hourly load of the invented pilot, and PV and wind per unit for central Yunnan."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from greenland.energy.profiles.load.combine import added
from greenland.energy.profiles.load.shapes import load_year, shape
from greenland.energy.profiles.renewable import synthetic
from greenland.energy.profiles.store import write_sidecar

METERED_YEAR = 2025  # the last whole year of readings
LATITUDE, LONGITUDE, ALTITUDE_M = 25.06, 101.52, 1_780.0

# Firms of the pilot by kind of day: yearly energy [MWh], day shape, fluctuation. Invented.
USERS = {
    "silicon": (168_000.0, 0.02),
    "metals_processing": (96_000.0, 0.03),
    "electronics": (82_000.0, 0.04),
    "wood_paper": (21_000.0, 0.05),
    "food": (16_000.0, 0.06),
}


def users() -> list[pd.Series]:
    """Load of each user of the pilot [MW], rounded as it is written."""
    return [
        load_year(METERED_YEAR, energy, kind, fluctuation=fluctuation, seed=number)
        .round(5)
        .rename(shape(kind).title)
        for number, (kind, (energy, fluctuation)) in enumerate(USERS.items())
    ]


def write(folder: Path, name: str, values: pd.Series, header: str) -> None:
    """Write one series as CSV with local time and five decimals; its provenance beside it."""
    times = values.index.strftime("%Y-%m-%d %H:%M")
    frame = pd.DataFrame({"时间": times, header: values.round(5).to_numpy()})
    frame.to_csv(folder / name, index=False, lineterminator="\n", encoding="utf-8")
    write_sidecar(folder / name, values)


def write_users(folder: Path, loads: list[pd.Series]) -> None:
    """Write ``users.csv``: one column per user."""
    frame = pd.DataFrame({load.name: load.to_numpy() for load in loads})
    frame.insert(0, "时间", loads[0].index.strftime("%Y-%m-%d %H:%M"))
    frame.to_csv(folder / "users.csv", index=False, lineterminator="\n", encoding="utf-8")


def write_series(folder: Path) -> None:
    """Write ``load.csv``, ``users.csv``, ``pv.csv`` and ``wind.csv``."""
    pv = synthetic.pv_year(METERED_YEAR, LATITUDE, LONGITUDE, ALTITUDE_M, seed=11)
    wind = synthetic.wind_year(METERED_YEAR, LATITUDE, LONGITUDE, ALTITUDE_M, seed=12)
    write(folder, "pv.csv", pv, "光伏标幺出力")
    write(folder, "wind.csv", wind, "风电标幺出力")
    loads = users()
    write_users(folder, loads)
    write(folder, "load.csv", added(loads, "load"), "负荷(MW)")
