"""Symbolic analysis: finds the levels, the band and the position of every entry.

Terms come in the runs of `greenland.lp.schur_terms`: positions are computed for the ends of a run
where these determine the rest, and term by term only for what is irregular.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from greenland.lp.csr_index import as_slice, member_pairs, strided_runs
from greenland.lp.diagonals import DiagonalMatrix, Segment
from greenland.lp.patterns import MIN_LENGTH, sub_range
from greenland.lp.program import Floats, Integers
from greenland.lp.schur_terms import SchurTerms, TermRun
from greenland.lp.solution import FailureReason, UnsuitableProgramError
from greenland.lp.standard_form import StandardForm
from greenland.lp.symbolic import EliminationLevel, FillIn, NodeCoupling, SymbolicFactorisation

IN_BORDER, IN_SIDE, IN_BAND, ON_DIAGONAL, OFF_DIAGONAL = range(5)
"""Where an entry stands: in the border, between border and nodes, in the band, or in a level, on
its diagonal or off it."""

MAX_LEVELS = 8
MAX_BANDWIDTH = 160
MAX_BORDER = 400


def analyse(standard: StandardForm) -> SymbolicFactorisation:
    """Find the levels, the band and the positions of all entries.

    Raises
    ------
    UnsuitableProgramError
        If band or border are too wide for the method to be faster than a general one.
    """
    return _Analysis(standard).run()


class _Analysis:
    """The steps of `analyse` and the index arrays they share."""

    def __init__(self, standard: StandardForm) -> None:
        self.standard = standard
        columns, rows = standard.border_columns, standard.border_rows
        self.border_columns = np.arange(columns.start, columns.stop)
        self.border_rows = np.arange(rows.start, rows.stop)
        self.border = len(self.border_columns) + len(self.border_rows)
        if self.border > MAX_BORDER:
            raise UnsuitableProgramError(FailureReason.BORDER)

    def run(self) -> SymbolicFactorisation:
        self._order_nodes()
        self.terms = SchurTerms(self.standard, self.node_rows)
        self._lay_out_entries()
        levels = tuple(
            self._level(start, stop)
            for start, stop in zip(self.level_bounds[:-1], self.level_bounds[1:], strict=True)
        )
        return SymbolicFactorisation(
            node_rows=self.node_rows,
            border_columns=self.border_columns,
            border_rows=self.border_rows,
            levels=levels,
            band_start=self.band_start,
            nodes=self.nodes,
            bandwidth=self.bandwidth,
            entry_map=self._entry_map(),
            constant_entries=self._constant_entries(),
            band_offset=self.band_offset,
            side_offset=self.side_offset,
            border_offset=self.border_offset,
            side_border=self.side_border,
            bound_coefficient_squared=self.terms.bound_coefficient_squared,
            paired_bound_rows=self.terms.paired_bound_rows,
        )

    # -- order of elimination --------------------------------------------------------------

    def _order_nodes(self) -> None:
        """Number the node rows: those of a single step by level, then the rest by time."""
        standard = self.standard
        rows = np.concatenate(
            [np.arange(b.rows.start + b.bound_rows, b.rows.stop) for b in standard.blocks[:-1]]
        )
        matrix = standard.matrix[rows]
        row = np.repeat(np.arange(len(rows)), np.diff(matrix.indptr))
        step, column_step = standard.row_step[rows], standard.column_step[matrix.indices]
        of_other_step = (column_step >= 0) & (column_step != step[row])
        single_step = np.bincount(row, of_other_step, len(rows)) == 0
        level = np.full(len(rows), MAX_LEVELS)
        candidates = np.flatnonzero(single_step)
        by_step = candidates[np.argsort(step[candidates], kind="stable")]
        level[by_step] = np.minimum(_rank_within_groups(step[by_step]), MAX_LEVELS)
        order = np.lexsort((step, level))
        self.node_rows, self.level, self.step = rows[order], level[order], step[order]
        self.nodes = len(rows)
        self.band_start = int(np.searchsorted(self.level, MAX_LEVELS))
        levels = np.unique(self.level[self.level < MAX_LEVELS])
        self.level_bounds = [
            *map(int, np.searchsorted(self.level, levels)),
            self.band_start,
        ]
        self.rank_in_step = np.zeros(self.nodes, dtype=np.int64)
        self.rank_in_step[self.band_start :] = _rank_within_groups(self.step[self.band_start :])

    # -- positions of the entries ----------------------------------------------------------

    def _lay_out_entries(self) -> None:
        """Find the entries of the levels and the band, fill-in included, and number them."""
        later, earlier = self._couplings()
        in_levels = (later < self.nodes) & (earlier < self.band_start) & (later != earlier)
        keys = np.unique(earlier[in_levels] * self.nodes + later[in_levels])
        in_band = (later < self.nodes) & (earlier >= self.band_start)
        bandwidth = int(np.max(later[in_band] - earlier[in_band], initial=0))
        for start, stop in zip(self.level_bounds[:-1], self.level_bounds[1:], strict=True):
            low, high = np.searchsorted(keys, [start * self.nodes, stop * self.nodes])
            owner, coupled = keys[low:high] // self.nodes, keys[low:high] % self.nodes
            pointer = np.searchsorted(owner, np.arange(start, stop + 1))
            first, second, _owner = member_pairs(pointer)
            first, second = coupled[first], coupled[second]
            in_band = second >= self.band_start
            bandwidth = max(bandwidth, int(np.max(first[in_band] - second[in_band], initial=0)))
            first, second = first[~in_band], second[~in_band]
            fill_in = (second * self.nodes + first)[first != second]
            if len(fill_in):
                keys = np.union1d(keys, fill_in)
        if bandwidth > MAX_BANDWIDTH:
            raise UnsuitableProgramError(FailureReason.BAND)
        self.keys, self.bandwidth, self.diagonal_offset = keys, bandwidth, len(keys)
        self.band_offset = self.diagonal_offset + self.band_start
        self.side_offset = self.band_offset + (self.nodes - self.band_start) * (bandwidth + 1)
        self.side_border = self._coupled_border()
        self.side_row = np.zeros(self.border, dtype=np.int64)
        self.side_row[self.side_border] = np.arange(len(self.side_border))
        self.border_offset = self.side_offset + len(self.side_border) * self.nodes
        self.n_entries = self.border_offset + self.border**2

    def _couplings(self) -> tuple[Integers, Integers]:
        """The later and the earlier unknown of all terms; of a run in the band, of its ends only.

        Runs on the diagonal or in the border decide neither bandwidth nor levels, and are left out.
        """
        scattered = self.terms.scattered
        later, earlier = [scattered.later], [scattered.earlier]
        for run in {run.couplings: run for run in self.terms.runs}.values():
            ends = [run.unknowns(0), run.unknowns(run.count - 1)]
            if min(a for a, _b in ends) >= self.nodes or all(a == b for a, b in ends):
                continue
            if all(b >= self.band_start and a < self.nodes for a, b in ends):
                later.append(np.array([a for a, _b in ends]))
                earlier.append(np.array([b for _a, b in ends]))
            else:
                run_later, run_earlier = run.expanded()
                later.append(run_later)
                earlier.append(run_earlier)
        return np.concatenate(later), np.concatenate(earlier)

    def _coupled_border(self) -> Integers:
        """The border unknowns that a term or a constant entry couples with a node.

        Elimination of nodes couples no others: what it adds to a border unknown is a multiple of
        what couples that one already.
        """
        unknown, column_unknown, _value = self.terms.constant_entries
        scattered, nodes = self.terms.scattered, self.nodes
        later = [scattered.later[scattered.earlier < nodes], column_unknown[unknown < nodes]]
        for run in self.terms.runs:
            if max(run.unknowns(0)[0], run.unknowns(run.count - 1)[0]) >= nodes:
                run_later, run_earlier = run.expanded()
                later.append(run_later[run_earlier < nodes])
        coupled = np.unique(np.concatenate(later))
        return coupled[coupled >= nodes] - nodes

    def _position(self, later: Integers, earlier: Integers) -> Integers:
        """Positions of entries in the vector of entries."""
        position = np.empty(len(later), dtype=np.int64)
        kind = self._kind(later, earlier)
        for present in np.flatnonzero(np.bincount(kind)).tolist():
            chosen = kind == present
            a, b = later[chosen], earlier[chosen]
            if present == IN_BORDER:
                of_kind = self.border_offset + (a - self.nodes) * self.border + (b - self.nodes)
            elif present == IN_SIDE:
                of_kind = self.side_offset + self.side_row[a - self.nodes] * self.nodes + b
            elif present == IN_BAND:
                length = self.nodes - self.band_start
                of_kind = self.band_offset + (a - b) * length + (b - self.band_start)
            elif present == ON_DIAGONAL:
                of_kind = self.diagonal_offset + b
            else:
                of_kind = np.searchsorted(self.keys, b * self.nodes + a)
            position[chosen] = of_kind
        return position

    def _kind(self, later: Integers, earlier: Integers) -> Integers:
        """Where entries stand."""
        in_level = np.where(later == earlier, ON_DIAGONAL, OFF_DIAGONAL)
        of_nodes = np.where(earlier >= self.band_start, IN_BAND, in_level)
        of_border = np.where(earlier >= self.nodes, IN_BORDER, IN_SIDE)
        kind: Integers = np.where(later >= self.nodes, of_border, of_nodes)
        return kind

    # -- levels ----------------------------------------------------------------------------

    def _level(self, start: int, stop: int) -> EliminationLevel:
        """Couplings of a level with later nodes, and the fill-in its elimination causes."""
        low, high = np.searchsorted(self.keys, [start * self.nodes, stop * self.nodes])
        entries = np.arange(low, high)
        earlier, later = self.keys[low:high] // self.nodes, self.keys[low:high] % self.nodes
        # within a group, both nodes advance with time: no node occurs twice
        group = (
            self.level[later] * 1_000_000
            + self.rank_in_step[later] * 10_000
            + np.clip(self.step[later] - self.step[earlier], -4999, 4999)
        )
        groups = [np.flatnonzero(group == number) for number in np.unique(group)]
        couplings = tuple(
            NodeCoupling(
                as_slice(earlier[members]),
                as_slice(later[members]),
                as_slice(entries[members]),
                as_slice(earlier[members] - start),
            )
            for members in groups
        )
        fill_ins = tuple(
            fill_in
            for k, first in enumerate(groups)
            for second in groups[: k + 1]
            if (fill_in := self._fill_in(k, first, second, earlier, later, entries))
        )
        return EliminationLevel(start, stop, couplings, fill_ins)

    def _fill_in(
        self,
        coupling: int,
        first: Integers,
        second: Integers,
        earlier: Integers,
        later: Integers,
        entries: Integers,
    ) -> FillIn | None:
        """Update caused by two groups of couplings where they share the earlier node."""
        _shared, in_first, in_second = np.intersect1d(
            earlier[first], earlier[second], assume_unique=True, return_indices=True
        )
        if len(in_first) == 0:
            return None
        a, b = later[first[in_first]], later[second[in_second]]
        target = self._position(np.maximum(a, b), np.minimum(a, b))
        return FillIn(
            coupling,
            as_slice(in_first),
            as_slice(entries[second[in_second]]),
            as_slice(target),
            len(np.unique(target)) < len(target),
        )

    # -- entries ---------------------------------------------------------------------------

    def _entry_map(self) -> DiagonalMatrix:
        """The matrix that writes all entries from the weights."""
        terms = self.terms
        samples = [
            [run.unknowns(0), run.unknowns(1), run.unknowns(run.count - 1)] for run in terms.runs
        ]
        unknowns = np.array(samples, dtype=np.int64).reshape(-1, 3, 2)
        kinds = self._kind(unknowns[..., 0], unknowns[..., 1])
        regular = (kinds[:, 0] == kinds[:, 2]) & (kinds[:, 0] != OFF_DIAGONAL)
        positions = self._position(unknowns[:, :2, 0].ravel(), unknowns[:, :2, 1].ravel())
        segments, irregular = [], []
        for run, is_regular, (first, second) in zip(
            terms.runs, regular.tolist(), positions.reshape(-1, 2).tolist(), strict=True
        ):
            if is_regular and second >= first:
                segments.append(_segment(run, first, second - first, 0, run.count))
                continue
            position = self._position(*run.expanded())
            for part, places in strided_runs(position):
                if isinstance(places, slice) and part.stop - part.start >= MIN_LENGTH:
                    segments.append(_segment(run, places.start, places.step, part.start, part.stop))
                else:
                    values = np.broadcast_to(run.value, run.count)[part]
                    weights = np.arange(run.weight + part.start, run.weight + part.stop)
                    irregular.append((position[part], weights, values))
        scattered = terms.scattered
        position = self._position(scattered.later, scattered.earlier)
        irregular.append((position, scattered.weight, scattered.value))
        row, column, value = (np.concatenate(arrays) for arrays in zip(*irregular, strict=True))
        shape = (self.n_entries, terms.n_weights)
        rest = DiagonalMatrix.of(sparse.coo_array((value, (row, column)), shape=shape))
        return DiagonalMatrix(shape, segments + rest.segments, rest.remainder)

    def _constant_entries(self) -> Floats:
        """The part of the entries that no weight changes."""
        constant = np.zeros(self.n_entries)
        unknown, column_unknown, value = self.terms.constant_entries
        later, earlier = np.maximum(unknown, column_unknown), np.minimum(unknown, column_unknown)
        np.add.at(constant, self._position(later, earlier), value)
        return constant


def _rank_within_groups(sorted_values: Integers) -> Integers:
    """Rank of each element among the equal ones before it."""
    if len(sorted_values) == 0:
        return np.zeros(0, dtype=np.int64)
    first = np.flatnonzero(np.diff(sorted_values, prepend=-1))
    sizes = np.diff(np.append(first, len(sorted_values)))
    return np.arange(len(sorted_values)) - np.repeat(first, sizes)


def _segment(run: TermRun, position: int, stride: int, start: int, stop: int) -> Segment:
    """The terms of a run from *start* to before *stop*, whose entries begin at *position*."""
    count = stop - start
    value = sub_range(run.value, start, stop)
    weights = slice(run.weight + start, run.weight + stop)
    if stride == 0:
        return Segment(slice(position, position + 1), weights, value)
    return Segment(slice(position, position + stride * (count - 1) + 1, stride), weights, value)
