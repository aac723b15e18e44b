"""Read and validate a ledger of 100 000 parcels: time and memory.

    python -m benchmarks.ledger [ROWS]

The ledger (invented) is written by a process of its own, so that the memory shown is that of
reading and checking alone.
"""

from __future__ import annotations

import multiprocessing
import sys
import tempfile
import time
from pathlib import Path

ROWS = 100_000
MOST_SECONDS = 15.0
MOST_MB = 1000.0
CONFIG = "name: 基准园区\nlevel: 省级\ntype: 产业园区\nyear: 2025\n"


def write_ledger(folder: str, rows: int) -> None:
    """An invented ledger in which every column of the sheet is filled."""
    import numpy as np
    import pandas as pd

    from greenland.park import write_tables
    from greenland.park.codes import credit_code

    rng = np.random.default_rng(1)
    area = np.round(rng.lognormal(3.6, 0.6, rows), 2)
    land = area * 10000 / 15
    ids = [f"ZD-{number:06d}" for number in range(rows)]
    holders = [credit_code("91", "532301", f"MA{number:07d}") for number in range(rows // 3 + 1)]
    start = pd.Timestamp("2015-01-01") + pd.to_timedelta(rng.integers(0, 2500, rows), unit="D")
    ledger = pd.DataFrame(
        {
            "parcel_id": ids,
            "parcel_name": [f"地块{number}" for number in range(rows)],
            "part": "main",
            "holder_id": [holders[number // 3] for number in range(rows)],
            "holder_name": [f"示例企业{number // 3}" for number in range(rows)],
            "area_mu": area,
            "land_use": "industrial",
            "supply_state": "supplied",
            "supply_mode": "auction",
            "contract_no": ids,
            "standard_land": rng.random(rows) < 0.5,
            "approval_date": start - pd.Timedelta(days=200),
            "approval_document": "示例〔2015〕1号",
            "supply_date": start,
            "land_term_end": start + pd.Timedelta(days=365 * 50),
            "land_price_wan": np.round(area * 12, 2),
            "industry_code": rng.choice(["3218", "1371", "2611"], rows),
            "industry_edition": "2017",
            "agreed_start_date": start + pd.Timedelta(days=100),
            "actual_start_date": start + pd.Timedelta(days=120),
            "agreed_completion_date": start + pd.Timedelta(days=700),
            "actual_completion_date": start + pd.Timedelta(days=720),
            "agreed_production_date": start + pd.Timedelta(days=1000),
            "production_review_date": start + pd.Timedelta(days=1100),
            "to_build_area_mu": area,
            "built_area_mu": area,
            "total_investment_wan": np.round(area * 300, 1),
            "invested_wan": np.round(area * 290, 1),
            "fixed_investment_wan": np.round(area * 310, 1),
            "floor_area_m2": np.round(land * 1.1, 1),
            "high_storey_area_m2": np.round(land * 0.2, 1),
            "building_base_m2": np.round(land * 0.4, 1),
            "structure_base_m2": np.round(land * 0.05, 1),
            "yard_m2": np.round(land * 0.05, 1),
            "green_m2": np.round(land * 0.1, 1),
            "admin_land_m2": np.round(land * 0.05, 1),
            "admin_floor_m2": np.round(land * 0.06, 1),
            "promised_investment_intensity": 300.0,
            "promised_floor_area_ratio": 1.0,
            "promised_building_coefficient": 0.4,
            "promised_green_ratio": 0.2,
            "promised_admin_land_share": 0.07,
            "promised_tax_per_mu": 15.0,
            "promised_output_per_mu": 400.0,
            "promised_value_added_per_tce": 2.5,
            "promised_value_added_per_emission": 4800.0,
            "promised_rd_intensity": 0.02,
            "adjacent_parcels": [(ids[number - 1],) if number else () for number in range(rows)],
            "power_capacity_mw": 10.0,
            "longitude": 101.5,
            "latitude": 25.0,
            "remark": "虚构数据",
        }
    )
    write_tables(Path(folder) / "park.xlsx", {"parcels": ledger})
    (Path(folder) / "park.yaml").write_text(CONFIG, encoding="utf-8")


def peak_mb() -> float:
    """Greatest memory this process has used [MB]; NaN where the system does not tell."""
    try:
        import resource
    except ImportError:  # Windows
        return float("nan")
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1e6 if sys.platform == "darwin" else 1e3)


def main(rows: int = ROWS) -> int:
    """Print time and memory; return 1 when either is above its target."""
    with tempfile.TemporaryDirectory() as folder:
        writer = multiprocessing.get_context("spawn").Process(
            target=write_ledger, args=(folder, rows)
        )
        writer.start()
        writer.join()
        from greenland.park import read_park

        before, worked = time.perf_counter(), time.process_time()
        park = read_park(folder)
        seconds, worked = time.perf_counter() - before, time.process_time() - worked
        size = (Path(folder) / "park.xlsx").stat().st_size / 1e6
    errors = [problem for problem in park.problems if problem.severity == "error"]
    filled = int(park.tables["parcels"].notna().sum().sum())
    print(f"{len(park.tables['parcels'])} rows, {filled} cells, {size:.0f} MB file")
    print(
        f"read and validated in {seconds:.1f} s, {worked:.1f} s of processor time "
        f"(target {MOST_SECONDS:.0f} s)"
    )
    print(f"peak memory {peak_mb():.0f} MB (target {MOST_MB:.0f} MB)")
    print(f"{len(park.problems)} problems, {len(errors)} errors")
    return int(seconds > MOST_SECONDS or peak_mb() > MOST_MB)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS))
