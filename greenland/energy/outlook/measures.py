"""What helps against a shortage, and how much: each measure alone, the balance made anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from greenland.energy.outlook.balance import Balance, balance
from greenland.energy.outlook.inputs import Load, MonthlySupply, PowerSource, Settings, Station


@dataclass(frozen=True, slots=True)
class ShortageMeasure:
    """A measure and what it does alone.

    Parameters
    ----------
    kind : str
        ``shift`` (loads move to other hours), ``source`` (the direct-supply plan, storage),
        ``transformer`` (one more at a station), ``advance`` (in service earlier), ``delay``
        (a project waits for the next year).
    name : str
        Of what it is done with.
    before_mw, after_mw : float
        Largest shortage of any station or the park [MW].
    months_before, months_after : int
        Months in which anything is short.
    first_month : int, optional
        First month that is short with it; None where none is.
    """

    kind: str
    name: str
    before_mw: float
    after_mw: float
    months_before: int
    months_after: int
    first_month: int | None


def measures(
    loads: Sequence[Load],
    supply: MonthlySupply,
    settings: Settings,
    *,
    plans: Sequence[PowerSource] = (),
    planned: Sequence[Station] = (),
) -> list[ShortageMeasure]:
    """Every measure the data knows, the most helpful first.

    Parameters
    ----------
    loads : sequence of Load
        Firms, and projects once they run.
    supply : MonthlySupply
        What supplies them.
    settings : Settings
        Coincidence, reserve and the other assumptions.
    plans : sequence of PowerSource
        Generation and storage that is planned and not in *supply*.
    planned : sequence of Station
        Stations as they would be if what is planned were in service all year.

    Returns
    -------
    list of ShortageMeasure
        Empty where nothing is short. A measure that changes nothing is left out.

    Raises
    ------
    ValueError
        If a load or a source hangs on a station there is none of.

    Examples
    --------
    >>> from greenland.energy.outlook.inputs import months
    >>> load = Load("a", "甲", "1", months(4000), months(20))
    >>> supply = MonthlySupply((Station("1", "一号变", 20, months(2)),))
    >>> [(one.kind, one.after_mw) for one in measures([load], supply, Settings(power_factor=0.95))]
    [('transformer', 0.0)]
    """
    now = balance(loads, supply, settings)
    if now.first_short_month is None:
        return []
    found = [_measure("shift", "", now, balance(_shifted(loads), supply, settings))]
    for plan in plans:
        with_it = replace(supply, sources=(*supply.sources, plan))
        found.append(_measure("source", plan.name, now, balance(loads, with_it, settings)))
    for station in planned:
        found.append(_with_station("advance", station, loads, supply, settings, now))
    short = set(now.short["station"])
    for station in supply.stations:
        if station.key in short:
            one_more = replace(station, units=station.units + 1)
            found.append(_with_station("transformer", one_more, loads, supply, settings, now))
    for load in loads:
        if load.project and load.peak_mw.any():
            others = [other for other in loads if other is not load]
            found.append(_measure("delay", load.name, now, balance(others, supply, settings)))
    helpful = [one for one in found if _helps(one)]
    return sorted(helpful, key=lambda one: (one.after_mw, one.months_after, one.kind, one.name))


def _helps(one: ShortageMeasure) -> bool:
    return one.after_mw < one.before_mw - 1e-6 or one.months_after < one.months_before


def _shifted(loads: Sequence[Load]) -> list[Load]:
    """The loads with all that can be moved away from the peak moved."""
    return [
        replace(
            load,
            peak_mw=np.maximum(
                load.peak_mw - load.shiftable_mw, np.minimum(load.peak_mw, load.guarantee_mw)
            ),
        )
        for load in loads
    ]


def _with_station(
    kind: str,
    station: Station,
    loads: Sequence[Load],
    supply: MonthlySupply,
    settings: Settings,
    now: Balance,
) -> ShortageMeasure:
    stations = tuple(station if one.key == station.key else one for one in supply.stations)
    after = balance(loads, replace(supply, stations=stations), settings)
    return _measure(kind, station.name, now, after)


def _measure(kind: str, name: str, now: Balance, after: Balance) -> ShortageMeasure:
    return ShortageMeasure(
        kind,
        name,
        now.worst_mw,
        after.worst_mw,
        int(now.short["month"].nunique()),
        int(after.short["month"].nunique()),
        after.first_short_month,
    )
