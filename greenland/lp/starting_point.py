"""Mehrotra's starting point: a least-squares solution, shifted to the interior.

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
from greenland.lp.standard_form import StandardForm, standard_x

LEAST = 1e-6
"""Distance and multiplier that no pair of a starting point near a solution falls below."""
BOTH = 0.2
"""Share of what a pair is moved away from the bounds by above which its members are not zero."""


def starting_point(standard: StandardForm, kkt: KktSystem, settings: SolverSettings) -> Point:
    """Starting point of the iteration.

    Two solutions of the KKT system with unit diagonals give the least-norm ``x, s`` of the rows
    and the least-squares ``y, z`` of the columns; both are then shifted to positive values, and
    the multipliers reduced to `SolverSettings.initial_multiplier_share`.
    """
    (slack_pairs, slack_rows), (lower_pairs, bounded) = standard.slack_pairs, standard.lower_pairs
    upper_pairs, boxed = standard.upper_pairs
    kkt.h[:], kkt.d[:] = 1.0, settings.dual_regularisation
    kkt.d[slack_rows] = 1.0
    kkt.pool.map_blocks(lambda k, _thread: kkt.update_weights(k))
    kkt.factor()
    x, minus_s = kkt.solve(np.zeros(len(standard.cost)), standard.rhs)
    minus_z, y = kkt.solve(-standard.cost, np.zeros(len(standard.rhs)))
    n_slacks = len(slack_rows)
    distance = np.concatenate([-minus_s[slack_rows], x[bounded]])
    multiplier = np.concatenate([y[slack_rows], -minus_z[bounded]])
    distance, multiplier = _shift_to_interior(distance, multiplier)
    multiplier *= settings.initial_multiplier_share
    x[bounded] = distance[n_slacks:]
    x[boxed] = np.clip(x[boxed], 0.1 * standard.upper, 0.9 * standard.upper)
    floor = float(np.mean(multiplier)) if len(multiplier) else 1.0
    is_boxed = np.zeros(len(x), dtype=bool)
    is_boxed[boxed] = True
    multiplier[n_slacks:][is_boxed[bounded]] = np.maximum(-minus_z[boxed], 0.0) + floor
    y[slack_rows] = multiplier[:n_slacks]
    direct, complement = np.empty(standard.n_pairs), np.empty(standard.n_pairs)
    direct[slack_pairs], complement[slack_pairs] = multiplier[:n_slacks], distance[:n_slacks]
    direct[lower_pairs], complement[lower_pairs] = x[bounded], multiplier[n_slacks:]
    direct[upper_pairs] = standard.upper - x[boxed]
    complement[upper_pairs] = np.maximum(minus_z[boxed], 0.0) + floor
    return Point(x, y, direct, complement)


def _shift_to_interior(distance: Floats, multiplier: Floats) -> tuple[Floats, Floats]:
    """Shift slacks and multipliers so that all are positive and their products balanced."""
    if len(distance) == 0:
        return distance, multiplier
    distance = distance + max(-1.5 * float(distance.min()), 0.0)
    multiplier = multiplier + max(-1.5 * float(multiplier.min()), 0.0)
    product = float(distance @ multiplier)
    distance = distance + max(0.5 * product / max(float(multiplier.sum()), 1e-12), 1e-3)
    multiplier = multiplier + max(0.5 * product / max(float(distance.sum()), 1e-12), 1e-3)
    return distance, multiplier


def starting_point_near(
    standard: StandardForm, stated_x: Floats, stated_y: Floats, settings: SolverSettings
) -> Point:
    """Starting point from the solution of a like program, moved away from all bounds.

    Parameters
    ----------
    standard : StandardForm
    stated_x, stated_y : array
        Columns, and duals of the rows, of the solution of a program of the same shape as the one
        stated, in its units.
    settings : SolverSettings

    Notes
    -----
    Distances and multipliers that are zero at that solution get a share of the mean distance and
    the mean multiplier (`SolverSettings.near_distance`): a point close to the boundary would make
    the first steps too short to leave it (J. Gondzio, *Warm start of the primal-dual method
    applied in the cutting-plane scheme*, Math. Program. 83 (1998) 125-143). A pair both of whose
    members are far from zero, as where a price was raised since, begins without its multiplier,
    and the residual of its column is the larger for it: a single product far out of proportion
    would shorten all steps.
    """
    (slack_pairs, slack_rows), (lower_pairs, bounded) = standard.slack_pairs, standard.lower_pairs
    upper_pairs, boxed = standard.upper_pairs
    x, y = standard_x(standard, stated_x), stated_y[standard.original_row] / standard.row_factor
    surplus = standard.matrix @ x - standard.rhs
    reduced = standard.cost - standard.matrix.T @ y
    distance = np.concatenate([np.maximum(surplus[slack_rows], 0.0), np.maximum(x[bounded], 0.0)])
    multiplier = np.concatenate([np.maximum(y[slack_rows], 0.0), np.maximum(reduced[bounded], 0.0)])
    away = settings.near_distance * float(np.sum(distance)) / max(len(distance), 1) + LEAST
    held = settings.near_multiplier * float(np.sum(multiplier)) / max(len(multiplier), 1) + LEAST
    multiplier[(distance > BOTH * away) & (multiplier > BOTH * held)] = 0.0
    distance += away
    multiplier += held
    n_slacks = len(slack_rows)
    x[bounded] = distance[n_slacks:]
    x[boxed] = np.clip(x[boxed], 0.05 * standard.upper, 0.95 * standard.upper)
    y[slack_rows] = multiplier[:n_slacks]
    direct, complement = np.empty(standard.n_pairs), np.empty(standard.n_pairs)
    direct[slack_pairs], complement[slack_pairs] = multiplier[:n_slacks], distance[:n_slacks]
    direct[lower_pairs], complement[lower_pairs] = x[bounded], multiplier[n_slacks:]
    direct[upper_pairs] = standard.upper - x[boxed]
    complement[upper_pairs] = np.maximum(-reduced[boxed], 0.0) + held
    return Point(x, y, direct, complement)
