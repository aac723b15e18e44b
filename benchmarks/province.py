"""A province of 200 parks of 100 parcels: ``python -m benchmarks.province [PARKS] [PARCELS]``.

The parks (invented, `examples/make/province.py`, without energy cases) are made once; then
``greenland province`` is run as people run it, with and without the parks' own reports. The aim is
90 s and 2 GB on two cores. Beside the time stands the processor time of all processes, which other
work on the machine does not lengthen as much; memory is that of the largest process, times how many
there are.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from greenland.workers import cpus

PARKS, PARCELS = 200, 100
MOST_SECONDS, MOST_MB = 90.0, 2000.0
MAKER = Path(__file__).resolve().parents[1] / "examples" / "make" / "province.py"
REPORTS = ("none", "brief", "standard")
AIMED_AT = ("none", "brief")  # a page of every length and a workbook for each park takes longer


def run(folder: Path, out: Path, reports: str) -> tuple[float, float, float]:
    """Seconds, processor seconds, and MB of the largest process of one run."""
    command = [sys.executable, "-m", "greenland", "province", str(folder), "--out", str(out)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    subprocess.run(
        [*command, "--reports", reports, "--no-energy"], check=False, capture_output=True
    )
    seconds = time.perf_counter() - begin
    if not (out / "province.html").is_file():
        raise RuntimeError(out)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, worked, after.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def main(parks: int = PARKS, parcels: int = PARCELS) -> int:
    """Print time and memory of each way to run it; 1 when one misses its aim."""
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        made = Path(name)
        sizes = ["--parks", str(parks), "--parcels", str(parcels), "--years", "2026"]
        subprocess.run([sys.executable, str(MAKER), name, *sizes, "--no-energy"], check=True)
        for reports in REPORTS:
            seconds, worked, largest = run(made / "2026", made / reports, reports)
            memory = largest * cpus()
            aimed = reports in AIMED_AT
            aim = f"(aim {MOST_SECONDS:.0f} s, {MOST_MB:.0f} MB)" if aimed else "(no aim)"
            print(
                f"{parks} parks, about {parcels} parcels each, --reports {reports:8}: "
                f"{seconds:.0f} s, {worked:.0f} s of processor time, {memory:.0f} MB {aim}",
                flush=True,
            )
            missed += aimed and (seconds > MOST_SECONDS or memory > MOST_MB)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
