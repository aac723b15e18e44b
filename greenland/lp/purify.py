"""From the last interior point to a solution that lies on its bounds.

An interior point comes close to the bounds that hold at an optimum, but never reaches them.
Columns whose multiplier says that a bound holds are put onto it, unless that makes the solution
worse.
"""

from __future__ import annotations

import numpy as np

from greenland.lp.direction import Point
from greenland.lp.optimality import ACCEPTANCE_TOLERANCE, KktCheck, KktResiduals
from greenland.lp.program import Floats, LinearProgram
from greenland.lp.standard_form import StandardForm

PURIFY_DISTANCES = (1e-8, 1e-10)
"""Scaled distances from a bound below which a column may be put onto it, tried in this order."""
CLEAR_RATIO = 1e-3
"""Largest ratio of that distance to the multiplier of the bound."""


def purify(
    program: LinearProgram, standard: StandardForm, x: Floats, point: Point, distance: float
) -> Floats:
    """Put the columns that the multipliers press onto a bound exactly there.

    Parameters
    ----------
    program : LinearProgram
    standard : StandardForm
        Of the program.
    x : array, shape (n,)
        Columns of the program as stated.
    point : Point
        The same solution in standard form.
    distance : float
        Largest distance from a bound, in the units of the standard form.

    Returns
    -------
    array, shape (n,)
    """
    purified = x.copy()
    for (pairs, columns), is_upper in ((standard.lower_pairs, False), (standard.upper_pairs, True)):
        direct, complement = point.direct[pairs], point.complement[pairs]
        pressed = columns[(direct < distance) & (direct < CLEAR_RATIO * complement)]
        pressed = pressed[standard.original_column[pressed] >= 0]
        original = standard.original_column[pressed]
        to_upper = (standard.column_factor[pressed] < 0) != is_upper
        purified[original] = np.where(
            to_upper, program.column_upper[original], program.column_lower[original]
        )
    return purified


def best_purified(
    check: KktCheck, standard: StandardForm, x: Floats, point: Point
) -> tuple[Floats, KktResiduals]:
    """The first purified solution that is clearly accepted or no worse than *x*, else *x* itself.

    Returns
    -------
    x : array, shape (n,)
    residuals : KktResiduals
        Of that solution.
    """
    residuals: KktResiduals | None = None
    for distance in PURIFY_DISTANCES:
        purified = purify(check.program, standard, x, point, distance)
        purified_residuals = check.residuals(purified)
        if purified_residuals.largest <= 0.1 * ACCEPTANCE_TOLERANCE:
            return purified, purified_residuals
        residuals = residuals or check.residuals(x)
        if purified_residuals.largest <= residuals.largest:
            return purified, purified_residuals
    return x, residuals or check.residuals(x)
