"""Imports run down the floors, and each heavy library stays in its room."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1] / "greenland"
FILES = sorted(ROOT.rglob("*.py"))

# Higher floors may import lower ones; the same number means "neighbours, not each other".
FLOORS = {
    "__main__": 7,
    "cli": 6,
    "assessment": 5,
    "report": 4,
    "land": 4,
    "energy": 4,
    "park": 3,
    "rules": 2,
    "results": 1,
    "yamlfile": 1,
    "files": 1,
    "units": 1,
    "lp": 0,
    "summary": 1,
    "lazy": 0,
    "errors": 1,
    "evaluations": 1,
    "highs": 1,
    "pulp_highs": 1,
    "i18n": 0,
}
ROOMS = {
    "pulp": {
        "pulp_highs.py",
        "energy/problem/pulp_model.py",
        "energy/solve.py",
        "land/reallocate",
    },
    "highspy": {"highs.py"},
    "jinja2": {"report"},
    "click": {"cli"},
    "altair": {"report"},
    "xlsxwriter": {"report", "park"},
    "pvlib": {"energy/profiles"},
    "windpowerlib": {"energy/profiles"},
}


def imported(path: Path) -> list[tuple[str, int]]:
    """Every module a file imports, anywhere in it, with the line; TYPE_CHECKING blocks too."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [
                (name, node.lineno)
                for name in (names if node.module == "greenland" else [node.module])
            ]
    return found


def room(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def floor_name(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "greenland" and len(parts) > 1 and parts[1] in FLOORS else None


def own_floor(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=room)
def test_imports_run_down(path: Path) -> None:
    own = own_floor(path)
    if own == "__init__":
        return
    for module, line in imported(path):
        other = floor_name(module)
        if other is None or other == own:
            continue
        low, high = FLOORS[other], FLOORS[own]
        assert low < high or (low == high == 1), f"{room(path)}:{line} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=room)
def test_libraries_keep_to_their_rooms(path: Path) -> None:
    for module, line in imported(path):
        allowed = ROOMS.get(module.split(".")[0])
        if allowed is None:
            continue
        here = room(path)
        inside = any(here == place or here.startswith(place + "/") for place in allowed)
        assert inside, f"{here}:{line} imports {module}"


def test_the_engine_stands_alone() -> None:
    """``greenland.lp`` could be published by itself: it needs three libraries and nothing else."""
    for path in (ROOT / "lp").glob("*.py"):
        for module, line in imported(path):
            alone = module.startswith("greenland.lp.") or module.split(".")[0] in (
                {"numpy", "scipy", "threadpoolctl"} | sys.stdlib_module_names
            )
            assert alone, f"{room(path)}:{line} imports {module}"


def test_nobody_uses_pulps_own_way_to_highs() -> None:
    """PuLP's classes of HiGHS keep none of the promises of `greenland.highs`."""
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = node.attr if isinstance(node, ast.Attribute) else None
            name = node.id if isinstance(node, ast.Name) else name
            name = node.name if isinstance(node, ast.alias) else name
            used = name in ("HiGHS", "HiGHS_CMD") or (
                isinstance(node, ast.Call) and _gets_highs(node)
            )
            assert not used, f"{room(path)}:{getattr(node, 'lineno', '')} uses PuLP's HiGHS"


def _gets_highs(call: ast.Call) -> bool:
    """Whether a call is ``getSolver("HiGHS", …)``."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    first = call.args[0] if call.args else None
    text = first.value if isinstance(first, ast.Constant) else None
    return name == "getSolver" and isinstance(text, str) and text.startswith("HiGHS")


def test_every_floor_is_known() -> None:
    names = {own_floor(path) for path in FILES} - {"__init__"}
    assert names <= set(FLOORS)


def test_import_is_light() -> None:
    """``import greenland`` loads nothing heavy."""
    import subprocess

    heavy = ("pandas", "pulp", "altair")
    code = f"import sys, greenland; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
