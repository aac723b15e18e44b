"""Symbolic analysis: where every product of the factorisation goes.

The unknowns of a Newton step, after each local column and the bounding rows on it are
eliminated, are the duals of the local rows (the *nodes*) and a *border* of global columns and
global rows. Nodes are eliminated in parts: rows that live in a single step first, one rank per
part, as they are independent of each other; what remains, in order of time, is a narrow band.

Every entry before elimination is linear in a vector of weights, so one product `fill` writes them
all; the band is kept by diagonals, so that these are long strips.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.energy.interior.answer import Reason, UnsuitableError
from greenland.energy.interior.program import Integers
from greenland.energy.interior.ragged import Index, as_slice, expand, pairs
from greenland.energy.interior.standard import Standard
from greenland.energy.interior.strips import Strips

MOST_PARTS = 8
WIDEST_BAND = 160
WIDEST_BORDER = 400


@dataclass(frozen=True)
class Link:
    """Couplings of nodes of one part to later nodes; no node occurs twice on either side."""

    earlier: Index
    later: Index
    entries: Index  # in the vector of entries
    inside: Index  # earlier, counted inside its part


@dataclass(frozen=True)
class Fill:
    """Where the elimination of a part changes later entries: ``entry -= ratio * other``."""

    ratio_link: int
    ratio_at: Index
    other: Index
    target: Index
    repeated: bool


@dataclass(frozen=True)
class Part:
    """Nodes eliminated at once; the last part is the band."""

    start: int
    stop: int
    links: tuple[Link, ...]
    fills: tuple[Fill, ...]


@dataclass(frozen=True)
class Structure:
    """Everything about the factorisation that does not change between iterations."""

    node_rows: Integers  # row of each node, in order of elimination
    border_columns: Integers
    border_rows: Integers
    parts: tuple[Part, ...]  # without the band
    band_start: int
    nodes: int
    bandwidth: int
    fill: Strips
    constant: np.ndarray
    band_at: int
    border_at: int
    corner_at: int
    bounding_square: np.ndarray
    twice: tuple[Integers, Integers]  # pairs of bounding rows on the same column

    @property
    def border(self) -> int:
        """Number of border unknowns."""
        return len(self.border_columns) + len(self.border_rows)


def analyse(standard: Standard) -> Structure:
    """Find the parts, the band and the places of all entries.

    Raises
    ------
    UnsuitableError
        If the band or the border is too wide to pay.
    """
    return _Analysis(standard).run()


class _Analysis:
    """The steps of `analyse`, sharing the index arrays they need."""

    def __init__(self, standard: Standard) -> None:
        self.standard = standard
        matrix = standard.matrix
        self.local = standard.column_step >= 0
        self.border_columns = np.flatnonzero(~self.local)
        self.bounding_rows = standard.bounding_rows
        others = np.ones(matrix.shape[0], dtype=bool)
        others[self.bounding_rows] = False
        self.border_rows = np.flatnonzero(others & (standard.row_step < 0))
        self.local_rows = np.flatnonzero(others & (standard.row_step >= 0))
        self.column_border = np.full(matrix.shape[1], -1)
        self.column_border[self.border_columns] = np.arange(len(self.border_columns))
        if len(self.border_columns) + len(self.border_rows) > WIDEST_BORDER:
            raise UnsuitableError(Reason.BORDER)

    def run(self) -> Structure:
        self._order_nodes()
        self._collect_terms()
        self._place_entries()
        self._eliminate()
        return self._finish()

    # -- order -----------------------------------------------------------------------------

    def _order_nodes(self) -> None:
        """Number the local rows: rows of a single step by rank, then the rest by time."""
        standard, rows = self.standard, self.local_rows
        block = standard.matrix[rows]
        counts = np.diff(block.indptr)
        own = np.repeat(standard.row_step[rows], counts)
        column_step = standard.column_step[block.indices]
        strange = (column_step >= 0) & (column_step != own)
        single = np.bincount(np.repeat(np.arange(len(rows)), counts), strange, len(rows)) == 0
        step = standard.row_step[rows]
        rank = np.full(len(rows), MOST_PARTS)
        chosen = np.flatnonzero(single)
        by_step = chosen[np.argsort(step[chosen], kind="stable")]
        if len(by_step):
            new = np.flatnonzero(np.diff(step[by_step], prepend=-1))
            sizes = np.diff(np.append(new, len(by_step)))
            rank[by_step] = np.minimum(np.arange(len(by_step)) - np.repeat(new, sizes), MOST_PARTS)
        order = np.lexsort((step, rank))
        self.node_rows, self.rank, self.step = rows[order], rank[order], step[order]
        ranks = np.unique(self.rank[self.rank < MOST_PARTS])
        starts = np.searchsorted(self.rank, ranks)
        self.band_start = int(np.searchsorted(self.rank, MOST_PARTS))
        self.bounds = [*map(int, starts), self.band_start]
        self.nodes = len(rows)
        self.slot = self._slots()

    def _slots(self) -> Integers:
        """Number of a band node among those of the same step."""
        slot = np.zeros(self.nodes, dtype=np.int64)
        step = self.step[self.band_start :]
        if len(step):
            new = np.flatnonzero(np.diff(step, prepend=-1))
            sizes = np.diff(np.append(new, len(step)))
            slot[self.band_start :] = np.arange(len(step)) - np.repeat(new, sizes)
        return slot

    # -- terms -----------------------------------------------------------------------------

    def _collect_terms(self) -> None:
        """List every product as (node or border unknown, same, weight, value)."""
        matrix = self.standard.matrix
        columns, bounding = matrix.shape[1], len(self.bounding_rows)
        unknowns = np.concatenate([self.node_rows, self.border_rows])
        by_column = sparse.csc_array(matrix[unknowns])
        by_column.sort_indices()
        # border unknowns: global columns come before global rows
        number = np.concatenate(
            [
                np.arange(self.nodes),
                self.nodes + len(self.border_columns) + np.arange(len(self.border_rows)),
            ]
        )
        node = number[by_column.indices]
        pointer = np.where(self.local, np.diff(by_column.indptr), 0)
        local_entries, _owner = expand(by_column.indptr[:-1], pointer)
        local_pointer = np.concatenate([[0], np.cumsum(pointer)])
        node, value = node[local_entries], by_column.data[local_entries]
        later, earlier, column = pairs(local_pointer)
        terms = [(node[later], node[earlier], column, value[later] * value[earlier])]

        top = sparse.csr_array(matrix[self.bounding_rows])
        entry_row = np.repeat(np.arange(bounding), np.diff(top.indptr))
        is_local = self.local[top.indices]
        self.bounding_column = top.indices[is_local].astype(np.int64)
        factor = top.data[is_local]
        self.bounding_square = factor**2
        goal_row = entry_row[~is_local]
        goal_border = self.nodes + self.column_border[top.indices[~is_local]]
        goal_value = top.data[~is_local]
        goal_pointer = np.searchsorted(goal_row, np.arange(bounding + 1))

        if len(goal_row):
            at, which = expand(
                local_pointer[self.bounding_column[goal_row]],
                pointer[self.bounding_column[goal_row]],
            )
            terms.append(
                (
                    np.maximum(node[at], goal_border[which]),
                    np.minimum(node[at], goal_border[which]),
                    columns + goal_row[which],
                    -value[at] * (factor[goal_row] * goal_value)[which],
                )
            )
            relative = goal_value / factor[goal_row]
            later, earlier, row = pairs(goal_pointer)
            terms.append(
                (
                    np.maximum(goal_border[later], goal_border[earlier]),
                    np.minimum(goal_border[later], goal_border[earlier]),
                    columns + bounding + row,
                    -relative[later] * relative[earlier],
                )
            )
            terms.extend(self._pairs_on_a_column(goal_row, goal_border, relative))
        else:
            self.twice = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
        self.terms = [np.concatenate(group) for group in zip(*terms, strict=True)]
        self.weights = columns + 2 * bounding + len(self.twice[0])

        cross = sparse.coo_array(matrix[unknowns][:, self.border_columns])
        self.cross = (number[cross.coords[0]], self.nodes + cross.coords[1], cross.data)

    def _pairs_on_a_column(
        self, goal_row: Integers, goal_border: Integers, relative: np.ndarray
    ) -> list[tuple[Integers, Integers, Integers, np.ndarray]]:
        """Products of two bounding rows that hold the same column."""
        bounding = len(self.bounding_rows)
        order = np.argsort(self.bounding_column, kind="stable")
        held = self.bounding_column[order]
        pointer = np.searchsorted(held, np.arange(self.standard.matrix.shape[1] + 1))
        later, earlier, _column = pairs(pointer)
        apart = later != earlier
        first, second = order[later[apart]], order[earlier[apart]]
        self.twice = (first, second)
        if len(first) == 0:
            return []
        goals = sparse.csr_array(
            (relative, (goal_row, goal_border - self.nodes)),
            shape=(bounding, len(self.border_columns)),
        )
        difference = sparse.csr_array(goals[first] - goals[second])
        a, b, pair = pairs(difference.indptr)
        one, two = difference.indices[a] + self.nodes, difference.indices[b] + self.nodes
        return [
            (
                np.maximum(one, two).astype(np.int64),
                np.minimum(one, two).astype(np.int64),
                self.standard.matrix.shape[1] + 2 * bounding + pair,
                -difference.data[a] * difference.data[b],
            )
        ]

    # -- places ----------------------------------------------------------------------------

    def _place_entries(self) -> None:
        """Find the couplings, before and after elimination, and number them."""
        later, earlier = self.terms[0], self.terms[1]
        loose = (later < self.nodes) & (earlier < self.band_start) & (later != earlier)
        keys = np.unique(earlier[loose] * self.nodes + later[loose])
        band_pairs = (later < self.nodes) & (earlier >= self.band_start)
        reach = int(np.max(later[band_pairs] - earlier[band_pairs], initial=0))
        for start, stop in zip(self.bounds[:-1], self.bounds[1:], strict=True):
            low, high = np.searchsorted(keys, [start * self.nodes, stop * self.nodes])
            owner, member = keys[low:high] // self.nodes, keys[low:high] % self.nodes
            pointer = np.searchsorted(owner, np.arange(start, stop + 1))
            one, two, _owner = pairs(pointer)
            one, two = member[one], member[two]
            banded = two >= self.band_start
            reach = max(reach, int(np.max(one[banded] - two[banded], initial=0)))
            new = (two[~banded] * self.nodes + one[~banded])[one[~banded] != two[~banded]]
            if len(new):
                keys = np.union1d(keys, new)
        if reach > WIDEST_BAND:
            raise UnsuitableError(Reason.BAND)
        self.keys, self.bandwidth = keys, reach
        self.loose = len(keys)
        self.band_at = self.loose + self.band_start
        self.border_at = self.band_at + (self.nodes - self.band_start) * (reach + 1)
        self.border = len(self.border_columns) + len(self.border_rows)
        self.corner_at = self.border_at + self.border * self.nodes
        self.size = self.corner_at + self.border**2

    def _place(self, later: Integers, earlier: Integers) -> Integers:
        """Position of an entry in the vector of entries."""
        place = np.empty(len(later), dtype=np.int64)
        corner = earlier >= self.nodes
        place[corner] = (
            self.corner_at
            + (later[corner] - self.nodes) * self.border
            + (earlier[corner] - self.nodes)
        )
        side = (later >= self.nodes) & ~corner
        place[side] = self.border_at + (later[side] - self.nodes) * self.nodes + earlier[side]
        inner = ~corner & ~side
        band = inner & (earlier >= self.band_start)
        place[band] = (
            self.band_at
            + (later[band] - earlier[band]) * (self.nodes - self.band_start)
            + (earlier[band] - self.band_start)
        )
        pivot = inner & ~band & (later == earlier)
        place[pivot] = self.loose + earlier[pivot]
        loose = inner & ~band & ~pivot
        place[loose] = np.searchsorted(self.keys, earlier[loose] * self.nodes + later[loose])
        return place

    # -- elimination -----------------------------------------------------------------------

    def _eliminate(self) -> None:
        """Write down what each part does to the later ones."""
        self.parts = []
        for start, stop in zip(self.bounds[:-1], self.bounds[1:], strict=True):
            low, high = np.searchsorted(self.keys, [start * self.nodes, stop * self.nodes])
            entries = np.arange(low, high)
            earlier, later = self.keys[low:high] // self.nodes, self.keys[low:high] % self.nodes
            kind = (
                self.rank[later] * 1_000_000
                + self.slot[later] * 10_000
                + np.clip(self.step[later] - self.step[earlier], -4999, 4999)
            )
            groups = [np.flatnonzero(kind == k) for k in np.unique(kind)]
            links = tuple(
                Link(
                    as_slice(earlier[g]),
                    as_slice(later[g]),
                    as_slice(entries[g]),
                    as_slice(earlier[g] - start),
                )
                for g in groups
            )
            fills = tuple(
                fill
                for one, first in enumerate(groups)
                for two, second in enumerate(groups)
                if two <= one and (fill := self._fill(one, first, second, earlier, later, entries))
            )
            self.parts.append(Part(start, stop, links, fills))

    def _fill(
        self,
        one: int,
        first: Integers,
        second: Integers,
        earlier: Integers,
        later: Integers,
        entries: Integers,
    ) -> Fill | None:
        """Update that two groups of couplings cause where they share the earlier node."""
        _shared, at, other = np.intersect1d(
            earlier[first], earlier[second], assume_unique=True, return_indices=True
        )
        if len(at) == 0:
            return None
        a, b = later[first[at]], later[second[other]]
        target = self._place(np.maximum(a, b), np.minimum(a, b))
        return Fill(
            one,
            as_slice(at),
            as_slice(entries[second[other]]),
            as_slice(target),
            len(np.unique(target)) < len(target),
        )

    def _finish(self) -> Structure:
        later, earlier, weight, value = self.terms
        places = self._place(later, earlier)
        fill = Strips.of(
            sparse.coo_array((value, (places, weight)), shape=(self.size, self.weights))
        )
        constant = np.zeros(self.size)
        node, border, data = self.cross
        one, two = np.maximum(node, border), np.minimum(node, border)
        np.add.at(constant, self._place(one, two), data)
        return Structure(
            node_rows=self.node_rows,
            border_columns=self.border_columns,
            border_rows=self.border_rows,
            parts=tuple(self.parts),
            band_start=self.band_start,
            nodes=self.nodes,
            bandwidth=self.bandwidth,
            fill=fill,
            constant=constant,
            band_at=self.band_at,
            border_at=self.border_at,
            corner_at=self.corner_at,
            bounding_square=self.bounding_square,
            twice=self.twice,
        )
