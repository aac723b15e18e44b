"""Energy of the larger firms, power facilities and monthly supply of the example park; invented."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from draw import YEAR

COMING = YEAR + 1
LARGE_MWH = 14_000.0  # firms above it tell their energy in full, the others only by 企业效益

# Relative electricity of the months: furnaces follow the water of Yunnan's rivers.
_WET = (0.90, 0.86, 0.88, 0.90, 0.98, 1.06, 1.10, 1.12, 1.10, 1.08, 1.02, 1.00)
_EVEN = (1.00, 0.90, 1.02, 0.99, 1.01, 0.99, 1.02, 1.03, 1.00, 0.98, 1.02, 1.04)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

_STATIONS = {
    "39": "BD-01",
    "38": "BD-01",
    "32": "BD-02",
    "26": "BD-03",
    "44": "BD-03",
    "30": "BD-03",
}
_LOAD_FACTOR = {"39": 0.88, "32": 0.86, "38": 0.72, "26": 0.82, "44": 0.78, "30": 0.60}
# Of the peak: guaranteed, what can shift, what can be left undone.
_FLEXIBLE = {
    "39": (0.55, 0.04, 0.08),
    "32": (0.30, 0.05, 0.20),
    "38": (0.40, 0.10, 0.05),
    "26": (0.45, 0.03, 0.10),
    "44": (0.60, 0.00, 0.05),
    "30": (0.10, 0.20, 0.30),
}
_GROWTH = {"39": 0.06, "32": 0.02, "38": 0.10, "26": 0.03, "44": 0.03, "30": -0.02}
_LEADING = ("39", "32")  # 绿色硅、绿色铝


def firm_energy(firms: pd.DataFrame) -> pd.DataFrame:
    """A row for each of the larger firms in the assessed year and the one before."""
    now = firms[firms["year"] == YEAR]
    large = set(now.loc[now["electricity_mwh"] >= LARGE_MWH, "firm_id"])
    kept = firms[firms["firm_id"].isin(large) & firms["year"].isin((YEAR - 1, YEAR))]
    return pd.DataFrame([_row(place, item) for place, item in enumerate(kept.to_dict("records"))])


def _row(place: int, firm: dict[str, Any]) -> dict[str, Any]:
    kind = str(firm["industry_code"])[:2]
    shares = [
        one * days for one, days in zip(_WET if kind in ("39", "32") else _EVEN, _DAYS, strict=True)
    ]
    power = float(firm["electricity_mwh"])
    months = [round(power * share / sum(shares), 1) for share in shares]
    mean = max(mwh / (24 * days) for mwh, days in zip(months, _DAYS, strict=True))
    peak = round(mean / _LOAD_FACTOR.get(kind, 0.7), 2)
    kept, shift, avoid = _FLEXIBLE.get(kind, (0.3, 0.1, 0.1))
    growth = _GROWTH.get(kind, 0.0)
    row: dict[str, Any] = {
        "firm_id": firm["firm_id"],
        "firm_name": firm["firm_name"],
        "year": firm["year"],
        "facility_id": _STATIONS.get(kind),
        "peak_mw": peak,
        **{f"month_{month}_mwh": value for month, value in enumerate(months, 1)},
        "growth": growth,
        "growth_low": round(growth - 0.04, 3),
        "growth_high": round(growth + 0.05, 3),
        "guarantee_mw": round(peak * kept, 2),
        "shiftable_mw": round(peak * shift, 2),
        "avoidable_mw": round(peak * avoid, 2),
        "leading": kind in _LEADING,
    }
    return row | _carriers(place, kind, firm)


def _carriers(place: int, kind: str, firm: dict[str, Any]) -> dict[str, Any]:
    """Fuels and green power of a firm, in proportion to its electricity."""
    power = float(firm["electricity_mwh"])
    found: dict[str, Any] = {}
    if kind == "39":
        found = {"gas_wan_m3": round(power * 2.0e-4, 1), "traded_mwh": round(power * 0.25, 1)}
    elif kind == "32":
        found = {"coke_t": round(power * 0.03, 1), "process_tco2": round(power * 0.35, 1)}
    elif kind == "38":
        found = {"steam_t": round(power * 0.25, 1), "own_mwh": round(power * 0.06, 1)}
    elif kind == "26":
        found = {"coal_t": round(power * 0.12, 1), "heat_gj": round(power * 0.8, 1)}
    elif kind == "44":
        found = {"coal_t": round(power * 1.2, 1), "heat_sold_gj": round(power * 2.2, 1)}
    elif kind == "30":
        found = {"coal_t": round(power * 0.45, 1), "process_tco2": round(power * 1.1, 1)}
    if place % 7 == 3:
        found["certificates_mwh"] = round(power * 0.1, 1)
    return found


def facilities() -> pd.DataFrame:
    """Three substations, the lines of the park and a storage."""
    substation = {"facility_kind": "substation", "n_minus_1": True}
    return pd.DataFrame(
        [
            {"facility_id": "BD-01", "facility_name": "云岭变（虚构）", "voltage_kv": 220,
             "unit_kva": 130_000, "units": 3, "in_service": dt.date(2016, 5, 20), **substation},
            {"facility_id": "BD-02", "facility_name": "紫溪变（虚构）", "voltage_kv": 110,
             "unit_kva": 63_000, "units": 3, "in_service": dt.date(2014, 9, 1), **substation},
            {"facility_id": "BD-03", "facility_name": "彩云变（虚构）", "voltage_kv": 110,
             "unit_kva": 50_000, "units": 2, "in_service": dt.date(2019, 3, 15), **substation},
            {"facility_id": "XL-01", "facility_name": "220千伏进线（虚构）",
             "facility_kind": "line", "voltage_kv": 220, "unit_kva": 450_000, "units": 2,
             "n_minus_1": True},
            {"facility_id": "CN-01", "facility_name": "云岭储能站（虚构）",
             "facility_kind": "storage", "station_id": "BD-01", "power_mw": 12, "storage_mwh": 24,
             "in_service": dt.date(COMING, 9, 1)},
        ]
    )  # fmt: skip


def monthly() -> pd.DataFrame:
    """What the grid grants, contracts and own generation of each month of the coming year."""
    limit = (330, 325, 320, 315, 330, 355, 380, 386, 386, 378, 368, 360)
    return pd.DataFrame(
        {
            "year": COMING,
            "month": range(1, 13),
            "limit_mw": limit,
            "contracted_mwh": [
                round(one * 24 * days * 0.62) for one, days in zip(limit, _DAYS, strict=True)
            ],
            "own_mwh": [420, 430, 520, 560, 540, 430, 400, 420, 410, 400, 390, 400],
            "own_firm_mw": 0.2,
            "peak_hours": 60,
        }
    )
