"""Investments that no decision changes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FixedAsset:
    """An investment that does not depend on any decision, such as the direct line.

    Parameters
    ----------
    name : str
    capex : float
        [yuan]
    opex : float
        [yuan/yr]
    lifetime : float
        [years]
    """

    name: str
    capex: float = 0.0
    opex: float = 0.0
    lifetime: float = 25.0
