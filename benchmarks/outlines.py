"""Read and judge 100 000 parcel outlines: seconds of each step, and memory.

    python -m benchmarks.outlines [OUTLINES] [--profile]

The outlines (invented) stand in blocks of twelve between roads, with bent sides of six points each.
In some blocks the sides do not fit, so that parcels overlap or leave strips; some outlines
have two parts, cross themselves, have no number, or a number the ledger does not have.
"""

from __future__ import annotations

import argparse
import cProfile
import multiprocessing
import pstats
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np

from benchmarks.ledger import peak_mb

OUTLINES = 100_000
MOST_SECONDS = 20.0
WIDTH, DEPTH = 100.0, 160.0  # of a parcel [m]
ROAD = 20.0  # [m]
COLUMNS, ROWS = 6, 2  # parcels of a block
BENDS = 5  # points within a side
EAST, NORTH = 430_000.0, 2_740_000.0  # EPSG:4543, CGCS2000 / 3-degree zone at 102° E
SYSTEM = "EPSG:4543"


def rings(count: int) -> np.ndarray:
    """Corners of each outline (count, points, 2) [m], sides shared point by point."""
    rng = np.random.default_rng(1)
    per_block = COLUMNS * ROWS
    blocks = -(-count // per_block)
    wide = int(np.ceil(np.sqrt(blocks)))
    place = np.arange(count)
    block, inside = place // per_block, place % per_block
    column, row = inside % COLUMNS, inside // COLUMNS
    left = (block % wide) * (COLUMNS * WIDTH + ROAD) + column * WIDTH
    low = (block // wide) * (ROWS * DEPTH + ROAD) + row * DEPTH
    steps = np.linspace(0, 1, BENDS + 2)[:-1]
    zeros, ones = np.zeros(len(steps)), np.ones(len(steps))
    unit = np.column_stack(
        [
            np.concatenate([steps, ones, 1 - steps, zeros]),
            np.concatenate([zeros, steps, ones, 1 - steps]),
        ]
    )
    points = np.stack([left, low], axis=1)[:, None, :] + unit * (WIDTH, DEPTH)
    # the same point of two parcels is moved the same way: sides bend and still fit
    key = np.rint(points * 8).astype(np.int64)
    bent = np.stack([np.sin(key @ np.array([7, 13])), np.cos(key @ np.array([11, 5]))], axis=-1)
    points = points + bent
    rough = rng.random(blocks) < 0.2
    points[rough[block]] += rng.uniform(-0.4, 0.4, (int(rough[block].sum()), 1, 2))
    return np.concatenate([points, points[:, :1]], axis=1)


def write_outlines(folder: Path, count: int) -> None:
    """Write the outlines as a shapefile."""
    import geopandas
    import shapely

    rng = np.random.default_rng(2)
    shapes = np.asarray(shapely.polygons(rings(count)), object)
    ids = np.array([f"ZD-{number:06d}" for number in range(count)], object)
    ids[rng.integers(0, count, count // 1000)] = None
    again = rng.integers(1, count, count // 500)
    ids[again] = ids[again - 1]  # two parts of one parcel
    unknown = rng.integers(0, count, count // 1000)
    ids[unknown] = [f"X-{place}" for place in unknown]
    crossed = rng.integers(0, count, count // 1000)
    for place in crossed:
        points = shapely.get_coordinates(shapes[place])
        points[[3, 10]] = points[[10, 3]]
        shapes[place] = shapely.polygons(points)
    frame = geopandas.GeoDataFrame({"ZDBH": ids}, geometry=shapes, crs=SYSTEM)
    frame["geometry"] = frame.geometry.translate(EAST, NORTH)
    frame.to_file(folder / "outlines.shp", encoding="utf-8")


def ledger(count: int) -> Any:
    """Numbers and areas [亩] of the parcels, as the check takes them."""
    import pandas as pd

    return pd.DataFrame(
        {
            "parcel_id": [f"ZD-{number:06d}" for number in range(count)],
            "area_mu": WIDTH * DEPTH * 15 / 10_000,
        },
        index=pd.RangeIndex(2, count + 2, name="row"),
    )


@contextmanager
def timed(label: str, spent: list[float]) -> Iterator[None]:
    before, worked = time.perf_counter(), time.process_time()
    yield
    seconds, worked = time.perf_counter() - before, time.process_time() - worked
    spent.append(seconds)
    print(f"{label:<44}{seconds:8.2f} s, {worked:6.2f} s of processor time", flush=True)


def run(folder: str, count: int, profiled: bool) -> int:
    """Read and judge; 1 when that takes longer than its target."""
    from greenland.land.geometry.evaluation import evaluate
    from greenland.park.outlines import read_outlines
    from greenland.rules import load_rulebook

    rules, parcels, spent = load_rulebook(["national", "yunnan"], year=2026), ledger(count), []
    known = dict.fromkeys(parcels["parcel_id"], (float("nan"), float("nan")))
    profiler = cProfile.Profile()
    if profiled:
        profiler.enable()
    with timed("shapefile → outlines", spent):
        frame, problems = read_outlines(Path(folder) / "outlines.shp", rules, ledger=known)
    park = SimpleNamespace(geometry=frame, tables={"parcels": parcels}, rulebook=rules)
    with timed("areas, overlaps, gaps, neighbours, map", spent):
        result = evaluate(park)  # type: ignore[arg-type]
    with timed("results record", spent):
        result.to_record()
    if profiled:
        profiler.disable()
        pstats.Stats(profiler).sort_stats("cumtime").print_stats(45)
    print(
        f"{len(frame)} outlines, {len(problems)} messages, {len(result.overlaps)} overlaps, "
        f"{len(result.gaps)} gaps, {len(result.adjacent)} adjacent pairs: {sum(spent):.1f} s "
        f"(target {MOST_SECONDS:.0f} s), {peak_mb():.0f} MB"
    )
    return int(sum(spent) > MOST_SECONDS)


def _exit_with(*arguments: Any) -> None:
    sys.exit(run(*arguments))


def main() -> int:
    """Write the outlines, and read and judge them in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("outlines", nargs="?", type=int, default=OUTLINES)
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_outlines(Path(folder), given.outlines)
        process = multiprocessing.get_context("spawn").Process(
            target=_exit_with, args=(folder, given.outlines, given.profile)
        )
        process.start()
        process.join()
    return process.exitcode or 0


if __name__ == "__main__":
    sys.exit(main())
