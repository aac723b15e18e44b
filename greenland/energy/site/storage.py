"""What stores."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from greenland.energy.site.series import INFINITY, infinite_as_none


class FinalEnergy(StrEnum):
    """What the energy a storage ends with is tied to.

    Examples
    --------
    >>> from greenland.energy import FinalEnergy
    >>> FinalEnergy("equal")
    <FinalEnergy.EQUAL: 'equal'>
    """

    FREE = "free"  # to nothing
    EQUAL = "equal"  # to the energy it began with
    AT_LEAST = "at_least"  # no less than it began with


@dataclass(frozen=True, eq=False)
class Storage:
    """A storage whose power and energy capacities are both decided.

    It charges with up to *charge_ratio* times the power it discharges with; where
    *charge_power_capex* is given, what charges is a capacity of its own, as in power to hydrogen
    and back (electrolyser, store, turbine).

    Parameters
    ----------
    name : str
        Unique among the parts of the site.
    power_capex, energy_capex : float
        Investment [yuan/kW], [yuan/kWh].
    lifetime : float
        [years], over which the investment is annuitised.
    charge_efficiency, discharge_efficiency : float
        [0-1], as decimal, both on the side of the site's bus; lossless when left out here, while
        a case file takes what it leaves out from the rules.
    depth_of_discharge : float
        Usable share of the energy capacity, below *max_soc* [0-1].
    max_soc : float
        Highest state of charge [0-1].
    min_soc : float, optional
        Lowest state of charge [0-1]; `max_soc - depth_of_discharge` when left out.
    power_opex, energy_opex : float
        Fixed operation and maintenance [yuan/kW·yr], [yuan/kWh·yr].
    self_discharge : float
        Share of the stored energy lost per hour [0-1].
    min_hours, max_hours : float, optional
        Bounds on energy capacity over power capacity [h].
    initial_energy : float, optional
        State of charge at the beginning, as a share of the energy capacity [0-1]; free when left
        out (then the end must be tied to it).
    final_energy : FinalEnergy or float, optional
        State of charge at the end: ``"equal"`` to the one at the beginning (when left out),
        ``"at_least"`` as high, ``"free"``, or a share of the energy capacity [0-1].
    cyclic : bool, optional
        Short for *final_energy*: True is ``"equal"``, False is ``"free"``.
    grid_charging : bool
        Whether it may charge from the grid; such energy is traced and stays grid energy. Means
        nothing off-grid.
    shared_power : bool
        Whether charge plus discharge, not each, is bounded by the power capacity.
    max_mw, min_mw, max_mwh, min_mwh : float
        Bounds on new capacity [MW], [MWh].
    existing_mw, existing_mwh : float
        Capacity already there, at no cost [MW], [MWh].
    throughput_cost : float
        Per energy discharged [yuan/kWh].
    unit_mw, unit_mwh : float, optional
        Size of one container [MW], [MWh].
    replacement_cost : float
        Cells [yuan/kWh], spent again in each of *replacement_years*.
    replacement_years : tuple of int
        Years after commissioning.
    charge_ratio : float
        Most charging power over the power capacity, where it is no capacity of its own [-].
    charge_power_capex : float, optional
        Investment in charging power [yuan/kW]; given, it makes this a capacity of its own, and
        *power_capex* and the bounds in MW are those of the discharging power.
    charge_power_opex : float
        Fixed operation and maintenance of charging power [yuan/kW·yr].
    charge_lifetime, energy_lifetime : float, optional
        Of a charging power of its own, and of the energy capacity [years]; *lifetime* when left
        out.
    max_charge_mw, min_charge_mw, existing_charge_mw : float
        Bounds on new charging power of its own, and what is already there at no cost [MW].
    min_built_mw : float
        Least new capacity if any is built [MW]: none, or at least so much.
    build_cost : float
        Cost of building at all, whatever the size [yuan].

    Examples
    --------
    >>> from greenland.energy import Storage
    >>> Storage("battery", power_capex=300, energy_capex=700, max_hours=4.0).max_hours
    4.0
    """

    name: str
    power_capex: float = 0.0
    energy_capex: float = 0.0
    lifetime: float = 12.0
    charge_efficiency: float = 1.0
    discharge_efficiency: float = 1.0
    depth_of_discharge: float = 1.0
    max_soc: float = 1.0
    min_soc: float | None = None
    power_opex: float = 0.0
    energy_opex: float = 0.0
    self_discharge: float = 0.0
    min_hours: float | None = None
    max_hours: float | None = None
    initial_energy: float | None = None
    final_energy: FinalEnergy | str | float | None = None
    cyclic: bool | None = None
    grid_charging: bool = False
    shared_power: bool = False
    max_mw: float = INFINITY
    min_mw: float = 0.0
    max_mwh: float = INFINITY
    min_mwh: float = 0.0
    existing_mw: float = 0.0
    existing_mwh: float = 0.0
    throughput_cost: float = 0.0
    unit_mw: float | None = None
    unit_mwh: float | None = None
    replacement_cost: float = 0.0
    replacement_years: tuple[int, ...] = ()
    charge_ratio: float = 1.0
    charge_power_capex: float | None = None
    charge_power_opex: float = 0.0
    charge_lifetime: float | None = None
    energy_lifetime: float | None = None
    max_charge_mw: float = INFINITY
    min_charge_mw: float = 0.0
    existing_charge_mw: float = 0.0
    min_built_mw: float = 0.0
    build_cost: float = 0.0

    def __post_init__(self) -> None:
        infinite_as_none(self, "max_hours")

    @property
    def decides_charge_power(self) -> bool:
        """Whether the charging power is a capacity of its own."""
        return self.charge_power_capex is not None

    @property
    def years_of_charging(self) -> float:
        """Lifetime of a charging power of its own [years]."""
        return self.lifetime if self.charge_lifetime is None else self.charge_lifetime

    @property
    def years_of_energy(self) -> float:
        """Lifetime of the energy capacity [years]."""
        return self.lifetime if self.energy_lifetime is None else self.energy_lifetime

    @property
    def soc_floor(self) -> float:
        """Lowest state of charge as a share of the energy capacity [0-1]."""
        if self.min_soc is not None:
            return self.min_soc
        return max(0.0, self.max_soc - self.depth_of_discharge)

    @property
    def usable_share(self) -> float:
        """Usable share of the energy capacity [0-1]."""
        return self.max_soc - self.soc_floor

    @property
    def end(self) -> FinalEnergy | float:
        """What the energy at the end is tied to; a share that is the one at the start is equal."""
        if self.final_energy is None:
            return FinalEnergy.FREE if self.cyclic is False else FinalEnergy.EQUAL
        if isinstance(self.final_energy, str):
            return FinalEnergy(self.final_energy)
        share = float(self.final_energy)
        return FinalEnergy.EQUAL if share == self.initial_energy else share

    @property
    def may_end_higher(self) -> bool:
        """Whether it may end with more than it began with, and must not end with less."""
        end = self.end
        if isinstance(end, FinalEnergy):
            return end is FinalEnergy.AT_LEAST
        return self.initial_energy is not None and end > self.initial_energy

    @property
    def closes_green(self) -> bool:
        """Whether its green ledger, where it has two, ends exactly as it began: no higher."""
        return self.end is not FinalEnergy.FREE and not self.may_end_higher

    def kept(self, hours: float) -> float:
        """Share of the stored energy that is left after *hours* [0-1]."""
        return float((1 - self.self_discharge) ** hours)
