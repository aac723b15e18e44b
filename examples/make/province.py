"""Make an invented province: a folder for each park and year, sparse, uneven, some of it broken.

No park, firm, parcel or figure in it is real. The same numbers give the same province.

    python examples/make/province.py DIR [--parks 63] [--parcels 40] [--years 2025 2026] \
        [--no-energy]

Below DIR stands a folder for each year as `greenland province` takes it. Among the parks are one
whose park.yaml cannot be read, one without data, one of the year before, two of one code, two with
the same outlines, and some that leave out firms, yearly figures or land use.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
from pathlib import Path

import numpy as np
import pandas as pd

from greenland.park import write_tables
from greenland.park.codes import credit_code
from greenland.units import MU_PER_HA

SEED = 63
LEVELS = (("国家级", 0.12), ("省级", 0.75), ("州级", 0.13))
TYPES = (
    ("产业园区", 0.62),
    ("经济技术开发区", 0.22),
    ("高新技术产业开发区", 0.1),
    ("边境经济合作区", 0.06),
)
INDUSTRIES = (
    "绿色铝",
    "绿色硅",
    "食品加工",
    "生物医药",
    "精细化工",
    "新能源电池",
    "有色金属",
    "装备制造",
    "电子信息",
)
CODES = ("3216", "3985", "1371", "2740", "2611", "3841", "3252", "3311", "3021")
BROKEN, EMPTY, LATE, TWIN, COPIED = 7, 23, 31, 40, 48  # numbers of the odd parks
WITHOUT_FIRMS, WITHOUT_FIGURES, WITHOUT_LAND_USE = (11, 29, 52), (5, 18, 44, 57), (9, 35)
WITH_ENERGY = (2, 6, 14, 20, 27, 33)
CASE = """
energy:
  name: {name}绿电直连（虚构）
  load: load.csv
  sources:
    - {{name: pv, technology: pv, profile: pv.csv, capex: {pv}, opex: 30, lifetime: 25,
       max_mw: 150}}
    - {{name: wind, technology: wind, profile: wind.csv, capex: {wind}, opex: 55, lifetime: 20,
       max_mw: 150}}
  storages:
    - {{name: battery, power_capex: 300, energy_capex: 700, lifetime: 12, charge_efficiency: 0.94,
       discharge_efficiency: 0.94, depth_of_discharge: 0.85}}
  grid: {{capacity_mw: 60, import_price: 0.45, export_price: 0.2}}
  limits_from_rules: true
  discount_rate: 0.06
  carbon: {{factor: province}}
