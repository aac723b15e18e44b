"""Numbers that decide are rules: what is left in the code of the land programme, and why."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import greenland.land

LAND = Path(greenland.land.__file__).parent
PLAIN = {0, 1, -1}  # nothing, the whole, a step
PERCENT, MONTHS, YEAR_END = [100], [12], [12, 31]

# File below greenland/land: what its numbers are, and the numbers, one for each time they stand.
ALLOWED: dict[str, tuple[str, list[float]]] = {
    "admission/peers.py": ("digits of GB/T 4754 codes", [4, 2]),
    "admission/power.py": ("a whole year; years looked ahead; power to 0.01 MW, rounding", [
        *MONTHS, 3, *PERCENT * 4, 1e-6]),
    "admission/verdict.py": ("an area shown to 0.01 亩", PERCENT * 2),
    "calendar.py": ("months of a year", MONTHS * 2),
    "exit/decision.py": ("months of a year", MONTHS),
    "exit/gaps.py": ("shown as per cent; decimals shown", [*PERCENT, 7, 10, 1000, 2]),
    "formula.py": ("length of a formula, formulas kept parsed", [300, 256]),
    "geometry/gaps.py": ("half a width", [2]),
    "geometry/neighbours.py": ("both ends of a shared side, rounding; work of the threads", [
        2, 2, 2, 0.5, 1e-9, 1e-9, 1e-9, 16, 50_000]),
    "geometry/map_shapes.py": ("decimals of a degree on the map", [6]),
    "geometry/plane.py": ("middle of an outline; work of one thread", [2, 2, 2, 2000, 4]),
    "limits.py": ("rounding", [1e-9]),
    "per_mu/benchmarks.py": ("digits of GB/T 4754 codes", [2]),
    "per_mu/classes.py": ("rounding of a number of firms", [9, 0.5]),
    "per_mu/firm_table.py": ("place of a column", [2]),
    "per_mu/firms.py": ("last day of a year, months; longest chain of letting", [
        8, *YEAR_END, *YEAR_END, *MONTHS]),
    "per_mu/points.py": ("2 − value / benchmark, the form itself", [2]),
    "per_mu/scheme.py": ("full marks a scheme states none for; fields of a scheme", [
        100, 1e-9, 2, 4, 10]),
    "per_mu/score.py": ("decimals where a scheme says nothing", [4]),
    "per_mu/tables.py": ("digits of GB/T 4754 codes", [2, 3, 4]),
    "policy/evaluation.py": ("shown as per cent", PERCENT),
    "policy/measures.py": ("shown as per cent", PERCENT * 3),
    "policy/targets.py": ("万元 of an 亿元; shown as per cent", [10_000, 100]),
    "reallocate/allocation.py": ("two pieces of a parcel", [2]),
    "reallocate/areas.py": ("time of a solve [s]", [5]),
    "reallocate/bound.py": ("size and time of a solve [s]", [20_000, 20]),
    "reallocate/data.py": ("points of the objective; an area shown to 0.01 亩", [100, 100, 100]),
    "reallocate/greedy.py": ("tries of the search", [60]),
    "reallocate/neighbourhood.py": ("sizes of neighbourhoods", [
        12, 12, 16, 16, 1.5, 20, 20, 2, 24, 24, 3, 20, 2]),
    "reallocate/search.py": ("shares of the time limit, size of a programme", [
        0.5, 3000, 0.1, 0.5, 0.95]),
    "reallocate/settings.py": ("time limit [s] a park may set; rounding", [50, 1e-9]),
    "reallocate/sites.py": ("areas alike [亩], most groups of parcels, a pair of parcels", [
        1e-6, 200_000, 3, 2]),
    "reallocate/solver.py": ("tolerance of the solver, a binary variable that is one", [1e-9, 0.5]),
    "review/scheme.py": ("rounding; the cap a scheme states none for", [1e-9, 100]),
    "review/score.py": ("a score is out of 100", [100]),
    "review/settings.py": ("years a year may be", [1990, 2100]),
    "stock/idle_time.py": ("flags as bits", [2, 2]),
    "standard_land/control.py": ("digits of GB/T 4754 codes", [4]),
}  # fmt: skip


def numbers(path: Path) -> Iterator[float]:
    """Numbers in the code of a module, but those of subscripts and of string arguments."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    places = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Subscript)
              for part in ast.walk(node.slice)}  # fmt: skip
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and type(node.value) in (int, float)
            and node.value not in PLAIN
            and id(node) not in places
        ):
            yield float(node.value)


def test_numbers_that_decide_are_rules() -> None:
    found = {
        path.relative_to(LAND).as_posix(): Counter(numbers(path)) for path in LAND.rglob("*.py")
    }
    found = {name: values for name, values in found.items() if values}
    allowed = {name: Counter(map(float, values)) for name, (_why, values) in ALLOWED.items()}
    assert found == allowed


def test_a_number_put_into_the_code_is_found(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("def late(days):\n    return days[3] > 0 and days[1] > 45.5\n")
    assert list(numbers(module)) == [45.5]
