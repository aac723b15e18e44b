"""Long stretches of lists, such as the rows of a matrix, that repeat one pattern step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenland.lp.program import Floats, Integers

SHORTEST = 64
"""Lists, or entries of a strip, that are worth a call of their own."""
Number = float | Floats


@dataclass(frozen=True)
class Stretch:
    """Consecutive lists of one pattern: the first, how each member moves on, and the values."""

    start: int
    stop: int
    first: tuple[int, ...]
    step: tuple[int, ...]
    values: tuple[Number, ...]

    def value(self, member: int, start: int, stop: int) -> Number:
        """Values of a member from list *start* to before *stop*."""
        return cut(self.values[member], start - self.start, stop - self.start)


def one_value(values: Number) -> Number:
    """The values, or the one number they all are."""
    if isinstance(values, float):
        return values
    return float(values[0]) if np.all(values == values[0]) else np.ascontiguousarray(values)


def cut(value: Number, start: int, stop: int) -> Number:
    """Part of the values, or the one number they all are."""
    return value if isinstance(value, float) else value[start:stop]


def stretches(pointer: Integers, member: Integers, value: Floats) -> list[Stretch]:
    """Long stretches of lists of one length whose members move on in equal steps."""
    counts = np.diff(pointer)
    found: list[Stretch] = []
    if len(counts) == 0:
        return found
    starts = np.flatnonzero(np.diff(counts, prepend=-1))
    stops = np.append(starts[1:], len(counts))
    for start, stop in zip(
        *(one[stops - starts >= SHORTEST].tolist() for one in (starts, stops)), strict=True
    ):
        count, inside = int(counts[start]), slice(int(pointer[start]), int(pointer[stop]))
        if count == 0:
            continue
        table = member[inside].reshape(stop - start, count)
        values = value[inside].reshape(stop - start, count)
        for low, high in _even(table):
            found.append(
                Stretch(
                    start + low,
                    start + high,
                    tuple(table[low].tolist()),
                    tuple((table[low + 1] - table[low]).tolist()),
                    tuple(one_value(values[low:high, k]) for k in range(count)),
                )
            )
    return found


def _even(table: Integers) -> list[tuple[int, int]]:
    """Where the rows of a table go on in equal steps for long."""
    step = np.diff(table, axis=0)
    turns = 1 + np.unique(np.flatnonzero(step[1:] != step[:-1]) // table.shape[1])
    if len(turns) * SHORTEST > len(table):
        return []
    found, start = [], 0
    for last in [*turns.tolist(), len(table) - 1]:
        if last <= start:
            continue
        if last + 1 - start >= SHORTEST:
            found.append((start, last + 1))
        start = last + 1
    return found
