"""Cells of a column together with their types, which every step of reading asks for.

To look at a hundred thousand cells that lie apart in memory takes as long as to convert them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Any


class Kinded(list[Any]):
    """Cells, and the types there may be among them; who puts in another type copies it before.

    Parameters
    ----------
    values : iterable
    kinds : set of type
    """

    __slots__ = ("kinds",)

    def __init__(self, values: Iterable[Any], kinds: Set[type]) -> None:
        super().__init__(values)
        self.kinds = kinds


def kinds_of(values: Sequence[Any]) -> Set[type]:
    """Types there may be among values; none but these."""
    return values.kinds if isinstance(values, Kinded) else set(map(type, values))
