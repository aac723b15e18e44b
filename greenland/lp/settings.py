"""Constants of the iteration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SolverSettings:
    """Constants of the iteration; the defaults suit sizing problems.

    Parameters
    ----------
    tolerance : float
        Gap, and 6 % of the residuals, at which the iteration ends; all are relative and in
        the units of the program.
    max_iterations : int
        Most iterations.
    max_correctors : int
        Most centrality max_correctors per iteration.
    step_increment : float
        How much longer a step a corrector aims at.
    product_range : float
        Products are drawn into ``[goal / product_range, goal * spread]``.
    min_step_gain : float
        Least growth of the summed steps for which a corrector is kept.
    initial_multiplier_share : float
        Share of Mehrotra's starting multipliers to begin with.
    step_back_fraction : float
        Share of the mean product left to the pair that blocks a step.
    mehrotra_exponent : float
        The goal for the mean product is the mean product times the share the predictor leaves
        of it to this mehrotra_exponent, at most a share that lies between `min_centring` and
        `max_centring`.
    min_centring, max_centring, short_step : float
        That share doubles after a step shorter than *short_step* and halves after a longer one.
    max_stalled : int
        Iterations without progress after which it gives up.
    primal_regularisation, free_regularisation, dual_regularisation, slack_regularisation : float
        Proximal terms on bounded and on free columns, on equations and on inequalities. The
        first bounds the couplings along a chain of stored energy, beside which what holds the
        chain in place would drown in rounding; the last keeps the multipliers of programs
        without an inside from running away.
    """

    tolerance: float = 3e-9
    max_iterations: int = 200
    max_correctors: int = 1
    step_increment: float = 0.5
    product_range: float = 20.0
    min_step_gain: float = 0.01
    initial_multiplier_share: float = 0.05
    step_back_fraction: float = 0.3
    mehrotra_exponent: float = 5.0
    min_centring: float = 0.05
    max_centring: float = 0.4
    short_step: float = 0.1
    max_stalled: int = 25
    primal_regularisation: float = 1e-9
    free_regularisation: float = 1e-9
    dual_regularisation: float = 1e-10
    slack_regularisation: float = 1e-7
    max_refinements: int = 1
    refinement_tolerance: float = 1e-11
