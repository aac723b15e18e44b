"""Symbolic analysis: where every product of the factorisation goes.

The unknowns of a KktSystem step, after each local column and the bound rows on it are
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

from greenland.lp.csr_index import Index, as_slice, pairs, runs
from greenland.lp.diagonals import DiagonalMatrix, Segment
from greenland.lp.patterns import MIN_LENGTH, cut
from greenland.lp.program import Integers
from greenland.lp.schur_terms import SchurTerms, TermRun
from greenland.lp.solution import FailureReason, UnsuitableProgramError
from greenland.lp.standard_form import StandardForm

CORNER, SIDE, BAND, MIN_PIVOT, LOOSE = range(5)
"""Where an entry stands: in the border, between border and nodes, in the band, on the diagonal of
a part before the band, or off it."""

MAX_LEVELS = 8
MAX_BANDWIDTH = 160
MAX_BORDER = 400


@dataclass(frozen=True)
class NodeCoupling:
    """Couplings of nodes of one part to later nodes; no node occurs paired_bound_rows on either side."""

    earlier: Index
    later: Index
    entries: Index  # in the vector of entries
    inside: Index  # earlier, counted inside its part


@dataclass(frozen=True)
class FillIn:
    """Where the elimination of a part changes later entries: ``entry -= ratio * other``."""

    ratio_link: int
    ratio_at: Index
    other: Index
    target: Index
    repeated: bool


@dataclass(frozen=True)
class EliminationLevel:
    """Nodes eliminated at once; the last part is the band."""

    start: int
    stop: int
    links: tuple[NodeCoupling, ...]
    fills: tuple[FillIn, ...]


@dataclass(frozen=True)
class SymbolicFactorisation:
    """Everything about the factorisation that does not change between iterations."""

    node_rows: Integers  # row of each node, in order of elimination
    border_columns: Integers
    border_rows: Integers
    parts: tuple[EliminationLevel, ...]  # without the band
    band_start: int
    nodes: int
    bandwidth: int
    fill: DiagonalMatrix
    constant: np.ndarray
    band_at: int
    border_at: int
    corner_at: int
    bounding_square: np.ndarray
    paired_bound_rows: tuple[Integers, Integers]  # pairs of bound rows on the same column

    @property
    def border(self) -> int:
        """Number of border unknowns."""
        return len(self.border_columns) + len(self.border_rows)


def analyse(standard: StandardForm) -> SymbolicFactorisation:
    """Find the parts, the band and the places of all entries.

    Raises
    ------
    UnsuitableProgramError
        If the band or the border is too wide to pay.
    """
    return _Analysis(standard).run()


class _Analysis:
    """The steps of `analyse`, sharing the index arrays they need."""

    def __init__(self, standard: StandardForm) -> None:
        self.standard = standard
        columns, rows = standard.border_columns, standard.border_rows
        self.border_columns = np.arange(columns.start, columns.stop)
        self.border_rows = np.arange(rows.start, rows.stop)
        own = [np.arange(b.rows.start + b.bound_rows, b.rows.stop) for b in standard.blocks[:-1]]
        self.local_rows = np.concatenate(own) if own else np.zeros(0, dtype=np.int64)
        if len(self.border_columns) + len(self.border_rows) > MAX_BORDER:
            raise UnsuitableProgramError(FailureReason.BORDER)

    def run(self) -> SymbolicFactorisation:
        self._order_nodes()
        self.terms = SchurTerms(self.standard, self.node_rows)
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
        rank = np.full(len(rows), MAX_LEVELS)
        chosen = np.flatnonzero(single)
        by_step = chosen[np.argsort(step[chosen], kind="stable")]
        if len(by_step):
            new = np.flatnonzero(np.diff(step[by_step], prepend=-1))
            sizes = np.diff(np.append(new, len(by_step)))
            rank[by_step] = np.minimum(np.arange(len(by_step)) - np.repeat(new, sizes), MAX_LEVELS)
        order = np.lexsort((step, rank))
        self.node_rows, self.rank, self.step = rows[order], rank[order], step[order]
        ranks = np.unique(self.rank[self.rank < MAX_LEVELS])
        starts = np.searchsorted(self.rank, ranks)
        self.band_start = int(np.searchsorted(self.rank, MAX_LEVELS))
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

    # -- places ----------------------------------------------------------------------------

    def _place_entries(self) -> None:
        """Find the couplings, before and after elimination, and number them."""
        later, earlier = self._couplings()
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
        if reach > MAX_BANDWIDTH:
            raise UnsuitableProgramError(FailureReason.BAND)
        self.keys, self.bandwidth = keys, reach
        self.loose = len(keys)
        self.band_at = self.loose + self.band_start
        self.border_at = self.band_at + (self.nodes - self.band_start) * (reach + 1)
        self.border = len(self.border_columns) + len(self.border_rows)
        self.corner_at = self.border_at + self.border * self.nodes
        self.size = self.corner_at + self.border**2

    def _couplings(self) -> tuple[Integers, Integers]:
        """The later and the earlier unknowns of all terms; of a run in the band, those of its ends.

        Runs on the diagonal and on the border say nothing about band or parts, and are left out.
        """
        singles = self.terms.singles
        later, earlier = [singles.later], [singles.earlier]
        for run in {one.couplings: one for one in self.terms.runs}.values():
            ends = [run.at(0), run.at(run.count - 1)]
            if min(one for one, _other in ends) >= self.nodes or all(a == b for a, b in ends):
                continue
            if all(b >= self.band_start and a < self.nodes for a, b in ends):
                later.append(np.array([a for a, _b in ends]))
                earlier.append(np.array([b for _a, b in ends]))
            else:
                one, other = run.expanded()
                later.append(one)
                earlier.append(other)
        return np.concatenate(later), np.concatenate(earlier)

    def _place(self, later: Integers, earlier: Integers) -> Integers:
        """Position of an entry in the vector of entries."""
        place = np.empty(len(later), dtype=np.int64)
        kind = self._kind(later, earlier)
        for which in np.flatnonzero(np.bincount(kind)).tolist():
            mine = kind == which
            a, b = later[mine], earlier[mine]
            if which == CORNER:
                place[mine] = self.corner_at + (a - self.nodes) * self.border + (b - self.nodes)
            elif which == SIDE:
                place[mine] = self.border_at + (a - self.nodes) * self.nodes + b
            elif which == BAND:
                width = self.nodes - self.band_start
                place[mine] = self.band_at + (a - b) * width + (b - self.band_start)
            elif which == MIN_PIVOT:
                place[mine] = self.loose + b
            else:
                place[mine] = np.searchsorted(self.keys, b * self.nodes + a)
        return place

    def _kind(self, later: Integers, earlier: Integers) -> Integers:
        """Where an entry stands."""
        off = np.where(later == earlier, MIN_PIVOT, LOOSE)
        inner = np.where(earlier >= self.band_start, BAND, off)
        outer = np.where(earlier >= self.nodes, CORNER, SIDE)
        kind: Integers = np.where(later >= self.nodes, outer, inner)
        return kind

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
                NodeCoupling(
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
            self.parts.append(EliminationLevel(start, stop, links, fills))

    def _fill(
        self,
        one: int,
        first: Integers,
        second: Integers,
        earlier: Integers,
        later: Integers,
        entries: Integers,
    ) -> FillIn | None:
        """Update that two groups of couplings cause where they share the earlier node."""
        _shared, at, other = np.intersect1d(
            earlier[first], earlier[second], assume_unique=True, return_indices=True
        )
        if len(at) == 0:
            return None
        a, b = later[first[at]], later[second[other]]
        target = self._place(np.maximum(a, b), np.minimum(a, b))
        return FillIn(
            one,
            as_slice(at),
            as_slice(entries[second[other]]),
            as_slice(target),
            len(np.unique(target)) < len(target),
        )

    def _fills(self) -> DiagonalMatrix:
        """The product that writes all entries from the weights."""
        terms = self.terms
        seen = [[run.at(0), run.at(1), run.at(run.count - 1)] for run in terms.runs]
        ends = np.array(seen, dtype=np.int64).reshape(-1, 3, 2)
        kinds = self._kind(ends[..., 0], ends[..., 1])
        simple = (kinds[:, 0] == kinds[:, 2]) & (kinds[:, 0] != LOOSE)
        places = self._place(ends[:, :2, 0].ravel(), ends[:, :2, 1].ravel()).reshape(-1, 2)
        strips, left = [], []
        for run, plain, (place, second) in zip(
            terms.runs, simple.tolist(), places.tolist(), strict=True
        ):
            if plain and second >= place:
                strips.append(_strip(run, place, second - place, 0, run.count))
                continue
            found = self._place(*run.expanded())
            for here, there in runs(found):
                if isinstance(there, slice) and here.stop - here.start >= MIN_LENGTH:
                    strips.append(_strip(run, there.start, there.step, here.start, here.stop))
                else:
                    values = np.broadcast_to(run.value, run.count)[here]
                    weights = np.arange(run.weight + here.start, run.weight + here.stop)
                    left.append((found[here], weights, values))
        singles = terms.singles
        left.append((self._place(singles.later, singles.earlier), singles.weight, singles.value))
        at, weight, value = (np.concatenate(group) for group in zip(*left, strict=True))
        shape = (self.size, terms.weights)
        rest = DiagonalMatrix.of(sparse.coo_array((value, (at, weight)), shape=shape))
        return DiagonalMatrix(shape, strips + rest.strips, rest.rest)

    def _finish(self) -> SymbolicFactorisation:
        constant = np.zeros(self.size)
        node, border, data = self.terms.cross
        one, two = np.maximum(node, border), np.minimum(node, border)
        np.add.at(constant, self._place(one, two), data)
        return SymbolicFactorisation(
            node_rows=self.node_rows,
            border_columns=self.border_columns,
            border_rows=self.border_rows,
            parts=tuple(self.parts),
            band_start=self.band_start,
            nodes=self.nodes,
            bandwidth=self.bandwidth,
            fill=self._fills(),
            constant=constant,
            band_at=self.band_at,
            border_at=self.border_at,
            corner_at=self.corner_at,
            bounding_square=self.terms.bounding_square,
            paired_bound_rows=self.terms.paired_bound_rows,
        )


def _strip(run: TermRun, place: int, step: int, start: int, stop: int) -> Segment:
    """EliminationLevel of a run, from one term to before another, whose entries begin at *place*."""
    count = stop - start
    value = cut(run.value, start, stop)
    weights = slice(run.weight + start, run.weight + stop)
    if step == 0:
        return Segment(slice(place, place + 1), weights, value)
    return Segment(slice(place, place + step * (count - 1) + 1, step), weights, value)
