"""A small park without a fault; each test breaks one thing in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from greenland.errors import Problem
from greenland.park import SHEETS, empty_table, table
from greenland.park.codes import credit_code

YEAR = 2025
CONFIG = "name: 测试园区\nlevel: 省级\ntype: 产业园区\nyear: 2025\n"
FIRM_A = credit_code("91", "532301", "MA6AAAAA1")
FIRM_B = credit_code("91", "532301", "MA6BBBBB2")

Rows = dict[str, list[dict[str, Any]]]


def _parcel(number: int, holder: str, name: str) -> dict[str, Any]:
    return {
        "parcel_id": f"ZD-{number}",
        "part": "main",
        "holder_id": holder,
        "holder_name": name,
        "area_mu": 60.0 + number,
        "land_use": "industrial",
        "supply_state": "supplied",
        "supply_mode": "auction",
        "standard_land": True,
        "approval_date": dt.date(2018, 3, 1),
        "supply_date": dt.date(2018, 9, 1),
        "industry_code": "3218",
        "agreed_start_date": dt.date(2018, 12, 1),
        "actual_start_date": dt.date(2018, 12, 15),
        "agreed_completion_date": dt.date(2020, 6, 1),
        "actual_completion_date": dt.date(2020, 7, 1),
        "agreed_production_date": dt.date(2021, 6, 1),
        "to_build_area_mu": 60.0,
        "built_area_mu": 58.0,
        "total_investment_wan": 30000.0,
        "invested_wan": 28000.0,
        "fixed_investment_wan": 29000.0 + number,
        "floor_area_m2": 42000.0 + number,
        "high_storey_area_m2": 8000.0,
        "building_base_m2": 17000.0,
        "structure_base_m2": 900.0,
        "yard_m2": 1200.0,
        "green_m2": 4000.0,
        "admin_land_m2": 1500.0,
        "admin_floor_m2": 2500.0,
        "promised_building_coefficient": 0.4,
        "promised_green_ratio": 0.07,
        "longitude": 101.5,
        "latitude": 25.0,
    }


def _firm(firm: str, name: str, year: int, land: float, factor: float) -> dict[str, Any]:
    return {
        "firm_id": firm,
        "firm_name": name,
        "year": year,
        "above_scale": True,
        "industry_code": "3218",
        "land_mu": land,
        "tax_wan": 900.0 * factor,
        "revenue_wan": 31000.0 * factor,
        "output_wan": 32000.0 * factor,
        "value_added_wan": 8000.0 * factor,
        "energy_tce": 12000.0 * factor,
        "electricity_mwh": 30000.0 * factor,
        "employees": 300.0,
        "rd_wan": 600.0,
    }


LAND = {"A1": 3, "A2": 60, "A31": 12, "A4": 2, "A51": 1, "A52": 4, "B21": 18, "B22": 10, "C": 5}
LAND |= {"D1": 20, "D21": 68, "D22": 1, "E1": 2, "E21": 16, "E22": 3, "F": 5, "G": 1}


def sound_rows() -> Rows:
    """Rows of every sheet, by column id, in canonical units."""
    return {
        "overview": [{"part": "main", "approved_area_ha": 115, "planned_area_ha": 130}],
        "parcels": [
            _parcel(1, FIRM_A, "甲硅业"),
            _parcel(2, FIRM_A, "甲硅业"),
            _parcel(3, FIRM_B, "乙铝业"),
            {
                "parcel_id": "ZD-4",
                "area_mu": 30.0,
                "land_use": "industrial",
                "supply_state": "approved_unsupplied",
                "approval_date": dt.date(2024, 5, 1),
                "adjacent_parcels": ("ZD-3",),
            },
        ],
        "firms": [
            _firm(FIRM_A, "甲硅业", 2024, 123, 0.9),
            _firm(FIRM_A, "甲硅业", 2025, 123, 1.0),
            _firm(FIRM_B, "乙铝业", 2025, 63, 0.7),
        ],
        "pipeline": [
            {
                "project_id": "XM-1",
                "project_name": "铝箔",
                "industry_code": "3252",
                "requested_area_mu": 40,
                "min_area_mu": 30,
                "max_area_mu": 50,
                "fixed_investment_wan": 16000,
                "revenue_wan": 24000,
                "tax_wan": 700,
                "building_coefficient": 0.42,
                "green_ratio": 0.1,
            }
        ],
        "land_use": [{"year": YEAR, "code": code, "area_ha": area} for code, area in LAND.items()],
        "supply_history": [
            {
                "year": year,
                "supplied_ha": 5,
                "industrial_supplied_ha": 4,
                "standard_land_ha": 3,
                "unsupplied_stock_ha": 9,
                "unsupplied_disposed_ha": 3,
            }
            for year in range(2021, 2026)
        ],
        "indicators": [
            {
                "year": YEAR,
                "floor_area_m2": 600000,
                "building_base_m2": 280000,
                "industrial_floor_area_m2": 420000,
                "industrial_base_m2": 250000,
                "industrial_building_base_m2": 210000,
                "industrial_investment_wan": 400000,
                "industrial_tax_wan": 9000,
                "industrial_revenue_wan": 300000,
                "tax_wan": 10000,
                "revenue_wan": 330000,
                "high_tech_land_ha": 8,
                "approved_construction_ha": 95,
                "unsupplied_ha": 4,
                "leading_industry_share": 0.56,
                "rank": 3,
                "ranked_parks": 20,
            }
        ],
    }


def typed_tables(rows: Rows) -> dict[str, pd.DataFrame]:
    filled = {sheet for sheet in SHEETS if rows.get(sheet)}
    return {
        sheet: table(sheet, rows[sheet]) if sheet in filled else empty_table(sheet)
        for sheet in SHEETS
    }


def with_code(problems: Sequence[Problem], code: str) -> list[Problem]:
    return [problem for problem in problems if problem.code == code]
