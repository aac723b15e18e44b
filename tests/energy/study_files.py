"""A small invented case of a few days, and study files about it."""

from __future__ import annotations

from pathlib import Path

from sites import index as index_of
from sites import profiles

CASE = """
name: 虚构示例
load: load.csv
sources:
  - {name: pv, technology: pv, profile: {file: re.csv, column: pv}, capex: 2700, max_mw: 200}
  - {name: wind, technology: wind, profile: {file: re.csv, column: wind}, capex: 3600, max_mw: 200}
storages:
  - name: battery
    power_capex: 300
    energy_capex: 700
grid: {capacity_mw: 90, import_price: 0.5, export_price: 0.1, emission_factor: 0.5}
limits: {min_self_use_of_consumption: 0.3, max_export_share: 0.2}
year: 2026
"""


def write_case(folder: Path, *, days: int = 3, extra: str = "") -> Path:
    """Write the case and its curves, a poorer year's among them."""
    p = profiles(index_of(days).tz_localize(None))
    p["load"].rename("负荷").rename_axis("时间").to_csv(folder / "load.csv")
    for name, factor in (("re", 1.0), ("re_poor", 0.8)):
        table = p["pv"].to_frame("pv").assign(wind=p["wind"]) * factor
        table.rename_axis("时间").to_csv(folder / f"{name}.csv")
    path = folder / "case.yaml"
    path.write_text(CASE + extra, encoding="utf-8")
    return path


def write_study(folder: Path, text: str, name: str = "study") -> Path:
    """Write a study file about the case."""
    path = folder / f"{name}.yaml"
    path.write_text(f"case: case.yaml\n{text}\n", encoding="utf-8")
    return path
