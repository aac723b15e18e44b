"""Imports run down the floors, heavy libraries stay in their packages, one name is one thing."""

from __future__ import annotations

import ast
import graphlib
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from each import for_each

ROOT = Path(__file__).resolve().parents[1] / "greenland"
FILES = sorted(ROOT.rglob("*.py"))

# Higher floors may import lower ones; the same number means "neighbours, not each other".
FLOORS = {
    "__main__": 9,
    "cli": 8,
    "province": 7,
    "page": 7,
    "evaluation_run": 5,
    "input_check": 5,
    "assessment": 6,
    "results_record": 5,
    "outlook": 5,
    "report": 4,
    "land": 4,
    "energy": 4,
    "park": 3,
    "history": 3,
    "key_results": 2,
    "rules": 2,
    "method": 2,
    "results": 1,
    "record": 1,
    "yamlfile": 1,
    "yamltree": 1,
    "yamlhints": 1,
    "files": 1,
    "filelock": 0,
    "outputs": 1,
    "inputs": 1,
    "units": 1,
    "workers": 1,
    "lp": 0,
    "summary": 1,
    "textstore": 0,
    "lazy": 0,
    "errors": 1,
    "evaluations": 1,
    "highs": 1,
    "pulp_highs": 1,
    "i18n": 0,
}
LIBRARIES = {  # library: packages and modules that may import it
    "pulp": {
        "pulp_highs.py",
        "energy/problem/pulp_engines.py",
        "energy/problem/pulp_model.py",
        "land/reallocate",
    },
    "highspy": {"highs.py"},
    "jinja2": {"report", "page"},
    "flask": {"page"},
    "werkzeug": {"page"},
    "waitress": {"page/server.py"},
    "click": {"cli"},
    "altair": {"report"},
    "xlsxwriter": {"report", "park", "energy/case/book"},
    "pvlib": {"energy/profiles"},
    "windpowerlib": {"energy/profiles"},
    "duckdb": {"history"},
    "sqlalchemy": {"history"},
    "distributed": {"energy/studies/cluster.py"},
}


HEADS = ("greenland", "greenland.energy")  # what is imported from them is a package or module


@dataclass
class Source:
    """What the tests look at in a file."""

    imports: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    classes: list[str] = field(default_factory=list)  # nested ones too
    functions: list[str] = field(default_factory=list)
    pulps_highs: list[int | None] = field(default_factory=list)  # lines that use PuLP's HiGHS


@cache
def source(path: Path) -> Source:
    """A file, parsed and walked once for all tests."""
    found = Source()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            found.imports.append(node)
        elif isinstance(node, ast.ClassDef):
            found.classes.append(node.name)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.functions.append(node.name)
        elif _is_pulps_highs(node):
            found.pulps_highs.append(getattr(node, "lineno", None))
    return found


@cache
def imported(path: Path) -> list[tuple[str, int]]:
    """Every module a file imports, anywhere in it, with the line; TYPE_CHECKING blocks too."""
    found = []
    for node in source(path).imports:
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [
                (name, node.lineno) for name in (names if node.module in HEADS else [node.module])
            ]
    return found


