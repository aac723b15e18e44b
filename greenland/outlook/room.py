"""Power that can still be connected, for the evaluations of the land programme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from greenland.energy.outlook import Load, Settings, capacity_left, connectable_mw
from greenland.errors import InputError
from greenland.outlook.curves import read_curves
from greenland.outlook.demand import read_demand
from greenland.outlook.supply import Supplies, read_supply, settings_of, stations_of
from greenland.park.dictionary import SHEETS
from greenland.park.power_room import PowerRoom

if TYPE_CHECKING:
    from greenland.park import Park


def has_supply(park: Park) -> bool:
    """Whether the workbook tells what supplies the park."""
    return not (park.tables["power_facilities"].empty and park.tables["power_months"].empty)


def with_room(park: Park) -> Park:
    """The park with what its supply can still connect, for the admission and the re-allocation.

    Rows that cannot be used are told of by the outlook itself; nothing is known then.
    """
    if not has_supply(park):
        return park
    try:
        read = _read(park)
    except InputError:
        return park
    return replace(park, power_left_mw=_left(read), power_room=_room(park, read))


def power_left(park: Park) -> float | None:
    """Power that can still be connected without the pipeline [MW]; None where it is not known.

    What the re-allocation takes as the park's limit where park.yaml gives none. Without the
    sizing, for which it does not wait.

    Raises
    ------
    InputError
        With every row that cannot be used.
    """
    return _left(_read(park)) if has_supply(park) else None


def power_room(park: Park) -> PowerRoom | None:
    """What each substation and the park can still connect in each month; None: not known.

    Parameters
    ----------
    park : Park
        Of 项目储备 only the dates matter: the months go on to two years after the last project.

    Returns
    -------
    PowerRoom or None
        From the first month after the assessed year on; firms as in that year with their growth,
        also in later years, facilities as they are in service in each.

    Raises
    ------
    InputError
        With every row that cannot be used.
    """
    return _room(park, _read(park)) if has_supply(park) else None


@dataclass(frozen=True, slots=True)
class _Read:
    """What the workbook tells of the year after the assessed one."""

    firms: list[Load]
    settings: Settings
    supplies: Supplies


def _left(read: _Read) -> float | None:
    return capacity_left(read.firms, read.supplies.supply, read.settings)[0]


def _room(park: Park, read: _Read) -> PowerRoom:
    settings, first = read.settings, park.year + 1
    parts = []
    for year in _years(park.tables["pipeline"]["production_date"], first):
        there = read.supplies if year == first else read_supply(park, settings, year)
        months = pd.period_range(f"{year}-01", f"{year}-12", freq="M")
        room = connectable_mw(read.firms, there.supply, settings)
        parts.append(pd.DataFrame(room, index=months))
    share = float(settings.coincidence.max()) * (1 + settings.reserve)
    listed = {one.key: one for one in read.supplies.supply.stations}
    return PowerRoom(
        pd.concat(parts),
        {key: one.name for key, one in listed.items()},
        {key: one.unit_mva * settings.power_factor / share for key, one in listed.items()},
    )


def _years(dates: Iterable[Any], first: int) -> range:
    """Years in which projects are in their first twelve months, and the one after."""
    starts = [pd.Timestamp(one).year for one in dates if not pd.isna(one)]
    return range(first, max([first, *starts]) + 3)


def _read(park: Park) -> _Read:
    curves = read_curves(park)
    settings, _said = settings_of(park.rulebook, curves)
    demand = read_demand(park, park.rulebook, stations=stations_of(park), classes={}, curves=curves)
    supplies = read_supply(park, settings)
    pipeline = SHEETS["pipeline"].title  # of no account here: projects are left out
    problems = [*(one for one in demand.problems if one.sheet != pipeline), *supplies.problems]
    if problems:
        raise InputError(problems)
    return _Read(demand.grown("expected"), settings, supplies)
