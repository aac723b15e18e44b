"""Values at the paths of a case: ``grid.capacity_mw``, ``sources.pv.max_mw``.

A path names one key after another; parts in lists go by their names.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

Changes = Mapping[str, Any]
"""Path to value."""


class UnknownPartError(Exception):
    """A step of a path that leads nowhere.

    Parameters
    ----------
    part : str
    known : list of str
        What there is in its place.
    """

    def __init__(self, part: str, known: list[str]) -> None:
        super().__init__(part)
        self.part, self.known = part, known


def put_value(node: Any, path: str, value: Any) -> None:
    """Put a value where a path leads.

    Raises
    ------
    UnknownPartError
        For a part of a list that is not there. Wrong keys are left to the schema.
    """
    _put(node, path.split("."), value)


def _put(node: Any, steps: list[str], value: Any) -> None:
    first, *rest = steps
    if isinstance(node, list):
        place = _place(node, first)
        if rest:
            _put(node[place], rest, value)
        else:
            node[place] = value
        return
    if not isinstance(node, dict):
        raise UnknownPartError(first, [])
    if rest:
        # a part the case leaves out begins empty; a wrong name is refused by the schema
        below = node.setdefault(first, {})
        if below is None:
            below = node[first] = {}
        _put(below, rest, value)
    else:
        node[first] = value


def _place(node: list[Any], name: str) -> int:
    """Place of the part of a name in a list."""
    names = [str(item["name"]) for item in node if isinstance(item, dict) and "name" in item]
    if name not in names:
        raise UnknownPartError(name, names)
    return next(
        n for n, item in enumerate(node) if isinstance(item, dict) and item.get("name") == name
    )


def value_at(node: Any, path: str) -> Any:
    """The value a path leads to; None where the case says nothing there.

    Raises
    ------
    UnknownPartError
        For a part of a list that is not there.
    """
    for step in path.split("."):
        if isinstance(node, list):
            node = node[_place(node, step)]
        elif isinstance(node, dict):
            node = node.get(step)
        else:
            return None
    return node


def changed_tree(tree: Mapping[str, Any], changes: Changes) -> dict[str, Any]:
    """A copy of a case's tree with values put in.

    Raises
    ------
    UnknownPartError
    """
    changed: dict[str, Any] = copy.deepcopy(dict(tree))
    for path, value in changes.items():
        put_value(changed, path, copy.deepcopy(value))
    return changed
