"""Constants of the iteration."""

from __future__ import annotations

from dataclasses import dataclass


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
    power : float
        The goal for the mean product is the mean product times the share the predictor leaves
        of it to this power, at most a share that lies between `least_centring` and
        `most_centring`.
    least_centring, most_centring, short : float
        That share doubles after a step shorter than *short* and halves after a longer one.
    stall : int
        Iterations without progress after which it gives up.
    curvature, free_curvature, row_compliance, slack_compliance : float
        Proximal terms on bounded and on free columns, on equations and on inequalities. The
        first bounds the couplings along a chain of stored energy, beside which what holds the
        chain in place would drown in rounding; the last keeps the multipliers of programs
        without an inside from running away.
    """

    tolerance: float = 3e-9
    iterations: int = 200
    correctors: int = 1
    reach: float = 0.5
    spread: float = 20.0
    gain: float = 0.01
    start_price: float = 0.05
    boundary: float = 0.3
    power: float = 5.0
    least_centring: float = 0.05
    most_centring: float = 0.4
    short: float = 0.1
    stall: int = 25
    curvature: float = 1e-9
    free_curvature: float = 1e-9
    row_compliance: float = 1e-10
    slack_compliance: float = 1e-7
    refinements: int = 1
    wanted_residual: float = 1e-11
