"""Repeated patterns: consecutive rows of a sparse matrix that differ by a constant shift."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenland.lp.program import Floats, Integers

MIN_LENGTH = 64
"""Shortest run of rows, or of entries, that is worth a NumPy call of its own."""

Values = float | Floats
"""An array, or the single number that all its elements are."""


@dataclass(frozen=True)
class RepeatedPattern:
    """Consecutive lists with the same number of members, each of which advances by a constant.

    Parameters
    ----------
    start, stop : int
        First list, and the one after the last.
    first : tuple of int
        Members of the first list.
    stride : tuple of int
        By how much each member advances from list to list.
    values : tuple of float or array, shape (stop - start,)
        Values that go with each member.
    """

    start: int
    stop: int
    first: tuple[int, ...]
    stride: tuple[int, ...]
    values: tuple[Values, ...]

    def value(self, member: int, start: int, stop: int) -> Values:
        """Values of a member in the lists from *start* to before *stop*."""
        return sub_range(self.values[member], start - self.start, stop - self.start)


def collapse(values: Values) -> Values:
    """A single number in place of an array of equal ones."""
    if isinstance(values, float):
        return values
    return float(values[0]) if np.all(values == values[0]) else np.ascontiguousarray(values)


def sub_range(values: Values, start: int, stop: int) -> Values:
    """Part of an array, or the single number."""
    return values if isinstance(values, float) else values[start:stop]


def repeated_patterns(pointer: Integers, member: Integers, value: Floats) -> list[RepeatedPattern]:
    """Find the repeated patterns of at least `MIN_LENGTH` lists.

    Parameters
    ----------
    pointer : integer array, shape (lists + 1,)
    member : integer array, shape (members,)
    value : array, shape (members,)
        The lists as in a CSR matrix: ``indptr``, ``indices`` and ``data``.
    """
    counts = np.diff(pointer)
    patterns: list[RepeatedPattern] = []
    if len(counts) == 0:
        return patterns
    starts = np.flatnonzero(np.diff(counts, prepend=-1))
    stops = np.append(starts[1:], len(counts))
    long = stops - starts >= MIN_LENGTH
    for start, stop in zip(starts[long].tolist(), stops[long].tolist(), strict=True):
        count, entries = int(counts[start]), slice(int(pointer[start]), int(pointer[stop]))
        if count == 0:
            continue
        members = member[entries].reshape(stop - start, count)
        values = value[entries].reshape(stop - start, count)
        for low, high in _constant_strides(members):
            patterns.append(
                RepeatedPattern(
                    start + low,
                    start + high,
                    tuple(members[low].tolist()),
                    tuple((members[low + 1] - members[low]).tolist()),
                    tuple(collapse(values[low:high, k]) for k in range(count)),
                )
            )
    return patterns


def _constant_strides(members: Integers) -> list[tuple[int, int]]:
    """Long ranges of rows of a table between which every column advances by a constant."""
    stride = np.diff(members, axis=0)
    changes = 1 + np.unique(np.flatnonzero(stride[1:] != stride[:-1]) // members.shape[1])
    if len(changes) * MIN_LENGTH > len(members):
        return []
    ranges, start = [], 0
    for last in [*changes.tolist(), len(members) - 1]:
        if last <= start:
            continue
        if last + 1 - start >= MIN_LENGTH:
            ranges.append((start, last + 1))
        start = last + 1
    return ranges
