"""What is to be sized: a site with its load, sources, storages, grid connection and limits.

Every part is a frozen dataclass with the units of its fields in brackets; a `Site` checks all of
itself when it is made and reports every fault at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from greenland.i18n import N_
from greenland.summary import Summarised, Summary

Array = NDArray[np.float64]
Profile = pd.Series | Sequence[float] | NDArray[np.float64]
Price = float | Profile
Mask = bool | pd.Series | Sequence[bool] | NDArray[np.bool_]

INFINITY = float("inf")


class SelfUse(StrEnum):
    """Reading of "self-use" in the share of available generation."""

    BOTH = "both"
    GROSS = "a"  # available - export - curtailment: storage loss counts as self-use
    NET = "b"  # what serves the load, storage loss excluded


SELF_USE_LABELS = {
    SelfUse.BOTH: N_("两种口径"),
    SelfUse.GROSS: N_("口径 a（可用发电量－上网－弃电）"),
    SelfUse.NET: N_("口径 b（实际供给负荷，不含储能损耗）"),
}


class WeatherYears(StrEnum):
    """How annual limits hold when the horizon has several weather years."""

    AVERAGE = "average"  # over the whole horizon
    EACH = "each"  # in every calendar year of the index


class FinalEnergy(StrEnum):
    """What the energy a storage ends with is tied to."""

    FREE = "free"  # to nothing
    EQUAL = "equal"  # to the energy it began with
    AT_LEAST = "at_least"  # no less than it began with


class Objective(StrEnum):
    """What a plan is best in."""

    ANNUAL_COST = "annual_cost"
    NPV = "npv"
    CAPEX = "capex"
    GREEN_PRICE = "green_price"


OBJECTIVE_LABELS = {
    Objective.ANNUAL_COST: N_("年供电总成本最低"),
    Objective.NPV: N_("净现值最高"),
    Objective.CAPEX: N_("初投资最少"),
    Objective.GREEN_PRICE: N_("绿电电价最低"),
}


class Technology(StrEnum):
    """What a source makes electricity from."""

    PV = "pv"
    WIND = "wind"
    OTHER = "other"


def _open(part: object, *names: str) -> None:
    """Take an endless limit for what it is: none."""
    for name in names:
        if getattr(part, name) == INFINITY:
            object.__setattr__(part, name, None)


@dataclass(frozen=True, eq=False)
class Source:
    """A source whose available output is its capacity times a profile.

    Parameters
    ----------
    name : str
        Unique among the parts of a site; it carries no meaning.
    profile : Series or array
        Available output per unit of capacity [0-1], one value per step.
    capex : float
        Investment [yuan/kW].
    opex : float
        Fixed operation and maintenance [yuan/kW·yr].
    lifetime : float
        [years], over which the investment is annuitised.
    max_mw, min_mw : float
        Bounds on new capacity [MW].
    existing_mw : float
        Capacity already there, at no cost [MW].
    variable_cost : float
        Per available energy [yuan/kWh].
    land_mu_per_mw, roof_m2_per_mw : float
        Land [亩/MW] and roof [m2/MW] a new MW takes.
    unit_mw : float, optional
        Size of one turbine or inverter [MW]; new capacity is rounded to multiples of it.
    replacement_cost : float
        [yuan/kW] spent again in each of *replacement_years*.
    replacement_years : tuple of int
        Years after commissioning.
    technology : Technology, optional
        Decides what usual ageing is counted and how its curve is looked at. When left out,
        nothing is assumed of it; a case takes it from the record beside the curve if there is one.

    Examples
    --------
    >>> from greenland.energy.site import Source, Technology
    >>> Source("roof", [0.0, 0.5], capex=3200.0, max_mw=20.0, technology=Technology.PV).max_mw
    20.0
    """

    name: str
    profile: Profile
    capex: float = 0.0
    opex: float = 0.0
    lifetime: float = 25.0
    max_mw: float = INFINITY
    min_mw: float = 0.0
    existing_mw: float = 0.0
    variable_cost: float = 0.0
    land_mu_per_mw: float = 0.0
    roof_m2_per_mw: float = 0.0
    unit_mw: float | None = None
    replacement_cost: float = 0.0
    replacement_years: tuple[int, ...] = ()
    technology: Technology | None = None


@dataclass(frozen=True, eq=False)
class Storage:
    """A storage whose power and energy capacities are both decided.

    Parameters
    ----------
    name : str
    power_capex, energy_capex : float
        Investment [yuan/kW], [yuan/kWh].
    power_opex, energy_opex : float
        Fixed operation and maintenance [yuan/kW·yr], [yuan/kWh·yr].
    lifetime : float
        [years], over which the investment is annuitised.
    charge_efficiency, discharge_efficiency : float
        [0-1], as decimal, both on the side of the site's bus.
    depth_of_discharge : float
        Usable share of the energy capacity, below *max_soc* [0-1].
    max_soc : float
        Highest state of charge [0-1].
    min_soc : float, optional
        Lowest state of charge [0-1]; `max_soc - depth_of_discharge` when left out.
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

    def __post_init__(self) -> None:
        _open(self, "max_hours")

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
    """

    price: float | Mapping[int, float]
    when: Mask | None = None
    name: str = "demand"

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
        _open(self, "capacity_mw", "max_import_mw", "max_export_mw")

    @property
    def decides_capacity(self) -> bool:
        """Whether the connected capacity is a decision."""
        return self.max_capacity_mw is not None


@dataclass(frozen=True, eq=False)
class ShiftableLoad:
    """A load on top of the site's, whose energy may move within a window.

    Parameters
    ----------
    name : str
    profile : Series or array
        Planned power [MW].
    max_mw : float
        Highest power when shifted [MW].
    min_mw : float
        Lowest power when shifted [MW].
    window_hours : float
        Windows follow each other from the first step; each keeps its energy [h].
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
    max_mw : float, Series or array
        Power that may be interrupted [MW].
    price : float
        Paid per kWh interrupted [yuan/kWh].
    max_share : float
        Highest share of its energy interrupted in a year [0-1].
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


