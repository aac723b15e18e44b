"""Terms of the reduced system: which products of matrix entries each of its entries sums.

Once the local columns and the bound rows on them are eliminated, every entry of the reduced
system (a Schur complement) is a sum of terms, each the product of a *weight* that changes with
every iteration and a *value* that does not. In time order most terms come in *runs*: the same
pattern step by step, shifted by a constant. Runs are found from the patterns of the columns, so
that there are as many as families of columns, not as steps; irregular terms are listed singly.

Unknowns are numbered nodes first (duals of node rows), then global columns, then global rows.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.lp.csr_index import member_pairs, member_positions
from greenland.lp.patterns import (
    MIN_LENGTH,
    RepeatedPattern,
    Values,
    collapse,
    repeated_patterns,
)
from greenland.lp.program import Floats, Integers
from greenland.lp.standard_form import StandardForm


@dataclass(frozen=True)
class TermRun:
    """Terms of consecutive weights whose two unknowns advance by a constant.

    Parameters
    ----------
    later, earlier : int
        The two unknowns of the first term, ``later >= earlier``.
    later_stride, earlier_stride : int
        By how much they advance.
    count : int
        Number of terms.
    weight : int
        Index of the first weight.
    value : float or array, shape (count,)
    """

    later: int
    later_stride: int
    earlier: int
    earlier_stride: int
    count: int
    weight: int
    value: Values

    @property
    def couplings(self) -> tuple[int, int, int, int, int]:
        """What identifies the coupled unknowns, whatever weights and values."""
        return self.later, self.later_stride, self.earlier, self.earlier_stride, self.count

    def expanded(self) -> tuple[Integers, Integers]:
        """The later and the earlier unknown of every term."""
        terms = np.arange(self.count)
        return self.later + self.later_stride * terms, self.earlier + self.earlier_stride * terms

    def unknowns(self, term: int) -> tuple[int, int]:
        """The later and the earlier unknown of one term."""
        return self.later + self.later_stride * term, self.earlier + self.earlier_stride * term


@dataclass(frozen=True)
class ScatteredTerms:
    """Terms listed singly; all arrays have shape (terms,)."""

    later: Integers
    earlier: Integers
    weight: Integers
    value: Floats

    @classmethod
    def joined(cls, parts: list[ScatteredTerms]) -> ScatteredTerms:
        """All terms of several lists, which may be none."""
        nothing = np.zeros(0, dtype=np.int64)
        parts = [cls(nothing, nothing, nothing, np.zeros(0)), *parts]
        return cls(
            np.concatenate([part.later for part in parts]),
            np.concatenate([part.earlier for part in parts]),
            np.concatenate([part.weight for part in parts]),
            np.concatenate([part.value for part in parts]),
        )


class SchurTerms:
    """All terms of a program.

    The weights are one per column (the inverse of its total diagonal), two per bound row, and one
    per pair of bound rows on the same column.

    Parameters
    ----------
    standard : StandardForm
    node_rows : integer array, shape (nodes,)
        Row of each node, in the order of elimination.

    Attributes
    ----------
    runs : list of TermRun
    scattered : ScatteredTerms
    n_weights : int
    bound_coefficient_squared : array, shape (bound rows,)
        Squared entry of each bound row in its local column.
    paired_bound_rows : pair of integer arrays, shape (pairs,)
        Pairs of bound rows on the same column.
    constant_entries : tuple of arrays
        Entries of nodes and global rows in global columns, which do not change: the unknown, the
        unknown of the column, the value.
    """

    def __init__(self, standard: StandardForm, node_rows: Integers) -> None:
        matrix = standard.matrix
        self.n_nodes = len(node_rows)
        self.n_local = standard.border_columns.start
        self.n_columns = matrix.shape[1]
        n_global = self.n_columns - self.n_local
        border_rows = np.arange(standard.border_rows.start, standard.border_rows.stop)
        unknown_of_row = np.arange(self.n_nodes + len(border_rows))
        unknown_of_row[self.n_nodes :] += n_global
        by_column = sparse.csc_array(matrix[np.concatenate([node_rows, border_rows])])
        self.pointer = by_column.indptr[: self.n_local + 1].astype(np.int64)
        n_entries = int(self.pointer[-1])
        self.unknown = unknown_of_row[by_column.indices[:n_entries]]
        self.value = by_column.data[:n_entries]
        in_global = slice(n_entries, len(by_column.data))
        column = np.repeat(np.arange(n_global), np.diff(by_column.indptr[self.n_local :]))
        self.constant_entries = (
            unknown_of_row[by_column.indices[in_global]],
            self.n_nodes + column,
            by_column.data[in_global],
        )
        self.runs: list[TermRun] = []
        self._find_column_runs()
        self._find_bound_row_runs(standard)
        self.n_weights = self.n_columns + 2 * self.n_bound + len(self.paired_bound_rows[0])
        self.scattered = ScatteredTerms.joined(
            [*self._column_terms(), *self._bound_row_terms(), *self._paired_terms()]
        )

    # -- runs ------------------------------------------------------------------------------

    def _find_column_runs(self) -> None:
        """Runs of columns of one pattern; `scattered_columns` are those in no run."""
        self.column_patterns = repeated_patterns(self.pointer, self.unknown, self.value)
        self.scattered_columns = np.ones(self.n_local, dtype=bool)
        for pattern in self.column_patterns:
            self.scattered_columns[pattern.start : pattern.stop] = False
            count = pattern.stop - pattern.start
            members = list(zip(pattern.first, pattern.stride, pattern.values, strict=True))
            for k, (later, later_stride, later_value) in enumerate(members):
                for earlier, earlier_stride, earlier_value in members[: k + 1]:
                    product = collapse(later_value * earlier_value)
                    self.runs.append(
                        TermRun(
                            later,
                            later_stride,
                            earlier,
                            earlier_stride,
                            count,
                            pattern.start,
                            product,
                        )
                    )

    def _find_bound_row_runs(self, standard: StandardForm) -> None:
        """Runs of bound rows of one pattern on columns of one pattern.

        `scattered_bound_rows` are those in no run.
        """
        bound = sparse.csr_array(standard.matrix[standard.bound_row_indices])
        self.n_bound = bound.shape[0]
        first_entry = bound.indptr[:-1]  # the local column comes before the global ones
        self.held_column = bound.indices[first_entry].astype(np.int64)
        self.coefficient = bound.data[first_entry]
        self.bound_coefficient_squared = self.coefficient**2
        self.paired_bound_rows = self._pairs_on_one_column()
        self.global_pointer = bound.indptr - np.arange(self.n_bound + 1)
        in_global = np.ones(len(bound.data), dtype=bool)
        in_global[first_entry] = False
        self.global_unknown = bound.indices[in_global] - self.n_local + self.n_nodes
        self.global_value = bound.data[in_global]
        self.scattered_bound_rows = np.ones(self.n_bound, dtype=bool)
        stops = [pattern.stop for pattern in self.column_patterns]
        for rows in repeated_patterns(bound.indptr, bound.indices, bound.data):
            if rows.stride[0] != 1 or any(rows.stride[1:]):
                continue
            first_column, stop = rows.first[0], rows.first[0] + rows.stop - rows.start
            k = bisect_right(stops, first_column)
            while k < len(stops) and self.column_patterns[k].start < stop:
                columns = self.column_patterns[k]
                low, high = max(first_column, columns.start), min(stop, columns.stop)
                if high - low >= MIN_LENGTH:
                    row = rows.start + low - first_column
                    self._add_bound_row_runs(rows, columns, row, low, high - low)
                k += 1

    def _add_bound_row_runs(
        self, rows: RepeatedPattern, columns: RepeatedPattern, row: int, column: int, count: int
    ) -> None:
        """Runs of *count* bound rows from *row* on the local columns from *column* on."""
        self.scattered_bound_rows[row : row + count] = False
        coefficient = rows.value(0, row, row + count)
        shift = column - columns.start
        global_entries = [
            (column_index - self.n_local + self.n_nodes, rows.value(member, row, row + count))
            for member, column_index in enumerate(rows.first)
            if member
        ]
        weight = self.n_columns + row
        for global_unknown, value in global_entries:
            for member, unknown in enumerate(columns.first):
                stride = columns.stride[member]
                node_value = columns.value(member, column, column + count)
                node = unknown + stride * shift
                product = collapse(-node_value * (coefficient * value))
                if node < global_unknown:
                    run = TermRun(global_unknown, 0, node, stride, count, weight, product)
                else:
                    run = TermRun(node, stride, global_unknown, 0, count, weight, product)
                self.runs.append(run)
        weight = self.n_columns + self.n_bound + row
        for k, (later, later_value) in enumerate(global_entries):
            for earlier, earlier_value in global_entries[: k + 1]:
                product = collapse(-(later_value / coefficient) * (earlier_value / coefficient))
                self.runs.append(TermRun(later, 0, earlier, 0, count, weight, product))

    def _pairs_on_one_column(self) -> tuple[Integers, Integers]:
        """Pairs of bound rows on the same local column."""
        nothing = np.zeros(0, dtype=np.int64)
        if np.max(np.bincount(self.held_column), initial=0) <= 1:
            return nothing, nothing
        order = np.argsort(self.held_column, kind="stable")
        pointer = np.searchsorted(self.held_column[order], np.arange(self.n_local + 1))
        later, earlier, _column = member_pairs(pointer)
        distinct = later != earlier
        return order[later[distinct]], order[earlier[distinct]]

    # -- scattered terms -------------------------------------------------------------------

    def _column_terms(self) -> list[ScatteredTerms]:
        """Terms of the columns that are in no run."""
        if not self.scattered_columns.any():
            return []
        counts = np.where(self.scattered_columns, np.diff(self.pointer), 0)
        entries, _column = member_positions(self.pointer[:-1], counts)
        unknown, value = self.unknown[entries], self.value[entries]
        later, earlier, column = member_pairs(np.concatenate([[0], np.cumsum(counts)]))
        product = value[later] * value[earlier]
        return [ScatteredTerms(unknown[later], unknown[earlier], column, product)]

    def _bound_row_terms(self) -> list[ScatteredTerms]:
        """Terms of the bound rows that are in no run."""
        counts = np.where(self.scattered_bound_rows, np.diff(self.global_pointer), 0)
        entries, row = member_positions(self.global_pointer[:-1], counts)
        if len(entries) == 0:
            return []
        global_unknown, value = self.global_unknown[entries], self.global_value[entries]
        column = self.held_column[row]
        start = self.pointer[column]
        column_entries, entry = member_positions(start, self.pointer[column + 1] - start)
        node = self.unknown[column_entries]
        with_nodes = ScatteredTerms(
            np.maximum(node, global_unknown[entry]),
            np.minimum(node, global_unknown[entry]),
            self.n_columns + row[entry],
            -self.value[column_entries] * (self.coefficient[row] * value)[entry],
        )
        relative = value / self.coefficient[row]
        later, earlier, owner = member_pairs(np.concatenate([[0], np.cumsum(counts)]))
        among_global = ScatteredTerms(
            np.maximum(global_unknown[later], global_unknown[earlier]),
            np.minimum(global_unknown[later], global_unknown[earlier]),
            self.n_columns + self.n_bound + owner,
            -relative[later] * relative[earlier],
        )
        return [with_nodes, among_global]

    def _paired_terms(self) -> list[ScatteredTerms]:
        """Terms of pairs of bound rows on the same column."""
        first, second = self.paired_bound_rows
        if len(first) == 0:
            return []
        counts = np.diff(self.global_pointer)
        relative = self.global_value / np.repeat(self.coefficient, counts)
        shape = (self.n_bound, self.n_columns - self.n_local)
        limits = sparse.csr_array(
            (relative, self.global_unknown - self.n_nodes, self.global_pointer), shape=shape
        )
        difference = sparse.csr_array(limits[first] - limits[second])
        a, b, pair = member_pairs(difference.indptr)
        one, other = difference.indices[a] + self.n_nodes, difference.indices[b] + self.n_nodes
        return [
            ScatteredTerms(
                np.maximum(one, other).astype(np.int64),
                np.minimum(one, other).astype(np.int64),
                self.n_columns + 2 * self.n_bound + pair,
                -difference.data[a] * difference.data[b],
            )
        ]
