"""Parks made of a few rows, for tests of single evaluations; all data invented."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from greenland.park import SHEETS, ParkConfig, empty_table, table
from greenland.rules import Override, load_rulebook

PACKS = ("national", "yunnan", "chuxiong")


def made_park(
    year: int = 2025,
    *,
    packs: tuple[str, ...] = PACKS,
    level: str = "provincial",
    kind: str = "economic_development",
    land: dict[str, Any] | None = None,
    overrides: dict[str, Any] | None = None,
    as_of: dt.date | None = None,
    folder: Path | None = None,
    **rows: list[dict[str, Any]],
) -> Any:
    """A park with the given rows; every other sheet is empty."""
    config = ParkConfig.model_validate(
        {"name": "测试园区", "level": level, "type": kind, "year": year, "land": land or {}}
    )
    own = {
        rule_id: Override(value=value, source="园区文件（测试）")
        for rule_id, value in (overrides or {}).items()
    }
    tables = {sheet: empty_table(sheet) for sheet in SHEETS}
    tables |= {sheet: table(sheet, items) for sheet, items in rows.items()}
    return SimpleNamespace(
        tables=tables,
        config=config,
        rulebook=load_rulebook(packs, year, overrides=own),
        year=year,
        as_of=as_of or dt.date(year, 12, 31),
        folder=folder,
        geometry=None,
        sources={},
        power_left_mw=None,
        power_room=None,
        set_aside={},
    )


def parcel(**changes: Any) -> dict[str, Any]:
    """A parcel of standard land that keeps every promise; change one thing to break one."""
    return {
        "parcel_id": "G1",
        "holder_id": "H1",
        "holder_name": "甲公司（虚构）",
        "area_mu": 30.0,
        "land_use": "industrial",
        "supply_state": "supplied",
        "supply_mode": "auction",
        "standard_land": True,
        "supply_date": "2021-05-01",
        "industry_code": "3021",
        "industry_edition": "2017",
        "agreed_start_date": "2021-08-01",
        "actual_start_date": "2021-08-01",
        "agreed_completion_date": "2022-08-01",
        "actual_completion_date": "2022-07-01",
        "agreed_production_date": "2024-01-01",
        "production_review_date": "2023-12-01",
        "fixed_investment_wan": 9000.0,
        "floor_area_m2": 20000.0,
        "building_base_m2": 9000.0,
        "green_m2": 2000.0,
        "admin_land_m2": 1000.0,
        "promised_investment_intensity": 280.0,
        "promised_floor_area_ratio": 0.9,
        "promised_tax_per_mu": 15.0,
        **changes,
    }


def firm(**changes: Any) -> dict[str, Any]:
    """The figures of 2025 of the holder of `parcel`."""
    return {
        "firm_id": "H1",
        "firm_name": "甲公司（虚构）",
        "year": 2025,
        "above_scale": True,
        "industry_code": "3021",
        "land_mu": 30.0,
        "tax_wan": 600.0,
        "revenue_wan": 15000.0,
        "output_wan": 16000.0,
        "value_added_wan": 3500.0,
        "energy_tce": 1500.0,
        "electricity_mwh": 4000.0,
        "emission_t": 2.0,
        "employees": 150.0,
        "rd_wan": 300.0,
        **changes,
    }
