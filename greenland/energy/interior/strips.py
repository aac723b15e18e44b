"""Matrices in time order as a few long strips, multiplied by slices instead of by index.

Most entries of a program in time order lie on long diagonals (a family of rows meets a family of
columns), in columns that reach through all steps (a capacity) or in rows that do (an annual
limit). Each is one slice of either vector and one number or one vector of values: a product
reads far less memory than with an index for every entry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.energy.interior.program import Floats, Integers, Mask

SHORTEST = 64
"""Entries of a strip that is worth a call of its own."""
MOST = 160
"""More strips than this are left to the general product."""
SPARSEST = 0.25
"""Share of entries that are there in a column kept as a vector with zeros."""


@dataclass(frozen=True)
class Strip:
    """Entries of the rows and columns of two slices: one of them of length one, or a diagonal.

    *value* is a number where all entries are the same.
    """

    rows: slice
    columns: slice
    value: float | Floats

    def transposed(self) -> Strip:
        """The strip of the transposed matrix."""
        return Strip(self.columns, self.rows, self.value)


class Strips:
    """A matrix, and its product with a vector by ``@``."""

    def __init__(self, height: int, strips: list[Strip], rest: sparse.csr_array) -> None:
        self.height, self.rest, self.strips = height, rest, strips
        self.many = [one for one in strips if _length(one.rows) > 1]
        self.sums = [one for one in strips if _length(one.rows) == 1]
        self.few = rest.nnz < SHORTEST
        if self.few:
            single = sparse.coo_array(rest)
            self.single = (*single.coords, single.data)

    @classmethod
    def of(cls, matrix: sparse.csr_array) -> Strips:
        """Take a matrix apart; what is not in long strips stays as it is."""
        entries = sparse.coo_array(matrix)
        row, column = (np.asarray(c, dtype=np.int64) for c in entries.coords)
        value = entries.data
        left = np.ones(len(value), dtype=bool)
        strips = _diagonals(row, column, value, left)
        strips += _columns(row, column, value, left)
        strips += [one.transposed() for one in _columns(column, row, value, left)]
        if len(strips) > MOST:
            return cls(matrix.shape[0], [], sparse.csr_array(matrix))
        rest = sparse.csr_array((value[left], (row[left], column[left])), shape=matrix.shape)
        return cls(matrix.shape[0], strips, rest)

    def transposed(self) -> Strips:
        """The transposed matrix."""
        strips = [one.transposed() for one in self.strips]
        return Strips(self.rest.shape[1], strips, sparse.csr_array(self.rest.T))

    def __matmul__(self, x: Floats) -> Floats:
        """Product with a vector."""
        out: Floats
        if self.few:
            out = np.zeros(self.height)
            row, column, value = self.single
            np.add.at(out, row, value * x[column])
        else:
            out = self.rest @ x
        for strip in self.many:
            _add(out[strip.rows], x[strip.columns], strip.value)
        totals: dict[tuple[int, int], float] = {}
        for strip in self.sums:
            part = x[strip.columns]
            if isinstance(strip.value, float):
                key = (strip.columns.start, strip.columns.stop)
                if key not in totals:
                    totals[key] = float(part.sum())
                out[strip.rows.start] += strip.value * totals[key]
            else:
                out[strip.rows.start] += strip.value @ part
        return out


def _add(out: Floats, x: Floats, value: float | Floats) -> None:
    """Add ``value * x`` to a stretch of the product."""
    if isinstance(value, float) and value == 1.0:
        out += x
    elif isinstance(value, float) and value == -1.0:
        out -= x
    else:
        out += value * x


def _length(part: slice) -> int:
    return int(part.stop - part.start)


def _one_value(values: Floats) -> float | Floats:
    """The values, or the one number they all are."""
    return float(values[0]) if np.all(values == values[0]) else np.ascontiguousarray(values)


def _diagonals(row: Integers, column: Integers, value: Floats, left: Mask) -> list[Strip]:
    """Long unbroken diagonals; their entries are no longer *left*."""
    offset = column - row
    order = np.lexsort((row, offset))
    broken = (np.diff(offset[order]) != 0) | (np.diff(row[order]) != 1)
    starts = np.concatenate([[0], np.flatnonzero(broken) + 1])
    stops = np.concatenate([starts[1:], [len(row)]])
    strips = []
    starts, stops = _uniform(starts, stops, value[order])
    for start, stop in _long(starts, stops):
        own = order[start:stop]
        first, at, count = int(row[own[0]]), int(column[own[0]]), stop - start
        here, there = slice(first, first + count), slice(at, at + count)
        strips.append(Strip(here, there, _one_value(value[own])))
        left[own] = False
    return strips


def _uniform(starts: Integers, stops: Integers, value: Floats) -> tuple[Integers, Integers]:
    """Cut stretches where one value ends and another begins, if each goes on for long."""
    changes = np.flatnonzero(np.diff(value) != 0) + 1
    cuts = [starts]
    for start, stop in _long(starts, stops):
        low, high = np.searchsorted(changes, [start + 1, stop])
        if (high - low) * SHORTEST < stop - start:
            cuts.append(changes[low:high])
    starts = np.unique(np.concatenate(cuts))
    return starts, np.concatenate([starts[1:], [len(value)]])


def _columns(row: Integers, column: Integers, value: Floats, left: Mask) -> list[Strip]:
    """Long columns, in stretches of one value or as vectors with zeros."""
    kept = np.flatnonzero(left)
    order = kept[np.lexsort((row[kept], column[kept]))]
    starts = np.flatnonzero(np.diff(column[order], prepend=-1))
    stops = np.concatenate([starts[1:], [len(order)]])
    strips = []
    for start, stop in _long(starts, stops):
        for own in _stretches(order[start:stop], row):
            first, last, at = int(row[own[0]]), int(row[own[-1]]), int(column[own[0]])
            if len(own) < max(SHORTEST, SPARSEST * (last + 1 - first)):
                continue
            dense = np.zeros(last + 1 - first)
            dense[row[own] - first] = value[own]
            strips.append(Strip(slice(first, last + 1), slice(at, at + 1), _one_value(dense)))
            left[own] = False
    return strips


def _stretches(entries: Integers, row: Integers) -> list[Integers]:
    """Entries of one column, cut where a long gap begins."""
    return np.split(entries, np.flatnonzero(np.diff(row[entries]) > SHORTEST) + 1)


def _long(starts: Integers, stops: Integers) -> list[tuple[int, int]]:
    chosen = stops - starts >= SHORTEST
    return list(zip(starts[chosen].tolist(), stops[chosen].tolist(), strict=True))
