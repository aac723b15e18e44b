"""Investments that no decision changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FixedAsset:
    """An investment that does not depend on any decision, such as the direct line.

    Parameters
    ----------
    name : str
        Unique among the parts of the site.
    capex : float
        Investment [yuan].
    opex : float
        Fixed operation and maintenance [yuan/yr].
    lifetime : float
        Over which the investment is annuitised [years].

    Examples
    --------
    >>> from greenland.energy import FixedAsset
    >>> FixedAsset("direct line", capex=8e6, opex=1e5).lifetime
    25.0
    """

    name: str
    capex: float = 0.0
    opex: float = 0.0
    lifetime: float = 25.0
