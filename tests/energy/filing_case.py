"""A small invented case of three weeks, from which a filing is made once for all its tests."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from greenland.record.record import Record
from greenland.results_record import assess_filing

DAYS = 21
CASE = """
name: 虚构示例
load: load.csv
sources:
  - {name: pv, profile: {file: re.csv, column: pv}, technology: pv, capex: 3000, opex: 60,
     lifetime: 25}
  - {name: wind, profile: {file: re.csv, column: wind}, technology: wind, capex: 5200, opex: 70,
     lifetime: 20}
storages:
  - {name: battery, power_capex: 300, energy_capex: 500, charge_efficiency: 0.93,
     discharge_efficiency: 0.93, min_mw: 1, min_mwh: 2}
fixed_assets:
  - {name: 专线, capex: 1.2e7, opex: 1.2e5, lifetime: 30}
grid: {capacity_mw: 20, import_price: 0.62, export_price: 0.15}
users:
  甲: {file: users.csv, column: 甲}
  乙: {file: users.csv, column: 乙}
limits: {min_self_use_of_consumption: 0.35, max_export_share: 0.2}
carbon: {factor: national}
finance: {role: load}
compliance: {voltage_kv: 110, line_km: 12}
year: 2027
rules: {packs: [national]}
"""


def write_case(folder: Path, *, more: str = "") -> Path:
    """The case with its curves in a folder."""
    index = pd.date_range("2026-01-01", periods=24 * DAYS, freq="h", name="时间")
    hour, day = index.hour.to_numpy(), np.arange(len(index)) // 24
    first = 6 + 2 * np.sin((hour - 8) * np.pi / 12) + np.where(day % 7 < 5, 1.5, 0)
    second = np.full(len(index), 3.0) + (day == 3) * (hour == 12) * 4.0
    sun = np.clip(np.sin((hour - 6) * np.pi / 12), 0, None) * (0.5 + 0.4 * np.cos(day))
    wind = 0.35 + 0.3 * np.sin(day * 1.7 + hour / 9)
    pd.DataFrame({"负荷(MW)": first + second}, index).to_csv(folder / "load.csv")
    pd.DataFrame({"甲": first, "乙": second}, index).to_csv(folder / "users.csv")
    pd.DataFrame({"pv": sun.round(4), "wind": wind.round(4)}, index).to_csv(folder / "re.csv")
    path = folder / "case.yaml"
    path.write_text(CASE + more, encoding="utf-8")
    return path


def write_weather(path: Path, years: tuple[int, ...] = (2023, 2024)) -> Path:
    """Invented weather of whole years: the second year is a tenth sunnier."""
    parts = []
    for place, year in enumerate(years):
        index = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h", name="时间")
        hour = index.hour.to_numpy()
        sun = np.clip(np.sin((hour - 6) * np.pi / 12), 0, None) * 600 * (1 + 0.1 * place)
        columns = {
            "ghi(W/m2)": sun,
            "dhi(W/m2)": 0.4 * sun,
            "temp_air(℃)": 15 + 10 * np.sin((index.month - 4) * np.pi / 6),
            "wind_speed(m/s)": 4 + 3 * np.sin(hour / 4),
        }
        parts.append(pd.DataFrame(columns, index))
    pd.concat(parts).round(3).to_csv(path)
    return path


@cache
def filing_record(folder: Path) -> Record:
    """The record of the case, sizes compared at three points."""
    return assess_filing(write_case(folder), (0.3, 1.3))


def whole_year(record: Record) -> Record:
    """The record with its hours over and over, to a whole year: for figures of the year."""
    data: dict[str, Any] = record.to_dict()
    columns = data["energy"]["plan"]["schedule"]["columns"]
    for label, values in columns.items():
        columns[label] = np.resize(values, 8760).tolist()
    return Record.model_validate(data)
