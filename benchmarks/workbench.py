"""Moves on the workbench: from a setting of the example's year of hours to the judged plan.

    python -m benchmarks.workbench

Ten settings, each with those before it, and two conflicts with their explanations: one that sums
over the bounds show, and one that a program has to prove. On two quiet processors a move is to
take at most 0.7 s, a conflict with what gives at most 5 s; on a machine that is busy otherwise
look at the processor time.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from greenland.energy.workbench import Workbench

CASE = Path(__file__).parents[1] / "examples" / "case.yaml"
MOST, MOST_WHY = 0.7, 5.0
MOVES: tuple[tuple[str, Any], ...] = (
    *(("tariff.market_price", 0.3), ("sources.pv.capex", 2500), ("sources.wind.capex", 3600)),
    *(("storages.battery.energy_capex", 600), ("tariff.export_price", 0.15)),
    *(("limits.max_export_share", 0.15), ("grid.capacity_mw", {"fixed": 55}), ("load", 1.1)),
    *(("discount_rate", 0.055), ("sources.wind.max_mw", {"least": 0.0, "most": 100.0})),
)
CONFLICT = {
    "limits.min_self_use_of_consumption": 0.6,
    "sources.pv.max_mw": {"fixed": 10},
    "sources.wind.max_mw": {"fixed": 10},
}
PROVEN = {
    "limits.min_self_use_of_consumption": 0.75,
    "storages.battery.max_mwh": {"fixed": 5.0},
}


def measured(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What something gives, its time and its processor time [s]."""
    began, used = time.perf_counter(), time.process_time()
    found = work()
    return found, time.perf_counter() - began, time.process_time() - used


def main() -> None:
    """Print what each move takes."""
    bench, opened, _used = measured(lambda: Workbench.of_file(CASE))
    _answer, first, _used = measured(lambda: bench.size({}))
    print(f"opened in {opened:.2f} s, sized the first time in {first:.2f} s")
    settings: dict[str, Any] = {}
    times = []
    for key, value in MOVES:
        settings[key] = value
        _record, seconds, used = measured(lambda: bench.size(dict(settings)).to_record())
        times.append(seconds)
        print(f"{key:32} {seconds:.2f} s, processor {used:.2f} s")
    print(f"slowest of ten moves: {max(times):.2f} s (at most {MOST})")
    for settings in (CONFLICT, PROVEN):
        told(bench, settings)


def told(bench: Workbench, settings: dict[str, Any]) -> None:
    """Print what a conflict takes, seen and explained."""
    answer, seconds, used = measured(lambda: bench.size(settings))
    print(f"conflict seen: {seconds:.2f} s, processor {used:.2f} s; {answer.plan.notes[0]}")
    _why, more, used = measured(lambda: bench.reasons(settings))
    print(f"and explained: {more:.2f} s, processor {used:.2f} s")
    print(f"together {seconds + more:.2f} s (at most {MOST_WHY:.0f})")


if __name__ == "__main__":
    main()
