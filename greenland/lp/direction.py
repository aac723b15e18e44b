"""Points, search directions, and the longest steps that keep a point positive.

Every slack and every bound makes a pair of non-negative numbers whose product vanishes at an
optimum. Of a pair the *direct* half follows at once from the solution of the KKT system; the
other half, its *complement*, has been eliminated from it:

============================  =====================  ===========================
pair of                       direct                 complement
============================  =====================  ===========================
inequality row                its dual ``y``         its slack ``s``
lower bound ``x >= 0``        the column ``x``       the multiplier ``z``
upper bound ``x <= u``        the distance ``u - x`` the multiplier ``v``
============================  =====================  ===========================

All changes of the halves are *relative* to their present values: a step ``a`` turns ``p`` into
``p (1 + a d)``, and the ratio test of a step is the minimum of ``-1 / d``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from greenland.lp.program import Floats
from greenland.lp.reduced_system import NumericalError
from greenland.lp.standard_form import Block


@dataclass
class Point:
    """A primal-dual point of the standard form.

    Attributes
    ----------
    x, y : array, shape (n,), (m,)
        Columns and duals of the rows.
    direct, complement : array, shape (pairs,)
        The halves of the complementarity pairs, all positive.
    """

    x: Floats
    y: Floats
    direct: Floats
    complement: Floats

    def copy(self) -> Point:
        """A point with its own arrays."""
        return Point(self.x.copy(), self.y.copy(), self.direct.copy(), self.complement.copy())

    def copy_from(self, other: Point) -> None:
        """Overwrite this point by another of the same shape."""
        for destination, source in zip(vars(self).values(), vars(other).values(), strict=True):
            np.copyto(destination, source)


@dataclass
class RatioTest:
    """The pair that blocks a step first.

    Attributes
    ----------
    rate : float
        Its relative change, the most negative of all; zero while nothing decreases.
    pair : int
        Index of the pair.
    is_direct : bool
        Whether its direct half blocks, else its complement does.
    """

    rate: float = 0.0
    pair: int = -1
    is_direct: bool = True

    def update(self, relative_change: Floats, first_pair: int, is_direct: bool) -> None:
        """Include one half of consecutive pairs from *first_pair* on."""
        if len(relative_change) == 0:
            return
        position = int(relative_change.argmin())
        rate = float(relative_change[position])
        if not rate >= self.rate:  # written so that NaN passes, to be noticed later
            self.rate, self.pair, self.is_direct = rate, first_pair + position, is_direct

    def tighter(self, other: RatioTest) -> RatioTest:
        """Whichever of two tests blocks first, or is NaN."""
        return self if math.isnan(self.rate) or other.rate >= self.rate else other

    @property
    def max_step(self) -> float:
        """Longest step to the boundary, at most one."""
        return 1.0 / max(1.0, -self.rate)


@dataclass
class StepLengths:
    """Ratio tests of the two steps along a direction, and what the steps do to the products.

    Attributes
    ----------
    primal, dual : RatioTest
    primal_change, dual_change, cross_change : float
        Change of the sum of all complementarity products per primal step, per dual step, and per
        product of both steps. Computed for predictor directions only.
    """

    primal: RatioTest = field(default_factory=RatioTest)
    dual: RatioTest = field(default_factory=RatioTest)
    primal_change: float = 0.0
    dual_change: float = 0.0
    cross_change: float = 0.0

    def join(self, other: StepLengths) -> None:
        """Include another block."""
        self.primal = self.primal.tighter(other.primal)
        self.dual = self.dual.tighter(other.dual)
        self.primal_change += other.primal_change
        self.dual_change += other.dual_change
        self.cross_change += other.cross_change


@dataclass
class Direction:
    """A search direction, its complementarity target, and the longest steps along it.

    Attributes
    ----------
    dx, dy : array, shape (n,), (m,)
    d_direct : array, shape (pairs,)
        Relative change of the direct halves; that of the complements is ``target - d_direct``.
    target : array, shape (pairs,)
        Wanted change of each complementarity product, relative to the product.
    block_lengths : list of StepLengths
        One per block, the border last.
    primal_step, dual_step : float
        At most one.
    lengths : StepLengths
        Over all blocks.
    """

    dx: Floats
    dy: Floats
    d_direct: Floats
    target: Floats
    block_lengths: list[StepLengths]
    primal_step: float = 0.0
    dual_step: float = 0.0
    lengths: StepLengths = field(default_factory=StepLengths)

    @classmethod
    def allocate(cls, n_blocks: int, n_pairs: int, n_columns: int, n_rows: int) -> Direction:
        """A direction with uninitialised arrays."""
        block_lengths = [StepLengths() for _block in range(n_blocks)]
        return cls(
            np.empty(n_columns),
            np.empty(n_rows),
            np.empty(n_pairs),
            np.empty(n_pairs),
            block_lengths,
        )

    def join_blocks(self) -> Direction:
        """Determine the longest steps from those of the blocks.

        Raises
        ------
        NumericalError
            If the direction is not finite.
        """
        self.lengths = StepLengths()
        for block_lengths in self.block_lengths:
            self.lengths.join(block_lengths)
        self.primal_step = self.lengths.primal.max_step
        self.dual_step = self.lengths.dual.max_step
        if not np.isfinite(self.lengths.primal.rate + self.lengths.dual.rate):
            raise NumericalError("the direction is not finite")
        return self

    def step_to_product(
        self, point: Point, blocking: RatioTest, product: float, other_step: float
    ) -> float:
        """Step at which the blocking pair has a given product.

        Parameters
        ----------
        point : Point
            Where the step begins.
        blocking : RatioTest
            Of the step in question.
        product : float
            Complementarity product the pair is to be left with.
        other_step : float
            The step that the pair's other half takes.
        """
        k = blocking.pair
        d_direct = float(self.d_direct[k])
        d_complement = float(self.target[k]) - d_direct
        d_blocking, d_other = (
            (d_direct, d_complement) if blocking.is_direct else (d_complement, d_direct)
        )
        present = float(point.direct[k] * point.complement[k])
        share = product / max(present * (1.0 + other_step * d_other), 1e-300)
        return (share - 1.0) / d_blocking

    def apply(self, block: Block, point: Point, scratch: Floats) -> None:
        """Move the part of *point* in one block along both steps, in place."""
        slacks, bounded, pairs = block.inequalities, block.bounded, block.pairs
        direct, complement = point.direct[pairs], point.complement[pairs]
        d_direct = self.d_direct[pairs]
        x, y = point.x[block.columns], point.y[block.rows]
        factor = scratch[: len(direct)]
        np.subtract(self.target[pairs], d_direct, out=factor)
        factor[:slacks] *= self.primal_step
        factor[slacks:] *= self.dual_step
        factor += 1.0
        complement *= factor
        np.multiply(d_direct[:slacks], self.dual_step, out=factor[:slacks])
        np.multiply(d_direct[slacks:], self.primal_step, out=factor[slacks:])
        factor += 1.0
        direct *= factor
        x[:bounded] = direct[slacks : block.upper_start]
        x[bounded:] += self.primal_step * self.dx[block.columns][bounded:]
        y[:slacks] = direct[:slacks]
        y[slacks:] += self.dual_step * self.dy[block.rows][slacks:]
