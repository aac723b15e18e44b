"""Sparse matrices stored by long diagonals and by parts of rows and columns.

In time order most entries of a matrix lie on long diagonals (a family of rows meets a family of
columns), in columns that reach through all steps (a capacity) or in rows that do (an annual
limit). Each of these *segments* is a slice of either vector and one number, or one array of
values: the product with a vector reads far less memory than with an index for every entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from greenland.lp.patterns import MIN_LENGTH, Values, collapse, repeated_patterns, sub_range
from greenland.lp.program import Floats, Integers, Mask

MAX_SEGMENTS, MIN_MEAN_LENGTH = 160, 1000
"""A matrix of more segments than this, that are shorter on average, stays a CSR matrix."""
MIN_FILL = 0.25
"""Smallest share of non-zeros in a part of a column that is stored as a dense array."""


@dataclass(frozen=True)
class Segment:
    """Entries of a matrix in the rows and columns of two slices.

    Either both slices have the same length, for a diagonal, or one of them is of length one, for
    part of a row or column.

    Parameters
    ----------
    rows, columns : slice
        With a positive stride.
    value : float or array
        The number that all entries are, or the entries in order.
    """

    rows: slice
    columns: slice
    value: Values

    def transposed(self) -> Segment:
        """The segment of the transposed matrix."""
        return Segment(self.columns, self.rows, self.value)

    @property
    def magnitude(self) -> Values:
        """Absolute values."""
        return abs(self.value) if isinstance(self.value, float) else np.abs(self.value)


class DiagonalMatrix:
    """A sparse matrix by segments, and its product with a vector.

    Parameters
    ----------
    shape : tuple of int
    segments : list of Segment
    remainder : coo_array
        Entries that lie on no segment.
    """

    def __init__(
        self, shape: tuple[int, int], segments: list[Segment], remainder: sparse.coo_array
    ) -> None:
        self.shape, self.segments, self.remainder = shape, segments, remainder
        spread = [segment for segment in segments if _length(segment.rows) > 1]
        self._plus_one = [segment for segment in spread if _equals(segment.value, 1.0)]
        self._minus_one = [segment for segment in spread if _equals(segment.value, -1.0)]
        scratch = np.empty(max([_length(segment.rows) for segment in spread], default=0))
        self._others = [
            (segment.rows, segment.columns, segment.value, scratch[: _length(segment.rows)])
            for segment in spread
            if not _equals(segment.value, 1.0) and not _equals(segment.value, -1.0)
        ]
        self._row_sums = _group_by_columns([one for one in segments if _length(one.rows) == 1])
        self._triplets = (*remainder.coords, remainder.data)
        self._csr = sparse.csr_array(remainder) if remainder.nnz >= MIN_LENGTH else None

    @classmethod
    def of(cls, matrix: sparse.csr_array | sparse.coo_array) -> DiagonalMatrix:
        """Find the segments of a matrix."""
        if matrix.nnz < MIN_LENGTH:
            return cls(matrix.shape, [], sparse.coo_array(matrix))
        csr = sparse.csr_array(matrix)
        segments, left = _pattern_segments(csr)
        if not left.any():
            return cls(matrix.shape, segments, sparse.coo_array(matrix.shape))
        row_of_entry = np.repeat(np.arange(matrix.shape[0]), np.diff(csr.indptr))
        row, column = row_of_entry[left], csr.indices[left].astype(np.int64)
        value = csr.data[left]
        left = np.ones(len(value), dtype=bool)
        tall, wide = (length >= MIN_LENGTH for length in matrix.shape)
        if tall and wide:
            segments += _diagonal_segments(row, column, value, left)
        if tall:
            segments += _column_segments(row, column, value, left)
        if wide:
            segments += [one.transposed() for one in _column_segments(column, row, value, left)]
        if len(segments) > MAX_SEGMENTS and csr.nnz < MIN_MEAN_LENGTH * len(segments):
            return cls(matrix.shape, [], sparse.coo_array(csr))
        remainder = sparse.coo_array((value[left], (row[left], column[left])), shape=matrix.shape)
        return cls(matrix.shape, segments, remainder)

    def transposed(self) -> DiagonalMatrix:
        """The transposed matrix."""
        height, width = self.shape
        segments = [segment.transposed() for segment in self.segments]
        return DiagonalMatrix((width, height), segments, self.remainder.T)

    def magnitudes(self) -> DiagonalMatrix:
        """The matrix of absolute values."""
        segments = [Segment(one.rows, one.columns, one.magnitude) for one in self.segments]
        remainder = sparse.coo_array(
            (np.abs(self.remainder.data), self.remainder.coords), shape=self.shape
        )
        return DiagonalMatrix(self.shape, segments, remainder)

    def __matmul__(self, x: Floats) -> Floats:
        """Product with a vector."""
        out = np.zeros(self.shape[0])
        self.add(out, x)
        return out

    def add(self, out: Floats, x: Floats) -> None:
        """Add the product with *x* to *out*, in place."""
        self._accumulate(out, x, np.add, np.subtract, 1.0)

    def subtract(self, out: Floats, x: Floats) -> None:
        """Subtract the product with *x* from *out*, in place."""
        self._accumulate(out, x, np.subtract, np.add, -1.0)

    def _accumulate(
        self, out: Floats, x: Floats, plus: np.ufunc, minus: np.ufunc, sign: float
    ) -> None:
        """Add (or, with the ufuncs swapped and *sign* -1, subtract) the product with *x*."""
        if len(self._triplets[2]):
            self._accumulate_remainder(out, x, sign)
        for segment in self._plus_one:
            target = out[segment.rows]
            plus(target, x[segment.columns], out=target)
        for segment in self._minus_one:
            target = out[segment.rows]
            minus(target, x[segment.columns], out=target)
        for rows, columns, value, scratch in self._others:
            np.multiply(x[columns], value, out=scratch)
            target = out[rows]
            plus(target, scratch, out=target)
        for columns, arrays, numbers in self._row_sums:
            _accumulate_row_sums(out, x[columns], arrays, numbers, sign)

    def _accumulate_remainder(self, out: Floats, x: Floats, sign: float) -> None:
        if self._csr is None:
            row, column, value = self._triplets
            np.add.at(out, row, sign * value * x[column])
        else:
            out += sign * (self._csr @ x)


RowSums = tuple[slice, list[tuple[int, Floats]], list[tuple[int, float]]]
"""A range of columns, and the rows that sum over it, weighted by an array or by one number."""


def _group_by_columns(segments: list[Segment]) -> list[RowSums]:
    """Parts of rows, grouped by the columns they sum over."""
    groups: dict[tuple[int, int], RowSums] = {}
    for segment in segments:
        key = (segment.columns.start, segment.columns.stop)
        _columns, arrays, numbers = groups.setdefault(key, (segment.columns, [], []))
        if isinstance(segment.value, float):
            numbers.append((segment.rows.start, segment.value))
        else:
            arrays.append((segment.rows.start, segment.value))
    return list(groups.values())


def _accumulate_row_sums(
    out: Floats,
    x: Floats,
    arrays: list[tuple[int, Floats]],
    numbers: list[tuple[int, float]],
    sign: float,
) -> None:
    """Add weighted sums over the same part of a vector; the plain sum is computed once."""
    for row, weights in arrays:
        out[row] += sign * (weights @ x)
    if numbers:
        total = sign * float(np.add.reduce(x))
        for row, number in numbers:
            out[row] += number * total


def _length(part: slice) -> int:
    return len(range(part.start, part.stop, part.step or 1))


def _equals(values: Values, number: float) -> bool:
    return isinstance(values, float) and values == number


def _pattern_segments(csr: sparse.csr_array) -> tuple[list[Segment], Mask]:
    """Segments where the rows repeat a pattern, and the entries that are left."""
    left = np.ones(csr.nnz, dtype=bool)
    segments = []
    for pattern in repeated_patterns(csr.indptr, csr.indices, csr.data):
        if min(pattern.stride) < 0:
            continue
        left[csr.indptr[pattern.start] : csr.indptr[pattern.stop]] = False
        for first, stride, value in zip(pattern.first, pattern.stride, pattern.values, strict=True):
            for low, high in _cut_at_changes(0, pattern.stop - pattern.start, value):
                rows = slice(pattern.start + low, pattern.start + high)
                columns = slice(
                    first + stride * low, first + stride * (high - 1) + 1, stride or None
                )
                segments.append(Segment(rows, columns, collapse(sub_range(value, low, high))))
    return segments, left


def _diagonal_segments(row: Integers, column: Integers, value: Floats, left: Mask) -> list[Segment]:
    """Long unbroken diagonals; their entries are cleared in *left*."""
    offset = column - row
    order = np.argsort(offset, kind="stable")
    broken = (np.diff(offset[order]) != 0) | (np.diff(row[order]) != 1)
    starts = np.concatenate([[0], np.flatnonzero(broken) + 1])
    stops = np.concatenate([starts[1:], [len(row)]])
    segments, ordered = [], value[order]
    for start, stop in _long_ranges(starts, stops):
        for low, high in _cut_at_changes(start, stop, ordered):
            if high - low < MIN_LENGTH:
                continue
            entries = order[low:high]
            first_row, first_column = int(row[entries[0]]), int(column[entries[0]])
            count = high - low
            rows = slice(first_row, first_row + count)
            columns = slice(first_column, first_column + count)
            segments.append(Segment(rows, columns, collapse(value[entries])))
            left[entries] = False
    return segments


def _cut_at_changes(start: int, stop: int, value: Values) -> Iterator[tuple[int, int]]:
    """Cut a range where the value changes, if each value goes on for long on average."""
    if isinstance(value, float):
        return iter([(start, stop)])
    cuts = start + 1 + np.flatnonzero(np.diff(value[start:stop]) != 0)
    if len(cuts) * MIN_LENGTH >= stop - start:
        return iter([(start, stop)])
    return pairwise([start, *cuts.tolist(), stop])


def _column_segments(row: Integers, column: Integers, value: Floats, left: Mask) -> list[Segment]:
    """Long parts of columns, of one value or as dense arrays; cleared in *left*."""
    remaining = np.flatnonzero(left)
    order = remaining[np.lexsort((row[remaining], column[remaining]))]
    starts = np.flatnonzero(np.diff(column[order], prepend=-1))
    stops = np.concatenate([starts[1:], [len(order)]])
    segments = []
    for start, stop in _long_ranges(starts, stops):
        for entries in _cut_at_gaps(order[start:stop], row):
            first, last = int(row[entries[0]]), int(row[entries[-1]])
            at = int(column[entries[0]])
            if len(entries) < max(MIN_LENGTH, MIN_FILL * (last + 1 - first)):
                continue
            dense = np.zeros(last + 1 - first)
            dense[row[entries] - first] = value[entries]
            segments.append(Segment(slice(first, last + 1), slice(at, at + 1), collapse(dense)))
            left[entries] = False
    return segments


def _cut_at_gaps(entries: Integers, row: Integers) -> list[Integers]:
    """Entries of one column, cut at long gaps between their rows."""
    return np.split(entries, np.flatnonzero(np.diff(row[entries]) > MIN_LENGTH) + 1)


def _long_ranges(starts: Integers, stops: Integers) -> list[tuple[int, int]]:
    long = stops - starts >= MIN_LENGTH
    return list(zip(starts[long].tolist(), stops[long].tolist(), strict=True))
