"""The iteration: predictor, corrector and centrality correctors from an infeasible start.

Slacks and multipliers come in pairs whose products go to zero together. A pair has a *direct*,
which the KktSystem system gives directly (the dual of an inequality row, a column, the room below
an upper bound), and a *complement* (the slack, the multipliers of the two bounds). Everything is done
block by block (see `standard`), several operations on one block before the next.

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

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from greenland.lp.direction import Direction, Point, StepLengths
from greenland.lp.kkt import KktSystem, NumericalError
from greenland.lp.program import Floats
from greenland.lp.residuals import Convergence, Residuals
from greenland.lp.settings import SolverSettings
from greenland.lp.standard_form import Block, StandardForm
from greenland.lp.starting_point import starting_point

FAR_RESIDUAL, FAR_INTERVAL = 1e-3, 4
"""While more than this is missing, relative, it is looked up every so many iterations only."""
MAX_REGULARISATION = 1e-4
"""Proximal terms grow by hundreds while a system does not factor, up to about this."""


@dataclass
class IterationLog:
    """What happened, for tests and for the curious."""

    iterations: int = 0
    solves: int = 0
    rows: list[tuple[float, float, float, float, float, float, int]] = field(default_factory=list)


Workspace = tuple[Floats, Floats]
"""Arrays for what is needed in passing, as long as the pairs of a block; one set per thread."""
TargetWriter = Callable[[Block, Workspace, Floats], None]
"""Writes the target of a block's pairs before a direction is sought."""


