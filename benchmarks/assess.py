"""Time of ``greenland assess`` with energy: ``python -m benchmarks.assess [folder] [--runs N]``.

The whole command on the example park, in a process of its own: once with one process and once with
as many as there are CPUs. The aim is 10 s on two idle CPUs. Processor time, which other work on the
machine changes little, stands beside it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from greenland.workers import VARIABLE, cpus

EXAMPLE = Path(__file__).parents[1] / "examples" / "yunnan_park"
AIM = 10.0  # s
COMMAND = "from greenland.cli import main; main()"


def run(folder: Path, processes: int) -> tuple[float, float]:
    """Wall time and processor time of one run [s]; that of the workers included."""
    before, began = os.times(), time.perf_counter()
    with tempfile.TemporaryDirectory() as out:
        subprocess.run(
            [sys.executable, "-c", COMMAND, "assess", str(folder), "--out", out],
            check=True,
            env=os.environ | {VARIABLE: str(processes)},
            stdout=subprocess.DEVNULL,
        )
    wall, after = time.perf_counter() - began, os.times()
    used = after.children_user + after.children_system
    return wall, used - before.children_user - before.children_system


def main() -> None:
    """Print the median of several runs, one after the other in turn."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=EXAMPLE)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    counts = sorted({1, cpus()})
    times: dict[int, list[tuple[float, float]]] = {count: [] for count in counts}
    for _run in range(asked.runs):
        for count in counts:
            times[count].append(run(asked.folder, count))
    print(f"assess {asked.folder.name}, aim {AIM:g} s, load {os.getloadavg()[0]:.1f}")
    for count in counts:
        wall, used = (statistics.median(part) for part in zip(*times[count], strict=True))
        print(f"  {count} process(es)  {wall:6.1f} s wall  {used:6.1f} s of processor")


if __name__ == "__main__":
    main()
