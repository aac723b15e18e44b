"""When a supplied parcel counts as idle: definition, first day counted and date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.land.calendar import after, months_of, on_or_before
from greenland.land.limits import falls_short

if TYPE_CHECKING:
    from greenland.rules import Rulebook


class IdleDefinition(StrEnum):
    """Which definition makes a parcel idle."""

    NOT_STARTED = "a"
    AREA = "b_area"
    INVESTMENT = "b_investment"


@dataclass(frozen=True, slots=True)
class IdleTime:
    """Per supplied parcel: the definition that applies, the first day counted and the idle date."""

    definition: pd.Series[Any]
    start: pd.Series[pd.Timestamp]  # the day the idle time is counted from
    idle_on: pd.Series[pd.Timestamp]
    all_definitions: pd.Series[Any]


def supplied_by(parcels: pd.DataFrame, day: dt.date) -> pd.DataFrame:
    """Parcels supplied on or before *day*; those without a date of supply count as supplied."""
    later = parcels["supply_date"] > pd.Timestamp(day)
    return parcels[(parcels["supply_state"] == "supplied") & ~later]


def _share(part: pd.Series[float], whole: pd.Series[float]) -> pd.Series[float]:
    return part / whole.where(whole > 0)


def progress(table: pd.DataFrame) -> tuple[pd.Series[float], pd.Series[float]]:
    """Share of the land to be built on that is, and of the investment that is spent.

    The whole parcel is to be built on where nothing else is stated.
    """
    to_build = table["to_build_area_mu"].fillna(table["area_mu"])
    built = _share(table["built_area_mu"], to_build)
    return built, _share(table["invested_wan"], table["total_investment_wan"])


def started(table: pd.DataFrame, day: dt.date) -> pd.Series[bool]:
    """Building actually begun on or before *day*."""
    return on_or_before(table["actual_start_date"], day)


def halted(table: pd.DataFrame, day: dt.date) -> pd.Series[bool]:
    """Started, stopped by *day*, and not completed."""
    completed = on_or_before(table["actual_completion_date"], day)
    return started(table, day) & on_or_before(table["stopped_since"], day) & ~completed


def idle_time(table: pd.DataFrame, rules: Rulebook, day: dt.date) -> IdleTime:
    """Definition that applies to each supplied parcel and when it makes the parcel idle."""
    waiting = ~started(table, day) & ~on_or_before(table["actual_completion_date"], day)
    stopped = halted(table, day)
    built, spent = progress(table)
    by_area = stopped & falls_short(built, rules.number("land.stock.idle.built_share"))
    by_money = stopped & falls_short(spent, rules.number("land.stock.idle.invested_share"))
    flags = {
        IdleDefinition.NOT_STARTED: waiting & table["agreed_start_date"].notna(),
        IdleDefinition.AREA: by_area,
        IdleDefinition.INVESTMENT: by_money,
    }
    start = table["agreed_start_date"].where(waiting, table["stopped_since"])
    start = start.where(waiting | by_area | by_money)
    grace = months_of(rules.number("land.stock.idle.not_started_years"))
    pause = months_of(rules.number("land.stock.idle.stopped_years"))
    definition = np.select(
        [flag.to_numpy() for flag in flags.values()], [str(name) for name in flags], ""
    )
    return IdleTime(
        definition=pd.Series(definition, index=table.index, dtype=object).replace("", None),
        start=start,
        idle_on=after(start, grace).where(waiting, after(start, pause)),
        all_definitions=_listed(table.index, flags),
    )


def _listed(index: pd.Index, flags: dict[IdleDefinition, pd.Series[bool]]) -> pd.Series[Any]:
    """The names of the flags that are up, as a list per row."""
    code = sum(flag.astype(int) * 2**place for place, flag in enumerate(flags.values()))
    names = list(flags)
    kinds = {
        kind: [str(name) for place, name in enumerate(names) if kind >> place & 1]
        for kind in range(2 ** len(names))
    }
    return pd.Series([kinds[int(kind)] for kind in np.asarray(code)], index=index, dtype=object)


def idle_rule_ids(definition: pd.Series[Any]) -> pd.Series[Any]:
    """Rule that each definition of idle land rests on."""
    ids = {
        IdleDefinition.NOT_STARTED: "land.stock.idle.not_started_years",
        IdleDefinition.AREA: "land.stock.idle.built_share",
        IdleDefinition.INVESTMENT: "land.stock.idle.invested_share",
    }
    return definition.map(ids)
