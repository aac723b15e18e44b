"""A case file as a tree that knows where everything stands, whatever its form."""

from __future__ import annotations

from pathlib import Path

from greenland.yamlfile import read_tree
from greenland.yamltree import YamlMap

BOOKS = (".xlsx", ".xlsm")
"""Endings of intake workbooks; all other case files are YAML."""


def read_source(path: Path) -> YamlMap:
    """Read a case file: an intake workbook by its ending, else YAML.

    Raises
    ------
    InputError
        With every fault found, each with its line or its cell.
    """
    if path.suffix.lower() in BOOKS:
        from greenland.energy.case.book.reader import read_intake

        return read_intake(path)
    return read_tree(path)
