"""A year that has no plan, explained: ``python -m benchmarks.explain``.

The example case with a battery of at most 50 MW and 4 h, and a connection of 3 MW: the ways out are
eighty and more times the limit, which makes the programs with slack for one limit hard. The aim is
5 s on an idle machine. Processor time, which other work on the machine changes less, and the
iterations, which it does not change, stand beside it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ruamel.yaml import YAML

from greenland.energy.evaluate import explain_file
from greenland.lp import InteriorPointSolver, LinearProgram, Solution
from greenland.lp.solver import Enough

EXAMPLES = Path(__file__).parents[1] / "examples"
AIM = 5.0  # s
BATTERY: Mapping[str, float] = {"max_mw": 50, "max_hours": 4}
CONNECTION = 3  # MW


def write_case(folder: Path) -> Path:
    """The example case, its curves by their whole paths, made impossible."""
    case: dict[str, Any] = YAML(typ="safe").load(EXAMPLES / "case.yaml")
    case["load"] = str(EXAMPLES / case["load"])
    for source in case["sources"]:
        source["profile"] = str(EXAMPLES / source["profile"])
    case["storages"][0].update(BATTERY)
    case["grid"]["capacity_mw"] = CONNECTION
    path = folder / "case.yaml"
    with path.open("w", encoding="utf-8") as stream:
        YAML(typ="safe").dump(case, stream)
    return path


def counted() -> list[int]:
    """Iterations of each program the interior engine is given from now on."""
    counts: list[int] = []
    solve = InteriorPointSolver.solve

    def counting(
        self: InteriorPointSolver,
        program: LinearProgram,
        near: Solution | None = None,
        until: Enough | None = None,
    ) -> Solution:
        found = solve(self, program, near, until)
        counts.append(found.iterations)
        return found

    InteriorPointSolver.solve = counting  # type: ignore[method-assign]
    return counts


def main() -> int:
    """Print what one explanation takes; 1 when it takes longer than the aim."""
    counts = counted()
    with TemporaryDirectory() as name:
        path = write_case(Path(name))
        begin, worked = time.perf_counter(), time.process_time()
        told = explain_file(path)
        spent, worked = time.perf_counter() - begin, time.process_time() - worked
    assert told.infeasibility is not None
    print(told.infeasibility.text)
    print(
        f"{len(counts)} programs, {sum(counts)} iterations: {spent:.1f} s (aim {AIM:g} s), "
        f"{worked:.1f} s of processor time"
    )
    return int(spent > AIM)


if __name__ == "__main__":
    sys.exit(main())
