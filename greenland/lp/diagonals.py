"""Matrices in time order as a few long strips, multiplied by slices instead of by index.

Most entries of a program in time order lie on long diagonals (a family of rows meets a family of
columns), in columns that reach through all steps (a capacity) or in rows that do (an annual
limit). Each is one slice of either vector and one number or one vector of values: a product
reads far less memory than with an index for every entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from greenland.lp.patterns import MIN_LENGTH, Number, collapse, cut, repeated_patterns
from greenland.lp.program import Floats, Integers, Mask

MAX_SEGMENTS, MIN_MEAN_LENGTH = 160, 1000
"""More strips than this, and shorter ones, are left to the general product."""
MIN_FILL = 0.25
"""Share of entries that are there in a column kept as a vector with zeros."""


@dataclass(frozen=True)
class Segment:
    """Entries of the rows and columns of two slices: one of them of length one, or a diagonal.

    A diagonal may go on in steps of more than one.
    *value* is a number where all entries are the same.
    """

    rows: slice
    columns: slice
    value: Number

    def transposed(self) -> Segment:
        """The strip of the transposed matrix."""
        return Segment(self.columns, self.rows, self.value)

    @property
    def size(self) -> Number:
        """Absolute values."""
        return abs(self.value) if isinstance(self.value, float) else np.abs(self.value)


class DiagonalMatrix:
    """A matrix, and its product with a vector added to or subtracted from another.

    Parameters
    ----------
    shape : tuple of int
    strips : list of Segment
    rest : coo_array
        What does not lie on a strip.
    """

    def __init__(
        self, shape: tuple[int, int], strips: list[Segment], rest: sparse.coo_array
    ) -> None:
        self.shape, self.strips, self.rest = shape, strips, rest
        many = [one for one in strips if _length(one.rows) > 1]
        self.ones = [one for one in many if _is(one.value, 1.0)]
        self.minus = [one for one in many if _is(one.value, -1.0)]
        room = np.empty(max([_length(one.rows) for one in many], default=0))
        self.others = [
            (one.rows, one.columns, one.value, room[: _length(one.rows)])
            for one in many
            if not _is(one.value, 1.0) and not _is(one.value, -1.0)
        ]
        self.sums = _by_columns([one for one in strips if _length(one.rows) == 1])
        self.single = (*rest.coords, rest.data)
        self.general = sparse.csr_array(rest) if rest.nnz >= MIN_LENGTH else None

    @classmethod
    def of(cls, matrix: sparse.csr_array | sparse.coo_array) -> DiagonalMatrix:
        """Take a matrix apart; what is not in long strips stays as it is."""
        if matrix.nnz < MIN_LENGTH:
            return cls(matrix.shape, [], sparse.coo_array(matrix))
        rows = sparse.csr_array(matrix)
        strips, left = _repeated(rows)
        if not left.any():
            return cls(matrix.shape, strips, sparse.coo_array(matrix.shape))
        owner = np.repeat(np.arange(matrix.shape[0]), np.diff(rows.indptr))
        row, column, value = owner[left], rows.indices[left].astype(np.int64), rows.data[left]
        left = np.ones(len(value), dtype=bool)
        tall, wide = (side >= MIN_LENGTH for side in matrix.shape)
        if tall and wide:
            strips += _diagonals(row, column, value, left)
        if tall:
            strips += _columns(row, column, value, left)
        if wide:
            strips += [one.transposed() for one in _columns(column, row, value, left)]
        if len(strips) > MAX_SEGMENTS and rows.nnz < MIN_MEAN_LENGTH * len(strips):
            return cls(matrix.shape, [], sparse.coo_array(rows))
        rest = sparse.coo_array((value[left], (row[left], column[left])), shape=matrix.shape)
        return cls(matrix.shape, strips, rest)

    def transposed(self) -> DiagonalMatrix:
        """The transposed matrix."""
        height, width = self.shape
        strips = [one.transposed() for one in self.strips]
        return DiagonalMatrix((width, height), strips, self.rest.T)

    def sizes(self) -> DiagonalMatrix:
        """The matrix of absolute values."""
        strips = [Segment(one.rows, one.columns, one.size) for one in self.strips]
        rest = sparse.coo_array((np.abs(self.rest.data), self.rest.coords), shape=self.shape)
        return DiagonalMatrix(self.shape, strips, rest)

    def __matmul__(self, x: Floats) -> Floats:
        """Product with a vector."""
        out = np.zeros(self.shape[0])
        self.add(out, x)
        return out

    def add(self, out: Floats, x: Floats) -> None:
        """Add the product with *x* to *out*."""
        self._apply(out, x, np.add, np.subtract, 1.0)

    def subtract(self, out: Floats, x: Floats) -> None:
        """Subtract the product with *x* from *out*."""
        self._apply(out, x, np.subtract, np.add, -1.0)

    def _apply(self, out: Floats, x: Floats, plus: np.ufunc, minus: np.ufunc, sign: float) -> None:
        """Change *out* by the product: *plus* is what a strip of ones does, *sign* says it too."""
        if len(self.single[2]):
            self._add_rest(out, x, sign)
        for strip in self.ones:
            part = out[strip.rows]
            plus(part, x[strip.columns], out=part)
        for strip in self.minus:
            part = out[strip.rows]
            minus(part, x[strip.columns], out=part)
        for rows, columns, value, room in self.others:
            np.multiply(x[columns], value, out=room)
            part = out[rows]
            plus(part, room, out=part)
        for columns, vectors, numbers in self.sums:
            _sum(out, x[columns], vectors, numbers, sign)

    def _add_rest(self, out: Floats, x: Floats, sign: float) -> None:
        if self.general is None:
            row, column, value = self.single
            np.add.at(out, row, sign * value * x[column])
        else:
            out += sign * (self.general @ x)


Sum = tuple[slice, list[tuple[int, Floats]], list[tuple[int, float]]]
"""Columns, and the rows that sum over them, with a vector or with one number."""


def _by_columns(strips: list[Segment]) -> list[Sum]:
    """Rows that are sums, gathered by what they sum over."""
    found: dict[tuple[int, int], Sum] = {}
    for one in strips:
        key = (one.columns.start, one.columns.stop)
        _columns, vectors, numbers = found.setdefault(key, (one.columns, [], []))
        if isinstance(one.value, float):
            numbers.append((one.rows.start, one.value))
        else:
            vectors.append((one.rows.start, one.value))
    return list(found.values())


def _sum(
    out: Floats,
    x: Floats,
    vectors: list[tuple[int, Floats]],
    numbers: list[tuple[int, float]],
    sign: float,
) -> None:
    """Add sums over the same stretch of a vector."""
    for row, vector in vectors:
        out[row] += sign * (vector @ x)
    if numbers:
        total = sign * float(np.add.reduce(x))
        for row, number in numbers:
            out[row] += number * total


def _length(part: slice) -> int:
    return len(range(part.start, part.stop, part.step or 1))


def _is(value: Number, number: float) -> bool:
    return isinstance(value, float) and value == number


def _repeated(rows: sparse.csr_array) -> tuple[list[Segment], Mask]:
    """DiagonalMatrix where the rows repeat a pattern, and the entries that are left."""
    left = np.ones(rows.nnz, dtype=bool)
    strips = []
    for one in repeated_patterns(rows.indptr, rows.indices, rows.data):
        if min(one.step) < 0:
            continue
        left[rows.indptr[one.start] : rows.indptr[one.stop]] = False
        for first, step, value in zip(one.first, one.step, one.values, strict=True):
            for low, high in _uniform(0, one.stop - one.start, value):
                here = slice(one.start + low, one.start + high)
                there = slice(first + step * low, first + step * (high - 1) + 1, step or None)
                strips.append(Segment(here, there, collapse(cut(value, low, high))))
    return strips, left


def _diagonals(row: Integers, column: Integers, value: Floats, left: Mask) -> list[Segment]:
    """Long unbroken diagonals; their entries are no longer *left*."""
    offset = column - row
    order = np.argsort(offset, kind="stable")
    broken = (np.diff(offset[order]) != 0) | (np.diff(row[order]) != 1)
    starts = np.concatenate([[0], np.flatnonzero(broken) + 1])
    stops = np.concatenate([starts[1:], [len(row)]])
    strips, ordered = [], value[order]
    for start, stop in _long(starts, stops):
        for low, high in _uniform(start, stop, ordered):
            if high - low < MIN_LENGTH:
                continue
            own = order[low:high]
            first, at, count = int(row[own[0]]), int(column[own[0]]), high - low
            here, there = slice(first, first + count), slice(at, at + count)
            strips.append(Segment(here, there, collapse(value[own])))
            left[own] = False
    return strips


def _uniform(start: int, stop: int, value: Number) -> Iterator[tuple[int, int]]:
    """Cut a stretch where one value ends and another begins, if each goes on for long."""
    if isinstance(value, float):
        return iter([(start, stop)])
    cuts = start + 1 + np.flatnonzero(np.diff(value[start:stop]) != 0)
    if len(cuts) * MIN_LENGTH >= stop - start:
        return iter([(start, stop)])
    return pairwise([start, *cuts.tolist(), stop])


def _columns(row: Integers, column: Integers, value: Floats, left: Mask) -> list[Segment]:
    """Long columns, in repeated_patterns of one value or as vectors with zeros."""
    kept = np.flatnonzero(left)
    order = kept[np.lexsort((row[kept], column[kept]))]
    starts = np.flatnonzero(np.diff(column[order], prepend=-1))
    stops = np.concatenate([starts[1:], [len(order)]])
    strips = []
    for start, stop in _long(starts, stops):
        for own in _stretches(order[start:stop], row):
            first, last, at = int(row[own[0]]), int(row[own[-1]]), int(column[own[0]])
            if len(own) < max(MIN_LENGTH, MIN_FILL * (last + 1 - first)):
                continue
            dense = np.zeros(last + 1 - first)
            dense[row[own] - first] = value[own]
            strips.append(Segment(slice(first, last + 1), slice(at, at + 1), collapse(dense)))
            left[own] = False
    return strips


def _stretches(entries: Integers, row: Integers) -> list[Integers]:
    """Entries of one column, cut where a long gap begins."""
    return np.split(entries, np.flatnonzero(np.diff(row[entries]) > MIN_LENGTH) + 1)


def _long(starts: Integers, stops: Integers) -> list[tuple[int, int]]:
    chosen = stops - starts >= MIN_LENGTH
    return list(zip(starts[chosen].tolist(), stops[chosen].tolist(), strict=True))
