"""What a firm used in a year, by kind of energy and by source of its electricity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from greenland.i18n import N_


class Carrier(StrEnum):
    """A kind of energy besides electricity.

    Examples
    --------
    >>> Carrier.COAL, CARRIER_UNITS[Carrier.GAS]
    (<Carrier.COAL: 'coal'>, '万m³')
    """

    COAL = "coal"
    COKE = "coke"
    GAS = "gas"
    DIESEL = "diesel"
    LPG = "lpg"
    HEAT = "heat"
    STEAM = "steam"


CARRIER_LABELS = {
    Carrier.COAL: N_("原煤"),
    Carrier.COKE: N_("焦炭"),
    Carrier.GAS: N_("天然气"),
    Carrier.DIESEL: N_("柴油"),
    Carrier.LPG: N_("液化石油气"),
    Carrier.HEAT: N_("外购热力"),
    Carrier.STEAM: N_("外购蒸汽"),
}
CARRIER_UNITS = {
    Carrier.COAL: "t",
    Carrier.COKE: "t",
    Carrier.GAS: "万m³",
    Carrier.DIESEL: "t",
    Carrier.LPG: "t",
    Carrier.HEAT: "GJ",
    Carrier.STEAM: "t",
}
BOUGHT_HEAT = (Carrier.HEAT, Carrier.STEAM)
"""Burnt elsewhere: their emission is indirect."""


@dataclass(frozen=True, slots=True)
class EnergyUse:
    """Energy a firm used in a year.

    Parameters
    ----------
    key, name, group : str
        Id and name of the firm; what it is summed by, such as its industry.
    electricity_mwh : float
        All electricity used [MWh].
    direct_mwh, own_mwh : float
        Part of it from direct supply (绿电直连) and from own generation on site [MWh].
    traded_mwh, certificates_mwh : float
        Green power bought in the market, with its certificates, and certificates bought alone
        [MWh]; both are counted against power from the grid, and once.
    fuels : mapping of Carrier to float
        In the units of `CARRIER_UNITS` [t, 万m³ or GJ].
    other_tce, other_tco2 : float
        Energy and emission of kinds not listed, as the firm reports them [tce, tCO2].
    process_tco2 : float
        Emission of processes [tCO2].
    heat_sold_gj : float
        Heat sold to others, which counts against heat bought (净购入热力), so that heat made and
        used in the park counts once [GJ].
    value_added_wan, land_mu : float, optional
        [万元], [亩]
    reported_tce : float, optional
        Energy use by equal value as the firm reported it to the statistics [tce].
    estimated : tuple of str
        What of it is no reading, in words.

    Raises
    ------
    ValueError
        If an amount is negative, or direct supply and own generation exceed all electricity.

    Examples
    --------
    >>> EnergyUse("a", "甲", electricity_mwh=1000, direct_mwh=300, traded_mwh=900).certified_mwh
    700.0
    """

    key: str
    name: str
    group: str = ""
    electricity_mwh: float = 0.0
    direct_mwh: float = 0.0
    own_mwh: float = 0.0
    traded_mwh: float = 0.0
    certificates_mwh: float = 0.0
    fuels: Mapping[Carrier, float] = field(default_factory=dict)
    other_tce: float = 0.0
    other_tco2: float = 0.0
    process_tco2: float = 0.0
    heat_sold_gj: float = 0.0
    value_added_wan: float | None = None
    land_mu: float | None = None
    reported_tce: float | None = None
    estimated: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        amounts = (
            self.electricity_mwh,
            self.direct_mwh,
            self.own_mwh,
            self.traded_mwh,
            self.certificates_mwh,
            self.other_tce,
            self.other_tco2,
            self.process_tco2,
            self.heat_sold_gj,
            *self.fuels.values(),
        )
        if not all(amount >= 0 for amount in amounts):
            raise ValueError(f"{self.key}: amounts of energy are not negative")
        if self.direct_mwh + self.own_mwh > self.electricity_mwh * (1 + 1e-9):
            raise ValueError(f"{self.key}: direct and own supply exceed all electricity")

    @property
    def grid_mwh(self) -> float:
        """Electricity from the public grid [MWh]."""
        return max(0.0, self.electricity_mwh - self.direct_mwh - self.own_mwh)

    @property
    def certified_mwh(self) -> float:
        """Power from the grid that certificates cover: never more than there is [MWh].

        Direct and own supply emits nothing already, so that a certificate for it covers nothing.
        """
        return min(self.grid_mwh, self.traded_mwh + self.certificates_mwh)

    @property
    def surplus_mwh(self) -> float:
        """Green power and certificates beyond the power from the grid, which do not count [MWh]."""
        return max(0.0, self.traded_mwh + self.certificates_mwh - self.grid_mwh)
