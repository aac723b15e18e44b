"""Loads that may move, be interrupted, or make a product."""

from __future__ import annotations

from dataclasses import dataclass

from greenland.energy.site.series import INFINITY, Price, Profile

DAYS_A_YEAR = 365


@dataclass(frozen=True, eq=False)
class ShiftableLoad:
    """A load on top of the site's, whose energy may move within a window.

    Parameters
    ----------
    name : str
        Unique among the parts of the site.
    profile : Series or array
        Planned power [MW].
    max_mw : float
        Highest power when shifted [MW].
    min_mw : float
        Lowest power when shifted [MW].
    window_hours : float
        Windows follow each other from the first step; each keeps its energy [h].

    Examples
    --------
    >>> from greenland.energy import ShiftableLoad
    >>> ShiftableLoad("furnace", profile=[2.0] * 24, max_mw=4.0, window_hours=8).max_mw
    4.0
    """

    name: str
    profile: Profile
    max_mw: float
    min_mw: float = 0.0
    window_hours: float = 24.0


@dataclass(frozen=True, eq=False)
class InterruptibleLoad:
    """A part of the site's load that may be interrupted for a price.

    Parameters
    ----------
    name : str
        Unique among the parts of the site.
    max_mw : float, Series or array
        Power that may be interrupted [MW].
    price : float
        Paid per kWh interrupted [yuan/kWh].
    max_share : float
        Highest share of its energy interrupted in a year [0-1].

    Examples
    --------
    >>> from greenland.energy import InterruptibleLoad
    >>> InterruptibleLoad("mill", max_mw=3.0, price=1.2, max_share=0.05).max_share
    0.05
    """

    name: str
    max_mw: Price
    price: float
    max_share: float = 1.0


@dataclass(frozen=True, eq=False)
class Electrolyser:
    """A flexible load on top of the site's that makes a product, such as hydrogen.

    Parameters
    ----------
    name : str
        Unique among the parts of the site.
    mwh_per_t : float
        Electricity per tonne of product [MWh/t].
    min_product_t : float
        Least product [t/yr].
    product_price : float
        Income per tonne [yuan/t].
    capex, opex, lifetime : float
        [yuan/kW], [yuan/kW·yr], [years].
    max_mw, min_mw, existing_mw : float
        Bounds on new capacity, and capacity already there at no cost [MW].
    min_load_share : float
        Lowest load as a share of capacity [0-1].
    variable_cost : float
        Per tonne of product, besides electricity [yuan/t].
    min_daily_product_t, max_daily_product_t : float, optional
        Least and most product of each calendar day [t]; of a day of which the horizon holds a
        part, that part of it.
    min_built_mw : float
        Least new capacity if any is built [MW]: none, or at least so much.
    build_cost : float
        Cost of building at all, whatever the size [yuan].
    can_stop : bool
        Whether it may be turned off: at every step it runs above *min_load_share*, or not at all.
    start_cost, start_cost_per_mw : float
        Of each start, and of each start for each MW of capacity [yuan], [yuan/MW].

    Examples
    --------
    >>> from greenland.energy import Electrolyser
    >>> Electrolyser("hydrogen", mwh_per_t=55.0, min_product_t=500.0, capex=2500).mwh_per_t
    55.0
    """

    name: str
    mwh_per_t: float
    min_product_t: float = 0.0
    product_price: float = 0.0
    capex: float = 0.0
    opex: float = 0.0
    lifetime: float = 20.0
    max_mw: float = INFINITY
    min_mw: float = 0.0
    existing_mw: float = 0.0
    min_load_share: float = 0.0
    variable_cost: float = 0.0
    min_daily_product_t: float = 0.0
    max_daily_product_t: float | None = None
    min_built_mw: float = 0.0
    build_cost: float = 0.0
    can_stop: bool = False
    start_cost: float = 0.0
    start_cost_per_mw: float = 0.0

    @property
    def has_start_cost(self) -> bool:
        """Whether its starts cost anything."""
        return self.can_stop and bool(self.start_cost or self.start_cost_per_mw)

    @property
    def least_product_t(self) -> float:
        """Least product of a year, by the year or by the day [t/yr]."""
        return max(self.min_product_t, DAYS_A_YEAR * self.min_daily_product_t)

    @property
    def has_quota(self) -> bool:
        """Whether what it makes in a day is bounded."""
        return self.min_daily_product_t > 0 or self.max_daily_product_t is not None
