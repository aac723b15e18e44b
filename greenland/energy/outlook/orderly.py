"""Orderly use: when power is short, who reduces, by how much, and by which step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import pandas as pd
from scipy import sparse

from greenland.energy.outlook.inputs import PARK, Load, Months
from greenland.errors import NotOptimalError
from greenland.highs import Problem, solve
from greenland.i18n import N_

ZERO = 1e-7
"""MW that a solver leaves of an equality."""


class UseStep(StrEnum):
    """Steps of orderly use, gentlest first."""

    SHIFT = "shift"
    AVOID = "avoid"
    CUT = "cut"


STEP_LABELS = {UseStep.SHIFT: N_("错峰"), UseStep.AVOID: N_("避峰"), UseStep.CUT: N_("限电")}


@dataclass(frozen=True, slots=True)
class Reductions:
    """Who reduces in which month.

    Parameters
    ----------
    table : DataFrame
        One row per month, load and step that reduces: ``month``, ``key``, ``name``, ``station``,
        ``rank``, ``rank_name``, ``step``, ``reduction_mw``, ``room_mw`` (what it could give by
        that step), ``share`` of it.
    uncovered_mw : array, shape (12,)
        What no reduction covers, because guaranteed loads alone exceed the supply [MW].
    """

    table: pd.DataFrame
    uncovered_mw: Months


@dataclass(frozen=True, slots=True)
class _Group:
    """Loads of one station, class and step: equal to the program."""

    station: str
    rank: int
    step: UseStep
    room: float
    members: tuple[tuple[Load, float], ...]  # with what each can give


def orderly_use(loads: Sequence[Load], reductions: dict[str, Months]) -> Reductions:
    """Share out the reductions the balance asks for.

    Parameters
    ----------
    loads : sequence of Load
        With what each can move, leave undone, and must keep.
    reductions : dict of str to array, shape (12,)
        As `greenland.energy.outlook.Balance` has them: how far the sum of own peaks must come
        down, by station and, under an empty key, in the park as a whole [MW].

    Returns
    -------
    Reductions
        As little as possible is cut; what is cut comes, step by step, from the lowest class that
        can give it, and within a class and station from each in proportion to what it can give.

    Raises
    ------
    NotOptimalError
        If a program is not solved.

    Notes
    -----
    One linear program a month, solved once for each goal with the goals before it held: what is
    not covered; then 限电 of the highest class, of the next, down to the lowest; then 避峰 and
    错峰 in the same order; last, within each class, that no station gives a larger share of what
    it can than need be. Stations lie within the park, so that this order also makes the sum of
    all reductions, of 限电, and of 限电 and 避峰, the least there is: more supply never means
    that more is cut.

    Examples
    --------
    Two firms, the second of the lower class; 3 MW are to come down in every month:

    >>> from greenland.energy.outlook.inputs import months
    >>> firms = [
    ...     Load("a", "甲", "", months(4000), months(9), shiftable_mw=1, rank=0),
    ...     Load("b", "乙", "", months(4000), months(9), avoidable_mw=1, rank=1),
    ... ]
    >>> january = orderly_use(firms, {"": months(3)}).table.query("month == 1")
    >>> january[["name", "step", "reduction_mw"]].round(3).values.tolist()
    [['甲', 'shift', 1.0], ['乙', 'avoid', 1.0], ['乙', 'cut', 1.0]]
    """
    rows, uncovered = [], np.zeros(len(next(iter(reductions.values()), np.zeros(12))))
    for month in range(len(uncovered)):
        asked = {key: float(values[month]) for key, values in reductions.items()}
        if max(asked.values(), default=0.0) <= ZERO:
            continue
        groups = _groups(loads, month)
        given, uncovered[month] = _solve(groups, asked)
        for group, amount in zip(groups, given, strict=True):
            if amount > ZERO:
                rows += _members(group, amount, month + 1)
    columns = [
        "month", "key", "name", "station", "rank", "rank_name", "step", "reduction_mw", "room_mw",
        "share",
    ]  # fmt: skip
    return Reductions(pd.DataFrame(rows, columns=columns), uncovered)


def _groups(loads: Sequence[Load], month: int) -> list[_Group]:
    """What every class of every station can give by each step."""
    members: dict[tuple[str, int, UseStep], list[tuple[Load, float]]] = {}
    for load in loads:
        for step, room in _rooms(load, float(load.peak_mw[month])).items():
            if room > 0:
                members.setdefault((load.station, load.rank, step), []).append((load, room))
    return [
        _Group(station, rank, step, math.fsum(room for _load, room in inside), tuple(inside))
        for (station, rank, step), inside in sorted(members.items())
    ]


def _rooms(load: Load, peak: float) -> dict[UseStep, float]:
    """What a load can give by each step: together never what is guaranteed [MW]."""
    free = max(0.0, peak - load.guarantee_mw)
    shift = min(load.shiftable_mw, free)
    avoid = min(load.avoidable_mw, free - shift)
    return {UseStep.SHIFT: shift, UseStep.AVOID: avoid, UseStep.CUT: free - shift - avoid}


def _members(group: _Group, amount: float, month: int) -> list[dict[str, object]]:
    share = min(1.0, amount / group.room)
    return [
        {
            "month": month,
            "key": load.key,
            "name": load.name,
            "station": load.station,
            "rank": load.rank,
            "rank_name": load.rank_name,
            "step": str(group.step),
            "reduction_mw": share * room,
            "room_mw": room,
            "share": share,
        }
        for load, room in group.members
    ]


class _Program:
    """Reductions of the groups under what the balance asks, and goals reached one by one.

    Columns: one per group, one per area for what is not covered, one for the largest share.
    """

    def __init__(self, groups: Sequence[_Group], asked: dict[str, float]) -> None:
        areas = list(asked)
        self.groups, self.asked = groups, asked
        self.columns = len(groups) + len(areas) + 1
        rows = []
        for place, area in enumerate(areas):
            row = np.zeros(self.columns)
            inside = [i for i, g in enumerate(groups) if area in (PARK, g.station)]
            row[inside] = 1.0
            row[len(groups) + place] = 1.0
            rows.append(row)
        self.rows, self.lower = rows, [asked[area] for area in areas]
        self.upper = [np.inf] * len(rows)
        rooms = [group.room for group in groups]
        self.most = np.array([*rooms, *([np.inf] * len(areas)), 1.0])
        self.x = np.zeros(self.columns)

    def reach(self, cost: np.ndarray, hold: bool = True) -> float:
        """Make the cost least, keep the solution, and hold the goal from here on."""
        problem = Problem(
            cost=cost,
            matrix=sparse.csr_array(np.vstack(self.rows)),
            row_lower=np.array(self.lower),
            row_upper=np.array(self.upper),
            column_lower=np.zeros(self.columns),
            column_upper=self.most,
        )
        result = solve(problem)
        if not result.optimal:
            raise NotOptimalError(str(result.status))
        self.x = result.x
        value = float(cost @ self.x)
        if hold:
            self.bound(cost, value)
        return value

    def bound(self, row: np.ndarray, most: float) -> None:
        """Add a row that is at most a value."""
        self.rows.append(row)
        self.lower.append(-np.inf)
        self.upper.append(most + ZERO * ZERO if most > ZERO else max(most, 0.0))

    def unit(self, places: Sequence[int]) -> np.ndarray:
        """Costs of one on some columns."""
        cost = np.zeros(self.columns)
        cost[list(places)] = 1.0
        return cost


def _solve(groups: Sequence[_Group], asked: dict[str, float]) -> tuple[np.ndarray, float]:
    """Amount of every group, and what no reduction covers [MW]."""
    program, count = _Program(groups, asked), len(groups)
    uncovered = program.reach(program.unit(range(count, count + len(asked))))
    for step in reversed(UseStep):
        for rank in sorted({group.rank for group in groups if group.step is step}):
            places = [
                place
                for place, group in enumerate(groups)
                if group.step is step and group.rank == rank
            ]
            if not any(program.x[place] > ZERO for place in places):
                for place in places:  # nothing is asked of it: what is zero stays so
                    program.most[place] = 0.0
                continue
            program.reach(program.unit(places))
            if len(places) > 1:
                _fair(program, places)
    worst = max((float(program.x[count + i]) for i in range(len(asked))), default=0.0)
    return program.x[:count], worst if uncovered > ZERO else 0.0


def _fair(program: _Program, places: Sequence[int]) -> None:
    """Bring the largest share any station gives of what this class can as low as it goes."""
    shares = len(program.x) - 1
    for place in places:
        row = np.zeros(program.columns)
        row[place], row[shares] = 1.0, -program.groups[place].room
        program.bound(row, 0.0)
    program.reach(program.unit([shares]), hold=False)
    least = float(program.x[shares])
    del program.rows[-len(places) :], program.lower[-len(places) :], program.upper[-len(places) :]
    for place in places:
        program.most[place] = min(
            program.groups[place].room, max(least * program.groups[place].room, 0.0) + ZERO * ZERO
        )
