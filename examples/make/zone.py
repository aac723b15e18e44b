"""Zone-wide tables of the invented example park, added up from its parcels and firms."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from draw import YEAR, YEARS

from greenland.units import MU_PER_HA


def supply_history(parcels: pd.DataFrame) -> pd.DataFrame:
    """Yearly supply of the last six years, from the parcels, and the stock disposed of."""
    supplied = parcels[parcels["supply_date"].notna()].copy()
    supplied["year"] = [day.year for day in supplied["supply_date"]]
    rows = []
    unsupplied_now, idle_now = _ha(parcels[_unsupplied(parcels)]), _ha(parcels[_idle(parcels)])
    for place, year in enumerate(range(2021, YEAR + 1)):
        of_year = supplied[supplied["year"] == year]
        industry = of_year[of_year["land_use"].isin(["industrial", "storage"])]
        standard = industry[industry["standard_land"].eq(True)]
        unsupplied, idle = unsupplied_now * (1.46 - 0.06 * place), idle_now * (1.3 - 0.04 * place)
        disposed = unsupplied * (0.19, 0.21, 0.24, 0.27, 0.29, 0.31)[place]
        idle_disposed = idle * (0.16, 0.2, 0.22, 0.33, 0.3, 0.27)[place]
        rows.append(
            {
                "year": year,
                "supplied_ha": _ha(of_year),
                "industrial_supplied_ha": _ha(industry),
                "standard_land_ha": _ha(standard),
                "unsupplied_stock_ha": round(unsupplied, 2),
                "unsupplied_disposed_ha": round(disposed, 2),
                "idle_stock_ha": round(idle, 2),
                "idle_disposed_ha": round(idle_disposed, 2),
                "quota_ha": 18.0 + (year - 2021),
            }
        )
    return pd.DataFrame(rows)


def _unsupplied(parcels: pd.DataFrame) -> pd.Series:
    return parcels["supply_state"].eq("approved_unsupplied")


def _idle(parcels: pd.DataFrame) -> pd.Series:
    """Parcels made to be idle: not started, or stopped for a year."""
    not_started = parcels["invested_wan"].eq(0.0) & parcels["actual_start_date"].isna()
    return not_started | (parcels["stopped_since"].notna() & parcels["built_area_mu"].notna())


def _ha(parcels: pd.DataFrame) -> float:
    return round(float(parcels["area_mu"].sum()) / MU_PER_HA, 4)


def land_use(parcels: pd.DataFrame) -> pd.DataFrame:
    """Land by code for three years; the balances A+B+C = D+E+F hold in every year."""
    built = parcels[parcels["actual_completion_date"].notna()]
    rows = []
    for place, year in enumerate(YEARS):
        done = built[[day <= dt.date(year, 12, 31) for day in built["actual_completion_date"]]]
        works = _ha(done[done["land_use"].isin(["industrial", "storage"])])
        shares = {"A1": 0.058, "A31": 0.075, "A32": 0.012, "A4": 0.047, "A51": 0.026, "A52": 0.039}
        codes = {"A2": works, **{code: round(works * share, 4) for code, share in shares.items()}}
        codes["A6"] = 0.0
        held = parcels[
            [
                day is not None and day == day and day <= dt.date(year, 12, 31)
                for day in parcels["supply_date"]
            ]
        ]
        supplied = _ha(held) + round(works * 0.168, 4)  # roads, parks and services by allocation
        built_area = sum(codes.values())
        codes["D22"] = _ha(parcels[parcels["parcel_id"].isin(_expired(parcels, year))])
        codes["D1"] = round(supplied * 0.17, 4)
        codes["D21"] = round(supplied - codes["D1"] - codes["D22"], 4)
        stock = 96.0 - 6.0 * place
        codes |= {"E1": round(stock * 0.06, 4), "E21": round(stock * 0.76, 4)}
        codes["E22"] = round(stock - codes["E1"] - codes["E21"], 4)
        codes["C"] = codes["F"] = 21.4
        unbuilt = supplied + stock - built_area
        codes["B21"] = round(max(supplied - built_area, 0) + stock * 0.42, 4)
        codes["B22"] = round(unbuilt - codes["B21"], 4)
        codes["G"] = round(_ha(parcels[_idle(parcels)]) * (0.86, 0.94, 1.0)[place], 4)
        rows.extend({"year": year, "code": code, "area_ha": area} for code, area in codes.items())
    return pd.DataFrame(rows)


def _expired(parcels: pd.DataFrame, year: int) -> list[str]:
    ended = [
        day is not None and day == day and day.year <= year for day in parcels["land_term_end"]
    ]
    return list(parcels.loc[ended, "parcel_id"])


def indicators(parcels: pd.DataFrame, firms: pd.DataFrame, codes: pd.DataFrame) -> pd.DataFrame:
    """Zone totals for three years, added up from the parcels and firms."""
    built = parcels[parcels["actual_completion_date"].notna()]
    rows = []
    for place, year in enumerate(YEARS):
        done = built[[day <= dt.date(year, 12, 31) for day in built["actual_completion_date"]]]
        works = done[done["land_use"].isin(["industrial", "storage"])]
        of_year = firms[firms["year"] == year]
        area = codes[codes["year"] == year].set_index("code")["area_ha"]
        above = of_year[of_year["above_scale"].eq(True)]
        floor = float(works["floor_area_m2"].sum())
        base = float(works["building_base_m2"].sum())
        others = float(area[["A1", "A4", "A52"]].sum()) * 10_000
        rows.append(
            {
                "year": year,
                "floor_area_m2": round(floor + 1.25 * others, 1),
                "building_base_m2": round(base + 0.27 * others, 1),
                "industrial_floor_area_m2": round(floor, 1),
                "industrial_building_base_m2": round(base, 1),
                "industrial_base_m2": round(
                    base + float(works[["structure_base_m2", "yard_m2"]].sum().sum()), 1
                ),
                "industrial_investment_wan": round(float(of_year["fixed_investment_wan"].sum()), 1),
                "industrial_tax_wan": round(float(of_year["tax_wan"].sum()), 1),
                "industrial_revenue_wan": round(float(of_year["revenue_wan"].sum()), 1),
                "tax_wan": round(float(of_year["tax_wan"].sum()) * 1.09, 1),
                "resident_population": 11_800 + 900 * place,
                "high_tech_land_ha": round(float(area["A2"]) * (0.11 + 0.015 * place), 4),
                "approved_construction_ha": round(
                    float(area[["D1", "D21", "D22"]].sum()) + _ha(parcels[_unsupplied(parcels)]), 4
                ),
                "unsupplied_ha": round(
                    _ha(parcels[_unsupplied(parcels)]) * (1.1, 1.05, 1)[place], 4
                ),
                "above_scale_output_wan": round(float(above["output_wan"].sum()), 1),
                "new_above_scale_firms": (8, 11, 9)[place],
                "revenue_wan": round(float(of_year["revenue_wan"].sum()) * 1.03, 1),
                "leading_industry_share": (0.541, 0.567, 0.583)[place],
                "value_added_wan": round(float(of_year["value_added_wan"].sum()), 1),
                "energy_tce": round(float(of_year["energy_tce"].sum()), 1),
                "water_m3": round(float(of_year["water_m3"].sum())),
                "waste_water_treated_share": (0.97, 1.0, 1.0)[place],
                "solid_waste_disposed_share": (0.985, 0.99, 0.994)[place],
                "rank": (34, 28, 41)[place],
                "ranked_parks": 88,
            }
        )
    return pd.DataFrame(rows)
