"""The park of five firms (tests/energy/five_firms.py) as rows of a workbook; invented."""

from __future__ import annotations

from typing import Any

from made_parks import made_park

# name: code, station, class-deciding leading, peak [MW], guarantee, shiftable, avoidable [MW],
# value added [万元]
FIRMS: dict[str, tuple[Any, ...]] = {
    "甲": ("F1", "S1", True, 9.6, 4.0, 0.0, 1.0),
    "乙": ("F2", "S1", False, 7.2, 1.0, 1.0, 1.0),
    "丙": ("F3", "S1", False, 7.2, 0.0, 1.0, 2.0),
    "丁": ("F4", "S2", False, 7.2, 1.0, 0.5, 0.5),
    "戊": ("F5", "S2", False, 4.8, 1.0, 0.5, 0.5),
}
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
OVERRIDES = {
    "energy.outlook.coincidence": 0.9,
    "energy.outlook.reserve": 0.1,
    "energy.tariff.power_factor": 0.95,
}


def firm_rows(year: int = 2025) -> list[dict[str, Any]]:
    """企业用能: mean power is half the peak in December, three eighths in other months."""
    rows = []
    for name, (code, station, leading, peak, kept, shift, avoid) in FIRMS.items():
        months = {
            f"month_{m}_mwh": peak * (0.5 if m == 12 else 0.375) * 24 * days
            for m, days in enumerate(DAYS, 1)
        }
        rows.append(
            {"firm_id": code, "firm_name": name, "year": year, "facility_id": station,
             "peak_mw": peak, "guarantee_mw": kept, "shiftable_mw": shift, "avoidable_mw": avoid,
             "leading": leading, **months}
        )  # fmt: skip
    return rows


def economy_rows(year: int = 2025) -> list[dict[str, Any]]:
    """企业效益 of the same firms."""
    return [
        {"firm_id": code, "firm_name": name, "year": year, "industry_code": "3218",
         "value_added_wan": 1000.0, "land_mu": 50.0,
         "electricity_mwh": sum(row[f"month_{m}_mwh"] for m in range(1, 13))}
        for (name, (code, *_rest)), row in zip(FIRMS.items(), firm_rows(year), strict=True)
    ]  # fmt: skip


FACILITIES = [
    {"facility_id": "S1", "facility_name": "一号变", "facility_kind": "substation",
     "unit_kva": 20_000, "units": 2},
    {"facility_id": "S2", "facility_name": "二号变", "facility_kind": "substation",
     "unit_kva": 10_000, "units": 2},
]  # fmt: skip
MONTHS = [
    {"year": 2026, "month": m, "limit_mw": 30.0, "contracted_mwh": 5000.0, "peak_hours": 40.0}
    for m in range(1, 13)
]


def five_firms(**changes: Any) -> Any:
    """The park; sheets or overrides may be given anew."""
    given = {
        "firm_energy": firm_rows(),
        "firms": economy_rows(),
        "power_facilities": FACILITIES,
        "power_months": MONTHS,
        "overrides": OVERRIDES,
        **changes,
    }
    return made_park(2025, **given)
