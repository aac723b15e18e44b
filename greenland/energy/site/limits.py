"""Limits that a plan keeps over a year."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from greenland.energy.site.series import infinite_as_none
from greenland.i18n import N_


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
        infinite_as_none(self, "max_land_mu", "max_roof_m2", "max_capex_yuan", "max_co2_t")