class PrimalDualIteration:
    """Primal-dual iteration on one standard program."""

    def __init__(self, standard: StandardForm, newton: KktSystem, settings: SolverSettings) -> None:
        self.standard, self.newton, self.settings = standard, newton, settings
        self.blocks, self.pairs = standard.blocks, standard.pairs
        self.missing = Residuals(standard, newton)
        self.refine = False
        self.free_curvature = settings.free_regularisation
        self.row_compliance = settings.dual_regularisation
        self.centring = settings.min_centring
        self.trace = IterationLog()
        self.product, self.q = np.empty(self.pairs), np.empty(len(standard.rhs))
        most = max(block.pairs.stop - block.pairs.start for block in self.blocks)
        self.crew = newton.crew
        self.rooms = [(np.empty(most), np.empty(most)) for _thread in range(self.crew.threads)]
        sizes = len(self.blocks), self.pairs, len(standard.cost), len(standard.rhs)
        self.moves = tuple(Direction.of(*sizes) for _move in range(2))

    # -- directions ------------------------------------------------------------------------

    def factor(self, point: Point) -> None:
        """Factor the KktSystem system at a point."""
        while True:
            self.crew.every(lambda k, thread: self._weigh(k, thread, point))
            try:
                return self.newton.factor()
            except NumericalError:
                if self.free_curvature > MAX_REGULARISATION:
                    raise
                self.free_curvature *= 100
                self.row_compliance *= 100

    def _weigh(self, k: int, thread: int, point: Point) -> None:
        """Curvature of a block's columns and compliance of its rows."""
        block = self.blocks[k]
        slacks, bounded = block.inequalities, block.bounded
        direct, complement = point.direct[block.pairs], point.complement[block.pairs]
        np.multiply(direct, complement, out=self.product[block.pairs])
        ratio = np.divide(complement, direct, out=self.rooms[thread][0][: len(direct)])
        h, d = self.newton.h[block.columns], self.newton.d[block.rows]
        np.add(
            ratio[slacks : block.upper_start], self.settings.primal_regularisation, out=h[:bounded]
        )
        h[: block.boxed] += ratio[block.upper_start :]
        h[bounded:] = self.free_curvature
        np.add(ratio[:slacks], self.settings.slack_regularisation, out=d[:slacks])
        d[slacks:] = self.row_compliance
        if k < len(self.newton.blocks):
            self.newton.weigh(k)

    def direction(
        self, point: Point, move: Direction, aim: TargetWriter | None = None
    ) -> Direction:
        """KktSystem direction with the target that *aim* writes, or to where products vanish."""
        newton, last = self.newton, len(self.newton.blocks)

        def gather(k: int, thread: int) -> None:
            block, room = self.blocks[k], self.rooms[thread]
            if aim is not None:
                aim(block, room, move.target[block.pairs])
            self._sides(block, point, None if aim is None else move, room)
            if k < last:
                newton.gather(k, thread, self.q[block.rows])

        def spread(k: int, thread: int) -> None:
            block = self.blocks[k]
            if k < last:
                dx, dy = move.dx[block.columns], move.dy[block.rows]
                newton.spread(k, self.q[block.rows], dx, dy)
            self._pairs(k, thread, point, move, aim is not None)

        self.crew.every(gather)
        newton.settle(self.q[newton.border_rows])
        newton.close(move.dx, move.dy)
        self.crew.every(spread)
        self.trace.solves += 1
        return move.measured()

    def _sides(self, block: Block, point: Point, move: Direction | None, room: Workspace) -> None:
        """Right-hand sides of a block's columns and rows, for the target of a move."""
        pairs, slacks, bounded = block.pairs, block.inequalities, block.bounded
        q, r = self.q[block.rows], self.newton.pulled[block.columns]
        dual, scaled = self.missing.dual[block.columns], room[0][: pairs.stop - pairs.start]
        if move is None:
            np.negative(point.complement[pairs], out=scaled)
        else:
            np.multiply(move.target[pairs], point.complement[pairs], out=scaled)
        np.copyto(q, self.missing.primal[block.rows])
        q[:slacks] += scaled[:slacks]
        np.subtract(scaled[slacks : block.upper_start], dual[:bounded], out=r[:bounded])
        np.negative(dual[bounded:], out=r[bounded:])
        r[: block.boxed] -= scaled[block.upper_start :]

    def _pairs(self, k: int, thread: int, point: Point, move: Direction, targeted: bool) -> None:
        """FillIn in what the direction does to a block's pairs, and how long it may be."""
        block, reach = self.blocks[k], StepLengths()
        pairs, slacks, dx = block.pairs, block.inequalities, move.dx[block.columns]
        first, direct, d_direct = pairs.start, point.direct[pairs], move.direct[pairs]
        rows, low, high = (
            slice(0, slacks),
            slice(slacks, block.upper_start),
            slice(block.upper_start, None),
        )
        np.divide(move.dy[block.rows][:slacks], direct[rows], out=d_direct[rows])
        np.divide(dx[: block.bounded], direct[low], out=d_direct[low])
        np.divide(dx[: block.boxed], direct[high], out=d_direct[high])
        np.negative(d_direct[high], out=d_direct[high])
        d_complement, moved = (room[: len(d_direct)] for room in self.rooms[thread])
        np.subtract(move.target[pairs] if targeted else -1.0, d_direct, out=d_complement)
        columns, product = slice(slacks, None), self.product[pairs]
        reach.dual.see(d_direct[rows], first, True)
        reach.primal.see(d_direct[columns], first + slacks, True)
        reach.primal.see(d_complement[rows], first, False)
        reach.dual.see(d_complement[columns], first + slacks, False)
        if not targeted:
            np.multiply(product, d_direct, out=moved)
            reach.by_dual = float(moved[rows].sum()) + float(
                product[columns] @ d_complement[columns]
            )
            reach.by_primal = float(product[rows] @ d_complement[rows]) + float(
                moved[columns].sum()
            )
            reach.by_both = float(moved @ d_complement)
        move.of_blocks[k] = reach

    def refined(self, point: Point, move: Direction) -> Direction:
        """The direction with the KktSystem system solved more exactly."""
        newton, changed = self.newton, False
        for _round in range(self.settings.max_refinements):
            self.crew.every(lambda k, t: self._sides(self.blocks[k], point, move, self.rooms[t]))
            miss_r, miss_q, worst = newton.missed(newton.pulled, self.q, move.dx, move.dy)
            if not worst > self.settings.refinement_tolerance:
                break
            more_x, more_y = newton.solve(miss_r, miss_q)
            self.trace.solves += 1
            move.dx += more_x
            move.dy += more_y
            changed = True
        if not changed:
            return move
        self.crew.every(lambda k, thread: self._pairs(k, thread, point, move, True))
        return move.measured()

    # -- loop ------------------------------------------------------------------------------

    def run(self) -> tuple[Point, Convergence]:
        """Iterate to the tolerance, or to the best point that could be reached."""
        with self.crew.at_work():
            return self._run()

    def _run(self) -> tuple[Point, Convergence]:
        settings = self.settings
        point = starting_point(self.standard, self.newton, settings)
        progress = self.missing.measure(point)
        best, kept, since, least = progress, point.copy(), 0, progress.mu
        while progress.worst > settings.tolerance and since <= settings.max_stalled:
            if self.trace.iterations == settings.max_iterations:
                break
            try:
                move = self.step(point, progress)
            except NumericalError:
                break
            self.trace.iterations += 1
            before = progress
            if (
                min(before.primal, before.dual) > FAR_RESIDUAL
                and self.trace.iterations % FAR_INTERVAL
            ):
                progress = self.missing.shrink(point, before, move)
            else:
                progress = self.missing.measure(point)
                self._watch(before, progress, move)
            if not np.isfinite(progress.worst):
                break
            forward = progress.worst < 0.9 * best.worst or progress.mu < 0.9 * least
            since, least = 0 if forward else since + 1, min(least, progress.mu)
            if progress.worst < best.worst:
                best = progress
                if progress.worst < 1e-5:
                    kept.take(point)
        return (kept if best.worst < 1e-5 else point), best

    def _watch(self, before: Convergence, after: Convergence, move: Direction) -> None:
        """Refine from now on once residuals fall by less than the step should make them."""
        slack, factor = self.settings.tolerance, 1.5
        if after.primal > factor * (1 - move.primal) * before.primal + slack or (
            after.dual > factor * (1 - move.dual) * before.dual + slack
        ):
            self.refine = True

    def step(self, point: Point, progress: Convergence) -> Direction:
        """One iteration: factor, predict, correct, move."""
        self.factor(point)
        move, spare = self.moves
        ahead = self.direction(point, spare)
        goal = self._goal(ahead, progress)

        def correct(block: Block, room: Workspace, target: Floats) -> None:
            # the predictor moves is_direct by d, mates by -1 - d
            change, d_direct = room[0][: len(target)], ahead.direct[block.pairs]
            np.divide(goal, self.product[block.pairs], out=target)
            np.add(d_direct, 1.0, out=change)
            change *= d_direct
            change -= 1.0
            target += change

        move = self.direction(point, move, correct)
        move, used = self._centre(point, move, spare, goal)
        if self.refine:
            move = self.refined(point, move)
        self._bound(point, progress, move, goal)
        self.crew.every(lambda k, t: move.go(self.blocks[k], point, self.rooms[t][0]))
        short = min(move.primal, move.dual) < self.settings.short_step
        self.centring = max(self.centring * (2.0 if short else 0.5), self.settings.min_centring)
        self.centring = min(self.centring, self.settings.max_centring)
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

    def _goal(self, move: Direction, progress: Convergence) -> float:
        """Mean product to aim at, from how far the predictor gets."""
        if progress.mu <= 0:
            return 0.0
        by, primal, dual = move.reach, move.primal, move.dual
        change = primal * by.by_primal + dual * by.by_dual + primal * dual * by.by_both
        share = float(max(1.0 + change / progress.total, 0.0) ** self.settings.mehrotra_exponent)
        return progress.mu * min(share, self.centring)

    def _centre(
        self, point: Point, move: Direction, spare: Direction, goal: float
    ) -> tuple[Direction, int]:
        """Draw outlying products towards the goal as long as that lengthens the steps."""
        settings = self.settings
        for used in range(settings.max_correctors):
            if min(move.primal, move.dual) > 0.95:
                return move, used
            other = self.direction(point, spare, self._draw(move, goal))
            if other.primal + other.dual < move.primal + move.dual + settings.min_step_gain:
                return move, used
            move, spare = other, move
        return move, settings.max_correctors

    def _draw(self, move: Direction, goal: float) -> TargetWriter:
        """The target of a move, with outlying products brought back once its steps are longer."""
        reach, spread = self.settings.step_increment, self.settings.product_range
        low, high = goal / spread, goal * spread
        primal, dual = min(1.0, move.primal + reach), min(1.0, move.dual + reach)

        def draw(block: Block, room: Workspace, target: Floats) -> None:
            pairs, slacks = block.pairs, block.inequalities
            trial, other = (one[: len(target)] for one in room)
            d_direct, product = move.direct[pairs], self.product[pairs]
            np.subtract(move.target[pairs], d_direct, out=other)
            other[:slacks] *= primal
            other[slacks:] *= dual
            other += 1.0
            np.multiply(d_direct[:slacks], dual, out=trial[:slacks])
            np.multiply(d_direct[slacks:], primal, out=trial[slacks:])
            trial += 1.0
            trial *= other
            trial *= product
            np.copyto(target, move.target[pairs])
            out = np.flatnonzero((trial < low) | (trial > high))  # few, but for the beginning
            off = trial[out]
            target[out] += np.maximum(np.clip(off, low, high) - off, -high) / product[out]

        return draw

    def _bound(self, point: Point, progress: Convergence, move: Direction, goal: float) -> None:
        """Shorten the steps so that the pair that blocks keeps a share of the mean product."""
        if self.pairs == 0:
            return
        share, primal, dual = self.settings.step_back_fraction, move.primal, move.dual
        shorter = min(primal, dual)
        left = share * ((1 - shorter) * progress.mu + shorter * goal)
        if primal < 1.0:
            step = move.kept(point, move.reach.primal, left, dual)
            move.primal = min(max(step, (1 - share) * primal), 1.0)
        if dual < 1.0:
            step = move.kept(point, move.reach.dual, left, primal)
            move.dual = min(max(step, (1 - share) * dual), 1.0)
