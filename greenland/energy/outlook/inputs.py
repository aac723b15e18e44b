"""What the outlook is made of: loads, stations, sources and what the grid company grants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Months = npt.NDArray[np.float64]
MONTHS = 12
PARK = ""
"""Key of the park as a whole, where a station's key stands."""


def months(values: Sequence[float] | Months | float) -> Months:
    """Twelve values, from twelve or from one that holds all year.

    Raises
    ------
    ValueError
        If there are neither one nor twelve.
    """
    return np.broadcast_to(np.asarray(values, dtype=float), (MONTHS,)).copy()


@dataclass(frozen=True, slots=True)
class Load:
    """A firm, or a project once it runs.

    Parameters
    ----------
    key, name : str
        Number and name.
    station : str
        Key of the station it hangs on; empty: not known, it counts in the park's balance only.
    energy_mwh, peak_mw : array, shape (12,)
        Energy of each month and its highest power [MWh, MW].
    guarantee_mw : float
        What is never cut (保障负荷) [MW].
    shiftable_mw, avoidable_mw : float
        What can move to other hours (错峰), and what can be left undone at the peak (避峰) [MW].
    rank : int
        Class: 0 is supplied before all others and cut after them.
    rank_name : str
        The class in words.
    value_wan_per_mwh : float, optional
        Value added per energy used [万元/MWh].
    project : bool
        Whether it is a project of the pipeline.
    basis : str
        Where its figures come from, in words.

    Examples
    --------
    >>> Load("a", "甲", "1", months(4000), months(9), guarantee_mw=4).peak_mw.tolist()[:2]
    [9.0, 9.0]
    """

    key: str
    name: str
    station: str
    energy_mwh: Months
    peak_mw: Months
    guarantee_mw: float = 0.0
    shiftable_mw: float = 0.0
    avoidable_mw: float = 0.0
    rank: int = 0
    rank_name: str = ""
    value_wan_per_mwh: float | None = None
    project: bool = False
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Station:
    """A substation the park's firms hang on.

    Parameters
    ----------
    key, name : str
        Number and name.
    unit_mva : float
        Rating of one transformer [MVA].
    units : array, shape (12,)
        Transformers in service in each month.
    n_minus_1 : bool
        Whether the largest transformer may fail without a shortage (N-1).

    Examples
    --------
    >>> station = Station("1", "一号变", 20, months(2))
    >>> station.capability_mw(power_factor=0.95, overload=1).tolist()[:2]
    [19.0, 19.0]
    """

    key: str
    name: str
    unit_mva: float
    units: Months
    n_minus_1: bool = True

    def all_in_mw(self, power_factor: float) -> Months:
        """What it can give with all transformers [MW]."""
        return self.units * self.unit_mva * power_factor

    def capability_mw(self, power_factor: float, overload: float) -> Months:
        """What it is counted with: all transformers, or all but one where N-1 is asked for [MW].

        Parameters
        ----------
        power_factor, overload : float
            The latter is what a transformer may carry for a short time, as multiple of its rating.
        """
        full = self.all_in_mw(power_factor)
        if not self.n_minus_1:
            return full
        left = np.maximum(self.units - 1, 0.0) * self.unit_mva * power_factor * overload
        return np.minimum(full, left)


@dataclass(frozen=True, slots=True)
class PowerSource:
    """Generation or storage in the park.

    Parameters
    ----------
    key, name : str
        Number and name.
    station : str
        Key of the station it relieves; empty: it counts in the park's balance only.
    energy_mwh : array, shape (12,)
        Energy it gives the park's firms in each month [MWh].
    firm_mw : array, shape (12,)
        What can be counted on at the hour of the peak on a day of low output [MW].

    Examples
    --------
    >>> PowerSource("s", "储能", "1", months(0), months(3)).firm_mw.tolist()[:2]
    [3.0, 3.0]
    """

    key: str
    name: str
    station: str
    energy_mwh: Months
    firm_mw: Months


@dataclass(frozen=True, slots=True)
class MonthlySupply:
    """All that supplies the park.

    Parameters
    ----------
    stations : tuple of Station
        Substations; empty: only the limit counts.
    sources : tuple of PowerSource
        Generation and storage in the park.
    limit_mw : array, shape (12,)
        What the park may take from the grid; infinite where nobody limits it [MW].
    contracted_mwh : array, shape (12,)
        Energy contracted for; NaN where nothing is known [MWh].

    Examples
    --------
    >>> stations = (Station("1", "一号变", 20, months(2)),)
    >>> MonthlySupply(stations, limit_mw=months(30)).limit_mw.tolist()[:2]
    [30.0, 30.0]
    """

    stations: tuple[Station, ...]
    sources: tuple[PowerSource, ...] = ()
    limit_mw: Months = field(default_factory=lambda: months(np.inf))
    contracted_mwh: Months = field(default_factory=lambda: months(np.nan))


@dataclass(frozen=True, slots=True)
class Settings:
    """Assumptions of the balance, each the park's to give.

    Parameters
    ----------
    coincidence : array, shape (12,)
        Peak of the loads of a station, as part of the sum of their own peaks.
    between_stations : float
        Peak of the park, as part of the sum of the stations' peaks [decimal].
    reserve : float
        Held back, as share of the peak [decimal].
    power_factor : float
        Of the loads, by which ratings in MVA are MW [decimal].
    overload : float
        What a transformer may carry when another fails, as multiple of its rating [1].

    Examples
    --------
    >>> Settings(months(0.9), reserve=0.1, power_factor=0.95).coincidence.tolist()[:2]
    [0.9, 0.9]
    """

    coincidence: Months = field(default_factory=lambda: months(1.0))
    between_stations: float = 1.0
    reserve: float = 0.0
    power_factor: float = 1.0
    overload: float = 1.0
