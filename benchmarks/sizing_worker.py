"""Run one contender on one case in this process and print what came out as JSON."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import resource
import sys
import time
import warnings
from dataclasses import asdict

from benchmarks.sizing_cases import CASES
from benchmarks.sizing_contenders import CONTENDERS

HEAVY = {
    "ours": ("greenland.energy.sizing.solve", "greenland.energy.problem.solve"),
    "pulp_highs": ("greenland.energy.sizing.solve", "highspy"),
    "pulp_cbc": ("greenland.energy.sizing.solve",),
    "clarabel": ("clarabel", "greenland.energy.problem.solve"),
    "pypsa": ("pypsa", "benchmarks.sizing_pypsa"),
    "oemof": ("oemof.solph", "benchmarks.sizing_oemof"),
}
"""Imported before the clock starts."""


def main(case: str, contender: str) -> None:
    """Build the site, then time the contender."""
    site = CASES[case]()
    for name in HEAVY.get(contender, ("greenland.energy.problem.solve",)):
        importlib.import_module(name)
    began, cpu = time.perf_counter(), time.process_time()
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        found = CONTENDERS[contender](site)
    record = asdict(found)
    record["seconds"] = time.perf_counter() - began
    record["cpu_seconds"] = time.process_time() - cpu
    record["memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(record))


if __name__ == "__main__":
    main(*sys.argv[1:3])
