"""What is put on the workbench: a case file, or the direct supply of a park as such a case."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from greenland.energy.case.book.cells import as_yaml
from greenland.energy.case.scenarios import KEY
from greenland.energy.case.source import read_source
from greenland.errors import input_error
from greenland.i18n import _
from greenland.park.config import CONFIG_FILE, read_config
from greenland.rules.holders import PROVINCES
from greenland.yamlfile import place_of, plain


@dataclass(frozen=True)
class CaseSource:
    """A case as it stands in its file.

    Parameters
    ----------
    tree : mapping
        Plain values of a case that stands alone, without its own scenarios.
    folder : Path
        What its file names are relative to.
    file : str
        Name of the file it was read from.
    lines : object
        The tree that knows where everything stands.
    prefix : tuple of str
        Path of the case in that tree.
    """

    tree: Mapping[str, Any]
    folder: Path
    file: str
    lines: Any
    prefix: tuple[str, ...] = ()

    def place_of(self, path: str) -> dict[str, Any]:
        """Row, or sheet and cell, in which the value of a path stands in the file."""
        node: Any = self.tree
        loc: list[str | int] = []
        for step in path.split("."):
            if isinstance(node, list):
                names = [str(item.get("name")) for item in node if isinstance(item, dict)]
                if step not in names:
                    break
                loc.append(names.index(step))
                node = node[names.index(step)]
            elif isinstance(node, dict) and step in node:
                loc.append(step)
                node = node[step]
            else:
                break
        found = dict(place_of(self.lines, (*self.prefix, *loc)))
        return {name: value for name, value in found.items() if value not in (None, "")}


def case_source(path: Path) -> CaseSource:
    """A case file, YAML or intake workbook.

    Raises
    ------
    InputError
        If it cannot be read.
    """
    lines = read_source(path)
    return CaseSource(_without_scenarios(plain(lines)), path.parent, path.name, lines)


def park_source(folder: Path) -> CaseSource:
    """The ``energy:`` part of a park as a case that stands alone, with its year and rules.

    Raises
    ------
    InputError
        If ``park.yaml`` cannot be read, or has no such part.
    """
    config = read_config(folder)
    if not config.energy:
        raise input_error(
            "no_energy",
            _("园区没有 energy 部分，无从测算直供。"),
            remedy=_("请在 {file} 中填写 energy，或另给案例文件。", file=CONFIG_FILE),
            file=CONFIG_FILE,
        )
    tree = _without_scenarios(plain(config.tree["energy"]))
    if PROVINCES.get(str(tree.get("province", ""))) not in config.rules.packs:
        tree.pop("province", None)  # the packs of the park are used, and no other
    tree["year"] = config.year
    tree["rules"] = {
        "packs": list(config.rules.packs),
        "overrides": plain((config.tree.get("rules") or {}).get("overrides") or {}),
    }
    return CaseSource(tree, folder, CONFIG_FILE, config.tree, ("energy",))


def case_text(tree: Mapping[str, Any]) -> str:
    """A case as the text of a case file; a bound that is infinite is one that is left out."""
    return as_yaml(_finite(tree))


def _finite(node: Any) -> Any:
    if isinstance(node, Mapping):
        kept = {key: _finite(value) for key, value in node.items()}
        return {key: value for key, value in kept.items() if value != math.inf}
    if isinstance(node, list):
        return [_finite(item) for item in node]
    return node


def _without_scenarios(tree: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in tree.items() if key not in (KEY, "study")}
