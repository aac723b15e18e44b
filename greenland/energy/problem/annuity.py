"""Even yearly payments and present worths of assets."""

from __future__ import annotations

import numpy as np


def capital_recovery_factor(rate: float, years: float) -> float:
    """Yearly payment at year's end that repays 1 over a lifetime [1/yr].

    Parameters
    ----------
    rate : float
        Discount rate [1/yr], as decimal, not below 0.
    years : float
        Lifetime [yr].

    Notes
    -----
    ``rate / (1 - (1 + rate) ** -years)``; ``1 / years`` at rate 0.

    Examples
    --------
    >>> round(capital_recovery_factor(0.07, 25), 6)
    0.085811
    >>> capital_recovery_factor(0.0, 20)
    0.05
    """
    if rate == 0:
        return 1.0 / years
    return float(rate / -np.expm1(-years * np.log1p(rate)))


def annuity_factor(rate: float, years: float) -> float:
    """Present worth of 1 paid at the end of each of *years* [yr]."""
    return 1.0 / capital_recovery_factor(rate, years)


def annual_asset_cost(
    capex: float,
    opex: float,
    lifetime: float,
    rate: float,
    replacement: float = 0.0,
    replacement_years: tuple[int, ...] = (),
) -> float:
    """Annuity of investment and replacements, plus fixed opex; in the unit of *opex*."""
    worth = capex + sum(replacement * (1 + rate) ** -year for year in replacement_years)
    return capital_recovery_factor(rate, lifetime) * worth + opex


def present_asset_cost(
    capex: float,
    opex: float,
    lifetime: float,
    rate: float,
    project_years: float,
    replacement: float = 0.0,
    replacement_years: tuple[int, ...] = (),
) -> float:
    """Present worth over a project's life of one unit of an asset; in the unit of *capex*.

    The asset is bought anew whenever its lifetime ends within the project; what is left of the
    last one's lifetime is credited in a straight line at the end.
    """
    worth = opex * annuity_factor(rate, project_years)
    start = 0.0
    while start < project_years - 1e-9:
        worth += capex * (1 + rate) ** -start
        for year in replacement_years:
            if start + year < project_years:
                worth += replacement * (1 + rate) ** -(start + year)
        start += lifetime
    left = (start - project_years) / lifetime
    return float(worth - capex * left * (1 + rate) ** -project_years)