@dataclass(frozen=True)
class Limits:
    """What a plan must keep to over a year; None: no such limit.

    Parameters
    ----------
    min_self_use_of_generation : float, optional
        Least self-use over available generation [0-1], in the reading of *self_use_reading*.
    min_self_use_of_consumption : float, optional
        Least self-use over consumption [0-1], always storage loss excluded.
    max_export_share, max_curtailment_share : float, optional
        Most export, curtailment over available generation [0-1].
    max_unserved_share : float, optional
        Most load left unserved over load [0-1]; without it all load is served.
    max_land_mu, max_roof_m2 : float, optional
        Land [亩] and roof [m2] for new sources.
    max_capex_yuan : float, optional
        Most initial investment in new capacity [yuan].
    max_co2_t : float, optional
        Most emission of energy bought [tCO2/yr].
    max_peak_valley_ratio : float, optional
        Most (highest - lowest) over highest exchanged power [0-1]; import counts positive.
    self_use_reading : SelfUse
        ``"both"`` (default), ``"a"`` (gross) or ``"b"`` (storage loss excluded).

    References
    ----------
    发改能源〔2025〕650号 (shares of self-use and export); docs/energy-model.md (formulas).

    Examples
    --------
    >>> from greenland.energy import Limits
    >>> Limits(min_self_use_of_generation=0.6, max_export_share=0.2).max_export_share
    0.2
    """

    min_self_use_of_generation: float | None = None
    min_self_use_of_consumption: float | None = None
    max_export_share: float | None = None
    max_curtailment_share: float | None = None
    max_unserved_share: float | None = None
    max_land_mu: float | None = None
    max_roof_m2: float | None = None
    max_capex_yuan: float | None = None
    max_co2_t: float | None = None
    max_peak_valley_ratio: float | None = None
    self_use_reading: SelfUse | str = SelfUse.BOTH

    def __post_init__(self) -> None:
        _open(self, "max_land_mu", "max_roof_m2", "max_capex_yuan", "max_co2_t")


