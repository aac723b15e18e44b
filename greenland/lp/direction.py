"""Points, directions, and how far one may go along them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from greenland.lp.kkt import NumericalError
from greenland.lp.program import Floats
from greenland.lp.standard_form import Block


@dataclass
class Point:
    """A primal-dual point; is_direct and mates as described above."""

    x: Floats
    y: Floats
    direct: Floats
    complement: Floats

    def copy(self) -> Point:
        """A point that does not change with this one."""
        return Point(self.x.copy(), self.y.copy(), self.direct.copy(), self.complement.copy())

    def take(self, other: Point) -> None:
        """Become like another point."""
        for mine, its in zip(vars(self).values(), vars(other).values(), strict=True):
            np.copyto(mine, its)


@dataclass
class RatioTest:
    """The pair that blocks a step first, and how fast it falls, relative to what it is."""

    fall: float = 0.0
    pair: int = -1
    is_direct: bool = True

    def see(self, relative: Floats, first: int, is_direct: bool) -> None:
        """Look at the relative changes of some pairs."""
        if len(relative) == 0:
            return
        place = int(relative.argmin())
        value = float(relative[place])
        if not value >= self.fall:  # so written, what is not a number comes through
            self.fall, self.pair, self.is_direct = value, first + place, is_direct

    def or_(self, other: RatioTest) -> RatioTest:
        """Whichever falls faster, or is not a number."""
        return self if math.isnan(self.fall) or other.fall >= self.fall else other

    @property
    def step(self) -> float:
        """Longest step, at most one."""
        return 1.0 / max(1.0, -self.fall)


@dataclass
class StepLengths:
    """What ends the steps along a direction, and what the steps do to the summed products.

    *by_primal*, *by_dual*, *by_both*: change of the sum with the two steps and with their product;
    known for predictors.
    """

    primal: RatioTest = field(default_factory=RatioTest)
    dual: RatioTest = field(default_factory=RatioTest)
    by_primal: float = 0.0
    by_dual: float = 0.0
    by_both: float = 0.0

    def join(self, other: StepLengths) -> None:
        """Take in another block."""
        self.primal, self.dual = self.primal.or_(other.primal), self.dual.or_(other.dual)
        self.by_primal += other.by_primal
        self.by_dual += other.by_dual
        self.by_both += other.by_both


@dataclass
class Direction:
    """A direction, what it aims at and the longest steps along it.

    *direct* is the change of each direct as a share of the direct, *target* the wanted change of each
    product as a share of the product. What is left of the target is the change of the complement.
    """

    dx: Floats
    dy: Floats
    direct: Floats
    target: Floats
    of_blocks: list[StepLengths]
    primal: float = 0.0
    dual: float = 0.0
    reach: StepLengths = field(default_factory=StepLengths)

    @classmethod
    def of(cls, blocks: int, pairs: int, columns: int, rows: int) -> Direction:
        """A move with arrays of the right length, to be filled."""
        reach = [StepLengths() for _block in range(blocks)]
        return cls(np.empty(columns), np.empty(rows), np.empty(pairs), np.empty(pairs), reach)

    def measured(self) -> Direction:
        """Join what was found in the blocks to the longest steps."""
        self.reach = StepLengths()
        for one in self.of_blocks:
            self.reach.join(one)
        self.primal, self.dual = self.reach.primal.step, self.reach.dual.step
        if not np.isfinite(self.reach.primal.fall + self.reach.dual.fall):
            raise NumericalError("the direction is not finite")
        return self

    def kept(self, point: Point, stop: RatioTest, left: float, other: float) -> float:
        """Step at which the product of the blocking pair is *left*.

        *other* is the step its other half takes.
        """
        k = stop.pair
        d_direct = float(self.direct[k])
        d_complement = float(self.target[k]) - d_direct
        mine, held = (d_direct, d_complement) if stop.is_direct else (d_complement, d_direct)
        wanted = left / max(
            float(point.direct[k] * point.complement[k]) * (1.0 + other * held), 1e-300
        )
        return (wanted - 1.0) / mine

    def go(self, block: Block, point: Point, room: Floats) -> None:
        """Take the steps in one block."""
        slacks, bounded, pairs = block.inequalities, block.bounded, block.pairs
        direct, complement, d_direct = (
            point.direct[pairs],
            point.complement[pairs],
            self.direct[pairs],
        )
        x, y = point.x[block.columns], point.y[block.rows]
        change = room[: len(direct)]
        np.subtract(self.target[pairs], d_direct, out=change)
        change[:slacks] *= self.primal
        change[slacks:] *= self.dual
        change += 1.0
        complement *= change
        np.multiply(d_direct[:slacks], self.dual, out=change[:slacks])
        np.multiply(d_direct[slacks:], self.primal, out=change[slacks:])
        change += 1.0
        direct *= change
        x[:bounded] = direct[slacks : block.upper_start]
        x[bounded:] += self.primal * self.dx[block.columns][bounded:]
        y[:slacks] = direct[:slacks]
        y[slacks:] += self.dual * self.dy[block.rows][slacks:]
