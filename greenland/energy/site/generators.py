"""What generates when it is turned on: biomass, biogas, waste heat, gas, diesel."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from greenland.energy.site.maintenance import MaintenanceWindow
from greenland.energy.site.series import INFINITY, Price


class Fuel(StrEnum):
    """What a generator runs on.

    Examples
    --------
    >>> from greenland.energy import Fuel
    >>> Fuel("diesel").fossil, Fuel("biomass").fossil
    (True, False)
    """

    BIOMASS = "biomass"
    BIOGAS = "biogas"
    WASTE_HEAT = "waste_heat"
    GAS = "gas"
    DIESEL = "diesel"
    OTHER = "other"

    @property
    def fossil(self) -> bool:
        """Whether it is fossil: what runs on it is never green."""
        return self in (Fuel.GAS, Fuel.DIESEL)


@dataclass(frozen=True, eq=False)
class Generator:
    """A source that is turned on and off: what it gives is decided, at the price of its fuel.

    What a green one gives counts as available generation. What another gives serves the load: it
    is neither sold nor stored, and is no green energy.

    Parameters
    ----------
    name : str
        Unique among the parts of the site.
    fuel : Fuel
        What it runs on.
    lifetime : float
        [years], over which the investment is annuitised.
    green : bool, optional
        Whether its energy counts as green. Gas and diesel never do; of the others it must be said,
        by the documents that hold for the project.
    capex, opex : float
        Investment and fixed operation and maintenance [yuan/kW], [yuan/kW·yr].
    max_mw, min_mw, existing_mw : float
        Bounds on new capacity, and capacity already there at no cost [MW].
    efficiency : float
        Electricity over the energy of the fuel [0-1].
    fuel_kwh : float
        Energy of one unit of fuel [kWh]; the unit is the kWh of fuel when left out.
    fuel_price : float or Series
        Per unit of fuel [yuan].
    max_fuel : float, optional
        Most fuel in a year [units/yr].
    emission_factor : float, optional
        Of one unit of fuel [kgCO2]; must be given for gas and diesel.
    variable_cost : float
        Besides the fuel, per energy generated [yuan/kWh].
    availability : float, Series or array
        Share of the capacity that can run, one value for all steps or one for each [0-1].
    min_load_share : float
        Least output over what can run, at every step unless it may stop [0-1].
    min_built_mw : float
        Least new capacity if any is built [MW]: none, or at least so much.
    build_cost : float
        Cost of building at all, whatever the size [yuan].
    can_stop : bool
        Whether it may be turned off: at every step it runs above *min_load_share*, or not at all.
    start_cost, start_cost_per_mw : float
        Of each start, and of each start for each MW of capacity [yuan], [yuan/MW].
    maintenance : MaintenanceWindow, optional
        A stretch without output in every year, placed where it costs least.
    unit_mw : float, optional
        Capacity of one set, for rounding [MW].

    Examples
    --------
    >>> from greenland.energy import Generator
    >>> engine = Generator("diesel", "diesel", 15, fuel_kwh=11.9, fuel_price=7.5,
    ...                    efficiency=0.4, emission_factor=3.1)
    >>> round(engine.fuel_per_mwh, 1), engine.is_green
    (210.1, False)
    """

    name: str
    fuel: Fuel | str
    lifetime: float
    green: bool | None = None
    capex: float = 0.0
    opex: float = 0.0
    max_mw: float = INFINITY
    min_mw: float = 0.0
    existing_mw: float = 0.0
    efficiency: float = 1.0
    fuel_kwh: float = 1.0
    fuel_price: Price = 0.0
    max_fuel: float | None = None
    emission_factor: float | None = None
    variable_cost: float = 0.0
    availability: Price = 1.0
    min_load_share: float = 0.0
    min_built_mw: float = 0.0
    build_cost: float = 0.0
    can_stop: bool = False
    start_cost: float = 0.0
    start_cost_per_mw: float = 0.0
    maintenance: MaintenanceWindow | None = None
    unit_mw: float | None = None

    @property
    def is_green(self) -> bool:
        """Whether its energy counts as green."""
        return bool(self.green)

    @property
    def has_start_cost(self) -> bool:
        """Whether its starts cost anything."""
        return self.can_stop and bool(self.start_cost or self.start_cost_per_mw)

    @property
    def fuel_per_mwh(self) -> float:
        """Fuel for one MWh of electricity [units/MWh]."""
        return 1000.0 / (self.efficiency * self.fuel_kwh)

    @property
    def emission_per_mwh(self) -> float:
        """Emission of one MWh of electricity [tCO2/MWh]."""
        return (self.emission_factor or 0.0) * self.fuel_per_mwh / 1000.0
