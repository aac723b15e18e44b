"""The connection to the public grid, and what it charges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from greenland.energy.site.contract_demand import ContractDemand
from greenland.energy.site.series import Mask, Price, infinite_as_none


@dataclass(frozen=True, eq=False)
class DemandCharge:
    """A price on the highest grid purchase in a month, in all hours or in some.

    Parameters
    ----------
    price : float or mapping of month to float
        [yuan/kW·month]; months 1-12 that a mapping leaves out cost nothing.
    when : mask, optional
        Steps that count, True or False for each; all when left out.
    name : str
        Of the item in bills.
    contract : ContractDemand, optional
        A demand that is declared ahead and billed instead of what is drawn; counts all steps.

    Examples
    --------
    >>> from greenland.energy import DemandCharge
    >>> DemandCharge({7: 40.0, 8: 40.0}).price_in(1)
    0.0
    """

    price: float | Mapping[int, float]
    when: Mask | None = None
    name: str = "demand"
    contract: ContractDemand | None = None

    def price_in(self, month: int) -> float:
        """Price in a month 1-12 [yuan/kW·month]."""
        if isinstance(self.price, Mapping):
            return float(self.price.get(month, 0.0))
        return float(self.price)


@dataclass(frozen=True, eq=False)
class Grid:
    """The connection to the public grid.

    Parameters
    ----------
    capacity_mw : float, optional
        Connected capacity [MW], bounding exchange both ways. When left out, it is unlimited, or
        a decision if *max_capacity_mw* is given.
    import_price : float or Series
        All that is paid per kWh bought [yuan/kWh].
    export_price : float or Series
        Income per kWh sold [yuan/kWh].
    capacity_price : float
        Capacity charge on the connected capacity [yuan/kW·month].
    max_capacity_mw, min_capacity_mw : float, optional
        Bounds that make the connected capacity a decision [MW].
    export_allowed : bool or mask
        Whether power may be fed back, for all steps or step by step.
    demand_charges : sequence of DemandCharge
        Prices on the highest purchase of each month.
    max_import_mw, max_export_mw : float, optional
        Caps of their own on either direction [MW].
    self_use_price : float or Series
        Funds and fees on self-used energy [yuan/kWh].
    emission_factor : float or Series, optional
        Of energy bought [kgCO2/kWh]; needed for a CO2 limit.
    capex, opex, lifetime : float
        Of connected capacity beyond *existing_mw*, only where it is a decision
        [yuan/kW], [yuan/kW·yr], [years].
    existing_mw : float
        Connected capacity already there [MW].
    fixed_cost : float
        Charges that depend on nothing [yuan/yr].

    Examples
    --------
    >>> from greenland.energy import Grid
    >>> Grid(capacity_mw=60.0, import_price=0.52, export_price=0.2).capacity_mw
    60.0
    """

    capacity_mw: float | None = None
    import_price: Price = 0.0
    export_price: Price = 0.0
    capacity_price: float = 0.0
    max_capacity_mw: float | None = None
    min_capacity_mw: float = 0.0
    export_allowed: Mask = True
    demand_charges: Sequence[DemandCharge] = ()
    max_import_mw: float | None = None
    max_export_mw: float | None = None
    self_use_price: Price = 0.0
    emission_factor: Price | None = None
    capex: float = 0.0
    opex: float = 0.0
    lifetime: float = 25.0
    existing_mw: float = 0.0
    fixed_cost: float = 0.0

    def __post_init__(self) -> None:
        infinite_as_none(self, "capacity_mw", "max_import_mw", "max_export_mw")

    @property
    def decides_capacity(self) -> bool:
        """Whether the connected capacity is a decision."""
        return self.max_capacity_mw is not None
