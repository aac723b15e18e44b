"""Time and memory of the land programme: ``python -m benchmarks.land [parcels] [--part NAME]``.

``evaluations`` runs a made ledger (100 000 parcels, 30 000 firms over three years, 2 000 projects
unless told otherwise) through everything but the re-allocation; the aim is 60 s and 2 GB.
``reallocation`` places 200 projects on 500 parcels; the aim is 60 s, with the gap stated.
Every figure is invented.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import sys
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from greenland.land import (
    admission,
    per_mu,
    policy,
    reallocate,
    review,
    standard_land,
    stock,
)
from greenland.land import exit as leaving
from greenland.land.reallocate.sites import Land, Projects, neighbours
from greenland.park import SHEETS, ParkConfig, empty_table, table
from greenland.rules import load_rulebook

YEAR = 2026
CODES = ("1310", "1411", "2614", "2720", "3011", "3091", "3216", "3252", "3824", "3985")
USES = ("industrial", "storage", "commercial")
FIRM_STATES = ("operating", "stopped", "zombie")
PROJECTS, PLACES = 200, 500


def _days(rng: np.random.Generator, first: str, last: str, count: int) -> pd.Series[Any]:
    start, end = pd.Timestamp(first), pd.Timestamp(last)
    days = rng.integers(0, (end - start).days, count)
    return pd.Series(start + pd.to_timedelta(days, unit="D")).astype("datetime64[us]")


def _some(rng: np.random.Generator, values: pd.Series[Any], share: float) -> pd.Series[Any]:
    """Only a share of the values, the rest missing."""
    return values.where(pd.Series(rng.random(len(values)) < share))


def _sheet(name: str, columns: dict[str, Any], count: int) -> pd.DataFrame:
    """A typed table of a sheet with the given columns filled."""
    empty = empty_table(name)
    frame = empty.reindex(pd.RangeIndex(2, count + 2, name="row"))
    for column, values in columns.items():
        filled = [values] * count if isinstance(values, str | bool | float) else values
        own = pd.Series(filled).set_axis(frame.index)
        frame[column] = own.astype(empty[column].dtype)
    codes = [str(column) for column in empty if empty[column].dtype == object]
    for column in codes:
        frame[column] = pd.Series([()] * count, index=frame.index, dtype=object)
    return frame


def made_parcels(count: int, firms: int, rng: np.random.Generator) -> pd.DataFrame:
    """A ledger with every supply state and every kind of delay."""
    area = np.round(rng.uniform(5, 200, count), 2)
    land_m2 = area * 10_000 / 15
    supplied = _days(rng, "2012-01-01", "2026-06-30", count)
    agreed = supplied + pd.to_timedelta(rng.integers(60, 400, count), unit="D")
    started = _some(rng, agreed + pd.to_timedelta(rng.integers(-30, 300, count), unit="D"), 0.85)
    done = _some(rng, started + pd.to_timedelta(rng.integers(300, 900, count), unit="D"), 0.8)
    holders = pd.Series(rng.integers(0, firms, count)).map("F{:06d}".format)
    states = ["supplied", "approved_unsupplied", "available", "unavailable"]
    return _sheet(
        "parcels",
        {
            "parcel_id": pd.Series(range(count)).map("G{:06d}".format),
            "holder_id": holders,
            "holder_name": holders + "公司",
            "area_mu": area,
            "land_use": rng.choice(
                ["industrial", "storage", "commercial"], count, p=[0.8, 0.1, 0.1]
            ),
            "supply_state": rng.choice(states, count, p=[0.85, 0.06, 0.06, 0.03]),
            "standard_land": rng.random(count) < 0.5,
            "supply_mode": "auction",
            "approval_date": supplied - pd.to_timedelta(rng.integers(30, 900, count), unit="D"),
            "supply_date": supplied,
            "land_price_wan": area * rng.uniform(8, 25, count),
            "industry_code": rng.choice(CODES, count),
            "industry_edition": "2017",
            "agreed_start_date": agreed,
            "actual_start_date": started,
            "agreed_completion_date": agreed + pd.Timedelta(days=700),
            "actual_completion_date": done,
            "agreed_production_date": agreed + pd.Timedelta(days=1100),
            "production_review_date": _some(rng, done + pd.Timedelta(days=400), 0.7),
            "stopped_since": _some(rng, started + pd.Timedelta(days=200), 0.05),
            "delay_cause": rng.choice(["firm", "government", "not_due"], count),
            "to_build_area_mu": area,
            "built_area_mu": area * rng.random(count),
            "total_investment_wan": area * 300,
            "invested_wan": area * 300 * rng.random(count),
            "fixed_investment_wan": area * rng.uniform(100, 700, count),
            "floor_area_m2": land_m2 * rng.uniform(0.3, 1.8, count),
            "high_storey_area_m2": land_m2 * rng.uniform(0, 0.2, count),
            "building_base_m2": land_m2 * rng.uniform(0.2, 0.6, count),
            "green_m2": land_m2 * rng.uniform(0, 0.25, count),
            "admin_land_m2": land_m2 * rng.uniform(0, 0.1, count),
            "promised_investment_intensity": rng.uniform(150, 500, count),
            "promised_floor_area_ratio": rng.uniform(0.6, 1.2, count),
            "promised_tax_per_mu": rng.uniform(5, 25, count),
        },
        count,
    )


def made_firms(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Three years of each firm."""
    rows = 3 * count
    land = np.tile(rng.uniform(10, 300, count), 3)
    revenue = land * rng.lognormal(5.5, 0.8, rows)
    names = pd.Series(range(count)).map("F{:06d}".format)
    return _sheet(
        "firms",
        {
            "firm_id": pd.concat([names] * 3, ignore_index=True),
            "firm_name": pd.concat([names + "公司"] * 3, ignore_index=True),
            "year": np.repeat([YEAR - 2, YEAR - 1, YEAR], count),
            "above_scale": np.tile(rng.random(count) < 0.4, 3),
            "industry_code": np.tile(rng.choice(CODES, count), 3),
            "industry_edition": "2017",
            "founded": pd.concat([_days(rng, "2005-01-01", "2023-01-01", count)] * 3,
                                 ignore_index=True),
            "land_mu": land,
            "tax_wan": revenue * rng.uniform(0.01, 0.08, rows),
            "revenue_wan": revenue,
            "output_wan": revenue * 1.05,
            "value_added_wan": revenue * rng.uniform(0.1, 0.4, rows),
            "energy_tce": revenue * rng.uniform(0.01, 0.5, rows),
            "electricity_mwh": revenue * rng.uniform(0.05, 1.0, rows),
            "emission_t": revenue * rng.uniform(0, 0.002, rows),
            "employees": revenue / 80,
            "rd_wan": revenue * rng.uniform(0, 0.05, rows),
            "fixed_investment_wan": land * rng.uniform(150, 600, rows),
            "firm_state": rng.choice(FIRM_STATES, rows, p=[0.95, 0.03, 0.02]),
            "capacity_category": rng.choice(
                ["permitted", "restricted", "eliminated"], rows, p=[0.95, 0.04, 0.01]
            ),
            "utility": False,
        },
        rows,
    )  # fmt: skip


