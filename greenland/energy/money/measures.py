"""Measures of a cash flow: NPV, every IRR it has, payback."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import numpy as np
import pyxirr
from numpy.typing import ArrayLike, NDArray

from greenland.errors import input_error
from greenland.i18n import _

Array = NDArray[np.float64]

_ZERO_TOLERANCE = 1e-12
# Rates between which every root of the net present value is looked for.
_RATES = np.concatenate([np.linspace(-0.9, 1.0, 381), np.linspace(1.02, 10.0, 450)])


def npv(rate: float, flows: ArrayLike) -> float:
    """Net present value; the first flow is today.

    Parameters
    ----------
    rate : float
        As decimal.
    flows : array
        One per year-end from 0 [yuan].
    """
    return float(pyxirr.npv(rate, np.asarray(flows, dtype=float).tolist()))


def sign_changes(flows: ArrayLike) -> int:
    """How often a cash flow changes sign; more than once means the IRR may not be unique."""
    signs = np.sign(np.asarray(flows, dtype=float))
    signs = signs[signs != 0]
    return int((signs[1:] != signs[:-1]).sum())


def all_irr(flows: ArrayLike) -> tuple[float, ...]:
    """Every rate between -90 % and 1000 % at which the net present value is zero, rising.

    Examples
    --------
    >>> [round(rate, 6) for rate in all_irr([-1000, 2300, -1320])]
    [0.1, 0.2]
    """
    values = np.asarray(flows, dtype=float)
    if sign_changes(values) == 0:
        return ()
    worth = np.array([npv(rate, values) for rate in _RATES])
    places = np.flatnonzero(np.sign(worth[:-1]) * np.sign(worth[1:]) < 0)
    roots = [
        zero_between(lambda rate: npv(rate, values), _RATES[k], _RATES[k + 1])
        for k in places.tolist()
    ]
    roots += _RATES[worth == 0].tolist()
    return tuple(sorted(float(root) for root in roots))


def irr(flows: ArrayLike) -> float | None:
    """Internal rate of return, or None when there is none.

    Of several, the one nearest to what `pyxirr` finds; see `all_irr` and `sign_changes`.
    """
    values = np.asarray(flows, dtype=float)
    if sign_changes(values) == 0:
        return None
    rate = pyxirr.irr(values.tolist())
    return None if rate is None or not np.isfinite(rate) else float(rate)


def payback(flows: ArrayLike, rate: float = 0.0) -> float | None:
    """Years until the cumulative cash flow is no longer negative, within the year by proportion.

    Parameters
    ----------
    flows : array
        One per year-end from 0 [yuan].
    rate : float
        Discount rate, as decimal; zero gives the simple payback.

    Returns
    -------
    float or None
        Years from year 0; None when it never pays back.

    Examples
    --------
    >>> payback([-100.0, 40.0, 40.0, 40.0])
    2.5
    """
    values = np.asarray(flows, dtype=float)
    total = np.cumsum(values * (1 + rate) ** -np.arange(len(values), dtype=float))
    reached = np.flatnonzero(total >= -1e-12 * np.abs(values).max(initial=0.0))
    if not len(reached):
        return None
    year = int(reached[0])
    if year == 0:
        return 0.0
    return float(year - 1 - total[year - 1] / (total[year] - total[year - 1]))


def price_for(worth: Callable[[float], float]) -> float:
    """Price at which a worth that rises with it is zero [its unit].

    Parameters
    ----------
    worth : callable
        Worth at a price, such as the net present value at the wanted rate of return.

    Raises
    ------
    InputError
        If no price up to 100 does.
    """
    low, high = 0.0, 1.0
    if worth(low) >= 0:
        return low
    while worth(high) < 0:
        low, high = high, 2 * high
        if high > 100:
            raise input_error(
                "contract_price",
                _("没有合同价能达到期望收益率。"),
                remedy=_("请检查自用电量是否为零、投资是否填错单位。"),
            )
    return zero_between(worth, low, high)


def zero_between(function: Callable[[float], float], low: float, high: float) -> float:
    """Zero of a continuous function between two places where it has opposite signs.

    By Ridders' method (C. J. F. Ridders, IEEE Trans. Circuits Syst. 26, 1979, 979–980), which
    halves the interval at least; to 1e-12, or to what a float can tell.

    Examples
    --------
    >>> round(zero_between(lambda x: x**3 - 2, 1.0, 2.0), 9)
    1.25992105
    """
    at_low, at_high = function(low), function(high)
    found = low if at_low == 0 else high
    if 0 in (at_low, at_high):
        return float(found)
    last = np.inf
    while high - low > _ZERO_TOLERANCE:
        middle = 0.5 * (low + high)
        at_middle = function(middle)
        root = np.sqrt(at_middle**2 - at_low * at_high)
        found = middle + (middle - low) * np.sign(at_low - at_high) * at_middle / root
        at_found = function(found)
        if at_found == 0 or abs(found - last) <= _ZERO_TOLERANCE or middle in (low, high):
            break
        last = found
        points = sorted([(low, at_low), (middle, at_middle), (found, at_found), (high, at_high)])
        (low, at_low), (high, at_high) = next(
            (left, right)
            for left, right in itertools.pairwise(points)
            if np.sign(left[1]) != np.sign(right[1])
        )
    return float(found)