"""


class Park:
    """One invented park: what it is in every year.

    Parameters
    ----------
    number : int
        From 1 on; also its seed.
    parcels : int
        How many it has, give or take.
    energy : bool
        Whether it may have an energy case.
    """

    def __init__(self, number: int, parcels: int, *, energy: bool = True) -> None:
        self.number = number
        self.energy = energy and number in WITH_ENERGY
        self.rng = np.random.default_rng([SEED, number])
        draw = self.rng.random(2)
        self.level = _drawn(LEVELS, draw[0])
        self.type = _drawn(TYPES, draw[1])
        self.name = f"虚构{number:02d}号园区"
        self.code = f"XG{TWIN if number == TWIN + 1 else number:03d}"
        self.count = max(6, round(parcels * float(self.rng.uniform(0.6, 1.4))))
        self.quality = float(self.rng.normal())  # good parks are good in most things
        self.growth = 0.06 + 0.03 * self.quality + float(self.rng.normal(0, 0.03))
        self.local = number % 16 == 0
        self.places: dict[int, int] = {}  # in the ranking of each year

    def config(self, year: int) -> str:
        """Its park.yaml."""
        packs = "national, yunnan, chuxiong" if self.local else "national, yunnan"
        text = (
            f"# 虚构园区，只用于演示\nname: {self.name}（虚构）\nlevel: {self.level}\n"
            f"type: {self.type}\ncode: {self.code}\nyear: {year}\nrules:\n  packs: [{packs}]\n"
        )
        if self.number in (COPIED, COPIED + 1):
            text += "geometry: parcels.geojson\n"
        if self.energy:
            rise = 1 + 0.02 * self.number / 10
            text += CASE.format(name=self.name, pv=round(2700 * rise), wind=round(3900 * rise))
        return text

    def tables(self, year: int, rank: int, ranked: int) -> dict[str, pd.DataFrame]:
        """Its sheets in one year."""
        rng = np.random.default_rng([SEED, self.number, 1])
        parcels = self._parcels(rng, year)
        firms = self._firms(rng, parcels, year)
        built = parcels["actual_completion_date"].notna()
        area = float(parcels["area_mu"].sum()) / MU_PER_HA
        sheets = {
            "overview": self._overview(area),
            "parcels": parcels,
            "firms": firms,
            "supply_history": self._supply(rng, year, area),
            "land_use": self._land_use(year, area, float(built.mean())),
            "indicators": self._indicators(parcels, firms, year, rank, ranked),
        }
        if self.number in WITHOUT_FIRMS:
            del sheets["firms"]
        if self.number in WITHOUT_FIGURES:
            del sheets["indicators"]
        if self.number in WITHOUT_LAND_USE:
            del sheets["land_use"]
        return sheets

    def _overview(self, area: float) -> pd.DataFrame:
        chosen = self.rng.choice(len(INDUSTRIES), 3, replace=False)
        return pd.DataFrame(
            [
                {
                    "part": "main",
                    "approved_area_ha": round(area * 1.6, 2),
                    "planned_area_ha": round(area * 1.6, 2),
                    "planned_industrial_ha": round(area * 1.1, 2),
                    "approval_document": "虚构批复",
                    "established": dt.date(2010, 6, 1),
                    "leading_industries": "、".join(INDUSTRIES[place] for place in chosen),
                }
            ]
        )

    def _parcels(self, rng: np.random.Generator, year: int) -> pd.DataFrame:
        rows = []
        for number in range(self.count):
            area = round(float(rng.lognormal(3.6, 0.5)), 2)
            land = area * 10_000 / 15
            supplied = dt.date(int(rng.integers(2014, 2026)), int(rng.integers(1, 13)), 5)
            start = supplied + dt.timedelta(days=120)
            late, draw, cause = float(rng.random()), float(rng.random()), float(rng.random())
            row: dict[str, object] = {
                "parcel_id": f"XG{self.number:03d}-{number:03d}",
                "area_mu": area,
                "land_use": "industrial" if draw < 0.86 else "storage",
                "industry_code": CODES[int(rng.integers(len(CODES)))],
                "industry_edition": "2017",
                "approval_date": supplied - dt.timedelta(days=300),
                "supply_state": "supplied",
            }
            extra = rng.random(4)
            if draw > 0.94:
                row["supply_state"] = "approved_unsupplied" if cause < 0.6 else "available"
                rows.append(row)
                continue
            row |= {
                "holder_id": credit_code("91", "530001", f"XG{self.number:03d}{number:04d}"),
                "holder_name": f"虚构企业{self.number:02d}-{number:03d}",
                "supply_mode": "auction",
                "supply_date": supplied,
                "standard_land": bool(
                    supplied.year > 2020 and extra[0] < 0.55 + 0.1 * self.quality
                ),
                "agreed_start_date": start,
                "agreed_completion_date": start + dt.timedelta(days=600),
                "agreed_production_date": start + dt.timedelta(days=1000),
                "promised_investment_intensity": 260.0,
                "promised_tax_per_mu": 12.0,
                "to_build_area_mu": area,
                "land_price_wan": round(area * 14, 1),
                "total_investment_wan": round(area * 280, 1),
            }
            if late < 0.06:  # never begun
                row |= {"delay_cause": "firm" if cause < 0.7 else "government", "invested_wan": 0.0,
                        "built_area_mu": 0.0}  # fmt: skip
            else:
                done = start + dt.timedelta(days=500 + round(400 * late))
                row |= {
                    "actual_start_date": start + dt.timedelta(days=round(200 * late)),
                    "built_area_mu": area,
                    "invested_wan": round(area * 250, 1),
                    "fixed_investment_wan": round(area * 240 * math.exp(0.3 * extra[1]), 1),
                    "floor_area_m2": round(land * (0.6 + 0.7 * extra[2]), 1),
                    "building_base_m2": round(land * (0.32 + 0.2 * extra[3]), 1),
                    "green_m2": round(land * 0.12, 1),
                    "admin_land_m2": round(land * 0.05, 1),
                }
                if done < dt.date(year, 6, 30):
                    row["actual_completion_date"] = done
                    row["production_review_date"] = done + dt.timedelta(days=200)
            rows.append(row)
        frame = pd.DataFrame(rows)
        dates = [name for name in frame if name.endswith("_date")]
        if "actual_completion_date" not in frame:
            frame["actual_completion_date"] = None
        for name in {*dates, "actual_completion_date"}:
            frame[name] = pd.to_datetime(frame[name])
        return frame

    def _firms(self, rng: np.random.Generator, parcels: pd.DataFrame, year: int) -> pd.DataFrame:
        held = parcels[parcels["actual_completion_date"].notna()]
        rows = []
        for place, parcel in enumerate(held.to_dict("records")):
            draw = rng.random(6)
            rich = math.exp(0.5 * self.quality + float(rng.normal(0, 0.6)))
            for back in (2, 1, 0):
                when = year - back
                grown = (1 + self.growth) ** (when - 2023)
                revenue = float(parcel["area_mu"]) * 380 * rich * grown
                rows.append(
                    {
                        "firm_id": parcel["holder_id"],
                        "firm_name": parcel["holder_name"],
                        "year": when,
                        "above_scale": bool(draw[0] < 0.6),
                        "industry_code": parcel["industry_code"],
                        "industry_edition": "2017",
                        "founded": dt.date(2019, 1, 1) - dt.timedelta(days=place),
                        "land_mu": parcel["area_mu"],
                        "tax_wan": round(revenue * (0.02 + 0.04 * draw[1]), 1),
                        "revenue_wan": round(revenue, 1),
                        "output_wan": round(revenue * 1.04, 1),
                        "value_added_wan": round(revenue * (0.18 + 0.15 * draw[2]), 1),
                        "energy_tce": round(revenue * 0.2 * draw[3] * 0.97 ** (when - 2023), 1),
                        "electricity_mwh": round(revenue * 0.3 * draw[3], 1),
                        "water_m3": round(revenue * 5 * draw[4]),
                        "emission_t": round(revenue * 0.0008 * draw[3], 3),
                        "employees": round(revenue / 90) + 5,
                        "rd_wan": round(revenue * 0.03 * draw[5], 1),
                        "fixed_investment_wan": parcel["fixed_investment_wan"],
                        "firm_state": "operating",
                        "utility": False,
                    }
                )
        return pd.DataFrame(rows)

    def _supply(self, rng: np.random.Generator, year: int, area: float) -> pd.DataFrame:
        rows = []
        for when in range(2021, 2027):
            sold = area * float(rng.uniform(0.02, 0.06))
            share = min(1.0, max(0.0, 0.3 + 0.11 * (when - 2021) + 0.12 * self.quality))
            stock, idle = area * 0.09 * 0.95 ** (when - 2021), area * 0.05 * 0.95 ** (when - 2021)
            done, moved = (float(rng.uniform(0.12, 0.42)) for _ in range(2))
            if when > year:
                continue
            rows.append(
                {
                    "year": when,
                    "supplied_ha": round(sold * 1.2, 2),
                    "industrial_supplied_ha": round(sold, 2),
                    "standard_land_ha": round(sold * share, 2),
                    "unsupplied_stock_ha": round(stock, 2),
                    "unsupplied_disposed_ha": round(stock * done, 2),
                    "idle_stock_ha": round(idle, 2),
                    "idle_disposed_ha": round(idle * moved, 2),
                }
            )
        frame = pd.DataFrame(rows)
        if self.number % 9 == 0:  # what is disposed of was never written down
            frame = frame.drop(columns=["idle_stock_ha", "idle_disposed_ha"])
        return frame

    def _land_use(self, year: int, area: float, built: float) -> pd.DataFrame:
        rows = []
        for when in (year - 1, year):
            share = built * (0.92 if when < year else 1.0)
            codes = {"A1": 0.06, "A2": 0.72, "A31": 0.08, "A32": 0.01, "A4": 0.05, "A51": 0.03,
                     "A52": 0.05, "A6": 0.0}  # fmt: skip
            areas = {code: round(area * share * part, 4) for code, part in codes.items()}
            done = sum(areas.values())
            supplied = max(area * 0.94, done)
            areas |= {"D1": round(supplied * 0.15, 4), "D22": 0.0}
            areas["D21"] = round(supplied - areas["D1"], 4)
            stock = area * 0.2
            areas |= {"E1": round(stock * 0.1, 4), "E21": round(stock * 0.7, 4)}
            areas["E22"] = round(stock - areas["E1"] - areas["E21"], 4)
            areas["C"] = areas["F"] = round(area * 0.03, 4)
            open_land = round(supplied + stock - done, 4)
            areas |= {"B21": round(open_land * 0.6, 4)}
            areas["B22"] = round(open_land - areas["B21"], 4)
            areas["G"] = round(supplied * 0.05 * math.exp(-0.5 * self.quality), 4)
            rows += [
                {"year": when, "part": "main", "code": c, "area_ha": a} for c, a in areas.items()
            ]
        return pd.DataFrame(rows)

    def _indicators(
        self, parcels: pd.DataFrame, firms: pd.DataFrame, year: int, rank: int, ranked: int
    ) -> pd.DataFrame:
        built = parcels[parcels["actual_completion_date"].notna()]
        rows = []
        for when in (year - 1, year):
            own = firms[firms["year"] == when]
            above = own[own["above_scale"]]
            floor = float(built["floor_area_m2"].sum())
            base = float(built["building_base_m2"].sum())
            # the ledger holds the firms of its land only; a good park has others besides
            size = 1.04 * math.exp(0.8 * max(0.0, self.quality))
            rows.append(
                {
                    "year": when,
                    "part": "main",
                    "floor_area_m2": floor * 1.2,
                    "building_base_m2": base * 1.2,
                    "industrial_floor_area_m2": floor,
                    "industrial_building_base_m2": base,
                    "industrial_base_m2": base * 1.15,
                    "industrial_investment_wan": float(own["fixed_investment_wan"].sum()),
                    "industrial_tax_wan": float(own["tax_wan"].sum()),
                    "industrial_revenue_wan": float(own["revenue_wan"].sum()),
                    "tax_wan": float(own["tax_wan"].sum()) * 1.1,
                    "resident_population": 6000 + 40 * self.number,
                    "high_tech_land_ha": round(self.count * 0.3, 2),
                    "above_scale_output_wan": round(float(above["output_wan"].sum()) * size, 1),
                    "new_above_scale_firms": max(0, round(9 + 4 * self.quality)),
                    "revenue_wan": round(float(own["revenue_wan"].sum()) * size, 1),
                    "leading_industry_share": round(
                        min(0.95, max(0.2, 0.57 + 0.08 * self.quality)), 3
                    ),
                    "value_added_wan": round(float(own["value_added_wan"].sum()) * size, 1),
                    "energy_tce": round(float(own["energy_tce"].sum()) * size, 1),
                    "water_m3": round(float(own["water_m3"].sum()) * size),
                    "waste_water_treated_share": 1.0,
                    "solid_waste_disposed_share": 0.99,
                    "rank": rank if when == year else self.places.get(when, rank),
                    "ranked_parks": ranked,
                }
            )
        frame = pd.DataFrame(rows)
        if self.number % 7 == 0:
            frame = frame.drop(columns=["energy_tce", "water_m3"])
        if self.number % 13 == 0:
            frame = frame[frame["year"] == year]
        if self.number == 12:  # ten times what it is: a slip of the decimal point
            frame["energy_tce"] *= 10
        return frame


def _drawn(choices: tuple[tuple[str, float], ...], draw: float) -> str:
    total = 0.0
    for name, share in choices:
        total += share
        if draw < total:
            return name
    return choices[-1][0]


def outlines(parcels: pd.DataFrame, west: float) -> str:
    """Parcels as rectangles of their areas in a row, as GeoJSON."""
    features, left = [], west
    for parcel in parcels.to_dict("records"):
        width = math.sqrt(float(parcel["area_mu"]) * 10_000 / 15)
        right, top = left + width / 100_900, 25.0 + width / 110_770
        ring = [[left, 25.0], [right, 25.0], [right, top], [left, top], [left, 25.0]]
        features.append(
            {
                "type": "Feature",
                "properties": {"宗地编号": parcel["parcel_id"]},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        )
        left = right + 0.0002
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def series(folder: Path, park: Park) -> None:
    """Load, sun and wind of a common year, hour by hour."""
    rng = np.random.default_rng([SEED, park.number, 2])
    hours = pd.date_range("2026-01-01", periods=8760, freq="h")
    day, season = hours.hour.to_numpy(), np.cos(2 * np.pi * hours.day_of_year.to_numpy() / 365)
    sun = np.clip(np.sin((day - 6) / 12 * np.pi), 0, None) * rng.beta(5, 2, 8760) * 0.95
    gusts = np.convolve(rng.normal(size=8760 + 23), np.ones(24) / 24**0.5, "valid")
    wind = np.clip(0.33 + 0.12 * season + 0.15 * gusts, 0, 1)
    load = (30 + park.number) * (1 + 0.15 * np.sin((day - 9) / 12 * np.pi)) + rng.normal(0, 1, 8760)
    for name, values in (("load", load), ("pv", sun), ("wind", wind)):
        frame = pd.DataFrame({"time": hours.strftime("%Y-%m-%d %H:%M"), name: values.round(4)})
        frame.to_csv(folder / f"{name}.csv", index=False)


def write_park(folder: Path, park: Park, year: int, rank: int, ranked: int) -> None:
    """One park folder, with what is wrong with it."""
    folder.mkdir(parents=True, exist_ok=True)
    if park.number == EMPTY:
        (folder / "说明.txt").write_text("数据未报（虚构）\n", encoding="utf-8")
        return
    own_year = year - 1 if park.number == LATE else year
    text = park.config(own_year)
    if park.number == BROKEN:
        text = text.replace("level: ", "level: 特", 1).replace("year:", "years:")
    (folder / "park.yaml").write_text(text, encoding="utf-8")
    tables = park.tables(own_year, rank, ranked)
    write_tables(folder / "park.xlsx", tables)
    if park.number in (COPIED, COPIED + 1):
        content = outlines(tables["parcels"], 101.0)
        if park.number == COPIED + 1:
            other = Park(COPIED, 0)
            other.count = min(8, len(tables["parcels"]))
            drawn = other.tables(own_year, 1, 1)["parcels"]
            ids = tables["parcels"]["parcel_id"].iloc[: len(drawn)].tolist()
            content = outlines(drawn.assign(parcel_id=ids), 101.0)
        (folder / "parcels.geojson").write_text(content, encoding="utf-8")
    if park.energy:
        series(folder, park)


def make(folder: Path, parks: int, parcels: int, years: list[int], *, energy: bool = True) -> None:
    """The province in every year."""
    made = [Park(number, parcels, energy=energy) for number in range(1, parks + 1)]
    rng = np.random.default_rng([SEED, 0])
    for year in sorted(years):
        scores = [park.quality + float(rng.normal(0, 0.35)) for park in made]
        order = sorted(range(parks), key=lambda place: -scores[place])
        for place, number in enumerate(order, start=1):
            made[number].places[year] = place
        for park in made:
            where = folder / str(year) / f"{park.number:03d}_{park.name}"
            write_park(where, park, year, park.places[year], parks)
        (folder / str(year) / "province.yaml").write_text(
            f"# 虚构的省，只用于演示\nname: 虚构省\nyear: {year}\nparks: {parks}\n"
            "rules:\n  packs: [national, yunnan, chuxiong]\n"
            "figures:\n  gdp_yi: 16000\n  park_gdp_yi: 3700\n  above_scale_output_yi: 14000\n"
            "  source: 虚构数据\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--parks", type=int, default=63)
    parser.add_argument("--parcels", type=int, default=40)
    parser.add_argument("--years", type=int, nargs="+", default=[2025, 2026])
    parser.add_argument("--no-energy", action="store_true", help="no park has an energy case")
    given = parser.parse_args()
    make(given.folder, given.parks, given.parcels, given.years, energy=not given.no_energy)
