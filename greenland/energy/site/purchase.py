"""Energy bought from the owner of a source, by what is taken of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from greenland.energy.site.series import Array, Price, values_of


@dataclass(frozen=True, eq=False)
class PurchaseContract:
    """A contract to buy what is taken of a source, instead of owning it.

    Parameters
    ----------
    price : float or Series
        Paid for each kWh taken [yuan/kWh].
    min_take_mwh : float
        Energy of a year that is paid for whether it is taken or not [MWh/yr].
    shortfall_price : float, optional
        Paid for what is not taken of it [yuan/kWh]; the mean of *price* when left out.

    Notes
    -----
    What is not taken stays with the seller: it costs nothing, and counts as curtailment of the
    project, whose generation the whole output of the source is.

    Examples
    --------
    >>> from greenland.energy.site import PurchaseContract, Source
    >>> seller = PurchaseContract(0.31, min_take_mwh=40_000.0)
    >>> Source("wind", [0.2, 0.4], existing_mw=30.0, max_mw=0.0, purchase=seller).purchase.price
    0.31
    """

    price: Price
    min_take_mwh: float = 0.0
    shortfall_price: float | None = None

    def prices(self, steps: int) -> Array:
        """Price of every step [yuan/kWh]."""
        return values_of(self.price, steps)

    def price_of_shortfall(self, steps: int) -> float:
        """What is paid for a kWh of the least energy that is not taken [yuan/kWh]."""
        given = self.shortfall_price
        return float(np.mean(self.prices(steps))) if given is None else given
