"""Sizing benchmark: every contender in a process of its own, in turn, on the same cases.

``python -m benchmarks.sizing --cases hour week --contenders ours pulp_highs --repeats 3``
prints medians, ratios to ours, memory and the agreement of the objectives, and writes them to
``--json``. ``--page`` writes the results page from one or several such files.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.sizing_page import table, write_page

ROOT = Path(__file__).resolve().parents[1]
CORE = ("ours", "pulp_highs", "clarabel", "highs_hipo", "pypsa")
QUICK = 10.0
"""Runs shorter than this [s] are repeated `--quick-repeats` times."""
PACKAGES = ("numpy", "scipy", "PuLP", "highspy", "clarabel", "pypsa", "oemof.solph")


def run(case: str, contender: str, timeout: float) -> dict[str, Any]:
    """One run in a process of its own; a failure is a record too."""
    command = [sys.executable, "-m", "benchmarks.sizing_worker", case, contender]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False
        )
    except subprocess.TimeoutExpired:
        return {"status": f"over {timeout:.0f} s", "seconds": None, "over": timeout}
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines()
        return {"status": lines[-1] if lines else "failed", "seconds": None}
    record: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return record


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Median of the runs of one contender on one case."""
    good = [one for one in runs if one.get("seconds") is not None]
    if not good:
        return {key: value for key, value in runs[-1].items() if key != "seconds"}
    middle = sorted(good, key=lambda one: one["seconds"])[len(good) // 2]
    return {
        **middle,
        "seconds": statistics.median(one["seconds"] for one in good),
        "fastest": min(one["seconds"] for one in good),
        "slowest": max(one["seconds"] for one in good),
        "memory_mb": max(one["memory_mb"] for one in good),
        "runs": len(good),
    }


def machine() -> dict[str, Any]:
    """What the numbers were taken on."""
    info = Path("/proc/cpuinfo")
    model = platform.processor() or platform.machine()
    if info.exists():
        names = [x for x in info.read_text().splitlines() if x.startswith("model name")]
        model = names[0].split(":", 1)[1].strip() if names else model
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "packages": {name: version(name) for name in PACKAGES},
        "date": date.today().isoformat(),
    }


def benchmark(
    cases: list[str], contenders: list[str], repeats: int, quick_repeats: int, timeout: float
) -> dict[str, Any]:
    """Run everything; repeats go round all contenders before the next begins.

    Runs shorter than `QUICK` are disturbed more easily and cost less: they are repeated more often.
    """
    found: dict[str, Any] = {"machine": machine(), "cases": {}}
    for case in cases:
        runs: dict[str, list[dict[str, Any]]] = {name: [] for name in contenders}
        for repeat in range(max(repeats, quick_repeats)):
            for name in contenders:
                last = runs[name][-1].get("seconds") if runs[name] else 0.0
                if last is None or (last > QUICK and repeat >= repeats):
                    continue
                runs[name].append(run(case, name, timeout))
        found["cases"][case] = {name: summary(several) for name, several in runs.items()}
        found["machine"]["load_average"] = round(os.getloadavg()[1], 1)
        print(table(case, found["cases"][case]), flush=True)
    return found


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and run."""
    from benchmarks.sizing_cases import CASES
    from benchmarks.sizing_contenders import CONTENDERS

    parser = argparse.ArgumentParser(prog="benchmarks.sizing", description=__doc__)
    parser.add_argument("--cases", nargs="+", default=["hour"], choices=[*CASES, "all"])
    parser.add_argument("--contenders", nargs="+", default=list(CORE), choices=[*CONTENDERS, "all"])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--quick-repeats", type=int, default=5, help="of runs under 10 s")
    parser.add_argument("--timeout", type=float, default=900.0, help="seconds for one run")
    parser.add_argument("--json", type=Path, help="write the numbers here")
    parser.add_argument("--page", type=Path, help="write the results page here")
    parser.add_argument("--from", dest="sources", nargs="+", type=Path, help="no runs: read these")
    chosen = parser.parse_args(arguments)
    if chosen.sources:
        parts = [json.loads(one.read_text()) for one in chosen.sources]
    else:
        cases = [c for c in CASES if c != "week"] if "all" in chosen.cases else chosen.cases
        names = list(CONTENDERS) if "all" in chosen.contenders else chosen.contenders
        parts = [benchmark(cases, names, chosen.repeats, chosen.quick_repeats, chosen.timeout)]
        if chosen.json:
            chosen.json.write_text(json.dumps(parts[0], indent=1))
    if chosen.page:
        write_page(parts, chosen.page)


if __name__ == "__main__":
    main()
