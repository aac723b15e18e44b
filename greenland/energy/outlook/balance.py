"""The balance of power and energy by month, of each station and of the park."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from greenland.energy.outlook.inputs import (
    MONTHS,
    PARK,
    Load,
    MonthlySupply,
    Months,
    Settings,
    Station,
    months,
)

NOTHING = 1e-9
"""MW below which a shortage is what rounding leaves."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What is needed and what there is.

    Parameters
    ----------
    table : DataFrame
        One row per station and month and per month of the park (``station`` empty): ``month``,
        ``peak_mw``, ``needed_mw`` with the reserve, ``capability_mw``, ``shortage_mw``,
        ``margin_mw``; for stations ``all_in_mw``, what there is with every transformer.
    energy : DataFrame
        One row per month of the park: ``demand_mwh``, ``own_mwh``, ``contracted_mwh``,
        ``open_mwh`` (neither own nor contracted; NaN where contracts are not known).
    reductions : dict of str to array, shape (12,)
        By station, and of the park under an empty key: how far the sum of the peaks of single
        loads must come down so that nothing is short [MW].
    """

    table: pd.DataFrame
    energy: pd.DataFrame
    reductions: dict[str, Months]

    @property
    def short(self) -> pd.DataFrame:
        """The rows of the table in which something is short."""
        return self.table[self.table["shortage_mw"] > 0]

    @property
    def first_short_month(self) -> int | None:
        """First month in which anything is short, 1 to 12; None where nothing is."""
        short = self.short
        return None if short.empty else int(short["month"].min())

    @property
    def worst_mw(self) -> float:
        """The largest shortage of any station or the park in any month [MW]."""
        return float(self.table["shortage_mw"].max()) if len(self.table) else 0.0


def balance(loads: Sequence[Load], supply: MonthlySupply, settings: Settings) -> Balance:
    """Hold the peak and the energy of every month against what supplies them.

    Parameters
    ----------
    loads : sequence of Load
        Firms, and projects once they run.
    supply : MonthlySupply
        What supplies them.
    settings : Settings
        Coincidence, reserve and the other assumptions.

    Notes
    -----
    Peak of a station: coincidence × sum of the loads' own peaks. Needed: that × (1 + reserve).
    Capability: transformers (all but one under N-1) and the firm output of sources that hang on
    the station. The park needs the sum of its stations' peaks × coincidence between stations, and
    of loads whose station is not known; it has what it may take from the grid and every source. A
    park without such a limit is short only where a station is.

    Returns
    -------
    Balance
        Peak, need and capability of every station and of the park in each month [MW], and the
        energy of the park [MWh].

    Raises
    ------
    ValueError
        If a load or a source hangs on a station there is none of.

    Examples
    --------
    Two transformers of 20 MVA, one of which may fail, against a load of 18 MW and 10 % of reserve:

    >>> from greenland.energy.outlook.inputs import months
    >>> load = Load("a", "甲", "1", months(4000), months(18))
    >>> supply = MonthlySupply((Station("1", "一号变", 20, months(2)),))
    >>> round(balance([load], supply, Settings(reserve=0.1, power_factor=0.95)).worst_mw, 2)
    0.8
    """
    known = {station.key for station in supply.stations} | {PARK}
    used = {load.station for load in loads} | {one.station for one in supply.sources}
    strangers = used - known
    if strangers:
        raise ValueError(f"no such station: {', '.join(sorted(strangers))}")
    rows, reductions = [], {}
    for station in supply.stations:
        peak = settings.coincidence * _peaks(loads, station.key)
        has = station_mw(station, supply, settings)
        rows.append(_rows(station, peak, has, settings))
        reductions[station.key] = _reduction(peak, has, settings.coincidence, settings)
    peak = park_peak_mw(loads, settings)
    has = supply.limit_mw + sum((source.firm_mw for source in supply.sources), months(0.0))
    rows.append(_rows(None, peak, has, settings))
    share = settings.coincidence * settings.between_stations
    reductions[PARK] = _reduction(peak, has, share, settings)
    table = pd.concat(rows, ignore_index=True)
    return Balance(table, _energy(loads, supply), reductions)


def park_peak_mw(loads: Sequence[Load], settings: Settings) -> Months:
    """Peak of the park in each month [MW]."""
    total = sum((load.peak_mw for load in loads), months(0.0))
    return np.asarray(settings.coincidence * settings.between_stations * total)


def station_mw(station: Station, supply: MonthlySupply, settings: Settings) -> Months:
    """What a station is counted with in each month, sources that hang on it included [MW]."""
    sources = (source.firm_mw for source in supply.sources if source.station == station.key)
    own = station.capability_mw(settings.power_factor, settings.overload)
    return np.asarray(sum(sources, own))


def _peaks(loads: Sequence[Load], station: str) -> Months:
    """Sum of the own peaks of the loads of a station [MW]."""
    return np.asarray(sum((one.peak_mw for one in loads if one.station == station), months(0.0)))


def _reduction(peak: Months, has: Months, share: Months, settings: Settings) -> Months:
    """How far the sum of own peaks must come down [MW]."""
    short = np.maximum(peak * (1 + settings.reserve) - has, 0.0)
    short[short <= NOTHING] = 0.0
    return np.asarray(short / (share * (1 + settings.reserve)))


def _rows(station: Station | None, peak: Months, has: Months, settings: Settings) -> pd.DataFrame:
    needed = peak * (1 + settings.reserve)
    short = np.maximum(needed - has, 0.0)
    full = np.full(MONTHS, np.nan)
    return pd.DataFrame(
        {
            "station": PARK if station is None else station.key,
            "station_name": PARK if station is None else station.name,
            "month": np.arange(1, MONTHS + 1),
            "peak_mw": peak,
            "needed_mw": needed,
            "all_in_mw": full if station is None else station.all_in_mw(settings.power_factor),
            "capability_mw": np.where(np.isinf(has), np.nan, has),
            "shortage_mw": np.where(short > NOTHING, short, 0.0),
            "margin_mw": np.where(np.isinf(has), np.nan, has - needed),
        }
    )


def _energy(loads: Sequence[Load], supply: MonthlySupply) -> pd.DataFrame:
    demand = sum((load.energy_mwh for load in loads), months(0.0))
    own = sum((source.energy_mwh for source in supply.sources), months(0.0))
    own = np.minimum(own, demand)
    return pd.DataFrame(
        {
            "month": np.arange(1, MONTHS + 1),
            "demand_mwh": demand,
            "own_mwh": own,
            "contracted_mwh": supply.contracted_mwh,
            "open_mwh": np.maximum(demand - own - supply.contracted_mwh, 0.0),
        }
    )


def capacity_left(
    loads: Sequence[Load], supply: MonthlySupply, settings: Settings
) -> tuple[float | None, dict[str, float]]:
    """Own peaks that can still be connected, all year, without a shortage [MW].

    Parameters
    ----------
    loads : sequence of Load
        Without the projects it is asked for.
    supply : MonthlySupply
    settings : Settings

    Returns
    -------
    tuple
        Of the park: the lesser of what its limit leaves and what its stations leave together;
        None where neither is known. And of each station by its key.
    """
    room = connectable_mw(loads, supply, settings)
    by_station = {
        station.key: max(0.0, float(room[station.key].min())) for station in supply.stations
    }
    park = max(0.0, float(room[PARK].min()))
    together = sum(by_station.values()) if by_station else float("inf")
    least = min(park, together)
    return (None if np.isinf(least) else least), by_station


def connectable_mw(
    loads: Sequence[Load], supply: MonthlySupply, settings: Settings
) -> dict[str, Months]:
    """Own peaks that can still be connected in each month without a shortage [MW].

    Parameters
    ----------
    loads : sequence of Load
        Firms, and projects once they run.
    supply : MonthlySupply
        What supplies them.
    settings : Settings
        Coincidence, reserve and the other assumptions.

    Returns
    -------
    dict of str to array, shape (12,)
        Of each station by its key, and of what the park may take as a whole (`PARK`): negative
        where the loads alone are too much, infinite where nothing limits.
    """
    share = settings.coincidence * (1 + settings.reserve)
    found = {
        station.key: np.asarray(
            station_mw(station, supply, settings) / share - _peaks(loads, station.key)
        )
        for station in supply.stations
    }
    has = supply.limit_mw + sum((source.firm_mw for source in supply.sources), months(0.0))
    total = sum((load.peak_mw for load in loads), months(0.0))
    return found | {PARK: np.asarray(has / (share * settings.between_stations) - total)}
