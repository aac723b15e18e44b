"""Targets of the complementarity products, and how close to the boundary a step may go.

References
----------
S. Mehrotra, *On the implementation of a primal-dual interior point method*, SIAM J. Optim. 2
(1992) 575-601: centring parameter and step to the boundary. J. Gondzio, *Multiple centrality
corrections in a primal-dual method for linear programming*, Comput. Optim. Appl. 6 (1996) 137-156.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from greenland.lp.direction import Direction, Point
from greenland.lp.program import Floats
from greenland.lp.residuals import Convergence
from greenland.lp.settings import SolverSettings
from greenland.lp.standard_form import Block

Workspace = tuple[Floats, Floats]
"""Two scratch arrays as long as the pairs of the largest block; one workspace per thread."""
ComplementarityTarget = Callable[[Block, Workspace, Floats], None]
"""Writes the wanted relative change of the products of a block's pairs to the last argument."""


def target_mu(predictor: Direction, convergence: Convergence, exponent: float, cap: float) -> float:
    """Mean product to aim at: ``mu * min((mu_aff / mu)**exponent, cap)``.

    ``mu_aff`` is the mean product the predictor would leave; Mehrotra's exponent is 3.
    """
    if convergence.mu <= 0:
        return 0.0
    lengths, primal, dual = predictor.lengths, predictor.primal_step, predictor.dual_step
    change = (
        primal * lengths.primal_change
        + dual * lengths.dual_change
        + primal * dual * lengths.cross_change
    )
    ratio = max(1.0 + change / convergence.product_sum, 0.0)
    return convergence.mu * min(float(ratio**exponent), cap)


def clip_products(
    direction: Direction, products: Floats, mu: float, settings: SolverSettings
) -> ComplementarityTarget:
    """Target of a centrality corrector to *direction*.

    The target of *direction* itself, with the products that longer steps would leave outside
    ``[mu / product_range, mu * product_range]`` brought back to that interval.
    """
    low, high = mu / settings.product_range, mu * settings.product_range
    primal = min(1.0, direction.primal_step + settings.step_increment)
    dual = min(1.0, direction.dual_step + settings.step_increment)

    def set_target(block: Block, workspace: Workspace, target: Floats) -> None:
        pairs, slacks = block.pairs, block.inequalities
        trial, complement_factor = (array[: len(target)] for array in workspace)
        d_direct, present = direction.d_direct[pairs], products[pairs]
        np.subtract(direction.target[pairs], d_direct, out=complement_factor)
        complement_factor[:slacks] *= primal
        complement_factor[slacks:] *= dual
        complement_factor += 1.0
        np.multiply(d_direct[:slacks], dual, out=trial[:slacks])
        np.multiply(d_direct[slacks:], primal, out=trial[slacks:])
        trial += 1.0
        trial *= complement_factor
        trial *= present
        np.copyto(target, direction.target[pairs])
        outliers = np.flatnonzero((trial < low) | (trial > high))  # few after some iterations
        product = trial[outliers]
        correction = np.maximum(np.clip(product, low, high) - product, -high)
        target[outliers] += correction / present[outliers]

    return set_target


def step_back(
    direction: Direction, point: Point, convergence: Convergence, mu: float, fraction: float
) -> None:
    """Shorten the steps so that each blocking pair keeps a fraction of the mean product.

    Mehrotra's step rule. The mean product after the step is interpolated between that of the
    point and its target *mu*.
    """
    primal, dual = direction.primal_step, direction.dual_step
    shorter = min(primal, dual)
    product = fraction * ((1 - shorter) * convergence.mu + shorter * mu)
    if primal < 1.0:
        step = direction.step_to_product(point, direction.lengths.primal, product, dual)
        direction.primal_step = min(max(step, (1 - fraction) * primal), 1.0)
    if dual < 1.0:
        step = direction.step_to_product(point, direction.lengths.dual, product, primal)
        direction.dual_step = min(max(step, (1 - fraction) * dual), 1.0)