def made_pipeline(count: int, rng: np.random.Generator) -> pd.DataFrame:
    """Projects waiting for land."""
    area = rng.uniform(10, 150, count)
    revenue = area * rng.lognormal(5.9, 0.5, count)
    return _sheet(
        "pipeline",
        {
            "project_id": pd.Series(range(count)).map("P{:05d}".format),
            "project_name": pd.Series(range(count)).map("项目{:05d}".format),
            "industry_code": rng.choice(CODES, count),
            "industry_edition": "2017",
            "land_use": "industrial",
            "requested_area_mu": area,
            "fixed_investment_wan": area * rng.uniform(200, 800, count),
            "revenue_wan": revenue,
            "output_wan": revenue,
            "tax_wan": revenue * 0.04,
            "value_added_wan": revenue * 0.25,
            "energy_tce": revenue * 0.1,
            "emission_t": revenue * 0.001,
            "floor_area_m2": area * 700,
            "building_coefficient": rng.uniform(0.3, 0.7, count),
            "green_ratio": 0.1,
            "admin_land_share": 0.05,
            "capacity_category": "permitted",
            "negative_list": False,
        },
        count,
    )


# Land codes of a zone of 1 858 ha [公顷], from a published case; the later year is a tenth denser.
LAND_USE = {
    "A1": 3.2264, "A2": 548.9182, "A31": 94.1657, "A32": 20.2567, "A4": 23.8331, "A51": 4.5178,
    "A52": 76.3688, "B21": 126.4514, "B22": 804.9349, "C": 155.0276, "D1": 195.3090,
    "D21": 586.8247, "E1": 21.7644, "E21": 752.3186, "E22": 146.4563, "F": 155.0276,
}  # fmt: skip


