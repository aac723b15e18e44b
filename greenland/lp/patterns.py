"""Long repeated_patterns of lists, such as the rows of a matrix, that repeat one pattern step by step."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenland.lp.program import Floats, Integers

MIN_LENGTH = 64
"""Lists, or entries of a strip, that are worth a call of their own."""
Number = float | Floats


@dataclass(frozen=True)
class RepeatedPattern:
    """Consecutive lists of one pattern: the first, how each member moves on, and the values."""

    start: int
    stop: int
    first: tuple[int, ...]
    step: tuple[int, ...]
    values: tuple[Number, ...]

    def value(self, member: int, start: int, stop: int) -> Number:
        """Values of a member from list *start* to before *stop*."""
        return cut(self.values[member], start - self.start, stop - self.start)


def collapse(values: Number) -> Number:
    """The values, or the one number they all are."""
    if isinstance(values, float):
        return values
    return float(values[0]) if np.all(values == values[0]) else np.ascontiguousarray(values)


def cut(value: Number, start: int, stop: int) -> Number:
    """EliminationLevel of the values, or the one number they all are."""
    return value if isinstance(value, float) else value[start:stop]


def repeated_patterns(pointer: Integers, member: Integers, value: Floats) -> list[RepeatedPattern]:
    """Long repeated_patterns of lists of one length whose members move on in equal steps."""
    counts = np.diff(pointer)
    found: list[RepeatedPattern] = []
    if len(counts) == 0:
        return found
    starts = np.flatnonzero(np.diff(counts, prepend=-1))
    stops = np.append(starts[1:], len(counts))
    for start, stop in zip(
        *(one[stops - starts >= MIN_LENGTH].tolist() for one in (starts, stops)), strict=True
    ):
        count, inside = int(counts[start]), slice(int(pointer[start]), int(pointer[stop]))
        if count == 0:
            continue
        table = member[inside].reshape(stop - start, count)
        values = value[inside].reshape(stop - start, count)
        for low, high in _even(table):
            found.append(
                RepeatedPattern(
                    start + low,
                    start + high,
                    tuple(table[low].tolist()),
                    tuple((table[low + 1] - table[low]).tolist()),
                    tuple(collapse(values[low:high, k]) for k in range(count)),
                )
            )
    return found


def _even(table: Integers) -> list[tuple[int, int]]:
    """Where the rows of a table go on in equal steps for long."""
    step = np.diff(table, axis=0)
    turns = 1 + np.unique(np.flatnonzero(step[1:] != step[:-1]) // table.shape[1])
    if len(turns) * MIN_LENGTH > len(table):
        return []
    found, start = [], 0
    for last in [*turns.tolist(), len(table) - 1]:
        if last <= start:
            continue
        if last + 1 - start >= MIN_LENGTH:
            found.append((start, last + 1))
        start = last + 1
    return found
