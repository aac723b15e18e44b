"""Firms of the invented example park: one row per firm and year."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
from draw import YEAR, YEARS, Draw
from industries import FIRM_NAMES, INDUSTRIES, Industry

from greenland.park.codes import credit_code


class FirmMaker(Draw):
    """Draws the firms and their years."""

    def __init__(self, rng: np.random.Generator) -> None:
        super().__init__(rng)
        self.firms: list[dict[str, object]] = []

    def table(self) -> pd.DataFrame:
        """One row per firm and year."""
        names = iter(FIRM_NAMES)
        rows: list[dict[str, object]] = []
        number = 0
        for industry in INDUSTRIES:
            for _ in range(industry.firms):
                number += 1
                firm = self._firm(number, next(names), industry)
                self.firms.append(firm)
                rows.extend(self._firm_years(firm, industry))
        return pd.DataFrame(rows)

    def _firm(self, number: int, stem: str, industry: Industry) -> dict[str, object]:
        above = industry.utility or bool(self.rng.random() < 0.72)
        land = self.spread(industry.land_mu * (1.0 if above else 0.35), 0.45)
        firm: dict[str, object] = {
            "number": number,
            "firm_id": credit_code("91", "532301", f"MA6EX{number:04d}"),
            "firm_name": f"{stem}{industry.suffix}有限公司（虚构）",
            "industry": industry,
            "above_scale": above,
            "land_mu": round(max(land, 4.0), 2),
            "founded": self.day(2010, 2022),
            "quality": math.exp(0.55 * self.rng.standard_normal()),
            "state": "operating",
            "category": "permitted" if number % 5 else "encouraged",
            "veto": "",
            "landlord": "",
            "first_year": YEARS[0],
        }
        if number % 31 == 7:
            firm["founded"] = dt.date(2025, 5 + number % 7, 16)
            firm["first_year"] = 2025
        if number % 29 == 11:
            firm["state"] = "stopped"
        if number % 41 == 13:
            firm["state"] = "zombie"
        if number % 37 == 5:
            firm["veto"] = "2026 年发生一般及以上生产安全责任事故（虚构）"
        if number % 23 == 9:
            firm["category"] = "restricted"
        if number == 60:
            firm["category"] = "eliminated"
        return firm

    def _firm_years(self, firm: dict[str, object], industry: Industry) -> list[dict[str, object]]:
        rows = []
        level = float(firm["quality"])  # type: ignore[arg-type]
        state = str(firm["state"])
        for year in YEARS:
            level *= 1.0 + 0.06 + 0.09 * self.rng.standard_normal()
            if year < int(firm["first_year"]):  # type: ignore[call-overload]
                continue
            activity = max(level, 0.05)
            if state == "stopped" and year == YEAR:
                activity *= 0.06
            if state == "zombie":
                activity = 0.004
            rows.append(self._firm_year(firm, industry, year, activity))
        return rows

    def _firm_year(
        self, firm: dict[str, object], industry: Industry, year: int, activity: float
    ) -> dict[str, object]:
        rng = self.rng
        scale = 1.0 if firm["above_scale"] else 0.45
        land = float(firm["land_mu"])  # type: ignore[arg-type]
        revenue = land * industry.revenue_per_mu * scale * activity
        output = revenue * float(rng.uniform(0.93, 1.06))
        added = output * industry.value_added_share * float(rng.uniform(0.9, 1.1))
        tax = revenue * industry.tax_share * float(rng.uniform(0.75, 1.25))
        tce = added * industry.tce_per_wan * float(rng.uniform(0.85, 1.15))
        number = int(firm["number"])  # type: ignore[call-overload]
        emission = round(added * industry.emission_per_wan * float(rng.uniform(0.7, 1.3)), 3)
        hidden = not firm["above_scale"] or number % 11 == 4  # small firms do not report it
        return {
            "firm_id": firm["firm_id"],
            "firm_name": firm["firm_name"],
            "year": year,
            "above_scale": firm["above_scale"],
            "industry_code": industry.code,
            "industry_edition": "2017",
            "founded": firm["founded"],
            "land_mu": land,
            "landlord_id": firm["landlord"] or None,
            "tax_wan": round(tax, 2),
            "revenue_wan": round(revenue, 2),
            "output_wan": round(output, 2),
            "value_added_wan": round(added, 2),
            "energy_tce": None if number % 47 == 3 else round(tce, 1),
            "electricity_mwh": round(tce * industry.mwh_per_tce, 1),
            "water_m3": round(added * industry.water_per_wan * float(rng.uniform(0.8, 1.2))),
            "emission_t": None if hidden else emission,
            "employees": max(6, round(added / industry.added_per_head)),
            "rd_wan": round(revenue * industry.rd_share * float(rng.uniform(0.3, 1.7)), 2),
            "fixed_investment_wan": round(
                land * industry.investment_per_mu * scale * (0.94 + 0.03 * (year - YEARS[0])), 1
            ),
            "firm_state": firm["state"],
            "capacity_category": firm["category"],
            "utility": industry.utility,
            "veto": firm["veto"] if year == YEAR and firm["veto"] else None,
            "bonus_points": 2.0 if number % 19 == 2 and year == YEAR else None,
        }
