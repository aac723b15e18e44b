"""What is left of a case without what is wrong in its file, so that the rest is checked too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from greenland.energy.case.schema import Case
from greenland.energy.case.source import read_source
from greenland.errors import InputError
from greenland.yamlfile import plain

ROUNDS = 5  # a fault may hide another in the same part


def case_without_faults(path: Path) -> tuple[Case | None, tuple[str, ...]]:
    """The case of a file without the values at fault, and the paths of these.

    Returns
    -------
    Case or None
        None where the file cannot be read, or what is left is no case.
    tuple of str
        Paths such as ``tariff.market_price``.
    """
    try:
        values = plain(read_source(path))
    except InputError:
        return None, ()
    taken: list[str] = []
    for _round in range(ROUNDS):
        try:
            return Case.model_validate(values), tuple(taken)
        except ValidationError as error:
            gone = [_taken_out(values, item["loc"]) for item in error.errors()]
            if not any(gone):
                break
            taken += [path for path in gone if path]
    return None, tuple(taken)


def _taken_out(values: Any, loc: tuple[str | int, ...]) -> str:
    """Take the deepest value of a path out, and return its path; of a list, the whole of it."""
    node, steps, last = values, [], None
    for key in loc:
        if isinstance(node, dict) and key in node:
            last = (node, key)
            steps.append(str(key))
            node = node[key]
        elif isinstance(node, list) and isinstance(key, int) and key < len(node):
            steps.append(str(key))
            node = node[key]
    if last is None:
        return ""
    last[0].pop(last[1], None)
    return ".".join(steps)
