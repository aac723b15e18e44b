"""Parcels of the invented example park: built, growing, idle, unsupplied, available."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from draw import YEAR, Draw
from industries import Industry
from layout import Strip, lay_out

from greenland.units import M2_PER_MU


class ParcelMaker(Draw):
    """Draws the parcels of the firms given, then those without output."""

    def __init__(self, rng: np.random.Generator, firms: list[dict[str, object]]) -> None:
        super().__init__(rng)
        self.firms = firms
        self.parcels: list[dict[str, object]] = []
        self.strips: list[Strip] = []

    def table(self, firms: pd.DataFrame) -> pd.DataFrame:
        """Built parcels of the firms, then those being built, idle, unsupplied and available."""
        last = firms[firms["year"] == YEAR].set_index("firm_id")
        tenants = self._choose_tenants()
        for firm in self.firms:
            if firm["firm_id"] in tenants:
                continue
            self._parcels_of(firm, last.loc[str(firm["firm_id"])])
        self._parcels_without_output()
        self._keep_to_the_past()
        lay_out(self.parcels, self.strips, self.rng)
        return pd.DataFrame(self.parcels)

    def _keep_to_the_past(self) -> None:
        """What would have happened after the day of assessment has not happened yet."""
        for parcel in self.parcels:
            for event in ("actual_start_date", "actual_completion_date", "production_review_date"):
                day = parcel.get(event)
                if isinstance(day, dt.date) and day > dt.date(YEAR, 12, 31):
                    parcel[event] = None
            if parcel.get("floor_area_m2") is not None:  # a storey covers at least its base
                floor = max(
                    float(parcel["floor_area_m2"]), float(parcel["building_base_m2"]) * 1.02
                )  # type: ignore[arg-type]
                parcel["floor_area_m2"] = round(floor, 1)

    def _choose_tenants(self) -> set[str]:
        """A few small firms rent from a larger one and hold no land of their own."""
        small = [firm for firm in self.firms if not firm["above_scale"]][2:14:3]
        large = [
            firm for firm in self.firms if firm["above_scale"] and firm["state"] == "operating"
        ]
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
        standard = number % 5 in (1, 3)
        supplied = founded - dt.timedelta(days=int(rng.integers(420, 760)))
        if standard and founded.year < 2025:  # sold under the standard-land programme
            supplied = dt.date(2020 + number % 4, 1 + (number + 5) % 12, 15)
            founded = supplied + dt.timedelta(days=480 + 7 * (number % 20))
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
            parcel.update(agreed_production_date=dt.date(2028, 6, 30), production_review_date=None)
        if number % 33 == 14:  # review of full production is late
            parcel.update(agreed_production_date=dt.date(2026, 3, 31), production_review_date=None)
        if number in (24, 52):  # term of use has run out
            parcel.update(
                supply_date=dt.date(2005, 5, 18),
                land_term_end=dt.date(2025, 5, 17),
                agreed_start_date=dt.date(2005, 10, 15),
                actual_start_date=dt.date(2005, 11, 2),
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
            approved = dt.date(2021 + place % 6, 1 + (5 * place) % 12, 20)
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
            supplied = dt.date(2015 + place, 4, 12)
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
            standard_land=supplied.year >= 2022 and len(self.parcels) % 3 != 0,
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
        supplied = dt.date(2025 + place % 2, 2 + place, 10)
        parcel = self._held(firm, round(self.spread(48, 0.35), 2), supplied)
        start = supplied + dt.timedelta(days=170)
        parcel.update(
            agreed_start_date=start,
            agreed_completion_date=dt.date(2026, 9, 30) if place == 2 else start.replace(year=2028),
            agreed_production_date=start.replace(year=2030),
        )
        if place in (4, 7):
            parcel.update(agreed_start_date=dt.date(2026, 2 + place, 28))
            return  # late to start, not yet idle: becomes idle within the next year
        total = float(parcel["total_investment_wan"])  # type: ignore[arg-type]
        area = float(parcel["area_mu"])  # type: ignore[arg-type]
        parcel.update(
            actual_start_date=start + dt.timedelta(days=12),
            built_area_mu=round(area * (0.35 + 0.05 * place), 2),
            invested_wan=round(total * (0.28 + 0.05 * place), 1),
        )

    def _idle_not_started(self, firm: dict[str, object], place: int, cause: str) -> None:
        supplied = dt.date(2022 + place % 4, 3 + place, 6)
        start = supplied + dt.timedelta(days=180)
        parcel = self._held(firm, round(self.spread(40, 0.35), 2), supplied)
        parcel.update(
            agreed_start_date=start if place != 5 else dt.date(2025, 10, 15),
            agreed_completion_date=start + dt.timedelta(days=730),
            agreed_production_date=start + dt.timedelta(days=1460),
            delay_cause=cause,
            built_area_mu=0.0,
            invested_wan=0.0,
        )

    def _idle_stopped(self, firm: dict[str, object], place: int) -> None:
        supplied = dt.date(2020 + place % 3, 2 + place, 9)
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
            stopped_since=dt.date(2026, 6, 3) if place == 4 else dt.date(2023 + place % 3, 7, 1),
            delay_cause="government" if place == 3 else "firm",
        )


def _mode(number: int) -> str:
    return ("auction", "flexible", "lease_then_grant", "long_lease", "lease_and_grant")[
        0 if number % 3 else number % 5
    ]
