"""Tolerances and constants of the interior-point iteration."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SolverSettings:
    """Tolerances and constants of the interior-point iteration.

    The defaults were found on sizing problems of energy systems with one year of hourly steps.

    Parameters
    ----------
    tolerance : float
        Relative gap, and 6 % of the relative residuals, at which the iteration ends; measured in
        the units of the program.
    max_iterations : int
    max_correctors : int
        Centrality correctors per iteration.
    step_increment : float
        By how much a centrality corrector tries to lengthen the steps.
    product_range : float
        A centrality corrector brings complementarity products back to
        ``[mu / product_range, mu * product_range]``, with ``mu`` the target of the mean product.
    min_step_gain : float
        Gain of the sum of both steps below which a corrector is dropped.
    initial_multiplier_share : float
        Multipliers of the starting point, relative to Mehrotra's.
    step_back_fraction : float
        Share of the mean product that a step leaves to the pair that blocks it.
    mehrotra_exponent : float
        The target of the mean product is ``mu * min((mu_aff / mu)**mehrotra_exponent, cap)``,
        where ``mu_aff`` is the mean product the predictor would leave.
    min_centring, max_centring : float
        Range of that cap, which starts at the least value, doubles after a short step and halves
        after any other.
    short_step : float
        Steps below this length are short.
    max_stalled : int
        Iterations without progress after which the iteration ends.
    primal_regularisation, free_regularisation : float
        Proximal terms on the diagonal of bounded and of free columns. The former limits how
        strongly rows of consecutive steps are coupled, beside which the small diagonal terms that
        make a long chain of them non-singular would be lost to rounding.
    dual_regularisation, slack_regularisation : float
        Proximal terms on the diagonal of equations and of inequalities. The latter keeps the
        multipliers bounded where the feasible set has no interior.
    max_refinements : int
        Rounds of iterative refinement per direction, once it has been turned on.
    refinement_tolerance : float
        Relative residual of the KKT system above which a direction is refined.
    near_distance, near_multiplier : float
        How far a starting point made of a like program's solution is moved away from the bounds:
        distances and multipliers are raised by this share of their mean.
    near_stalled : int
        Instead of *max_stalled* for an iteration that begins there.
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
    near_distance: float = 0.1
    near_multiplier: float = 0.1
    near_stalled: int = 10
