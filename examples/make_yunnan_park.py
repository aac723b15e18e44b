"""Make the example park ``examples/yunnan_park``: invented data, the same at every run.

No firm, parcel, project or reading in it is real. The sizes are plausible for a provincial zone
in central Yunnan, and every state, class, ledger and verdict of the programme occurs.

    python examples/make_yunnan_park.py [DIR]
"""

from __future__ import annotations

import datetime as dt
import json
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
from example_data import (
    FIRM_NAMES,
    INDUSTRIES,
    PIPELINE,
    Industry,
)

from greenland.park import write_tables
from greenland.park.codes import credit_code
from greenland.units import M2_PER_MU, MU_PER_HA

SEED = 20251231
YEAR = 2025
YEARS = (2023, 2024, 2025)
LONGITUDE, LATITUDE = 101.52, 25.06  # a valley of central Yunnan
STRIP_DEPTH_M, STRIP_LENGTH_M, ROAD_M = 210.0, 2600.0, 24.0


class Maker:
    """Draws the park, table by table, from one generator."""

    def __init__(self, seed: int = SEED) -> None:
        self.rng = np.random.default_rng(seed)
        self.firms: list[dict[str, object]] = []
        self.parcels: list[dict[str, object]] = []
        self.strips: list[tuple[str, float, float, float]] = []  # parcel, x, y, width [m]

    def spread(self, median: float, sigma: float) -> float:
        """One log-normal draw about a median."""
        return float(median * math.exp(sigma * self.rng.standard_normal()))

    def day(self, first: int, last: int) -> dt.date:
        """One working-looking day of the years given."""
        year = int(self.rng.integers(first, last + 1))
        return dt.date(year, int(self.rng.integers(1, 13)), int(self.rng.integers(1, 29)))

    # -- firms ---------------------------------------------------------------------------------

    def make_firms(self) -> pd.DataFrame:
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
            "founded": self.day(2009, 2021),
            "quality": math.exp(0.55 * self.rng.standard_normal()),
            "state": "operating",
            "category": "permitted" if number % 5 else "encouraged",
            "veto": "",
            "landlord": "",
            "first_year": YEARS[0],
        }
        if number % 31 == 7:
            firm["founded"] = dt.date(2024, 5 + number % 7, 16)
            firm["first_year"] = 2024
        if number % 29 == 11:
            firm["state"] = "stopped"
        if number % 41 == 13:
            firm["state"] = "zombie"
        if number % 37 == 5:
            firm["veto"] = "2025 年发生一般及以上生产安全责任事故（虚构）"
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

    # -- parcels -------------------------------------------------------------------------------

    def make_parcels(self, firms: pd.DataFrame) -> pd.DataFrame:
        """Built parcels of the firms, then those being built, idle, unsupplied and available."""
        last = firms[firms["year"] == YEAR].set_index("firm_id")
        tenants = self._choose_tenants()
        for firm in self.firms:
            if firm["firm_id"] in tenants:
                continue
            self._parcels_of(firm, last.loc[str(firm["firm_id"])])
        self._parcels_without_output()
        self._lay_out()
        return pd.DataFrame(self.parcels)

    def _choose_tenants(self) -> set[str]:
        """A few small firms rent from a larger one and hold no land of their own."""
        small = [firm for firm in self.firms if not firm["above_scale"]][2:14:3]
        large = [firm for firm in self.firms if firm["above_scale"] and firm["state"] == "operating"]
        for place, firm in enumerate(small):
            firm["landlord"] = large[5 + 7 * place]["firm_id"]
        return {str(firm["firm_id"]) for firm in small}

    def _parcels_of(self, firm: dict[str, object], year: pd.Series) -> None:
        land = float(firm["land_mu"])  # type: ignore[arg-type]
        shares = [1.0] if land < 70 else [0.62, 0.38]
        for share in shares:
            self._built_parcel(firm, year, round(land * share, 2), len(shares))

    def _new(self, area_mu: float, **values: object) -> dict[str, object]:
        """Begin a parcel with the next number."""
        number = len(self.parcels) + 1
        parcel: dict[str, object] = {
            "parcel_id": f"YL-{number:03d}",
            "part": "main",
            "area_mu": area_mu,
            "land_use": "industrial",
            "power_capacity_mw": round(float(self.rng.uniform(2, 40)), 1),
        }
        parcel.update(values)
        self.parcels.append(parcel)
        return parcel

    def _built_parcel(
        self, firm: dict[str, object], year: pd.Series, area_mu: float, parcels: int
    ) -> None:
        rng, industry = self.rng, firm["industry"]
        assert isinstance(industry, Industry)
        founded = firm["founded"]
        assert isinstance(founded, dt.date)
        number = int(firm["number"])  # type: ignore[call-overload]
        standard = number % 5 in (1, 3) or founded.year >= 2020
        supplied = founded - dt.timedelta(days=int(rng.integers(420, 760)))
        if standard and founded.year < 2024:
            founded = dt.date(2022, 1 + number % 12, 8)
            supplied = dt.date(2020 + number % 2, 1 + (number + 5) % 12, 15)
        area_m2 = area_mu * M2_PER_MU
        ratio = max(0.25, industry.floor_area_ratio * float(rng.uniform(0.72, 1.45)))
        base = min(0.72, float(rng.uniform(0.27, 0.56)))
        investment = area_mu * float(year["fixed_investment_wan"]) / float(year["land_mu"])
        parcel = self._new(
            area_mu,
            parcel_name=f"{firm['firm_name']}厂区",
            holder_id=firm["firm_id"],
            holder_name=firm["firm_name"],
            supply_state="supplied",
            supply_mode="allocation" if industry.utility else _mode(number),
            contract_no=f"XC{supplied.year}-{len(self.parcels) + 1:03d}",
            standard_land=standard,
            supply_date=supplied,
            land_term_end=supplied.replace(year=supplied.year + (20 if number % 4 == 0 else 50)),
            land_price_wan=round(area_mu * float(rng.uniform(9.6, 14.4)), 1),
            industry_code=industry.code,
            industry_edition="2017",
            agreed_start_date=supplied + dt.timedelta(days=150),
            actual_start_date=supplied + dt.timedelta(days=int(rng.integers(90, 300))),
            agreed_completion_date=founded - dt.timedelta(days=30),
            actual_completion_date=founded,
            agreed_production_date=founded + dt.timedelta(days=700),
            production_review_date=founded + dt.timedelta(days=760),
            to_build_area_mu=area_mu,
            built_area_mu=round(area_mu * float(rng.uniform(0.86, 1.0)), 2),
            fixed_investment_wan=round(investment, 1),
            total_investment_wan=round(investment * float(rng.uniform(0.95, 1.1)), 1),
            invested_wan=round(investment * 0.88, 1),
            floor_area_m2=round(area_m2 * ratio, 1),
            high_storey_area_m2=round(area_m2 * ratio * float(rng.uniform(0, 0.4)), 1),
            building_base_m2=round(area_m2 * base, 1),
            structure_base_m2=round(area_m2 * float(rng.uniform(0.01, 0.06)), 1),
            yard_m2=round(area_m2 * float(rng.uniform(0.0, 0.08)), 1),
            green_m2=round(area_m2 * float(rng.uniform(0.06, 0.19)), 1),
            admin_land_m2=round(area_m2 * float(rng.uniform(0.025, 0.068)), 1),
            admin_floor_m2=round(area_m2 * ratio * float(rng.uniform(0.04, 0.09)), 1),
        )
        if standard:
            self._promise(parcel, industry, year)
        self._special(parcel, number, parcels)

    def _promise(self, parcel: dict[str, object], industry: Industry, year: pd.Series) -> None:
        """Promised indicators: mostly kept, now and then not."""
        kept = float(self.rng.uniform(0.62, 1.12))
        tax = float(year["tax_wan"]) / float(year["land_mu"])
        parcel.update(
            promised_investment_intensity=round(industry.investment_per_mu * 0.92, 0),
            promised_floor_area_ratio=round(max(0.5, industry.floor_area_ratio * 0.95), 2),
            promised_building_coefficient=0.35,
            promised_green_ratio=0.20,
            promised_admin_land_share=0.07,
            promised_tax_per_mu=round(max(tax, 2.0) * kept, 1),
            promised_output_per_mu=round(industry.revenue_per_mu * 0.8, 0),
            promised_value_added_per_tce=round(0.9 / industry.tce_per_wan, 3),
            promised_rd_intensity=round(industry.rd_share * 0.6, 4),
        )

    def _special(self, parcel: dict[str, object], number: int, parcels: int) -> None:
        """Give some built parcels the states a tidy park would lack."""
        if number % 17 == 6:  # nothing entered for green land
            parcel["green_m2"] = None
        if number % 13 == 8:  # office land not separable: floor area is used
            parcel["admin_land_m2"] = None
        if number % 21 == 10:  # completion never accepted
            parcel.update(actual_completion_date=None, production_review_date=None)
        if number % 27 == 12:  # full production agreed for later
            parcel.update(
                agreed_production_date=dt.date(2027, 6, 30), production_review_date=None
            )
        if number % 33 == 14:  # review of full production is late
            parcel.update(
                agreed_production_date=dt.date(2025, 3, 31), production_review_date=None
            )
        if number in (24, 52):  # term of use has run out
            parcel.update(
                supply_date=dt.date(2004, 5, 18),
                land_term_end=dt.date(2024, 5, 17),
                agreed_start_date=dt.date(2004, 10, 15),
                actual_start_date=dt.date(2004, 11, 2),
                standard_land=False,
            )

    def _parcels_without_output(self) -> None:
        builders = [firm for firm in self.firms if firm["above_scale"]]
        for place in range(10):  # under construction, in time or behind
            firm = builders[3 + 5 * place]
            self._growing(firm, place)
        for place, cause in enumerate(("firm", "firm", "firm", "government", "not_due", "firm")):
            self._idle_not_started(builders[4 + 6 * place], place, cause)
        for place in range(5):
            self._idle_stopped(builders[6 + 7 * place], place)
        for place in range(13):
            approved = dt.date(2020 + place % 6, 1 + (5 * place) % 12, 20)
            self._new(
                round(self.spread(46, 0.45), 2),
                supply_state="approved_unsupplied",
                land_use="industrial" if place % 6 else "storage",
                approval_date=approved,
                approval_document=f"云政地（示例）〔{approved.year}〕{11 + place}号",
                delay_cause="government" if place % 3 == 0 else "not_due",
            )
        for place in range(9):
            self._new(
                round(self.spread(60, 0.4), 2),
                supply_state="available",
                land_use=("industrial", "storage", "industrial", "commercial")[place % 4],
            )
        for place in range(4):
            self._new(
                round(self.spread(34, 0.3), 2),
                supply_state="unavailable",
                land_use="green",
                remark=("高压走廊", "河道管理范围", "地质灾害避让", "生态保护红线")[place],
            )
        for place, use in enumerate(("commercial", "residential", "public", "commercial")):
            supplied = dt.date(2014 + place, 4, 12)
            self._new(
                round(self.spread(38, 0.3), 2),
                parcel_name=("邻里中心", "职工公寓", "管委会及展示中心", "商务配套")[place],
                supply_state="supplied",
                land_use=use,
                supply_mode="auction" if use != "public" else "allocation",
                supply_date=supplied,
                agreed_start_date=supplied + dt.timedelta(days=180),
                actual_start_date=supplied + dt.timedelta(days=160),
                agreed_completion_date=supplied + dt.timedelta(days=1000),
                actual_completion_date=supplied + dt.timedelta(days=990),
            )

    def _held(self, firm: dict[str, object], area: float, supplied: dt.date) -> dict[str, object]:
        industry = firm["industry"]
        assert isinstance(industry, Industry)
        return self._new(
            area,
            parcel_name=f"{firm['firm_name']}二期",
            holder_id=firm["firm_id"],
            holder_name=firm["firm_name"],
            supply_state="supplied",
            supply_mode="flexible" if len(self.parcels) % 2 else "auction",
            contract_no=f"XC{supplied.year}-{len(self.parcels) + 1:03d}",
            standard_land=supplied.year >= 2021,
            supply_date=supplied,
            land_term_end=supplied.replace(year=supplied.year + 20),
            land_price_wan=round(area * 12.8, 1),
            industry_code=industry.code,
            industry_edition="2017",
            to_build_area_mu=area,
            total_investment_wan=round(area * industry.investment_per_mu, 0),
            promised_investment_intensity=round(industry.investment_per_mu, 0),
            promised_floor_area_ratio=round(max(0.6, industry.floor_area_ratio), 2),
            promised_building_coefficient=0.40,
            promised_green_ratio=0.15,
            promised_admin_land_share=0.07,
            promised_tax_per_mu=round(industry.revenue_per_mu * industry.tax_share, 1),
        )

    def _growing(self, firm: dict[str, object], place: int) -> None:
        supplied = dt.date(2024 + place % 2, 2 + place, 10)
        parcel = self._held(firm, round(self.spread(48, 0.35), 2), supplied)
        start = supplied + dt.timedelta(days=170)
        parcel.update(
            agreed_start_date=start,
            agreed_completion_date=dt.date(2025, 9, 30) if place == 2 else start.replace(year=2027),
            agreed_production_date=start.replace(year=2029),
        )
        if place in (4, 7):
            parcel.update(agreed_start_date=dt.date(2025, 2 + place, 28))
            return  # late to start, not yet idle: becomes idle within the next year
        total = float(parcel["total_investment_wan"])  # type: ignore[arg-type]
        area = float(parcel["area_mu"])  # type: ignore[arg-type]
        parcel.update(
            actual_start_date=start + dt.timedelta(days=12),
            built_area_mu=round(area * (0.35 + 0.05 * place), 2),
            invested_wan=round(total * (0.28 + 0.05 * place), 1),
        )

    def _idle_not_started(self, firm: dict[str, object], place: int, cause: str) -> None:
        supplied = dt.date(2021 + place % 4, 3 + place, 6)
        start = supplied + dt.timedelta(days=180)
        parcel = self._held(firm, round(self.spread(40, 0.35), 2), supplied)
        parcel.update(
            agreed_start_date=start if place != 5 else dt.date(2024, 10, 15),
            agreed_completion_date=start + dt.timedelta(days=730),
            agreed_production_date=start + dt.timedelta(days=1460),
            delay_cause=cause,
            built_area_mu=0.0,
            invested_wan=0.0,
        )

    def _idle_stopped(self, firm: dict[str, object], place: int) -> None:
        supplied = dt.date(2019 + place % 3, 2 + place, 9)
        start = supplied + dt.timedelta(days=150)
        parcel = self._held(firm, round(self.spread(44, 0.35), 2), supplied)
        area = float(parcel["area_mu"])  # type: ignore[arg-type]
        total = float(parcel["total_investment_wan"])  # type: ignore[arg-type]
        little_built = place % 2 == 0
        parcel.update(
            agreed_start_date=start,
            actual_start_date=start + dt.timedelta(days=20),
            agreed_completion_date=start + dt.timedelta(days=900),
            agreed_production_date=start + dt.timedelta(days=1600),
            built_area_mu=round(area * (0.18 if little_built else 0.48), 2),
            invested_wan=round(total * (0.41 if little_built else 0.16), 1),
            stopped_since=dt.date(2025, 6, 3) if place == 4 else dt.date(2022 + place % 3, 7, 1),
            delay_cause="government" if place == 3 else "firm",
        )

    # -- geometry ------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Put the parcels side by side in strips along roads; neighbours share an edge."""
        x, y, before = 0.0, 0.0, ""
        by_id = {str(parcel["parcel_id"]): parcel for parcel in self.parcels}
        order = self.rng.permutation(len(self.parcels))
        for place in order:
            parcel = self.parcels[int(place)]
            name = str(parcel["parcel_id"])
            width = float(parcel["area_mu"]) * M2_PER_MU / STRIP_DEPTH_M  # type: ignore[arg-type]
            if x + width > STRIP_LENGTH_M:
                x, y, before = 0.0, y + STRIP_DEPTH_M + ROAD_M, ""
            self.strips.append((name, x, y, width))
            parcel["adjacent_parcels"] = (before,) if before else ()
            if before:
                other = by_id[before]
                other["adjacent_parcels"] = (*other["adjacent_parcels"], name)  # type: ignore[misc]
            x, before = x + width, name
        for parcel in self.parcels:
            parcel["longitude"], parcel["latitude"] = (
                round(value, 6) for value in self._centre(str(parcel["parcel_id"]))
            )

    def _centre(self, name: str) -> tuple[float, float]:
        x, y, width = next(strip[1:] for strip in self.strips if strip[0] == name)
        return lon_lat(x + width / 2, y + STRIP_DEPTH_M / 2)

    def geojson(self) -> str:
        """The parcels as GeoJSON; two are drawn with an outline that differs from the ledger."""
        features = []
        for name, x, y, width in sorted(self.strips):
            drawn = width * (0.97 if name in ("YL-014", "YL-077") else 1.0)
            corners = [(x, y), (x + drawn, y), (x + drawn, y + STRIP_DEPTH_M), (x, y + STRIP_DEPTH_M)]
            ring = [[round(v, 8) for v in lon_lat(*corner)] for corner in [*corners, corners[0]]]
            features.append(
                {
                    "type": "Feature",
                    "properties": {"parcel_id": name},
                    "geometry": {"type": "Polygon", "coordinates": [ring]},
                }
            )
        return json.dumps(
            {"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=0
        )


def _mode(number: int) -> str:
    return ("auction", "flexible", "lease_then_grant", "long_lease", "lease_and_grant")[
        0 if number % 3 else number % 5
    ]


def lon_lat(x: float, y: float) -> tuple[float, float]:
    """Local metres east and north of the park's corner as degrees (WGS 84 radii at the corner)."""
    a, e2 = 6378137.0, 0.00669437999014
    sine = math.sin(math.radians(LATITUDE + y / 111_000 / 2))
    meridian = a * (1 - e2) / (1 - e2 * sine**2) ** 1.5
    latitude = LATITUDE + math.degrees(y / meridian)
    at = math.radians(latitude)
    normal = a / math.sqrt(1 - e2 * math.sin(at) ** 2)
    return LONGITUDE + math.degrees(x / (normal * math.cos(at))), latitude


# -- tables that follow from the parcels and firms ------------------------------------------------


def supply_history(parcels: pd.DataFrame) -> pd.DataFrame:
    """Yearly supply of the last six years, from the parcels, and the stock disposed of."""
    supplied = parcels[parcels["supply_date"].notna()].copy()
    supplied["year"] = [day.year for day in supplied["supply_date"]]
    rows = []
    stock = {2020: (31.2, 6.4, 9.8, 2.1), 2021: (29.9, 6.8, 10.4, 2.6), 2022: (28.3, 7.9, 11.2, 3.1)}
    stock |= {2023: (27.1, 8.6, 12.0, 4.2), 2024: (25.0, 9.1, 11.6, 5.0), 2025: (22.4, 6.1, 10.9, 3.6)}
    for year in range(2020, YEAR + 1):
        of_year = supplied[supplied["year"] == year]
        industry = of_year[of_year["land_use"].isin(["industrial", "storage"])]
        standard = industry[industry["standard_land"].eq(True)]
        unsupplied, disposed, idle, idle_disposed = stock[year]
        rows.append(
            {
                "year": year,
                "supplied_ha": _ha(of_year),
                "industrial_supplied_ha": _ha(industry),
                "standard_land_ha": _ha(standard),
                "unsupplied_stock_ha": unsupplied,
                "unsupplied_disposed_ha": disposed,
                "idle_stock_ha": idle,
                "idle_disposed_ha": idle_disposed,
                "quota_ha": 18.0 + (year - 2020),
            }
        )
    return pd.DataFrame(rows)


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
            [day is not None and day == day and day <= dt.date(year, 12, 31) for day in parcels["supply_date"]]
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
        codes["G"] = (9.2, 10.1, 10.6)[place]
        rows.extend({"year": year, "code": code, "area_ha": area} for code, area in codes.items())
    return pd.DataFrame(rows)


def _expired(parcels: pd.DataFrame, year: int) -> list[str]:
    ended = [day is not None and day == day and day.year <= year for day in parcels["land_term_end"]]
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
                "approved_construction_ha": round(float(area[["D1", "D21", "D22"]].sum()) + 39.5, 4),
                "unsupplied_ha": (25.0, 22.4, 20.6)[place],
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


def tables(maker: Maker) -> dict[str, pd.DataFrame]:
    """Every sheet of the workbook."""
    firms = maker.make_firms()
    parcels = maker.make_parcels(firms)
    landlords = {str(firm["firm_id"]): firm["landlord"] for firm in maker.firms if firm["landlord"]}
    firms["landlord_id"] = firms["firm_id"].map(landlords)
    codes = land_use(parcels)
    supplied_or_not = ["D1", "D21", "D22", "E1", "E21", "E22", "F"]
    last = codes[(codes["year"] == YEAR) & codes["code"].isin(supplied_or_not)]
    total = float(last["area_ha"].sum())
    overview = pd.DataFrame(
        [
            {
                "part": "main",
                "approved_area_ha": round(total, 4),
                "planned_area_ha": round(total, 4),
                "planned_industrial_ha": round(total * 0.73, 4),
                "approval_document": "示例批复〔2012〕18号（虚构）",
                "established": dt.date(2012, 6, 18),
                "leading_industries": "绿色硅、绿色铝、食品加工、精细化工",
            }
        ]
    )
    return {
        "overview": overview,
        "parcels": parcels,
        "firms": firms,
        "pipeline": pd.DataFrame(PIPELINE),
        "land_use": codes.assign(part="main"),
        "supply_history": supply_history(parcels).assign(part="main"),
        "indicators": indicators(parcels, firms, codes).assign(part="main"),
    }


def main(folder: Path) -> None:
    """Write the workbook and the parcel outlines; the series come from ``make_series``."""
    from example_series import write_series

    folder.mkdir(parents=True, exist_ok=True)
    maker = Maker()
    write_tables(folder / "park.xlsx", tables(maker))
    (folder / "parcels.geojson").write_text(maker.geojson() + "\n", encoding="utf-8")
    write_series(folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("yunnan_park"))