def made_zone() -> dict[str, pd.DataFrame]:
    """Two years of the sheets about the zone as a whole."""
    years = (YEAR - 1, YEAR)
    land_use = [
        {"year": year, "code": code, "area_ha": area}
        for year in years
        for code, area in LAND_USE.items()
    ]
    figures = [
        {
            "year": year,
            "floor_area_m2": 3_997_588.7,
            "building_base_m2": 1_730_341.4,
            "industrial_floor_area_m2": 3_523_240.7,
            "industrial_base_m2": 2_063_323.5,
            "industrial_investment_wan": 1_196_346.0,
            "industrial_tax_wan": 40_129.0,
            "industrial_revenue_wan": 1_650_870.0,
            "above_scale_output_wan": 1_700_000.0,
        }
        for year in years
    ]
    history = [
        {
            "year": year,
            "supplied_ha": 60.0,
            "unsupplied_stock_ha": 100.0,
            "unsupplied_disposed_ha": 30.0,
            "idle_stock_ha": 40.0,
            "idle_disposed_ha": 15.0,
            "quota_ha": 25.0,
        }
        for year in range(YEAR - 4, YEAR + 1)
    ]
    rows = {"land_use": land_use, "indicators": figures, "supply_history": history}
    return {sheet: table(sheet, items) for sheet, items in rows.items()}


