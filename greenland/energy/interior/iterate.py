"""The iteration: predictor, corrector and centrality correctors from an infeasible start.

References
----------
S. Mehrotra, *On the implementation of a primal-dual interior point method*, SIAM J. Optim. 2
(1992) 575-601: predictor-corrector, starting point. J. Gondzio, *Multiple centrality corrections
in a primal-dual method for linear programming*, Comput. Optim. Appl. 6 (1996) 137-156.
A. Altman, J. Gondzio, *Regularized symmetric indefinite systems in interior point methods*,
Optim. Methods Softw. 11 (1999) 275-302: proximal terms on free columns and equations.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from greenland.energy.interior.factor import Newton, NumericalError
from greenland.energy.interior.program import Floats
from greenland.energy.interior.standard import Standard


@dataclass(frozen=True)
class Settings:
    """Constants of the iteration; the defaults suit sizing problems.

    Parameters
    ----------
    tolerance : float
        Relative residuals and gap, in scaled numbers, at which the iteration ends.
    iterations : int
        Most iterations.
    correctors : int
        Most centrality correctors per iteration.
    stall : int
        Iterations without progress after which it gives up.
    """

    tolerance: float = 1e-9
    iterations: int = 200
    correctors: int = 2
    stall: int = 25
    free_curvature: float = 1e-7
    row_compliance: float = 1e-10
    refinements: int = 2
    wanted_residual: float = 1e-11


@dataclass
class Point:
    """A primal-dual point.

    *distance* holds slacks, bounded columns and room below upper bounds, one after the other;
    *dual* their multipliers in the same order, those of the slacks being the duals of the rows.
    """

    x: Floats
    y: Floats
    distance: Floats
    dual: Floats


@dataclass
class Progress:
    """Measures of a point, relative."""

    primal: float
    dual: float
    gap: float
    mu: float

    @property
    def worst(self) -> float:
        """The largest of residuals and gap."""
        return max(self.primal, self.dual, self.gap)


@dataclass
class Trace:
    """What happened, for tests and for the curious."""

    iterations: int = 0
    solves: int = 0
    rows: list[tuple[float, float, float, float, float, float, int]] = field(default_factory=list)


class Iteration:
    """Primal-dual iteration on one standard program."""

    def __init__(self, standard: Standard, newton: Newton, settings: Settings) -> None:
        self.standard, self.newton, self.settings = standard, newton, settings
        self.slacks = standard.inequalities
        self.bounded, self.boxed = standard.bounded, standard.boxed
        self.pairs = self.slacks + self.bounded + self.boxed
        self.low = slice(self.slacks, self.slacks + self.bounded)
        self.high = slice(self.slacks + self.bounded, self.pairs)
        self.rhs_size = 1.0 + float(np.max(np.abs(standard.rhs), initial=0.0))
        self.cost_size = 1.0 + float(np.max(np.abs(standard.cost), initial=0.0))
        self.trace = Trace()

    # -- pieces ----------------------------------------------------------------------------

    def residuals(self, point: Point) -> tuple[Floats, Floats]:
        """What is missing in the rows and in the columns."""
        standard = self.standard
        primal = standard.rhs - self.newton.multiply(point.x)
        primal[: self.slacks] += point.distance[: self.slacks]
        dual = standard.cost - self.newton.multiply_t(point.y)
        dual[: self.bounded] -= point.dual[self.low]
        dual[: self.boxed] += point.dual[self.high]
        return primal, dual

    def progress(self, point: Point, primal: Floats, dual: Floats) -> Progress:
        """Measure a point."""
        standard = self.standard
        value = float(standard.cost @ point.x)
        bound = float(standard.rhs @ point.y - standard.upper @ point.dual[self.high])
        size = max(abs(value), abs(bound), 1e-6)
        return Progress(
            float(np.max(np.abs(primal), initial=0.0)) / self.rhs_size,
            float(np.max(np.abs(dual), initial=0.0)) / self.cost_size,
            abs(value - bound) / size,
            float(point.distance @ point.dual) / max(self.pairs, 1),
        )

    def factor(self, point: Point) -> None:
        """Factor the Newton system at a point."""
        curvature = np.full(len(point.x), self.settings.free_curvature)
        ratio = point.dual[self.slacks :] / point.distance[self.slacks :]
        curvature[: self.bounded] = ratio[: self.bounded]
        curvature[: self.boxed] += ratio[self.bounded :]
        compliance = np.full(len(point.y), self.settings.row_compliance)
        compliance[: self.slacks] = point.distance[: self.slacks] / point.dual[: self.slacks]
        self.newton.factor(curvature, compliance)

    def direction(
        self, point: Point, primal: Floats, dual: Floats, target: Floats
    ) -> tuple[Floats, Floats, Floats, Floats]:
        """Newton direction that moves the products of the pairs by *target*."""
        slacks = self.slacks
        q = primal.copy()
        q[:slacks] += target[:slacks] / point.dual[:slacks]
        pull = target[slacks:] / point.distance[slacks:]
        r = -dual
        r[: self.bounded] += pull[: self.bounded]
        r[: self.boxed] -= pull[self.bounded :]
        dx, dy = self.solve(r, q)
        d_distance = np.empty(self.pairs)
        d_dual = np.empty(self.pairs)
        d_dual[:slacks] = dy[:slacks]
        d_distance[:slacks] = (
            target[:slacks] - point.distance[:slacks] * dy[:slacks]
        ) / point.dual[:slacks]
        d_distance[self.low] = dx[: self.bounded]
        d_distance[self.high] = -dx[: self.boxed]
        d_dual[slacks:] = pull - point.dual[slacks:] * d_distance[slacks:] / point.distance[slacks:]
        return dx, dy, d_distance, d_dual

    def solve(self, r: Floats, q: Floats) -> tuple[Floats, Floats]:
        """Solve the Newton system with iterative refinement."""
        newton = self.newton
        dx, dy = newton.solve(r, q)
        self.trace.solves += 1
        for _round in range(self.settings.refinements):
            miss_r = r - newton.h * dx + newton.multiply_t(dy)
            miss_q = q - newton.multiply(dx) - newton.d * dy
            worst = max(
                float(np.max(np.abs(miss_r) / (1.0 + newton.h), initial=0.0)),
                float(np.max(np.abs(miss_q) / (1.0 + newton.d), initial=0.0)),
            )
            if not worst > self.settings.wanted_residual:
                break
            more_x, more_y = newton.solve(miss_r, miss_q)
            self.trace.solves += 1
            dx, dy = dx + more_x, dy + more_y
        if not (np.isfinite(dx).all() and np.isfinite(dy).all()):
            raise NumericalError("the direction is not finite")
        return dx, dy

    # -- start -----------------------------------------------------------------------------

    def start(self) -> Point:
        """Mehrotra's starting point: least squares, then shifted inside."""
        standard, slacks = self.standard, self.slacks
        columns, rows = len(standard.cost), len(standard.rhs)
        compliance = np.full(rows, self.settings.row_compliance)
        compliance[:slacks] = 1.0
        self.newton.factor(np.ones(columns), compliance)
        x, minus_s = self.solve(np.zeros(columns), standard.rhs.copy())
        minus_z, y = self.solve(-standard.cost, np.zeros(rows))
        distance = np.concatenate([-minus_s[:slacks], x[: self.bounded]])
        price = np.concatenate([y[:slacks], -minus_z[: self.bounded]])
        distance, price = _shift_inside(distance, price)
        x[: self.bounded] = distance[slacks:]
        x[: self.boxed] = np.clip(x[: self.boxed], 0.1 * standard.upper, 0.9 * standard.upper)
        distance = np.concatenate(
            [distance[:slacks], x[: self.bounded], standard.upper - x[: self.boxed]]
        )
        floor = float(np.mean(price)) if len(price) else 1.0
        high = np.maximum(minus_z[: self.boxed], 0.0) + floor
        price[slacks : slacks + self.boxed] = np.maximum(-minus_z[: self.boxed], 0.0) + floor
        y[:slacks] = price[:slacks]
        return Point(x, y, distance, np.concatenate([price, high]))

    # -- loop ------------------------------------------------------------------------------

    def run(self) -> tuple[Point, Progress]:
        """Iterate to the tolerance, or to the best point that could be reached."""
        settings = self.settings
        point = self.start()
        best: tuple[float, Point, Progress] | None = None
        since = 0
        for number in range(settings.iterations + 1):
            primal, dual = self.residuals(point)
            progress = self.progress(point, primal, dual)
            if best is None or progress.worst < best[0]:
                kept = Point(*(v.copy() for v in (point.x, point.y, point.distance, point.dual)))
                since = 0 if best is None or progress.worst < 0.9 * best[0] else since + 1
                best = (progress.worst, kept, progress)
            else:
                since += 1
            self.trace.iterations = number
            if progress.worst <= settings.tolerance or since > settings.stall:
                break
            if number == settings.iterations:
                break
            try:
                self.step(point, progress, primal, dual)
            except NumericalError:
                break
        assert best is not None
        return best[1], best[2]

    def step(self, point: Point, progress: Progress, primal: Floats, dual: Floats) -> None:
        """One iteration: factor, predict, correct, move."""
        self.factor(point)
        products = point.distance * point.dual
        ahead = self.direction(point, primal, dual, -products)
        step_p, step_d = _longest(point, ahead)
        after = float(
            (point.distance + step_p * ahead[2]) @ (point.dual + step_d * ahead[3])
        ) / max(self.pairs, 1)
        sigma = (after / progress.mu) ** 3 if progress.mu > 0 else 0.0
        goal = sigma * progress.mu
        target = goal - products - ahead[2] * ahead[3]
        move = self.direction(point, primal, dual, target)
        step_p, step_d = _longest(point, move)
        used = 0
        for _ in range(self.settings.correctors):
            if min(step_p, step_d) > 0.95:
                break
            wish_p, wish_d = min(1.0, step_p + 0.3), min(1.0, step_d + 0.3)
            trial = (point.distance + wish_p * move[2]) * (point.dual + wish_d * move[3])
            low, high = 0.1 * goal, 10.0 * goal
            change = np.clip(trial, low, high) - trial
            np.maximum(change, -high, out=change)
            other = self.direction(point, primal, dual, target + change)
            other_p, other_d = _longest(point, other)
            if other_p + other_d < step_p + step_d + 0.02:
                break
            target, move = target + change, other
            step_p, step_d = other_p, other_d
            used += 1
        keep = max(0.99, 1.0 - 10 * progress.mu) if min(step_p, step_d) > 0.1 else 0.99
        step_p, step_d = min(1.0, keep * step_p), min(1.0, keep * step_d)
        point.x += step_p * move[0]
        point.distance += step_p * move[2]
        point.y += step_d * move[1]
        point.dual += step_d * move[3]
        self.trace.rows.append(
            (progress.primal, progress.dual, progress.gap, progress.mu, step_p, step_d, used)
        )


def _longest(point: Point, move: tuple[Floats, Floats, Floats, Floats]) -> tuple[float, float]:
    """Longest primal and dual steps, up to 1, that keep distances and duals positive."""
    if len(point.distance) == 0:
        return 1.0, 1.0
    fall = float(np.max(-move[2] / point.distance))
    fall_dual = float(np.max(-move[3] / point.dual))
    return (1.0 / fall if fall > 1.0 else 1.0), (1.0 / fall_dual if fall_dual > 1.0 else 1.0)


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
