"""SchurTerms of the factorised system, listed before any number of an iteration is known.

Once the local columns and the bound rows on them are eliminated, every coupling of two of the
remaining unknowns is a sum of terms, each the product of a *weight* that changes with the
iteration and a *value* that does not. In time order most terms come in *runs*: step by step the
same pattern, moved on by as much. Runs are found from the pattern of the columns, so that the list
is as long as there are families of columns, not steps; what is irregular is listed term by term.

Unknowns are numbered nodes first, then global columns, then global rows.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.lp.csr_index import member_positions, pairs
from greenland.lp.patterns import MIN_LENGTH, Number, RepeatedPattern, collapse, repeated_patterns
from greenland.lp.program import Floats, Integers
from greenland.lp.standard_form import StandardForm


@dataclass(frozen=True)
class TermRun:
    """SchurTerms of consecutive weights whose two unknowns move in equal steps."""

    later: int
    later_step: int
    earlier: int
    earlier_step: int
    count: int
    weight: int  # the first
    value: Number

    @property
    def couplings(self) -> tuple[int, int, int, int, int]:
        """What it couples, whatever the weights and values."""
        return self.later, self.later_step, self.earlier, self.earlier_step, self.count

    def expanded(self) -> tuple[Integers, Integers]:
        """The later and the earlier unknown of every term."""
        steps = np.arange(self.count)
        return self.later + self.later_step * steps, self.earlier + self.earlier_step * steps

    def at(self, step: int) -> tuple[int, int]:
        """The later and the earlier unknown of one term."""
        return self.later + self.later_step * step, self.earlier + self.earlier_step * step


@dataclass(frozen=True)
class ScatteredTerms:
    """SchurTerms one by one."""

    later: Integers
    earlier: Integers
    weight: Integers
    value: Floats

    @classmethod
    def joined(cls, parts: list[ScatteredTerms]) -> ScatteredTerms:
        """All of some lists; empty where there are none."""
        nothing = np.zeros(0, dtype=np.int64)
        parts = [cls(nothing, nothing, nothing, np.zeros(0)), *parts]
        return cls(
            np.concatenate([one.later for one in parts]),
            np.concatenate([one.earlier for one in parts]),
            np.concatenate([one.weight for one in parts]),
            np.concatenate([one.value for one in parts]),
        )


class SchurTerms:
    """All terms of a program.

    Weights are the columns' (inverse total curvature), then for every bound row two, then one
    for every pair of bound rows on the same column.

    Attributes
    ----------
    runs : list of TermRun
    singles : ScatteredTerms
        What is not in runs.
    weights : int
        How many weights there are.
    bounding_square : array
        Squared factor of each bound row on the column it holds.
    paired_bound_rows : pair of arrays
        Pairs of bound rows on the same column.
    cross : tuple of arrays
        Entries where nodes and global rows meet global columns: the two unknowns and the value.
    """

    def __init__(self, standard: StandardForm, node_rows: Integers) -> None:
        matrix = standard.matrix
        self.nodes = len(node_rows)
        self.width = standard.border_columns.start  # of the local columns
        self.columns = matrix.shape[1]
        globals_ = self.columns - self.width
        border_rows = np.arange(standard.border_rows.start, standard.border_rows.stop)
        number = np.arange(self.nodes + len(border_rows))
        number[self.nodes :] += globals_
        unknowns = matrix[np.concatenate([node_rows, border_rows])]
        by_column = sparse.csc_array(unknowns)
        self.pointer = by_column.indptr[: self.width + 1].astype(np.int64)
        held = int(self.pointer[-1])
        self.node, self.value = number[by_column.indices[:held]], by_column.data[:held]
        entries = slice(held, len(by_column.data))
        column = np.repeat(np.arange(globals_), np.diff(by_column.indptr[self.width :]))
        self.cross = (
            number[by_column.indices[entries]],
            self.nodes + column,
            by_column.data[entries],
        )
        self.runs: list[TermRun] = []
        self._columns()
        self._bounding(standard)
        self.weights = self.columns + 2 * self.bound_rows + len(self.paired_bound_rows[0])
        self.singles = ScatteredTerms.joined(
            [*self._of_columns(), *self._of_bounding(), *self._of_twice()]
        )

    # -- runs ------------------------------------------------------------------------------

    def _columns(self) -> None:
        """Runs of columns of one pattern; the other columns are left."""
        self.repeated_patterns = repeated_patterns(self.pointer, self.node, self.value)
        self.left = np.ones(self.width, dtype=bool)
        for one in self.repeated_patterns:
            self.left[one.start : one.stop] = False
            members = list(zip(one.first, one.step, one.values, strict=True))
            for k, (later, later_step, value) in enumerate(members):
                for earlier, step, other in members[: k + 1]:
                    product = collapse(value * other)
                    count = one.stop - one.start
                    self.runs.append(
                        TermRun(later, later_step, earlier, step, count, one.start, product)
                    )

    def _bounding(self, standard: StandardForm) -> None:
        """Runs of bound rows of one pattern, on columns of one; the other rows are left."""
        top = sparse.csr_array(standard.matrix[standard.bound_row_indices])
        self.bound_rows = top.shape[0]
        first = top.indptr[:-1]  # the column held comes before the global ones
        self.held, self.factor = top.indices[first].astype(np.int64), top.data[first]
        self.bounding_square = self.factor**2
        self.paired_bound_rows = self._twice()
        self.goal_pointer = top.indptr - np.arange(self.bound_rows + 1)
        goals = np.ones(len(top.data), dtype=bool)
        goals[first] = False
        self.goal = top.indices[goals] - self.width + self.nodes
        self.goal_value = top.data[goals]
        self.rows_left = np.ones(self.bound_rows, dtype=bool)
        ends = [one.stop for one in self.repeated_patterns]
        for rows in repeated_patterns(top.indptr, top.indices, top.data):
            if rows.step[0] != 1 or any(rows.step[1:]):
                continue
            at, stop = rows.first[0], rows.first[0] + rows.stop - rows.start
            k = bisect_right(ends, at)
            while k < len(ends) and self.repeated_patterns[k].start < stop:
                columns = self.repeated_patterns[k]
                low, high = max(at, columns.start), min(stop, columns.stop)
                if high - low >= MIN_LENGTH:
                    self._held(rows, columns, rows.start + low - at, low, high - low)
                k += 1

    def _held(
        self, rows: RepeatedPattern, columns: RepeatedPattern, row: int, column: int, count: int
    ) -> None:
        """Runs of *count* bound rows from *row* that hold the columns from *column*."""
        self.rows_left[row : row + count] = False
        factor = rows.value(0, row, row + count)
        moved = column - columns.start
        goals = [
            (goal - self.width + self.nodes, rows.value(place, row, row + count))
            for place, goal in enumerate(rows.first)
            if place
        ]
        for goal, value in goals:
            for place, unknown in enumerate(columns.first):
                step = columns.step[place]
                mine = columns.value(place, column, column + count)
                node, weight = unknown + step * moved, self.columns + row
                product = collapse(-mine * (factor * value))
                if node < goal:
                    self.runs.append(TermRun(goal, 0, node, step, count, weight, product))
                else:
                    self.runs.append(TermRun(node, step, goal, 0, count, weight, product))
        weight = self.columns + self.bound_rows + row
        for later, (goal, value) in enumerate(goals):
            for other, less in goals[: later + 1]:
                product = collapse(-(value / factor) * (less / factor))
                self.runs.append(TermRun(goal, 0, other, 0, count, weight, product))

    def _twice(self) -> tuple[Integers, Integers]:
        """Pairs of bound rows that hold the same column."""
        nothing = np.zeros(0, dtype=np.int64)
        if np.max(np.bincount(self.held), initial=0) <= 1:
            return nothing, nothing
        order = np.argsort(self.held, kind="stable")
        pointer = np.searchsorted(self.held[order], np.arange(self.width + 1))
        later, earlier, _column = pairs(pointer)
        apart = later != earlier
        return order[later[apart]], order[earlier[apart]]

    # -- singles ---------------------------------------------------------------------------

    def _of_columns(self) -> list[ScatteredTerms]:
        """SchurTerms of the columns that are in no run."""
        if not self.left.any():
            return []
        counts = np.where(self.left, np.diff(self.pointer), 0)
        entries, _owner = member_positions(self.pointer[:-1], counts)
        node, value = self.node[entries], self.value[entries]
        later, earlier, column = pairs(np.concatenate([[0], np.cumsum(counts)]))
        return [ScatteredTerms(node[later], node[earlier], column, value[later] * value[earlier])]

    def _of_bounding(self) -> list[ScatteredTerms]:
        """SchurTerms of the bound rows that are in no run."""
        counts = np.where(self.rows_left, np.diff(self.goal_pointer), 0)
        entries, row = member_positions(self.goal_pointer[:-1], counts)
        if len(entries) == 0:
            return []
        goal, value, column = self.goal[entries], self.goal_value[entries], self.held[row]
        start = self.pointer[column]
        at, which = member_positions(start, self.pointer[column + 1] - start)
        node = self.node[at]
        onto_nodes = ScatteredTerms(
            np.maximum(node, goal[which]),
            np.minimum(node, goal[which]),
            self.columns + row[which],
            -self.value[at] * (self.factor[row] * value)[which],
        )
        relative = value / self.factor[row]
        later, earlier, owner = pairs(np.concatenate([[0], np.cumsum(counts)]))
        among_goals = ScatteredTerms(
            np.maximum(goal[later], goal[earlier]),
            np.minimum(goal[later], goal[earlier]),
            self.columns + self.bound_rows + owner,
            -relative[later] * relative[earlier],
        )
        return [onto_nodes, among_goals]

    def _of_twice(self) -> list[ScatteredTerms]:
        """Products of two bound rows that hold the same column."""
        first, second = self.paired_bound_rows
        if len(first) == 0:
            return []
        counts = np.diff(self.goal_pointer)
        relative = self.goal_value / np.repeat(self.factor, counts)
        shape = (self.bound_rows, self.columns - self.width)
        goals = sparse.csr_array((relative, self.goal - self.nodes, self.goal_pointer), shape=shape)
        difference = sparse.csr_array(goals[first] - goals[second])
        a, b, pair = pairs(difference.indptr)
        one, two = difference.indices[a] + self.nodes, difference.indices[b] + self.nodes
        return [
            ScatteredTerms(
                np.maximum(one, two).astype(np.int64),
                np.minimum(one, two).astype(np.int64),
                self.columns + 2 * self.bound_rows + pair,
                -difference.data[a] * difference.data[b],
            )
        ]