@dataclass(frozen=True, eq=False, repr=False)
class Site(Summarised):
    """A load to be supplied, with all that may supply it.

    Parameters
    ----------
    load : Series
        Firm load [MW] on a regular DatetimeIndex, hourly or finer; several weather years may
        follow each other, with breaks only between them.
    sources : sequence of Source
        What may generate, new and existing.
    storages : sequence of Storage
        What may store.
    grid : Grid, optional
        None: off-grid.
    limits : Limits
        What a plan must keep to over a year.
    discount_rate : float
        [1/yr], as decimal.
    shiftable, interruptible, electrolysers : sequences
        Flexible loads; interruptible ones are part of *load*, the others are on top of it.
    fixed_assets : sequence of FixedAsset
        What is built in any case, at a cost no decision changes.
    weather_years : WeatherYears
        Whether annual limits hold on average or in each weather year.
    unserved_price : float
        Cost of unserved load [yuan/kWh].
    project_years : int
        Life over which the objective ``"npv"`` counts [years].

    Raises
    ------
    InputError
        With every fault found.

    Examples
    --------
    >>> load = pd.Series(1.0, index=pd.date_range("2025-01-01", periods=48, freq="30min"))
    >>> site = Site(load, grid=Grid(import_price=0.5))
    >>> site.step_hours
    0.5
    """

    load: pd.Series
    sources: Sequence[Source] = ()
    storages: Sequence[Storage] = ()
    grid: Grid | None = None
    limits: Limits = field(default_factory=Limits)
    discount_rate: float = 0.07
    shiftable: Sequence[ShiftableLoad] = ()
    interruptible: Sequence[InterruptibleLoad] = ()
    electrolysers: Sequence[Electrolyser] = ()
    fixed_assets: Sequence[FixedAsset] = ()
    weather_years: WeatherYears | str = WeatherYears.AVERAGE
    unserved_price: float = 0.0
    project_years: int = 25

    def __post_init__(self) -> None:
        from greenland.energy.site.checks import require_sound

        require_sound(self)

    def _summary(self) -> Summary:
        from greenland.energy import summaries

        return summaries.site(self)

    @property
    def index(self) -> pd.DatetimeIndex:
        """Beginning of every step."""
        return pd.DatetimeIndex(self.load.index)

    @cached_property
    def step_hours(self) -> float:
        """Length of a step [h]."""
        return step_hours(self.index)

    @cached_property
    def years(self) -> float:
        """Horizon in years, a leap year counting as one [yr]."""
        return horizon_years(self.index)

    def charges_from_grid(self, item: Storage) -> bool:
        """Whether a storage may hold grid energy: it is allowed to, and there is a grid."""
        return item.grid_charging and self.grid is not None


def step_hours(index: pd.DatetimeIndex) -> float:
    """Length of a step: the shortest distance in *index*; one hour when it has one entry [h]."""
    if len(index) < 2:
        return 1.0
    return float((index[1:] - index[:-1]).min() / pd.Timedelta(hours=1))


def horizon_years(index: pd.DatetimeIndex) -> float:
    """Hours of the horizon over 8760, a leap year's 8784 counting as one year [yr].

    The hours of 29 February are left out where the horizon is at least a year long and is no
    whole multiple of 8760 hours.
    """
    hours = len(index) * step_hours(index)
    if hours < 8784 or hours % 8760 == 0:
        return hours / 8760
    if hours == 8784:
        return 1.0
    leap = int(((index.month == 2) & (index.day == 29)).sum()) * step_hours(index)
    return (hours - leap) / 8760


def values_of(profile: Profile | Price, steps: int) -> Array:
    """A profile or a number as one float per step."""
    if isinstance(profile, int | float | np.number):
        return np.full(steps, float(profile))
    return np.asarray(profile, dtype=np.float64)


def mask_of(mask: Mask | None, steps: int) -> NDArray[np.bool_]:
    """A mask or a bool as one bool per step; None is True."""
    if mask is None or isinstance(mask, bool | np.bool_):
        return np.full(steps, True if mask is None else bool(mask))
    return np.asarray(mask, dtype=bool)
