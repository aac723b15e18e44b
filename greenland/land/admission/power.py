"""Whether the power supply can connect each project, from its commissioning month on.

A project is held against what its substation, and the park as a whole, can still connect in the
twelve months from its commissioning on, after the projects that are approved and come before it.
What is not known is said; nothing passes for want of data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from greenland.errors import InputError
from greenland.i18n import Text, _, joined
from greenland.land.limits import exceeds, within
from greenland.land.reallocate.settings import ReallocationSettings
from greenland.land.settings import settings
from greenland.park.power_room import PARK, PowerRoom
from greenland.results import State

if TYPE_CHECKING:
    from greenland.park import Park

POWER = "power_demand"
MONTHS = 12
ROUNDING = 1e-6
"""Of a hundredth of a MW, or of a transformer, below which a sum is taken as exact."""
RULE = "land.admission.power"
"""Stages of projects that hold their power before others."""


class PowerVerdict(StrEnum):
    """What the supply is for a project."""

    ENOUGH = "enough"
    SHORT = "short"
    NOT_JUDGED = "not_judged"


_VERDICTS = {State.MET: PowerVerdict.ENOUGH, State.FAILED: PowerVerdict.SHORT}


def power_verdicts(checks: pd.DataFrame) -> pd.Series[Any]:
    """The word on the supply of each project, on the index of the projects."""
    own = checks[checks["indicator"] == POWER]
    words = [str(_VERDICTS.get(State(one), PowerVerdict.NOT_JUDGED)) for one in own["state"]]
    return pd.Series(words, index=own.index, dtype=object)


def power(park: Park, projects: pd.DataFrame) -> pd.DataFrame:
    """The check of the supply, one row per project.

    Parameters
    ----------
    park : Park
        ``power_room`` tells what can be connected; ``land.reallocation.limits.power_mw`` of
        park.yaml stands in place of the park's own limit.
    projects : DataFrame
        The 项目储备 sheet: load [MW], commissioning, substation, stage.

    References
    ----------
    楚办发〔2023〕5号第23项.
    """
    stated = _stated(park)
    room = park.power_room
    if room is None and stated is not None:
        first = f"{park.year + 1}-01"
        months = pd.period_range(first, periods=_horizon(projects, park.year), freq="M")
        room = PowerRoom(pd.DataFrame({PARK: np.inf}, index=months))
    if room is None:
        none = _("没有可用的供电设施、月度供电数据，也没有给定供电上限，供电能力未核对")
        found = [_Found(State.NOT_APPLICABLE, None, none)] * len(projects)
    else:
        left = room.left if stated is None else room.left.assign(**{PARK: float(stated)})
        judge = _Judge(left, room, _committed(projects, park))
        found = [judge(row, item) for row, item in projects.iterrows()]
    demand, required = projects["power_mw"], [one.left_mw for one in found]
    limit = pd.Series(required, index=projects.index, dtype=float)
    return pd.DataFrame(
        {
            "project_id": projects["project_id"],
            "indicator": POWER,
            "value": demand.astype(object).where(demand.notna(), None),
            "required": limit.astype(object).where(limit.notna(), None),
            "direction": "<=",
            "margin": limit - demand,
            "margin_share": (limit - demand) / limit.where(limit > 0),
            "area_limit_mu": np.nan,
            "peers": None,
            "state": [str(one.state) for one in found],
            "basis": None,
            "rule_id": RULE,
            "reason": pd.Series([one.reason for one in found], projects.index, dtype=object),
        },
        index=projects.index,
    )


def _stated(park: Park) -> float | None:
    """The limit of park.yaml [MW]; what is wrong there is told by the re-allocation."""
    try:
        return settings(park, "reallocation", ReallocationSettings).limits.power_mw
    except InputError:
        return None


def _horizon(projects: pd.DataFrame, year: int) -> int:
    """Months from the year after the assessed one to two years after the last project."""
    last = projects["production_date"].max()
    years = 0 if pd.isna(last) else max(0, last.year - year - 1)
    return MONTHS * (years + 3)


@dataclass(frozen=True, slots=True)
class _Found:
    state: State
    left_mw: float | None
    reason: Text | None


@dataclass(frozen=True, slots=True)
class _Held:
    """Power a project holds from a month on."""

    row: Any
    start: pd.Period
    mw: float
    station: str


def _committed(projects: pd.DataFrame, park: Park) -> list[_Held]:
    """Projects of the stages of the rule, in order of commissioning."""
    value = park.rulebook.rule(RULE).value
    stages = value if isinstance(value, list) else [value]
    held = projects[
        projects["project_state"].isin(stages)
        & projects["production_date"].notna()
        & (projects["power_mw"] > 0)
    ].sort_values("production_date", kind="stable")
    return [
        _Held(row, start.to_period("M"), float(mw), _text(station))
        for row, start, mw, station in zip(
            held.index, held["production_date"], held["power_mw"], held["facility_id"], strict=True
        )
    ]


class _Judge:
    """Holds one project after another against what is left."""

    def __init__(self, left: pd.DataFrame, room: PowerRoom, committed: Sequence[_Held]) -> None:
        self.left, self.room, self.committed = left, room, committed
        self.months = pd.PeriodIndex(left.index)

    def __call__(self, row: Any, item: Any) -> _Found:
        """Judge a project."""
        station = _text(item["facility_id"])
        if station and self.room.stations and station not in self.room.stations:
            none = _("供电设施表中没有变电站“{station}”", station=station)
            return _Found(State.NO_DATA, None, none)
        if pd.isna(item["power_mw"]):
            return _Found(State.NO_DATA, None, _("缺少用电负荷"))
        demand, start = float(item["power_mw"]), item["production_date"]
        dated = not pd.isna(start)
        first = self.months[0]
        if dated:
            first = max(first, start.to_period("M"))
        left = self._left(row, dated)
        window = (self.months >= first) & (self.months < first + MONTHS)
        least = {key: float(values[window].min()) for key, values in left.items()}
        if not self.room.stations:
            station = ""
        elif not station:  # it will hang on one: the best there is
            station = max(self.room.stations, key=lambda key: least[key])
        where = station if station and least[station] < least[PARK] else PARK
        mw = least[where]
        if np.isinf(mw):
            none = _("没有变电站，也没有可受电能力，供电能力未核对")
            return _Found(State.NOT_APPLICABLE, None, none)
        said = self._said(item, dated, station)
        if demand == 0 or within(demand, mw, greatest=True):
            return _Found(State.MET, max(0.0, mw), joined(said) if said else None)
        short = _(
            "{month}起{where}只能再接 {left} MW，差 {short} MW",
            month=_("{year} 年 {month} 月", year=first.year, month=first.month),
            where=self._name(where),
            left=_down(max(0.0, mw)),
            short=_up(demand - max(0.0, mw)),
        )
        helps = self._helps(demand, first, station, left, least)
        parts = [short, *said]
        if helps:
            parts.append(_("可行办法：{ways}", ways=reduce(_either, helps)))
        return _Found(State.FAILED, max(0.0, mw), joined(parts))

    def _left(self, row: Any, dated: bool) -> dict[str, np.ndarray]:
        """What is left in each month, after what comes before this project."""
        found = {str(key): self.left[key].to_numpy(dtype=float).copy() for key in self.left}
        for one in self.committed:
            if dated and one.row == row:
                break  # approved itself: only what comes before it goes first
            running = np.asarray(self.months >= one.start)
            for key in {PARK, one.station} & set(found):
                found[key][running] -= one.mw
        return found

    def _said(self, item: Any, dated: bool, station: str) -> list[Text]:
        """What was assumed of the project."""
        said = []
        if not dated:
            said.append(_("未填计划投产日期，按次年全年核对"))
        if station and not _text(item["facility_id"]):
            said.append(
                _("未填接入供电设施，按余量最大的{station}核对", station=self._name(station))
            )
        return said

    def _helps(
        self,
        demand: float,
        first: pd.Period,
        station: str,
        left: Mapping[str, np.ndarray],
        least: Mapping[str, float],
    ) -> list[Text]:
        """What would let it in, each by itself."""
        ways: list[Text] = []
        most = min(least[key] for key in {PARK, station})
        if float(_down(most)) > 0:
            ways.append(_("负荷不超过 {mw} MW", mw=_down(most)))
        later = self._later(demand, first, station, left)
        if later is not None:
            ways.append(_("推迟到 {year} 年 {month} 月投产", year=later.year, month=later.month))
        of_park = within(demand, least[PARK], greatest=True)
        more: list[Text] = []
        if not of_park:
            more.append(_("园区受电能力再增加 {mw} MW", mw=_up(demand - least[PARK])))
        if station and exceeds(demand, least[station]):
            unit = self.room.unit_mw.get(station, 0.0)
            if of_park:
                ways += self._elsewhere(demand, station, least)
            if unit > 0:
                count = int(np.ceil((demand - least[station]) / unit - ROUNDING))
                name = self._name(station)
                more.append(_("{station}增加 {count} 台同容量主变", station=name, count=count))
        if more:  # where both are too little, both are needed
            ways.append(reduce(_and_too, more))
        return ways

    def _elsewhere(self, demand: float, station: str, least: Mapping[str, float]) -> list[Text]:
        """The substation that has most left, where that is enough."""
        best = max((key for key in self.room.stations if key != station), key=least.__getitem__,
                   default=station)  # fmt: skip
        if exceeds(demand, least[best]):
            return []
        text = _("改接{station}（可再接 {mw} MW）", station=self._name(best), mw=_down(least[best]))
        return [text]

    def _later(
        self, demand: float, first: pd.Period, station: str, left: Mapping[str, np.ndarray]
    ) -> pd.Period | None:
        """The first later month from which on it has what it needs; None in the years looked at."""
        both = np.minimum(left[PARK], left[station]) if station else left[PARK]
        fits = np.asarray([within(demand, mw, greatest=True) for mw in both])
        starts = np.flatnonzero(self.months > first)
        for place in starts[starts <= len(fits) - MONTHS].tolist():
            if fits[place : place + MONTHS].all():
                return pd.Period(self.months[place])
        return None

    def _name(self, key: str) -> Text | str:
        return _("全园区") if key == PARK else self.room.stations[key]


def _either(left: Text, right: Text) -> Text:
    return _("{left}，或{right}", left=left, right=right)


def _and_too(left: Text, right: Text) -> Text:
    return _("{left}，并且{right}", left=left, right=right)


def _down(mw: float) -> str:
    """Rounded down, so that what is stated can be connected."""
    return f"{np.floor(mw * 100 + ROUNDING) / 100:.2f}"


def _up(mw: float) -> str:
    """Rounded up, so that what is stated is enough."""
    return f"{np.ceil(mw * 100 - ROUNDING) / 100:.2f}"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
