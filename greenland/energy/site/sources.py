"""What generates."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from greenland.energy.site.purchase import PurchaseContract
from greenland.energy.site.series import INFINITY, Profile


class Technology(StrEnum):
    """What a source makes electricity from.

    Examples
    --------
    >>> from greenland.energy import Technology
    >>> Technology("pv")
    <Technology.PV: 'pv'>
    """

    PV = "pv"
    WIND = "wind"
    OTHER = "other"


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
    purchase : PurchaseContract, optional
        Its output belongs to somebody else and is bought by the kWh taken; *existing_mw* is then
        the capacity contracted already, and new capacity what may be contracted besides.
    min_built_mw : float
        Least new capacity if any is built [MW]: none, or at least so much.
    build_cost : float
        Cost of building at all, whatever the size [yuan].

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
    purchase: PurchaseContract | None = None
    min_built_mw: float = 0.0
    build_cost: float = 0.0