def short(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def floor_name(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "greenland" and len(parts) > 1 and parts[1] in FLOORS else None


def own_floor(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def files_of(package: str) -> list[Path]:
    """Modules of a package, or the one module of that name."""
    return [path for path in FILES if own_floor(path) == package]


PACKAGES = sorted({own_floor(path) for path in FILES})


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_run_down(package: str) -> None:
    for_each(files_of(package), imports_run_down, short)


def imports_run_down(path: Path) -> None:
    own = own_floor(path)
    if own == "__init__":
        return
    for module, line in imported(path):
        other = floor_name(module)
        if other is None or other == own:
            continue
        low, high = FLOORS[other], FLOORS[own]
        assert low < high or (low == high == 1), f"{short(path)}:{line} imports {module}"


@pytest.mark.parametrize("package", PACKAGES)
def test_libraries_keep_to_their_packages(package: str) -> None:
    for_each(files_of(package), libraries_keep_to_their_packages, short)


def libraries_keep_to_their_packages(path: Path) -> None:
    for module, line in imported(path):
        allowed = LIBRARIES.get(module.split(".")[0])
        if allowed is None:
            continue
        here = short(path)
        inside = any(here == place or here.startswith(place + "/") for place in allowed)
        assert inside, f"{here}:{line} imports {module}"


def test_the_engine_stands_alone() -> None:
    """``greenland.lp`` could be published by itself: it needs three libraries and nothing else."""
    for path in (ROOT / "lp").glob("*.py"):
        for module, line in imported(path):
            alone = module.startswith("greenland.lp.") or module.split(".")[0] in (
                {"numpy", "scipy", "threadpoolctl"} | sys.stdlib_module_names
            )
            assert alone, f"{short(path)}:{line} imports {module}"


def test_nobody_uses_pulps_own_way_to_highs() -> None:
    """PuLP's classes of HiGHS keep none of the promises of `greenland.highs`."""
    for path in FILES:
        lines = source(path).pulps_highs
        assert not lines, f"{short(path)}:{lines} uses PuLP's HiGHS"


def _is_pulps_highs(node: ast.AST) -> bool:
    """Whether a name, an attribute, an import or a call is PuLP's way to HiGHS."""
    if isinstance(node, ast.Call):
        return _gets_highs(node)
    name = node.attr if isinstance(node, ast.Attribute) else None
    name = node.id if isinstance(node, ast.Name) else name
    name = node.name if isinstance(node, ast.alias) else name
    return name in ("HiGHS", "HiGHS_CMD")


def _gets_highs(call: ast.Call) -> bool:
    """Whether a call is ``getSolver("HiGHS", …)``."""
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    first = call.args[0] if call.args else None
    text = first.value if isinstance(first, ast.Constant) else None
    return name == "getSolver" and isinstance(text, str) and text.startswith("HiGHS")


def test_every_floor_is_known() -> None:
    names = {own_floor(path) for path in FILES} - {"__init__"}
    assert names <= set(FLOORS)


ORDERED = [
    path
    for path in FILES
    if path.relative_to(ROOT).parts[0] in ("energy", "land", "park", "record", "rules")
]
LONGEST = 400  # lines
LONG: dict[str, str] = {}  # module of ORDERED that is longer: the one formula that needs it


@pytest.mark.parametrize(
    "path", [path for path in ORDERED if path.name == "__init__.py"], ids=short
)
def test_heads_of_packages_only_export(path: Path) -> None:
    defined = {*source(path).functions, *source(path).classes}
    defined -= {"__getattr__", "__dir__"}  # names loaded when they are asked for
    assert not defined, f"{short(path)} defines {defined}; code stands in modules named by subject"


def test_files_are_short() -> None:
    long = {short(path) for path in ORDERED if len(path.read_text("utf-8").splitlines()) > LONGEST}
    assert long == set(LONG)


def module_name(path: Path) -> str:
    name = ".".join(("greenland", *path.relative_to(ROOT).with_suffix("").parts))
    return name.removesuffix(".__init__")


def loaded_with(path: Path, modules: set[str]) -> set[str]:
    """Modules that importing a module imports: by the statements at its top level."""
    needed: set[str] = set()
    for node in source(path).imports:
        if node.col_offset:
            continue
        if isinstance(node, ast.Import):
            needed |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                needed.add(inner if inner in modules else node.module)
    return (needed & modules) - {module_name(path)}


@pytest.mark.parametrize("package", ["energy", "land", "park", "record", "rules"])
def test_no_circles(package: str) -> None:
    files = {
        module_name(path): path for path in ORDERED if path.relative_to(ROOT).parts[0] == package
    }
    graph = {name: loaded_with(path, set(files)) for name, path in files.items()}
    list(graphlib.TopologicalSorter(graph).static_order())  # CycleError names the circle


# Packages and modules of energy, from the bottom; each imports only what stands above it here.
ENERGY = (
    "ahead",
    "site",
    "tou",
    "profiles",
    "tariff",
    "problem",
    "plan",
    "sizing",
    "money",
    "compliance",
    "account",
    "outlook",
    "case",
    "facts",
    "hourly",
    "sized_case",
    "case_checks",
    "case_record",
    "plan_record",
    "result",
    "grid_only",
    "evaluate",
    "given_sizes",
    "given_design",
    "preview",
    "previewed_case",
    "checked_bill",
    "size_comparison",
    "compare",
    "studies",
    "workbench",
)


def test_energy_tells_its_story_in_order() -> None:
    for_each(files_of("energy"), tells_its_story_in_order, short)


def tells_its_story_in_order(path: Path) -> None:
    own = path.relative_to(ROOT).parts[1].removesuffix(".py")
    if own == "__init__":
        return
    for module, line in imported(path):
        parts = module.split(".")
        if parts[:2] == ["greenland", "energy"] and parts[2] != own:
            low, high = ENERGY.index(parts[2]), ENERGY.index(own)
            assert low < high, f"{short(path)}:{line} imports {module}"


# Names of classes in energy that still stand for two things; the list only gets shorter.
TWO_THINGS = {"_Days"}


def test_a_class_name_is_one_thing() -> None:
    places: dict[str, list[str]] = defaultdict(list)
    for path in FILES:
        if own_floor(path) in ("land", "park", "rules", "record", "report", "energy"):
            for name in source(path).classes:
                places[name].append(short(path))
    several = {name: where for name, where in places.items() if len(where) > 1}
    unknown = {name: where for name, where in several.items() if name not in TWO_THINGS}
    assert unknown == {}
    for name, where in several.items():
        assert any(place.startswith("energy/") for place in where), f"{name}: {where}"
    settled = TWO_THINGS - set(several)
    assert not settled, f"{settled} are one thing now: take them off the list"


@pytest.mark.parametrize("module", ["greenland", "greenland.cli"])
def test_import_is_light(module: str) -> None:
    """Neither ``import greenland`` nor help and completion load anything heavy."""
    import subprocess

    heavy = ("numpy", "pandas", "scipy", "pydantic", "pulp", "highspy", "altair", "rich")
    code = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
