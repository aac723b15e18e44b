"""Numbers in the code that decide something: literals and named constants in comparisons."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "greenland"
CODE = PACKAGE / "energy"
READERS = {
    "profiles": CODE / "profiles",
    "park": PACKAGE / "park",
    "province": PACKAGE / "province",
}
"""Parts that read files or compare parks, each with a ``method`` module of its constants."""
# Nothing, one and their like, and facts of the calendar and of units.
PLAIN = {0, 1, 2, -1, 12, 24, 60, 5, 28, 29, 365, 366, 8760, 8784}
ROUNDING = 1e-6  # what a solver or a sum leaves of an equality


def numeric(node: ast.expr) -> float | None:
    """The number a literal is, with its sign; None for all else."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = numeric(node.operand)
        return None if inner is None else -inner
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return None if isinstance(node.value, bool) else node.value
    return None


def named_numbers(tree: ast.Module) -> dict[str, float]:
    """Constants of a module that are numbers."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1:
            value, name = numeric(node.value), node.targets[0]
            if value is not None and isinstance(name, ast.Name):
                found[name.id] = value
    return found


def compared(tree: ast.Module, constants: dict[str, float]) -> Iterator[tuple[str, float]]:
    """Numbers that a comparison or a bound (``min``, ``max``, ``clip``) is made with."""
    for node in ast.walk(tree):
        parts: list[ast.expr] = []
        if isinstance(node, ast.Compare):
            parts = [node.left, *node.comparators]
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            parts = list(node.args) if name in ("min", "max", "clip", "minimum", "maximum") else []
        elif isinstance(node, ast.keyword) and node.arg in ("ge", "gt", "le", "lt", "low", "high"):
            parts = [node.value]
        for part in parts:
            yield from _inside(part, constants)


def _inside(node: ast.expr, constants: dict[str, float]) -> Iterator[tuple[str, float]]:
    value = numeric(node)
    if value is not None:
        yield f"{value:g}", value
    elif isinstance(node, ast.Name) and node.id in constants:
        yield node.id, constants[node.id]
    elif isinstance(node, ast.BinOp):
        yield from _inside(node.left, constants)
        yield from _inside(node.right, constants)


def deciding(text: str, imported: dict[str, float] | None = None) -> set[str]:
    """Names and literals that decide something in a module, but plain ones and rounding."""
    tree = ast.parse(text)
    own = named_numbers(tree)
    names = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    known = {name: value for name, value in (imported or {}).items() if name in names} | own
    return {
        name
        for name, value in compared(tree, known)
        if value not in PLAIN and abs(value) > ROUNDING
    }


def modules() -> dict[str, str]:
    """Source of every module that judges, prices, bounds or solves, by its path.

    How curves are read (``profiles``) is walked with the readers of parks, see `readers`.
    """
    return {name: text for name, text in _sources(CODE).items() if not name.startswith("profiles/")}


def readers(part: str) -> dict[str, str]:
    """Source of every module of a part that reads files, but of its ``method``, by its path."""
    return {name: text for name, text in _sources(READERS[part]).items() if name != "method.py"}


def _sources(folder: Path) -> dict[str, str]:
    paths = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*.py"))}
    return {name: path.read_text(encoding="utf-8") for name, path in paths.items()}


def declared(text: str) -> set[str]:
    """Constants of a module that are numbers or tuples of numbers, whatever is done with them."""
    found = set()
    for node in ast.parse(text).body:
        if not isinstance(node, ast.Assign):
            continue
        values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        if values and all(numeric(value) is not None for value in values):
            found |= {item.id for name in node.targets for item in ast.walk(name)
                      if isinstance(item, ast.Name) and item.id.isupper()}  # fmt: skip
    return found


def all_deciding(texts: dict[str, str] | None = None) -> set[tuple[str, str]]:
    """Module and name of every number that decides something."""
    texts = modules() if texts is None else texts
    everywhere: dict[str, float] = {}
    for text in texts.values():
        everywhere |= named_numbers(ast.parse(text))
    return {(name, number) for name, text in texts.items() for number in deciding(text, everywhere)}
