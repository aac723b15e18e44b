"""Where the iteration begins.

References
----------
S. Mehrotra, *On the implementation of a primal-dual interior point method*, SIAM J. Optim. 2
(1992) 575-601.
"""

from __future__ import annotations

import numpy as np

from greenland.lp.direction import Point
from greenland.lp.kkt import KktSystem
from greenland.lp.program import Floats
from greenland.lp.settings import SolverSettings
from greenland.lp.standard_form import StandardForm


def starting_point(standard: StandardForm, newton: KktSystem, settings: SolverSettings) -> Point:
    """Mehrotra's starting point: least squares, then shifted inside."""
    (slack_pairs, slack_rows), (low_pairs, low) = standard.slack_pairs, standard.lower_pairs
    high_pairs, high = standard.upper_pairs
    newton.h[:], newton.d[:] = 1.0, settings.dual_regularisation
    newton.d[slack_rows] = 1.0
    newton.crew.run(lambda k, _thread: newton.weigh(k))
    newton.factor()
    x, minus_s = newton.solve(np.zeros(len(standard.cost)), standard.rhs)
    minus_z, y = newton.solve(-standard.cost, np.zeros(len(standard.rhs)))
    slacks = len(slack_rows)
    distance = np.concatenate([-minus_s[slack_rows], x[low]])
    price = np.concatenate([y[slack_rows], -minus_z[low]])
    distance, price = _shift_inside(distance, price)
    price *= settings.initial_multiplier_share
    x[low] = distance[slacks:]
    x[high] = np.clip(x[high], 0.1 * standard.upper, 0.9 * standard.upper)
    floor = float(np.mean(price)) if len(price) else 1.0
    boxed = np.zeros(len(x), dtype=bool)
    boxed[high] = True
    price[slacks:][boxed[low]] = np.maximum(-minus_z[high], 0.0) + floor
    y[slack_rows] = price[:slacks]
    direct, complement = np.empty(standard.pairs), np.empty(standard.pairs)
    direct[slack_pairs], complement[slack_pairs] = price[:slacks], distance[:slacks]
    direct[low_pairs], complement[low_pairs] = x[low], price[slacks:]
    direct[high_pairs] = standard.upper - x[high]
    complement[high_pairs] = np.maximum(minus_z[high], 0.0) + floor
    return Point(x, y, direct, complement)


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
