"""The iteration: predictor, corrector and centrality correctors from an infeasible start.

Slacks and multipliers come in pairs whose products go to zero together. A pair has a *lead*,
which the Newton system gives directly (the dual of an inequality row, a column, the room below
an upper bound), and a *mate* (the slack, the multipliers of the two bounds). Pairs are stored
inequality rows first, then columns bounded below, then boxed columns.

References
----------
S. Mehrotra, *On the implementation of a primal-dual interior point method*, SIAM J. Optim. 2
(1992) 575-601: predictor-corrector, starting point, step to the boundary. J. Gondzio, *Multiple
centrality corrections in a primal-dual method for linear programming*, Comput. Optim. Appl. 6
(1996) 137-156. A. Altman, J. Gondzio, *Regularized symmetric indefinite systems in interior
point methods*, Optim. Methods Softw. 11 (1999) 275-302: proximal terms on free columns and
equations.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from greenland.energy.interior.answer import TYPICAL, typical
from greenland.energy.interior.factor import Newton, NumericalError
from greenland.energy.interior.program import Floats
from greenland.energy.interior.standard import Standard

MOST_PROXIMAL = 1e-4
"""Proximal terms grow by hundreds while a system does not factor, up to about this."""


@dataclass(frozen=True)
class Settings:
    """Constants of the iteration; the defaults suit sizing problems.

    Parameters
    ----------
    tolerance : float
        Gap, and 6 % of the residuals, at which the iteration ends; all are relative and in
        the units of the program.
    iterations : int
        Most iterations.
    correctors : int
        Most centrality correctors per iteration.
    reach : float
        How much longer a step a corrector aims at.
    spread : float
        Products are drawn into ``[goal / spread, goal * spread]``.
    gain : float
        Least growth of the summed steps for which a corrector is kept.
    start_price : float
        Share of Mehrotra's starting multipliers to begin with.
    boundary : float
        Share of the mean product left to the pair that blocks a step.
    power, most_centring : float
        The goal for the mean product is the mean product times the share the predictor leaves
        of it to this power, at most this share.
    stall : int
        Iterations without progress after which it gives up.
    free_curvature, row_compliance, slack_compliance : float
        Proximal terms on free columns, on equations and on inequalities. The last keeps the
        multipliers of programs without an inside from running away.
    """

    tolerance: float = 3e-9
    iterations: int = 200
    correctors: int = 2
    reach: float = 0.3
    spread: float = 10.0
    gain: float = 0.02
    start_price: float = 0.1
    boundary: float = 0.2
    power: float = 4.0
    most_centring: float = 0.1
    stall: int = 25
    free_curvature: float = 1e-9
    row_compliance: float = 1e-10
    slack_compliance: float = 1e-7
    refinements: int = 2
    wanted_residual: float = 1e-11


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


@dataclass
class Move:
    """A direction, with the right-hand sides it solves and the longest steps along it."""

    dx: Floats
    dy: Floats
    lead: Floats
    mate: Floats
    r: Floats
    q: Floats
    scaled: Floats
    primal: float = 0.0
    dual: float = 0.0

    @classmethod
    def of(cls, pairs: int, columns: int, rows: int) -> Move:
        """A move with arrays of the right length, to be filled."""
        lead, mate, scaled = (np.empty(pairs) for _array in range(3))
        r, q = np.empty(columns), np.empty(rows)
        return cls(r, q, lead, mate, r, q, scaled)


@dataclass
class Progress:
    """Measures of a point, relative."""

    primal: float
    dual: float
    gap: float
    mu: float

    @property
    def worst(self) -> float:
        """The gap, or a small part of a residual, whichever is larger."""
        return max(0.06 * self.primal, 0.06 * self.dual, self.gap)


@dataclass
class Trace:
    """What happened, for tests and for the curious."""

    iterations: int = 0
    solves: int = 0
    rows: list[tuple[float, float, float, float, float, float, int]] = field(default_factory=list)


def _norm(values: Floats) -> float:
    """Largest absolute value."""
    if len(values) == 0:
        return 0.0
    return max(float(values.max()), -float(values.min()))


class Iteration:
    """Primal-dual iteration on one standard program."""

    def __init__(self, standard: Standard, newton: Newton, settings: Settings) -> None:
        self.standard, self.newton, self.settings = standard, newton, settings
        self.slacks = standard.inequalities
        self.bounded, self.boxed = standard.bounded, standard.boxed
        self.pairs = self.slacks + self.bounded + self.boxed
        self.rows = slice(0, self.slacks)
        self.low = slice(self.slacks, self.slacks + self.bounded)
        self.high = slice(self.slacks + self.bounded, self.pairs)
        self.columns = slice(self.slacks, self.pairs)
        rows, columns = np.abs(standard.row_unit), np.abs(standard.column_unit)
        self.per_row = rows / np.maximum(rows * np.abs(standard.rhs), 1.0)
        border = newton.structure.border_rows
        self.border, self.border_unit = border, rows[border]
        self.border_size = abs(standard.matrix[border])
        costs = columns * np.abs(standard.cost)
        self.per_column = columns / np.maximum(costs, TYPICAL * typical(costs))
        self.refine = False
        self.free_curvature = settings.free_curvature
        self.row_compliance = settings.row_compliance
        self.trace = Trace()
        rows_, columns_ = len(standard.rhs), len(standard.cost)
        self.target, self.first, self.second, self.third, self.inverse, self.ratio = (
            np.empty(self.pairs) for _array in range(6)
        )
        self.moves = tuple(Move.of(self.pairs, columns_, rows_) for _move in range(2))

    # -- measures --------------------------------------------------------------------------

    def residuals(self, point: Point) -> tuple[Floats, Floats]:
        """What is missing in the rows and in the columns."""
        standard = self.standard
        primal = standard.rhs - self.newton.multiply(point.x)
        primal[: self.slacks] += point.mate[self.rows]
        dual = standard.cost - self.newton.multiply_t(point.y)
        dual[: self.bounded] -= point.mate[self.low]
        dual[: self.boxed] += point.mate[self.high]
        return primal, dual

    def progress(self, point: Point, primal: Floats, dual: Floats) -> Progress:
        """Measure a point."""
        standard = self.standard
        value = float(standard.cost @ point.x)
        bound = float(standard.rhs @ point.y - standard.upper @ point.mate[self.high])
        size = max(abs(value), abs(bound), 1e-6)
        if len(self.border):  # sums over many steps: their rounding goes with their terms
            terms = self.border_unit * (self.border_size @ np.abs(point.x))
            self.per_row[self.border] = self.border_unit / np.maximum(terms, 1.0)
        return Progress(
            _norm(primal * self.per_row),
            _norm(dual * self.per_column),
            abs(value - bound) / size,
            float(point.lead @ point.mate) / max(self.pairs, 1),
        )

    # -- directions ------------------------------------------------------------------------

    def factor(self, point: Point) -> None:
        """Factor the Newton system at a point."""
        np.divide(1.0, point.lead, out=self.inverse)
        np.multiply(point.mate, self.inverse, out=self.ratio)
        curvature = np.empty(len(point.x))
        curvature[: self.bounded] = self.ratio[self.low]
        curvature[: self.boxed] += self.ratio[self.high]
        compliance = np.empty(len(point.y))
        compliance[: self.slacks] = self.ratio[self.rows] + self.settings.slack_compliance
        while True:
            curvature[self.bounded :] = self.free_curvature
            compliance[self.slacks :] = self.row_compliance
            try:
                return self.newton.factor(curvature, compliance)
            except NumericalError:
                if self.free_curvature > MOST_PROXIMAL:
                    raise
                self.free_curvature *= 100
                self.row_compliance *= 100

    def direction(
        self, point: Point, primal: Floats, dual: Floats, target: Floats, move: Move
    ) -> Move:
        """Newton direction that moves the products of the pairs by *target*, put into *move*."""
        np.multiply(target, self.inverse, out=move.scaled)
        np.copyto(move.q, primal)
        move.q[: self.slacks] += move.scaled[self.rows]
        np.negative(dual, out=move.r)
        move.r[: self.bounded] += move.scaled[self.low]
        move.r[: self.boxed] -= move.scaled[self.high]
        move.dx, move.dy = self.newton.solve(move.r, move.q)
        self.trace.solves += 1
        return self._pairs(point, move)

    def _pairs(self, point: Point, move: Move) -> Move:
        """Fill in what the direction does to the pairs, and how long it may be."""
        lead, mate, relative = move.lead, move.mate, self.first
        lead[self.rows] = move.dy[: self.slacks]
        lead[self.low] = move.dx[: self.bounded]
        np.negative(move.dx[: self.boxed], out=lead[self.high])
        np.multiply(self.ratio, lead, out=mate)
        np.subtract(move.scaled, mate, out=mate)
        np.multiply(lead, self.inverse, out=relative)
        fall = max(1.0, -_least(relative[self.columns]))
        fall_dual = max(1.0, -_least(relative[self.rows]))
        np.divide(mate, point.mate, out=relative)
        fall = max(fall, -_least(relative[self.rows]))
        fall_dual = max(fall_dual, -_least(relative[self.columns]))
        move.primal, move.dual = 1.0 / fall, 1.0 / fall_dual
        if not np.isfinite(fall + fall_dual):
            raise NumericalError("the direction is not finite")
        return move

    def refined(self, point: Point, move: Move) -> Move:
        """The direction with the Newton system solved more exactly."""
        newton, changed = self.newton, False
        for _round in range(self.settings.refinements):
            miss_r = move.r - newton.h * move.dx + newton.multiply_t(move.dy)
            miss_q = move.q - newton.multiply(move.dx) - newton.d * move.dy
            worst = max(_norm(miss_r / (1.0 + newton.h)), _norm(miss_q / (1.0 + newton.d)))
            if not worst > self.settings.wanted_residual:
                break
            more_x, more_y = newton.solve(miss_r, miss_q)
            self.trace.solves += 1
            move.dx += more_x
            move.dy += more_y
            changed = True
        return self._pairs(point, move) if changed else move

    # -- start -----------------------------------------------------------------------------

    def start(self) -> Point:
        """Mehrotra's starting point: least squares, then shifted inside."""
        standard, slacks = self.standard, self.slacks
        columns, rows = len(standard.cost), len(standard.rhs)
        compliance = np.full(rows, self.settings.row_compliance)
        compliance[:slacks] = 1.0
        self.newton.factor(np.ones(columns), compliance)
        x, minus_s = self.newton.solve(np.zeros(columns), standard.rhs)
        minus_z, y = self.newton.solve(-standard.cost, np.zeros(rows))
        distance = np.concatenate([-minus_s[:slacks], x[: self.bounded]])
        price = np.concatenate([y[:slacks], -minus_z[: self.bounded]])
        distance, price = _shift_inside(distance, price)
        price *= self.settings.start_price
        x[: self.bounded] = distance[slacks:]
        x[: self.boxed] = np.clip(x[: self.boxed], 0.1 * standard.upper, 0.9 * standard.upper)
        floor = float(np.mean(price)) if len(price) else 1.0
        down = np.maximum(minus_z[: self.boxed], 0.0) + floor
        price[slacks : slacks + self.boxed] = np.maximum(-minus_z[: self.boxed], 0.0) + floor
        y[:slacks] = price[:slacks]
        room = standard.upper - x[: self.boxed]
        lead = np.concatenate([price[:slacks], x[: self.bounded], room])
        mate = np.concatenate([distance[:slacks], price[slacks:], down])
        return Point(x, y, lead, mate)

    # -- loop ------------------------------------------------------------------------------

    def run(self) -> tuple[Point, Progress]:
        """Iterate to the tolerance, or to the best point that could be reached."""
        settings = self.settings
        point = self.start()
        primal, dual = self.residuals(point)
        progress = self.progress(point, primal, dual)
        best, kept, since, least = progress, point.copy(), 0, progress.mu
        while progress.worst > settings.tolerance and since <= settings.stall:
            if self.trace.iterations == settings.iterations:
                break
            try:
                move = self.step(point, progress, primal, dual)
            except NumericalError:
                break
            self.trace.iterations += 1
            primal, dual = self.residuals(point)
            before, progress = progress, self.progress(point, primal, dual)
            self._watch(before, progress, move)
            if not np.isfinite(progress.worst):
                break
            forward = progress.worst < 0.9 * best.worst or progress.mu < 0.9 * least
            since, least = 0 if forward else since + 1, min(least, progress.mu)
            if progress.worst < best.worst:
                best = progress
                if progress.worst < 1e-5:
                    kept = point.copy()
        return (kept if best.worst < 1e-5 else point), best

    def _watch(self, before: Progress, after: Progress, move: Move) -> None:
        """Refine from now on once residuals fall by less than the step should make them."""
        slack, factor = self.settings.tolerance, 1.5
        if after.primal > factor * (1 - move.primal) * before.primal + slack or (
            after.dual > factor * (1 - move.dual) * before.dual + slack
        ):
            self.refine = True

    def step(self, point: Point, progress: Progress, primal: Floats, dual: Floats) -> Move:
        """One iteration: factor, predict, correct, move."""
        self.factor(point)
        target, (move, spare) = self.target, self.moves
        np.multiply(point.lead, point.mate, out=target)
        np.negative(target, out=target)
        ahead = self.direction(point, primal, dual, target, spare)
        goal = self._goal(point, ahead, progress.mu)
        np.multiply(ahead.lead, ahead.mate, out=self.first)
        target -= self.first
        target += goal
        move = self.direction(point, primal, dual, target, move)
        move, used = self._centre(point, primal, dual, move, spare, goal)
        if self.refine:
            move = self.refined(point, move)
        self._bound(point, move)
        move.dx *= move.primal
        point.x += move.dx
        move.dy *= move.dual
        point.y += move.dy
        self._ahead(point, move, move.primal, move.dual, point.lead, point.mate)
        self.trace.rows.append(
            (
                progress.primal,
                progress.dual,
                progress.gap,
                progress.mu,
                move.primal,
                move.dual,
                used,
            )
        )
        return move

    def _ahead(
        self,
        point: Point,
        move: Move,
        primal: float,
        dual: float,
        lead: Floats,
        mate: Floats,
    ) -> None:
        """Put leads and mates after the given steps into *lead* and *mate*."""
        scratch = self.third
        for part, lead_step, mate_step in (
            (self.rows, dual, primal),
            (self.columns, primal, dual),
        ):
            np.multiply(move.lead[part], lead_step, out=scratch[part])
            np.add(point.lead[part], scratch[part], out=lead[part])
            np.multiply(move.mate[part], mate_step, out=scratch[part])
            np.add(point.mate[part], scratch[part], out=mate[part])

    def _products(self, point: Point, move: Move, primal: float, dual: float) -> Floats:
        """Products of the pairs after the given steps; overwritten by the next call."""
        self._ahead(point, move, primal, dual, self.first, self.second)
        return np.multiply(self.first, self.second, out=self.first)

    def _goal(self, point: Point, move: Move, mu: float) -> float:
        """Mean product to aim at, from how far the predictor gets."""
        after = float(self._products(point, move, move.primal, move.dual).sum())
        after /= max(self.pairs, 1)
        if mu <= 0:
            return 0.0
        share = float((after / mu) ** self.settings.power)
        return mu * min(share, self.settings.most_centring)

    def _centre(
        self,
        point: Point,
        primal: Floats,
        dual: Floats,
        move: Move,
        spare: Move,
        goal: float,
    ) -> tuple[Move, int]:
        """Draw outlying products towards the goal as long as that lengthens the steps."""
        settings = self.settings
        low, high = goal / settings.spread, goal * settings.spread
        for used in range(settings.correctors):
            if min(move.primal, move.dual) > 0.95:
                return move, used
            trial = self._products(
                point,
                move,
                min(1.0, move.primal + settings.reach),
                min(1.0, move.dual + settings.reach),
            )
            change = np.clip(trial, low, high, out=self.second)
            change -= trial
            np.maximum(change, -high, out=change)
            self.target += change
            other = self.direction(point, primal, dual, self.target, spare)
            if other.primal + other.dual < move.primal + move.dual + settings.gain:
                return move, used
            move, spare = other, move
        return move, settings.correctors

    def _bound(self, point: Point, move: Move) -> None:
        """Shorten the steps so that the pair that blocks keeps a share of the mean product."""
        if self.pairs == 0:
            return
        share = self.settings.boundary
        left = float(self._products(point, move, move.primal, move.dual).sum()) / self.pairs
        left *= share
        primal, dual = move.primal, move.dual
        if primal < 1.0:
            move.primal = max(self._stop(point, move, left, dual, True), (1 - share) * primal)
        if dual < 1.0:
            move.dual = max(self._stop(point, move, left, primal, False), (1 - share) * dual)
        move.primal, move.dual = min(move.primal, 1.0), min(move.dual, 1.0)

    def _stop(self, point: Point, move: Move, left: float, other: float, primal: bool) -> float:
        """Step at which the blocking pair's product is *left*."""
        first, second = (point.mate, point.lead) if primal else (point.lead, point.mate)
        d_first, d_second = (move.mate, move.lead) if primal else (move.lead, move.mate)
        here = _blocking(d_first[self.rows], first[self.rows])
        there = _blocking(d_second[self.columns], second[self.columns])
        if here[0] < there[0]:
            k, value, change, mate, d_mate = here[1], first, d_first, second, d_second
        else:
            k, value, change = there[1] + self.slacks, second, d_second
            mate, d_mate = first, d_first
        wanted = left / max(float(mate[k] + other * d_mate[k]), 1e-300)
        return float((wanted - value[k]) / change[k])


def _blocking(change: Floats, value: Floats) -> tuple[float, int]:
    """Most negative relative change and where it is."""
    if len(change) == 0:
        return 0.0, 0
    relative = change / value
    place = int(relative.argmin())
    return float(relative[place]), place


def _least(values: Floats) -> float:
    return float(values.min()) if len(values) else 0.0


def _shift_inside(distance: Floats, price: Floats) -> tuple[Floats, Floats]:
    """Shift primal and dual values so that all are positive and products alike."""
    if len(distance) == 0:
        return distance, price
    distance = distance + max(-1.5 * float(distance.min()), 0.0)
    price = price + max(-1.5 * float(price.min()), 0.0)
    product = float(distance @ price)
    distance = distance + max(0.5 * product / max(float(price.sum()), 1e-12), 1e-3)
    price = price + max(0.5 * product / max(float(distance.sum()), 1e-12), 1e-3)
    return distance, price