def made_park(count: int) -> Any:
    """A park of so many parcels, a third as many firms, a fiftieth as many projects."""
    rng = np.random.default_rng(7)
    firms = max(count * 3 // 10, 10)
    tables = {sheet: empty_table(sheet) for sheet in SHEETS}
    tables |= made_zone()
    tables["parcels"] = made_parcels(count, firms, rng)
    tables["firms"] = made_firms(firms, rng)
    tables["pipeline"] = made_pipeline(max(count // 50, 5), rng)
    config = ParkConfig.model_validate(
        {"name": "测试园区", "level": "provincial", "type": "economic_development", "year": YEAR}
    )
    return SimpleNamespace(
        tables=tables,
        config=config,
        rulebook=load_rulebook(("national", "yunnan", "chuxiong"), YEAR),
        year=YEAR,
        as_of=dt.date(YEAR, 12, 31),
        geometry=None,
        folder=None,
    )


def _timed(name: str, make: Callable[[], Any]) -> Any:
    begun = time.perf_counter()
    result = make()
    made = time.perf_counter()
    record = result.to_record()
    done = time.perf_counter()
    state = "" if record["evaluated"] else f"  not evaluated: {record['reason']}"
    print(f"  {name:<14}{made - begun:7.2f} s, record {done - made:6.2f} s{state}", flush=True)
    return result


def evaluations(count: int) -> None:
    """Everything but the re-allocation, records included."""
    print(f"{count} parcels")
    park = made_park(count)
    begun = time.perf_counter()
    standard = _timed("standard_land", lambda: standard_land.evaluate(park))
    benefit = _timed("per_mu", lambda: per_mu.evaluate(park))
    yearly = _timed("review", lambda: review.evaluate(park))
    ledgers = _timed("stock", lambda: stock.evaluate(park, per_mu=benefit, standard_land=standard))
    _timed(
        "exit",
        lambda: leaving.evaluate(park, per_mu=benefit, standard_land=standard, stock=ledgers),
    )
    _timed("admission", lambda: admission.evaluate(park, per_mu=benefit))
    _timed(
        "policy",
        lambda: policy.evaluate(
            park, review=yearly, stock=ledgers, per_mu=benefit, standard_land=standard
        ),
    )
    seconds = time.perf_counter() - begun
    print(f"  all {seconds:.1f} s, at most {_peak_gb():.2f} GB")


def _peak_gb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**3 if sys.platform == "darwin" else 1024**2)


def made_case(seed: int = 1) -> tuple[Land, Projects, dict[str, float]]:
    """Blocks of parcels between roads, and projects that want somewhat more land than there is."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(PLACES)))
    ids = [f"G{place}" for place in range(PLACES)]
    near: dict[str, list[str]] = {}
    for place in range(PLACES):
        row, column = divmod(place, side)
        others = [place + 1] if column % 5 != 4 and column + 1 < side else []
        others += [place + side] if row % 3 != 2 else []
        near[ids[place]] = [ids[other] for other in others if other < PLACES]
    area = np.round(rng.uniform(8, 60, PLACES), 2)
    wanted = rng.lognormal(3.7, 0.6, PROJECTS)
    wanted = np.round(wanted * 1.2 * area.sum() / wanted.sum(), 2)
    power = wanted * rng.uniform(0.02, 0.2, PROJECTS)
    emission = wanted * rng.random(PROJECTS)
    land = Land(
        ids=tuple(ids),
        area=area,
        power=rng.uniform(2, 30, PLACES),
        use=tuple(rng.choice(["industrial", "storage"], PLACES, p=[0.85, 0.15]).tolist()),
        source=("available",) * PLACES,
        neighbours=tuple(neighbours(ids, near)),
        min_piece=5.0,
    )
    uses = [frozenset({"industrial"}), frozenset({"industrial", "storage"})]
    projects = Projects(
        ids=tuple(f"P{number}" for number in range(PROJECTS)),
        benefit=wanted * rng.lognormal(2.5, 0.5, PROJECTS),
        least=np.where(rng.random(PROJECTS) < 0.6, wanted * 0.75, wanted),
        most=np.where(rng.random(PROJECTS) < 0.6, wanted * 1.2, wanted),
        wanted=wanted,
        power=power,
        uses=tuple(uses[int(draw < 0.2)] for draw in rng.random(PROJECTS)),
        needs={"emission_t": emission},
    )
    return land, projects, {"emission_t": 0.8 * float(emission.sum())}


def reallocation(seconds: float) -> None:
    """500 parcels and 200 projects."""
    print(f"{PLACES} parcels, {PROJECTS} projects")
    land, projects, limits = made_case()
    begun = time.perf_counter()
    answer = reallocate.solve(land, projects, limits, 4, seconds)
    spent = time.perf_counter() - begun
    print(
        f"  {answer.status} in {spent:.1f} s: objective {answer.best.objective:.0f}, "
        f"bound {answer.bound:.0f}, gap {answer.gap:.1%}, greedy {answer.greedy.objective:.0f}; "
        f"{len(answer.best.pieces)} projects placed, greedy {len(answer.greedy.pieces)}; "
        f"at most {_peak_gb():.2f} GB"
    )


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parcels", nargs="?", type=int, default=100_000)
    parser.add_argument("--part", choices=["evaluations", "reallocation"])
    parser.add_argument("--seconds", type=float, default=50.0)
    chosen = parser.parse_args()
    if chosen.part != "reallocation":
        evaluations(chosen.parcels)
    if chosen.part != "evaluations":
        reallocation(chosen.seconds)


if __name__ == "__main__":
    main()
