"""Demand that is declared to the grid company ahead, and billed whether it is drawn or not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class ContractDemand:
    r"""A declared highest purchase: billed in full, and more dearly for what goes beyond it.

    Parameters
    ----------
    allowance : float
        Multiple of the declared demand up to which nothing more is paid, such as 1.05.
    excess_rate : float
        Multiple of the price at which each kW beyond that is paid, such as 2.
    declared_mw : float or mapping of month to float, optional
        Declared demand [MW]; when left out, that of each month is a decision.
    least_mw : float
        Least demand that may be declared [MW].
    least_share : float
        The same as a share of the connected capacity in MW, as decimal.

    Notes
    -----
    With a price :math:`p`, a declared demand :math:`D` and a highest purchase :math:`P`, a month
    costs :math:`p\,[D + r\,\max(0, P - aD)]`. Where :math:`D` is free, the cheapest is
    :math:`D = \max(P / a, D_{least})`, for a kW declared saves :math:`ra > 1` kW beyond it.

    Examples
    --------
    >>> from greenland.energy.site import ContractDemand
    >>> contract = ContractDemand(1.05, 2.0, declared_mw=10.0)
    >>> round(contract.billed(1, 10.5), 2), round(contract.billed(1, 11.5), 2)
    (10.0, 12.0)
    """

    allowance: float
    excess_rate: float
    declared_mw: float | Mapping[int, float] | None = None
    least_mw: float = 0.0
    least_share: float = 0.0

    def least(self, connected_mw: float) -> float:
        """Least demand that may be declared, for a connection of so many MW [MW]."""
        return max(self.least_mw, self.least_share * connected_mw)

    def given_in(self, month: int) -> float | None:
        """Declared demand of a month 1-12 [MW]; None where it is a decision."""
        if isinstance(self.declared_mw, Mapping):
            return float(self.declared_mw[month])
        return None if self.declared_mw is None else float(self.declared_mw)

    def declared_in(self, month: int, peak_mw: float, connected_mw: float = 0.0) -> float:
        """Declared demand of a month: as given, else the cheapest for its highest purchase [MW]."""
        given = self.given_in(month)
        return max(peak_mw / self.allowance, self.least(connected_mw)) if given is None else given

    def excess_in(self, month: int, peak_mw: float, connected_mw: float = 0.0) -> float:
        """What goes beyond the declared demand and its allowance [MW]."""
        declared = self.declared_in(month, peak_mw, connected_mw)
        return max(0.0, peak_mw - self.allowance * declared)

    def billed(self, month: int, peak_mw: float, connected_mw: float = 0.0) -> float:
        """Demand that is paid for at the plain price [MW]."""
        declared = self.declared_in(month, peak_mw, connected_mw)
        return declared + self.excess_rate * self.excess_in(month, peak_mw, connected_mw)
