"""The program of a horizon of typical days: one day for each group, stores linked day by day.

The program of the whole horizon is made as ever, on curves that repeat the typical days. All
columns of a group's days are then one, and so are their rows. What a storage holds is the sum of
what it held when the day began and of what the typical day adds to it, so that energy is carried
through the year in the order of its days.

References
----------
Kotzur, Markewitz, Robinius, Stolten (2018), Time series aggregation for energy system design:
Modeling seasonal storage, Applied Energy 213, 123-135.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from greenland.energy.problem.assembly import Assembly
from greenland.energy.problem.costs import Costs
from greenland.energy.problem.data import ModelData
from greenland.energy.problem.program import assemble
from greenland.energy.sizing.typical_days import TypicalDays
from greenland.lp import GLOBAL, LinearProgram
from greenland.lp.program import Floats, Integers

STORED = ("energy", "grid_energy")
"""Families of columns that carry energy from one day to the next."""
LINKED = ("storage_balance", "grid_storage_balance", "shift_balance")
"""Families of rows that look at the step before."""


@dataclass(frozen=True)
class TypicalProgram:
    """A program of typical days, and how its columns spread over the horizon.

    Parameters
    ----------
    program : LinearProgram
    assembly : Assembly
        Of the whole horizon.
    spread : csr_array
        Columns of the whole horizon from those of the program.
    """

    program: LinearProgram
    assembly: Assembly
    spread: sparse.csr_array


def typical_program(data: ModelData, typical: TypicalDays, costs: list[Costs]) -> TypicalProgram:
    """Make the program of a horizon whose days repeat the typical ones.

    Parameters
    ----------
    data : ModelData
        See `greenland.energy.sizing.typical_days.with_typical_days`.
    typical : TypicalDays
    costs : list of Costs
    """
    assembly = assemble(data)
    whole = assembly.program(costs)
    columns = _Columns(assembly, typical)
    spread = columns.spread()
    matrix = sparse.csr_array(whole.matrix @ spread)
    kept = _kept_rows(assembly, typical, whole.row_step)
    bounds = _storage_rows(columns)
    stacked = sparse.vstack([matrix[kept], bounds], format="csr")
    lower, upper = columns.bounds(whole)
    free = np.full(bounds.shape[0], -np.inf)
    rows, width = stacked.shape
    program = LinearProgram(
        cost=np.asarray(spread.T @ whole.cost),
        matrix=sparse.csr_array(stacked),
        row_lower=np.concatenate([whole.row_lower[kept], free]),
        row_upper=np.concatenate([whole.row_upper[kept], np.zeros(bounds.shape[0])]),
        column_lower=lower,
        column_upper=upper,
        row_step=np.full(rows, GLOBAL),
        column_step=np.full(width, GLOBAL),
        offset=whole.offset,
    )
    return TypicalProgram(program, assembly, spread)


class _Columns:
    """Columns of the program: those of the first day of each group, then what days begin with.

    After these come, of each storage and group, the most its typical day adds, and of each
    storage's ledger and group the least.
    """

    def __init__(self, assembly: Assembly, typical: TypicalDays) -> None:
        self.assembly, self.typical, self.data = assembly, typical, assembly.data
        per_day = typical.steps_per_day
        steps = np.arange(self.data.steps)
        self.day, self.hour = steps // per_day, steps % per_day
        self.first = typical.first_of_group[typical.group[self.day]] * per_day + self.hour
        source = np.arange(assembly.width)
        for numbers in assembly.columns.values():
            if numbers.size and numbers.shape[-1] == self.data.steps and self._by_step(numbers):
                source[numbers.ravel()] = numbers[..., self.first].ravel()
        self.kept, self.place = np.unique(source, return_inverse=True)
        stores = self.data.site.storages
        owners = {"energy": range(len(stores)), "grid_energy": self.data.grid_stores}
        self.ledgers: list[tuple[int, Integers]] = [
            (b, numbers)
            for family in STORED
            for b, numbers in zip(owners[family], assembly.lines(family), strict=True)
        ]
        self.days, self.groups = len(typical.group), len(typical.medoids)
        self.starts = len(self.kept) + np.arange(len(self.ledgers) * self.days).reshape(
            -1, self.days
        )
        after = len(self.kept) + self.starts.size
        self.most = after + np.arange(len(stores) * self.groups).reshape(-1, self.groups)
        after += self.most.size
        self.least = after + np.arange(len(self.ledgers) * self.groups).reshape(-1, self.groups)
        self.width = after + self.least.size

    def _by_step(self, numbers: Integers) -> bool:
        """Whether a family has a column for every step, not by chance as many."""
        steps = np.concatenate([step for _low, _high, step in self.assembly.bounds])
        return bool(steps[numbers.ravel()[0]] != GLOBAL)

    def kept_share(self, b: int) -> float:
        """What a storage keeps over a step."""
        return self.data.site.storages[b].kept(self.data.step_hours)

    def spread(self) -> sparse.csr_array:
        """Columns of the whole horizon from those of the program."""
        count = self.assembly.width
        rows: list[Integers] = [np.arange(count)]
        places: list[Integers] = [self.place]
        values: list[Floats] = [np.ones(count)]
        for number, (b, numbers) in enumerate(self.ledgers):
            rows.append(numbers)
            places.append(self.starts[number][self.day])
            values.append(np.asarray(self.kept_share(b) ** (self.hour + 1.0), dtype=np.float64))
        parts = (np.concatenate(values), (np.concatenate(rows), np.concatenate(places)))
        return sparse.csr_array(parts, shape=(count, self.width))

    def bounds(self, whole: LinearProgram) -> tuple[Floats, Floats]:
        """Bounds of the columns.

        What a typical day adds may be less than nothing; that of its first step is counted in what
        the day begins with, which settles where the one ends and the other starts.
        """
        lower, upper = np.full(self.width, -np.inf), np.full(self.width, np.inf)
        lower[: len(self.kept)] = whole.column_lower[self.kept]
        upper[: len(self.kept)] = whole.column_upper[self.kept]
        for _b, numbers in self.ledgers:
            lower[self.place[numbers]] = -np.inf
            begins = self.place[numbers[self.hour == 0]]
            lower[begins] = upper[begins] = 0.0
        lower[self.starts.ravel()] = 0.0
        return lower, upper


def _kept_rows(assembly: Assembly, typical: TypicalDays, row_step: Integers) -> Integers:
    """Rows that say something new: of one day of each group, and what links days or months."""
    per_day = typical.steps_per_day
    day = np.maximum(row_step, 0) // per_day
    keep = (row_step == GLOBAL) | np.isin(day, typical.first_of_group)
    for family in LINKED:
        rows = assembly.rows.get(family)
        if rows is not None:
            keep[rows] |= row_step[rows] % per_day == 0
    rows = assembly.rows.get("demand_peak")
    if rows is not None:
        index = assembly.data.index
        month = (index.year * 12 + index.month).to_numpy()[row_step[rows]]
        pairs = np.stack([month, typical.group[day[rows]]], axis=1)
        _pairs, which = np.unique(pairs, axis=0, return_inverse=True)
        which = which.reshape(-1)  # numpy 2.0 gives it as a column
        first = np.full(which.max() + 1, np.iinfo(np.int64).max)
        np.minimum.at(first, which, day[rows])
        keep[rows] = day[rows] == first[which]
    limits = assembly.rows.get("energy_limit")
    if limits is not None:
        keep[limits] = False  # the rows of `_storage_rows` stand for these
    return np.flatnonzero(keep)


def _storage_rows(columns: _Columns) -> sparse.csr_array:
    """Stores within their bounds on every day: rows that are not above nought.

    Where nothing is lost by itself these are the bounds of every step; else they are a little
    narrower, for what a day began with is counted as if none, or all, of the day's loss were past.
    """
    data, typical = columns.data, columns.typical
    rows: list[Integers] = []
    places: list[Integers] = []
    values: list[Floats] = []
    height = 0

    def add(terms: list[tuple[Integers, float]]) -> None:
        nonlocal height
        count = max(np.size(numbers) for numbers, _factor in terms)
        for numbers, factor in terms:
            rows.append(height + np.arange(count))
            places.append(np.broadcast_to(numbers, count))
            values.append(np.full(count, factor))
        height += count

    for b, item in enumerate(data.site.storages):
        own = [number for number, (owner, _numbers) in enumerate(columns.ledgers) if owner == b]
        keep = columns.kept_share(b)
        size = columns.place[columns.assembly.columns["storage_energy"][b]]
        top = [(columns.starts[number], keep) for number in own]
        add([*top, (columns.most[b][typical.group], 1.0), (np.array(size), -item.usable_share)])
        shown = np.isin(columns.day, typical.first_of_group)
        group = typical.group[columns.day[shown]]
        added = [columns.place[columns.ledgers[number][1][shown]] for number in own]
        add([*((numbers, 1.0) for numbers in added), (columns.most[b][group], -1.0)])
        for number, numbers in zip(own, added, strict=True):
            late = keep**typical.steps_per_day
            add([(columns.starts[number], -late), (columns.least[number][typical.group], -1.0)])
            add([(numbers, -1.0), (columns.least[number][group], 1.0)])
    if not height:
        return sparse.csr_array((0, columns.width))
    parts = (np.concatenate(values), (np.concatenate(rows), np.concatenate(places)))
    return sparse.csr_array(parts, shape=(height, columns.width))
