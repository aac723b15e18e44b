"""Packages whose public names are loaded when they are first used.

The stub beside a package's ``__init__.py`` is the one list of its public names: type checkers
and editors read it, and `attach` reads the same list when the package is imported.
"""

from __future__ import annotations

import ast
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any


def exports(stub: Path, package: str) -> dict[str, str]:
    """Public names of a stub with the module each comes from.

    Parameters
    ----------
    stub : Path
        Holds ``from module import name as name`` for each public name; where the module is the
        package itself, the name is that of a submodule.
    package : str
        Such as ``"greenland.energy"``.

    Returns
    -------
    dict
        From name to module, in the order of the stub.

    Examples
    --------
    >>> from pathlib import Path
    >>> import greenland
    >>> stub = Path(greenland.__file__).with_suffix(".pyi")
    >>> exports(stub, "greenland")["read_park"]
    'greenland.park'
    """
    tree = ast.parse(stub.read_text(encoding="utf-8"))
    return {
        alias.name: node.module if node.module != package else f"{package}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if alias.asname == alias.name
    }


def attach(
    package: str, file: str
) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """``__getattr__``, ``__dir__`` and ``__all__`` of a package with a stub beside it.

    Parameters
    ----------
    package, file : str
        ``__name__`` and ``__file__`` of the package.

    Returns
    -------
    tuple
        The three, in this order.
    """
    homes = exports(Path(file).with_suffix(".pyi"), package)

    def __getattr__(name: str) -> Any:  # noqa: N807 (a module's own)
        home = homes.get(name)
        if home is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name)
        module = importlib.import_module(home)
        value = module if home == f"{package}.{name}" else getattr(module, name)
        setattr(sys.modules[package], name, value)
        return value

    def __dir__() -> list[str]:  # noqa: N807 (a module's own)
        return sorted(homes)

    return __getattr__, __dir__, sorted(homes)
