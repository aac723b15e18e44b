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
    """A primal-dual point; leads and mates as described above."""

    x: Floats
    y: Floats
    lead: Floats
    mate: Floats

    def copy(self) -> Point:
        """A point that does not change with this one."""
        return Point(self.x.copy(), self.y.copy(), self.lead.copy(), self.mate.copy())

    def take(self, other: Point) -> None:
        """Become like another point."""
        for mine, its in zip(vars(self).values(), vars(other).values(), strict=True):
            np.copyto(mine, its)


@dataclass
class Stop:
    """The pair that blocks a step first, and how fast it falls, relative to what it is."""

    fall: float = 0.0
    pair: int = -1
    leads: bool = True

    def see(self, relative: Floats, first: int, leads: bool) -> None:
        """Look at the relative changes of some pairs."""
        if len(relative) == 0:
            return
        place = int(relative.argmin())
        value = float(relative[place])
        if not value >= self.fall:  # so written, what is not a number comes through
            self.fall, self.pair, self.leads = value, first + place, leads

    def or_(self, other: Stop) -> Stop:
        """Whichever falls faster, or is not a number."""
        return self if math.isnan(self.fall) or other.fall >= self.fall else other

    @property
    def step(self) -> float:
        """Longest step, at most one."""
        return 1.0 / max(1.0, -self.fall)


@dataclass
class Reach:
    """What ends the steps along a direction, and what the steps do to the summed products.

    *by_primal*, *by_dual*, *by_both*: change of the sum with the two steps and with their product;
    known for predictors.
    """

    primal: Stop = field(default_factory=Stop)
    dual: Stop = field(default_factory=Stop)
    by_primal: float = 0.0
    by_dual: float = 0.0
    by_both: float = 0.0

    def join(self, other: Reach) -> None:
        """Take in another block."""
        self.primal, self.dual = self.primal.or_(other.primal), self.dual.or_(other.dual)
        self.by_primal += other.by_primal
        self.by_dual += other.by_dual
        self.by_both += other.by_both


@dataclass
class Move:
    """A direction, what it aims at and the longest steps along it.

    *lead* is the change of each lead as a share of the lead, *target* the wanted change of each
    product as a share of the product. What is left of the target is the change of the mate.
    """

    dx: Floats
    dy: Floats
    lead: Floats
    target: Floats
    of_blocks: list[Reach]
    primal: float = 0.0
    dual: float = 0.0
    reach: Reach = field(default_factory=Reach)

    @classmethod
    def of(cls, blocks: int, pairs: int, columns: int, rows: int) -> Move:
        """A move with arrays of the right length, to be filled."""
        reach = [Reach() for _block in range(blocks)]
        return cls(np.empty(columns), np.empty(rows), np.empty(pairs), np.empty(pairs), reach)

    def measured(self) -> Move:
        """Join what was found in the blocks to the longest steps."""
        self.reach = Reach()
        for one in self.of_blocks:
            self.reach.join(one)
        self.primal, self.dual = self.reach.primal.step, self.reach.dual.step
        if not np.isfinite(self.reach.primal.fall + self.reach.dual.fall):
            raise NumericalError("the direction is not finite")
        return self

    def kept(self, point: Point, stop: Stop, left: float, other: float) -> float:
        """Step at which the product of the blocking pair is *left*.

        *other* is the step its other half takes.
        """
        k = stop.pair
        d_lead = float(self.lead[k])
        d_mate = float(self.target[k]) - d_lead
        mine, held = (d_lead, d_mate) if stop.leads else (d_mate, d_lead)
        wanted = left / max(float(point.lead[k] * point.mate[k]) * (1.0 + other * held), 1e-300)
        return (wanted - 1.0) / mine

    def go(self, block: Block, point: Point, room: Floats) -> None:
        """Take the steps in one block."""
        slacks, bounded, pairs = block.inequalities, block.bounded, block.pairs
        lead, mate, d_lead = point.lead[pairs], point.mate[pairs], self.lead[pairs]
        x, y = point.x[block.columns], point.y[block.rows]
        change = room[: len(lead)]
        np.subtract(self.target[pairs], d_lead, out=change)
        change[:slacks] *= self.primal
        change[slacks:] *= self.dual
        change += 1.0
        mate *= change
        np.multiply(d_lead[:slacks], self.dual, out=change[:slacks])
        np.multiply(d_lead[slacks:], self.primal, out=change[slacks:])
        change += 1.0
        lead *= change
        x[:bounded] = lead[slacks : block.high]
        x[bounded:] += self.primal * self.dx[block.columns][bounded:]
        y[:slacks] = lead[:slacks]
        y[slacks:] += self.dual * self.dy[block.rows][slacks:]
