"""The primal-dual iteration: predictor, corrector and centrality corrector, infeasible start.

Each iteration factors the KKT system of the present point once and solves it two to four times.
All work on vectors is done block by block (see `greenland.lp.standard_form`), several operations
on one block before the next, so that its numbers are still in the processor's cache.

References
----------
S. Mehrotra, *On the implementation of a primal-dual interior point method*, SIAM J. Optim. 2
(1992) 575-601: predictor and corrector, centring parameter, starting point, step to the boundary.
J. Gondzio, *Multiple centrality corrections in a primal-dual method for linear programming*,
Comput. Optim. Appl. 6 (1996) 137-156. A. Altman, J. Gondzio, *Regularized symmetric indefinite
systems in interior point methods for linear and quadratic optimization*, Optim. Methods Softw. 11
(1999) 275-302: proximal terms on columns and rows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from greenland.lp.direction import Direction, Point, StepLengths
from greenland.lp.kkt import KktSystem
from greenland.lp.program import Floats
from greenland.lp.reduced_system import NumericalError
from greenland.lp.residuals import Convergence, Residuals
from greenland.lp.settings import SolverSettings
from greenland.lp.standard_form import Block, StandardForm
from greenland.lp.starting_point import starting_point
from greenland.lp.step_rules import (
    ComplementarityTarget,
    Workspace,
    clip_products,
    step_back,
    target_mu,
)
from greenland.lp.wanted import require_wanted

FAR_RESIDUAL, FAR_INTERVAL = 1e-3, 4
"""While both relative residuals exceed the first, they are recomputed every so many iterations
only, and shrunk by the step lengths in between."""
MAX_REGULARISATION = 1e-4
"""Where a system does not factor, its proximal terms are multiplied by 100 up to about this."""
CLOSED_STALLED = 8
"""Iterations without progress after which one ends whose gap is closed: what residuals are left
then are those of rounding."""
KEEP_POINT = 1e-5
"""Points better than this are kept, to be returned if the iteration breaks down later."""


@dataclass
class IterationLog:
    """Counts, and one row per iteration.

    A row holds the relative primal residual, dual residual and gap and the mean product before
    the iteration, its primal and dual step, and the number of centrality correctors kept.
    """

    iterations: int = 0
    solves: int = 0
    rows: list[tuple[float, float, float, float, float, float, int]] = field(default_factory=list)


class PrimalDualIteration:
    """Primal-dual iteration on one program in standard form.

    Parameters
    ----------
    standard : StandardForm
    kkt : KktSystem
        Of the same matrix.
    settings : SolverSettings

    Attributes
    ----------
    log : IterationLog
    """

    def __init__(self, standard: StandardForm, kkt: KktSystem, settings: SolverSettings) -> None:
        self.standard, self.kkt, self.settings = standard, kkt, settings
        self.blocks, self.n_pairs = standard.blocks, standard.n_pairs
        self.residuals = Residuals(standard, kkt)
        self.refining = False
        self.free_regularisation = settings.free_regularisation
        self.dual_regularisation = settings.dual_regularisation
        self.centring_cap = settings.min_centring
        self.log = IterationLog()
        self.products, self.row_rhs = np.empty(self.n_pairs), np.empty(len(standard.rhs))
        longest = max(block.pairs.stop - block.pairs.start for block in self.blocks)
        self.pool = kkt.pool
        self.workspaces = [
            (np.empty(longest), np.empty(longest)) for _thread in range(self.pool.n_threads)
        ]
        shape = len(self.blocks), self.n_pairs, len(standard.cost), len(standard.rhs)
        self.directions = Direction.allocate(*shape), Direction.allocate(*shape)

    # -- directions ------------------------------------------------------------------------

    def factor(self, point: Point) -> None:
        """Factor the KKT system at a point, with larger proximal terms where it must be.

        Raises
        ------
        NumericalError
            If it does not factor with the largest ones either.
        """
        while True:
            self.pool.map_blocks_and_border(
                lambda k, thread: self._update_diagonals(k, thread, point)
            )
            try:
                return self.kkt.factor()
            except NumericalError:
                if self.free_regularisation > MAX_REGULARISATION:
                    raise
                self.free_regularisation *= 100
                self.dual_regularisation *= 100

    def _update_diagonals(self, k: int, thread: int, point: Point) -> None:
        """Diagonals ``h`` and ``d`` of the KKT system in a block."""
        block, settings = self.blocks[k], self.settings
        slacks, bounded = block.inequalities, block.bounded
        direct, complement = point.direct[block.pairs], point.complement[block.pairs]
        np.multiply(direct, complement, out=self.products[block.pairs])
        ratio = np.divide(complement, direct, out=self.workspaces[thread][0][: len(direct)])
        h, d = self.kkt.h[block.columns], self.kkt.d[block.rows]
        lower, upper = ratio[slacks : block.upper_start], ratio[block.upper_start :]
        np.add(lower, settings.primal_regularisation, out=h[:bounded])
        h[: block.boxed] += upper
        h[bounded:] = self.free_regularisation
        np.add(ratio[:slacks], settings.slack_regularisation, out=d[:slacks])
        d[slacks:] = self.dual_regularisation
        if k < len(self.kkt.blocks):
            self.kkt.update_weights(k)

    def direction(
        self, point: Point, direction: Direction, set_target: ComplementarityTarget | None = None
    ) -> Direction:
        """Compute a Newton direction into the arrays of *direction*.

        Parameters
        ----------
        point : Point
        direction : Direction
            Overwritten.
        set_target : callable, optional
            Writes the complementarity target; without it all products are to vanish (the
            predictor, or affine scaling direction).
        """
        kkt, border = self.kkt, len(self.kkt.blocks)

        def forward(k: int, thread: int) -> None:
            block, workspace = self.blocks[k], self.workspaces[thread]
            if set_target is not None:
                set_target(block, workspace, direction.target[block.pairs])
            self._set_rhs(block, point, None if set_target is None else direction, workspace)
            if k < border:
                kkt.forward(k, thread, self.row_rhs[block.rows])

        def backward(k: int, thread: int) -> None:
            block = self.blocks[k]
            if k < border:
                dx, dy = direction.dx[block.columns], direction.dy[block.rows]
                kkt.backward(k, self.row_rhs[block.rows], dx, dy)
            self._recover_pairs(k, thread, point, direction, set_target is not None)

        self.pool.map_blocks_and_border(forward)
        kkt.solve_border(self.row_rhs[kkt.border_rows])
        kkt.write_border(direction.dx, direction.dy)
        self.pool.map_blocks_and_border(backward)
        self.log.solves += 1
        return direction.join_blocks()

    def _set_rhs(
        self, block: Block, point: Point, direction: Direction | None, workspace: Workspace
    ) -> None:
        """Right-hand sides of a block's columns and rows, for the target of *direction*."""
        pairs, slacks, bounded = block.pairs, block.inequalities, block.bounded
        row_rhs, column_rhs = self.row_rhs[block.rows], self.kkt.column_rhs[block.columns]
        dual, change = self.residuals.dual[block.columns], workspace[0][: pairs.stop - pairs.start]
        if direction is None:
            np.negative(point.complement[pairs], out=change)
        else:
            np.multiply(direction.target[pairs], point.complement[pairs], out=change)
        np.copyto(row_rhs, self.residuals.primal[block.rows])
        row_rhs[:slacks] += change[:slacks]
        np.subtract(change[slacks : block.upper_start], dual[:bounded], out=column_rhs[:bounded])
        np.negative(dual[bounded:], out=column_rhs[bounded:])
        column_rhs[: block.boxed] -= change[block.upper_start :]

    def _recover_pairs(
        self, k: int, thread: int, point: Point, direction: Direction, has_target: bool
    ) -> None:
        """Changes of a block's pairs from ``dx`` and ``dy``, and the longest steps they allow."""
        block, lengths = self.blocks[k], StepLengths()
        pairs, slacks, dx = block.pairs, block.inequalities, direction.dx[block.columns]
        first, direct, d_direct = pairs.start, point.direct[pairs], direction.d_direct[pairs]
        rows, lower = slice(0, slacks), slice(slacks, block.upper_start)
        upper, columns = slice(block.upper_start, None), slice(slacks, None)
        np.divide(direction.dy[block.rows][:slacks], direct[rows], out=d_direct[rows])
        np.divide(dx[: block.bounded], direct[lower], out=d_direct[lower])
        np.divide(dx[: block.boxed], direct[upper], out=d_direct[upper])
        np.negative(d_direct[upper], out=d_direct[upper])
        d_complement, scratch = (array[: len(d_direct)] for array in self.workspaces[thread])
        np.subtract(direction.target[pairs] if has_target else -1.0, d_direct, out=d_complement)
        lengths.dual.update(d_direct[rows], first, True)
        lengths.primal.update(d_direct[columns], first + slacks, True)
        lengths.primal.update(d_complement[rows], first, False)
        lengths.dual.update(d_complement[columns], first + slacks, False)
        if not has_target:
            products = self.products[pairs]
            np.multiply(products, d_direct, out=scratch)
            lengths.dual_change = float(scratch[rows].sum()) + float(
                products[columns] @ d_complement[columns]
            )
            lengths.primal_change = float(products[rows] @ d_complement[rows]) + float(
                scratch[columns].sum()
            )
            lengths.cross_change = float(scratch @ d_complement)
        direction.block_lengths[k] = lengths

    def refine(self, point: Point, direction: Direction) -> Direction:
        """Iterative refinement of the solution of the KKT system behind *direction*."""
        kkt, refined = self.kkt, False
        for _round in range(self.settings.max_refinements):
            self.pool.map_blocks_and_border(
                lambda k, thread: self._set_rhs(
                    self.blocks[k], point, direction, self.workspaces[thread]
                )
            )
            column_residual, row_residual, largest = kkt.newton_residual(
                kkt.column_rhs, self.row_rhs, direction.dx, direction.dy
            )
            if not largest > self.settings.refinement_tolerance:
                break
            dx, dy = kkt.solve(column_residual, row_residual)
            self.log.solves += 1
            direction.dx += dx
            direction.dy += dy
            refined = True
        if not refined:
            return direction
        self.pool.map_blocks_and_border(
            lambda k, thread: self._recover_pairs(k, thread, point, direction, True)
        )
        return direction.join_blocks()

    # -- loop ------------------------------------------------------------------------------

    def run(
        self, begin: Point | None = None, until: Callable[[Point], bool] | None = None
    ) -> tuple[Point, Convergence]:
        """Iterate to the tolerance, or to the best point that could be reached.

        Parameters
        ----------
        begin : Point, optional
            By default Mehrotra's starting point.
        until : callable, optional
            Asked after every other iteration; where it says so, the present point is enough.

        Returns
        -------
        point : Point
        convergence : Convergence
            Of the best point seen.
        """
        with self.pool.running():
            return self._run(begin, until)

    def _run(
        self, begin: Point | None, until: Callable[[Point], bool] | None
    ) -> tuple[Point, Convergence]:
        settings = self.settings
        point = begin or starting_point(self.standard, self.kkt, settings)
        convergence = self.residuals.evaluate(point)
        best, best_point = convergence, point.copy()
        stalled, least_mu = 0, convergence.mu
        while convergence.worst > settings.tolerance:
            is_open = convergence.gap > settings.tolerance
            patience = (
                settings.max_stalled if is_open else min(settings.max_stalled, CLOSED_STALLED)
            )
            if stalled > patience:
                break
            if self.log.iterations == settings.max_iterations:
                break
            try:
                direction = self.step(point, convergence)
            except NumericalError:
                break
            self.log.iterations += 1
            before = convergence
            far = min(before.primal, before.dual) > FAR_RESIDUAL
            if far and self.log.iterations % FAR_INTERVAL:
                convergence = self.residuals.shrink(point, before, direction)
            else:
                convergence = self.residuals.evaluate(point)
                self._watch_residuals(before, convergence, direction)
            if not np.isfinite(convergence.worst):
                break
            # products that vanish further are no progress once the gap is closed
            closing = is_open and convergence.mu < 0.9 * least_mu
            progress = convergence.worst < 0.9 * best.worst or closing
            stalled, least_mu = 0 if progress else stalled + 1, min(least_mu, convergence.mu)
            if convergence.worst < best.worst:
                best = convergence
                if convergence.worst < KEEP_POINT:
                    best_point.copy_from(point)
            if until is not None and self.log.iterations % 2 == 0 and until(point):
                return point, convergence
        return (best_point if best.worst < KEEP_POINT else point), best

    def _watch_residuals(
        self, before: Convergence, after: Convergence, direction: Direction
    ) -> None:
        """Turn on refinement once residuals fall by less than the steps should make them fall."""
        slack, factor = self.settings.tolerance, 1.5
        if after.primal > factor * (1 - direction.primal_step) * before.primal + slack or (
            after.dual > factor * (1 - direction.dual_step) * before.dual + slack
        ):
            self.refining = True

    def step(self, point: Point, convergence: Convergence) -> Direction:
        """One iteration: factor, predict, correct, centre, and move *point* in place.

        Raises
        ------
        GivenUpError
            Where the answer is no longer wanted.
        """
        require_wanted()
        self.factor(point)
        direction, spare = self.directions
        predictor = self.direction(point, spare)
        mu = target_mu(predictor, convergence, self.settings.mehrotra_exponent, self.centring_cap)

        def second_order(block: Block, workspace: Workspace, target: Floats) -> None:
            # the predictor changes a direct half by d and its complement by -1 - d; the product
            # of both changes is what its linearisation leaves out
            correction, d_direct = workspace[0][: len(target)], predictor.d_direct[block.pairs]
            np.divide(mu, self.products[block.pairs], out=target)
            np.add(d_direct, 1.0, out=correction)
            correction *= d_direct
            correction -= 1.0
            target += correction

        direction = self.direction(point, direction, second_order)
        direction, correctors = self._centrality_corrector(point, direction, spare, mu)
        if self.refining:
            direction = self.refine(point, direction)
        if self.n_pairs:
            step_back(direction, point, convergence, mu, self.settings.step_back_fraction)
        self.pool.map_blocks_and_border(
            lambda k, thread: direction.apply(self.blocks[k], point, self.workspaces[thread][0])
        )
        self._adapt_centring(direction)
        self.log.rows.append(
            (
                convergence.primal,
                convergence.dual,
                convergence.gap,
                convergence.mu,
                direction.primal_step,
                direction.dual_step,
                correctors,
            )
        )
        return direction

    def _adapt_centring(self, direction: Direction) -> None:
        """Double the cap on the centring parameter after a short step, else halve it."""
        settings = self.settings
        short = min(direction.primal_step, direction.dual_step) < settings.short_step
        cap = max(self.centring_cap * (2.0 if short else 0.5), settings.min_centring)
        self.centring_cap = min(cap, settings.max_centring)

    def _centrality_corrector(
        self, point: Point, direction: Direction, spare: Direction, mu: float
    ) -> tuple[Direction, int]:
        """Gondzio's correctors, as long as they lengthen the steps; the number of them kept."""
        settings = self.settings
        for kept in range(settings.max_correctors):
            if min(direction.primal_step, direction.dual_step) > 0.95:
                return direction, kept
            trial = self.direction(
                point, spare, clip_products(direction, self.products, mu, settings)
            )
            gain = settings.min_step_gain
            if trial.primal_step + trial.dual_step < (
                direction.primal_step + direction.dual_step + gain
            ):
                return direction, kept
            direction, spare = trial, direction
        return direction, settings.max_correctors
