"""A program under construction: families of columns and rows one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from greenland.energy.problem.costs import Costs
from greenland.energy.problem.data import ModelData
from greenland.lp import GLOBAL, LinearProgram
from greenland.lp.program import Floats, Integers

Term = tuple[Integers | int, Floats | float]
"""Columns, one per row or one for all, and their coefficients."""
INDEX = np.int32
"""Type of the numbers inside the matrix, the one SciPy works with."""


@dataclass(frozen=True)
class ColumnBlock:
    """What the columns of a family are named by.

    Parameters
    ----------
    owners : tuple of str, optional
        Sources, storages … of the first index; None where the family has no such index.
    steps : integer array, optional
        Time steps of the last index; None where the family has none.
    paired : bool
        Whether there is one column for each owner with its step, instead of every combination.
    """

    owners: tuple[str, ...] | None
    steps: Integers | None
    paired: bool = False


@dataclass(frozen=True)
class RowBlock:
    """What rows that were added together are named by.

    Parameters
    ----------
    owner : str or integer array
        The source, storage, year … all rows belong to, ``""`` for none; or a number for each.
    steps : integer array
        Time step of each row, `GLOBAL` where it has none.
    """

    owner: str | Integers
    steps: Integers


@dataclass
class Assembly:
    """A program under construction: columns and rows by family.

    Parameters
    ----------
    data : ModelData
    columns : mapping of family to integer array
        Column numbers in the shapes of `RawSolution.values`.
    rows : mapping of family to integer array
        Row numbers in the order of the family's index.
    blocks : mapping of family to ColumnBlock
    row_blocks : mapping of family to list of RowBlock
    """

    data: ModelData
    columns: dict[str, Integers] = field(default_factory=dict)
    rows: dict[str, Integers] = field(default_factory=dict)
    blocks: dict[str, ColumnBlock] = field(default_factory=dict)
    row_blocks: dict[str, list[RowBlock]] = field(default_factory=dict)
    width: int = 0
    height: int = 0
    bounds: list[tuple[Floats, Floats, Integers]] = field(default_factory=list)
    sides: list[tuple[Floats, Floats, Integers]] = field(default_factory=list)
    counts: list[Integers] = field(default_factory=list)
    indices: list[Integers] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)

    # -- columns ---------------------------------------------------------------------------

    def add_columns(
        self,
        family: str,
        shape: tuple[int, ...],
        lower: Floats | float = 0.0,
        upper: Floats | float = np.inf,
        *,
        steps: Integers | None = None,
        owners: Sequence[str] | None = None,
    ) -> None:
        """Add a family of columns, (owners, steps) or one of the two; bounds are broadcast.

        With both in a shape of one index, owners and steps go in pairs.
        """
        count = int(np.prod(shape))
        numbers = np.arange(self.width, self.width + count).reshape(shape)
        self.columns[family] = numbers
        self.width += count
        wide = [np.broadcast_to(np.asarray(v, dtype=float), shape).ravel() for v in (lower, upper)]
        step = np.asarray(GLOBAL if steps is None else steps, dtype=np.int64)
        self.bounds.append((wide[0], wide[1], np.broadcast_to(step, shape).ravel()))
        named = None if owners is None else tuple(owners)
        self.blocks[family] = ColumnBlock(named, steps, paired=len(shape) == 1)

    def line(self, family: str) -> Integers | None:
        """Columns of a family, None when the model has none."""
        return self.columns.get(family)

    def lines(self, family: str) -> list[Integers]:
        """Columns of a family with two indexes, one array per first index."""
        return list(self.columns.get(family, ()))

    # -- rows ------------------------------------------------------------------------------

    def add_rows(
        self,
        family: str,
        count: int,
        terms: Sequence[Term],
        lower: Floats | float,
        upper: Floats | float,
        step: Integers | int,
        owner: str | Integers = "",
    ) -> None:
        """Add *count* rows with the same terms; zero coefficients are left out."""
        numbers = np.empty((count, len(terms)), dtype=INDEX)
        values = np.empty((count, len(terms)))
        for place, (columns, factor) in enumerate(terms):
            numbers[:, place] = columns
            values[:, place] = factor
        nonzero = values != 0
        self.counts.append(nonzero.sum(axis=1))
        self.indices.append(numbers[nonzero])
        self.values.append(values[nonzero])
        self._number(family, count, lower, upper, step, owner)

    def add_row(
        self,
        family: str,
        terms: Sequence[Term],
        lower: float = -np.inf,
        upper: float = np.inf,
        owner: str = "",
    ) -> None:
        """Add one global row; every term may be a whole array of columns."""
        columns = [np.atleast_1d(np.asarray(c, dtype=INDEX)).ravel() for c, _factor in terms]
        factors = [
            np.broadcast_to(np.asarray(factor, dtype=float), len(c))
            for c, (_columns, factor) in zip(columns, terms, strict=True)
        ]
        numbers = np.concatenate([*columns, np.zeros(0, dtype=INDEX)])
        values = np.concatenate([*factors, np.zeros(0)])
        nonzero = values != 0
        self.counts.append(np.array([nonzero.sum()]))
        self.indices.append(numbers[nonzero])
        self.values.append(values[nonzero])
        self._number(family, 1, lower, upper, GLOBAL, owner)

    def _number(
        self,
        family: str,
        count: int,
        lower: Floats | float,
        upper: Floats | float,
        step: Integers | int,
        owner: str | Integers,
    ) -> None:
        numbers = np.arange(self.height, self.height + count)
        known = self.rows.get(family)
        self.rows[family] = numbers if known is None else np.concatenate([known, numbers])
        self.height += count
        steps = np.broadcast_to(np.asarray(step, dtype=np.int64), count)
        self.row_blocks.setdefault(family, []).append(RowBlock(owner, steps))
        self.sides.append(
            (
                np.broadcast_to(np.asarray(lower, dtype=float), count),
                np.broadcast_to(np.asarray(upper, dtype=float), count),
                steps,
            )
        )

    # -- program ---------------------------------------------------------------------------

    def cost(self, parts: Sequence[Costs]) -> Floats:
        """Cost of every column."""
        cost = np.zeros(self.width)
        for part in parts:
            for family, values in part.by_family.items():
                if family in self.columns:
                    cost[self.columns[family].ravel()] += np.ravel(values)
        return cost

    def program(self, parts: Sequence[Costs]) -> LinearProgram:
        """The program with the sum of the given costs."""
        counts = np.concatenate(self.counts)
        pointer = np.zeros(len(counts) + 1, dtype=INDEX)
        np.cumsum(counts, out=pointer[1:])
        matrix = sparse.csr_array(
            (np.concatenate(self.values), np.concatenate(self.indices), pointer),
            shape=(self.height, self.width),
        )
        lower, upper, column_step = (np.concatenate(v) for v in zip(*self.bounds, strict=True))
        row_lower, row_upper, row_step = (np.concatenate(v) for v in zip(*self.sides, strict=True))
        return LinearProgram(
            cost=self.cost(parts),
            matrix=matrix,
            row_lower=row_lower,
            row_upper=row_upper,
            column_lower=lower,
            column_upper=upper,
            row_step=row_step,
            column_step=column_step,
            offset=float(sum(part.constant for part in parts)),
        )
